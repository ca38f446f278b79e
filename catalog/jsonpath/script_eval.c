/* Evaluating filters in JavaScript. Where JavaScript throws, the filter does not match. */
#include <math.h>

#include "path.h"

static struct value undefined(void)
{
    return (struct value){.kind = VALUE_UNDEFINED};
}

static struct value of_bool(bool b)
{
    return (struct value){.kind = VALUE_BOOL, .boolean = b};
}

static struct value of_string(struct str s)
{
    return (struct value){.kind = VALUE_STRING, .string = s};
}

/* --- members ---------------------------------------------------------------------------------- */

static struct jsonpath_spot element_of(struct jsonpath_spot array, int64_t index)
{
    struct jsonpath_spot spot = {array.doc, NULL};
    if (index < 0 || index >= (int64_t)array.node->size)
        return spot;
    spot.node = tree_first(array.doc, array.node);
    for (; index > 0; index--)
        spot.node = tree_next(array.doc, spot.node);
    return spot;
}

static struct str constructor_name(const struct value *object)
{
    switch (object->kind) {
    case VALUE_BOOL:
        return STR("Boolean");
    case VALUE_NUMBER:
        return STR("Number");
    case VALUE_STRING:
        return STR("String");
    case VALUE_NODE:
        return tree_kind_of(object->spot.node) == TREE_ARRAY ? STR("Array") : STR("Object");
    case VALUE_REGEX:
        return STR("RegExp");
    case VALUE_LIST:
        return STR("Array");
    case VALUE_UNDEFINED:
    case VALUE_NULL:
    case VALUE_FUNCTION:
    case VALUE_CONSTRUCTOR:
        break;
    }
    return STR("Function");
}

/* What every value has: length, methods, its constructor. */
static struct value inherited(const struct value *object, struct str name)
{
    bool array = object->kind == VALUE_NODE && tree_kind_of(object->spot.node) == TREE_ARRAY;
    if (str_eq(name, STR("length"))) {
        struct value v = {.kind = VALUE_NUMBER};
        if (object->kind == VALUE_STRING)
            v.number = (double)object->string.len;
        else if (array)
            v.number = object->spot.node->size;
        else if (object->kind == VALUE_LIST)
            v.number = (double)object->count;
        else
            v.kind = VALUE_UNDEFINED;
        return v;
    }
    if (str_eq(name, STR("constructor")))
        return (struct value){.kind = VALUE_CONSTRUCTOR, .string = constructor_name(object)};
    if (script_has_method(object, name))
        return (struct value){.kind = VALUE_FUNCTION};
    return undefined();
}

static bool member(const struct scene *scene, const struct value *object, struct str name,
                   struct value *out)
{
    int64_t index = 0;
    if (object->kind == VALUE_UNDEFINED || object->kind == VALUE_NULL)
        return false;
    if (object->kind == VALUE_CONSTRUCTOR && str_eq(name, STR("name"))) {
        *out = of_string(object->string);
        return true;
    }
    bool digits =
        name.len > 0 && name.ptr[0] >= '0' && name.ptr[0] <= '9' && str_to_i64(name, &index);
    if (object->kind == VALUE_STRING && digits) {
        *out = index < (int64_t)object->string.len
                   ? of_string(str_sub(object->string, (size_t)index, 1))
                   : undefined();
        return true;
    }
    if (object->kind == VALUE_NODE) {
        struct jsonpath_spot spot = object->spot;
        if (tree_kind_of(spot.node) == TREE_OBJECT)
            spot.node = tree_get(spot.doc, spot.node, name);
        else
            spot = digits ? element_of(spot, index) : (struct jsonpath_spot){spot.doc, NULL};
        if (spot.node != NULL) {
            *out = path_value_of(view_see(scene->view, spot));
            return true;
        }
    }
    *out = inherited(object, name);
    return true;
}

/* --- names ------------------------------------------------------------------------------------ */

static struct value step_name(const struct scene *scene, size_t up)
{
    if (scene->depth <= up)
        return (struct value){.kind = VALUE_NULL};
    const struct jsonpath_step *step = &scene->path[scene->depth - 1 - up];
    if (step->key.ptr != NULL)
        return of_string(step->key);
    return (struct value){.kind = VALUE_NUMBER, .number = step->index};
}

static struct value parent_value(const struct scene *scene)
{
    if (scene->depth == 0)
        return undefined();
    return path_value_of(scene->depth == 1 ? scene->root : scene->path[scene->depth - 2].seen);
}

/* $['paths']['/pets'][0] */
static struct value path_text(const struct scene *scene)
{
    CLEANUP(buf_clear) struct buf text = {0};
    buf_add_char(&text, '$');
    for (size_t i = 0; i < scene->depth; i++)
        if (scene->path[i].key.ptr != NULL)
            buf_printf(&text, "['" STR_FMT "']", STR_ARG(scene->path[i].key));
        else
            buf_printf(&text, "[%u]", scene->path[i].index);
    return of_string(arena_str(scene->scratch, buf_str(&text)));
}

static bool is_type(const struct value *v, struct str name)
{
    enum tree_kind kind = v->kind == VALUE_NODE ? tree_kind_of(v->spot.node) : TREE_NULL;
    if (str_eq(name, STR("string")))
        return v->kind == VALUE_STRING;
    if (str_eq(name, STR("number")))
        return v->kind == VALUE_NUMBER;
    if (str_eq(name, STR("integer")))
        return v->kind == VALUE_NUMBER && !(v->number < floor(v->number)) &&
               !(v->number > floor(v->number));
    if (str_eq(name, STR("boolean")))
        return v->kind == VALUE_BOOL;
    if (str_eq(name, STR("null")))
        return v->kind == VALUE_NULL;
    if (str_eq(name, STR("scalar")))
        return v->kind != VALUE_NODE;
    return str_eq(name, STR("array")) ? kind == TREE_ARRAY : v->kind == VALUE_NODE;
}

/* --- operators -------------------------------------------------------------------------------- */

static bool less(const struct value *a, const struct value *b, bool or_equal)
{
    if (a->kind == VALUE_STRING && b->kind == VALUE_STRING) {
        int order = str_cmp(a->string, b->string);
        return or_equal ? order <= 0 : order < 0;
    }
    double x = path_value_number(a), y = path_value_number(b);
    return or_equal ? x <= y : x < y;
}

static struct value arithmetic(const struct scene *scene, enum operator op, const struct value *a,
                               const struct value *b)
{
    struct value v = {.kind = VALUE_NUMBER};
    if (op == OP_ADD && (a->kind == VALUE_STRING || b->kind == VALUE_STRING))
        return of_string(arena_join(scene->scratch, path_value_string(a, scene->scratch),
                                    path_value_string(b, scene->scratch)));
    double x = path_value_number(a), y = path_value_number(b);
    if (op == OP_ADD)
        v.number = x + y;
    else if (op == OP_SUB)
        v.number = x - y;
    else if (op == OP_MUL)
        v.number = x * y;
    else if (op == OP_DIV)
        v.number = x / y;
    else
        v.number = fmod(x, y);
    return v;
}

static bool compare(const struct scene *scene, enum operator op, const struct value *a,
                    const struct value *b, struct value *out)
{
    switch (op) {
    case OP_EQ:
        *out = of_bool(path_value_equal(a, b));
        return true;
    case OP_NE:
        *out = of_bool(!path_value_equal(a, b));
        return true;
    case OP_SAME:
        *out = of_bool(path_value_same(a, b));
        return true;
    case OP_DIFFERENT:
        *out = of_bool(!path_value_same(a, b));
        return true;
    case OP_LT:
        *out = of_bool(less(a, b, false));
        return true;
    case OP_LE:
        *out = of_bool(less(a, b, true));
        return true;
    case OP_GT:
        *out = of_bool(less(b, a, false));
        return true;
    case OP_GE:
        *out = of_bool(less(b, a, true));
        return true;
    case OP_IN:
        return script_method(scene, b, STR("includes"), a, 1, out);
    case OP_FITS:
        *out = of_bool(regex_matches(b->regex, path_value_string(a, scene->scratch), NULL));
        return true;
    case OP_ADD:
    case OP_SUB:
    case OP_MUL:
    case OP_DIV:
    case OP_MOD:
        *out = arithmetic(scene, op, a, b);
        return true;
    case OP_OR:
    case OP_AND:
        break;
    }
    return false;
}

static bool binary(const struct scene *scene, const struct expr *e, struct value *out)
{
    struct value left, right;
    if (!script_value(scene, e->a, &left))
        return false;
    if (e->op == OP_OR || e->op == OP_AND) {
        *out = left;
        return path_value_true(&left) == (e->op == OP_OR) || script_value(scene, e->b, out);
    }
    return script_value(scene, e->b, &right) && compare(scene, e->op, &left, &right, out);
}

static const char *type_of(const struct value *v)
{
    switch (v->kind) {
    case VALUE_UNDEFINED:
        return "undefined";
    case VALUE_BOOL:
        return "boolean";
    case VALUE_NUMBER:
        return "number";
    case VALUE_STRING:
        return "string";
    case VALUE_FUNCTION:
    case VALUE_CONSTRUCTOR:
        return "function";
    case VALUE_NULL:
    case VALUE_NODE:
    case VALUE_REGEX:
    case VALUE_LIST:
        break;
    }
    return "object";
}

static bool unary(const struct scene *scene, const struct expr *e, struct value *out)
{
    struct value v;
    if (!script_value(scene, e->a, &v))
        return false;
    if (e->kind == EXPR_NOT)
        *out = of_bool(!path_value_true(&v));
    else if (e->kind == EXPR_VOID)
        *out = undefined();
    else if (e->kind == EXPR_TYPEOF)
        *out = of_string(str_from(type_of(&v)));
    else
        *out = (struct value){.kind = VALUE_NUMBER,
                              .number = e->kind == EXPR_MINUS ? -path_value_number(&v)
                                                              : path_value_number(&v)};
    return true;
}

/* --- calls ------------------------------------------------------------------------------------ */

static bool call(const struct scene *scene, const struct expr *e, struct value *out)
{
    struct value object, args[2] = {{0}};
    size_t count = e->arg_count < COUNT_OF(args) ? e->arg_count : COUNT_OF(args);
    if (!script_value(scene, e->a, &object))
        return false;
    if (e->a->kind == EXPR_PROPERTY && object.kind == VALUE_NUMBER) /* as Nimma does */
        object = of_string(path_value_string(&object, scene->scratch));
    for (size_t i = 0; i < count; i++)
        if (!script_value(scene, e->args[i], &args[i]))
            return false;
    return script_method(scene, &object, e->name, args, count, out);
}

static bool list(const struct scene *scene, const struct expr *e, struct value *out)
{
    struct value *items = arena_array(scene->scratch, struct value, e->arg_count);
    for (size_t i = 0; i < e->arg_count; i++)
        if (!script_value(scene, e->args[i], &items[i]))
            return false;
    *out = (struct value){.kind = VALUE_LIST, .list = items, .count = e->arg_count};
    return true;
}

static bool at(const struct scene *scene, const struct expr *e, struct value *out)
{
    struct value object, name;
    return script_value(scene, e->a, &object) && script_value(scene, e->b, &name) &&
           member(scene, &object, path_value_string(&name, scene->scratch), out);
}

static bool choice(const struct scene *scene, const struct expr *e, struct value *out)
{
    struct value which;
    return script_value(scene, e->a, &which) &&
           script_value(scene, path_value_true(&which) ? e->b : e->c, out);
}

bool script_value(const struct scene *scene, const struct expr *e, struct value *out)
{
    struct value v;
    switch (e->kind) {
    case EXPR_LITERAL:
    case EXPR_REGEX:
        *out = e->literal;
        return true;
    case EXPR_THIS:
        *out = path_value_of(scene_value(scene));
        return true;
    case EXPR_ROOT:
        *out = path_value_of(scene->root);
        return true;
    case EXPR_PROPERTY:
        *out = step_name(scene, 0);
        return true;
    case EXPR_PARENT_PROPERTY:
        *out = step_name(scene, 1);
        return true;
    case EXPR_PARENT:
        *out = parent_value(scene);
        return true;
    case EXPR_PATH:
        *out = path_text(scene);
        return true;
    case EXPR_MEMBER:
        return script_value(scene, e->a, &v) && member(scene, &v, e->name, out);
    case EXPR_TYPE:
        v = path_value_of(scene_value(scene));
        *out = of_bool(is_type(&v, e->name));
        return true;
    case EXPR_AT:
        return at(scene, e, out);
    case EXPR_CALL:
        return call(scene, e, out);
    case EXPR_ARRAY:
        return list(scene, e, out);
    case EXPR_NOT:
    case EXPR_MINUS:
    case EXPR_PLUS:
    case EXPR_VOID:
    case EXPR_TYPEOF:
        return unary(scene, e, out);
    case EXPR_BINARY:
        return binary(scene, e, out);
    case EXPR_CHOICE:
        return choice(scene, e, out);
    case EXPR_QUERY:
    case EXPR_FUNCTION:
        break; /* strict only */
    }
    return false;
}
