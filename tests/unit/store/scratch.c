/* Scratch databases. */
#include <dirent.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/store/scratch.h"
#include "tests/unit/test.h"

void scratch_make(struct scratch *s)
{
    snprintf(s->folder, sizeof(s->folder), "/tmp/chancery-unit-XXXXXX");
    CHECK(mkdtemp(s->folder) != NULL);
    snprintf(s->path, sizeof(s->path), "%s/catalog.db", s->folder);
}

void scratch_clear(struct scratch *s)
{
    DIR *folder = opendir(s->folder);
    for (const struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        char path[sizeof(s->folder) + sizeof(entry->d_name) + 1];
        snprintf(path, sizeof(path), "%s/%s", s->folder, entry->d_name);
        unlink(path);
    }
    if (folder != NULL)
        closedir(folder);
    rmdir(s->folder);
}

const char *scratch_beside(const struct scratch *s, const char *suffix, struct arena *mem)
{
    return arena_printf(mem, "%s%s", s->path, suffix).ptr;
}

struct str scratch_bytes(const char *path, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf bytes = {0};
    struct err err = {0};
    CHECK_OK(file_read(path, (size_t)64 << 20, &bytes, &err), &err);
    return arena_str(mem, buf_str(&bytes));
}

void scratch_sql(const char *path, const char *text)
{
    sqlite3 *db = NULL;
    char *why = NULL;
    CHECK_I64(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, text, NULL, NULL, &why) != SQLITE_OK)
        printf("\n%s: %s\n", text, why);
    CHECK(why == NULL);
    sqlite3_free(why);
    sqlite3_close(db);
}

int64_t scratch_number(const char *path, const char *text)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    CHECK_I64(sqlite3_open(path, &db), SQLITE_OK);
    CHECK_I64(sqlite3_prepare_v2(db, text, -1, &stmt, NULL), SQLITE_OK);
    int64_t number = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : -1;
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return number;
}
