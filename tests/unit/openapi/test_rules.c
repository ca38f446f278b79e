/* openapi: what the specification asks for besides the grammar; each rule broken once. */
#include "catalog/openapi/openapi.h"
#include "tests/unit/test.h"

#define HEAD_2  "swagger: '2.0'\ninfo: {title: T, version: '1'}\n"
#define HEAD_30 "openapi: 3.0.4\ninfo: {title: T, version: '1'}\n"
#define HEAD_31 "openapi: 3.1.1\ninfo: {title: T, version: '1'}\n"
#define HEAD_32 "openapi: 3.2.0\ninfo: {title: T, version: '1'}\n"
#define OK_200  "responses: {'200': {description: fine}}"

static struct tree *read_text(struct arena *mem, const char *text)
{
    struct tree *doc = NULL;
    struct err err = {0};
    CHECK_OK(tree_read(str_from(text), NULL, mem, &doc, &err), &err);
    return doc;
}

static const struct tree *validate(struct arena *mem, const char *text)
{
    struct tree *doc = read_text(mem, text);
    struct err err = {0};
    CHECK_OK(oas_validate(oas_files_of(doc, mem), NULL, &err), &err);
    return doc;
}

static void print_all(const struct tree *doc)
{
    size_t count = 0;
    const struct finding *all = tree_findings(doc, &count);
    for (size_t i = 0; i < count; i++)
        printf("\n   %s " STR_FMT ": " STR_FMT, all[i].code, STR_ARG(all[i].pointer),
               STR_ARG(all[i].message));
}

/* The only finding, and where. */
static void check_only(const char *text, const char *code, const char *pointer,
                       enum severity severity)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    size_t count = 0;
    const struct tree *doc = validate(&mem, text);
    const struct finding *all = tree_findings(doc, &count);
    bool right = count == 1 && strcmp(all[0].code, code) == 0 &&
                 str_eq(all[0].pointer, str_from(pointer)) && all[0].severity == severity;
    CHECK(right);
    if (right)
        return;
    printf("\nwanted %s %s in\n%s", code, pointer, text);
    print_all(doc);
}

static void check_clean(const char *text)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    size_t count = 0;
    const struct tree *doc = validate(&mem, text);
    (void)tree_findings(doc, &count);
    CHECK_I64(count, 0);
    if (count > 0)
        print_all(doc);
}

TEST(test_repeated_entries_are_told_in_the_order_of_the_list)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    static const char *const pointers[] = {"/schemes/2", "/schemes/4", "/schemes/5"};
    size_t count = 0;
    const struct tree *doc =
        validate(&mem, HEAD_2 "schemes: [ws, http, http, https, http, ws]\npaths: {}\n");
    const struct finding *all = tree_findings(doc, &count);
    CHECK_I64(count, COUNT_OF(pointers));
    for (size_t i = 0; i < count && i < COUNT_OF(pointers); i++)
        CHECK_STR(all[i].pointer, str_from(pointers[i]));
}

/* --- paths and parameters ----------------------------------------------------------------------
 */

/* A path item that stands elsewhere is judged by each path that refers to it. */
TEST(test_path_templates_fit_what_path_items_refer_to)
{
#define ITEMS                                                                                     \
    "components:\n  pathItems:\n    None: {get: {" OK_200 "}}\n"                                  \
    "    Id: {parameters: [{name: id, in: path, required: true, schema: {}}], get: {" OK_200      \
    "}}\n    One: {get: {parameters: [{name: id, in: path, required: true, schema: {}}], " OK_200 \
    "}, put: {" OK_200 "}}\n    Far: {$ref: '#/components/pathItems/Id'}\n"
#define ID "parameters: [{name: id, in: path, required: true, schema: {}}]"
    static const struct {
        const char *item, *code; /* of /a/{id}; code NULL: nothing to tell */
    } cases[] = {
        {"{$ref: '#/components/pathItems/None'}",                           "path-parameter-missing"},
        {"{$ref: '#/components/pathItems/None', " ID "}",                   NULL                    },
        {"{$ref: '#/components/pathItems/Id'}",                             NULL                    },
        {"{$ref: '#/components/pathItems/Id', put: {" OK_200 "}}",          NULL                    },
        {"{$ref: '#/components/pathItems/Far'}",                            NULL                    },
        {"{$ref: '#/components/pathItems/One'}",                            "path-parameter-missing"},
        {"{$ref: '#/components/pathItems/One', put: {" ID ", " OK_200 "}}", NULL                    },
        {"{$ref: '#/components/pathItems/Id', parameters: []}",             "path-parameter-missing"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        struct str text =
            arena_printf(&mem, HEAD_31 "paths:\n  /a/{id}: %s\n" ITEMS, cases[i].item);
        if (cases[i].code != NULL)
            check_only(text.ptr, cases[i].code, "/paths/~1a~1{id}/$ref", SEVERITY_ERROR);
        else
            check_clean(text.ptr);
    }
    check_only(HEAD_31 "paths:\n  /a: {$ref: '#/components/pathItems/Far'}\n" ITEMS,
               "path-parameter-unused", "/paths/~1a/$ref", SEVERITY_ERROR);
    check_only(HEAD_31 "paths:\n  /a: {$ref: '#/components/pathItems/One'}\n" ITEMS,
               "path-parameter-unused", "/paths/~1a/$ref", SEVERITY_ERROR);
#undef ID
#undef ITEMS
}

TEST(test_path_templates_and_parameters_fit_each_other)
{
    check_clean(HEAD_31 "paths:\n  /a/{id}:\n    get:\n      parameters: [{name: id, in: path, "
                        "required: true, schema: {type: string}}]\n      " OK_200 "\n");
    check_clean(HEAD_31
                "paths:\n  /a/{id}:\n    parameters: [{$ref: '#/components/parameters/P'}]\n"
                "    get: {" OK_200 "}\ncomponents:\n  parameters:\n    P: {name: id, in: "
                "path, required: true, schema: {type: string}}\n");
    check_only(HEAD_31 "paths:\n  /a/{id}:\n    get: {" OK_200 "}\n", "path-parameter-missing",
               "/paths/~1a~1{id}/get", SEVERITY_ERROR);
    check_only(HEAD_31 "paths:\n  /a:\n    get:\n      parameters: [{name: id, in: path, required: "
                       "true, schema: {type: string}}]\n      " OK_200 "\n",
               "path-parameter-unused", "/paths/~1a/get/parameters/0", SEVERITY_ERROR);
    check_only(HEAD_31 "paths:\n  /a/{x}/b: {}\n  /a/{y}/b: {}\n", "path-repeated",
               "/paths/~1a~1{y}~1b", SEVERITY_ERROR);
    check_only(HEAD_31 "paths: {'/a/{b': {}}\n", "path-form", "/paths/~1a~1{b", SEVERITY_ERROR);
    check_only(HEAD_31 "paths:\n  /a:\n    get:\n      parameters:\n"
                       "        - {name: q, in: query, schema: {}}\n"
                       "        - {name: q, in: header, schema: {}}\n"
                       "        - {name: q, in: query, schema: {}}\n      " OK_200 "\n",
               "parameter-repeated", "/paths/~1a/get/parameters/2", SEVERITY_ERROR);
    check_only(HEAD_2 "paths:\n  /a:\n    post:\n      parameters:\n"
                      "        - {name: b, in: body, schema: {}}\n"
                      "        - {name: f, in: formData, type: string}\n      " OK_200 "\n",
               "body-repeated", "/paths/~1a/post/parameters", SEVERITY_ERROR);
    check_only(HEAD_31 "paths: {}\ncomponents:\n  parameters:\n    P: {name: 'a b', in: header, "
                       "schema: {}}\n",
               "header-name", "/components/parameters/P/name", SEVERITY_ERROR);
}

TEST(test_operation_ids_are_unique_also_in_webhooks_and_callbacks)
{
    check_only(HEAD_31 "paths:\n  /a:\n    get: {operationId: x, " OK_200 "}\nwebhooks:\n  w:\n"
                       "    post: {operationId: x, " OK_200 "}\n",
               "operation-id-repeated", "/webhooks/w/post/operationId", SEVERITY_ERROR);
    check_only(HEAD_32 "paths:\n  /a:\n    query: {operationId: x, " OK_200 "}\n"
                       "    additionalOperations: {COPY: {operationId: x, " OK_200 "}}\n",
               "operation-id-repeated", "/paths/~1a/additionalOperations/COPY/operationId",
               SEVERITY_ERROR);
}

/* --- references --------------------------------------------------------------------------------
 */

TEST(test_references_lead_somewhere_and_to_the_right_thing)
{
    check_only(HEAD_30 "paths: {}\ncomponents: {schemas: {A: {$ref: '#/components/schemas/B'}}}\n",
               "broken-reference", "/components/schemas/A/$ref", SEVERITY_ERROR);
    check_only(HEAD_30 "paths: {}\ncomponents:\n  schemas: {A: {type: object}}\n"
                       "  responses: {R: {$ref: '#/components/schemas/A'}}\n",
               "reference-kind", "/components/responses/R/$ref", SEVERITY_ERROR);
    check_only(HEAD_31 "paths: {}\ncomponents: {parameters: {P: {$ref: "
                       "'#/components/parameters/P'}}}\n",
               "broken-reference", "/components/parameters/P/$ref", SEVERITY_ERROR);
    check_only(HEAD_30 "paths: {}\ncomponents: {schemas: {A: {$ref: 'https://x.example/a'}}}\n",
               "outside-reference", "/components/schemas/A/$ref", SEVERITY_INFO);
    check_only(HEAD_30 "paths: {}\ncomponents:\n  schemas: {A: {}, B: {$ref: "
                       "'#/components/schemas/A', title: T}}\n",
               "ignored-siblings", "/components/schemas/B/title", SEVERITY_WARN);
    check_clean(HEAD_31 "paths: {}\ncomponents:\n  schemas: {A: {}, B: {$ref: "
                        "'#/components/schemas/A', title: T}}\n");
    check_clean(HEAD_32
                "$self: https://a.example/api\npaths: {}\ncomponents:\n  schemas: {A: {}, B: "
                "{$ref: 'https://a.example/api#/components/schemas/A'}}\n");
    check_only(HEAD_32 "$self: 'https://a.example/api#x'\npaths: {}\n", "wrong-value", "/$self",
               SEVERITY_ERROR);
}

/* What stands nowhere in the grammar is judged as what its reference makes of it. */
TEST(test_targets_outside_of_components_are_judged)
{
    check_only(HEAD_31 "paths: {}\nx-own: {S: {type: strin}}\ncomponents: {schemas: {A: {$ref: "
                       "'#/x-own/S'}}}\n",
               "wrong-value", "/x-own/S/type", SEVERITY_ERROR);
}

TEST(test_a_circle_of_references_ends)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    size_t count = 0;
    const struct tree *doc = validate(
        &mem, HEAD_30 "paths: {}\ncomponents:\n  schemas:\n    A: {$ref: "
                      "'#/components/schemas/B'}\n    B: {$ref: '#/components/schemas/A'}\n"
                      "    C: {type: object, properties: {c: {$ref: "
                      "'#/components/schemas/C'}}, example: {c: {c: 1}}}\n");
    const struct finding *all = tree_findings(doc, &count);
    CHECK_I64(count, 2);
    CHECK_STR(all[0].pointer, STR("/components/schemas/B/$ref"));
    CHECK_STR(all[1].pointer, STR("/components/schemas/C/example/c/c"));
}

/* --- tags, security, servers -------------------------------------------------------------------
 */

TEST(test_tags_have_one_declaration_and_a_parent_that_is_there)
{
    check_only(HEAD_31 "paths: {}\ntags: [{name: a}, {name: b}, {name: a}]\n", "tag-repeated",
               "/tags/2", SEVERITY_ERROR);
    check_only(HEAD_32 "paths: {}\ntags: [{name: a, parent: b}]\n", "tag-parent", "/tags/0/parent",
               SEVERITY_ERROR);
    check_only(HEAD_32 "paths: {}\ntags: [{name: a, parent: a}]\n", "tag-parent", "/tags/0/parent",
               SEVERITY_ERROR);
    check_clean(HEAD_32 "paths: {}\ntags: [{name: a, parent: b}, {name: b}]\n");
}

TEST(test_security_names_schemes_and_scopes_that_are_there)
{
#define SCHEMES                                                                      \
    "components:\n  securitySchemes:\n    key: {type: apiKey, name: k, in: query}\n" \
    "    oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: /t, scopes: {read: r}}}}\n"
    check_clean(HEAD_30 "paths: {}\nsecurity: [{oauth: [read]}, {key: []}, {}]\n" SCHEMES);
    check_only(HEAD_30 "paths: {}\nsecurity: [{other: []}]\n" SCHEMES, "unknown-security",
               "/security/0/other", SEVERITY_WARN);
    check_only(HEAD_30 "paths: {}\nsecurity: [{oauth: [write]}]\n" SCHEMES, "unknown-scope",
               "/security/0/oauth/0", SEVERITY_WARN);
    check_only(HEAD_30 "paths: {}\nsecurity: [{key: [read]}]\n" SCHEMES, "scopes-without-oauth",
               "/security/0/key", SEVERITY_ERROR);
    check_clean(HEAD_31 "paths: {}\nsecurity: [{key: [role]}]\n" SCHEMES);
}

TEST(test_server_variables_fit_the_url)
{
    check_only(HEAD_31 "paths: {}\nservers: [{url: 'https://{a}.example'}]\n",
               "server-variable-missing", "/servers/0/url", SEVERITY_ERROR);
    check_only(HEAD_31 "paths: {}\nservers: [{url: /, variables: {a: {default: b}}}]\n",
               "server-variable-unused", "/servers/0/variables", SEVERITY_WARN);
    check_only(HEAD_31
               "paths: {}\nservers: [{url: '/{a}', variables: {a: {default: b, enum: [c]}}}]\n",
               "server-variable-default", "/servers/0/variables/a/default", SEVERITY_ERROR);
    check_only(HEAD_30
               "paths: {}\nservers: [{url: '/{a}', variables: {a: {default: b, enum: [c]}}}]\n",
               "server-variable-default", "/servers/0/variables/a/default", SEVERITY_WARN);
}

/* --- links, discriminators ---------------------------------------------------------------------
 */

TEST(test_links_and_mappings_lead_somewhere)
{
    check_only(HEAD_31 "paths: {}\ncomponents: {links: {L: {operationId: nope}}}\n", "link-target",
               "/components/links/L/operationId", SEVERITY_ERROR);
    check_only(HEAD_31 "paths: {}\ncomponents: {links: {L: {operationRef: '#/paths/~1a/get'}}}\n",
               "broken-reference", "/components/links/L/operationRef", SEVERITY_ERROR);
    check_only(HEAD_31 "paths: {}\ncomponents:\n  schemas:\n    A: {type: object}\n    B:\n"
                       "      oneOf: [{$ref: '#/components/schemas/A'}]\n"
                       "      discriminator: {propertyName: k, mapping: {a: A, b: "
                       "'#/components/schemas/A', c: C}}\n",
               "discriminator-mapping", "/components/schemas/B/discriminator/mapping/c",
               SEVERITY_ERROR);
    check_only(HEAD_2
               "paths: {}\ndefinitions: {A: {type: object, discriminator: k, properties: {k: "
               "{type: string}}}}\n",
               "discriminator-property", "/definitions/A/discriminator", SEVERITY_WARN);
}

/* --- examples ----------------------------------------------------------------------------------
 */

TEST(test_examples_fit_their_schemas)
{
    check_only(HEAD_30 "paths: {}\ncomponents: {schemas: {A: {type: integer, example: x}}}\n",
               "example-invalid", "/components/schemas/A/example", SEVERITY_WARN);
    check_clean(HEAD_30 "paths: {}\ncomponents: {schemas: {A: {type: integer, nullable: true, "
                        "example: null}}}\n");
    check_only(HEAD_31 "paths: {}\ncomponents: {schemas: {A: {type: integer, examples: [1, x]}}}\n",
               "example-invalid", "/components/schemas/A/examples/1", SEVERITY_WARN);
    check_only(HEAD_31
               "paths: {}\ncomponents:\n  schemas: {A: {type: object, properties: {n: {type: "
               "integer}}}}\n  requestBodies:\n    B:\n      content:\n"
               "        application/json:\n"
               "          schema: {$ref: '#/components/schemas/A'}\n"
               "          examples: {e: {$ref: '#/components/examples/E'}}\n"
               "  examples: {E: {value: {n: x}}}\n",
               "example-invalid", "/components/examples/E/value/n", SEVERITY_WARN);
    check_clean(HEAD_31 "paths: {}\ncomponents:\n  requestBodies:\n    B:\n      content:\n"
                        "        text/csv: {schema: {type: array}, example: 'a,b'}\n");
}

TEST(test_examples_of_requests_may_lack_what_is_read_only)
{
#define A_SCHEMA                                                                                \
    "paths: {}\ncomponents:\n  schemas:\n    A: {type: object, required: [id, w], properties: " \
    "{id: {type: string, readOnly: true}, w: {type: string, writeOnly: true}}}\n"
    check_clean(HEAD_30 A_SCHEMA
                "  requestBodies: {B: {content: {application/json: {schema: {$ref: "
                "'#/components/schemas/A'}, example: {w: x}}}}}\n");
    check_clean(HEAD_30 A_SCHEMA
                "  responses: {B: {description: d, content: {application/json: {schema: "
                "{$ref: '#/components/schemas/A'}, example: {id: x}}}}}\n");
}

#define SCHEMAS  "paths: {}\ncomponents:\n  schemas:\n"
#define TO(name) "{$ref: '#/components/schemas/" name "'}"

TEST(test_circles_that_nothing_can_end)
{
    static const struct {
        const char *head, *schemas, *pointer; /* NULL: some value ends it */
    } cases[] = {
        {HEAD_30, "    A: {type: object, required: [n], properties: {n: " TO("A") "}}\n",
         "A/properties/n/$ref"                                                                                      },
        {HEAD_30, "    A: {type: object, properties: {n: " TO("A") "}}\n",                          NULL            },
        {HEAD_30, "    A: {required: [n], properties: {n: " TO("A") "}}\n",                         NULL            },
        {HEAD_30,
         "    A: {type: object, nullable: true, required: [n], properties: {n: " TO("A") "}}\n",
         NULL                                                                                                       },
        {HEAD_31, "    A: {type: [object, 'null'], required: [n], properties: {n: " TO("A") "}}\n",
         NULL                                                                                                       },
        {HEAD_31, "    A: {type: [object], required: [n], properties: {n: " TO("A") "}}\n",
         "A/properties/n/$ref"                                                                                      },
        {HEAD_30,
         "    A: {type: object, required: [b], properties: {b: " TO(
             "B") "}}\n"
                  "    B: {type: array, minItems: 1, items: " TO("A") "}\n",
         "B/items/$ref"                                                                                             },
        {HEAD_30,
         "    A: {type: object, required: [b], properties: {b: " TO(
             "B") "}}\n"
                  "    B: {type: array, items: " TO("A") "}\n",
         NULL                                                                                                       },
        {HEAD_30, "    A: {allOf: [{type: string}, " TO("A") "]}\n",                                "A/allOf/1/$ref"},
        {HEAD_30,
         "    A: {oneOf: [{type: string}, " TO(
             "B") "]}\n"
                  "    B: {type: object, required: [a], properties: {a: " TO("A") "}}\n",
         NULL                                                                                                       },
        {HEAD_31,
         "    A: {type: object, required: [p], properties: {p: {$ref: '#/components/schemas/A/properties/q'}, q: " TO(
             "A") "}}\n",
         "A/properties/q/$ref"                                                                                      },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        const char *text =
            arena_printf(&mem, "%s" SCHEMAS "%s", cases[i].head, cases[i].schemas).ptr;
        if (cases[i].pointer == NULL)
            check_clean(text);
        else
            check_only(text, "endless-schema",
                       arena_printf(&mem, "/components/schemas/%s", cases[i].pointer).ptr,
                       SEVERITY_WARN);
    }
}

TEST(test_long_chains_of_demands_end)
{
    CLEANUP(buf_clear) struct buf text = {0};
    buf_add(&text, STR(HEAD_30 SCHEMAS));
    for (int i = 0; i < 20000; i++)
        buf_printf(&text, "    A%d: {allOf: [{$ref: '#/components/schemas/A%d'}]}\n", i,
                   (i + 1) % 20000);
    buf_add_char(&text, '\0');
    check_only(text.ptr, "endless-schema", "/components/schemas/A19999/allOf/0/$ref",
               SEVERITY_WARN);
}

TEST(test_findings_are_bounded_and_not_told_twice)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf text = {0};
    size_t count = 0;
    buf_add(&text, STR(HEAD_30 "paths: {}\ncomponents:\n  schemas:\n"));
    for (int i = 0; i < 3000; i++)
        buf_printf(&text, "    A%d: {type: strin, wrong: 1}\n", i);
    buf_add_char(&text, '\0');
    struct tree *doc = read_text(&mem, text.ptr ? text.ptr : "");
    struct oas_summary summary;
    struct err err = {0};
    CHECK_OK(oas_summarise(oas_files_of(doc, &mem), &mem, &summary, &err), &err);
    CHECK_OK(oas_validate(oas_files_of(doc, &mem), NULL, &err), &err);
    (void)tree_findings(doc, &count);
    CHECK_I64(count, 1001);
    doc = read_text(&mem, HEAD_30 "paths: {}\nservers: [{description: d}]\n");
    CHECK_OK(oas_summarise(oas_files_of(doc, &mem), &mem, &summary, &err), &err);
    CHECK_OK(oas_validate(oas_files_of(doc, &mem), NULL, &err), &err);
    (void)tree_findings(doc, &count);
    CHECK_I64(count, 1);
}
