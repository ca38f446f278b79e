/* The client: which way a request goes, what both ways say when it fails, and how it is stopped. */
#include <ctype.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fetch/state.h"

/* --- the socket, for fetch_stop ----------------------------------------------------------------
 */

int fetch_socket(struct fetch *f, enum fetch_way way, int family, int type, int protocol)
{
    pthread_mutex_lock(&f->lock);
    int fd = f->stopped ? -1 : socket(family, type | SOCK_CLOEXEC, protocol);
    if (fd >= 0)
        f->fds[way] = fd;
    pthread_mutex_unlock(&f->lock);
    return fd;
}

int fetch_close(struct fetch *f, enum fetch_way way, int fd)
{
    pthread_mutex_lock(&f->lock);
    if (f->fds[way] == fd)
        f->fds[way] = -1;
    int result = close(fd);
    pthread_mutex_unlock(&f->lock);
    return result;
}

struct fetch *fetch_new(void)
{
    struct fetch *f = mem_new_of(struct fetch);
    for (int way = 0; way < FETCH_WAYS; way++)
        f->fds[way] = -1;
    pthread_mutex_init(&f->lock, NULL);
    return f;
}

void fetch_free(struct fetch *f)
{
    if (f == NULL)
        return;
    local_close(f);
    curl_close(f->curl);
    buf_clear(&f->path);
    pthread_mutex_destroy(&f->lock);
    free(f);
}

void fetch_stop(struct fetch *f)
{
    pthread_mutex_lock(&f->lock);
    f->stopped = true;
    for (int way = 0; way < FETCH_WAYS; way++)
        if (f->fds[way] >= 0)
            (void)shutdown(f->fds[way], SHUT_RDWR);
    pthread_mutex_unlock(&f->lock);
}

static bool is_stopped(struct fetch *f)
{
    pthread_mutex_lock(&f->lock);
    bool stopped = f->stopped;
    pthread_mutex_unlock(&f->lock);
    return stopped;
}

/* --- errors -------------------------------------------------------------------------------------
 */

const char *fetch_peer(const struct fetch_request *request)
{
    return request->peer ? request->peer : "the server";
}

size_t fetch_limit(const struct fetch_request *request)
{
    return request->limit_bytes ? request->limit_bytes : FETCH_LIMIT_BYTES;
}

int fetch_timeout(const struct fetch_request *request)
{
    return request->timeout_ms ? request->timeout_ms : FETCH_TIMEOUT_MS;
}

bool fetch_fail(const struct fetch_request *request, struct arena *mem, struct err *err,
                const char *reason)
{
    const char *where = str_z(mem, request->address);
    char *small = str_z(mem, str_from(reason));
    small[0] = (char)tolower((unsigned char)small[0]);
    (void)fail(err, ERR_IO, where, "cannot reach %s at %s: %s", fetch_peer(request), where, small);
    return err_hint(err, "is it running, and is this its address?");
}

bool fetch_fail_late(const struct fetch_request *request, struct arena *mem, struct err *err)
{
    const char *where = str_z(mem, request->address);
    return fail(err, ERR_IO, where, "%s at %s did not answer within %d ms", fetch_peer(request),
                where, fetch_timeout(request));
}

bool fetch_fail_large(const struct fetch_request *request, struct arena *mem, struct err *err)
{
    return fail(err, ERR_LIMIT, str_z(mem, request->address),
                "the answer of %s is larger than %zu bytes", fetch_peer(request),
                fetch_limit(request));
}

/* --- sending ------------------------------------------------------------------------------------
 */

bool fetch_send(struct fetch *f, const struct fetch_request *request, struct arena *mem,
                struct fetch_answer *out, struct err *err)
{
    struct str address = request->address;
    if (is_stopped(f))
        return fail(err, ERR_IO, "", "the HTTP client has been stopped");
    if (str_starts(address, STR("unix:")))
        return local_send(f, request, mem, out, err);
    if (str_starts(address, STR("http://")) || str_starts(address, STR("https://")))
        return curl_send(f, request, mem, out, err);
    (void)fail(err, ERR_INVALID, str_z(mem, address), "not an address");
    return err_hint(err, "use unix:/path, http://host:port or https://host:port");
}
