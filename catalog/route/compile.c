/* Turns a list of entries into the flat tree. Entries are sorted by their templates' segments; a
 * node is then a range of the sorted list, and breadth-first order needs no tree in between. */
#include <stdlib.h>

#include "catalog/route/flat.h"
#include "catalog/route/route.h"
#include "catalog/route/segment.h"

struct line {
    struct template template;
    const struct route_entry *entry;
    size_t index;
};
/* A node to be written: lines [low, high) agree in their first `depth` segments. */
struct range {
    size_t low, high, depth;
};

struct compiler {
    struct arena mem;
    struct line *lines;
    size_t line_count;
    bool *left_out; /* NULL: the first unfit entry ends it */
    VEC(struct range) ranges;
    struct flat_header header;
    struct buf nodes, literals, patterns, parts, templates, methods, text;
};

static void compiler_clear(struct compiler *c)
{
    buf_clear(&c->nodes);
    buf_clear(&c->literals);
    buf_clear(&c->patterns);
    buf_clear(&c->parts);
    buf_clear(&c->templates);
    buf_clear(&c->methods);
    buf_clear(&c->text);
    arena_clear(&c->mem);
}

/* A token of RFC 9110 §5.6.2. */
static bool is_token(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (c == 0 || strchr("!#$%&'*+-.^_`|~", c) == NULL))
            return false;
    }
    return s.len > 0;
}

static bool read_line(struct compiler *c, const struct route_entry *entry, size_t index,
                      struct err *err)
{
    char where[24];
    struct line line = {.entry = entry, .index = index};
    snprintf(where, sizeof(where), "/%zu", index);
    if (!is_token(entry->method))
        return fail(err, ERR_INVALID, where, "the method is no HTTP token");
    if (!template_parse(entry->template, where, &c->mem, &line.template, err))
        return false;
    c->lines[c->line_count++] = line;
    return true;
}

static bool read_lines(struct compiler *c, const struct route_entry *entries, size_t count,
                       struct err *err)
{
    c->lines = arena_array(&c->mem, struct line, count);
    for (size_t i = 0; i < count; i++) {
        if (read_line(c, &entries[i], i, err))
            continue;
        if (c->left_out == NULL)
            return false;
        c->left_out[i] = true;
    }
    return true;
}

static int path_order(const struct template *a, const struct template *b)
{
    for (size_t i = 0; i < a->segment_count && i < b->segment_count; i++) {
        int order = segment_order(&a->segments[i], &b->segments[i]);
        if (order != 0)
            return order;
    }
    return (a->segment_count > b->segment_count) - (a->segment_count < b->segment_count);
}

static int line_order(const void *left, const void *right)
{
    const struct line *a = left, *b = right;
    int order = path_order(&a->template, &b->template);
    if (order == 0)
        order = str_cmp(a->entry->method, b->entry->method);
    if (order == 0)
        order = (a->index > b->index) - (a->index < b->index);
    return order;
}

/* Drops lines that match the same requests as the one before them, or refuses. */
static bool settle_conflicts(struct compiler *c, struct err *err)
{
    size_t kept = 0;
    for (size_t i = 0; i < c->line_count; i++) {
        const struct line *line = &c->lines[i], *last = kept ? &c->lines[kept - 1] : NULL;
        if (last == NULL || !str_eq(last->entry->method, line->entry->method) ||
            path_order(&last->template, &line->template) != 0) {
            c->lines[kept++] = *line;
            continue;
        }
        if (c->left_out == NULL) {
            char where[24];
            snprintf(where, sizeof(where), "/%zu", line->index);
            (void)fail(err, ERR_CONFLICT, where, STR_FMT " matches the same requests as " STR_FMT,
                       STR_ARG(line->entry->template), STR_ARG(last->entry->template));
            return err_hint(err, "templates must differ in more than variable names");
        }
        c->left_out[line->index] = true;
    }
    c->line_count = kept;
    return true;
}

static void add_record(struct buf *table, const void *record, size_t size)
{
    buf_add(table, (struct str){record, size});
}

static void add_text(struct compiler *c, struct buf *table, struct str text)
{
    struct flat_text row = {(uint32_t)c->text.len, (uint32_t)text.len};
    buf_add(&c->text, text);
    add_record(table, &row, sizeof(row));
}

/* The lines that end at a node share one template and differ in method. */
static uint32_t add_template(struct compiler *c, size_t low, size_t high)
{
    struct flat_template row = {c->header.method_count, (uint32_t)(high - low)};
    for (size_t i = low; i < high; i++) {
        const struct route_entry *entry = c->lines[i].entry;
        struct flat_method method = {.value = entry->value};
        method.name = (struct flat_text){(uint32_t)c->text.len, (uint32_t)entry->method.len};
        buf_add(&c->text, entry->method);
        add_record(&c->methods, &method, sizeof(method));
    }
    c->header.method_count += row.method_count;
    add_record(&c->templates, &row, sizeof(row));
    return c->header.template_count++;
}

static void add_pattern(struct compiler *c, const struct segment *s)
{
    struct flat_pattern row = {c->header.part_count, (uint32_t)s->part_count};
    for (size_t i = 0; i < s->part_count; i++)
        add_text(c, &c->parts, s->parts[i]);
    c->header.part_count += row.part_count;
    add_record(&c->patterns, &row, sizeof(row));
}

static void add_child(struct compiler *c, struct flat_node *node, const struct segment *s)
{
    switch (s->kind) {
    case SEGMENT_LITERAL:
        add_text(c, &c->literals, s->parts[0]);
        node->literal_count++;
        break;
    case SEGMENT_PATTERN:
        add_pattern(c, s);
        node->pattern_count++;
        break;
    case SEGMENT_VARIABLE:
        node->has_variable = 1;
        break;
    }
}

static void add_node(struct compiler *c, struct range r)
{
    struct flat_node node = {.literal = c->header.literal_count,
                             .pattern = c->header.pattern_count,
                             .child = (uint32_t)c->ranges.len,
                             .template = FLAT_NONE};
    size_t at = r.low;
    while (at < r.high && c->lines[at].template.segment_count == r.depth)
        at++; /* shorter templates sort first */
    if (at > r.low)
        node.template = add_template(c, r.low, at);
    while (at < r.high) {
        const struct segment *s = &c->lines[at].template.segments[r.depth];
        size_t end = at + 1;
        while (end < r.high && segment_order(s, &c->lines[end].template.segments[r.depth]) == 0)
            end++;
        add_child(c, &node, s);
        vec_push(&c->ranges, &c->mem, (struct range){at, end, r.depth + 1});
        at = end;
    }
    c->header.literal_count += node.literal_count;
    c->header.pattern_count += node.pattern_count;
    c->header.node_count++;
    add_record(&c->nodes, &node, sizeof(node));
}

static bool write_out(struct compiler *c, struct buf *out, struct err *err)
{
    const struct buf *tables[] = {&c->nodes,     &c->literals, &c->patterns, &c->parts,
                                  &c->templates, &c->methods,  &c->text};
    size_t size = sizeof(c->header);
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        if (tables[i]->failed)
            return fail(err, ERR_LIMIT, "", "the templates are too large together");
        size += tables[i]->len;
    }
    if (size > TABLES_MAX)
        return fail(err, ERR_LIMIT, "", "the templates are too large together");
    c->header.magic = FLAT_MAGIC;
    c->header.size = (uint32_t)size;
    c->header.text_size = (uint32_t)c->text.len;
    add_record(out, &c->header, sizeof(c->header));
    for (size_t i = 0; i < COUNT_OF(tables); i++)
        buf_add(out, buf_str(tables[i]));
    return !out->failed || fail(err, ERR_LIMIT, "", "the output is full");
}

static bool compile(struct compiler *c, const struct route_entry *entries, size_t count,
                    struct buf *out, struct err *err)
{
    if (count > ENTRIES_MAX)
        return fail(err, ERR_LIMIT, "", "a router has at most %zu entries", ENTRIES_MAX);
    c->text.limit_bytes = TABLES_MAX;
    if (!read_lines(c, entries, count, err))
        return false;
    if (c->line_count > 1)
        qsort(c->lines, c->line_count, sizeof(*c->lines), line_order);
    if (!settle_conflicts(c, err))
        return false;
    vec_push(&c->ranges, &c->mem, (struct range){0, c->line_count, 0});
    for (size_t i = 0; i < c->ranges.len; i++)
        add_node(c, c->ranges.ptr[i]);
    return write_out(c, out, err);
}

bool route_compile(const struct route_entry *entries, size_t count, struct buf *out,
                   struct err *err)
{
    CLEANUP(compiler_clear) struct compiler c = {0};
    return compile(&c, entries, count, out, err);
}

bool route_compile_some(const struct route_entry *entries, size_t count, bool *left_out,
                        struct buf *out, struct err *err)
{
    CLEANUP(compiler_clear) struct compiler c = {0};
    c.left_out = left_out;
    return compile(&c, entries, count, out, err);
}
