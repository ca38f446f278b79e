/* Opening compiled routers and matching requests; nothing here allocates, but for route_decode. */
#include "catalog/route/format.h"
#include "catalog/route/route.h"

#define SEGMENTS_MOST 256

/* --- opening -------------------------------------------------------------------------------------
 */

static bool broken(const char *what, struct err *err)
{
    return fail(err, ERR_INVALID, "router", "%s", what);
}

static bool text_fits(struct str b, size_t table, uint32_t row, size_t words, uint32_t text_len)
{
    uint32_t at = route_word(b, table, row, words, 0), len = route_word(b, table, row, words, 1);
    return at <= text_len && len <= text_len - at;
}

static bool nodes_fit(struct str b, const struct route_tables *t)
{
    uint32_t nodes = route_word(b, 0, 0, 0, HEAD_NODES), edges = route_word(b, 0, 0, 0, HEAD_EDGES);
    uint32_t paths = route_word(b, 0, 0, 0, HEAD_PATHS), text = route_word(b, 0, 0, 0, HEAD_TEXT);
    for (uint32_t i = 0; i < nodes; i++) {
        uint32_t first = route_word(b, t->nodes, i, NODE_WORDS, NODE_FIRST_EDGE);
        uint64_t end = (uint64_t)first + route_word(b, t->nodes, i, NODE_WORDS, NODE_LITERALS) +
                       route_word(b, t->nodes, i, NODE_WORDS, NODE_PATTERNS);
        uint32_t path = route_word(b, t->nodes, i, NODE_WORDS, NODE_PATH);
        if (end > edges || (path != ROUTE_NO_PATH && path >= paths))
            return false;
        for (uint32_t e = first; e < end; e++) {
            uint32_t child = route_word(b, t->edges, e, EDGE_WORDS, EDGE_NODE);
            if (child <= i || child >= nodes || !text_fits(b, t->edges, e, EDGE_WORDS, text))
                return false;
        }
    }
    return true;
}

static bool paths_fit(struct str b, const struct route_tables *t)
{
    uint32_t paths = route_word(b, 0, 0, 0, HEAD_PATHS),
             methods = route_word(b, 0, 0, 0, HEAD_METHODS);
    for (uint32_t i = 0; i < paths; i++)
        if ((uint64_t)route_word(b, t->paths, i, PATH_WORDS, PATH_FIRST_METHOD) +
                route_word(b, t->paths, i, PATH_WORDS, PATH_METHODS) >
            methods)
            return false;
    for (uint32_t i = 0; i < methods; i++)
        if (!text_fits(b, t->methods, i, METHOD_WORDS, route_word(b, 0, 0, 0, HEAD_TEXT)))
            return false;
    return true;
}

bool route_open(struct str bytes, struct router *out, struct err *err)
{
    if (bytes.len < HEAD_WORDS * sizeof(uint32_t) ||
        route_word(bytes, 0, 0, 0, HEAD_MAGIC) != ROUTE_MAGIC)
        return broken("not a router", err);
    const struct route_tables t = route_tables_of(bytes);
    if (t.end > bytes.len || route_word(bytes, 0, 0, 0, HEAD_NODES) == 0)
        return broken("the router is cut off", err);
    if (!nodes_fit(bytes, &t) || !paths_fit(bytes, &t))
        return broken("the router is damaged", err);
    out->bytes = bytes;
    return true;
}

/* --- matching ------------------------------------------------------------------------------------
 */

/* A request's path, split. */
struct matching {
    struct str bytes;
    struct route_tables tables;
    struct str segments[SEGMENTS_MOST];
    size_t count;
    struct route_hit *hit;
};

static uint32_t node_word(const struct matching *m, uint32_t node, size_t word)
{
    return route_word(m->bytes, m->tables.nodes, node, NODE_WORDS, word);
}

static uint32_t edge_node(const struct matching *m, uint32_t edge)
{
    return route_word(m->bytes, m->tables.edges, edge, EDGE_WORDS, EDGE_NODE);
}

static struct str text_of(const struct matching *m, size_t table, uint32_t row, size_t words)
{
    return (struct str){m->bytes.ptr + m->tables.text + route_word(m->bytes, table, row, words, 0),
                        route_word(m->bytes, table, row, words, 1)};
}

/* False when a %XX is malformed; such a path matches nothing. */
static bool well_formed(struct str path)
{
    for (size_t at = 0; at < path.len;)
        if (route_next_byte(path, &at) < 0)
            return false;
    return true;
}

static bool split(struct matching *m, struct str path)
{
    if (path.len == 0 || path.ptr[0] != '/' || !well_formed(path))
        return false;
    struct str rest = str_sub(path, 1, path.len);
    while (m->count < SEGMENTS_MOST && str_split(&rest, '/', &m->segments[m->count]))
        m->count++;
    return rest.ptr == NULL;
}

/* Compares a raw segment, decoded on the way, with literal bytes. */
static int compare_raw(struct str raw, struct str literal)
{
    size_t at = 0, i = 0;
    while (at < raw.len && i < literal.len) {
        int byte = route_next_byte(raw, &at), other = (unsigned char)literal.ptr[i++];
        if (byte != other)
            return byte < other ? -1 : 1;
    }
    return at < raw.len ? 1 : i < literal.len ? -1 : 0;
}

static bool find_literal(const struct matching *m, uint32_t node, struct str segment,
                         uint32_t *child)
{
    uint32_t low = node_word(m, node, NODE_FIRST_EDGE),
             high = low + node_word(m, node, NODE_LITERALS);
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = compare_raw(segment, text_of(m, m->tables.edges, middle, EDGE_WORDS));
        if (order == 0) {
            *child = edge_node(m, middle);
            return true;
        }
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

/* The literal at the front of pattern, compared with raw from `at`; SIZE_MAX when it differs, else
 * where it ends. */
static size_t after_literal(struct str raw, size_t at, struct str literal)
{
    for (size_t i = 0; i < literal.len; i++)
        if (at >= raw.len || route_next_byte(raw, &at) != (unsigned char)literal.ptr[i])
            return SIZE_MAX;
    return at;
}

static struct str literal_part(struct str pattern, size_t from)
{
    struct str rest = str_sub(pattern, from, pattern.len);
    size_t end = str_find_char(rest, ROUTE_VARIABLE);
    return str_sub(rest, 0, end);
}

static void add_param(struct route_hit *hit, struct str value)
{
    if (hit->param_count < ROUTE_PARAMS_MAX)
        hit->params[hit->param_count++] = value;
}

/* Each variable takes as little as lets the literal behind it match, and one byte at least; the
 * last takes the rest. */
static bool match_pattern(struct str pattern, struct str raw, struct route_hit *hit)
{
    struct str literal = literal_part(pattern, 0);
    size_t at = after_literal(raw, 0, literal), in = literal.len;
    while (at != SIZE_MAX && in < pattern.len) { /* pattern.ptr[in] is a variable */
        size_t start = at, found = SIZE_MAX;
        literal = literal_part(pattern, in + 1);
        bool last = in + 1 + literal.len == pattern.len;
        for (size_t end = at; end < raw.len && found == SIZE_MAX;) {
            (void)route_next_byte(raw, &end);
            size_t behind = after_literal(raw, end, literal);
            if (behind != SIZE_MAX && (!last || behind == raw.len)) {
                add_param(hit, str_sub(raw, start, end - start));
                found = behind;
            }
        }
        at = found;
        in += 1 + literal.len;
    }
    return at == raw.len;
}

/* Literal first, then patterns; a branch that leads nowhere is left again. Every node is entered
 * once at most, because only one way leads to it. */
static uint32_t descend(struct matching *m, uint32_t node, size_t depth)
{
    uint32_t child, first = node_word(m, node, NODE_FIRST_EDGE) + node_word(m, node, NODE_LITERALS);
    if (depth == m->count)
        return node_word(m, node, NODE_PATH);
    if (find_literal(m, node, m->segments[depth], &child)) {
        uint32_t path = descend(m, child, depth + 1);
        if (path != ROUTE_NO_PATH)
            return path;
    }
    for (uint32_t i = 0; i < node_word(m, node, NODE_PATTERNS); i++) {
        size_t params = m->hit->param_count;
        uint32_t path = ROUTE_NO_PATH;
        if (match_pattern(text_of(m, m->tables.edges, first + i, EDGE_WORDS), m->segments[depth],
                          m->hit))
            path = descend(m, edge_node(m, first + i), depth + 1);
        if (path != ROUTE_NO_PATH)
            return path;
        m->hit->param_count = params;
    }
    return ROUTE_NO_PATH;
}

static bool find_method(const struct matching *m, uint32_t path, struct str method, uint32_t *value)
{
    uint32_t first = route_word(m->bytes, m->tables.paths, path, PATH_WORDS, PATH_FIRST_METHOD);
    uint32_t count = route_word(m->bytes, m->tables.paths, path, PATH_WORDS, PATH_METHODS);
    for (uint32_t i = first; i < first + count; i++)
        if (str_eq(text_of(m, m->tables.methods, i, METHOD_WORDS), method)) {
            *value = route_word(m->bytes, m->tables.methods, i, METHOD_WORDS, METHOD_VALUE);
            return true;
        }
    return false;
}

enum route_result route_match(const struct router *r, struct str method, struct str path,
                              struct route_hit *out)
{
    struct matching m;
    m.bytes = r->bytes;
    m.count = 0;
    m.hit = out;
    out->value = 0;
    out->path = ROUTE_NO_PATH;
    out->param_count = 0;
    if (!split(&m, path))
        return ROUTE_NONE;
    m.tables = route_tables_of(r->bytes);
    out->path = descend(&m, 0, 0);
    if (out->path == ROUTE_NO_PATH)
        return ROUTE_NONE;
    if (find_method(&m, out->path, method, &out->value) ||
        (str_eq(method, STR("HEAD")) && find_method(&m, out->path, STR("GET"), &out->value)))
        return ROUTE_HIT;
    return ROUTE_METHOD;
}

void route_allow(const struct router *r, const struct route_hit *hit, struct buf *out)
{
    struct matching m = {.bytes = r->bytes, .tables = route_tables_of(r->bytes)};
    uint32_t ignored, first, count;
    if (hit->path == ROUTE_NO_PATH)
        return;
    first = route_word(m.bytes, m.tables.paths, hit->path, PATH_WORDS, PATH_FIRST_METHOD);
    count = route_word(m.bytes, m.tables.paths, hit->path, PATH_WORDS, PATH_METHODS);
    bool head = find_method(&m, hit->path, STR("GET"), &ignored) &&
                !find_method(&m, hit->path, STR("HEAD"), &ignored);
    for (uint32_t i = first; i < first + count; i++) {
        struct str name = text_of(&m, m.tables.methods, i, METHOD_WORDS);
        buf_add(out, i > first ? STR(", ") : STR(""));
        buf_add(out, name);
        if (head && str_eq(name, STR("GET")))
            buf_add(out, STR(", HEAD"));
    }
}

bool route_decode(struct str segment, struct arena *mem, struct str *out)
{
    char *text = arena_alloc(mem, segment.len + 1);
    size_t len = 0;
    for (size_t at = 0; at < segment.len;) {
        int byte = route_next_byte(segment, &at);
        if (byte < 0)
            return false;
        text[len++] = (char)byte;
    }
    *out = (struct str){text, len};
    return true;
}
