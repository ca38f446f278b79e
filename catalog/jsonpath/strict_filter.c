/* RFC 9535 §2.3.5: the grammar of filters and the types of their functions. */
#include <stdlib.h>

#include "path.h"

/* What an expression yields (§2.4.1). */
enum type { TYPE_VALUE, TYPE_LOGICAL, TYPE_NODES, TYPE_SINGULAR };

static bool parse_or(struct reader *r, const struct expr **out);

static const struct {
    const char *name;
    enum function function;
    enum type result;
    size_t params;
    enum type param;
} functions[] = {
    {"length", FUNCTION_LENGTH, TYPE_VALUE,   1, TYPE_VALUE},
    {"count",  FUNCTION_COUNT,  TYPE_VALUE,   1, TYPE_NODES},
    {"value",  FUNCTION_VALUE,  TYPE_VALUE,   1, TYPE_NODES},
    {"match",  FUNCTION_MATCH,  TYPE_LOGICAL, 2, TYPE_VALUE},
    {"search", FUNCTION_SEARCH, TYPE_LOGICAL, 2, TYPE_VALUE},
};

/* --- literals --------------------------------------------------------------------------------- */

static size_t digits(struct reader *r)
{
    size_t from = r->at;
    while (reader_peek(r) >= '0' && reader_peek(r) <= '9')
        r->at++;
    return r->at - from;
}

static bool parse_number(struct reader *r, struct expr *e)
{
    size_t from = r->at;
    (void)reader_take(r, STR("-"));
    bool zero = reader_peek(r) == '0';
    size_t whole = digits(r);
    bool ok = whole > 0 && !(zero && whole > 1);
    if (ok && reader_take(r, STR(".")))
        ok = digits(r) > 0;
    if (ok && (reader_take(r, STR("e")) || reader_take(r, STR("E")))) {
        if (!reader_take(r, STR("+")))
            (void)reader_take(r, STR("-"));
        ok = digits(r) > 0;
    }
    if (!ok)
        return reader_fail_at(r, from, "this is no number");
    e->literal =
        (struct value){.kind = VALUE_NUMBER,
                       .number = strtod(str_z(r->mem, str_sub(r->text, from, r->at - from)), NULL)};
    return true;
}

static bool parse_word(struct reader *r, struct expr *e)
{
    if (reader_take(r, STR("true")))
        e->literal = (struct value){.kind = VALUE_BOOL, .boolean = true};
    else if (reader_take(r, STR("false")))
        e->literal = (struct value){.kind = VALUE_BOOL};
    else if (reader_take(r, STR("null")))
        e->literal = (struct value){.kind = VALUE_NULL};
    else
        return false;
    return true;
}

/* --- queries and functions -------------------------------------------------------------------- */

static bool singular(const struct jsonpath *path)
{
    for (size_t i = 0; i < path->count; i++) {
        const struct segment *s = &path->segments[i];
        if (s->kind != SEGMENT_CHILD || s->count != 1 ||
            (s->selectors[0].kind != SELECT_NAME && s->selectors[0].kind != SELECT_INDEX))
            return false;
    }
    return true;
}

static bool parse_query(struct reader *r, struct expr *e, enum type *type)
{
    struct jsonpath *path = arena_new(r->mem, struct jsonpath);
    path->dialect = JSONPATH_STRICT;
    e->kind = EXPR_QUERY;
    e->from_root = reader_peek(r) == '$';
    e->query = path;
    r->at++;
    if (!strict_segments(r, path))
        return false;
    *type = singular(path) ? TYPE_SINGULAR : TYPE_NODES;
    return true;
}

static bool parse_comparable(struct reader *r, const struct expr **out, enum type *type);

/* Arguments are comparables, queries or (for no function known) logical expressions. */
static bool parse_arguments(struct reader *r, struct expr *e, size_t which)
{
    VEC(const struct expr *) args = {0};
    do {
        const struct expr *arg = NULL;
        enum type type = TYPE_VALUE;
        reader_blanks(r);
        if (!parse_comparable(r, &arg, &type))
            return false;
        bool query = arg->kind == EXPR_QUERY;
        bool fits = functions[which].param == TYPE_NODES
                        ? query
                        : type == TYPE_VALUE || type == TYPE_SINGULAR;
        if (!fits)
            return reader_fail(r, "%s() takes another type of argument", functions[which].name);
        vec_push(&args, r->mem, arg);
        reader_blanks(r);
    } while (reader_take(r, STR(",")));
    e->args = args.ptr;
    e->arg_count = args.len;
    if (e->arg_count != functions[which].params)
        return reader_fail(r, "%s() takes %zu arguments", functions[which].name,
                           functions[which].params);
    return reader_take(r, STR(")")) || reader_fail(r, "expected \")\"");
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool parse_function(struct reader *r, struct expr *e, enum type *type)
{
    size_t from = r->at;
    while (is_lower(reader_peek(r)) || reader_peek(r) == '_' ||
           (reader_peek(r) >= '0' && reader_peek(r) <= '9'))
        r->at++;
    struct str name = str_sub(r->text, from, r->at - from);
    if (!reader_take(r, STR("(")))
        return reader_fail(r, "expected a value");
    e->kind = EXPR_FUNCTION;
    for (size_t i = 0; i < COUNT_OF(functions); i++)
        if (str_eq(name, str_from(functions[i].name))) {
            e->function = functions[i].function;
            *type = functions[i].result;
            return parse_arguments(r, e, i);
        }
    return reader_fail_at(r, from, "there is no function \"" STR_FMT "\"", STR_ARG(name));
}

static bool parse_comparable(struct reader *r, const struct expr **out, enum type *type)
{
    struct expr *e = expr_new(r, EXPR_LITERAL);
    char c = reader_peek(r);
    *out = e;
    *type = TYPE_VALUE;
    if (c == '@' || c == '$')
        return parse_query(r, e, type);
    if (c == '\'' || c == '"') {
        e->literal.kind = VALUE_STRING;
        return strict_string(r, &e->literal.string);
    }
    if (c == '-' || (c >= '0' && c <= '9'))
        return parse_number(r, e);
    if (parse_word(r, e))
        return true;
    if (is_lower(c))
        return parse_function(r, e, type);
    return reader_fail(r, "expected a value");
}

/* --- logic ------------------------------------------------------------------------------------ */

static bool take_comparison(struct reader *r, enum operator* op)
{
    static const struct {
        const char *token;
        enum operator op;
    } comparisons[] = {
        {"==", OP_EQ},
        {"!=", OP_NE},
        {"<=", OP_LE},
        {">=", OP_GE},
        {"<",  OP_LT},
        {">",  OP_GT}
    };
    for (size_t i = 0; i < COUNT_OF(comparisons); i++)
        if (reader_take(r, str_from(comparisons[i].token))) {
            *op = comparisons[i].op;
            return true;
        }
    return false;
}

/* A comparison, or a query or logical function that is tested. */
static bool parse_test(struct reader *r, const struct expr **out, bool negated)
{
    const struct expr *left = NULL;
    enum type type = TYPE_VALUE, right_type = TYPE_VALUE;
    enum operator op = OP_EQ;
    size_t from = r->at;
    if (!parse_comparable(r, &left, &type))
        return false;
    size_t before = r->at;
    reader_blanks(r);
    if (negated || !take_comparison(r, &op)) {
        r->at = before;
        *out = left;
        return type != TYPE_VALUE ||
               reader_fail_at(r, from, "a value must be compared with something");
    }
    struct expr *e = expr_new(r, EXPR_BINARY);
    e->op = op;
    e->a = left;
    *out = e;
    reader_blanks(r);
    if (!parse_comparable(r, &e->b, &right_type))
        return false;
    if ((type != TYPE_VALUE && type != TYPE_SINGULAR) ||
        (right_type != TYPE_VALUE && right_type != TYPE_SINGULAR))
        return reader_fail_at(r, from, "only single values can be compared");
    return true;
}

static bool parse_basic(struct reader *r, const struct expr **out)
{
    bool negated = reader_take(r, STR("!"));
    reader_blanks(r);
    if (reader_take(r, STR("("))) {
        if (++r->depth > MOST_NESTING)
            return reader_fail(r, "this is nested too deeply");
        reader_blanks(r);
        if (!parse_or(r, out))
            return false;
        r->depth--;
        reader_blanks(r);
        if (!reader_take(r, STR(")")))
            return reader_fail(r, "expected \")\"");
    } else if (!parse_test(r, out, negated)) {
        return false;
    }
    if (negated) {
        struct expr *e = expr_new(r, EXPR_NOT);
        e->a = *out;
        *out = e;
    }
    return true;
}

static bool parse_chain(struct reader *r, struct str token, enum operator op,
                        bool (*part)(struct reader *, const struct expr **),
                        const struct expr **out)
{
    if (!part(r, out))
        return false;
    for (;;) {
        size_t before = r->at;
        reader_blanks(r);
        if (!reader_take(r, token)) {
            r->at = before;
            return true;
        }
        struct expr *e = expr_new(r, EXPR_BINARY);
        e->op = op;
        e->a = *out;
        reader_blanks(r);
        if (!part(r, &e->b))
            return false;
        *out = e;
    }
}

static bool parse_and(struct reader *r, const struct expr **out)
{
    return parse_chain(r, STR("&&"), OP_AND, parse_basic, out);
}

static bool parse_or(struct reader *r, const struct expr **out)
{
    return parse_chain(r, STR("||"), OP_OR, parse_and, out);
}

bool strict_filter(struct reader *r, const struct expr **out)
{
    if (++r->depth > MOST_NESTING)
        return reader_fail(r, "this is nested too deeply");
    bool ok = parse_or(r, out);
    r->depth--;
    return ok;
}
