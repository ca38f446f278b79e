/* Schema steps. A landed step is never edited: databases in the field have run it. */
#include "catalog/store/migrations.h"

static const char *const schema_1[] = {
    "CREATE TABLE account(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, display_name TEXT, email TEXT,"
    " role TEXT NOT NULL, unix_name TEXT UNIQUE, disabled INTEGER NOT NULL, password_hash TEXT,"
    " created_at INTEGER NOT NULL, etag INTEGER NOT NULL) STRICT;",

    "CREATE TABLE team(id INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE, name TEXT NOT NULL, description TEXT,"
    " contact TEXT, on_call TEXT, created_at INTEGER NOT NULL, etag INTEGER NOT NULL) STRICT;",

    "CREATE TABLE member(id INTEGER PRIMARY KEY, team_id INTEGER NOT NULL REFERENCES team(id),"
    " user_id INTEGER NOT NULL REFERENCES account(id), role TEXT NOT NULL, UNIQUE(user_id, team_id)) STRICT;",
    "CREATE INDEX member_team ON member(team_id);",

    "CREATE TABLE api(id INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE, name TEXT NOT NULL,"
    " team_id INTEGER NOT NULL REFERENCES team(id), summary TEXT, description TEXT, visibility TEXT NOT NULL,"
    " access TEXT NOT NULL, approval TEXT NOT NULL, tags TEXT, tier INTEGER NOT NULL, data_class TEXT,"
    " created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, etag INTEGER NOT NULL) STRICT;",
    "CREATE INDEX api_team_id ON api(team_id);",
    "CREATE TABLE api_team(api_id INTEGER NOT NULL REFERENCES api(id), team_id INTEGER NOT NULL REFERENCES team(id),"
    " PRIMARY KEY(api_id, team_id)) STRICT, WITHOUT ROWID;",
    "CREATE VIRTUAL TABLE api_search USING fts5(words, prefix='2 3');",

    "CREATE TABLE revision(id INTEGER PRIMARY KEY, version_id INTEGER NOT NULL, sha256 TEXT NOT NULL, format TEXT NOT NULL,"
    " parser INTEGER NOT NULL, title TEXT, spec_version TEXT, info_version TEXT, description TEXT, servers TEXT,"
    " operation_count INTEGER NOT NULL, finding_count INTEGER NOT NULL, created_by TEXT NOT NULL,"
    " created_at INTEGER NOT NULL) STRICT;",
    "CREATE INDEX revision_version ON revision(version_id, id);",

    "CREATE TABLE version(id INTEGER PRIMARY KEY, api_id INTEGER NOT NULL REFERENCES api(id), label TEXT NOT NULL,"
    " stage TEXT NOT NULL, revision_id INTEGER REFERENCES revision(id), sunset_at INTEGER, successor TEXT,"
    " published_at INTEGER, created_at INTEGER NOT NULL, etag INTEGER NOT NULL, UNIQUE(api_id, label)) STRICT;",

    "CREATE TABLE file(sha256 TEXT PRIMARY KEY, size_bytes INTEGER NOT NULL, packed BLOB NOT NULL) STRICT, WITHOUT ROWID;",
    "CREATE TABLE revision_file(id INTEGER PRIMARY KEY, revision_id INTEGER NOT NULL REFERENCES revision(id), path TEXT NOT NULL,"
    " media_type TEXT NOT NULL, sha256 TEXT NOT NULL REFERENCES file(sha256), size_bytes INTEGER NOT NULL,"
    " root INTEGER NOT NULL, UNIQUE(revision_id, path)) STRICT;",
    "CREATE TABLE operation(id INTEGER PRIMARY KEY, revision_id INTEGER NOT NULL REFERENCES revision(id),"
    " position INTEGER NOT NULL, key TEXT NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL, operation_id TEXT,"
    " summary TEXT, description TEXT, tags TEXT, deprecated INTEGER NOT NULL, servable INTEGER NOT NULL,"
    " UNIQUE(revision_id, position)) STRICT;",
    "CREATE TABLE finding(revision_id INTEGER NOT NULL REFERENCES revision(id), position INTEGER NOT NULL, code TEXT NOT NULL,"
    " severity INTEGER NOT NULL, pointer TEXT NOT NULL, offset INTEGER NOT NULL, message TEXT NOT NULL,"
    " PRIMARY KEY(revision_id, position)) STRICT, WITHOUT ROWID;",

    "CREATE TABLE plan(id INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE, name TEXT NOT NULL, description TEXT,"
    " rate_count INTEGER NOT NULL, rate_period_s INTEGER NOT NULL, burst INTEGER NOT NULL, quota_count INTEGER NOT NULL,"
    " quota_period TEXT NOT NULL, operations TEXT, term_days INTEGER NOT NULL, created_at INTEGER NOT NULL,"
    " etag INTEGER NOT NULL) STRICT;",
    "CREATE TABLE plan_api(plan_id INTEGER NOT NULL REFERENCES plan(id), api_id INTEGER NOT NULL REFERENCES api(id),"
    " PRIMARY KEY(plan_id, api_id)) STRICT, WITHOUT ROWID;",
    "CREATE INDEX plan_api_api ON plan_api(api_id);",

    "CREATE TABLE app(id INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE, name TEXT NOT NULL, description TEXT,"
    " team_id INTEGER NOT NULL REFERENCES team(id), created_at INTEGER NOT NULL, etag INTEGER NOT NULL) STRICT;",
    "CREATE INDEX app_team ON app(team_id);",
    "CREATE TABLE api_key(id INTEGER PRIMARY KEY, app_id INTEGER NOT NULL REFERENCES app(id), name TEXT, hint TEXT NOT NULL,"
    " sha256 BLOB NOT NULL UNIQUE, not_after INTEGER, revoked_at INTEGER, created_by TEXT NOT NULL,"
    " created_at INTEGER NOT NULL) STRICT;",
    "CREATE INDEX api_key_app ON api_key(app_id);",

    "CREATE TABLE subscription(id INTEGER PRIMARY KEY, app_id INTEGER NOT NULL REFERENCES app(id),"
    " api_id INTEGER NOT NULL REFERENCES api(id), plan_id INTEGER NOT NULL REFERENCES plan(id), state TEXT NOT NULL,"
    " purpose TEXT, requested_by TEXT NOT NULL, requested_at INTEGER NOT NULL, decided_by TEXT, decided_at INTEGER,"
    " reason TEXT, not_after INTEGER, etag INTEGER NOT NULL) STRICT;",
    "CREATE INDEX subscription_app ON subscription(app_id, api_id);",
    "CREATE INDEX subscription_api ON subscription(api_id, state);",
    "CREATE INDEX subscription_state ON subscription(state, id);",

    "CREATE TABLE gateway_group(id INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE, name TEXT NOT NULL, public_url TEXT,"
    " created_at INTEGER NOT NULL, etag INTEGER NOT NULL) STRICT;",
    "CREATE TABLE gateway(id INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE, group_id INTEGER NOT NULL REFERENCES gateway_group(id),"
    " node_id TEXT NOT NULL UNIQUE, listener TEXT NOT NULL UNIQUE, admin TEXT NOT NULL, token_file TEXT, token_sha256 BLOB,"
    " old_token_sha256 BLOB, old_token_until INTEGER, token_made_at INTEGER, created_at INTEGER NOT NULL,"
    " etag INTEGER NOT NULL) STRICT;",
    "CREATE TABLE deployment(id INTEGER PRIMARY KEY, version_id INTEGER NOT NULL REFERENCES version(id),"
    " group_id INTEGER NOT NULL REFERENCES gateway_group(id), host TEXT, base_path TEXT NOT NULL, upstream TEXT NOT NULL,"
    " keep_escaped_slashes INTEGER NOT NULL, timeout_ms INTEGER NOT NULL, created_at INTEGER NOT NULL,"
    " etag INTEGER NOT NULL) STRICT;",
    "CREATE UNIQUE INDEX deployment_place ON deployment(group_id, coalesce(host, ''), base_path);",
    "CREATE UNIQUE INDEX deployment_version ON deployment(version_id, group_id);",

    "CREATE TABLE event(seq INTEGER PRIMARY KEY, format INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL,"
    " principal TEXT NOT NULL, subject_type TEXT NOT NULL, subject_id INTEGER, subject TEXT NOT NULL, api_id INTEGER,"
    " team_id INTEGER, before TEXT, after TEXT, reason TEXT, prev_hash TEXT NOT NULL, hash TEXT NOT NULL) STRICT;",
    "CREATE INDEX event_subject ON event(subject_id, seq);",
    "CREATE INDEX event_api ON event(api_id, seq);",
    "CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT raise(ABORT, 'events are never changed'); END;",
    "CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT raise(ABORT, 'events are never deleted'); END;",

    "CREATE TABLE session(id INTEGER PRIMARY KEY, id_hash BLOB NOT NULL UNIQUE, user_id INTEGER NOT NULL REFERENCES account(id),"
    " csrf TEXT NOT NULL, created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL, expires_at INTEGER NOT NULL) STRICT;",
    "CREATE INDEX session_user ON session(user_id);",
    "CREATE TABLE setup_code(hash BLOB PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;",

    "CREATE TABLE replay(principal TEXT NOT NULL, key TEXT NOT NULL, route TEXT NOT NULL, body_sha256 BLOB NOT NULL,"
    " answer TEXT, at INTEGER NOT NULL, PRIMARY KEY(principal, key)) STRICT, WITHOUT ROWID;",
    "CREATE INDEX replay_at ON replay(at);",
    "CREATE TABLE meta(name TEXT PRIMARY KEY, number INTEGER NOT NULL, text TEXT) STRICT, WITHOUT ROWID;",
    NULL,
};

/* One live token of a name, so that an event's principal names one; and only live ones are found by
 * what they hash to, so that looking for a revoked one costs what looking for an unknown one does.
 */
static const char *const schema_2[] = {
    ("CREATE TABLE token(id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES account(id), name TEXT NOT NULL,"
     " scope TEXT NOT NULL, hint TEXT NOT NULL, sha256 BLOB NOT NULL, not_after INTEGER NOT NULL,"
     " last_used_at INTEGER, revoked_at INTEGER, created_at INTEGER NOT NULL) STRICT;"),
    "CREATE UNIQUE INDEX token_live_name ON token(user_id, name) WHERE revoked_at IS NULL;",
    "CREATE UNIQUE INDEX token_live_hash ON token(sha256) WHERE revoked_at IS NULL;",
    "CREATE INDEX token_user ON token(user_id, id);",
    NULL,
};

const struct migration migrations[] = {
    {1, schema_1},
    {2, schema_2},
};
const size_t migration_count = sizeof(migrations) / sizeof(migrations[0]);
