/* The database: every statement is one row of statements.h, prepared when a connection is opened.
 * Nothing else in the program speaks SQL, and nothing outside this folder begins or ends a
 * transaction. */
#ifndef CHANCERY_STORE_H
#define CHANCERY_STORE_H

#include "catalog/base/base.h"
#include "catalog/model/model.h"
#include "catalog/store/statements.h"

#define STATEMENT_ENUM(name, text) name,
enum statement { STATEMENTS(STATEMENT_ENUM) STATEMENT_COUNT };
#undef STATEMENT_ENUM

/** Schema number this program writes. */
#define STORE_SCHEMA 3

/* --- connections ------------------------------------------------------------------------------ */

/** One connection; belongs to one thread. */
struct store;
enum store_mode {
    STORE_WRITER, /* the only one that writes and checkpoints */
    STORE_READER, /* query_only */
};

/** Makes a new file with the current schema, mode 0600. err: ERR_CONFLICT when there is one,
 * ERR_IO.
 */
MUST_USE bool store_create(const char *path, struct err *err);
/** Opens. A writer migrates first, after a copy of the file beside it. err: ERR_NOT_FOUND,
 * ERR_STALE (the file is newer than this program and stays untouched), ERR_STORE. */
MUST_USE bool store_open(const char *path, enum store_mode mode, struct store **out,
                         struct err *err);
void store_close(struct store *s);

/* --- statements ------------------------------------------------------------------------------- */

enum arg_type { ARG_NULL, ARG_I64, ARG_TEXT, ARG_BYTES };
struct arg {
    enum arg_type type;
    int64_t i64;
    struct str text;
};
#define arg_i64(value)   ((struct arg){.type = ARG_I64, .i64 = (value)})
#define arg_id(value)    store_arg_id(value)
#define arg_text(value)  store_arg_text(value)
#define arg_bytes(value) ((struct arg){.type = ARG_BYTES, .text = (value)})
struct arg store_arg_id(int64_t id);        /* 0: NULL */
struct arg store_arg_text(struct str text); /* absent: NULL */
#define ARGS(...) (const struct arg[]){__VA_ARGS__}, COUNT_OF(((const struct arg[]){__VA_ARGS__}))
#define NO_ARGS   NULL, 0

struct store_rows {
    void *rows; /* array of the record's struct */
    size_t count;
};

/** Fills one row of a statement that selects `{record}`. Texts live in mem. err: ERR_NOT_FOUND (no
 * row), ERR_STORE. */
MUST_USE bool store_one(struct store *s, enum statement statement, const struct record *record,
                        const struct arg *args, size_t arg_count, struct arena *mem, void *row,
                        struct err *err);
MUST_USE bool store_all(struct store *s, enum statement statement, const struct record *record,
                        const struct arg *args, size_t arg_count, struct arena *mem,
                        struct store_rows *out, struct err *err);
/** Like store_one, for rows that need not be there: *found tells, and only a failure is false. */
MUST_USE bool store_find(struct store *s, enum statement statement, const struct record *record,
                         const struct arg *args, size_t arg_count, struct arena *mem, void *row,
                         bool *found, struct err *err);
/** First column of the first row as a number; `otherwise` when there is no row or it is NULL. */
MUST_USE bool store_number(struct store *s, enum statement statement, const struct arg *args,
                           size_t arg_count, int64_t otherwise, int64_t *out, struct err *err);
/** First column of the first row as bytes; absent when there is none. */
MUST_USE bool store_bytes(struct store *s, enum statement statement, const struct arg *args,
                          size_t arg_count, struct arena *mem, struct str *out, struct err *err);
/** Calls each(context, columns) for every row. A column is i64 or text, as it is stored, and the
 * other is 0 or absent; texts are valid during the call. */
typedef bool store_each_fn(void *context, const struct arg *columns, struct err *err);
MUST_USE bool store_each(struct store *s, enum statement statement, const struct arg *args,
                         size_t arg_count, store_each_fn *each, void *context, struct err *err);
/** A statement without rows. changed (may be NULL): rows it touched. err: ERR_CONFLICT for a broken
 * uniqueness. */
MUST_USE bool store_run(struct store *s, enum statement statement, const struct arg *args,
                        size_t arg_count, int64_t *changed, struct err *err);
/** INSERT, UPDATE and DELETE by the record's first field, made from its field table. An update
 * counts a field `etag` up. err: ERR_CONFLICT for a broken uniqueness, ERR_NOT_FOUND when the row
 * is gone. */
MUST_USE bool store_insert(struct store *s, const struct record *record, const void *row,
                           struct err *err);
MUST_USE bool store_update(struct store *s, const struct record *record, void *row,
                           struct err *err);
MUST_USE bool store_delete(struct store *s, const struct record *record, int64_t id,
                           struct err *err);

/* --- transactions: for the writer below and for reads that must agree ------------------------- */

MUST_USE bool store_begin_read(struct store *s, struct err *err);
void store_end_read(struct store *s);

/* --- the writer ------------------------------------------------------------------------------- */

/** One change inside a batch. Changes see what earlier ones of the batch did. */
struct write_job {
    bool (*run)(void *context, struct store *s, struct err *err); /* inside its own savepoint */
    void *context;
    struct err *err;
    bool ok, done;
    struct write_job *next;
};
struct writer;
/** committed is called on the writer's thread after each COMMIT that held at least one change that
 * went well, before the changes are answered. When it returns false it is called again in a while.
 */
MUST_USE bool writer_start(const char *path, bool (*committed)(void *context, struct store *s),
                           void *context, struct writer **out, struct err *err);
/** Runs the job on the writer's thread and waits until its batch is durable. */
MUST_USE bool writer_run(struct writer *w, struct write_job *job);
void writer_stop(struct writer *w);

/* --- care ------------------------------------------------------------------------------------- */

/** Integrity and foreign keys as SQLite sees them; problem is absent when sound. */
MUST_USE bool store_integrity(struct store *s, struct arena *mem, struct str *problem,
                              struct err *err);
/** A consistent copy into a new file, in slices; it has its name only once it is whole and durable.
 * err: ERR_CONFLICT when target exists. */
MUST_USE bool store_backup(struct store *s, const char *target, struct err *err);
/** Reads a copy back into a database that lives until it is closed, brought to this program's
 * schema; the file stays as it is. *schema is the file's own. err: ERR_NOT_FOUND, ERR_INVALID (no
 * database, or damaged), ERR_STALE (newer than this program), ERR_STORE. */
MUST_USE bool store_open_backup(const char *path, int *schema, struct store **out, struct err *err);
/** Forgets sessions and setup codes: those that ended behind a backup must not come back with it.
 */
MUST_USE bool store_forget_visitors(struct store *s, struct err *err);
/** True when no catalog is at path, nor a log that one has left. err: ERR_CONFLICT. */
MUST_USE bool store_is_free(const char *path, struct err *err);

/* --- one process a database ------------------------------------------------------------------- */

/** Takes the lock file beside path; the lock goes when the last copy of *fd is closed, here or in a
 * process it was passed to. err: ERR_BUSY names the other process. */
MUST_USE bool store_lock(const char *path, int *fd, struct err *err);
/** Whether a descriptor that was passed on is the lock of this database. err: ERR_CONFLICT. */
MUST_USE bool store_lock_is_of(const char *path, int fd, struct err *err);
/** Says in the lock file that this process holds it, and one line of how that stands. */
void store_lock_note(int fd, struct str state);
struct store_holder {
    bool held;
    int64_t pid;      /* 0: unknown */
    struct str state; /* the line, in mem; "" when there is none */
};
/** Who holds the lock, and what was noted last. err: ERR_IO. */
MUST_USE bool store_lock_look(const char *path, struct arena *mem, struct store_holder *out,
                              struct err *err);

/** The schema of a file that stays untouched. err: as store_open. */
MUST_USE bool store_look(const char *path, int *schema, struct err *err);

#endif
