/* Copies of the whole database: made of a live one, read back from a file. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalog/store/connection.h"
#include "catalog/store/transaction.h"

static const char magic[16] = "SQLite format 3"; /* with its NUL */

/* --- making ----------------------------------------------------------------------------------- */

static bool fill(struct store *s, const char *part, struct err *err)
{
    struct sqlite3 *copy = NULL;
    if (!store_make_file(part, err))
        return false;
    bool ok = sql_open(part, SQL_TARGET, &copy, err) && sql_backup(s->db, copy, err);
    sql_close(copy);
    return ok;
}

static bool exists(const char *target, struct err *err)
{
    (void)fail(err, ERR_CONFLICT, target, "the file exists");
    return err_hint(err, "name a new file; backups are never overwritten");
}

/* What an attempt that was cut off has left is replaced. */
bool store_backup(struct store *s, const char *target, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const char *part = arena_printf(&mem, "%s.part", target).ptr;
    if (access(target, F_OK) == 0)
        return exists(target, err);
    if (unlink(part) != 0 && errno != ENOENT)
        return fail(err, ERR_IO, part, "cannot replace the file: %s", strerror(errno));
    if (fill(s, part, err) && file_publish(part, target, err))
        return true;
    unlink(part);
    return err->code == ERR_CONFLICT ? exists(target, err) : false;
}

/* --- reading back ----------------------------------------------------------------------------- */

static bool damaged(const char *path, struct err *err)
{
    if (err->hint[0] != '\0') /* the scratch database is what has no room */
        return false;
    if (err->code == ERR_STORE)
        err->code = ERR_INVALID;
    (void)err_at(err, path);
    return err_hint(err, "the backup is cut off, damaged or none of chanceryd's; use another");
}

static bool has_magic(const char *path, struct err *err)
{
    char head[sizeof(magic)] = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, path, "cannot open the file: %s",
                    strerror(errno));
    ssize_t got = read(fd, head, sizeof(head));
    close(fd);
    if (got == (ssize_t)sizeof(head) && memcmp(head, magic, sizeof(magic)) == 0)
        return true;
    (void)fail(err, ERR_INVALID, path, "the file is no database");
    return err_hint(err, "name a file that chanceryd backup has written");
}

/* With a log beside it the file alone is not the whole database. */
static bool has_log(const char *path)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    return access(arena_printf(&mem, "%s-wal", path).ptr, F_OK) == 0;
}

/* SQLite takes what is missing of the last page for zeros. */
static bool is_whole(struct sqlite3 *db, const char *path, struct err *err)
{
    struct stat file = {0};
    int64_t pages = 0, page_bytes = 0;
    if (!sql_number(db, "PRAGMA page_count", &pages, err) ||
        !sql_number(db, "PRAGMA page_size", &page_bytes, err))
        return false;
    return (stat(path, &file) == 0 && file.st_size == pages * page_bytes) ||
           fail(err, ERR_STORE, path, "the file is not as long as it says it is");
}

static bool copy_back(struct store *s, const char *path, int *schema, struct err *err)
{
    struct sqlite3 *from = NULL;
    bool alone = !has_log(path);
    if (!sql_open(path, alone ? SQL_FROZEN : SQL_LOOK, &from, err))
        return false;
    bool ok = schema_of(from, path, schema, err) && (!alone || is_whole(from, path, err)) &&
              sql_open("", SQL_SCRATCH, &s->db, err) && sql_backup(from, s->db, err);
    sql_close(from);
    return ok;
}

bool store_open_backup(const char *path, int *schema, struct store **out, struct err *err)
{
    if (!has_magic(path, err))
        return false;
    struct store *s = mem_new_of(struct store);
    s->mode = STORE_WRITER;
    if (!copy_back(s, path, schema, err) || !schema_migrate(s->db, NULL, *schema, err) ||
        !schema_is_ours(s->db, err) || !store_prepare(s, err)) {
        store_close(s);
        return err->code == ERR_STALE ? false : damaged(path, err);
    }
    *out = s;
    return true;
}

bool store_forget_visitors(struct store *s, struct err *err)
{
    if (!store_begin(s, err))
        return false;
    if (store_run(s, STMT_SESSIONS_FORGET, NO_ARGS, NULL, err) &&
        store_run(s, STMT_SETUP_FORGET, NO_ARGS, NULL, err))
        return store_commit(s, err);
    store_roll_back(s);
    return false;
}
