/* The usual mode: components once, refactorings silent, messages that go the other way. */
#include "tests/unit/diff/pair.h"

static const char pet[] = "    Pet:\n      type: object\n      required: [name]\n"
                          "      properties:\n        name: {type: string}\n"
                          "        age: {type: integer, maximum: 40}\n";

static void check_silent(const char *old, const char *new)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct diff_report report =
        compare_texts(&mem, with_schemas(&mem, old), with_schemas(&mem, new), NULL);
    CHECK_STR(told(&mem, &report), STR(""));
    CHECK_I64(report.bump, BUMP_NONE);
}

TEST(test_component_is_reported_once_with_its_operations)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct diff_report report =
        compare_texts(&mem, with_schemas(&mem, pet),
                      with_schemas(&mem, "    Pet:\n      type: object\n      required: [name]\n"
                                         "      properties:\n        name: {type: string}\n"
                                         "        age: {type: integer, maximum: 30}\n"),
                      NULL);
    CHECK_STR(told(&mem, &report),
              STR("request-property-max-decreased ERR  #/components/schemas/Pet\n"
                  "api-version-not-bumped INFO  \n"
                  "response-property-max-decreased INFO  #/components/schemas/Pet\n"));
    CHECK_I64(report.bump, BUMP_MAJOR);
    if (report.count == 3) {
        CHECK_I64(report.findings[0].affected_count, 1);
        CHECK_STR(report.findings[0].affected[0], STR("POST /pets"));
        CHECK_STR(report.findings[2].affected[0], STR("GET /pets"));
        CHECK_STR(report.findings[0].text,
                  STR("the `age` request property's max was decreased to `30`"));
    }
}

TEST(test_refactorings_are_silent)
{
    /* moved into allOf, partly by reference */
    check_silent(pet, "    Pet:\n      allOf:\n      - {$ref: '#/components/schemas/Named'}\n"
                      "      - {properties: {age: {type: integer, maximum: 40}}}\n"
                      "    Named:\n      type: object\n      required: [name]\n"
                      "      properties: {name: {type: string}}\n");
    /* reordered */
    check_silent(pet, "    Pet:\n      properties:\n        age: {maximum: 40.0, type: integer}\n"
                      "        name: {type: string}\n      required: [name]\n      type: object\n");
    /* inline to reference, in a choice, and by another name */
    check_silent("    Pet: {oneOf: [{type: string}, {$ref: '#/components/schemas/A'}]}\n"
                 "    A: {type: integer}\n",
                 "    Pet: {oneOf: [{$ref: '#/components/schemas/B'}, {type: integer}]}\n"
                 "    B: {type: string}\n    A: {type: boolean}\n");
    /* a mapping's reference to a name, and from another file */
    check_silent("    Pet: {oneOf: [{type: string}], discriminator: {propertyName: k, mapping: "
                 "{a: Cat, b: 'pets/Dog.v1.yaml', c: 'Cow.yaml#'}}}\n",
                 "    Pet: {oneOf: [{type: string}], discriminator: {propertyName: k, mapping: "
                 "{a: '#/components/schemas/Cat', b: '#/components/schemas/Dog.v1', c: Cow}}}\n");
    /* 3.0's nullable and 3.1's type null */
    check_silent("    Pet: {type: string, nullable: true}\n",
                 "    Pet: {type: ['null', string]}\n");
}

TEST(test_another_schema_in_a_mapping_is_told)
{
    static const char *const pairs[][2] = {
        {"Cat",                        "Dog"                       },
        {"'#/components/schemas/Cat'", "'#/components/schemas/Dog'"},
        {"Cat.yaml",                   "Dog.yaml"                  },
        {"Cat",                        "Cat.v2"                    },
        {"'a.yaml#/Cat.v1'",           "'a.yaml#/Cat.v2'"          },
    };
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        struct str texts[2];
        for (size_t k = 0; k < 2; k++)
            texts[k] = with_schemas(&mem, arena_printf(&mem,
                                                       "    Pet: {oneOf: [{type: string}], "
                                                       "discriminator: {propertyName: k, mapping: "
                                                       "{a: %s}}}\n",
                                                       pairs[i][k])
                                              .ptr);
        struct diff_report report = compare_texts(&mem, texts[0], texts[1], NULL);
        CHECK(str_find(told(&mem, &report), STR("discriminator-mapping-changed")) != SIZE_MAX);
    }
}

/* Each schema is an allOf of the next: as deep as a document is long. */
static struct str chained(struct arena *mem, int links, const char *end)
{
    CLEANUP(buf_clear) struct buf out = {0};
    buf_printf(&out, "    Pet: {allOf: [{$ref: '#/components/schemas/S0'}]}\n");
    for (int i = 0; i < links; i++)
        buf_printf(&out, "    S%d: {allOf: [{$ref: '#/components/schemas/S%d'}]}\n", i, i + 1);
    buf_printf(&out, "    S%d: %s\n", links, end);
    return with_schemas(mem, str_z(mem, buf_str(&out)));
}

TEST(test_a_long_chain_of_all_of_is_no_deep_recursion)
{
    static const int lengths[] = {10, 100, 2500}; /* past 64 parts, nothing is joined any more */
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        struct diff_report report =
            compare_texts(&mem, chained(&mem, lengths[i], "{type: string, maxLength: 9}"),
                          chained(&mem, lengths[i], "{type: string, maxLength: 8}"), NULL);
        CHECK(str_find(told(&mem, &report), STR("-max-length-decreased ")) != SIZE_MAX);
    }
}

static bool load_file(void *context, struct str path, struct arena *mem, struct str *bytes,
                      struct err *err)
{
    const struct str *root = context;
    UNUSED(mem);
    UNUSED(err);
    *bytes = str_eq(path, STR("root.yaml")) ? *root
                                            : STR("{\"type\":\"string\",\"enum\":[\"a\",\"b\"]}");
    return true;
}

TEST(test_parts_of_a_schema_may_stand_in_several_files)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str root = with_schemas(&mem, "    Pet:\n      readOnly: true\n"
                                         "      allOf: [{$ref: kind.json}]\n");
    const struct oas_files_config config = {.load = load_file, .context = &root};
    const struct diff_options options = {0};
    struct oas_files *files = NULL;
    struct tree *doc = NULL;
    struct diff_report report = {0};
    struct err err = {0};
    CHECK_OK(oas_files_open(&config, STR("root.yaml"), &mem, &files, &err), &err);
    CHECK_OK(
        tree_read(with_schemas(&mem, "    Pet: {type: string, enum: [a, b], readOnly: true}\n"),
                  NULL, &mem, &doc, &err),
        &err);
    CHECK_OK(diff_compare(files, oas_files_of(doc, &mem), &options, &mem, &report, &err), &err);
    CHECK_STR(told(&mem, &report), STR(""));
}

TEST(test_schemas_in_circles_end)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const char *old =
        "    Pet:\n      properties:\n        child: {$ref: '#/components/schemas/Pet'}\n"
        "        owner: {$ref: '#/components/schemas/Owner'}\n"
        "    Owner:\n      properties:\n"
        "        pets: {type: array, items: {$ref: '#/components/schemas/Pet'}}\n"
        "        name: {type: string}\n";
    const char *new =
        "    Pet:\n      properties:\n        child: {$ref: '#/components/schemas/Pet'}\n"
        "        owner: {$ref: '#/components/schemas/Owner'}\n"
        "    Owner:\n      properties:\n"
        "        pets: {type: array, items: {$ref: '#/components/schemas/Pet'}}\n"
        "        name: {type: integer}\n";
    check_silent(old, old);
    struct diff_report report =
        compare_texts(&mem, with_schemas(&mem, old), with_schemas(&mem, new), NULL);
    CHECK_STR(told(&mem, &report),
              STR("request-property-type-changed ERR  #/components/schemas/Owner\n"
                  "response-property-type-changed ERR  #/components/schemas/Owner\n"
                  "api-version-not-bumped INFO  \n"));
    const struct diff_options oasdiff = {.oasdiff = true};
    report = compare_texts(&mem, with_schemas(&mem, old), with_schemas(&mem, new), &oasdiff);
    CHECK_STR(told(&mem, &report), STR("response-property-type-changed ERR GET /pets\n"
                                       "request-property-type-changed ERR POST /pets\n"
                                       "api-version-not-bumped INFO  \n"));
}

static struct str hook(struct arena *mem, int most)
{
    return arena_printf(mem,
                        "openapi: 3.1.0\ninfo: {title: t, version: '1'}\nwebhooks:\n  born:\n"
                        "    post:\n      requestBody:\n        content:\n"
                        "          application/json:\n            schema: {maxLength: %d}\n"
                        "      responses: {'200': {description: ok}}\n",
                        most);
}

TEST(test_webhook_bodies_go_to_the_client)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct diff_options oasdiff = {.oasdiff = true};
    struct diff_report report = compare_texts(&mem, hook(&mem, 5), hook(&mem, 9), NULL);
    CHECK_STR(told(&mem, &report),
              STR("request-body-max-length-increased ERR POST webhook:born\n"));
    report = compare_texts(&mem, hook(&mem, 5), hook(&mem, 9), &oasdiff);
    CHECK_STR(told(&mem, &report),
              STR("request-body-max-length-increased INFO POST webhook:born\n"));
}

TEST(test_parameters_are_matched_by_name_and_in_paths_by_position)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const char *head = "openapi: 3.0.0\ninfo: {title: t, version: '1'}\npaths:\n";
    struct str old = arena_printf(
                   &mem,
                   "%s  /pets/{id}:\n    parameters:\n"
                   "    - {name: id, in: path, required: true, schema: {type: string}}\n"
                   "    - {name: X-A, in: header, schema: {type: string}}\n"
                   "    get: {responses: {'200': {description: ok}}}\n",
                   head),
               new = arena_printf(
                   &mem,
                   "%s  /pets/{petId}:\n    get:\n      parameters:\n"
                   "      - {name: x-a, in: header, schema: {type: string}}\n"
                   "      - {name: petId, in: path, required: true, schema: {type: integer}}\n"
                   "      responses: {'200': {description: ok}}\n",
                   head);
    struct diff_report report = compare_texts(&mem, old, new, NULL);
    CHECK_STR(told(&mem, &report), STR("request-parameter-type-changed ERR GET /pets/{id}\n"));
}

TEST(test_reports_are_the_same_on_every_run)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf first = {0};
    const struct diff_names names = {STR("a"), STR("b")};
    struct str old = with_schemas(&mem, pet), new = with_schemas(&mem, "    Pet: {type: string}\n");
    for (int run = 0; run < 3; run++) {
        CLEANUP(arena_clear) struct arena own = {0};
        CLEANUP(buf_clear) struct buf again = {0};
        struct diff_report report = compare_texts(&own, old, new, NULL);
        diff_render(&report, DIFF_JSON, &names, run == 0 ? &first : &again);
        if (run > 0)
            CHECK_STR(buf_str(&again), buf_str(&first));
    }
}

TEST(test_callbacks_that_lead_back_end)
{
    static const char text[] =
        "openapi: 3.1.0\ninfo: {title: t, version: '%d'}\npaths:\n  /a:\n    post:\n"
        "      callbacks: {c: {'{$url}': {$ref: '#/paths/~1a'}}}\n"
        "      responses: {'200': {description: ok%s}}\n";
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str old = arena_printf(&mem, text, 1, ", content: {a/b: {}}"),
               new = arena_printf(&mem, text, 2, "");
    struct diff_report same = compare_texts(&mem, old, old, NULL),
                       report = compare_texts(&mem, old, new, NULL);
    CHECK_I64(same.count, 0);
    CHECK(report.count >= 2 && report.count <= 8); /* the operation, and some of its callbacks */
}

TEST(test_roots_that_are_no_objects_are_refused)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct tree *doc = NULL;
    struct diff_report report = {0};
    struct diff_options options = {0};
    struct err err = {0};
    CHECK_OK(tree_read(STR("[1]"), NULL, &mem, &doc, &err), &err);
    CHECK(!diff_compare(oas_files_of(doc, &mem), oas_files_of(doc, &mem), &options, &mem, &report,
                        &err));
    CHECK_I64(err.code, ERR_INVALID);
}
