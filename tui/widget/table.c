/* A table that draws only what can be seen: selection, scrolling, columns that fit. */
#include <stdlib.h>

#include "tui/widget/table.h"

#define MARGIN 3 /* " ▸ " */
#define GAP    2

void table_init(struct table *t, const struct column *columns, size_t count, size_t sort)
{
    *t = (struct table){.columns = columns, .column_count = count};
    table_sort(t, sort);
}

void table_clear(struct table *t)
{
    arena_clear(&t->mem);
    buf_clear(&t->selected);
    buf_clear(&t->filter);
}

/* --- selection ----------------------------------------------------------------------------------
 */

static void remember(struct table *t)
{
    const struct table_row *row = table_selected(t);
    if (row == NULL)
        return;
    buf_reset(&t->selected);
    buf_add(&t->selected, row->id);
}

/* The selected id's new place; without it the old place, which keeps the eye where it was. */
static void find_selected(struct table *t)
{
    struct str id = buf_str(&t->selected);
    for (size_t i = 0; i < t->shown && t->selected.len > 0; i++)
        if (str_eq(t->rows[t->order[i]].id, id)) {
            t->at = i;
            return;
        }
    if (t->at >= t->shown)
        t->at = t->shown ? t->shown - 1 : 0;
    remember(t);
}

const struct table_row *table_selected(const struct table *t)
{
    return t->at < t->shown ? &t->rows[t->order[t->at]] : NULL;
}

void table_move(struct table *t, int64_t by)
{
    int64_t at = (int64_t)t->at + by, last = (int64_t)t->shown - 1;
    if (at > last)
        at = last;
    t->at = at > 0 ? (size_t)at : 0;
    remember(t);
}

/* --- rows, order --------------------------------------------------------------------------------
 */

/* Columns by counting characters: exact for all but wide and combining ones, which are cut. */
static int characters(struct str s)
{
    int count = 0;
    for (size_t i = 0; i < s.len; i++)
        count += ((uint8_t)s.ptr[i] & 0xC0) != 0x80;
    return count;
}

static void grow_widths(struct table *t)
{
    for (size_t c = 0; c < t->column_count; c++) {
        const struct column *column = &t->columns[c];
        int widest = characters(str_from(column->title));
        for (size_t i = 0; i < t->row_count; i++) {
            struct str text = t->rows[i].cells[c].text;
            int width = characters(text);
            widest = width > widest ? width : widest;
            /* A figure that is asked for and not there yet reads "-" and keeps its column. */
            t->known[c] =
                t->known[c] || (text.len > 0 && (column->number || !str_eq(text, STR("-"))));
        }
        if (widest > t->wants[c])
            t->wants[c] = widest;
        if (widest > column->most)
            widest = column->most;
        if (widest > t->widths[c])
            t->widths[c] = widest;
    }
}

static void reorder(struct table *t)
{
    table_order(t);
    find_selected(t);
}

void table_set(struct table *t, const struct table_row *rows, size_t count)
{
    t->rows = rows;
    t->row_count = count;
    grow_widths(t);
    reorder(t);
}

void table_sort(struct table *t, size_t column)
{
    t->sort = column < t->column_count ? column : 0;
    t->descending = t->columns[t->sort].number;
    reorder(t);
}

/* Before there is a row nothing is known, and all is shown. */
static bool shows(const struct table *t, size_t column)
{
    return column == 0 || t->known[column] || t->row_count == 0;
}

void table_sort_step(struct table *t, bool before)
{
    size_t column = t->sort;
    do
        column = (column + (before ? t->column_count - 1 : 1)) % t->column_count;
    while (!shows(t, column));
    table_sort(t, column);
}

void table_invert(struct table *t)
{
    t->descending = !t->descending;
    reorder(t);
}

void table_filter(struct table *t, struct str terms)
{
    buf_reset(&t->filter);
    buf_add(&t->filter, terms);
    reorder(t);
}

/* --- drawing ------------------------------------------------------------------------------------
 */

struct layout {
    bool shown[COLUMNS_MAX];
    int widths[COLUMNS_MAX];
};

static int total(const struct table *t, const struct layout *l)
{
    int cols = MARGIN - GAP;
    for (size_t i = 0; i < t->column_count; i++)
        cols += l->shown[i] ? l->widths[i] + GAP : 0;
    return cols;
}

/* The least important columns go until the rest fits; the first stays and gives way last. */
static void lay_out(const struct table *t, int cols, struct layout *l)
{
    for (size_t i = 0; i < t->column_count; i++) {
        l->shown[i] = shows(t, i);
        l->widths[i] = t->widths[i];
    }
    while (total(t, l) > cols) {
        size_t least = 0;
        for (size_t i = 1; i < t->column_count; i++)
            if (l->shown[i] && (least == 0 || t->columns[i].priority >= t->columns[least].priority))
                least = i;
        if (least == 0)
            break;
        l->shown[least] = false;
    }
    if (total(t, l) > cols)
        l->widths[0] = cols > MARGIN ? cols - MARGIN : 0;
}

/* Room to spare goes to what is cut, from the first column on. */
static void spread(const struct table *t, int cols, struct layout *l)
{
    int spare = cols - GAP - total(t, l);
    for (size_t i = 0; i < t->column_count && spare > 0; i++) {
        int more = t->wants[i] - l->widths[i];
        if (!l->shown[i] || more <= 0)
            continue;
        more = more < spare ? more : spare;
        l->widths[i] += more;
        spare -= more;
    }
}

int table_cols(const struct table *t)
{
    struct layout layout = {0};
    lay_out(t, INT32_MAX, &layout);
    return total(t, &layout);
}

static void draw_cell(struct term *term, int row, int col, int width, bool right,
                      enum term_tone tone, struct str text)
{
    int used = right ? term_width(term, text) : 0;
    int shift = right && used < width ? width - used : 0;
    (void)term_put(term, row, col + shift, width - shift, tone, text);
}

static void draw_heading(const struct table *t, struct term *term, struct rect place,
                         const struct layout *l)
{
    int col = place.col + MARGIN;
    for (size_t i = 0; i < t->column_count; i++) {
        if (!l->shown[i])
            continue;
        draw_cell(term, place.row, col, l->widths[i], t->columns[i].number, TONE_HEAD,
                  str_from(t->columns[i].title));
        col += l->widths[i] + GAP;
    }
}

/* Only mark and first cell show the selection: moving it costs a slow line few bytes. */
static void draw_row(const struct table *t, struct term *term, struct rect place, size_t index,
                     const struct layout *l, bool stale)
{
    const struct table_row *row = &t->rows[t->order[index]];
    bool selected = index == t->at;
    int at = place.row + 1 + (int)(index - t->top), col = place.col + MARGIN;
    if (selected)
        (void)term_put(term, at, place.col + 1, 1, TONE_KEY, term_glyph(term, GLYPH_MARK));
    for (size_t i = 0; i < t->column_count; i++) {
        if (!l->shown[i])
            continue;
        enum term_tone tone = stale ? TONE_DIM : row->cells[i].tone;
        if (selected && i == 0)
            tone = TONE_SELECTED;
        draw_cell(term, at, col, l->widths[i], t->columns[i].number, tone, row->cells[i].text);
        col += l->widths[i] + GAP;
    }
}

void table_draw(struct table *t, struct term *term, struct rect place, bool stale)
{
    struct layout layout = {0};
    bool heading = place.rows > 1; /* a single line belongs to the data */
    size_t visible = place.rows > 0 ? (size_t)place.rows - heading : 0;
    lay_out(t, place.cols, &layout);
    spread(t, place.cols, &layout);
    if (t->at < t->top)
        t->top = t->at;
    if (visible > 0 && t->at >= t->top + visible)
        t->top = t->at - visible + 1;
    if (visible > 0 && t->top + visible > t->shown)
        t->top = t->shown > visible ? t->shown - visible : 0;
    if (heading)
        draw_heading(t, term, place, &layout);
    else
        place.row--;
    for (size_t i = t->top; i < t->shown && i - t->top < visible; i++)
        draw_row(t, term, place, i, &layout, stale);
}
