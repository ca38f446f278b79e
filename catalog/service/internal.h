/* What the use cases share: the catalog, a change under way, permission, events. */
#ifndef CHANCERY_SERVICE_INTERNAL_H
#define CHANCERY_SERVICE_INTERNAL_H

#include <pthread.h>

#include "catalog/service/service.h"
#include "catalog/store/store.h"

struct images;
struct gate; /* handover.c */

/* Rows that changes of access have touched; read anew after the COMMIT. */
enum touch_kind {
    TOUCH_APP, /* and all its subscriptions */
    TOUCH_KEY,
    TOUCH_PLAN,
    TOUCH_API,
    TOUCH_DEPLOYMENT,
    TOUCH_VERSION, /* all its deployments */
};
#define TOUCHES_MOST 256
struct touches {
    struct touch {
        enum touch_kind kind;
        int64_t id;
    } rows[TOUCHES_MOST];
    size_t count;
    bool all; /* more than can be told */
};

struct catalog {
    struct catalog_config config;
    char *path;
    int lock_fd;
    struct writer *writer;
    struct gate *gate;
    struct images *images;
    struct id_source ids;   /* the writer's thread only */
    unsigned pending_flags; /* of changes not yet told; the writer's thread only */
    struct touches touched; /* the same */
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
/** err: ERR_UNAUTHENTICATED for nobody, else ERR_DENIED. owner_id: as catalog_may. */
MUST_USE bool permit(struct store *s, const struct principal *by, enum action action,
                     int64_t owner_id, struct err *err);
/** The role that counts for changes: a token may hold back its owner's. */
enum role acting_role(const struct principal *by);

/* --- manifest.c ------------------------------------------------------------------------------- */

#define PARSER_VERSION 1 /* rows made by an older one are rebuilt by reindex */
/** The name of a revision: a hash of the canonical manifest, which are its files in order of their
 *  paths, format and parser. */
struct str manifest_hash(const struct import *import, struct arena *mem);
/** Lists and validates a document with its files; what is wrong becomes findings of these. What is
 *  not among the files cannot be had: references to it are remarks. */
MUST_USE bool documents_judge(struct oas_files *documents, struct arena *mem,
                              struct oas_summary *summary, struct err *err);
/** Bytes of a stored file. */
MUST_USE bool stored_bytes(struct store *s, struct str sha256, struct arena *mem, struct str *out,
                           struct err *err);
/** The document of a stored revision, or another file of it (path absent: the root); what
 * references lead to is read then, so the store must live as long. err: ERR_NOT_FOUND for a path.
 */
MUST_USE bool revision_open(struct store *s, int64_t revision_id, struct str path,
                            struct arena *mem, struct oas_files **out, struct err *err);

/* --- documents.c ------------------------------------------------------------------------------ */

/** Notes that a revision has come into force where callers see it. */
MUST_USE bool revision_published(struct txn *txn, int64_t revision_id, struct err *err);

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

/* --- catalog.c -------------------------------------------------------------------------------- */

/** Says that a change alters who may call what, and through which row. */
void touch(struct txn *txn, enum touch_kind kind, int64_t id);

/* --- rows.c: steps that most use cases have --------------------------------------------------- */

int64_t new_id(struct txn *txn);
/** err: ERR_STALE when the caller saw another state. */
MUST_USE bool check_etag(const struct change *c, int64_t etag, struct err *err);
/** Inserts; a taken name becomes ERR_CONFLICT that names field and value. */
MUST_USE bool insert_named(struct txn *txn, const struct record *record, const void *row,
                           const char *field, struct str value, struct err *err);
/** Text of a body's member, or absent. */
struct str body_text(const struct change *c, const char *name);
/** A body's member that says why, for the event log; absent when it is blank. err: ERR_INVALID. */
#define REASON_MOST 1000 /* bytes */
MUST_USE bool reason_of(const struct change *c, const char *name, bool needed, struct str *out,
                        struct err *err);
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

/* --- assess.c: what is found in a document ---------------------------------------------------- */

/** One ruleset that applies to an API. */
struct applied_ruleset {
    struct str name; /* "house@3"; "spectral:oas" is built in and stands for none */
    struct str text; /* absent: built in */
};
struct applied_rulesets {
    const struct applied_ruleset *rows;
    size_t count;
};
/** By team and tags; the default when none applies. instead: a revision that stands in for the one
 *  of its ruleset that is in force, or NULL. */
MUST_USE bool rulesets_of(struct store *s, const struct api *api,
                          const struct ruleset_revision *instead, struct arena *mem,
                          struct applied_rulesets *out, struct err *err);
struct lint_ruleset;
/** err: as of lint_ruleset_read. */
MUST_USE bool applied_ruleset_read(const struct applied_ruleset *from, struct arena *mem,
                                   struct lint_ruleset **out, struct err *err);
/** Reads a ruleset's text. err: ERR_INVALID at /text with line and column, ERR_LIMIT. */
MUST_USE bool ruleset_compiles(struct str text, struct err *err);

/** What is judged: an upload, or the revision of a version that would be published next. */
struct assessing {
    const struct api *api;
    const struct version *version;
    int64_t revision_id; /* 0: an import */
    const struct import *import;
    const struct applied_rulesets *rulesets; /* NULL: those in force */
};
MUST_USE bool assess(struct store *s, const struct assessing *what, struct arena *mem,
                     struct assessment_made *out, struct err *err);
/** The same of a stored revision: what is stored where that still holds, else made anew. */
MUST_USE bool assess_stored(struct store *s, const struct assessing *what, struct arena *mem,
                            struct assessment_made *out, struct err *err);
/** The revision that would be published next: the candidate, or else the document. */
int64_t next_revision(const struct version *v);
/** Whether an assessment holds: same rulesets, and for what follows a revision in force, that base.
 */
MUST_USE bool assessment_holds(struct store *s, const struct api *api,
                               const struct version *version, const struct assessment *row,
                               struct arena *mem, bool *holds, struct err *err);
/** Puts an assessment in place of the one that revision has. */
MUST_USE bool assessment_put(struct txn *txn, int64_t revision_id,
                             const struct assessment_made *made, struct err *err);
/** err->where of a change that wants one first; catalog_change then makes it. */
#define ASSESSMENT_WANTED "assessment"

/* --- verdict.c: the publish gate -------------------------------------------------------------- */

struct judged {
    const struct api *api;
    const struct version *version;
    int64_t revision_id;
    struct str override; /* why breaking changes are let through; absent: they are not */
    int64_t now_ms;
};
MUST_USE bool verdict_of(struct store *s, const struct judged *what,
                         const struct assessment_made *made, struct arena *mem, struct verdict *out,
                         struct err *err);
/** Asks the gate inside a change and notes what it says as events. False only for failures; *out
 *  may be blocked. err: ASSESSMENT_WANTED. */
MUST_USE bool publish_ask(struct txn *txn, const struct change *c, const struct judged *what,
                          struct arena *mem, struct verdict *out, struct err *err);
/** Says a blocking verdict as an error: ERR_CONFLICT. Returns false. */
bool publish_refuse(const struct verdict *verdict, struct err *err);

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

/* --- sessions.c */

struct principal principal_of_user(const struct user *user, enum principal_via via);
/** Begins a session of that user and notes it as an event. */
MUST_USE bool session_begin(struct txn *txn, const struct principal *by, struct arena *mem,
                            struct new_session *made, struct err *err);

/* --- people.c: what must hold before a password is worth hashing */

change_fn user_password_wanted;  /* may `by` set passwords? */
change_fn own_password_wanted;   /* has `by` one? */
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

/* --- image_load.c ----------------------------------------------------------------------------- */

/** The number of the last event that changed access, and a hash of all that led there. */
MUST_USE bool access_seq(struct store *s, uint64_t *out, struct err *err);
MUST_USE bool access_state(struct store *s, uint64_t *seq, struct sha256 *stamp, struct err *err);
/** Builds an image from all rows; of what was touched, a patch to lie over `before`. */
MUST_USE bool image_load(struct store *s, int64_t now_ms, struct buf *out, struct err *err);
MUST_USE bool image_load_touched(struct store *s, const struct access_image *before,
                                 const struct touches *touches, int64_t now_ms, struct buf *out,
                                 struct err *err);

/* --- image.c ---------------------------------------------------------------------------------- */

/** file: where images are kept between two runs. */
struct images *images_new(const char *file, const struct log *log);
/** The first image: from the file when it holds what the store does, else from the store. Starts
 * the keeper. */
MUST_USE bool images_open(struct images *i, struct store *s, int64_t now_ms, struct err *err);
/** Stops the keeper once the image is in its files, which are left alone from then on: another
 * process may have them now. Readers keep what is published; images_open goes on. */
void images_rest(struct images *i);
/** Rests, and frees. */
void images_free(struct images *i);
/** Publishes what was touched. When that fails there is no image any more, and everything is
 * refused: the old one may hold what has just been revoked. The next call then builds anew. */
MUST_USE bool images_publish(struct images *i, struct store *s, const struct touches *touches,
                             int64_t now_ms, struct err *err);

/** Folds patches that are longer; for tests, which have small ones. */
void images_fold_at(struct images *i, size_t patch_bytes);

/* --- image_file.c ----------------------------------------------------------------------------- */

/** Reads and opens the image of that number and stamp from its file and the patch's beside it.
 * patch is left empty when the image alone is it. err: ERR_NOT_FOUND, ERR_STALE, ERR_INVALID
 * (damaged), ERR_IO.
 */
MUST_USE bool image_file_read(const char *file, uint64_t seq, const struct sha256 *stamp,
                              struct buf *base, struct access_image *image, struct buf *patch,
                              struct err *err);
MUST_USE bool image_file_write(const char *file, struct str base, struct err *err);
MUST_USE bool image_file_write_patch(const char *file, struct str patch, struct err *err);
/** Removes what a process that was killed while it wrote has left. */
void image_file_tidy(const char *file);

/* --- concerns.c ------------------------------------------------------------------------------- */

/** What has lately changed groups' lists. Thread-safe. */
struct concerns;
struct concerns *concerns_new(void);
void concerns_free(struct concerns *c);
/** Forgets: nothing is known of what changed up to that version. */
void concerns_restart(struct concerns *c, uint64_t version);
void concerns_add(struct concerns *c, uint64_t version, const struct access_concern *rows,
                  size_t count);
/** False when changes since then have been forgotten. Texts in mem. */
MUST_USE bool concerns_since(struct concerns *c, struct str group, uint64_t since,
                             struct arena *mem, struct access_changes *out);

#endif
