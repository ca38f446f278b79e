/* schema: JSON-Schema-Test-Suite, its remotes served from memory. */
#include <dirent.h>
#include <stdlib.h>

#include "catalog/schema/schema.h"
#include "tests/unit/test.h"

#define SUITE  SHARED_DIR "/corpora/json-schema-test-suite"
#define SERVER "http://localhost:1234/"

struct suite {
    const char *folder;
    enum schema_dialect dialect;
    struct arena *mem;
    size_t passed, failed;
    struct str listed; /* deviations: "folder/file: group: test" a line */
    size_t deviations;
    bool formats, optional;
};

/* --- remotes -----------------------------------------------------------------------------------
 */

struct remotes {
    struct arena *mem;
};

static const struct tree *serve(void *context, struct str uri)
{
    struct arena *mem = ((struct remotes *)context)->mem;
    struct tree *doc = NULL;
    if (!str_starts(uri, STR(SERVER)))
        return NULL;
    struct str name = str_sub(uri, sizeof(SERVER) - 1, uri.len);
    struct str bytes = test_file(mem, SUITE "/remotes", str_z(mem, name));
    return bytes.ptr && tree_read(bytes, NULL, mem, &doc, NULL) ? doc : NULL;
}

/* --- cases -------------------------------------------------------------------------------------
 */

static bool is_listed(struct suite *suite, struct str line)
{
    struct str one, rest = suite->listed;
    while (str_split(&rest, '\n', &one)) {
        size_t tab = str_find_char(one, '\t');
        if (str_eq(tab == SIZE_MAX ? one : str_sub(one, 0, tab), line))
            return true;
    }
    return false;
}

static void judge(struct suite *suite, struct str name, bool right)
{
    bool listed = is_listed(suite, name);
    if (right != listed) {
        suite->passed += right;
        suite->deviations += !right;
        return;
    }
    suite->failed++;
    printf("\n%s " STR_FMT, right ? "listed, but right:" : "wrong:", STR_ARG(name));
}

static void check_group(struct suite *suite, const char *file, const struct tree *doc,
                        const struct tree_node *group)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct remotes remotes = {&mem};
    const struct schema_settings settings = {
        .dialect = suite->dialect, .loader = {serve, &remotes}
    };
    const struct schema_options options = {.formats = suite->formats};
    const struct tree_node *node = tree_get(doc, group, STR("schema"));
    struct str source = tree_source(doc);
    struct tree *schema = NULL;
    struct err err = {0};
    struct schema_set *set = schema_set_new(&mem, &settings);
    CHECK_OK(tree_read(str_sub(source, node->start, node->end - node->start), NULL, &mem, &schema,
                       &err) &&
                 schema_set_add(set, STR(""), schema, SCHEMA_IS_SCHEMA, &err),
             &err);
    struct schema *root = schema_at(set, schema, tree_root(schema));
    const struct tree_node *tests = tree_get(doc, group, STR("tests"));
    for (const struct tree_node *t = tree_first(doc, tests); t != NULL; t = tree_next(doc, t)) {
        struct schema_result result;
        enum schema_verdict verdict =
            schema_check(set, root, doc, tree_get(doc, t, STR("data")), &options, &mem, &result);
        bool valid = tree_true(doc, tree_get(doc, t, STR("valid")));
        struct str name =
            arena_join(&mem, str_from(suite->folder), STR("/"), str_from(file), STR(": "),
                       tree_text(doc, tree_get(doc, group, STR("description"))), STR(": "),
                       tree_text(doc, tree_get(doc, t, STR("description"))));
        judge(suite, name, verdict == (valid ? SCHEMA_VALID : SCHEMA_INVALID));
        CHECK((verdict == SCHEMA_INVALID) == (result.count > 0));
    }
}

static void check_file(struct suite *suite, const char *directory, const char *file)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct tree *doc = NULL;
    struct err err = {0};
    struct str bytes = test_file(&mem, directory, file);
    CHECK_OK(bytes.ptr != NULL && tree_read(bytes, NULL, &mem, &doc, &err), &err);
    for (const struct tree_node *g = doc ? tree_first(doc, tree_root(doc)) : NULL; g != NULL;
         g = tree_next(doc, g))
        check_group(suite, file, doc, g);
}

static int is_json(const struct dirent *entry)
{
    return str_ends(str_from(entry->d_name), STR(".json"));
}

static void check_folder(struct suite *suite)
{
    struct dirent **entries = NULL;
    struct str directory = arena_join(suite->mem, STR(SUITE "/tests/"), str_from(suite->folder));
    int count = scandir(directory.ptr, &entries, is_json, alphasort);
    CHECK(count > 0);
    for (int i = 0; i < count; i++) {
        check_file(suite, directory.ptr, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
}

static void check_required(const char *folder, enum schema_dialect dialect, size_t tests)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct suite suite = {.folder = folder, .dialect = dialect, .mem = &mem};
    check_folder(&suite);
    CHECK_I64(suite.failed, 0);
    CHECK_I64(suite.passed, tests);
    test_counted(arena_printf(&mem, "JSON Schema %s, required", folder).ptr, suite.passed,
                 suite.passed + suite.failed, 0);
}

TEST(test_suite_draft4_is_decided_as_it_says)
{
    if (!test_have_shared())
        SKIP("no-shared");
    check_required("draft4", SCHEMA_DRAFT_04, 618);
}

TEST(test_suite_draft7_is_decided_as_it_says)
{
    if (!test_have_shared())
        SKIP("no-shared");
    check_required("draft7", SCHEMA_DRAFT_07, 927);
}

TEST(test_suite_2020_12_is_decided_as_it_says)
{
    if (!test_have_shared())
        SKIP("no-shared");
    check_required("draft2020-12", SCHEMA_2020_12, 1299);
}

/* --- optional ----------------------------------------------------------------------------------
 */

TEST(test_optional_suites_differ_only_as_listed)
{
    static const struct {
        const char *folder;
        enum schema_dialect dialect;
        bool formats;
    } folders[] = {
        {"draft4/optional",              SCHEMA_DRAFT_04, false},
        {"draft4/optional/format",       SCHEMA_DRAFT_04, true },
        {"draft7/optional",              SCHEMA_DRAFT_07, false},
        {"draft7/optional/format",       SCHEMA_DRAFT_07, true },
        {"draft2020-12/optional",        SCHEMA_2020_12,  false},
        {"draft2020-12/optional/format", SCHEMA_2020_12,  true },
    };
    CLEANUP(arena_clear) struct arena mem = {0};
    size_t passed = 0, failed = 0, deviations = 0, lines = 0;
    if (!test_have_shared())
        SKIP("no-shared");
    struct str one, listed = test_file(&mem, TEST_DATA, "schema/deviations.tsv"), rest = listed;
    while (str_split(&rest, '\n', &one))
        lines += one.len > 0;
    for (size_t i = 0; i < COUNT_OF(folders); i++) {
        struct suite suite = {.folder = folders[i].folder,
                              .dialect = folders[i].dialect,
                              .mem = &mem,
                              .listed = listed,
                              .formats = folders[i].formats,
                              .optional = true};
        check_folder(&suite);
        passed += suite.passed;
        failed += suite.failed;
        deviations += suite.deviations;
    }
    test_counted("JSON Schema, optional", passed, passed + failed + deviations, lines);
    CHECK_I64(failed, 0);
    CHECK_I64(deviations, lines);
    CHECK_I64(passed + deviations, 319 + 794 + 926);
}
