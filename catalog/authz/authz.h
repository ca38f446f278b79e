/* The access image and the decision (DESIGN §6). Pure; decide() takes no lock and allocates
 * nothing. */
#ifndef CHANCERY_AUTHZ_H
#define CHANCERY_AUTHZ_H

#include "catalog/base/base.h"

/* --- what an image is made from --------------------------------------------------------------- */

/** Stages of a version, as far as a decision cares. */
enum access_stage {
    ACCESS_STAGE_DRAFT,
    ACCESS_STAGE_LIVE,
    ACCESS_STAGE_RETIRED,
    ACCESS_STAGE_GONE, /* in patches: has been deleted */
};
enum access_state {
    ACCESS_REQUESTED,
    ACCESS_APPROVED,
    ACCESS_SUSPENDED,
    ACCESS_EXPIRED,
    ACCESS_REVOKED,
    ACCESS_REJECTED,
};

struct access_operation {
    struct str key; /* "GET /pets/{petId}" */
    struct str method, path;
};
struct access_api {
    struct str slug;
    bool open; /* called without credentials */
};
/** version × group. Indices refer to the arrays of access_input. */
struct access_deployment {
    int64_t id;
    uint32_t api;
    struct str version_label, group;
    struct str base_path; /* "/pets" ; "" or "/" for the root */
    enum access_stage stage;
    const struct access_operation *operations;
    size_t operation_count;
    struct str
        router; /* compiled before from these operations, or STR_NONE; only keys count then */
};
struct access_app {
    struct str slug;
};
struct access_credential {
    struct sha256 sha256; /* of the key's text */
    uint32_t app;
    bool revoked;
    int64_t not_after_ms; /* 0: none */
};
struct access_plan {
    struct str slug;
    uint32_t rate_count, rate_period_ms, burst; /* rate_count 0: unlimited */
    uint32_t quota_count;                       /* 0: none */
    bool quota_monthly;                         /* else daily; UTC windows */
    const struct str *operations;               /* keys; NULL means all */
    size_t operation_count;
};
struct access_grant {
    int64_t subscription;
    uint32_t app, api, plan;
    enum access_state state;
    int64_t not_before_ms, not_after_ms; /* 0: none */
};
/** The number of the last change that touches a group's list. */
struct access_group {
    struct str slug;
    uint64_t version;
};
struct access_input {
    uint64_t version; /* number of the last event that changed access */
    int64_t built_at_ms;
    uint64_t origin;     /* what groups have for a number unless told */
    uint64_t under;      /* a patch: access_checksum of the image it is for */
    struct sha256 stamp; /* what the version was made from; compared by who opens a file */
    const struct access_group *groups;
    size_t group_count;
    const struct access_api *apis;
    size_t api_count;
    const struct access_deployment *deployments;
    size_t deployment_count;
    const struct access_app *apps;
    size_t app_count;
    const struct access_credential *credentials;
    size_t credential_count;
    const struct access_plan *plans;
    size_t plan_count;
    const struct access_grant *grants;
    size_t grant_count;
};

/** Appends a checksummed image; the same input gives the same bytes. An operation that cannot be
 * compiled is left out and therefore refused; of two operations with the same method and path the
 * first is kept. err: ERR_INVALID (index out of range, two credentials with one hash, two
 * deployments with one id, an id that is not positive, a rate without a period; where names it),
 * ERR_LIMIT. */
MUST_USE bool access_build(const struct access_input *in, struct buf *out, struct err *err);

/* --- reading ---------------------------------------------------------------------------------- */

/** A view of image bytes, which must outlive it; 16-byte aligned bytes are required. */
struct access_image {
    struct str bytes;
    struct str patch; /* lies over them; absent when there is none */
    uint64_t version;
    int64_t built_at_ms;
    uint64_t serial; /* of this view among all that were published; 0: it was not */
};
/** Checks magic, format, checksum and every bound once; deciding trusts it. err: ERR_INVALID. */
MUST_USE bool access_open(struct str bytes, struct access_image *out, struct err *err);

/** A patch is an image of its own that holds what has changed since another one was built, each
 * thing as it is now: keys; apps, each with all its grants; plans and APIs; deployments, also those
 * that are no more. What it does not hold is as the image below says. Lays one over an image
 * without a patch; both must outlive out. err: ERR_INVALID when the patch was made for another
 * image. */
MUST_USE bool access_lay(const struct access_image *base, const struct access_image *patch,
                         struct access_image *out, struct err *err);
/** Appends one image that says what a laid one does: the bytes that access_build gives for what
 * holds now, when nothing but deployments has been deleted. */
MUST_USE bool access_fold(const struct access_image *image, struct buf *out, struct err *err);
/** Appends one patch for two that follow each other (older may be NULL), to lie over the image of
 * the checksum `under`. groups: those whose number moves with the newer one. */
MUST_USE bool access_join(const struct access_image *older, const struct access_image *newer,
                          uint64_t under, const struct access_group *groups, size_t group_count,
                          struct buf *out, struct err *err);
uint64_t access_checksum(const struct access_image *image);
struct sha256 access_stamp(const struct access_image *image); /* the patch's, when there is one */
/** The number of the last change that touches the group's list. */
uint64_t access_group_version(const struct access_image *image, struct str group);

/** What may change a group's list: an app's keys and grants, a plan, an API's deployments. */
enum access_concern_kind { CONCERN_APP, CONCERN_API, CONCERN_PLAN };
struct access_concern {
    enum access_concern_kind kind;
    struct str name, group; /* texts of the images */
};
/** What a patch (not yet joined or laid) changes of an image's lists; rows in mem. A group that is
 * not named has the same list as before. A grant that was approved once must stay in the images, in
 * whatever state: who asks for changes by an API could not be told of one that has vanished. */
size_t access_concerns(const struct access_image *before, const struct access_image *patch,
                       struct arena *mem, const struct access_concern **out);

/** A deployment as the image knows it; texts point into the image. */
struct access_place {
    int64_t id;
    struct str api, version_label, group;
    struct str base_path; /* without a slash at its end; "" is the root */
    enum access_stage stage;
    bool open;
    size_t operation_count;
};
/** Deployments by ascending id. image may be NULL: none. */
size_t access_place_count(const struct access_image *image);
/** False past the end; out is then untouched. */
bool access_place_at(const struct access_image *image, size_t index, struct access_place *out);
/** False when the image has no such deployment. */
bool access_place_find(const struct access_image *image, int64_t id, struct access_place *out);
/** The group a deployment belongs to; false when there is no such deployment. */
bool access_deployment_group(const struct access_image *image, int64_t deployment,
                             struct str *group);

/* --- limits ----------------------------------------------------------------------------------- */

/** GCRA and quota state by subscription id; survives image changes; belongs to one thread. A burst
 *  of 0 counts as 1. A call refused for its rate or quota takes from neither. */
struct limiter;
struct limiter *limiter_new(void);
void limiter_free(struct limiter *l);
/** Makes room for an image's grants; call when a new image is taken up, never while deciding. Cheap
 *  unless the number of metered grants has outgrown the room. A subscription without room is
 *  refused as rate_limited. */
void limiter_prepare(struct limiter *l, const struct access_image *image);

/** Everything that still binds somebody, for the process that decides next on this host. */
void limiter_save(const struct limiter *l, int64_t now_ms, struct buf *out);
/** When a call was taken last; 0: none has been. */
int64_t limiter_last_ms(const struct limiter *l);
/** Takes what another limiter has saved, in place of all it has itself. err: ERR_INVALID; then it
 * is unchanged. */
MUST_USE bool limiter_load(struct limiter *l, struct str saved, int64_t now_ms, struct err *err);

/* --- deciding --------------------------------------------------------------------------------- */

/** One row a refusal: name in answers, HTTP status, sentence, remedy. */
#define DENY_CODES(X)                                                                              \
    X(DENY_NONE, "ok", 200, "allowed", "")                                                         \
    X(DENY_OPERATION_UNKNOWN, "operation_unknown", 404, "no operation has this path",              \
      "compare the path with the API's page")                                                      \
    X(DENY_IMAGE_STALE, "image_stale", 503, "the list of approved consumers is out of date",       \
      "try again in a moment")                                                                     \
    X(DENY_API_RETIRED, "api_retired", 410, "this version has been retired",                       \
      "see the API's page for its successor")                                                      \
    X(DENY_CREDENTIAL_MISSING, "credential_missing", 401, "no API key was sent",                   \
      "send your app's key in the X-API-Key header")                                               \
    X(DENY_CREDENTIAL_UNKNOWN, "credential_unknown", 401, "the API key is not known",              \
      "check that the key was copied whole")                                                       \
    X(DENY_CREDENTIAL_EXPIRED, "credential_expired", 401, "the API key has expired",               \
      "make a new key on your app's page")                                                         \
    X(DENY_CREDENTIAL_REVOKED, "credential_revoked", 401, "the API key has been revoked",          \
      "make a new key on your app's page")                                                         \
    X(DENY_NOT_SUBSCRIBED, "not_subscribed", 403, "the app has no access to this API",             \
      "ask for access on the API's page")                                                          \
    X(DENY_SUBSCRIPTION_PENDING, "subscription_pending", 403,                                      \
      "access has been requested but not yet approved", "wait for the API's owners to decide")     \
    X(DENY_SUBSCRIPTION_SUSPENDED, "subscription_suspended", 403, "access is suspended",           \
      "ask the API's owners why")                                                                  \
    X(DENY_SUBSCRIPTION_EXPIRED, "subscription_expired", 403, "access has ended",                  \
      "ask for access again on the API's page")                                                    \
    X(DENY_METHOD_NOT_ALLOWED, "method_not_allowed", 405,                                          \
      "the path is known, but not with this method", "use a method of the Allow header")           \
    X(DENY_OPERATION_NOT_IN_PLAN, "operation_not_in_plan", 403,                                    \
      "the app's plan does not cover this operation", "ask for a plan that covers it")             \
    X(DENY_RATE_LIMITED, "rate_limited", 429, "too many requests for the app's plan",              \
      "wait as long as Retry-After says")                                                          \
    X(DENY_QUOTA_EXHAUSTED, "quota_exhausted", 429, "the plan's quota for this period is used up", \
      "wait for the next period or ask for a larger plan")

#define DENY_ENUM(name, text, status, sentence, remedy) name,
enum deny_code { DENY_CODES(DENY_ENUM) DENY_CODE_COUNT };
#undef DENY_ENUM
const char *deny_name(enum deny_code code);
int deny_status(enum deny_code code);
const char *deny_sentence(enum deny_code code);
const char *deny_remedy(enum deny_code code);
/** Writes the problem+json body of a refusal (RFC 9457: type, title, status, detail, code,
 * request_id). */
void deny_body(enum deny_code code, struct str request_id, struct buf *out);

struct check_request {
    int64_t deployment; /* 0: none named */
    struct str method;
    struct str path; /* the client's raw path, with or without query */
    struct str key;  /* API key as sent, STR_NONE when absent */
    struct str app;  /* dry runs only, in place of a key: as if that app sent a valid one */
    bool preflight;  /* OPTIONS with Origin and Access-Control-Request-Method */
    bool dry_run;    /* "ask": takes nothing from limits */
};
/** All texts point into the image. */
struct decision {
    enum deny_code code; /* DENY_NONE: allowed */
    struct str app, api, version_label, plan, operation;
    int64_t subscription;
    int64_t retry_after_ms; /* 429 only: after that long the call passes if none comes between */
    /* When the plan has a rate (limit 0: none): calls possible at once when idle, calls possible at
     * once now, ms until the whole burst is there again. */
    uint32_t limit, remaining;
    int64_t reset_ms;
    struct str allow;     /* 405 only: "GET, HEAD"; points into allow_text, so copy with care */
    char allow_text[128]; /* a longer list ends at a whole method */
};
/** Decides one call, in DESIGN §6's order; on a refusal out says as much as was known by then.
 * image NULL or older than stale_after_ms (0: never): refused. limiter may be NULL only with
 * dry_run.
 *
 * A preflight is allowed wherever a live deployment is. An open API is allowed before its paths are
 * looked at; its operation is named when there is one. A credential both expired and revoked is
 * expired. Of several grants for the same app and API the one that lets most through speaks: an
 * approved one inside its time that covers the operation, else an approved one, else pending before
 * suspended before ended before rejected; equals by lowest subscription. Approved but not yet begun
 * is subscription_pending; ended by time or revoked is subscription_expired; rejected is
 * not_subscribed. Times: not_before is the first ms of access, not_after the first without. */
void decide(const struct access_image *image, struct limiter *limiter,
            const struct check_request *request, int64_t stale_after_ms, int64_t now_ms,
            struct decision *out);

/* --- the approved-consumer list (DESIGN §7) --------------------------------------------------- */

/** Writes the list of one group as JSON, sorted by app: approved grants that have not ended, on
 * APIs with a live deployment there, and credentials neither revoked nor ended; an app without
 * either is left out. Times are RFC 3339 or null, rate is null for none. image->version is the
 * list's. ttl_s as told. An empty list is [] with a version. */
void access_consumers(const struct access_image *image, struct str group, int64_t now_ms,
                      int64_t ttl_s, struct buf *out);

/** The same in pieces of some 32 KiB, for any size of list in little memory. */
struct access_changes { /* each sorted by text; twice the same does no harm */
    const struct str *apps, *apis, *plans;
    size_t app_count, api_count, plan_count;
};
/** JSON, or maps for proxies that decide by themselves. A map holds what is in force at now_ms, and
 * only what it can say: of the grants for one app and API those that stand before the first one
 * whose plan has a rate or a quota. What it leaves out, the proxy refuses.
 *
 * Words of maps. Keys: SHA-256 in lower-case digits -> app. Grants: APP:API -> plan for all
 * operations, APP:API:METHOD:/path -> plan for one. Operations, in the order in which they are to
 * be tried: a regular expression of API/VERSION:METHOD:/path?query -> METHOD:/path template, or
 * "open" (the API asks for no key), "retired" (the version), "method" (the path has others). */
enum access_list_form {
    ACCESS_LIST_JSON,
    ACCESS_LIST_HAPROXY_CONSUMERS, /* keys and grants: "WORD VALUE" lines */
    ACCESS_LIST_HAPROXY_OPERATIONS,
    ACCESS_LIST_NGINX, /* all, as map blocks */
    ACCESS_LIST_FORM_COUNT
};
struct access_list_options {
    enum access_list_form form;
    struct str group; /* all texts must outlive the list */
    uint64_t version;
    int64_t now_ms, ttl_s;
    /** Only what may be different since version `since`, when these are the group's concerns:
     * "changed" holds the apps as they are now, "removed" the slugs of those that are not on the
     * list. NULL: the whole list; maps are always whole. */
    const struct access_changes *changes;
    uint64_t since;
};
struct access_list;
/** The image must outlive the list. */
struct access_list *access_list_open(const struct access_image *image,
                                     const struct access_list_options *options);
/** Appends the next piece to out, which the caller empties between pieces; false: that was all. */
bool access_list_next(struct access_list *l, struct buf *out);
/** Once it has been written: when it becomes another one by itself, because something on it begins
 * or ends; INT64_MAX: never. */
int64_t access_list_changes_at(const struct access_list *l);
void access_list_close(struct access_list *l);

#endif
