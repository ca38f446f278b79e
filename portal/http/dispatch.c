/* Principal, form, handler, error, headers every answer has. */
#include "portal/http/dispatch.h"
#include <pthread.h>

#include "portal/http/answer.h"
#include "portal/http/encoding.h"

/* Pieces, so that one body of many small parts is not moved about as a whole. */
#define FORM_PIECE_BYTES ((size_t)16 * 1024)

void dispatch_lookup(struct http_exchange *ex)
{
    const struct http_config *config = &ex->server->config;
    if (ex->looked_up || ex->failed)
        return;
    ex->looked_up = true;
    ex->failed = (config->identify != NULL && !config->identify(&ex->req, &ex->err)) ||
                 (config->admit != NULL && !config->admit(&ex->req, &ex->err));
}

static bool read_multipart(struct http_exchange *ex, struct err *err)
{
    struct str rest = ex->req.body;
    struct form *form = &ex->form;
    form->mem = &ex->own;
    form->field_limit_bytes = ex->server->config.body_limit_bytes;
    if (!form_start(form, ex->facts.content_type, err))
        return false;
    while (rest.len > 0) {
        if (!form_feed(form, str_sub(rest, 0, FORM_PIECE_BYTES), err))
            return false;
        rest = str_sub(rest, FORM_PIECE_BYTES, rest.len);
    }
    return form_finish(form, err);
}

static bool read_form(struct http_exchange *ex, struct err *err)
{
    struct http_request *req = &ex->req;
    if (form_type_is(ex->facts.content_type, STR("application/x-www-form-urlencoded")))
        return form_decode(req->body, "body", &ex->own, &req->form, &req->form_count, err);
    if (!form_type_is(ex->facts.content_type, STR("multipart/form-data"))) {
        ex->res.status = 415;
        return fail(err, ERR_INVALID, "content-type",
                    "a form is sent as application/x-www-form-urlencoded or multipart/form-data");
    }
    return ex->body_mode != BODY_COLLECT || read_multipart(ex, err);
}

/* What multipart/form-data was read apart into. */
static void hand_over_parts(struct http_exchange *ex)
{
    struct http_request *req = &ex->req;
    if (ex->form.delimiter.len == 0)
        return;
    req->form = ex->form.fields.ptr;
    req->form_count = ex->form.fields.len;
    req->files = ex->form.files.ptr;
    req->file_count = ex->form.files.len;
}

static bool is_form_post(const struct http_exchange *ex)
{
    const struct http_route *route = ex->req.route;
    return route != NULL && (route->flags & HTTP_FORM) != 0 && ex->req.method != HTTP_GET &&
           ex->req.method != HTTP_HEAD;
}

static bool call_handler(struct http_exchange *ex)
{
    const struct http_config *config = &ex->server->config;
    http_handler *handler = ex->req.route != NULL ? ex->req.route->handler : config->any;
    bool form = is_form_post(ex);
    if (form && !read_form(ex, &ex->err))
        return false;
    hand_over_parts(ex);
    if (form && config->check_form != NULL && !config->check_form(&ex->req, &ex->err))
        return false;
    if (ex->spool.open && (ex->body_mode != BODY_FORM || ex->form.files.len > 0))
        ex->req.spool_path = spool_path(&ex->spool, &ex->own);
    return handler(&ex->req, &ex->res, &ex->err);
}

/* --- the answer ------------------------------------------------------------------------------- */

static void set_cache_control(struct http_exchange *ex)
{
    struct http_response *res = &ex->res;
    const struct http_route *route = ex->req.route;
    if (ex->server->config.profile == HTTP_CHECK ||
        answer_header(res, STR("cache-control")) != NULL)
        return;
    bool good = res->status < 400 && route != NULL;
    struct str value = STR("no-store");
    if (good && (route->flags & HTTP_PUBLIC_CACHE) != 0)
        value = STR("public, max-age=31536000, immutable");
    else if (good && answer_header(res, STR("etag")) != NULL)
        value = STR("private, no-cache");
    http_set_header(res, "Cache-Control", value);
}

static struct str header_value(struct http_response *res, struct str name)
{
    const struct http_pair *header = answer_header(res, name);
    return header != NULL ? header->value : STR_NONE;
}

static void forget_answer(struct http_response *res)
{
    buf_clear(&res->owned);
    answer_drop_stream(res);
    *res = (struct http_response){0};
}

static void log_failure(const struct http_exchange *ex)
{
    const struct http_config *config = &ex->server->config;
    if (config->log == NULL || ex->res.status < 500 || ex->err.code == ERR_BUSY)
        return;
    log_error(config->log, "request failed", LOG_STR("server", str_from(config->name)),
              LOG_STR("request", ex->req.request_id), LOG_STR("method", ex->req.method_text),
              LOG_STR("path", ex->req.path), LOG_STR("code", str_from(err_code_name(ex->err.code))),
              LOG_STR("where", str_from(ex->err.where)), LOG_STR("message", str_from(ex->err.msg)),
              LOG_STR("file", str_from(ex->err.file)), LOG_I64("line", ex->err.line));
}

static void answer_error(struct http_exchange *ex)
{
    const struct http_config *config = &ex->server->config;
    struct http_response *res = &ex->res;
    int status = res->status >= 400 ? res->status : http_status_of(&ex->err);
    /* What refused may have said more than a status; the page or document replaces the rest. */
    struct str errors = res->errors;
    struct str allow = header_value(res, STR("allow"));
    struct str retry = header_value(res, STR("retry-after"));
    if (status == 503 && retry.ptr == NULL)
        retry = STR("1");
    forget_answer(res);
    ex->again = NULL;
    res->status = status;
    res->errors = errors;
    if (allow.ptr != NULL)
        http_set_header(res, "Allow", allow);
    if (retry.ptr != NULL)
        http_set_header(res, "Retry-After", retry);
    if (config->on_error != NULL)
        config->on_error(&ex->req, &ex->err, res); /* whose log it is, too */
    else
        http_problem(&ex->req, &ex->err, res);
    if (config->on_error == NULL)
        log_failure(ex);
}

static void finish(struct http_exchange *ex)
{
    const struct http_config *config = &ex->server->config;
    struct http_response *res = &ex->res;
    if (res->status == 0)
        res->status = 200;
    set_cache_control(ex);
    if (config->on_answer != NULL)
        config->on_answer(&ex->req, res);
    encoding_apply(ex);
    if (!answer_headers_fit(res) || res->owned.failed) {
        fail(&ex->err, ERR_IO, "answer", "has a header or a body that cannot be sent");
        forget_answer(res);
        http_problem(&ex->req, &ex->err, res);
        log_failure(ex);
    }
    if (!answer_is_allow(config, res))
        http_set_header(res, "X-Request-Id", ex->req.request_id);
}

void dispatch_refuse(struct http_exchange *ex)
{
    answer_error(ex);
    finish(ex);
}

bool dispatch_run(struct http_exchange *ex)
{
    struct http_response *res = &ex->res;
    /* Without a route there is an answer already: OPTIONS, or a failure. */
    if (ex->req.route != NULL || ex->server->config.any != NULL) {
        dispatch_lookup(ex);
        if (!ex->failed)
            ex->failed = !call_handler(ex);
    }
    if (!ex->failed && ex->again != NULL) {
        res->status = 200;
        return true;
    }
    if (!ex->failed && res->hold_until_ms > 0) {
        const struct http_route *route = ex->req.route;
        if (route != NULL && (route->flags & HTTP_HOLDS) != 0 && !ex->req.hold_over)
            return false;
        ex->failed = true;
        fail(&ex->err, ERR_BUSY, "", "nothing has happened in time");
    }
    if (ex->failed)
        answer_error(ex);
    finish(ex);
    return true;
}
