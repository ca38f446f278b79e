/* Rows of one list found by a member of theirs: a list beside a list is otherwise the square of
 * both, each second. */
#include <stdlib.h>

#include "tui/view/ui.h"

static int compare(const void *left, const void *right)
{
    const struct lookup_row *a = left, *b = right;
    int order = str_cmp(a->key, b->key);
    return order ? order : (a->at > b->at) - (a->at < b->at);
}

void lookup_make(struct lookup *l, const struct json *first, const char *member, struct arena *mem)
{
    *l = (struct lookup){0};
    for (const struct json *row = first; row != NULL; row = row->next)
        l->count++;
    l->rows = arena_array(mem, struct lookup_row, l->count + 1);
    size_t at = 0;
    for (const struct json *row = first; row != NULL; row = row->next, at++)
        l->rows[at] = (struct lookup_row){json_get_str(row, member), row, at};
    if (l->count > 1)
        qsort(l->rows, l->count, sizeof(*l->rows), compare);
}

const struct lookup_row *lookup_find(const struct lookup *l, struct str key, size_t *count)
{
    size_t low = 0, high = l->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_cmp(l->rows[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *count = 0;
    while (low + *count < l->count && str_eq(l->rows[low + *count].key, key))
        ++*count;
    return l->rows + low;
}
