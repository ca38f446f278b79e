/* Peers: socket addresses, SO_PEERCRED, X-Forwarded-* of trusted proxies only. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "portal/http/peer.h"

/* IPv4 becomes ::ffff:a.b.c.d, so that one comparison serves both families. */
static bool parse_address(struct str text, struct in6_addr *out)
{
    char z[INET6_ADDRSTRLEN];
    struct in_addr v4;
    if (text.len == 0 || text.len >= sizeof(z))
        return false;
    memcpy(z, text.ptr, text.len);
    z[text.len] = '\0';
    if (inet_pton(AF_INET6, z, out) == 1)
        return true;
    if (inet_pton(AF_INET, z, &v4) != 1)
        return false;
    *out = (struct in6_addr){
        .s6_addr = {[10] = 0xff, [11] = 0xff}
    };
    memcpy(&out->s6_addr[12], &v4, sizeof(v4));
    return true;
}

static bool is_loopback(const struct in6_addr *address)
{
    return IN6_IS_ADDR_LOOPBACK(address) ||
           (IN6_IS_ADDR_V4MAPPED(address) && address->s6_addr[12] == 127);
}

static void format_address(const struct in6_addr *address, char out[INET6_ADDRSTRLEN])
{
    bool v4 = IN6_IS_ADDR_V4MAPPED(address);
    const void *from = v4 ? (const void *)&address->s6_addr[12] : (const void *)address;
    if (inet_ntop(v4 ? AF_INET : AF_INET6, from, out, INET6_ADDRSTRLEN) == NULL)
        out[0] = '\0';
}

bool peer_trust(struct http_server *server, struct err *err)
{
    struct str rest = server->config.trusted_proxies, part = STR_NONE;
    while (str_split(&rest, ',', &part)) {
        struct in6_addr address;
        part = str_trim(part);
        if (part.len == 0)
            continue;
        if (str_eq(part, STR("unix"))) {
            server->trust_unix = true;
            continue;
        }
        if (!parse_address(part, &address)) {
            fail(err, ERR_INVALID, "trusted_proxies", "'" STR_FMT "' is no address", STR_ARG(part));
            return err_hint(err, "give IPv4 or IPv6 addresses, or unix, separated by commas");
        }
        if (server->trusted_count == TRUSTED_MAX)
            return fail(err, ERR_LIMIT, "trusted_proxies", "more than %d addresses", TRUSTED_MAX);
        server->trusted[server->trusted_count++] = address;
    }
    return true;
}

static bool is_trusted(const struct http_server *server, const struct in6_addr *address)
{
    for (size_t i = 0; i < server->trusted_count; i++)
        if (memcmp(&server->trusted[i], address, sizeof(*address)) == 0)
            return true;
    return false;
}

static void unix_peer(struct connection *conn)
{
    struct ucred who = {.uid = (uid_t)-1};
    socklen_t size = sizeof(who);
    /* Without credentials the uid stays one that no account has. */
    if (getsockopt(conn->fd, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0)
        who.uid = (uid_t)-1;
    conn->peer = (struct http_peer){.is_unix = true, .uid = who.uid, .address = STR("unix")};
    conn->trusted = conn->server->trust_unix;
}

void peer_of_socket(struct connection *conn)
{
    struct sockaddr_storage storage = {0};
    socklen_t size = sizeof(storage);
    struct in6_addr address = {0};
    conn->peer = (struct http_peer){.uid = (uid_t)-1, .address = STR("")};
    if (getpeername(conn->fd, (struct sockaddr *)&storage, &size) != 0)
        return;
    if (storage.ss_family == AF_UNIX) {
        unix_peer(conn);
        return;
    }
    if (storage.ss_family == AF_INET6) {
        address = ((const struct sockaddr_in6 *)&storage)->sin6_addr;
    } else {
        address = (struct in6_addr){
            .s6_addr = {[10] = 0xff, [11] = 0xff}
        };
        memcpy(&address.s6_addr[12], &((const struct sockaddr_in *)&storage)->sin_addr, 4);
    }
    format_address(&address, conn->address);
    conn->peer.address = str_from(conn->address);
    conn->peer.is_loopback = is_loopback(&address);
    conn->trusted = is_trusted(conn->server, &address);
}

/* Walks the hops from the nearest: the first that is not a trusted proxy is the client. A hop that
 * is no address ends the walk, for nothing before it can be believed. Headers of one name are one
 * list (RFC 9110 §5.3), so the last header is read first. */
static bool client_of(const struct http_exchange *ex, struct in6_addr *out)
{
    bool found = false;
    for (size_t h = ex->header_count; h-- > 0;) {
        struct str rest = ex->headers[h].value;
        if (!str_eq_nocase(ex->headers[h].name, STR("x-forwarded-for")))
            continue;
        while (rest.len > 0) {
            size_t comma = rest.len;
            while (comma > 0 && rest.ptr[comma - 1] != ',')
                comma--;
            struct in6_addr hop;
            if (!parse_address(str_trim(str_sub(rest, comma, rest.len)), &hop))
                return found;
            *out = hop;
            found = true;
            if (!is_trusted(ex->server, &hop))
                return true;
            rest.len = comma > 0 ? comma - 1 : 0;
        }
    }
    return found;
}

void peer_of_request(struct http_exchange *ex)
{
    struct http_peer *peer = &ex->req.peer;
    *peer = ex->conn->peer;
    if (!ex->conn->trusted)
        return;
    struct in6_addr client;
    struct str scheme = http_header(&ex->req, "x-forwarded-proto");
    bool named = client_of(ex, &client);
    if (!named && scheme.ptr == NULL)
        return;
    /* A proxy's own uid or loopback address says nothing about the person behind it. */
    *peer = (struct http_peer){.behind_proxy = true, .uid = (uid_t)-1, .address = peer->address};
    peer->secure = str_eq_nocase(scheme, STR("https"));
    if (named) {
        char *text = arena_alloc(&ex->own, INET6_ADDRSTRLEN);
        format_address(&client, text);
        peer->address = str_from(text);
    }
}
