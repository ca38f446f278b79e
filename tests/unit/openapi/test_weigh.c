/* openapi: documents whose large values are used at many places. */
#include "catalog/openapi/openapi.h"
#include "tests/unit/test.h"

static void add_enum(struct buf *out, unsigned values)
{
    buf_add(out, STR("enum: ["));
    for (unsigned i = 0; i < values; i++)
        buf_printf(out, "value%05u, ", i);
    buf_add(out, STR("last]"));
}

static void add_parameters(struct buf *out, unsigned count)
{
    buf_add(out, STR("parameters: ["));
    for (unsigned i = 0; i < count; i++)
        buf_printf(out, "{name: p%05u, in: query, schema: {}}, ", i);
    buf_add(out, STR("{name: last, in: query, schema: {}}]"));
}

/* 24 kB for each path. */
static void share_enum(struct buf *out, unsigned times)
{
    buf_add(out, STR("components: {schemas: {Wide: {"));
    add_enum(out, 2000);
    buf_add(out, STR("}}}\npaths:\n"));
    for (unsigned i = 0; i < times; i++)
        buf_printf(out,
                   "  /a%u: {get: {responses: {'200': {description: d, content: {a/b: {schema: "
                   "{$ref: '#/components/schemas/Wide'}}}}}}}\n",
                   i);
}

/* 40 kB for each operation. */
static void share_parameters(struct buf *out, unsigned times)
{
    buf_add(out, STR("paths:\n  /a:\n    "));
    add_parameters(out, 1000);
    buf_add(out, STR("\n    additionalOperations:\n"));
    for (unsigned i = 0; i < times; i++)
        buf_printf(out, "      M%u: {}\n", i);
}

/* 40 kB for each operation: a list of references to one. */
static void share_references(struct buf *out, unsigned times)
{
    buf_add(out, STR("components: {parameters: {P: {name: p, in: query, schema: {"));
    add_enum(out, 3000);
    buf_add(out, STR("}}}}\npaths:\n  /a:\n    parameters: [{$ref: '#/components/parameters/P'}]\n"
                     "    additionalOperations:\n"));
    for (unsigned i = 0; i < times; i++)
        buf_printf(out, "      M%u: {}\n", i);
}

TEST(test_what_large_values_weigh_at_many_places_is_refused)
{
    static const struct {
        void (*make)(struct buf *out, unsigned times);
        unsigned within, above;
        const char *where;
    } cases[] = {
        {share_enum,       2500, 4000, "line 5 column 75"},
        {share_parameters, 1500, 4000, "line 5 column 17"},
        {share_references, 1500, 4000, "line 6 column 17"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        for (unsigned k = 0; k < 2; k++) {
            CLEANUP(arena_clear) struct arena mem = {0};
            CLEANUP(buf_clear) struct buf text = {0};
            struct tree *doc = NULL;
            struct err err = {0};
            buf_add(&text, STR("openapi: 3.2.0\ninfo: {title: t, version: '1'}\n"));
            cases[i].make(&text, k == 0 ? cases[i].within : cases[i].above);
            CHECK_OK(tree_read(buf_str(&text), NULL, &mem, &doc, &err), &err);
            bool ok = oas_weigh(oas_files_of(doc, &mem), &err);
            CHECK_I64(ok, k == 0);
            CHECK(ok || (err.code == ERR_LIMIT && err.hint[0] != '\0'));
            CHECK_STR(str_from(err.where), str_from(ok ? "" : cases[i].where));
        }
}
