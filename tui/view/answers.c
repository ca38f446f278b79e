/* What proxies answered, and why: counts by status and reason. */
#include <stdlib.h>

#include "tui/view/ui.h"

struct answer {
    int64_t status, count;
    struct str reason;
};
struct answers {
    struct answer kinds[32];
    size_t len;
};

static void add_answers(struct answers *a, const struct json *row)
{
    const struct json *list = json_get(row, "reasons");
    for (const struct json *r = list ? list->child : NULL; r != NULL; r = r->next) {
        int64_t status = json_get_i64(r, "status", 0), count = json_get_i64(r, "count", 0);
        struct str reason = json_get_str(r, "reason");
        size_t i = 0;
        while (i < a->len && (a->kinds[i].status != status || !str_eq(a->kinds[i].reason, reason)))
            i++;
        if (i == COUNT_OF(a->kinds))
            continue; /* more kinds than there are: statuses × reasons of the decision */
        if (i == a->len) {
            a->kinds[a->len].status = status;
            a->kinds[a->len++].reason = reason;
        }
        a->kinds[i].count += count;
    }
}

static int compare_answers(const void *left, const void *right)
{
    const struct answer *a = left, *b = right;
    if (a->status != b->status)
        return a->status < b->status ? -1 : 1;
    return str_cmp(a->reason, b->reason);
}

struct str answers_text(const struct json *row, bool all, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf b = {0};
    struct answers a = {0};
    for (; row != NULL; row = all ? row->next : NULL)
        add_answers(&a, row);
    qsort(a.kinds, a.len, sizeof(a.kinds[0]), compare_answers);
    for (size_t i = 0; i < a.len; i++)
        buf_printf(&b, "%s%lld " STR_FMT ": %lld", i ? "   " : "", (long long)a.kinds[i].status,
                   STR_ARG(a.kinds[i].reason), (long long)a.kinds[i].count);
    return arena_str(mem, buf_str(&b));
}
