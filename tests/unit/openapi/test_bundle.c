/* openapi: documents of several files as one, and parts of them. */
#include <glob.h>
#include <unistd.h>

#include "catalog/openapi/openapi.h"
#include "tests/unit/test.h"

/* --- files ------------------------------------------------------------------------------------ */

#define CASES TEST_DATA "/openapi/bundle"

static bool load_from(void *context, struct str path, struct arena *mem, struct str *bytes,
                      struct err *err)
{
    CLEANUP(buf_clear) struct buf text = {0};
    const char *whole = arena_printf(mem, "%s/" STR_FMT, (const char *)context, STR_ARG(path)).ptr;
    if (!file_read(whole, (size_t)64 << 20, &text, err))
        return false;
    *bytes = arena_str(mem, buf_str(&text));
    return true;
}

/* The document whose root has that name in a folder, or one made of a text. */
static struct oas_files *open_at(char *folder, const char *name, struct arena *mem)
{
    const struct oas_files_config config = {.load = load_from, .context = folder};
    struct oas_files *files = NULL;
    struct err err = {0};
    CHECK_OK(oas_files_open(&config, str_from(name), mem, &files, &err), &err);
    return files;
}

static struct oas_files *open_text(struct str text, struct arena *mem)
{
    struct tree *doc = NULL;
    struct err err = {0};
    CHECK_OK(tree_read(arena_str(mem, text), NULL, mem, &doc, &err), &err);
    return doc ? oas_files_of(doc, mem) : NULL;
}

/* No errors; says the first. */
static bool is_valid(struct oas_files *files)
{
    struct err err = {0};
    bool valid = oas_validate(files, NULL, &err);
    for (size_t f = 0; f < oas_file_count(files); f++) {
        size_t count = 0;
        const struct tree *doc = oas_file_at(files, f)->doc;
        const struct finding *all = doc ? tree_findings(doc, &count) : NULL;
        for (size_t i = 0; i < count && valid; i++)
            if (all[i].severity == SEVERITY_ERROR) {
                printf("\n" STR_FMT ": " STR_FMT "\n", STR_ARG(all[i].pointer),
                       STR_ARG(all[i].message));
                valid = false;
            }
    }
    return valid;
}

static bool same(const struct tree *a, const struct tree_node *x, const struct tree *b,
                 const struct tree_node *y)
{
    if (x == NULL || y == NULL || tree_kind_of(x) != tree_kind_of(y))
        return false;
    if (tree_kind_of(x) == TREE_BOOL)
        return tree_true(a, x) == tree_true(b, y);
    if (tree_kind_of(x) < TREE_ARRAY)
        return str_eq(tree_text(a, x), tree_text(b, y));
    const struct tree_node *n = tree_first(b, y);
    for (const struct tree_node *m = tree_first(a, x); m; m = tree_next(a, m)) {
        if (n == NULL || !str_eq(tree_key(a, m), tree_key(b, n)) || !same(a, m, b, n))
            return false;
        n = tree_next(b, n);
    }
    return n == NULL;
}

static bool same_roots(const struct oas_files *a, const struct oas_files *b)
{
    const struct tree *x = oas_file_at(a, 0)->doc, *y = oas_file_at(b, 0)->doc;
    return same(x, tree_root(x), y, tree_root(y));
}

/* --- bundles ---------------------------------------------------------------------------------- */

static void check_golden(struct str got, const char *path, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf want = {0};
    struct err err = {0};
    if (file_read(path, (size_t)1 << 20, &want, &err) && str_eq(got, buf_str(&want)))
        return;
    const char *made = arena_printf(mem, "/tmp/chancery-golden-%ld", (long)getpid()).ptr;
    CHECK_OK(file_replace(made, got, 0644, &err), &err);
    printf("\nto accept what was written: cp %s %s\n", made, path);
    CHECK_STR(got, buf_str(&want));
}

TEST(test_bundles_are_one_file_that_means_the_same)
{
    static const struct {
        const char *folder, *root;
        bool valid; /* as the specification has it; others are written so all the same */
    } cases[] = {
        {"circles",    "openapi.json", true },
        {"collisions", "openapi.yaml", true },
        {"ids",        "openapi.yaml", true },
        {"kinds",      "openapi.yaml", true },
        {"mapping",    "openapi.yaml", true },
        {"paths-30",   "openapi.yaml", false},
        {"paths-31",   "openapi.yaml", true },
        {"two",        "swagger.json", true },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        CLEANUP(buf_clear) struct buf once = {0}, twice = {0}, json = {0};
        struct err err = {0};
        char *folder = str_z(&mem, arena_printf(&mem, CASES "/%s", cases[i].folder));
        struct oas_files *files = open_at(folder, cases[i].root, &mem);
        CHECK_OK(oas_bundle(files, TREE_YAML, &once, &err), &err);
        CHECK_OK(oas_bundle(files, TREE_JSON, &json, &err), &err);
        check_golden(buf_str(&once), arena_printf(&mem, "%s/expected.yaml", folder).ptr, &mem);
        struct oas_files *bundle = open_text(buf_str(&once), &mem);
        CHECK(is_valid(files) == cases[i].valid && is_valid(bundle));
        CHECK_OK(oas_bundle(bundle, TREE_YAML, &twice, &err), &err);
        CHECK_STR(buf_str(&twice), buf_str(&once));
        CHECK(same_roots(bundle, open_text(buf_str(&json), &mem)));
    }
}

/* A root of that text, and two files beside it. */
static bool load_text(void *context, struct str path, struct arena *mem, struct str *bytes,
                      struct err *err)
{
    const struct str *root = context;
    UNUSED(mem);
    if (str_eq(path, STR("root.yaml")))
        *bytes = *root;
    else if (str_eq(path, STR("round.yaml")))
        *bytes = STR("a: {$ref: '#/b'}\nb: {$ref: '#/a'}\nc: {not: {$ref: '#/d'}}\nn: {e: 1}\n");
    else if (str_eq(path, STR("broken.yaml")))
        *bytes = STR("a: [\n");
    else
        return fail(err, ERR_NOT_FOUND, "", "no such file");
    return true;
}

static struct oas_files *open_texts(struct str *root, struct arena *mem)
{
    const struct oas_files_config config = {.load = load_text, .context = root};
    struct oas_files *files = NULL;
    struct err err = {0};
    CHECK_OK(oas_files_open(&config, STR("root.yaml"), mem, &files, &err), &err);
    return files;
}

TEST(test_references_that_lead_nowhere_end_a_bundle)
{
    static const struct {
        const char *ref, *where, *message;
    } cases[] = {
        {"#/components/schemas/None", "root.yaml line 7 column 65",  "leads nowhere"                 },
        {"round.yaml#/none",          "root.yaml line 7 column 65",  "leads nowhere"                 },
        {"round.yaml#/a",             "round.yaml line 2 column 11", "leads in a circle"             },
        {"round.yaml#/c",             "round.yaml line 3 column 17", "leads nowhere"                 },
        {"none.yaml",                 "root.yaml line 7 column 65",  "cannot be read: no such file"  },
        {"broken.yaml#/a",            "root.yaml line 7 column 65",  "cannot be read: not valid YAML"},
        {"../none.yaml",              "root.yaml line 7 column 65",  "leads out of the"              },
        {"https://example.com/x",     "root.yaml line 7 column 65",  "leads out of the"              },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        CLEANUP(buf_clear) struct buf out = {0};
        struct err err = {0};
        struct str root = arena_printf(&mem,
                                       "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n"
                                       "  /a:\n    get:\n      responses:\n"
                                       "        '200': {description: ok, content: {a/b: {schema: "
                                       "{$ref: '%s'}}}}\n",
                                       cases[i].ref);
        CHECK(!oas_bundle(open_texts(&root, &mem), TREE_JSON, &out, &err));
        CHECK_I64(err.code, ERR_INVALID);
        CHECK_STR(str_from(err.where), str_from(cases[i].where));
        if (strstr(err.msg, cases[i].message) == NULL)
            CHECK_STR(str_from(err.msg), str_from(cases[i].message));
        CHECK(err.hint[0] != '\0' && out.len == 0);
    }
}

TEST(test_what_is_no_object_gives_way_only_when_it_is_null)
{
    static const struct {
        const char *components, *where; /* where NULL: one bundle */
    } cases[] = {
        {"components:",                     NULL                        },
        {"components: {responses: }",       NULL                        },
        {"components: text",                "root.yaml line 4 column 13"},
        {"components: {responses: [1]}",    "root.yaml line 4 column 25"},
        {"components: {responses: {e: 5}}", NULL                        },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        CLEANUP(buf_clear) struct buf once = {0}, twice = {0};
        struct err err = {0};
        struct str root = arena_printf(
            &mem,
            "openapi: 3.1.0\ninfo: {title: t, version: '1'}\n"
            "webhooks: {w: {get: {responses: {default: {$ref: 'round.yaml#/n'}}}}}\n%s\n",
            cases[i].components);
        bool ok = oas_bundle(open_texts(&root, &mem), TREE_YAML, &once, &err);
        CHECK(ok == (cases[i].where == NULL));
        CHECK_STR(str_from(err.where), str_from(ok ? "" : cases[i].where));
        if (ok)
            CHECK_OK(oas_bundle(open_text(buf_str(&once), &mem), TREE_YAML, &twice, &err), &err);
        CHECK_STR(buf_str(&twice), buf_str(&once));
    }
}

/* What a root and a second file, b.yaml, are as one. */
struct pair {
    struct str root, other;
};

static bool load_pair(void *context, struct str path, struct arena *mem, struct str *bytes,
                      struct err *err)
{
    const struct pair *pair = context;
    UNUSED(mem);
    if (!str_eq(path, STR("root.yaml")) && !str_eq(path, STR("b.yaml")))
        return fail(err, ERR_NOT_FOUND, "", "no such file");
    *bytes = str_eq(path, STR("b.yaml")) ? pair->other : pair->root;
    return true;
}

/* The value at a place of the bundle, which is its own bundle, is the wanted one (as YAML). */
static bool bundles_to(struct pair pair, const char *at, const char *want)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf once = {0}, twice = {0};
    const struct oas_files_config config = {.load = load_pair, .context = &pair};
    struct oas_files *files = NULL;
    struct err err = {0};
    CHECK_OK(oas_files_open(&config, STR("root.yaml"), &mem, &files, &err), &err);
    CHECK_OK(oas_bundle(files, TREE_YAML, &once, &err), &err);
    struct oas_files *bundle = open_text(buf_str(&once), &mem);
    CHECK_OK(oas_bundle(bundle, TREE_YAML, &twice, &err), &err);
    CHECK_STR(buf_str(&twice), buf_str(&once));
    const struct tree *doc = oas_file_at(bundle, 0)->doc;
    const struct tree *wanted = oas_file_at(open_text(str_from(want), &mem), 0)->doc;
    if (same(doc, tree_at(doc, str_from(at)), wanted, tree_root(wanted)))
        return true;
    printf("\n" STR_FMT, STR_ARG(buf_str(&once)));
    return false;
}

TEST(test_references_lead_to_the_same_value_in_a_bundle)
{
    static const struct {
        const char *what, *root, *other, *at, *want;
    } cases[] = {
        {"an $id that is said again before it",
         "components: {schemas: {Z: {$ref: b.yaml#/a}, A: {$ref: 'urn:x#/not'},"
         " B: {$id: 'urn:x', not: {}}}}",                                                        "a: {$id: 'urn:x'}",                                                                      "/components/schemas/A", "$ref: '#/components/schemas/B/not'"                                         },
        {"an anchor that is said again before it",
         "components: {schemas: {Z: {$ref: b.yaml#/a}, A: {$ref: '#one'},"
         " B: {$anchor: one, type: string}}}",                                                   "a: {$anchor: one}",                                                                      "/components/schemas/A", "$ref: '#/components/schemas/B'"                                             },
        {"an anchor that is said once",
         "components: {schemas: {Z: {$ref: b.yaml#/a}, A: {$ref: '#one'},"
         " B: {$anchor: one, type: string}}}",                                                   "a: {$anchor: two}",                                                                      "/components/schemas/A", "$ref: '#one'"                                                               },
        {"a $dynamicRef by the file's own name",
         "components: {schemas: {A: {$dynamicRef: 'root.yaml#one'}, B: {$dynamicAnchor: one}}}", "",
         "/components/schemas/A",                                                                                                                                                                                   "$dynamicRef: '#one'"                                                        },
        {"a member that another of its name hides",
         "components: {schemas: {A: {properties: {$ref: b.yaml#/p, x: {}}},"
         " B: {not: {$ref: b.yaml#/p/x/not}}}}",                                                 "p: {x: {not: {type: string}}, y: {}}",                                                   "/components/schemas",
         "{A: {properties: {y: {}, x: {}}}, B: {not: {$ref: '#/components/schemas/not'}},"
         " not: {type: string}}"                                                                                                                                                                                                                                                                 },
        {"components of two files together, and a name that both have",
         "components: {$ref: b.yaml#/c, schemas: {A: {}}}\n"
         "paths: {/a: {get: {responses: {'200': {$ref: b.yaml#/R}}}}}",                          "c: {schemas: {B: {}}, responses: {R: {description: x}}}\nR: {description: y}",
         "/components",                                                                                                                                                                                             "{responses: {R: {description: x}, R_b: {description: y}}, schemas: {A: {}}}"},
        {"components elsewhere in the root",
         "components: {$ref: '#/x-c'}\nx-c: {schemas: {A: {not: {$ref: b.yaml#/S}}}}",           "S: {}",
         "/x-c",                                                                                                                                                                                                    "schemas: {A: {not: {$ref: '#/x-c/schemas/S'}}, S: {}}"                      },
        {"what references of two kinds lead to",
         "paths: {/a: {parameters: [{$ref: b.yaml#/x}], get: {responses: {'200': {description: d,"
         " content: {a/b: {schema: {not: {$ref: b.yaml#/x}}}}}}}}}",                             "x: {name: a, in: query, schema: {}, properties: {z: {$ref: '#/y'}}}\ny: {type: string}",
         "/components",                                                                                                                                                                                             "{schemas: {y: {type: string}}, parameters: {x: {name: a, in: query, schema: {},"
         " properties: {z: {$ref: '#/components/schemas/y'}}}}}"                                                                                                                                                                                                          },
        {"a list behind a reference behind a reference",
         "components: {schemas: {A: {enum: {$ref: b.yaml#/a, x: 1}}}}",                          "a: {$ref: '#/b', x: 1}\nb: [1]",                                                         "/components/schemas/A", "enum: [1]"                                                                  },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        const struct pair pair = {
            arena_printf(&mem, "openapi: 3.1.0\ninfo: {title: t, version: '1'}\n%s\n",
                         cases[i].root),
            str_from(cases[i].other),
        };
        bool right = bundles_to(pair, cases[i].at, cases[i].want);
        CHECK(right);
        if (!right)
            printf("   %s\n", cases[i].what);
    }
}

TEST(test_references_of_a_bundle_are_not_longer_than_what_is_followed)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf name = {0}, out = {0};
    struct err err = {0};
    for (size_t i = 0; i < 800; i++)
        buf_add(&name, STR("\xc3\xa9"));
    struct pair pair = {
        arena_printf(
            &mem,
            "openapi: 3.1.0\ninfo: {title: t, version: '1'}\ncomponents: {schemas: {A: {$ref: 'b.yaml#/" STR_FMT
            "'}}}\n",
            STR_ARG(buf_str(&name))),
        arena_printf(&mem,
                     STR_FMT ": {properties: {" STR_FMT ": {}, q: {$ref: '#/" STR_FMT
                             "/properties/" STR_FMT "'}}}\n",
                     STR_ARG(buf_str(&name)), STR_ARG(buf_str(&name)), STR_ARG(buf_str(&name)),
                     STR_ARG(buf_str(&name))),
    };
    const struct oas_files_config config = {.load = load_pair, .context = &pair};
    struct oas_files *files = NULL;
    CHECK_OK(oas_files_open(&config, STR("root.yaml"), &mem, &files, &err), &err);
    CHECK(!oas_bundle(files, TREE_JSON, &out, &err));
    CHECK(strstr(err.msg, "more than 4096 bytes") != NULL && err.hint[0] != '\0');
}

/* Each level has the next one twice, where the specification knows no references and a copy is
 * written; the last level has a way back or not. */
static bool grows(unsigned levels, bool circle, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf text = {0}, out = {.limit_bytes = (size_t)1 << 20};
    buf_add(&text, STR("openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\n"
                       "components: {schemas: {A: {properties: {$ref: 'root.yaml#/x-0'}}}}\n"));
    for (unsigned i = 0; i < levels; i++)
        buf_printf(&text,
                   "x-%u: {a: {properties: {$ref: 'root.yaml#/x-%u'}}, "
                   "b: {properties: {$ref: 'root.yaml#/x-%u'}}}\n",
                   i, i + 1, i + 1);
    buf_printf(&text, "x-%u: {a: {properties: {$ref: '%s'}}}\n", levels,
               circle ? "root.yaml#/x-0" : "round.yaml#/n");
    struct str root = buf_str(&text);
    return !oas_bundle(open_texts(&root, &mem), TREE_JSON, &out, err);
}

TEST(test_bundles_never_grow_without_end)
{
    struct err err = {0};
    CHECK(!grows(3, false, &err));
    CHECK(grows(40, false, &err));
    CHECK_I64(err.code, ERR_LIMIT);
    err = (struct err){0};
    CHECK(grows(1, true, &err));
    CHECK_I64(err.code, ERR_LIMIT);
}

/* --- corpora ---------------------------------------------------------------------------------- */

typedef void document_check(const char *name, struct str text);

static void each_document(document_check *check)
{
    glob_t files = {0};
    CHECK_I64(glob(SHARED_DIR "/corpora/lint/docs/*", 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        CLEANUP(buf_clear) struct buf bytes = {0};
        CHECK(test_unpack(files.gl_pathv[i], &bytes, NULL));
        check(strrchr(files.gl_pathv[i], '/') + 1, buf_str(&bytes));
    }
    globfree(&files);
}

static void check_itself(const char *name, struct str text)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf out = {0};
    struct err err = {0};
    if (text.len > (size_t)5 << 20)
        return;
    struct oas_files *files = open_text(text, &mem);
    bool ok = oas_bundle(files, tree_format_of(oas_file_at(files, 0)->doc), &out, &err);
    if (!ok || !same_roots(files, open_text(buf_str(&out), &mem))) {
        printf("\n%s: %s %s\n", name, err.where, err.msg);
        CHECK(false);
    }
}

TEST(test_documents_of_one_file_are_their_own_bundle)
{
    if (!test_have_shared())
        SKIP("no-shared");
    each_document(check_itself);
}

/* --- slices ----------------------------------------------------------------------------------- */

struct slicing {
    struct oas_files *files;
    bool valid; /* the whole */
    size_t slices, wrong;
};

static void check_slice(struct slicing *s, const struct oas_part *part, const char *name)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf out = {0}, again = {0};
    struct err err = {0};
    struct oas_summary summary = {0};
    s->slices++;
    if (oas_slice(s->files, part, TREE_JSON, &out, &err)) {
        struct oas_files *slice = open_text(buf_str(&out), &mem);
        bool ok = oas_slice(slice, part, TREE_JSON, &again, &err) &&
                  str_eq(buf_str(&again), buf_str(&out)) && (is_valid(slice) || !s->valid) &&
                  oas_summarise(slice, &mem, &summary, &err) && summary.operation_count > 0;
        if (ok)
            return;
    }
    s->wrong++;
    printf("\n%s: a slice is wrong: %s %s\n", name, err.where, err.msg);
}

TEST(test_slices_hold_what_operations_need)
{
    static const struct {
        const char *file, *want;
        struct str tags[2], operations[2];
    } cases[] = {
        {"shop.yaml",   "shop-get.yaml",    {{0}},           {{"listItems", 9}, {"GET /items/{id}", 15}}},
        {"shop.yaml",   "shop-items.yaml",  {{"items", 5}},  {{0}}                                      },
        {"shop.yaml",   "shop-orders.yaml", {{"orders", 6}}, {{0}}                                      },
        {"events.json", "events-tag.yaml",  {{"parts", 5}},  {{0}}                                      },
        {"events.json", "events-more.yaml", {{0}},           {{"QUERY /more", 11}}                      },
        {"events.json", "events-copy.yaml", {{0}},           {{"copy", 4}, {"PUT /bits", 9}}            },
        {"two.yaml",    "two-a.yaml",       {{0}},           {{"get /a", 6}}                            },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        CLEANUP(buf_clear) struct buf out = {0};
        struct err err = {0};
        char *folder = str_z(&mem, STR(TEST_DATA "/openapi/slice"));
        struct oas_part part = {.tags = cases[i].tags, .operations = cases[i].operations};
        while (part.tag_count < 2 && part.tags[part.tag_count].ptr != NULL)
            part.tag_count++;
        while (part.operation_count < 2 && part.operations[part.operation_count].ptr != NULL)
            part.operation_count++;
        struct oas_files *files = open_at(folder, cases[i].file, &mem);
        CHECK(is_valid(files));
        CHECK_OK(oas_slice(files, &part, TREE_YAML, &out, &err), &err);
        check_golden(buf_str(&out), arena_printf(&mem, "%s/%s", folder, cases[i].want).ptr, &mem);
        CHECK(is_valid(open_text(buf_str(&out), &mem)));
    }
}

TEST(test_a_slice_of_nothing_names_the_nearest)
{
    static const struct {
        struct str tag, operation;
        const char *message, *hint;
    } cases[] = {
        {{"part", 4}, {0},             "no operation has the tag \"part\"",  "is \"parts\" meant?"                 },
        {{"x", 1},    {0},             "no operation has the tag \"x\"",     "name a tag as the operations have it"},
        {{0},         {"ptuParts", 8}, "there is no operation \"ptuParts\"", "is \"putParts\" meant?"              },
        {{0},
         {"GET /prats", 10},
         "there is no operation \"GET /prats\"",                             "is \"GET /parts\" meant?"            },
        {{0},
         {"POST /parts", 11},
         "there is no operation \"POST /parts\"",                            "is \"PUT /parts\" meant?"            },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        CLEANUP(buf_clear) struct buf out = {0};
        struct err err = {0};
        const struct oas_part part = {
            .tags = &cases[i].tag,
            .tag_count = cases[i].tag.ptr != NULL,
            .operations = &cases[i].operation,
            .operation_count = cases[i].operation.ptr != NULL,
        };
        struct oas_files *files =
            open_at(str_z(&mem, STR(TEST_DATA "/openapi/slice")), "events.json", &mem);
        CHECK(!oas_slice(files, &part, TREE_JSON, &out, &err));
        CHECK_I64(err.code, ERR_NOT_FOUND);
        CHECK_STR(str_from(err.msg), str_from(cases[i].message));
        CHECK_STR(str_from(err.hint), str_from(cases[i].hint));
    }
}

TEST(test_a_slice_of_several_files_is_one)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf out = {0};
    struct err err = {0};
    const struct str operation = STR("addPet");
    const struct oas_part part = {.operations = &operation, .operation_count = 1};
    struct oas_files *files = open_at(str_z(&mem, STR(CASES "/paths-30")), "openapi.yaml", &mem);
    CHECK_OK(oas_slice(files, &part, TREE_YAML, &out, &err), &err);
    check_golden(buf_str(&out), TEST_DATA "/openapi/slice/several.yaml", &mem);
    CHECK(is_valid(open_text(buf_str(&out), &mem)));
}

#define MOST_SLICES 40 /* of a document: the first, the last and some between */

static size_t all_slices, all_documents;

static void check_slices(const char *name, struct str text)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct oas_summary summary = {0};
    struct err err = {0};
    bool stripe = strstr(name, "stripe-2022") != NULL;
    if (text.len > 500000 && !stripe)
        return;
    struct slicing s = {.files = open_text(text, &mem)};
    struct tree *doc = oas_file_at(s.files, 0)->doc;
    s.valid = is_valid(s.files);
    CHECK_OK(oas_summarise(oas_files_of(doc, &mem), &mem, &summary, &err), &err);
    size_t step = stripe ? summary.operation_count / MOST_SLICES : 1;
    for (size_t i = 0; i < summary.operation_count; i += step) {
        const struct oas_part part = {.operations = &summary.operations[i].key,
                                      .operation_count = 1};
        check_slice(&s, &part, name);
    }
    CHECK_I64(s.wrong, 0);
    all_slices += s.slices;
    all_documents++;
}

TEST(test_slices_of_valid_documents_are_valid)
{
    if (!test_have_shared())
        SKIP("no-shared");
    each_document(check_slices);
    printf("\n%zu slices of %zu documents\n", all_slices, all_documents);
}
