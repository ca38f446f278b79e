/* Path templates and the parameters that fill them. */
#include "functions.h"

/* One parameter with `in: path`, and where it is defined. */
struct path_parameter {
    struct str name;
    const struct str *at;
    size_t depth;
};
struct parameter_list {
    VEC(struct path_parameter) all;
    struct text_set names; /* in the order of all */
};

struct path_walk {
    struct call *c;
    struct str path;
    struct text_set expected;  /* the names of the template */
    struct parameter_list top; /* of the path item */
};

/* --- templates -------------------------------------------------------------------------------- */

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

/* Length of `{name}`, `{;?name*}` at the beginning, 0 when there is none; the name inside. */
static size_t template_at(struct str s, struct str *name)
{
    size_t at = 1, from;
    if (s.len == 0 || s.ptr[0] != '{')
        return 0;
    at += at < s.len && s.ptr[at] == ';';
    at += at < s.len && s.ptr[at] == '?';
    from = at;
    while (at < s.len && is_name_char(s.ptr[at]))
        at++;
    *name = str_sub(s, from, at - from);
    at += at < s.len && s.ptr[at] == '*';
    return name->len > 0 && at < s.len && s.ptr[at] == '}' ? at + 1 : 0;
}

static struct str normalized(struct str path, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf out = {0};
    struct str name;
    for (size_t i = 0; i < path.len;) {
        size_t len = template_at(str_sub(path, i, path.len), &name);
        buf_add_char(&out, len ? '%' : path.ptr[i]);
        i += len ? len : 1;
    }
    return arena_str(mem, buf_str(&out));
}

static void read_template(struct path_walk *w)
{
    struct str name;
    for (size_t i = 0; i < w->path.len;) {
        size_t len = template_at(str_sub(w->path, i, w->path.len), &name);
        i += len ? len : 1;
        if (len > 0 && !text_set_add(&w->expected, name))
            call_report_at(w->c, BELOW(STR("paths"), w->path),
                           call_text(w->c,
                                     "Path \"" STR_FMT "\" must not use parameter \"{" STR_FMT
                                     "}\" multiple times.",
                                     STR_ARG(w->path), STR_ARG(name)));
    }
}

/* --- parameters ------------------------------------------------------------------------------- */

static void add_parameter(struct path_walk *w, struct jsonpath_spot parameter, const struct str *at,
                          size_t depth, struct parameter_list *list)
{
    struct call *c = w->c;
    struct jsonpath_spot in = call_child(c, parameter, STR("in"));
    struct jsonpath_spot name = call_child(c, parameter, STR("name"));
    struct jsonpath_spot required = call_child(c, parameter, STR("required"));
    if (!str_eq(tree_text(in.doc, in.node), STR("path")) || tree_kind_of(in.node) != TREE_STRING ||
        name.node == NULL)
        return;
    struct str text = string_value(&c->run->scratch, name);
    if (!tree_true(required.doc, required.node))
        call_report_at(c, at, depth,
                       call_text(c,
                                 "Path parameter \"" STR_FMT "\" must have \"required\" property "
                                 "that is set to \"true\".",
                                 STR_ARG(text)));
    if (!text_set_add(&list->names, text))
        call_report_at(
            c, at, depth,
            call_text(c, "Path parameter \"" STR_FMT "\" must not be defined multiple times.",
                      STR_ARG(text)));
    else
        vec_push(&list->all, &c->run->scratch, (struct path_parameter){text, at, depth});
}

static void add_parameters(struct path_walk *w, struct jsonpath_spot list, const struct str *at,
                           size_t depth, struct parameter_list *out)
{
    struct arena *mem = &w->c->run->scratch;
    struct jsonpath_spot one = list;
    size_t index = 0;
    out->names.mem = mem;
    if (tree_kind_of(list.node) != TREE_ARRAY)
        return;
    for (one.node = tree_first(list.doc, list.node); one.node;
         one.node = tree_next(list.doc, one.node), index++) {
        struct str *place = arena_array(mem, struct str, depth + 2);
        memcpy(place, at, depth * sizeof(*place));
        place[depth] = STR("parameters");
        place[depth + 1] = call_index(w->c, index);
        add_parameter(w, call_see(w->c, one), place, depth + 2, out);
    }
}

static void compare(struct path_walk *w, const struct operation *op,
                    const struct parameter_list *own)
{
    const struct parameter_list *lists[] = {&w->top, own};
    struct call *c = w->c;
    for (size_t l = 0; l < COUNT_OF(lists); l++)
        for (size_t i = 0; i < lists[l]->all.len; i++) {
            const struct path_parameter *p = &lists[l]->all.ptr[i];
            if ((l == 0 && text_set_has(&own->names, p->name)) ||
                text_set_has(&w->expected, p->name))
                continue;
            call_report_at(
                c, p->at, p->depth,
                call_text(c, "Parameter \"" STR_FMT "\" must be used in path \"" STR_FMT "\".",
                          STR_ARG(p->name), STR_ARG(w->path)));
        }
    for (size_t i = 0; i < w->expected.texts.len; i++) {
        struct str name = w->expected.texts.ptr[i];
        if (!text_set_has(&w->top.names, name) && !text_set_has(&own->names, name))
            report_operation(c, op, NULL, 0,
                             call_text(c,
                                       "Operation must define parameter \"{" STR_FMT
                                       "}\" as expected by path \"" STR_FMT "\".",
                                       STR_ARG(name), STR_ARG(w->path)));
    }
}

static void check_operation(void *context, const struct operation *op)
{
    struct path_walk *w = context;
    struct parameter_list own = {0};
    add_parameters(w, call_child(w->c, op->value, STR("parameters")), op->at, op->depth, &own);
    compare(w, op, &own);
}

static void check_path(struct call *c, struct str path, struct jsonpath_spot item)
{
    struct path_walk w = {.c = c, .path = path, .expected = {.mem = &c->run->scratch}};
    read_template(&w);
    add_parameters(&w, call_child(c, item, STR("parameters")), BELOW(STR("paths"), path), &w.top);
    operations_of_item(c, item, BELOW(STR("paths"), path), check_operation, &w);
}

void fn_oas_path_parameters(struct call *c)
{
    struct text_set seen = {.mem = &c->run->scratch};
    struct jsonpath_spot paths = c->value.spot, at = paths;
    VEC(struct str) known = {0};
    for (at.node = tree_first(paths.doc, paths.node); at.node;
         at.node = tree_next(paths.doc, at.node)) {
        struct str path = tree_key(paths.doc, at.node);
        struct jsonpath_spot item = call_see(c, at);
        if (tree_kind_of(item.node) < TREE_ARRAY)
            continue;
        struct str form = normalized(path, &c->run->scratch);
        size_t first = text_set_find(&seen, form);
        if (first < known.len)
            call_report_at(
                c, BELOW(STR("paths"), path),
                call_text(c, "Paths \"" STR_FMT "\" and \"" STR_FMT "\" must not be equivalent.",
                          STR_ARG(known.ptr[first]), STR_ARG(path)));
        else if (text_set_add(&seen, form))
            vec_push(&known, &c->run->scratch, path);
        check_path(c, path, item);
    }
}
