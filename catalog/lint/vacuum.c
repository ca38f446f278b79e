/* Functions of vacuum's rulesets. Unlike Spectral's they find their places in the document by
 * themselves, whatever the rule's `given` says: data/rulesets/vacuum.yaml says where, and mostly
 * what they do, too. */
#include "ruleset.h"

/* Those that are functions here. Where Spectral has the name, too, vacuum's is meant when the rule
 * gives the whole document. */
static const struct {
    const char *name;
    bool spectrals;
} ours[] = {
    {"noEvalDescription",          false},
    {"oasCamelCaseProperties",     false},
    {"oasComponentDescriptions",   false},
    {"oasDescriptions",            false},
    {"oasDiscriminator",           true },
    {"oasDocumentSchema",          true },
    {"oasOpFormDataConsumeCheck",  true },
    {"oasOpParams",                true },
    {"oasOpSuccessResponse",       true },
    {"oasPathParam",               true },
    {"oasUnusedComponent",         true },
    {"owaspCheckErrorResponse",    false},
    {"owaspDefineErrorDefinition", false},
    {"owaspHeaderDefinition",      false},
    {"pattern",                    true },
    {"postResponseSuccess",        false},
    {"refSiblings",                true },
    {"typedEnum",                  true },
};

static bool gives_whole(const struct rule *rule)
{
    const struct step *step = &rule->steps[0];
    if (rule->given_count != 1)
        return false;
    if (str_eq(step->function_name, STR("pattern"))) /* names of paths, said without a field */
        return str_eq(rule->given[0], STR("$.paths")) && step->field == FIELD_NONE;
    return str_eq(rule->given[0], STR("$")) || str_eq(rule->given[0], STR("$.paths"));
}

/* Whether the rule's one function is meant as vacuum has it. */
static bool is_meant(const struct rule *rule)
{
    const struct step *step = &rule->steps[0];
    if (step->function == NULL)
        return step->vacuums;
    for (size_t i = 0; i < COUNT_OF(ours); i++)
        if (str_eq(step->function_name, str_from(ours[i].name)))
            return !ours[i].spectrals || gives_whole(rule);
    return false;
}

/* The entry of x-functions; the ruleset that has it is read when the first name asks for it. */
static bool find_entry(struct lint_ruleset *ruleset, struct str name,
                       const struct tree_node **entry, struct err *err)
{
    const struct lint_ruleset_config config = {0};
    if (ruleset->vacuum == NULL &&
        !lint_ruleset_read(STR(RULESET_VACUUM), &config, ruleset->mem, &ruleset->vacuum, err))
        return false;
    const struct layer *layer = ruleset->vacuum->root;
    *entry = tree_get(layer->doc, tree_get(layer->doc, layer->node, STR("x-functions")), name);
    return true;
}

bool vacuum_knows(struct lint_ruleset *ruleset, struct str function, bool *out, struct err *err)
{
    const struct tree_node *entry = NULL;
    *out = false;
    if (ruleset->config.compat_spectral)
        return true;
    if (!find_entry(ruleset, function, &entry, err))
        return false;
    *out = entry != NULL;
    return true;
}

/* Options of a function that is told by a rule: those that the entry lists, without effect. */
static bool check_options(const struct lint_ruleset *ruleset, const struct layer *layer,
                          const struct tree_node *options, const struct tree_node *entry,
                          struct err *err)
{
    const struct tree *doc = ruleset->vacuum->root->doc;
    for (const struct tree_node *n = tree_first(layer->doc, options); n;
         n = tree_next(layer->doc, n)) {
        struct str name = tree_key(layer->doc, n);
        const struct tree_node *known = tree_next(doc, tree_first(doc, entry));
        while (known != NULL && !str_eq(tree_text(doc, known), name))
            known = tree_next(doc, known);
        if (known == NULL)
            return layer_fail(layer, n, err,
                              "function \"" STR_FMT "\": has no option \"" STR_FMT "\"",
                              STR_ARG(tree_key(doc, entry)), STR_ARG(name));
    }
    return true;
}

/* Takes places and steps from the rule that stands for the function. */
static void take(const struct rule *from, struct rule *rule, struct arena *mem)
{
    const struct step asked = rule->steps[0];
    struct step *step = arena_new(mem, struct step);
    *step = from->steps[0];
    rule->steps = from->steps;
    rule->step_count = from->step_count;
    if (asked.function != NULL) { /* with the options of the ruleset */
        step->function = asked.function;
        step->function_name = asked.function_name;
        step->options = asked.options;
        rule->steps = step;
        rule->step_count = 1;
    }
    rule->given = from->given;
    rule->given_count = from->given_count;
    rule->alias_source = from->alias_source;
    rule->resolved = from->resolved;
    if (!rule->formats.given)
        rule->formats = from->formats;
}

bool vacuum_places(struct lint_ruleset *ruleset, const struct layer *layer,
                   const struct tree_node *step, struct rule *rule, struct err *err)
{
    const struct tree_node *entry = NULL;
    if (rule->step_count != 1 || ruleset->config.compat_spectral || layer->built_in ||
        !is_meant(rule))
        return true;
    if (!find_entry(ruleset, rule->steps[0].function_name, &entry, err))
        return false;
    const struct tree *doc = ruleset->vacuum->root->doc;
    const struct tree_node *name = tree_first(doc, entry);
    if (name == NULL) /* known, not built */
        return true;
    const struct rule *from = ruleset_rule(ruleset->vacuum, tree_text(doc, name));
    assert(from != NULL);
    if (rule->steps[0].function == NULL &&
        !check_options(ruleset, layer, tree_get(layer->doc, step, STR("functionOptions")), entry,
                       err))
        return false;
    take(from, rule, ruleset->mem);
    return true;
}
