/* lint: what is found does not depend on what other threads do. */
#include <pthread.h>

#include "catalog/lint/lint.h"
#include "tests/unit/test.h"

#define THREADS 4
#define RUNS    3

/* Every thread has its own ruleset and document: the tables behind are shared. */
struct job {
    struct str text;
    struct buf reports[RUNS];
    bool failed;
};

static const char document[] =
    "openapi: 3.1.0\ninfo: {title: parcels, version: 1.0.0}\n"
    "tags: [{name: b}, {name: a}, {name: a}]\nservers: [{url: 'http://localhost/'}]\n"
    "paths:\n  /parcels/{id}/:\n    get:\n      operationId: get parcel\n      tags: [c]\n"
    "      parameters:\n      - {name: id, in: path, required: true, schema: {type: integer}}\n"
    "      - {name: q, in: query, schema: {type: string, enum: [1, a, a]}}\n"
    "      responses:\n        '200':\n          description: ok\n"
    "          content:\n            application/json:\n"
    "              schema: {$ref: '#/components/schemas/Parcel'}\n"
    "              example: {weight: heavy}\n"
    "    post:\n      operationId: get parcel\n      responses: {}\n"
    "components:\n  schemas:\n    Parcel:\n      type: object\n      properties:\n"
    "        weight: {type: number, default: none, format: float}\n"
    "        inside: {$ref: '#/components/schemas/Parcel'}\n"
    "        lost: {$ref: '#/components/schemas/Lost'}\n    Unused: {type: array}\n";

static bool judge(struct str text, const char *name, struct buf *out)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct lint_ruleset_config config = {.all = true};
    struct lint_ruleset *ruleset = NULL;
    struct lint_report report = {0};
    struct tree *doc = NULL;
    struct err err = {0};
    if (!lint_ruleset_read(str_from(name), &config, &mem, &ruleset, &err) ||
        !tree_read(text, NULL, &mem, &doc, &err) ||
        !lint_run(ruleset, oas_files_of(doc, &mem), STR("openapi.yaml"), &mem, &report, &err))
        return false;
    lint_write(LINT_JSON, &report, 1, out);
    return report.count > 0;
}

static void *work(void *context)
{
    static const char *const names[] = {"spectral:oas", "owasp", "chancery"};
    struct job *job = context;
    for (size_t run = 0; run < RUNS; run++)
        for (size_t i = 0; i < COUNT_OF(names); i++)
            job->failed |= !judge(job->text, names[i], &job->reports[run]);
    return NULL;
}

TEST(test_threads_find_the_same)
{
    struct job jobs[THREADS] = {0};
    pthread_t threads[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
        jobs[i].text = (struct str){document, sizeof(document) - 1};
        CHECK_I64(pthread_create(&threads[i], NULL, work, &jobs[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++)
        CHECK_I64(pthread_join(threads[i], NULL), 0);
    CHECK(str_find(buf_str(&jobs[0].reports[0]), STR("operation-operationId-unique")) != SIZE_MAX);
    for (size_t i = 0; i < THREADS; i++)
        for (size_t run = 0; run < RUNS; run++) {
            CHECK(!jobs[i].failed);
            CHECK_STR(buf_str(&jobs[i].reports[run]), buf_str(&jobs[0].reports[0]));
        }
    for (size_t i = 0; i < THREADS; i++)
        for (size_t run = 0; run < RUNS; run++)
            buf_clear(&jobs[i].reports[run]);
}
