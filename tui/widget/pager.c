/* Lines of labels and texts that can be scrolled. */
#include "tui/widget/widget.h"

#define LABEL_MOST 24

void rule_draw(struct term *term, int row, int col, int cols, enum term_tone tone, struct str title,
               struct str note)
{
    int end = col + cols - 2, note_cols = term_width(term, note);
    term_fill(term, row, col, cols, TONE_DIM, GLYPH_ACROSS);
    if (note_cols > 0 && note_cols + term_width(term, title) + 10 <= cols) {
        end -= note_cols + 2;
        (void)term_put(term, row, end, 1, TONE_DIM, STR(" "));
        (void)term_put(term, row, end + 1, note_cols, TONE_DIM, note);
        (void)term_put(term, row, end + 1 + note_cols, 1, TONE_DIM, STR(" "));
    }
    if (title.len == 0)
        return;
    int at = col + 2;
    at += term_put(term, row, at, end - at, TONE_TEXT, STR(" "));
    at += term_put(term, row, at, end - at - 1, tone, title);
    (void)term_put(term, row, at, 1, TONE_TEXT, STR(" "));
}

/* The end of the part of text that fits: at a gap between its parts, else at a blank. */
static size_t fitting(struct term *term, struct str text, int width)
{
    size_t end = 0, blank = 0, gap = 0;
    while (end < text.len) {
        size_t next = end + 1;
        while (next < text.len && ((uint8_t)text.ptr[next] & 0xC0) == 0x80)
            next++;
        if (text.ptr[end] == '\n')
            return end;
        if (term_width(term, str_sub(text, 0, next)) > width)
            return gap > 0 ? gap : blank > 0 ? blank : end > 0 ? end : next;
        if (str_starts(str_sub(text, end, 3), STR("   ")))
            gap = end;
        if (text.ptr[end] == ' ')
            blank = end;
        end = next;
    }
    return end;
}

struct pager {
    struct term *term;
    struct rect place;
    size_t skip;           /* screen lines above the window */
    size_t line;           /* screen line being written */
    size_t from;           /* a part is looked for behind (before) this one */
    size_t before, behind; /* the nearest ones; SIZE_MAX: none */
};

static bool visible(const struct pager *p)
{
    return p->line >= p->skip && p->line - p->skip < (size_t)p->place.rows;
}

static void note_part(struct pager *p)
{
    if (p->line < p->from)
        p->before = p->line;
    if (p->line > p->from && p->behind == SIZE_MAX)
        p->behind = p->line;
}

static void write_line(struct pager *p, const struct pager_line *line, int label_cols)
{
    struct str rest = line->text;
    int col = p->place.col + 1, width = p->place.cols - 2 - label_cols;
    bool first = true;
    if (line->flags & PAGER_PART)
        note_part(p);
    do {
        bool whole = width <= 0 || (line->flags & PAGER_CUT);
        size_t end = whole ? rest.len : fitting(p->term, rest, width);
        if (visible(p)) {
            int row = p->place.row + (int)(p->line - p->skip);
            if (first && line->label.ptr != NULL)
                (void)term_put(p->term, row, col, label_cols - 1, TONE_DIM, line->label);
            (void)term_put(p->term, row, col + label_cols, width, line->tone,
                           str_sub(rest, 0, end));
        }
        while (end < rest.len && (rest.ptr[end] == ' ' || rest.ptr[end] == '\n'))
            end++;
        rest = str_sub(rest, end, rest.len);
        first = false;
        p->line++;
    } while (rest.len > 0);
}

static void write_all(struct pager *p, const struct pager_line *lines, size_t count, int label_cols)
{
    p->line = 0;
    for (size_t i = 0; i < count; i++)
        write_line(p, &lines[i], lines[i].label.ptr ? label_cols : 0);
}

static int label_cols_of(struct term *term, const struct pager_line *lines, size_t count)
{
    int widest = 0;
    for (size_t i = 0; i < count; i++) {
        int cols = term_width(term, lines[i].label);
        widest = cols > widest ? cols : widest;
    }
    return (widest < LABEL_MOST ? widest : LABEL_MOST) + 2;
}

size_t pager_draw(struct term *term, struct rect place, const struct pager_line *lines,
                  size_t count, size_t *top)
{
    struct pager p = {.term = term, .place = place, .skip = SIZE_MAX / 2};
    int label_cols = label_cols_of(term, lines, count);
    write_all(&p, lines, count, label_cols); /* counts, shows nothing */
    size_t rows = place.rows > 0 ? (size_t)place.rows : 0;
    size_t last = p.line > rows ? p.line - rows : 0;
    if (*top > last)
        *top = last;
    p.skip = *top;
    write_all(&p, lines, count, label_cols);
    return p.line;
}

size_t pager_part(struct term *term, struct rect place, const struct pager_line *lines,
                  size_t count, size_t top, bool before)
{
    struct pager p = {.term = term,
                      .place = place,
                      .skip = SIZE_MAX / 2,
                      .from = top,
                      .before = SIZE_MAX,
                      .behind = SIZE_MAX};
    write_all(&p, lines, count, label_cols_of(term, lines, count));
    size_t found = before ? p.before : p.behind;
    if (found == SIZE_MAX)
        return before ? 0 : top;
    return found;
}
