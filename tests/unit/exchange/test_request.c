/* exchange: requests as HTTP has them. */
#include "tests/unit/exchange/rig.h"

static struct exchange_request request_of(struct rig *rig, const char *yaml)
{
    struct exchange_request out;
    rig_open(rig, yaml);
    exchange_request(rig->x, rig->operation, true, &rig->mem, &out, &rig->notes);
    return out;
}

static struct str header(const struct exchange_request *r, const char *name)
{
    for (size_t i = 0; i < r->header_count; i++)
        if (str_eq(r->headers[i].name, str_from(name)))
            return r->headers[i].value;
    return STR_NONE;
}

/* --- styles ------------------------------------------------------------------------------------
 */

/* OAS 3.0.4 "Style Examples", with its values. */
TEST(test_styles_write_what_the_specification_shows)
{
    static const struct {
        const char *in, *style, *value, *want;
        bool explode;
    } cases[] = {
        {"path",  "simple",         "blue",                     "/blue",                          false},
        {"path",  "simple",         "[blue, black, brown]",     "/blue,black,brown",              false},
        {"path",  "simple",         "{R: 100, G: 200, B: 150}", "/R,100,G,200,B,150",             false},
        {"path",  "simple",         "{R: 100, G: 200, B: 150}", "/R=100,G=200,B=150",             true },
        {"path",  "label",          "blue",                     "/.blue",                         false},
        {"path",  "label",          "[blue, black, brown]",     "/.blue,black,brown",             false},
        {"path",  "label",          "[blue, black, brown]",     "/.blue.black.brown",             true },
        {"path",  "label",          "{R: 100, G: 200}",         "/.R=100.G=200",                  true },
        {"path",  "matrix",         "blue",                     "/;c=blue",                       false},
        {"path",  "matrix",         "[blue, black]",            "/;c=blue,black",                 false},
        {"path",  "matrix",         "[blue, black]",            "/;c=blue;c=black",               true },
        {"path",  "matrix",         "{R: 100, G: 200}",         "/;c=R,100,G,200",                false},
        {"path",  "matrix",         "{R: 100, G: 200}",         "/;R=100;G=200",                  true },
        {"query", "form",           "blue",                     "/{c}?c=blue",                    true },
        {"query", "form",           "[blue, black]",            "/{c}?c=blue&c=black",            true },
        {"query", "form",           "[blue, black]",            "/{c}?c=blue,black",              false},
        {"query", "form",           "{R: 100, G: 200}",         "/{c}?R=100&G=200",               true },
        {"query", "form",           "{R: 100, G: 200}",         "/{c}?c=R,100,G,200",             false},
        {"query", "form",           "[]",                       "/{c}?c=",                        true },
        {"query", "spaceDelimited", "[blue, black]",            "/{c}?c=blue%20black",            false},
        {"query", "pipeDelimited",  "[blue, black]",            "/{c}?c=blue%7Cblack",            false},
        {"query", "deepObject",     "{R: 100, G: 200}",         "/{c}?c%5BR%5D=100&c%5BG%5D=200", true },
        {"query", "form",           "'a b&c=d/e?f'",            "/{c}?c=a%20b%26c%3Dd%2Fe%3Ff",   true },
        {"path",  "simple",         "'../a/\xC3\xA4'",          "/..%2Fa%2F%C3%A4",               false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        RIG rig = {0};
        bool path = strcmp(cases[i].in, "path") == 0;
        struct exchange_request r = request_of(
            &rig, arena_printf(&rig.mem,
                               "openapi: 3.0.4\npaths:\n  '/%s':\n    get:\n      parameters:\n"
                               "      - {name: c, in: %s, required: true, style: %s, explode: %s,\n"
                               "         schema: {}, example: %s}\n",
                               path ? "{c}" : "%7Bc%7D", cases[i].in, cases[i].style,
                               cases[i].explode ? "true" : "false", cases[i].value)
                      .ptr);
        struct str want = str_from(cases[i].want);
        if (!path)
            want = arena_join(&rig.mem, STR("/%7Bc%7D"), str_sub(want, 4, want.len));
        CHECK_STR(r.target, want);
        CHECK(r.missing.ptr == NULL);
    }
}

TEST(test_headers_and_cookies_are_written)
{
    RIG rig = {0};
    struct exchange_request r = request_of(
        &rig, "openapi: 3.0.4\n"
              "paths:\n"
              "  /a:\n"
              "    parameters:\n"
              "    - {name: X-Ids, in: header, schema: {type: string}, example: replaced}\n"
              "    - {name: Accept, in: header, required: true, schema: {type: string}}\n"
              "    get:\n"
              "      parameters:\n"
              "      - {name: X-Ids, in: header, schema: {type: array, items: {type: integer}},\n"
              "         example: [1, 2]}\n"
              "      - {name: s, in: cookie, schema: {type: string}, example: x}\n"
              "      - {name: t, in: cookie, schema: {type: string}, example: y z}\n"
              "      - {name: f, in: query, content: {application/json: {schema: {type: object},\n"
              "         example: {a: 1}}}}\n"
              "      responses:\n"
              "        '200': {description: d, content: {application/json: {}, text/csv: {}}}\n"
              "        '400': {description: d, content: {application/json: {}}}\n");
    CHECK_STR(header(&r, "X-Ids"), STR("1,2"));
    CHECK_STR(header(&r, "Cookie"), STR("s=x; t=y%20z"));
    CHECK_STR(header(&r, "Accept"), STR("application/json, text/csv"));
    CHECK_STR(r.target, STR("/a?f=%7B%22a%22%3A1%7D"));
}

TEST(test_documents_of_2_0)
{
    RIG rig = {0};
    struct exchange_request r = request_of(
        &rig,
        "swagger: '2.0'\n"
        "host: example.com\n"
        "basePath: /v1/\n"
        "schemes: [http]\n"
        "produces: [application/json]\n"
        "paths:\n"
        "  /a/{id}:\n"
        "    post:\n"
        "      parameters:\n"
        "      - {name: id, in: path, required: true, type: integer, minimum: 7}\n"
        "      - {name: c, in: query, type: array, items: {type: string}, collectionFormat: multi,\n"
        "         x-example: [a, b]}\n"
        "      - {name: p, in: query, type: array, items: {type: string}, collectionFormat: pipes,\n"
        "         default: [a, b]}\n"
        "      - {name: n, in: formData, type: string, required: true}\n"
        "      - {name: m, in: formData, type: integer}\n");
    CHECK_STR(r.server, STR("http://example.com/v1"));
    CHECK_STR(r.target, STR("/a/7?c=a&c=b&p=a%7Cb"));
    CHECK_STR(header(&r, "Accept"), STR("application/json"));
    CHECK(r.body != NULL && str_eq(r.body->text, STR("n=string&m=1")));
    CHECK_STR(r.body->media_type, STR("application/x-www-form-urlencoded"));
    CHECK_STR(r.made_up, STR("id"));
}

/* --- servers, credentials, bodies --------------------------------------------------------------
 */

TEST(test_servers_are_the_nearest_with_defaults)
{
    static const struct {
        const char *own, *want;
    } cases[] = {
        {"",                                                 "https://eu.example.com/v1"},
        {"      servers: [{url: 'https://own.example/'}]\n", "https://own.example"      },
        {"      servers: [{url: /}]\n",                      ""                         },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        RIG rig = {0};
        struct exchange_request r = request_of(
            &rig, arena_printf(&rig.mem,
                               "openapi: 3.1.0\n"
                               "servers:\n"
                               "- {url: 'https://{region}.example.com/{v}', variables: {region: "
                               "{default: eu}, v: {default: v1}}}\n"
                               "paths:\n  /a:\n    get:\n      operationId: a\n%s",
                               cases[i].own)
                      .ptr);
        CHECK_STR(r.server, str_from(cases[i].want));
    }
}

TEST(test_credentials_are_words_in_brackets)
{
    RIG rig = {0};
    struct exchange_request r =
        request_of(&rig, "openapi: 3.1.0\n"
                         "security: [{key: [], login: []}]\n"
                         "components:\n"
                         "  securitySchemes:\n"
                         "    key: {type: apiKey, in: query, name: api_key}\n"
                         "    login: {type: http, scheme: basic}\n"
                         "paths:\n"
                         "  /a:\n"
                         "    get: {operationId: a}\n");
    CHECK_STR(r.credential_query, STR("api_key=<key>"));
    CHECK_I64(r.credential_count, 1);
    CHECK_STR(r.credentials[0].value, STR("Basic <login>"));
    CHECK_STR(r.target, STR("/a"));
}

TEST(test_bodies_have_the_form_of_their_type)
{
    static const struct {
        const char *media_type, *content, *want;
    } cases[] = {
        {"application/json",                  "{schema: {type: integer}}",                             "1"              },
        {"application/hal+json",              "{schema: {type: integer}, example: 5}",                 "5"              },
        {"text/plain",                        "{schema: {type: string}}",                              "string"         },
        {"application/x-www-form-urlencoded",
         "{schema: {type: object, properties: {a: {const: x y}, b: {example: [1, 2]}}}}",              "a=x%20y&b=1&b=2"},
        {"application/xml",                   "{example: <a/>}",                                       "<a/>"           },
        {"application/x-ndjson",              "{itemSchema: {type: integer}}",                         "1\n"            },
        {"multipart/form-data",               "{schema: {type: object, properties: {a: {const: x}}}}",
         "--example-boundary\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n"
         "--example-boundary--\r\n"                                                                                     },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        RIG rig = {0};
        struct exchange_request r = request_of(
            &rig, arena_printf(&rig.mem,
                               "openapi: 3.2.0\npaths:\n  /a:\n    post:\n      requestBody:\n"
                               "        content:\n          %s: %s\n",
                               cases[i].media_type, cases[i].content)
                      .ptr);
        CHECK(r.body != NULL);
        CHECK_STR(r.body ? r.body->text : STR_NONE, str_from(cases[i].want));
    }
}

/* A range is sent as a type of it, unless that has a key of its own. */
TEST(test_a_range_gives_way_to_its_type)
{
    static const struct {
        const char *content, *type, *text;
        size_t count;
    } cases[] = {
        {"{'*/*': {example: 1}}",                                     "application/json",     "1", 1},
        {"{'*/*': {example: 1}, application/json: {example: 2}}",     "application/json",     "2", 1},
        {"{'*/*': {example: 1}, Application/*: {example: 2}}",        "application/json",     "2", 1},
        {"{'text/*': {example: 1}, text/csv: {example: 2}}",          "text/plain",           "1", 2},
        {"{'*/*': {example: 1}, application/json;v=1: {example: 2}}", "application/json;v=1", "2",
         1                                                                                          },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        RIG rig = {0};
        struct exchange_request r = request_of(
            &rig, arena_printf(&rig.mem,
                               "openapi: 3.1.0\npaths:\n  /a:\n    post:\n      requestBody:\n"
                               "        content: %s\n",
                               cases[i].content)
                      .ptr);
        CHECK_I64(r.body_count, cases[i].count);
        CHECK_STR(r.body ? r.body->media_type : STR_NONE, str_from(cases[i].type));
        CHECK_STR(r.body ? r.body->text : STR_NONE, str_from(cases[i].text));
    }
}

TEST(test_an_impossible_request_says_why)
{
    static const struct {
        const char *path, *parameters, *missing;
    } cases[] = {
        {"/a/{id}", "[]",                                                                           "id: the path names it, no parameter describes it"},
        {"/a/{id}", "[{name: id, in: path, required: true, schema: {type: string}, example: ''}]",
         "id: its value is empty, and would leave a gap in the path"                                                                                  },
        {"/a",
         "[{name: q, in: query, required: true, schema: {type: integer, minimum: 2, maximum: 1}}]", "q: none could be made: must be >= 2"             },
        {"/a",
         "[{name: h, in: header, required: true, schema: {type: string}, example: \"a\\nb\"}]",     "h: a header cannot carry its value"              },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        RIG rig = {0};
        struct exchange_request r = request_of(
            &rig, arena_printf(&rig.mem,
                               "openapi: 3.1.0\npaths:\n  '%s':\n    get:\n      parameters: %s\n",
                               cases[i].path, cases[i].parameters)
                      .ptr);
        CHECK_STR(r.missing, str_from(cases[i].missing));
    }
}

TEST(test_an_example_that_does_not_fit_is_noted)
{
    RIG rig = {0};
    (void)request_of(&rig, "openapi: 3.1.0\npaths:\n  /a:\n    get:\n      parameters:\n"
                           "      - {name: q, in: query, schema: {type: integer}, example: x}\n");
    CHECK_I64(rig.notes.len, 1);
    CHECK_STR(rig.notes.ptr[0].pointer, STR("#/paths/~1a/get/parameters/0/example"));
    CHECK_STR(rig.notes.ptr[0].message, STR("the example does not fit its schema: must be integer "
                                            "(#/paths/~1a/get/parameters/0/schema/type)"));
}

TEST(test_safe_methods)
{
    RIG rig = {0};
    size_t count = 0;
    rig_open(&rig, "openapi: 3.2.0\n"
                   "paths:\n"
                   "  /a:\n"
                   "    get: {}\n    head: {}\n    options: {}\n    query: {}\n"
                   "    post: {}\n    put: {}\n    patch: {}\n    delete: {}\n    trace: {}\n"
                   "    additionalOperations: {PROPFIND: {}, LOCK: {}}\n");
    const struct exchange_operation *all = exchange_operations(rig.x, &count);
    CHECK_I64(count, 11);
    for (size_t i = 0; i < count; i++)
        CHECK(all[i].safe == (i < 4 || str_eq(all[i].method, STR("PROPFIND"))));
    CHECK(exchange_find(rig.x, STR("LOCK /a")) == &all[10]);
    CHECK(exchange_find(rig.x, STR("LOCK /b")) == NULL);
}
