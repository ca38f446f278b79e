/* The one check of a compiled router's bytes that lets matching trust them. */
#include "catalog/route/flat.h"
#include "catalog/route/route.h"

/* What has been claimed by the rows read so far; tables must be used up in order, without gaps. */
struct claims {
    uint32_t nodes, literals, patterns, parts, methods;
};

static bool text_inside(const struct flat *f, struct flat_text t)
{
    return t.at <= f->header.text_size && t.len <= f->header.text_size - t.at;
}

/* Takes count rows that must begin where the last claim ended. */
static bool claim(uint32_t *claimed, uint32_t first, uint32_t count, uint32_t total)
{
    if (first != *claimed || count > total - *claimed)
        return false;
    *claimed += count;
    return true;
}

static bool nodes_sound(const struct flat *f, struct claims *c)
{
    const struct flat_header *h = &f->header;
    c->nodes = 1;
    for (uint32_t i = 0; i < h->node_count; i++) {
        struct flat_node n = flat_node_at(f->nodes, i);
        if (!claim(&c->literals, n.literal, n.literal_count, h->literal_count) ||
            !claim(&c->patterns, n.pattern, n.pattern_count, h->pattern_count) ||
            n.has_variable > 1 || (n.template != FLAT_NONE && n.template >= h->template_count))
            return false;
        /* each addend is at most a table's length, which the size of the bytes bounds */
        uint32_t children = n.literal_count + n.pattern_count + n.has_variable;
        if (!claim(&c->nodes, n.child, children, h->node_count))
            return false;
    }
    return c->nodes == h->node_count && c->literals == h->literal_count &&
           c->patterns == h->pattern_count;
}

static bool patterns_sound(const struct flat *f, struct claims *c)
{
    for (uint32_t i = 0; i < f->header.pattern_count; i++) {
        struct flat_pattern p = flat_pattern_at(f->patterns, i);
        if (p.part_count < 2 || p.part_count > ROUTE_PARAMS_MAX + 1 ||
            !claim(&c->parts, p.part, p.part_count, f->header.part_count))
            return false;
    }
    return c->parts == f->header.part_count;
}

static bool templates_sound(const struct flat *f, struct claims *c)
{
    for (uint32_t i = 0; i < f->header.template_count; i++) {
        struct flat_template t = flat_template_at(f->templates, i);
        if (!claim(&c->methods, t.method, t.method_count, f->header.method_count))
            return false;
    }
    for (uint32_t i = 0; i < f->header.method_count; i++)
        if (!text_inside(f, flat_method_at(f->methods, i).name))
            return false;
    return c->methods == f->header.method_count;
}

static bool texts_sound(const struct flat *f)
{
    for (uint32_t i = 0; i < f->header.literal_count; i++)
        if (!text_inside(f, flat_text_at(f->literals, i)))
            return false;
    for (uint32_t i = 0; i < f->header.part_count; i++)
        if (!text_inside(f, flat_text_at(f->parts, i)))
            return false;
    return true;
}

static uint64_t size_of_tables(const struct flat_header *h)
{
    return sizeof(*h) + (uint64_t)h->node_count * sizeof(struct flat_node) +
           (uint64_t)h->literal_count * sizeof(struct flat_text) +
           (uint64_t)h->pattern_count * sizeof(struct flat_pattern) +
           (uint64_t)h->part_count * sizeof(struct flat_text) +
           (uint64_t)h->template_count * sizeof(struct flat_template) +
           (uint64_t)h->method_count * sizeof(struct flat_method) + h->text_size;
}

bool route_open(struct str bytes, struct router *out, struct err *err)
{
    struct flat f = {0};
    struct claims c = {0};
    struct flat_header h;
    if (bytes.len < sizeof(h))
        return fail(err, ERR_INVALID, "router", "the router is cut short");
    memcpy(&h, bytes.ptr, sizeof(h));
    if (h.magic != FLAT_MAGIC || h.size != bytes.len || size_of_tables(&h) != bytes.len ||
        h.node_count == 0)
        return fail(err, ERR_INVALID, "router", "these bytes are no compiled router");
    flat_view(bytes, &f);
    if (!nodes_sound(&f, &c) || !patterns_sound(&f, &c) || !templates_sound(&f, &c) ||
        !texts_sound(&f))
        return fail(err, ERR_INVALID, "router", "the compiled router points outside itself");
    out->bytes = bytes;
    return true;
}
