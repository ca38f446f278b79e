/* One rule of a ruleset file: a short form that changes an inherited rule, or an object. */
#include "ruleset.h"

bool layer_fail(const struct layer *layer, const struct tree_node *at, struct err *err,
                const char *format, ...)
{
    char msg[sizeof(err->msg)], where[sizeof(err->where)];
    va_list args;
    va_start(args, format);
    vsnprintf(msg, sizeof(msg), format, args);
    va_end(args);
    if (at != NULL) {
        struct tree_place place = tree_place_of(layer->doc, at->start);
        snprintf(where, sizeof(where), STR_FMT " line %u column %u", STR_ARG(layer->file),
                 place.line, place.column);
    } else {
        snprintf(where, sizeof(where), STR_FMT, STR_ARG(layer->file));
    }
    return fail(err, ERR_INVALID, where, "%s", msg);
}

bool texts_read(const struct layer *layer, const struct tree_node *node, struct arena *mem,
                const struct str **out, size_t *count, struct err *err)
{
    VEC(struct str) list = {0};
    if (tree_kind_of(node) == TREE_STRING) {
        vec_push(&list, mem, tree_text(layer->doc, node));
    } else if (tree_kind_of(node) == TREE_ARRAY) {
        for (const struct tree_node *n = tree_first(layer->doc, node); n;
             n = tree_next(layer->doc, n)) {
            if (tree_kind_of(n) != TREE_STRING)
                return layer_fail(layer, n, err, "expected text");
            vec_push(&list, mem, tree_text(layer->doc, n));
        }
    } else {
        return layer_fail(layer, node ? node : layer->node, err,
                          "expected text or a list of texts");
    }
    *out = list.ptr;
    *count = list.len;
    return true;
}

/* --- severity --------------------------------------------------------------------------------- */

bool severity_read(const struct tree *doc, const struct tree_node *node, int *out)
{
    static const struct {
        const char *text;
        int severity;
    } names[] = {
        {"error", 0           },
        {"warn",  1           },
        {"info",  2           },
        {"hint",  3           },
        {"off",   SEVERITY_OFF},
        {"0",     0           },
        {"1",     1           },
        {"2",     2           },
        {"3",     3           },
        {"-1",    SEVERITY_OFF}
    };
    enum tree_kind kind = tree_kind_of(node);
    if (kind != TREE_STRING && kind != TREE_NUMBER)
        return false;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_eq(tree_text(doc, node), str_from(names[i].text))) {
            *out = names[i].severity;
            return true;
        }
    return false;
}

/* --- steps ------------------------------------------------------------------------------------ */

static bool read_field(const struct layer *layer, const struct tree_node *field, struct arena *mem,
                       struct step *step, struct err *err)
{
    struct jsonpath *path = NULL;
    struct err why = {0};
    if (field == NULL)
        return true;
    if (tree_kind_of(field) != TREE_STRING)
        return layer_fail(layer, field, err, "\"field\" takes text");
    step->name = tree_text(layer->doc, field);
    step->field = FIELD_PATH;
    if (str_eq(step->name, STR("@key"))) {
        step->field = FIELD_KEYS;
    } else if (str_starts(step->name, STR("$"))) {
        step->field = FIELD_JSONPATH;
        if (!jsonpath_compile(step->name, JSONPATH_SPECTRAL, mem, &path, &why))
            return layer_fail(layer, field, err, "field: %s: %s", why.where, why.msg);
        step->jsonpath = path;
    } else {
        field_split(step->name, mem, &step->segments, &step->segment_count);
    }
    return true;
}

static bool is_declared(const struct layer *layer, struct str name)
{
    for (size_t i = 0; i < layer->function_count; i++)
        if (str_eq(layer->functions[i], name))
            return true;
    return false;
}

/* A function that is none of ours: vacuum's, or nobody's. */
static bool read_foreign(struct lint_ruleset *ruleset, const struct layer *layer,
                         const struct tree_node *name, struct step *step, struct err *err)
{
    if (!layer->built_in && !vacuum_knows(ruleset, step->function_name, &step->vacuums, err))
        return false;
    if (step->vacuums)
        return true;
    (void)layer_fail(layer, name, err, "there is no function \"" STR_FMT "\"",
                     STR_ARG(step->function_name));
    return err_hint(err, "custom functions are JavaScript and are not run; declare it in "
                         "\"functions\" and its rules are skipped");
}

static bool read_step(struct lint_ruleset *ruleset, const struct layer *layer,
                      const struct tree_node *node, struct step *step, struct err *err)
{
    const struct tree *doc = layer->doc;
    struct arena *mem = ruleset->mem;
    const struct tree_node *name = tree_get(doc, node, STR("function"));
    const struct tree_node *options = tree_get(doc, node, STR("functionOptions"));
    if (tree_kind_of(node) != TREE_OBJECT)
        return layer_fail(layer, node, err, "a step of \"then\" is an object with \"function\"");
    if (!read_field(layer, tree_get(doc, node, STR("field")), mem, step, err))
        return false;
    if (tree_kind_of(name) != TREE_STRING)
        return layer_fail(layer, node, err, "a step of \"then\" needs a \"function\"");
    step->function_name = tree_text(doc, name);
    if (is_declared(layer, step->function_name))
        return true;
    step->function = function_named(step->function_name);
    if (step->function == NULL)
        return read_foreign(ruleset, layer, name, step, err);
    const struct function_site site = {
        {doc, options},
        layer->file, step->function_name, mem
    };
    bool given = options != NULL && tree_kind_of(options) != TREE_NULL;
    if (step->function->prepare != NULL)
        return step->function->prepare(&site, &step->options, err) ||
               layer_fail(layer, given ? options : node, err, "function \"" STR_FMT "\": %s",
                          STR_ARG(step->function_name), err->msg);
    return !given || layer_fail(layer, options, err, "function \"" STR_FMT "\" takes no options",
                                STR_ARG(step->function_name));
}

static bool read_then(struct lint_ruleset *ruleset, struct rule *rule, const struct layer *layer,
                      const struct tree_node *then, struct err *err)
{
    VEC(struct step) steps = {0};
    bool list = tree_kind_of(then) == TREE_ARRAY;
    const struct tree_node *n = list ? tree_first(layer->doc, then) : then;
    for (; n != NULL; n = list ? tree_next(layer->doc, n) : NULL) {
        struct step step = {0};
        if (!read_step(ruleset, layer, n, &step, err))
            return false;
        vec_push(&steps, ruleset->mem, step);
    }
    rule->steps = steps.ptr;
    rule->step_count = steps.len;
    return vacuum_places(ruleset, layer, list ? tree_first(layer->doc, then) : then, rule, err);
}

/* --- places ----------------------------------------------------------------------------------- */

/* Every expression must compile whatever the document is. */
static bool check_given(const struct layer *layer, struct str given, const struct tree_node *at,
                        struct arena *mem, struct err *err)
{
    expressions all = {0};
    struct err why = {0};
    if (!str_starts(given, STR("$")) && !str_starts(given, STR("#"))) {
        (void)layer_fail(layer, at, err, "\"given\" is no JSONPath expression: \"" STR_FMT "\"",
                         STR_ARG(given));
        return err_hint(err, "it begins with $, or with # and the name of an alias");
    }
    if (!alias_expand(layer, given, false, 0, mem, &all, &why))
        return layer_fail(layer, at, err, "%s", why.msg);
    for (size_t i = 0; i < all.len; i++) {
        struct jsonpath *path = NULL;
        if (!jsonpath_compile(all.ptr[i], JSONPATH_SPECTRAL, mem, &path, &why))
            return layer_fail(layer, at, err, "\"" STR_FMT "\" %s: %s", STR_ARG(all.ptr[i]),
                              why.where, why.msg);
    }
    return true;
}

static bool read_given(struct rule *rule, const struct layer *layer, const struct tree_node *given,
                       struct arena *mem, struct err *err)
{
    CLEANUP(arena_clear) struct arena scratch = {0};
    if (!texts_read(layer, given, mem, &rule->given, &rule->given_count, err))
        return false;
    rule->alias_source = layer;
    for (size_t i = 0; i < rule->given_count; i++)
        if (!check_given(layer, rule->given[i], given, &scratch, err))
            return false;
    return true;
}

/* --- the object ------------------------------------------------------------------------------- */

static bool known_member(struct str name)
{
    static const char *const members[] = {
        "description", "documentationUrl", "recommended", "given",    "resolved",
        "severity",    "message",          "tags",        "formats",  "then",
        "type",        "extensions",       "enabled",     "howToFix", "category",
        "id"};
    if (str_starts(name, STR("x-")))
        return true;
    for (size_t i = 0; i < COUNT_OF(members); i++)
        if (str_eq(name, str_from(members[i])))
            return true;
    return false;
}

static bool check_members(const struct layer *layer, const struct tree_node *object,
                          struct err *err)
{
    for (const struct tree_node *n = tree_first(layer->doc, object); n;
         n = tree_next(layer->doc, n))
        if (!known_member(tree_key(layer->doc, n)))
            return layer_fail(layer, n, err, "a rule has no property \"" STR_FMT "\"",
                              STR_ARG(tree_key(layer->doc, n)));
    return true;
}

static void read_text(const struct layer *layer, const struct tree_node *object, const char *name,
                      struct str *out)
{
    const struct tree_node *n = tree_get(layer->doc, object, str_from(name));
    if (tree_kind_of(n) == TREE_STRING)
        *out = tree_text(layer->doc, n);
}

static void read_flag(const struct layer *layer, const struct tree_node *object, const char *name,
                      bool *out)
{
    const struct tree_node *n = tree_get(layer->doc, object, str_from(name));
    if (tree_kind_of(n) == TREE_BOOL)
        *out = tree_true(layer->doc, n);
}

/* Assigns what the object says; the rest stays. */
static bool assign(struct lint_ruleset *ruleset, struct rule *rule, const struct layer *layer,
                   const struct tree_node *object, struct err *err)
{
    const struct tree *doc = layer->doc;
    const struct tree_node *severity = tree_get(doc, object, STR("severity"));
    const struct tree_node *formats = tree_get(doc, object, STR("formats"));
    const struct tree_node *given = tree_get(doc, object, STR("given"));
    const struct tree_node *then = tree_get(doc, object, STR("then"));
    read_text(layer, object, "description", &rule->description);
    read_text(layer, object, "message", &rule->message);
    read_text(layer, object, "documentationUrl", &rule->documentation_url);
    if (then != NULL)
        rule->how_to_fix = STR_NONE; /* it was for what the rule checked before */
    read_text(layer, object, "howToFix", &rule->how_to_fix);
    read_flag(layer, object, "recommended", &rule->recommended);
    read_flag(layer, object, "resolved", &rule->resolved);
    if (severity != NULL && !severity_read(doc, severity, &rule->severity))
        return layer_fail(layer, severity, err,
                          "a severity is one of error, warn, info, hint, off, or 0 to 3");
    return check_members(layer, object, err) &&
           (formats == NULL || formats_read(layer, formats, &rule->formats, NULL, err)) &&
           (given == NULL || read_given(rule, layer, given, ruleset->mem, err)) &&
           (then == NULL || read_then(ruleset, rule, layer, then, err));
}

static bool create(struct lint_ruleset *ruleset, const struct layer *layer,
                   const struct tree_node *object, struct rule **out, struct err *err)
{
    struct str name = tree_key(layer->doc, object);
    struct rule *rule = arena_new(ruleset->mem, struct rule);
    rule->name = name;
    rule->severity = SEVERITY_WARN;
    rule->recommended = true;
    rule->resolved = true;
    rule->owner = layer;
    if (tree_get(layer->doc, object, STR("given")) == NULL ||
        tree_get(layer->doc, object, STR("then")) == NULL)
        return layer_fail(layer, object, err,
                          "the rule \"" STR_FMT "\" needs \"given\" and \"then\"", STR_ARG(name));
    if (!assign(ruleset, rule, layer, object, err))
        return false;
    rule->enabled = rule->recommended;
    vec_push(&ruleset->rules, ruleset->mem, rule);
    *out = rule;
    return true;
}

/* --- short forms ------------------------------------------------------------------------------ */

static bool set_severity(struct rule *rule, const struct layer *layer,
                         const struct tree_node *value, struct err *err)
{
    if (!severity_read(layer->doc, value, &rule->severity))
        return layer_fail(layer, value, err,
                          "a severity is one of error, warn, info, hint, off, or 0 to 3");
    rule->enabled = !str_eq(tree_text(layer->doc, value), STR("off"));
    return true;
}

bool rule_merge(struct lint_ruleset *ruleset, const struct layer *layer,
                const struct tree_node *definition, struct rule **out, struct err *err)
{
    struct str name = tree_key(layer->doc, definition);
    struct rule *rule = ruleset_rule(ruleset, name);
    enum tree_kind kind = tree_kind_of(definition);
    *out = rule;
    if (kind == TREE_OBJECT && rule == NULL)
        return create(ruleset, layer, definition, out, err);
    if (kind == TREE_OBJECT) {
        rule->enabled = true;
        return assign(ruleset, rule, layer, definition, err);
    }
    if (kind != TREE_BOOL && kind != TREE_STRING && kind != TREE_NUMBER)
        return layer_fail(layer, definition, err,
                          "a rule is an object, a severity, or true, false");
    if (rule == NULL)
        return layer_fail(layer, definition, err,
                          "there is no rule \"" STR_FMT "\" to change: nothing extended has it",
                          STR_ARG(name));
    if (kind != TREE_BOOL)
        return set_severity(rule, layer, definition, err);
    rule->enabled = tree_true(layer->doc, definition);
    return true;
}
