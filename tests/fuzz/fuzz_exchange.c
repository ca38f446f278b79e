/* Messages made from a document: the same each time, and what is made for a schema fits it. */
#include "catalog/exchange/exchange.h"
#include "tests/fuzz/dump.h"

#define MOST_OPERATIONS 20

static void same_bodies(const struct exchange_body *a, size_t a_count,
                        const struct exchange_body *b, size_t b_count)
{
    HOLDS(a_count == b_count);
    for (size_t i = 0; i < a_count; i++) {
        HOLDS(str_eq(a[i].text, b[i].text) && str_eq(a[i].media_type, b[i].media_type));
        HOLDS(a[i].text.ptr != NULL || a[i].reason.len > 0);
    }
}

/* What the document would answer holds by the document, where it comes from its schemas. */
static void judged(struct exchange *x, const struct exchange_operation *o,
                   const struct exchange_answers *a, struct arena *mem)
{
    int64_t status = 0;
    if (!str_to_i64(a->status, &status) || status < 200 || status > 599 || status == 204 ||
        status == 304 || a->header_count > 0 || str_eq(o->method, STR("HEAD")))
        return;
    for (size_t i = 0; i < a->body_count; i++) {
        const struct exchange_body *body = &a->bodies[i];
        const struct exchange_header type = {STR("Content-Type"), body->media_type};
        const struct exchange_answer answer = {(int)status, &type, 1, body->text};
        exchange_problems problems = {0};
        if (body->text.ptr != NULL && !body->given &&
            str_eq(body->media_type, STR("application/json")))
            exchange_judge(x, o, &answer, mem, &problems);
        for (size_t p = 0; p < problems.len; p++)
            HOLDS(problems.ptr[p].check != EXCHANGE_BODY);
    }
}

static void operation(struct exchange *x, const struct exchange_operation *o)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct exchange_request first, second;
    const struct exchange_answers *one, *two;
    size_t ones = 0, twos = 0;
    exchange_notes notes = {0}, again = {0};
    exchange_request(x, o, true, &mem, &first, &notes);
    exchange_answers(x, o, &mem, &one, &ones, &notes);
    exchange_request(x, o, true, &mem, &second, &again);
    exchange_answers(x, o, &mem, &two, &twos, &again);
    HOLDS(str_eq(first.target, second.target) && str_eq(first.missing, second.missing));
    HOLDS(notes.len == again.len && ones == twos);
    same_bodies(first.bodies, first.body_count, second.bodies, second.body_count);
    for (size_t i = 0; i < ones; i++) {
        same_bodies(one[i].bodies, one[i].body_count, two[i].bodies, two[i].body_count);
        judged(x, o, &one[i], &mem);
    }
    for (size_t i = 0; i < first.target.len; i++)
        HOLDS((unsigned char)first.target.ptr[i] > ' ' || first.missing.ptr != NULL ||
              str_find_char(o->path, first.target.ptr[i]) != SIZE_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct tree *doc = NULL;
    struct exchange *x = NULL;
    struct err err = {0};
    size_t count = 0;
    if (!dump_read(fuzz_text(data, size), &mem, &doc, &err) ||
        !exchange_open(oas_files_of(doc, &mem), &mem, &x, &err))
        return 0;
    const struct exchange_operation *all = exchange_operations(x, &count);
    for (size_t i = 0; i < count && i < MOST_OPERATIONS; i++)
        operation(x, &all[i]);
    return 0;
}
