/* What the files of this folder share: the client, and its two ways to a server. */
#ifndef CHANCERY_FETCH_STATE_H
#define CHANCERY_FETCH_STATE_H

#include <pthread.h>

#include "fetch/fetch.h"

#define FETCH_TIMEOUT_MS  10000
#define FETCH_LIMIT_BYTES ((size_t)16 << 20)

enum fetch_way { FETCH_LOCAL, FETCH_CURL, FETCH_WAYS };

struct curl;

struct fetch {
    pthread_mutex_t lock; /* guards the two below, so that a closed descriptor is never shut down */
    int fds[FETCH_WAYS];  /* what fetch_stop cuts; -1: none */
    bool stopped;
    struct buf path;   /* of the connection that is kept to a Unix socket */
    struct curl *curl; /* NULL before the first http(s) address */
};

/** Makes a socket that fetch_stop cuts, -1 when stopped or refused by the system (errno). */
int fetch_socket(struct fetch *f, enum fetch_way way, int family, int type, int protocol);
/** Closes it. */
int fetch_close(struct fetch *f, enum fetch_way way, int fd);

const char *fetch_peer(const struct fetch_request *request);
size_t fetch_limit(const struct fetch_request *request);
int fetch_timeout(const struct fetch_request *request);
/** "cannot reach …: reason", whose first letter is made small. Returns false. */
bool fetch_fail(const struct fetch_request *request, struct arena *mem, struct err *err,
                const char *reason);
bool fetch_fail_late(const struct fetch_request *request, struct arena *mem, struct err *err);
bool fetch_fail_large(const struct fetch_request *request, struct arena *mem, struct err *err);

/* local.c: "unix:/path" */
MUST_USE bool local_send(struct fetch *f, const struct fetch_request *request, struct arena *mem,
                         struct fetch_answer *out, struct err *err);
void local_close(struct fetch *f);

/* curl.c: http and https */
MUST_USE bool curl_send(struct fetch *f, const struct fetch_request *request, struct arena *mem,
                        struct fetch_answer *out, struct err *err);
void curl_close(struct curl *c);

#endif
