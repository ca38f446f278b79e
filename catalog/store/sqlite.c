/* The only file that speaks to SQLite. Every return of the library is looked at. */
#include <sqlite3.h>
#include <unistd.h>

#include "catalog/store/sqlite.h"

#define BACKUP_PAGES 256
#define BUSY_MS      2000
#define EXPRESSIONS  200    /* levels; ours need a fraction */
#define TEXT_MOST    100000 /* bytes of one statement */

/* --- errors ----------------------------------------------------------------------------------- */

/* Only a broken uniqueness is a conflict, which callers turn into words of their own; anything else
 * that a constraint refuses is our mistake. */
static bool failed(sqlite3 *db, const char *what, struct err *err)
{
    int code = sqlite3_extended_errcode(db);
    const char *why = sqlite3_errmsg(db);
    if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY)
        return fail(err, ERR_CONFLICT, "", "%s", why);
    if ((code & 0xFF) == SQLITE_FULL) {
        (void)fail(err, ERR_STORE, what, "the disk is full");
        return err_hint(err, "make room; the catalog goes on by itself");
    }
    return fail(err, ERR_STORE, what, "%s (SQLite %d)", why, code);
}

/* --- opening ---------------------------------------------------------------------------------- */

static bool harden(sqlite3 *db, struct err *err)
{
    static const struct {
        int option, value;
    } switches[] = {
        {SQLITE_DBCONFIG_DQS_DML,        0},
        {SQLITE_DBCONFIG_DQS_DDL,        0},
        {SQLITE_DBCONFIG_DEFENSIVE,      1},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_ENABLE_FKEY,    1},
    };
    for (size_t i = 0; i < COUNT_OF(switches); i++)
        if (sqlite3_db_config(db, switches[i].option, switches[i].value, NULL) != SQLITE_OK)
            return failed(db, "database", err);
    sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, TEXT_MOST);
    sqlite3_limit(db, SQLITE_LIMIT_EXPR_DEPTH, EXPRESSIONS);
    return sqlite3_busy_timeout(db, BUSY_MS) == SQLITE_OK || failed(db, "database", err);
}

/* Readers and lookers leave checkpoints to the writer, also the one that closing would make: two
 * connections, one checkpointing while the other commits, is what corrupts SQLite before 3.51.3. */
static bool configure(sqlite3 *db, enum sql_mode mode, struct err *err)
{
    static const char *const pragmas[] = {
        [SQL_LOOK] = "PRAGMA query_only = 1;",
        [SQL_FROZEN] = "PRAGMA query_only = 1;",
        [SQL_READER] = "PRAGMA wal_autocheckpoint = 0; PRAGMA query_only = 1;",
        [SQL_WRITER] = ("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                        " PRAGMA wal_autocheckpoint = 0; PRAGMA cell_size_check = 1;"),
        [SQL_TARGET] = "PRAGMA synchronous = FULL; PRAGMA journal_mode = MEMORY;",
        [SQL_SCRATCH] = "PRAGMA synchronous = OFF; PRAGMA cell_size_check = 1;",
    };
    bool reads = mode == SQL_LOOK || mode == SQL_FROZEN || mode == SQL_READER;
    if (reads && sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL) != SQLITE_OK)
        return failed(db, "database", err);
    return harden(db, err) && sql_run(db, pragmas[mode], err);
}

/* A path of any bytes as a file: address (RFC 3986 §2.1). */
static void frozen_uri(const char *path, struct buf *out)
{
    buf_add(out, STR("file:"));
    for (const char *c = path; *c != '\0'; c++) {
        bool plain = strchr("%?#", *c) == NULL && (unsigned char)*c > 0x20;
        if (plain)
            buf_add_char(out, *c);
        else
            buf_printf(out, "%%%02x", (unsigned)(unsigned char)*c);
    }
    buf_add(out, STR("?immutable=1"));
    buf_add_char(out, '\0');
}

bool sql_open(const char *path, enum sql_mode mode, struct sqlite3 **out, struct err *err)
{
    CLEANUP(buf_clear) struct buf name = {0};
    sqlite3 *db = NULL;
    bool looks = mode == SQL_LOOK || mode == SQL_FROZEN;
    int flags = looks ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (mode == SQL_FROZEN) {
        frozen_uri(path, &name);
        flags |= SQLITE_OPEN_URI;
    }
    if (sqlite3_open_v2(mode == SQL_FROZEN ? name.ptr : path, &db,
                        flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL) != SQLITE_OK) {
        (void)fail(err, ERR_STORE, path, "cannot open the database: %s",
                   db ? sqlite3_errmsg(db) : "out of memory");
        sqlite3_close(db);
        return false;
    }
    if (!configure(db, mode, err)) {
        (void)err_at(err, path);
        sqlite3_close(db);
        return false;
    }
    *out = db;
    return true;
}

void sql_close(struct sqlite3 *db)
{
    sqlite3_close(db);
}

/* --- whole texts ------------------------------------------------------------------------------ */

bool sql_run(struct sqlite3 *db, const char *text, struct err *err)
{
    return sqlite3_exec(db, text, NULL, NULL, NULL) == SQLITE_OK || failed(db, "database", err);
}

bool sql_number(struct sqlite3 *db, const char *text, int64_t *out, struct err *err)
{
    sqlite3_stmt *stmt = NULL;
    if (!sql_prepare(db, str_from(text), &stmt, err))
        return false;
    enum sql_result got = sql_step(stmt, "database", err);
    if (got == SQL_ROW)
        *out = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return got == SQL_ROW || (got == SQL_DONE && fail(err, ERR_STORE, "database", "no answer"));
}

bool sql_text(struct sqlite3 *db, const char *text, struct arena *mem, struct str *out,
              struct err *err)
{
    sqlite3_stmt *stmt = NULL;
    if (!sql_prepare(db, str_from(text), &stmt, err))
        return false;
    enum sql_result got = sql_step(stmt, "database", err);
    if (got != SQL_FAILED)
        *out = got == SQL_ROW ? arena_str(mem, sql_bytes(stmt, 0)) : STR_NONE;
    sqlite3_finalize(stmt);
    return got != SQL_FAILED;
}

bool sql_vacuum_into(struct sqlite3 *db, const char *target, struct err *err)
{
    char *text = sqlite3_mprintf("VACUUM INTO %Q", target);
    bool ok = text != NULL && sql_run(db, text, err);
    sqlite3_free(text);
    return ok || err_at(err, target);
}

/* The open read transaction keeps the source at one state; without it each commit of the writer
 * would start the copy again. */
bool sql_backup(struct sqlite3 *db, struct sqlite3 *target, struct err *err)
{
    int64_t held = 0;
    if (!sql_run(db, "BEGIN", err))
        return false;
    bool ok = sql_number(db, "SELECT count(*) FROM sqlite_schema", &held, err);
    sqlite3_backup *backup = ok ? sqlite3_backup_init(target, "main", db, "main") : NULL;
    int code = backup ? SQLITE_OK : SQLITE_ERROR;
    while (code == SQLITE_OK)
        code = sqlite3_backup_step(backup, BACKUP_PAGES);
    if (sqlite3_backup_finish(backup) != SQLITE_OK || code != SQLITE_DONE)
        ok = ok && failed(target, "backup", err);
    if (!sql_run(db, "COMMIT", ok ? err : NULL))
        ok = false;
    return ok;
}

/* --- statements ------------------------------------------------------------------------------- */

bool sql_prepare(struct sqlite3 *db, struct str text, struct sqlite3_stmt **out, struct err *err)
{
    if (sqlite3_prepare_v3(db, text.ptr, (int)text.len, SQLITE_PREPARE_PERSISTENT, out, NULL) ==
        SQLITE_OK)
        return true;
    (void)failed(db, "statement", err);
    if (err != NULL)
        err->code = ERR_STORE;
    return false;
}

void sql_finalize(struct sqlite3_stmt *stmt)
{
    sqlite3_finalize(stmt);
}

int sql_place(struct sqlite3_stmt *stmt, const char *name)
{
    return sqlite3_bind_parameter_index(stmt, name);
}

bool sql_bind(struct sqlite3_stmt *stmt, int place, struct arg value, struct err *err)
{
    int code = SQLITE_OK;
    switch (value.type) {
    case ARG_NULL:
        code = sqlite3_bind_null(stmt, place);
        break;
    case ARG_I64:
        code = sqlite3_bind_int64(stmt, place, value.i64);
        break;
    case ARG_TEXT:
        code = sqlite3_bind_text64(stmt, place, value.text.ptr, value.text.len, SQLITE_STATIC,
                                   SQLITE_UTF8);
        break;
    case ARG_BYTES:
        code = sqlite3_bind_blob64(stmt, place, value.text.ptr, value.text.len, SQLITE_STATIC);
        break;
    }
    return code == SQLITE_OK || failed(sqlite3_db_handle(stmt), "bind", err);
}

enum sql_result sql_step(struct sqlite3_stmt *stmt, const char *what, struct err *err)
{
    int code = sqlite3_step(stmt);
    if (code == SQLITE_ROW)
        return SQL_ROW;
    if (code == SQLITE_DONE)
        return SQL_DONE;
    (void)failed(sqlite3_db_handle(stmt), what, err);
    return SQL_FAILED;
}

/* The result of a reset only repeats that of the step before. */
void sql_reset(struct sqlite3_stmt *stmt)
{
    if (stmt == NULL)
        return;
    (void)sqlite3_reset(stmt);
    (void)sqlite3_clear_bindings(stmt);
}

int sql_columns(struct sqlite3_stmt *stmt)
{
    return sqlite3_column_count(stmt);
}

bool sql_is_null(struct sqlite3_stmt *stmt, int column)
{
    return sqlite3_column_type(stmt, column) == SQLITE_NULL;
}

int64_t sql_i64(struct sqlite3_stmt *stmt, int column)
{
    return sqlite3_column_int64(stmt, column);
}

/* An empty blob is NULL to the library, too. */
static struct str bytes_of(struct sqlite3_stmt *stmt, int column)
{
    const void *bytes = sqlite3_column_blob(stmt, column);
    return (struct str){bytes ? bytes : "", (size_t)sqlite3_column_bytes(stmt, column)};
}

struct str sql_bytes(struct sqlite3_stmt *stmt, int column)
{
    return sql_is_null(stmt, column) ? STR_NONE : bytes_of(stmt, column);
}

struct arg sql_value(struct sqlite3_stmt *stmt, int column)
{
    switch (sqlite3_column_type(stmt, column)) {
    case SQLITE_INTEGER:
        return arg_i64(sqlite3_column_int64(stmt, column));
    case SQLITE_NULL:
        return (struct arg){.type = ARG_NULL};
    default:
        return arg_bytes(bytes_of(stmt, column));
    }
}

/* --- transactions ----------------------------------------------------------------------------- */

bool sql_in_transaction(struct sqlite3 *db)
{
    return !sqlite3_get_autocommit(db);
}

int64_t sql_changes(struct sqlite3 *db)
{
    return sqlite3_changes64(db);
}

static int log_grew(void *context, sqlite3 *db, const char *name, int pages)
{
    int *to = context;
    UNUSED(db);
    UNUSED(name);
    *to = pages;
    return SQLITE_OK;
}

void sql_watch_log(struct sqlite3 *db, int *pages)
{
    sqlite3_wal_hook(db, log_grew, pages);
}

void sql_checkpoint(struct sqlite3 *db)
{
    (void)sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}
