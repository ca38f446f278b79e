/* The tree reader on YAML, and what is made of a document that it reads. */
#include "catalog/openapi/openapi.h"
#include "tests/fuzz/dump.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf once = {0};
    CLEANUP(buf_clear) struct buf twice = {0};
    struct str text = fuzz_text(data, size);
    struct tree *doc = NULL, *again = NULL;
    size_t findings = 0, findings_again = 0;
    struct err err = {0};
    if (!dump_read(text, &mem, &doc, &err))
        return 0;
    dump_round_trip(doc);
    dump_pointers(doc);
    HOLDS(dump_read(text, &mem, &again, &err));
    dump_tree(doc, true, &once);
    dump_tree(again, true, &twice);
    (void)tree_findings(doc, &findings);
    (void)tree_findings(again, &findings_again);
    HOLDS(str_eq(buf_str(&once), buf_str(&twice)) && findings == findings_again);
    return 0;
}
