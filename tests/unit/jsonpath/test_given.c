/* jsonpath: expressions of published rulesets visit the nodes that Spectral visits. */
#include <stdlib.h>

#include "catalog/jsonpath/jsonpath.h"
#include "tests/unit/test.h"

#define CORPUS SHARED_DIR "/corpora/lint-jsonpath"
#define DOCS   SHARED_DIR "/corpora/lint/docs"

struct pointers {
    struct arena *mem;
    VEC(struct str) list;
};

static void keep(void *context, size_t tag, const struct jsonpath_match *match)
{
    struct pointers *p = context;
    CLEANUP(buf_clear) struct buf text = {0};
    UNUSED(tag);
    for (size_t i = 0; i < match->depth; i++)
        if (match->path[i].key.ptr != NULL)
            pointer_add(&text, match->path[i].key);
        else
            buf_printf(&text, "/%u", match->path[i].index);
    struct str pointer = buf_str(&text);
    vec_push(&p->list, p->mem, arena_str(p->mem, str_sub(pointer, 1, pointer.len)));
}

static int by_text(const void *left, const void *right)
{
    const struct str *l = left, *r = right;
    return str_cmp(*l, *r);
}

static size_t sort_distinct(struct str *list, size_t count)
{
    size_t kept = 0;
    if (count > 0)
        qsort(list, count, sizeof(*list), by_text);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || !str_eq(list[kept - 1], list[i]))
            list[kept++] = list[i];
    return kept;
}

static bool equal(struct pointers *got, const struct tree *want_doc, const struct tree_node *want,
                  struct arena *mem)
{
    struct pointers expected = {.mem = mem};
    for (const struct tree_node *n = tree_first(want_doc, want); n; n = tree_next(want_doc, n))
        vec_push(&expected.list, mem, tree_text(want_doc, n));
    size_t a = sort_distinct(got->list.ptr, got->list.len),
           b = sort_distinct(expected.list.ptr, expected.list.len);
    bool same = a == b;
    for (size_t i = 0; same && i < a; i++)
        same = str_eq(got->list.ptr[i], expected.list.ptr[i]);
    if (!same) {
        printf("\n  got %zu, want %zu", a, b);
        for (size_t i = 0; i < a && i < 4; i++)
            printf("\n  got  " STR_FMT, STR_ARG(got->list.ptr[i]));
        for (size_t i = 0; i < b && i < 4; i++)
            printf("\n  want " STR_FMT, STR_ARG(expected.list.ptr[i]));
    }
    return same;
}

static struct tree *read_document(struct arena *mem, struct str name)
{
    CLEANUP(buf_clear) struct buf bytes = {0};
    struct tree *doc = NULL;
    struct err err = {0};
    struct str raw = test_file(mem, DOCS, str_z(mem, name));
    if (raw.ptr == NULL) {
        raw = test_file(mem, DOCS, arena_printf(mem, STR_FMT ".gz", STR_ARG(name)).ptr);
        CHECK_OK(gzip_unpack(raw, (size_t)64 << 20, &bytes, &err), &err);
        raw = arena_str(mem, buf_str(&bytes));
    }
    CHECK_OK(tree_read(raw, NULL, mem, &doc, &err), &err);
    return doc;
}

/* Both ways: alone, and with all the others in one walk. */
static size_t check_document(const struct tree *expected, const struct tree_node *entry)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct tree *doc = read_document(&mem, tree_key(expected, entry));
    size_t right = 0;
    if (doc == NULL)
        return 0;
    struct jsonpath_spot root = {doc, tree_root(doc)};
    struct jsonpath_set *set = jsonpath_set_new(&mem);
    for (const struct tree_node *n = tree_first(expected, entry); n; n = tree_next(expected, n)) {
        struct pointers alone = {.mem = &mem};
        struct jsonpath *path = NULL;
        struct err err = {0};
        bool ok = jsonpath_compile(tree_key(expected, n), JSONPATH_SPECTRAL, &mem, &path, &err);
        if (!ok)
            printf("\n" STR_FMT "\n", STR_ARG(tree_key(expected, n)));
        CHECK_OK(ok, &err);
        if (!ok)
            continue;
        struct jsonpath_set *single = jsonpath_set_new(&mem);
        jsonpath_set_add(single, path, 0);
        CHECK_OK(jsonpath_find(path, root, NULL, 0, keep, &alone, &err), &err);
        ok = equal(&alone, expected, n, &mem);
        struct pointers walked = {.mem = &mem};
        CHECK_OK(jsonpath_set_walk(single, root, NULL, keep, &walked, &err), &err);
        ok = equal(&walked, expected, n, &mem) && ok;
        if (!ok)
            printf("\n" STR_FMT " in " STR_FMT "\n", STR_ARG(tree_key(expected, n)),
                   STR_ARG(tree_key(expected, entry)));
        CHECK(ok);
        right += ok;
        jsonpath_set_add(set, path, 0);
    }
    return right;
}

static struct tree *read_expected(struct arena *mem)
{
    CLEANUP(buf_clear) struct buf bytes = {0};
    struct tree *doc = NULL;
    struct err err = {0};
    CHECK_OK(
        gzip_unpack(test_file(mem, CORPUS, "expected.json.gz"), (size_t)64 << 20, &bytes, &err),
        &err);
    CHECK_OK(tree_read(arena_str(mem, buf_str(&bytes)), NULL, mem, &doc, &err), &err);
    return doc;
}

TEST(test_expressions_of_rulesets_visit_what_spectral_visits)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    if (!test_have_shared())
        SKIP("no-shared");
    const struct tree *expected = read_expected(&mem);
    const struct tree_node *docs = tree_get(expected, tree_root(expected), STR("docs"));
    size_t right = 0, all = 0;
    for (const struct tree_node *n = tree_first(expected, docs); n; n = tree_next(expected, n)) {
        right += check_document(expected, n);
        all += n->size;
    }
    test_counted("expressions of rulesets, node sets of Spectral", right, all, 0);
}

TEST(test_expressions_that_spectral_dies_of_compile)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    if (!test_have_shared())
        SKIP("no-shared");
    const struct tree *expected = read_expected(&mem);
    const struct tree_node *rejected = tree_get(expected, tree_root(expected), STR("rejected"));
    CHECK_I64(rejected->size, 2);
    for (const struct tree_node *n = tree_first(expected, rejected); n;
         n = tree_next(expected, n)) {
        struct jsonpath *path = NULL;
        struct err err = {0};
        CHECK_OK(jsonpath_compile(tree_key(expected, n), JSONPATH_SPECTRAL, &mem, &path, &err),
                 &err);
    }
}
