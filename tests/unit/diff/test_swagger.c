/* Swagger 2.0: compared as far as 3.x is. */
#include "tests/unit/diff/pair.h"

static struct str swagger(struct arena *mem, const char *operation, const char *more)
{
    return arena_printf(mem,
                        "swagger: '2.0'\ninfo: {title: t, version: 1.0.0}\n"
                        "consumes: [application/json]\nproduces: [application/json]\n"
                        "paths:\n  /pets:\n    post:\n%s"
                        "definitions:\n  Pet: {type: object, properties: {name: {type: string}}}\n"
                        "  Other: {type: object, properties: {name: {type: integer}}}\n%s",
                        operation, more);
}

#define RESPONSES    "      responses: {'204': {description: done}}\n"
#define BODY(schema) "      parameters: [{name: b, in: body, schema: " schema "}]\n" RESPONSES

static void check_told(const char *old, const char *new, const char *want)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct diff_report report =
        compare_texts(&mem, swagger(&mem, old, ""), swagger(&mem, new, ""), NULL);
    CHECK_STR(told(&mem, &report), str_from(want));
}

TEST(test_a_body_of_swagger_is_compared)
{
    check_told(BODY("{type: string}"), BODY("{type: integer}"),
               "request-body-type-changed ERR POST /pets\napi-version-not-bumped INFO  \n");
    check_told(BODY("{$ref: '#/definitions/Pet'}"), BODY("{$ref: '#/definitions/Pet'}"), "");
    check_told(BODY("{$ref: '#/definitions/Pet'}"), BODY("{$ref: '#/definitions/Other'}"),
               "request-property-type-changed ERR  #/definitions/Other\n"
               "api-version-not-bumped INFO  \n");
    check_told(BODY("{type: string}"), RESPONSES,
               "request-body-removed ERR POST /pets\napi-version-not-bumped INFO  \n");
    check_told(BODY("{type: string}"), "      consumes: [text/plain]\n" BODY("{type: string}"),
               "request-body-media-type-removed ERR POST /pets\n"
               "api-version-not-bumped INFO  \n"
               "request-body-media-type-added INFO POST /pets\n");
}

TEST(test_form_fields_and_types_of_swagger_are_compared)
{
    check_told(
        "      parameters: [{name: f, in: formData, type: string}]\n" RESPONSES,
        "      parameters: [{name: f, in: formData, type: integer, required: true}]\n" RESPONSES,
        "request-parameter-became-required ERR POST /pets\n"
        "request-parameter-type-changed ERR POST /pets\n"
        "api-version-not-bumped INFO  \n");
    check_told("      parameters: [{name: q, in: query, type: integer, maximum: 9}]\n" RESPONSES,
               "      parameters: [{name: q, in: query, type: integer, maximum: 5}]\n" RESPONSES,
               "request-parameter-max-decreased ERR POST /pets\napi-version-not-bumped INFO  \n");
}

TEST(test_a_response_of_swagger_is_compared)
{
    check_told("      responses: {'200': {description: ok, schema: {type: integer}, headers: "
               "{X-A: {type: integer}}}}\n",
               "      responses: {'200': {description: ok, schema: {type: string}, headers: "
               "{X-A: {type: string}}}}\n",
               "response-body-type-changed ERR POST /pets\n"
               "response-header-type-changed ERR POST /pets\n"
               "api-version-not-bumped INFO  \n");
}

TEST(test_security_definitions_are_compared)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct diff_report report = compare_texts(
        &mem,
        swagger(&mem, RESPONSES,
                "securityDefinitions:\n  b: {type: basic}\n  k: {type: apiKey, in: header, name: k}"
                "\n  o: {type: oauth2, flow: accessCode, authorizationUrl: 'http://a/', tokenUrl: "
                "'http://t/', scopes: {r: read, w: write}}\n"),
        swagger(&mem, RESPONSES,
                "securityDefinitions:\n  k: {type: apiKey, in: query, name: k}\n  o: {type: oauth2,"
                " flow: accessCode, authorizationUrl: 'http://a/', tokenUrl: 'http://u/', scopes: "
                "{r: read}}\n"),
        NULL);
    CHECK_STR(told(&mem, &report), STR("api-security-component-api-key-in-changed ERR  \n"
                                       "api-security-component-oauth-token-url-changed WARN  \n"
                                       "api-security-component-oauth-scope-removed INFO  \n"
                                       "api-security-component-removed INFO  \n"
                                       "api-version-not-bumped INFO  \n"));
}

/* The same API in both versions. */
TEST(test_a_document_that_was_upgraded_is_the_same)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str old = swagger(
        &mem,
        "      parameters:\n      - {name: b, in: body, required: true, schema: {$ref: "
        "'#/definitions/Pet'}}\n      - {name: q, in: query, type: integer}\n"
        "      responses:\n        '200': {description: ok, schema: {type: array, items: {$ref: "
        "'#/definitions/Pet'}}, headers: {X-A: {type: integer}}}\n",
        "securityDefinitions:\n  b: {type: basic}\n  o: {type: oauth2, flow: application, tokenUrl:"
        " 'http://t/', scopes: {r: read}}\n");
    struct str new =
        STR("openapi: 3.0.3\ninfo: {title: t, version: 1.0.0}\npaths:\n  /pets:\n    post:\n"
            "      parameters: [{name: q, in: query, schema: {type: integer}}]\n"
            "      requestBody: {required: true, content: {application/json: {schema: {$ref: "
            "'#/components/schemas/Pet'}}}}\n      responses:\n        '200':\n"
            "          description: ok\n          headers: {X-A: {schema: {type: integer}}}\n"
            "          content: {application/json: {schema: {type: array, items: {$ref: "
            "'#/components/schemas/Pet'}}}}\ncomponents:\n  schemas:\n"
            "    Pet: {type: object, properties: {name: {type: string}}}\n"
            "    Other: {type: object, properties: {name: {type: integer}}}\n  securitySchemes:\n"
            "    b: {type: http, scheme: basic}\n    o: {type: oauth2, flows: {clientCredentials: "
            "{tokenUrl: 'http://t/', scopes: {r: read}}}}\n");
    struct diff_report report = compare_texts(&mem, old, new, NULL);
    CHECK_STR(told(&mem, &report), STR(""));
    report = compare_texts(&mem, new, old, NULL);
    CHECK_STR(told(&mem, &report), STR(""));
}
