#include "tests/unit/diff/pair.h"

struct diff_report compare_texts(struct arena *mem, struct str old, struct str new,
                                 const struct diff_options *options)
{
    static const struct diff_options usual;
    struct tree *a = NULL, *b = NULL;
    struct diff_report report = {0};
    struct err err = {0};
    CHECK(crypto_init());
    CHECK_OK(tree_read(old, NULL, mem, &a, &err), &err);
    CHECK_OK(tree_read(new, NULL, mem, &b, &err), &err);
    if (a != NULL && b != NULL)
        CHECK_OK(diff_compare(oas_files_of(a, mem), oas_files_of(b, mem),
                              options != NULL ? options : &usual, mem, &report, &err),
                 &err);
    return report;
}

struct str told(struct arena *mem, const struct diff_report *report)
{
    CLEANUP(buf_clear) struct buf out = {0};
    for (size_t i = 0; i < report->count; i++) {
        const struct diff_finding *f = &report->findings[i];
        buf_printf(&out, "%s %s " STR_FMT " " STR_FMT "\n", f->id, diff_level_name(f->level),
                   STR_ARG(f->operation), STR_ARG(f->path));
    }
    return arena_str(mem, buf_str(&out));
}

struct str with_schemas(struct arena *mem, const char *schemas)
{
    return arena_printf(
        mem,
        "openapi: 3.1.0\ninfo: {title: Pets, version: 1.0.0}\npaths:\n  /pets:\n"
        "    get:\n      responses:\n        '200':\n          description: ok\n"
        "          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}\n"
        "    post:\n"
        "      requestBody:\n"
        "        content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}\n"
        "      responses: {'204': {description: done}}\n"
        "components:\n  schemas:\n%s",
        schemas);
}
