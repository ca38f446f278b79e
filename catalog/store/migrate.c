/* Bringing a file to this program's schema, and refusing those that are none of ours. */
#include <errno.h>
#include <unistd.h>

#include "catalog/store/connection.h"
#include "catalog/store/migrations.h"

_Static_assert(STORE_SCHEMA == MIGRATION_LAST, "store.h names the last schema");

static bool newer(const char *path, int64_t schema, struct err *err)
{
    (void)fail(err, ERR_STALE, path, "the catalog has schema %lld, newer than this program's %d",
               (long long)schema, MIGRATION_LAST);
    return err_hint(err, "use the program that wrote it; the file is untouched");
}

bool schema_of(struct sqlite3 *db, const char *path, int *out, struct err *err)
{
    int64_t schema = 0, mark = 0;
    if (!sql_number(db, "PRAGMA user_version", &schema, err) ||
        !sql_number(db, "PRAGMA application_id", &mark, err))
        return err_at(err, path);
    if (mark != MIGRATION_MARK || schema < 1)
        return fail(err, ERR_STORE, path, "the file is no catalog of chanceryd");
    if (schema > MIGRATION_LAST)
        return newer(path, schema, err);
    *out = (int)schema;
    return true;
}

/* Looked at through a connection that writes nothing, so that a newer file stays as it is. */
bool schema_on_disk(const char *path, int *out, struct err *err)
{
    struct sqlite3 *db = NULL;
    if (access(path, F_OK) != 0)
        return fail(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, path, "there is no catalog");
    if (!sql_open(path, SQL_LOOK, &db, err))
        return false;
    bool ok = schema_of(db, path, out, err);
    sql_close(db);
    return ok;
}

/* --- comparing -------------------------------------------------------------------------------- */

/* One object a line; what SQLite keeps for its planner is no part of it. */
static bool describe(struct sqlite3 *db, struct arena *mem, struct str *out, struct err *err)
{
    return sql_text(
        db,
        "SELECT group_concat(type || ' ' || name || ': ' || coalesce(sql, ''), char(10))"
        " FROM (SELECT type, name, sql FROM sqlite_schema"
        " WHERE name NOT LIKE 'sqlite\\_stat%' ESCAPE '\\' ORDER BY type, name)",
        mem, out, err);
}

/* Both are sorted, so at the first difference the lesser line is one that the other has not. */
static bool same(struct str ours, struct str theirs, struct err *err)
{
    struct str want = STR_NONE, got = STR_NONE;
    for (;;) {
        bool more = str_split(&ours, '\n', &want), theirs_too = str_split(&theirs, '\n', &got);
        if (!more && !theirs_too)
            return true;
        if (more && theirs_too && str_eq(want, got))
            continue;
        struct str odd = !theirs_too || (more && str_cmp(want, got) < 0) ? want : got;
        return fail(err, ERR_STORE, "", STR_FMT " is not as in schema %d",
                    STR_ARG(str_sub(odd, 0, str_find_char(odd, ':'))), MIGRATION_LAST);
    }
}

bool schema_is_ours(struct sqlite3 *db, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct sqlite3 *fresh = NULL;
    struct str ours = STR_NONE, theirs = STR_NONE;
    if (!sql_open(":memory:", SQL_SCRATCH, &fresh, err))
        return false;
    bool ok = schema_migrate(fresh, NULL, 0, err) && describe(fresh, &mem, &ours, err) &&
              describe(db, &mem, &theirs, err);
    sql_close(fresh);
    return ok && same(ours, theirs, err);
}

/* --- migrating -------------------------------------------------------------------------------- */

static bool apply(struct sqlite3 *db, const struct migration *m, struct err *err)
{
    char stamp[80];
    snprintf(stamp, sizeof(stamp), "PRAGMA user_version = %d; PRAGMA application_id = %d;",
             m->number, MIGRATION_MARK);
    if (!sql_run(db, "BEGIN IMMEDIATE", err))
        return false;
    bool ok = true;
    for (const char *const *text = m->texts; ok && *text != NULL; text++)
        ok = sql_run(db, *text, err);
    if (ok && sql_run(db, stamp, err) && sql_run(db, "COMMIT", err))
        return true;
    if (sql_in_transaction(db) && !sql_run(db, "ROLLBACK", NULL))
        return false; /* closing the connection undoes it */
    return false;
}

/* A copy left by an attempt that was cut off is replaced: the file itself has not moved since. */
static bool copy_first(struct sqlite3 *db, const char *path, int from, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const char *target = arena_printf(&mem, "%s.schema-%d", path, from).ptr;
    if (unlink(target) != 0 && errno != ENOENT)
        return fail(err, ERR_IO, target, "cannot replace the copy: %s", strerror(errno));
    return sql_vacuum_into(db, target, err);
}

bool schema_migrate(struct sqlite3 *db, const char *path, int from, struct err *err)
{
    if (from == MIGRATION_LAST)
        return true;
    if (from > 0 && path != NULL && !copy_first(db, path, from, err))
        return false;
    for (size_t i = 0; i < migration_count; i++)
        if (migrations[i].number > from && !apply(db, &migrations[i], err))
            return false;
    return true;
}
