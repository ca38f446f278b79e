/* Filters in JavaScript, as far as rulesets use it: a recursive descent into expressions, bounded
 * by MOST_NESTING. */
#include <stdlib.h>

#include "path.h"

static bool parse_expression(struct reader *r, const struct expr **out);

/* --- tokens ----------------------------------------------------------------------------------- */

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || c == '@' || (unsigned char)c >= 0x80;
}

static struct str take_name(struct reader *r)
{
    size_t from = r->at;
    while (r->at < r->text.len && is_name_char(r->text.ptr[r->at]))
        r->at++;
    return str_sub(r->text, from, r->at - from);
}

static char unescaped(char c)
{
    switch (c) {
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case 'r':
        return '\r';
    default:
        return c;
    }
}

static bool parse_string(struct reader *r, const struct expr **out)
{
    CLEANUP(buf_clear) struct buf text = {0};
    char quote = reader_peek(r);
    size_t from = r->at++;
    while (r->at < r->text.len && r->text.ptr[r->at] != quote) {
        char c = r->text.ptr[r->at++];
        if (c == '\\' && r->at < r->text.len)
            c = unescaped(r->text.ptr[r->at++]);
        buf_add_char(&text, c);
    }
    if (r->at >= r->text.len)
        return reader_fail_at(r, from, "this text does not end");
    r->at++;
    struct expr *e = expr_new(r, EXPR_LITERAL);
    e->literal = (struct value){.kind = VALUE_STRING, .string = arena_str(r->mem, buf_str(&text))};
    *out = e;
    return true;
}

static bool parse_number(struct reader *r, const struct expr **out)
{
    char *end = NULL;
    const char *z = str_z(r->mem, str_sub(r->text, r->at, 40));
    double number = strtod(z, &end);
    if (end == z)
        return reader_fail(r, "this is no number");
    r->at += (size_t)(end - z);
    struct expr *e = expr_new(r, EXPR_LITERAL);
    e->literal = (struct value){.kind = VALUE_NUMBER, .number = number};
    *out = e;
    return true;
}

static bool parse_regex(struct reader *r, const struct expr **out)
{
    size_t from = r->at++, end = 0;
    bool in_class = false;
    for (size_t i = r->at; i < r->text.len && end == 0; i++) {
        char c = r->text.ptr[i];
        if (c == '\\')
            i++;
        else if (c == '[' || c == ']')
            in_class = c == '[';
        else if (c == '/' && !in_class)
            end = i;
    }
    if (end == 0)
        return reader_fail_at(r, from, "this regular expression does not end");
    struct str pattern = str_sub(r->text, r->at, end - r->at);
    r->at = end + 1;
    struct str flags = take_name(r);
    struct expr *e = expr_new(r, EXPR_REGEX);
    struct err why = {0};
    e->literal.kind = VALUE_REGEX;
    if (!regex_compile(pattern, flags, r->mem, &e->literal.regex, &why))
        return reader_fail_at(r, from, "%s", why.msg);
    *out = e;
    return true;
}

/* --- names ------------------------------------------------------------------------------------ */

static const struct {
    struct str name;
    enum expr_kind kind;
} at_names[] = {
    {{"@", 1},                EXPR_THIS           },
    {{"@root", 5},            EXPR_ROOT           },
    {{"@property", 9},        EXPR_PROPERTY       },
    {{"@parent", 7},          EXPR_PARENT         },
    {{"@parentProperty", 15}, EXPR_PARENT_PROPERTY},
    {{"@path", 5},            EXPR_PATH           },
    {{"index", 5},            EXPR_PROPERTY       },
};

static const struct {
    struct str name;
    struct value value;
} word_literals[] = {
    {{"true", 4},      {.kind = VALUE_BOOL, .boolean = true}},
    {{"false", 5},     {.kind = VALUE_BOOL}                 },
    {{"null", 4},      {.kind = VALUE_NULL}                 },
    {{"undefined", 9}, {.kind = VALUE_UNDEFINED}            },
};

static const char *const type_names[] = {"string", "number", "integer", "boolean",
                                         "null",   "scalar", "array",   "object"};

static bool is_type(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(type_names); i++)
        if (str_eq(name, str_from(type_names[i])))
            return true;
    return false;
}

static bool parse_name(struct reader *r, const struct expr **out)
{
    size_t from = r->at;
    struct str name = take_name(r);
    struct expr *e = expr_new(r, EXPR_LITERAL);
    *out = e;
    for (size_t i = 0; i < COUNT_OF(at_names); i++)
        if (str_eq(name, at_names[i].name)) {
            e->kind = at_names[i].kind;
            return true;
        }
    for (size_t i = 0; i < COUNT_OF(word_literals); i++)
        if (str_eq(name, word_literals[i].name)) {
            e->literal = word_literals[i].value;
            return true;
        }
    e->kind = EXPR_TYPE;
    e->name = str_sub(name, 1, name.len);
    if (name.len > 1 && name.ptr[0] == '@' && is_type(e->name) && reader_take(r, STR("()")))
        return true;
    return reader_fail_at(r, from, "the name \"" STR_FMT "\" means nothing in a filter",
                          STR_ARG(name));
}

/* --- postfix ---------------------------------------------------------------------------------- */

static bool parse_list(struct reader *r, char close, struct expr *into)
{
    VEC(const struct expr *) items = {0};
    reader_blanks(r);
    while (reader_peek(r) != close) {
        const struct expr *item = NULL;
        if (items.len > 0 && !reader_take(r, STR(",")))
            return reader_fail(r, "expected \",\" or \"%c\"", close);
        if (!parse_expression(r, &item))
            return false;
        vec_push(&items, r->mem, item);
        reader_blanks(r);
    }
    r->at++;
    into->args = items.ptr;
    into->arg_count = items.len;
    return true;
}

/* A text given to match() or test() is a pattern; it is compiled here, once. */
static bool settle_pattern(struct reader *r, struct expr *call, size_t at)
{
    struct err why = {0};
    if (!str_eq(call->name, STR("match")) && !str_eq(call->name, STR("search")))
        return true;
    if (call->arg_count == 0 || call->args[0]->kind != EXPR_LITERAL ||
        call->args[0]->literal.kind != VALUE_STRING)
        return true;
    struct expr *regex = expr_new(r, EXPR_REGEX);
    regex->literal.kind = VALUE_REGEX;
    if (!regex_compile(call->args[0]->literal.string, STR(""), r->mem, &regex->literal.regex, &why))
        return reader_fail_at(r, at, "%s", why.msg);
    const struct expr **args = arena_array(r->mem, const struct expr *, call->arg_count);
    memcpy(args, call->args, call->arg_count * sizeof(*args));
    args[0] = regex;
    call->args = args;
    return true;
}

static bool parse_member(struct reader *r, const struct expr *object, const struct expr **out)
{
    reader_blanks(r);
    size_t at = r->at;
    struct str name = take_name(r);
    if (name.len == 0)
        return reader_fail(r, "expected a name behind the dot");
    struct expr *e = expr_new(r, EXPR_MEMBER);
    e->a = object;
    e->name = name;
    *out = e;
    reader_blanks(r);
    if (!reader_take(r, STR("(")))
        return true;
    e->kind = EXPR_CALL;
    return parse_list(r, ')', e) && settle_pattern(r, e, at);
}

static bool parse_index(struct reader *r, const struct expr *object, const struct expr **out)
{
    struct expr *e = expr_new(r, EXPR_AT);
    e->a = object;
    if (!parse_expression(r, &e->b))
        return false;
    reader_blanks(r);
    if (!reader_take(r, STR("]")))
        return reader_fail(r, "expected \"]\"");
    if (e->b->kind == EXPR_LITERAL && e->b->literal.kind == VALUE_STRING) {
        e->kind = EXPR_MEMBER;
        e->name = e->b->literal.string;
    }
    *out = e;
    return true;
}

static bool parse_primary(struct reader *r, const struct expr **out)
{
    char c = reader_peek(r);
    if (c == '\'' || c == '"')
        return parse_string(r, out);
    if ((c >= '0' && c <= '9') || c == '.')
        return parse_number(r, out);
    if (c == '/')
        return parse_regex(r, out);
    if (reader_take(r, STR("["))) {
        struct expr *list = expr_new(r, EXPR_ARRAY);
        *out = list;
        return parse_list(r, ']', list);
    }
    if (reader_take(r, STR("("))) {
        if (!parse_expression(r, out))
            return false;
        reader_blanks(r);
        return reader_take(r, STR(")")) || reader_fail(r, "expected \")\"");
    }
    if (is_name_char(c))
        return parse_name(r, out);
    return reader_fail(r, "expected a value");
}

static bool parse_postfix(struct reader *r, const struct expr **out)
{
    if (!parse_primary(r, out))
        return false;
    for (;;) {
        size_t before = r->at;
        reader_blanks(r);
        if (reader_take(r, STR("?.")) || reader_take(r, STR("."))) {
            if (!parse_member(r, *out, out))
                return false;
        } else if (reader_take(r, STR("["))) {
            if (!parse_index(r, *out, out))
                return false;
        } else {
            r->at = before;
            return true;
        }
    }
}

/* --- operators -------------------------------------------------------------------------------- */

static bool parse_unary(struct reader *r, const struct expr **out)
{
    static const struct {
        const char *token;
        enum expr_kind kind;
    } unary[] = {
        {"!",       EXPR_NOT   },
        {"-",       EXPR_MINUS },
        {"+",       EXPR_PLUS  },
        {"void ",   EXPR_VOID  },
        {"void(",   EXPR_VOID  },
        {"typeof ", EXPR_TYPEOF},
        {"typeof(", EXPR_TYPEOF},
    };
    reader_blanks(r);
    for (size_t i = 0; i < COUNT_OF(unary); i++) {
        if (!reader_take(r, str_from(unary[i].token)))
            continue;
        if (str_ends(str_from(unary[i].token), STR("(")))
            r->at--;
        struct expr *e = expr_new(r, unary[i].kind);
        if (++r->depth > MOST_NESTING)
            return reader_fail(r, "this is nested too deeply");
        bool ok = parse_unary(r, &e->a);
        r->depth--;
        *out = e;
        return ok;
    }
    return parse_postfix(r, out);
}

/* Longer tokens stand before those they begin with. */
static const struct {
    const char *token;
    enum operator op;
    int strength;
} operators[] = {
    {"||",  OP_OR,        1},
    {"&&",  OP_AND,       2},
    {"===", OP_SAME,      6},
    {"!==", OP_DIFFERENT, 6},
    {"==",  OP_EQ,        6},
    {"!=",  OP_NE,        6},
    {"<=",  OP_LE,        7},
    {">=",  OP_GE,        7},
    {"~=",  OP_FITS,      9},
    {"<",   OP_LT,        7},
    {">",   OP_GT,        7},
    {"in ", OP_IN,        7},
    {"+",   OP_ADD,       8},
    {"-",   OP_SUB,       8},
    {"*",   OP_MUL,       9},
    {"/",   OP_DIV,       9},
    {"%",   OP_MOD,       9},
};

static bool take_operator(struct reader *r, int weakest, size_t *which)
{
    size_t before = r->at;
    reader_blanks(r);
    for (size_t i = 0; i < COUNT_OF(operators); i++)
        if (reader_take(r, str_from(operators[i].token))) {
            if (operators[i].strength < weakest)
                break;
            *which = i;
            return true;
        }
    r->at = before;
    return false;
}

/* `~=` takes a pattern. */
static bool settle_fit(struct reader *r, struct expr *e)
{
    struct err why = {0};
    if (e->op != OP_FITS)
        return true;
    if (e->b->kind != EXPR_LITERAL || e->b->literal.kind != VALUE_STRING)
        return reader_fail(r, "\"~=\" takes a pattern as text");
    struct expr *regex = expr_new(r, EXPR_REGEX);
    regex->literal.kind = VALUE_REGEX;
    if (!regex_compile(e->b->literal.string, STR(""), r->mem, &regex->literal.regex, &why))
        return reader_fail(r, "%s", why.msg);
    e->b = regex;
    return true;
}

static bool parse_binary(struct reader *r, int weakest, const struct expr **out)
{
    size_t which = 0;
    if (!parse_unary(r, out))
        return false;
    while (take_operator(r, weakest, &which)) {
        struct expr *e = expr_new(r, EXPR_BINARY);
        e->op = operators[which].op;
        e->a = *out;
        if (!parse_binary(r, operators[which].strength + 1, &e->b) || !settle_fit(r, e))
            return false;
        *out = e;
    }
    return true;
}

static bool parse_choice(struct reader *r, const struct expr **out)
{
    if (!parse_binary(r, 1, out))
        return false;
    reader_blanks(r);
    if (!reader_take(r, STR("?")))
        return true;
    struct expr *e = expr_new(r, EXPR_CHOICE);
    e->a = *out;
    if (!parse_expression(r, &e->b))
        return false;
    reader_blanks(r);
    if (!reader_take(r, STR(":")))
        return reader_fail(r, "expected \":\"");
    *out = e;
    return parse_expression(r, &e->c);
}

static bool parse_expression(struct reader *r, const struct expr **out)
{
    if (++r->depth > MOST_NESTING)
        return reader_fail(r, "this is nested too deeply");
    bool ok = parse_choice(r, out);
    r->depth--;
    return ok;
}

bool script_parse(struct reader *r, const struct expr **out)
{
    return parse_expression(r, out);
}
