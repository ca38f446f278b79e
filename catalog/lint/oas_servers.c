/* Server variables: defined, used, and giving addresses that are addresses. */
#include "functions.h"
#include "options.h"

#define MOST_TRIES   10000
#define MOST_INVALID 5

struct server_options {
    bool substitutions, require_default;
};

struct variable {
    struct str name;
    const struct str *values;
    size_t count;
};

struct server {
    struct call *c;
    struct str url;
    VEC(struct str) found; /* names in the URL */
    VEC(struct variable) variables;
    VEC(struct str) invalid;
    size_t tries;
};

bool prepare_servers(const struct function_site *site, void **options, struct err *err)
{
    static const struct option table[] = {
        {"checkSubstitutions", INPUT_BOOL, false},
        {"requireDefault",     INPUT_BOOL, false}
    };
    struct server_options *o = arena_new(site->mem, struct server_options);
    if (!options_check(site, table, COUNT_OF(table), true, err))
        return false;
    o->substitutions = option_flag(site, "checkSubstitutions");
    o->require_default = option_flag(site, "requireDefault");
    *options = o;
    return true;
}

/* --- what a Server Object must be ------------------------------------------------------------- */

static bool texts_only(const struct call *c, struct jsonpath_spot list)
{
    struct jsonpath_spot at = list;
    for (at.node = tree_first(list.doc, list.node); at.node; at.node = tree_next(list.doc, at.node))
        if (tree_kind_of(call_see(c, at).node) != TREE_STRING)
            return false;
    return tree_kind_of(list.node) == TREE_ARRAY;
}

static bool valid_variable(const struct call *c, struct jsonpath_spot variable)
{
    struct jsonpath_spot at = variable;
    if (tree_kind_of(variable.node) != TREE_OBJECT)
        return false;
    for (at.node = tree_first(at.doc, variable.node); at.node;
         at.node = tree_next(at.doc, at.node)) {
        struct str key = tree_key(at.doc, at.node);
        struct jsonpath_spot value = call_see(c, at);
        bool text = str_eq(key, STR("default")) || str_eq(key, STR("description")) ||
                    str_eq(key, STR("examples"));
        if (str_starts(key, STR("x-")))
            continue;
        if (str_eq(key, STR("enum")) ? !texts_only(c, value)
                                     : !text || tree_kind_of(value.node) != TREE_STRING)
            return false;
    }
    return true;
}

static bool valid_server(const struct call *c, struct jsonpath_spot variables)
{
    struct jsonpath_spot url = {NULL, NULL}, at = variables;
    if (c->value.kind == TARGET_NODE)
        url = call_child(c, c->value.spot, STR("url"));
    if (tree_kind_of(url.node) != TREE_STRING ||
        (variables.node && tree_kind_of(variables.node) != TREE_OBJECT))
        return false;
    for (at.node = tree_first(at.doc, variables.node); at.node;
         at.node = tree_next(at.doc, at.node))
        if (!valid_variable(c, call_see(c, at)))
            return false;
    return true;
}

/* --- addresses -------------------------------------------------------------------------------- */

static bool is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_special(struct str scheme)
{
    static const char *const names[] = {"http", "https", "ws", "wss", "ftp"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_eq_nocase(scheme, str_from(names[i])))
            return true;
    return false;
}

static bool valid_host(struct str host)
{
    size_t colon = str_find_char(host, ':');
    if (str_starts(host, STR("[")))
        return str_find_char(host, ']') != SIZE_MAX;
    struct str name = str_sub(host, 0, colon), port = str_sub(host, colon, host.len);
    int64_t number = 0;
    if (port.len > 1 &&
        (!str_to_i64(str_sub(port, 1, port.len), &number) || number < 0 || number > 65535))
        return false;
    for (size_t i = 0; i < name.len; i++)
        if ((unsigned char)name.ptr[i] <= 0x20 || strchr("<>[]^|%\"`{}", name.ptr[i]) != NULL)
            return false;
    return name.len > 0;
}

/* Whether WHATWG's parser takes it without a base. */
static bool valid_url(struct str url)
{
    size_t end = 0;
    url = str_trim(url);
    while (end < url.len &&
           (is_alpha(url.ptr[end]) || (end > 0 && strchr("+-.0123456789", url.ptr[end]) != NULL)))
        end++;
    if (end == 0 || end >= url.len || url.ptr[end] != ':')
        return false;
    struct str rest = str_sub(url, end + 1, url.len);
    if (!is_special(str_sub(url, 0, end)))
        return true;
    while (rest.len > 0 && (rest.ptr[0] == '/' || rest.ptr[0] == '\\'))
        rest = str_sub(rest, 1, rest.len);
    size_t stop = 0;
    while (stop < rest.len && strchr("/\\?#", rest.ptr[stop]) == NULL)
        stop++;
    struct str host = str_sub(rest, 0, stop);
    size_t at = str_find_char(host, '@');
    return valid_host(at == SIZE_MAX ? host : str_sub(host, at + 1, host.len));
}

/* encodeURI leaves these. */
static struct str encoded(struct arena *mem, struct str text)
{
    CLEANUP(buf_clear) struct buf out = {0};
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (is_alpha(c) || (c >= '0' && c <= '9') ||
            (c != '\0' && strchr(";,/?:@&=+$-_.!~*'()#", c) != NULL))
            buf_add_char(&out, c);
        else
            buf_printf(&out, "%%%02X", (unsigned)(unsigned char)c);
    }
    return arena_str(mem, buf_str(&out));
}

static struct str replaced(struct arena *mem, struct str url, struct str name, struct str value)
{
    CLEANUP(buf_clear) struct buf out = {0};
    struct str mark = arena_join(mem, STR("{"), name, STR("}"));
    for (size_t at; (at = str_find(url, mark)) != SIZE_MAX;
         url = str_sub(url, at + mark.len, url.len)) {
        buf_add(&out, str_sub(url, 0, at));
        buf_add(&out, value);
    }
    buf_add(&out, url);
    return arena_str(mem, buf_str(&out));
}

/* Every combination, until enough are known to be wrong. */
static void substitute(struct server *s, struct str url, size_t which)
{
    struct arena *mem = &s->c->run->scratch;
    const struct variable *v = &s->variables.ptr[which];
    for (size_t i = 0; i < v->count; i++) {
        struct str next = replaced(mem, url, v->name, v->values[i]);
        if (s->invalid.len == MOST_INVALID || ++s->tries > MOST_TRIES)
            return;
        if (which + 1 < s->variables.len)
            substitute(s, next, which + 1);
        else if (!valid_url(next))
            vec_push(&s->invalid, mem, next);
    }
}

static struct str joined(struct arena *mem, const struct str *list, size_t count)
{
    CLEANUP(buf_clear) struct buf out = {0};
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_add(&out, STR(", "));
        buf_add(&out, list[i]);
    }
    return arena_str(mem, buf_str(&out));
}

static void check_substitutions(struct server *s)
{
    struct call *c = s->c;
    struct arena *mem = &c->run->scratch;
    if (s->variables.len == 0)
        return;
    substitute(s, s->url, 0);
    if (s->invalid.len == 0)
        return;
    bool many = s->invalid.len == MOST_INVALID;
    struct str list = joined(mem, s->invalid.ptr, s->invalid.len);
    call_report_below(
        c, BELOW(STR("variables")),
        many ? arena_join(mem,
                          STR("At least 5 substitutions of server variables resulted in invalid "
                              "URLs: "),
                          list, STR(" and more"))
             : arena_join(mem,
                          STR("A few substitutions of server variables resulted in invalid URLs: "),
                          list));
}

/* --- variables -------------------------------------------------------------------------------- */

/* `{name}`, at least one character. */
static void find_names(struct server *s)
{
    for (size_t i = 0; i < s->url.len; i++) {
        if (s->url.ptr[i] != '{')
            continue;
        size_t len = str_find_char(str_sub(s->url, i + 2, s->url.len), '}');
        if (len == SIZE_MAX)
            return;
        vec_push(&s->found, &s->c->run->scratch, str_sub(s->url, i + 1, len + 1));
        i += len + 2;
    }
}

static bool is_found(const struct server *s, struct str name)
{
    for (size_t i = 0; i < s->found.len; i++)
        if (str_eq(s->found.ptr[i], name))
            return true;
    return false;
}

static void report_missing(struct server *s, struct jsonpath_spot variables)
{
    VEC(struct str) missing = {0};
    struct arena *mem = &s->c->run->scratch;
    for (size_t i = 0; i < s->found.len; i++)
        if (spot_child(variables, s->found.ptr[i]).node == NULL)
            vec_push(&missing, mem, s->found.ptr[i]);
    if (missing.len > 0)
        call_report_below(
            s->c, BELOW(STR("variables")),
            arena_join(mem,
                       STR("Not all server's variables are described with \"variables\" object. "
                           "Missed: "),
                       joined(mem, missing.ptr, missing.len), STR(".")));
}

static void add_variable(struct server *s, struct str name, struct jsonpath_spot variable)
{
    struct call *c = s->c;
    struct arena *mem = &c->run->scratch;
    struct jsonpath_spot list = call_child(c, variable, STR("enum")), at = list;
    struct jsonpath_spot otherwise = call_child(c, variable, STR("default"));
    struct str fallback = tree_text(otherwise.doc, otherwise.node);
    VEC(struct str) values = {0};
    bool listed = false;
    for (at.node = tree_first(list.doc, list.node); at.node;
         at.node = tree_next(list.doc, at.node)) {
        struct jsonpath_spot value = call_see(c, at);
        struct str text = tree_text(value.doc, value.node);
        listed = listed || str_eq(text, fallback);
        vec_push(&values, mem, encoded(mem, text));
    }
    if (list.node == NULL && fallback.ptr != NULL)
        vec_push(&values, mem, encoded(mem, fallback));
    if (list.node != NULL && fallback.ptr != NULL && !listed)
        call_report_below(
            c, BELOW(STR("variables"), name, STR("default")),
            call_text(c, "Server Variable \"" STR_FMT "\" has a default not listed in the enum.",
                      STR_ARG(name)));
    vec_push(&s->variables, mem, (struct variable){name, values.ptr, values.len});
}

static void check_variables(struct server *s, struct jsonpath_spot variables, bool require_default)
{
    struct call *c = s->c;
    struct jsonpath_spot at = variables;
    for (at.node = tree_first(at.doc, variables.node); at.node;
         at.node = tree_next(at.doc, at.node)) {
        struct str name = tree_key(at.doc, at.node);
        struct jsonpath_spot variable = call_see(c, at);
        if (!is_found(s, name))
            continue;
        add_variable(s, name, variable);
        if (require_default && call_child(c, variable, STR("default")).node == NULL)
            call_report_below(c, BELOW(STR("variables"), name),
                              call_text(c, "Server Variable \"" STR_FMT "\" has a missing default.",
                                        STR_ARG(name)));
    }
}

void fn_oas_server_variables(struct call *c)
{
    const struct server_options *o = c->step->options;
    struct server s = {.c = c};
    struct jsonpath_spot variables = {NULL, NULL}, at;
    if (c->value.kind == TARGET_NODE)
        variables = call_child(c, c->value.spot, STR("variables"));
    if (!valid_server(c, variables)) {
        call_report(c, "Invalid Server Object");
        return;
    }
    struct jsonpath_spot url = call_child(c, c->value.spot, STR("url"));
    s.url = tree_text(url.doc, url.node);
    find_names(&s);
    at = variables;
    for (at.node = tree_first(at.doc, variables.node); at.node;
         at.node = tree_next(at.doc, at.node)) {
        struct str name = tree_key(at.doc, at.node);
        if (!is_found(&s, name))
            call_report_below(c, BELOW(STR("variables"), name),
                              call_text(c,
                                        "Server's \"variables\" object has unused defined "
                                        "\"" STR_FMT "\" url variable.",
                                        STR_ARG(name)));
    }
    if (s.found.len == 0)
        return;
    report_missing(&s, variables);
    if (variables.node == NULL)
        return;
    check_variables(&s, variables, o->require_default);
    if (o->substitutions)
        check_substitutions(&s);
}
