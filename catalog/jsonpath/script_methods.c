/* Methods of texts, arrays and regular expressions that filters call. */
#include "path.h"

enum owner { OF_STRING = 1, OF_ARRAY = 2, OF_REGEX = 4, OF_ANY = 8 };

typedef bool method(const struct scene *scene, const struct value *object, const struct value *arg,
                    const struct value *more, struct value *out);

static bool answer_bool(struct value *out, bool b)
{
    *out = (struct value){.kind = VALUE_BOOL, .boolean = b};
    return true;
}

static bool answer_number(struct value *out, double number)
{
    *out = (struct value){.kind = VALUE_NUMBER, .number = number};
    return true;
}

static bool answer_string(struct value *out, struct str s)
{
    *out = (struct value){.kind = VALUE_STRING, .string = s};
    return true;
}

/* --- patterns --------------------------------------------------------------------------------- */

static bool fits(const struct scene *scene, struct str text, const struct value *pattern)
{
    struct regex *regex = pattern->regex;
    struct err err = {0};
    if (pattern->kind != VALUE_REGEX && !regex_compile(path_value_string(pattern, scene->scratch),
                                                       STR(""), scene->scratch, &regex, &err))
        return false;
    return regex_matches(regex, text, NULL);
}

/* A match is an array, none is null; only the truth of it is ever used. */
static bool match(const struct scene *scene, const struct value *object, const struct value *arg,
                  const struct value *more, struct value *out)
{
    UNUSED(more);
    bool found = fits(scene, object->string, arg);
    *out = (struct value){.kind = found ? VALUE_LIST : VALUE_NULL};
    return true;
}

static bool search(const struct scene *scene, const struct value *object, const struct value *arg,
                   const struct value *more, struct value *out)
{
    UNUSED(more);
    return answer_number(out, fits(scene, object->string, arg) ? 0 : -1);
}

static bool test(const struct scene *scene, const struct value *object, const struct value *arg,
                 const struct value *more, struct value *out)
{
    UNUSED(more);
    return answer_bool(out,
                       regex_matches(object->regex, path_value_string(arg, scene->scratch), NULL));
}

/* --- finding ---------------------------------------------------------------------------------- */

static double position(const struct scene *scene, const struct value *object,
                       const struct value *wanted)
{
    if (object->kind == VALUE_STRING) {
        size_t at = str_find(object->string, path_value_string(wanted, scene->scratch));
        return at == SIZE_MAX ? -1 : (double)at;
    }
    if (object->kind == VALUE_LIST) {
        for (size_t i = 0; i < object->count; i++)
            if (path_value_same(&object->list[i], wanted))
                return (double)i;
        return -1;
    }
    struct jsonpath_spot spot = object->spot;
    size_t index = 0;
    for (spot.node = tree_first(spot.doc, spot.node); spot.node != NULL;
         spot.node = tree_next(spot.doc, spot.node), index++) {
        struct value item = path_value_of(view_see(scene->view, spot));
        if (path_value_same(&item, wanted))
            return (double)index;
    }
    return -1;
}

static bool includes(const struct scene *scene, const struct value *object, const struct value *arg,
                     const struct value *more, struct value *out)
{
    UNUSED(more);
    return answer_bool(out, position(scene, object, arg) >= 0);
}

static bool index_of(const struct scene *scene, const struct value *object, const struct value *arg,
                     const struct value *more, struct value *out)
{
    UNUSED(more);
    return answer_number(out, position(scene, object, arg));
}

static bool starts_with(const struct scene *scene, const struct value *object,
                        const struct value *arg, const struct value *more, struct value *out)
{
    UNUSED(more);
    return answer_bool(out, str_starts(object->string, path_value_string(arg, scene->scratch)));
}

static bool ends_with(const struct scene *scene, const struct value *object,
                      const struct value *arg, const struct value *more, struct value *out)
{
    UNUSED(more);
    return answer_bool(out, str_ends(object->string, path_value_string(arg, scene->scratch)));
}

static bool has_own(const struct scene *scene, const struct value *object, const struct value *arg,
                    const struct value *more, struct value *out)
{
    UNUSED(more);
    bool has =
        object->kind == VALUE_NODE && tree_get(object->spot.doc, object->spot.node,
                                               path_value_string(arg, scene->scratch)) != NULL;
    return answer_bool(out, has);
}

/* --- making text ------------------------------------------------------------------------------ */

static bool cased(const struct scene *scene, const struct value *object, char from,
                  struct value *out)
{
    struct str text = arena_str(scene->scratch, object->string);
    char *bytes = arena_array(scene->scratch, char, text.len + 1);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bytes[i] = c >= from && c <= from + 25 ? (char)(c ^ 0x20) : c;
    }
    return answer_string(out, (struct str){bytes, text.len});
}

static bool to_lower(const struct scene *scene, const struct value *object, const struct value *arg,
                     const struct value *more, struct value *out)
{
    UNUSED(arg);
    UNUSED(more);
    return cased(scene, object, 'A', out);
}

static bool to_upper(const struct scene *scene, const struct value *object, const struct value *arg,
                     const struct value *more, struct value *out)
{
    UNUSED(arg);
    UNUSED(more);
    return cased(scene, object, 'a', out);
}

static bool trim(const struct scene *scene, const struct value *object, const struct value *arg,
                 const struct value *more, struct value *out)
{
    UNUSED(scene);
    UNUSED(arg);
    UNUSED(more);
    return answer_string(out, str_trim(object->string));
}

static bool to_string(const struct scene *scene, const struct value *object,
                      const struct value *arg, const struct value *more, struct value *out)
{
    UNUSED(arg);
    UNUSED(more);
    return answer_string(out, path_value_string(object, scene->scratch));
}

static size_t clamp(const struct value *v, size_t len, size_t otherwise)
{
    if (v->kind != VALUE_NUMBER)
        return otherwise;
    double at = v->number < 0 ? (double)len + v->number : v->number;
    return at < 0 ? 0 : at > (double)len ? len : (size_t)at;
}

static bool slice(const struct scene *scene, const struct value *object, const struct value *arg,
                  const struct value *more, struct value *out)
{
    UNUSED(scene);
    size_t len = object->string.len, from = clamp(arg, len, 0), to = clamp(more, len, len);
    return answer_string(out, str_sub(object->string, from, to > from ? to - from : 0));
}

static bool char_at(const struct scene *scene, const struct value *object, const struct value *arg,
                    const struct value *more, struct value *out)
{
    UNUSED(scene);
    UNUSED(more);
    return answer_string(out, str_sub(object->string, clamp(arg, object->string.len, 0), 1));
}

/* --- the table -------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    unsigned owners;
    method *run;
} methods[] = {
    {"match",          OF_STRING,            match      },
    {"search",         OF_STRING,            search     },
    {"test",           OF_REGEX,             test       },
    {"exec",           OF_REGEX,             test       },
    {"includes",       OF_STRING | OF_ARRAY, includes   },
    {"indexOf",        OF_STRING | OF_ARRAY, index_of   },
    {"startsWith",     OF_STRING,            starts_with},
    {"endsWith",       OF_STRING,            ends_with  },
    {"toLowerCase",    OF_STRING,            to_lower   },
    {"toUpperCase",    OF_STRING,            to_upper   },
    {"trim",           OF_STRING,            trim       },
    {"slice",          OF_STRING,            slice      },
    {"substring",      OF_STRING,            slice      },
    {"charAt",         OF_STRING,            char_at    },
    {"toString",       OF_ANY,               to_string  },
    {"hasOwnProperty", OF_ANY,               has_own    },
};

static unsigned owner_of(const struct value *v)
{
    switch (v->kind) {
    case VALUE_UNDEFINED:
    case VALUE_NULL:
        return 0;
    case VALUE_STRING:
        return OF_STRING | OF_ANY;
    case VALUE_REGEX:
        return OF_REGEX | OF_ANY;
    case VALUE_LIST:
        return OF_ARRAY | OF_ANY;
    case VALUE_NODE:
        return OF_ANY | (tree_kind_of(v->spot.node) == TREE_ARRAY ? OF_ARRAY : 0);
    case VALUE_BOOL:
    case VALUE_NUMBER:
    case VALUE_FUNCTION:
    case VALUE_CONSTRUCTOR:
        break;
    }
    return OF_ANY;
}

static method *find(const struct value *object, struct str name)
{
    unsigned owner = owner_of(object);
    for (size_t i = 0; i < COUNT_OF(methods); i++)
        if ((methods[i].owners & owner) && str_eq(name, str_from(methods[i].name)))
            return methods[i].run;
    return NULL;
}

bool script_has_method(const struct value *object, struct str name)
{
    return find(object, name) != NULL;
}

bool script_method(const struct scene *scene, const struct value *object, struct str name,
                   const struct value *args, size_t count, struct value *out)
{
    static const struct value absent = {.kind = VALUE_UNDEFINED};
    method *run = find(object, name);
    return run &&
           run(scene, object, count > 0 ? &args[0] : &absent, count > 1 ? &args[1] : &absent, out);
}
