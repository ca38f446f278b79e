/* Texts for ECMA-262 patterns (§22.2.1): one walk over the pattern writes a text that it matches.
 * Assertions are passed over and back references refused: who asks sees whether the text fits. */
#include "maker.h"

#define MOST_NESTED 16
#define MOST_BYTES  20000
#define MOST_STEPS  200000
/* Repeats without an end, or with a far one, count this many at most unless they fill. */
#define FAR 1000

struct writer {
    struct str pattern;
    size_t at;
    unsigned variation, depth;
    size_t fill; /* characters that repeats may still add */
    unsigned steps;
    struct buf *out;
    bool emit, wrong;
};

static void alternatives(struct writer *w);

static bool more(const struct writer *w)
{
    return !w->wrong && w->at < w->pattern.len;
}

static char peek(const struct writer *w)
{
    return w->at < w->pattern.len ? w->pattern.ptr[w->at] : '\0';
}

static bool take(struct writer *w, const char *text)
{
    struct str wanted = str_from(text);
    if (!str_starts(str_sub(w->pattern, w->at, w->pattern.len), wanted))
        return false;
    w->at += wanted.len;
    return true;
}

static void put(struct writer *w, struct str text)
{
    if (w->emit && w->out->len < MOST_BYTES)
        buf_add(w->out, text);
}

static void put_char(struct writer *w, char c)
{
    put(w, (struct str){&c, 1});
}

static void put_code_point(struct writer *w, uint32_t c)
{
    char bytes[4];
    size_t len = 0;
    if (c < 0x80) {
        bytes[len++] = (char)c;
    } else if (c < 0x800) {
        bytes[len++] = (char)(0xC0 | c >> 6);
    } else {
        bytes[len++] = (char)(0xE0 | (c >> 12 & 0x0F));
        bytes[len++] = (char)(0x80 | (c >> 6 & 0x3F));
    }
    if (c >= 0x80)
        bytes[len++] = (char)(0x80 | (c & 0x3F));
    put(w, (struct str){bytes, len});
}

/* --- sets of characters ------------------------------------------------------------------------
 */

/* ASCII only, and one character beyond for a set that has no other. */
struct set {
    bool has[128];
    uint32_t beyond;
};

static void set_range(struct set *set, uint32_t from, uint32_t to)
{
    for (uint32_t c = from; c <= to && c < 128; c++)
        set->has[c] = true;
    if (to >= 128 && set->beyond == 0)
        set->beyond = from >= 128 ? from : to;
}

static void set_invert(struct set *set)
{
    for (size_t c = 0; c < 128; c++)
        set->has[c] = !set->has[c];
    set->has['\n'] = set->has['\r'] = false;
    set->beyond = 0;
}

/* \d \w \s and their opposites, \p{…}; false when the letter names no set. */
static bool set_class(struct writer *w, char letter, struct set *set)
{
    struct set class = {0};
    switch (letter | 0x20) {
    case 'd':
        set_range(&class, '0', '9');
        break;
    case 'w':
        set_range(&class, 'a', 'z');
        set_range(&class, 'A', 'Z');
        set_range(&class, '0', '9');
        set_range(&class, '_', '_');
        break;
    case 's':
        set_range(&class, ' ', ' ');
        break;
    case 'p':
        if (!take(w, "{"))
            return false;
        if (str_starts(str_sub(w->pattern, w->at, 2), STR("N")))
            set_range(&class, '0', '9');
        else if (str_starts(str_sub(w->pattern, w->at, 2), STR("Lu")))
            set_range(&class, 'A', 'Z');
        else
            set_range(&class, 'a', 'z');
        while (more(w) && !take(w, "}"))
            w->at++;
        break;
    default:
        return false;
    }
    if (letter < 'a')
        set_invert(&class);
    for (size_t c = 0; c < 128; c++)
        set->has[c] = set->has[c] || class.has[c];
    return true;
}

/* Letters before digits before the rest: what people would write. */
static void put_member(struct writer *w, const struct set *set, unsigned number)
{
    static const char order[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890"
                                "-_.:/ @,+=#%&;!?*~|'\"()<>[]{}$^`\\\t";
    unsigned count = 0;
    for (size_t i = 0; i + 1 < sizeof(order); i++)
        count += set->has[(unsigned char)order[i]];
    if (count == 0 && set->beyond == 0) {
        w->wrong = true;
        return;
    }
    if (count == 0) {
        put_code_point(w, set->beyond);
        return;
    }
    number %= count;
    for (size_t i = 0; i + 1 < sizeof(order); i++)
        if (set->has[(unsigned char)order[i]] && number-- == 0) {
            put_char(w, order[i]);
            return;
        }
}

/* --- escapes and classes -----------------------------------------------------------------------
 */

static uint32_t hex(struct writer *w, size_t len)
{
    uint32_t value = 0;
    for (size_t i = 0; i < len && more(w); i++) {
        char c = peek(w);
        int digit = c >= '0' && c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
        w->wrong = w->wrong || digit < 0 || digit > 15;
        value = value << 4 | (uint32_t)(digit & 15);
        w->at++;
    }
    return value;
}

/* The character of an escape behind its backslash. */
static uint32_t escaped(struct writer *w)
{
    static const char names[] = "tnrvf0", codes[] = "\t\n\r\v\f";
    char c = peek(w);
    const char *found = c != '\0' ? strchr(names, c) : NULL;
    w->at++;
    if (c == 'x')
        return hex(w, 2);
    if (c == 'u' && take(w, "{")) {
        size_t end = str_find_char(str_sub(w->pattern, w->at, w->pattern.len), '}');
        uint32_t value = hex(w, end < 7 ? end : 6);
        (void)take(w, "}");
        return value;
    }
    if (c == 'u')
        return hex(w, 4);
    if (found != NULL)
        return (unsigned char)codes[found - names];
    w->wrong = w->wrong || (c >= '1' && c <= '9'); /* a back reference */
    return (unsigned char)c;
}

/* One character inside of brackets; bytes of UTF-8 count as one. */
static uint32_t class_char(struct writer *w)
{
    unsigned char c = (unsigned char)peek(w);
    uint32_t value = c;
    w->at++;
    if (c == '\\')
        return escaped(w);
    if (c < 0xC0)
        return value;
    value = c & (c < 0xE0 ? 0x1F : 0x0F);
    while (more(w) && ((unsigned char)peek(w) & 0xC0) == 0x80)
        value = value << 6 | ((unsigned char)w->pattern.ptr[w->at++] & 0x3F);
    return value;
}

static void class(struct writer *w, unsigned number)
{
    struct set set = {{0}, 0};
    bool inverted = take(w, "^");
    while (more(w) && peek(w) != ']') {
        if (peek(w) == '\\' && w->at + 1 < w->pattern.len) {
            size_t before = w->at;
            char letter = w->pattern.ptr[w->at + 1];
            w->at += 2;
            if (set_class(w, letter, &set))
                continue;
            w->at = before;
        }
        uint32_t from = class_char(w), to = from;
        bool range =
            peek(w) == '-' && w->at + 1 < w->pattern.len && w->pattern.ptr[w->at + 1] != ']';
        if (range) {
            w->at++;
            to = class_char(w);
        }
        set_range(&set, from, to);
    }
    w->wrong = w->wrong || !take(w, "]");
    if (inverted)
        set_invert(&set);
    put_member(w, &set, number);
}

static void any(struct writer *w, unsigned number)
{
    struct set set = {{0}, 0};
    set_range(&set, 'a', 'z');
    put_member(w, &set, number);
}

static void escape(struct writer *w, unsigned number)
{
    struct set set = {{0}, 0};
    char letter = peek(w);
    if (letter == 'b' || letter == 'B') {
        w->at++;
        return;
    }
    w->at++;
    if (set_class(w, letter, &set)) {
        put_member(w, &set, number);
        return;
    }
    w->at--;
    put_code_point(w, escaped(w));
}

/* --- structure ---------------------------------------------------------------------------------
 */

static void group(struct writer *w)
{
    bool emit = w->emit;
    bool asserts = take(w, "?=") || take(w, "?!") || take(w, "?<=") || take(w, "?<!");
    if (!asserts && !take(w, "?:") && take(w, "?<"))
        while (more(w) && !take(w, ">"))
            w->at++;
    w->emit = emit && !asserts;
    alternatives(w);
    w->emit = emit;
    w->wrong = w->wrong || !take(w, ")");
}

/* One atom; number tells repeats of it apart. */
static void atom(struct writer *w, unsigned number)
{
    if (++w->steps > MOST_STEPS) {
        w->wrong = true;
        return;
    }
    char c = peek(w);
    w->at++;
    switch (c) {
    case '^':
    case '$':
        return;
    case '.':
        any(w, number);
        return;
    case '[':
        class(w, number);
        return;
    case '(':
        group(w);
        return;
    case '\\':
        escape(w, number);
        return;
    default:
        put_char(w, c);
    }
}

struct repeat {
    size_t least, most;
};

static size_t number(struct writer *w)
{
    size_t value = 0;
    while (more(w) && peek(w) >= '0' && peek(w) <= '9' && value < MOST_BYTES)
        value = value * 10 + (size_t)(w->pattern.ptr[w->at++] - '0');
    return value;
}

/* A brace that is no quantifier stands for itself. */
static struct repeat braces(struct writer *w)
{
    struct repeat repeat = {1, 1};
    size_t before = w->at;
    w->at++;
    if (peek(w) >= '0' && peek(w) <= '9') {
        repeat.least = repeat.most = number(w);
        if (take(w, ","))
            repeat.most = peek(w) == '}' ? SIZE_MAX : number(w);
        if (take(w, "}"))
            return repeat;
    }
    w->at = before;
    return (struct repeat){1, 1};
}

static struct repeat quantifier(struct writer *w)
{
    struct repeat repeat = {1, 1};
    if (take(w, "*"))
        repeat = (struct repeat){0, SIZE_MAX};
    else if (take(w, "+"))
        repeat = (struct repeat){1, SIZE_MAX};
    else if (take(w, "?"))
        repeat = (struct repeat){0, 1};
    else if (peek(w) == '{')
        repeat = braces(w);
    else
        return repeat;
    (void)take(w, "?");
    return repeat;
}

/* First one where there may be many, none where it is optional; later variations turn that round,
 * then lengthen. */
static size_t times(struct writer *w, struct repeat repeat)
{
    size_t count = repeat.least, room = repeat.most - repeat.least;
    bool many = repeat.most > 1;
    size_t wish = w->variation == 0 ? many && repeat.least == 0
                                    : w->variation % 2 * (many ? w->variation : 1);
    size_t added = wish < room ? wish : room;
    if (many && w->fill > 0 && w->emit) {
        size_t filled = w->fill < room ? w->fill : room;
        w->fill -= filled;
        added = filled > room - added ? room : added + filled;
    }
    count += added < FAR || w->fill == 0 ? added : FAR;
    return count;
}

static void term(struct writer *w)
{
    bool emit = w->emit;
    size_t start = w->at;
    w->emit = false;
    atom(w, 0);
    w->emit = emit;
    size_t end_of_atom = w->at;
    struct repeat repeat = quantifier(w);
    size_t end = w->at, count = emit ? times(w, repeat) : 0;
    for (size_t i = 0; i < count && !w->wrong && w->out->len < MOST_BYTES; i++) {
        w->at = start;
        atom(w, w->variation + (unsigned)(repeat.most > 1 ? i : 0));
        w->wrong = w->wrong || w->at != end_of_atom;
    }
    w->at = end;
}

static void sequence(struct writer *w)
{
    while (more(w) && peek(w) != '|' && peek(w) != ')')
        term(w);
}

static unsigned count_alternatives(struct writer *w)
{
    size_t start = w->at;
    bool emit = w->emit;
    unsigned count = 1;
    w->emit = false;
    sequence(w);
    while (take(w, "|")) {
        count++;
        sequence(w);
    }
    w->at = start;
    w->emit = emit;
    return count;
}

static void alternatives(struct writer *w)
{
    if (++w->depth > MOST_NESTED) {
        w->wrong = true;
        return;
    }
    bool emit = w->emit;
    unsigned count = count_alternatives(w), chosen = w->variation % count;
    for (unsigned i = 0; i < count && !w->wrong; i++) {
        w->emit = emit && i == chosen;
        sequence(w);
        if (i + 1 < count)
            w->wrong = w->wrong || !take(w, "|");
    }
    w->emit = emit;
    w->depth--;
}

bool pattern_text(struct str pattern, unsigned variation, size_t fill, struct buf *out)
{
    struct writer w = {
        .pattern = pattern, .variation = variation, .fill = fill, .out = out, .emit = true};
    alternatives(&w);
    return !w.wrong && w.at == pattern.len;
}
