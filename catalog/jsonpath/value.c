/* Values of filters: what a document's node is, and how JavaScript reads and compares it. */
#include <math.h>
#include <stdlib.h>

#include "path.h"

struct jsonpath_spot view_see(const struct jsonpath_view *view, struct jsonpath_spot raw)
{
    return view && raw.node ? view->see(view->context, raw) : raw;
}

struct jsonpath_spot scene_value(const struct scene *scene)
{
    return scene->depth ? scene->path[scene->depth - 1].seen : scene->root;
}

struct value path_value_of(struct jsonpath_spot spot)
{
    struct value v = {.kind = VALUE_UNDEFINED};
    if (spot.node == NULL)
        return v;
    switch (tree_kind_of(spot.node)) {
    case TREE_NULL:
        v.kind = VALUE_NULL;
        break;
    case TREE_BOOL:
        v.kind = VALUE_BOOL;
        v.boolean = tree_true(spot.doc, spot.node);
        break;
    case TREE_NUMBER:
        v.kind = VALUE_NUMBER;
        v.number = tree_double(spot.doc, spot.node);
        break;
    case TREE_STRING:
        v.kind = VALUE_STRING;
        v.string = tree_text(spot.doc, spot.node);
        break;
    case TREE_ARRAY:
    case TREE_OBJECT:
        v.kind = VALUE_NODE;
        v.spot = spot;
        break;
    }
    return v;
}

bool path_value_true(const struct value *v)
{
    switch (v->kind) {
    case VALUE_UNDEFINED:
    case VALUE_NULL:
        return false;
    case VALUE_BOOL:
        return v->boolean;
    case VALUE_NUMBER:
        return v->number < 0 || v->number > 0;
    case VALUE_STRING:
        return v->string.len > 0;
    case VALUE_NODE:
    case VALUE_REGEX:
    case VALUE_LIST:
    case VALUE_FUNCTION:
    case VALUE_CONSTRUCTOR:
        return true;
    }
    return false;
}

/* ECMA-262 StringToNumber: blanks around are nothing, empty is 0. */
static double string_number(struct str text)
{
    char z[64];
    char *end = NULL;
    struct str s = str_trim(text);
    if (s.len == 0)
        return 0;
    if (s.len >= sizeof(z) || strchr("+-.0123456789I", s.ptr[0]) == NULL)
        return (double)NAN;
    memcpy(z, s.ptr, s.len);
    z[s.len] = '\0';
    double number = strtod(z, &end);
    bool hex = s.len > 1 && (z[1] == 'x' || z[1] == 'X');
    if (*end != '\0' || (strpbrk(z, "nNpP") && !hex && strcmp(z, "Infinity") != 0))
        return (double)NAN;
    return number;
}

double path_value_number(const struct value *v)
{
    switch (v->kind) {
    case VALUE_NULL:
        return 0;
    case VALUE_BOOL:
        return v->boolean ? 1 : 0;
    case VALUE_NUMBER:
        return v->number;
    case VALUE_STRING:
        return string_number(v->string);
    case VALUE_UNDEFINED:
    case VALUE_NODE:
    case VALUE_REGEX:
    case VALUE_LIST:
    case VALUE_FUNCTION:
    case VALUE_CONSTRUCTOR:
        break;
    }
    return (double)NAN;
}

struct str path_value_string(const struct value *v, struct arena *mem)
{
    switch (v->kind) {
    case VALUE_UNDEFINED:
        return STR("undefined");
    case VALUE_NULL:
        return STR("null");
    case VALUE_BOOL:
        return v->boolean ? STR("true") : STR("false");
    case VALUE_NUMBER:
        if (fabs(v->number) < 1e15 && !(v->number < trunc(v->number)) &&
            !(v->number > trunc(v->number)))
            return arena_printf(mem, "%lld", (long long)v->number);
        return arena_printf(mem, "%.17g", v->number);
    case VALUE_STRING:
    case VALUE_CONSTRUCTOR:
        return v->string;
    case VALUE_NODE:
        return tree_kind_of(v->spot.node) == TREE_ARRAY ? STR("") : STR("[object Object]");
    case VALUE_REGEX:
    case VALUE_LIST:
    case VALUE_FUNCTION:
        break;
    }
    return STR("");
}

static bool number_same(double a, double b)
{
    return !(a < b) && !(a > b) && !isnan(a) && !isnan(b);
}

/* ===: identity of arrays and objects, equality of the rest. */
bool path_value_same(const struct value *a, const struct value *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case VALUE_UNDEFINED:
    case VALUE_NULL:
        return true;
    case VALUE_BOOL:
        return a->boolean == b->boolean;
    case VALUE_NUMBER:
        return number_same(a->number, b->number);
    case VALUE_STRING:
    case VALUE_CONSTRUCTOR:
        return str_eq(a->string, b->string);
    case VALUE_NODE:
        return a->spot.node == b->spot.node;
    case VALUE_REGEX:
        return a->regex == b->regex;
    case VALUE_LIST:
        return a->list == b->list;
    case VALUE_FUNCTION:
        return true;
    }
    return false;
}

static bool is_nothing(const struct value *v)
{
    return v->kind == VALUE_UNDEFINED || v->kind == VALUE_NULL;
}

static bool is_plain(const struct value *v)
{
    return v->kind == VALUE_BOOL || v->kind == VALUE_NUMBER || v->kind == VALUE_STRING;
}

/* ==, as far as it is used: null is undefined, text and bool are compared as numbers. */
bool path_value_equal(const struct value *a, const struct value *b)
{
    if (a->kind == b->kind)
        return path_value_same(a, b);
    if (is_nothing(a) || is_nothing(b))
        return is_nothing(a) && is_nothing(b);
    if (is_plain(a) && is_plain(b))
        return number_same(path_value_number(a), path_value_number(b));
    return false;
}
