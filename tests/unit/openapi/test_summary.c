/* openapi: what a catalog shows of documents of every version. */
#include "catalog/openapi/openapi.h"
#include "tests/unit/test.h"

struct listed {
    struct arena mem;
    struct tree *doc;
    struct oas_summary summary;
};

static void listed_clear(struct listed *listed)
{
    arena_clear(&listed->mem);
}

static void list(struct listed *out, const char *text)
{
    struct err err = {0};
    CHECK_OK(tree_read(str_from(text), NULL, &out->mem, &out->doc, &err), &err);
    CHECK_OK(oas_summarise(oas_files_of(out->doc, &out->mem), &out->mem, &out->summary, &err),
             &err);
}

static const struct oas_operation *operation(const struct listed *listed, const char *key)
{
    static const struct oas_operation none = {0};
    for (size_t i = 0; i < listed->summary.operation_count; i++)
        if (str_eq(listed->summary.operations[i].key, str_from(key)))
            return &listed->summary.operations[i];
    printf("\nno operation %s\n", key);
    CHECK(false);
    return &none;
}

static struct str keys(struct listed *listed)
{
    VEC(struct str) all = {0};
    for (size_t i = 0; i < listed->summary.operation_count; i++) {
        vec_push(&all, &listed->mem, listed->summary.operations[i].key);
        vec_push(&all, &listed->mem, listed->summary.operations[i].servable ? STR(";") : STR("!;"));
    }
    return arena_cat(&listed->mem, all.ptr, all.len);
}

/* "name in type required" … */
static struct str parameters(struct listed *listed, const char *key)
{
    const struct oas_operation *op = operation(listed, key);
    VEC(struct str) all = {0};
    for (size_t i = 0; i < op->parameter_count; i++)
        vec_push(&all, &listed->mem,
                 arena_printf(&listed->mem, STR_FMT " " STR_FMT " " STR_FMT "%s%s;",
                              STR_ARG(op->parameters[i].name), STR_ARG(op->parameters[i].in),
                              STR_ARG(op->parameters[i].type),
                              op->parameters[i].required ? "!" : "",
                              op->parameters[i].deprecated ? "~" : ""));
    return arena_cat(&listed->mem, all.ptr, all.len);
}

static struct str security(struct listed *listed, const char *key)
{
    const struct oas_operation *op = operation(listed, key);
    VEC(struct str) all = {0};
    for (size_t i = 0; i < op->security_count; i++)
        vec_push(&all, &listed->mem,
                 arena_printf(&listed->mem, "%u " STR_FMT " (" STR_FMT ") " STR_FMT ";",
                              op->security[i].alternative, STR_ARG(op->security[i].name),
                              STR_ARG(op->security[i].kind), STR_ARG(op->security[i].scopes)));
    return arena_cat(&listed->mem, all.ptr, all.len);
}

static struct str responses(struct listed *listed, const char *key)
{
    const struct oas_operation *op = operation(listed, key);
    VEC(struct str) all = {0};
    for (size_t i = 0; i < op->response_count; i++)
        vec_push(&all, &listed->mem,
                 arena_printf(&listed->mem, STR_FMT " " STR_FMT " (" STR_FMT ");",
                              STR_ARG(op->responses[i].status),
                              STR_ARG(op->responses[i].description),
                              STR_ARG(op->responses[i].media_types)));
    return arena_cat(&listed->mem, all.ptr, all.len);
}

static size_t found(const struct listed *listed, const char *code, const char *pointer)
{
    size_t count = 0, hits = 0;
    const struct finding *all = tree_findings(listed->doc, &count);
    for (size_t i = 0; i < count; i++)
        hits += strcmp(all[i].code, code) == 0 && str_eq(all[i].pointer, str_from(pointer));
    return hits;
}

TEST(test_summary_of_2_0)
{
    CLEANUP(listed_clear) struct listed l = {0};
    list(
        &l,
        "swagger: '2.0'\n"
        "info: {title: Pets, version: 1.10, description: About}\n"
        "host: api.example.com\nbasePath: /v1\nschemes: [https, http]\nproduces: [application/json]\n"
        "securityDefinitions:\n  key: {type: apiKey, in: header, name: X-Key}\n"
        "  basic: {type: basic}\n  o: {type: oauth2}\n"
        "security: [{key: []}]\ntags: [{name: pets, description: All}]\n"
        "parameters: {limit: {name: limit, in: query, type: integer, format: int32}}\n"
        "paths:\n  x-note: 1\n  /pets:\n"
        "    parameters: [{$ref: '#/parameters/limit'}, {name: h, in: header, type: string}]\n"
        "    get:\n      operationId: listPets\n      summary: List\n      tags: [pets, all]\n"
        "      parameters: [{name: h, in: header, type: array, items: {type: string}, required: true}]\n"
        "      responses: {200: {description: ok, schema: {type: string}}, default: {description: bad}}\n"
        "    post:\n      deprecated: true\n      produces: [text/plain]\n"
        "      security: [{o: [read, write], basic: []}, {}]\n"
        "      parameters: [{name: pet, in: body, schema: {$ref: '#/definitions/Pet'}}]\n"
        "      responses: {'201': {description: made, schema: {}}}\n"
        "    trace: {}\n");
    CHECK_I64(l.summary.version, OAS_2_0);
    CHECK_STR(l.summary.info_version, STR("1.10"));
    CHECK_I64(found(&l, "number-as-text", "/info/version"), 1);
    CHECK_I64(l.summary.server_count, 2);
    CHECK_STR(l.summary.servers[0].url, STR("https://api.example.com/v1"));
    CHECK_STR(l.summary.servers[1].url, STR("http://api.example.com/v1"));
    CHECK_I64(l.summary.tag_count, 1);
    CHECK_STR(keys(&l), STR("GET /pets;POST /pets;"));
    const struct oas_operation *get = operation(&l, "GET /pets");
    CHECK_STR(get->operation_id, STR("listPets"));
    CHECK_STR(get->tags, STR("pets, all"));
    CHECK(!get->deprecated && operation(&l, "POST /pets")->deprecated);
    CHECK_STR(parameters(&l, "GET /pets"), STR("limit query integer(int32);h header string[]!;"));
    CHECK_STR(parameters(&l, "POST /pets"),
              STR("limit query integer(int32);h header string;pet body Pet;"));
    CHECK_STR(security(&l, "GET /pets"), STR("0 key (apiKey in header X-Key) ;"));
    CHECK_STR(security(&l, "POST /pets"),
              STR("0 o (oauth2) read, write;0 basic (http basic) ;1  (none) ;"));
    CHECK_STR(responses(&l, "GET /pets"), STR("200 ok (application/json);default bad ();"));
    CHECK_STR(responses(&l, "POST /pets"), STR("201 made (text/plain);"));
    CHECK_I64(tree_place_of(l.doc, get->offset).line, 19);
}

TEST(test_servers_of_2_0_without_parts)
{
    static const struct {
        const char *fields, *url;
    } cases[] = {
        {"host: a.example",              "//a.example"},
        {"host: a.example\nbasePath: /", "//a.example"},
        {"basePath: /v2",                "/v2"        },
        {"basePath: /",                  NULL         },
        {"schemes: [https]",             NULL         },
        {"schemes: [wss]\nhost: h:81",   "wss://h:81" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(listed_clear) struct listed l = {0};
        list(&l, arena_printf(&l.mem, "swagger: '2.0'\n%s\n", cases[i].fields).ptr);
        CHECK_I64(l.summary.server_count, cases[i].url != NULL);
        if (l.summary.server_count == 1)
            CHECK_STR(l.summary.servers[0].url, str_from(cases[i].url));
    }
}

TEST(test_summary_of_3_1)
{
    CLEANUP(listed_clear) struct listed l = {0};
    list(
        &l,
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n"
        "servers: [{url: 'https://{env}.example.com', description: Main}]\n"
        "security: [{bearer: []}]\n"
        "paths:\n  /a/{id}:\n    $ref: '#/components/pathItems/A'\n"
        "    get: {operationId: own, security: []}\n"
        "  /b:\n    post:\n      requestBody: {$ref: '#/components/requestBodies/B'}\n"
        "      responses: {2XX: {$ref: '#/components/responses/R'}}\n"
        "    query: {}\n    additionalOperations: {COPY: {}}\n"
        "components:\n"
        "  pathItems:\n    A:\n      parameters: [{name: id, in: path, required: true, schema: {type: [string, 'null']}}]\n"
        "      get: {operationId: other}\n      put: {operationId: put}\n"
        "  requestBodies: {B: {required: true, description: The pet, content: {x-no: 1, application/json: {schema: {oneOf: [{$ref: '#/components/schemas/Cat'}, {type: array, items: {anyOf: [{type: integer, format: int64}, {type: string}]}}]}}}}}\n"
        "  responses: {R: {description: Fine, content: {application/json: {}, text/csv: {}}}}\n"
        "  securitySchemes: {bearer: {type: http, scheme: bearer}}\n"
        "  schemas: {Cat: {type: object}}\n"
        "webhooks: {new: {post: {}}, old: {post: {}}}\n");
    CHECK_I64(l.summary.version, OAS_3_1);
    CHECK_STR(l.summary.servers[0].url, STR("https://{env}.example.com"));
    CHECK_STR(keys(&l), STR("GET /a/{id};PUT /a/{id};POST /b;"));
    CHECK_STR(operation(&l, "GET /a/{id}")->operation_id, STR("own"));
    CHECK_STR(parameters(&l, "GET /a/{id}"), STR("id path string!;"));
    CHECK_STR(parameters(&l, "PUT /a/{id}"), STR("id path string!;"));
    CHECK_STR(security(&l, "GET /a/{id}"), STR(""));
    CHECK_STR(security(&l, "PUT /a/{id}"), STR("0 bearer (http bearer) ;"));
    CHECK_STR(parameters(&l, "POST /b"), STR("body body Cat | (integer(int64) | string)[]!;"));
    CHECK_STR(responses(&l, "POST /b"), STR("2XX Fine (application/json, text/csv);"));
    CHECK_I64(l.summary.webhook_count, 2);
}

TEST(test_summary_of_3_2_lists_query_and_additional_operations)
{
    CLEANUP(listed_clear) struct listed l = {0};
    list(
        &l,
        "openapi: 3.2.0\ninfo: {title: T, version: '1'}\npaths:\n  /s:\n"
        "    query: {summary: ask, requestBody: {content: {application/jsonl: {itemSchema: {$ref: '#/components/schemas/Row'}}}}}\n"
        "    additionalOperations: {COPY: {}, Frob: {}, post: 5, GET: {}}\n"
        "    trace: {}\n");
    CHECK_STR(keys(&l), STR("QUERY /s!;COPY /s;Frob /s!;GET /s!;TRACE /s;"));
    CHECK_STR(parameters(&l, "QUERY /s"), STR("body body stream of Row;"));
    CHECK_I64(found(&l, "method-form", "/paths/~1s/additionalOperations/GET"), 1);
    CHECK_I64(found(&l, "wrong-type", "/paths/~1s/additionalOperations/post"), 1);
}

TEST(test_versions_are_told_apart)
{
    static const struct {
        const char *text;
        enum oas_version version;
        bool finding;
    } cases[] = {
        {"swagger: '2.0'",     OAS_2_0,     false},
        {"swagger: 2.0",       OAS_2_0,     true },
        {"swagger: 2",         OAS_2_0,     true },
        {"openapi: 3.0.3",     OAS_3_0,     false},
        {"openapi: 3.1",       OAS_3_1,     true },
        {"openapi: 3.0.0-rc1", OAS_3_0,     true },
        {"openapi: '3.2.0'",   OAS_3_2,     false},
        {"openapi: 4.0",       OAS_UNKNOWN, false},
        {"openapi: 3.3.0",     OAS_UNKNOWN, false},
        {"openapi: 3.10.0",    OAS_UNKNOWN, false},
        {"swagger: '1.2'",     OAS_UNKNOWN, false},
        {"openapi: '2.0'",     OAS_UNKNOWN, false},
        {"openapi: [3]",       OAS_UNKNOWN, false},
        {"title: x",           OAS_UNKNOWN, false},
        {"just text",          OAS_UNKNOWN, false},
        {"[]",                 OAS_UNKNOWN, false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        struct tree *doc = NULL;
        struct oas_summary summary = {0};
        struct err err = {0};
        CHECK_OK(tree_read(str_from(cases[i].text), NULL, &mem, &doc, &err), &err);
        bool ok = oas_summarise(oas_files_of(doc, &mem), &mem, &summary, &err);
        CHECK_I64(ok, cases[i].version != OAS_UNKNOWN);
        CHECK_I64(summary.version, cases[i].version);
        CHECK(ok || (err.code == ERR_INVALID && err.hint[0] != '\0'));
        size_t count = 0, forms = 0;
        const struct finding *all = tree_findings(doc, &count);
        for (size_t k = 0; k < count; k++)
            forms += strcmp(all[k].code, "version-form") == 0;
        CHECK_I64(forms, cases[i].finding);
    }
}

TEST(test_unknown_version_names_its_place)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct tree *doc = NULL;
    struct oas_summary summary;
    struct err err = {0};
    CHECK_OK(tree_read(STR("info: {}\nopenapi: 4.0\n"), NULL, &mem, &doc, &err), &err);
    CHECK(!oas_summarise(oas_files_of(doc, &mem), &mem, &summary, &err));
    CHECK_STR(str_from(err.where), STR("line 2 column 10"));
}

TEST(test_what_is_missing_or_malformed_becomes_a_finding)
{
    static const struct {
        const char *text, *code, *pointer;
    } cases[] = {
        {"openapi: 3.0.0",                                                  "missing-field",     "/info"          },
        {"openapi: 3.0.0\ninfo: {version: '1'}",                            "missing-field",     "/info/title"    },
        {"openapi: 3.0.0",                                                  "no-paths",          "/paths"         },
        {"openapi: 3.1.0\npaths: 5",                                        "no-paths",          "/paths"         },
        {"openapi: 3.0.0\nswagger: '2.0'",                                  "two-versions",      "/swagger"       },
        {"openapi: 3.0.0\nservers: {}",                                     "wrong-type",        "/servers"       },
        {"openapi: 3.0.0\npaths: {pets: {}}",                               "path-form",         "/paths/pets"    },
        {"openapi: 3.0.0\npaths: {/p: 1}",                                  "wrong-type",        "/paths/~1p"     },
        {"openapi: 3.0.0\npaths: {/p: {get: 1}}",                           "wrong-type",        "/paths/~1p/get" },
        {"openapi: 3.0.0\npaths: {/p: {$ref: '#/x'}}",                      "broken-reference",  "/paths/~1p/$ref"},
        {"openapi: 3.0.0\npaths: {/p: {$ref: 'p.yaml'}}",                   "outside-reference", "/paths/~1p/$ref"},
        {"openapi: 3.0.0\npaths: {/p: {get: {parameters: [{in: query}]}}}", "missing-field",
         "/paths/~1p/get/parameters/0/name"                                                                       },
        {"openapi: 3.0.0\npaths: {/p: {get: {security: [{k: []}]}}}",       "unknown-security",
         "/paths/~1p/get/security/0/k"                                                                            },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(listed_clear) struct listed l = {0};
        list(&l, cases[i].text);
        CHECK_I64(found(&l, cases[i].code, cases[i].pointer), 1);
        struct err err = {0};
        CHECK_OK(oas_summarise(oas_files_of(l.doc, &l.mem), &l.mem, &l.summary, &err), &err);
        CHECK_I64(found(&l, cases[i].code, cases[i].pointer), 1); /* once, also when listed again */
    }
    CLEANUP(listed_clear) struct listed l = {0};
    list(&l, "openapi: 3.1.0\nwebhooks: {}");
    CHECK_I64(found(&l, "no-paths", "/paths"), 0);
}

/* 2,000 paths share one item of 900 parameters: 1.8 million rows out of 90 kB. */
TEST(test_shared_parts_cannot_blow_up_the_list)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf text = {0};
    struct tree *doc = NULL;
    struct oas_summary summary = {0};
    struct err err = {0};
    buf_add(
        &text,
        STR("openapi: 3.1.0\ncomponents:\n  pathItems:\n    P:\n      get: {}\n      parameters:\n"));
    for (int i = 0; i < 900; i++)
        buf_printf(&text, "      - {name: p%d, in: query}\n", i);
    buf_add(&text, STR("paths:\n"));
    for (int i = 0; i < 2000; i++)
        buf_printf(&text, "  /p%d: {$ref: '#/components/pathItems/P'}\n", i);
    CHECK_OK(tree_read(buf_str(&text), NULL, &mem, &doc, &err), &err);
    CHECK(!oas_summarise(oas_files_of(doc, &mem), &mem, &summary, &err));
    CHECK_I64(err.code, ERR_LIMIT);
    CHECK(mem.used_bytes < (size_t)40 << 20);
}

/* 5,000 paths share one response whose 9,000 media types are all extensions: nothing to list. */
TEST(test_shared_parts_cannot_stall_the_list)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf text = {0};
    struct tree *doc = NULL;
    struct oas_summary summary = {0};
    struct err err = {0};
    buf_add(&text, STR("openapi: 3.1.0\ncomponents:\n  responses:\n    R:\n      content:\n"));
    for (int i = 0; i < 9000; i++)
        buf_printf(&text, "        x-%d: 1\n", i);
    buf_add(&text, STR("paths:\n"));
    for (int i = 0; i < 5000; i++)
        buf_printf(&text, "  /p%d: {get: {responses: {200: {$ref: '#/components/responses/R'}}}}\n",
                   i);
    CHECK_OK(tree_read(buf_str(&text), NULL, &mem, &doc, &err), &err);
    CHECK(!oas_summarise(oas_files_of(doc, &mem), &mem, &summary, &err));
    CHECK_I64(err.code, ERR_LIMIT);
}

/* --- several files ---------------------------------------------------------------------------- */

static bool load_text(void *context, struct str path, struct arena *mem, struct str *bytes,
                      struct err *err)
{
    static const struct {
        const char *path, *text;
    } texts[] = {
        {"openapi.yaml",    "openapi: 3.1.0\n"
                         "info: {title: T, version: '1'}\n"
                         "security: [{key: []}]\n"
                         "components:\n"
                         "  securitySchemes: {key: {$ref: 'shared.yaml#/key'}}\n"
                         "paths:\n"
                         "  /pets: {$ref: 'paths/pets.yaml'}\n"
                         "  /gone: {$ref: 'paths/gone.yaml'}\n"                 },
        {"paths/pets.yaml", "parameters: [{$ref: '../shared.yaml#/limit'}]\n"
                            "get:\n"
                            "  operationId: listPets\n"
                            "  requestBody: {$ref: '../shared.yaml#/body'}\n"
                            "  responses: {'200': {$ref: '../shared.yaml#/fine'}}\n"
                            "post: {operationId: 7}\n"                       },
        {"shared.yaml",     "key: {type: http, scheme: bearer}\n"
                        "limit: {name: limit, in: query, schema: {type: integer}}\n"
                        "body: {content: {application/json: {schema: {type: string}}}}\n"
                        "fine: {description: Fine., content: {text/plain: {}}}\n"},
    };
    UNUSED(context);
    UNUSED(mem);
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (str_eq(path, str_from(texts[i].path))) {
            *bytes = str_from(texts[i].text);
            return true;
        }
    return fail(err, ERR_NOT_FOUND, "", "there is no such file");
}

static int64_t notes_of(const struct tree *doc, const char *code)
{
    size_t count = 0;
    int64_t found = 0;
    const struct finding *all = tree_findings(doc, &count);
    for (size_t i = 0; i < count; i++)
        found += strcmp(all[i].code, code) == 0;
    return found;
}

TEST(test_operations_in_other_files_are_listed_with_what_they_lead_to)
{
    CLEANUP(listed_clear) struct listed l = {0};
    const struct oas_files_config config = {.load = load_text};
    struct oas_files *files = NULL;
    struct err err = {0};
    CHECK_OK(oas_files_open(&config, STR("openapi.yaml"), &l.mem, &files, &err), &err);
    CHECK_OK(oas_summarise(files, &l.mem, &l.summary, &err), &err);
    CHECK_STR(keys(&l), STR("GET /pets;POST /pets;"));
    const struct oas_operation *get = operation(&l, "GET /pets");
    const struct oas_file *pets = oas_file_of(files, get->doc);
    CHECK_STR(pets->path, STR("paths/pets.yaml"));
    CHECK_I64(tree_place_of(get->doc, get->offset).line, 3);
    CHECK_STR(parameters(&l, "GET /pets"), STR("limit query integer;body body string;"));
    CHECK_I64(get->response_count, 1);
    CHECK_STR(get->responses[0].description, STR("Fine."));
    CHECK_STR(get->responses[0].media_types, STR("text/plain"));
    CHECK_I64(get->security_count, 1);
    CHECK_STR(get->security[0].kind, STR("http bearer"));
    /* What is wrong is told where it stands. */
    CHECK_I64(notes_of(pets->doc, "number-as-text"), 1);
    CHECK_I64(notes_of(oas_file_at(files, 0)->doc, "number-as-text"), 0);
    CHECK_I64(notes_of(oas_file_at(files, 0)->doc, "outside-reference"), 1);
    CHECK_OK(oas_summarise(files, &l.mem, &l.summary, &err), &err);
    CHECK_I64(notes_of(pets->doc, "number-as-text"), 1);
}
