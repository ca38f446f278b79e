/* Walks what differs below a body, a parameter or a header. */
#include "catalog/diff/unit.h"

/* The order in which changes are looked at; only texts depend on it. */
static const enum keyword walk_order[] = {
    KW_ALL_OF,
    KW_ANY_OF,
    KW_ONE_OF,
    KW_ITEMS,
    KW_PROPERTIES,
    KW_ADDITIONAL_PROPERTIES,
    KW_PREFIX_ITEMS,
    KW_CONTAINS,
    KW_PROPERTY_NAMES,
    KW_UNEVALUATED_ITEMS,
    KW_UNEVALUATED_PROPERTIES,
    KW_IF,
    KW_THEN,
    KW_ELSE,
    KW_NOT,
    KW_CONTENT_SCHEMA,
    KW_PATTERN_PROPERTIES,
    KW_DEPENDENT_SCHEMAS,
};

struct str branch_text(struct arena *mem, const struct shape_ref *ref, uint32_t index, bool titled)
{
    struct str title = titled ? shape_text(ref->schema, KW_TITLE) : STR("");
    struct str rest = ref->ref, name = STR("");
    if (title.len > 0)
        return arena_printf(mem, "subschema #%u: " STR_FMT, index + 1, STR_ARG(title));
    if (ref->ref.len == 0)
        return arena_printf(mem, "subschema #%u", index + 1);
    while (str_split(&rest, '/', &name))
        continue;
    return arena_join(mem, STR("#/components/schemas/"), name);
}

/* "allOf[subschema #1 -> subschema #2]", "items" … */
static struct str edge_text(struct arena *mem, const struct pair_edge *e)
{
    struct str word = shape_keywords[e->keyword].name;
    if (shape_keywords[e->keyword].class == CLASS_MAP)
        return arena_join(mem, word, STR("["), e->name, STR("]"));
    if (list_of(e->keyword) == LIST_COUNT)
        return word;
    struct str old = branch_text(mem, &e->old, e->old_index, true),
               new = branch_text(mem, &e->new, e->new_index, true);
    if (str_eq(old, new))
        return arena_join(mem, word, STR("["), old, STR("]"));
    return arena_join(mem, word, STR("["), old, STR(" -> "), new, STR("]"));
}

/* The path above what an edge leads to. Some keywords begin with a slash also at the top;
 * approvals by text that others made depend on it. */
static struct str path_of(struct arena *mem, struct str above, const struct pair_edge *e)
{
    const uint64_t plain = BIT(KW_ALL_OF) | BIT(KW_ANY_OF) | BIT(KW_ONE_OF) | BIT(KW_ITEMS) |
                           BIT(KW_ADDITIONAL_PROPERTIES);
    if (plain & BIT(e->keyword))
        return property_name(mem, above, edge_text(mem, e));
    return arena_join(mem, above, STR("/"), edge_text(mem, e));
}

static void walk(struct site *site, struct delta *delta);

static void enter(struct site *site, const struct delta *delta)
{
    site->delta = delta;
    site->words.slot[SLOT_PROP] = WORD(property_name(site->d->mem, site->path, site->name));
    site->words.slot[SLOT_BARE] = WORD(site->name);
    judge_schema(site);
}

static void walk_edge(struct site *site, const struct delta *delta, const struct delta_edge *edge)
{
    struct str path = site->path, name = site->name;
    const struct delta *parent = site->parent;
    bool under = site->under_all_of;
    if (edge->edge->keyword == KW_PROPERTIES) {
        site->name = edge->edge->name;
    } else {
        site->path = path_of(site->d->mem, path, edge->edge);
        site->name = STR("");
    }
    site->under_all_of |= edge->edge->keyword == KW_ALL_OF;
    site->parent = delta;
    if (!unit_begins(site, edge->to))
        walk(site, edge->to);
    site->path = path;
    site->name = name;
    site->parent = parent;
    site->under_all_of = under;
}

/* site->path and name lead to the delta; its own checks, then those below. */
static void walk(struct site *site, struct delta *delta)
{
    struct str path = site->path, name = site->name;
    if (delta->seen[site->under_all_of] == site->d->walks)
        return;
    delta->seen[site->under_all_of] = site->d->walks;
    if (path.len > 0 || name.len > 0)
        enter(site, delta);
    walk_below(site, delta);
    site->path = path;
    site->name = name;
}

void walk_below(struct site *site, const struct delta *delta)
{
    if (site->name.len > 0)
        site->path = property_name(site->d->mem, site->path, site->name);
    site->name = STR("");
    for (size_t i = 0; i < COUNT_OF(walk_order); i++) {
        enum keyword k = walk_order[i];
        if (k == KW_PROPERTIES && (delta->changed & BIT(KW_PROPERTIES))) {
            site->delta = delta;
            judge_properties(site);
        }
        for (uint32_t e = 0; e < delta->edge_count; e++)
            if (delta->edges[e].edge->keyword == k &&
                (site->d->graph.tree || delta_changes(&site->d->graph, delta->edges[e].to, false)))
                walk_edge(site, delta, &delta->edges[e]);
    }
}

enum scope scope_below(enum scope scope)
{
    return scope == SCOPE_BODY        ? SCOPE_PROPERTY
           : scope == SCOPE_PARAMETER ? SCOPE_PARAMETER_PROPERTY
                                      : scope;
}

void walk_root(struct site *site, struct delta *delta)
{
    site->d->walks++;
    site->root = site->delta = delta;
    judge_schema(site);
    if (site->scope == SCOPE_HEADER)
        return; /* no check names what is below a header's schema */
    enum scope scope = site->scope;
    site->scope = scope_below(scope);
    delta->seen[site->under_all_of] = site->d->walks;
    walk_below(site, delta);
    site->scope = scope;
}

void walk_shapes(struct site *site, const struct shape *old, const struct shape *new)
{
    struct site inner = *site;
    struct delta *delta = graph_delta(&site->d->graph, old, new);
    if (delta == NULL)
        return;
    inner.path = inner.name = STR("");
    inner.parent = NULL;
    inner.under_all_of = false;
    if (!unit_begins(&inner, delta))
        walk_root(&inner, delta);
}
