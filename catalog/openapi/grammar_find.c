/* Finds things in the tables of the grammar. */
#include "grammar.h"

const struct object *grammar_object(enum kind kind, enum oas_version version,
                                    const struct tree *doc, const struct tree_node *node)
{
    const struct object *object = objects[kind];
    return object->choose ? objects[object->choose(version, doc, node)] : object;
}

const struct field *grammar_field(const struct object *object, struct str name, unsigned versions)
{
    for (size_t i = 0; i < object->field_count; i++)
        if ((object->fields[i].versions & versions) &&
            str_eq(name, str_from(object->fields[i].name)))
            return &object->fields[i];
    return NULL;
}

static bool is_status(struct str name, enum oas_version version)
{
    bool digits = name.len == 3;
    for (size_t i = 0; i < name.len; i++)
        digits = digits && name.ptr[i] >= '0' && name.ptr[i] <= '9';
    if (version == OAS_2_0)
        return digits;
    bool class = name.len == 3 && name.ptr[0] >= '1' && name.ptr[0] <= '5';
    return class && (digits || str_ends(name, STR("XX")));
}

bool grammar_names(const struct object *object, struct str name, enum oas_version version)
{
    switch (object->naming) {
    case NAMING_NONE:
        return false;
    case NAMING_PATH:
        return str_starts(name, STR("/"));
    case NAMING_STATUS:
        return is_status(name, version);
    case NAMING_ANY:
        return true;
    }
    return false;
}

bool grammar_extension(struct str name)
{
    return str_starts(name, STR("x-"));
}
