/* What the files of this folder share: server, connection, exchange.
 *
 * One event thread owns every connection and exchange. A worker owns an exchange from the moment it
 * takes it off the queue until it puts it on the done list; both lists are behind one mutex. */
#ifndef CHANCERY_HTTP_SERVER_H
#define CHANCERY_HTTP_SERVER_H

#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>

#include "catalog/route/route.h"
#include "portal/http/form.h"
#include "portal/http/guard.h"
#include "portal/http/http.h"
#include "portal/http/spool.h"

#define NEVER         INT64_MAX
#define HEADERS_MAX   64
#define LISTENERS_MAX 8
#define TRUSTED_MAX   32
/* What an event of the set is about: a transport by its place, or this. */
#define SET_WAKE LISTENERS_MAX

/* A suspended connection is out of the library's sight, so its client's going is looked for. */
#define HELD_CHECK_MS 1000

struct MHD_Connection;
struct MHD_Response;
struct transport;

/** Where an exchange stands; the event thread moves it. */
enum stage {
    STAGE_NEW,    /* request line seen, headers not judged yet */
    STAGE_ADMIT,  /* an upload: suspended, or resumed, with a worker asked who it is */
    STAGE_BODY,   /* reading the body, if any */
    STAGE_RUN,    /* suspended: queued for a worker or running there */
    STAGE_HELD,   /* suspended: waiting for a wake-up or its time */
    STAGE_ANSWER, /* the answer is complete and waits for the library's next call */
    STAGE_SENT,   /* handed to the library */
    STAGE_LINGER, /* answered past the library; what still comes is thrown away */
};

/** What to do with body bytes. */
enum body_mode { BODY_DISCARD, BODY_COLLECT, BODY_SPOOL, BODY_FORM };

struct connection {
    struct http_server *server;
    int fd;
    int64_t deadline_ms; /* steady clock; NEVER while suspended */
    int64_t began_ms;    /* steady clock */
    bool asked;          /* a request has come */
    struct http_peer peer;
    bool trusted;         /* may speak of others: X-Forwarded-* count */
    struct http_tls *tls; /* NULL: plain */
    char address[INET6_ADDRSTRLEN];
    struct http_exchange *exchange;
    struct connection *prev, *next;
};

/** One request and its answer. Cleared from the first member up to the answer's headers for each
 *  request, and the error in part; what follows keeps its memory. */
struct http_exchange {
    struct http_request req;
    struct http_server *server;
    struct connection *conn;
    struct MHD_Connection *mhd;
    struct http_exchange *next, *prev; /* of heads, queue, done, held or spare */
    struct http_exchange *next_upload;
    struct guard_facts facts;
    enum stage stage;
    enum body_mode body_mode;
    bool looked_up;         /* identify and admit have been asked */
    bool failed;            /* err is to become the answer */
    bool suspended, worked; /* worked: a worker has had it */
    bool uploading;         /* is on server->uploads */
    bool closes;            /* the connection ends with this answer */
    size_t body_bytes;      /* received so far */
    size_t body_charged;    /* counted in server->collected_bytes */
    int64_t body_since_ms;  /* steady */
    struct spool spool;
    struct http_alike alike;    /* of a check's answer; all 0: it is like no other */
    struct MHD_Response *again; /* the one that is alike: no other answer is made */
    struct http_response res;
    struct err err;
    struct arena own; /* the request's texts: live until the exchange ends */
    struct arena mem; /* req.mem: emptied before a held request runs again */
    struct buf body;
    struct form form;
    size_t header_count;
    struct http_pair headers[HEADERS_MAX];
};

struct worker_pool {
    pthread_mutex_t mutex;
    pthread_cond_t ready;
    struct http_exchange *first, *last, *done;
    size_t queued;
    bool stopping;
    size_t thread_count;
    pthread_t *threads;
};

struct http_server {
    struct http_config config;
    struct buf router_bytes;
    struct router router;
    bool trust_unix;
    struct in6_addr trusted[TRUSTED_MAX];
    size_t trusted_count;
    struct transport *transports[LISTENERS_MAX];
    size_t transport_count;
    int wake_fd;
    int set_fd; /* epoll: what the event thread sleeps on */
    pthread_t thread;
    atomic_bool stopping, woken;
    atomic_bool drain, drain_idle; /* no more connections; and none between two requests */
    _Atomic int64_t stop_by_ms;
    struct worker_pool pool;

    /* the event thread's own */
    int64_t steady_ms, now_ms;
    int64_t scan_ms, scanned_ms; /* when to look for deadlines next, and when that was */
    struct connection *connections;
    struct http_exchange *spare; /* with warm arenas */
    struct http_exchange *heads; /* in STAGE_NEW */
    struct http_exchange *held, *uploads;
    size_t spare_count, active, collected_bytes;
    bool ready[LISTENERS_MAX]; /* by transport: one of its descriptors has something */
    bool resumed;              /* a connection was, of which the library says nothing */
    bool busy;                 /* the last turn took many: look for more before sleeping */
    bool draining;
    uint64_t id_state;
    struct buf scratch; /* one header value at a time */
    struct kept *kept;  /* answers of checks: transport.c */
    uint32_t kept_turn; /* which of several goes next */
    int64_t date_s;
    char date[32];

    _Atomic uint64_t requests, refused_by_guard, timed_out, overloaded;
    _Atomic uint32_t connection_count, held_count, queued_count;
};

#endif
