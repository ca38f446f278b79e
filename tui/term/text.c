/* Anybody's bytes → characters that are safe on a terminal, with known width. */
#include <wctype.h>

#include "tui/term/terminal.h"

#define REPLACEMENT   0xFFFDU
#define COMBINING_MAX 3

/* One code point; a bad byte is taken alone and answered with the replacement. */
static uint32_t decode(struct str text, size_t *at)
{
    static const struct {
        uint8_t mask, lead;
        uint32_t least;
    } forms[] = {
        {0xE0, 0xC0, 0x80   },
        {0xF0, 0xE0, 0x800  },
        {0xF8, 0xF0, 0x10000}
    };
    const uint8_t *bytes = (const uint8_t *)text.ptr;
    uint8_t first = bytes[(*at)++];
    if (first < 0x80)
        return first;
    for (size_t n = 0; n < COUNT_OF(forms); n++) {
        if ((first & forms[n].mask) != forms[n].lead)
            continue;
        uint32_t value = (uint32_t)(first & ~forms[n].mask);
        for (size_t i = 0; i <= n; i++) {
            if (*at + i >= text.len || (bytes[*at + i] & 0xC0) != 0x80)
                return REPLACEMENT;
            value = value << 6 | (bytes[*at + i] & 0x3F);
        }
        if (value < forms[n].least || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
            return REPLACEMENT;
        *at += n + 1;
        return value;
    }
    return REPLACEMENT;
}

/* Marks that reorder what stands around them could show another name than the one acted upon;
 * joiners and selectors change widths in ways terminals do not agree on. */
static bool reorders(uint32_t c)
{
    return c == 0x061C || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF;
}

static bool plain(uint32_t c)
{
    return c >= 0x20 && c <= 0x7E;
}

static uint32_t safe(uint32_t c, bool ascii)
{
    if (plain(c)) /* nearly all there is */
        return c;
    uint32_t stand_in = ascii ? '?' : REPLACEMENT;
    if (c == '\t' || c == '\n')
        return ' ';
    if (c < 0x20 || (c >= 0x7F && c < 0xA0) || reorders(c) || (ascii && c > 0x7E))
        return stand_in;
    return wcwidth((wchar_t)c) < 0 ? stand_in : c;
}

void text_cells(struct str text, int width, bool ascii, struct cells *out)
{
    size_t at = 0;
    int combining = 0;
    out->len = 0;
    out->cols = 0;
    out->cut = false;
    while (at < text.len) {
        uint32_t c = safe(decode(text, &at), ascii);
        int cols = plain(c) ? 1 : wcwidth((wchar_t)c);
        if (cols < 0) { /* a locale that cannot show its own replacement */
            c = (uint32_t)'?';
            cols = 1;
        }
        if (cols == 0 && (out->cols == 0 || ++combining > COMBINING_MAX))
            continue;
        if (cols > 0)
            combining = 0;
        if (out->cols + cols > width || out->len + 1 >= out->cap) {
            out->cut = true;
            break;
        }
        out->out[out->len++] = (wchar_t)c;
        out->cols += cols;
    }
    out->out[out->len] = L'\0';
}

static void add_utf8(struct buf *b, uint32_t c)
{
    static const uint8_t lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t count = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    buf_add_char(b, (char)(lead[count] | c >> 6 * (count - 1)));
    for (size_t i = count - 1; i > 0; i--)
        buf_add_char(b, (char)(0x80 | (c >> 6 * (i - 1) & 0x3F)));
}

struct str term_plain(struct arena *mem, struct str text, int *cols)
{
    CLEANUP(buf_clear) struct buf b = {0};
    struct cells line = {.out = arena_array(mem, wchar_t, text.len + 1), .cap = text.len + 1};
    text_cells(text, INT32_MAX, false, &line);
    for (size_t i = 0; i < line.len; i++)
        add_utf8(&b, (uint32_t)line.out[i]);
    *cols = line.cols;
    return arena_str(mem, buf_str(&b));
}
