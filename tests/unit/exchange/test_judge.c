/* exchange: answers judged by the document. */
#include "tests/unit/exchange/rig.h"

static const char document[] =
    "openapi: 3.1.0\n"
    "paths:\n"
    "  /a:\n"
    "    get:\n"
    "      responses:\n"
    "        '200':\n"
    "          description: d\n"
    "          headers:\n"
    "            X-Total: {required: true, schema: {type: integer, minimum: 1}}\n"
    "            X-Tags: {schema: {type: array, items: {type: string, maxLength: 2}}}\n"
    "          content:\n"
    "            application/json: {schema: {$ref: '#/components/schemas/Pet'}}\n"
    "            text/*: {}\n"
    "        '204': {description: d}\n"
    "        4XX: {description: d, content: {application/problem+json: {schema: {type: object}}}}\n"
    "components:\n"
    "  schemas:\n"
    "    Pet: {type: object, required: [id], properties: {id: {type: integer}, born: {type: string,\n"
    "      format: date}, secret: {type: string, writeOnly: true}}}\n";

struct came {
    int status;
    const char *type, *total, *body;
};

static exchange_problems judge(struct rig *rig, const struct came *came)
{
    struct exchange_header headers[3];
    struct exchange_answer answer = {
        .status = came->status, .headers = headers, .body = str_from(came->body)};
    exchange_problems out = {0};
    if (came->type != NULL)
        headers[answer.header_count++] =
            (struct exchange_header){STR("content-type"), str_from(came->type)};
    if (came->total != NULL)
        headers[answer.header_count++] =
            (struct exchange_header){STR("x-total"), str_from(came->total)};
    rig_open(rig, document);
    exchange_judge(rig->x, rig->operation, &answer, &rig->mem, &out);
    return out;
}

TEST(test_answers_that_hold)
{
    static const struct came cases[] = {
        {200, "application/json; charset=utf-8", "3",  "{\"id\":1,\"born\":\"2026-01-31\"}"},
        {200, "Application/JSON",                "3",  "{\"id\":1}"                        },
        {200, "text/csv",                        "3",  "a,b"                               },
        {204, NULL,                              NULL, ""                                  },
        {404, "application/problem+json",        NULL, "{}"                                },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        RIG rig = {0};
        exchange_problems found = judge(&rig, &cases[i]);
        if (found.len > 0)
            printf("\n%zu: " STR_FMT, i, STR_ARG(found.ptr[0].message));
        CHECK_I64(found.len, 0);
    }
}

TEST(test_answers_that_do_not_hold)
{
    static const struct {
        struct came came;
        enum exchange_check check;
        const char *message, *instance, *schema;
    } cases[] = {
        {{500, NULL, NULL, ""},
         EXCHANGE_STATUS,                                                               "status 500 is not in the document, which has 200, 204, 4XX",
         "",                                                                                                                                              "#/paths/~1a/get/responses"                                   },
        {{200, "application/xml", "3", "<a/>"},
         EXCHANGE_CONTENT_TYPE,                                                         "the document has no answer as application/xml",
         "",                                                                                                                                              "#/paths/~1a/get/responses/200"                               },
        {{200, NULL, "3", "{\"id\":1}"},
         EXCHANGE_CONTENT_TYPE,                                                         "the answer has no Content-Type",
         "",                                                                                                                                              "#/paths/~1a/get/responses/200"                               },
        {{200, "application/json", NULL, "{\"id\":1}"},
         EXCHANGE_HEADER,                                                               "header X-Total is required, the answer lacks it",
         "X-Total",                                                                                                                                       "#/paths/~1a/get/responses/200/headers/X-Total"               },
        {{200, "application/json", "0", "{\"id\":1}"},
         EXCHANGE_HEADER,                                                               "header X-Total: must be >= 1",
         "X-Total",                                                                                                                                       "#/paths/~1a/get/responses/200/headers/X-Total/schema/minimum"},
        {{200, "application/json", "many", "{\"id\":1}"},
         EXCHANGE_HEADER,                                                               "header X-Total: must be integer",
         "X-Total",                                                                                                                                       "#/paths/~1a/get/responses/200/headers/X-Total/schema/type"   },
        {{200, "application/json", "3", "{\"id\":\"1\"}"},
         EXCHANGE_BODY,                                                                 "must be integer",
         "/id",                                                                                                                                           "#/components/schemas/Pet/properties/id/type"                 },
        {{200, "application/json", "3", "{\"id\":1,\"born\":\"soon\"}"},
         EXCHANGE_BODY,                                                                 "must match format \"date\"",
         "/born",                                                                                                                                         "#/components/schemas/Pet/properties/born/format"             },
        {{200, "application/json", "3", "{}"},
         EXCHANGE_BODY,                                                                 "must have required property 'id'",
         "",                                                                                                                                              "#/components/schemas/Pet/required"                           },
        {{200, "application/json", "3", ""},
         EXCHANGE_BODY,                                                                 "the body is no JSON: it is empty",
         "",                                                                                                                                              NULL                                                          },
        {{200, "application/json", "3", "- id: 1"},
         EXCHANGE_BODY,                                                                 "the body is no JSON: line 1 column 1: it is something else",
         "",                                                                                                                                              NULL                                                          },
        {{200, "application/json", "3", "{id: 1}"},                      EXCHANGE_BODY, NULL,                                                         "", NULL                                                          },
        {{200, "application/json", "3", "{\"id\":1,\"id\":2}"},          EXCHANGE_BODY, NULL,                                                         "", NULL                                                          },
        {{204, NULL, NULL, "x"},
         EXCHANGE_BODY,                                                                 "an answer to GET with status 204 has no body, this one has",
         "",                                                                                                                                              "#/paths/~1a/get/responses/204"                               },
        {{404, "application/json", NULL, "{}"},
         EXCHANGE_CONTENT_TYPE,                                                         "the document has no answer as application/json",
         "",                                                                                                                                              "#/paths/~1a/get/responses/4XX"                               },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        RIG rig = {0};
        exchange_problems found = judge(&rig, &cases[i].came);
        if (found.len != 1)
            printf("\n%zu: %zu problems", i, found.len);
        CHECK_I64(found.len, 1);
        if (found.len != 1)
            continue;
        CHECK_I64(found.ptr[0].check, cases[i].check);
        CHECK_STR(found.ptr[0].instance, str_from(cases[i].instance));
        if (cases[i].message != NULL)
            CHECK_STR(found.ptr[0].message, str_from(cases[i].message));
        if (cases[i].schema != NULL)
            CHECK_STR(found.ptr[0].schema, str_from(cases[i].schema));
    }
}

/* Of several keys the most specific applies; parameters tell versions apart. */
TEST(test_the_most_specific_media_type_judges)
{
    static const struct {
        const char *type, *body;
        size_t problems;
    } cases[] = {
        {"application/json",            "1",     0},
        {"application/json",            "\"a\"", 1},
        {"application/json; version=2", "\"a\"", 0},
        {"application/json;Version=2",  "1",     1},
        {"application/json; version=3", "1",     0}, /* as without */
        {"application/hal+json",        "[]",    0},
        {"application/hal+json",        "1",     1},
        {"text/json",                   "{}",    0},
        {"text/json",                   "[]",    1},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        RIG rig = {0};
        const struct exchange_header type = {STR("Content-Type"), str_from(cases[i].type)};
        const struct exchange_answer answer = {200, &type, 1, str_from(cases[i].body)};
        exchange_problems found = {0};
        rig_open(&rig, "openapi: 3.1.0\npaths:\n  /a:\n    get:\n      responses:\n"
                       "        default:\n          description: d\n          content:\n"
                       "            '*/*': {schema: {type: object}}\n"
                       "            application/*: {schema: {type: array}}\n"
                       "            application/json: {schema: {type: integer}}\n"
                       "            application/json;version=2: {schema: {type: string}}\n");
        exchange_judge(rig.x, rig.operation, &answer, &rig.mem, &found);
        CHECK_I64(found.len, cases[i].problems);
    }
}

TEST(test_a_body_the_document_does_not_have)
{
    RIG rig = {0};
    const struct exchange_answer answer = {.status = 200, .body = STR("surprise")};
    exchange_problems found = {0};
    rig_open(&rig, "openapi: 3.0.3\npaths:\n  /a:\n    get:\n      responses:\n"
                   "        default: {description: d}\n");
    exchange_judge(rig.x, rig.operation, &answer, &rig.mem, &found);
    CHECK_I64(found.len, 1);
    CHECK_STR(found.ptr[0].message, STR("the answer has a body (8 bytes), the document has none"));
}

TEST(test_answers_of_2_0)
{
    RIG rig = {0};
    const struct exchange_header headers[] = {
        {STR("Content-Type"), STR("application/json")},
        {STR("X-Left"),       STR("x")               }
    };
    const struct exchange_answer answer = {200, headers, 2, STR("[1,\"2\"]")};
    exchange_problems found = {0};
    rig_open(&rig, "swagger: '2.0'\nproduces: [application/json]\npaths:\n  /a:\n    get:\n"
                   "      responses:\n        200: {description: d, headers: {X-Left: {type: "
                   "integer}},\n          schema: {type: array, items: {type: integer}}}\n");
    exchange_judge(rig.x, rig.operation, &answer, &rig.mem, &found);
    CHECK_I64(found.len, 2);
    CHECK_STR(found.ptr[0].message, STR("header X-Left: must be integer"));
    CHECK_STR(found.ptr[1].instance, STR("/1"));
}
