/* Lines of labels and texts that can be scrolled. */
#include "tui/widget/widget.h"

#define LABEL_MOST 24

void rule_draw(struct term *term, int row, int col, int cols, struct str title)
{
    term_fill(term, row, col, cols, TONE_DIM, GLYPH_ACROSS);
    if (title.len == 0)
        return;
    int used = term_put(term, row, col + 2, cols - 4, TONE_TEXT, STR(" "));
    used += term_put(term, row, col + 2 + used, cols - 4 - used, TONE_TITLE, title);
    (void)term_put(term, row, col + 2 + used, 1, TONE_TEXT, STR(" "));
}

/* The end of the part of text that fits, at a blank where there is one. */
static size_t fitting(struct term *term, struct str text, int width)
{
    size_t end = 0, blank = 0;
    while (end < text.len) {
        size_t next = end + 1;
        while (next < text.len && ((uint8_t)text.ptr[next] & 0xC0) == 0x80)
            next++;
        if (text.ptr[end] == '\n')
            return end;
        if (term_width(term, str_sub(text, 0, next)) > width)
            return blank > 0 ? blank : end > 0 ? end : next;
        if (text.ptr[end] == ' ')
            blank = end;
        end = next;
    }
    return end;
}

struct pager {
    struct term *term;
    struct rect place;
    size_t skip; /* screen lines above the window */
    size_t line; /* screen line being written */
};

static bool visible(const struct pager *p)
{
    return p->line >= p->skip && p->line - p->skip < (size_t)p->place.rows;
}

static void write_line(struct pager *p, const struct pager_line *line, int label_cols)
{
    struct str rest = line->text;
    int col = p->place.col + 1, width = p->place.cols - 2 - label_cols;
    bool first = true;
    do {
        size_t end = width > 0 ? fitting(p->term, rest, width) : rest.len;
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

void pager_draw(struct term *term, struct rect place, const struct pager_line *lines, size_t count,
                size_t *top)
{
    struct pager p = {.term = term, .place = place, .skip = SIZE_MAX / 2};
    int label_cols = 0;
    for (size_t i = 0; i < count; i++) {
        int cols = term_width(term, lines[i].label);
        label_cols = cols > label_cols ? cols : label_cols;
    }
    label_cols = (label_cols < LABEL_MOST ? label_cols : LABEL_MOST) + 2;
    write_all(&p, lines, count, label_cols); /* counts, shows nothing */
    size_t rows = place.rows > 0 ? (size_t)place.rows : 0;
    size_t last = p.line > rows ? p.line - rows : 0;
    if (*top > last)
        *top = last;
    p.skip = *top;
    write_all(&p, lines, count, label_cols);
}
