/* Schemas that no value can satisfy, because each must hold another one without end. A circle that
 * an optional member, an empty list or null can end is nothing to tell. */
#include "validate.h"

/* A schema that each value of another one, or a part of it, must satisfy. */
struct demand {
    struct oas_spot schema;
    const struct tree *doc;
    const struct tree_node *ref; /* by which it is reached; NULL: it stands there */
};

/* A schema being looked at, and how it was reached. */
struct open_schema {
    struct demand from;
    VEC(struct demand) demands;
    size_t next;
};

struct search {
    struct validation *v;
    VEC(struct open_schema) open;
};

enum { UNSEEN, OPEN, DONE, CLOSES /* a $ref that ends a circle */ };

static uint8_t *state_of(struct validation *v, struct oas_spot at)
{
    struct visited *file = walk_file(v, at.doc);
    if (file->endless == NULL)
        file->endless = arena_array(v->mem, uint8_t, tree_count(at.doc));
    return &file->endless[tree_number(at.doc, at.node)];
}

/* --- what a schema demands ----------------------------------------------------------------------
 */

static struct oas_spot member(struct oas_spot at, const char *name)
{
    return (struct oas_spot){at.doc, tree_get(at.doc, at.node, str_from(name))};
}

static void add(struct search *s, struct open_schema *of, struct oas_spot schema,
                const struct tree *doc, const struct tree_node *ref)
{
    const struct demand made = {schema, doc, ref};
    if (tree_kind_of(schema.node) == TREE_OBJECT)
        vec_push(&of->demands, s->v->mem, made);
}

/* Nothing else may be there: neither another type nor null. */
static bool only_type(struct oas_spot at, const char *name)
{
    struct oas_spot type = member(at, "type");
    if (tree_kind_of(type.node) == TREE_ARRAY) {
        type.node = tree_first(type.doc, type.node);
        if (type.node == NULL || tree_next(type.doc, type.node) != NULL)
            return false;
    }
    return str_eq(tree_text(type.doc, type.node), str_from(name)) &&
           !tree_true(at.doc, member(at, "nullable").node);
}

static void add_list(struct search *s, struct open_schema *of, struct oas_spot list, size_t most)
{
    const struct tree_node *n = tree_first(list.doc, list.node);
    size_t count = 0;
    if (tree_kind_of(list.node) != TREE_ARRAY)
        return;
    for (const struct tree_node *each = n; each != NULL; each = tree_next(list.doc, each))
        count++;
    for (; n != NULL && count <= most; n = tree_next(list.doc, n))
        add(s, of, (struct oas_spot){list.doc, n}, NULL, NULL);
}

static void add_required(struct search *s, struct open_schema *of, struct oas_spot at)
{
    struct oas_spot required = member(at, "required"), properties = member(at, "properties");
    if (tree_kind_of(required.node) != TREE_ARRAY)
        return;
    for (const struct tree_node *n = tree_first(at.doc, required.node); n != NULL;
         n = tree_next(at.doc, n))
        if (tree_kind_of(n) == TREE_STRING)
            add(s, of,
                (struct oas_spot){at.doc, tree_get(at.doc, properties.node, tree_text(at.doc, n))},
                NULL, NULL);
}

static void add_demands(struct search *s, struct open_schema *of)
{
    struct oas_spot at = of->from.schema;
    const struct tree_node *ref = member(at, "$ref").node;
    int64_t least = 0;
    if (tree_kind_of(ref) == TREE_STRING)
        add(s, of, oas_refer(s->v->files, at.doc, tree_text(at.doc, ref), NULL), at.doc, ref);
    if (ref != NULL && !(version_bit(s->v) & V31_ON))
        return;
    add_list(s, of, member(at, "allOf"), SIZE_MAX);
    add_list(s, of, member(at, "oneOf"), 1);
    add_list(s, of, member(at, "anyOf"), 1);
    if (only_type(at, "object"))
        add_required(s, of, at);
    if (only_type(at, "array") &&
        str_to_i64(tree_text(at.doc, member(at, "minItems").node), &least) && least > 0)
        add(s, of, member(at, "items"), NULL, NULL);
}

/* --- circles -----------------------------------------------------------------------------------
 */

/* Told where the last reference of the circle stands: without one there is no circle. */
static void mark(struct search *s, const struct demand *closing)
{
    const struct demand *by = closing;
    for (size_t i = s->open.len; i-- > 0 && by->ref == NULL;)
        by = &s->open.ptr[i].from;
    if (by->ref != NULL)
        *state_of(s->v, (struct oas_spot){by->doc, by->ref}) = CLOSES;
}

static void tell(struct validation *v)
{
    for (size_t i = 0; i < v->references.len; i++) {
        const struct reference *r = &v->references.ptr[i];
        if (*state_of(v, (struct oas_spot){r->doc, r->ref}) == CLOSES)
            fault_spot(
                v, FAULT_ENDLESS, r->doc, r->ref, r->pointer,
                "no value can satisfy the schema: each must hold another one of it, without end; "
                "let one on the way be optional, empty or null");
    }
}

static void enter(struct search *s, const struct demand *from)
{
    struct open_schema made = {.from = *from};
    *state_of(s->v, from->schema) = OPEN;
    add_demands(s, &made);
    vec_push(&s->open, s->v->mem, made);
}

static void look_from(struct search *s, struct oas_spot schema)
{
    const struct demand first = {.schema = schema};
    enter(s, &first);
    while (s->open.len > 0) {
        struct open_schema *top = vec_last(&s->open);
        if (top->next == top->demands.len) {
            *state_of(s->v, top->from.schema) = DONE;
            s->open.len--;
            continue;
        }
        const struct demand next = top->demands.ptr[top->next++];
        uint8_t state = *state_of(s->v, next.schema);
        if (state == OPEN)
            mark(s, &next);
        else if (state == UNSEEN)
            enter(s, &next);
    }
}

void check_endless(struct validation *v)
{
    struct search s = {.v = v};
    for (size_t i = 0; i < v->visited.len; i++) {
        struct visited *file = v->visited.ptr[i];
        for (uint32_t n = 0; n < tree_count(file->doc); n++) {
            struct oas_spot at = {file->doc, tree_numbered(file->doc, n)};
            if (file->kinds[n] == KIND_SCHEMA && tree_kind_of(at.node) == TREE_OBJECT &&
                *state_of(v, at) == UNSEEN)
                look_from(&s, at);
        }
    }
    tell(v);
}
