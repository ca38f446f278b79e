/* Use cases: permission + rule + statements + event, one function each. Everything that reads or
 * changes the catalog comes through here; only the store below speaks SQL. */
#ifndef CHANCERY_SERVICE_H
#define CHANCERY_SERVICE_H

#include "catalog/authz/authz.h"
#include "catalog/base/base.h"
#include "catalog/diff/diff.h"
#include "catalog/envoy/envoy.h"
#include "catalog/model/model.h"
#include "catalog/openapi/openapi.h"

/* --- the catalog ------------------------------------------------------------------------------ */

struct catalog; /* one per process and database file */
struct view;    /* a reading handle of one thread */
struct txn;     /* a change under way, on the writer's thread */

enum commit_flags {
    COMMIT_ACCESS = 1 << 0, /* grants, credentials, stages: a new image has been published */
    COMMIT_CONFIG = 1 << 1, /* deployments, gateways, groups: snapshots must be rebuilt */
};

struct catalog_config {
    const char *path; /* database file */
    const struct clock *clock;
    const struct log *log;
    /** Called on the writer's thread after COMMIT and after the new image is in place, before the
     *  changes are answered. seq is the number of the last event. */
    void (*on_commit)(void *context, uint64_t seq, unsigned commit_flags);
    void *context;
    int lock_fd; /* > 0: the lock, passed on by the process that serves the catalog so far */
};

/** Makes a new file with the current schema. err: ERR_CONFLICT when it exists, ERR_IO. */
MUST_USE bool catalog_create(const char *path, const struct clock *clock, struct err *err);
/** Opens, migrates (a copy first), takes the lock, builds the first image, starts the writer. err:
 * ERR_NOT_FOUND, ERR_BUSY (another process has it), ERR_STALE (the file is newer than this program;
 * left untouched), ERR_STORE. */
MUST_USE bool catalog_open(const struct catalog_config *config, struct catalog **out,
                           struct err *err);
/** Finishes queued changes and closes. */
void catalog_close(struct catalog *c);

/* --- handing over ----------------------------------------------------------------------------- */

/** The lock, for passing on; stays the catalog's. */
int catalog_lock_fd(const struct catalog *c);
/** Notes in the lock file that this process serves, and how that stands. */
void catalog_note(struct catalog *c, struct str state);
/** Finishes queued changes and lets the writer go; the lock, views and the image stay. Changes that
 * come later wait, CATALOG_WAIT_MS at most, and are then refused (ERR_BUSY). */
void catalog_suspend(struct catalog *c);
/** Writes again, after nobody else does any more, and makes the image anew: the other process may
 * have changed something. err: as catalog_open; the catalog stays suspended. */
MUST_USE bool catalog_resume(struct catalog *c, struct err *err);
/** Another process writes from now on: waiting and later changes are refused at once. */
void catalog_abandon(struct catalog *c);
#define CATALOG_WAIT_MS 2000

/** What another process can know of a catalog without opening it. */
struct catalog_holder {
    bool held;
    int64_t pid;
    struct str state; /* as catalog_note has it */
};
MUST_USE bool catalog_holder(const char *path, struct arena *mem, struct catalog_holder *out,
                             struct err *err);
/** Whether catalog_open could read the file, and would migrate it; it stays untouched. err:
 * ERR_NOT_FOUND, ERR_STALE, ERR_STORE; ERR_CONFLICT when lock_fd belongs to another catalog. */
MUST_USE bool catalog_look(const char *path, int lock_fd, bool *migrates, struct err *err);

MUST_USE bool view_open(struct catalog *c, struct view **out, struct err *err);
void view_close(struct view *v);

/** A creation that may be sent twice (Idempotency-Key). The first answer is kept for a day, in the
 * same transaction as the change; the same key with another body or route is ERR_CONFLICT. */
struct replay {
    struct str key;     /* the header's value, ≤ 200 bytes */
    struct str route;   /* operation id */
    struct sha256 body; /* of the request's bytes */
    /** Writes the answer's body from `out`, on the writer's thread. NULL for answers that hold a
     * secret: a repetition is then ERR_CONFLICT. */
    void (*render)(const void *out, struct buf *body);
    bool replayed;     /* out: the change had been made before; `out` of the change is untouched */
    bool taken;        /* out: refused, because the key belongs to another request */
    struct str answer; /* out: the first answer's body, when replayed */
};

/** What a change is told. Use cases take exactly this, so that REST, forms and console share them.
 */
struct change {
    const struct principal *by;
    struct str args[4];      /* names from the path, outermost first: api slug, version label … */
    const struct json *body; /* object, or NULL */
    int64_t if_match;        /* etag the caller saw; -1: not told */
    const struct import *import;            /* uploads only */
    const struct assessment_made *assessed; /* made by catalog_change, where the gate asks for it */
    struct verdict *verdict;                /* may be NULL; filled by what asks the publish gate */
    struct replay *replay;                  /* POST with an Idempotency-Key, else NULL */
    struct str password_hash;               /* made by catalog_change from the body's "password" */
};
#define IF_MATCH_NONE  (-1)
#define PASSWORD_LEAST 10 /* bytes */
#define PASSWORD_MOST  1024

typedef bool change_fn(struct txn *txn, const void *in, struct arena *mem, void *out,
                       struct err *err);

/** Hands a change to the writer and waits until it is durable. Callable from any thread but event
 * loops. in is a struct change for all functions below; out as each says (may be NULL). */
MUST_USE bool catalog_change(struct catalog *c, change_fn *fn, const void *in, struct arena *mem,
                             void *out, struct err *err);

/* --- lists and single rows -------------------------------------------------------------------- */

/** Filters a list may have; absent ones do not filter. Each list documents which it knows. */
struct catalog_query {
    struct str q; /* words, all of which must occur */
    struct str user, team, tag, stage, state, api, version, app, plan, group, subject, kind;
    struct str revision; /* SHA-256; absent: the one in force */
    struct str severity, level, code, ruleset;
    bool mine;     /* apps: of my teams; subscriptions: of my teams' apps */
    bool awaiting; /* subscriptions, reviews: requested, and the principal may decide */
    struct str cursor;
    int64_t limit; /* 0: 50; ≤ 500 */
};
/** rows is an array of the record's struct. next is the cursor of the following page or absent. */
struct catalog_list {
    const void *rows;
    size_t count;
    struct str next;
    int64_t total; /* rows the filters match and the principal sees */
};
typedef bool catalog_list_fn(struct view *v, const struct principal *by,
                             const struct catalog_query *query, struct arena *mem,
                             struct catalog_list *out, struct err *err);
/** args: names from the path, outermost first. An object the principal may not see is
 * ERR_NOT_FOUND. */
typedef bool catalog_get_fn(struct view *v, const struct principal *by, const struct str *args,
                            struct arena *mem, void *row, struct err *err);

/* noun            list filters                          get args              row           */
catalog_list_fn catalog_users;        /*                                              struct user */
catalog_get_fn catalog_user;          /* name                                                     */
catalog_list_fn catalog_tokens;       /* user                                        struct token */
catalog_list_fn catalog_teams;        /* q, mine                                      struct team */
catalog_get_fn catalog_team;          /* slug                                                     */
catalog_list_fn catalog_members;      /* team                                       struct member */
catalog_list_fn catalog_apis;         /* q, team, tag, stage                           struct api */
catalog_get_fn catalog_api;           /* slug                                                     */
catalog_list_fn catalog_versions;     /* api                                       struct version */
catalog_get_fn catalog_version;       /* api, label                                               */
catalog_list_fn catalog_revisions;    /* api, version (may be absent)             struct revision */
catalog_get_fn catalog_revision;      /* api, label: the version's current one                    */
catalog_list_fn catalog_publications; /* api, version: revisions that were published, newest first
                                                                               struct revision */
catalog_list_fn catalog_operations;   /* api, version, q, tag                    struct operation */
catalog_get_fn catalog_operation;     /* api, label, operation's id                               */
catalog_list_fn catalog_plans;        /* api                                          struct plan */
catalog_get_fn catalog_plan;          /* slug                                                     */
catalog_list_fn catalog_apps;         /* q, team, mine                                 struct app */
catalog_get_fn catalog_app;           /* slug                                                     */
catalog_list_fn catalog_keys;         /* app                                           struct key */
catalog_list_fn
    catalog_subscriptions;           /* api, app, state, mine, awaiting      struct subscription */
catalog_get_fn catalog_subscription; /* id                                                       */
catalog_list_fn catalog_groups;      /*                                             struct group */
catalog_get_fn catalog_group;        /* slug                                                     */
catalog_list_fn catalog_gateways;    /* group                                     struct gateway */
catalog_get_fn catalog_gateway;      /* slug                                                     */
catalog_list_fn catalog_deployments; /* api, version, group                    struct deployment */
catalog_get_fn catalog_deployment;   /* id                                                       */
catalog_list_fn catalog_events; /* subject (slug or id), kind, api; newest first struct event */

/* Findings, changes and scores of a revision that is or was published are seen by who sees it; of
 * others, candidates included, by the API's team and operators. So are waivers and reviews. */
catalog_list_fn catalog_assessments; /* api, version, revision; newest first: the history of scores
                                                                              struct assessment */
catalog_get_fn catalog_assessment;   /* api, label: of the revision in force                     */
catalog_list_fn
    catalog_findings; /* api, version, revision, severity, code  struct revision_finding */
catalog_list_fn
    catalog_revision_changes;     /* api, version, revision, level  struct revision_change */
catalog_list_fn catalog_rulesets; /*                                        struct ruleset */
catalog_get_fn catalog_ruleset;   /* slug                                                  */
catalog_list_fn
    catalog_ruleset_revisions;      /* ruleset; newest first         struct ruleset_revision */
catalog_list_fn catalog_gate_rules; /* by position                          struct gate_rule */
catalog_get_fn catalog_gate_rule;   /* id                                                    */
catalog_list_fn catalog_waivers;    /* api, version; newest first              struct waiver */
catalog_get_fn catalog_waiver;      /* id                                                    */
catalog_list_fn catalog_reviews;    /* api, version, awaiting; newest first         struct review */
catalog_get_fn catalog_review;      /* id                                                         */

/** Tags of the APIs the principal sees, with counts, most used first. */
struct tag_count {
    struct str tag;
    int64_t count;
};
MUST_USE bool catalog_tags(struct view *v, const struct principal *by, struct arena *mem,
                           const struct tag_count **out, size_t *count, struct err *err);
/** A file of a version's current revision, byte-exact. path absent: the root document. args: api,
 * label. */
struct catalog_file {
    struct revision_file file;
    struct str bytes;
};
MUST_USE bool catalog_document(struct view *v, const struct principal *by, const struct str *args,
                               struct str path, struct arena *mem, struct catalog_file *out,
                               struct err *err);
/** The same revision's document, read; its other files are read as references lead there, so the
 * view must live as long. */
MUST_USE bool catalog_document_open(struct view *v, const struct principal *by,
                                    const struct str *args, struct arena *mem,
                                    struct oas_files **out, struct err *err);

/** The same revision's document as one file, appended to out, in the form and under the name of its
 * root. err: as from oas_bundle, but ERR_CONFLICT for what stands in the document. */
MUST_USE bool catalog_document_bundled(struct view *v, const struct principal *by,
                                       const struct str *args, struct arena *mem,
                                       struct revision_file *root, struct buf *out,
                                       struct err *err);

/** May `by` do this to that API / app (for showing buttons); the use case asks again. */
/* clang-format off */
#define ACTIONS(X)            \
    X(ACTION_USER_MANAGE)     \
    X(ACTION_TEAM_CREATE)     \
    X(ACTION_TEAM_CHANGE)     \
    X(ACTION_API_CREATE)      \
    X(ACTION_API_CHANGE)      \
    X(ACTION_API_PUBLISH)     \
    X(ACTION_PLAN_MANAGE)     \
    X(ACTION_APP_CREATE)      \
    X(ACTION_APP_CHANGE)      \
    X(ACTION_KEY_MANAGE)      \
    X(ACTION_ACCESS_ASK)      \
    X(ACTION_ACCESS_DECIDE)   \
    X(ACTION_ACCESS_WITHDRAW) \
    X(ACTION_GATEWAY_READ)    \
    X(ACTION_GATEWAY_MANAGE)  \
    X(ACTION_DEPLOY)          \
    X(ACTION_UPSTREAM_READ)   \
    X(ACTION_EVENT_READ)      \
    X(ACTION_LIVE_READ)       \
    X(ACTION_PASSWORD_CHANGE) \
    X(ACTION_TOKEN_CREATE)    \
    X(ACTION_TOKEN_READ)      \
    X(ACTION_TOKEN_REVOKE)    \
    X(ACTION_POLICY_MANAGE)   \
    X(ACTION_GATE_READ)       \
    X(ACTION_WAIVE)           \
    X(ACTION_REVIEW_ASK)      \
    X(ACTION_REVIEW_DECIDE)
/* clang-format on */
#define ACTION_ENUM(name) name,
enum action { ACTIONS(ACTION_ENUM) ACTION_COUNT };
#undef ACTION_ENUM
/** owner_id: the team that owns the object, or the user whose password or tokens it is about (0:
 * none). */
bool catalog_may(struct view *v, const struct principal *by, enum action action, int64_t owner_id);

/* --- changes ----------------------------------------------------------------------------------- *
 * in: struct change; args and body as noted; out: the row after the change unless noted.
 * PATCH-like ones need if_match: ERR_STALE when the row has moved on, ERR_INVALID "" when not told.
 */

change_fn user_create; /* body: user + "password" (text, ≥ 10 characters, optional)   struct user */
change_fn user_patch;  /* name */
change_fn team_create; /* the creator becomes owner                                   struct team */
change_fn team_patch;  /* slug */
change_fn member_put;  /* team, user; body {role}                                   struct member */
change_fn member_delete; /* team, user; out NULL */
change_fn api_create;    /* struct api */
change_fn api_patch;     /* slug */
change_fn api_delete;    /* slug; only while no version was ever published; out NULL */
change_fn
    version_create; /* api; body version                                        struct version */
change_fn version_patch;  /* api, label */
change_fn version_delete; /* api, label: drafts only; out NULL */
change_fn
    version_stage; /* api, label; body {stage, sunset_at, successor, reason}   struct version */
change_fn revision_add; /* api, label; import                                     struct revision */
change_fn plan_create;  /* struct plan */
change_fn plan_patch;   /* slug */
change_fn app_create;   /* struct app */
change_fn app_patch;    /* slug */
change_fn key_create;   /* app; body key                                          struct new_key */
change_fn key_revoke;   /* app, id; body {reason} or NULL                             struct key */
change_fn subscription_create; /* body subscription; automatic approval at once where so set  struct
                                  subscription */
change_fn subscription_approve;  /* id; body {reason, not_after} or NULL */
change_fn subscription_reject;   /* id; body {reason}: required */
change_fn subscription_withdraw; /* id; by the app's team */
change_fn subscription_suspend;  /* id; body {reason} */
change_fn subscription_resume;   /* id */
change_fn subscription_revoke;   /* id; body {reason} or NULL */
change_fn group_create;
change_fn group_patch;
change_fn gateway_create;
change_fn gateway_patch;     /* slug */
change_fn gateway_delete;    /* slug; out NULL */
change_fn gateway_token;     /* slug                                                 struct
                                new_gateway_token */
change_fn deployment_create; /* base path + host unique within the group; checked by
                                envoy_deployment_check; operations Envoy cannot carry are named in
                                the event's reason */
change_fn deployment_patch;  /* id */
change_fn deployment_delete; /* id; out NULL */
change_fn
    session_create; /* body {name, password_ok: true}; internal           struct new_session */
change_fn session_delete; /* by session; out NULL */
change_fn session_seen;   /* by session: moves the idle limit (called at most once a minute) */
change_fn
    token_create; /* user; body token; by that user and not by a token      struct new_token */
change_fn
    token_revoke;     /* user, id; by that user or an administrator                 struct token */
change_fn token_seen; /* by token: notes that it is in use (called at most once a minute) */
change_fn password_change; /* body {password}: one's own, the present one having been checked. Ends
                              all sessions; by session a new one follows      struct new_session */

struct new_key {
    struct key key;
    struct str secret; /* shown once */
};
struct new_gateway_token {
    struct gateway gateway;
    struct str token; /* shown once */
};
struct new_token {
    struct token token;
    struct str secret; /* shown once */
};
struct new_session {
    struct session session;
    struct str cookie; /* value to set; only its hash is stored */
};

/* --- documents -------------------------------------------------------------------------------- */

#define IMPORT_FILES_MOST 200
#define IMPORT_PATH_MOST  255 /* bytes */

/** One file of an upload, as a client sends it. */
struct import_part {
    struct str path, bytes;
};
struct import_file {
    struct str path, media_type; /* "schemas/pet.yaml", "application/yaml" */
    struct str bytes;
    struct str sha256; /* hexadecimal */
    struct str packed; /* gzip of bytes */
    bool root;
};
/** A document read on the caller's thread, ready for revision_add. */
struct import {
    const struct import_file *files; /* sorted by path */
    size_t file_count;
    struct oas_files *documents; /* the root and what it leads to, with their findings */
    struct oas_summary summary;
};
/** Reads a document in one file, of whose name the last part counts. err: ERR_INVALID "line L
 * column C" (unreadable, unknown version), ERR_LIMIT. mem and bytes must live until the change is
 * done. */
MUST_USE bool import_read(struct str bytes, struct str file_name, const struct tree_limits *limits,
                          struct arena *mem, struct import *out, struct err *err);
/** Reads a document in several files. Paths are relative, with slashes, no empty part and no "..".
 *  root: the path of the root, or absent: the only file that is an OpenAPI document. A single part
 *  without it is as for import_read. err: as there, places in other files than the root begin with
 *  their path; ERR_INVALID "body" for paths and root, ERR_LIMIT past IMPORT_FILES_MOST. */
MUST_USE bool import_read_parts(const struct import_part *parts, size_t count, struct str root,
                                const struct tree_limits *limits, struct arena *mem,
                                struct import *out, struct err *err);
/** What settings allow. */
struct tree_limits import_limits(int64_t bytes, int64_t depth, int64_t nodes);
/** For reading again what was imported, whatever the limits were then: the most there are. */
extern const struct tree_limits import_limits_most;

/* --- governance ------------------------------------------------------------------------------- */

/** Findings and changes of a document that are kept, the worst first. */
#define FINDINGS_KEPT 2000

/** What rulesets and the comparison find in a document, not stored yet. Texts live where it was
 *  made. The base is what it was compared with: the version's revision in force, and for a version
 *  that was never published the latest published revision of the API. */
struct assessment_made {
    struct assessment row; /* revision_id and made_at unset */
    const struct revision_finding *findings;
    size_t finding_count;
    const struct revision_change *changes;
    size_t change_count;
};
/** Judges an import by the rulesets that apply to the API, and compares it. args: api, label. On a
 *  thread that may take its time: never the writer's or an event loop's. Without it catalog_change
 *  does so by itself. mem must live until the change is done. */
MUST_USE bool import_assess(struct view *v, const struct principal *by, const struct str *args,
                            const struct import *import, struct arena *mem,
                            struct assessment_made *out, struct err *err);

/** One thing that the publish gate says. */
struct verdict_item {
    enum gate_action action; /* ALLOW: a waiver, an override or a review speaks for it */
    enum condition condition;
    struct str code;    /* of a finding or change; else "owner-missing" … */
    struct str pointer; /* of a finding, else absent */
    struct str detail, remedy;
    int64_t gate_rule, waiver; /* ids; waiver 0: none */
};
/** Lives where the change's or the call's memory does. */
struct verdict {
    bool blocked;
    const struct verdict_item *items; /* blocks first, then notices, then what is let through */
    size_t count;
    size_t blocks, notices, allowed;
};
/** What the gate would say to publishing the version's candidate, or else its document. args: api,
 *  label. For the API's team and operators: ERR_DENIED for others. */
MUST_USE bool catalog_verdict(struct view *v, const struct principal *by, const struct str *args,
                              struct arena *mem, struct verdict *out, struct err *err);

/** A revision of a ruleset with its text. args: slug. number 0: the latest. */
MUST_USE bool catalog_ruleset_text(struct view *v, const struct principal *by,
                                   const struct str *args, int64_t number, struct arena *mem,
                                   struct ruleset_revision *out, struct err *err);

/** One kind of finding, and what its rule says to do about it: absent where it says nothing, or
 *  where the ruleset is not for who asks. */
struct finding_remedy {
    struct str source, code; /* as findings have them */
    struct str remedy;
};
/** The place of a kind among those found so far, to which it is added when it is new. kinds has
 * room for as many as there are findings. */
size_t finding_kind(struct finding_remedy *kinds, size_t *count, struct str source,
                    struct str code);
/** Fills in the remedies. */
MUST_USE bool catalog_remedies(struct view *v, const struct principal *by,
                               struct finding_remedy *kinds, size_t count, struct arena *mem,
                               struct err *err);

/** What a published document would have to hear from a revision of a ruleset, were it in force. */
struct preview_row {
    struct str api, version;
    int64_t new_findings, new_errors, new_warnings;
    bool blocked, would_block; /* by the publish gate: now, and then */
    struct str first;          /* the worst of what is new; absent: nothing is */
};
struct preview {
    const struct preview_row *rows; /* documents with something new, or that fare otherwise */
    size_t count;
    int64_t judged;  /* documents on this page that the ruleset applies to */
    struct str next; /* cursor of the following page, or absent */
};
#define PREVIEW_MOST 100 /* documents a page; each is judged twice */
/** By operators. The ruleset applies as it is assigned, in force or not. args: slug. number 0: the
 *  latest. limit 0: 20. On a thread that may take its time. */
MUST_USE bool catalog_ruleset_preview(struct view *v, const struct principal *by,
                                      const struct str *args, int64_t number,
                                      const struct catalog_query *page, struct arena *mem,
                                      struct preview *out, struct err *err);

/** A document that was published, and what it changed of the one before. */
struct publication {
    struct revision revision;
    struct assessment assessment;          /* zeroed: nobody has compared it */
    const struct revision_change *changes; /* the worst first */
    size_t change_count;                   /* of those that were asked for */
};
struct changelog {
    const struct publication *rows;
    size_t count;
    struct str next;
    int64_t total;
};
/** The publications of an API, or of one version, each with changes_most changes at most. query as
 * of catalog_publications. err: ERR_NOT_FOUND for an API the principal does not see. */
MUST_USE bool catalog_changelog(struct view *v, const struct principal *by,
                                const struct catalog_query *query, int64_t changes_most,
                                struct arena *mem, struct changelog *out, struct err *err);

/* Changes; those that ask the gate (version_stage to published, revision_add to a version that is
 * published or deprecated) fill change.verdict. A blocked move is ERR_CONFLICT; a blocked upload is
 * stored and becomes the version's candidate, which version_stage to the stage it has puts in
 * force. version_stage takes "override" (text) besides: why a breaking change is published all the
 * same. */
change_fn ruleset_create;   /* by operators, as all of policy                     struct ruleset */
change_fn ruleset_patch;    /* slug; number puts a revision in force                        */
change_fn ruleset_put_text; /* slug; body {text}                       struct ruleset_revision */
change_fn gate_rule_create; /*                                                struct gate_rule */
change_fn gate_rule_patch;  /* id */
change_fn gate_rule_delete; /* id; out NULL */
change_fn waiver_create;    /* api; body waiver; by operators                    struct waiver */
change_fn waiver_revoke;    /* id */
change_fn review_create;    /* api, label; body review: of the candidate, or else the document
                                                                                 struct review */
change_fn review_approve;   /* id; body {reason} or NULL; by neither who asks nor who uploaded */
change_fn review_reject;    /* id; body {reason}: required */
change_fn review_withdraw;  /* id */

/* --- who asks --------------------------------------------------------------------------------- */

/** Checks name and password: costs one Argon2id for unknown names, too. ERR_UNAUTHENTICATED says
 * the same for all. */
MUST_USE bool sign_in_check(struct view *v, struct str name, struct str password, struct arena *mem,
                            struct principal *out, struct err *err);
/** Principal of a session cookie's value; ERR_UNAUTHENTICATED when it is over (30 min idle, 12 h in
 * all). */
MUST_USE bool principal_of_session(struct view *v, struct str cookie, struct arena *mem,
                                   struct principal *out, bool *stale_seen, struct err *err);
/** Principal of a personal token's text, limited by its scope. ERR_UNAUTHENTICATED says and costs
 * the same for unknown, revoked and expired ones. unseen: token_seen is due. */
MUST_USE bool principal_of_token(struct view *v, struct str text, struct arena *mem,
                                 struct principal *out, bool *unseen, struct err *err);
/** Principal of a Unix peer: root and the daemon's own account are local-admin; others by
 * unix_name. ERR_DENIED tells how to be mapped. */
MUST_USE bool principal_of_unix(struct view *v, unsigned uid, struct arena *mem,
                                struct principal *out, struct err *err);
extern const struct principal principal_anonymous, principal_internal;

/** One-time link for the first admin (chanceryd init): makes a code valid for an hour, stored
 * hashed. */
change_fn setup_code_create; /* by internal; out struct str */
change_fn setup_use;         /* body {code, name, password}: makes the admin once   struct user */

/* --- comparing -------------------------------------------------------------------------------- */

/** One side of a comparison. */
struct compared {
    struct revision revision;
    struct oas_files *documents; /* its files; they are read with the view that it came from */
};
struct comparison {
    struct compared from, to;
    struct diff_report report;
};
/** A revision and its document, or another file of it (path absent: the root). It is named by the
 * label of a version, whose revision in force it then is, or by the first 8 characters or more of
 * its SHA-256. where: what the name came from, for err. err: ERR_NOT_FOUND, ERR_LIMIT. */
MUST_USE bool catalog_revision_open(struct view *v, const struct principal *by, struct str api,
                                    struct str name, const char *where, struct str path,
                                    struct arena *mem, struct compared *out, struct err *err);
/** What changed between two revisions of an API, named as above. On a thread
 *  that may take its time: never an event loop's. All lives in mem. err: ERR_NOT_FOUND ("from",
 *  "to"; "" for the API), ERR_LIMIT for documents that are too large together. */
MUST_USE bool catalog_compare(struct view *v, const struct principal *by, struct str api,
                              struct str from, struct str to, struct arena *mem,
                              struct comparison *out, struct err *err);

/* --- what proxies are given ------------------------------------------------------------------- */

/** The current image for one reading thread. The pointer holds until the reader's next image_get or
 * image_idle. */
struct image_reader;
struct image_reader *image_reader_open(struct catalog *c);
void image_reader_close(struct image_reader *r);
const struct access_image *image_get(struct image_reader *r);
void image_idle(struct image_reader *r);

/** What has changed a group's consumer list since that version of it. Ask after image_get: the
 * changes are those of its image, or a few more. False when they have been forgotten. Texts in mem.
 */
MUST_USE bool catalog_changes(struct catalog *c, struct str group, uint64_t since,
                              struct arena *mem, struct access_changes *out);

/** Everything a group's proxies are configured with. Internal: no principal. */
MUST_USE bool catalog_snapshot(struct view *v, struct str group, struct arena *mem,
                               struct envoy_group *out, struct err *err);
/** All gateways with their token hashes, for authenticating proxies. rows: struct gateway. */
MUST_USE bool catalog_gateway_table(struct view *v, struct arena *mem, struct catalog_list *out,
                                    struct err *err);

/* --- care of the file ------------------------------------------------------------------------- */

struct catalog_report {
    int64_t events, files, rows;
    struct str problem; /* absent: sound */
};
/** Event chain, foreign keys, integrity, every stored file hashes to its name. Reads only. */
MUST_USE bool catalog_check(struct view *v, struct arena *mem, struct catalog_report *out,
                            struct err *err);
/** A consistent copy of the live file, in slices. err: ERR_CONFLICT when the target exists. */
MUST_USE bool catalog_backup(struct catalog *c, const char *target, struct err *err);
/** What a backup holds, and what is wrong with it. */
struct backup_report {
    struct catalog_report found;
    int schema;            /* of the file */
    int64_t last_event_at; /* 0: none */
    int64_t users, apis, apps, subscriptions;
};
/** Reads and verifies a backup; with a target (NULL: only that) and without a problem, writes it
 * there as a catalog of this program's schema, which has its name only once it is whole and
 * durable. Sessions and setup codes are left out: those that ended behind the backup would come
 * back. err: ERR_CONFLICT (there is a catalog at the target), ERR_NOT_FOUND, ERR_INVALID (the file
 * is no backup, or cannot be read as a whole), ERR_STALE (newer than this program), ERR_BUSY,
 * ERR_IO. */
MUST_USE bool catalog_restore(const char *file, const char *target, struct arena *mem,
                              struct backup_report *out, struct err *err);
/** Schema number this program writes. */
extern const int catalog_schema;

#endif
