/* What the use cases share: the catalog, a change under way, permission, events. */
#ifndef CHANCERY_SERVICE_INTERNAL_H
#define CHANCERY_SERVICE_INTERNAL_H

#include <pthread.h>

#include "catalog/service/service.h"
#include "catalog/store/store.h"

struct images;

struct catalog {
    struct catalog_config config;
    char *path;
    int lock_fd;
    struct writer *writer;
    struct images *images;
    struct id_source ids;   /* the writer's thread only */
    unsigned pending_flags; /* of the batch under way; the writer's thread only */
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

/* --- permission.c -------------------------------------------------------------------------------
 */

/** 1 for those who see everything. */
int64_t sees_all(const struct principal *by);
#define VIEWER(by) arg_i64((by)->user_id), arg_i64(sees_all(by))
/** err: ERR_UNAUTHENTICATED for nobody, else ERR_DENIED. team_id: owner of the object, 0: none. */
MUST_USE bool permit(struct store *s, const struct principal *by, enum action action,
                     int64_t team_id, struct err *err);

/* --- events.c ------------------------------------------------------------------------------------
 */

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
/** What the hash of an event covers, in a fixed order. */
struct str event_hash(const struct event *e, struct arena *mem);

/* --- rows.c: steps that most use cases have ------------------------------------------------------
 */

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
/** Sets the words an API is found by. */
MUST_USE bool search_update(struct txn *txn, const struct api *api, struct arena *mem,
                            struct err *err);

/* --- list.c
 * --------------------------------------------------------------------------------------- */

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

/* --- image.c
 * --------------------------------------------------------------------------------------- */

struct images *images_new(void);
void images_free(struct images *i);
/** Builds an image from the store and publishes it. seq: number of the last event. */
MUST_USE bool images_publish(struct images *i, struct store *s, uint64_t seq, int64_t now_ms,
                             struct err *err);

#endif
