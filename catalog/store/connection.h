/* Inside of a connection: its prepared statements, and the texts made from field tables. */
#ifndef CHANCERY_STORE_CONNECTION_H
#define CHANCERY_STORE_CONNECTION_H

#include "catalog/store/sqlite.h"

#define ARGS_MOST 24 /* $1 … $24 */

#define RECORD_COUNT_ONE(name, noun, table, fields) +1
enum { STORE_RECORDS = RECORDS(RECORD_COUNT_ONE) };
#undef RECORD_COUNT_ONE

/** A statement of the registry and where its $1 … $n are. */
struct prepared {
    struct sqlite3_stmt *stmt;
    int place[ARGS_MOST + 1];
    size_t last; /* highest n */
};

#define OWN_STATEMENTS(X)                \
    X(OWN_BEGIN, "BEGIN IMMEDIATE")      \
    X(OWN_COMMIT, "COMMIT")              \
    X(OWN_ROLLBACK, "ROLLBACK")          \
    X(OWN_BEGIN_READ, "BEGIN")           \
    X(OWN_SAVEPOINT, "SAVEPOINT change") \
    X(OWN_RELEASE, "RELEASE change")     \
    X(OWN_ROLLBACK_TO, "ROLLBACK TO change")
#define OWN_ENUM(name, text) name,
enum own_statement { OWN_STATEMENTS(OWN_ENUM) OWN_COUNT };
#undef OWN_ENUM

struct store {
    struct sqlite3 *db;
    enum store_mode mode;
    int log_pages; /* writer: length of the write-ahead log */
    struct prepared statements[STATEMENT_COUNT];
    struct sqlite3_stmt *inserts[STORE_RECORDS], *updates[STORE_RECORDS], *deletes[STORE_RECORDS];
    struct sqlite3_stmt *own[OWN_COUNT];
};

/* --- record_text.c ---------------------------------------------------------------------------- */

extern const struct record *const store_records[STORE_RECORDS];
size_t record_number(const struct record *record);
/** True when the field is a column of the record's own table. */
bool field_is_column(const struct field *f);
/** "SELECT {api} FROM …" with the record's columns in place of its name; {api.own}: NULL where a
 * field has no column of its own. false: no such record. */
MUST_USE bool record_expand(const char *text, struct buf *out);
/** INSERT, UPDATE and DELETE by key; parameters are the columns in order, the key is the first. */
void record_insert_text(const struct record *record, struct buf *out);
void record_update_text(const struct record *record, struct buf *out);
void record_delete_text(const struct record *record, struct buf *out);

/* --- prepare.c -------------------------------------------------------------------------------- */

/** Prepares what a connection of its mode needs at once. */
MUST_USE bool store_prepare(struct store *s, struct err *err);
/** The statement, prepared now when it was not; NULL when it cannot be. */
const struct prepared *store_prepared(struct store *s, enum statement number, struct err *err);
void store_unprepare(struct store *s);

/* --- open.c ----------------------------------------------------------------------------------- */

/** Makes an empty file, mode 0600. err: ERR_CONFLICT, ERR_IO. */
MUST_USE bool store_make_file(const char *path, struct err *err);

/* --- migrate.c -------------------------------------------------------------------------------- */

/** Schema number of the file; ERR_STORE when it is no catalog, ERR_STALE when it is newer. */
MUST_USE bool schema_on_disk(const char *path, int *out, struct err *err);
/** The same of an open database; path is for the message. */
MUST_USE bool schema_of(struct sqlite3 *db, const char *path, int *out, struct err *err);
/** True when tables, indexes and triggers are this program's, one for one. err: ERR_STORE names the
 * first that is not. */
MUST_USE bool schema_is_ours(struct sqlite3 *db, struct err *err);
/** Runs the steps behind `from`; a file that holds something is copied beside itself first, unless
 * path is NULL. */
MUST_USE bool schema_migrate(struct sqlite3 *db, const char *path, int from, struct err *err);

#endif
