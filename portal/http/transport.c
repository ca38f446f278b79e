/* libmicrohttpd 0.9.75: our loop drives it through its epoll descriptor, its own threads are off.
 *
 * - its internal epoll thread sleeps when exactly 128·k connections are ready; MHD_run does not
 * - an answer queued in the handler's first call closes the connection; so that is done on purpose
 *   for refusals, and the rest is queued in the last call
 * - its timeouts are idle timeouts; ours are absolute (reaper.c)
 * - its descriptor also tells when a socket can be written to. The client of a Unix socket makes
 *   it so by reading an answer, and that wake-up for nothing costs as much as a whole check. So
 *   between requests we sleep on a set of ours, of what can be read; with a request in progress,
 *   on its descriptor, too. */
#include <errno.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "portal/http/answer.h"
#include "portal/http/exchange.h"
#include "portal/http/peer.h"
#include "portal/http/tls.h"
#include "portal/http/transport.h"

#define FLOW_BYTES ((size_t)16384)

struct transport {
    struct http_server *server;
    struct MHD_Daemon *daemon;
    struct http_tls *tls;
    uint32_t place;
    int listen_fd;
    int epoll_fd;
    bool watched; /* epoll_fd is in the server's set */
    bool partly;  /* some socket is not, or what it waits for is not known: epoll_fd always is */
    bool again;   /* connections came or went: there may be more to accept */
};

/* --- the set ---------------------------------------------------------------------------------- */

/* By edge: the library reads until there is nothing left, or says that it is pending. And always
 * before the library watches the socket itself: the kernel tells who came last first
 * (add_wait_queue), so that what our set tells of, the library's knows of already. */
static bool watch_socket(struct transport *transport, int fd)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET,
                                .data.u32 = transport->place};
    return epoll_ctl(transport->server->set_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

void transport_watch(struct transport *transport, bool in_progress)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = transport->place};
    bool wanted = in_progress || transport->partly;
    if (wanted != transport->watched &&
        epoll_ctl(transport->server->set_fd, wanted ? EPOLL_CTL_ADD : EPOLL_CTL_DEL,
                  transport->epoll_fd, &event) == 0)
        transport->watched = wanted;
}

/* --- callbacks -------------------------------------------------------------------------------- */

static void on_connection(void *cls, struct MHD_Connection *mhd, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct transport *transport = cls;
    struct http_server *server = transport->server;
    struct connection *conn = *context;
    transport->again = true;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
        conn = mem_new_of(struct connection);
        conn->server = server;
        conn->fd = info ? info->connect_fd : -1;
        if (!transport->partly)
            transport->partly = !watch_socket(transport, conn->fd);
        conn->began_ms = server->steady_ms;
        connection_deadline(conn, server->steady_ms + server->config.header_deadline_ms);
        conn->next = server->connections;
        if (conn->next != NULL)
            conn->next->prev = conn;
        server->connections = conn;
        peer_of_socket(conn);
        conn->tls = transport->tls;
        conn->peer.secure = transport->tls != NULL;
        atomic_fetch_add_explicit(&server->connection_count, 1, memory_order_relaxed);
        *context = conn;
        return;
    }
    if (conn == NULL)
        return;
    if (conn->prev != NULL)
        conn->prev->next = conn->next;
    else
        server->connections = conn->next;
    if (conn->next != NULL)
        conn->next->prev = conn->prev;
    atomic_fetch_sub_explicit(&server->connection_count, 1, memory_order_relaxed);
    free(conn);
    *context = NULL;
}

static struct connection *connection_of(struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

static void *on_target(void *cls, const char *target, struct MHD_Connection *mhd)
{
    struct connection *conn = connection_of(mhd);
    UNUSED(cls);
    return conn != NULL && target != NULL ? exchange_begin(conn, mhd, target) : NULL;
}

/* The session belongs to the connection, which knows its certificate. */
static int on_handshake(gnutls_session_t session, const gnutls_datum_t *authorities,
                        int authority_count, const gnutls_pk_algorithm_t *algorithms,
                        int algorithm_count, gnutls_pcert_st **chain, unsigned *chain_len,
                        gnutls_privkey_t *key)
{
    struct MHD_Connection *mhd = gnutls_session_get_ptr(session);
    const struct connection *conn = mhd != NULL ? connection_of(mhd) : NULL;
    UNUSED(authorities);
    UNUSED(authority_count);
    UNUSED(algorithms);
    UNUSED(algorithm_count);
    return conn != NULL ? tls_choose(conn->tls, chain, chain_len, key) : -1;
}

/* The raw target is judged and taken apart by us. */
static size_t keep_escaped(void *cls, struct MHD_Connection *mhd, char *text)
{
    UNUSED(cls);
    UNUSED(mhd);
    return strlen(text);
}

static enum MHD_Result collect_header(void *cls, enum MHD_ValueKind kind, const char *name,
                                      size_t name_len, const char *value, size_t value_len)
{
    struct http_exchange *ex = cls;
    UNUSED(kind);
    if (ex->header_count < HEADERS_MAX)
        ex->headers[ex->header_count] = (struct http_pair){
            {name,               name_len             },
            {value ? value : "", value ? value_len : 0}
        };
    ex->header_count++;
    return MHD_YES;
}

static size_t head_size(struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return info ? info->header_size : 0;
}

/* The only word there is when the library refuses a complete head by itself: a malformed
 * Content-Length, cookies beyond the pool. Of the requests whose head has not been judged it is
 * the one whose head is complete, for judging follows at once. */
static void on_log(void *cls, const char *format, va_list args)
{
    struct transport *transport = cls;
    UNUSED(format);
    UNUSED(args);
    for (struct http_exchange *ex = transport->server->heads; ex != NULL; ex = ex->next)
        if (head_size(ex->mhd) > 0) {
            MHD_get_connection_values_n(ex->mhd, MHD_HEADER_KIND, collect_header, ex);
            if (ex->header_count > HEADERS_MAX)
                ex->header_count = HEADERS_MAX;
            exchange_unparsed(ex);
            return;
        }
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *mhd, const char *url,
                                  const char *method, const char *version, const char *bytes,
                                  size_t *size, void **context)
{
    struct http_exchange *ex = *context;
    struct guard_head head = {0};
    UNUSED(cls);
    if (ex == NULL)
        return MHD_NO;
    if (ex->stage == STAGE_NEW) {
        MHD_get_connection_values_n(mhd, MHD_HEADER_KIND, collect_header, ex);
        head = (struct guard_head){
            .method = str_from(method),
            .version = {version, strnlen(version, sizeof("HTTP/1.1") - 1)},
            .url = url,
            .size_bytes = head_size(mhd),
        };
    }
    struct str piece = {bytes, *size};
    *size = 0;
    return exchange_step(ex, &head, piece) ? MHD_YES : MHD_NO;
}

static void on_completed(void *cls, struct MHD_Connection *mhd, void **context,
                         enum MHD_RequestTerminationCode code)
{
    UNUSED(cls);
    UNUSED(mhd);
    UNUSED(code);
    if (*context != NULL)
        exchange_end(*context);
    *context = NULL;
}

/* --- the daemon ------------------------------------------------------------------------------- */

bool transport_open(struct http_server *server, size_t place, struct transport **out,
                    struct err *err)
{
    const struct http_config *config = &server->config;
    const struct http_listener *listener = &config->listeners[place];
    struct transport *transport = mem_new_of(struct transport);
    unsigned tls = listener->tls != NULL ? MHD_USE_TLS : 0;
    transport->server = server;
    transport->tls = listener->tls;
    transport->place = (uint32_t)place;
    transport->listen_fd = listener->fd;
    /* A handshake may wait to write before there is a request. */
    transport->partly = tls != 0 || !watch_socket(transport, transport->listen_fd);
    /* The logger goes first: what the options after it say is logged, too. Those behind the first
     * end are not looked at. */
    transport->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG | tls, 0, NULL, NULL,
        on_request, transport, MHD_OPTION_EXTERNAL_LOGGER, on_log, transport,
        MHD_OPTION_LISTEN_SOCKET, listener->fd, MHD_OPTION_URI_LOG_CALLBACK, on_target, transport,
        MHD_OPTION_UNESCAPE_CALLBACK, keep_escaped, NULL, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, transport, MHD_OPTION_NOTIFY_COMPLETED, on_completed, transport,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, config->pool_bytes, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)config->connection_limit, MHD_OPTION_CONNECTION_TIMEOUT, 0U,
        tls ? MHD_OPTION_HTTPS_PRIORITIES : MHD_OPTION_END, tls_priorities,
        MHD_OPTION_HTTPS_CERT_CALLBACK, on_handshake, MHD_OPTION_END);
    const union MHD_DaemonInfo *info =
        transport->daemon ? MHD_get_daemon_info(transport->daemon, MHD_DAEMON_INFO_EPOLL_FD) : NULL;
    if (info == NULL || info->epoll_fd < 0) {
        if (transport->daemon != NULL)
            MHD_stop_daemon(transport->daemon);
        free(transport);
        return fail(err, ERR_IO, config->name, "the HTTP library could not start: %s",
                    strerror(errno));
    }
    transport->epoll_fd = info->epoll_fd;
    *out = transport;
    return true;
}

bool transport_pending(const struct transport *transport)
{
    MHD_UNSIGNED_LONG_LONG wait_ms = 0;
    return transport->again ||
           (MHD_get_timeout(transport->daemon, &wait_ms) == MHD_YES && wait_ms == 0);
}

void transport_run(struct transport *transport)
{
    transport->again = false;
    MHD_run(transport->daemon);
}

void transport_quiesce(struct transport *transport)
{
    /* Who has a copy of the socket keeps it in the set. */
    (void)epoll_ctl(transport->server->set_fd, EPOLL_CTL_DEL, transport->listen_fd, NULL);
    int fd = MHD_quiesce_daemon(transport->daemon);
    if (fd >= 0)
        close(fd);
}

void transport_close(struct transport *transport)
{
    if (transport == NULL)
        return;
    MHD_stop_daemon(transport->daemon);
    free(transport);
}

void transport_suspend(struct http_exchange *ex)
{
    assert(!ex->suspended);
    ex->suspended = true;
    MHD_suspend_connection(ex->mhd);
}

void transport_resume(struct http_exchange *ex)
{
    assert(ex->suspended);
    ex->suspended = false;
    ex->server->resumed = true;
    MHD_resume_connection(ex->mhd);
}

/* --- answers ---------------------------------------------------------------------------------- */

/* The library takes a pointer to what it only reads. */
static void *unconst(const char *bytes)
{
    union {
        const char *from;
        void *to;
    } both = {.from = bytes};
    return both.to;
}

/* Names are C strings already (http_set_header); values are copied to get an end. */
static bool add_header(struct MHD_Response *response, struct buf *scratch, const char *name,
                       struct str value)
{
    buf_reset(scratch);
    char *text = buf_room(scratch, value.len + 1);
    if (text == NULL)
        return false;
    if (value.len > 0)
        memcpy(text, value.ptr, value.len);
    text[value.len] = '\0';
    return MHD_add_response_header(response, name, text) == MHD_YES;
}

bool transport_write_last(struct http_exchange *ex, struct str bytes)
{
    int fd = ex->conn->fd;
    bool sent;
    if (ex->conn->tls != NULL) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(ex->mhd, MHD_CONNECTION_INFO_GNUTLS_SESSION);
        sent = info != NULL && tls_write_last(info->tls_session, bytes);
    } else {
        sent = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)bytes.len;
    }
    shutdown(fd, SHUT_WR);
    return sent;
}

/* A stream and the part of its last piece that the library has not taken yet. */
struct flow {
    struct http_stream stream;
    struct buf piece;
    size_t taken;
    bool ended;
};

static ssize_t flow_read(void *cls, uint64_t at, char *to, size_t most)
{
    struct flow *flow = cls;
    UNUSED(at);
    while (flow->taken == flow->piece.len && !flow->ended) {
        buf_reset(&flow->piece);
        flow->taken = 0;
        flow->ended = !flow->stream.next(flow->stream.context, &flow->piece);
        if (flow->piece.failed)
            return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    size_t left = flow->piece.len - flow->taken, size = left < most ? left : most;
    if (size == 0)
        return MHD_CONTENT_READER_END_OF_STREAM;
    memcpy(to, flow->piece.ptr + flow->taken, size);
    flow->taken += size;
    return (ssize_t)size;
}

static void flow_free(void *cls)
{
    struct flow *flow = cls;
    flow->stream.close(flow->stream.context);
    buf_clear(&flow->piece);
    free(flow);
}

static struct MHD_Response *stream_response(struct http_response *res)
{
    struct flow *flow = mem_new_of(struct flow);
    flow->stream = res->stream;
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, FLOW_BYTES, flow_read, flow, flow_free);
    if (response != NULL)
        res->stream = (struct http_stream){0};
    else
        free(flow);
    return response;
}

static struct MHD_Response *new_response(struct http_exchange *ex)
{
    struct http_response *res = &ex->res;
    struct str body = answer_body(res);
    struct buf *scratch = &ex->server->scratch;
    struct MHD_Response *response =
        res->stream.next != NULL
            ? stream_response(res)
            : MHD_create_response_from_buffer(body.len, unconst(body.ptr ? body.ptr : ""),
                                              MHD_RESPMEM_PERSISTENT);
    bool ok = response != NULL;
    if (ok && res->content_type.len > 0)
        ok = add_header(response, scratch, "Content-Type", res->content_type);
    for (size_t i = 0; ok && i < res->header_count; i++)
        ok = add_header(response, scratch, res->headers[i].name.ptr, res->headers[i].value);
    if (ok && ex->closes)
        ok = MHD_add_response_header(response, "Connection", "close") == MHD_YES;
    if (ok || response == NULL)
        return response;
    MHD_destroy_response(response);
    return NULL;
}

/* Making the library's response costs as much as deciding, for it copies each header. Most checks
 * are answered as one before them in the same second was, so these are kept. */
#define KEPT_MOST 4096U
/* Places that one may have: with a single one, those in use put each other out. */
#define KEPT_WAYS 4U
#define KEPT_LINE 64U
/* About as large as an answer with four headers is. */
#define KEPT_BYTES 1024U

/* A cache line each: of what an answer is made of, nothing else need be looked at. */
struct kept {
    _Alignas(KEPT_LINE) struct http_alike alike;
    int64_t date_s;
    struct MHD_Response *response;
};
_Static_assert(sizeof(struct kept) == KEPT_LINE, "one look is one cache line");

static struct kept *kept_ways(struct http_server *server, const struct http_alike *alike)
{
    uint64_t hash = 0;
    if (server->kept == NULL)
        server->kept = mem_new_aligned(KEPT_LINE, KEPT_MOST * sizeof(*server->kept));
    for (size_t i = 0; i < COUNT_OF(alike->words); i++)
        hash = (hash ^ (hash >> 29) ^ alike->words[i]) * UINT64_C(0x9E3779B97F4A7C15);
    return &server->kept[(hash >> 32) % (KEPT_MOST / KEPT_WAYS) * KEPT_WAYS];
}

/* The library has copied the headers into small pieces, most often one behind the other, and reads
 * them all at the end: to wait for each of them is a thirtieth of a check. */
static void foresee(const struct MHD_Response *response)
{
    for (size_t at = 0; at < KEPT_BYTES; at += KEPT_LINE)
        __builtin_prefetch((const char *)response + at);
}

bool http_answer_again(struct http_request *req, const struct http_alike *alike)
{
    struct http_exchange *ex = req->exchange;
    struct http_server *server = ex->server;
    const struct kept *ways = kept_ways(server, alike);
    assert(alike->words[0] != 0 && server->config.any != NULL);
    ex->alike = *alike;
    for (size_t i = 0; i < KEPT_WAYS && !ex->closes && !server->draining; i++)
        if (ways[i].date_s == server->date_s && memcmp(&ways[i].alike, alike, sizeof(*alike)) == 0)
            ex->again = ways[i].response;
    if (ex->again != NULL)
        foresee(ex->again);
    return ex->again != NULL;
}

/* In the place of an answer of another second, or else of the one whose turn it is. */
static void keep(struct http_exchange *ex, struct MHD_Response *response)
{
    struct http_server *server = ex->server;
    struct kept *ways = kept_ways(server, &ex->alike), *slot = ways;
    while (slot < ways + KEPT_WAYS && slot->date_s == server->date_s)
        slot++;
    if (slot == ways + KEPT_WAYS)
        slot = ways + server->kept_turn++ % KEPT_WAYS;
    if (slot->response != NULL)
        MHD_destroy_response(slot->response);
    *slot = (struct kept){ex->alike, server->date_s, response};
}

void transport_free_kept(struct http_server *server)
{
    for (size_t i = 0; server->kept != NULL && i < KEPT_MOST; i++)
        if (server->kept[i].response != NULL)
            MHD_destroy_response(server->kept[i].response);
    free(server->kept);
}

bool transport_answer(struct http_exchange *ex)
{
    struct MHD_Response *response = ex->again != NULL ? ex->again : new_response(ex);
    bool keeps =
        ex->alike.words[0] != 0 && !ex->closes && answer_is_allow(&ex->server->config, &ex->res);
    bool ok = response != NULL &&
              MHD_queue_response(ex->mhd, (unsigned)ex->res.status, response) == MHD_YES;
    if (response != NULL && ex->again == NULL) {
        if (keeps)
            keep(ex, response);
        else
            MHD_destroy_response(response);
    }
    return ok;
}
