/* Finding a request's entry in compiled bytes; allocates nothing. */
#include "catalog/route/flat.h"
#include "catalog/route/route.h"
#include "catalog/route/segment.h"

struct walk {
    struct flat f;
    struct str segments[SEGMENTS_MAX];
    size_t segment_count;
    struct route_hit *hit;
};

static bool byte_allowed(unsigned char c)
{
    return c > 0x20 && c != 0x7F && c != '?' && c != '#';
}

/* Cuts the raw path at '/'; false when no template could have it. */
static bool cut_path(struct str path, struct walk *w)
{
    struct str segment;
    if (!str_starts(path, STR("/")) || !percent_well_formed(path))
        return false;
    for (size_t i = 0; i < path.len; i++)
        if (!byte_allowed((unsigned char)path.ptr[i]))
            return false;
    struct str rest = str_sub(path, 1, path.len - 1);
    while (str_split(&rest, '/', &segment)) {
        if (w->segment_count == SEGMENTS_MAX || segment_is_dots(segment))
            return false;
        w->segments[w->segment_count++] = segment;
    }
    return true;
}

/* Length of the encoded byte at `at`, and of the one that ends at `end`. */
static size_t unit_len(struct str raw, size_t at)
{
    return raw.ptr[at] == '%' ? 3 : 1;
}

static size_t unit_len_before(struct str raw, size_t end)
{
    return end >= 3 && raw.ptr[end - 3] == '%' ? 3 : 1;
}

/* Raw length of the text at the front of raw, or SIZE_MAX when something else stands there. */
static size_t text_at(struct str raw, struct str text)
{
    size_t at = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (at >= raw.len)
            return SIZE_MAX;
        size_t len = unit_len(raw, at);
        if (segment_cmp(str_sub(raw, at, len), str_sub(text, i, 1)) != 0)
            return SIZE_MAX;
        at += len;
    }
    return at;
}

/* Raw length of the text at the end of raw, or SIZE_MAX. */
static size_t text_before_end(struct str raw, struct str text)
{
    size_t end = raw.len;
    for (size_t i = 0; i < text.len; i++) {
        if (end == 0)
            return SIZE_MAX;
        end -= unit_len_before(raw, end);
    }
    return text_at(str_sub(raw, end, raw.len - end), text) == SIZE_MAX ? SIZE_MAX : raw.len - end;
}

static bool add_param(struct route_hit *hit, struct str value)
{
    if (value.len == 0 || hit->param_count == ROUTE_PARAMS_MAX)
        return false;
    hit->params[hit->param_count++] = value;
    return true;
}

/* The shortest variable that is followed by text; moves *raw behind the text. */
static bool take_variable(struct str *raw, struct str text, struct route_hit *hit)
{
    for (size_t at = 0; at < raw->len;) {
        at += unit_len(*raw, at);
        struct str rest = str_sub(*raw, at, raw->len - at);
        size_t len = text_at(rest, text);
        if (len == SIZE_MAX)
            continue;
        if (!add_param(hit, str_sub(*raw, 0, at)))
            return false;
        *raw = str_sub(rest, len, rest.len - len);
        return true;
    }
    return false;
}

/* Both ends are fixed, so taking every variable but the last as short as possible finds a way
 * whenever there is one. */
static bool pattern_matches(const struct walk *w, uint32_t number, struct str raw)
{
    const struct flat *f = &w->f;
    struct flat_pattern p = flat_pattern_at(f->patterns, number);
    uint32_t last = p.part + p.part_count - 1;
    size_t front = text_at(raw, flat_str(f, flat_text_at(f->parts, p.part)));
    if (front == SIZE_MAX)
        return false;
    raw = str_sub(raw, front, raw.len - front);
    size_t back = text_before_end(raw, flat_str(f, flat_text_at(f->parts, last)));
    if (back == SIZE_MAX)
        return false;
    raw = str_sub(raw, 0, raw.len - back);
    for (uint32_t part = p.part + 1; part < last; part++)
        if (!take_variable(&raw, flat_str(f, flat_text_at(f->parts, part)), w->hit))
            return false;
    return add_param(w->hit, raw);
}

/* The child for a literal segment, or FLAT_NONE. */
static uint32_t find_literal(const struct flat *f, const struct flat_node *n, struct str raw)
{
    uint32_t low = 0, high = n->literal_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        struct str text = flat_str(f, flat_text_at(f->literals, n->literal + middle));
        int order = segment_cmp(raw, text);
        if (order == 0)
            return n->child + middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return FLAT_NONE;
}

/* Depth is bounded by SEGMENTS_MAX. */
static bool descend(struct walk *w, uint32_t number, size_t depth)
{
    struct flat_node n = flat_node_at(w->f.nodes, number);
    if (depth == w->segment_count) {
        w->hit->path = n.template;
        return n.template != FLAT_NONE;
    }
    struct str raw = w->segments[depth];
    size_t kept = w->hit->param_count;
    uint32_t child = find_literal(&w->f, &n, raw);
    if (child != FLAT_NONE && descend(w, child, depth + 1))
        return true;
    for (uint32_t i = 0; i < n.pattern_count; i++) {
        w->hit->param_count = kept;
        if (pattern_matches(w, n.pattern + i, raw) &&
            descend(w, n.child + n.literal_count + i, depth + 1))
            return true;
    }
    w->hit->param_count = kept;
    if (n.has_variable && add_param(w->hit, raw) &&
        descend(w, n.child + n.literal_count + n.pattern_count, depth + 1))
        return true;
    w->hit->param_count = kept;
    return false;
}

static bool find_method(const struct flat *f, uint32_t template, struct str name, uint32_t *value)
{
    struct flat_template t = flat_template_at(f->templates, template);
    for (uint32_t i = 0; i < t.method_count; i++) {
        struct flat_method m = flat_method_at(f->methods, t.method + i);
        if (str_eq(flat_str(f, m.name), name)) {
            *value = m.value;
            return true;
        }
    }
    return false;
}

enum route_result route_match(const struct router *r, struct str method, struct str path,
                              struct route_hit *out)
{
    struct walk w;
    w.segment_count = 0;
    w.hit = out;
    out->value = 0;
    out->path = FLAT_NONE;
    out->param_count = 0;
    flat_view(r->bytes, &w.f);
    if (!cut_path(path, &w) || !descend(&w, 0, 0)) {
        out->path = FLAT_NONE;
        out->param_count = 0;
        return ROUTE_NONE;
    }
    if (find_method(&w.f, out->path, method, &out->value) ||
        (str_eq(method, STR("HEAD")) && find_method(&w.f, out->path, STR("GET"), &out->value)))
        return ROUTE_HIT;
    return ROUTE_METHOD;
}

void route_allow(const struct router *r, const struct route_hit *hit, struct buf *out)
{
    struct flat f;
    uint32_t value = 0;
    flat_view(r->bytes, &f);
    if (hit->path >= f.header.template_count)
        return;
    struct flat_template t = flat_template_at(f.templates, hit->path);
    bool has_head = find_method(&f, hit->path, STR("HEAD"), &value);
    for (uint32_t i = 0; i < t.method_count; i++) {
        struct str name = flat_str(&f, flat_method_at(f.methods, t.method + i).name);
        if (i > 0)
            buf_add(out, STR(", "));
        buf_add(out, name);
        if (!has_head && str_eq(name, STR("GET")))
            buf_add(out, STR(", HEAD"));
    }
}
