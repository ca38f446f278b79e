/* The nouns of the catalog: plain structs, and for each one field table that drives JSON, SQL
 * columns, templates and console tables. A new field is one row here, one ALTER TABLE in the next
 * migration and one property in data/openapi.yaml. The lists of rulesets, findings, gate, waivers
 * and reviews stand in governance.h. */
#ifndef CHANCERY_MODEL_H
#define CHANCERY_MODEL_H

#include "catalog/base/base.h"
#include "catalog/model/governance.h"

/* --- field tables ----------------------------------------------------------------------------- */

/* type     C member      JSON                          SQL
 * ID       int64_t       13 characters                 INTEGER (0: NULL)
 * TEXT     struct str    string, null when absent      TEXT
 * INT      int64_t       number                        INTEGER
 * BOOL     bool          true, false                   INTEGER
 * TIME     int64_t ms    RFC 3339, null for 0          INTEGER (0: NULL)
 * ENUM     int           its name                      TEXT (its name)
 * LIST     struct str    array of strings              TEXT: the same JSON, no blanks
 * ROWS     struct str    array of objects              none: JOINED only, the same JSON
 * BYTES    struct str    never                         BLOB */
#define FIELD_TYPES(X)  \
    X(ID, int64_t)      \
    X(TEXT, struct str) \
    X(INT, int64_t)     \
    X(BOOL, bool)       \
    X(TIME, int64_t)    \
    X(ENUM, int)        \
    X(LIST, struct str) \
    X(ROWS, struct str) \
    X(BYTES, struct str)

#define FIELD_TYPE_ENUM(type, c) FIELD_##type,
enum field_type { FIELD_TYPES(FIELD_TYPE_ENUM) FIELD_TYPE_COUNT };
#undef FIELD_TYPE_ENUM

typedef int64_t FIELD_C_ID;
typedef struct str FIELD_C_TEXT;
typedef int64_t FIELD_C_INT;
typedef bool FIELD_C_BOOL;
typedef int64_t FIELD_C_TIME;
typedef int FIELD_C_ENUM;
typedef struct str FIELD_C_LIST;
typedef struct str FIELD_C_ROWS;
typedef struct str FIELD_C_BYTES;

enum field_flags {
    FIELD_READ = 0,          /* made by the server; in a body: 422 */
    FIELD_CREATE = 1 << 0,   /* may be given at creation */
    FIELD_CHANGE = 1 << 1,   /* may be given in a PATCH */
    FIELD_REQUIRED = 1 << 2, /* must be given at creation, never null */
    FIELD_HIDDEN = 1 << 3,   /* never leaves the service */
    FIELD_JOINED = 1 << 4,   /* no column of its own: its SQL expression reads it */
    FIELD_SLUG = 1 << 5,     /* [a-z][a-z0-9-]{0,62} */
    FIELD_LABEL = 1 << 6,    /* [A-Za-z0-9][A-Za-z0-9._-]{0,31} */
    FIELD_SET = FIELD_CREATE | FIELD_CHANGE,
    FIELD_NEED = FIELD_CREATE | FIELD_CHANGE | FIELD_REQUIRED,
};

struct names {
    const char *const *name;
    int count;
};

struct field {
    const char *name;
    enum field_type type;
    unsigned flags;
    size_t offset;
    const struct names *names; /* ENUM */
    int64_t most;              /* TEXT and LIST: bytes; INT: largest value */
    const char *sql;           /* JOINED: expression over the record's table */
};

struct record {
    const char *name; /* "api" */
    const char *noun; /* "API": one of them in messages */
    const char *table;
    size_t size;
    const struct field *fields;
    size_t field_count;
};

/* --- enumerations: one row a value, first is the default -------------------------------------- */

#define ROLE_NAMES(X) X(ROLE_USER, "user") X(ROLE_OPERATOR, "operator") X(ROLE_ADMIN, "admin")
#define MEMBER_ROLE_NAMES(X) \
    X(MEMBER_MEMBER, "member") X(MEMBER_MAINTAINER, "maintainer") X(MEMBER_OWNER, "owner")
#define VISIBILITY_NAMES(X)            \
    X(VISIBILITY_INTERNAL, "internal") \
    X(VISIBILITY_PUBLIC, "public") X(VISIBILITY_PRIVATE, "private")
#define API_ACCESS_NAMES(X) X(API_ACCESS_APPROVED, "approved") X(API_ACCESS_OPEN, "open")
#define APPROVAL_NAMES(X)   X(APPROVAL_MANUAL, "manual") X(APPROVAL_AUTOMATIC, "automatic")
#define STAGE_NAMES(X)      \
    X(STAGE_DRAFT, "draft") \
    X(STAGE_PUBLISHED, "published") X(STAGE_DEPRECATED, "deprecated") X(STAGE_RETIRED, "retired")
#define SUB_STATE_NAMES(X)        \
    X(SUB_REQUESTED, "requested") \
    X(SUB_APPROVED, "approved")   \
    X(SUB_SUSPENDED, "suspended") \
    X(SUB_EXPIRED, "expired")     \
    X(SUB_REVOKED, "revoked") X(SUB_REJECTED, "rejected") X(SUB_WITHDRAWN, "withdrawn")
#define QUOTA_PERIOD_NAMES(X) X(QUOTA_DAY, "day") X(QUOTA_MONTH, "month")
/* Each allows what those before it do: see what the owner sees; change what the owner's teams may;
 * use the owner's role as operator or administrator. */
#define SCOPE_NAMES(X) X(SCOPE_READ, "read") X(SCOPE_WRITE, "write") X(SCOPE_ADMIN, "admin")

#define NAMES_ENUM(value, text) value,
enum role { ROLE_NAMES(NAMES_ENUM) ROLE_COUNT };
enum member_role { MEMBER_ROLE_NAMES(NAMES_ENUM) MEMBER_ROLE_COUNT };
enum visibility { VISIBILITY_NAMES(NAMES_ENUM) VISIBILITY_COUNT };
enum api_access { API_ACCESS_NAMES(NAMES_ENUM) API_ACCESS_COUNT };
enum approval { APPROVAL_NAMES(NAMES_ENUM) APPROVAL_COUNT };
enum stage { STAGE_NAMES(NAMES_ENUM) STAGE_COUNT };
enum sub_state { SUB_STATE_NAMES(NAMES_ENUM) SUB_STATE_COUNT };
enum quota_period { QUOTA_PERIOD_NAMES(NAMES_ENUM) QUOTA_PERIOD_COUNT };
enum token_scope { SCOPE_NAMES(NAMES_ENUM) SCOPE_COUNT };
enum found_severity { FOUND_NAMES(NAMES_ENUM) FOUND_COUNT };
enum change_level { CHANGE_LEVEL_NAMES(NAMES_ENUM) CHANGE_LEVEL_COUNT };
enum condition { CONDITION_NAMES(NAMES_ENUM) CONDITION_COUNT };
enum gate_action { GATE_ACTION_NAMES(NAMES_ENUM) GATE_ACTION_COUNT };
enum review_state { REVIEW_STATE_NAMES(NAMES_ENUM) REVIEW_STATE_COUNT };
#undef NAMES_ENUM

extern const struct names names_role, names_member_role, names_visibility, names_api_access,
    names_approval, names_stage, names_sub_state, names_quota_period, names_scope, names_found,
    names_change_level, names_condition, names_gate_action, names_review_state;
const char *name_of(const struct names *names, int value);
/** -1 when there is no such name. */
int value_of(const struct names *names, struct str name);

/* --- records ----------------------------------------------------------------------------------- *
 * F(name, TYPE, flags, names, most, sql) */

/* `etag` counts the changes of a row; outside it is the ETag of If-Match. */
#define USER_FIELDS(F)                                                        \
    F(id, ID, FIELD_READ, NULL, 0, NULL)                                      \
    F(name, TEXT, FIELD_CREATE | FIELD_REQUIRED | FIELD_SLUG, NULL, 63, NULL) \
    F(display_name, TEXT, FIELD_SET, NULL, 120, NULL)                         \
    F(email, TEXT, FIELD_SET, NULL, 254, NULL)                                \
    F(role, ENUM, FIELD_SET, &names_role, 0, NULL)                            \
    F(unix_name, TEXT, FIELD_SET, NULL, 32, NULL)                             \
    F(disabled, BOOL, FIELD_CHANGE, NULL, 0, NULL)                            \
    F(password_hash, TEXT, FIELD_HIDDEN, NULL, 128, NULL)                     \
    F(created_at, TIME, FIELD_READ, NULL, 0, NULL)                            \
    F(etag, INT, FIELD_HIDDEN, NULL, 0, NULL)

#define TEAM_FIELDS(F)                                                        \
    F(id, ID, FIELD_READ, NULL, 0, NULL)                                      \
    F(slug, TEXT, FIELD_CREATE | FIELD_REQUIRED | FIELD_SLUG, NULL, 63, NULL) \
    F(name, TEXT, FIELD_NEED, NULL, 120, NULL)                                \
    F(description, TEXT, FIELD_SET, NULL, 4000, NULL)                         \
    F(contact, TEXT, FIELD_SET, NULL, 254, NULL)                              \
    F(on_call, TEXT, FIELD_SET, NULL, 254, NULL)                              \
    F(member_count, INT, FIELD_JOINED, NULL, 0,                               \
      "(SELECT count(*) FROM member m WHERE m.team_id = team.id)")            \
    F(created_at, TIME, FIELD_READ, NULL, 0, NULL)                            \
    F(etag, INT, FIELD_HIDDEN, NULL, 0, NULL)

#define MEMBER_FIELDS(F)                                            \
    F(id, ID, FIELD_HIDDEN, NULL, 0, NULL)                          \
    F(team_id, ID, FIELD_HIDDEN, NULL, 0, NULL)                     \
    F(user_id, ID, FIELD_HIDDEN, NULL, 0, NULL)                     \
    F(team, TEXT, FIELD_JOINED, NULL, 0,                            \
      "(SELECT t.slug FROM team t WHERE t.id = member.team_id)")    \
    F(user, TEXT, FIELD_JOINED, NULL, 0,                            \
      "(SELECT u.name FROM account u WHERE u.id = member.user_id)") \
    F(role, ENUM, FIELD_SET, &names_member_role, 0, NULL)

#define API_FIELDS(F)                                                                                                                                                                                                                                                                     \
    F(id, ID, FIELD_READ, NULL, 0, NULL)                                                                                                                                                                                                                                                  \
    F(slug, TEXT, FIELD_CREATE | FIELD_REQUIRED | FIELD_SLUG, NULL, 63, NULL)                                                                                                                                                                                                             \
    F(name, TEXT, FIELD_NEED, NULL, 120, NULL)                                                                                                                                                                                                                                            \
    F(team_id, ID, FIELD_HIDDEN, NULL, 0, NULL)                                                                                                                                                                                                                                           \
    F(team, TEXT, FIELD_JOINED | FIELD_NEED, NULL, 63,                                                                                                                                                                                                                                    \
      "(SELECT t.slug FROM team t WHERE t.id = api.team_id)")                                                                                                                                                                                                                             \
    F(summary, TEXT, FIELD_SET, NULL, 240, NULL)                                                                                                                                                                                                                                          \
    F(description, TEXT, FIELD_SET, NULL, 16000, NULL)                                                                                                                                                                                                                                    \
    F(visibility, ENUM, FIELD_SET, &names_visibility, 0, NULL)                                                                                                                                                                                                                            \
    F(allowed_teams, LIST, FIELD_JOINED | FIELD_SET, NULL, 4000,                                                                                                                                                                                                                          \
      "(SELECT json_group_array(t.slug) FROM (SELECT t.slug FROM api_team a JOIN team t ON t.id = a.team_id WHERE a.api_id = api.id ORDER BY t.slug) t)")                                                                                                                                 \
    F(access, ENUM, FIELD_SET, &names_api_access, 0, NULL)                                                                                                                                                                                                                                \
    F(approval, ENUM, FIELD_SET, &names_approval, 0, NULL)                                                                                                                                                                                                                                \
    F(tags, LIST, FIELD_SET, NULL, 1000, NULL)                                                                                                                                                                                                                                            \
    F(tier, INT, FIELD_SET, NULL, 5, NULL)                                                                                                                                                                                                                                                \
    F(data_class, TEXT, FIELD_SET, NULL, 40, NULL)                                                                                                                                                                                                                                        \
    F(version_count, INT, FIELD_JOINED, NULL, 0,                                                                                                                                                                                                                                          \
      "(SELECT count(*) FROM version v WHERE v.api_id = api.id AND v.stage <> 'draft')")                                                                                                                                                                                                  \
    F(operation_count, INT, FIELD_JOINED, NULL, 0,                                                                                                                                                                                                                                        \
      "(SELECT coalesce(max(n.operation_count), 0) FROM (SELECT r.operation_count FROM version v JOIN revision r ON r.id = v.revision_id WHERE v.api_id = api.id AND v.stage IN ('published', 'deprecated') ORDER BY v.stage <> 'published', v.published_at DESC, v.id DESC LIMIT 1) n)") \
    F(subscription_count, INT, FIELD_JOINED, NULL, 0,                                                                                                                                                                                                                                     \
      "(SELECT count(*) FROM subscription s WHERE s.api_id = api.id AND s.state = 'approved')")                                                                                                                                                                                           \
    F(stage, ENUM, FIELD_JOINED, &names_stage, 0,                                                                                                                                                                                                                                         \
      "(SELECT v.stage FROM version v WHERE v.api_id = api.id ORDER BY v.stage <> 'published', v.stage <> 'deprecated', v.stage <> 'retired' LIMIT 1)")                                                                                                                                   \
    F(created_at, TIME, FIELD_READ, NULL, 0, NULL)                                                                                                                                                                                                                                        \
    F(updated_at, TIME, FIELD_READ, NULL, 0, NULL)                                                                                                                                                                                                                                        \
    F(etag, INT, FIELD_HIDDEN, NULL, 0, NULL)

/* candidate: a revision that waits until the gate lets it follow the one in force. */
#define VERSION_FIELDS(F)                                                                         \
    F(id, ID, FIELD_READ, NULL, 0, NULL)                                                          \
    F(api_id, ID, FIELD_HIDDEN, NULL, 0, NULL)                                                    \
    F(api, TEXT, FIELD_JOINED, NULL, 0, "(SELECT a.slug FROM api a WHERE a.id = version.api_id)") \
    F(label, TEXT, FIELD_CREATE | FIELD_REQUIRED | FIELD_LABEL, NULL, 32, NULL)                   \
    F(stage, ENUM, FIELD_READ, &names_stage, 0, NULL)                                             \
    F(revision_id, ID, FIELD_HIDDEN, NULL, 0, NULL)                                               \
    F(revision, TEXT, FIELD_JOINED, NULL, 0,                                                      \
      "(SELECT r.sha256 FROM revision r WHERE r.id = version.revision_id)")                       \
    F(candidate_id, ID, FIELD_HIDDEN, NULL, 0, NULL)                                              \
    F(candidate, TEXT, FIELD_JOINED, NULL, 0,                                                     \
      "(SELECT r.sha256 FROM revision r WHERE r.id = version.candidate_id)")                      \
    F(title, TEXT, FIELD_JOINED, NULL, 0,                                                         \
      "(SELECT r.title FROM revision r WHERE r.id = version.revision_id)")                        \
    F(spec_version, TEXT, FIELD_JOINED, NULL, 0,                                                  \
      "(SELECT r.spec_version FROM revision r WHERE r.id = version.revision_id)")                 \
    F(operation_count, INT, FIELD_JOINED, NULL, 0,                                                \
      "(SELECT r.operation_count FROM revision r WHERE r.id = version.revision_id)")              \
    F(sunset_at, TIME, FIELD_CHANGE, NULL, 0, NULL)                                               \
    F(successor, TEXT, FIELD_CHANGE | FIELD_LABEL, NULL, 32, NULL)                                \
    F(published_at, TIME, FIELD_READ, NULL, 0, NULL)                                              \
    F(created_at, TIME, FIELD_READ, NULL, 0, NULL)                                                \
    F(etag, INT, FIELD_HIDDEN, NULL, 0, NULL)

/* files: as REVISION_FILE_FIELDS has them, by path. published_at: when it came into force last, in
 * a version that is no draft. */
#define REVISION_FIELDS(F)                                                                                   \
    F(id, ID, FIELD_READ, NULL, 0, NULL)                                                                     \
    F(version_id, ID, FIELD_HIDDEN, NULL, 0, NULL)                                                           \
    F(version, TEXT, FIELD_JOINED, NULL, 0,                                                                  \
      "(SELECT v.label FROM version v WHERE v.id = revision.version_id)")                                    \
    F(sha256, TEXT, FIELD_READ, NULL, 64, NULL)                                                              \
    F(format, TEXT, FIELD_READ, NULL, 20, NULL)                                                              \
    F(parser, INT, FIELD_READ, NULL, 0, NULL)                                                                \
    F(title, TEXT, FIELD_READ, NULL, 400, NULL)                                                              \
    F(spec_version, TEXT, FIELD_READ, NULL, 20, NULL)                                                        \
    F(info_version, TEXT, FIELD_READ, NULL, 80, NULL)                                                        \
    F(description, TEXT, FIELD_READ, NULL, 0, NULL)                                                          \
    F(servers, LIST, FIELD_READ, NULL, 0, NULL)                                                              \
    F(operation_count, INT, FIELD_READ, NULL, 0, NULL)                                                       \
    F(finding_count, INT, FIELD_JOINED, NULL, 0,                                                             \
      "(SELECT a.finding_count FROM assessment a WHERE a.revision_id = revision.id)")                        \
    F(files, ROWS, FIELD_JOINED, NULL, 0,                                                                    \
      "(SELECT json_group_array(json_object('path', f.path, 'media_type', f.media_type, 'sha256', f.sha256," \
      " 'size_bytes', f.size_bytes, 'root', json(CASE f.root WHEN 1 THEN 'true' ELSE 'false' END)))"         \
      " FROM (SELECT * FROM revision_file WHERE revision_id = revision.id ORDER BY path) f)")                \
    F(created_by, TEXT, FIELD_READ, NULL, 63, NULL)                                                          \
    F(created_at, TIME, FIELD_READ, NULL, 0, NULL)                                                           \
    F(published_at, TIME, FIELD_READ, NULL, 0, NULL)

#define REVISION_FILE_FIELDS(F)                      \
    F(id, ID, FIELD_HIDDEN, NULL, 0, NULL)           \
    F(revision_id, ID, FIELD_HIDDEN, NULL, 0, NULL)  \
    F(path, TEXT, FIELD_READ, NULL, 400, NULL)       \
    F(media_type, TEXT, FIELD_READ, NULL, 100, NULL) \
    F(sha256, TEXT, FIELD_READ, NULL, 64, NULL)      \
    F(size_bytes, INT, FIELD_READ, NULL, 0, NULL)    \
    F(root, BOOL, FIELD_READ, NULL, 0, NULL)

#define OPERATION_FIELDS(F)                          \
    F(id, ID, FIELD_READ, NULL, 0, NULL)             \
    F(revision_id, ID, FIELD_HIDDEN, NULL, 0, NULL)  \
    F(position, INT, FIELD_HIDDEN, NULL, 0, NULL)    \
    F(key, TEXT, FIELD_READ, NULL, 0, NULL)          \
    F(method, TEXT, FIELD_READ, NULL, 0, NULL)       \
    F(path, TEXT, FIELD_READ, NULL, 0, NULL)         \
    F(operation_id, TEXT, FIELD_READ, NULL, 0, NULL) \
    F(summary, TEXT, FIELD_READ, NULL, 0, NULL)      \
    F(description, TEXT, FIELD_READ, NULL, 0, NULL)  \
    F(tags, LIST, FIELD_READ, NULL, 0, NULL)         \
    F(deprecated, BOOL, FIELD_READ, NULL, 0, NULL)   \
    F(servable, BOOL, FIELD_READ, NULL, 0, NULL)

#define PLAN_FIELDS(F)                                                                                                                                    \
    F(id, ID, FIELD_READ, NULL, 0, NULL)                                                                                                                  \
    F(slug, TEXT, FIELD_CREATE | FIELD_REQUIRED | FIELD_SLUG, NULL, 63, NULL)                                                                             \
    F(name, TEXT, FIELD_NEED, NULL, 120, NULL)                                                                                                            \
    F(description, TEXT, FIELD_SET, NULL, 4000, NULL)                                                                                                     \
    F(apis, LIST, FIELD_JOINED | FIELD_SET, NULL, 64000,                                                                                                  \
      "(SELECT json_group_array(a.slug) FROM (SELECT a.slug FROM plan_api p JOIN api a ON a.id = p.api_id WHERE p.plan_id = plan.id ORDER BY a.slug) a)") \
    F(rate_count, INT, FIELD_SET, NULL, 1000000, NULL)                                                                                                    \
    F(rate_period_s, INT, FIELD_SET, NULL, 86400, NULL)                                                                                                   \
    F(burst, INT, FIELD_SET, NULL, 1000000, NULL)                                                                                                         \
    F(quota_count, INT, FIELD_SET, NULL, 2000000000, NULL)                                                                                                \
    F(quota_period, ENUM, FIELD_SET, &names_quota_period, 0, NULL)                                                                                        \
    F(operations, LIST, FIELD_SET, NULL, 64000, NULL)                                                                                                     \
    F(term_days, INT, FIELD_SET, NULL, 3650, NULL)                                                                                                        \
    F(created_at, TIME, FIELD_READ, NULL, 0, NULL)                                                                                                        \
    F(etag, INT, FIELD_HIDDEN, NULL, 0, NULL)

#define APP_FIELDS(F)                                                                      \
    F(id, ID, FIELD_READ, NULL, 0, NULL)                                                   \
    F(slug, TEXT, FIELD_CREATE | FIELD_REQUIRED | FIELD_SLUG, NULL, 63, NULL)              \
    F(name, TEXT, FIELD_NEED, NULL, 120, NULL)                                             \
    F(description, TEXT, FIELD_SET, NULL, 4000, NULL)                                      \
    F(team_id, ID, FIELD_HIDDEN, NULL, 0, NULL)                                            \
    F(team, TEXT, FIELD_JOINED | FIELD_CREATE | FIELD_REQUIRED, NULL, 63,                  \
      "(SELECT t.slug FROM team t WHERE t.id = app.team_id)")                              \
    F(key_count, INT, FIELD_JOINED, NULL, 0,                                               \
      "(SELECT count(*) FROM api_key k WHERE k.app_id = app.id AND k.revoked_at IS NULL)") \
    F(created_at, TIME, FIELD_READ, NULL, 0, NULL)                                         \
    F(etag, INT, FIELD_HIDDEN, NULL, 0, NULL)

#define KEY_FIELDS(F)                                                                             \
    F(id, ID, FIELD_READ, NULL, 0, NULL)                                                          \
    F(app_id, ID, FIELD_HIDDEN, NULL, 0, NULL)                                                    \
    F(app, TEXT, FIELD_JOINED, NULL, 0, "(SELECT a.slug FROM app a WHERE a.id = api_key.app_id)") \
    F(name, TEXT, FIELD_CREATE, NULL, 120, NULL)                                                  \
    F(hint, TEXT, FIELD_READ, NULL, 4, NULL)                                                      \
    F(sha256, BYTES, FIELD_HIDDEN, NULL, 32, NULL)                                                \
    F(not_after, TIME, FIELD_CREATE, NULL, 0, NULL)                                               \
    F(revoked_at, TIME, FIELD_READ, NULL, 0, NULL)                                                \
    F(created_by, TEXT, FIELD_READ, NULL, 63, NULL)                                               \
    F(created_at, TIME, FIELD_READ, NULL, 0, NULL)

#define SUBSCRIPTION_FIELDS(F)                                                                       \
    F(id, ID, FIELD_READ, NULL, 0, NULL)                                                             \
    F(app_id, ID, FIELD_HIDDEN, NULL, 0, NULL)                                                       \
    F(api_id, ID, FIELD_HIDDEN, NULL, 0, NULL)                                                       \
    F(plan_id, ID, FIELD_HIDDEN, NULL, 0, NULL)                                                      \
    F(app, TEXT, FIELD_JOINED | FIELD_CREATE | FIELD_REQUIRED, NULL, 63,                             \
      "(SELECT a.slug FROM app a WHERE a.id = subscription.app_id)")                                 \
    F(api, TEXT, FIELD_JOINED | FIELD_CREATE | FIELD_REQUIRED, NULL, 63,                             \
      "(SELECT a.slug FROM api a WHERE a.id = subscription.api_id)")                                 \
    F(plan, TEXT, FIELD_JOINED | FIELD_CREATE | FIELD_REQUIRED, NULL, 63,                            \
      "(SELECT p.slug FROM plan p WHERE p.id = subscription.plan_id)")                               \
    F(team, TEXT, FIELD_JOINED, NULL, 0,                                                             \
      "(SELECT t.slug FROM app a JOIN team t ON t.id = a.team_id WHERE a.id = subscription.app_id)") \
    F(state, ENUM, FIELD_READ, &names_sub_state, 0, NULL)                                            \
    F(purpose, TEXT, FIELD_CREATE, NULL, 1000, NULL)                                                 \
    F(requested_by, TEXT, FIELD_READ, NULL, 63, NULL)                                                \
    F(requested_at, TIME, FIELD_READ, NULL, 0, NULL)                                                 \
    F(decided_by, TEXT, FIELD_READ, NULL, 63, NULL)                                                  \
    F(decided_at, TIME, FIELD_READ, NULL, 0, NULL)                                                   \
    F(reason, TEXT, FIELD_READ, NULL, 1000, NULL)                                                    \
    F(not_after, TIME, FIELD_CREATE, NULL, 0, NULL)                                                  \
    F(etag, INT, FIELD_HIDDEN, NULL, 0, NULL)

#define GROUP_FIELDS(F)                                                       \
    F(id, ID, FIELD_READ, NULL, 0, NULL)                                      \
    F(slug, TEXT, FIELD_CREATE | FIELD_REQUIRED | FIELD_SLUG, NULL, 63, NULL) \
    F(name, TEXT, FIELD_NEED, NULL, 120, NULL)                                \
    F(public_url, TEXT, FIELD_SET, NULL, 200, NULL)                           \
    F(gateway_count, INT, FIELD_JOINED, NULL, 0,                              \
      "(SELECT count(*) FROM gateway g WHERE g.group_id = gateway_group.id)") \
    F(created_at, TIME, FIELD_READ, NULL, 0, NULL)                            \
    F(etag, INT, FIELD_HIDDEN, NULL, 0, NULL)

/* Addresses are "host:port" or "unix:/path". */
#define GATEWAY_FIELDS(F)                                                     \
    F(id, ID, FIELD_READ, NULL, 0, NULL)                                      \
    F(slug, TEXT, FIELD_CREATE | FIELD_REQUIRED | FIELD_SLUG, NULL, 63, NULL) \
    F(group_id, ID, FIELD_HIDDEN, NULL, 0, NULL)                              \
    F(group, TEXT, FIELD_JOINED | FIELD_CREATE | FIELD_REQUIRED, NULL, 63,    \
      "(SELECT g.slug FROM gateway_group g WHERE g.id = gateway.group_id)")   \
    F(node_id, TEXT, FIELD_READ, NULL, 80, NULL)                              \
    F(listener, TEXT, FIELD_NEED, NULL, 200, NULL)                            \
    F(admin, TEXT, FIELD_NEED, NULL, 200, NULL)                               \
    F(token_file, TEXT, FIELD_SET, NULL, 200, NULL)                           \
    F(token_sha256, BYTES, FIELD_HIDDEN, NULL, 32, NULL)                      \
    F(old_token_sha256, BYTES, FIELD_HIDDEN, NULL, 32, NULL)                  \
    F(old_token_until, TIME, FIELD_HIDDEN, NULL, 0, NULL)                     \
    F(token_made_at, TIME, FIELD_READ, NULL, 0, NULL)                         \
    F(created_at, TIME, FIELD_READ, NULL, 0, NULL)                            \
    F(etag, INT, FIELD_HIDDEN, NULL, 0, NULL)

#define DEPLOYMENT_FIELDS(F)                                                                             \
    F(id, ID, FIELD_READ, NULL, 0, NULL)                                                                 \
    F(version_id, ID, FIELD_HIDDEN, NULL, 0, NULL)                                                       \
    F(group_id, ID, FIELD_HIDDEN, NULL, 0, NULL)                                                         \
    F(api, TEXT, FIELD_JOINED | FIELD_CREATE | FIELD_REQUIRED, NULL, 63,                                 \
      "(SELECT a.slug FROM version v JOIN api a ON a.id = v.api_id WHERE v.id = deployment.version_id)") \
    F(version, TEXT, FIELD_JOINED | FIELD_CREATE | FIELD_REQUIRED, NULL, 32,                             \
      "(SELECT v.label FROM version v WHERE v.id = deployment.version_id)")                              \
    F(group, TEXT, FIELD_JOINED | FIELD_CREATE | FIELD_REQUIRED, NULL, 63,                               \
      "(SELECT g.slug FROM gateway_group g WHERE g.id = deployment.group_id)")                           \
    F(host, TEXT, FIELD_SET, NULL, 200, NULL)                                                            \
    F(base_path, TEXT, FIELD_NEED, NULL, 200, NULL)                                                      \
    F(upstream, TEXT, FIELD_NEED, NULL, 400, NULL)                                                       \
    F(keep_escaped_slashes, BOOL, FIELD_SET, NULL, 0, NULL)                                              \
    F(timeout_ms, INT, FIELD_SET, NULL, 3600000, NULL)                                                   \
    F(created_at, TIME, FIELD_READ, NULL, 0, NULL)                                                       \
    F(etag, INT, FIELD_HIDDEN, NULL, 0, NULL)

/* before and after are JSON objects of the subject's visible fields. */
#define EVENT_FIELDS(F)                               \
    F(seq, INT, FIELD_READ, NULL, 0, NULL)            \
    F(format, INT, FIELD_HIDDEN, NULL, 0, NULL)       \
    F(at, TIME, FIELD_READ, NULL, 0, NULL)            \
    F(kind, TEXT, FIELD_READ, NULL, 40, NULL)         \
    F(principal, TEXT, FIELD_READ, NULL, 120, NULL)   \
    F(subject_type, TEXT, FIELD_READ, NULL, 20, NULL) \
    F(subject_id, ID, FIELD_READ, NULL, 0, NULL)      \
    F(subject, TEXT, FIELD_READ, NULL, 200, NULL)     \
    F(api_id, ID, FIELD_HIDDEN, NULL, 0, NULL)        \
    F(team_id, ID, FIELD_HIDDEN, NULL, 0, NULL)       \
    F(before, TEXT, FIELD_READ, NULL, 0, NULL)        \
    F(after, TEXT, FIELD_READ, NULL, 0, NULL)         \
    F(reason, TEXT, FIELD_READ, NULL, 1000, NULL)     \
    F(prev_hash, TEXT, FIELD_READ, NULL, 64, NULL)    \
    F(hash, TEXT, FIELD_READ, NULL, 64, NULL)

/* id_hash is the SHA-256 of the cookie's value. */
#define SESSION_FIELDS(F)                           \
    F(id, ID, FIELD_HIDDEN, NULL, 0, NULL)          \
    F(id_hash, BYTES, FIELD_HIDDEN, NULL, 32, NULL) \
    F(user_id, ID, FIELD_HIDDEN, NULL, 0, NULL)     \
    F(csrf, TEXT, FIELD_HIDDEN, NULL, 64, NULL)     \
    F(created_at, TIME, FIELD_READ, NULL, 0, NULL)  \
    F(seen_at, TIME, FIELD_READ, NULL, 0, NULL)     \
    F(expires_at, TIME, FIELD_READ, NULL, 0, NULL)

/* A user's own, for programs; sha256 is that of its text. last_used_at is exact to the minute. */
#define TOKEN_FIELDS(F)                                                        \
    F(id, ID, FIELD_READ, NULL, 0, NULL)                                       \
    F(user_id, ID, FIELD_HIDDEN, NULL, 0, NULL)                                \
    F(user, TEXT, FIELD_JOINED, NULL, 0,                                       \
      "(SELECT u.name FROM account u WHERE u.id = token.user_id)")             \
    F(name, TEXT, FIELD_CREATE | FIELD_REQUIRED | FIELD_LABEL, NULL, 32, NULL) \
    F(scope, ENUM, FIELD_CREATE, &names_scope, 0, NULL)                        \
    F(hint, TEXT, FIELD_READ, NULL, 4, NULL)                                   \
    F(sha256, BYTES, FIELD_HIDDEN, NULL, 32, NULL)                             \
    F(not_after, TIME, FIELD_CREATE, NULL, 0, NULL)                            \
    F(last_used_at, TIME, FIELD_READ, NULL, 0, NULL)                           \
    F(revoked_at, TIME, FIELD_READ, NULL, 0, NULL)                             \
    F(created_at, TIME, FIELD_READ, NULL, 0, NULL)

/* struct name, what people call one, table, field list */
#define RECORDS(R)                                                         \
    R(user, "user", account, USER_FIELDS)                                  \
    R(team, "team", team, TEAM_FIELDS)                                     \
    R(member, "member", member, MEMBER_FIELDS)                             \
    R(api, "API", api, API_FIELDS)                                         \
    R(version, "version", version, VERSION_FIELDS)                         \
    R(revision, "revision", revision, REVISION_FIELDS)                     \
    R(revision_file, "revision file", revision_file, REVISION_FILE_FIELDS) \
    R(operation, "operation", operation, OPERATION_FIELDS)                 \
    R(plan, "plan", plan, PLAN_FIELDS)                                     \
    R(app, "app", app, APP_FIELDS)                                         \
    R(key, "key", api_key, KEY_FIELDS)                                     \
    R(subscription, "subscription", subscription, SUBSCRIPTION_FIELDS)     \
    R(group, "group", gateway_group, GROUP_FIELDS)                         \
    R(gateway, "gateway", gateway, GATEWAY_FIELDS)                         \
    R(deployment, "deployment", deployment, DEPLOYMENT_FIELDS)             \
    R(event, "event", event, EVENT_FIELDS)                                 \
    R(session, "session", session, SESSION_FIELDS)                         \
    R(token, "token", token, TOKEN_FIELDS)                                 \
    GOVERNANCE_RECORDS(R)

#define FIELD_MEMBER(name, type, ...) FIELD_C_##type name;
#define RECORD_STRUCT(name, noun, table, FIELDS) \
    struct name {                                \
        FIELDS(FIELD_MEMBER)                     \
    };                                           \
    extern const struct record record_##name;
RECORDS(RECORD_STRUCT)
#undef RECORD_STRUCT
#undef FIELD_MEMBER

/* --- what the tables drive -------------------------------------------------------------------- */

/** Writes a row as a JSON object (without HIDDEN fields). */
void record_write(struct json_writer *w, const struct record *record, const void *row);
/** The members only, for objects that carry more. */
void record_write_members(struct json_writer *w, const struct record *record, const void *row);
/** Reads a body into row. creating: FIELD_CREATE fields allowed and REQUIRED ones needed; else a
 * merge patch (RFC 7396) of FIELD_CHANGE fields onto row. err: ERR_INVALID with a JSON Pointer:
 * unknown name (the hint names the nearest one), read-only, wrong type, too long, bad form. */
MUST_USE bool record_read(const struct record *record, const struct json *body, bool creating,
                          struct arena *mem, void *row, struct err *err);
/** Same for one value that came as text from a form or a flag. */
MUST_USE bool record_set(const struct record *record, struct str name, struct str text,
                         bool creating, struct arena *mem, void *row, struct err *err);
/** JSON Pointer to a member of a body (RFC 6901: '~' and '/' escaped). */
const char *record_pointer(struct arena *mem, struct str name);
/** A field's value for people: names of enums, times, "" when absent; lists comma separated. */
struct str record_text(const struct record *record, const char *field, const void *row,
                       struct arena *mem);
const struct field *record_field(const struct record *record, struct str name);

bool slug_valid(struct str s);
bool label_valid(struct str s);

/** LIST texts. */
struct str list_make(const struct str *items, size_t count, struct arena *mem);
size_t list_read(struct str list, struct arena *mem, const struct str **items);

/** The pointer of a finding in a document of several files: a JSON Pointer into the root, else
 *  "schemas/pet.yaml#/properties/id". file: empty for the root; pointer may be absent. */
struct str place_make(struct str file, struct str pointer, struct arena *mem);
/** Its two parts. */
struct str place_file(struct str place);
struct str place_pointer(struct str place);

/* --- who asks --------------------------------------------------------------------------------- */

enum principal_via { VIA_NOBODY, VIA_SESSION, VIA_UNIX, VIA_TOKEN, VIA_INTERNAL };

/** Part of every event: "alice via session", "alice via token laptop". user_id 0 and ROLE_ADMIN via
 * unix: local-admin. */
struct principal {
    int64_t user_id;
    struct str name; /* "anonymous" for nobody */
    enum role role;
    enum principal_via via;
    struct str csrf; /* sessions: what a form must carry */
    int64_t session_id;
    struct str token; /* its name; what it may do is limited by scope */
    int64_t token_id;
    enum token_scope scope;
};
struct str principal_text(const struct principal *who, struct arena *mem);

/* --- lifecycle -------------------------------------------------------------------------------- */

bool stage_may_follow(enum stage from, enum stage to);
bool sub_state_may_follow(enum sub_state from, enum sub_state to);

#endif
