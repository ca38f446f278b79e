/* Reading a ruleset and what it extends. Files that are extended are read before, so that what a
 * file itself says goes before what it inherits. */
#include "ruleset.h"

#define MOST_EXTENDS   16
#define MOST_RULE_FILE ((size_t)10 << 20)

/* --- what is compiled in ---------------------------------------------------------------------- */

extern const unsigned char lint_rules_oas[], lint_rules_owasp[], lint_rules_chancery[],
    lint_rules_vacuum[];
extern const size_t lint_rules_oas_len, lint_rules_owasp_len, lint_rules_chancery_len,
    lint_rules_vacuum_len;

static struct str built_in(struct str name)
{
    const struct {
        const char *name;
        const unsigned char *bytes;
        size_t len;
    } table[] = {
        {"spectral:oas",                      lint_rules_oas,      lint_rules_oas_len     },
        {"owasp",                             lint_rules_owasp,    lint_rules_owasp_len   },
        {"@stoplight/spectral-owasp-ruleset", lint_rules_owasp,    lint_rules_owasp_len   },
        {"chancery",                          lint_rules_chancery, lint_rules_chancery_len},
        {RULESET_VACUUM,                      lint_rules_vacuum,   lint_rules_vacuum_len  },
    };
    for (size_t i = 0; i < COUNT_OF(table); i++)
        if (str_eq(name, str_from(table[i].name)))
            return (struct str){(const char *)table[i].bytes, table[i].len};
    /* AsyncAPI and Arazzo are no concern of a catalog of HTTP APIs: their rules never apply. */
    if (str_eq(name, STR("spectral:asyncapi")) || str_eq(name, STR("spectral:arazzo")))
        return STR("rules: {}\n");
    return STR_NONE;
}

bool ruleset_is_url(struct str name)
{
    return str_starts(name, STR("http://")) || str_starts(name, STR("https://"));
}

/* A name of a package or of what Spectral and vacuum bring along, not a file's. */
static bool is_package(struct str name)
{
    return str_starts(name, STR("@")) || str_starts(name, STR("spectral:")) ||
           str_starts(name, STR("vacuum:"));
}

/* The path of what a file extends, from that file's folder. */
static struct str beside(struct str file, struct str name, struct arena *mem)
{
    size_t end = file.len;
    while (end > 0 && file.ptr[end - 1] != '/')
        end--;
    while (str_starts(name, STR("./")))
        name = str_sub(name, 2, name.len);
    if (str_starts(name, STR("/")) || end == 0)
        return name;
    return arena_join(mem, str_sub(file, 0, end), name);
}

static bool load_bytes(const struct lint_ruleset *r, struct str name, struct str *out,
                       struct err *err)
{
    char where[sizeof(err->where)];
    snprintf(where, sizeof(where), STR_FMT, STR_ARG(name));
    *out = built_in(name);
    if (out->ptr != NULL)
        return true;
    if (ruleset_is_url(name))
        return lock_load(r, name, out, err);
    if (is_package(name)) {
        (void)fail(err, ERR_NOT_FOUND, where, "there is no such built-in ruleset");
        return err_hint(err, "built in are spectral:oas, owasp and chancery; others need a file");
    }
    if (str_ends(name, STR(".js")) || str_ends(name, STR(".mjs")) || str_ends(name, STR(".cjs"))) {
        (void)fail(err, ERR_INVALID, where, "a ruleset written in JavaScript cannot be read");
        return err_hint(err, "write it as YAML or JSON");
    }
    if (r->config.load == NULL)
        return fail(err, ERR_NOT_FOUND, where, "only built-in rulesets are to be had here");
    if (!r->config.load(r->config.context, name, r->mem, out, err))
        return false;
    return out->len <= MOST_RULE_FILE ||
           fail(err, ERR_LIMIT, where, "the ruleset has more than 10 MB");
}

/* --- layers ----------------------------------------------------------------------------------- */

/* One file that is being read, and the files around it that extend it. */
struct reading {
    struct lint_ruleset *ruleset;
    const struct reading *outer;
    struct str file;
    unsigned depth;
    bool is_explicit; /* extended with off, recommended or all */
    bool all, off;
    struct format_list formats;
};

struct rule *ruleset_rule(const struct lint_ruleset *ruleset, struct str name)
{
    for (size_t i = 0; i < ruleset->rules.len; i++)
        if (str_eq(ruleset->rules.ptr[i]->name, name))
            return ruleset->rules.ptr[i];
    return NULL;
}

static void enable(const struct reading *r, struct rule *rule)
{
    rule->enabled = r->all || (!r->off && rule->recommended);
}

/* Functions are names, or [name, schema of options]. */
static bool read_functions(struct layer *layer, struct arena *mem, struct err *err)
{
    const struct tree *doc = layer->doc;
    const struct tree_node *list = tree_get(doc, layer->node, STR("functions"));
    VEC(struct str) names = {0};
    for (const struct tree_node *n = tree_first(doc, list); n; n = tree_next(doc, n)) {
        const struct tree_node *name = tree_kind_of(n) == TREE_ARRAY ? tree_first(doc, n) : n;
        if (tree_kind_of(name) != TREE_STRING)
            return layer_fail(layer, n, err, "\"functions\" takes names");
        vec_push(&names, mem, tree_text(doc, name));
    }
    layer->functions = names.ptr;
    layer->function_count = names.len;
    return true;
}

static bool read_parser_options(struct lint_ruleset *ruleset, const struct layer *layer,
                                struct err *err)
{
    assert(layer != NULL);
    const struct tree *doc = layer->doc;
    const struct tree_node *options = tree_get(doc, layer->node, STR("parserOptions"));
    const struct tree_node *duplicate = tree_get(doc, options, STR("duplicateKeys"));
    const struct tree_node *incompatible = tree_get(doc, options, STR("incompatibleValues"));
    if ((duplicate && !severity_read(doc, duplicate, &ruleset->duplicate_keys)) ||
        (incompatible && !severity_read(doc, incompatible, &ruleset->incompatible_values)))
        return layer_fail(layer, options, err, "\"parserOptions\" takes severities");
    return true;
}

static bool layer_open(struct layer *layer, struct reading *r, struct err *err)
{
    struct arena *mem = r->ruleset->mem;
    const struct tree *doc = layer->doc;
    const struct tree_node *formats = tree_get(doc, layer->node, STR("formats"));
    if (tree_kind_of(layer->node) != TREE_OBJECT)
        return layer_fail(layer, layer->node, err, "a ruleset is an object");
    if (!tree_get(doc, layer->node, STR("rules")) && !tree_get(doc, layer->node, STR("extends")) &&
        !tree_get(doc, layer->node, STR("overrides")))
        return layer_fail(layer, layer->node, err,
                          "a ruleset has \"rules\", \"extends\" or \"overrides\"");
    if (formats && !formats_read(layer, formats, &layer->formats, &r->formats, err))
        return false;
    const struct tree_node *url = tree_get(doc, layer->node, STR("documentationUrl"));
    layer->documentation_url = tree_text(doc, url);
    return aliases_read(layer, mem, err) && read_functions(layer, mem, err);
}

static bool read_rules(struct reading *r, const struct layer *layer, struct err *err)
{
    const struct tree *doc = layer->doc;
    const struct tree_node *rules = tree_get(doc, layer->node, STR("rules"));
    if (rules && tree_kind_of(rules) != TREE_OBJECT)
        return layer_fail(layer, rules, err, "\"rules\" takes names with rules");
    for (const struct tree_node *n = tree_first(doc, rules); n; n = tree_next(doc, n)) {
        struct rule *rule = NULL;
        if (!rule_merge(r->ruleset, layer, n, &rule, err))
            return false;
        if (rule->owner == layer || r->is_explicit)
            enable(r, rule);
        const struct tree_node *formats = tree_get(doc, n, STR("formats"));
        if (formats && !formats_read(layer, formats, &rule->formats, &r->formats, err))
            return false;
        if (!rule->formats.given)
            rule->formats = rule->owner->formats;
        if (rule->documentation_url.ptr == NULL && layer->documentation_url.ptr != NULL)
            rule->documentation_url =
                arena_join(r->ruleset->mem, layer->documentation_url, STR("#"), rule->name);
    }
    return true;
}

/* --- extends ---------------------------------------------------------------------------------- */

static bool read_layer(struct reading *r, const struct layer *layer, struct err *err);

static void add_formats(struct format_list *to, const struct format_list *from)
{
    for (size_t i = 0; i < from->count; i++) {
        size_t j = 0;
        while (j < to->count && strcmp(to->titles[j], from->titles[i]) != 0)
            j++;
        if (j == to->count && to->count < COUNT_OF(to->titles)) {
            to->titles[to->count] = from->titles[i];
            to->sets[to->count++] = from->sets[i];
        }
    }
}

static bool open_file(struct reading *r, struct layer **out, struct err *err)
{
    struct arena *mem = r->ruleset->mem;
    struct layer *layer = arena_new(mem, struct layer);
    struct tree *doc = NULL;
    struct str bytes;
    struct err why = {0};
    layer->file = r->file;
    layer->built_in = built_in(r->file).ptr != NULL;
    layer->extended = layer->built_in && !r->ruleset->config.compat_spectral;
    if (!load_bytes(r->ruleset, r->file, &bytes, err))
        return false;
    if (!tree_read(bytes, NULL, mem, &doc, &why)) {
        const char *where = arena_printf(mem, STR_FMT " %s", STR_ARG(r->file), why.where).ptr;
        return fail(err, why.code, where, "%s", why.msg);
    }
    layer->doc = doc;
    layer->node = tree_root(doc);
    *out = layer;
    return layer_open(layer, r, err);
}

static bool is_open(const struct reading *r, struct str file)
{
    for (; r != NULL; r = r->outer)
        if (str_eq(r->file, file))
            return true;
    return false;
}

/* Who looks for a file that is missing looks where it is named. Returns false. */
static bool say_extender(const struct layer *layer, const struct tree_node *entry, struct err *err)
{
    const struct tree_place place = tree_place_of(layer->doc, entry->start);
    if (err == NULL || err->hint[0] != '\0')
        return false;
    return err_hint(err, "it is extended in " STR_FMT " line %u column %u", STR_ARG(layer->file),
                    place.line, place.column);
}

static bool extend(struct reading *r, const struct layer *layer, const struct tree_node *entry,
                   struct err *err)
{
    const struct tree *doc = layer->doc;
    bool pair = tree_kind_of(entry) == TREE_ARRAY;
    const struct tree_node *first = pair ? tree_first(doc, entry) : entry;
    struct str mode = pair ? tree_text(doc, tree_next(doc, first)) : STR_NONE;
    if (tree_kind_of(first) != TREE_STRING)
        return layer_fail(layer, entry, err, "\"extends\" takes names of rulesets");
    struct str name = tree_text(doc, first);
    struct reading inner = {.ruleset = r->ruleset, .outer = r, .depth = r->depth + 1};
    inner.file = built_in(name).ptr || is_package(name) || ruleset_is_url(name)
                     ? name
                     : beside(layer->file, name, r->ruleset->mem);
    inner.is_explicit = pair;
    inner.all = str_eq(mode, STR("all"));
    inner.off = str_eq(mode, STR("off"));
    if (pair && !inner.all && !inner.off && !str_eq(mode, STR("recommended")))
        return layer_fail(layer, entry, err, "a ruleset is extended off, recommended or all");
    if (is_open(r, inner.file))
        return layer_fail(layer, entry, err, "\"" STR_FMT "\" is extended in a circle",
                          STR_ARG(inner.file));
    if (inner.depth > MOST_EXTENDS)
        return layer_fail(layer, entry, err, "rulesets extend each other too deeply");
    struct layer *file = NULL;
    if (!open_file(&inner, &file, err))
        return say_extender(layer, entry, err);
    if (!read_layer(&inner, file, err))
        return false;
    add_formats(&r->formats, &inner.formats);
    return true;
}

static bool read_layer(struct reading *r, const struct layer *layer, struct err *err)
{
    assert(layer != NULL);
    const struct tree *doc = layer->doc;
    const struct tree_node *extends = tree_get(doc, layer->node, STR("extends"));
    size_t before = r->ruleset->rules.len;
    bool list = tree_kind_of(extends) == TREE_ARRAY;
    const struct tree_node *n = list ? tree_first(doc, extends) : extends;
    for (; n != NULL; n = list ? tree_next(doc, n) : NULL)
        if (!extend(r, layer, n, err))
            return false;
    for (size_t i = before; r->is_explicit && i < r->ruleset->rules.len; i++)
        enable(r, r->ruleset->rules.ptr[i]);
    return read_rules(r, layer, err);
}

/* --- the whole -------------------------------------------------------------------------------- */

static struct lint_ruleset *new_ruleset(const struct lint_ruleset_config *config, struct str file,
                                        struct arena *mem)
{
    struct lint_ruleset *ruleset = arena_new(mem, struct lint_ruleset);
    ruleset->mem = mem;
    ruleset->config = *config;
    ruleset->file = file;
    ruleset->duplicate_keys = SEVERITY_ERROR;
    ruleset->incompatible_values = SEVERITY_ERROR;
    return ruleset;
}

/* Rules of vacuum's functions bring their formats along. */
static void take_formats(struct lint_ruleset *ruleset, struct reading *r)
{
    if (ruleset->vacuum != NULL)
        add_formats(&r->formats, &ruleset->vacuum->formats);
    ruleset->formats = r->formats;
}

bool lint_ruleset_read(struct str name, const struct lint_ruleset_config *config, struct arena *mem,
                       struct lint_ruleset **out, struct err *err)
{
    struct lint_ruleset *ruleset = new_ruleset(config, arena_str(mem, name), mem);
    struct reading r = {.ruleset = ruleset, .file = ruleset->file, .all = config->all};
    struct layer *layer = NULL;
    r.is_explicit = config->all;
    if (!open_file(&r, &layer, err) || !read_layer(&r, layer, err) ||
        !read_parser_options(ruleset, layer, err))
        return false;
    ruleset->root = layer;
    take_formats(ruleset, &r);
    ruleset->has_overrides = tree_get(layer->doc, layer->node, STR("overrides")) ||
                             tree_get(layer->doc, layer->node, STR("except"));
    *out = ruleset;
    struct lint_ruleset *probe = NULL;
    return !ruleset->has_overrides || ruleset_for(ruleset, STR_NONE, mem, &probe, err);
}

/* --- overrides -------------------------------------------------------------------------------- */

/* One pattern of an override: files, or a part of files by `#` and a pointer. */
static bool add_pointer(struct lint_ruleset *to, const struct layer *layer, struct str glob,
                        struct str pointer, struct err *err)
{
    const struct tree_node *rules = tree_get(layer->doc, layer->node, STR("rules"));
    for (const struct tree_node *n = tree_first(layer->doc, rules); n;
         n = tree_next(layer->doc, n)) {
        struct severity_override over = {glob, pointer, SEVERITY_WARN};
        struct rule *rule = ruleset_rule(to, tree_key(layer->doc, n));
        if (!severity_read(layer->doc, n, &over.severity))
            return layer_fail(layer, n, err, "an override with a pointer takes severities only");
        if (rule == NULL)
            continue;
        vec_push(&rule->overrides, to->mem, over);
        rule->enabled = true;
    }
    return true;
}

/* Patterns are relative to the ruleset's folder; documents are named from where people stand. */
static bool applies(const struct lint_ruleset *from, struct str glob, struct str name)
{
    size_t end = from->file.len;
    while (end > 0 && from->file.ptr[end - 1] != '/')
        end--;
    struct str folder = str_sub(from->file, 0, end);
    if (name.ptr != NULL && folder.len > 0 && str_starts(name, folder))
        name = str_sub(name, folder.len, name.len);
    while (name.ptr != NULL && str_starts(name, STR("./")))
        name = str_sub(name, 2, name.len);
    return name.ptr != NULL && glob_matches(glob, name);
}

static bool override_layer(const struct lint_ruleset *from, const struct tree_node *node,
                           struct reading *r, struct str name, bool *whole, struct err *err)
{
    const struct layer *root = from->root;
    const struct str *files = NULL;
    size_t count = 0;
    struct layer *layer = arena_new(r->ruleset->mem, struct layer);
    *layer = *root;
    layer->node = node;
    if (!texts_read(root, tree_get(root->doc, node, STR("files")), r->ruleset->mem, &files, &count,
                    err))
        return false;
    *whole = false;
    for (size_t i = 0; i < count; i++)
        *whole = *whole || (str_find_char(files[i], '#') == SIZE_MAX &&
                            (name.ptr == NULL || applies(from, files[i], name)));
    if (!*whole)
        return true;
    if (tree_get(root->doc, node, STR("aliases")) != NULL &&
        !aliases_read(layer, r->ruleset->mem, err))
        return false;
    return read_layer(r, layer, err) && read_parser_options(r->ruleset, layer, err);
}

static bool pointer_layer(const struct lint_ruleset *from, const struct tree_node *node,
                          struct lint_ruleset *to, struct str name, struct err *err)
{
    const struct layer *root = from->root;
    const struct str *files = NULL;
    size_t count = 0;
    struct layer layer = *root;
    layer.node = node;
    if (!texts_read(root, tree_get(root->doc, node, STR("files")), to->mem, &files, &count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        size_t hash = str_find_char(files[i], '#');
        struct str glob = str_sub(files[i], 0, hash);
        if (hash != SIZE_MAX && (name.ptr == NULL || applies(from, glob, name)) &&
            !add_pointer(to, &layer, glob, str_sub(files[i], hash + 1, files[i].len), err))
            return false;
    }
    return true;
}

/* `except` of rulesets before Spectral 6: rules that are off for a file, or for a part of it. */
static bool except(const struct lint_ruleset *from, struct lint_ruleset *to, struct str name,
                   struct err *err)
{
    const struct layer *root = from->root;
    const struct tree_node *list = tree_get(root->doc, root->node, STR("except"));
    if (list != NULL && tree_kind_of(list) != TREE_OBJECT)
        return layer_fail(root, list, err, "\"except\" takes files with lists of rules");
    for (const struct tree_node *n = tree_first(root->doc, list); n; n = tree_next(root->doc, n)) {
        struct str place = tree_key(root->doc, n);
        size_t hash = str_find_char(place, '#'), count = 0;
        const struct str *names = NULL;
        struct severity_override off = {str_sub(place, 0, hash), STR(""), SEVERITY_OFF};
        if (hash != SIZE_MAX)
            off.pointer = str_sub(place, hash + 1, place.len);
        if (!texts_read(root, n, to->mem, &names, &count, err))
            return false;
        for (size_t i = 0; i < count && (name.ptr == NULL || applies(from, off.glob, name)); i++) {
            struct rule *rule = ruleset_rule(to, names[i]);
            if (rule != NULL && rule->enabled)
                vec_push(&rule->overrides, to->mem, off);
        }
    }
    return true;
}

bool ruleset_for(const struct lint_ruleset *ruleset, struct str name, struct arena *mem,
                 struct lint_ruleset **out, struct err *err)
{
    struct lint_ruleset *copy = new_ruleset(&ruleset->config, ruleset->file, mem);
    const struct layer *root = ruleset->root;
    const struct tree_node *overrides = tree_get(root->doc, root->node, STR("overrides"));
    struct reading r = {.ruleset = copy, .file = ruleset->file, .all = ruleset->config.all};
    struct layer *layer = NULL;
    r.is_explicit = ruleset->config.all;
    if (!open_file(&r, &layer, err) || !read_layer(&r, layer, err) ||
        !read_parser_options(copy, layer, err))
        return false;
    copy->root = layer;
    r.is_explicit = false;
    for (const struct tree_node *n = tree_first(root->doc, overrides); n;
         n = tree_next(root->doc, n)) {
        bool whole = false;
        if (!override_layer(ruleset, n, &r, name, &whole, err) ||
            !pointer_layer(ruleset, n, copy, name, err))
            return false;
    }
    take_formats(copy, &r);
    *out = copy;
    return except(ruleset, copy, name, err);
}

size_t lint_ruleset_rules(const struct lint_ruleset *ruleset, struct arena *mem,
                          const struct lint_rule_info **out)
{
    struct lint_rule_info *infos = arena_array(mem, struct lint_rule_info, ruleset->rules.len);
    for (size_t i = 0; i < ruleset->rules.len; i++) {
        const struct rule *rule = ruleset->rules.ptr[i];
        struct str message = rule->message.ptr ? rule->message : rule->description;
        infos[i] = (struct lint_rule_info){rule->name, message, rule->severity,
                                           rule->enabled && rule->severity != SEVERITY_OFF};
    }
    *out = infos;
    return ruleset->rules.len;
}
