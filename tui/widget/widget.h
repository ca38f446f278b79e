/* What views are put together from: table, line of input, dialog, pager. They keep what the user
 * did (selection, order, filter, typed text) and draw into a rectangle; they know nothing of APIs.
 */
#ifndef CHANCERY_WIDGET_H
#define CHANCERY_WIDGET_H

#include "tui/term/term.h"

struct rect {
    int row, col, rows, cols;
};

/* --- table --------------------------------------------------------------------------------------
 */

#define COLUMNS_MAX 16

struct column {
    const char *id;    /* "p99": what `col:x` and `:sort` say */
    const char *title; /* "P99" */
    int most;          /* columns at most */
    int priority;      /* 0 stays; the largest goes first when the screen is narrow */
    bool number;       /* right-aligned, sorted by value, largest first */
};

struct cell {
    struct str text;
    double value; /* number columns; NAN sorts last */
    enum term_tone tone;
};

struct table_row {
    struct str id; /* what selection is kept by */
    const struct cell *cells;
    const void *data; /* the view's own */
};

/** Rows are borrowed until the next table_set; everything else belongs to the table. */
struct table {
    const struct column *columns;
    size_t column_count;
    const struct table_row *rows;
    size_t row_count;
    struct arena mem; /* of order */
    size_t *order;    /* shown rows, sorted */
    size_t shown;
    size_t at, top;
    struct buf selected; /* id */
    struct buf filter;
    size_t sort;
    bool descending;
    int widths[COLUMNS_MAX]; /* grow with the data, never shrink: a live table must not jump */
    int wants[COLUMNS_MAX];  /* the same where there is room to spare, past each column's most */
    bool known[COLUMNS_MAX]; /* some row has had a value: other columns are not shown */
};

void table_init(struct table *t, const struct column *columns, size_t count, size_t sort);
void table_clear(struct table *t);
/** New rows; the selection stays on its id, or on its place when the id has gone. */
void table_set(struct table *t, const struct table_row *rows, size_t count);
/** NULL when nothing is shown. */
const struct table_row *table_selected(const struct table *t);
void table_move(struct table *t, int64_t by); /* clamps; ±INT32_MAX for the ends */
void table_sort(struct table *t, size_t column);
/** Sorts by the next column that is known, or the one before. */
void table_sort_step(struct table *t, bool before);
/** Columns on the screen that all of it would take. */
int table_cols(const struct table *t);
void table_invert(struct table *t);
/** Blank-separated terms that must all hold: "x" in any cell, "col:x" in that one, "!" before
 * either for the opposite. ASCII case does not matter. */
void table_filter(struct table *t, struct str terms);
/** Heading and rows; stale rows are dimmed. */
void table_draw(struct table *t, struct term *term, struct rect place, bool stale);

/* --- one line of input -------------------------------------------------------------------------
 */

struct line {
    struct buf text;
    size_t at; /* byte the cursor stands before */
    size_t most_bytes;
};

void line_init(struct line *l, size_t most_bytes);
void line_clear(struct line *l);
void line_set(struct line *l, struct str text);
/** True when the key was one of editing. */
bool line_key(struct line *l, struct term_key key);
/** Draws the part around the cursor and puts the cursor there. */
void line_draw(const struct line *l, struct term *term, int row, int col, int width);

/* --- dialog -------------------------------------------------------------------------------------
 */

enum dialog_answer { DIALOG_OPEN, DIALOG_YES, DIALOG_NO };

/** Asks before something is changed. Texts live in mem. */
struct dialog {
    struct arena mem;
    struct str title; /* "Approve shop → parcels?" */
    struct str facts; /* lines */
    struct str verb;  /* "approve" */
    bool reason_required;
    bool refused; /* Enter without the required reason */
    struct line reason;
};

void dialog_open(struct dialog *d);
void dialog_close(struct dialog *d);
enum dialog_answer dialog_key(struct dialog *d, struct term_key key);
void dialog_draw(struct dialog *d, struct term *term, struct rect place);

/* --- pager --------------------------------------------------------------------------------------
 */

enum pager_flags {
    PAGER_CUT = 1 << 0,  /* does not wrap: its columns are aligned with others' */
    PAGER_PART = 1 << 1, /* a part begins here */
};

struct pager_line {
    struct str label; /* may be absent: text starts at the left */
    struct str text;
    enum term_tone tone; /* of the text */
    unsigned flags;
};

/** Draws lines from *top on (clamped); labels share one column. Long texts wrap. Returns how many
 *  screen lines there are in all. */
size_t pager_draw(struct term *term, struct rect place, const struct pager_line *lines,
                  size_t count, size_t *top);
/** The screen line of the next part behind (or before) top; top itself when there is none. */
size_t pager_part(struct term *term, struct rect place, const struct pager_line *lines,
                  size_t count, size_t top, bool before);

/** A horizontal line with an optional title, and a note at its right end. */
void rule_draw(struct term *term, int row, int col, int cols, enum term_tone tone, struct str title,
               struct str note);

/* --- split --------------------------------------------------------------------------------------
 */

enum split_wish { SPLIT_SHOW, SPLIT_HIDE, SPLIT_ALONE };

/** What the user wants of a table and the details of its selected row. */
struct split {
    enum split_wish wish;
    int more_rows, more_cols; /* of the details, than they have by themselves */
};

enum split_place { SPLIT_NONE, SPLIT_BELOW, SPLIT_BESIDE, SPLIT_ONLY };

struct split_areas {
    enum split_place place;
    bool too_small; /* wanted, but there is no room */
    struct rect table, pane;
};

/** Divides place: details stand beside a table that leaves enough columns, else below it; rows that
 *  the table does not need are the details'. table_cols and table_rows: what it could use. */
void split_lay_out(const struct split *s, struct rect place, int table_cols, int table_rows,
                   struct split_areas *out);
/** Makes the details larger or smaller by one step; false when they are so already. */
bool split_resize(struct split *s, const struct split_areas *now, bool larger);

#endif
