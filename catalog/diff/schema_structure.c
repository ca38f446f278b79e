/* Keywords that hold schemas: branches, conditions, what applies to some properties. */
#include "catalog/diff/site.h"

/* --- branches --------------------------------------------------------------------------------- */

static struct str branches_text(const struct site *site, enum keyword k, bool added,
                                const uint32_t *indices, size_t count)
{
    struct differ *d = site->d;
    const struct pair *pair = site->delta->pair;
    const struct shape_ref *refs;
    VEC(struct str) texts = {0};
    (void)shape_list(added ? d->new : d->old, added ? pair->new : pair->old, k, &refs);
    for (size_t i = 0; i < count; i++)
        vec_push(&texts, d->mem,
                 branch_text(d->mem, &refs[indices[i]], indices[i], refs[indices[i]].ref.len == 0));
    return diff_joined(d->mem, texts.ptr, texts.len, ", ");
}

static void emit_branches(const struct site *site, enum keyword k, const char *action, bool added,
                          const uint32_t *indices, size_t count)
{
    if (count > 0)
        site_emit(site, action, EMIT_SCHEMA, k,
                  SAY(SAID(LIST, branches_text(site, k, added, indices, count))));
}

/* Members of allOf that only describe change no value's validity. */
static void check_all_of(const struct site *site, bool added)
{
    struct differ *d = site->d;
    const struct list_change *change = &site->delta->lists[list_of(KW_ALL_OF)];
    const uint32_t *from = added ? change->added : change->removed;
    size_t count = added ? change->added_count : change->removed_count;
    struct side *side = added ? d->new : d->old;
    const struct shape_ref *refs;
    VEC(uint32_t) kept = {0}, idle = {0};
    (void)shape_list(side, added ? site->delta->pair->new : site->delta->pair->old, KW_ALL_OF,
                     &refs);
    for (size_t i = 0; i < count; i++) {
        if (shape_says_nothing(side, refs[from[i]].schema))
            vec_push(&idle, d->mem, from[i]);
        else
            vec_push(&kept, d->mem, from[i]);
    }
    emit_branches(site, KW_ALL_OF, added ? "all-of-added" : "all-of-removed", added, kept.ptr,
                  kept.len);
    emit_branches(site, KW_ALL_OF,
                  added ? "all-of-added-annotation-only" : "all-of-removed-annotation-only", added,
                  idle.ptr, idle.len);
}

static void check_choice(const struct site *site, enum keyword k, const char *added,
                         const char *removed)
{
    const struct list_change *change = &site->delta->lists[list_of(k)];
    emit_branches(site, k, added, true, change->added, change->added_count);
    emit_branches(site, k, removed, false, change->removed, change->removed_count);
}

/* --- positions of an array -------------------------------------------------------------------- */

/* What holds at a position: prefixItems, then items, then anything. */
static const struct shape *position(struct side *side, const struct shape *s, size_t n)
{
    const struct shape_ref *refs;
    size_t count = shape_list(side, s, KW_PREFIX_ITEMS, &refs);
    if (n < count)
        return refs[n].schema;
    struct shape_ref items = shape_child(side, s, KW_ITEMS);
    return items.schema != NULL ? items.schema : shape_empty(side);
}

static bool positions_differ(const struct site *site)
{
    struct differ *d = site->d;
    const struct pair *pair = site->delta->pair;
    const struct shape_ref *refs;
    size_t old = shape_list(d->old, pair->old, KW_PREFIX_ITEMS, &refs),
           new = shape_list(d->new, pair->new, KW_PREFIX_ITEMS, &refs);
    for (size_t i = 0; i < (old > new ? old : new); i++)
        if (!shapes_equivalent(&d->graph, position(d->old, pair->old, i),
                               position(d->new, pair->new, i)))
            return true;
    return false;
}

/* --- present or not --------------------------------------------------------------------------- */

static const struct {
    enum keyword keyword;
    const char *added, *removed;
} singles[] = {
    {KW_CONTAINS,               "contains-added",               "contains-removed"              },
    {KW_IF,                     "if-added",                     "if-removed"                    },
    {KW_THEN,                   "then-added",                   "then-removed"                  },
    {KW_ELSE,                   "else-added",                   "else-removed"                  },
    {KW_PROPERTY_NAMES,         "property-names-added",         "property-names-removed"        },
    {KW_UNEVALUATED_ITEMS,      "unevaluated-items-added",      "unevaluated-items-removed"     },
    {KW_UNEVALUATED_PROPERTIES, "unevaluated-properties-added", "unevaluated-properties-removed"},
    {KW_CONTENT_SCHEMA,         "content-schema-added",         "content-schema-removed"        },
};

static void check_singles(const struct site *site)
{
    const struct pair *pair = site->delta->pair;
    for (size_t i = 0; i < COUNT_OF(singles); i++) {
        if (pair->added & BIT(singles[i].keyword))
            site_emit(site, singles[i].added, EMIT_SCHEMA, singles[i].keyword, NULL);
        if (pair->removed & BIT(singles[i].keyword))
            site_emit(site, singles[i].removed, EMIT_SCHEMA, singles[i].keyword, NULL);
    }
}

/* --- by name ---------------------------------------------------------------------------------- */

static void check_map(const struct site *site, enum keyword k, const char *added,
                      const char *removed)
{
    struct differ *d = site->d;
    const struct str *a, *b;
    size_t na = shape_names(d->old, site->delta->pair->old, k, &a),
           nb = shape_names(d->new, site->delta->pair->new, k, &b);
    for (size_t i = 0, j = 0; i < na || j < nb;) {
        int order = i == na ? 1 : j == nb ? -1 : str_cmp(a[i], b[j]);
        if (order != 0)
            site_emit(site, order < 0 ? removed : added, EMIT_SCHEMA, k,
                      SAY(SAID(VALUE, order < 0 ? a[i] : b[j])));
        i += order <= 0;
        j += order >= 0;
    }
}

static void emit_need(const struct site *site, const char *action, struct str key, struct str list)
{
    site_emit(site, action, EMIT_SCHEMA, KW_DEPENDENT_REQUIRED,
              SAY(SAID(KEY, key), SAID(LIST, list)));
}

/* "a, b added, c removed" */
static struct str needs_text(struct differ *d, struct oas_spot old, struct oas_spot new)
{
    struct text_set a = texts_of(d->mem, old), b = texts_of(d->mem, new),
                    added = not_held(d->mem, &b, &a), removed = not_held(d->mem, &a, &b);
    struct str x = diff_joined(d->mem, added.texts.ptr, added.texts.len, ", "),
               y = diff_joined(d->mem, removed.texts.ptr, removed.texts.len, ", ");
    return arena_join(d->mem, x, added.texts.len > 0 ? STR(" added") : STR(""),
                      added.texts.len > 0 && removed.texts.len > 0 ? STR(", ") : STR(""), y,
                      removed.texts.len > 0 ? STR(" removed") : STR(""));
}

static void check_needs(const struct site *site)
{
    struct differ *d = site->d;
    struct oas_spot old = shape_get(site->delta->pair->old, KW_DEPENDENT_REQUIRED),
                    new = shape_get(site->delta->pair->new, KW_DEPENDENT_REQUIRED);
    const struct str *names;
    size_t count = names_of_both(d, old, new, &names);
    for (size_t i = 0; i < count; i++) {
        struct oas_spot a = {old.doc, tree_get(old.doc, old.node, names[i])},
                        b = {new.doc, tree_get(new.doc, new.node, names[i])};
        if (a.node == NULL || b.node == NULL) {
            struct text_set needs = texts_of(d->mem, a.node == NULL ? b : a);
            emit_need(site,
                      a.node == NULL ? "dependent-required-added" : "dependent-required-removed",
                      names[i], diff_joined(d->mem, needs.texts.ptr, needs.texts.len, ", "));
            continue;
        }
        struct str text = needs_text(d, a, b);
        if (text.len > 0)
            emit_need(site, "dependent-required-changed", names[i], text);
    }
}

void judge_structure(const struct site *site)
{
    const struct delta *delta = site->delta;
    uint64_t changed = delta->changed;
    if (site->scope != SCOPE_BODY && site->scope != SCOPE_PROPERTY)
        return;
    if (changed & BIT(KW_ALL_OF)) {
        check_all_of(site, true);
        check_all_of(site, false);
    }
    if (changed & BIT(KW_ANY_OF))
        check_choice(site, KW_ANY_OF, "any-of-added", "any-of-removed");
    if (changed & BIT(KW_ONE_OF))
        check_choice(site, KW_ONE_OF, "one-of-added", "one-of-removed");
    if ((changed & BIT(KW_PREFIX_ITEMS)) && positions_differ(site))
        check_choice(site, KW_PREFIX_ITEMS, "prefix-items-added", "prefix-items-removed");
    check_singles(site);
    if (changed & BIT(KW_PATTERN_PROPERTIES))
        check_map(site, KW_PATTERN_PROPERTIES, "pattern-property-added",
                  "pattern-property-removed");
    if (changed & BIT(KW_DEPENDENT_SCHEMAS))
        check_map(site, KW_DEPENDENT_SCHEMAS, "dependent-schema-added", "dependent-schema-removed");
    if (changed & BIT(KW_DEPENDENT_REQUIRED))
        check_needs(site);
    if ((delta->wrapping & WRAP_ONE_OF) && site->scope == SCOPE_BODY)
        site_emit(site,
                  delta->wrapping & WRAP_KEPT ? "wrapped-in-one-of-original-preserved"
                                              : "wrapped-in-one-of",
                  EMIT_SCHEMA, KW_ONE_OF, NULL);
}

/* --- discriminator ---------------------------------------------------------------------------- */

/* As a list prints: [a b]. */
static void emit_keys(const struct site *site, const char *action, const struct str *keys,
                      size_t count)
{
    struct arena *mem = site->d->mem;
    struct word list = {diff_joined(mem, keys, count, ", "),
                        arena_join(mem, STR("["), diff_joined(mem, keys, count, " "), STR("]"))};
    if (count > 0)
        site_emit(site, action, EMIT_SCHEMA, KW_DISCRIMINATOR, SAY(SAID_WORD(LIST, list)));
}

/* The schema's name in what a mapping holds: a name, "#/components/schemas/Cat" or "pets/Cat.yaml".
 */
static struct str mapped_name(struct str text)
{
    static const char *const endings[] = {".yaml", ".yml", ".json"};
    text.len -= str_ends(text, STR("#")) ? 1 : 0; /* all of the file */
    size_t from = text.len;
    while (from > 0 && text.ptr[from - 1] != '/')
        from--;
    struct str name = str_sub(text, from, text.len);
    for (size_t i = 0; i < COUNT_OF(endings); i++)
        if (str_find_char(text, '#') == SIZE_MAX && str_ends(name, str_from(endings[i])))
            return str_sub(name, 0, name.len - strlen(endings[i]));
    return name;
}

/* A schema that moves to another file keeps its name. */
static bool maps_alike(const struct site *site, struct oas_spot a, struct oas_spot b)
{
    return diff_values_equal(a, b) ||
           (!site->d->options->oasdiff && str_eq(mapped_name(at_text(a)), mapped_name(at_text(b))));
}

static void check_mapping(const struct site *site, struct oas_spot old, struct oas_spot new)
{
    struct differ *d = site->d;
    const struct str *names;
    size_t count = names_of_both(d, old, new, &names);
    VEC(struct str) added = {0}, removed = {0};
    for (size_t i = 0; i < count; i++) {
        struct oas_spot a = {old.doc, tree_get(old.doc, old.node, names[i])},
                        b = {new.doc, tree_get(new.doc, new.node, names[i])};
        if (a.node == NULL)
            vec_push(&added, d->mem, names[i]);
        else if (b.node == NULL)
            vec_push(&removed, d->mem, names[i]);
        else if (!maps_alike(site, a, b))
            site_emit(site, "discriminator-mapping-changed", EMIT_SCHEMA, KW_DISCRIMINATOR,
                      SAY(SAID(KEY, names[i]), SAID(FROM, tree_text(a.doc, a.node)),
                          SAID(TO, tree_text(b.doc, b.node))));
    }
    emit_keys(site, "discriminator-mapping-added", added.ptr, added.len);
    emit_keys(site, "discriminator-mapping-deleted", removed.ptr, removed.len);
}

static struct oas_spot property_of(struct oas_spot discriminator)
{
    /* 2.0 has the property's name alone */
    return tree_kind_of(discriminator.node) == TREE_STRING ? discriminator
                                                           : at_raw(discriminator, "propertyName");
}

void judge_discriminator(const struct site *site)
{
    struct oas_spot old = shape_get(site->delta->pair->old, KW_DISCRIMINATOR),
                    new = shape_get(site->delta->pair->new, KW_DISCRIMINATOR);
    if (!(site->delta->changed & BIT(KW_DISCRIMINATOR)))
        return;
    if (old.node == NULL || new.node == NULL) {
        site_emit(site, old.node == NULL ? "discriminator-added" : "discriminator-removed",
                  EMIT_SCHEMA, KW_DISCRIMINATOR, NULL);
        return;
    }
    struct str a = at_text(property_of(old)), b = at_text(property_of(new));
    if (!str_eq(a, b))
        site_emit(site, "discriminator-property-name-changed", EMIT_SCHEMA, KW_DISCRIMINATOR,
                  SAY(SAID(FROM, a), SAID(TO, b)));
    check_mapping(site, at_raw(old, "mapping"), at_raw(new, "mapping"));
}
