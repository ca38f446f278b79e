/* Tones, glyphs, text: what a frame is made of. */
#include <stdlib.h>

#include "tui/term/terminal.h"

/* Colours that are readable on dark and on light grounds; -1 is the terminal's own. */
static const struct {
    attr_t attrs;
    short of256, of8;
} tones[TONE_COUNT] = {
    [TONE_TEXT] = {A_NORMAL,  -1,  -1          },
      [TONE_DIM] = {A_DIM,     244, -1          },
    [TONE_TITLE] = {A_BOLD,    -1,  -1          },
      [TONE_HEAD] = {A_BOLD,    67,  COLOR_BLUE  },
    [TONE_GOOD] = {A_NORMAL,  71,  COLOR_GREEN },
      [TONE_WARN] = {A_BOLD,    172, COLOR_YELLOW},
    [TONE_BAD] = {A_BOLD,    167, COLOR_RED   },
      [TONE_KEY] = {A_BOLD,    67,  COLOR_BLUE  },
    [TONE_SELECTED] = {A_REVERSE, -1,  -1          },
};

/* The second set serves locales that are not UTF-8. */
static const char *const glyphs[2][GLYPH_COUNT] = {
    {"▸", "›", "●", "✓", "!", "✗", "·", "▲", "▼", "─", "│", "┌", "┐", "└", "┘", "…"},
    {">",   ">",   "*",   "+",   "!", "x",   ".",  "^",   "v",   "-",   "|",   "+",   "+",   "+",   "+",   "~"  },
};

void paint_open(struct term *t)
{
    const char *no_color = getenv("NO_COLOR");
    bool colour = !(no_color && no_color[0]) && has_colors();
    if (colour) {
        (void)start_color();
        (void)use_default_colors();
    }
    for (size_t i = 0; i < TONE_COUNT; i++) {
        short wanted = COLORS >= 256 ? tones[i].of256 : tones[i].of8;
        t->looks[i].attrs = tones[i].attrs;
        if (!colour || wanted < 0)
            continue;
        t->looks[i].pair = alloc_pair(wanted, -1);
        if (tones[i].attrs == A_DIM) /* grey is enough; dimmed grey is not readable */
            t->looks[i].attrs = A_NORMAL;
    }
}

int term_rows(const struct term *t)
{
    UNUSED(t);
    return LINES;
}

int term_cols(const struct term *t)
{
    UNUSED(t);
    return COLS;
}

struct str term_glyph(const struct term *t, enum term_glyph glyph)
{
    return str_from(glyphs[t->ascii][glyph]);
}

static void use(struct term *t, enum term_tone tone)
{
    int pair = t->looks[tone].pair;
    (void)attr_set(t->looks[tone].attrs, (short)pair, &pair);
}

/* A wide character may be cut in half by the border, so that a cut takes one or two columns. */
static void mark_cut(const struct term *t, struct cells *line)
{
    wchar_t mark[4] = {0};
    struct cells sign = {.out = mark, .cap = COUNT_OF(mark)};
    text_cells(term_glyph(t, GLYPH_CUT), 1, t->ascii, &sign);
    if (line->len == 0 || sign.len == 0)
        return;
    while (line->len > 1 && wcwidth(line->out[line->len - 1]) == 0)
        line->len--;
    line->out[line->len - 1] = mark[0];
    line->out[line->len] = L'\0';
}

int term_put(struct term *t, int row, int col, int width, enum term_tone tone, struct str text)
{
    wchar_t out[2048];
    struct cells line = {.out = out, .cap = COUNT_OF(out)};
    if (row < 0 || row >= LINES || col < 0 || col >= COLS || width <= 0)
        return 0;
    text_cells(text, width < COLS - col ? width : COLS - col, t->ascii, &line);
    if (line.cut)
        mark_cut(t, &line);
    use(t, tone);
    (void)mvaddnwstr(row, col, line.out, (int)line.len);
    (void)attr_set(A_NORMAL, 0, NULL);
    return line.cols;
}

int term_width(const struct term *t, struct str text)
{
    wchar_t out[2048];
    struct cells line = {.out = out, .cap = COUNT_OF(out)};
    text_cells(text, (int)COUNT_OF(out), t->ascii, &line);
    return line.cols;
}

void term_fill(struct term *t, int row, int col, int width, enum term_tone tone,
               enum term_glyph glyph)
{
    CLEANUP(buf_clear) struct buf line = {0};
    struct str sign = glyph == GLYPH_COUNT ? STR(" ") : term_glyph(t, glyph);
    for (int i = 0; i < width && col + i < COLS; i++)
        buf_add(&line, sign);
    (void)term_put(t, row, col, width, tone, buf_str(&line));
}

void term_cursor(struct term *t, int row, int col)
{
    t->cursor_row = row;
    t->cursor_col = col;
}
