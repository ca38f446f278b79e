/* One schema object becomes its rules, in the order of the table of keywords. */
#include "engine.h"

bool compiler_fault(struct compiler *c, const struct rule *rule, const char *what)
{
    set_fault(c->set, c->schema->resource, rule->value, rule->keyword->name, "%s %s",
              rule->keyword->name, what);
    return false;
}

const struct rule *compiler_rule(const struct compiler *c, const char *keyword)
{
    for (size_t i = 0; i < c->rule_count; i++)
        if (strcmp(c->rules[i].keyword->name, keyword) == 0)
            return &c->rules[i];
    return NULL;
}

struct schema *compiler_sub(struct compiler *c, const struct tree_node *node)
{
    return set_schema(c->set, c->schema->resource->document, node);
}

/* Before 2019-09 a reference makes nothing of what stands beside it. */
static bool only_ref(const struct compiler *c)
{
    enum schema_dialect dialect = c->schema->resource->dialect;
    bool modern = dialect == SCHEMA_2019_09 || dialect == SCHEMA_2020_12;
    return !modern && tree_kind_of(tree_get(c->doc, c->schema->node, STR("$ref"))) == TREE_STRING;
}

static size_t row_of(const struct keyword *keyword)
{
    return (size_t)(keyword - keywords);
}

static size_t members_by_row(const struct compiler *c, const struct tree_node **by_row)
{
    const struct resource *resource = c->schema->resource;
    size_t found = 0;
    for (const struct tree_node *m = tree_first(c->doc, c->schema->node); m != NULL;
         m = tree_next(c->doc, m)) {
        const struct keyword *keyword = keyword_named(tree_key(c->doc, m), resource->dialect);
        if (keyword == NULL || keyword->check == NULL ||
            (keyword->vocabulary & resource->vocabularies) == 0)
            continue;
        by_row[row_of(keyword)] = m;
        found++;
    }
    return found;
}

static void compile_object(struct compiler *c)
{
    const struct tree_node *by_row[64] = {NULL};
    assert(keyword_count() <= COUNT_OF(by_row));
    size_t found = members_by_row(c, by_row);
    struct rule *rules = arena_array(c->set->mem, struct rule, found);
    size_t last = only_ref(c) ? 1 : keyword_count(); /* $ref is the first row */
    c->rules = rules;
    for (size_t row = 0; row < last; row++) {
        struct rule *rule = &rules[c->rule_count];
        if (by_row[row] == NULL)
            continue;
        *rule = (struct rule){.keyword = &keywords[row], .value = by_row[row]};
        if (!keywords[row].compile(c, rule))
            continue;
        c->rule_count++;
        if (keywords[row].vocabulary == VOCABULARY_UNEVALUATED)
            c->schema->unevaluated = true;
    }
    c->schema->rules = rules;
    c->schema->rule_count = c->rule_count;
}

void schema_prepare(struct schema_set *set, struct schema *schema)
{
    if (schema->ready)
        return;
    schema->ready = true;
    struct compiler c = {.set = set, .schema = schema, .doc = schema->resource->document->doc};
    if (tree_kind_of(schema->node) == TREE_OBJECT)
        compile_object(&c);
    else if (tree_kind_of(schema->node) == TREE_BOOL)
        schema->nothing = !tree_true(c.doc, schema->node);
    else
        set_fault(set, schema->resource, schema->node, "",
                  "a schema is an object, true or false; this takes no part");
}
