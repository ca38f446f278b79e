/* What stands in a schema: children, names, lists, bounds. */
#include <stdlib.h>

#include "catalog/diff/side.h"

struct shape_ref shape_child(struct side *side, const struct shape *s, enum keyword keyword)
{
    struct oas_spot at = shape_get(s, keyword);
    /* true and false of an open keyword say how much is allowed; they are no schemas */
    if (at.node == NULL ||
        (shape_keywords[keyword].class == CLASS_OPEN && tree_kind_of(at.node) == TREE_BOOL))
        return (struct shape_ref){STR(""), NULL};
    return shape_at(side, at);
}

static struct shape_ref member_of(struct side *side, const struct shape *s, enum keyword keyword,
                                  struct str name)
{
    struct oas_spot map = shape_get(s, keyword);
    return shape_at(side, (struct oas_spot){map.doc, tree_get(map.doc, map.node, name)});
}

/* The parts that describe one property, each once. */
static struct shape_ref member_of_parts(struct side *side, const struct shape *s,
                                        enum keyword keyword, struct str name)
{
    VEC(const struct shape *) found = {0};
    struct shape_ref first = {STR(""), NULL};
    for (size_t i = 0; i < s->part_count; i++) {
        struct shape_ref ref = member_of(side, s->parts[i], keyword, name);
        bool known = ref.schema == NULL;
        for (size_t j = 0; j < found.len && !known; j++)
            known = found.ptr[j] == ref.schema;
        if (known)
            continue;
        if (first.schema == NULL)
            first = ref;
        vec_push(&found, side->mem, ref.schema);
    }
    if (found.len > 1)
        first = (struct shape_ref){STR(""), shape_join(side, found.ptr, found.len)};
    return first;
}

struct shape_ref shape_member(struct side *side, const struct shape *s, enum keyword keyword,
                              struct str name)
{
    if (s->part_count > 0 && keyword == KW_PROPERTIES && !(s->overlaid & BIT(keyword)))
        return member_of_parts(side, s, keyword, name);
    return member_of(side, s, keyword, name);
}

static int compare_names(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

size_t names_sorted(struct str *names, size_t count)
{
    size_t kept = 0;
    if (count > 1)
        qsort(names, count, sizeof(*names), compare_names);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || !str_eq(names[kept - 1], names[i]))
            names[kept++] = names[i];
    return kept;
}

static size_t put_names(struct oas_spot map, struct str *names, size_t count)
{
    if (tree_kind_of(map.node) != TREE_OBJECT)
        return count;
    for (const struct tree_node *n = tree_first(map.doc, map.node); n; n = tree_next(map.doc, n))
        if (tree_kind_of(n) != TREE_NULL)
            names[count++] = tree_key(map.doc, n);
    return count;
}

static size_t map_size(struct oas_spot map)
{
    return tree_kind_of(map.node) == TREE_OBJECT ? map.node->size : 0;
}

/* Names of a CLASS_MAP keyword; those of an object are asked for once a pair. */
struct name_list {
    const struct str *names;
    size_t count;
};

static struct name_list *find_names(struct side *side, const struct shape *s, enum keyword keyword)
{
    size_t most = map_size(shape_get(s, keyword)), count = 0;
    bool apart = s->part_count > 0 && keyword == KW_PROPERTIES && !(s->overlaid & BIT(keyword));
    for (size_t i = 0; apart && i < s->part_count; i++)
        most += map_size(shape_get(s->parts[i], keyword));
    struct name_list *found = arena_new(side->mem, struct name_list);
    struct str *names = arena_array(side->mem, struct str, most);
    if (!apart)
        count = put_names(shape_get(s, keyword), names, count);
    for (size_t i = 0; apart && i < s->part_count; i++)
        count = put_names(shape_get(s->parts[i], keyword), names, count);
    *found = (struct name_list){names, names_sorted(names, count)};
    return found;
}

size_t shape_names(struct side *side, const struct shape *s, enum keyword keyword,
                   const struct str **out)
{
    uint64_t key = diff_map_key(s) << 6 | keyword; /* there are fewer than 64 */
    *out = NULL;
    if (!shape_has(s, keyword))
        return 0;
    struct name_list *found = diff_map_get(&side->names, key);
    if (found == NULL) {
        found = find_names(side, s, keyword);
        diff_map_put(&side->names, side->mem, key, found);
    }
    *out = found->names;
    return found->count;
}

size_t shape_list(struct side *side, const struct shape *s, enum keyword keyword,
                  const struct shape_ref **out)
{
    struct oas_spot list = shape_get(s, keyword);
    size_t count = 0;
    *out = NULL;
    if (tree_kind_of(list.node) != TREE_ARRAY || list.node->size == 0)
        return 0;
    struct shape_ref *refs = arena_array(side->mem, struct shape_ref, list.node->size);
    for (const struct tree_node *n = tree_first(list.doc, list.node); n;
         n = tree_next(list.doc, n)) {
        refs[count] = shape_at(side, (struct oas_spot){list.doc, n});
        if (refs[count].schema == NULL)
            refs[count].schema = shape_empty(side);
        count++;
    }
    *out = refs;
    return count;
}

static void add_texts(struct oas_spot at, struct text_set *texts)
{
    enum tree_kind kind = tree_kind_of(at.node);
    if (kind == TREE_STRING)
        (void)text_set_add(texts, tree_text(at.doc, at.node));
    if (kind != TREE_ARRAY)
        return;
    for (const struct tree_node *n = tree_first(at.doc, at.node); n; n = tree_next(at.doc, n))
        if (tree_kind_of(n) == TREE_STRING)
            (void)text_set_add(texts, tree_text(at.doc, n));
}

struct text_set shape_set(struct side *side, const struct shape *s, enum keyword keyword)
{
    struct text_set texts = {.mem = side->mem};
    bool apart = s->part_count > 0 && keyword == KW_REQUIRED && !(s->overlaid & BIT(keyword));
    if (!apart)
        add_texts(shape_get(s, keyword), &texts);
    for (size_t i = 0; apart && i < s->part_count; i++)
        add_texts(shape_get(s->parts[i], keyword), &texts);
    /* OAS 3.0 nullable is 3.1's type null */
    if (keyword == KW_TYPE && side->upgrade && texts.texts.len > 0 && shape_flag(s, KW_NULLABLE))
        (void)text_set_add(&texts, STR("null"));
    return texts;
}

/* Asked for each property of an object: the set is made once. */
bool shape_requires(struct side *side, const struct shape *s, struct str name)
{
    if (!shape_has(s, KW_REQUIRED))
        return false;
    struct text_set *names = diff_map_get(&side->required, diff_map_key(s));
    if (names == NULL) {
        names = arena_new(side->mem, struct text_set);
        *names = shape_set(side, s, KW_REQUIRED);
        diff_map_put(&side->required, side->mem, diff_map_key(s), names);
    }
    return text_set_has(names, name);
}

/* --- bounds ----------------------------------------------------------------------------------- */

static double number_at(struct oas_spot at)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    return strtod(str_z(&mem, tree_text(at.doc, at.node)), NULL);
}

static struct bound plain_bound(const struct shape *s, enum keyword keyword)
{
    struct oas_spot at = shape_get(s, keyword);
    struct bound b = {.at = at};
    enum keyword_class class = shape_keywords[keyword].class;
    if (class == CLASS_LIMIT && tree_kind_of(at.node) == TREE_BOOL)
        b.is = at_true(at) ? BOUND_TRUE : BOUND_FALSE;
    if (tree_kind_of(at.node) != TREE_NUMBER)
        return b;
    b.number = number_at(at);
    b.is = class == CLASS_COUNT && !(b.number > 0) ? BOUND_ABSENT : BOUND_NUMBER;
    b.whole = keyword != KW_MINIMUM && keyword != KW_MAXIMUM && keyword != KW_MULTIPLE_OF &&
              class != CLASS_LIMIT;
    return b;
}

/* A 3.0 `exclusiveMinimum: true` moves minimum's number to where 3.1 has it. */
struct bound shape_bound(const struct side *side, const struct shape *s, enum keyword keyword)
{
    static const enum keyword exclusive_of[KEYWORD_COUNT] = {
        [KW_MINIMUM] = KW_EXCLUSIVE_MINIMUM, [KW_MAXIMUM] = KW_EXCLUSIVE_MAXIMUM};
    static const enum keyword plain_of[KEYWORD_COUNT] = {
        [KW_EXCLUSIVE_MINIMUM] = KW_MINIMUM, [KW_EXCLUSIVE_MAXIMUM] = KW_MAXIMUM};
    struct bound b = plain_bound(s, keyword);
    if (!side->upgrade)
        return b;
    if (exclusive_of[keyword] != 0 && shape_flag(s, exclusive_of[keyword]))
        return (struct bound){.at = b.at};
    if (plain_of[keyword] != 0 && b.is == BOUND_TRUE)
        return plain_bound(s, plain_of[keyword]);
    if (b.is == BOUND_FALSE)
        b.is = BOUND_ABSENT;
    return b;
}
