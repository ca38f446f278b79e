/* What Envoy would reject, or silently take for something else, is refused before it is sent. */
#include "catalog/envoy/resource.h"

#define HOST_LONGEST    253 /* RFC 1035 §2.3.4 */
#define LABEL_LONGEST   63
#define PATH_LONGEST    512
#define TIMEOUT_LONGEST 3600000

#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"
/* RFC 3986 §3.3 pchar without escapes: an escape has two spellings, of which one would match. */
#define PATH_BYTES LOWER UPPER DIGITS "-._~!$&'()*+,;=:@"

static bool only_of(struct str text, const char *allowed)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\0' || strchr(allowed, text.ptr[i]) == NULL)
            return false;
    return true;
}

static bool is_slug(struct str text)
{
    return text.len >= 1 && text.len <= 63 && only_of(str_sub(text, 0, 1), LOWER) &&
           only_of(text, LOWER DIGITS "-");
}

static bool is_label(struct str text)
{
    return text.len >= 1 && text.len <= 32 && only_of(str_sub(text, 0, 1), LOWER UPPER DIGITS) &&
           only_of(text, LOWER UPPER DIGITS "._-");
}

/* Dot-separated labels. Digits and dots only would be an address to some and a name to others. */
static bool is_name(struct str text, const char *allowed)
{
    struct str rest = text, label;
    if (text.len == 0 || text.len > HOST_LONGEST || only_of(text, DIGITS "."))
        return false;
    while (str_split(&rest, '.', &label))
        if (label.len == 0 || label.len > LABEL_LONGEST || !only_of(label, allowed) ||
            label.ptr[0] == '-' || label.ptr[label.len - 1] == '-')
            return false;
    return true;
}

static bool is_virtual_host(struct str text)
{
    if (str_starts(text, STR("*.")))
        text = str_sub(text, 2, text.len);
    return envoy_is_ip(text) || is_name(text, LOWER DIGITS "-_");
}

static bool is_path(struct str text)
{
    struct str rest = str_sub(text, 1, text.len), segment;
    if (str_eq(text, STR("/")))
        return true;
    if (text.len == 0 || text.len > PATH_LONGEST || text.ptr[0] != '/')
        return false;
    while (str_split(&rest, '/', &segment))
        if (segment.len == 0 || str_eq(segment, STR(".")) || str_eq(segment, STR("..")) ||
            !only_of(segment, PATH_BYTES))
            return false;
    return true;
}

/* A slash at the end is taken for none. */
static bool is_upstream_path(struct str path)
{
    bool slash = path.len > 1 && path.ptr[path.len - 1] == '/';
    struct str rest = slash ? str_sub(path, 0, path.len - 1) : path;
    return is_path(rest) && !(slash && rest.len == 1);
}

/* Fails with the deployment as the place. */
static bool refuse(const struct envoy_deployment *d, struct err *err, const char *what,
                   struct str value, const char *remedy)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct str place = arena_join(&mem, d->api, STR("/"), d->version_label);
    (void)fail(err, ERR_INVALID, str_z(&mem, place), "%s \"" STR_FMT "\" cannot be served", what,
               STR_ARG(str_sub(value, 0, 100)));
    return err_hint(err, "%s", remedy);
}

static bool check_upstream(const struct envoy_deployment *d, struct err *err)
{
    if (!envoy_is_ip(d->upstream_host) && !is_name(d->upstream_host, LOWER UPPER DIGITS "-_"))
        return refuse(d, err, "upstream host", d->upstream_host,
                      "give a host name or an IP address");
    if (d->upstream_port == 0)
        return refuse(d, err, "upstream port", STR("0"), "give a port from 1 to 65535");
    if (d->upstream_path.len > 0 && !is_upstream_path(d->upstream_path))
        return refuse(d, err, "upstream path", d->upstream_path,
                      "start it with '/', without query, escapes, empty or dot segments");
    return true;
}

bool envoy_deployment_check(const struct envoy_deployment *d, struct err *err)
{
    if (d->id <= 0)
        return refuse(d, err, "deployment id", STR("0"), "give it an id first");
    if (!is_slug(d->api))
        return refuse(d, err, "API name", d->api, "use lower-case letters, digits and '-'");
    if (!is_label(d->version_label))
        return refuse(d, err, "version label", d->version_label,
                      "use letters, digits, '.', '_' and '-', 32 at most");
    if (d->host.len > 0 && !is_virtual_host(d->host))
        return refuse(d, err, "host", d->host,
                      "give a lower-case name without port, with '*.' in front for all below it");
    if (!is_path(d->base_path))
        return refuse(d, err, "base path", d->base_path,
                      "start it with '/', end without, no query, escapes, empty or dot segments");
    if (d->timeout_ms > TIMEOUT_LONGEST)
        return refuse(d, err, "timeout", STR("above 3600000 ms"), "give an hour at most");
    return check_upstream(d, err);
}
