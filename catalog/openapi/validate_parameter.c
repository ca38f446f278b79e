/* What the specification asks of parameters, headers, media types and their examples. */
#include "validate.h"

static const struct tree_node *get(const struct validation *v, const struct tree_node *node,
                                   const char *name)
{
    return tree_get(walk_doc(v), node, str_from(name));
}

static struct str text_of(const struct validation *v, const struct tree_node *node,
                          const char *name)
{
    return tree_text(walk_doc(v), get(v, node, name));
}

static void misplaced(struct validation *v, const struct tree_node *node, const char *name,
                      const char *why)
{
    const struct tree_node *field = get(v, node, name);
    if (field != NULL)
        fault_at(v, FAULT_MISPLACED, field, "%s has no place here: %s", name, why);
}

/* RFC 9110 §5.6.2 */
static bool is_token(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i], low = (char)(c | 0x20);
        if (!(c >= '0' && c <= '9') && !(low >= 'a' && low <= 'z') &&
            (c == '\0' || strchr("!#$%&'*+-.^_`|~", c) == NULL))
            return false;
    }
    return name.len > 0;
}

static void check_header_name(struct validation *v, const struct tree_node *node)
{
    struct str name = text_of(v, node, "name");
    if (name.ptr != NULL && str_eq(text_of(v, node, "in"), STR("header")) && !is_token(name))
        fault_at(v, FAULT_HEADER_NAME, get(v, node, "name"),
                 "\"" SHORT_FMT "\" cannot be the name of a header", SHORT_ARG(name));
}

/* --- schema or content -------------------------------------------------------------------------
 */

static void check_schema_or_content(struct validation *v, const struct tree_node *node)
{
    bool schema = get(v, node, "schema") != NULL, content = get(v, node, "content") != NULL;
    static const char *const with_schema[] = {"style", "explode", "allowReserved", "example",
                                              "examples"};
    check_exclusive(v, node, "schema", "content");
    if (!schema && !content)
        fault_missing(v, "schema", "neither schema nor content is there: add one");
    check_exclusive(v, node, "example", "examples");
    if (schema)
        return;
    size_t count = v->version == OAS_3_2 ? 3 : COUNT_OF(with_schema);
    for (size_t i = 0; i < count; i++)
        misplaced(v, node, with_schema[i], "it belongs to schema; content says its own");
}

/* --- parameters --------------------------------------------------------------------------------
 */

struct style_row {
    const char *in, *styles, *standard;
    unsigned versions;
    unsigned reserved; /* versions in which allowReserved may stand there */
};
static const struct style_row style_rows[] = {
    {"path",   "matrix label simple",                          "simple", V3X,       V30 | V32},
    {"query",  "form spaceDelimited pipeDelimited deepObject", "form",   V3X,       V3X      },
    {"header", "simple",                                       "simple", V3X,       V30      },
    {"cookie", "form",                                         "form",   V30 | V31, V30      },
    {"cookie", "form cookie",                                  "form",   V32,       V32      },
};

static void check_style(struct validation *v, const struct tree_node *node, struct str in)
{
    struct str style = text_of(v, node, "style");
    for (size_t i = 0; i < COUNT_OF(style_rows); i++) {
        const struct style_row *row = &style_rows[i];
        if (!(row->versions & version_bit(v)) || !str_eq(in, str_from(row->in)))
            continue;
        if (style.ptr != NULL && !has_word(row->styles, style))
            fault_at(v, FAULT_VALUE, get(v, node, "style"),
                     "style is \"" SHORT_FMT "\"; in %s it may be: %s", SHORT_ARG(style), row->in,
                     row->styles);
        bool reserved =
            (row->reserved & version_bit(v)) &&
            !(str_eq(in, STR("cookie")) && style.ptr != NULL && !str_eq(style, STR("form")));
        if (!reserved && get(v, node, "schema") != NULL)
            misplaced(v, node, "allowReserved", "nothing is encoded by URI rules there");
    }
}

static void check_path_parameter(struct validation *v, const struct tree_node *node)
{
    struct str name = text_of(v, node, "name");
    /* The schemas of 3.1 and 3.2 ask for it beside `schema` only, their text always. */
    bool grammar = v->version == OAS_3_0 || get(v, node, "schema") != NULL;
    if ((grammar || !v->options.grammar_only) && !tree_true(walk_doc(v), get(v, node, "required")))
        fault_missing(v, "required", "a parameter in path needs required: true");
    if ((version_bit(v) & V31_ON) && get(v, node, "schema") != NULL && name.ptr != NULL &&
        (name.len == 0 || str_find_char(name, '{') != SIZE_MAX ||
         str_find_char(name, '}') != SIZE_MAX))
        fault_at(v, FAULT_NAME, get(v, node, "name"),
                 "the name of a parameter in path is not empty and has no braces");
}

void check_parameter(struct validation *v, const struct tree_node *node)
{
    struct str in = text_of(v, node, "in");
    check_schema_or_content(v, node);
    check_style(v, node, in);
    if (str_eq(in, STR("path")))
        check_path_parameter(v, node);
    if (!str_eq(in, STR("query")) && v->version != OAS_3_0)
        misplaced(v, node, "allowEmptyValue", "it is for parameters in query");
    if (str_eq(in, STR("querystring")))
        misplaced(v, node, "schema", "a parameter in querystring is described by content");
    if (v->options.grammar_only)
        return;
    check_header_name(v, node);
    check_examples(v, node);
}

void check_parameter_2(struct validation *v, const struct tree_node *node)
{
    struct str in = text_of(v, node, "in");
    bool form = str_eq(in, STR("formData")), query = str_eq(in, STR("query"));
    if (str_eq(in, STR("path")) && !tree_true(walk_doc(v), get(v, node, "required")))
        fault_missing(v, "required", "a parameter in path needs required: true");
    if (!form && str_eq(text_of(v, node, "type"), STR("file")))
        fault_at(v, FAULT_VALUE, get(v, node, "type"), "only a parameter in formData is a file");
    if (!form && !query) {
        misplaced(v, node, "allowEmptyValue", "it is for parameters in query and formData");
        if (str_eq(text_of(v, node, "collectionFormat"), STR("multi")))
            fault_at(v, FAULT_VALUE, get(v, node, "collectionFormat"),
                     "multi is for parameters in query and formData");
    }
    if (!v->options.grammar_only)
        check_header_name(v, node);
}

/* --- lists of parameters -----------------------------------------------------------------------
 */

struct parameter_list {
    VEC(struct named_spot) named; /* "in name" */
    size_t query, querystring, body, form;
};

static void take_parameter(struct validation *v, struct parameter_list *list, struct arena *mem,
                           const struct tree_node *node)
{
    struct oas_spot spot = v->options.grammar_only ? (struct oas_spot){walk_doc(v), node}
                                                   : spot_follow(v, walk_doc(v), node);
    struct str in = spot_text(spot, "in"), name = spot_text(spot, "name");
    list->query += str_eq(in, STR("query"));
    list->querystring += str_eq(in, STR("querystring"));
    list->body += str_eq(in, STR("body"));
    list->form += str_eq(in, STR("formData"));
    if (in.ptr == NULL || name.ptr == NULL)
        return;
    const struct named_spot named = {.name = arena_join(mem, in, STR(" "), name), .node = node};
    vec_push(&list->named, mem, named);
}

static uint32_t position_of(const struct tree *doc, const struct tree_node *list,
                            const struct tree_node *element)
{
    uint32_t at = 0;
    for (const struct tree_node *n = tree_first(doc, list); n != element; n = tree_next(doc, n))
        at++;
    return at;
}

static void tell_twins(struct validation *v, const struct parameter_list *list,
                       const struct tree_node *parameters)
{
    for (size_t i = 1; i < list->named.len; i++) {
        const struct named_spot *one = &list->named.ptr[i];
        if (!str_eq(one->name, list->named.ptr[i - 1].name) || tree_notes_full(walk_doc(v)))
            continue;
        walk_enter(v, one->node, position_of(walk_doc(v), parameters, one->node));
        fault_here(v, FAULT_PARAMETER_TWIN,
                   "the parameter \"" SHORT_FMT
                   "\" (in and name) is declared twice here: remove one",
                   SHORT_ARG(one->name));
        walk_leave(v);
    }
}

void check_parameter_list(struct validation *v, const struct tree_node *holder)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct parameter_list list = {0};
    const struct tree *doc = walk_doc(v);
    const struct tree_node *parameters = get(v, holder, "parameters");
    if (tree_kind_of(parameters) != TREE_ARRAY)
        return;
    for (const struct tree_node *n = tree_first(doc, parameters); n; n = tree_next(doc, n))
        take_parameter(v, &list, &mem, n);
    if (list.querystring > 1)
        fault_at(v, FAULT_EXCLUSIVE, parameters, "there is more than one parameter in querystring");
    if (list.querystring > 0 && list.query > 0)
        fault_at(v, FAULT_EXCLUSIVE, parameters,
                 "parameters in query and in querystring exclude each other");
    if (v->options.grammar_only)
        return;
    if (list.body > 1 || (list.body > 0 && list.form > 0))
        fault_at(v, FAULT_BODY_TWIN, parameters,
                 "an operation has one body, or parameters in formData: remove the rest");
    named_sort(list.named.ptr, list.named.len);
    walk_enter(v, parameters, 0);
    tell_twins(v, &list, parameters);
    walk_leave(v);
}

/* --- what holds examples -----------------------------------------------------------------------
 */

void check_header(struct validation *v, const struct tree_node *node)
{
    check_schema_or_content(v, node);
    if (!v->options.grammar_only)
        check_examples(v, node);
}

static void check_encodings(struct validation *v, const struct tree_node *node)
{
    check_exclusive(v, node, "encoding", "prefixEncoding");
    check_exclusive(v, node, "encoding", "itemEncoding");
}

void check_media_type(struct validation *v, const struct tree_node *node)
{
    check_exclusive(v, node, "example", "examples");
    if (v->version == OAS_3_2)
        check_encodings(v, node);
    if (!v->options.grammar_only)
        check_examples(v, node);
}

void check_encoding(struct validation *v, const struct tree_node *node)
{
    if (v->version == OAS_3_2)
        check_encodings(v, node);
}

void check_example(struct validation *v, const struct tree_node *node)
{
    check_exclusive(v, node, "value", "externalValue");
    if (v->version != OAS_3_2)
        return;
    check_exclusive(v, node, "value", "dataValue");
    check_exclusive(v, node, "value", "serializedValue");
    check_exclusive(v, node, "serializedValue", "externalValue");
}
