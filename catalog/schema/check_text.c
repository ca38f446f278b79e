/* Keywords about strings, and those about values as a whole. */
#include "engine.h"

static const struct schema_error plain = {.branch = -1};

/* --- strings -----------------------------------------------------------------------------------
 */

/* Characters, not bytes: those that begin one. */
static uint64_t characters(struct str text)
{
    uint64_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += ((unsigned char)text.ptr[i] & 0xC0) != 0x80;
    return count;
}

static bool told_limit(struct run *run, const struct frame *frame, const struct rule *rule, bool ok)
{
    return ok ||
           run_fails(run, frame, rule, (struct schema_error){.number = rule->limit, .branch = -1});
}

bool check_max_length(struct run *run, const struct frame *frame, const struct rule *rule)
{
    return told_limit(run, frame, rule, characters(value_text(run, &frame->value)) <= rule->limit);
}

bool check_min_length(struct run *run, const struct frame *frame, const struct rule *rule)
{
    return told_limit(run, frame, rule, characters(value_text(run, &frame->value)) >= rule->limit);
}

struct regex *compile_regex(struct compiler *c, const struct tree_node *at, struct str pattern,
                            const char *keyword)
{
    struct err err = {0};
    struct regex *regex = NULL;
    if (regex_compile(pattern, STR("u"), c->set->mem, &regex, &err) ||
        regex_compile(pattern, STR(""), c->set->mem, &regex, &err))
        return regex;
    set_fault(c->set, c->schema->resource, at, keyword, "the pattern cannot be used: %s", err.msg);
    return NULL;
}

/* A match that is given up is no answer, and a long text costs more. */
bool run_matches(struct run *run, struct regex *regex, struct str text)
{
    bool gave_up = false;
    if (!run_spend(run, 1 + text.len / 64))
        return false;
    bool matches = regex_matches(regex, text, &gave_up);
    if (gave_up)
        run->gave_up = true;
    return matches;
}

bool compile_pattern(struct compiler *c, struct rule *rule)
{
    if (tree_kind_of(rule->value) != TREE_STRING)
        return compiler_fault(c, rule, "is no text");
    rule->regex = compile_regex(c, rule->value, tree_text(c->doc, rule->value), "pattern");
    return rule->regex != NULL;
}

bool check_pattern(struct run *run, const struct frame *frame, const struct rule *rule)
{
    return run_matches(run, rule->regex, value_text(run, &frame->value)) ||
           run_fails(run, frame, rule, plain);
}

bool compile_format(struct compiler *c, struct rule *rule)
{
    if (tree_kind_of(rule->value) != TREE_STRING)
        return compiler_fault(c, rule, "is no text");
    rule->format = format_named(tree_text(c->doc, rule->value));
    return rule->format != NULL;
}

bool check_format(struct run *run, const struct frame *frame, const struct rule *rule)
{
    bool decides =
        run->options.formats || (frame->schema->resource->vocabularies & VOCABULARY_ASSERT_FORMAT);
    struct str text = value_text(run, &frame->value);
    if (!decides || value_kind(&frame->value) != rule->format->kind)
        return true;
    return !run_spend(run, text.len / 64) || rule->format->holds(text) ||
           run_fails(run, frame, rule, plain);
}

/* --- type --------------------------------------------------------------------------------------
 */

static unsigned type_bits(struct str name)
{
    static const struct {
        const char *name;
        unsigned bits;
    } types[] = {
        {"null",    1U << TREE_NULL  },
        {"boolean", 1U << TREE_BOOL  },
        {"number",  1U << TREE_NUMBER},
        {"string",  1U << TREE_STRING},
        {"array",   1U << TREE_ARRAY },
        {"object",  1U << TREE_OBJECT},
        {"integer", KIND_WHOLE       },
    };
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (str_eq(name, str_from(types[i].name)))
            return types[i].bits;
    return 0;
}

static bool is_nullable(const struct compiler *c)
{
    return c->schema->resource->dialect == SCHEMA_OAS_3_0 &&
           tree_true(c->doc, tree_get(c->doc, c->schema->node, STR("nullable")));
}

bool compile_type(struct compiler *c, struct rule *rule)
{
    enum tree_kind kind = tree_kind_of(rule->value);
    bool known = kind == TREE_STRING || kind == TREE_ARRAY;
    unsigned bits = kind == TREE_STRING ? type_bits(tree_text(c->doc, rule->value)) : 0;
    known = known && (kind == TREE_ARRAY || bits != 0);
    for (const struct tree_node *n = tree_first(c->doc, rule->value); n != NULL && known;
         n = tree_next(c->doc, n)) {
        unsigned one = kind == TREE_ARRAY ? type_bits(tree_text(c->doc, n)) : 0;
        known = one != 0;
        bits |= one;
    }
    /* "file" is a type of OpenAPI 2.0 that no JSON value has. */
    if (!known && c->schema->resource->dialect == SCHEMA_OAS_3_0 &&
        str_eq(tree_text(c->doc, rule->value), STR("file")))
        return false;
    if (!known)
        return compiler_fault(c, rule, "names no type, or is no text and no list of texts");
    rule->kinds = bits | (is_nullable(c) ? 1U << TREE_NULL : 0);
    return true;
}

bool check_type(struct run *run, const struct frame *frame, const struct rule *rule)
{
    enum tree_kind kind = value_kind(&frame->value);
    bool whole = (rule->kinds & KIND_WHOLE) && kind == TREE_NUMBER &&
                 schema_number_is_whole(tree_text(run->doc, frame->value.node));
    return whole || (rule->kinds & (1U << kind)) || run_fails(run, frame, rule, plain);
}

/* --- values ------------------------------------------------------------------------------------
 */

static uint64_t hash_of(const struct run *run, const struct value *value)
{
    return value->name.ptr != NULL ? hash_text(4, value->name)
                                   : schema_value_hash(run->doc, value->node);
}

static bool equals(const struct run *run, const struct frame *frame, const struct tree_node *wanted)
{
    const struct tree *doc = frame->schema->resource->document->doc;
    if (frame->value.name.ptr != NULL)
        return tree_kind_of(wanted) == TREE_STRING &&
               str_eq(tree_text(doc, wanted), frame->value.name);
    return schema_same_value(doc, wanted, run->doc, frame->value.node);
}

/* Containers are hashed whole: pay for what they hold. */
static uint64_t weight(const struct run *run, const struct value *value)
{
    bool container = value->name.ptr == NULL && tree_kind_of(value->node) >= TREE_ARRAY;
    if (!container)
        return 1 + value_text(run, value).len / 64;
    return 1 + (value->node->end - value->node->start) / 16;
}

bool compile_const(struct compiler *c, struct rule *rule)
{
    UNUSED(c);
    UNUSED(rule);
    return true;
}

bool check_const(struct run *run, const struct frame *frame, const struct rule *rule)
{
    return !run_spend(run, weight(run, &frame->value)) || equals(run, frame, rule->value) ||
           run_fails(run, frame, rule, plain);
}

bool compile_enum(struct compiler *c, struct rule *rule)
{
    if (tree_kind_of(rule->value) != TREE_ARRAY)
        return compiler_fault(c, rule, "is no list");
    struct hashed *values = arena_array(c->set->mem, struct hashed, rule->value->size);
    uint32_t count = 0;
    for (const struct tree_node *n = tree_first(c->doc, rule->value); n; n = tree_next(c->doc, n)) {
        values[count] = (struct hashed){schema_value_hash(c->doc, n), n, count};
        count++;
    }
    hashed_sort(values, count);
    rule->values.ptr = values;
    rule->values.len = count;
    return true;
}

bool check_enum(struct run *run, const struct frame *frame, const struct rule *rule)
{
    if (!run_spend(run, weight(run, &frame->value)))
        return false;
    uint64_t hash = hash_of(run, &frame->value);
    size_t count = rule->values.len;
    for (size_t i = hashed_find(rule->values.ptr, count, hash);
         i < count && rule->values.ptr[i].hash == hash; i++)
        if (equals(run, frame, rule->values.ptr[i].node))
            return true;
    const struct tree *doc = frame->schema->resource->document->doc;
    bool null = value_kind(&frame->value) == TREE_NULL;
    if (null && frame->schema->resource->dialect == SCHEMA_OAS_3_0 &&
        tree_true(doc, tree_get(doc, frame->schema->node, STR("nullable"))))
        return true;
    return run_fails(run, frame, rule, plain);
}
