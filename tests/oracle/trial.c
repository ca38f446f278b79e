/* Values, and what accepts them. */
#include "tests/oracle/trial.h"

static const char *const scalars[] = {"null", "true",  "false", "-1",     "0",       "1",
                                      "2",    "3",     "4",     "0.5",    "1.5",     "2.5",
                                      "\"\"", "\"a\"", "\"b\"", "\"ab\"", "\"abc\"", "\"abcd\""};
static const char *const elements[] = {"0",   "1",     "2",      "3",    "0.5",
                                       "2.5", "\"a\"", "\"ab\"", "true", "null"};
static const char *const lists[] = {"[]", "[0,1,2]", "[0,0,1]", "[\"a\",\"b\",\"ab\"]",
                                    "[0,1,2,3]"};
static const char *const members[] = {"",      "null",    "0",    "3",  "0.5", "2",
                                      "\"a\"", "\"abc\"", "true", "[]", "{}"};
static const char *const deep[] = {"[0]",
                                   "[1]",
                                   "[2]",
                                   "[3]",
                                   "[0.5]",
                                   "[\"b\"]",
                                   "[\"ab\"]",
                                   "[\"abc\"]",
                                   "[0,2]",
                                   "[\"a\",\"a\"]",
                                   "[0,0]",
                                   "[\"a\",\"b\"]",
                                   "[true]",
                                   "{\"a\":0}",
                                   "{\"a\":\"a\"}",
                                   "{\"b\":true}",
                                   "{\"c\":\"abc\"}",
                                   "{\"a\":0,\"b\":0}",
                                   "[1,2,3]",
                                   "1",
                                   "2",
                                   "4",
                                   "-1",
                                   "\"b\"",
                                   "\"ab\"",
                                   "\"\"",
                                   "\"abcd\""};

static void put(struct buf *out, const char *text)
{
    if (out->len > 1)
        buf_add_char(out, ',');
    buf_add(out, str_from(text));
}

static void put_members(struct buf *out, const char *a, const char *b, const char *c)
{
    const char *const values[] = {a, b, c};
    bool any = false;
    if (out->len > 1)
        buf_add_char(out, ',');
    buf_add_char(out, '{');
    for (unsigned i = 0; i < COUNT_OF(values); i++) {
        if (values[i][0] == '\0')
            continue;
        buf_printf(out, "%s\"%c\":%s", any ? "," : "", (char)('a' + (int)i), values[i]);
        any = true;
    }
    buf_add_char(out, '}');
}

static void put_objects(struct buf *out)
{
    for (size_t a = 0; a < COUNT_OF(members); a++)
        for (size_t b = 0; b < COUNT_OF(members); b++)
            for (size_t c = 0; c < COUNT_OF(members); c++)
                put_members(out, members[a], members[b], members[c]);
    for (size_t i = 0; i < COUNT_OF(deep); i++)
        for (size_t k = 0; k < COUNT_OF(members); k++) {
            put_members(out, deep[i], members[k], "");
            put_members(out, "", deep[i], members[k]);
            put_members(out, members[k], "", deep[i]);
        }
}

struct tree *trial_values(struct arena *mem)
{
    CLEANUP(buf_clear) struct buf text = {0};
    struct tree *doc = NULL;
    struct err err = {0};
    char pair[32];
    buf_add_char(&text, '[');
    for (size_t i = 0; i < COUNT_OF(scalars); i++)
        put(&text, scalars[i]);
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        put(&text, lists[i]);
    for (size_t i = 0; i < COUNT_OF(elements); i++) {
        (void)snprintf(pair, sizeof(pair), "[%s]", elements[i]);
        put(&text, pair);
        for (size_t k = 0; k < COUNT_OF(elements); k++) {
            (void)snprintf(pair, sizeof(pair), "[%s,%s]", elements[i], elements[k]);
            put(&text, pair);
        }
    }
    put_objects(&text);
    buf_add_char(&text, ']');
    bool read = tree_read(arena_str(mem, buf_str(&text)), NULL, mem, &doc, &err);
    assert(read);
    return read ? doc : NULL;
}

uint8_t *trial_accepted(const struct tree *doc, const struct tree *values, struct arena *mem)
{
    static const struct schema_settings settings = {.dialect = SCHEMA_2020_12};
    static const struct schema_options first = {.first = true, .branches = SCHEMA_BRANCHES_NONE};
    CLEANUP(arena_clear) struct arena own = {0};
    CLEANUP(arena_clear) struct arena scratch = {0};
    struct schema_set *set = schema_set_new(&own, &settings);
    const struct tree_node *node = tree_at(doc, STR("/components/schemas/Whole"));
    uint8_t *accepted = arena_array(mem, uint8_t, tree_root(values)->size);
    struct err err = {0};
    size_t i = 0, faults = 0;
    bool added = schema_set_add(set, STR(""), doc, SCHEMA_HOLDS_SCHEMAS, &err);
    assert(added && node != NULL);
    struct schema *schema = added ? schema_at(set, doc, node) : NULL;
    for (const struct tree_node *v = tree_first(values, tree_root(values)); v != NULL;
         v = tree_next(values, v)) {
        struct schema_result result;
        enum schema_verdict verdict =
            schema_check(set, schema, values, v, &first, &scratch, &result);
        assert(verdict != SCHEMA_UNDECIDED);
        accepted[i++] = verdict == SCHEMA_VALID;
        arena_reset(&scratch);
    }
    (void)schema_faults(set, &faults);
    assert(faults == 0);
    return accepted;
}

enum relation trial_relation(const uint8_t *old, const uint8_t *new, size_t count)
{
    unsigned relation = RELATION_EQUAL;
    for (size_t i = 0; i < count; i++) {
        if (old[i] && !new[i])
            relation |= RELATION_NARROWED;
        if (!old[i] && new[i])
            relation |= RELATION_WIDENED;
    }
    return (enum relation)relation;
}
