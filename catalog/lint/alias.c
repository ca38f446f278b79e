/* Aliases: `#Name` at the beginning of a `given`, for one or several expressions. */
#include "ruleset.h"

#define MOST_NESTING     32
#define MOST_EXPRESSIONS 10000 /* that one `given` may stand for */

/* --- reading ---------------------------------------------------------------------------------- */

static bool read_targets(struct layer *layer, const struct tree_node *value, struct alias *out,
                         struct arena *mem, struct err *err)
{
    const struct tree *doc = layer->doc;
    const struct tree_node *targets = tree_get(doc, value, STR("targets"));
    VEC(struct alias_target) list = {0};
    if (tree_kind_of(targets) != TREE_ARRAY)
        return layer_fail(layer, value, err, "an alias is a list of expressions, or has targets");
    for (const struct tree_node *n = tree_first(doc, targets); n; n = tree_next(doc, n)) {
        struct alias_target target = {0};
        if (!formats_read(layer, tree_get(doc, n, STR("formats")), &target.formats, NULL, err) ||
            !texts_read(layer, tree_get(doc, n, STR("given")), mem, &target.given, &target.count,
                        err))
            return false;
        vec_push(&list, mem, target);
    }
    out->scoped = true;
    out->targets = list.ptr;
    out->count = list.len;
    return true;
}

static bool read_alias(struct layer *layer, const struct tree_node *value, struct alias *out,
                       struct arena *mem, struct err *err)
{
    struct alias_target *only = NULL;
    out->name = tree_key(layer->doc, value);
    if (tree_kind_of(value) == TREE_OBJECT)
        return read_targets(layer, value, out, mem, err);
    only = arena_new(mem, struct alias_target);
    out->targets = only;
    out->count = 1;
    return texts_read(layer, value, mem, &only->given, &only->count, err);
}

bool aliases_read(struct layer *layer, struct arena *mem, struct err *err)
{
    const struct tree_node *aliases = tree_get(layer->doc, layer->node, STR("aliases"));
    VEC(struct alias) list = {0};
    if (aliases != NULL && tree_kind_of(aliases) != TREE_OBJECT)
        return layer_fail(layer, aliases, err, "\"aliases\" takes names with expressions");
    for (const struct tree_node *n = tree_first(layer->doc, aliases); n;
         n = tree_next(layer->doc, n)) {
        struct alias alias = {0};
        if (!read_alias(layer, n, &alias, mem, err))
            return false;
        vec_push(&list, mem, alias);
    }
    layer->aliases = list.ptr;
    layer->alias_count = list.len;
    return true;
}

/* --- expanding -------------------------------------------------------------------------------- */

struct expansion {
    const struct layer *layer;
    bool formats_known;
    unsigned formats;
    struct arena *mem;
    expressions *out;
    struct err *err;
    struct str stack[MOST_NESTING];
    size_t depth;
};

static bool is_alias_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

static const struct alias *find(const struct layer *layer, struct str name)
{
    for (size_t i = 0; i < layer->alias_count; i++)
        if (str_eq(layer->aliases[i].name, name))
            return &layer->aliases[i];
    return NULL;
}

static bool expand(struct expansion *e, struct str expression);

static bool expand_target(struct expansion *e, const struct alias_target *target, struct str rest)
{
    for (size_t i = 0; i < target->count; i++)
        if (!expand(e, arena_join(e->mem, target->given[i], rest)))
            return false;
    return true;
}

static bool expand_alias(struct expansion *e, const struct alias *alias, struct str rest)
{
    if (!alias->scoped)
        return expand_target(e, &alias->targets[0], rest);
    for (size_t i = alias->count; i > 0; i--) { /* the last that fits goes before */
        const struct alias_target *target = &alias->targets[i - 1];
        if (e->formats_known && !(target->formats.set & e->formats))
            continue;
        if (!expand_target(e, target, rest))
            return false;
        if (e->formats_known)
            break;
    }
    return true;
}

/* Operations are not only below paths, and not only those of eight methods. */
static bool expand_further(struct expansion *e, struct str name, struct str rest)
{
    static const struct {
        const char *alias, *given;
    } further[] = {
        {"PathItem",        "$.webhooks[*]"                                     },
        {"PathItem",        "$.components.pathItems[*]"                         },
        {"PathItem",        "$.components.callbacks[*][*]"                      },
        {"PathItem",        "$.paths[*][*].callbacks[*][*]"                     },
        {"PathItem",        "$.paths[*].additionalOperations[*].callbacks[*][*]"},
        {"PathItem",        "$.webhooks[*][*].callbacks[*][*]"                  },
        {"OperationObject", "#PathItem.query"                                   },
        {"OperationObject", "#PathItem.additionalOperations[*]"                 },
    };
    for (size_t i = 0; e->layer->extended && i < COUNT_OF(further); i++)
        if (str_eq(name, str_from(further[i].alias)) &&
            !expand(e, arena_join(e->mem, str_from(further[i].given), rest)))
            return false;
    return true;
}

static bool expand(struct expansion *e, struct str expression)
{
    size_t end = 1;
    if (!str_starts(expression, STR("#"))) {
        if (e->out->len >= MOST_EXPRESSIONS)
            return layer_fail(e->layer, NULL, e->err, "aliases stand for too many expressions");
        vec_push(e->out, e->mem, expression);
        return true;
    }
    while (end < expression.len && is_alias_char(expression.ptr[end]))
        end++;
    struct str name = str_sub(expression, 1, end - 1);
    const struct alias *alias = find(e->layer, name);
    for (size_t i = 0; i < e->depth; i++)
        if (str_eq(e->stack[i], name))
            return layer_fail(e->layer, NULL, e->err, "the alias \"" STR_FMT "\" leads to itself",
                              STR_ARG(name));
    if (alias == NULL)
        return layer_fail(e->layer, NULL, e->err, "there is no alias \"" STR_FMT "\"",
                          STR_ARG(name));
    if (e->depth == MOST_NESTING)
        return layer_fail(e->layer, NULL, e->err, "aliases are nested too deeply");
    e->stack[e->depth++] = name;
    struct str rest = str_sub(expression, end, expression.len);
    bool ok = expand_alias(e, alias, rest) && expand_further(e, name, rest);
    e->depth--;
    return ok;
}

bool alias_expand(const struct layer *layer, struct str expression, bool formats_known,
                  unsigned formats, struct arena *mem, expressions *out, struct err *err)
{
    struct expansion e = {.layer = layer,
                          .formats_known = formats_known,
                          .formats = formats,
                          .mem = mem,
                          .out = out,
                          .err = err};
    return expand(&e, expression);
}
