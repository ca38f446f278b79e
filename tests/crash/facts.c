/* Each thing is changed by one client at a time: what is there must be the last acknowledged value
 * or the one that was sent behind it; and no row may be without its event. */
#include <stdlib.h>

#include "catalog/store/sqlite.h"
#include "tests/crash/facts.h"

#define FILE_MOST ((size_t)64 << 20)

extern const unsigned char halves_sql[]; /* halves.sql */
extern const size_t halves_sql_len;

struct value {
    struct str text;
    int64_t position;
};

struct thing {
    struct str name;
    VEC(struct value) values;
};

struct facts {
    VEC(struct thing) things; /* by name */
    VEC(struct thing) marks;  /* what is no row: "init", a copy */
};

/* clang-format off */
static const char there[] =
    "SELECT 'team ' || slug, description FROM team WHERE slug LIKE 'c%-%'"
    " UNION ALL SELECT 'app ' || slug, slug FROM app WHERE slug LIKE 'c%-%'"
    " UNION ALL SELECT 'api ' || slug, slug FROM api WHERE slug LIKE 'c%-%'"
    " UNION ALL SELECT 'version ' || a.slug, v.stage FROM version v JOIN api a ON a.id = v.api_id"
    "           WHERE a.slug LIKE 'c%-%'"
    " UNION ALL SELECT 'document ' || a.slug, f.sha256 FROM version v JOIN api a ON a.id = v.api_id"
    "           JOIN revision_file f ON f.revision_id = v.revision_id WHERE a.slug LIKE 'c%-%'"
    " UNION ALL SELECT 'subscription ' || p.slug, s.state FROM subscription s JOIN app p ON p.id = s.app_id"
    " UNION ALL SELECT 'key ' || p.slug || ' ' || k.name, CASE WHEN k.revoked_at IS NULL THEN 'live' ELSE 'revoked' END"
    "           FROM api_key k JOIN app p ON p.id = k.app_id"
    " ORDER BY 1";
/* clang-format on */

static int by_name(const void *a, const void *b)
{
    return str_cmp(((const struct thing *)a)->name, ((const struct thing *)b)->name);
}

static void add(struct facts *f, struct str name, const struct value *v, struct arena *mem)
{
    struct thing *last = f->things.len > 0 ? vec_last(&f->things) : NULL;
    if (str_find_char(name, ' ') == SIZE_MAX) {
        vec_push(&f->marks, mem, (struct thing){.name = name});
        last = vec_last(&f->marks);
    } else if (last == NULL || !str_eq(last->name, name)) {
        vec_push(&f->things, mem, (struct thing){.name = name});
        last = vec_last(&f->things);
    }
    vec_push(&last->values, mem, *v);
}

bool facts_read(const char *path, struct arena *mem, struct facts **out, struct err *err)
{
    struct facts *f = arena_new(mem, struct facts);
    CLEANUP(buf_clear) struct buf text = {0};
    if (!file_read(path, FILE_MOST, &text, err))
        return false;
    struct str rest = arena_str(mem, buf_str(&text)), line;
    while (str_split(&rest, '\n', &line)) {
        struct str name = STR_NONE, value = STR_NONE;
        struct value v = {0};
        if (line.len == 0)
            continue;
        if (!str_split(&line, '\t', &name) || !str_split(&line, '\t', &value) ||
            !str_to_i64(line, &v.position))
            return fail(err, ERR_INVALID, path, "not a line of facts");
        v.text = value;
        add(f, name, &v, mem);
    }
    if (f->things.len > 0)
        qsort(f->things.ptr, f->things.len, sizeof(f->things.ptr[0]), by_name);
    *out = f;
    return true;
}

/* How many of the values were acknowledged by then. */
static size_t acknowledged(const struct thing *t, uint64_t position)
{
    size_t n = 0;
    for (size_t i = 0; i < t->values.len; i++)
        if (t->values.ptr[i].position >= 0 && (uint64_t)t->values.ptr[i].position <= position)
            n = i + 1;
    return n;
}

bool facts_marked(const struct facts *f, const char *what, uint64_t position)
{
    for (size_t i = 0; i < f->marks.len; i++)
        if (str_eq(f->marks.ptr[i].name, str_from(what)))
            return acknowledged(&f->marks.ptr[i], position) > 0;
    return false;
}

static bool may_be(const struct thing *t, uint64_t position, struct str value)
{
    size_t acked = acknowledged(t, position);
    return (acked > 0 && str_eq(t->values.ptr[acked - 1].text, value)) ||
           (acked < t->values.len && str_eq(t->values.ptr[acked].text, value));
}

/* The things in front of `until` have no row. */
static void missing(const struct facts *f, size_t from, size_t until, uint64_t position,
                    struct arena *mem, struct str *problem)
{
    for (size_t i = from; i < until && problem->ptr == NULL; i++)
        if (acknowledged(&f->things.ptr[i], position) > 0)
            *problem =
                arena_join(mem, f->things.ptr[i].name, STR(" was acknowledged and is not there"));
}

static void compare(const struct facts *f, size_t *at, uint64_t position, struct str name,
                    struct str value, struct arena *mem, struct str *problem)
{
    size_t i = *at;
    while (i < f->things.len && str_cmp(f->things.ptr[i].name, name) < 0)
        i++;
    missing(f, *at, i, position, mem, problem);
    *at = i + 1;
    if (problem->ptr != NULL)
        return;
    if (i == f->things.len || !str_eq(f->things.ptr[i].name, name))
        *problem = arena_join(mem, name, STR(" is there and was never asked for"));
    else if (!may_be(&f->things.ptr[i], position, value))
        *problem = arena_join(mem, name, STR(" is "), value,
                              STR(", neither what was acknowledged nor what came next"));
}

static bool compare_all(struct facts *f, struct sqlite3 *db, uint64_t position, struct arena *mem,
                        struct str *problem, struct err *err)
{
    struct sqlite3_stmt *stmt = NULL;
    enum sql_result got = SQL_FAILED;
    size_t at = 0;
    if (!sql_prepare(db, str_from(there), &stmt, err))
        return false;
    while (problem->ptr == NULL && (got = sql_step(stmt, "facts", err)) == SQL_ROW)
        compare(f, &at, position, sql_bytes(stmt, 0), sql_bytes(stmt, 1), mem, problem);
    sql_finalize(stmt);
    if (got == SQL_DONE)
        missing(f, at, f->things.len, position, mem, problem);
    return got != SQL_FAILED;
}

bool facts_check(struct facts *f, const char *path, uint64_t position, struct arena *mem,
                 struct str *problem, struct err *err)
{
    struct sqlite3 *db = NULL;
    int64_t halves = 0;
    if (!sql_open(path, SQL_READER, &db, err))
        return false;
    const char *count = str_z(mem, (struct str){(const char *)halves_sql, halves_sql_len});
    bool ok =
        compare_all(f, db, position, mem, problem, err) && sql_number(db, count, &halves, err);
    if (ok && problem->ptr == NULL && halves != 0)
        *problem =
            arena_printf(mem, "%lld rows and events are one without the other", (long long)halves);
    sql_close(db);
    return ok;
}
