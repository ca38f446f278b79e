/* Bodies: media type, JSON object, members; and the state that If-Match names. */
#include "portal/rest/operation.h"

#define IF_MATCH_NEVER INT64_C(-2) /* no row has this etag */
#define MEMBERS_MOST   8

static bool refuse(struct rest_call *call, int status)
{
    call->res->status = status;
    return false;
}

/* "application/json; charset=utf-8" → "application/json" */
static struct str media_type(const struct http_request *req)
{
    struct str value = http_header(req, "content-type");
    return str_trim(str_sub(value, 0, str_find_char(value, ';')));
}

static bool check_type(struct rest_call *call, struct err *err)
{
    struct str type = media_type(call->req);
    if (str_eq_nocase(type, STR("application/json")) ||
        (call->op->merge_patch && str_eq_nocase(type, STR("application/merge-patch+json"))))
        return true;
    (void)fail(err, ERR_INVALID, "content-type", "this operation reads application/json%s",
               call->op->merge_patch ? " and application/merge-patch+json" : "");
    return refuse(call, 415);
}

/* For bodies that no record describes; null stands for absent. */
static bool check_members(struct rest_call *call, struct err *err)
{
    const char *names[MEMBERS_MOST];
    struct arena *mem = call->req->mem;
    struct str rest = str_from(call->op->members), name;
    size_t count = 0;
    while (count < MEMBERS_MOST && str_split(&rest, ' ', &name))
        names[count++] = str_z(mem, name);
    for (const struct json *item = call->body->child; item != NULL; item = item->next) {
        const char *pointer = record_pointer(mem, item->key);
        bool known = false;
        for (size_t i = 0; i < count; i++)
            known = known || str_eq(item->key, str_from(names[i]));
        if (!known) {
            const char *near = nearest_name(item->key, names, count);
            (void)fail(err, ERR_INVALID, pointer, "is not known here");
            return near ? err_hint(err, "did you mean %s?", near) : false;
        }
        if (item->type != JSON_TYPE_STRING && item->type != JSON_TYPE_NULL)
            return fail(err, ERR_INVALID, pointer, "must be a text");
    }
    return true;
}

static bool read_json(struct rest_call *call, struct err *err)
{
    struct json *body = NULL;
    if (!json_parse(call->req->body, call->req->mem, &body, err))
        return false;
    if (body->type != JSON_TYPE_OBJECT) {
        (void)fail(err, ERR_INVALID, "body", "must be a JSON object");
        return refuse(call, 422);
    }
    call->body = body;
    return call->op->members == NULL || check_members(call, err);
}

/* `"7"` names state 7; `*` any; a tag that none of ours can be names no state. */
static int64_t etag_of(struct str value)
{
    int64_t etag = 0;
    if (str_eq(value, STR("*")))
        return IF_MATCH_NONE;
    if (str_starts(value, STR("W/")))
        value = str_sub(value, 2, value.len);
    bool quoted = value.len > 2 && value.ptr[0] == '"' && value.ptr[value.len - 1] == '"';
    return quoted && str_to_i64(str_sub(value, 1, value.len - 2), &etag) && etag > 0
               ? etag
               : IF_MATCH_NEVER;
}

/* `*` names no state, so it guards nothing: where a state is needed it counts as missing. */
static bool read_match(struct rest_call *call, struct err *err)
{
    struct str value = http_header(call->req, "if-match");
    if (value.ptr != NULL && call->op->match != REST_NO_MATCH)
        call->if_match = etag_of(value);
    if (call->if_match != IF_MATCH_NONE || call->op->match != REST_MUST_MATCH)
        return true;
    (void)fail(err, ERR_INVALID, "if-match", "must name a state for this change");
    (void)err_hint(err, "read the object and send its ETag back in If-Match");
    return refuse(call, 428);
}

bool rest_read_body(struct rest_call *call, struct err *err)
{
    bool upload = (call->req->route->flags & HTTP_UPLOAD) != 0;
    if (!read_match(call, err))
        return false;
    if (upload)
        return true;
    if (call->req->body.len > 0)
        return check_type(call, err) && read_json(call, err);
    if (call->op->body != REST_MUST_BODY)
        return true;
    (void)fail(err, ERR_INVALID, "body", "must be a JSON object");
    return refuse(call, 422);
}
