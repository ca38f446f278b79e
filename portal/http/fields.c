/* What handlers ask a request for, and the one thing they tell a response. */
#include "portal/http/server.h"

const char *http_method_name(enum http_method method)
{
    static const char *const names[HTTP_METHOD_COUNT] = {
        [HTTP_GET] = "GET",         [HTTP_HEAD] = "HEAD",   [HTTP_POST] = "POST",
        [HTTP_PUT] = "PUT",         [HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE",
        [HTTP_OPTIONS] = "OPTIONS",
    };
    return (size_t)method < HTTP_METHOD_COUNT ? names[method] : "";
}

static struct str find(const struct http_pair *pairs, size_t count, const char *name, bool nocase)
{
    struct str want = str_from(name);
    for (size_t i = 0; i < count; i++)
        if (nocase ? str_eq_nocase(pairs[i].name, want) : str_eq(pairs[i].name, want))
            return pairs[i].value;
    return STR_NONE;
}

struct str http_header(const struct http_request *req, const char *name)
{
    return str_trim(find(req->exchange->headers, req->exchange->header_count, name, true));
}

struct str http_query(const struct http_request *req, const char *name)
{
    return find(req->query, req->query_count, name, false);
}

struct str http_form(const struct http_request *req, const char *name)
{
    return find(req->form, req->form_count, name, false);
}

struct str http_cookie(const struct http_request *req, const char *name)
{
    const struct http_exchange *ex = req->exchange;
    for (size_t i = 0; i < ex->header_count; i++) {
        struct str rest = ex->headers[i].value, pair = STR_NONE, key = STR_NONE;
        if (!str_eq_nocase(ex->headers[i].name, STR("cookie")))
            continue;
        while (str_split(&rest, ';', &pair)) {
            pair = str_trim(pair);
            struct str value = pair;
            if (!str_split(&value, '=', &key) || value.ptr == NULL || !str_eq(key, str_from(name)))
                continue;
            bool quoted =
                value.len >= 2 && str_starts(value, STR("\"")) && str_ends(value, STR("\""));
            return quoted ? str_sub(value, 1, value.len - 2) : value;
        }
    }
    return STR_NONE;
}

static struct str opaque_tag(struct str etag)
{
    return str_starts(etag, STR("W/")) ? str_sub(etag, 2, etag.len) : etag;
}

/* Takes the next entity-tag of a list; commas may stand inside its quotes (RFC 9110 §8.8.3). */
static bool next_etag(struct str *rest, struct str *etag)
{
    while (rest->len > 0 && (rest->ptr[0] == ',' || rest->ptr[0] == ' ' || rest->ptr[0] == '\t'))
        *rest = str_sub(*rest, 1, rest->len);
    size_t open = str_starts(*rest, STR("W/")) ? 2 : 0;
    struct str inside = str_sub(*rest, open + 1, rest->len);
    size_t close = str_find_char(inside, '"');
    if (rest->len <= open || rest->ptr[open] != '"' || close == SIZE_MAX)
        return false;
    *etag = str_sub(*rest, 0, open + close + 2);
    *rest = str_sub(*rest, open + close + 2, rest->len);
    return true;
}

bool http_etag_matches(struct str header, struct str etag)
{
    struct str rest = str_trim(header), one = STR_NONE;
    if (header.ptr == NULL || etag.len == 0)
        return false;
    if (str_eq(rest, STR("*")))
        return true;
    while (next_etag(&rest, &one))
        if (str_eq(opaque_tag(one), opaque_tag(etag)))
            return true;
    return false;
}

void http_set_header(struct http_response *res, const char *name, struct str value)
{
    struct str key = str_from(name);
    for (size_t i = 0; i < res->header_count; i++)
        if (str_eq_nocase(res->headers[i].name, key) && !str_eq_nocase(key, STR("set-cookie"))) {
            res->headers[i].value = value;
            return;
        }
    assert(res->header_count < COUNT_OF(res->headers));
    if (res->header_count < COUNT_OF(res->headers))
        res->headers[res->header_count++] = (struct http_pair){key, value};
}

struct str http_attachment(struct str path, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf name = {0};
    for (size_t i = 0; i < path.len; i++) {
        char c = path.ptr[i];
        bool plain = (unsigned char)c >= 0x20 && (unsigned char)c < 0x7F && c != '"' && c != '\\';
        if (c == '/')
            buf_reset(&name); /* whoever keeps it is made to write no folder */
        else
            buf_add_char(&name, plain ? c : '_');
    }
    return arena_printf(mem, "attachment; filename=\"" STR_FMT "\"", STR_ARG(buf_str(&name)));
}
