/* Verifying a catalog: event chain, references, and that every file hashes to its name. Backups. */
#include <unistd.h>

#include "catalog/service/internal.h"

#define FILE_MOST_BYTES ((size_t)1 << 30)

struct checking {
    struct arena *mem;
    struct catalog_report *report;
    char last_hash[2 * SHA256_LEN + 1];
    int64_t last_seq;
};

/* A hash of another length is none; then the next event cannot follow it. */
static void keep_hash(struct checking *c, struct str hash)
{
    memset(c->last_hash, 0, sizeof(c->last_hash));
    if (hash.len < sizeof(c->last_hash))
        memcpy(c->last_hash, hash.ptr, hash.len);
}

static bool check_event(struct checking *c, const struct event *e, struct arena *scratch)
{
    const char *wrong = NULL;
    if (e->seq != c->last_seq + 1)
        wrong = "is missing or out of order";
    else if (!str_eq(e->prev_hash, str_from(c->last_hash)))
        wrong = "does not follow the one before it";
    else if (!str_eq(e->hash, event_hash(e, scratch)))
        wrong = "has been changed";
    if (wrong != NULL)
        c->report->problem =
            arena_printf(c->mem, "event %lld %s", (long long)c->last_seq + 1, wrong);
    c->last_seq = e->seq;
    keep_hash(c, e->hash);
    c->report->events++;
    return wrong == NULL;
}

static bool check_chain(struct store *s, struct checking *c, struct err *err)
{
    for (;;) {
        CLEANUP(arena_clear) struct arena scratch = {0};
        struct store_rows rows = {0};
        if (!store_all(s, STMT_EVENT_CHAIN, &record_event, ARGS(arg_i64(c->last_seq)), &scratch,
                       &rows, err))
            return false;
        const struct event *events = rows.rows;
        for (size_t i = 0; i < rows.count; i++)
            if (!check_event(c, &events[i], &scratch))
                return true;
        if (rows.count == 0)
            return true;
    }
}

/* Events cut off at the end leave a whole chain; its end is noted apart. */
static bool check_end(struct store *s, struct checking *c, struct err *err)
{
    struct str head = STR_NONE;
    if (!store_bytes(s, STMT_META_TEXT, ARGS(arg_text(STR("chain"))), c->mem, &head, err))
        return false;
    if (c->report->problem.ptr == NULL && c->last_seq > 0 && !str_eq(head, str_from(c->last_hash)))
        c->report->problem =
            arena_printf(c->mem, "the events behind %lld are missing", (long long)c->last_seq);
    if (c->report->problem.ptr == NULL && c->last_seq == 0 && head.ptr != NULL)
        c->report->problem = STR("all events are missing");
    return true;
}

static bool check_file(void *context, const struct arg *col, struct err *err)
{
    struct checking *c = context;
    CLEANUP(arena_clear) struct arena scratch = {0};
    CLEANUP(buf_clear) struct buf bytes = {0};
    struct err why = {0};
    UNUSED(err);
    c->report->files++;
    bool unpacked = gzip_unpack(col[2].text, FILE_MOST_BYTES, &bytes, &why);
    struct sha256 hash = sha256_of(buf_str(&bytes));
    if (!unpacked || col[1].i64 != (int64_t)bytes.len ||
        !str_eq(hex_format(&scratch, hash.bytes, sizeof(hash.bytes)), col[0].text))
        c->report->problem =
            arena_join(c->mem, STR("file "), col[0].text, STR(" does not hash to its name"));
    return true;
}

static bool check_all(struct store *s, struct checking *c, struct err *err)
{
    struct catalog_report *report = c->report;
    if (!store_integrity(s, c->mem, &report->problem, err) ||
        !store_number(s, STMT_ROWS, NO_ARGS, 0, &report->rows, err))
        return false;
    if (report->problem.ptr == NULL && (!check_chain(s, c, err) || !check_end(s, c, err)))
        return false;
    return report->problem.ptr != NULL || store_each(s, STMT_FILES, NO_ARGS, check_file, c, err);
}

static bool check_store(struct store *s, struct arena *mem, struct catalog_report *out,
                        struct err *err)
{
    struct catalog_report report = {0};
    struct checking c = {.mem = mem, .report = &report};
    keep_hash(&c, str_from(event_first_hash));
    if (!store_begin_read(s, err)) /* one state, while the writer goes on */
        return false;
    bool ok = check_all(s, &c, err);
    store_end_read(s);
    if (ok)
        *out = report;
    return ok;
}

bool catalog_check(struct view *v, struct arena *mem, struct catalog_report *out, struct err *err)
{
    return check_store(v->store, mem, out, err);
}

/* --- backups ---------------------------------------------------------------------------------- */

bool catalog_backup(struct catalog *c, const char *target, struct err *err)
{
    struct view *view = NULL;
    if (!view_open(c, &view, err))
        return false;
    bool ok = store_backup(view->store, target, err);
    view_close(view);
    return ok;
}

static bool take_holdings(void *context, const struct arg *col, struct err *err)
{
    struct backup_report *report = context;
    UNUSED(err);
    report->last_event_at = col[0].i64;
    report->users = col[1].i64;
    report->apis = col[2].i64;
    report->apps = col[3].i64;
    report->subscriptions = col[4].i64;
    return true;
}

/* Another process may have begun to make or serve a catalog there while the backup was read. */
static bool write_catalog(struct store *s, const char *target, struct err *err)
{
    int lock_fd = -1;
    if (!store_lock(target, &lock_fd, err))
        return false;
    bool ok =
        store_is_free(target, err) && store_forget_visitors(s, err) && store_backup(s, target, err);
    close(lock_fd);
    return ok;
}

bool catalog_restore(const char *file, const char *target, struct arena *mem,
                     struct backup_report *out, struct err *err)
{
    struct backup_report report = {0};
    struct store *s = NULL;
    if ((target != NULL && !store_is_free(target, err)) ||
        !store_open_backup(file, &report.schema, &s, err))
        return false;
    bool ok = check_store(s, mem, &report.found, err) &&
              store_each(s, STMT_HOLDINGS, NO_ARGS, take_holdings, &report, err);
    if (ok && target != NULL && report.found.problem.ptr == NULL)
        ok = write_catalog(s, target, err);
    store_close(s);
    if (ok)
        *out = report;
    return ok;
}
