/* http and https by libcurl; the only file that knows it. The library is loaded when the first such
 * address is asked: with all it brings along it takes 8 MB and 5 ms, and most never need it. */
#include <curl/curl.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "fetch/message.h"
#include "fetch/state.h"

#define LIBRARY "libcurl.so.4"

/* X(member, function) */
#define CALLS(X)                      \
    X(init, curl_easy_init)           \
    X(cleanup, curl_easy_cleanup)     \
    X(reset, curl_easy_reset)         \
    X(set, curl_easy_setopt)          \
    X(perform, curl_easy_perform)     \
    X(info, curl_easy_getinfo)        \
    X(problem, curl_easy_strerror)    \
    X(list_append, curl_slist_append) \
    X(list_free, curl_slist_free_all)

#define CALL_MEMBER(member, function) __typeof__(function) *member;
struct curl {
    CALLS(CALL_MEMBER)
    CURL *easy;
    char detail[CURL_ERROR_SIZE];
};
#undef CALL_MEMBER

/* --- loading ------------------------------------------------------------------------------------
 */

#define CALL_ROW(member, function) {#function, offsetof(struct curl, member)},
static const struct {
    const char *name;
    size_t offset;
} calls[] = {CALLS(CALL_ROW)};
#undef CALL_ROW

static bool find_calls(struct curl *c, void *library)
{
    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        void *call = dlsym(library, calls[i].name);
        if (call == NULL)
            return false;
        memcpy((char *)c + calls[i].offset, &call, sizeof(call));
    }
    return true;
}

/* The library stays: it has threads' data and exit handlers of its own. NULL: err says why. */
static struct curl *load(struct err *err)
{
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    struct curl *c = mem_new_of(struct curl);
    if (library != NULL && find_calls(c, library) && (c->easy = c->init()) != NULL)
        return c;
    free(c);
    (void)fail(err, ERR_IO, LIBRARY, "the library for http addresses cannot be loaded");
    (void)err_hint(err, "install it: apt-get install libcurl4");
    return NULL;
}

void curl_close(struct curl *c)
{
    if (c == NULL)
        return;
    c->cleanup(c->easy);
    free(c);
}

/* --- errors -------------------------------------------------------------------------------------
 */

/* Results of OpenSSL's verification (openssl/x509_vfy.h); the last row stands for the rest. libcurl
 * looks at the host first by itself, and leaves "unspecified" (1) when that is what is wrong. */
static const struct {
    long first, last;
    const char *what, *remedy;
} refusals[] = {
    {0,  1,  "is not for this host",
     "use the name that the certificate carries, or have one made for this name"                                       },
    {9,  9,  "is not valid yet",                       "check this machine's clock, then the certificate's dates"      },
    {10, 10, "has expired",                            "have it renewed on the server; check this machine's clock, too"},
    {2,  2,  "has an issuer that is not trusted here", "name the issuer's certificate: --ca FILE"                      },
    {18, 21, "has an issuer that is not trusted here", "name the issuer's certificate: --ca FILE"                      },
    {23, 23, "has been revoked",                       "have a new one made for the server"                            },
    {62, 64, "is not for this host",
     "use the name that the certificate carries, or have one made for this name"                                       },
    {0,  -1, "does not hold",                          "openssl s_client -connect HOST:PORT shows it"                  },
};

static bool fail_certificate(struct curl *c, const struct fetch_request *request, struct arena *mem,
                             struct err *err)
{
    const char *where = str_z(mem, request->address);
    long result = 0;
    size_t i = 0;
    (void)c->info(c->easy, CURLINFO_SSL_VERIFYRESULT, &result);
    while (i + 1 < COUNT_OF(refusals) && (result < refusals[i].first || result > refusals[i].last))
        i++;
    (void)fail(err, ERR_DENIED, where, "the certificate of %s at %s %s", fetch_peer(request), where,
               refusals[i].what);
    return err_hint(err, "%s", refusals[i].remedy);
}

static bool fail_handshake(struct curl *c, const struct fetch_request *request, struct arena *mem,
                           struct err *err)
{
    /* A plain HTTP server answers in the clear, or hangs up at what it takes for nonsense. */
    if (strstr(c->detail, "wrong version number") != NULL ||
        strstr(c->detail, "SSL_ERROR_SYSCALL") != NULL) {
        (void)fetch_fail(request, mem, err, "it does not speak TLS, or has cut the handshake");
        return err_hint(err, "is the port right, and does the server listen on it with https?");
    }
    return fetch_fail(request, mem, err, c->detail[0] ? c->detail : "the TLS handshake failed");
}

static bool fail_curl(struct curl *c, const struct fetch_request *request, CURLcode code,
                      struct arena *mem, struct err *err)
{
    long number = 0;
    switch ((int)code) {
    case CURLE_WRITE_ERROR:
        return fetch_fail_large(request, mem, err);
    case CURLE_OPERATION_TIMEDOUT:
        return fetch_fail_late(request, mem, err);
    case CURLE_PEER_FAILED_VERIFICATION:
        return fail_certificate(c, request, mem, err);
    case CURLE_SSL_CACERT_BADFILE:
        (void)fail(err, ERR_INVALID, request->ca_file ? request->ca_file : "",
                   "no certificates can be read from this file");
        return err_hint(err, "it holds issuers' certificates as PEM: -----BEGIN CERTIFICATE-----");
    case CURLE_SSL_CONNECT_ERROR:
        return fail_handshake(c, request, mem, err);
    default:
        break;
    }
    (void)c->info(c->easy, CURLINFO_OS_ERRNO, &number);
    if (code == CURLE_COULDNT_CONNECT && number != 0)
        return fetch_fail(request, mem, err, strerror((int)number));
    return fetch_fail(request, mem, err, c->problem(code));
}

/* --- one exchange -------------------------------------------------------------------------------
 */

struct exchange {
    struct buf body;
    struct arena *mem;
    struct fetch_answer answer;
    VEC(struct fetch_header) headers;
};

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    UNUSED(purpose);
    int fd =
        fetch_socket(context, FETCH_CURL, address->family, address->socktype, address->protocol);
    return fd >= 0 ? fd : CURL_SOCKET_BAD;
}

static int close_socket(void *context, curl_socket_t fd)
{
    return fetch_close(context, FETCH_CURL, fd);
}

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
    struct str value = arena_str(x->mem, str_trim(rest));
    vec_push(&x->headers, x->mem, (struct fetch_header){arena_str(x->mem, name), value});
    if (str_eq_nocase(name, STR("content-type")))
        x->answer.content_type = value;
    if (str_eq_nocase(name, STR("date")))
        x->answer.date_ms = message_date(value, x->mem);
    return size * count;
}

/* The path behind "http://host", mostly empty. */
static struct str path_of(struct str base)
{
    size_t host = str_find(base, STR("://")) + 3;
    size_t slash = str_find_char(str_sub(base, host, base.len), '/');
    return slash == SIZE_MAX ? STR("") : str_sub(base, host + slash, base.len);
}

/* The target goes apart, for in a URL a '#' would end it. */
static bool set_address(struct curl *c, const struct fetch_request *request, struct arena *mem,
                        struct err *err)
{
    struct str base = request->address;
    if (str_ends(base, STR("/")))
        base.len--;
    struct str target = arena_join(mem, path_of(base), request->target);
    if (c->set(c->easy, CURLOPT_URL, str_z(mem, base)) != CURLE_OK ||
        c->set(c->easy, CURLOPT_REQUEST_TARGET, target.ptr) != CURLE_OK)
        return fail(err, ERR_LIMIT, str_z(mem, base), "the address is too long");
    return true;
}

static struct curl_slist *add_headers(const struct curl *c, const struct fetch_request *request,
                                      struct arena *mem)
{
    struct curl_slist *list = c->list_append(NULL, "Expect:");
    for (size_t i = 0; i < request->header_count; i++)
        list = c->list_append(
            list,
            arena_join(mem, request->headers[i].name, STR(": "), request->headers[i].value).ptr);
    return list;
}

static void set_limits(struct curl *c, struct fetch *f, const struct fetch_request *request)
{
    (void)c->set(c->easy, CURLOPT_NOSIGNAL, 1L);
    (void)c->set(c->easy, CURLOPT_PROXY, "");
    (void)c->set(c->easy, CURLOPT_PATH_AS_IS, 1L);
    (void)c->set(c->easy, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)c->set(c->easy, CURLOPT_TIMEOUT_MS, (long)fetch_timeout(request));
    (void)c->set(c->easy, CURLOPT_ERRORBUFFER, c->detail);
    (void)c->set(c->easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    (void)c->set(c->easy, CURLOPT_OPENSOCKETDATA, (void *)f);
    (void)c->set(c->easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
    (void)c->set(c->easy, CURLOPT_CLOSESOCKETDATA, (void *)f);
}

/* The defaults, said aloud: nothing here is ever switched off. */
static void set_verification(struct curl *c, const struct fetch_request *request)
{
    (void)c->set(c->easy, CURLOPT_SSL_VERIFYPEER, 1L);
    (void)c->set(c->easy, CURLOPT_SSL_VERIFYHOST, 2L);
    (void)c->set(c->easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (request->ca_file == NULL)
        return;
    (void)c->set(c->easy, CURLOPT_CAINFO, request->ca_file);
    (void)c->set(c->easy, CURLOPT_CAPATH, NULL); /* those of the file only */
}

static void set_message(struct curl *c, const struct fetch_request *request,
                        struct curl_slist *headers, struct exchange *x)
{
    (void)c->set(c->easy, CURLOPT_HTTPHEADER, headers);
    if (strcmp(request->method, "HEAD") == 0)
        (void)c->set(c->easy, CURLOPT_NOBODY, 1L);
    if (request->body.ptr != NULL) {
        (void)c->set(c->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
        (void)c->set(c->easy, CURLOPT_POSTFIELDS, request->body.ptr);
    }
    (void)c->set(c->easy, CURLOPT_CUSTOMREQUEST, request->method);
    (void)c->set(c->easy, CURLOPT_WRITEFUNCTION, take_body);
    (void)c->set(c->easy, CURLOPT_WRITEDATA, (void *)x);
    (void)c->set(c->easy, CURLOPT_HEADERFUNCTION, take_header);
    (void)c->set(c->easy, CURLOPT_HEADERDATA, (void *)x);
}

bool curl_send(struct fetch *f, const struct fetch_request *request, struct arena *mem,
               struct fetch_answer *out, struct err *err)
{
    struct exchange x = {.mem = mem};
    struct curl *c = f->curl ? f->curl : load(err);
    if (c == NULL)
        return false;
    f->curl = c;
    c->reset(c->easy); /* options only: connections stay open */
    c->detail[0] = '\0';
    if (!set_address(c, request, mem, err))
        return false;
    x.body.limit_bytes = fetch_limit(request);
    struct curl_slist *headers = add_headers(c, request, mem);
    set_limits(c, f, request);
    set_verification(c, request);
    set_message(c, request, headers, &x);
    CURLcode code = c->perform(c->easy);
    bool ok = code == CURLE_OK || fail_curl(c, request, code, mem, err);
    if (ok) {
        long status = 0;
        (void)c->info(c->easy, CURLINFO_RESPONSE_CODE, &status);
        x.answer.status = (int)status;
        x.answer.headers = x.headers.ptr;
        x.answer.header_count = x.headers.len;
        x.answer.body = arena_str(mem, buf_str(&x.body));
        *out = x.answer;
    }
    c->list_free(headers);
    buf_clear(&x.body);
    return ok;
}
