/* What this folder asks of SQLite; sqlite.c is the only file that sees the library itself. */
#ifndef CHANCERY_STORE_SQLITE_H
#define CHANCERY_STORE_SQLITE_H

#include "catalog/base/base.h"
#include "catalog/store/store.h"

struct sqlite3;
struct sqlite3_stmt;

enum sql_mode {
    SQL_LOOK,    /* reads a file that may be anything, changes nothing */
    SQL_FROZEN,  /* the same for a file that nobody else has open: needs no place for locks */
    SQL_READER,  /* query_only, never checkpoints */
    SQL_WRITER,  /* WAL, synchronous=FULL, checkpoints only when told */
    SQL_TARGET,  /* an empty file that a backup fills, worth nothing until it is whole */
    SQL_SCRATCH, /* path "" or ":memory:": goes when it is closed */
};

/** Opens and configures. err: ERR_STORE; where is the path. */
MUST_USE bool sql_open(const char *path, enum sql_mode mode, struct sqlite3 **out, struct err *err);
void sql_close(struct sqlite3 *db);
/** Statements without parameters and results, one or several. */
MUST_USE bool sql_run(struct sqlite3 *db, const char *text, struct err *err);
/** First column of the first row as a number. */
MUST_USE bool sql_number(struct sqlite3 *db, const char *text, int64_t *out, struct err *err);
/** First column of the first row as text; absent when there is none. */
MUST_USE bool sql_text(struct sqlite3 *db, const char *text, struct arena *mem, struct str *out,
                       struct err *err);
/** Copies the whole database into a new file; quoting is done here. */
MUST_USE bool sql_vacuum_into(struct sqlite3 *db, const char *target, struct err *err);
/** Copies page by page into an empty database, from one state of this one. */
MUST_USE bool sql_backup(struct sqlite3 *db, struct sqlite3 *target, struct err *err);

MUST_USE bool sql_prepare(struct sqlite3 *db, struct str text, struct sqlite3_stmt **out,
                          struct err *err);
void sql_finalize(struct sqlite3_stmt *stmt);
/** Place of a parameter by name ("$7"), 0 when the statement has none of that name. */
int sql_place(struct sqlite3_stmt *stmt, const char *name);
/** The bytes of texts must live until the statement is reset. */
MUST_USE bool sql_bind(struct sqlite3_stmt *stmt, int place, struct arg value, struct err *err);
/** SQL_ROW, SQL_DONE or SQL_FAILED with err filled. */
enum sql_result { SQL_FAILED = -1, SQL_DONE = 0, SQL_ROW = 1 };
MUST_USE enum sql_result sql_step(struct sqlite3_stmt *stmt, const char *what, struct err *err);
/** Ends the run and forgets the bound values, which may belong to a finished request. */
void sql_reset(struct sqlite3_stmt *stmt);
int sql_columns(struct sqlite3_stmt *stmt);
bool sql_is_null(struct sqlite3_stmt *stmt, int column);
int64_t sql_i64(struct sqlite3_stmt *stmt, int column);
/** Bytes of a text or blob, valid until the next step; absent for NULL. */
struct str sql_bytes(struct sqlite3_stmt *stmt, int column);
/** A column as it is stored: a number, bytes or nothing. Asking for a number's bytes would have
 * SQLite print it. */
struct arg sql_value(struct sqlite3_stmt *stmt, int column);

/** False outside a transaction, also when a failure has made SQLite roll back by itself. */
bool sql_in_transaction(struct sqlite3 *db);
int64_t sql_changes(struct sqlite3 *db);
/** *pages follows the length of the write-ahead log, as of the last commit. */
void sql_watch_log(struct sqlite3 *db, int *pages);
/** Copies the log into the file as far as no reader needs it. A failure leaves the log longer. */
void sql_checkpoint(struct sqlite3 *db);

#endif
