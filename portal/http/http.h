/* HTTP/1.1 serving over libmicrohttpd: guard, absolute deadlines, one router, held requests.
 * What a request means is the business of rest/, web/ and control/; who asks, of a function
 * pointer. */
#ifndef CHANCERY_HTTP_H
#define CHANCERY_HTTP_H

#include <sys/types.h>

#include "catalog/base/base.h"

enum http_method {
    HTTP_GET,
    HTTP_HEAD,
    HTTP_POST,
    HTTP_PUT,
    HTTP_PATCH,
    HTTP_DELETE,
    HTTP_OPTIONS,
    HTTP_METHOD_COUNT
};
const char *http_method_name(enum http_method method);

struct http_pair {
    struct str name, value;
};

/** Where a request came from. address is the client's: behind a trusted proxy the last untrusted
 * hop of X-Forwarded-For. secure: https by our own listener or as a trusted proxy says. */
struct http_peer {
    bool is_unix, is_loopback, behind_proxy, secure;
    uid_t uid; /* of a Unix peer (SO_PEERCRED) */
    struct str address;
};

struct http_route;
struct http_exchange; /* server's own */

/** A file of a form, named as the client says. */
struct http_file {
    struct str field, name, type;
    size_t start, size_bytes; /* in the spool */
};

/** One request as handlers see it; everything lives until it is answered. */
struct http_request {
    struct arena *mem;
    void *context; /* server-wide, from the configuration */
    void *worker;  /* this thread's, from worker_open; NULL for inline handlers */
    const struct http_route *route;
    enum http_method method;
    struct str method_text;
    struct str target;  /* raw, with query */
    struct str path;    /* raw */
    struct str args[8]; /* path parameters, decoded, in template order */
    size_t arg_count;
    const struct http_pair *query; /* decoded (application/x-www-form-urlencoded) */
    size_t query_count;
    const struct http_pair
        *form; /* decoded body of a form post, urlencoded; files by http_upload */
    size_t form_count;
    struct str body;       /* complete; absent for upload routes */
    struct str spool_path; /* upload routes: opens the body, or the form's files one behind the
                              other; in this process only, and until the answer */
    const struct http_file *files; /* of the form */
    size_t file_count;
    struct str host;       /* Host header, checked for form */
    struct str request_id; /* X-Request-Id when well-formed, else made; echoed on every answer but
                              a check's that allows */
    struct http_peer peer;
    int64_t arrived_ms; /* when the request was complete; a hold is counted from here */
    int64_t now_ms;
    bool held;       /* run again after a wake-up or the end of its hold */
    bool hold_over;  /* the hold has ended: answer now */
    void *principal; /* set by identify */
    struct str
        caller; /* set by identify: who, for limits per caller; absent: peer.address counts */
    struct http_exchange *exchange;
};

/** Header value, trimmed; STR_NONE when absent. name in lower case. */
struct str http_header(const struct http_request *req, const char *name);
struct str http_query(const struct http_request *req, const char *name);
struct str http_form(const struct http_request *req, const char *name);
/** Value of a cookie (RFC 6265 §4.2), STR_NONE when absent. */
struct str http_cookie(const struct http_request *req, const char *name);
/** True when the client takes gzip, and no less than the bytes as they are (RFC 9110 §12.5.3). For
 * handlers that have both; other answers are compressed behind them (encoding.c). */
bool http_takes_gzip(const struct http_request *req);
/** True when If-None-Match or If-Match names etag (with quotes) or is "*". Compared weakly for
 * both: compressed answers have weakened tags, also those of proxies in front, and ours never
 * differ in W/ alone. */
bool http_etag_matches(struct str header, struct str etag);

/** A body that is made while it is sent. It outlives the request's memory. */
struct http_stream {
    /** Appends the next piece (empty out); false: that was all. Runs on the event thread. */
    bool (*next)(void *context, struct buf *out);
    void (*close)(void *context); /* always called, once; also when nothing was sent */
    void *context;
    size_t about_bytes; /* for the time the answer may take */
};

/** What goes back. Texts must live in req->mem or be static. */
struct http_response {
    int status; /* 0: 200 */
    struct str content_type;
    struct str body;
    struct buf owned;          /* used as the body when body is absent; freed by the server */
    struct http_stream stream; /* the body, when next is set; the server's from then on */
    struct str errors; /* of a problem: JSON of several errors, instead of the one's place */
    bool plain;        /* shows a secret: never compressed, whatever the client takes */
    int64_t
        hold_until_ms; /* > 0: no answer yet; run again at a wake-up or then (inline routes only) */
    size_t header_count;
    struct http_pair headers[24]; /* by http_set_header; some are left for what the server adds */
};
/** Sets or replaces a header (Set-Cookie is added). name must be static or live in req->mem. */
void http_set_header(struct http_response *res, const char *name, struct str value);

/** What an answer of status 200 and headers alone is known by: two of one server whose words are
 * equal have the same headers. The first word is not 0. */
struct http_alike {
    uint64_t words[6];
};
/** For handlers of a server without routes, before the first header: true when an answer that is
 * alike has been given in this second. It goes out again, and the handler has nothing to add. Else
 * what the handler answers may be kept for the next. */
bool http_answer_again(struct http_request *req, const struct http_alike *alike);

/** Content-Disposition of a file to be kept, by the last part of its path in ASCII (RFC 6266). In
 * mem. */
struct str http_attachment(struct str path, struct arena *mem);

/** Answers one request. false: err becomes the answer, through on_error. */
typedef bool http_handler(struct http_request *req, struct http_response *res, struct err *err);

enum http_flags {
    HTTP_INLINE = 1 << 0, /* runs on the event thread: must neither block nor read files */
    HTTP_UPLOAD =
        1 << 1, /* body up to upload_limit_bytes, spooled; admit is asked before its first byte */
    HTTP_FORM =
        1 << 2, /* browser form: urlencoded or multipart; CSRF token checked by check_form */
    HTTP_PUBLIC_CACHE = 1 << 3, /* answer may be cached by anybody (static files) */
    HTTP_HOLDS = 1 << 4,        /* may set hold_until_ms */
    HTTP_PARTS = 1 << 5, /* upload whose multipart/form-data is read apart; other bodies are not */
};

/** One row of the route table. HEAD, OPTIONS, 404 and 405 with Allow are derived from it. */
struct http_route {
    enum http_method method;
    unsigned role;    /* meaning belongs to admit */
    const char *path; /* template, "/v1/apis/{api}" */
    http_handler *handler;
    const char *operation_id; /* of data/openapi.yaml; NULL for pages */
    unsigned flags;
};

enum http_profile {
    HTTP_PORTAL, /* strict: also odd hosts, encoded slashes and dots, dot segments are refused */
    HTTP_CHECK, /* method and target are the client's data; only framing, Host, headers, NUL and bad
                   %XX */
};

struct http_tls;

struct http_listener {
    int fd;               /* bound, listening, non-blocking; TCP or Unix */
    struct http_tls *tls; /* NULL: plain; must outlive the server */
};

struct http_config {
    const char *name; /* "portal", "control", "check": for logs */
    enum http_profile profile;
    const struct http_listener *listeners;
    size_t listener_count;
    const struct http_route *routes; /* sorted any way; compiled at start */
    size_t route_count;
    http_handler *any;  /* check profile: every request, inline */
    size_t workers;     /* threads for handlers that are not inline */
    size_t queue_limit; /* waiting for a worker; more are answered 503 with Retry-After */
    size_t connection_limit, pool_bytes;
    size_t body_limit_bytes, upload_limit_bytes;
    int64_t header_deadline_ms,
        body_deadline_ms;       /* absolute; uploads, and answers, add 1 s per 64 KiB */
    int64_t upload_deadline_ms; /* the most that may add up to */
    int64_t idle_ms;            /* from an answer to the end of the next request's head */
    const char *spool_dir;
    struct str public_host;     /* "" accepts loopback names only, "*" any; portal profile compares
                                   Host,     and Origin of what changes things, with it */
    struct str trusted_proxies; /* comma separated addresses or "unix" */
    const struct clock *clock;
    const struct log *log;
    void *context;
    void *(*worker_open)(void *context);
    void (*worker_close)(void *worker);
    /** Who asks: fills req->principal. Runs where the handler runs, again each time a held request
     *  does. false: answered with err. */
    bool (*identify)(struct http_request *req, struct err *err);
    /** May the principal use this route at all; before the body of an upload is read. */
    bool (*admit)(struct http_request *req, struct err *err);
    /** Checks a form's CSRF token; called for HTTP_FORM routes before the handler. */
    bool (*check_form)(struct http_request *req, struct err *err);
    /** Turns an error into an answer (problem+json or a page). res->status is set when the status
     *  does not follow from the code (405, 421 …), else 0 or what http_status_of says. What is
     *  refused before identify (no route, bad framing, overload) has no principal, and no worker
     *  either, unless it was read whole and only lacks a route. NULL: http_problem. */
    void (*on_error)(struct http_request *req, const struct err *err, struct http_response *res);
    /** Adds headers to every answer (CSP and its like). */
    void (*on_answer)(struct http_request *req, struct http_response *res);
    /** Called by the event thread once per turn when it holds no reference to shared snapshots
     * (quiescent). */
    void (*on_turn)(void *context);
};

/** Sensible values for everything but routes, listeners and callbacks. */
extern const struct http_config http_config_default;

struct http_server;
/** Compiles the routes and starts the threads. The listeners' sockets become the server's; all that
 *  config points to must outlive it. err: ERR_CONFLICT for clashing routes, ERR_INVALID, ERR_IO. */
MUST_USE bool http_server_start(const struct http_config *config, struct http_server **out,
                                struct err *err);
/** Runs held requests again soon. Callable from any thread; many calls before the next turn are
 * one. */
void http_server_wake(struct http_server *server);
/** Stops accepting and runs held requests for the last time, but goes on with open connections:
 * each ends with its next answer, those between two requests at once when `idle_too`. Returns at
 * once; http_server_counts tells when they have gone. */
void http_server_drain(struct http_server *server, bool idle_too);
/** Stops accepting, runs held requests for the last time, finishes what runs (at most grace_ms, but
 *  a handler that has begun is waited for), frees. */
void http_server_stop(struct http_server *server, int64_t grace_ms);

struct http_counts {
    uint64_t requests, refused_by_guard, timed_out, overloaded;
    uint32_t connections, held, queued;
};
void http_server_counts(const struct http_server *server, struct http_counts *out);

/** Binds "127.0.0.1:8080", "[::1]:0", ":8080" or "unix:/path" (mode as given, a stale socket file
 * is replaced, a live one is ERR_CONFLICT). port (may be NULL) gets the bound TCP port. where names
 * the setting. */
MUST_USE bool http_listen(struct str address, unsigned unix_mode, const char *where,
                          struct http_listener *out, uint16_t *port, struct err *err);

/** A certificate with its chain and its key, from PEM files; err.where names the file. err:
 *  ERR_NOT_FOUND, ERR_IO, ERR_INVALID, ERR_DENIED (a key that every account can read). */
MUST_USE bool http_tls_open(struct str certificate, struct str key, struct http_tls **out,
                            struct err *err);
/** Reads the files again, for connections that begin from now on; when they are no good, all stays
 * as it was. One thread at a time, beside servers that run. */
MUST_USE bool http_tls_reload(struct http_tls *tls, struct err *err);
/** Whether the files are others than those read last, with or without success. */
bool http_tls_changed(const struct http_tls *tls);
/** When the certificate in use ends. */
int64_t http_tls_not_after_ms(struct http_tls *tls);
void http_tls_close(struct http_tls *tls);

/** Where a listener of this process can be reached from this host: "unix:/path" or
 * "http://127.0.0.1:8080", in mem; absent when it has no name. */
struct str http_listener_address(const struct http_listener *listener, struct arena *mem);

/** HTTP status of an error code: ERR_INVALID 400, ERR_NOT_FOUND 404, ERR_CONFLICT 409, ERR_STALE
 * 412, ERR_DENIED 403, ERR_UNAUTHENTICATED 401, ERR_LIMIT 413, ERR_BUSY 503, else 500. */
int http_status_of(const struct err *err);
/** Writes problem+json (RFC 9457) for an error: code, detail, request_id,
 *  errors[{pointer,code,detail}]. A status of 400 and more that is set already stays. What went
 *  wrong inside (5xx) is told to the log only. */
void http_problem(const struct http_request *req, const struct err *err, struct http_response *res);

#endif
