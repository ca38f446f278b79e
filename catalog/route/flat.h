/* The compiled router's bytes: one header, six tables of fixed records, one pool of text. Numbers
 * are in the machine's order; records are read by copy, so the bytes may lie anywhere. */
#ifndef CHANCERY_ROUTE_FLAT_H
#define CHANCERY_ROUTE_FLAT_H

#include "catalog/base/base.h"

#define FLAT_MAGIC UINT32_C(0x31525943)
#define FLAT_NONE  UINT32_MAX

#define TABLES_MAX  ((size_t)1 << 28) /* bytes of a router */
#define ENTRIES_MAX ((size_t)1 << 20)

struct flat_text {
    uint32_t at, len; /* within the pool */
};
/** One place in the tree. Children are numbered without gaps from child: one for each literal, then
 *  one for each pattern, then the variable's. Nodes stand in breadth-first order, so every child
 *  has exactly one parent and a match visits a node at most once. */
struct flat_node {
    uint32_t literal, literal_count; /* sorted by decoded bytes */
    uint32_t pattern, pattern_count; /* in order of preference */
    uint32_t child, has_variable;
    uint32_t template; /* that ends here, or FLAT_NONE */
};
/** A segment mixing text and variables: text, variable, text, …, text; outer texts may be empty. */
struct flat_pattern {
    uint32_t part, part_count;
};
struct flat_template {
    uint32_t method, method_count;
};
struct flat_method {
    struct flat_text name;
    uint32_t value;
};
struct flat_header {
    uint32_t magic, size;
    uint32_t node_count, literal_count, pattern_count, part_count, template_count, method_count;
    uint32_t text_size;
};

/** Where each table begins. */
struct flat {
    struct flat_header header;
    const char *nodes, *literals, *patterns, *parts, *templates, *methods, *text;
};

/** Lays the tables over bytes whose header has been checked. */
static inline void flat_view(struct str bytes, struct flat *out)
{
    memcpy(&out->header, bytes.ptr, sizeof(out->header));
    const struct flat_header *h = &out->header;
    out->nodes = bytes.ptr + sizeof(*h);
    out->literals = out->nodes + (size_t)h->node_count * sizeof(struct flat_node);
    out->patterns = out->literals + (size_t)h->literal_count * sizeof(struct flat_text);
    out->parts = out->patterns + (size_t)h->pattern_count * sizeof(struct flat_pattern);
    out->templates = out->parts + (size_t)h->part_count * sizeof(struct flat_text);
    out->methods = out->templates + (size_t)h->template_count * sizeof(struct flat_template);
    out->text = out->methods + (size_t)h->method_count * sizeof(struct flat_method);
}

#define FLAT_READER(kind, table)                                                          \
    static inline struct flat_##kind flat_##kind##_at(const char *table, uint32_t number) \
    {                                                                                     \
        struct flat_##kind row;                                                           \
        memcpy(&row, table + (size_t)number * sizeof(row), sizeof(row));                  \
        return row;                                                                       \
    }
FLAT_READER(node, nodes)
FLAT_READER(text, texts)
FLAT_READER(pattern, patterns)
FLAT_READER(template, templates)
FLAT_READER(method, methods)
#undef FLAT_READER

static inline struct str flat_str(const struct flat *f, struct flat_text t)
{
    return (struct str){f->text + t.at, t.len};
}

#endif
