/* Making, opening and closing the database file. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "catalog/store/connection.h"

/* Nobody but the daemon's account reads a catalog or its copies. */
static bool make_file(const char *path, const char *taken, const char *remedy, struct err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 && errno == EEXIST) {
        (void)fail(err, ERR_CONFLICT, path, "%s", taken);
        return err_hint(err, "%s", remedy);
    }
    if (fd < 0)
        return fail(err, ERR_IO, path, "cannot make the file: %s", strerror(errno));
    close(fd);
    return true;
}

bool store_create(const char *path, struct err *err)
{
    struct sqlite3 *db = NULL;
    if (!make_file(path, "there is a catalog already",
                   "serve it, or name another file with --set database=…", err))
        return false;
    bool ok = sql_open(path, SQL_WRITER, &db, err) && schema_migrate(db, path, 0, err);
    sql_close(db);
    if (!ok)
        unlink(path);
    return ok;
}

bool store_open(const char *path, enum store_mode mode, struct store **out, struct err *err)
{
    int schema = 0;
    if (!schema_on_disk(path, &schema, err))
        return false;
    struct store *s = mem_new_of(struct store);
    s->mode = mode;
    bool ok = sql_open(path, mode == STORE_WRITER ? SQL_WRITER : SQL_READER, &s->db, err);
    if (ok && mode == STORE_WRITER) {
        sql_watch_log(s->db, &s->log_pages);
        ok = schema_migrate(s->db, path, schema, err);
    }
    if (!ok || !store_prepare(s, err)) {
        store_close(s);
        return false;
    }
    *out = s;
    return true;
}

bool store_look(const char *path, int *schema, struct err *err)
{
    return schema_on_disk(path, schema, err);
}

void store_close(struct store *s)
{
    if (s == NULL)
        return;
    store_unprepare(s);
    sql_close(s->db);
    free(s);
}

/* --- copies ----------------------------------------------------------------------------------- */

bool store_backup(struct store *s, const char *target, struct err *err)
{
    struct sqlite3 *copy = NULL;
    if (!make_file(target, "the file exists", "name a new file; backups are never overwritten",
                   err))
        return false;
    bool ok = sql_open(target, SQL_TARGET, &copy, err) && sql_backup(s->db, copy, err);
    sql_close(copy);
    if (!ok)
        unlink(target);
    return ok;
}

bool store_integrity(struct store *s, struct arena *mem, struct str *problem, struct err *err)
{
    struct str found = STR_NONE;
    if (!sql_text(s->db, "PRAGMA integrity_check(1)", mem, &found, err))
        return false;
    if (!str_eq(found, STR("ok"))) {
        *problem = found.ptr ? found : STR("the integrity check gave no answer");
        return true;
    }
    if (!sql_text(s->db, "PRAGMA foreign_key_check", mem, &found, err))
        return false;
    *problem = found.ptr == NULL ? STR_NONE
                                 : arena_join(mem, STR("a row of table "), found,
                                              STR(" refers to one that does not exist"));
    return true;
}
