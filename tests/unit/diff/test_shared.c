/* Parameters, responses, bodies and headers that operations share are told once; callbacks go the
 * other way. */
#include "tests/unit/diff/pair.h"

static struct str joined(struct arena *mem, const struct diff_finding *f)
{
    CLEANUP(buf_clear) struct buf out = {0};
    for (size_t i = 0; i < f->affected_count; i++)
        buf_printf(&out, "%s" STR_FMT, i > 0 ? ", " : "", STR_ARG(f->affected[i]));
    return arena_str(mem, buf_str(&out));
}

static struct str pets(struct arena *mem, const char *components)
{
    return arena_printf(
        mem,
        "openapi: 3.1.0\ninfo: {title: t, version: 1.0.0}\npaths:\n"
        "  /cats:\n    parameters: [{$ref: '#/components/parameters/Limit'}]\n"
        "    get: {responses: {'200': {$ref: '#/components/responses/Pets'}}}\n"
        "    put: {requestBody: {$ref: '#/components/requestBodies/Pet'}, responses: {'204': "
        "{description: done, headers: {X-Age: {$ref: '#/components/headers/Age'}}}}}\n"
        "  /dogs:\n"
        "    get: {parameters: [{$ref: '#/components/parameters/Limit'}], responses: {'200': {$ref:"
        " '#/components/responses/Pets'}}}\n"
        "    put: {requestBody: {$ref: '#/components/requestBodies/Pet'}, responses: {'204': "
        "{description: done, headers: {X-Age: {$ref: '#/components/headers/Age'}}}}}\n"
        "components:\n%s",
        components);
}

TEST(test_what_operations_share_is_told_once)
{
    static const struct {
        const char *id, *path, *affected;
    } wants[] = {
        {"request-body-max-length-decreased",  "#/components/requestBodies/Pet",
         "PUT /cats, PUT /dogs"                                                                        },
        {"request-parameter-max-decreased",    "#/components/parameters/Limit",
         "GET /cats, PUT /cats, GET /dogs"                                                             },
        {"response-body-max-length-increased", "#/components/responses/Pets",
         "GET /cats, GET /dogs"                                                                        },
        {"response-header-became-optional",    "#/components/headers/Age",       "PUT /cats, PUT /dogs"},
    };
    CLEANUP(arena_clear) struct arena mem = {0};
    static const char old[] =
        "  parameters: {Limit: {name: limit, in: query, schema: {type: integer, maximum: 9}}}\n"
        "  responses: {Pets: {description: ok, content: {text/plain: {schema: {type: string, "
        "maxLength: 9}}}}}\n"
        "  requestBodies: {Pet: {content: {text/plain: {schema: {type: string, maxLength: 9}}}}}\n"
        "  headers: {Age: {required: true, schema: {type: integer}}}\n";
    static const char new[] =
        "  parameters: {Limit: {name: limit, in: query, schema: {type: integer, maximum: 5}}}\n"
        "  responses: {Pets: {description: ok, content: {text/plain: {schema: {type: string, "
        "maxLength: 12}}}}}\n"
        "  requestBodies: {Pet: {content: {text/plain: {schema: {type: string, maxLength: 5}}}}}\n"
        "  headers: {Age: {schema: {type: integer}}}\n";
    const struct diff_options oasdiff = {.oasdiff = true};
    struct diff_report report = compare_texts(&mem, pets(&mem, old), pets(&mem, new), NULL);
    CHECK_I64(report.levels[DIFF_ERR], COUNT_OF(wants));
    for (size_t i = 0; i < COUNT_OF(wants); i++) {
        const struct diff_finding *found = NULL;
        for (size_t k = 0; k < report.count; k++)
            if (strcmp(report.findings[k].id, wants[i].id) == 0)
                found = &report.findings[k];
        CHECK(found != NULL);
        if (found == NULL)
            continue;
        CHECK_STR(found->path, str_from(wants[i].path));
        CHECK_I64(found->operation.len, 0);
        CHECK_STR(joined(&mem, found), str_from(wants[i].affected));
    }
    report = compare_texts(&mem, pets(&mem, old), pets(&mem, new), &oasdiff);
    /* each operation; oasdiff passes over what stands at /cats itself */
    CHECK_I64(report.levels[DIFF_ERR], 7);
}

static struct str with_callback(struct arena *mem, const char *request, const char *answer)
{
    return arena_printf(
        mem,
        "openapi: 3.1.0\ninfo: {title: t, version: 1.0.0}\npaths:\n  /a:\n    post:\n"
        "      responses: {'204': {description: ok}}\n      callbacks:\n        done:\n"
        "          '{$request.query.url}':\n            post:\n"
        "              requestBody: {content: {application/json: {schema: %s}}}\n"
        "              responses: {'200': {description: ok, content: {application/json: {schema: "
        "%s}}}}\n",
        request, answer);
}

TEST(test_callbacks_go_to_the_client)
{
    static const char nine[] = "{type: string, maxLength: 9}",
                      five[] = "{type: string, maxLength: 5}";
    static const char path[] = "POST /a callback:done {$request.query.url}\n";
    CLEANUP(arena_clear) struct arena mem = {0};
    struct diff_report report =
        compare_texts(&mem, with_callback(&mem, five, nine), with_callback(&mem, nine, five), NULL);
    CHECK_STR(told(&mem, &report), arena_printf(&mem,
                                                "request-body-max-length-increased ERR %s"
                                                "response-body-max-length-decreased ERR %s"
                                                "api-version-not-bumped INFO  \n",
                                                path, path));
    report =
        compare_texts(&mem, with_callback(&mem, nine, five), with_callback(&mem, five, nine), NULL);
    CHECK_I64(report.levels[DIFF_ERR], 0);
    CHECK_I64(report.levels[DIFF_INFO], 2);
}

/* More operations than one word has bits, then one that was not known when the first was met. */
TEST(test_affected_operations_have_their_own_names)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf old = {0};
    buf_add(&old, STR("openapi: 3.1.0\ninfo: {title: t, version: 1.0.0}\npaths:\n"));
    for (unsigned i = 10; i < 80; i++)
        buf_printf(&old,
                   "  /p%u: {post: {requestBody: {content: {application/json: {schema: {$ref: "
                   "'#/components/schemas/Pet'}}}}, responses: {}}}\n",
                   i);
    buf_add(&old, STR("  /q: {post: {responses: {}, callbacks: {c: {'{$url}': {post: {requestBody: "
                      "{content: {application/json: {schema: {$ref: '#/components/schemas/Sent'}}}}"
                      ", responses: {}}}}}}}\n"
                      "webhooks: {born: {post: {requestBody: {content: {application/json: {schema: "
                      "{$ref: '#/components/schemas/Sent'}}}}, responses: {}}}}\n"
                      "components:\n  schemas:\n    Pet: {type: string, maxLength: 9}\n"));
    struct str before = arena_join(&mem, buf_str(&old), STR("    Sent: {type: integer}\n")),
               after = arena_join(&mem, buf_str(&old), STR("    Sent: {type: string}\n"));
    struct diff_report report = compare_texts(&mem, before, after, NULL);
    CHECK_STR(told(&mem, &report), STR("request-body-type-changed ERR  #/components/schemas/Sent\n"
                                       "api-version-not-bumped INFO  \n"));
    if (report.count > 0)
        CHECK_STR(joined(&mem, &report.findings[0]),
                  STR("POST /q callback:c {$url}, POST webhook:born"));
}
