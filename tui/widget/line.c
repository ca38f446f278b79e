/* A line editor for UTF-8. */
#include "tui/widget/widget.h"

void line_init(struct line *l, size_t most_bytes)
{
    *l = (struct line){.most_bytes = most_bytes};
}

void line_clear(struct line *l)
{
    buf_clear(&l->text);
    l->at = 0;
}

void line_set(struct line *l, struct str text)
{
    buf_reset(&l->text);
    buf_add(&l->text, str_sub(text, 0, l->most_bytes));
    l->at = l->text.len;
}

static bool inside_character(const struct line *l, size_t at)
{
    return at < l->text.len && ((uint8_t)l->text.ptr[at] & 0xC0) == 0x80;
}

static size_t before(const struct line *l, size_t at)
{
    if (at > 0)
        at--;
    while (at > 0 && inside_character(l, at))
        at--;
    return at;
}

static size_t after(const struct line *l, size_t at)
{
    if (at < l->text.len)
        at++;
    while (inside_character(l, at))
        at++;
    return at;
}

static void cut(struct line *l, size_t from, size_t to)
{
    if (to <= from)
        return;
    memmove(l->text.ptr + from, l->text.ptr + to, l->text.len - to);
    l->text.len -= to - from;
    l->at = from;
}

static size_t encode(uint32_t c, char out[4])
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t count = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const uint8_t lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = count - 1; i > 0; i--, c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3F));
    out[0] = (char)(lead[count] | c);
    return count;
}

static void insert(struct line *l, uint32_t c)
{
    char bytes[4];
    size_t count = encode(c, bytes);
    if (l->text.len + count > l->most_bytes || buf_room(&l->text, count) == NULL)
        return;
    char *at = l->text.ptr + l->at;
    memmove(at + count, at, l->text.len - l->at);
    memcpy(at, bytes, count);
    l->text.len += count;
    l->at += count;
}

static size_t word_before(const struct line *l)
{
    size_t at = l->at;
    while (at > 0 && l->text.ptr[at - 1] == ' ')
        at--;
    while (at > 0 && l->text.ptr[at - 1] != ' ')
        at--;
    return at;
}

#define CTRL(letter) ((letter)&0x1F)

bool line_key(struct line *l, struct term_key key)
{
    if (key.pasted && (key.code < ' ' || key.code == TERM_KEY_ENTER || key.code == TERM_KEY_TAB))
        key.code = ' '; /* a pasted line end must not confirm anything */
    switch (key.code) {
    case TERM_KEY_LEFT:
        l->at = before(l, l->at);
        return true;
    case TERM_KEY_RIGHT:
        l->at = after(l, l->at);
        return true;
    case TERM_KEY_HOME:
    case CTRL('A'):
        l->at = 0;
        return true;
    case TERM_KEY_END:
    case CTRL('E'):
        l->at = l->text.len;
        return true;
    case TERM_KEY_BACKSPACE:
        cut(l, before(l, l->at), l->at);
        return true;
    case TERM_KEY_DELETE: {
        size_t at = l->at;
        cut(l, at, after(l, at));
        return true;
    }
    case CTRL('U'):
        cut(l, 0, l->at);
        return true;
    case CTRL('W'):
        cut(l, word_before(l), l->at);
        return true;
    default:
        if (key.code < ' ' || key.code >= TERM_KEY_BASE)
            return false;
        insert(l, key.code);
        return true;
    }
}

void line_draw(const struct line *l, struct term *term, int row, int col, int width)
{
    struct str text = buf_str(&l->text);
    size_t from = 0;
    while (from < l->at && term_width(term, str_sub(text, from, l->at - from)) >= width)
        from = after(l, from);
    (void)term_put(term, row, col, width, TONE_TEXT, str_sub(text, from, text.len));
    term_cursor(term, row, col + term_width(term, str_sub(text, from, l->at - from)));
}
