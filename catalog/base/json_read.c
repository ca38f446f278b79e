/* The only file that speaks to jansson: bodies and answers become values in an arena. */
#include <jansson.h>
#include <stdlib.h>

#include "catalog/base/base.h"

#define DEEPEST 32

/* jansson passes over a NUL byte behind a number or a word. */
static bool without_nul(struct str text, struct err *err)
{
    size_t at = str_find_char(text, '\0'), line = 1, column = 1;
    char where[64];
    if (at == SIZE_MAX)
        return true;
    for (size_t i = 0; i < at; i++) {
        column = text.ptr[i] == '\n' ? 1 : column + 1;
        line += text.ptr[i] == '\n';
    }
    snprintf(where, sizeof(where), "line %zu column %zu", line, column);
    return fail(err, ERR_INVALID, where, "not valid JSON: a NUL byte");
}

/* jansson nests up to 2,048 levels and recurses; our own bound comes first. */
static bool shallow(struct str text, struct err *err)
{
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (quoted) {
            if (c == '\\')
                i++;
            else if (c == '"')
                quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            if (++depth > DEEPEST)
                return fail(err, ERR_LIMIT, "", "JSON nests deeper than %d levels", DEEPEST);
        } else if ((c == '}' || c == ']') && depth > 0) {
            depth--;
        }
    }
    return true;
}

static struct json *copy(const json_t *from, struct arena *mem);

static void append(struct json *parent, struct json ***tail, struct json *child)
{
    **tail = child;
    *tail = &child->next;
    parent->count++;
}

static void copy_members(const json_t *from, struct arena *mem, struct json *to)
{
    struct json **tail = &to->child;
    union {
        const json_t *in;
        json_t *out; /* jansson's iterators take no const, and change nothing */
    } object = {.in = from};
    for (void *it = json_object_iter(object.out); it; it = json_object_iter_next(object.out, it)) {
        struct json *child = copy(json_object_iter_value(it), mem);
        child->key = arena_str(mem, str_from(json_object_iter_key(it)));
        append(to, &tail, child);
    }
}

static struct json *copy(const json_t *from, struct arena *mem)
{
    struct json *to = arena_new(mem, struct json);
    switch (json_typeof(from)) {
    case JSON_OBJECT:
        to->type = JSON_TYPE_OBJECT;
        copy_members(from, mem, to);
        break;
    case JSON_ARRAY: {
        struct json **tail = &to->child;
        to->type = JSON_TYPE_ARRAY;
        for (size_t i = 0; i < json_array_size(from); i++)
            append(to, &tail, copy(json_array_get(from, i), mem));
        break;
    }
    case JSON_STRING:
        to->type = JSON_TYPE_STRING;
        to->string =
            arena_str(mem, (struct str){json_string_value(from), json_string_length(from)});
        break;
    case JSON_INTEGER:
        to->type = JSON_TYPE_INT;
        to->integer = json_integer_value(from);
        to->real = (double)to->integer;
        break;
    case JSON_REAL:
        to->type = JSON_TYPE_REAL;
        to->real = json_real_value(from);
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        to->type = JSON_TYPE_BOOL;
        to->boolean = json_is_true(from);
        break;
    case JSON_NULL:
        break;
    }
    return to;
}

/* jansson tells a failed allocation as a fault of the text, so its memory ends the process instead.
 */
static void *memory(size_t size)
{
    void *p = malloc(size);
    if (p == NULL)
        mem_exhausted();
    return p;
}

__attribute__((constructor)) static void give_memory(void)
{
    json_set_alloc_funcs(memory, free);
}

bool json_parse(struct str text, struct arena *mem, struct json **out, struct err *err)
{
    json_error_t bad;
    if (!without_nul(text, err) || !shallow(text, err))
        return false;
    json_t *root = json_loadb(text.ptr ? text.ptr : "", text.len,
                              JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &bad);
    if (root == NULL) {
        struct arena scratch = {0};
        struct str where = arena_printf(&scratch, "line %d column %d", bad.line, bad.column);
        (void)fail(err, ERR_INVALID, where.ptr, "not valid JSON: %s", bad.text);
        arena_clear(&scratch);
        return false;
    }
    *out = copy(root, mem);
    json_decref(root);
    return true;
}

const struct json *json_get(const struct json *object, const char *name)
{
    if (object == NULL || object->type != JSON_TYPE_OBJECT)
        return NULL;
    for (const struct json *item = object->child; item != NULL; item = item->next)
        if (str_eq(item->key, str_from(name)))
            return item;
    return NULL;
}

struct str json_get_str(const struct json *object, const char *name)
{
    const struct json *item = json_get(object, name);
    return item && item->type == JSON_TYPE_STRING ? item->string : STR_NONE;
}

int64_t json_get_i64(const struct json *object, const char *name, int64_t otherwise)
{
    const struct json *item = json_get(object, name);
    return item && item->type == JSON_TYPE_INT ? item->integer : otherwise;
}

double json_get_double(const struct json *object, const char *name, double otherwise)
{
    const struct json *item = json_get(object, name);
    return item && (item->type == JSON_TYPE_INT || item->type == JSON_TYPE_REAL) ? item->real
                                                                                 : otherwise;
}

bool json_get_bool(const struct json *object, const char *name, bool otherwise)
{
    const struct json *item = json_get(object, name);
    return item && item->type == JSON_TYPE_BOOL ? item->boolean : otherwise;
}
