/* store: making, opening, refusing, locking and copying the file. */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "catalog/store/connection.h"
#include "tests/unit/store/scratch.h"
#include "tests/unit/test.h"

static unsigned mode_of(const char *path)
{
    struct stat st = {0};
    CHECK_I64(stat(path, &st), 0);
    return st.st_mode & 0777;
}

TEST(test_a_new_file_is_private_and_never_overwritten)
{
    CLEANUP(scratch_clear) struct scratch s;
    struct err err = {0};
    scratch_make(&s);
    CHECK_OK(store_create(s.path, &err), &err);
    CHECK_I64(mode_of(s.path), 0600);
    CHECK(!store_create(s.path, &err));
    CHECK_I64(err.code, ERR_CONFLICT);
}

TEST(test_files_that_are_no_catalogs_are_refused_untouched)
{
    CLEANUP(scratch_clear) struct scratch s;
    CLEANUP(arena_clear) struct arena mem = {0};
    struct store *store = NULL;
    struct err err = {0};
    scratch_make(&s);
    CHECK(!store_open(s.path, STORE_WRITER, &store, &err));
    CHECK_I64(err.code, ERR_NOT_FOUND);
    scratch_sql(s.path, "CREATE TABLE other(x)");
    struct str before = scratch_bytes(s.path, &mem);
    CHECK(!store_open(s.path, STORE_WRITER, &store, &err));
    CHECK_I64(err.code, ERR_STORE);
    CHECK(str_eq(before, scratch_bytes(s.path, &mem)));
    CHECK_OK(file_replace(s.path, STR("no database at all, but long enough"), 0600, &err), &err);
    CHECK(!store_open(s.path, STORE_WRITER, &store, &err));
    CHECK_I64(err.code, ERR_STORE);
}

TEST(test_a_newer_schema_is_refused_byte_identical)
{
    CLEANUP(scratch_clear) struct scratch s;
    CLEANUP(arena_clear) struct arena mem = {0};
    struct store *store = NULL;
    struct err err = {0};
    scratch_make(&s);
    CHECK_OK(store_create(s.path, &err), &err);
    scratch_sql(s.path, "PRAGMA user_version = 99");
    struct str before = scratch_bytes(s.path, &mem);
    for (int mode = STORE_WRITER; mode <= STORE_READER; mode++) {
        CHECK(!store_open(s.path, (enum store_mode)mode, &store, &err));
        CHECK_I64(err.code, ERR_STALE);
        CHECK(str_find(str_from(err.msg), STR("99")) != SIZE_MAX);
    }
    CHECK(str_eq(before, scratch_bytes(s.path, &mem)));
    CHECK(access(scratch_beside(&s, ".schema-99", &mem), F_OK) != 0);
}

/* Every column has its field and every field its column, or an insert would lose something. */
TEST(test_schema_and_field_tables_agree)
{
    CLEANUP(scratch_clear) struct scratch s;
    struct err err = {0};
    scratch_make(&s);
    CHECK_OK(store_create(s.path, &err), &err);
    for (size_t i = 0; i < STORE_RECORDS; i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        int64_t columns = 0;
        for (size_t k = 0; k < store_records[i]->field_count; k++) {
            const struct field *f = &store_records[i]->fields[k];
            if (!field_is_column(f))
                continue;
            columns++;
            const char *type =
                f->type == FIELD_BYTES ? "BLOB"
                : f->type == FIELD_TEXT || f->type == FIELD_LIST || f->type == FIELD_ENUM
                    ? "TEXT"
                    : "INTEGER";
            CHECK_I64(
                scratch_number(s.path, arena_printf(&mem,
                                                    "SELECT count(*) FROM pragma_table_info('%s')"
                                                    " WHERE name = '%s' AND type = '%s'",
                                                    store_records[i]->table, f->name, type)
                                           .ptr),
                1);
        }
        CHECK_I64(scratch_number(s.path,
                                 arena_printf(&mem, "SELECT count(*) FROM pragma_table_info('%s')",
                                              store_records[i]->table)
                                     .ptr),
                  columns);
    }
}

TEST(test_connections_are_as_strict_as_promised)
{
    CLEANUP(scratch_clear) struct scratch s;
    struct store *writer = NULL, *reader = NULL;
    struct sqlite3_stmt *stmt = NULL;
    struct err err = {0};
    int64_t value = -1;
    scratch_make(&s);
    CHECK_OK(store_create(s.path, &err), &err);
    CHECK_OK(store_open(s.path, STORE_WRITER, &writer, &err), &err);
    CHECK_OK(store_open(s.path, STORE_READER, &reader, &err), &err);
    CHECK_OK(sql_number(writer->db, "PRAGMA synchronous", &value, &err), &err);
    CHECK_I64(value, 2); /* FULL */
    CHECK_OK(sql_number(writer->db, "PRAGMA wal_autocheckpoint", &value, &err), &err);
    CHECK_I64(value, 0);
    CHECK_OK(sql_number(reader->db, "PRAGMA wal_autocheckpoint", &value, &err), &err);
    CHECK_I64(value, 0);
    CHECK(!sql_run(reader->db, "DELETE FROM meta", &err));
    CHECK(!sql_prepare(writer->db, STR("SELECT \"no such column\""), &stmt, &err));
    CHECK(!sql_run(writer->db, "PRAGMA writable_schema = 1; DELETE FROM sqlite_schema", &err));
    CHECK(
        !sql_run(writer->db,
                 "INSERT INTO team(id, slug, name, created_at, etag) VALUES (1, 'a', 'A', 'x', 1)",
                 &err)); /* STRICT */
    CHECK(!sql_run(writer->db, "INSERT INTO member VALUES (1, 7, 7, 'owner')", &err));
    store_close(reader);
    store_close(writer);
}

TEST(test_events_are_never_changed_or_deleted)
{
    CLEANUP(scratch_clear) struct scratch s;
    struct store *writer = NULL;
    struct err err = {0};
    scratch_make(&s);
    CHECK_OK(store_create(s.path, &err), &err);
    CHECK_OK(store_open(s.path, STORE_WRITER, &writer, &err), &err);
    CHECK_OK(sql_run(writer->db,
                     "INSERT INTO event(seq, format, at, kind, principal, subject_type, subject,"
                     " prev_hash, hash) VALUES (1, 1, 1, 'k', 'p', 't', 's', 'h', 'h')",
                     &err),
             &err);
    static const char *const tries[] = {"UPDATE event SET kind = 'other'", "DELETE FROM event",
                                        "DELETE FROM event WHERE seq = 1"};
    for (size_t i = 0; i < COUNT_OF(tries); i++) {
        CHECK(!sql_run(writer->db, tries[i], &err));
        CHECK(str_find(str_from(err.msg), STR("never")) != SIZE_MAX);
    }
    store_close(writer);
}

TEST(test_a_parameter_without_a_value_is_refused)
{
    CLEANUP(scratch_clear) struct scratch s;
    struct store *reader = NULL;
    struct err err = {0};
    int64_t number = 0;
    scratch_make(&s);
    CHECK_OK(store_create(s.path, &err), &err);
    CHECK_OK(store_open(s.path, STORE_READER, &reader, &err), &err);
    CHECK(!store_number(reader, STMT_MY_ROLE, ARGS(arg_i64(1)), 0, &number, &err));
    CHECK_I64(err.code, ERR_STORE);
    CHECK_OK(store_number(reader, STMT_MY_ROLE, ARGS(arg_i64(1), arg_i64(2)), -1, &number, &err),
             &err);
    CHECK_I64(number, -1);
    store_close(reader);
}

static size_t prepared_count(const struct store *s)
{
    size_t count = 0;
    for (size_t i = 0; i < STATEMENT_COUNT; i++)
        count += s->statements[i].stmt != NULL;
    return count;
}

/* A typo in any statement keeps the writer from opening; of readers there are many. */
TEST(test_readers_prepare_what_they_are_asked_for)
{
    CLEANUP(scratch_clear) struct scratch s;
    struct store *writer = NULL, *reader = NULL;
    struct err err = {0};
    int64_t number = 0;
    scratch_make(&s);
    CHECK_OK(store_create(s.path, &err), &err);
    CHECK_OK(store_open(s.path, STORE_WRITER, &writer, &err), &err);
    CHECK_OK(store_open(s.path, STORE_READER, &reader, &err), &err);
    CHECK_I64(prepared_count(writer), STATEMENT_COUNT);
    CHECK_I64(prepared_count(reader), 0);
    for (int again = 0; again < 2; again++) {
        CHECK_OK(
            store_number(reader, STMT_MY_ROLE, ARGS(arg_i64(1), arg_i64(2)), -1, &number, &err),
            &err);
        CHECK_I64(prepared_count(reader), 1);
    }
    /* one that cannot be prepared fails its call, and no later one */
    CHECK_OK(sql_run(writer->db, "ALTER TABLE member RENAME TO away", &err), &err);
    store_unprepare(reader);
    memset(reader->statements, 0, sizeof(reader->statements));
    memset(reader->own, 0, sizeof(reader->own));
    CHECK(!store_number(reader, STMT_MY_ROLE, ARGS(arg_i64(1), arg_i64(2)), -1, &number, &err));
    CHECK_I64(err.code, ERR_STORE);
    CHECK_OK(sql_run(writer->db, "ALTER TABLE away RENAME TO member", &err), &err);
    CHECK_OK(store_number(reader, STMT_MY_ROLE, ARGS(arg_i64(1), arg_i64(2)), -1, &number, &err),
             &err);
    store_close(reader);
    store_close(writer);
}

static bool copy_columns(void *context, const struct arg *columns, struct err *err)
{
    struct arg *to = context;
    UNUSED(err);
    memcpy(to, columns, 3 * sizeof(*to)); /* the texts are looked at while they are there */
    CHECK_STR(columns[0].text, STR("hash"));
    CHECK_STR(columns[2].text, STR("12"));
    return true;
}

TEST(test_a_column_is_what_is_stored_and_never_both)
{
    CLEANUP(scratch_clear) struct scratch s;
    struct store *reader = NULL;
    struct arg seen[3] = {{0}};
    struct err err = {0};
    scratch_make(&s);
    CHECK_OK(store_create(s.path, &err), &err);
    scratch_sql(s.path,
                "INSERT INTO file(sha256, size_bytes, packed) VALUES ('hash', 34, X'3132')");
    CHECK_OK(store_open(s.path, STORE_READER, &reader, &err), &err);
    CHECK_OK(store_each(reader, STMT_FILES, NO_ARGS, copy_columns, seen, &err), &err);
    CHECK_I64(seen[0].i64, 0);
    CHECK_I64(seen[1].i64, 34);
    CHECK(seen[1].text.ptr == NULL);
    CHECK_I64(seen[2].i64, 0); /* also where bytes would read as a number */
    store_close(reader);
}

TEST(test_own_columns_alone_count_nothing)
{
    CLEANUP(scratch_clear) struct scratch s;
    CLEANUP(arena_clear) struct arena mem = {0};
    struct store *reader = NULL;
    struct api whole = {0}, own = {0};
    struct err err = {0};
    scratch_make(&s);
    CHECK_OK(store_create(s.path, &err), &err);
    scratch_sql(s.path,
                "INSERT INTO team(id, slug, name, created_at, etag) VALUES (7, 'it', 'IT', 1, 1);"
                "INSERT INTO api(id, slug, name, team_id, visibility, access, approval, tier,"
                " created_at, updated_at, etag)"
                " VALUES (8, 'pets', 'Pets', 7, 'internal', 'open', 'automatic', 3, 1, 1, 4);"
                "INSERT INTO version(id, api_id, label, stage, created_at, etag)"
                " VALUES (9, 8, 'v1', 'published', 1, 1)");
    CHECK_OK(store_open(s.path, STORE_READER, &reader, &err), &err);
    CHECK_OK(store_one(reader, STMT_API_BY_ID, &record_api, ARGS(arg_i64(8)), &mem, &whole, &err),
             &err);
    CHECK_OK(store_one(reader, STMT_API_OWN_BY_ID, &record_api, ARGS(arg_i64(8)), &mem, &own, &err),
             &err);
    CHECK_STR(whole.team, STR("it"));
    CHECK_I64(whole.version_count, 1);
    CHECK(own.team.ptr == NULL);
    CHECK_I64(own.version_count, 0);
    CHECK_STR(own.slug, STR("pets"));
    CHECK_I64(own.team_id, 7);
    CHECK_I64(own.approval, APPROVAL_AUTOMATIC);
    CHECK_I64(own.etag, 4);
    store_close(reader);
}

TEST(test_a_second_process_is_told_who_has_the_catalog)
{
    CLEANUP(scratch_clear) struct scratch s;
    CLEANUP(arena_clear) struct arena mem = {0};
    int ready[2], fd = -1, status = 0;
    char byte = 0;
    struct err err = {0};
    scratch_make(&s);
    CHECK_I64(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        bool ok = store_lock(s.path, &fd, &err);
        (void)!write(ready[1], ok ? "y" : "n", 1);
        pause();
        _exit(0);
    }
    CHECK_I64(read(ready[0], &byte, 1), 1);
    CHECK_I64(byte, 'y');
    CHECK(!store_lock(s.path, &fd, &err));
    CHECK_I64(err.code, ERR_BUSY);
    CHECK(str_find(str_from(err.msg), arena_printf(&mem, "pid %ld", (long)child)) != SIZE_MAX);
    CHECK_I64(kill(child, SIGKILL), 0); /* a lock dies with its process */
    CHECK_I64(waitpid(child, &status, 0), child);
    CHECK_OK(store_lock(s.path, &fd, &err), &err);
    close(fd);
    close(ready[0]);
    close(ready[1]);
}

TEST(test_a_copy_is_whole_private_and_never_over_another)
{
    CLEANUP(scratch_clear) struct scratch s;
    CLEANUP(arena_clear) struct arena mem = {0};
    struct store *writer = NULL, *copy = NULL;
    struct str problem = STR("unset");
    struct err err = {0};
    scratch_make(&s);
    const char *target = scratch_beside(&s, ".copy", &mem);
    CHECK_OK(store_create(s.path, &err), &err);
    CHECK_OK(store_open(s.path, STORE_WRITER, &writer, &err), &err);
    CHECK_OK(sql_run(writer->db, "INSERT INTO meta VALUES ('a', 7, NULL)", &err), &err);
    CHECK_OK(store_backup(writer, target, &err), &err);
    CHECK_I64(mode_of(target), 0600);
    CHECK(!store_backup(writer, target, &err));
    CHECK_I64(err.code, ERR_CONFLICT);
    CHECK_OK(store_open(target, STORE_READER, &copy, &err), &err);
    CHECK_OK(store_integrity(copy, &mem, &problem, &err), &err);
    CHECK_STR(problem, STR_NONE);
    int64_t number = 0;
    CHECK_OK(store_number(copy, STMT_META, ARGS(arg_text(STR("a"))), 0, &number, &err), &err);
    CHECK_I64(number, 7);
    store_close(copy);
    store_close(writer);
}

/* --- reading back ----------------------------------------------------------------------------- */

static void check_refused(const char *path, enum err_code code, const char *words)
{
    struct store *s = NULL;
    struct err err = {0};
    int schema = 0;
    CHECK(!store_open_backup(path, &schema, &s, &err));
    CHECK_I64(err.code, code);
    CHECK_STR(str_from(err.where), str_from(path));
    CHECK(str_find(str_from(err.msg), str_from(words)) != SIZE_MAX);
    CHECK(err.hint[0] != '\0' || code == ERR_NOT_FOUND);
}

TEST(test_what_is_no_backup_is_told_apart)
{
    static const struct {
        const char *sql, *words;
        enum err_code code;
    } cases[] = {
        {"PRAGMA user_version = 99",                                            "newer",                           ERR_STALE  },
        {"PRAGMA application_id = 7",                                           "no catalog",                      ERR_INVALID},
        {"CREATE TABLE extra(a)",                                               "table extra is not as in schema", ERR_INVALID},
        {"DROP INDEX token_live_name",                                          "index token_live_name is not",    ERR_INVALID},
        {"CREATE TRIGGER t AFTER INSERT ON api BEGIN DELETE FROM api_key; END", "trigger t is not",
         ERR_INVALID                                                                                                          },
        {"DROP TRIGGER event_no_update",                                        "trigger event_no_update is not",  ERR_INVALID},
        {"ALTER TABLE plan ADD COLUMN more TEXT",                               "table plan is not",               ERR_INVALID},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(scratch_clear) struct scratch s;
        struct err err = {0};
        scratch_make(&s);
        CHECK_OK(store_create(s.path, &err), &err);
        scratch_sql(s.path, cases[i].sql);
        check_refused(s.path, cases[i].code, cases[i].words);
    }
    CLEANUP(scratch_clear) struct scratch s;
    CLEANUP(arena_clear) struct arena mem = {0};
    struct err err = {0};
    scratch_make(&s);
    check_refused(s.path, ERR_NOT_FOUND, "cannot open");
    CHECK_OK(file_replace(s.path, STR(""), 0600, &err), &err);
    check_refused(s.path, ERR_INVALID, "no database");
    unlink(s.path);
    CHECK_OK(store_create(s.path, &err), &err);
    struct str whole = scratch_bytes(s.path, &mem);
    for (size_t len = 16; len < whole.len; len += whole.len / 7) {
        struct store *opened = NULL;
        int schema = 0;
        CHECK_OK(file_replace(s.path, str_sub(whole, 0, len), 0600, &err), &err);
        CHECK(!store_open_backup(s.path, &schema, &opened, &err));
        CHECK_I64(err.code, ERR_INVALID);
    }
}

/* A copy of the files as a crash leaves them holds its last changes in the log beside it. */
TEST(test_a_backup_is_read_with_its_log_and_left_alone)
{
    CLEANUP(scratch_clear) struct scratch s;
    CLEANUP(arena_clear) struct arena mem = {0};
    struct store *writer = NULL, *back = NULL;
    struct err err = {0};
    int64_t number = 0;
    int schema = 0;
    scratch_make(&s);
    CHECK_OK(store_create(s.path, &err), &err);
    CHECK_OK(store_open(s.path, STORE_WRITER, &writer, &err), &err);
    CHECK_OK(sql_run(writer->db, "INSERT INTO meta VALUES ('a', 7, NULL)", &err), &err);
    const char *odd = scratch_beside(&s, " ?#%41.db", &mem);
    const char *log = arena_printf(&mem, "%s-wal", odd).ptr;
    struct str file = scratch_bytes(s.path, &mem);
    CHECK_OK(file_replace(odd, file, 0600, &err), &err);
    CHECK_OK(file_replace(log, scratch_bytes(scratch_beside(&s, "-wal", &mem), &mem), 0600, &err),
             &err);
    CHECK_OK(store_open_backup(odd, &schema, &back, &err), &err);
    CHECK_I64(schema, STORE_SCHEMA);
    CHECK_OK(store_number(back, STMT_META, ARGS(arg_text(STR("a"))), 0, &number, &err), &err);
    CHECK_I64(number, 7);
    store_close(back);
    CHECK(str_eq(scratch_bytes(odd, &mem), file));
    unlink(log);
    CHECK_OK(store_open_backup(odd, &schema, &back, &err), &err);
    CHECK_OK(store_number(back, STMT_META, ARGS(arg_text(STR("a"))), 0, &number, &err), &err);
    CHECK_I64(number, 0); /* the state of the file alone */
    store_close(back);
    store_close(writer);
}

TEST(test_a_copy_cut_off_leaves_no_name_behind)
{
    CLEANUP(scratch_clear) struct scratch s;
    CLEANUP(arena_clear) struct arena mem = {0};
    struct store *writer = NULL;
    struct err err = {0};
    scratch_make(&s);
    const char *target = scratch_beside(&s, ".copy", &mem);
    const char *part = scratch_beside(&s, ".copy.part", &mem);
    CHECK_OK(store_create(s.path, &err), &err);
    CHECK_OK(store_open(s.path, STORE_WRITER, &writer, &err), &err);
    CHECK_OK(file_replace(part, STR("half a copy"), 0600, &err), &err);
    CHECK_OK(store_backup(writer, target, &err), &err);
    CHECK(access(part, F_OK) != 0);
    CHECK(access(target, F_OK) == 0);
    CHECK(!store_backup(writer, "/nowhere/at/all", &err));
    CHECK_I64(err.code, ERR_IO);
    store_close(writer);
}
