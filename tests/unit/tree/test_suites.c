/* tree: the readers against JSONTestSuite and yaml-test-suite. */
#include <dirent.h>
#include <stdlib.h>

#include "catalog/tree/reader.h"
#include "tests/unit/test.h"

#define JSON_SUITE "corpora/json-test-suite/test_parsing"
#define YAML_SUITE SHARED_DIR "/corpora/yaml-test-suite/cases"

/* The reader itself, without the choice between syntaxes that tree_read makes. */
static struct tree *scan(struct str bytes, bool json, struct arena *mem, struct err *err)
{
    struct tree *doc = arena_new(mem, struct tree);
    struct builder b;
    doc->mem = mem;
    if (!source_open(bytes, &tree_limits_default, mem, &doc->source, err))
        return NULL;
    builder_init(&b, doc, &tree_limits_default, !json, err);
    bool ok = json ? json_scan(&b, NULL) : yaml_scan(&b);
    if (ok)
        builder_finish(&b);
    builder_clear(&b);
    return ok ? doc : NULL;
}

static bool has_place(const struct err *err)
{
    struct str line, rest = str_from(err->where);
    int64_t number = 0;
    return str_split(&rest, ' ', &line) && str_eq(line, STR("line")) &&
           str_split(&rest, ' ', &line) && str_to_i64(line, &number) && number >= 1 &&
           str_split(&rest, ' ', &line) && str_eq(line, STR("column")) &&
           str_split(&rest, ' ', &line) && str_to_i64(line, &number) && number >= 1;
}

/* --- JSON ------------------------------------------------------------------------------------- */

static bool check_json_case(const char *name)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct err err = {0};
    struct str bytes = test_file(&mem, SHARED_DIR "/" JSON_SUITE, name);
    CHECK(bytes.ptr != NULL);
    bool accepted = scan(bytes, true, &mem, &err) != NULL;
    if ((name[0] == 'y' && !accepted) || (name[0] == 'n' && (accepted || !has_place(&err)))) {
        printf("\n%s: %s %s %s\n", name, accepted ? "accepted" : "refused", err.where, err.msg);
        CHECK(false);
        return false;
    }
    return true;
}

TEST(test_json_suite_is_decided_as_it_says)
{
    if (!test_have_shared())
        SKIP("no-shared");
    DIR *dir = opendir(SHARED_DIR "/" JSON_SUITE);
    size_t seen = 0, right = 0;
    CHECK(dir != NULL);
    for (struct dirent *entry = dir ? readdir(dir) : NULL; entry; entry = readdir(dir)) {
        if (entry->d_name[0] == '.')
            continue;
        right += check_json_case(entry->d_name);
        seen++;
    }
    if (dir != NULL)
        closedir(dir);
    CHECK_I64(seen, 318);
    test_counted("JSONTestSuite", right, seen, 0);
}

/* --- YAML ------------------------------------------------------------------------------------- */

static double number_of(struct str text)
{
    char z[64] = {0};
    memcpy(z, text.ptr, text.len < sizeof(z) - 1 ? text.len : sizeof(z) - 1);
    if (str_starts(text, STR("0o")))
        return (double)strtoull(z + 2, NULL, 8);
    return strtod(z, NULL); /* knows 0x too */
}

static bool same(const struct tree *a, const struct tree_node *x, const struct tree *b,
                 const struct tree_node *y)
{
    if (x == NULL || y == NULL || tree_kind_of(x) != tree_kind_of(y))
        return false;
    if (tree_kind_of(x) == TREE_NUMBER) {
        double difference = number_of(tree_text(a, x)) - number_of(tree_text(b, y));
        return !(difference < 0) && !(difference > 0);
    }
    if (tree_kind_of(x) < TREE_ARRAY)
        return str_eq(tree_text(a, x), tree_text(b, y));
    if (x->size != y->size)
        return false;
    const struct tree_node *n = tree_first(b, y);
    for (const struct tree_node *m = tree_first(a, x); m;
         m = tree_next(a, m), n = tree_next(b, n)) {
        const struct tree_node *other =
            tree_kind_of(x) == TREE_OBJECT ? tree_get(b, y, tree_key(a, m)) : n;
        if (!same(a, m, b, other))
            return false;
    }
    return true;
}

/* "accepts", "refuses" or "differs" where the reader departs from the case; else NULL. */
static const char *departure(const char *directory)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct err err = {0};
    bool wrong = test_file(&mem, directory, "error").ptr != NULL;
    const struct tree *doc = scan(test_file(&mem, directory, "in.yaml"), false, &mem, &err);
    if (doc == NULL && !has_place(&err))
        return "without-place";
    if ((doc == NULL) != wrong)
        return doc ? "accepts" : "refuses";
    struct str json = test_file(&mem, directory, "in.json");
    if (doc == NULL || json.ptr == NULL)
        return NULL;
    const struct tree *want = scan(json, true, &mem, &err);
    if (want == NULL)
        return "no-json";
    return same(doc, tree_root(doc), want, tree_root(want)) ? NULL : "differs";
}

/* Line "CASE \t what \t reason" of the table. */
static struct str listed(struct str table, const char *name)
{
    struct str line, part;
    while (str_split(&table, '\n', &line))
        if (str_split(&line, '\t', &part) && str_eq(part, str_from(name)) &&
            str_split(&line, '\t', &part) && line.len > 0)
            return part;
    return STR_NONE;
}

struct yaml_run {
    struct str table;
    size_t cases, departures;
};

static void check_yaml_case(struct yaml_run *run, const char *name)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const char *found = departure(arena_printf(&mem, "%s/%s", YAML_SUITE, name).ptr);
    struct str expected = listed(run->table, name);
    run->cases++;
    run->departures += found != NULL;
    if (!str_eq(str_from(found), expected)) {
        printf("\n%s\t%s\t(listed: " STR_FMT ")\n", name, found ? found : "as the suite says",
               STR_ARG(expected));
        CHECK(false);
    }
}

/* A case is a directory with in.yaml, or holds numbered ones. */
static void walk(struct yaml_run *run, const char *under)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct dirent **entries = NULL;
    struct str path = arena_printf(&mem, "%s/%s", YAML_SUITE, under);
    int count = scandir(path.ptr, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        struct str name =
            arena_printf(&mem, "%s%s%s", under, *under ? "/" : "", entries[i]->d_name);
        if (str_eq(str_from(entries[i]->d_name), STR("in.yaml")))
            check_yaml_case(run, under);
        else if (entries[i]->d_type == DT_DIR && entries[i]->d_name[0] != '.')
            walk(run, name.ptr);
        free(entries[i]);
    }
    free(entries);
}

static size_t lines(struct str text)
{
    size_t count = 0;
    struct str line;
    while (str_split(&text, '\n', &line))
        count += line.len > 0 && line.ptr[0] != '#';
    return count;
}

TEST(test_yaml_suite_is_decided_as_it_says_but_for_listed_cases)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct yaml_run run = {.table = test_file(&mem, TEST_DATA, "tree/yaml-deviations.tsv")};
    if (!test_have_shared())
        SKIP("no-shared");
    walk(&run, "");
    CHECK_I64(run.cases, 402);
    CHECK_I64(run.departures, lines(run.table));
    test_counted("yaml-test-suite", run.cases - run.departures, run.cases, lines(run.table));
}
