/* Templates as regular expressions, for proxies that match paths by themselves.
 *
 * A byte has one set of spellings, the same in texts and in variables: letters, digits and "-._~"
 * as they are, sub-delimiters, ':' and '@' also encoded, all others encoded (RFC 3986 §2.2, §2.3).
 * So two paths that decode to the same take the same way, and none can be spelt past a more
 * specific template. No expression holds a backslash, a quote or a blank, which files of maps would
 * want escaped. */
#include "catalog/route/flat.h"
#include "catalog/route/route.h"

#define PLAIN    "-._~"
#define RESERVED "!$&'()*+,;=:@"
#define NO_DOTS  "(?![.]{1,2}(?:[/?]|$))"
#define ENCODED                                                           \
    "%(?:0[1-9A-Fa-f]|1[0-9A-Fa-f]|2[0-9A-CFa-cf]|3[A-Fa-f]|40|5[B-Eb-e]" \
    "|60|7[B-DFb-df]|[89A-Fa-f][0-9A-Fa-f])"
#define CHARACTER "(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|" ENCODED ")"

static bool is_among(unsigned char c, const char *set)
{
    return c != 0 && strchr(set, c) != NULL;
}

static bool is_alphanumeric(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Both cases of a hexadecimal digit. */
static void put_digit(unsigned digit, struct buf *out)
{
    if (digit < 10)
        buf_add_char(out, (char)('0' + digit));
    else
        buf_printf(out, "[%c%c]", 'A' + (int)digit - 10, 'a' + (int)digit - 10);
}

static void put_encoded(unsigned char c, struct buf *out)
{
    buf_add_char(out, '%');
    put_digit(c >> 4, out);
    put_digit(c & 15U, out);
}

static void put_byte(unsigned char c, struct buf *out)
{
    if (is_alphanumeric(c)) {
        buf_add_char(out, (char)c);
    } else if (is_among(c, PLAIN)) {
        buf_printf(out, c == '.' ? "[%c]" : "%c", c);
    } else if (is_among(c, RESERVED)) {
        buf_printf(out, "(?:[%c]|", c);
        put_encoded(c, out);
        buf_add_char(out, ')');
    } else {
        put_encoded(c, out);
    }
}

static void put_text(struct str decoded, struct buf *out)
{
    for (size_t i = 0; i < decoded.len; i++)
        put_byte((unsigned char)decoded.ptr[i], out);
}

/* As route_match reads it: variables as short as the text behind them allows, the last takes what
 * is left. None is looked at twice, whatever the path. */
static void put_pattern(const struct flat *f, uint32_t number, struct buf *out)
{
    struct flat_pattern p = flat_pattern_at(f->patterns, number);
    buf_add(out, STR(NO_DOTS));
    put_text(flat_str(f, flat_text_at(f->parts, p.part)), out);
    for (uint32_t i = 1; i + 1 < p.part_count; i++) {
        buf_add(out, STR("(?>" CHARACTER "+?"));
        put_text(flat_str(f, flat_text_at(f->parts, p.part + i)), out);
        buf_add_char(out, ')');
    }
    buf_add(out, STR(CHARACTER "+"));
    put_text(flat_str(f, flat_text_at(f->parts, p.part + p.part_count - 1)), out);
}

struct tour {
    struct flat f;
    struct buf text; /* the expression so far */
    route_visitor *visit;
    void *context;
};

/* Depth is bounded by the templates' segments. */
static void tour(struct tour *t, uint32_t number)
{
    struct flat_node n = flat_node_at(t->f.nodes, number);
    size_t kept = t->text.len;
    if (n.template != FLAT_NONE)
        t->visit(t->context, buf_str(&t->text), n.template);
    for (uint32_t i = 0; i < n.literal_count; i++) {
        buf_add_char(&t->text, '/');
        put_text(flat_str(&t->f, flat_text_at(t->f.literals, n.literal + i)), &t->text);
        tour(t, n.child + i);
        t->text.len = kept;
    }
    for (uint32_t i = 0; i < n.pattern_count; i++) {
        buf_add_char(&t->text, '/');
        put_pattern(&t->f, n.pattern + i, &t->text);
        tour(t, n.child + n.literal_count + i);
        t->text.len = kept;
    }
    if (n.has_variable) {
        buf_add(&t->text, STR("/" NO_DOTS "(?>" CHARACTER "+)"));
        tour(t, n.child + n.literal_count + n.pattern_count);
        t->text.len = kept;
    }
}

void route_expressions(const struct router *r, route_visitor *visit, void *context)
{
    struct tour t = {.visit = visit, .context = context};
    flat_view(r->bytes, &t.f);
    tour(&t, 0);
    buf_clear(&t.text);
}

bool route_expression_of_text(struct str path, struct buf *out)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str segment = STR_NONE, decoded = STR_NONE;
    struct str rest = path.len > 0 ? str_sub(path, 1, path.len - 1) : STR_NONE;
    while (str_split(&rest, '/', &segment)) {
        if (!route_decode(segment, &mem, &decoded))
            return false;
        buf_add_char(out, '/');
        put_text(decoded, out);
    }
    return true;
}

void route_expression_of_any(struct buf *out)
{
    buf_add(out, STR("(?:/" NO_DOTS "(?>" CHARACTER "*))*"));
}

bool route_method(const struct router *r, uint32_t path, uint32_t index, struct str *name,
                  uint32_t *value)
{
    struct flat f;
    flat_view(r->bytes, &f);
    if (path >= f.header.template_count)
        return false;
    struct flat_template t = flat_template_at(f.templates, path);
    if (index >= t.method_count)
        return false;
    struct flat_method m = flat_method_at(f.methods, t.method + index);
    *name = flat_str(&f, m.name);
    *value = m.value;
    return true;
}
