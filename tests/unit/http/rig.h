/* A server on a port the kernel chose (and on a Unix socket when asked), and a client that sends
 * exactly the bytes it is told. */
#ifndef CHANCERY_TEST_HTTP_RIG_H
#define CHANCERY_TEST_HTTP_RIG_H

#include <pthread.h>

#include "portal/http/http.h"
#include "tests/unit/test.h"

struct rig {
    struct http_server *server;
    struct http_config config; /* change before rig_start */
    struct http_listener listeners[2];
    uint16_t port;
    char dir[64];
    char socket_path[96];
    struct arena mem;
    pthread_t helper;
    bool has_helper;
    unsigned wait_ms;
};

/** Defaults, the test routes below, a temporary directory as spool. */
void rig_init(struct rig *rig);
/** Before rig_start: a server of checks, all answered by one handler. */
void rig_any(struct rig *rig, http_handler *any);
/** Listens on loopback; with_unix also below the directory. */
void rig_start(struct rig *rig, bool with_unix);
/** The same in two steps: connections may come before the server runs. */
void rig_listen(struct rig *rig, bool with_unix);
void rig_run(struct rig *rig);
/** Stops, removes the directory. */
void rig_stop(struct rig *rig);

/** One answer as it came; status 0: the connection ended without one. */
struct reply {
    int status;
    struct str head, body;
    bool closed; /* the connection ended after it */
};

int client_open(const struct rig *rig);
int client_open_unix(const struct rig *rig);
/** false once the peer has gone. */
bool client_send(int fd, struct str bytes);
#define client_say(fd, text) client_send((fd), str_from(text))
/** Reads one answer (by its Content-Length; none after HEAD) without looking at what follows. */
struct reply client_read(int fd, struct arena *mem, bool head_only);
/** True when the peer ends the connection without another byte. */
bool client_ended(int fd);
/** Header of a reply, absent when missing. */
struct str reply_header(const struct reply *reply, const char *name);
/** Opens, sends, reads one answer, says whether the connection then ended, closes. */
struct reply client_once(const struct rig *rig, struct arena *mem, struct str bytes);
#define client_ask(rig, mem, text) client_once((rig), (mem), str_from(text))

/** Waits until a count has its value; false after some seconds. */
bool rig_wait(const struct rig *rig, uint32_t (*of)(const struct http_counts *), uint32_t want);
uint32_t count_held(const struct http_counts *c);
uint32_t count_queued(const struct http_counts *c);
uint32_t count_connections(const struct http_counts *c);

/** What the test handlers share; the configuration's context. */
struct rig_state {
    _Atomic int admits, runs, blocked, wakes, answers;
    _Atomic int refused_openings; /* so often worker_open fails */
    _Atomic bool release;         /* ends the handlers of /block */
    _Atomic int events;           /* held requests answer when it is not 0 */
    _Atomic int turns;            /* counted by rig_count_turn as the configuration's on_turn */
};
struct rig_state *rig_state(struct rig *rig);
void rig_count_turn(void *state);
/** Ends the handlers of /block after a while, from a thread that rig_stop waits for. */
void rig_release_later(struct rig *rig, unsigned wait_ms);

#endif
