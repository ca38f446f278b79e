/* Compiling: the choice of dialect, and what its readers share. */
#include "path.h"

bool reader_fail_at(struct reader *r, size_t at, const char *format, ...)
{
    char where[32], msg[sizeof(r->err->msg)];
    va_list args;
    va_start(args, format);
    vsnprintf(msg, sizeof(msg), format, args);
    va_end(args);
    snprintf(where, sizeof(where), "column %zu", at + 1);
    return fail(r->err, ERR_INVALID, where, "%s", msg);
}

char reader_peek(const struct reader *r)
{
    return r->at < r->text.len ? r->text.ptr[r->at] : '\0';
}

bool reader_take(struct reader *r, struct str token)
{
    if (!str_eq(str_sub(r->text, r->at, token.len), token))
        return false;
    r->at += token.len;
    return true;
}

void reader_blanks(struct reader *r)
{
    while (r->at < r->text.len && strchr(" \t\r\n", r->text.ptr[r->at]) != NULL &&
           r->text.ptr[r->at] != '\0')
        r->at++;
}

struct expr *expr_new(struct reader *r, enum expr_kind kind)
{
    struct expr *e = arena_new(r->mem, struct expr);
    e->kind = kind;
    return e;
}

bool jsonpath_compile(struct str text, enum jsonpath_dialect dialect, struct arena *mem,
                      struct jsonpath **out, struct err *err)
{
    struct jsonpath *path = arena_new(mem, struct jsonpath);
    struct reader r = {.text = arena_str(mem, text), .mem = mem, .err = err};
    path->dialect = dialect;
    bool ok = dialect == JSONPATH_STRICT ? strict_path(&r, path) : loose_path(&r, path);
    if (!ok)
        return false;
    if (r.at < r.text.len)
        return reader_fail(&r, "this is no part of a JSONPath expression");
    *out = path;
    return true;
}

/* --- what a filter cannot do without ---------------------------------------------------------- */

#define MOST_REQUIRED 4

static bool is_this(const struct expr *e)
{
    return e->kind == EXPR_THIS;
}

/* A name that nothing but an object can have a member of: text and arrays have elements, a length
 * and methods. */
static bool is_object_name(struct str name)
{
    const struct value text = {.kind = VALUE_STRING}, list = {.kind = VALUE_LIST};
    bool digit = name.len > 0 && name.ptr[0] >= '0' && name.ptr[0] <= '9';
    return !digit && !str_eq(name, STR("length")) && !str_eq(name, STR("constructor")) &&
           !script_has_method(&text, name) && !script_has_method(&list, name);
}

static bool is_plain_member(const struct expr *e)
{
    return e->kind == EXPR_MEMBER && is_this(e->a) && is_object_name(e->name);
}

static bool is_text(const struct expr *e)
{
    return e->kind == EXPR_LITERAL && e->literal.kind == VALUE_STRING;
}

/* The member that must be there for e to be true, or NULL. */
static const struct expr *needed(const struct expr *e)
{
    if (is_plain_member(e))
        return e;
    bool equal = e->kind == EXPR_BINARY && (e->op == OP_EQ || e->op == OP_SAME);
    return equal && is_text(e->b) && is_plain_member(e->a) ? e->a : NULL;
}

/* What a member that is not there differs from in nothing: undefined, and loosely null, too. */
static bool is_nothing(const struct expr *e, enum operator op)
{
    bool null = e->kind == EXPR_LITERAL && e->literal.kind == VALUE_NULL;
    bool undefined =
        e->kind == EXPR_VOID || (e->kind == EXPR_LITERAL && e->literal.kind == VALUE_UNDEFINED);
    return op == OP_NE ? null || undefined : op == OP_DIFFERENT && undefined;
}

/* True when only an object can make e true. */
static bool only_objects(const struct expr *e)
{
    if (needed(e) != NULL)
        return true;
    if (e->kind != EXPR_BINARY)
        return false;
    if (e->op == OP_AND)
        return only_objects(e->a) || only_objects(e->b);
    if (e->op == OP_OR)
        return only_objects(e->a) && only_objects(e->b);
    return is_nothing(e->b, e->op) && is_plain_member(e->a);
}

static void require(const struct expr *e, struct str *names, size_t *count)
{
    if (e->kind == EXPR_BINARY && e->op == OP_AND) {
        require(e->a, names, count);
        require(e->b, names, count);
        return;
    }
    const struct expr *member = needed(e);
    if (member != NULL && *count < MOST_REQUIRED)
        names[(*count)++] = member->name;
}

void filter_require(struct expr *filter, struct arena *mem)
{
    struct str names[MOST_REQUIRED];
    size_t count = 0;
    require(filter, names, &count);
    struct str *required = arena_array(mem, struct str, count);
    for (size_t i = 0; i < count; i++)
        required[i] = names[i];
    filter->needs_object = only_objects(filter);
    filter->required = required;
    filter->required_count = count;
}
