/* How a table and the details of its selected row share the screen. */
#include "tui/widget/widget.h"

#define TABLE_ROWS_LEAST 5 /* heading and four rows */
#define PANE_ROWS_LEAST  6
#define PANE_COLS_LEAST  40
#define BESIDE_COLS      50 /* what a table must leave */
#define TABLE_COLS_LEAST 30
#define PERCENT_BELOW    45
#define ROWS_STEP        2
#define COLS_STEP        8

static int within(int value, int least, int most)
{
    return value < least ? least : value > most ? most : value;
}

static void beside(const struct split *s, struct rect place, int table_cols,
                   struct split_areas *out)
{
    int free_cols = place.cols - table_cols - 3;
    int cols = within(free_cols + s->more_cols, PANE_COLS_LEAST, place.cols - TABLE_COLS_LEAST - 1);
    out->place = SPLIT_BESIDE;
    out->table = (struct rect){place.row, place.col, place.rows, place.cols - cols - 1};
    out->pane = (struct rect){place.row, place.col + place.cols - cols, place.rows, cols};
}

static void below(const struct split *s, struct rect place, int table_rows, struct split_areas *out)
{
    int rows = within(place.rows * PERCENT_BELOW / 100, PANE_ROWS_LEAST, place.rows);
    if (rows < place.rows - table_rows - 1)
        rows = place.rows - table_rows - 1;
    rows = within(rows + s->more_rows, PANE_ROWS_LEAST, place.rows - TABLE_ROWS_LEAST);
    out->place = SPLIT_BELOW;
    out->table = (struct rect){place.row, place.col, place.rows - rows, place.cols};
    out->pane = (struct rect){place.row + place.rows - rows, place.col, rows, place.cols};
}

void split_lay_out(const struct split *s, struct rect place, int table_cols, int table_rows,
                   struct split_areas *out)
{
    *out = (struct split_areas){.table = place};
    if (s->wish == SPLIT_HIDE)
        return;
    if (s->wish == SPLIT_ALONE) {
        out->place = SPLIT_ONLY;
        out->pane = place;
        out->table.rows = 0;
    } else if (table_cols + BESIDE_COLS <= place.cols &&
               place.rows >= TABLE_ROWS_LEAST + PANE_ROWS_LEAST) {
        beside(s, place, table_cols, out);
    } else if (place.rows >= TABLE_ROWS_LEAST + PANE_ROWS_LEAST && place.cols >= PANE_COLS_LEAST) {
        below(s, place, table_rows, out);
    } else {
        out->too_small = true;
    }
}

bool split_resize(struct split *s, const struct split_areas *now, bool larger)
{
    int sign = larger ? 1 : -1;
    if (now->place == SPLIT_BELOW) {
        if (larger ? now->table.rows <= TABLE_ROWS_LEAST : now->pane.rows <= PANE_ROWS_LEAST)
            return false;
        s->more_rows += sign * ROWS_STEP;
        return true;
    }
    if (now->place != SPLIT_BESIDE ||
        (larger ? now->table.cols <= TABLE_COLS_LEAST : now->pane.cols <= PANE_COLS_LEAST))
        return false;
    s->more_cols += sign * COLS_STEP;
    return true;
}
