/* Listening sockets: TCP by address and port, Unix by path. */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "portal/http/http.h"

#define BACKLOG 1024

static bool fail_errno(int fd, const char *where, const char *what, struct err *err)
{
    int error = errno;
    if (fd >= 0)
        close(fd);
    fail(err, error == EADDRINUSE ? ERR_CONFLICT : ERR_IO, where, "%s: %s", what, strerror(error));
    if (error == EADDRINUSE)
        err_hint(err, "another program has this address; choose another or stop it");
    return false;
}

static int new_socket(int family)
{
    return socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

/* --- Unix ------------------------------------------------------------------------------------- */

/* A socket file that nobody answers on is what a killed process left. */
static bool is_live(const struct sockaddr_un *at)
{
    int fd = new_socket(AF_UNIX);
    if (fd < 0)
        return true;
    bool live = connect(fd, (const struct sockaddr *)at, sizeof(*at)) == 0 || errno == EAGAIN;
    close(fd);
    return live;
}

static bool clear_path(const struct sockaddr_un *at, const char *where, struct err *err)
{
    struct stat status;
    if (lstat(at->sun_path, &status) != 0)
        return errno == ENOENT || fail_errno(-1, where, at->sun_path, err);
    if (!S_ISSOCK(status.st_mode))
        return fail(err, ERR_CONFLICT, where, "%s is there and is no socket", at->sun_path);
    if (is_live(at)) {
        fail(err, ERR_CONFLICT, where, "%s is in use by a running program", at->sun_path);
        return err_hint(err, "stop it or choose another path");
    }
    return unlink(at->sun_path) == 0 || errno == ENOENT ||
           fail_errno(-1, where, "cannot remove a stale socket file", err);
}

static bool listen_unix(struct str path, unsigned mode, const char *where,
                        struct http_listener *out, struct err *err)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    if (path.len == 0 || path.len >= sizeof(at.sun_path) ||
        memchr(path.ptr, '\0', path.len) != NULL)
        return fail(err, ERR_INVALID, where, "a socket's path has 1 to %zu bytes",
                    sizeof(at.sun_path) - 1);
    memcpy(at.sun_path, path.ptr, path.len);
    if (!clear_path(&at, where, err))
        return false;
    int fd = new_socket(AF_UNIX);
    /* fchmod on the socket before bind gives the file its mode from the first moment on. */
    if (fd < 0 || fchmod(fd, (mode_t)mode) != 0 ||
        bind(fd, (const struct sockaddr *)&at, sizeof(at)) != 0)
        return fail_errno(fd, where, at.sun_path, err);
    if (chmod(at.sun_path, (mode_t)mode) != 0 || listen(fd, BACKLOG) != 0)
        return fail_errno(fd, where, at.sun_path, err);
    *out = (struct http_listener){.fd = fd};
    return true;
}

/* --- TCP -------------------------------------------------------------------------------------- */

struct endpoint {
    char host[256], port[12];
};

static bool split_address(struct str address, struct endpoint *out)
{
    size_t colon = address.len;
    while (colon > 0 && address.ptr[colon - 1] != ':')
        colon--;
    struct str host = str_sub(address, 0, colon > 0 ? colon - 1 : 0);
    struct str port = str_sub(address, colon, address.len);
    int64_t number = 0;
    if (colon == 0 || !str_to_i64(port, &number) || number < 0 || number > 65535)
        return false;
    if (str_starts(host, STR("[")) && str_ends(host, STR("]")))
        host = str_sub(host, 1, host.len - 2);
    else if (str_find_char(host, ':') != SIZE_MAX)
        return false;
    if (host.len >= sizeof(out->host) || (host.len > 0 && memchr(host.ptr, '\0', host.len)))
        return false;
    *out = (struct endpoint){0};
    if (host.len > 0)
        memcpy(out->host, host.ptr, host.len);
    snprintf(out->port, sizeof(out->port), "%d", (int)number);
    return true;
}

static bool bound_port(int fd, uint16_t *port)
{
    union {
        struct sockaddr_in6 v6;
        struct sockaddr_in v4;
        struct sockaddr any;
    } at = {0};
    socklen_t size = sizeof(at);
    if (getsockname(fd, &at.any, &size) != 0)
        return false;
    if (port != NULL)
        *port = ntohs(at.any.sa_family == AF_INET6 ? at.v6.sin6_port : at.v4.sin_port);
    return true;
}

static bool listen_at(const struct addrinfo *at, bool any, const char *where,
                      struct http_listener *out, uint16_t *port, struct err *err)
{
    int fd = new_socket(at->ai_family), on = 1, only_v6 = any ? 0 : 1;
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0)
        return fail_errno(fd, where, "cannot make a socket", err);
    if (at->ai_family == AF_INET6 &&
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only_v6, sizeof(only_v6)) != 0)
        return fail_errno(fd, where, "cannot serve IPv4 and IPv6 with one socket", err);
    if (bind(fd, at->ai_addr, at->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0 ||
        !bound_port(fd, port))
        return fail_errno(fd, where, "cannot listen", err);
    *out = (struct http_listener){.fd = fd};
    return true;
}

static bool resolve(const struct endpoint *endpoint, int family, struct addrinfo **out)
{
    struct addrinfo hints = {
        .ai_family = family, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    const char *host = endpoint->host[0] != '\0' ? endpoint->host : NULL;
    return getaddrinfo(host, endpoint->port, &hints, out) == 0;
}

static bool listen_tcp(struct str address, const char *where, struct http_listener *out,
                       uint16_t *port, struct err *err)
{
    struct endpoint endpoint;
    struct addrinfo *found = NULL;
    if (!split_address(address, &endpoint)) {
        fail(err, ERR_INVALID, where, "'" STR_FMT "' is no address with a port", STR_ARG(address));
        return err_hint(err, "write 127.0.0.1:8080, [::1]:8080, :8080 or unix:/path");
    }
    bool any = endpoint.host[0] == '\0';
    /* ":8080" means both families where the kernel has IPv6. */
    if (any && resolve(&endpoint, AF_INET6, &found)) {
        bool ok = listen_at(found, true, where, out, port, err);
        freeaddrinfo(found);
        if (ok || (err != NULL && err->code == ERR_CONFLICT))
            return ok;
    }
    if (!resolve(&endpoint, any ? AF_INET : AF_UNSPEC, &found))
        return fail(err, ERR_INVALID, where, "'%s' cannot be resolved", endpoint.host);
    bool ok = listen_at(found, false, where, out, port, err);
    freeaddrinfo(found);
    return ok;
}

bool http_listen(struct str address, unsigned unix_mode, const char *where,
                 struct http_listener *out, uint16_t *port, struct err *err)
{
    if (str_starts(address, STR("unix:")))
        return listen_unix(str_sub(address, 5, address.len), unix_mode, where, out, err);
    return listen_tcp(address, where, out, port, err);
}

/* --- where it is ------------------------------------------------------------------------------ */

static struct str inet_address(const struct sockaddr *at, struct arena *mem)
{
    char host[INET6_ADDRSTRLEN] = "";
    const struct sockaddr_in6 *v6 = (const void *)at;
    const struct sockaddr_in *v4 = (const void *)at;
    if (at->sa_family == AF_INET) {
        struct in_addr address = v4->sin_addr;
        if (address.s_addr == htonl(INADDR_ANY))
            address.s_addr = htonl(INADDR_LOOPBACK);
        if (inet_ntop(AF_INET, &address, host, sizeof(host)) == NULL)
            return STR_NONE;
        return arena_printf(mem, "http://%s:%u", host, ntohs(v4->sin_port));
    }
    struct in6_addr address = v6->sin6_addr;
    if (IN6_IS_ADDR_UNSPECIFIED(&address))
        address = in6addr_loopback;
    if (inet_ntop(AF_INET6, &address, host, sizeof(host)) == NULL)
        return STR_NONE;
    return arena_printf(mem, "http://[%s]:%u", host, ntohs(v6->sin6_port));
}

struct str http_listener_address(const struct http_listener *listener, struct arena *mem)
{
    union {
        struct sockaddr_storage room;
        struct sockaddr any;
        struct sockaddr_un local;
    } at = {0};
    socklen_t size = sizeof(at);
    if (getsockname(listener->fd, &at.any, &size) != 0)
        return STR_NONE;
    if (at.any.sa_family == AF_INET || at.any.sa_family == AF_INET6)
        return inet_address(&at.any, mem);
    if (at.any.sa_family != AF_UNIX || at.local.sun_path[0] != '/')
        return STR_NONE;
    size_t len = strnlen(at.local.sun_path, sizeof(at.local.sun_path));
    return arena_join(mem, STR("unix:"), (struct str){at.local.sun_path, len});
}
