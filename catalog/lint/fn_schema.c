/* Functions that apply JSON Schema: schema, oasSchema, oasExample. */
#include "functions.h"
#include "options.h"
#include "schemas.h"

/* --- schema ----------------------------------------------------------------------------------- */

static bool dialect_named(struct str name, enum schema_dialect *out)
{
    static const struct {
        const char *name;
        enum schema_dialect dialect;
    } names[] = {
        {"draft4",       SCHEMA_DRAFT_04},
        {"draft6",       SCHEMA_DRAFT_07},
        {"draft7",       SCHEMA_DRAFT_07},
        {"draft2019-09", SCHEMA_2019_09 },
        {"draft2020-12", SCHEMA_2020_12 },
    };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_eq(name, str_from(names[i].name))) {
            *out = names[i].dialect;
            return true;
        }
    return false;
}

bool prepare_schema(const struct function_site *site, void **options, struct err *err)
{
    static const struct option table[] = {
        {"schema",                       INPUT_OBJECT, true },
        {"dialect",                      INPUT_STRING, false},
        {"allErrors",                    INPUT_BOOL,   false},
        {"forceValidation",              INPUT_BOOL,   false}, /* vacuum's, without effect */
        {"forceValidationOnCurrentNode", INPUT_BOOL,   false},
        {"unpack",                       INPUT_BOOL,   false}
    };
    struct rule_schema *s = arena_new(site->mem, struct rule_schema);
    enum schema_dialect dialect = SCHEMA_DRAFT_07;
    *options = s;
    if (!options_check(site, table, COUNT_OF(table), false, err))
        return false;
    struct str name = option_text(site, "dialect");
    struct jsonpath_spot schema = option_get(site, "schema");
    struct str uri = tree_text(schema.doc, tree_get(schema.doc, schema.node, STR("$schema")));
    if (name.ptr == NULL || str_eq(name, STR("auto"))) {
        if (!schema_dialect_named(uri, &dialect))
            dialect = SCHEMA_DRAFT_07;
    } else if (!dialect_named(name, &dialect)) {
        return fail(err, ERR_INVALID, "", "\"dialect\" names no draft");
    }
    if (!rule_schema_open(schema, dialect, site->mem, s, err))
        return false;
    s->all_errors = option_flag(site, "allErrors");
    return true;
}

void fn_schema(struct call *c)
{
    struct rule_schema *s = c->step->options;
    if (c->value.kind == TARGET_UNDEFINED)
        call_report(c, "#{{print(\"property\")}}must exist");
    else
        rule_schema_check(c, s, s->dialect);
}

/* --- oasSchema -------------------------------------------------------------------------------- */

bool prepare_oas_schema(const struct function_site *site, void **options, struct err *err)
{
    static const struct option table[] = {
        {"schema", INPUT_OBJECT, true}
    };
    struct rule_schema *s = arena_new(site->mem, struct rule_schema);
    *options = s;
    return options_check(site, table, COUNT_OF(table), false, err) &&
           rule_schema_open(option_get(site, "schema"), SCHEMA_OAS_3_0, site->mem, s, err);
}

void fn_oas_schema(struct call *c)
{
    if (c->value.kind == TARGET_UNDEFINED)
        call_report(c, "#{{print(\"property\")}}must exist");
    else
        rule_schema_check(c, c->step->options, schemas_dialect(c->run));
}

/* --- oasExample ------------------------------------------------------------------------------- */

struct example_options {
    struct str schema_field;
    int version;
    bool media;
};

bool prepare_oas_example(const struct function_site *site, void **options, struct err *err)
{
    static const struct option table[] = {
        {"schemaField", INPUT_STRING, true},
        {"oasVersion",  INPUT_NUMBER, true},
        {"type",        INPUT_STRING, true}
    };
    struct example_options *o = arena_new(site->mem, struct example_options);
    *options = o;
    if (!options_check(site, table, COUNT_OF(table), false, err))
        return false;
    o->schema_field = option_text(site, "schemaField");
    o->version = spot_number(option_get(site, "oasVersion")) < 3 ? 2 : 3;
    o->media = str_eq(option_text(site, "type"), STR("media"));
    return true;
}

/* `*` stands for any name. */
static bool begins(const struct call *c, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (i >= c->depth || (names[i][0] != '*' && !str_eq(c->path[i], str_from(names[i]))))
            return false;
    return true;
}

/* What the example is part of: a required readOnly property may be absent from a request. */
static enum schema_direction direction_of(const struct call *c, int version)
{
    static const char *const bodies[] = {"components", "requestBodies"};
    static const char *const body[] = {"paths", "*", "*", "requestBody"};
    static const char *const responses[] = {"components", "responses"};
    static const char *const responses2[] = {"responses"};
    static const char *const response[] = {"paths", "*", "*", "responses"};
    if (version == 3 && (begins(c, bodies, COUNT_OF(bodies)) || begins(c, body, COUNT_OF(body))))
        return SCHEMA_REQUEST;
    bool named = version == 3 ? begins(c, responses, COUNT_OF(responses))
                              : begins(c, responses2, COUNT_OF(responses2));
    return named || begins(c, response, COUNT_OF(response)) ? SCHEMA_RESPONSE : SCHEMA_ANY_WAY;
}

static void check_named(struct call *c, struct jsonpath_spot schema,
                        const struct example_options *o, enum schema_direction direction)
{
    struct jsonpath_spot examples = call_child(c, c->value.spot, STR("examples"));
    struct jsonpath_spot one = examples;
    uint32_t index = 0;
    for (one.node = tree_first(examples.doc, examples.node); one.node;
         one.node = tree_next(examples.doc, one.node), index++) {
        struct jsonpath_spot seen = call_see(c, one);
        struct str key = tree_key(one.doc, one.node);
        key = key.ptr ? key : call_index(c, index);
        if (o->version == 2) {
            schemas_check_example(c, schema, seen, direction, BELOW(STR("examples"), key));
            continue;
        }
        struct jsonpath_spot value = call_child(c, seen, STR("value"));
        if (tree_kind_of(seen.node) < TREE_ARRAY ||
            call_child(c, seen, STR("externalValue")).node != NULL)
            continue;
        if (value.node == NULL) {
            call_report_below(c, BELOW(STR("examples"), key, STR("value")),
                              STR("#{{print(\"property\")}}must exist"));
            continue;
        }
        schemas_check_example(c, schema, value, direction,
                              BELOW(STR("examples"), key, STR("value")));
    }
}

void fn_oas_example(struct call *c)
{
    static const char *const fields[] = {"example", "x-example", "default"};
    const struct example_options *o = c->step->options;
    bool self = str_eq(o->schema_field, STR("$"));
    struct jsonpath_spot schema =
        self ? c->value.spot : call_child(c, c->value.spot, o->schema_field);
    if (tree_kind_of(schema.node) != TREE_OBJECT)
        return;
    if (o->media) {
        struct jsonpath_spot example = call_child(c, c->value.spot, STR("example"));
        enum schema_direction direction = direction_of(c, o->version);
        if (o->version == 3 && example.node != NULL)
            schemas_check_example(c, schema, example, direction, BELOW(STR("example")));
        else
            check_named(c, schema, o, direction);
        return;
    }
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        struct jsonpath_spot value = call_child(c, c->value.spot, str_from(fields[i]));
        if (value.node != NULL && (i != 1 || o->version == 2))
            schemas_check_example(c, schema, value, SCHEMA_ANY_WAY, BELOW(str_from(fields[i])));
    }
}
