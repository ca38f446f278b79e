/* The HTTP client over libcurl; the only file that knows libcurl. */
#include <ctype.h>
#include <curl/curl.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fetch/fetch.h"

#define TIMEOUT_MS  10000
#define LIMIT_BYTES ((size_t)16 << 20)

struct fetch {
    CURL *easy;
    pthread_mutex_t lock; /* guards the two below, so that a closed descriptor is never shut down */
    int fd;
    bool stopped;
};

/* --- the socket, for fetch_stop ----------------------------------------------------------------
 */

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct fetch *f = context;
    UNUSED(purpose);
    pthread_mutex_lock(&f->lock);
    int fd = f->stopped
                 ? -1
                 : socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (fd >= 0)
        f->fd = fd;
    pthread_mutex_unlock(&f->lock);
    return fd >= 0 ? fd : CURL_SOCKET_BAD;
}

static int close_socket(void *context, curl_socket_t fd)
{
    struct fetch *f = context;
    pthread_mutex_lock(&f->lock);
    if (f->fd == fd)
        f->fd = -1;
    int result = close(fd);
    pthread_mutex_unlock(&f->lock);
    return result;
}

struct fetch *fetch_new(void)
{
    struct fetch *f = mem_new_of(struct fetch);
    f->fd = -1;
    pthread_mutex_init(&f->lock, NULL);
    f->easy = curl_easy_init();
    return f;
}

void fetch_free(struct fetch *f)
{
    if (f == NULL)
        return;
    curl_easy_cleanup(f->easy);
    pthread_mutex_destroy(&f->lock);
    free(f);
}

void fetch_stop(struct fetch *f)
{
    pthread_mutex_lock(&f->lock);
    f->stopped = true;
    if (f->fd >= 0)
        (void)shutdown(f->fd, SHUT_RDWR);
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

static const char *peer_of(const struct fetch_request *request)
{
    return request->peer ? request->peer : "the server";
}

static bool fail_curl(struct fetch *f, const struct fetch_request *request, CURLcode code,
                      struct arena *mem, struct err *err)
{
    const char *where = str_z(mem, request->address), *who = peer_of(request);
    long number = 0;
    char reason[120];
    if (code == CURLE_WRITE_ERROR)
        return fail(err, ERR_LIMIT, where, "the answer of %s is larger than %zu bytes", who,
                    request->limit_bytes ? request->limit_bytes : LIMIT_BYTES);
    if (code == CURLE_OPERATION_TIMEDOUT)
        return fail(err, ERR_IO, where, "%s at %s did not answer within %d ms", who, where,
                    request->timeout_ms ? request->timeout_ms : TIMEOUT_MS);
    (void)curl_easy_getinfo(f->easy, CURLINFO_OS_ERRNO, &number);
    if (code == CURLE_COULDNT_CONNECT && number != 0)
        (void)snprintf(reason, sizeof(reason), "%s", strerror((int)number));
    else
        (void)snprintf(reason, sizeof(reason), "%s", curl_easy_strerror(code));
    reason[0] = (char)tolower((unsigned char)reason[0]);
    (void)fail(err, ERR_IO, where, "cannot reach %s at %s: %s", who, where, reason);
    if (code == CURLE_COULDNT_CONNECT && number == EACCES)
        return err_hint(err, "this account may not use the socket; ask its owner for access");
    return err_hint(err, "is it running, and is this its address?");
}

/* --- one exchange -------------------------------------------------------------------------------
 */

struct exchange {
    struct buf body;
    struct arena *mem;
    struct fetch_answer answer;
    VEC(struct fetch_header) headers;
};

static size_t take_body(const char *bytes, size_t size, size_t count, void *context)
{
    struct exchange *x = context;
    buf_add(&x->body, (struct str){bytes, size * count});
    return x->body.failed ? 0 : size * count;
}

static size_t take_header(const char *bytes, size_t size, size_t count, void *context)
{
    struct exchange *x = context;
    struct str rest = {bytes, size * count}, name;
    if (str_starts(rest, STR("HTTP/"))) { /* a fresh head, for example behind a 100 */
        x->answer = (struct fetch_answer){0};
        x->headers.len = 0;
    }
    if (!str_split(&rest, ':', &name) || rest.ptr == NULL)
        return size * count;
    struct str value = str_trim(rest);
    vec_push(&x->headers, x->mem,
             (struct fetch_header){arena_str(x->mem, name), arena_str(x->mem, value)});
    if (str_eq_nocase(name, STR("content-type")))
        x->answer.content_type = arena_str(x->mem, value);
    if (str_eq_nocase(name, STR("date"))) {
        time_t at = curl_getdate(str_z(x->mem, value), NULL);
        x->answer.date_ms = at > 0 ? (int64_t)at * 1000 : 0;
    }
    return size * count;
}

/* The path behind "http://host", mostly empty. */
static struct str path_of(struct str base)
{
    size_t host = str_find(base, STR("://")) + 3;
    size_t slash = str_find_char(str_sub(base, host, base.len), '/');
    return slash == SIZE_MAX ? STR("") : str_sub(base, host + slash, base.len);
}

/* Sets the address: a socket path for "unix:", else the URL itself. The target goes apart, for in a
 * URL a '#' would end it. */
static bool set_address(CURL *easy, const struct fetch_request *request, struct arena *mem,
                        struct err *err)
{
    struct str address = request->address, base = address;
    if (str_starts(address, STR("unix:"))) {
        (void)curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH,
                               str_z(mem, str_sub(address, 5, address.len)));
        base = STR("http://localhost");
    } else if (!str_starts(address, STR("http://")) && !str_starts(address, STR("https://"))) {
        (void)fail(err, ERR_INVALID, str_z(mem, address), "not an address");
        return err_hint(err, "use unix:/path, http://host:port or https://host:port");
    }
    if (str_ends(base, STR("/")))
        base.len--;
    struct str target = arena_join(mem, path_of(base), request->target);
    if (curl_easy_setopt(easy, CURLOPT_URL, str_z(mem, base)) != CURLE_OK ||
        curl_easy_setopt(easy, CURLOPT_REQUEST_TARGET, target.ptr) != CURLE_OK)
        return fail(err, ERR_LIMIT, str_z(mem, address), "the address is too long");
    return true;
}

static struct curl_slist *add_headers(const struct fetch_request *request, struct arena *mem)
{
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    for (size_t i = 0; i < request->header_count; i++)
        list = curl_slist_append(
            list,
            arena_join(mem, request->headers[i].name, STR(": "), request->headers[i].value).ptr);
    return list;
}

static void set_limits(struct fetch *f, const struct fetch_request *request)
{
    long timeout_ms = request->timeout_ms ? request->timeout_ms : TIMEOUT_MS;
    (void)curl_easy_setopt(f->easy, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(f->easy, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(f->easy, CURLOPT_PATH_AS_IS, 1L);
    (void)curl_easy_setopt(f->easy, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(f->easy, CURLOPT_TIMEOUT_MS, timeout_ms);
    (void)curl_easy_setopt(f->easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    (void)curl_easy_setopt(f->easy, CURLOPT_OPENSOCKETDATA, (void *)f);
    (void)curl_easy_setopt(f->easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
    (void)curl_easy_setopt(f->easy, CURLOPT_CLOSESOCKETDATA, (void *)f);
}

static void set_message(CURL *easy, const struct fetch_request *request, struct curl_slist *headers,
                        struct exchange *x)
{
    (void)curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    if (strcmp(request->method, "HEAD") == 0)
        (void)curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    if (request->body.ptr != NULL) {
        (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
        (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body.ptr);
    }
    (void)curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, (void *)x);
    (void)curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    (void)curl_easy_setopt(easy, CURLOPT_HEADERDATA, (void *)x);
}

bool fetch_send(struct fetch *f, const struct fetch_request *request, struct arena *mem,
                struct fetch_answer *out, struct err *err)
{
    struct exchange x = {.mem = mem};
    if (f->easy == NULL || is_stopped(f))
        return fail(err, ERR_IO, "", "the HTTP client has been stopped");
    curl_easy_reset(f->easy); /* options only: connections stay open */
    if (!set_address(f->easy, request, mem, err))
        return false;
    x.body.limit_bytes = request->limit_bytes ? request->limit_bytes : LIMIT_BYTES;
    struct curl_slist *headers = add_headers(request, mem);
    set_limits(f, request);
    set_message(f->easy, request, headers, &x);
    CURLcode code = curl_easy_perform(f->easy);
    bool ok = code == CURLE_OK || fail_curl(f, request, code, mem, err);
    if (ok) {
        long status = 0;
        (void)curl_easy_getinfo(f->easy, CURLINFO_RESPONSE_CODE, &status);
        x.answer.status = (int)status;
        x.answer.headers = x.headers.ptr;
        x.answer.header_count = x.headers.len;
        x.answer.body = arena_str(mem, buf_str(&x.body));
        *out = x.answer;
    }
    curl_slist_free_all(headers);
    buf_clear(&x.body);
    return ok;
}
