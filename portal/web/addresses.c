/* Addresses: next=, pages of lists, where deployments answer, command lines. */
#include "portal/web/page.h"

bool web_next_ok(struct str next)
{
    if (next.len == 0 || next.ptr[0] != '/')
        return false;
    if (next.len > 1 && (next.ptr[1] == '/' || next.ptr[1] == '\\'))
        return false;
    for (size_t i = 0; i < next.len; i++)
        if ((unsigned char)next.ptr[i] <= 0x20 || (unsigned char)next.ptr[i] >= 0x7F)
            return false;
    return true;
}

struct str web_query_without(struct http_request *req, const char *name)
{
    CLEANUP(buf_clear) struct buf out = {0};
    buf_add(&out, req->path);
    buf_add_char(&out, '?');
    for (size_t i = 0; i < req->query_count; i++) {
        const struct http_pair *pair = &req->query[i];
        if (str_eq(pair->name, str_from(name)) || str_eq(pair->name, STR("done")) ||
            pair->value.len == 0)
            continue;
        html_escape(HTML_URL_QUERY, pair->name, &out);
        buf_add_char(&out, '=');
        html_escape(HTML_URL_QUERY, pair->value, &out);
        buf_add_char(&out, '&');
    }
    return arena_str(req->mem, buf_str(&out));
}

/* Bytes that mean nothing to a shell inside single quotes, nor to a URL's reader; all others, the
 * quote among them, are percent-encoded. */
static void put_shell_safe(struct str text, struct buf *out)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     (c != '\0' && strchr("-._~:/?&=%{}@,;+[]", c) != NULL);
        if (plain)
            buf_add_char(out, (char)c);
        else
            buf_printf(out, "%%%02X", c);
    }
}

static bool is_method(struct str method)
{
    for (size_t i = 0; i < method.len; i++)
        if ((method.ptr[i] < 'A' || method.ptr[i] > 'Z') && method.ptr[i] != '-')
            return false;
    return method.len > 0;
}

struct str web_curl(struct arena *mem, struct str method, struct str base, struct str path,
                    bool needs_key)
{
    CLEANUP(buf_clear) struct buf out = {0};
    buf_add(&out, STR("curl "));
    if (is_method(method) && !str_eq(method, STR("GET")))
        buf_printf(&out, "-X " STR_FMT " ", STR_ARG(method));
    if (needs_key)
        buf_add(&out, STR("-H \"X-API-Key: $API_KEY\" "));
    if (str_find_char(path, '{') != SIZE_MAX || str_find_char(path, '[') != SIZE_MAX)
        buf_add(&out, STR("-g "));
    buf_add_char(&out, '\'');
    put_shell_safe(base, &out);
    put_shell_safe(path, &out);
    buf_add_char(&out, '\'');
    return arena_str(mem, buf_str(&out));
}

struct str web_contact(struct arena *mem, struct str contact)
{
    if (str_starts(contact, STR("https://")) || str_starts(contact, STR("http://")))
        return contact;
    bool mail = str_find_char(contact, '@') != SIZE_MAX && str_find_char(contact, ' ') == SIZE_MAX;
    return mail ? arena_join(mem, STR("mailto:"), contact) : STR_NONE;
}

static struct str without_slash(struct str s)
{
    while (str_ends(s, STR("/")))
        s.len--;
    return s;
}

struct str web_base(struct http_request *req, const struct deployment *d)
{
    struct group group = {0};
    struct err ignored = {0};
    bool known = catalog_group(VIEW(req), PRINCIPAL(req), &d->group, req->mem, &group, &ignored);
    struct str address = known && group.public_url.len > 0 ? without_slash(group.public_url)
                                                           : STR("https://GATEWAY");
    size_t scheme = str_find(address, STR("://"));
    if (d->host.len > 0 && scheme != SIZE_MAX)
        address = arena_join(req->mem, str_sub(address, 0, scheme + 3), d->host);
    return arena_join(req->mem, address, without_slash(d->base_path));
}
