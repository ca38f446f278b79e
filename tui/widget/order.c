/* Which rows a table shows, and in which order. */
#include <math.h>
#include <stdlib.h>

#include "tui/widget/table.h"

/* --- filter -------------------------------------------------------------------------------------
 */

static bool contains(struct str text, struct str part)
{
    for (size_t i = 0; i + part.len <= text.len; i++)
        if (str_eq_nocase(str_sub(text, i, part.len), part))
            return true;
    return false;
}

/* "col:x" when col is a column, else the whole is text to find: values contain colons, too. */
static size_t column_of(const struct table *t, struct str *term)
{
    size_t colon = str_find_char(*term, ':');
    if (colon == SIZE_MAX)
        return SIZE_MAX;
    for (size_t i = 0; i < t->column_count; i++)
        if (str_eq_nocase(str_sub(*term, 0, colon), str_from(t->columns[i].id))) {
            *term = str_sub(*term, colon + 1, term->len);
            return i;
        }
    return SIZE_MAX;
}

static bool term_holds(const struct table *t, const struct table_row *row, struct str term)
{
    bool opposite = term.len > 1 && term.ptr[0] == '!';
    if (opposite)
        term = str_sub(term, 1, term.len);
    size_t column = column_of(t, &term);
    bool found = false;
    for (size_t i = 0; i < t->column_count && !found; i++)
        found = (column == SIZE_MAX || column == i) && contains(row->cells[i].text, term);
    return found != opposite;
}

static bool passes(const struct table *t, const struct table_row *row)
{
    struct str rest = buf_str(&t->filter), term;
    while (str_split(&rest, ' ', &term))
        if (term.len > 0 && !term_holds(t, row, term))
            return false;
    return true;
}

/* --- sort ---------------------------------------------------------------------------------------
 */

static int compare_numbers(double a, double b, bool descending)
{
    if (isnan(a) || isnan(b))
        return (isnan(a) ? 1 : 0) - (isnan(b) ? 1 : 0);
    int order = a < b ? -1 : a > b ? 1 : 0;
    return descending ? -order : order;
}

static int compare_rows(const void *left, const void *right, void *context)
{
    const struct table *t = context;
    const struct table_row *a = &t->rows[*(const size_t *)left],
                           *b = &t->rows[*(const size_t *)right];
    int order;
    if (t->columns[t->sort].number) {
        order = compare_numbers(a->cells[t->sort].value, b->cells[t->sort].value, t->descending);
    } else {
        order = str_cmp(a->cells[t->sort].text, b->cells[t->sort].text);
        order = t->descending ? -order : order;
    }
    return order ? order : str_cmp(a->id, b->id);
}

void table_order(struct table *t)
{
    arena_reset(&t->mem);
    t->order = arena_array(&t->mem, size_t, t->row_count + 1);
    t->shown = 0;
    for (size_t i = 0; i < t->row_count; i++)
        if (passes(t, &t->rows[i]))
            t->order[t->shown++] = i;
    if (t->shown > 1)
        qsort_r(t->order, t->shown, sizeof(*t->order), compare_rows, t);
}
