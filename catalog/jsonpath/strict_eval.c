/* RFC 9535 §2.3.5.2 and §2.4: comparing values, and the functions. */
#include "path.h"

struct nodes {
    size_t count;
    struct value first;
};

static void keep(void *context, size_t tag, const struct jsonpath_match *match)
{
    struct nodes *nodes = context;
    UNUSED(tag);
    if (nodes->count++ == 0)
        nodes->first = path_value_of(match->value);
}

static struct nodes query(const struct scene *scene, const struct expr *e)
{
    struct nodes nodes = {0};
    struct finder f = {.path = e->query,
                       .scene = *scene,
                       .start = e->from_root ? scene->root : scene_value(scene),
                       .hit = keep,
                       .context = &nodes,
                       .mem = scene->scratch};
    f.scene.depth = 0;
    finder_run(&f, 0);
    return nodes;
}

/* --- values ----------------------------------------------------------------------------------- */

static bool same_values(const struct value *a, const struct value *b, unsigned depth);

static bool same_children(struct jsonpath_spot a, struct jsonpath_spot b, unsigned depth)
{
    enum tree_kind kind = tree_kind_of(a.node);
    if (kind != tree_kind_of(b.node) || a.node->size != b.node->size || depth > MOST_LEVELS)
        return false;
    const struct tree_node *n = tree_first(b.doc, b.node);
    for (const struct tree_node *m = tree_first(a.doc, a.node); m != NULL;
         m = tree_next(a.doc, m), n = tree_next(b.doc, n)) {
        const struct tree_node *other =
            kind == TREE_OBJECT ? tree_get(b.doc, b.node, tree_key(a.doc, m)) : n;
        struct value x = path_value_of((struct jsonpath_spot){a.doc, m}),
                     y = path_value_of((struct jsonpath_spot){b.doc, other});
        if (!same_values(&x, &y, depth + 1))
            return false;
    }
    return true;
}

static bool same_values(const struct value *a, const struct value *b, unsigned depth)
{
    if (a->kind == VALUE_NODE && b->kind == VALUE_NODE)
        return same_children(a->spot, b->spot, depth);
    return path_value_same(a, b);
}

static bool less(const struct value *a, const struct value *b)
{
    if (a->kind == VALUE_NUMBER && b->kind == VALUE_NUMBER)
        return a->number < b->number;
    return a->kind == VALUE_STRING && b->kind == VALUE_STRING && str_cmp(a->string, b->string) < 0;
}

static struct value comparable(const struct scene *scene, const struct expr *e);

static bool compare(const struct scene *scene, const struct expr *e)
{
    struct value a = comparable(scene, e->a), b = comparable(scene, e->b);
    bool same = same_values(&a, &b, 0);
    if (e->op == OP_EQ)
        return same;
    if (e->op == OP_NE)
        return !same;
    if (e->op == OP_LT || e->op == OP_LE)
        return less(&a, &b) || (e->op == OP_LE && same);
    return less(&b, &a) || (e->op == OP_GE && same);
}

/* --- functions -------------------------------------------------------------------------------- */

static struct value length(const struct value *v)
{
    struct value out = {.kind = VALUE_UNDEFINED};
    if (v->kind == VALUE_STRING) { /* characters, not bytes */
        out.kind = VALUE_NUMBER;
        for (size_t i = 0; i < v->string.len; i++)
            out.number += ((unsigned char)v->string.ptr[i] & 0xC0) != 0x80;
    } else if (v->kind == VALUE_NODE && v->spot.node != NULL) {
        out = (struct value){.kind = VALUE_NUMBER, .number = v->spot.node->size};
    }
    return out;
}

/* RFC 9485: a dot is anything but CR and LF, elsewhere ECMA-262 means the same. */
static struct str translated(struct str pattern, bool whole, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf out = {0};
    bool in_class = false;
    buf_add(&out, whole ? STR("^(?:") : STR(""));
    for (size_t i = 0; i < pattern.len; i++) {
        char c = pattern.ptr[i];
        if (c == '.' && !in_class) {
            buf_add(&out, STR("[^\\n\\r]"));
            continue;
        }
        buf_add_char(&out, c);
        if (c == '\\' && i + 1 < pattern.len)
            buf_add_char(&out, pattern.ptr[++i]);
        else if (c == '[' || c == ']')
            in_class = c == '[';
    }
    buf_add(&out, whole ? STR(")$") : STR(""));
    return arena_str(mem, buf_str(&out));
}

static bool fits(const struct scene *scene, const struct expr *e)
{
    struct value text = comparable(scene, e->args[0]), pattern = comparable(scene, e->args[1]);
    struct regex *regex = NULL;
    struct err err = {0};
    if (text.kind != VALUE_STRING || pattern.kind != VALUE_STRING)
        return false;
    struct str p = translated(pattern.string, e->function == FUNCTION_MATCH, scene->scratch);
    return regex_compile(p, STR("u"), scene->scratch, &regex, &err) &&
           regex_matches(regex, text.string, NULL);
}

static struct value function_value(const struct scene *scene, const struct expr *e)
{
    struct value v = {.kind = VALUE_UNDEFINED};
    struct nodes nodes;
    switch (e->function) {
    case FUNCTION_LENGTH:
        v = comparable(scene, e->args[0]);
        return length(&v);
    case FUNCTION_COUNT:
        nodes = query(scene, e->args[0]);
        return (struct value){.kind = VALUE_NUMBER, .number = (double)nodes.count};
    case FUNCTION_VALUE:
        nodes = query(scene, e->args[0]);
        return nodes.count == 1 ? nodes.first : v;
    case FUNCTION_MATCH:
    case FUNCTION_SEARCH:
        break; /* logical: strict_true() asks fits() */
    }
    return v;
}

static struct value comparable(const struct scene *scene, const struct expr *e)
{
    if (e->kind == EXPR_FUNCTION)
        return function_value(scene, e);
    if (e->kind != EXPR_QUERY)
        return e->literal;
    struct nodes nodes = query(scene, e);
    return nodes.count == 1 ? nodes.first : (struct value){.kind = VALUE_UNDEFINED};
}

bool strict_true(const struct scene *scene, const struct expr *e)
{
    if (e->kind == EXPR_NOT)
        return !strict_true(scene, e->a);
    if (e->kind == EXPR_QUERY)
        return query(scene, e).count > 0;
    if (e->kind == EXPR_FUNCTION)
        return fits(scene, e);
    if (e->op == OP_OR)
        return strict_true(scene, e->a) || strict_true(scene, e->b);
    if (e->op == OP_AND)
        return strict_true(scene, e->a) && strict_true(scene, e->b);
    return compare(scene, e);
}
