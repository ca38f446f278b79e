/* Addresses of upstreams: http://host[:port][/path] and https, nothing else. */
#include "catalog/service/internal.h"

static bool plain(struct str text, const char *also)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (c == '\0' || strchr(also, c) == NULL))
            return false;
    }
    return text.len > 0;
}

/* "host", "host:port", "[v6]", "[v6]:port"; what stands behind the host goes to *rest. */
static bool split_host(struct str authority, struct str *host, struct str *rest)
{
    if (str_starts(authority, STR("["))) {
        size_t close = str_find_char(authority, ']');
        if (close == SIZE_MAX)
            return false;
        *host = str_sub(authority, 1, close - 1);
        *rest = str_sub(authority, close + 1, authority.len);
        return plain(*host, ":.");
    }
    size_t colon = str_find_char(authority, ':');
    *host = str_sub(authority, 0, colon);
    *rest = colon == SIZE_MAX ? STR("") : str_sub(authority, colon, authority.len);
    return plain(*host, ".-_");
}

static bool read_port(struct str rest, bool tls, uint16_t *out)
{
    int64_t port = tls ? 443 : 80;
    if (rest.len > 0 &&
        (rest.ptr[0] != ':' || rest.len > 6 || !str_to_i64(str_sub(rest, 1, rest.len), &port)))
        return false;
    if (port < 1 || port > UINT16_MAX)
        return false;
    *out = (uint16_t)port;
    return true;
}

bool upstream_read(struct str url, struct envoy_deployment *d, struct err *err)
{
    struct str rest = STR_NONE, port = STR_NONE, host = STR_NONE, path = STR_NONE;
    bool tls = str_starts(url, STR("https://"));
    if (tls || str_starts(url, STR("http://")))
        rest = str_sub(url, tls ? 8 : 7, url.len);
    size_t slash = str_find_char(rest, '/');
    if (slash != SIZE_MAX)
        path = str_sub(rest, slash, rest.len);
    if (!split_host(str_sub(rest, 0, slash), &host, &port) ||
        !read_port(port, tls, &d->upstream_port) ||
        (path.ptr != NULL && !plain(path, "/-._~!$&'()*+,;=:%"))) {
        (void)fail(err, ERR_INVALID, "/upstream", "\"" STR_FMT "\" is not an upstream",
                   STR_ARG(url));
        return err_hint(err,
                        "write http://host:port/path or https://host/path, without user or query");
    }
    d->upstream_tls = tls;
    d->upstream_host = host;
    d->upstream_path = path;
    return true;
}
