/* Views of schemas: keywords found once, references followed, siblings of a $ref laid over.
 */
#include "catalog/diff/side.h"

/* clang-format takes the lines of this macro apart. */
/* clang-format off */
#define KEYWORD_ROW(name, text, class) [KW_##name] = {{text, sizeof(text) - 1}, CLASS_##class},
/* clang-format on */
const struct keyword_row shape_keywords[KEYWORD_COUNT] = {KEYWORDS(KEYWORD_ROW)};
#undef KEYWORD_ROW

enum keyword shape_keyword_of(struct str name)
{
    /* The first letter and the length leave one or two candidates: cheaper than hashing. */
    for (unsigned k = 0; k < KEYWORD_COUNT; k++)
        if (shape_keywords[k].name.len == name.len &&
            shape_keywords[k].name.ptr[0] == name.ptr[0] &&
            memcmp(shape_keywords[k].name.ptr, name.ptr, name.len) == 0)
            return (enum keyword)k;
    return KW_NONE;
}

/* --- side ------------------------------------------------------------------------------------- */

static void name_components(struct side *side)
{
    struct oas_spot schemas = side_schemas(side);
    for (const struct tree_node *n = tree_first(side->doc, schemas.node); n;
         n = tree_next(side->doc, n)) {
        struct oas_spot value = side_follow(side, (struct oas_spot){side->doc, n});
        struct str *name = arena_new(side->mem, struct str);
        *name = tree_key(side->doc, n);
        if (value.node != NULL && diff_map_get(&side->components, diff_map_key(value.node)) == NULL)
            diff_map_put(&side->components, side->mem, diff_map_key(value.node), name);
    }
}

struct side *side_open(struct oas_files *files, const struct diff_options *options,
                       struct arena *mem)
{
    struct side *side = arena_new(mem, struct side);
    const struct tree *doc = oas_file_at(files, 0)->doc;
    *side = (struct side){.files = files, .doc = doc, .options = options, .mem = mem};
    struct str version = at_text(at_raw(side_root(side), "openapi"));
    side->is_20 =
        version.len == 0 && !options->oasdiff && at_raw(side_root(side), "swagger").node != NULL;
    side->is_31 = version.len >= 3 && !str_starts(version, STR("3.0"));
    side->upgrade = options->upgrade || !options->oasdiff;
    side->flatten = options->flatten_all_of || !options->oasdiff;
    struct shape *empty = arena_new(mem, struct shape);
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

struct str side_file(const struct side *side, struct oas_spot spot)
{
    const struct oas_file *file = spot.doc == side->doc ? NULL : oas_file_of(side->files, spot.doc);
    return file == NULL ? STR("") : file->path;
}

struct arena *side_arena(const struct side *side)
{
    return side->mem;
}

bool side_is_20(const struct side *side)
{
    return side->is_20;
}

struct oas_spot side_schemas(const struct side *side)
{
    struct oas_spot schemas = at_raw(at_raw(side_root(side), "components"), "schemas");
    return schemas.node != NULL ? schemas : at_raw(side_root(side), "definitions");
}

struct str side_schema_prefix(const struct side *side)
{
    return side->is_20 ? STR("#/definitions/") : STR("#/components/schemas/");
}

bool side_is_31(const struct side *side)
{
    return side->is_31;
}

bool side_is_plain(const struct side *side)
{
    return side->options->oasdiff;
}

const struct shape *shape_empty(struct side *side)
{
    return side->empty;
}

/* --- spots ------------------------------------------------------------------------------------ */

struct oas_spot side_root(const struct side *side)
{
    return (struct oas_spot){side->doc, tree_root(side->doc)};
}

struct oas_spot at_raw(struct oas_spot object, const char *name)
{
    return (struct oas_spot){object.doc, tree_get(object.doc, object.node, str_from(name))};
}

struct oas_spot side_follow(const struct side *side, struct oas_spot spot)
{
    if (spot.node == NULL || tree_get(spot.doc, spot.node, STR("$ref")) == NULL)
        return spot;
    return oas_follow(side->files, spot, NULL);
}

struct oas_spot side_get(const struct side *side, struct oas_spot object, const char *name)
{
    return side_follow(side, at_raw(object, name));
}

struct str at_text(struct oas_spot spot)
{
    return tree_kind_of(spot.node) == TREE_STRING ? tree_text(spot.doc, spot.node) : STR_NONE;
}

bool at_true(struct oas_spot spot)
{
    return tree_kind_of(spot.node) == TREE_BOOL && tree_true(spot.doc, spot.node);
}

/* --- views ------------------------------------------------------------------------------------ */

struct found {
    struct oas_spot by_keyword[KEYWORD_COUNT];
    uint64_t has;
};

static void find_keywords(struct oas_spot object, struct found *out)
{
    for (const struct tree_node *n = tree_first(object.doc, object.node); n;
         n = tree_next(object.doc, n)) {
        struct str name = tree_key(object.doc, n);
        enum keyword k = name.len > 0 ? shape_keyword_of(name) : KW_NONE;
        if (k == KW_NONE) {
            if (!str_eq(name, STR("$ref")))
                out->has |= BIT_EXTENSIONS;
        } else if (tree_kind_of(n) != TREE_NULL) {
            out->by_keyword[k] = (struct oas_spot){object.doc, n};
            out->has |= BIT(k);
        } else {
            out->has &= ~BIT(k); /* a null sibling takes away */
        }
    }
}

void shape_fill(struct side *side, struct shape *s, const struct oas_spot *by_keyword, uint64_t has)
{
    unsigned at = 0;
    s->has = has;
    s->values = arena_array(side->mem, struct oas_spot,
                            (size_t)__builtin_popcountll(has & ~(BIT_EXTENSIONS | BIT_BOOLEAN)));
    for (unsigned k = 0; k < KEYWORD_COUNT; k++)
        if (has & BIT(k))
            s->values[at++] = by_keyword[k];
}

/* known_by: the node by which it is found again. */
static struct shape *shape_new(struct side *side, struct oas_spot spot,
                               const struct tree_node *known_by)
{
    struct shape *s = arena_new(side->mem, struct shape);
    s->spot = spot;
    s->number = ++side->count;
    diff_map_put(&side->schemas, side->mem, diff_map_key(known_by), s);
    return s;
}

/* A schema written out: object or bool. */
static const struct shape *shape_written(struct side *side, struct oas_spot spot)
{
    struct shape *s = diff_map_get(&side->schemas, diff_map_key(spot.node));
    struct found found = {0};
    if (s != NULL)
        return s;
    enum tree_kind kind = tree_kind_of(spot.node);
    if (kind != TREE_BOOL && kind != TREE_OBJECT)
        return side->empty;
    s = shape_new(side, spot, spot.node);
    if (kind == TREE_BOOL) {
        s->is_true = tree_true(spot.doc, spot.node);
        s->is_false = !s->is_true;
        s->has = BIT_BOOLEAN;
        return s;
    }
    const struct str *name = diff_map_get(&side->components, diff_map_key(spot.node));
    s->component = name != NULL ? *name : STR_NONE;
    find_keywords(spot, &found);
    shape_fill(side, s, found.by_keyword, found.has);
    if (side->flatten && (found.has & BIT(KW_ALL_OF)))
        shape_flatten(side, s);
    return s;
}

static bool says_more(struct oas_spot ref)
{
    for (const struct tree_node *n = tree_first(ref.doc, ref.node); n; n = tree_next(ref.doc, n))
        if (shape_keyword_of(tree_key(ref.doc, n)) != KW_NONE)
            return true;
    return false;
}

/* JSON Schema 2020-12 §8.2.3.1: siblings of $ref count. They replace what they name. */
static const struct shape *shape_overlaid(struct side *side, const struct shape *under,
                                          struct oas_spot over)
{
    struct shape *s = diff_map_get(&side->schemas, diff_map_key(over.node));
    struct found found = {0};
    if (s != NULL)
        return s;
    s = shape_new(side, under->spot, over.node);
    for (unsigned k = 0; k < KEYWORD_COUNT; k++)
        found.by_keyword[k] = shape_get(under, (enum keyword)k);
    found.has = under->has;
    uint64_t extensions = found.has & BIT_EXTENSIONS;
    struct found above = {0};
    find_keywords(over, &above);
    for (unsigned k = 0; k < KEYWORD_COUNT; k++)
        if (above.has & BIT(k))
            found.by_keyword[k] = above.by_keyword[k];
    found.has = ((found.has | above.has) & ~BIT_EXTENSIONS) | extensions;
    s->over = over;
    s->overlaid = above.has & ~BIT_EXTENSIONS;
    s->parts = under->parts;
    s->part_count = under->part_count;
    shape_fill(side, s, found.by_keyword, found.has);
    if (side->flatten && (s->overlaid & BIT(KW_ALL_OF)))
        shape_flatten(side, s);
    return s;
}

struct shape_ref shape_at(struct side *side, struct oas_spot spot)
{
    struct str ref = at_text(at_raw(spot, "$ref"));
    if (spot.node == NULL || tree_kind_of(spot.node) == TREE_NULL)
        return (struct shape_ref){STR(""), NULL};
    if (tree_kind_of(spot.node) != TREE_OBJECT || ref.len == 0)
        return (struct shape_ref){STR(""), shape_written(side, spot)};
    struct oas_spot target = side_follow(side, spot);
    if (target.node == NULL)
        return (struct shape_ref){ref, side->empty};
    const struct shape *s = shape_written(side, target);
    if (side->is_31 && !s->is_false && !s->is_true && says_more(spot))
        s = shape_overlaid(side, s, spot);
    return (struct shape_ref){ref, s};
}

struct oas_spot shape_get(const struct shape *s, enum keyword keyword)
{
    if (!shape_has(s, keyword))
        return (struct oas_spot){s->spot.doc, NULL};
    return s->values[__builtin_popcountll(s->has & (BIT(keyword) - 1))];
}

struct str shape_text(const struct shape *s, enum keyword keyword)
{
    struct oas_spot at = shape_get(s, keyword);
    return tree_kind_of(at.node) == TREE_STRING ? tree_text(at.doc, at.node) : STR("");
}

bool shape_flag(const struct shape *s, enum keyword keyword)
{
    return at_true(shape_get(s, keyword));
}

struct oas_spot shape_extension(const struct shape *s, const char *name)
{
    return tree_kind_of(s->spot.node) == TREE_OBJECT ? at_raw(s->spot, name)
                                                     : (struct oas_spot){s->spot.doc, NULL};
}
