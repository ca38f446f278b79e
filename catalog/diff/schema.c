/* Views of schemas: keywords found once, references followed, siblings of a $ref laid over. */
#include "catalog/diff/side.h"

#include "catalog/openapi/openapi.h"

#define KEYWORD_ROW(name, text, class)                \
    [KW_##name] = {                                   \
        {text, sizeof(text) - 1},                     \
        CLASS_##class                                 \
    },
const struct keyword_row keywords[KEYWORD_COUNT] = {KEYWORDS(KEYWORD_ROW)};
#undef KEYWORD_ROW

enum keyword keyword_of(struct str name)
{
    /* The first letter and the length leave one or two candidates: cheaper than hashing. */
    for (unsigned k = 0; k < KEYWORD_COUNT; k++)
        if (keywords[k].name.len == name.len && keywords[k].name.ptr[0] == name.ptr[0] &&
            memcmp(keywords[k].name.ptr, name.ptr, name.len) == 0)
            return (enum keyword)k;
    return KW_NONE;
}

/* --- side ------------------------------------------------------------------------------------- */

static void name_components(struct side *side)
{
    struct oas_spot schemas = spot_raw(spot_raw(spot_root(side), "components"), "schemas");
    if (schemas.node == NULL)
        schemas = spot_raw(spot_root(side), "definitions");
    for (const struct tree_node *n = tree_first(side->doc, schemas.node); n;
         n = tree_next(side->doc, n)) {
        struct oas_spot value = spot_follow(side, (struct oas_spot){side->doc, n});
        struct str *name = arena_new(side->mem, struct str);
        *name = tree_key(side->doc, n);
        if (value.node != NULL && map_get(&side->components, map_key(value.node)) == NULL)
            map_put(&side->components, side->mem, map_key(value.node), name);
    }
}

struct side *side_open(const struct tree *doc, const struct diff_options *options,
                       struct arena *mem)
{
    struct side *side = arena_new(mem, struct side);
    *side = (struct side){.doc = doc, .options = options, .mem = mem};
    struct str version = spot_text(spot_raw(spot_root(side), "openapi"));
    side->is_31 = version.len >= 3 && !str_starts(version, STR("3.0"));
    side->upgrade = options->upgrade || !options->oasdiff;
    side->flatten = options->flatten_all_of || !options->oasdiff;
    struct schema *empty = arena_new(mem, struct schema);
    empty->spot.doc = doc;
    empty->number = ++side->count;
    side->empty = empty;
    name_components(side);
    return side;
}

const struct tree *side_doc(const struct side *side)
{
    return side->doc;
}

struct arena *side_arena(const struct side *side)
{
    return side->mem;
}

bool side_is_31(const struct side *side)
{
    return side->is_31;
}

bool side_is_plain(const struct side *side)
{
    return side->options->oasdiff;
}

const struct schema *schema_empty(struct side *side)
{
    return side->empty;
}

/* --- spots ------------------------------------------------------------------------------------ */

struct oas_spot spot_root(const struct side *side)
{
    return (struct oas_spot){side->doc, tree_root(side->doc)};
}

struct oas_spot spot_raw(struct oas_spot object, const char *name)
{
    return (struct oas_spot){object.doc, tree_get(object.doc, object.node, str_from(name))};
}

struct oas_spot spot_follow(const struct side *side, struct oas_spot spot)
{
    UNUSED(side);
    return (struct oas_spot){spot.doc, oas_resolve(spot.doc, spot.node)};
}

struct oas_spot spot_get(const struct side *side, struct oas_spot object, const char *name)
{
    return spot_follow(side, spot_raw(object, name));
}

struct str spot_text(struct oas_spot spot)
{
    return tree_kind_of(spot.node) == TREE_STRING ? tree_text(spot.doc, spot.node) : STR_NONE;
}

bool spot_true(struct oas_spot spot)
{
    return tree_kind_of(spot.node) == TREE_BOOL && tree_true(spot.doc, spot.node);
}

/* --- views ------------------------------------------------------------------------------------ */

struct found {
    const struct tree_node *by_keyword[KEYWORD_COUNT];
    uint64_t has;
};

static void find_keywords(struct oas_spot object, struct found *out)
{
    for (const struct tree_node *n = tree_first(object.doc, object.node); n;
         n = tree_next(object.doc, n)) {
        struct str name = tree_key(object.doc, n);
        enum keyword k = name.len > 0 ? keyword_of(name) : KW_NONE;
        if (k == KW_NONE) {
            if (!str_eq(name, STR("$ref")))
                out->has |= BIT_EXTENSIONS;
        } else if (tree_kind_of(n) != TREE_NULL) {
            out->by_keyword[k] = n;
            out->has |= BIT(k);
        } else {
            out->has &= ~BIT(k); /* a null sibling takes away */
        }
    }
}

void schema_fill(struct side *side, struct schema *s, const struct tree_node *const *by_keyword,
                 uint64_t has)
{
    unsigned at = 0;
    s->has = has;
    s->values = arena_array(side->mem, const struct tree_node *,
                            (size_t)__builtin_popcountll(has & ~(BIT_EXTENSIONS | BIT_BOOLEAN)));
    for (unsigned k = 0; k < KEYWORD_COUNT; k++)
        if (has & BIT(k))
            s->values[at++] = by_keyword[k];
}

/* known_by: the node by which it is found again. */
static struct schema *schema_new(struct side *side, struct oas_spot spot,
                                 const struct tree_node *known_by)
{
    struct schema *s = arena_new(side->mem, struct schema);
    s->spot = spot;
    s->number = ++side->count;
    map_put(&side->schemas, side->mem, map_key(known_by), s);
    return s;
}

/* A schema written out: object or bool. */
static const struct schema *schema_written(struct side *side, struct oas_spot spot)
{
    struct schema *s = map_get(&side->schemas, map_key(spot.node));
    struct found found = {{NULL}, 0};
    if (s != NULL)
        return s;
    enum tree_kind kind = tree_kind_of(spot.node);
    if (kind != TREE_BOOL && kind != TREE_OBJECT)
        return side->empty;
    s = schema_new(side, spot, spot.node);
    if (kind == TREE_BOOL) {
        s->is_true = tree_true(spot.doc, spot.node);
        s->is_false = !s->is_true;
        s->has = BIT_BOOLEAN;
        return s;
    }
    const struct str *name = map_get(&side->components, map_key(spot.node));
    s->component = name != NULL ? *name : STR_NONE;
    find_keywords(spot, &found);
    schema_fill(side, s, found.by_keyword, found.has);
    if (side->flatten && (found.has & BIT(KW_ALL_OF)))
        schema_flatten(side, s);
    return s;
}

static bool says_more(struct oas_spot ref)
{
    for (const struct tree_node *n = tree_first(ref.doc, ref.node); n; n = tree_next(ref.doc, n))
        if (keyword_of(tree_key(ref.doc, n)) != KW_NONE)
            return true;
    return false;
}

/* JSON Schema 2020-12 §8.2.3.1: siblings of $ref count. They replace what they name. */
static const struct schema *schema_overlaid(struct side *side, const struct schema *under,
                                            struct oas_spot over)
{
    struct schema *s = map_get(&side->schemas, map_key(over.node));
    struct found found = {{NULL}, 0};
    if (s != NULL)
        return s;
    s = schema_new(side, under->spot, over.node);
    for (unsigned k = 0; k < KEYWORD_COUNT; k++)
        found.by_keyword[k] = schema_get(under, (enum keyword)k).node;
    found.has = under->has;
    uint64_t extensions = found.has & BIT_EXTENSIONS;
    struct found above = {{NULL}, 0};
    find_keywords(over, &above);
    for (unsigned k = 0; k < KEYWORD_COUNT; k++)
        if (above.has & BIT(k))
            found.by_keyword[k] = above.by_keyword[k];
    found.has = ((found.has | above.has) & ~BIT_EXTENSIONS) | extensions;
    s->over = over;
    s->overlaid = above.has & ~BIT_EXTENSIONS;
    s->parts = under->parts;
    s->part_count = under->part_count;
    schema_fill(side, s, found.by_keyword, found.has);
    if (side->flatten && (s->overlaid & BIT(KW_ALL_OF)))
        schema_flatten(side, s);
    return s;
}

struct schema_ref schema_at(struct side *side, struct oas_spot spot)
{
    struct str ref = spot_text(spot_raw(spot, "$ref"));
    if (spot.node == NULL || tree_kind_of(spot.node) == TREE_NULL)
        return (struct schema_ref){STR(""), NULL};
    if (tree_kind_of(spot.node) != TREE_OBJECT || ref.len == 0)
        return (struct schema_ref){STR(""), schema_written(side, spot)};
    struct oas_spot target = spot_follow(side, spot);
    if (target.node == NULL)
        return (struct schema_ref){ref, side->empty};
    const struct schema *s = schema_written(side, target);
    if (side->is_31 && !s->is_false && !s->is_true && says_more(spot))
        s = schema_overlaid(side, s, spot);
    return (struct schema_ref){ref, s};
}

struct oas_spot schema_get(const struct schema *s, enum keyword keyword)
{
    if (!schema_has(s, keyword))
        return (struct oas_spot){s->spot.doc, NULL};
    const struct tree *doc = s->overlaid & BIT(keyword) ? s->over.doc : s->spot.doc;
    return (struct oas_spot){doc, s->values[__builtin_popcountll(s->has & (BIT(keyword) - 1))]};
}

struct str schema_text(const struct schema *s, enum keyword keyword)
{
    struct oas_spot at = schema_get(s, keyword);
    return tree_kind_of(at.node) == TREE_STRING ? tree_text(at.doc, at.node) : STR("");
}

bool schema_flag(const struct schema *s, enum keyword keyword)
{
    return spot_true(schema_get(s, keyword));
}

struct oas_spot schema_extension(const struct schema *s, const char *name)
{
    return tree_kind_of(s->spot.node) == TREE_OBJECT ? spot_raw(s->spot, name)
                                                     : (struct oas_spot){s->spot.doc, NULL};
}
