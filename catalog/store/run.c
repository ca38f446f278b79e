/* Running statements: values in, rows out by field table. */
#include "catalog/store/connection.h"

#define COLUMNS_MOST 32

struct arg store_arg_id(int64_t id)
{
    return id ? arg_i64(id) : (struct arg){.type = ARG_NULL};
}

struct arg store_arg_text(struct str text)
{
    return text.ptr ? (struct arg){.type = ARG_TEXT, .text = text} : (struct arg){.type = ARG_NULL};
}

/* --- in --------------------------------------------------------------------------------------- */

/* A parameter left unbound would be NULL, and a filter that is NULL lets everything through. */
static bool start(struct store *s, enum statement number, const struct arg *args, size_t count,
                  struct sqlite3_stmt **out, struct err *err)
{
    const struct prepared *p = store_prepared(s, number, err);
    if (p == NULL)
        return false;
    *out = p->stmt;
    if (p->last > count || count > ARGS_MOST)
        return fail(err, ERR_STORE, "statement", "statement %d wants %zu values, not %zu",
                    (int)number, p->last, count);
    for (size_t i = 0; i < count; i++)
        if (p->place[i + 1] != 0 && !sql_bind(p->stmt, p->place[i + 1], args[i], err))
            return false;
    return true;
}

/* Some failures make SQLite roll back the whole transaction; what a change went on to write after
 * one would be committed at once and by itself. */
static bool may_write(const struct store *s, struct err *err)
{
    return sql_in_transaction(s->db) ||
           fail(err, ERR_STORE, "", "nothing is written outside a transaction");
}

/* --- out -------------------------------------------------------------------------------------- */

/* A stored name that is no member of its enumeration means a damaged row, never the default. */
static bool read_enum(struct sqlite3_stmt *stmt, int column, const struct field *f, int *at,
                      struct err *err)
{
    struct str name = sql_bytes(stmt, column);
    int value = name.ptr ? value_of(f->names, name) : 0;
    if (value < 0)
        return fail(err, ERR_STORE, f->name, "a stored value is not known");
    *at = value;
    return true;
}

static bool read_field(struct sqlite3_stmt *stmt, int column, const struct field *f,
                       struct arena *mem, void *at, struct err *err)
{
    switch (f->type) {
    case FIELD_ID:
    case FIELD_INT:
    case FIELD_TIME:
        *(int64_t *)at = sql_i64(stmt, column);
        return true;
    case FIELD_BOOL:
        *(bool *)at = sql_i64(stmt, column) != 0;
        return true;
    case FIELD_ENUM:
        return read_enum(stmt, column, f, at, err);
    case FIELD_TEXT:
    case FIELD_LIST:
    case FIELD_ROWS:
    case FIELD_BYTES:
        *(struct str *)at = arena_str(mem, sql_bytes(stmt, column));
        return true;
    case FIELD_TYPE_COUNT:
        break;
    }
    return true;
}

static bool read_row(struct sqlite3_stmt *stmt, const struct record *record, struct arena *mem,
                     void *row, struct err *err)
{
    for (size_t i = 0; i < record->field_count; i++)
        if (!read_field(stmt, (int)i, &record->fields[i], mem,
                        (char *)row + record->fields[i].offset, err))
            return false;
    return true;
}

/* --- statements ------------------------------------------------------------------------------- */

static bool missing(const struct record *record, struct err *err)
{
    return fail(err, ERR_NOT_FOUND, "", "there is no such %s", record->noun);
}

bool store_one(struct store *s, enum statement statement, const struct record *record,
               const struct arg *args, size_t arg_count, struct arena *mem, void *row,
               struct err *err)
{
    struct sqlite3_stmt *stmt = NULL;
    void *found = arena_alloc(mem, record->size);
    enum sql_result got = SQL_FAILED;
    if (start(s, statement, args, arg_count, &stmt, err))
        got = sql_step(stmt, record->name, err);
    if (got == SQL_ROW && !read_row(stmt, record, mem, found, err))
        got = SQL_FAILED;
    sql_reset(stmt);
    if (got == SQL_DONE)
        return missing(record, err);
    if (got == SQL_FAILED)
        return false;
    memcpy(row, found, record->size);
    return true;
}

bool store_find(struct store *s, enum statement statement, const struct record *record,
                const struct arg *args, size_t arg_count, struct arena *mem, void *row, bool *found,
                struct err *err)
{
    struct err why = {0};
    *found = store_one(s, statement, record, args, arg_count, mem, row, &why);
    if (*found || why.code == ERR_NOT_FOUND)
        return true;
    if (err != NULL)
        *err = why;
    return false;
}

bool store_all(struct store *s, enum statement statement, const struct record *record,
               const struct arg *args, size_t arg_count, struct arena *mem, struct store_rows *out,
               struct err *err)
{
    struct sqlite3_stmt *stmt = NULL;
    struct store_rows all = {0};
    size_t cap = 0;
    enum sql_result got = start(s, statement, args, arg_count, &stmt, err) ? SQL_ROW : SQL_FAILED;
    while (got == SQL_ROW && (got = sql_step(stmt, record->name, err)) == SQL_ROW) {
        all.rows = vec_room(mem, all.rows, all.count, &cap, record->size);
        if (!read_row(stmt, record, mem, (char *)all.rows + all.count++ * record->size, err))
            got = SQL_FAILED;
    }
    sql_reset(stmt);
    if (got == SQL_FAILED)
        return false;
    *out = all;
    return true;
}

bool store_number(struct store *s, enum statement statement, const struct arg *args,
                  size_t arg_count, int64_t otherwise, int64_t *out, struct err *err)
{
    struct sqlite3_stmt *stmt = NULL;
    enum sql_result got = SQL_FAILED;
    if (start(s, statement, args, arg_count, &stmt, err))
        got = sql_step(stmt, "number", err);
    if (got != SQL_FAILED)
        *out = got == SQL_ROW && !sql_is_null(stmt, 0) ? sql_i64(stmt, 0) : otherwise;
    sql_reset(stmt);
    return got != SQL_FAILED;
}

bool store_bytes(struct store *s, enum statement statement, const struct arg *args,
                 size_t arg_count, struct arena *mem, struct str *out, struct err *err)
{
    struct sqlite3_stmt *stmt = NULL;
    enum sql_result got = SQL_FAILED;
    if (start(s, statement, args, arg_count, &stmt, err))
        got = sql_step(stmt, "bytes", err);
    if (got != SQL_FAILED)
        *out = got == SQL_ROW ? arena_str(mem, sql_bytes(stmt, 0)) : STR_NONE;
    sql_reset(stmt);
    return got != SQL_FAILED;
}

bool store_each(struct store *s, enum statement statement, const struct arg *args, size_t arg_count,
                store_each_fn *each, void *context, struct err *err)
{
    struct sqlite3_stmt *stmt = NULL;
    struct arg columns[COLUMNS_MOST] = {0};
    enum sql_result got = start(s, statement, args, arg_count, &stmt, err) ? SQL_ROW : SQL_FAILED;
    int count = got == SQL_ROW ? sql_columns(stmt) : 0;
    assert(count <= COLUMNS_MOST);
    while (got == SQL_ROW && (got = sql_step(stmt, "rows", err)) == SQL_ROW) {
        for (int i = 0; i < count; i++)
            columns[i] = sql_value(stmt, i);
        if (!each(context, columns, err))
            got = SQL_FAILED;
    }
    sql_reset(stmt);
    return got == SQL_DONE;
}

bool store_run(struct store *s, enum statement statement, const struct arg *args, size_t arg_count,
               int64_t *changed, struct err *err)
{
    struct sqlite3_stmt *stmt = NULL;
    enum sql_result got = SQL_FAILED;
    if (may_write(s, err) && start(s, statement, args, arg_count, &stmt, err))
        got = sql_step(stmt, "change", err);
    sql_reset(stmt);
    if (got != SQL_FAILED && changed != NULL)
        *changed = sql_changes(s->db);
    return got != SQL_FAILED;
}

/* --- rows by field table ---------------------------------------------------------------------- */

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
    case FIELD_ROWS:
        return store_arg_text(*(const struct str *)at);
    case FIELD_BYTES:
        return ((const struct str *)at)->ptr ? arg_bytes(*(const struct str *)at) : (struct arg){0};
    case FIELD_TYPE_COUNT:
        break;
    }
    return (struct arg){0};
}

static bool write_row(struct store *s, struct sqlite3_stmt *stmt, const struct record *record,
                      const void *row, struct err *err)
{
    int column = 0;
    bool ok = may_write(s, err);
    for (size_t i = 0; ok && i < record->field_count; i++) {
        const struct field *f = &record->fields[i];
        if (field_is_column(f))
            ok = sql_bind(stmt, ++column, field_arg(f, (const char *)row + f->offset), err);
    }
    ok = ok && sql_step(stmt, record->name, err) != SQL_FAILED;
    sql_reset(stmt);
    return ok;
}

/* A row that is gone must not look like one that was written. */
static bool touched_one(struct store *s, const struct record *record, struct err *err)
{
    return sql_changes(s->db) == 1 || missing(record, err);
}

bool store_insert(struct store *s, const struct record *record, const void *row, struct err *err)
{
    return write_row(s, s->inserts[record_number(record)], record, row, err);
}

bool store_update(struct store *s, const struct record *record, void *row, struct err *err)
{
    const struct field *etag = record_field(record, STR("etag"));
    if (etag != NULL)
        ++*(int64_t *)(void *)((char *)row + etag->offset);
    return write_row(s, s->updates[record_number(record)], record, row, err) &&
           touched_one(s, record, err);
}

bool store_delete(struct store *s, const struct record *record, int64_t id, struct err *err)
{
    struct sqlite3_stmt *stmt = s->deletes[record_number(record)];
    bool ok = may_write(s, err) && sql_bind(stmt, 1, arg_i64(id), err) &&
              sql_step(stmt, record->name, err) != SQL_FAILED;
    sql_reset(stmt);
    return ok && touched_one(s, record, err);
}
