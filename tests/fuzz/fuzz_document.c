/* OpenAPI documents: listing one twice gives the same, and everything listed stands in the
 * document. */
#include "catalog/openapi/openapi.h"
#include "tests/fuzz/dump.h"

static void same(const struct oas_summary *a, const struct oas_summary *b)
{
    HOLDS(a->version == b->version && a->operation_count == b->operation_count);
    HOLDS(str_eq(a->title, b->title) && a->server_count == b->server_count &&
          a->tag_count == b->tag_count);
    for (size_t i = 0; i < a->operation_count; i++)
        HOLDS(str_eq(a->operations[i].key, b->operations[i].key) &&
              a->operations[i].parameter_count == b->operations[i].parameter_count);
}

static void listed(const struct tree *doc, const struct oas_summary *s)
{
    HOLDS(s->version != OAS_UNKNOWN);
    for (size_t i = 0; i < s->operation_count; i++) {
        const struct oas_operation *o = &s->operations[i];
        HOLDS(o->offset <= tree_source(doc).len && o->method.len > 0);
        HOLDS(str_starts(o->key, o->method) && str_ends(o->key, o->path));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str text = fuzz_text(data, size);
    struct oas_summary first = {0}, second = {0};
    struct tree *doc = NULL;
    size_t once = 0, twice = 0;
    struct err err = {0};
    if (!dump_read(text, &mem, &doc, &err))
        return 0;
    if (!oas_summarise(oas_files_of(doc, &mem), &mem, &first, &err)) {
        HOLDS(err.code == ERR_INVALID && err.msg[0] != '\0');
        return 0;
    }
    (void)tree_findings(doc, &once);
    tree_notes_reset(doc);
    HOLDS(oas_summarise(oas_files_of(doc, &mem), &mem, &second, &err));
    (void)tree_findings(doc, &twice);
    HOLDS(once == twice);
    same(&first, &second);
    listed(doc, &first);
    return 0;
}
