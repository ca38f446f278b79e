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

/* What is found in a revision becomes an assessment, which can be made again. Revisions from before
 * keep what validation had found in them; no ruleset has judged them yet. The ids of the first
 * rules are small, so none that is made later is one of them. */
static const char *const schema_3[] = {
    ("CREATE TABLE assessment(revision_id INTEGER PRIMARY KEY REFERENCES revision(id), rulesets TEXT, score INTEGER NOT NULL,"
     " grade TEXT, finding_count INTEGER NOT NULL, error_count INTEGER NOT NULL, warn_count INTEGER NOT NULL,"
     " info_count INTEGER NOT NULL, hint_count INTEGER NOT NULL, base_id INTEGER REFERENCES revision(id),"
     " change_count INTEGER NOT NULL, breaking_count INTEGER NOT NULL, risky_count INTEGER NOT NULL, bump TEXT,"
     " left_out INTEGER NOT NULL, made_at INTEGER) STRICT;"),
    ("INSERT INTO assessment SELECT r.id, NULL, 0, NULL, r.finding_count,"
     " (SELECT count(*) FROM finding f WHERE f.revision_id = r.id AND f.severity = 0),"
     " (SELECT count(*) FROM finding f WHERE f.revision_id = r.id AND f.severity = 1),"
     " (SELECT count(*) FROM finding f WHERE f.revision_id = r.id AND f.severity = 2),"
     " (SELECT count(*) FROM finding f WHERE f.revision_id = r.id AND f.severity = 3),"
     " NULL, 0, 0, 0, NULL, 0, NULL FROM revision r;"),
    "ALTER TABLE revision DROP COLUMN finding_count;",
    "ALTER TABLE revision ADD COLUMN published_at INTEGER;",
    ("UPDATE revision SET published_at = (SELECT max(v.published_at, revision.created_at) FROM version v"
     " WHERE v.id = revision.version_id AND v.published_at IS NOT NULL AND (revision.created_at > v.published_at"
     " OR NOT EXISTS (SELECT 1 FROM revision l WHERE l.version_id = v.id AND l.id > revision.id"
     " AND l.created_at <= v.published_at)));"),

    ("CREATE TABLE revision_finding(id INTEGER PRIMARY KEY, revision_id INTEGER NOT NULL REFERENCES revision(id),"
     " position INTEGER NOT NULL, source TEXT NOT NULL, code TEXT NOT NULL, severity TEXT NOT NULL, pointer TEXT,"
     " line INTEGER NOT NULL, column INTEGER NOT NULL, message TEXT NOT NULL, UNIQUE(revision_id, position)) STRICT;"),
    ("INSERT INTO revision_finding(revision_id, position, source, code, severity, pointer, line, column, message)"
     " SELECT revision_id, position, 'validation', code, CASE severity WHEN 0 THEN 'error' WHEN 1 THEN 'warn'"
     " WHEN 2 THEN 'info' ELSE 'hint' END, pointer, 0, 0, message FROM finding ORDER BY revision_id, position;"),
    "DROP TABLE finding;",
    ("CREATE TABLE revision_change(id INTEGER PRIMARY KEY, revision_id INTEGER NOT NULL REFERENCES revision(id),"
     " position INTEGER NOT NULL, code TEXT NOT NULL, level TEXT NOT NULL, operation TEXT, path TEXT,"
     " message TEXT NOT NULL, fingerprint TEXT NOT NULL, old_line INTEGER NOT NULL, line INTEGER NOT NULL,"
     " UNIQUE(revision_id, position)) STRICT;"),
    "ALTER TABLE version ADD COLUMN candidate_id INTEGER REFERENCES revision(id);",

    ("CREATE TABLE ruleset(id INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE, name TEXT NOT NULL, description TEXT,"
     " everywhere INTEGER NOT NULL, teams TEXT, tags TEXT, number INTEGER NOT NULL, created_at INTEGER NOT NULL,"
     " etag INTEGER NOT NULL) STRICT;"),
    ("CREATE TABLE ruleset_revision(id INTEGER PRIMARY KEY, ruleset_id INTEGER NOT NULL REFERENCES ruleset(id),"
     " number INTEGER NOT NULL, sha256 TEXT NOT NULL, text TEXT NOT NULL,"
     " created_by TEXT NOT NULL, created_at INTEGER NOT NULL, UNIQUE(ruleset_id, number)) STRICT;"),

    ("CREATE TABLE gate_rule(id INTEGER PRIMARY KEY, position INTEGER NOT NULL UNIQUE, team TEXT, tag TEXT,"
     " condition TEXT NOT NULL, argument TEXT, action TEXT NOT NULL, note TEXT, etag INTEGER NOT NULL) STRICT;"),
    ("INSERT INTO gate_rule VALUES"
     " (1, 100, NULL, NULL, 'validation', 'error', 'block', 'a document that is wrong misleads who reads it', 1),"
     " (2, 200, NULL, NULL, 'breaking', 'error', 'block', 'callers of a published version rely on it', 1),"
     " (3, 300, NULL, NULL, 'finding', 'error', 'notify', NULL, 1),"
     " (4, 400, NULL, NULL, 'description', NULL, 'notify', 'nobody finds what is not described', 1),"
     " (5, 500, NULL, NULL, 'owner', NULL, 'notify', 'somebody must answer for an API', 1);"),

    ("CREATE TABLE waiver(id INTEGER PRIMARY KEY, api_id INTEGER NOT NULL REFERENCES api(id), version TEXT,"
     " code TEXT NOT NULL, pointer TEXT, reason TEXT NOT NULL, not_after INTEGER NOT NULL, created_by TEXT NOT NULL,"
     " created_at INTEGER NOT NULL, revoked_by TEXT, revoked_at INTEGER) STRICT;"),
    "CREATE INDEX waiver_api ON waiver(api_id, id);",
    ("CREATE TABLE review(id INTEGER PRIMARY KEY, version_id INTEGER NOT NULL REFERENCES version(id),"
     " revision_id INTEGER NOT NULL REFERENCES revision(id), state TEXT NOT NULL, note TEXT, requested_by TEXT NOT NULL,"
     " requested_at INTEGER NOT NULL, decided_by TEXT, decided_at INTEGER, reason TEXT, etag INTEGER NOT NULL) STRICT;"),
    "CREATE INDEX review_version ON review(version_id, id);",
    "CREATE UNIQUE INDEX review_open ON review(revision_id) WHERE state = 'requested';",
    NULL,
};

const struct migration migrations[] = {
    {1, schema_1},
    {2, schema_2},
    {3, schema_3},
};
const size_t migration_count = sizeof(migrations) / sizeof(migrations[0]);
