/* JSON Schema: schema and instance are the two parts of the input, judged in every dialect. The
 * verdict is the same in every run, compiled or compiled anew, with all errors, the first or those
 * of every branch. Of formats as assertions no verdict follows: `not` turns what they refuse into
 * what it admits. */
#include "catalog/schema/schema.h"
#include "tests/fuzz/dump.h"

static struct schema_set *compile(const struct tree *doc, enum schema_dialect dialect,
                                  struct arena *mem)
{
    const struct schema_settings settings = {.dialect = dialect};
    struct schema_set *set = schema_set_new(mem, &settings);
    struct err err = {0};
    if (schema_set_add(set, STR("http://example.com/schema"), doc, SCHEMA_IS_SCHEMA, &err))
        return set;
    HOLDS((err.code == ERR_INVALID || err.code == ERR_LIMIT) && err.msg[0] != '\0');
    return NULL;
}

static void check_errors(const struct tree *doc, const struct schema_result *result)
{
    HOLDS((result->count > 0) == (result->verdict == SCHEMA_INVALID) ||
          result->verdict == SCHEMA_UNDECIDED);
    for (size_t i = 0; i < result->count; i++) {
        CLEANUP(buf_clear) struct buf text = {0};
        CLEANUP(buf_clear) struct buf pointer = {0};
        const struct schema_error *e = &result->errors[i];
        schema_message(e, &text);
        HOLDS(text.len > 0);
        schema_error_pointer(doc, e, &pointer);
        HOLDS(tree_at(doc, buf_str(&pointer)) == e->at);
    }
}

static void judge(const struct tree *schema, const struct tree *doc, enum schema_dialect dialect)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    static const struct schema_options first_only = {.first = true},
                                       branches = {.branches = SCHEMA_BRANCHES_ALL},
                                       strict = {.formats = true, .branches = SCHEMA_BRANCHES_ALL};
    struct schema_result all = {0}, again = {0}, anew = {0}, first = {0}, every = {0},
                         formats = {0};
    struct schema_set *set = compile(schema, dialect, &mem), *other = NULL;
    const struct tree_node *value = tree_root(doc);
    if (set == NULL)
        return;
    struct schema *root = schema_at(set, schema, tree_root(schema));
    schema_check(set, root, doc, value, NULL, &mem, &all);
    schema_check(set, root, doc, value, NULL, &mem, &again);
    schema_check(set, root, doc, value, &first_only, &mem, &first);
    schema_check(set, root, doc, value, &branches, &mem, &every);
    schema_check(set, root, doc, value, &strict, &mem, &formats);
    other = compile(schema, dialect, &mem);
    HOLDS(other != NULL);
    schema_check(other, schema_at(other, schema, tree_root(schema)), doc, value, NULL, &mem, &anew);
    HOLDS(again.verdict == all.verdict && again.count == all.count);
    HOLDS(anew.verdict == all.verdict && anew.count == all.count);
    HOLDS(all.verdict == SCHEMA_UNDECIDED || first.verdict == all.verdict);
    HOLDS(all.verdict == SCHEMA_UNDECIDED || every.verdict == SCHEMA_UNDECIDED ||
          every.verdict == all.verdict);
    check_errors(doc, &all);
    check_errors(doc, &every);
    check_errors(doc, &formats);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str rest = fuzz_text(data, size), text = fuzz_part(&rest), bytes = fuzz_part(&rest);
    struct tree *schema = NULL, *doc = NULL;
    struct err err = {0};
    if (!dump_read(text, &mem, &schema, &err) || !dump_read(bytes, &mem, &doc, &err))
        return 0;
    const struct tree_node *root = tree_root(doc);
    HOLDS(schema_same_value(doc, root, doc, root));
    HOLDS(schema_value_hash(doc, root) == schema_value_hash(doc, root));
    for (unsigned i = 0; i < SCHEMA_DIALECT_COUNT; i++)
        judge(schema, doc, (enum schema_dialect)i);
    return 0;
}
