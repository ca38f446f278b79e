/* The only file that speaks to SQLite. Every return of the library is looked at. */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "catalog/store/migrations.h"
#include "catalog/store/transaction.h"

#define ARGS_MOST        24
#define FIELDS_MOST      32
#define CHECKPOINT_PAGES 2000
#define BACKUP_PAGES     256
#define BUSY_MS          2000

#define STATEMENT_TEXT(name, text) [name] = text,
static const char *const statement_texts[STATEMENT_COUNT] = {STATEMENTS(STATEMENT_TEXT)};

#define RECORD_ROW(name, table, fields) &record_##name,
static const struct record *const all_records[] = {RECORDS(RECORD_ROW)};
#define RECORDS_MOST COUNT_OF(all_records)

/* A prepared statement and where its $1 … $n are. */
struct prepared {
    sqlite3_stmt *stmt;
    int parameter[ARGS_MOST + 1];
};

struct store {
    sqlite3 *db;
    struct prepared statements[STATEMENT_COUNT];
    sqlite3_stmt *inserts[RECORDS_MOST], *updates[RECORDS_MOST], *deletes[RECORDS_MOST];
    sqlite3_stmt *begin, *commit, *rollback, *begin_read, *savepoint, *release, *rollback_to;
};

static void clear_buf(struct buf *b)
{
    buf_clear(b);
}

/* --- errors --------------------------------------------------------------------------------------
 */

static bool failed(sqlite3 *db, const char *what, struct err *err)
{
    int code = sqlite3_extended_errcode(db);
    const char *why = sqlite3_errmsg(db);
    switch (code & 0xFF) {
    case SQLITE_CONSTRAINT:
        return fail(err, ERR_CONFLICT, "", "%s", why);
    case SQLITE_FULL:
        (void)fail(err, ERR_STORE, what, "the disk is full");
        return err_hint(err, "make room; the catalog goes on by itself");
    case SQLITE_READONLY:
        return fail(err, ERR_STORE, what, "the database is read-only");
    default:
        return fail(err, ERR_STORE, what, "%s (SQLite %d)", why, code);
    }
}

/* --- preparing -----------------------------------------------------------------------------------
 */

static bool is_column(const struct field *f)
{
    return (f->flags & FIELD_JOINED) == 0;
}

static void add_columns(struct buf *out, const struct record *record)
{
    for (size_t i = 0; i < record->field_count; i++) {
        const struct field *f = &record->fields[i];
        buf_add(out, i ? STR(", ") : STR(""));
        if (is_column(f))
            buf_printf(out, "%s.%s", record->table, f->name);
        else
            buf_add(out, str_from(f->sql));
    }
}

/* "SELECT {api} FROM …" with the record's columns in place of its name. */
static bool expand(const char *text, struct buf *out)
{
    struct str rest = str_from(text);
    for (size_t open; (open = str_find_char(rest, '{')) != SIZE_MAX;) {
        size_t close = str_find_char(rest, '}');
        struct str name = str_sub(rest, open + 1, close - open - 1);
        size_t i = 0;
        buf_add(out, str_sub(rest, 0, open));
        while (i < RECORDS_MOST && !str_eq(name, str_from(all_records[i]->name)))
            i++;
        if (i == RECORDS_MOST)
            return false;
        add_columns(out, all_records[i]);
        rest = str_sub(rest, close + 1, rest.len);
    }
    buf_add(out, rest);
    return !out->failed;
}

static bool prepare_text(sqlite3 *db, struct str text, sqlite3_stmt **out, struct err *err)
{
    if (sqlite3_prepare_v3(db, text.ptr, (int)text.len, SQLITE_PREPARE_PERSISTENT, out, NULL) ==
        SQLITE_OK)
        return true;
    (void)failed(db, "prepare", err);
    if (err != NULL)
        err->code = ERR_STORE;
    return false;
}

static bool prepare_statement(struct store *s, enum statement number, struct err *err)
{
    CLEANUP(clear_buf) struct buf text = {0};
    struct prepared *p = &s->statements[number];
    if (!expand(statement_texts[number], &text))
        return fail(err, ERR_STORE, "statement", "unknown record in: %s", statement_texts[number]);
    if (!prepare_text(s->db, buf_str(&text), &p->stmt, err))
        return false;
    for (int i = 1; i <= ARGS_MOST; i++) {
        char name[16];
        snprintf(name, sizeof(name), "$%d", i);
        p->parameter[i] = sqlite3_bind_parameter_index(p->stmt, name);
    }
    return true;
}

static bool prepare_writes(struct store *s, size_t number, struct err *err)
{
    CLEANUP(clear_buf) struct buf insert = {0}, values = {0}, update = {0}, erase = {0};
    const struct record *record = all_records[number];
    const char *key = record_field(record, STR("id")) ? "id" : "seq";
    int columns = 0;
    buf_printf(&insert, "INSERT INTO %s(", record->table);
    buf_printf(&update, "UPDATE %s SET ", record->table);
    for (size_t i = 0; i < record->field_count; i++) {
        const struct field *f = &record->fields[i];
        if (!is_column(f))
            continue;
        columns++;
        buf_printf(&insert, "%s%s", columns > 1 ? ", " : "", f->name);
        buf_printf(&values, "%s?%d", columns > 1 ? ", " : "", columns);
        buf_printf(&update, "%s%s = ?%d", columns > 1 ? ", " : "", f->name, columns);
    }
    buf_add(&insert, STR(") VALUES ("));
    buf_add(&insert, buf_str(&values));
    buf_add_char(&insert, ')');
    buf_printf(&update, " WHERE %s = ?1", key);
    buf_printf(&erase, "DELETE FROM %s WHERE %s = ?1", record->table, key);
    return prepare_text(s->db, buf_str(&insert), &s->inserts[number], err) &&
           prepare_text(s->db, buf_str(&update), &s->updates[number], err) &&
           prepare_text(s->db, buf_str(&erase), &s->deletes[number], err);
}

static bool prepare_all(struct store *s, enum store_mode mode, struct err *err)
{
    struct {
        const char *text;
        sqlite3_stmt **stmt;
    } own[] = {
        {"BEGIN IMMEDIATE",    &s->begin      },
        {"COMMIT",             &s->commit     },
        {"ROLLBACK",           &s->rollback   },
        {"BEGIN",              &s->begin_read },
        {"SAVEPOINT change",   &s->savepoint  },
        {"RELEASE change",     &s->release    },
        {"ROLLBACK TO change", &s->rollback_to},
    };
    for (size_t i = 0; i < COUNT_OF(own); i++)
        if (!prepare_text(s->db, str_from(own[i].text), own[i].stmt, err))
            return false;
    for (int i = 0; i < STATEMENT_COUNT; i++)
        if (!prepare_statement(s, (enum statement)i, err))
            return false;
    for (size_t i = 0; mode == STORE_WRITER && i < RECORDS_MOST; i++)
        if (!prepare_writes(s, i, err))
            return false;
    return true;
}

/* --- opening -------------------------------------------------------------------------------------
 */

static bool run_text(sqlite3 *db, const char *text, struct err *err)
{
    return sqlite3_exec(db, text, NULL, NULL, NULL) == SQLITE_OK || failed(db, "database", err);
}

static bool configure(sqlite3 *db, enum store_mode mode, struct err *err)
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
    sqlite3_busy_timeout(db, BUSY_MS);
    if (mode == STORE_READER)
        return (sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL) == SQLITE_OK ||
                failed(db, "database", err)) &&
               run_text(db, "PRAGMA wal_autocheckpoint = 0; PRAGMA query_only = 1;", err);
    return run_text(
        db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;",
        err);
}

static bool open_database(const char *path, int flags, sqlite3 **out, struct err *err)
{
    if (sqlite3_open_v2(path, out, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL) ==
        SQLITE_OK)
        return true;
    (void)fail(err, ERR_STORE, path, "cannot open the database: %s",
               *out ? sqlite3_errmsg(*out) : "out of memory");
    sqlite3_close(*out);
    *out = NULL;
    return false;
}

static int schema_of(sqlite3 *db)
{
    sqlite3_stmt *stmt = NULL;
    int version = -1;
    if (sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &stmt, NULL) == SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW)
        version = sqlite3_column_int(stmt, 0);
    sqlite3_finalize(stmt);
    return version;
}

static bool apply(sqlite3 *db, const struct migration *m, struct err *err)
{
    char stamp[48];
    snprintf(stamp, sizeof(stamp), "PRAGMA user_version = %d", m->number);
    if (!run_text(db, "BEGIN IMMEDIATE", err))
        return false;
    bool ok = true;
    for (const char *const *text = m->texts; ok && *text != NULL; text++)
        ok = run_text(db, *text, err);
    if (ok && run_text(db, stamp, err) && run_text(db, "COMMIT", err))
        return true;
    sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

static bool migrate(sqlite3 *db, int from, struct err *err)
{
    for (size_t i = 0; i < migration_count; i++)
        if (migrations[i].number > from && !apply(db, &migrations[i], err))
            return false;
    return true;
}

const int store_schema = MIGRATION_LAST;

/* Read from a connection that can write nothing, so that a newer file stays as it is. */
static bool schema_on_disk(const char *path, int *out, struct err *err)
{
    sqlite3 *db = NULL;
    if (access(path, F_OK) != 0)
        return fail(err, ERR_NOT_FOUND, path, "there is no catalog");
    if (!open_database(path, SQLITE_OPEN_READONLY, &db, err))
        return false;
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    *out = schema_of(db);
    bool readable = *out >= 0 || failed(db, path, err);
    sqlite3_close(db);
    if (!readable)
        return false;
    if (*out > MIGRATION_LAST) {
        (void)fail(err, ERR_STALE, path, "the catalog has schema %d, newer than this program's %d",
                   *out, MIGRATION_LAST);
        return err_hint(err, "use the program that wrote it; the file is untouched");
    }
    return true;
}

static bool copy_before_migration(sqlite3 *db, const char *path, int from, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    char *text =
        sqlite3_mprintf("VACUUM INTO %Q", arena_printf(&mem, "%s.schema-%d", path, from).ptr);
    bool ok = text != NULL && run_text(db, text, err);
    sqlite3_free(text);
    return ok;
}

bool store_create(const char *path, struct err *err)
{
    sqlite3 *db = NULL;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 && errno == EEXIST) {
        (void)fail(err, ERR_CONFLICT, path, "there is a catalog already");
        return err_hint(err, "serve it, or name another file with --set database=…");
    }
    if (fd < 0)
        return fail(err, ERR_IO, path, "cannot make the file: %s", strerror(errno));
    close(fd);
    bool ok = open_database(path, SQLITE_OPEN_READWRITE, &db, err) &&
              configure(db, STORE_WRITER, err) && migrate(db, 0, err);
    sqlite3_close(db);
    if (!ok)
        unlink(path);
    return ok;
}

bool store_open(const char *path, enum store_mode mode, struct store **out, struct err *err)
{
    struct store *s = NULL;
    int schema = 0;
    if (!schema_on_disk(path, &schema, err))
        return false;
    s = mem_new_of(struct store);
    bool ok =
        open_database(path, SQLITE_OPEN_READWRITE, &s->db, err) && configure(s->db, mode, err);
    if (ok && mode == STORE_WRITER && schema < MIGRATION_LAST)
        ok = copy_before_migration(s->db, path, schema, err) && migrate(s->db, schema, err);
    if (!ok || !prepare_all(s, mode, err)) {
        store_close(s);
        return false;
    }
    *out = s;
    return true;
}

void store_close(struct store *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(s->statements[i].stmt);
    for (size_t i = 0; i < RECORDS_MOST; i++) {
        sqlite3_finalize(s->inserts[i]);
        sqlite3_finalize(s->updates[i]);
        sqlite3_finalize(s->deletes[i]);
    }
    sqlite3_stmt *own[] = {s->begin,     s->commit,  s->rollback,   s->begin_read,
                           s->savepoint, s->release, s->rollback_to};
    for (size_t i = 0; i < COUNT_OF(own); i++)
        sqlite3_finalize(own[i]);
    sqlite3_close(s->db);
    free(s);
}

/* --- binding and stepping ------------------------------------------------------------------------
 */

struct arg store_arg_id(int64_t id)
{
    return id ? arg_i64(id) : (struct arg){.type = ARG_NULL};
}

struct arg store_arg_text(struct str text)
{
    return text.ptr ? (struct arg){.type = ARG_TEXT, .text = text} : (struct arg){.type = ARG_NULL};
}

static bool bind(sqlite3 *db, sqlite3_stmt *stmt, int index, struct arg value, struct err *err)
{
    int code = SQLITE_OK;
    switch (value.type) {
    case ARG_NULL:
        code = sqlite3_bind_null(stmt, index);
        break;
    case ARG_I64:
        code = sqlite3_bind_int64(stmt, index, value.i64);
        break;
    case ARG_TEXT:
        code = sqlite3_bind_text64(stmt, index, value.text.ptr, value.text.len, SQLITE_STATIC,
                                   SQLITE_UTF8);
        break;
    case ARG_BYTES:
        code = sqlite3_bind_blob64(stmt, index, value.text.ptr, value.text.len, SQLITE_STATIC);
        break;
    }
    return code == SQLITE_OK || failed(db, "bind", err);
}

/* The bindings are cleared so that nothing points to a finished request's memory. */
static void reset(sqlite3_stmt *stmt)
{
    sqlite3_reset(stmt);
    sqlite3_clear_bindings(stmt);
}

static bool bind_args(struct store *s, enum statement number, const struct arg *args, size_t count,
                      struct err *err)
{
    const struct prepared *p = &s->statements[number];
    assert(count <= ARGS_MOST);
    for (size_t i = 0; i < count; i++)
        if (p->parameter[i + 1] != 0 && !bind(s->db, p->stmt, p->parameter[i + 1], args[i], err))
            return false;
    return true;
}

/* 1: a row, 0: no more, -1: failed. */
static int step(struct store *s, sqlite3_stmt *stmt, const char *what, struct err *err)
{
    int code = sqlite3_step(stmt);
    if (code == SQLITE_ROW)
        return 1;
    if (code == SQLITE_DONE)
        return 0;
    (void)failed(s->db, what, err);
    return -1;
}

static struct str column_bytes(sqlite3_stmt *stmt, int column)
{
    const void *bytes = sqlite3_column_blob(stmt, column);
    size_t len = (size_t)sqlite3_column_bytes(stmt, column);
    if (sqlite3_column_type(stmt, column) == SQLITE_NULL)
        return STR_NONE;
    return (struct str){bytes ? bytes : "", len};
}

static void read_field(sqlite3_stmt *stmt, int column, const struct field *f, struct arena *mem,
                       void *at)
{
    switch (f->type) {
    case FIELD_ID:
    case FIELD_INT:
    case FIELD_TIME:
        *(int64_t *)at = sqlite3_column_int64(stmt, column);
        return;
    case FIELD_BOOL:
        *(bool *)at = sqlite3_column_int64(stmt, column) != 0;
        return;
    case FIELD_ENUM: {
        int value = value_of(f->names, column_bytes(stmt, column));
        *(int *)at = value < 0 ? 0 : value;
        return;
    }
    case FIELD_TEXT:
    case FIELD_LIST:
    case FIELD_BYTES:
        *(struct str *)at = arena_str(mem, column_bytes(stmt, column));
        return;
    case FIELD_TYPE_COUNT:
        break;
    }
}

static void read_row(sqlite3_stmt *stmt, const struct record *record, struct arena *mem, void *row)
{
    for (size_t i = 0; i < record->field_count; i++)
        read_field(stmt, (int)i, &record->fields[i], mem, (char *)row + record->fields[i].offset);
}

bool store_one(struct store *s, enum statement statement, const struct record *record,
               const struct arg *args, size_t arg_count, struct arena *mem, void *row,
               struct err *err)
{
    sqlite3_stmt *stmt = s->statements[statement].stmt;
    int got = bind_args(s, statement, args, arg_count, err) ? step(s, stmt, record->name, err) : -1;
    if (got == 1)
        read_row(stmt, record, mem, row);
    reset(stmt);
    if (got == 0)
        return fail(err, ERR_NOT_FOUND, "", "there is no such %s", record->name);
    return got == 1;
}

bool store_all(struct store *s, enum statement statement, const struct record *record,
               const struct arg *args, size_t arg_count, struct arena *mem, struct store_rows *out,
               struct err *err)
{
    sqlite3_stmt *stmt = s->statements[statement].stmt;
    struct store_rows all = {0};
    size_t cap = 0;
    int got = bind_args(s, statement, args, arg_count, err) ? 1 : -1;
    while (got == 1 && (got = step(s, stmt, record->name, err)) == 1) {
        all.rows = vec_room(mem, all.rows, all.count, &cap, record->size);
        read_row(stmt, record, mem, (char *)all.rows + all.count++ * record->size);
    }
    reset(stmt);
    if (got < 0)
        return false;
    *out = all;
    return true;
}

bool store_number(struct store *s, enum statement statement, const struct arg *args,
                  size_t arg_count, int64_t otherwise, int64_t *out, struct err *err)
{
    sqlite3_stmt *stmt = s->statements[statement].stmt;
    int got = bind_args(s, statement, args, arg_count, err) ? step(s, stmt, "number", err) : -1;
    bool known = got == 1 && sqlite3_column_type(stmt, 0) != SQLITE_NULL;
    int64_t value = known ? sqlite3_column_int64(stmt, 0) : otherwise;
    reset(stmt);
    if (got < 0)
        return false;
    *out = value;
    return true;
}

bool store_bytes(struct store *s, enum statement statement, const struct arg *args,
                 size_t arg_count, struct arena *mem, struct str *out, struct err *err)
{
    sqlite3_stmt *stmt = s->statements[statement].stmt;
    int got = bind_args(s, statement, args, arg_count, err) ? step(s, stmt, "bytes", err) : -1;
    struct str bytes = got == 1 ? arena_str(mem, column_bytes(stmt, 0)) : STR_NONE;
    reset(stmt);
    if (got < 0)
        return false;
    *out = bytes;
    return true;
}

bool store_each(struct store *s, enum statement statement, const struct arg *args, size_t arg_count,
                store_each_fn *each, void *context, struct err *err)
{
    sqlite3_stmt *stmt = s->statements[statement].stmt;
    struct arg columns[FIELDS_MOST];
    int got = bind_args(s, statement, args, arg_count, err) ? 1 : -1,
        count = sqlite3_column_count(stmt);
    assert(count <= FIELDS_MOST);
    while (got == 1 && (got = step(s, stmt, "rows", err)) == 1) {
        for (int i = 0; i < count; i++)
            columns[i] =
                (struct arg){.i64 = sqlite3_column_int64(stmt, i), .text = column_bytes(stmt, i)};
        if (!each(context, columns, err))
            got = -1;
    }
    reset(stmt);
    return got == 0;
}

bool store_run(struct store *s, enum statement statement, const struct arg *args, size_t arg_count,
               int64_t *changed, struct err *err)
{
    sqlite3_stmt *stmt = s->statements[statement].stmt;
    int got = bind_args(s, statement, args, arg_count, err) ? step(s, stmt, "change", err) : -1;
    reset(stmt);
    if (got >= 0 && changed != NULL)
        *changed = sqlite3_changes64(s->db);
    return got >= 0;
}

/* --- rows by field table -------------------------------------------------------------------------
 */

static struct arg field_arg(const struct field *f, const void *at)
{
    switch (f->type) {
    case FIELD_ID:
    case FIELD_TIME:
        return store_arg_id(*(const int64_t *)at);
    case FIELD_INT:
        return arg_i64(*(const int64_t *)at);
    case FIELD_BOOL:
        return arg_i64(*(const bool *)at);
    case FIELD_ENUM:
        return store_arg_text(str_from(name_of(f->names, *(const int *)at)));
    case FIELD_TEXT:
    case FIELD_LIST:
        return store_arg_text(*(const struct str *)at);
    case FIELD_BYTES:
        return ((const struct str *)at)->ptr ? arg_bytes(*(const struct str *)at) : (struct arg){0};
    case FIELD_TYPE_COUNT:
        break;
    }
    return (struct arg){0};
}

static size_t number_of(const struct record *record)
{
    size_t i = 0;
    while (all_records[i] != record)
        i++;
    return i;
}

static bool write_row(struct store *s, sqlite3_stmt *stmt, const struct record *record,
                      const void *row, struct err *err)
{
    int column = 0;
    bool ok = true;
    for (size_t i = 0; ok && i < record->field_count; i++) {
        const struct field *f = &record->fields[i];
        if (is_column(f))
            ok = bind(s->db, stmt, ++column, field_arg(f, (const char *)row + f->offset), err);
    }
    ok = ok && step(s, stmt, record->name, err) >= 0;
    reset(stmt);
    return ok;
}

bool store_insert(struct store *s, const struct record *record, const void *row, struct err *err)
{
    return write_row(s, s->inserts[number_of(record)], record, row, err);
}

bool store_update(struct store *s, const struct record *record, void *row, struct err *err)
{
    const struct field *etag = record_field(record, STR("etag"));
    if (etag != NULL)
        ++*(int64_t *)(void *)((char *)row + etag->offset);
    return write_row(s, s->updates[number_of(record)], record, row, err);
}

bool store_delete(struct store *s, const struct record *record, int64_t id, struct err *err)
{
    sqlite3_stmt *stmt = s->deletes[number_of(record)];
    bool ok = bind(s->db, stmt, 1, arg_i64(id), err) && step(s, stmt, record->name, err) >= 0;
    reset(stmt);
    return ok;
}

/* --- transactions --------------------------------------------------------------------------------
 */

static bool run_own(struct store *s, sqlite3_stmt *stmt, const char *what, struct err *err)
{
    bool ok = step(s, stmt, what, err) >= 0;
    sqlite3_reset(stmt);
    return ok;
}

bool store_begin_read(struct store *s, struct err *err)
{
    return run_own(s, s->begin_read, "begin", err);
}

void store_end_read(struct store *s)
{
    (void)run_own(s, s->commit, "commit", NULL);
}

bool store_begin(struct store *s, struct err *err)
{
    return run_own(s, s->begin, "begin", err);
}

/* SQLite rolls back by itself after some failures; a second ROLLBACK would be an error of its own.
 */
static void roll_back(struct store *s)
{
    if (!sqlite3_get_autocommit(s->db))
        (void)run_own(s, s->rollback, "rollback", NULL);
}

bool store_commit(struct store *s, struct err *err)
{
    if (run_own(s, s->commit, "commit", err))
        return true;
    if (err != NULL)
        err->code = ERR_STORE;
    roll_back(s);
    return false;
}

bool store_savepoint(struct store *s, bool (*run)(void *context, struct store *s, struct err *err),
                     void *context, struct err *err)
{
    if (sqlite3_get_autocommit(s->db))
        return fail(err, ERR_STORE, "", "the batch was rolled back by an earlier failure");
    if (!run_own(s, s->savepoint, "savepoint", err))
        return false;
    if (run(context, s, err))
        return run_own(s, s->release, "release", err);
    if (!sqlite3_get_autocommit(s->db)) {
        (void)run_own(s, s->rollback_to, "rollback", NULL);
        (void)run_own(s, s->release, "release", NULL);
    }
    return false;
}

bool store_in_transaction(const struct store *s)
{
    return !sqlite3_get_autocommit(s->db);
}

/* Copies what the log holds into the file, once it has grown. A failure only leaves the log longer.
 */
void store_checkpoint(struct store *s)
{
    int pages = 0, copied = 0;
    if (sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_PASSIVE, &pages, &copied) ==
            SQLITE_OK &&
        pages > 4 * CHECKPOINT_PAGES)
        sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
}

/* --- care ----------------------------------------------------------------------------------------
 */

static bool first_text(struct store *s, const char *text, struct arena *mem, struct str *out,
                       struct err *err)
{
    sqlite3_stmt *stmt = NULL;
    if (!prepare_text(s->db, str_from(text), &stmt, err))
        return false;
    int got = step(s, stmt, text, err);
    *out = got == 1 ? arena_str(mem, column_bytes(stmt, 0)) : STR_NONE;
    sqlite3_finalize(stmt);
    return got >= 0;
}

bool store_integrity(struct store *s, struct arena *mem, struct str *problem, struct err *err)
{
    struct str found = STR_NONE;
    *problem = STR_NONE;
    if (!first_text(s, "PRAGMA integrity_check(1)", mem, &found, err))
        return false;
    if (!str_eq(found, STR("ok"))) {
        *problem = found;
        return true;
    }
    if (!first_text(s, "PRAGMA foreign_key_check", mem, &found, err))
        return false;
    if (found.ptr != NULL)
        *problem = arena_join(mem, STR("a row of table "), found,
                              STR(" refers to one that does not exist"));
    return true;
}

bool store_backup(struct store *s, const char *target, struct err *err)
{
    sqlite3 *copy = NULL;
    if (access(target, F_OK) == 0) {
        (void)fail(err, ERR_CONFLICT, target, "the file exists");
        return err_hint(err, "name a new file; backups are never overwritten");
    }
    if (!open_database(target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &copy, err))
        return false;
    sqlite3_backup *backup = sqlite3_backup_init(copy, "main", s->db, "main");
    int code = backup ? SQLITE_OK : SQLITE_ERROR;
    while (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED)
        code = sqlite3_backup_step(backup, BACKUP_PAGES);
    bool ok = code == SQLITE_DONE || failed(copy, target, err);
    sqlite3_backup_finish(backup);
    sqlite3_close(copy);
    if (!ok)
        unlink(target);
    return ok;
}

bool store_lock(const char *path, int *fd, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const char *lock = arena_printf(&mem, "%s.lock", path).ptr;
    *fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (*fd < 0)
        return fail(err, ERR_IO, lock, "cannot make the lock file: %s", strerror(errno));
    if (flock(*fd, LOCK_EX | LOCK_NB) == 0) {
        struct str pid = arena_printf(&mem, "%ld\n", (long)getpid());
        (void)!ftruncate(*fd, 0);
        (void)!pwrite(*fd, pid.ptr, pid.len, 0);
        return true;
    }
    char pid[16] = {0};
    ssize_t got = pread(*fd, pid, sizeof(pid) - 1, 0);
    close(*fd);
    *fd = -1;
    (void)fail(err, ERR_BUSY, path, "another process serves this catalog (pid " STR_FMT ")",
               STR_ARG(str_trim((struct str){pid, got > 0 ? (size_t)got : 0})));
    return err_hint(err, "stop it first");
}
