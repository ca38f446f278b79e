/* chanceryd backup and restore: copies of the catalog, a number of them kept, and the way back. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "catalog/service/service.h"
#include "portal/care.h"

#define NAME_PREFIX     "chancery-"
#define NAME_SUFFIX     ".db"
#define NAME_DATE       "20260101T000000.000Z" /* what stands between them, digit for digit */
#define NAME_UNFINISHED ".part"                /* as store_backup names what a crash may leave */
#define KEEP_MOST       10000

/* --- making a copy -------------------------------------------------------------------------------
 */

static bool backup_served(const struct invocation *in, struct arena *mem, const char *target,
                          struct err *err)
{
    CLEANUP(buf_clear) struct buf body = {0};
    char here[PATH_MAX];
    struct json *answer = NULL;
    if (getcwd(here, sizeof(here)) == NULL)
        return fail(err, ERR_IO, target, "the current directory is unknown");
    struct json_writer w = {.out = &body};
    json_open_object(&w);
    json_key_str(&w, "file",
                 target[0] == '/' ? str_from(target)
                                  : arena_join(mem, str_from(here), STR("/"), str_from(target)));
    json_close_object(&w);
    return care_ask(in, "/v1/backup", buf_str(&body), mem, &answer, err);
}

static bool make_backup(const struct invocation *in, struct arena *mem, const char *target,
                        struct err *err)
{
    struct catalog *catalog = NULL;
    bool ok = care_open(in, mem, &catalog, err);
    if (ok)
        ok = catalog_backup(catalog, target, err);
    else if (err->code == ERR_BUSY)
        ok = backup_served(in, mem, target, err);
    catalog_close(catalog);
    if (!ok && err->code == ERR_IO && err->hint[0] == '\0')
        return err_hint(err, "the directory must exist, and this account may write there");
    return ok;
}

/* --- keeping some --------------------------------------------------------------------------------
 */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Only what this command itself has named is ever removed. */
static bool is_ours(struct str name)
{
    const struct str date = STR(NAME_DATE);
    if (str_ends(name, STR(NAME_UNFINISHED)))
        name.len -= sizeof(NAME_UNFINISHED) - 1;
    if (!str_starts(name, STR(NAME_PREFIX)) || !str_ends(name, STR(NAME_SUFFIX)) ||
        name.len != sizeof(NAME_PREFIX NAME_DATE NAME_SUFFIX) - 1)
        return false;
    const char *at = name.ptr + sizeof(NAME_PREFIX) - 1;
    for (size_t i = 0; i < date.len; i++)
        if (is_digit(date.ptr[i]) ? !is_digit(at[i]) : at[i] != date.ptr[i])
            return false;
    return true;
}

/* 2026-11-24T12:37:00.000Z → chancery-20261124T123700.000Z.db, which sorts by time. */
static struct str dated_name(int64_t at_ms, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf name = {0};
    struct str time = time_format(mem, at_ms);
    buf_add(&name, STR(NAME_PREFIX));
    for (size_t i = 0; i < time.len; i++)
        if (time.ptr[i] != '-' && time.ptr[i] != ':')
            buf_add_char(&name, time.ptr[i]);
    buf_add(&name, STR(NAME_SUFFIX));
    return arena_str(mem, buf_str(&name));
}

typedef VEC(struct str) name_list;

static bool list_backups(const char *dir, struct arena *mem, name_list *out, struct err *err)
{
    DIR *folder = opendir(dir);
    if (folder == NULL)
        return fail(err, ERR_IO, dir, "cannot read the directory: %s", strerror(errno));
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
        if (is_ours(str_from(entry->d_name)))
            vec_push(out, mem, arena_str(mem, str_from(entry->d_name)));
    closedir(folder);
    return true;
}

static int newest_first(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)b, *(const struct str *)a);
}

/* The one just made counts first, also when the clock has been set back. */
static bool remove_old(const char *dir, struct str made, int64_t keep, struct arena *mem,
                       struct err *err)
{
    name_list names = {0};
    if (!list_backups(dir, mem, &names, err))
        return false;
    if (names.ptr == NULL) /* somebody else has emptied the directory */
        return true;
    qsort(names.ptr, names.len, sizeof(*names.ptr), newest_first);
    int64_t kept = 1;
    for (size_t i = 0; i < names.len; i++) {
        bool finished = !str_ends(names.ptr[i], STR(NAME_UNFINISHED));
        if (str_eq(names.ptr[i], made) || (finished && ++kept <= keep))
            continue;
        const char *path = arena_join(mem, str_from(dir), STR("/"), names.ptr[i]).ptr;
        if (unlink(path) != 0)
            return fail(err, ERR_IO, path, "cannot remove the old backup: %s", strerror(errno));
        printf("removed %s\n", path);
    }
    return true;
}

/* Old ones go only for a new one that could be restored. */
static bool verify(const char *path, struct arena *mem, struct err *err)
{
    struct backup_report report = {0};
    if (!catalog_restore(path, NULL, mem, &report, err))
        return false;
    if (report.found.problem.ptr == NULL)
        return true;
    (void)fail(err, ERR_INVALID, path, STR_FMT, STR_ARG(report.found.problem));
    return err_hint(err, "no older backup was removed; look at the catalog: chanceryd check");
}

static bool rotate(const struct invocation *in, const char *dir, int64_t keep, struct arena *mem,
                   struct err *err)
{
    struct str name = dated_name(clock_now_ms(&clock_system), mem);
    const char *path = arena_join(mem, str_from(dir), STR("/"), name).ptr;
    if (!make_backup(in, mem, path, err))
        return false;
    printf("copied to %s\n", path);
    if (verify(path, mem, err))
        return remove_old(dir, name, keep, mem, err);
    (void)unlink(path); /* it must not count as one of those kept */
    return false;
}

static int usage(const char *text)
{
    fprintf(stderr, "chanceryd: %s\n", text);
    return EXIT_USAGE;
}

int command_backup(const struct invocation *in)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct err err = {0};
    int64_t keep = 0;
    if (in->argc != 1)
        return usage("backup: name one target file, or with --keep one directory");
    if (in->keep != NULL &&
        (!str_to_i64(str_from(in->keep), &keep) || keep < 1 || keep > KEEP_MOST))
        return usage("--keep: give a number of backups, 1 to 10000");
    if (in->keep != NULL)
        return rotate(in, in->argv[0], keep, &mem, &err) ? EXIT_SUCCESS : care_failed(&err);
    if (!make_backup(in, &mem, in->argv[0], &err))
        return care_failed(&err);
    printf("copied to %s\n", in->argv[0]);
    return EXIT_SUCCESS;
}

/* --- the way back --------------------------------------------------------------------------------
 */

static void print_backup(const struct backup_report *report, struct arena *mem)
{
    const struct {
        const char *name;
        int64_t count;
    } rows[] = {
        {"events",        report->found.events },
        {"files",         report->found.files  },
        {"users",         report->users        },
        {"APIs",          report->apis         },
        {"apps",          report->apps         },
        {"subscriptions", report->subscriptions},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        printf("%-14s %lld\n", rows[i].name, (long long)rows[i].count);
    printf("%-14s %s\n", "last event",
           report->last_event_at ? str_z(mem, time_format(mem, report->last_event_at)) : "-");
    printf("%-14s %d%s\n", "schema", report->schema,
           report->schema < catalog_schema ? ", older than this program's" : "");
    printf("%-14s %s\n", "state",
           report->found.problem.ptr ? str_z(mem, report->found.problem) : "sound");
}

static int refuse_damaged(const char *file, const struct backup_report *report)
{
    struct err err = {0};
    (void)fail(&err, ERR_INVALID, file, STR_FMT, STR_ARG(report->found.problem));
    (void)err_hint(&err, "nothing was written; use another backup");
    return care_failed(&err);
}

int command_restore(const struct invocation *in)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct backup_report report = {0};
    struct err err = {0};
    const char *target = in->check_only ? NULL : str_z(&mem, in->settings.database);
    if (in->argc != 1)
        return usage("restore: name one backup file");
    const char *file = in->argv[0];
    if (!catalog_restore(file, target, &mem, &report, &err)) {
        if (err.code == ERR_CONFLICT)
            (void)err_hint(&err, "stop what serves it and move it away with its -wal and -shm, or "
                                 "restore to another file with --set database=…");
        return care_failed(&err);
    }
    print_backup(&report, &mem);
    if (report.found.problem.ptr != NULL)
        return refuse_damaged(file, &report);
    if (target == NULL)
        return EXIT_SUCCESS;
    printf(
        "\nRestored to %s%s.\nEverybody has to sign in again. What was revoked or changed behind "
        "the last event holds as it did\nbefore: look through keys, tokens and requests before "
        "you serve it.\n",
        target, report.schema < catalog_schema ? ", brought to this program's schema" : "");
    return EXIT_SUCCESS;
}
