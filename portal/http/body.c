/* Bodies: limits first, then bytes. */
#include "portal/http/body.h"

/* All bodies in memory together; more are asked to come back. */
#define COLLECTED_MAX_BYTES ((size_t)64 << 20)

static bool is_upload(const struct http_exchange *ex)
{
    return ex->req.route != NULL && (ex->req.route->flags & HTTP_UPLOAD) != 0;
}

static bool too_large(struct http_exchange *ex, size_t limit, struct err *err)
{
    ex->res.status = 413;
    (void)fail(err, ERR_LIMIT, "body", "is larger than %zu bytes", limit);
    if (ex->body_mode != BODY_SPOOL && ex->body_mode != BODY_FORM)
        return false;
    return err_hint(err, "the server's setting upload_limit_bytes can allow up to 1 GiB");
}

static size_t limit_of(const struct http_exchange *ex)
{
    const struct http_config *config = &ex->server->config;
    bool upload = is_upload(ex) && ex->body_mode != BODY_DISCARD;
    return upload ? config->upload_limit_bytes : config->body_limit_bytes;
}

bool body_limits(struct http_exchange *ex, struct err *err)
{
    struct str coding = ex->facts.content_encoding;
    if (!ex->failed && ex->req.route != NULL)
        ex->body_mode = is_upload(ex) ? BODY_SPOOL : BODY_COLLECT;
    if (ex->facts.content_length > limit_of(ex))
        return too_large(ex, limit_of(ex), err);
    if (ex->body_mode != BODY_DISCARD && coding.len > 0 &&
        !str_eq_nocase(coding, STR("identity"))) {
        ex->res.status = 415;
        return fail(err, ERR_INVALID, "content-encoding", "bodies are taken uncompressed");
    }
    return true;
}

bool body_start_upload(struct http_exchange *ex, struct err *err)
{
    const struct http_config *config = &ex->server->config;
    bool form = (ex->req.route->flags & HTTP_FORM) != 0;
    bool multipart = form_type_is(ex->facts.content_type, STR("multipart/form-data"));
    bool parts = multipart && (ex->req.route->flags & (HTTP_FORM | HTTP_PARTS)) != 0;
    if (form && !multipart) {
        ex->body_mode = BODY_COLLECT;
        return true;
    }
    if (!spool_open(config->spool_dir, &ex->spool, err))
        return false;
    if (!parts)
        return true;
    ex->body_mode = BODY_FORM;
    ex->form.mem = &ex->own;
    ex->form.spool = &ex->spool;
    ex->form.field_limit_bytes = config->body_limit_bytes;
    ex->form.file_limit_bytes = config->upload_limit_bytes;
    return form_start(&ex->form, ex->facts.content_type, err);
}

static bool collect(struct http_exchange *ex, struct str bytes, struct err *err)
{
    struct http_server *server = ex->server;
    if (ex->body_bytes > server->config.body_limit_bytes)
        return too_large(ex, server->config.body_limit_bytes, err);
    if (bytes.len > COLLECTED_MAX_BYTES - server->collected_bytes)
        return fail(err, ERR_BUSY, "body", "more bodies are being read than there is memory for");
    server->collected_bytes += bytes.len;
    ex->body_charged += bytes.len;
    buf_add(&ex->body, bytes);
    return true;
}

bool body_take(struct http_exchange *ex, struct str bytes, struct err *err)
{
    ex->body_bytes += bytes.len;
    if (ex->body_bytes > limit_of(ex))
        return too_large(ex, limit_of(ex), err);
    switch (ex->body_mode) {
    case BODY_DISCARD:
        return true;
    case BODY_COLLECT:
        return collect(ex, bytes, err);
    case BODY_SPOOL:
        return spool_add(&ex->spool, bytes, limit_of(ex), err);
    case BODY_FORM:
        return form_feed(&ex->form, bytes, err);
    }
    return false;
}
