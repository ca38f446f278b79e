/* Values as text: JSON, and what String() and messages make of them. */
#include <math.h>
#include <stdlib.h>

#include "call.h"

double spot_number(struct jsonpath_spot spot)
{
    return tree_double(spot.doc, spot.node);
}

/* ECMA-262 Number::toString: the shortest digits that read back. */
struct str print_number(struct arena *mem, double number)
{
    char text[40];
    if (isnan(number) || isinf(number))
        return isnan(number) ? STR("NaN") : number < 0 ? STR("-Infinity") : STR("Infinity");
    if (fabs(number) < 1e21 && !(number < trunc(number)) && !(number > trunc(number)))
        return arena_printf(mem, "%.0f", number > 0 || number < 0 ? number : 0.0);
    for (int digits = 1; digits <= 17; digits++) {
        double back;
        snprintf(text, sizeof(text), "%.*g", digits, number);
        back = strtod(text, NULL);
        if (!(back < number) && !(back > number))
            break;
    }
    char *exponent = strchr(text, 'e');
    if (exponent == NULL)
        return arena_printf(mem, "%s", text);
    int power = (int)strtol(exponent + 1, NULL, 10);
    if (power >= -6 && power < 0) { /* from 1e-6 on it is written out */
        struct str written = STR("");
        for (int digits = 1; digits <= 25; digits++) {
            written = arena_printf(mem, "%.*f", digits, number);
            double back = strtod(written.ptr, NULL);
            if (!(back < number) && !(back > number))
                break;
        }
        return written;
    }
    *exponent = '\0';
    return arena_printf(mem, "%se%+d", text, power);
}

void write_json(struct jsonpath_spot spot, struct json_writer *w)
{
    struct jsonpath_spot child = {spot.doc, NULL};
    enum tree_kind kind = tree_kind_of(spot.node);
    CLEANUP(arena_clear) struct arena mem = {0};
    switch (kind) {
    case TREE_NULL:
        json_put_null(w);
        return;
    case TREE_BOOL:
        json_put_bool(w, tree_true(spot.doc, spot.node));
        return;
    case TREE_NUMBER:
        if (isfinite(spot_number(spot)))
            json_put_raw(w, print_number(&mem, spot_number(spot)));
        else
            json_put_null(w);
        return;
    case TREE_STRING:
        json_put_str(w, tree_text(spot.doc, spot.node));
        return;
    case TREE_ARRAY:
    case TREE_OBJECT:
        break;
    }
    if (w->depth > 60) { /* the writer's own bound */
        json_put_null(w);
        return;
    }
    kind == TREE_ARRAY ? json_open_array(w) : json_open_object(w);
    for (child.node = tree_first(spot.doc, spot.node); child.node;
         child.node = tree_next(spot.doc, child.node)) {
        if (kind == TREE_OBJECT)
            json_key(w, tree_key(spot.doc, child.node));
        write_json(child, w);
    }
    kind == TREE_ARRAY ? json_close_array(w) : json_close_object(w);
}

struct str print_text(struct arena *mem, struct str text)
{
    CLEANUP(buf_clear) struct buf out = {0};
    struct json_writer w = {.out = &out};
    json_put_str(&w, text);
    return arena_str(mem, buf_str(&out));
}

struct str print_value(struct arena *mem, struct jsonpath_spot spot)
{
    switch (tree_kind_of(spot.node)) {
    case TREE_ARRAY:
        return STR("Array[]");
    case TREE_OBJECT:
        return STR("Object{}");
    case TREE_STRING:
        return print_text(mem, tree_text(spot.doc, spot.node));
    case TREE_NUMBER:
        return isfinite(spot_number(spot)) ? print_number(mem, spot_number(spot)) : STR("null");
    case TREE_BOOL:
        return tree_true(spot.doc, spot.node) ? STR("true") : STR("false");
    case TREE_NULL:
        break;
    }
    return spot.node ? STR("null") : STR("undefined");
}

struct str string_value(struct arena *mem, struct jsonpath_spot spot)
{
    CLEANUP(buf_clear) struct buf out = {0};
    struct jsonpath_spot item = {spot.doc, NULL};
    switch (tree_kind_of(spot.node)) {
    case TREE_STRING:
        return tree_text(spot.doc, spot.node);
    case TREE_OBJECT:
        return STR("[object Object]");
    case TREE_NUMBER:
        return print_number(mem, spot_number(spot));
    case TREE_ARRAY:
        for (item.node = tree_first(spot.doc, spot.node); item.node;
             item.node = tree_next(spot.doc, item.node)) {
            if (item.node != tree_first(spot.doc, spot.node))
                buf_add_char(&out, ',');
            if (tree_kind_of(item.node) != TREE_NULL)
                buf_add(&out, string_value(mem, item));
        }
        return arena_str(mem, buf_str(&out));
    case TREE_BOOL:
    case TREE_NULL:
        break;
    }
    return print_value(mem, spot);
}

/* --- targets ---------------------------------------------------------------------------------- */

struct str target_string(const struct target *t)
{
    if (t->kind == TARGET_TEXT)
        return t->text;
    if (t->kind == TARGET_NODE && tree_kind_of(t->spot.node) == TREE_STRING)
        return tree_text(t->spot.doc, t->spot.node);
    return STR_NONE;
}

unsigned target_input(const struct target *t)
{
    static const unsigned by_kind[] = {
        [TREE_NULL] = INPUT_NULL,     [TREE_BOOL] = INPUT_BOOL,   [TREE_NUMBER] = INPUT_NUMBER,
        [TREE_STRING] = INPUT_STRING, [TREE_ARRAY] = INPUT_ARRAY, [TREE_OBJECT] = INPUT_OBJECT,
    };
    switch (t->kind) {
    case TARGET_NODE:
        return by_kind[tree_kind_of(t->spot.node)];
    case TARGET_TEXT:
        return INPUT_STRING;
    case TARGET_NUMBER:
        return INPUT_NUMBER;
    case TARGET_UNDEFINED:
        break;
    }
    return INPUT_UNDEFINED;
}

bool target_true(const struct target *t)
{
    double number = t->kind == TARGET_NUMBER ? t->number : spot_number(t->spot);
    switch (target_input(t)) {
    case INPUT_STRING:
        return target_string(t).len > 0;
    case INPUT_NUMBER:
        return number < 0 || number > 0;
    case INPUT_BOOL:
        return tree_true(t->spot.doc, t->spot.node);
    case INPUT_ARRAY:
    case INPUT_OBJECT:
        return true;
    default:
        return false;
    }
}
