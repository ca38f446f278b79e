/* Core functions: presence, length, lists of values, sets of properties. */
#include "functions.h"
#include "options.h"

void fn_truthy(struct call *c)
{
    if (!target_true(&c->value))
        call_report(c, "#{{print(\"property\")}}must be truthy");
}

void fn_falsy(struct call *c)
{
    if (target_true(&c->value))
        call_report(c, "#{{print(\"property\")}}must be falsy");
}

void fn_defined(struct call *c)
{
    if (c->value.kind == TARGET_UNDEFINED)
        call_report(c, "#{{print(\"property\")}}must be defined");
}

void fn_undefined(struct call *c)
{
    if (c->value.kind != TARGET_UNDEFINED)
        call_report(c, "#{{print(\"property\")}}must be undefined");
}

/* --- length ----------------------------------------------------------------------------------- */

struct length_options {
    bool has_min, has_max;
    double min, max;
};

bool prepare_length(const struct function_site *site, void **options, struct err *err)
{
    static const struct option table[] = {
        {"min", INPUT_NUMBER, false},
        {"max", INPUT_NUMBER, false}
    };
    struct length_options *o = arena_new(site->mem, struct length_options);
    if (!options_check(site, table, COUNT_OF(table), false, err))
        return false;
    o->has_min = option_get(site, "min").node != NULL;
    o->has_max = option_get(site, "max").node != NULL;
    o->min = spot_number(option_get(site, "min"));
    o->max = spot_number(option_get(site, "max"));
    *options = o;
    return o->has_min || o->has_max || fail(err, ERR_INVALID, "", "needs \"min\" or \"max\"");
}

/* UTF-16 units, as JavaScript counts. */
static double text_length(struct str s)
{
    double units = 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char b = (unsigned char)s.ptr[i];
        units += (b & 0xC0) != 0x80 ? (b >= 0xF0 ? 2 : 1) : 0;
    }
    return units;
}

static double length_of(const struct target *t)
{
    if (t->kind == TARGET_NUMBER)
        return t->number;
    if (target_input(t) == INPUT_NUMBER)
        return spot_number(t->spot);
    if (target_input(t) == INPUT_STRING)
        return text_length(target_string(t));
    return t->spot.node->size;
}

void fn_length(struct call *c)
{
    const struct length_options *o = c->step->options;
    double length = length_of(&c->value);
    struct arena *mem = &c->run->scratch;
    if (o->has_min && length < o->min)
        call_report(c, "#{{print(\"property\")}}must be longer than " STR_FMT,
                    STR_ARG(print_number(mem, o->min)));
    if (o->has_max && length > o->max)
        call_report(c, "#{{print(\"property\")}}must be shorter than " STR_FMT,
                    STR_ARG(print_number(mem, o->max)));
}

/* --- enumeration ------------------------------------------------------------------------------ */

bool prepare_enumeration(const struct function_site *site, void **options, struct err *err)
{
    static const struct option table[] = {
        {"values", INPUT_ARRAY, true}
    };
    struct jsonpath_spot *values = arena_new(site->mem, struct jsonpath_spot);
    if (!options_check(site, table, COUNT_OF(table), false, err))
        return false;
    *values = option_get(site, "values");
    for (const struct tree_node *n = tree_first(values->doc, values->node); n;
         n = tree_next(values->doc, n))
        if (tree_kind_of(n) >= TREE_ARRAY)
            return fail(err, ERR_INVALID, "", "\"values\" takes texts, numbers, bools and null");
    *options = values;
    return true;
}

static bool equals(const struct target *t, struct jsonpath_spot value)
{
    struct target other = {.kind = TARGET_NODE, .spot = value};
    unsigned input = target_input(t);
    if (input != target_input(&other))
        return false;
    if (input == INPUT_STRING)
        return str_eq(target_string(t), target_string(&other));
    if (input == INPUT_BOOL)
        return target_true(t) == target_true(&other);
    if (input == INPUT_NULL)
        return true;
    double a = t->kind == TARGET_NUMBER ? t->number : spot_number(t->spot);
    double b = spot_number(value);
    return !(a < b) && !(a > b);
}

void fn_enumeration(struct call *c)
{
    CLEANUP(buf_clear) struct buf list = {0};
    const struct jsonpath_spot *values = c->step->options;
    struct jsonpath_spot value = *values;
    for (value.node = tree_first(values->doc, values->node); value.node;
         value.node = tree_next(values->doc, value.node)) {
        if (equals(&c->value, value))
            return;
        if (list.len > 0)
            buf_add(&list, STR(", "));
        buf_add(&list, print_value(&c->run->scratch, value));
    }
    call_report_at(
        c, c->path, c->depth,
        call_text(c, "#{{print(\"value\")}} must be equal to one of the allowed values: " STR_FMT,
                  STR_ARG(buf_str(&list))));
}

/* --- or, xor ---------------------------------------------------------------------------------- */

struct property_options {
    const struct str *names;
    size_t count;
};

static bool prepare_names(const struct function_site *site, const char *option, size_t least,
                          void **options, struct err *err)
{
    const struct option table[] = {
        {option, INPUT_ARRAY, true}
    };
    struct property_options *o = arena_new(site->mem, struct property_options);
    *options = o;
    return options_check(site, table, COUNT_OF(table), false, err) &&
           option_texts(site, option, least, &o->names, &o->count, err);
}

bool prepare_properties(const struct function_site *site, void **options, struct err *err)
{
    return prepare_names(site, "properties", 2, options, err);
}

bool prepare_success(const struct function_site *site, void **options, struct err *err)
{
    return prepare_names(site, "properties", 1, options, err);
}

bool prepare_codes(const struct function_site *site, void **options, struct err *err)
{
    return prepare_names(site, "codes", 1, options, err);
}

static bool is_listed(const struct property_options *o, struct str name)
{
    for (size_t i = 0; i < o->count; i++)
        if (str_eq(o->names[i], name))
            return true;
    return false;
}

/* Members that are listed, joined with `" and "`. */
static size_t present(const struct call *c, struct buf *out)
{
    const struct property_options *o = c->step->options;
    struct jsonpath_spot object = c->value.spot;
    size_t count = 0;
    for (const struct tree_node *n = tree_first(object.doc, object.node); n;
         n = tree_next(object.doc, n)) {
        struct str name = tree_key(object.doc, n);
        if (!is_listed(o, name))
            continue;
        if (count++ > 0)
            buf_add(out, STR("\" and \""));
        buf_add(out, name);
    }
    return count;
}

static void report_none(struct call *c)
{
    CLEANUP(buf_clear) struct buf text = {0};
    const struct property_options *o = c->step->options;
    size_t shown = o->count > 4 ? 3 : o->count;
    buf_add(&text, STR("At least one of \""));
    for (size_t i = 0; i < shown; i++) {
        if (i > 0)
            buf_add(&text, STR("\" or \""));
        buf_add(&text, o->names[i]);
    }
    if (shown < o->count)
        buf_printf(&text, "\" or %zu other properties must be defined", o->count - shown);
    else
        buf_add(&text, STR("\" must be defined"));
    call_report_at(c, c->path, c->depth, arena_str(&c->run->scratch, buf_str(&text)));
}

void fn_or(struct call *c)
{
    CLEANUP(buf_clear) struct buf names = {0};
    if (present(c, &names) == 0)
        report_none(c);
}

void fn_xor(struct call *c)
{
    CLEANUP(buf_clear) struct buf names = {0};
    size_t count = present(c, &names);
    if (count == 0)
        report_none(c);
    if (count > 1)
        call_report_at(
            c, c->path, c->depth,
            call_text(c, "Just one of \"" STR_FMT "\" must be defined", STR_ARG(buf_str(&names))));
}

/* --- typedEnum -------------------------------------------------------------------------------- */

static bool type_holds(const struct call *c, struct jsonpath_spot type, struct str name)
{
    struct jsonpath_spot item = type;
    if (tree_kind_of(type.node) == TREE_STRING)
        return str_eq(tree_text(type.doc, type.node), name);
    for (item.node = tree_first(type.doc, type.node); item.node;
         item.node = tree_next(type.doc, item.node)) {
        struct jsonpath_spot seen = call_see(c, item);
        if (str_eq(tree_text(seen.doc, seen.node), name))
            return true;
    }
    return false;
}

static struct str type_of(struct jsonpath_spot value, bool integers)
{
    static const char *const names[] = {
        [TREE_NULL] = "null",     [TREE_BOOL] = "boolean", [TREE_NUMBER] = "number",
        [TREE_STRING] = "string", [TREE_ARRAY] = "array",  [TREE_OBJECT] = "object",
    };
    enum tree_kind kind = tree_kind_of(value.node);
    double number = spot_number(value);
    if (kind == TREE_NUMBER && integers && number < 1e300 && number > -1e300 &&
        !(number < (double)(int64_t)number) && !(number > (double)(int64_t)number))
        return STR("integer");
    return str_from(names[kind]);
}

static bool only_texts(const struct call *c, struct jsonpath_spot list)
{
    struct jsonpath_spot item = list;
    for (item.node = tree_first(list.doc, list.node); item.node;
         item.node = tree_next(list.doc, item.node))
        if (tree_kind_of(call_see(c, item).node) != TREE_STRING)
            return false;
    return true;
}

void fn_typed_enum(struct call *c)
{
    struct jsonpath_spot values = call_child(c, c->value.spot, STR("enum"));
    struct jsonpath_spot type = call_child(c, c->value.spot, STR("type"));
    const char *flag = c->run->formats & FORMAT_OAS3_0 ? "nullable"
                       : c->run->formats & FORMAT_OAS2 ? "x-nullable"
                                                       : NULL;
    struct jsonpath_spot null_ok = {values.doc, NULL};
    if (tree_kind_of(values.node) != TREE_ARRAY ||
        (tree_kind_of(type.node) != TREE_STRING &&
         (tree_kind_of(type.node) != TREE_ARRAY || !only_texts(c, type))))
        return;
    if (flag != NULL)
        null_ok = call_child(c, c->value.spot, str_from(flag));
    bool nullable = tree_true(null_ok.doc, null_ok.node);
    bool integers = type_holds(c, type, STR("integer"));
    struct str wanted = string_value(&c->run->scratch, type);
    if (nullable)
        wanted = arena_join(&c->run->scratch, wanted, STR(",null"));
    struct jsonpath_spot value = values;
    size_t index = 0;
    for (value.node = tree_first(values.doc, values.node); value.node;
         value.node = tree_next(values.doc, value.node), index++) {
        struct jsonpath_spot seen = call_see(c, value);
        struct str is = type_of(seen, integers);
        if (type_holds(c, type, is) || (nullable && str_eq(is, STR("null"))))
            continue;
        struct str message =
            arena_join(&c->run->scratch, STR("Enum value "), print_value(&c->run->scratch, seen),
                       STR(" must be \""), wanted, STR("\"."));
        call_report_below(c, BELOW(STR("enum"), call_index(c, index)), message);
    }
}
