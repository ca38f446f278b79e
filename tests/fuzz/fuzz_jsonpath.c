/* JSONPath: expression and document are the two parts of the input, in both dialects. What matches
 * stands where its path says, every run finds the same, and a walk for many expressions finds what
 * a search for one does. */
#include "catalog/jsonpath/jsonpath.h"
#include "tests/fuzz/dump.h"

#define MATCHES_MOST 5000

/* What one run found: a sum that ignores the order, and one mark for each value. */
struct found {
    const struct tree *doc;
    uint8_t *values, *keys; /* by number of the node */
    size_t count;
    uint64_t in_order;
};

static struct found found_new(const struct tree *doc, struct arena *mem)
{
    return (struct found){.doc = doc,
                          .values = arena_array(mem, uint8_t, tree_count(doc)),
                          .keys = arena_array(mem, uint8_t, tree_count(doc))};
}

/* Each step is the member or element of the one before that it says it is. */
static void check_path(const struct tree *doc, const struct jsonpath_match *match)
{
    const struct tree_node *at = tree_root(doc);
    for (size_t i = 0; i < match->depth; i++) {
        const struct jsonpath_step *step = &match->path[i];
        const struct tree_node *child = tree_first(doc, at);
        HOLDS((tree_kind_of(at) == TREE_OBJECT) == (step->key.ptr != NULL));
        if (step->key.ptr != NULL)
            child = tree_get(doc, at, step->key);
        for (uint32_t n = 0; step->key.ptr == NULL && n < step->index && child != NULL; n++)
            child = tree_next(doc, child);
        HOLDS(child != NULL && child == step->raw.node && child == step->seen.node);
        at = child;
    }
    HOLDS(match->value.doc == doc && match->value.node == at);
}

static void hit(void *context, size_t tag, const struct jsonpath_match *match)
{
    struct found *f = context;
    uint32_t number = tree_number(f->doc, match->value.node);
    HOLDS(tag == 7);
    if (f->count++ < MATCHES_MOST)
        check_path(f->doc, match);
    (match->key ? f->keys : f->values)[number] = 1;
    f->in_order = f->in_order * 31 + number * 2 + match->key;
}

/* A value that an alias repeats has several paths; a walk reports one of them. */
static void same_by_walk(const struct jsonpath *path, const struct found *want, struct arena *mem)
{
    struct found walked = found_new(want->doc, mem);
    struct jsonpath_set *set = jsonpath_set_new(mem);
    struct err err = {0};
    jsonpath_set_add(set, path, 7);
    if (!jsonpath_set_walk(set, (struct jsonpath_spot){want->doc, tree_root(want->doc)}, NULL, hit,
                           &walked, &err)) {
        HOLDS(err.code == ERR_LIMIT);
        return;
    }
    HOLDS(memcmp(walked.values, want->values, tree_count(want->doc)) == 0);
    HOLDS(memcmp(walked.keys, want->keys, tree_count(want->doc)) == 0);
}

static void search(struct str text, enum jsonpath_dialect dialect, const struct tree *doc,
                   bool aliases)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct jsonpath_spot root = {doc, tree_root(doc)};
    struct found first = found_new(doc, &mem), second = found_new(doc, &mem);
    struct jsonpath *path = NULL;
    struct err err = {0};
    if (!jsonpath_compile(text, dialect, &mem, &path, &err)) {
        HOLDS(err.code == ERR_INVALID && err.msg[0] != '\0');
        HOLDS(strncmp(err.where, "column ", 7) == 0);
        return;
    }
    bool done = jsonpath_find(path, root, NULL, 7, hit, &first, &err);
    HOLDS(done || err.code == ERR_LIMIT);
    HOLDS(jsonpath_find(path, root, NULL, 7, hit, &second, &err) == done);
    HOLDS(first.count == second.count && first.in_order == second.in_order);
    if (done && !aliases)
        same_by_walk(path, &first, &mem);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str rest = fuzz_text(data, size), text = fuzz_part(&rest), bytes = fuzz_part(&rest);
    struct tree *doc = NULL;
    struct err err = {0};
    if (!dump_read(bytes, &mem, &doc, &err))
        return 0;
    bool aliases = str_find_char(bytes, '&') != SIZE_MAX;
    search(text, JSONPATH_STRICT, doc, aliases);
    search(text, JSONPATH_SPECTRAL, doc, aliases);
    return 0;
}
