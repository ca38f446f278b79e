/* Runs a compiled template over values. */
#include "portal/html/data.h"

#define DEPTH_MOST 32

struct scope {
    const struct html_data *data;
    const struct scope *up;
};

struct render {
    struct arena *mem;
    struct buf *out;
    struct err *err;
};

static bool run(struct render *r, const struct html_template *t, size_t from, size_t to,
                const struct scope *scope, unsigned depth);

static bool find(const struct scope *scope, const char *name, struct arena *mem,
                 struct html_value *out)
{
    for (; scope != NULL; scope = scope->up)
        if (data_find(scope->data, name, mem, out))
            return true;
    return false;
}

static bool wrong(struct render *r, const struct html_template *t, const struct html_op *op,
                  const char *what)
{
    struct str where = arena_printf(r->mem, "%s line %u", t->name, op->line);
    return fail(r->err, ERR_INVALID, where.ptr, "{{%s}} %s", op->name ? op->name : "", what);
}

/* "2026-11-24T12:37:00.000Z" → "24 Nov 2026, 12:37 UTC" */
static struct str time_for_people(struct arena *mem, struct str time)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int64_t month = 0, day = 0;
    if (!str_to_i64(str_sub(time, 5, 2), &month) || !str_to_i64(str_sub(time, 8, 2), &day) ||
        month < 1 || month > 12)
        return time;
    return arena_printf(mem, "%lld %.3s %.4s, %.5s UTC", (long long)day,
                        months + 3 * ((size_t)month - 1), time.ptr, time.ptr + 11);
}

static struct str time_text(struct arena *mem, int64_t at_ms, enum html_context context)
{
    if (at_ms == 0)
        return STR("");
    struct str time = time_format(mem, at_ms);
    return context == HTML_TEXT ? time_for_people(mem, time) : time;
}

static struct str text_of(const struct html_value *value, enum html_context context,
                          struct arena *mem)
{
    switch (value->kind) {
    case VALUE_TEXT:
        return value->text;
    case VALUE_NUMBER:
        return arena_printf(mem, "%lld", (long long)value->number);
    case VALUE_FLAG:
        return value->number ? STR("yes") : STR("no");
    case VALUE_TIME:
        return time_text(mem, value->number, context);
    case VALUE_LIST:
    case VALUE_SLOT:
        break;
    }
    return STR_NONE;
}

static bool put_value(struct render *r, const struct html_template *t, const struct html_op *op,
                      const struct scope *scope)
{
    struct html_value value = {0};
    if (!find(scope, op->name, r->mem, &value))
        return wrong(r, t, op, "has no value");
    if (value.kind == VALUE_LIST || value.kind == VALUE_SLOT)
        return wrong(r, t, op, "is no text");
    html_escape(op->context, text_of(&value, op->context, r->mem), r->out);
    return true;
}

static bool is_there(const struct scope *scope, const char *name, struct arena *mem)
{
    struct html_value value = {0};
    if (!find(scope, name, mem, &value))
        return false;
    if (value.kind == VALUE_TEXT)
        return value.text.len > 0;
    if (value.kind == VALUE_LIST)
        return value.items.len > 0;
    return value.kind == VALUE_SLOT || value.number != 0;
}

static bool put_each(struct render *r, const struct html_template *t, size_t at,
                     const struct scope *scope, unsigned depth)
{
    const struct html_op *op = &t->ops[at];
    struct html_value value = {0};
    if (!find(scope, op->name, r->mem, &value))
        return true;
    if (value.kind != VALUE_LIST)
        return wrong(r, t, op, "is no list");
    for (size_t i = 0; i < value.items.len; i++) {
        const struct scope inner = {value.items.ptr[i], scope};
        if (!run(r, t, at + 1, op->end, &inner, depth))
            return false;
    }
    return true;
}

static bool put_slot(struct render *r, const struct html_template *t, const struct html_op *op,
                     const struct scope *scope, unsigned depth)
{
    struct html_value value = {0};
    if (!find(scope, op->name, r->mem, &value) || value.kind != VALUE_SLOT)
        return wrong(r, t, op, "has no template");
    return run(r, value.slot, 0, value.slot->count, scope, depth + 1);
}

static bool run_op(struct render *r, const struct html_template *t, size_t at,
                   const struct scope *scope, unsigned depth)
{
    const struct html_op *op = &t->ops[at];
    switch (op->kind) {
    case HTML_LITERAL:
        buf_add(r->out, op->text);
        return true;
    case HTML_VALUE:
        return put_value(r, t, op, scope);
    case HTML_EACH:
        return put_each(r, t, at, scope, depth);
    case HTML_IF:
    case HTML_UNLESS:
        return is_there(scope, op->name, r->mem) != (op->kind == HTML_IF) ||
               run(r, t, at + 1, op->end, scope, depth);
    case HTML_PARTIAL:
        return run(r, op->partial, 0, op->partial->count, scope, depth + 1);
    case HTML_SLOT:
        return put_slot(r, t, op, scope, depth);
    }
    return false;
}

static bool run(struct render *r, const struct html_template *t, size_t from, size_t to,
                const struct scope *scope, unsigned depth)
{
    if (depth > DEPTH_MOST)
        return fail(r->err, ERR_INVALID, t->name, "templates nest too deeply");
    while (from < to) {
        const struct html_op *op = &t->ops[from];
        if (!run_op(r, t, from, scope, depth))
            return false;
        bool section = op->kind == HTML_EACH || op->kind == HTML_IF || op->kind == HTML_UNLESS;
        from = section ? op->end : from + 1;
    }
    return true;
}

bool html_render(const struct html_template *t, const struct html_data *data, struct arena *mem,
                 struct buf *out, struct err *err)
{
    struct render r = {.mem = mem, .out = out, .err = err};
    const struct scope scope = {data, NULL};
    return run(&r, t, 0, t->count, &scope, 0);
}
