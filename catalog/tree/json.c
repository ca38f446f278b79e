/* JSON text into the node tree: strict RFC 8259, one pass, no recursion. Strings without escapes
 * stay slices of the source. */
#include "catalog/base/eight.h"
#include "reader.h"

enum expect {
    EXPECT_VALUE,
    EXPECT_VALUE_OR_END, /* behind [ */
    EXPECT_NAME,
    EXPECT_NAME_OR_END, /* behind { */
    EXPECT_COLON,
    EXPECT_COMMA_OR_END,
    EXPECT_NOTHING, /* behind the root */
};

static const char *const expected[] = {
    [EXPECT_VALUE] = "a value",
    [EXPECT_VALUE_OR_END] = "a value or ]",
    [EXPECT_NAME] = "a name in double quotes",
    [EXPECT_NAME_OR_END] = "a name in double quotes or }",
    [EXPECT_COLON] = "a colon",
    [EXPECT_COMMA_OR_END] = "a comma or the closing bracket",
    [EXPECT_NOTHING] = "nothing behind the document",
};

struct scanner {
    struct builder *b;
    struct str text;
    size_t at;
    enum expect expect;
    struct buf decoded;
    struct json_fault *fault;
};

/* --- faults ----------------------------------------------------------------------------------- */

static bool refuse(struct scanner *s, size_t offset, bool outside_string, const char *what)
{
    if (s->fault != NULL)
        *s->fault = (struct json_fault){(uint32_t)offset, outside_string};
    return fail_in(s->b->err, ERR_INVALID, &s->b->doc->source, (uint32_t)offset,
                   "not valid JSON: %s", what);
}

static bool refuse_token(struct scanner *s)
{
    char what[96];
    unsigned char c = s->at < s->text.len ? (unsigned char)s->text.ptr[s->at] : 0;
    if (s->at == s->text.len) {
        snprintf(what, sizeof(what), "the text ends where %s belongs", expected[s->expect]);
        (void)refuse(s, s->at, false, what);
        return err_hint(s->b->err, "the document looks cut off: send it again");
    }
    if (c > ' ' && c < 0x7F)
        snprintf(what, sizeof(what), "expected %s, found '%c'", expected[s->expect], c);
    else
        snprintf(what, sizeof(what), "expected %s, found byte 0x%02X", expected[s->expect], c);
    return refuse(s, s->at, true, what);
}

/* --- strings ---------------------------------------------------------------------------------- */

static bool hex4(const struct scanner *s, size_t at, uint32_t *out)
{
    uint32_t value = 0;
    if (s->text.len - at < 4)
        return false;
    for (size_t i = at; i < at + 4; i++) {
        char c = s->text.ptr[i];
        uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
                         : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                         : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10)
                                                : 16;
        if (digit == 16)
            return false;
        value = value << 4 | digit;
    }
    *out = value;
    return true;
}

static void add_character(struct scanner *s, uint32_t c)
{
    char bytes[4];
    buf_add(&s->decoded, (struct str){bytes, utf8_put(bytes, c)});
}

/* \uXXXX at s->at, two of them for a surrogate pair. Half a pair has no UTF-8 form. */
static bool unicode_escape(struct scanner *s)
{
    uint32_t c = 0, low = 0;
    size_t start = s->at;
    if (!hex4(s, start + 2, &c))
        return refuse(s, start, false, "\\u needs four hexadecimal digits");
    s->at += 6;
    if (c < 0xD800 || c >= 0xE000) {
        add_character(s, c);
        return true;
    }
    if (c < 0xDC00 && str_starts(str_sub(s->text, s->at, 2), STR("\\u")) &&
        hex4(s, s->at + 2, &low) && low >= 0xDC00 && low < 0xE000) {
        add_character(s, 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00));
        s->at += 6;
        return true;
    }
    add_character(s, 0xFFFD);
    tree_note(s->b->doc, &finding_kinds[FINDING_LONE_SURROGATE], builder_here(s->b),
              (uint32_t)start, "\\u%04X is half of a character; U+FFFD is put in its place", c);
    return true;
}

static bool escape(struct scanner *s)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    char c = s->at + 1 < s->text.len ? s->text.ptr[s->at + 1] : '\0';
    if (c == 'u' && s->text.len - s->at >= 2)
        return unicode_escape(s);
    const char *hit = c != '\0' ? strchr(from, c) : NULL;
    if (hit == NULL)
        return refuse(s, s->at, false, "unknown escape in a string");
    buf_add_char(&s->decoded, to[hit - from]);
    s->at += 2;
    return true;
}

/* Moves to the next quote, backslash or control character. */
static void plain_run(struct scanner *s)
{
    const unsigned char *p = (const unsigned char *)s->text.ptr;
    while (s->text.len - s->at >= 8) {
        uint64_t eight = eight_at(s->text.ptr + s->at);
        if (eight_has_below(eight, 0x20) || eight_has(eight, '"') || eight_has(eight, '\\'))
            break;
        s->at += 8;
    }
    while (s->at < s->text.len && p[s->at] >= 0x20 && p[s->at] != '"' && p[s->at] != '\\')
        s->at++;
}

static bool string_body(struct scanner *s, size_t start, bool *escaped)
{
    size_t run = s->at;
    buf_reset(&s->decoded);
    for (plain_run(s); s->at < s->text.len && s->text.ptr[s->at] == '\\'; plain_run(s)) {
        *escaped = true;
        buf_add(&s->decoded, str_sub(s->text, run, s->at - run));
        if (!escape(s))
            return false;
        run = s->at;
    }
    if (s->at == s->text.len)
        return refuse(s, start, false, "the string that begins here never ends");
    if (s->text.ptr[s->at] != '"')
        return refuse(s, s->at, false, "control character in a string");
    if (*escaped)
        buf_add(&s->decoded, str_sub(s->text, run, s->at - run));
    return true;
}

static bool string(struct scanner *s)
{
    size_t start = s->at++;
    bool escaped = false;
    if (!string_body(s, start, &escaped))
        return false;
    struct scalar scalar = {.kind = TREE_STRING, .start = (uint32_t)start, .pooled = escaped};
    scalar.text = escaped ? buf_str(&s->decoded) : str_sub(s->text, start + 1, s->at - start - 1);
    scalar.end = (uint32_t)++s->at;
    return builder_scalar(s->b, &scalar, NULL);
}

/* --- numbers and words ------------------------------------------------------------------------ */

static size_t digits(const struct scanner *s, size_t at)
{
    size_t from = at;
    while (at < s->text.len && s->text.ptr[at] >= '0' && s->text.ptr[at] <= '9')
        at++;
    return at - from;
}

static bool char_at(const struct scanner *s, size_t at, const char *set)
{
    return at < s->text.len && s->text.ptr[at] != '\0' && strchr(set, s->text.ptr[at]) != NULL;
}

static bool add_slice(struct scanner *s, enum tree_kind kind, size_t end)
{
    struct scalar scalar = {.kind = kind,
                            .start = (uint32_t)s->at,
                            .end = (uint32_t)end,
                            .text = str_sub(s->text, s->at, end - s->at)};
    s->at = end;
    return builder_scalar(s->b, &scalar, NULL);
}

/* RFC 8259 §6; the text is kept, so no number is too large. */
static bool number(struct scanner *s)
{
    size_t at = s->at + (s->text.ptr[s->at] == '-' ? 1 : 0);
    size_t whole = digits(s, at);
    if (whole == 0)
        return refuse(s, s->at, true, "a minus without digits");
    if (whole > 1 && s->text.ptr[at] == '0')
        return refuse(s, s->at, true, "a number with a leading zero");
    at += whole;
    if (char_at(s, at, ".")) {
        size_t fraction = digits(s, at + 1);
        if (fraction == 0)
            return refuse(s, s->at, true, "a decimal point without digits behind it");
        at += 1 + fraction;
    }
    if (char_at(s, at, "eE")) {
        at += char_at(s, at + 1, "+-") ? 2 : 1;
        size_t exponent = digits(s, at);
        if (exponent == 0)
            return refuse(s, s->at, true, "an exponent without digits");
        at += exponent;
    }
    return add_slice(s, TREE_NUMBER, at);
}

static bool word(struct scanner *s)
{
    static const struct {
        struct str text;
        enum tree_kind kind;
    } words[] = {
        {{"true", 4},  TREE_BOOL},
        {{"false", 5}, TREE_BOOL},
        {{"null", 4},  TREE_NULL}
    };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_starts(str_sub(s->text, s->at, 5), words[i].text))
            return add_slice(s, words[i].kind, s->at + words[i].text.len);
    return refuse_token(s);
}

/* --- structure -------------------------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static void skip_blanks(struct scanner *s)
{
    const struct str text = s->text;
    size_t at = s->at;
    while (at < text.len && is_blank(text.ptr[at]))
        at += text.len - at >= 8 && eight_at(text.ptr + at) == EIGHT_OF(' ') ? 8 : 1;
    s->at = at;
}

static void value_done(struct scanner *s)
{
    s->expect = builder_depth(s->b) > 0 ? EXPECT_COMMA_OR_END : EXPECT_NOTHING;
}

static bool open(struct scanner *s, bool object)
{
    if (!builder_open(s->b, object, (uint32_t)s->at))
        return false;
    s->at++;
    s->expect = object ? EXPECT_NAME_OR_END : EXPECT_VALUE_OR_END;
    return true;
}

static bool close_top(struct scanner *s)
{
    s->at++;
    if (!builder_close(s->b, (uint32_t)s->at))
        return false;
    value_done(s);
    return true;
}

static bool value(struct scanner *s)
{
    char c = s->text.ptr[s->at];
    if (c == '{' || c == '[')
        return open(s, c == '{');
    if (c == ']' && s->expect == EXPECT_VALUE_OR_END)
        return close_top(s);
    bool ok = c == '"' ? string(s) : c == '-' || (c >= '0' && c <= '9') ? number(s) : word(s);
    if (ok)
        value_done(s);
    return ok;
}

static bool name(struct scanner *s)
{
    if (s->text.ptr[s->at] == '}' && s->expect == EXPECT_NAME_OR_END)
        return close_top(s);
    if (s->text.ptr[s->at] != '"')
        return refuse_token(s);
    s->expect = EXPECT_COLON;
    return string(s);
}

static bool after_value(struct scanner *s)
{
    bool object = builder_top(s->b)->object;
    char c = s->text.ptr[s->at];
    if (c == (object ? '}' : ']'))
        return close_top(s);
    if (c != ',')
        return refuse_token(s);
    s->at++;
    s->expect = object ? EXPECT_NAME : EXPECT_VALUE;
    return true;
}

static bool token(struct scanner *s)
{
    switch (s->expect) {
    case EXPECT_VALUE:
    case EXPECT_VALUE_OR_END:
        return value(s);
    case EXPECT_NAME:
    case EXPECT_NAME_OR_END:
        return name(s);
    case EXPECT_COLON:
        if (s->text.ptr[s->at] != ':')
            return refuse_token(s);
        s->at++;
        s->expect = EXPECT_VALUE;
        return true;
    case EXPECT_COMMA_OR_END:
        return after_value(s);
    case EXPECT_NOTHING:
        return refuse_token(s);
    }
    return false;
}

static bool tokens(struct scanner *s)
{
    for (skip_blanks(s); s->at < s->text.len; skip_blanks(s))
        if (!token(s))
            return false;
    return s->expect == EXPECT_NOTHING || refuse_token(s);
}

bool json_scan(struct builder *b, struct json_fault *bad)
{
    struct scanner s = {.b = b, .text = b->doc->source.text, .fault = bad};
    if (bad != NULL)
        *bad = (struct json_fault){0};
    bool ok = tokens(&s);
    buf_clear(&s.decoded);
    return ok;
}
