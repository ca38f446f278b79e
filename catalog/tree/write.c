/* Writes values as indented JSON or as YAML in block style. Both put each item at two blanks a
 * level, so one writer serves them. */
#include "reader.h"

enum level_flag {
    LEVEL_OBJECT = 1 << 0,
    LEVEL_ITEMS = 1 << 1,   /* has at least one */
    LEVEL_ON_LINE = 1 << 2, /* its first item stands on the line where it begins */
};

static void new_line(struct tree_writer *w, unsigned depth)
{
    char *room = buf_room(w->out, 1 + (size_t)depth * 2);
    if (room == NULL)
        return;
    room[0] = '\n';
    memset(room + 1, ' ', (size_t)depth * 2);
    w->out->len += 1 + (size_t)depth * 2;
}

static uint8_t *top(struct tree_writer *w)
{
    return &w->levels[w->depth - 1];
}

/* Goes to where the next member or element of the open container begins. */
static void begin_item(struct tree_writer *w)
{
    uint8_t *level = top(w);
    bool first = (*level & LEVEL_ITEMS) == 0;
    if (w->format == TREE_JSON && !first)
        buf_add_char(w->out, ',');
    if (w->format == TREE_JSON)
        new_line(w, w->depth);
    else if (!first || (*level & LEVEL_ON_LINE) == 0)
        new_line(w, w->depth - 1);
    *level |= LEVEL_ITEMS;
}

/* What stands before a value that is an element, or on one line with its key. */
static void begin_value(struct tree_writer *w)
{
    if (w->depth == 0)
        return;
    assert(((*top(w) & LEVEL_OBJECT) != 0) == w->after_key);
    if (!w->after_key) {
        begin_item(w);
        if (w->format == TREE_YAML)
            buf_add(w->out, STR("- "));
    }
    w->after_key = false;
}

void tree_put_open(struct tree_writer *w, bool object)
{
    bool member = w->after_key;
    begin_value(w);
    if (w->depth == COUNT_OF(w->levels)) {
        w->out->failed = true;
        return;
    }
    w->levels[w->depth++] = (uint8_t)((object ? LEVEL_OBJECT : 0) | (member ? 0 : LEVEL_ON_LINE));
    if (w->format == TREE_JSON)
        buf_add(w->out, object ? STR("{") : STR("["));
}

void tree_put_close(struct tree_writer *w)
{
    if (w->out->failed) /* levels may be missing */
        return;
    assert(w->depth > 0 && !w->after_key);
    uint8_t level = w->levels[--w->depth];
    bool items = (level & LEVEL_ITEMS) != 0, object = (level & LEVEL_OBJECT) != 0;
    if (w->format == TREE_JSON) {
        if (items)
            new_line(w, w->depth);
        buf_add_char(w->out, object ? '}' : ']');
    } else if (!items) {
        buf_add(w->out, level & LEVEL_ON_LINE ? STR("") : STR(" "));
        buf_add(w->out, object ? STR("{}") : STR("[]"));
    }
}

static void put_json_text(struct buf *out, struct str text)
{
    struct json_writer one = {.out = out};
    json_put_str(&one, text);
}

void tree_put_key(struct tree_writer *w, struct str name)
{
    if (w->out->failed)
        return;
    assert(w->depth > 0 && (*top(w) & LEVEL_OBJECT) && !w->after_key);
    begin_item(w);
    w->after_key = true;
    if (w->format == TREE_JSON) {
        put_json_text(w->out, name);
        buf_add(w->out, STR(": "));
        return;
    }
    if (yaml_put_name(w->out, name))
        new_line(w, w->depth - 1);
    buf_add_char(w->out, ':');
}

static struct str word_of(enum tree_kind kind, struct str text)
{
    if (kind == TREE_NULL)
        return STR("null");
    return str_eq_nocase(text, STR("true")) ? STR("true") : STR("false");
}

void tree_put_scalar(struct tree_writer *w, enum tree_kind kind, struct str text)
{
    if (w->out->failed)
        return;
    bool member = w->after_key;
    begin_value(w);
    if (member && w->format == TREE_YAML)
        buf_add_char(w->out, ' ');
    if (kind == TREE_NULL || kind == TREE_BOOL)
        buf_add(w->out, word_of(kind, text));
    else if (w->format == TREE_YAML && kind == TREE_NUMBER)
        buf_add(w->out, text);
    else if (w->format == TREE_YAML)
        yaml_put_text(w->out, text, w->depth);
    else if (kind != TREE_NUMBER || !json_put_number(w->out, text))
        put_json_text(w->out, text);
}

void tree_put_end(struct tree_writer *w)
{
    assert(w->depth == 0 || w->out->failed);
    buf_add_char(w->out, '\n');
}

void tree_write(struct tree_writer *w, const struct tree *doc, const struct tree_node *node)
{
    enum tree_kind kind = tree_kind_of(node);
    if (kind < TREE_ARRAY) {
        tree_put_scalar(w, kind, tree_text(doc, node));
        return;
    }
    tree_put_open(w, kind == TREE_OBJECT);
    for (const struct tree_node *m = tree_first(doc, node); m != NULL && !w->out->failed;
         m = tree_next(doc, m)) {
        if (kind == TREE_OBJECT)
            tree_put_key(w, tree_key(doc, m));
        tree_write(w, doc, m);
    }
    tree_put_close(w);
}

/* --- numbers ---------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t digits(struct str text)
{
    size_t count = 0;
    while (count < text.len && is_digit(text.ptr[count]))
        count++;
    return count;
}

static bool put_based(struct buf *out, struct str text)
{
    uint64_t value = 0, base = text.ptr[1] == 'x' ? 16 : 8;
    for (size_t i = 2; i < text.len; i++) {
        char c = text.ptr[i];
        uint64_t digit = is_digit(c) ? (uint64_t)(c - '0') : (uint64_t)((c | 0x20) - 'a') + 10;
        if (value > (UINT64_MAX - digit) / base)
            return false;
        value = value * base + digit;
    }
    buf_printf(out, "%llu", (unsigned long long)value);
    return true;
}

/* RFC 8259 §6 asks for a digit on both sides of a point, and has neither plus nor leading zero. */
bool json_put_number(struct buf *out, struct str text)
{
    struct str rest = text;
    if (str_starts(text, STR("0x")) || str_starts(text, STR("0o")))
        return put_based(out, text);
    bool minus = str_starts(rest, STR("-"));
    if (minus || str_starts(rest, STR("+")))
        rest = str_sub(rest, 1, rest.len);
    struct str whole = str_sub(rest, 0, digits(rest));
    rest = str_sub(rest, whole.len, rest.len);
    struct str fraction = STR_NONE;
    if (str_starts(rest, STR("."))) {
        rest = str_sub(rest, 1, rest.len);
        fraction = str_sub(rest, 0, digits(rest));
        rest = str_sub(rest, fraction.len, rest.len);
    }
    if (whole.len + fraction.len == 0) /* infinite, or no number */
        return false;
    while (whole.len > 1 && whole.ptr[0] == '0')
        whole = str_sub(whole, 1, whole.len);
    buf_add(out, minus ? STR("-") : STR(""));
    buf_add(out, whole.len > 0 ? whole : STR("0"));
    buf_add(out, fraction.len > 0 ? STR(".") : STR(""));
    buf_add(out, fraction);
    buf_add(out, rest);
    return true;
}
