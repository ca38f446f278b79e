/* RFC 9535 grammar: segments, selectors, text and integers. */
#include "path.h"

/* Integers of I-JSON: exact in a double. */
#define MOST_INTEGER ((INT64_C(1) << 53) - 1)

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_name_first(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

bool strict_integer(struct reader *r, int64_t *out)
{
    size_t from = r->at;
    (void)reader_take(r, STR("-"));
    size_t digits = r->at;
    while (is_digit(reader_peek(r)))
        r->at++;
    struct str text = str_sub(r->text, from, r->at - from);
    bool leading_zero = r->at - digits > 1 && r->text.ptr[digits] == '0';
    if (r->at == digits || leading_zero || str_eq(text, STR("-0")) || !str_to_i64(text, out) ||
        *out > MOST_INTEGER || *out < -MOST_INTEGER)
        return reader_fail_at(r, from, "this is no integer of JSONPath");
    return true;
}

/* --- text ------------------------------------------------------------------------------------- */

static bool hex4(struct reader *r, uint32_t *out)
{
    uint8_t bytes[2];
    struct str text = str_sub(r->text, r->at, 4);
    if (text.len != 4 || !hex_parse(text, bytes, sizeof(bytes)))
        return reader_fail(r, "expected four hexadecimal digits");
    *out = (uint32_t)bytes[0] << 8 | bytes[1];
    r->at += 4;
    return true;
}

static void add_utf8(struct buf *out, uint32_t c)
{
    if (c < 0x80) {
        buf_add_char(out, (char)c);
        return;
    }
    if (c < 0x800) {
        buf_add_char(out, (char)(0xC0 | c >> 6));
    } else if (c < 0x10000) {
        buf_add_char(out, (char)(0xE0 | c >> 12));
        buf_add_char(out, (char)(0x80 | (c >> 6 & 0x3F)));
    } else {
        buf_add_char(out, (char)(0xF0 | c >> 18));
        buf_add_char(out, (char)(0x80 | (c >> 12 & 0x3F)));
        buf_add_char(out, (char)(0x80 | (c >> 6 & 0x3F)));
    }
    buf_add_char(out, (char)(0x80 | (c & 0x3F)));
}

static bool unicode_escape(struct reader *r, struct buf *out)
{
    uint32_t high = 0, low = 0;
    size_t at = r->at;
    if (!hex4(r, &high))
        return false;
    if (high >= 0xDC00 && high < 0xE000)
        return reader_fail_at(r, at, "a low surrogate stands alone");
    if (high < 0xD800 || high > 0xDFFF) {
        add_utf8(out, high);
        return true;
    }
    if (!reader_take(r, STR("\\u")) || !hex4(r, &low) || low < 0xDC00 || low > 0xDFFF)
        return reader_fail_at(r, at, "a high surrogate stands alone");
    add_utf8(out, 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00));
    return true;
}

static bool escape(struct reader *r, char quote, struct buf *out)
{
    static const char from[] = "bfnrt/\\", to[] = "\b\f\n\r\t/\\";
    char c = reader_peek(r);
    const char *known = c ? strchr(from, c) : NULL;
    if (c == 'u') {
        r->at++;
        return unicode_escape(r, out);
    }
    if (known == NULL && c != quote)
        return reader_fail(r, "this cannot be escaped");
    buf_add_char(out, known ? to[known - from] : c);
    r->at++;
    return true;
}

bool strict_string(struct reader *r, struct str *out)
{
    CLEANUP(buf_clear) struct buf text = {0};
    char quote = reader_peek(r);
    for (r->at++; r->at < r->text.len && r->text.ptr[r->at] != quote;) {
        char c = r->text.ptr[r->at];
        if ((unsigned char)c < 0x20)
            return reader_fail(r, "a control character must be escaped");
        r->at++;
        if (c != '\\')
            buf_add_char(&text, c);
        else if (!escape(r, quote, &text))
            return false;
    }
    if (r->at >= r->text.len)
        return reader_fail(r, "this text does not end");
    r->at++;
    *out = arena_str(r->mem, buf_str(&text));
    return true;
}

/* --- selectors -------------------------------------------------------------------------------- */

static bool optional_integer(struct reader *r, bool *has, int64_t *out)
{
    *has = is_digit(reader_peek(r)) || reader_peek(r) == '-';
    return !*has || strict_integer(r, out);
}

static bool slice_or_index(struct reader *r, struct selector *out)
{
    bool has = false;
    struct selector s = {.kind = SELECT_SLICE, .step = 1};
    if (!optional_integer(r, &s.has_start, &s.start))
        return false;
    size_t before = r->at;
    reader_blanks(r);
    if (!reader_take(r, STR(":"))) {
        r->at = before;
        *out = (struct selector){.kind = SELECT_INDEX, .index = s.start};
        return s.has_start || reader_fail(r, "expected a selector");
    }
    reader_blanks(r);
    if (!optional_integer(r, &s.has_end, &s.end))
        return false;
    before = r->at;
    reader_blanks(r);
    if (reader_take(r, STR(":"))) {
        before = r->at;
        reader_blanks(r);
        if (!optional_integer(r, &has, &s.step))
            return false;
        before = has ? r->at : before;
        s.step = has ? s.step : 1;
    }
    r->at = before;
    *out = s;
    return true;
}

static bool selector(struct reader *r, struct selector *out)
{
    char c = reader_peek(r);
    if (c == '\'' || c == '"') {
        *out = (struct selector){.kind = SELECT_NAME};
        return strict_string(r, &out->name);
    }
    if (reader_take(r, STR("*"))) {
        *out = (struct selector){.kind = SELECT_ALL};
        return true;
    }
    if (reader_take(r, STR("?"))) {
        *out = (struct selector){.kind = SELECT_FILTER};
        reader_blanks(r);
        return strict_filter(r, &out->filter);
    }
    return slice_or_index(r, out);
}

static bool bracketed(struct reader *r, struct segment *out)
{
    VEC(struct selector) selectors = {0};
    do {
        struct selector s;
        reader_blanks(r);
        if (!selector(r, &s))
            return false;
        vec_push(&selectors, r->mem, s);
        reader_blanks(r);
    } while (reader_take(r, STR(",")));
    out->selectors = selectors.ptr;
    out->count = selectors.len;
    return reader_take(r, STR("]")) || reader_fail(r, "expected \"]\"");
}

static bool shorthand(struct reader *r, struct segment *out)
{
    struct selector *s = arena_new(r->mem, struct selector);
    size_t from = r->at;
    out->selectors = s;
    out->count = 1;
    s->kind = SELECT_ALL;
    if (reader_take(r, STR("*")))
        return true;
    if (!is_name_first(reader_peek(r)))
        return reader_fail(r, "expected a name");
    while (is_name_first(reader_peek(r)) || is_digit(reader_peek(r)))
        r->at++;
    s->kind = SELECT_NAME;
    s->name = str_sub(r->text, from, r->at - from);
    return true;
}

bool strict_segments(struct reader *r, struct jsonpath *out)
{
    VEC(struct segment) segments = {0};
    for (;;) {
        struct segment s = {.kind = SEGMENT_CHILD};
        size_t before = r->at;
        reader_blanks(r);
        bool deep = reader_take(r, STR("..["));
        if (deep || reader_take(r, STR("["))) {
            s.kind = deep ? SEGMENT_DEEP : SEGMENT_CHILD;
            if (!bracketed(r, &s))
                return false;
        } else if (reader_take(r, STR(".."))) {
            s.kind = SEGMENT_DEEP;
            if (!shorthand(r, &s))
                return false;
        } else if (reader_take(r, STR("."))) {
            if (!shorthand(r, &s))
                return false;
        } else {
            r->at = before;
            break;
        }
        vec_push(&segments, r->mem, s);
    }
    out->segments = segments.ptr;
    out->count = segments.len;
    return true;
}

bool strict_path(struct reader *r, struct jsonpath *out)
{
    if (!reader_take(r, STR("$")))
        return reader_fail(r, "a path begins with \"$\"");
    return strict_segments(r, out);
}
