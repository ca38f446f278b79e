/* Rules on operations: identifiers, responses, tags, parameters, consumes. */
#include <stdlib.h>

#include "functions.h"

static bool extended(const struct call *c)
{
    return !c->run->ruleset->config.compat_spectral;
}

static bool is_method(const struct call *c, struct str name)
{
    static const char *const methods[] = {"get",   "head",   "post",    "put",
                                          "patch", "delete", "options", "trace"};
    for (size_t i = 0; i < COUNT_OF(methods); i++)
        if (str_eq(name, str_from(methods[i])))
            return true;
    return extended(c) && str_eq(name, STR("query"));
}

static void call_operation(const struct call *c, struct jsonpath_spot raw, const struct str *at,
                           size_t depth, each_operation *each, void *context)
{
    struct operation op = {.value = call_see(c, raw), .depth = depth + 1};
    struct str *path = arena_array(&c->run->scratch, struct str, depth + 1);
    memcpy(path, at, depth * sizeof(*path));
    path[depth] = op.method = tree_key(raw.doc, raw.node);
    op.path = at[1];
    op.at = path;
    if (tree_kind_of(op.value.node) == TREE_OBJECT)
        each(context, &op);
}

void operations_of_item(const struct call *c, struct jsonpath_spot item, const struct str *at,
                        size_t depth, each_operation *each, void *context)
{
    struct jsonpath_spot raw = item;
    for (raw.node = tree_first(item.doc, item.node); raw.node;
         raw.node = tree_next(item.doc, raw.node))
        if (tree_key(item.doc, raw.node).ptr && is_method(c, tree_key(item.doc, raw.node)))
            call_operation(c, raw, at, depth, each, context);
    struct jsonpath_spot more = call_child(c, item, STR("additionalOperations"));
    if (!extended(c) || tree_kind_of(more.node) != TREE_OBJECT)
        return;
    struct str *path = arena_array(&c->run->scratch, struct str, depth + 1);
    memcpy(path, at, depth * sizeof(*path));
    path[depth] = STR("additionalOperations");
    raw = more;
    for (raw.node = tree_first(more.doc, more.node); raw.node;
         raw.node = tree_next(more.doc, raw.node))
        call_operation(c, raw, path, depth + 1, each, context);
}

static void each_item(const struct call *c, struct jsonpath_spot items, const struct str *at,
                      size_t depth, each_operation *each, void *context)
{
    struct jsonpath_spot raw = items;
    struct str path[4];
    memcpy(path, at, depth * sizeof(*path));
    if (tree_kind_of(items.node) != TREE_OBJECT)
        return;
    for (raw.node = tree_first(items.doc, items.node); raw.node;
         raw.node = tree_next(items.doc, raw.node)) {
        struct jsonpath_spot item = call_see(c, raw);
        path[depth] = tree_key(items.doc, raw.node);
        if (tree_kind_of(item.node) == TREE_OBJECT)
            operations_of_item(c, item, path, depth + 1, each, context);
    }
}

void operations_each(const struct call *c, struct jsonpath_spot paths, each_operation *each,
                     void *context)
{
    struct jsonpath_spot root = call_root(c);
    each_item(c, paths, BELOW(STR("paths")), each, context);
    if (!extended(c))
        return;
    each_item(c, call_child(c, root, STR("webhooks")), BELOW(STR("webhooks")), each, context);
    each_item(c, call_child(c, call_child(c, root, STR("components")), STR("pathItems")),
              BELOW(STR("components"), STR("pathItems")), each, context);
}

void report_operation(struct call *c, const struct operation *op, const struct str *below,
                      size_t count, struct str message)
{
    struct str *path = arena_array(&c->run->scratch, struct str, op->depth + count);
    memcpy(path, op->at, op->depth * sizeof(*path));
    if (count > 0)
        memcpy(path + op->depth, below, count * sizeof(*path));
    call_report_at(c, path, op->depth + count, message);
}

/* --- operationId ------------------------------------------------------------------------------ */

struct id_walk {
    struct call *c;
    struct text_set seen;
};

static void check_id(void *context, const struct operation *op)
{
    struct id_walk *w = context;
    struct jsonpath_spot id = call_child(w->c, op->value, STR("operationId"));
    if (id.node != NULL && tree_kind_of(id.node) < TREE_ARRAY &&
        !text_set_add(&w->seen, print_value(&w->c->run->scratch, id)))
        report_operation(w->c, op, BELOW(STR("operationId")), STR("operationId must be unique."));
}

void fn_oas_operation_id_unique(struct call *c)
{
    struct id_walk w = {.c = c, .seen = {.mem = &c->run->scratch}};
    operations_each(c, c->value.spot, check_id, &w);
}

/* --- responses -------------------------------------------------------------------------------- */

/* Number(text), as far as names of responses go. */
static double status_number(struct str name)
{
    char z[32];
    char *end = NULL;
    name = str_trim(name);
    if (name.len == 0 || name.len >= sizeof(z))
        return 0;
    memcpy(z, name.ptr, name.len);
    z[name.len] = '\0';
    double number = strtod(z, &end);
    return *end == '\0' ? number : 0;
}

void fn_oas_success_response(struct call *c)
{
    struct jsonpath_spot responses = c->value.spot;
    for (const struct tree_node *n = tree_first(responses.doc, responses.node); n;
         n = tree_next(responses.doc, n)) {
        struct str name = tree_key(responses.doc, n);
        double status = status_number(name);
        if (status >= 200 && status < 400)
            return;
        if ((c->run->formats & FORMAT_OAS3) &&
            (str_eq(name, STR("2XX")) || str_eq(name, STR("3XX"))))
            return;
    }
    call_report(c, "Operation must define at least a single 2xx or 3xx response");
}

/* --- tags ------------------------------------------------------------------------------------- */

struct tag_walk {
    struct call *c;
    struct text_set known;
};

static void check_tags(void *context, const struct operation *op)
{
    struct tag_walk *w = context;
    struct jsonpath_spot tags = call_child(w->c, op->value, STR("tags")), tag = tags;
    size_t index = 0;
    if (tree_kind_of(tags.node) != TREE_ARRAY)
        return;
    for (tag.node = tree_first(tags.doc, tags.node); tag.node;
         tag.node = tree_next(tags.doc, tag.node), index++) {
        struct jsonpath_spot seen = call_see(w->c, tag);
        if (tree_kind_of(seen.node) != TREE_STRING ||
            !text_set_has(&w->known, tree_text(seen.doc, seen.node)))
            call_report_at(
                w->c,
                BELOW(STR("paths"), op->path, op->method, STR("tags"), call_index(w->c, index)),
                STR("Operation tags must be defined in global tags."));
    }
}

void fn_oas_tag_defined(struct call *c)
{
    struct tag_walk w = {.c = c, .known = {.mem = &c->run->scratch}};
    struct jsonpath_spot tags = call_child(c, c->value.spot, STR("tags")), tag = tags;
    for (tag.node = tree_first(tags.doc, tags.node); tag.node;
         tag.node = tree_next(tags.doc, tag.node)) {
        struct jsonpath_spot name = call_child(c, call_see(c, tag), STR("name"));
        if (tree_kind_of(tags.node) == TREE_ARRAY && tree_kind_of(name.node) == TREE_STRING)
            (void)text_set_add(&w.known, tree_text(name.doc, name.node));
    }
    operations_each(c, call_child(c, c->value.spot, STR("paths")), check_tags, &w);
}

void fn_oas_unique_tags(struct call *c)
{
    struct text_set seen = {.mem = &c->run->scratch};
    struct jsonpath_spot tags = c->value.spot, tag = tags;
    size_t index = 0;
    for (tag.node = tree_first(tags.doc, tags.node); tag.node;
         tag.node = tree_next(tags.doc, tag.node))
        if (tree_kind_of(call_child(c, call_see(c, tag), STR("name")).node) != TREE_STRING)
            return;
    for (tag.node = tree_first(tags.doc, tags.node); tag.node;
         tag.node = tree_next(tags.doc, tag.node), index++) {
        struct jsonpath_spot name = call_child(c, call_see(c, tag), STR("name"));
        struct str text = tree_text(name.doc, name.node);
        if (!text_set_add(&seen, text))
            call_report_below(c, BELOW(call_index(c, index), STR("name")),
                              arena_join(&c->run->scratch,
                                         STR("\"tags\" object contains duplicate tag name \""),
                                         text, STR("\".")));
    }
}

/* --- parameters ------------------------------------------------------------------------------- */

static struct str text_or_undefined(const struct call *c, struct jsonpath_spot value)
{
    return value.node ? string_value(&c->run->scratch, value) : STR("undefined");
}

void fn_oas_operation_parameters(struct call *c)
{
    struct text_set seen = {.mem = &c->run->scratch};
    struct jsonpath_spot list = c->value.spot, at = list;
    size_t index = 0, bodies = 0, forms = 0;
    if (list.node->size < 2)
        return;
    for (at.node = tree_first(list.doc, list.node); at.node;
         at.node = tree_next(list.doc, at.node), index++) {
        struct jsonpath_spot parameter = call_see(c, at);
        struct jsonpath_spot in = call_child(c, parameter, STR("in"));
        struct jsonpath_spot name = call_child(c, parameter, STR("name"));
        if (tree_kind_of(parameter.node) < TREE_ARRAY ||
            call_child(c, parameter, STR("$ref")).node != NULL)
            continue;
        struct str place = text_or_undefined(c, in);
        if (!text_set_add(
                &seen, arena_join(&c->run->scratch, place, STR("-"), text_or_undefined(c, name))))
            call_report_below(c, BELOW(call_index(c, index)),
                              STR("A parameter in this operation already exposes the same "
                                  "combination of \"name\" and \"in\" values."));
        bool body = str_eq(place, STR("body"));
        forms += str_eq(place, STR("formData"));
        bodies += body;
        if (body && bodies > 1)
            call_report_below(c, BELOW(call_index(c, index)),
                              STR("Operation must not have more than a single instance of the "
                                  "\"in:body\" parameter."));
    }
    if (bodies > 0 && forms > 0)
        call_report(c, "Operation must not have both \"in:body\" and \"in:formData\" parameters.");
}

void fn_oas_form_data_consumes(struct call *c)
{
    struct jsonpath_spot consumes = call_child(c, c->value.spot, STR("consumes"));
    struct jsonpath_spot parameters = call_child(c, c->value.spot, STR("parameters"));
    struct jsonpath_spot at = parameters;
    bool form = false;
    if (tree_kind_of(consumes.node) != TREE_ARRAY || tree_kind_of(parameters.node) != TREE_ARRAY)
        return;
    for (at.node = tree_first(at.doc, parameters.node); at.node && !form;
         at.node = tree_next(at.doc, at.node)) {
        struct jsonpath_spot in = call_child(c, call_see(c, at), STR("in"));
        form = str_eq(tree_text(in.doc, in.node), STR("formData"));
    }
    struct str types = string_value(&c->run->scratch, consumes);
    if (form && str_find(types, STR("application/x-www-form-urlencoded")) == SIZE_MAX &&
        str_find(types, STR("multipart/form-data")) == SIZE_MAX)
        call_report(c, "Consumes must include urlencoded, multipart, or form-data media type when "
                       "using formData parameter.");
}
