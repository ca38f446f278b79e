/* Templates → a tree of segments → flat bytes. */
#include <stdlib.h>

#include "catalog/route/format.h"
#include "catalog/route/route.h"

#define NODES_MOST 4000000U

struct edge {
    struct str text; /* literal bytes; a pattern holds ROUTE_VARIABLE bytes */
    bool pattern;
    struct node *node;
};
struct method {
    struct str name;
    uint32_t value;
};
struct node {
    VEC(struct edge) edges;
    VEC(struct method) methods;
    bool ends; /* a template ends here */
    uint32_t number;
    struct node *next; /* in order of number */
};

struct compiler {
    struct arena mem;
    struct node *root;
    uint32_t nodes, edges, paths, methods;
};

/* --- the tree ------------------------------------------------------------------------------------
 */

static bool invalid(size_t entry, const char *what, struct err *err)
{
    char where[24];
    snprintf(where, sizeof(where), "/%zu", entry);
    return fail(err, ERR_INVALID, where, "%s", what);
}

/* "{id}.json" → pattern "\0.json". Literal bytes are decoded, as those of requests will be. */
static bool read_segment(struct compiler *c, struct str segment, size_t entry, size_t *variables,
                         struct edge *out, struct err *err)
{
    CLEANUP(buf_clear) struct buf text = {0};
    for (size_t at = 0; at < segment.len;) {
        if (segment.ptr[at] == '{') {
            size_t end = str_find_char(str_sub(segment, at, segment.len), '}');
            if (end == SIZE_MAX || end == 1)
                return invalid(entry,
                               end == 1 ? "a variable has no name"
                                        : "a '{' is not closed in its segment",
                               err);
            if (++*variables > ROUTE_PARAMS_MAX)
                return invalid(entry, "more than 16 variables", err);
            buf_add_char(&text, ROUTE_VARIABLE);
            out->pattern = true;
            at += end + 1;
            continue;
        }
        int byte = route_next_byte(segment, &at);
        if (byte < 0) { /* a lone '%' means itself in a template */
            byte = '%';
            at++;
        }
        if (byte == ROUTE_VARIABLE || byte == '}')
            return invalid(entry, byte == '}' ? "a '}' closes nothing" : "a NUL byte", err);
        buf_add_char(&text, (char)byte);
    }
    if (text.len > ROUTE_LITERAL_MOST)
        return invalid(entry, "a segment is longer than 255 bytes", err);
    out->text = arena_str(&c->mem, buf_str(&text));
    return true;
}

static struct node *child_of(struct compiler *c, struct node *parent, const struct edge *wanted)
{
    for (size_t i = 0; i < parent->edges.len; i++) {
        struct edge *edge = &parent->edges.ptr[i];
        if (edge->pattern == wanted->pattern && str_eq(edge->text, wanted->text))
            return edge->node;
    }
    struct edge fresh = *wanted;
    fresh.node = arena_new(&c->mem, struct node);
    vec_push(&parent->edges, &c->mem, fresh);
    c->nodes++;
    c->edges++;
    return fresh.node;
}

static bool add_method(struct compiler *c, struct node *node, const struct route_entry *entry,
                       size_t number, struct err *err)
{
    char where[24];
    for (size_t i = 0; i < node->methods.len; i++)
        if (str_eq(node->methods.ptr[i].name, entry->method)) {
            snprintf(where, sizeof(where), "/%zu", number);
            return fail(err, ERR_CONFLICT, where,
                        STR_FMT " " STR_FMT " matches the same requests as an earlier one",
                        STR_ARG(entry->method), STR_ARG(entry->template));
        }
    vec_push(&node->methods, &c->mem, (struct method){entry->method, entry->value});
    c->methods++;
    c->paths += !node->ends;
    node->ends = true;
    return true;
}

static bool add_entry(struct compiler *c, const struct route_entry *entry, size_t number,
                      struct err *err)
{
    struct node *node = c->root;
    struct str rest = entry->template, segment;
    size_t variables = 0;
    if (entry->template.len == 0 || entry->template.ptr[0] != '/')
        return invalid(number, "a template begins with '/'", err);
    if (entry->method.len == 0)
        return invalid(number, "the method is missing", err);
    rest = str_sub(rest, 1, rest.len);
    while (str_split(&rest, '/', &segment)) {
        struct edge edge = {0};
        if (!read_segment(c, segment, number, &variables, &edge, err))
            return false;
        node = child_of(c, node, &edge);
        if (c->nodes > NODES_MOST)
            return fail(err, ERR_LIMIT, "", "more than %u path segments", NODES_MOST);
    }
    return add_method(c, node, entry, number, err);
}

/* --- order ---------------------------------------------------------------------------------------
 */

static size_t literal_bytes(struct str pattern)
{
    size_t count = 0;
    for (size_t i = 0; i < pattern.len; i++)
        count += pattern.ptr[i] != ROUTE_VARIABLE;
    return count;
}

/* Literals by text, for the binary search; then patterns, the most specific first. */
static int compare_edges(const void *left, const void *right)
{
    const struct edge *a = left, *b = right;
    if (a->pattern != b->pattern)
        return a->pattern ? 1 : -1;
    size_t la = literal_bytes(a->text), lb = literal_bytes(b->text);
    if (a->pattern && la != lb)
        return la > lb ? -1 : 1;
    return str_cmp(a->text, b->text);
}

static int compare_methods(const void *left, const void *right)
{
    return str_cmp(((const struct method *)left)->name, ((const struct method *)right)->name);
}

/* Numbers the nodes level by level, so that children follow their parents and siblings lie
 * together. */
static void number_nodes(struct compiler *c)
{
    uint32_t number = 0;
    struct node *last = c->root;
    for (struct node *node = c->root; node != NULL; node = node->next) {
        node->number = number++;
        if (node->edges.len > 1)
            qsort(node->edges.ptr, node->edges.len, sizeof(*node->edges.ptr), compare_edges);
        if (node->methods.len > 1)
            qsort(node->methods.ptr, node->methods.len, sizeof(*node->methods.ptr),
                  compare_methods);
        for (size_t i = 0; i < node->edges.len; i++) {
            last->next = node->edges.ptr[i].node;
            last = last->next;
        }
    }
}

/* --- flat bytes ----------------------------------------------------------------------------------
 */

struct tables {
    struct buf nodes, edges, paths, methods, text;
};

static void put(struct buf *out, uint32_t value)
{
    buf_add(out, (struct str){(const char *)&value, sizeof(value)});
}

static void put_text(struct tables *t, struct buf *out, struct str text)
{
    put(out, (uint32_t)t->text.len);
    put(out, (uint32_t)text.len);
    buf_add(&t->text, text);
}

static void put_node(struct tables *t, const struct node *node)
{
    uint32_t patterns = 0;
    for (size_t i = 0; i < node->edges.len; i++)
        patterns += node->edges.ptr[i].pattern;
    put(&t->nodes, (uint32_t)(t->edges.len / (EDGE_WORDS * sizeof(uint32_t))));
    put(&t->nodes, (uint32_t)node->edges.len - patterns);
    put(&t->nodes, patterns);
    put(&t->nodes,
        node->ends ? (uint32_t)(t->paths.len / (PATH_WORDS * sizeof(uint32_t))) : ROUTE_NO_PATH);
    for (size_t i = 0; i < node->edges.len; i++) {
        put_text(t, &t->edges, node->edges.ptr[i].text);
        put(&t->edges, node->edges.ptr[i].node->number);
    }
    if (!node->ends)
        return;
    put(&t->paths, (uint32_t)(t->methods.len / (METHOD_WORDS * sizeof(uint32_t))));
    put(&t->paths, (uint32_t)node->methods.len);
    for (size_t i = 0; i < node->methods.len; i++) {
        put_text(t, &t->methods, node->methods.ptr[i].name);
        put(&t->methods, node->methods.ptr[i].value);
    }
}

static void write_out(struct compiler *c, struct buf *out)
{
    struct tables t = {0};
    for (const struct node *node = c->root; node != NULL; node = node->next)
        put_node(&t, node);
    put(out, ROUTE_MAGIC);
    put(out, c->nodes);
    put(out, c->edges);
    put(out, c->paths);
    put(out, c->methods);
    put(out, (uint32_t)t.text.len);
    struct buf *parts[] = {&t.nodes, &t.edges, &t.paths, &t.methods, &t.text};
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        buf_add(out, buf_str(parts[i]));
        buf_clear(parts[i]);
    }
}

bool route_compile(const struct route_entry *entries, size_t count, struct buf *out,
                   struct err *err)
{
    struct compiler c = {.nodes = 1};
    bool ok = true;
    c.root = arena_new(&c.mem, struct node);
    for (size_t i = 0; ok && i < count; i++)
        ok = add_entry(&c, &entries[i], i, err);
    if (ok) {
        number_nodes(&c);
        write_out(&c, out);
        ok = !out->failed || fail(err, ERR_LIMIT, "", "the router exceeds its limit");
    }
    arena_clear(&c.mem);
    return ok;
}
