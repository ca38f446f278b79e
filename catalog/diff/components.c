/* Security schemes and schemas of a document. */
#include "catalog/diff/site.h"

static void say(struct differ *d, const char *id, struct oas_spot old, struct oas_spot new,
                const struct words *words)
{
    const struct about about = {
        .operation_id = STR(""), .section = "components", .old = old, .new = new, .path = STR("")};
    say_check(d, id, &about, DIFF_NONE, words);
}

/* --- URLs ------------------------------------------------------------------------------------- */

static int hex(char c)
{
    return c >= '0' && c <= '9'                 ? c - '0'
           : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                : -1;
}

static bool unreserved(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

/* RFC 3986 §6.2.2: escapes of what needs none are undone, others upper case. */
static void put_escapes(struct str text, struct buf *out)
{
    for (size_t i = 0; i < text.len; i++) {
        int high = i + 2 < text.len && text.ptr[i] == '%' ? hex(text.ptr[i + 1]) : -1;
        int low = high >= 0 ? hex(text.ptr[i + 2]) : -1;
        int c = high * 16 + low;
        if (low >= 0 && unreserved(c))
            buf_add_char(out, (char)c);
        else if (low >= 0)
            buf_printf(out, "%%%02X", (unsigned)c);
        else
            buf_add_char(out, text.ptr[i]);
        i += low >= 0 ? 2 : 0;
    }
}

/* Scheme and host in lower case, no default port, "/" for no path. */
static struct str normal_url(struct arena *mem, struct str url)
{
    CLEANUP(buf_clear) struct buf out = {0};
    size_t slashes = str_find(url, STR("://"));
    if (slashes == SIZE_MAX || slashes == 0) {
        put_escapes(url, &out);
        return arena_str(mem, buf_str(&out));
    }
    struct str scheme = diff_lower(mem, str_sub(url, 0, slashes)),
               rest = str_sub(url, slashes + 3, url.len);
    size_t end = 0;
    while (end < rest.len && strchr("/?#", rest.ptr[end]) == NULL)
        end++;
    struct str host = diff_lower(mem, str_sub(rest, 0, end)), path = str_sub(rest, end, rest.len);
    bool https = str_eq(scheme, STR("https")), http = str_eq(scheme, STR("http"));
    if (https && str_ends(host, STR(":443")))
        host = str_sub(host, 0, host.len - 4);
    if (http && str_ends(host, STR(":80")))
        host = str_sub(host, 0, host.len - 3);
    if ((https || http) && (path.len == 0 || path.ptr[0] != '/'))
        path = arena_join(mem, STR("/"), path);
    put_escapes(arena_join(mem, scheme, STR("://"), host, path), &out);
    return arena_str(mem, buf_str(&out));
}

/* --- security schemes ------------------------------------------------------------------------- */

struct scheme {
    struct differ *d;
    struct str name;
    struct oas_spot old, new;
};

static struct str text_at(struct oas_spot object, const char *name)
{
    struct str text = at_text(at_raw(object, name));
    return text.ptr == NULL ? STR("") : text;
}

/* Names of headers differ by more than case. */
static struct str field_text(const struct scheme *s, struct oas_spot side, const char *field)
{
    /* 2.0 */
    bool basic = str_eq(text_at(side, "type"), STR("basic"));
    if (basic && strcmp(field, "type") == 0)
        return STR("http");
    if (basic && strcmp(field, "scheme") == 0)
        return STR("basic");
    struct str text = text_at(side, field);
    bool header = strcmp(field, "name") == 0 && str_eq(text_at(side, "in"), STR("header"));
    return header && !s->d->options->headers_as_written ? diff_lower(s->d->mem, text) : text;
}

static void compare_field(const struct scheme *s, const char *field, const char *id)
{
    struct str a = field_text(s, s->old, field), b = field_text(s, s->new, field);
    bool same = strcmp(field, "scheme") == 0 ? str_eq_nocase(a, b) : str_eq(a, b);
    if (!same)
        say(s->d, id, s->old, s->new, SAY(SAID(KEY, s->name), SAID(FROM, a), SAID(TO, b)));
}

static void compare_url(const struct scheme *s, struct oas_spot old, struct oas_spot new,
                        const char *field, const char *flow, const char *id)
{
    struct str a = text_at(old, field), b = text_at(new, field);
    if (!str_eq(a, b) && !str_eq(normal_url(s->d->mem, a), normal_url(s->d->mem, b)))
        say(s->d, id, s->old, s->new,
            SAY(SAID(KEY, s->name), SAID(FLOW, str_from(flow)), SAID(FROM, a), SAID(TO, b)));
}

static void compare_scopes(const struct scheme *s, struct oas_spot old, struct oas_spot new,
                           const char *flow)
{
    const struct str *names;
    size_t count = names_of_both(s->d, old, new, &names);
    for (size_t i = 0; i < count; i++) {
        const struct tree_node *a = tree_get(old.doc, old.node, names[i]),
                               *b = tree_get(new.doc, new.node, names[i]);
        struct str from = tree_text(old.doc, a), to = tree_text(new.doc, b);
        const char *id = a == NULL   ? "api-security-component-oauth-scope-added"
                         : b == NULL ? "api-security-component-oauth-scope-removed"
                                     : "api-security-component-oauth-scope-changed";
        if (a == NULL || b == NULL || !str_eq(from, to))
            say(s->d, id, s->old, s->new,
                SAY(SAID(KEY, s->name), SAID(FLOW, str_from(flow)), SAID(VALUE, names[i]),
                    SAID(FROM, from), SAID(TO, to)));
    }
}

static void compare_flows(const struct scheme *s)
{
    static const char *const flows[] = {"implicit", "password", "clientCredentials",
                                        "authorizationCode"};
    for (size_t i = 0; i < COUNT_OF(flows); i++) {
        struct oas_spot old = oauth_flow(s->old, flows[i]), new = oauth_flow(s->new, flows[i]);
        if (old.node == NULL || new.node == NULL)
            continue;
        compare_url(s, old, new, "authorizationUrl", flows[i],
                    "api-security-component-oauth-url-changed");
        compare_url(s, old, new, "tokenUrl", flows[i],
                    "api-security-component-oauth-token-url-changed");
        compare_url(s, old, new, "refreshUrl", flows[i],
                    "api-security-component-oauth-refresh-url-changed");
        compare_scopes(s, at_raw(old, "scopes"), at_raw(new, "scopes"), flows[i]);
    }
}

static void compare_scheme(const struct scheme *s)
{
    compare_flows(s);
    if (!str_eq(field_text(s, s->old, "type"), field_text(s, s->new, "type"))) {
        compare_field(s, "type", "api-security-component-type-changed");
        return;
    }
    compare_field(s, "name", "api-security-component-api-key-name-changed");
    compare_field(s, "in", "api-security-component-api-key-in-changed");
    compare_field(s, "scheme", "api-security-component-http-scheme-changed");
    compare_field(s, "bearerFormat", "api-security-component-bearer-format-changed");
    compare_url(s, s->old, s->new, "openIdConnectUrl", "",
                "api-security-component-openid-connect-url-changed");
}

static void compare_schemes(struct differ *d, struct oas_spot olds, struct oas_spot news)
{
    const struct str *names;
    size_t count = names_of_both(d, olds, news, &names);
    for (size_t i = 0; i < count; i++) {
        struct oas_spot old = {olds.doc, tree_get(olds.doc, olds.node, names[i])},
                        new = {news.doc, tree_get(news.doc, news.node, names[i])};
        struct scheme s = {d, names[i], side_follow(d->old, old), side_follow(d->new, new)};
        if (extension_name(names[i]))
            continue;
        if (old.node == NULL || new.node == NULL)
            say(d,
                old.node == NULL ? "api-security-component-added"
                                 : "api-security-component-removed",
                old, new, SAY(SAID(VALUE, names[i]), SAID(KEY, names[i])));
        else
            compare_scheme(&s);
    }
}

void compare_components(struct differ *d)
{
    struct oas_spot olds = side_schemas(d->old), news = side_schemas(d->new),
                    new = at_raw(side_root(d->new), "components");
    compare_schemes(d, security_schemes(d->old), security_schemes(d->new));
    for (const struct tree_node *n = tree_first(olds.doc, olds.node); n;
         n = tree_next(olds.doc, n)) {
        struct str name = tree_key(olds.doc, n);
        if (tree_get(news.doc, news.node, name) == NULL && !extension_name(name))
            say(d, "api-schema-removed", (struct oas_spot){olds.doc, n}, new,
                SAY(SAID(VALUE, name)));
    }
}
