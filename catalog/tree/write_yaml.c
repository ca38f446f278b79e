/* Strings in YAML: plain where that reads back as the same string, else quoted or as a block. */
#include "reader.h"

/* libyaml looks no further for the colon behind a name. */
#define LONGEST_NAME 1000

/* Which styles a text allows. */
struct traits {
    bool special;   /* has what only an escape can say */
    bool lines;     /* has line breaks */
    bool separator; /* has what ends a plain scalar: ": ", " #", a tab */
    bool filled;    /* has something other than line breaks */
};

static bool continues(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* The character at *at, of UTF-8 that has been checked; *at moves behind it. */
static uint32_t character(struct str text, size_t *at)
{
    unsigned char first = (unsigned char)text.ptr[(*at)++];
    uint32_t c = first;
    if (first >= 0xC0)
        c = first & (first >= 0xF0 ? 0x07 : first >= 0xE0 ? 0x0F : 0x1F);
    while (*at < text.len && continues(text.ptr[*at]))
        c = c << 6 | (uint32_t)((unsigned char)text.ptr[(*at)++] & 0x3F);
    return c;
}

/* YAML 1.2.2 §5.1 without what YAML 1.1 takes for line breaks, and without byte order marks. */
static bool printable(uint32_t c)
{
    return c == '\t' || (c >= 0x20 && c < 0x7F) ||
           (c >= 0xA0 && c < 0xD800 && c != 0x2028 && c != 0x2029) ||
           (c >= 0xE000 && c < 0xFFFE && c != 0xFEFF) || c >= 0x10000;
}

static struct traits look_at(struct str text)
{
    struct traits traits = {0};
    for (size_t at = 0; at < text.len;) {
        size_t here = at;
        uint32_t c = character(text, &at);
        char next = at < text.len ? text.ptr[at] : ' ';
        traits.lines = traits.lines || c == '\n';
        traits.filled = traits.filled || c != '\n';
        traits.special = traits.special || (c != '\n' && !printable(c));
        traits.separator = traits.separator || c == '\t' || (c == ':' && next == ' ') ||
                           (c == '#' && here > 0 && text.ptr[here - 1] == ' ');
    }
    return traits;
}

/* --- plain ------------------------------------------------------------------------------------ */

/* Booleans of YAML 1.1, which half of the readers still have. */
static bool is_old_word(struct str text)
{
    static const char *const words[] = {"y", "n", "yes", "no", "on", "off"};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_eq_nocase(text, str_from(words[i])))
            return true;
    return false;
}

static size_t run_of(struct str text, const char *set)
{
    size_t count = 0;
    while (count < text.len && text.ptr[count] != '\0' && strchr(set, text.ptr[count]) != NULL)
        count++;
    return count;
}

/* Dates, 1_000, 12:30:45 and 0b1 of YAML 1.1. */
static bool is_old_number(struct str text)
{
    struct str digits = run_of(text, "+-") == 1 ? str_sub(text, 1, text.len) : text;
    if (run_of(digits, "0123456789") == 0)
        return false;
    bool date = run_of(text, "0123456789") == 4 && text.len > 4 && text.ptr[4] == '-';
    bool marked = str_find_char(digits, '_') != SIZE_MAX || str_find_char(digits, ':') != SIZE_MAX;
    return date || str_starts(digits, STR("0b")) ||
           (marked && run_of(digits, "0123456789_:.") == digits.len);
}

static bool begins_plain(struct str text)
{
    if (str_starts(text, STR("---")) || str_starts(text, STR("...")) || str_eq(text, STR("<<")))
        return false;
    if (run_of(str_sub(text, 0, 1), "-?:") == 1)
        return text.len > 1 && text.ptr[1] != ' ';
    return run_of(str_sub(text, 0, 1), ",[]{}#&*!|>'\"%@` ") == 0;
}

static bool is_plain(struct str text, const struct traits *traits)
{
    char last = text.len > 0 ? text.ptr[text.len - 1] : ' ';
    return !traits->special && !traits->lines && !traits->separator && last != ' ' && last != ':' &&
           begins_plain(text) && scalar_kind(text) == TREE_STRING && !is_old_word(text) &&
           !is_old_number(text);
}

/* --- quoted ----------------------------------------------------------------------------------- */

static void put_single(struct buf *out, struct str text)
{
    buf_add_char(out, '\'');
    for (size_t quote; (quote = str_find_char(text, '\'')) != SIZE_MAX;) {
        buf_add(out, str_sub(text, 0, quote));
        buf_add(out, STR("''"));
        text = str_sub(text, quote + 1, text.len);
    }
    buf_add(out, text);
    buf_add_char(out, '\'');
}

static char short_escape(uint32_t c)
{
    static const char from[] = "\"\\\n\r\t\b\f", to[] = "\"\\nrtbf";
    const char *hit = c > 0 && c < 0x80 ? strchr(from, (int)c) : NULL;
    return hit ? to[hit - from] : '\0';
}

static void put_double(struct buf *out, struct str text)
{
    buf_add_char(out, '"');
    for (size_t at = 0; at < text.len;) {
        size_t from = at;
        uint32_t c = character(text, &at);
        if (short_escape(c) != '\0')
            buf_printf(out, "\\%c", short_escape(c));
        else if (printable(c))
            buf_add(out, str_sub(text, from, at - from));
        else
            buf_printf(out, c < 0x100 ? "\\x%02X" : "\\u%04X", c);
    }
    buf_add_char(out, '"');
}

/* --- blocks ----------------------------------------------------------------------------------- */

/* A literal block; the line that ends the last of it comes with what follows. */
static void put_literal(struct buf *out, struct str text, unsigned depth)
{
    struct str line, rest = text;
    bool ends = str_ends(text, STR("\n")), more = str_ends(text, STR("\n\n"));
    buf_add_char(out, '|');
    if (run_of(text, " \t\n") > 0) /* else the first line would tell the indentation */
        buf_add_char(out, '2');
    if (!ends || more)
        buf_add_char(out, more ? '+' : '-');
    rest.len -= ends ? 1 : 0;
    while (str_split(&rest, '\n', &line)) {
        buf_add_char(out, '\n');
        if (line.len == 0)
            continue;
        for (unsigned i = 0; i < depth; i++)
            buf_add(out, STR("  "));
        buf_add(out, line);
    }
}

void yaml_put_text(struct buf *out, struct str text, unsigned depth)
{
    const struct traits traits = look_at(text);
    if (is_plain(text, &traits))
        buf_add(out, text);
    else if (traits.special || (traits.lines && (depth == 0 || !traits.filled)))
        put_double(out, text);
    else if (traits.lines)
        put_literal(out, text, depth);
    else
        put_single(out, text);
}

bool yaml_put_name(struct buf *out, struct str name)
{
    const struct traits traits = look_at(name);
    bool is_long = name.len > LONGEST_NAME / 4; /* escapes make it longer */
    buf_add(out, is_long ? STR("? ") : STR(""));
    if (is_plain(name, &traits))
        buf_add(out, name);
    else if (traits.special || traits.lines)
        put_double(out, name);
    else
        put_single(out, name);
    return is_long;
}
