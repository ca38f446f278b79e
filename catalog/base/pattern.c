/* From ECMA-262's regular expressions (§22.2, Annex B.1.2) to PCRE2's. */
#include "catalog/base/pattern.h"

#define NO_CODE_POINT UINT32_MAX

/* ECMA-262 §12.2 and §12.3: WhiteSpace and LineTerminator, beyond what PCRE2's \s has. */
#define MORE_SPACE \
    "\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}"
#define LINE_ENDS "\\n\\r\\x{2028}\\x{2029}"

struct translator {
    struct str in;
    size_t at;
    struct buf *out;
    struct err *err;
    bool unicode, dot_all;
    bool repeatable; /* a quantifier may follow */
};

static bool refuse(struct translator *t, const char *what)
{
    return fail(t->err, ERR_INVALID, "", "not a regular expression: %s at offset %zu", what, t->at);
}

static char peek(const struct translator *t, size_t ahead)
{
    return t->at + ahead < t->in.len ? t->in.ptr[t->at + ahead] : '\0';
}

static bool follows(const struct translator *t, const char *text)
{
    return str_starts(str_sub(t->in, t->at, t->in.len), str_from(text));
}

static void put_code_point(struct translator *t, uint32_t c)
{
    buf_printf(t->out, "\\x{%x}", (unsigned)c);
}

/* --- escapes ---------------------------------------------------------------------------------- */

/* digits hexadecimal digits from the offset ahead of here, or NO_CODE_POINT. */
static uint32_t hex_at(const struct translator *t, size_t ahead, size_t digits)
{
    uint32_t value = 0;
    for (size_t i = 0; i < digits; i++) {
        char c = peek(t, ahead + i);
        const char *digit =
            c ? strchr("0123456789abcdef", c >= 'A' && c <= 'F' ? c | 0x20 : c) : NULL;
        if (digit == NULL)
            return NO_CODE_POINT;
        value = value * 16 + (uint32_t)(digit - "0123456789abcdef");
    }
    return value;
}

/* The code point of `\u{…}` at a backslash; *len is the escape's length. */
static uint32_t braced(const struct translator *t, size_t *len)
{
    size_t digits = 0;
    while (digits < 8 && hex_at(t, 3 + digits, 1) != NO_CODE_POINT)
        digits++;
    *len = digits + 4;
    return digits > 0 && peek(t, 3 + digits) == '}' ? hex_at(t, 3, digits) : NO_CODE_POINT;
}

/* The code point of `\uXXXX`, of a pair of them, or of `\u{…}`. */
static uint32_t unicode_escape(const struct translator *t, size_t *len)
{
    if (t->unicode && peek(t, 2) == '{')
        return braced(t, len);
    uint32_t first = hex_at(t, 2, 4);
    *len = 6;
    if (first >= 0xD800 && first < 0xDC00 && peek(t, 6) == '\\' && peek(t, 7) == 'u') {
        uint32_t second = hex_at(t, 8, 4);
        if (second >= 0xDC00 && second < 0xE000) {
            *len = 12;
            return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        }
    }
    return first;
}

/* Long names of general categories, which PCRE2 lacks (Unicode 15 PropertyValueAliases, gc). */
static const struct {
    const char *name, *code;
} categories[] = {
    {"Letter",                "L" },
    {"Cased_Letter",          "L&"},
    {"Uppercase_Letter",      "Lu"},
    {"Lowercase_Letter",      "Ll"},
    {"Titlecase_Letter",      "Lt"},
    {"Modifier_Letter",       "Lm"},
    {"Other_Letter",          "Lo"},
    {"Mark",                  "M" },
    {"Nonspacing_Mark",       "Mn"},
    {"Spacing_Mark",          "Mc"},
    {"Enclosing_Mark",        "Me"},
    {"Number",                "N" },
    {"Decimal_Number",        "Nd"},
    {"digit",                 "Nd"},
    {"Letter_Number",         "Nl"},
    {"Other_Number",          "No"},
    {"Punctuation",           "P" },
    {"punct",                 "P" },
    {"Connector_Punctuation", "Pc"},
    {"Dash_Punctuation",      "Pd"},
    {"Open_Punctuation",      "Ps"},
    {"Close_Punctuation",     "Pe"},
    {"Initial_Punctuation",   "Pi"},
    {"Final_Punctuation",     "Pf"},
    {"Other_Punctuation",     "Po"},
    {"Symbol",                "S" },
    {"Math_Symbol",           "Sm"},
    {"Currency_Symbol",       "Sc"},
    {"Modifier_Symbol",       "Sk"},
    {"Other_Symbol",          "So"},
    {"Separator",             "Z" },
    {"Space_Separator",       "Zs"},
    {"Line_Separator",        "Zl"},
    {"Paragraph_Separator",   "Zp"},
    {"Other",                 "C" },
    {"Control",               "Cc"},
    {"cntrl",                 "Cc"},
    {"Format",                "Cf"},
    {"Surrogate",             "Cs"},
    {"Private_Use",           "Co"},
    {"Unassigned",            "Cn"},
};

/* `\p{…}` and `\P{…}`. */
static bool property(struct translator *t)
{
    static const char *const prefixes[] = {"General_Category=", "gc="};
    size_t open = t->at + 3, close = str_find_char(str_sub(t->in, t->at, t->in.len), '}');
    if (peek(t, 2) != '{' || close == SIZE_MAX)
        return refuse(t, "a property without a name");
    struct str name = str_sub(t->in, open, t->at + close - open);
    for (size_t i = 0; i < COUNT_OF(prefixes); i++)
        if (str_starts(name, str_from(prefixes[i])))
            name = str_sub(name, strlen(prefixes[i]), name.len);
    for (size_t i = 0; i < COUNT_OF(categories); i++)
        if (str_eq(name, str_from(categories[i].name)))
            name = str_from(categories[i].code);
    buf_printf(t->out, "\\%c{", peek(t, 1));
    buf_add(t->out, name);
    buf_add_char(t->out, '}');
    t->at += close + 1;
    return true;
}

/* A character that a backslash only makes plain. */
static bool plain_escape(struct translator *t)
{
    char c = peek(t, 1);
    bool alphanumeric = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
    if (t->unicode && alphanumeric)
        return refuse(t, "an escape without a meaning");
    if (!alphanumeric && (unsigned char)c < 0x80)
        buf_add_char(t->out, '\\');
    buf_add_char(t->out, c);
    t->at += 2;
    return true;
}

static bool code_point_escape(struct translator *t, bool in_class)
{
    size_t len = 0;
    uint32_t c = peek(t, 1) == 'u' ? unicode_escape(t, &len) : hex_at(t, 2, 2);
    if (peek(t, 1) == 'x')
        len = 4;
    if (c == NO_CODE_POINT)
        return plain_escape(t);
    if (c > 0x10FFFF)
        return refuse(t, "a code point past the last one");
    if (c < 0xD800 || c > 0xDFFF)
        put_code_point(t, c);
    else if (!in_class) /* half a pair occurs in no text of ours */
        buf_add(t->out, STR("(?!)"));
    t->at += len;
    return true;
}

/* Escapes that mean the same to both, or one fixed text. */
static bool known_escape(struct translator *t, bool in_class)
{
    static const char same[] = "dDwWtnrf";
    char c = peek(t, 1);
    if (strchr(same, c) != NULL || (c == 'b') || (c == 'B' && !in_class))
        buf_printf(t->out, "\\%c", c);
    else if (c == 'v')
        buf_add(t->out, STR("\\x{b}"));
    else if (c == 's')
        buf_add(t->out, in_class ? STR("\\s" MORE_SPACE) : STR("[\\s" MORE_SPACE "]"));
    else if (c == 'S')
        buf_add(t->out, in_class ? STR("\\S") : STR("[^\\s" MORE_SPACE "]"));
    else
        return false;
    t->at += 2;
    return true;
}

static bool escape(struct translator *t, bool in_class)
{
    char c = peek(t, 1);
    if (t->at + 1 >= t->in.len)
        return refuse(t, "a backslash at the end");
    if (known_escape(t, in_class))
        return true;
    if (c == 'u' || c == 'x')
        return code_point_escape(t, in_class);
    if ((c == 'p' || c == 'P') && t->unicode)
        return property(t);
    if (c == '0' && !(peek(t, 2) >= '0' && peek(t, 2) <= '9')) {
        put_code_point(t, 0);
        t->at += 2;
        return true;
    }
    bool control = c == 'c' && (peek(t, 2) | 0x20) >= 'a' && (peek(t, 2) | 0x20) <= 'z';
    bool reference = (c >= '1' && c <= '9') || (c == 'k' && peek(t, 2) == '<');
    if (control) {
        put_code_point(t, (uint32_t)peek(t, 2) & 0x1F);
        t->at += 3;
        return true;
    }
    if (reference && !in_class) { /* the digits or the name are copied as they come */
        buf_printf(t->out, "\\%c", c);
        t->at += 2;
        return true;
    }
    return plain_escape(t);
}

/* --- classes, groups, quantifiers ------------------------------------------------------------- */

/* An escape that stands for several characters, and so cannot end a range. */
static bool is_set(const struct translator *t, size_t ahead)
{
    char c = peek(t, ahead + 1);
    return peek(t, ahead) == '\\' && c != '\0' && strchr(t->unicode ? "dDsSwWpP" : "dDsSwW", c);
}

static bool class_members(struct translator *t)
{
    for (bool after_set = false; t->at < t->in.len && peek(t, 0) != ']';) {
        char c = peek(t, 0);
        bool set = is_set(t, 0);
        /* A hyphen beside a set is no range; a bracket could begin a POSIX class. */
        if (c == '[' || (c == '-' && (after_set || is_set(t, 1))))
            buf_add_char(t->out, '\\');
        after_set = set;
        if (c == '\\') {
            if (!escape(t, true))
                return false;
            continue;
        }
        buf_add_char(t->out, c);
        t->at++;
    }
    return true;
}

static bool class_of(struct translator *t)
{
    buf_add_char(t->out, '[');
    t->at++;
    if (peek(t, 0) == '^') {
        buf_add_char(t->out, '^');
        t->at++;
    }
    if (!class_members(t))
        return false;
    if (t->at >= t->in.len)
        return refuse(t, "a class without an end");
    buf_add_char(t->out, ']');
    t->at++;
    t->repeatable = true;
    return true;
}

static bool group(struct translator *t)
{
    static const char *const openers[] = {"(?:", "(?=", "(?!", "(?<=", "(?<!"};
    t->repeatable = false;
    for (size_t i = 0; i < COUNT_OF(openers); i++)
        if (follows(t, openers[i])) {
            buf_add(t->out, str_from(openers[i]));
            t->at += strlen(openers[i]);
            return true;
        }
    if (follows(t, "(?") && !follows(t, "(?<"))
        return refuse(t, "an unknown kind of group");
    buf_add_char(t->out, '(');
    t->at++;
    if (peek(t, 0) == '?') { /* a name follows */
        buf_add(t->out, STR("?<"));
        t->at += 2;
    }
    return true;
}

/* Length of `{n}`, `{n,}` or `{n,m}` here; 0: none. */
static size_t braces(const struct translator *t)
{
    size_t i = 1, digits = 0;
    for (; peek(t, i) >= '0' && peek(t, i) <= '9'; i++)
        digits++;
    if (digits == 0)
        return 0;
    if (peek(t, i) == ',')
        for (i++; peek(t, i) >= '0' && peek(t, i) <= '9';)
            i++;
    return peek(t, i) == '}' ? i + 1 : 0;
}

static bool quantifier(struct translator *t, size_t len)
{
    if (!t->repeatable)
        return refuse(t, "nothing to repeat");
    if (peek(t, len) == '?')
        len++;
    buf_add(t->out, str_sub(t->in, t->at, len));
    t->at += len;
    t->repeatable = false; /* a second one would be PCRE2's possessive form */
    return true;
}

/* One piece outside of a class. */
static bool piece(struct translator *t)
{
    char c = peek(t, 0);
    size_t braced_len = c == '{' ? braces(t) : 0;
    if (c == '*' || c == '+' || c == '?' || braced_len > 0)
        return quantifier(t, braced_len > 0 ? braced_len : 1);
    if (c == '[')
        return class_of(t);
    if (c == '(')
        return group(t);
    t->repeatable = c != '^' && c != '|';
    if (c == '\\')
        return escape(t, false);
    if (t->unicode && (c == '{' || c == '}' || c == ']'))
        return refuse(t, "a bracket on its own");
    if (c == '.')
        buf_add(t->out, t->dot_all ? STR("[^]") : STR("[^" LINE_ENDS "]"));
    else if (c == '{' || c == '}' || c == ']' || c == '#')
        buf_printf(t->out, "\\%c", c);
    else
        buf_add_char(t->out, c);
    t->at++;
    return true;
}

bool pattern_translate(struct str pattern, struct str flags, struct buf *out, struct err *err)
{
    struct translator t = {
        .in = pattern,
        .out = out,
        .err = err,
        .unicode = str_find_char(flags, 'u') != SIZE_MAX,
        .dot_all = str_find_char(flags, 's') != SIZE_MAX,
    };
    for (size_t i = 0; i < flags.len; i++)
        if (strchr("dgimsuvy", flags.ptr[i]) == NULL)
            return fail(err, ERR_INVALID, "", "\"%c\" is no flag of a regular expression",
                        flags.ptr[i]);
    while (t.at < t.in.len)
        if (!piece(&t))
            return false;
    return true;
}
