/* Functions of the OWASP set: operations without security, administration like anything else. */
#include "functions.h"
#include "options.h"

struct security_options {
    struct str place; /* text of schemesPath, as it becomes part of a path */
    bool nullable;
    const struct str *methods;
    size_t method_count;
};

bool prepare_check_security(const struct function_site *site, void **options, struct err *err)
{
    static const struct option table[] = {
        {"schemesPath", INPUT_ARRAY, false},
        {"nullable",    INPUT_ANY,   false},
        {"methods",     INPUT_ARRAY, false}
    };
    struct security_options *o = arena_new(site->mem, struct security_options);
    struct jsonpath_spot nullable = option_get(site, "nullable");
    *options = o;
    if (!options_check(site, table, COUNT_OF(table), false, err) ||
        !option_texts(site, "methods", 0, &o->methods, &o->method_count, err))
        return false;
    o->place = string_value(site->mem, option_get(site, "schemesPath"));
    o->nullable =
        tree_kind_of(nullable.node) != TREE_BOOL || tree_true(nullable.doc, nullable.node);
    return true;
}

struct security_walk {
    struct call *c;
    const struct security_options *options;
    struct jsonpath_spot global;
};

static bool is_wanted(const struct security_options *o, struct str method)
{
    for (size_t i = 0; i < o->method_count; i++)
        if (str_eq(o->methods[i], method))
            return true;
    return o->method_count == 0;
}

static void check_operation(void *context, const struct operation *op)
{
    struct security_walk *w = context;
    struct call *c = w->c;
    struct arena *mem = &c->run->scratch;
    if (!is_wanted(w->options, op->method))
        return;
    struct jsonpath_spot security = call_child(c, op->value, STR("security"));
    struct str where =
        security.node ? arena_join(mem, op->path, STR(","), op->method) : STR("$.security");
    if (security.node == NULL)
        security = w->global;
    bool list = security.node && tree_kind_of(security.node) == TREE_ARRAY;
    struct target value = {.kind = security.node ? TARGET_NODE : TARGET_UNDEFINED,
                           .spot = security};
    if (!target_true(&value) || (list && security.node->size == 0))
        report_operation(
            c, op, BELOW(STR("security"), w->options->place),
            arena_join(mem, STR("Operation has undefined security scheme in "), where, STR(".")));
    struct jsonpath_spot at = security;
    size_t index = 0;
    for (at.node = list ? tree_first(at.doc, security.node) : NULL; at.node;
         at.node = tree_next(at.doc, at.node), index++) {
        struct jsonpath_spot entry = call_see(c, at);
        if (tree_kind_of(entry.node) >= TREE_ARRAY && entry.node->size == 0 &&
            !w->options->nullable)
            report_operation(c, op, BELOW(STR("security"), call_index(c, index)),
                             arena_join(mem, STR("Operation referencing empty security scheme in "),
                                        where, STR(".")));
    }
}

void fn_owasp_check_security(struct call *c)
{
    struct security_walk w = {c, c->step->options, call_child(c, c->value.spot, STR("security"))};
    operations_each(c, call_child(c, c->value.spot, STR("paths")), check_operation, &w);
}

/* --- administration --------------------------------------------------------------------------- */

bool prepare_admin_security(const struct function_site *site, void **options, struct err *err)
{
    static const struct option table[] = {
        {"adminUrl", INPUT_STRING, false}
    };
    struct str *url = arena_new(site->mem, struct str);
    if (!options_check(site, table, COUNT_OF(table), true, err))
        return false;
    *url = option_text(site, "adminUrl");
    if (url->ptr == NULL)
        *url = STR("/admin");
    *options = url;
    return true;
}

struct admin_walk {
    struct call *c;
    struct str url;
    struct text_set others;
    bool report; /* the second time */
};

static void check_entry(struct admin_walk *w, const struct operation *op, struct str hash,
                        size_t index)
{
    bool admin = str_find(op->path, w->url) != SIZE_MAX;
    struct call *c = w->c;
    if (!w->report && !admin)
        (void)text_set_add(&w->others, hash);
    if (w->report && admin && text_set_has(&w->others, hash))
        report_operation(c, op, BELOW(STR("security"), call_index(c, index)),
                         call_text(c,
                                   "Admin endpoint " STR_FMT
                                   " has the same security requirement as a non-admin endpoint.",
                                   STR_ARG(op->path)));
}

static void check_admin(void *context, const struct operation *op)
{
    struct admin_walk *w = context;
    struct jsonpath_spot security = call_child(w->c, op->value, STR("security")), at = security;
    size_t index = 0;
    if (tree_kind_of(security.node) != TREE_ARRAY)
        return;
    for (at.node = tree_first(at.doc, security.node); at.node;
         at.node = tree_next(at.doc, at.node), index++) {
        CLEANUP(buf_clear) struct buf json = {0};
        struct json_writer writer = {.out = &json};
        struct jsonpath_spot entry = call_see(w->c, at);
        if (tree_kind_of(entry.node) < TREE_ARRAY)
            continue;
        write_json(entry, &writer);
        check_entry(w, op, arena_str(&w->c->run->scratch, buf_str(&json)), index);
    }
}

void fn_owasp_admin_security(struct call *c)
{
    struct admin_walk w = {
        .c = c, .url = *(const struct str *)c->step->options, .others = {.mem = &c->run->scratch}};
    struct jsonpath_spot paths = call_child(c, c->value.spot, STR("paths"));
    operations_each(c, paths, check_admin, &w);
    w.report = true;
    operations_each(c, paths, check_admin, &w);
}
