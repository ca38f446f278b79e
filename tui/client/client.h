/* How the console talks to chanceryd: worker threads that ask, replies that are taken without
 * waiting, feeds that keep the last good data. */
#ifndef CHANCERY_CLIENT_H
#define CHANCERY_CLIENT_H

#include "fetch/fetch.h"

/* --- the server ---------------------------------------------------------------------------------
 */

/** Where it is, as the user said it; absent: not said. All borrowed. */
struct server_options {
    struct str socket, url, ca_file, token_file;
};

/** Takes one option of a command line ("--url X", "--url=X") at words[*at]; false when it is none
 * of these. */
bool server_option(int count, char **words, int *at, struct server_options *out);
/** Fills what was not said from the environment. */
void server_environment(struct server_options *out);

/** A server that can be asked. */
struct server {
    struct str address;  /* "unix:/path", "https://host:port" */
    struct str name;     /* for people: "chancery" for the socket of this machine, else the host */
    const char *ca_file; /* NULL: the system's issuers */
    struct str token;    /* a secret; absent: the account or nobody asks */
    struct str token_file;
};

/** Puts it together in mem and reads the token. err: ERR_INVALID (both ways named, no address),
 *  ERR_DENIED (a token that others can read, or that would go in the clear), ERR_IO (a file). */
MUST_USE bool server_find(const struct server_options *o, struct arena *mem, struct server *out,
                          struct err *err);
/** The token in a file that only its owner may read. */
MUST_USE bool server_token(struct str file, struct arena *mem, struct str *out, struct err *err);

/* --- one question -------------------------------------------------------------------------------
 */

struct client_ask {
    const char *method;
    struct str target;        /* "/v1/apis" */
    struct str body;          /* absent for none */
    bool paged;               /* follow `next` and join the items of all pages */
    uint64_t known;           /* digest of the answer one has, 0 for none */
    const char *content_type; /* of the body, lasting; NULL: JSON */
    int timeout_ms;           /* for the whole exchange; 0: 10 s */
};

struct client_reply {
    uint64_t id;     /* what client_send gave */
    bool ok;         /* a 2xx status */
    bool reached;    /* the server answered, whatever */
    bool same;       /* ok, and the answer is the one that is known: not read again */
    uint64_t digest; /* of an answer on one page, else 0 */
    int status;      /* 0 when not reached */
    struct err err;  /* of a reply that is not ok; the server's own words where it gave any */
    const struct json *json; /* NULL when there was no body */
    struct str body;         /* as it came; absent when pages were joined */
    int64_t server_ms;       /* the server's clock, else ours */
    struct arena mem;        /* owns all of the above */
};
void client_reply_free(struct client_reply *reply);

/** Asks and waits: what commands and the workers use. Never NULL. */
struct client_reply *client_call(struct fetch *f, const struct server *server,
                                 const struct client_ask *ask);

/** Adds text as one segment of a target, or as a value of its query. */
void client_add_segment(struct buf *target, struct str text);

/* --- workers ------------------------------------------------------------------------------------
 */

struct client;

/** Starts the workers; connects when first asked. server must outlive it. err: ERR_IO. */
MUST_USE bool client_open(const struct server *server, struct client **out, struct err *err);
/** Reads the token's file again, for later questions; true without one. err as of server_token. */
MUST_USE bool client_renew(struct client *c, struct err *err);
/** Cuts what is under way; NULL is accepted. */
void client_close(struct client *c);
/** Readable while replies wait. */
int client_fd(const struct client *c);
/** Queues a question (copied); 0 when the queue is full. Changes (not GET) go first. */
uint64_t client_send(struct client *c, const struct client_ask *ask);
/** The next reply, owned by the caller, or NULL; never waits. */
struct client_reply *client_take(struct client *c);

/* --- feeds --------------------------------------------------------------------------------------
 */

/** One list or figure that is asked again and again. The last good reply stays when later ones
 *  fail; the next try then comes with growing distance, and not by itself when the server does not
 *  know who asks (401). */
struct feed {
    struct buf target;
    int period_ms; /* 0: once */
    bool paged;
    uint64_t waiting; /* 0: nothing under way */
    int64_t due_ms;   /* steady */
    int failures;
    struct client_reply *data; /* NULL before the first */
    uint64_t generation;       /* counts good replies that were not the same */
    int64_t good_ms;           /* steady time of the last good reply */
    struct err err;            /* of the last try, ERR_NONE when it was good */
    bool reached;
};

void feed_init(struct feed *f, struct str target, int period_ms, bool paged);
void feed_clear(struct feed *f);
/** When it will be asked, INT64_MAX: not before something happens. Paused feeds are asked once. */
int64_t feed_due(const struct feed *f, bool paused);
/** Asks when it is due. */
void feed_step(struct feed *f, struct client *c, bool paused, int64_t now_ms);
/** Takes the reply when it is this feed's (then it owns it). least_ms: a slow link's own period. */
bool feed_take(struct feed *f, struct client_reply *reply, int64_t now_ms, int least_ms);
/** Asks at the next step. */
void feed_again(struct feed *f);
/** The root of the last good reply, or NULL. */
const struct json *feed_json(const struct feed *f);

#endif
