/* A small table among the lines of details. */
#include <math.h>
#include <stdlib.h>

#include "tui/view/ui.h"

#define GAP        2
#define TEXT_LEAST 10

void grid_open(struct grid *g, struct ui *ui, const struct feed *feed,
               const struct grid_column *columns, size_t count)
{
    assert(count <= GRID_COLUMNS);
    *g = (struct grid){
        .view = ui_view(ui), .term = ui->term, .feed = feed, .columns = columns, .count = count};
}

struct cell *grid_row(struct grid *g)
{
    const struct grid_row row = {0};
    vec_push(&g->rows, &g->view->detail.mem, row);
    return vec_last(&g->rows)->cells;
}

static int compare_rows(const void *left, const void *right, void *context)
{
    const size_t *column = context;
    double a = ((const struct grid_row *)left)->cells[*column].value,
           b = ((const struct grid_row *)right)->cells[*column].value;
    if (isnan(a) || isnan(b))
        return (isnan(a) ? 1 : 0) - (isnan(b) ? 1 : 0);
    return (a < b) - (a > b);
}

void grid_sort(struct grid *g, size_t column)
{
    if (g->rows.len > 1)
        qsort_r(g->rows.ptr, g->rows.len, sizeof(*g->rows.ptr), compare_rows, &column);
}

static bool blank(struct str text)
{
    return text.len == 0 || str_eq(text, STR("-"));
}

/* What does not fit goes from the right, but a text there gives way before it goes. */
static void fit(const struct grid *g, int *widths)
{
    int left = g->view->detail.place.cols - 2;
    for (size_t c = 0; c < g->count; c++) {
        if (widths[c] == 0)
            continue;
        bool shorter = c == 0 || (!g->columns[c].number && left >= TEXT_LEAST);
        if (widths[c] > left)
            widths[c] = shorter && left > 0 ? left : 0;
        left = widths[c] > 0 ? left - widths[c] - GAP : 0;
    }
}

/* Columns that no row has a value for are left out. */
static void measure(const struct grid *g, int *widths)
{
    for (size_t c = 0; c < g->count; c++) {
        bool known = false;
        widths[c] = term_width(g->term, str_from(g->columns[c].title));
        for (size_t i = 0; i < g->rows.len; i++) {
            struct str text = g->rows.ptr[i].cells[c].text;
            int width = term_width(g->term, text);
            widths[c] = width > widths[c] ? width : widths[c];
            known = known || !blank(text);
        }
        if (!known)
            widths[c] = 0;
        else if (widths[c] > g->columns[c].most)
            widths[c] = g->columns[c].most;
    }
    fit(g, widths);
}

/* Characters of text until they and the mark behind them take the width. */
static struct str cut_text(const struct grid *g, struct str text, int width)
{
    size_t end = text.len;
    do
        while (end > 0 && ((uint8_t)text.ptr[--end] & 0xC0) == 0x80) {
        }
    while (end > 0 && term_width(g->term, str_sub(text, 0, end)) > width - 1);
    return arena_join(&g->view->detail.mem, str_sub(text, 0, end), term_glyph(g->term, GLYPH_CUT));
}

static void put(const struct grid *g, struct buf *b, struct str text, int width, bool right)
{
    if (b->len > 0)
        buf_printf(b, "%*s", GAP, "");
    int blanks = width - term_width(g->term, text);
    if (right)
        buf_printf(b, "%*s", blanks > 0 ? blanks : 0, "");
    buf_add(b, text);
    if (!right)
        buf_printf(b, "%*s", blanks > 0 ? blanks : 0, "");
}

static struct str row_text(const struct grid *g, const struct cell *cells, const int *widths)
{
    CLEANUP(buf_clear) struct buf b = {0};
    for (size_t c = 0; c < g->count; c++) {
        struct str text = cells ? cells[c].text : str_from(g->columns[c].title);
        if (widths[c] == 0)
            continue;
        if (term_width(g->term, text) > widths[c])
            text = cut_text(g, text, widths[c]);
        put(g, &b, blank(text) ? STR("-") : text, widths[c], g->columns[c].number);
    }
    while (b.len > 0 && b.ptr[b.len - 1] == ' ')
        b.len--;
    return arena_str(&g->view->detail.mem, buf_str(&b));
}

/* A line has one tone: that of the cell that asks for most attention. */
static enum term_tone row_tone(const struct grid *g, const struct cell *cells)
{
    static const enum term_tone first[] = {TONE_BAD, TONE_WARN, TONE_DIM};
    for (size_t i = 0; i < COUNT_OF(first); i++)
        for (size_t c = 0; c < g->count; c++)
            if (cells[c].tone == first[i] && (first[i] != TONE_DIM || c == 0))
                return first[i];
    return TONE_TEXT;
}

static struct str stale_text(const struct grid *g, struct arena *mem)
{
    const struct feed *f = g->feed;
    if (f == NULL || f->err.code == ERR_NONE)
        return STR("");
    return arena_printf(mem, "  stale " STR_FMT ": %s",
                        STR_ARG(figure_age(mem, clock_steady_ms() - f->good_ms)), f->err.msg);
}

void grid_close(struct grid *g, size_t most)
{
    int widths[GRID_COLUMNS];
    struct view *v = g->view;
    struct arena *mem = &v->detail.mem;
    struct str stale = stale_text(g, mem);
    if (g->rows.len == 0)
        return;
    measure(g, widths);
    detail_line(v, (struct pager_line){STR_NONE, STR(""), TONE_TEXT, 0});
    detail_line(v, (struct pager_line){STR_NONE, arena_join(mem, row_text(g, NULL, widths), stale),
                                       stale.len ? TONE_WARN : TONE_HEAD, PAGER_CUT | PAGER_PART});
    for (size_t i = 0; i < g->rows.len && i < most; i++) {
        const struct cell *cells = g->rows.ptr[i].cells;
        detail_line(v, (struct pager_line){STR_NONE, row_text(g, cells, widths),
                                           stale.len ? TONE_DIM : row_tone(g, cells), PAGER_CUT});
    }
    if (g->rows.len > most)
        detail_line(v, (struct pager_line){STR_NONE,
                                           arena_printf(mem, "and %zu more", g->rows.len - most),
                                           TONE_DIM, PAGER_CUT});
}
