/* What the use cases share: the catalog, a change under way, permission, events. */
#ifndef CHANCERY_SERVICE_INTERNAL_H
#define CHANCERY_SERVICE_INTERNAL_H

#include <pthread.h>

#include "catalog/service/service.h"
#include "catalog/store/store.h"

struct images;
struct gate; /* handover.c */

struct catalog {
    struct catalog_config config;
    char *path;
    int lock_fd;
    struct writer *writer;
    struct gate *gate;
    struct images *images;
    struct id_source ids;   /* the writer's thread only */
    unsigned pending_flags; /* of changes not yet told; the writer's thread only */
};

struct view {
    struct catalog *catalog;
    struct store *store;
};

struct txn {
    struct catalog *catalog;
    struct store *store;
    int64_t now_ms;
    unsigned flags; /* enum commit_flags; counted when the change goes well */
};

/* --- permission.c ----------------------------------------------------------------------------- */

/** 1 for those who see everything. */
int64_t sees_all(const struct principal *by);
#define VIEWER(by) arg_i64((by)->user_id), arg_i64(sees_all(by))
/** err: ERR_UNAUTHENTICATED for nobody, else ERR_DENIED. team_id: owner of the object, 0: none. */
MUST_USE bool permit(struct store *s, const struct principal *by, enum action action,
                     int64_t team_id, struct err *err);

/* --- events.c --------------------------------------------------------------------------------- */

struct happening {
    const char *kind; /* "api.created" */
    const struct record *record;
    const void *before, *after; /* rows, or NULL */
    int64_t id;
    struct str name;
    int64_t api_id, team_id; /* whose log it belongs to */
    struct str reason;
};
MUST_USE bool event_add(struct txn *txn, const struct principal *by, const struct happening *what,
                        struct err *err);
/** prev_hash of the first event. */
extern const char event_first_hash[];
/** What the hash of an event covers, in a fixed order. */
struct str event_hash(const struct event *e, struct arena *mem);

/* --- rows.c: steps that most use cases have --------------------------------------------------- */

int64_t new_id(struct txn *txn);
/** err: ERR_STALE when the caller saw another state. */
MUST_USE bool check_etag(const struct change *c, int64_t etag, struct err *err);
/** Inserts; a taken name becomes ERR_CONFLICT that names field and value. */
MUST_USE bool insert_named(struct txn *txn, const struct record *record, const void *row,
                           const char *field, struct str value, struct err *err);
/** Text of a body's member, or absent. */
struct str body_text(const struct change *c, const char *name);
MUST_USE bool team_id_of(struct store *s, struct str slug, const char *where, int64_t *out,
                         struct err *err);
/** Sets the words an API is found by; those of drafts are left out, as anybody may search. */
MUST_USE bool search_update(struct txn *txn, const struct api *api, struct err *err);
/** The same for PATCH: not told is an error of its own. */
MUST_USE bool need_etag(const struct change *c, int64_t etag, struct err *err);
/** The SHA-256 of a secret's text, in mem. */
struct str secret_hash(struct str secret, struct arena *mem);
/** A body without the members named, for those that are no fields of the record. */
const struct json *body_without(const struct json *body, const char *const *names, size_t count,
                                struct arena *mem);
/** A subscription whose term has ended, by the clock. */
void let_expire(struct subscription *sub, int64_t now_ms);

/* --- upstream.c */

/** Strictly http://host[:port][/path] or https. err: ERR_INVALID at /upstream. */
MUST_USE bool upstream_read(struct str url, struct envoy_deployment *d, struct err *err);

/* --- proxies.c */

/** The group of that name; where: the body's member that named it, or NULL for a path. */
MUST_USE bool group_of(struct txn *txn, const struct change *c, struct str slug, const char *where,
                       struct arena *mem, struct group *row, struct err *err);

/* --- replay.c */

/** True when the change has been answered before (*done) or may go on; err: ERR_CONFLICT. */
MUST_USE bool replay_look(struct txn *txn, const struct change *c, struct arena *mem, bool *done,
                          struct err *err);
MUST_USE bool replay_keep(struct txn *txn, const struct change *c, const void *out,
                          struct err *err);

/* --- people.c: what must hold before a password is worth hashing */

change_fn user_password_wanted;  /* may `by` set passwords? */
change_fn setup_password_wanted; /* is the code valid? */

/* --- list.c ----------------------------------------------------------------------------------- */

struct list_kind {
    enum statement page, count;
    const struct record *record;
    const char *key; /* field that orders and that the cursor names */
};
/** filters are $3 … in order. */
MUST_USE bool list_page(struct view *v, const struct list_kind *kind, const struct principal *by,
                        const struct arg *filters, size_t filter_count,
                        const struct catalog_query *query, struct arena *mem,
                        struct catalog_list *out, struct err *err);

/* --- handover.c: the gate that changes go through --------------------------------------------- */

struct gate *gate_new(void);
void gate_free(struct gate *g);
/** Waits while the catalog is suspended. err: ERR_BUSY. */
MUST_USE bool gate_enter(struct gate *g, struct err *err);
void gate_leave(struct gate *g);
/* catalog.c: the writer, and everything that is made from what it writes */
MUST_USE bool catalog_start_writer(struct catalog *c, struct err *err);

/* --- image.c ---------------------------------------------------------------------------------- */

/** The number of the last event that changed access. */
MUST_USE bool access_seq(struct store *s, uint64_t *out, struct err *err);
struct images *images_new(void);
void images_free(struct images *i);
/** Builds an image from the store and publishes it. When it cannot be built there is no image any
 * more, and everything is refused: the old one may hold what has just been revoked. */
MUST_USE bool images_publish(struct images *i, struct store *s, int64_t now_ms, struct err *err);

#endif
