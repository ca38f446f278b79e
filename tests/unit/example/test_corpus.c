/* example: values for every named schema of published documents, each judged by the engine. */
#include <glob.h>

#include "catalog/example/example.h"
#include "tests/unit/test.h"

/* What must be made of a hundred; the rest, six that accept nothing, is listed with its reasons. */
#define FLOOR_PERCENT 99.9
#define MOST_TOLD     25

static const char *const patterns[] = {SHARED_DIR "/corpora/lint/docs/*",
                                       SHARED_DIR "/corpora/openapi-fixtures/3.[012]/pass/*"};

struct counts {
    size_t schemas, made, told;
};

static void tell(struct counts *counts, const char *path, struct str name,
                 const struct example *made)
{
    const char *slash = strrchr(path, '/');
    if (counts->told++ < MOST_TOLD)
        printf("\n   %s " STR_FMT STR_FMT ": " STR_FMT, slash ? slash + 1 : path, STR_ARG(name),
               STR_ARG(made->pointer), STR_ARG(made->reason));
}

/* Made, read again, and judged by the schema on its own. */
static bool holds(struct example_maker *maker, struct oas_spot schema, struct str json,
                  struct arena *mem)
{
    struct tree *doc = NULL;
    struct err err = {0};
    CHECK_OK(tree_read(json, NULL, mem, &doc, &err), &err);
    example_problems problems = {0};
    return example_judge(maker, schema, doc, tree_root(doc), SCHEMA_RESPONSE, mem, &problems);
}

static void try_all(struct counts *counts, const char *path, struct tree *doc, struct arena *mem)
{
    static const char *const places[] = {"/components/schemas", "/definitions"};
    const struct example_options options = {.direction = SCHEMA_RESPONSE};
    struct example_maker *maker = NULL;
    if (!example_maker_new(oas_files_of(doc, mem), mem, &maker, NULL))
        return;
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        const struct tree_node *list = tree_at(doc, str_from(places[i]));
        if (tree_kind_of(list) != TREE_OBJECT)
            continue;
        for (const struct tree_node *n = tree_first(doc, list); n; n = tree_next(doc, n)) {
            CLEANUP(arena_clear) struct arena own = {0};
            const struct oas_spot schema = {doc, n};
            struct example made;
            bool ok = example_make(maker, schema, &options, &own, &made);
            CHECK(!ok || holds(maker, schema, made.json, &own));
            counts->schemas++;
            counts->made += ok;
            if (!ok)
                tell(counts, path, tree_key(doc, n), &made);
        }
    }
}

TEST(test_schemas_of_published_documents_have_examples)
{
    struct counts counts = {0};
    glob_t files = {0};
    if (!test_have_shared())
        SKIP("no-shared");
    for (size_t i = 0; i < COUNT_OF(patterns); i++)
        CHECK_I64(glob(patterns[i], i ? GLOB_APPEND : 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        CLEANUP(buf_clear) struct buf bytes = {0};
        struct tree *doc = NULL;
        struct err err = {0};
        CHECK_OK(test_unpack(files.gl_pathv[i], &bytes, &err), &err);
        if (tree_read(buf_str(&bytes), NULL, &mem, &doc, &err))
            try_all(&counts, files.gl_pathv[i], doc, &mem);
    }
    globfree(&files);
    double percent = counts.schemas ? 100.0 * (double)counts.made / (double)counts.schemas : 0;
    printf("\n   %zu of %zu schemas have an example (%.2f %%)", counts.made, counts.schemas,
           percent);
    CHECK(counts.schemas > 8000);
    CHECK(percent >= FLOOR_PERCENT);
}
