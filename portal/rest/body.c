/* What requests carry: JSON bodies, If-Match, filters; and what every answer of a row has. */
#include "portal/rest/rest.h"

#include "portal/identity.h"

static const struct {
    const char *name;
    unsigned bit;
    size_t offset;
    bool flag;
} filters[] = {
    {"api",      FILTER_API,      offsetof(struct catalog_query, api),      false},
    {"version",  FILTER_VERSION,  offsetof(struct catalog_query, version),  false},
    {"team",     FILTER_TEAM,     offsetof(struct catalog_query, team),     false},
    {"app",      FILTER_APP,      offsetof(struct catalog_query, app),      false},
    {"q",        FILTER_Q,        offsetof(struct catalog_query, q),        false},
    {"tag",      FILTER_TAG,      offsetof(struct catalog_query, tag),      false},
    {"stage",    FILTER_STAGE,    offsetof(struct catalog_query, stage),    false},
    {"state",    FILTER_STATE,    offsetof(struct catalog_query, state),    false},
    {"group",    FILTER_GROUP,    offsetof(struct catalog_query, group),    false},
    {"subject",  FILTER_SUBJECT,  offsetof(struct catalog_query, subject),  false},
    {"kind",     FILTER_KIND,     offsetof(struct catalog_query, kind),     false},
    {"mine",     FILTER_MINE,     offsetof(struct catalog_query, mine),     true },
    {"awaiting", FILTER_AWAITING, offsetof(struct catalog_query, awaiting), true },
};

static bool is_json(struct str type)
{
    size_t end = str_find_char(type, ';');
    type = str_trim(str_sub(type, 0, end));
    return str_eq_nocase(type, STR("application/json")) ||
           str_eq_nocase(type, STR("application/merge-patch+json"));
}

bool rest_body(struct http_request *req, bool needed, const struct json **out,
               struct http_response *res, struct err *err)
{
    struct json *body = NULL;
    *out = NULL;
    if (req->body.len == 0 && !needed)
        return true;
    if (!is_json(http_header(req, "content-type"))) {
        res->status = 415;
        (void)fail(err, ERR_INVALID, "Content-Type", "the body must be JSON");
        return err_hint(err, "send Content-Type: application/json");
    }
    if (!json_parse(req->body, req->mem, &body, err))
        return false;
    *out = body;
    return body->type == JSON_TYPE_OBJECT ||
           fail(err, ERR_INVALID, "/", "the body must be a JSON object");
}

bool rest_if_match(struct http_request *req, int64_t *out, struct http_response *res,
                   struct err *err)
{
    struct str value = http_header(req, "if-match");
    *out = IF_MATCH_NONE;
    if (value.ptr == NULL) {
        res->status = 428;
        (void)fail(err, ERR_INVALID, "If-Match", "is required");
        return err_hint(
            err,
            "send the ETag of what you have read; it guards against overwriting somebody else's change");
    }
    if (str_eq(value, STR("*")))
        return true;
    if (str_starts(value, STR("W/")))
        value = str_sub(value, 2, value.len);
    if (value.len > 2 && value.ptr[0] == '"' && str_to_i64(str_sub(value, 1, value.len - 2), out))
        return true;
    *out = 0; /* none of ours: it matches nothing */
    return true;
}

/* --- queries
 * -------------------------------------------------------------------------------------- */

static bool unknown_parameter(struct http_request *req, const struct rest_row *row, struct str name,
                              struct err *err)
{
    const char *known[COUNT_OF(filters) + 2] = {"cursor", "limit"};
    size_t count = 2;
    for (size_t i = 0; i < COUNT_OF(filters); i++)
        if (row->filters & filters[i].bit)
            known[count++] = filters[i].name;
    (void)fail(err, ERR_INVALID, str_z(req->mem, name), "no such query parameter");
    const char *near = nearest_name(name, known, count);
    return near ? err_hint(err, "did you mean %s?", near) : false;
}

static bool set_filter(struct http_request *req, const struct rest_row *row,
                       const struct http_pair *pair, struct catalog_query *out, struct err *err)
{
    if (str_eq(pair->name, STR("cursor"))) {
        out->cursor = pair->value;
        return true;
    }
    if (str_eq(pair->name, STR("limit")))
        return (str_to_i64(pair->value, &out->limit) && out->limit > 0) ||
               fail(err, ERR_INVALID, "limit", "\"" STR_FMT "\" is not a number from 1 to 500",
                    STR_ARG(pair->value));
    for (size_t i = 0; i < COUNT_OF(filters); i++) {
        char *at = (char *)out + filters[i].offset;
        if (!(row->filters & filters[i].bit) || !str_eq(pair->name, str_from(filters[i].name)))
            continue;
        if (filters[i].flag)
            *(bool *)(void *)at = str_eq(pair->value, STR("true"));
        else
            *(struct str *)(void *)at = pair->value;
        return true;
    }
    return unknown_parameter(req, row, pair->name, err);
}

bool rest_query(struct http_request *req, const struct rest_row *row, struct catalog_query *out,
                struct err *err)
{
    struct catalog_query query = {0};
    size_t arg = 0;
    for (size_t i = 0; i < req->query_count; i++)
        if (!set_filter(req, row, &req->query[i], &query, err))
            return false;
    for (size_t i = 0; i < COUNT_OF(filters); i++)
        if (row->path_filters & filters[i].bit)
            *(struct str *)(void *)((char *)&query + filters[i].offset) = req->args[arg++];
    *out = query;
    return true;
}

/* --- changes and answers
 * ----------------------------------------------------------------------------- */

bool rest_may_change(struct http_request *req, struct err *err)
{
    return identity_check_token(req, http_header(req, "x-csrf-token"), err);
}

bool rest_etag(struct http_request *req, const struct record *record, const void *row,
               struct http_response *res)
{
    const struct field *f = record_field(record, STR("etag"));
    if (f == NULL)
        return false;
    int64_t value = *(const int64_t *)(const void *)((const char *)row + f->offset);
    struct str etag = arena_printf(req->mem, "\"%lld\"", (long long)value);
    http_set_header(res, "ETag", etag);
    http_set_header(res, "Cache-Control", STR("private, no-cache"));
    if (req->method != HTTP_GET || !http_etag_matches(http_header(req, "if-none-match"), etag))
        return false;
    res->status = 304;
    return true;
}

void rest_answer(const struct record *record, const void *row, struct http_response *res)
{
    struct json_writer w = {.out = &res->owned};
    record_write(&w, record, row);
    res->content_type = STR("application/json");
}
