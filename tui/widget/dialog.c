/* The question before a change. */
#include "tui/widget/widget.h"

#define REASON_BYTES 1000
#define WIDTH_MOST   72

void dialog_open(struct dialog *d)
{
    line_clear(&d->reason);
    arena_clear(&d->mem);
    *d = (struct dialog){0};
    line_init(&d->reason, REASON_BYTES);
}

void dialog_close(struct dialog *d)
{
    line_clear(&d->reason);
    arena_clear(&d->mem);
    *d = (struct dialog){0};
}

enum dialog_answer dialog_key(struct dialog *d, struct term_key key)
{
    bool typed = !key.pasted;
    if (typed && (key.code == TERM_KEY_ESC || key.code == ('C' & 0x1F)))
        return DIALOG_NO;
    if (typed && key.code == TERM_KEY_ENTER) {
        d->refused = d->reason_required && str_trim(buf_str(&d->reason.text)).len == 0;
        return d->refused ? DIALOG_OPEN : DIALOG_YES;
    }
    if (line_key(&d->reason, key))
        d->refused = false;
    return DIALOG_OPEN;
}

/* --- drawing ------------------------------------------------------------------------------------
 */

static void draw_box(struct term *term, struct rect box)
{
    int right = box.col + box.cols - 1, bottom = box.row + box.rows - 1;
    for (int row = box.row; row <= bottom; row++) {
        term_fill(term, row, box.col, box.cols, TONE_TEXT, GLYPH_COUNT);
        term_fill(term, row, box.col, 1, TONE_DIM, GLYPH_DOWN);
        term_fill(term, row, right, 1, TONE_DIM, GLYPH_DOWN);
    }
    for (int row = box.row; row <= bottom; row += box.rows - 1) {
        bool top = row == box.row;
        term_fill(term, row, box.col, box.cols, TONE_DIM, GLYPH_ACROSS);
        term_fill(term, row, box.col, 1, TONE_DIM, top ? GLYPH_TOP_LEFT : GLYPH_BOTTOM_LEFT);
        term_fill(term, row, right, 1, TONE_DIM, top ? GLYPH_TOP_RIGHT : GLYPH_BOTTOM_RIGHT);
    }
}

static int line_count(struct str text)
{
    int count = 0;
    struct str line;
    while (str_split(&text, '\n', &line))
        count++;
    return count;
}

static void draw_answers(const struct dialog *d, struct term *term, int row, int col, int cols)
{
    if (d->refused) {
        (void)term_put(term, row, col, cols, TONE_BAD, STR("a reason is required"));
        return;
    }
    int used = term_put(term, row, col, cols, TONE_KEY, STR("Enter "));
    used += term_put(term, row, col + used, cols - used, TONE_TEXT, d->verb);
    used += term_put(term, row, col + used, cols - used, TONE_KEY, STR("   Esc "));
    (void)term_put(term, row, col + used, cols - used, TONE_TEXT, STR("cancel"));
}

/* On a screen too low for a box the question and its field stand alone. */
static void draw_bare(const struct dialog *d, struct term *term, struct rect place)
{
    for (int row = 0; row < place.rows; row++)
        term_fill(term, place.row + row, place.col, place.cols, TONE_TEXT, GLYPH_COUNT);
    (void)term_put(term, place.row, place.col, place.cols, TONE_TITLE, d->title);
    if (place.rows > 2)
        draw_answers(d, term, place.row + 2, place.col, place.cols);
    line_draw(&d->reason, term, place.row + (place.rows > 1 ? 1 : 0), place.col, place.cols);
}

void dialog_draw(struct dialog *d, struct term *term, struct rect place)
{
    int facts = line_count(d->facts), rows = facts + 7;
    if (place.rows < rows || place.cols < 24) {
        draw_bare(d, term, place);
        return;
    }
    int cols = place.cols - 4 < WIDTH_MOST ? place.cols - 4 : WIDTH_MOST;
    struct rect box = {place.row + (place.rows - rows) / 2, place.col + (place.cols - cols) / 2,
                       rows, cols};
    struct str rest = d->facts, line;
    int row = box.row, col = box.col + 2, inner = cols - 4;
    draw_box(term, box);
    int used = term_put(term, row, col, 1, TONE_TEXT, STR(" "));
    used += term_put(term, row, col + used, inner - 2, TONE_TITLE, d->title);
    (void)term_put(term, row, col + used, 1, TONE_TEXT, STR(" "));
    while (str_split(&rest, '\n', &line))
        (void)term_put(term, ++row, col, inner, TONE_TEXT, line);
    row += 2;
    (void)term_put(term, row, col, inner, TONE_DIM,
                   d->reason_required ? STR("Reason (required, the applicant reads it)")
                                      : STR("Reason (the applicant reads it)"));
    draw_answers(d, term, row + 3, col, inner);
    (void)term_put(term, row + 1, col, 2, TONE_KEY, STR("> "));
    line_draw(&d->reason, term, row + 1, col + 2, inner - 2);
}
