/* jsonpath: the RFC 9535 compliance suite. */
#include "catalog/jsonpath/jsonpath.h"
#include "tests/unit/test.h"

#define SUITE SHARED_DIR "/corpora/jsonpath-cts"

struct found {
    const struct tree_node *nodes[512];
    size_t count;
};

static void keep(void *context, size_t tag, const struct jsonpath_match *match)
{
    struct found *found = context;
    UNUSED(tag);
    if (found->count < COUNT_OF(found->nodes))
        found->nodes[found->count] = match->value.node;
    found->count++;
}

/* The expected values are copies: they are compared by their text. */
static bool same(const struct tree *doc, const struct tree_node *x, const struct tree_node *y)
{
    if (tree_kind_of(x) != tree_kind_of(y) || x->size != y->size)
        return false;
    if (tree_kind_of(x) < TREE_ARRAY)
        return str_eq(tree_text(doc, x), tree_text(doc, y));
    const struct tree_node *n = tree_first(doc, y);
    for (const struct tree_node *m = tree_first(doc, x); m;
         m = tree_next(doc, m), n = tree_next(doc, n))
        if (!str_eq(tree_key(doc, m), tree_key(doc, n)) || !same(doc, m, n))
            return false;
    return true;
}

static bool same_list(const struct tree *doc, const struct found *found,
                      const struct tree_node *list)
{
    const struct tree_node *want = tree_first(doc, list);
    for (size_t i = 0; i < found->count && i < COUNT_OF(found->nodes); i++) {
        if (want == NULL || !same(doc, found->nodes[i], want))
            return false;
        want = tree_next(doc, want);
    }
    return want == NULL;
}

static bool expected(const struct tree *doc, const struct tree_node *test,
                     const struct found *found)
{
    const struct tree_node *result = tree_get(doc, test, STR("result"));
    const struct tree_node *any = tree_get(doc, test, STR("results"));
    if (result != NULL)
        return same_list(doc, found, result);
    for (const struct tree_node *r = tree_first(doc, any); r; r = tree_next(doc, r))
        if (same_list(doc, found, r))
            return true;
    return false;
}

static bool check_case(const struct tree *doc, const struct tree_node *test)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct found found = {.count = 0};
    struct jsonpath *path = NULL;
    struct err err = {0};
    struct str selector = tree_text(doc, tree_get(doc, test, STR("selector")));
    struct jsonpath_spot root = {doc, tree_get(doc, test, STR("document"))};
    bool invalid = tree_true(doc, tree_get(doc, test, STR("invalid_selector")));
    bool accepted = jsonpath_compile(selector, JSONPATH_STRICT, &mem, &path, &err);
    bool right = accepted != invalid;
    if (accepted && !invalid)
        right =
            jsonpath_find(path, root, NULL, 0, keep, &found, &err) && expected(doc, test, &found);
    if (!right)
        printf("\n" STR_FMT ": " STR_FMT " %s %s\n",
               STR_ARG(tree_text(doc, tree_get(doc, test, STR("name")))), STR_ARG(selector),
               err.where, err.msg);
    CHECK(right);
    return right;
}

TEST(test_compliance_suite_is_decided_as_it_says)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct tree *doc = NULL;
    struct err err = {0};
    size_t seen = 0, right = 0;
    if (!test_have_shared())
        SKIP("no-shared");
    CHECK_OK(tree_read(test_file(&mem, SUITE, "cts.json"), NULL, &mem, &doc, &err), &err);
    if (doc == NULL)
        return;
    const struct tree_node *tests = tree_get(doc, tree_root(doc), STR("tests"));
    for (const struct tree_node *t = tree_first(doc, tests); t; t = tree_next(doc, t), seen++)
        right += check_case(doc, t);
    CHECK_I64(seen, 703);
    test_counted("JSONPath compliance suite (RFC 9535)", right, seen, 0);
}
