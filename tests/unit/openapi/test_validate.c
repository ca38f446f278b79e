/* openapi: documents judged by their grammar; the OpenAPI Initiative's own fixtures and schemas. */
#include <dirent.h>
#include <stdlib.h>

#include "catalog/openapi/validate.h"
#include "tests/unit/test.h"

#define FIXTURES SHARED_DIR "/corpora/openapi-fixtures"
#define SCHEMAS  SHARED_DIR "/corpora/openapi-schemas"
#define DOCS     SHARED_DIR "/corpora/lint/docs"

static struct tree *read_text(struct arena *mem, struct str text)
{
    struct tree *doc = NULL;
    struct err err = {0};
    CHECK_OK(text.ptr != NULL && tree_read(text, NULL, mem, &doc, &err), &err);
    return doc;
}

static struct tree *validate(struct arena *mem, struct tree *doc, bool grammar_only)
{
    const struct oas_validate_options options = {.grammar_only = grammar_only};
    struct err err = {0};
    CHECK_OK(oas_validate(oas_files_of(doc, mem), &options, &err), &err);
    return doc;
}

/* Findings of a severity or worse that validation has made. */
static size_t count_findings(const struct tree *doc, enum severity least)
{
    size_t count = 0, found = 0;
    const struct finding *all = tree_findings(doc, &count);
    for (size_t i = tree_notes_of_reading(doc); i < count; i++)
        found += all[i].severity <= least;
    return found;
}

static void print_findings(const struct tree *doc, enum severity least, size_t most)
{
    size_t count = 0;
    const struct finding *all = tree_findings(doc, &count);
    for (size_t i = tree_notes_of_reading(doc); i < count && most > 0; i++)
        if (all[i].severity <= least) {
            printf("\n   %s " STR_FMT ": " STR_FMT, all[i].code, STR_ARG(all[i].pointer),
                   STR_ARG(all[i].message));
            most--;
        }
}

/* --- fixtures ----------------------------------------------------------------------------------
 */

static int is_document(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void for_each_file(const char *directory, void *context,
                          void (*check)(void *context, const char *directory, const char *name))
{
    struct dirent **entries = NULL;
    int count = scandir(directory, &entries, is_document, alphasort);
    CHECK(count > 0);
    for (int i = 0; i < count; i++) {
        check(context, directory, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
}

/* Lines are file, code (or nothing) and reason, with tabs between. */
static bool is_listed(struct str listed, const char *name, const char *code)
{
    struct str line, file, rest = listed;
    while (str_split(&rest, '\n', &line)) {
        (void)str_split(&line, '\t', &file);
        if (str_eq(file, str_from(name)) && line.ptr != NULL &&
            (code == NULL || str_starts(line, str_from(code))))
            return true;
    }
    return false;
}

static size_t lines_of(struct str text)
{
    size_t lines = 0;
    for (size_t i = 0; i < text.len; i++)
        lines += text.ptr[i] == '\n';
    return lines;
}

struct fixtures {
    bool pass;
    struct str listed; /* "folder/file", code, reason: what is wrong in examples that pass */
    size_t right, wrong;
};

/* Every error must be listed. */
static size_t count_unlisted(const struct tree *doc, const struct fixtures *fixtures,
                             const char *name)
{
    size_t count = 0, unlisted = 0;
    const struct finding *all = tree_findings(doc, &count);
    for (size_t i = tree_notes_of_reading(doc); i < count; i++)
        unlisted +=
            all[i].severity == SEVERITY_ERROR && !is_listed(fixtures->listed, name, all[i].code);
    return unlisted;
}

static void check_fixture(void *context, const char *directory, const char *name)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct fixtures *fixtures = context;
    struct str path =
        arena_join(&mem, str_from(directory + sizeof(FIXTURES)), STR("/"), str_from(name));
    struct tree *doc = read_text(&mem, test_file(&mem, directory, name));
    bool right = true;
    if (fixtures->pass)
        right = count_findings(validate(&mem, doc, true), SEVERITY_ERROR) == 0;
    validate(&mem, doc, false);
    size_t errors = fixtures->pass ? count_unlisted(doc, fixtures, path.ptr)
                                   : count_findings(doc, SEVERITY_ERROR);
    right = right && (errors == 0) == fixtures->pass;
    fixtures->right += right;
    fixtures->wrong += !right;
    if (right)
        return;
    printf("\n" STR_FMT " has %zu errors", STR_ARG(path), errors);
    print_findings(doc, SEVERITY_ERROR, 5);
}

TEST(test_fixtures_of_the_initiative_pass_and_fail)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    static const struct {
        const char *directory;
        bool pass;
        size_t count;
    } folders[] = {
        {FIXTURES "/3.0/pass", true,  6 },
        {FIXTURES "/3.1/pass", true,  35},
        {FIXTURES "/3.1/fail", false, 11},
        {FIXTURES "/3.2/pass", true,  37},
        {FIXTURES "/3.2/fail", false, 29},
    };
    if (!test_have_shared())
        SKIP("no-shared");
    struct str listed = test_file(&mem, TEST_DATA, "openapi/fixtures.tsv");
    size_t right = 0, all = 0;
    for (size_t i = 0; i < COUNT_OF(folders); i++) {
        struct fixtures fixtures = {.pass = folders[i].pass, .listed = listed};
        for_each_file(folders[i].directory, &fixtures, check_fixture);
        CHECK_I64(fixtures.wrong, 0);
        CHECK_I64(fixtures.right, folders[i].count);
        right += fixtures.right;
        all += fixtures.right + fixtures.wrong;
    }
    test_counted("fixtures of the OpenAPI Initiative", right, all, 0);
}

/* --- agreement with the official schemas -------------------------------------------------------
 */

struct official {
    struct arena mem;
    struct schema_set *set;
    struct schema *root;
};

static const struct tree *serve(void *context, struct str uri)
{
    static const struct {
        const char *uri, *file;
    } known[] = {
        {"https://spec.openapis.org/oas/3.1/schema/2025-11-23",  "oas-3.1.json"        },
        {"https://spec.openapis.org/oas/3.1/dialect/2024-11-10", "oas-3.1-dialect.json"},
        {"https://spec.openapis.org/oas/3.1/meta/2024-11-10",    "oas-3.1-meta.json"   },
        {"https://spec.openapis.org/oas/3.2/schema/2025-11-23",  "oas-3.2.json"        },
        {"https://spec.openapis.org/oas/3.2/dialect/2025-09-17", "oas-3.2-dialect.json"},
        {"https://spec.openapis.org/oas/3.2/meta/2025-09-17",    "oas-3.2-meta.json"   },
    };
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (str_eq(uri, str_from(known[i].uri)))
            return read_text(context, test_file(context, SCHEMAS, known[i].file));
    printf("\nnot served: " STR_FMT, STR_ARG(uri));
    return NULL;
}

static void official_open(struct official *official, enum oas_version version)
{
    static const char *const files[] = {[OAS_2_0] = "oas-2.0.json",
                                        [OAS_3_0] = "oas-3.0.json",
                                        [OAS_3_1] = "oas-3.1-base.json",
                                        [OAS_3_2] = "oas-3.2-base.json"};
    const struct schema_settings settings = {
        .dialect = SCHEMA_2020_12, .loader = {serve, &official->mem}
    };
    struct err err = {0};
    struct tree *doc =
        read_text(&official->mem, test_file(&official->mem, SCHEMAS, files[version]));
    official->set = schema_set_new(&official->mem, &settings);
    CHECK_OK(schema_set_add(official->set, STR(""), doc, SCHEMA_IS_SCHEMA, &err), &err);
    official->root = schema_at(official->set, doc, tree_root(doc));
}

struct agreement {
    struct official officials[OAS_3_2 + 1];
    struct str listed;
    size_t agreed, stricter, failed;
};

static void print_official(const struct tree *doc, const struct schema_result *result)
{
    for (size_t i = 0; i < result->count && i < 3; i++) {
        CLEANUP(buf_clear) struct buf text = {0};
        schema_error_pointer(doc, &result->errors[i], &text);
        buf_add_char(&text, ' ');
        schema_message(&result->errors[i], &text);
        printf("\n   " STR_FMT " " STR_FMT, STR_ARG(buf_str(&text)),
               STR_ARG(result->errors[i].name));
    }
}

static void compare(struct agreement *agreement, const char *name, struct str text)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct schema_result result = {0};
    enum oas_version version = OAS_UNKNOWN;
    struct tree *doc = NULL;
    CHECK(text.ptr != NULL);
    if (!tree_read(text, NULL, &mem, &doc, NULL) || !oas_version_of(doc, &version, NULL))
        return; /* cases about reading */
    struct official *official = &agreement->officials[version];
    if (official->set == NULL)
        official_open(official, version);
    enum schema_verdict verdict =
        schema_check(official->set, official->root, doc, tree_root(doc), NULL, &mem, &result);
    CHECK(verdict != SCHEMA_UNDECIDED);
    validate(&mem, doc, true);
    size_t errors = count_findings(doc, SEVERITY_ERROR);
    bool agrees = (verdict == SCHEMA_VALID) == (errors == 0);
    bool listed = is_listed(agreement->listed, name, NULL);
    agreement->agreed += agrees && !listed;
    agreement->stricter += !agrees && listed;
    if (agrees != listed)
        return;
    agreement->failed++;
    printf("\n%s: the schema says %s, we %zu errors%s", name,
           verdict == SCHEMA_VALID ? "valid" : "invalid", errors, listed ? " (listed)" : "");
    print_findings(doc, SEVERITY_ERROR, 3);
    print_official(doc, &result);
}

static void compare_fixture(void *context, const char *directory, const char *name)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str path =
        arena_join(&mem, str_from(directory + sizeof(FIXTURES)), STR("/"), str_from(name));
    compare(context, path.ptr, test_file(&mem, directory, name));
}

static void compare_doc(void *context, const char *directory, const char *name)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf text = {0};
    struct str bytes = test_file(&mem, directory, name);
    if (bytes.len > (size_t)2 << 20) /* the largest are for the bench: the rest shows as much */
        return;
    if (str_ends(str_from(name), STR(".gz"))) {
        CHECK(gzip_unpack(bytes, (size_t)64 << 20, &text, NULL));
        bytes = buf_str(&text);
    }
    compare(context, name, bytes);
}

/* Documents of an archive (ustar): 512 bytes of header with name and octal size, then the file. */
static void compare_archive(struct agreement *agreement, const char *name)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf text = {0};
    struct str packed = test_file(&mem, SHARED_DIR "/corpora", name);
    CHECK(gzip_unpack(packed, (size_t)256 << 20, &text, NULL));
    struct str rest = buf_str(&text);
    while (rest.len > 512 && rest.ptr[0] != '\0') {
        struct str path = str_from(rest.ptr);
        size_t size = strtoul(rest.ptr + 124, NULL, 8);
        if (str_find(path, STR("/doc.")) != SIZE_MAX)
            compare(agreement, path.ptr, str_sub(rest, 512, size));
        rest = str_sub(rest, 512 + (size + 511) / 512 * 512, rest.len);
    }
}

TEST(test_grammar_agrees_with_the_official_schemas)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    if (!test_have_shared())
        SKIP("no-shared");
    struct agreement agreement = {.listed = test_file(&mem, TEST_DATA, "openapi/stricter.tsv")};
    for_each_file(FIXTURES "/3.0/pass", &agreement, compare_fixture);
    for_each_file(FIXTURES "/3.1/pass", &agreement, compare_fixture);
    for_each_file(FIXTURES "/3.1/fail", &agreement, compare_fixture);
    for_each_file(FIXTURES "/3.2/pass", &agreement, compare_fixture);
    for_each_file(FIXTURES "/3.2/fail", &agreement, compare_fixture);
    for_each_file(DOCS, &agreement, compare_doc);
    compare_archive(&agreement, "lint-cases/cases.tar.gz");
    printf("%zu documents agreed, %zu as listed ", agreement.agreed, agreement.stricter);
    CHECK_I64(agreement.failed, 0);
    CHECK_I64(agreement.stricter, lines_of(agreement.listed));
    for (size_t i = 0; i < COUNT_OF(agreement.officials); i++)
        arena_clear(&agreement.officials[i].mem);
}
