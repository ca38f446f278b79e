/* Formats: their names in rulesets, and which a document is of. */
#include <stdlib.h>

#include "ruleset.h"

static const struct {
    const char *name, *title;
    unsigned set;
} names[] = {
    {"oas2",                      "OpenAPI 2.0 (Swagger)",     FORMAT_OAS2  },
    {"oas3",                      "OpenAPI 3.x",               FORMAT_OAS3  },
    {"oas3_0",                    "OpenAPI 3.0.x",             FORMAT_OAS3_0},
    {"oas3.0",                    "OpenAPI 3.0.x",             FORMAT_OAS3_0},
    {"oas3_1",                    "OpenAPI 3.1.x",             FORMAT_OAS3_1},
    {"oas3.1",                    "OpenAPI 3.1.x",             FORMAT_OAS3_1},
    {"oas3_2",                    "OpenAPI 3.2.x",             FORMAT_OAS3_2},
    {"oas3.2",                    "OpenAPI 3.2.x",             FORMAT_OAS3_2},
    {"asyncapi2",                 "AsyncAPI 2.x",              FORMAT_OTHER },
    {"aas2",                      "AsyncAPI 2.x",              FORMAT_OTHER },
    {"aas2_0",                    "AsyncAPI 2.0.x",            FORMAT_OTHER },
    {"aas2_1",                    "AsyncAPI 2.1.x",            FORMAT_OTHER },
    {"aas2_2",                    "AsyncAPI 2.2.x",            FORMAT_OTHER },
    {"aas2_3",                    "AsyncAPI 2.3.x",            FORMAT_OTHER },
    {"aas2_4",                    "AsyncAPI 2.4.x",            FORMAT_OTHER },
    {"aas2_5",                    "AsyncAPI 2.5.x",            FORMAT_OTHER },
    {"aas2_6",                    "AsyncAPI 2.6.x",            FORMAT_OTHER },
    {"asyncapi3",                 "AsyncAPI 3.x",              FORMAT_OTHER },
    {"aas3",                      "AsyncAPI 3.x",              FORMAT_OTHER },
    {"aas3_0",                    "AsyncAPI 3.0.x",            FORMAT_OTHER },
    {"arazzo1_0",                 "Arazzo 1.0.x",              FORMAT_OTHER },
    {"json-schema",               "JSON Schema",               FORMAT_OTHER },
    {"json-schema-loose",         "JSON Schema (loose)",       FORMAT_OTHER },
    {"json-schema-draft4",        "JSON Schema Draft 4",       FORMAT_OTHER },
    {"json-schema-draft6",        "JSON Schema Draft 6",       FORMAT_OTHER },
    {"json-schema-draft7",        "JSON Schema Draft 7",       FORMAT_OTHER },
    {"json-schema-draft-2019-09", "JSON Schema Draft 2019-09", FORMAT_OTHER },
    {"json-schema-2019-09",       "JSON Schema Draft 2019-09", FORMAT_OTHER },
    {"json-schema-2020-12",       "JSON Schema Draft 2020-12", FORMAT_OTHER },
};

bool ruleset_format_named(struct str name, unsigned *set, const char **title)
{
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_eq(name, str_from(names[i].name))) {
            *set = names[i].set;
            *title = names[i].title;
            return true;
        }
    return false;
}

/* `3.1`, `3.1.` and `3.1.4`, but not `3.1.0-rc`. */
static bool is_minor(struct str version, struct str minor)
{
    if (!str_starts(version, minor))
        return false;
    struct str rest = str_sub(version, minor.len, version.len);
    if (rest.len == 0)
        return true;
    for (size_t i = 1; i < rest.len; i++)
        if (rest.ptr[i] < '0' || rest.ptr[i] > '9')
            return false;
    return rest.ptr[0] == '.';
}

static bool major_is(struct str version, char digit)
{
    return version.len > 0 && version.ptr[0] == digit &&
           !(version.len > 1 && version.ptr[1] >= '0' && version.ptr[1] <= '9');
}

unsigned formats_of(const struct tree *doc)
{
    const struct tree_node *root = tree_root(doc);
    struct str swagger = tree_text(doc, tree_get(doc, root, STR("swagger")));
    struct str openapi = tree_text(doc, tree_get(doc, root, STR("openapi")));
    unsigned set = major_is(swagger, '2') ? FORMAT_OAS2 : 0;
    if (!major_is(openapi, '3'))
        return set;
    set |= FORMAT_OAS3;
    set |= is_minor(openapi, STR("3.0")) ? FORMAT_OAS3_0 : 0;
    set |= is_minor(openapi, STR("3.1")) ? FORMAT_OAS3_1 : 0;
    set |= is_minor(openapi, STR("3.2")) ? FORMAT_OAS3_2 : 0;
    return set;
}

static void remember(struct format_list *order, unsigned set, const char *title)
{
    for (size_t i = 0; i < order->count; i++)
        if (strcmp(order->titles[i], title) == 0)
            return;
    if (order->count == COUNT_OF(order->titles))
        return;
    order->titles[order->count] = title;
    order->sets[order->count++] = set;
}

bool formats_read(const struct layer *layer, const struct tree_node *list, struct formats *out,
                  struct format_list *order, struct err *err)
{
    struct formats formats = {.given = true};
    if (tree_kind_of(list) != TREE_ARRAY)
        return layer_fail(layer, list, err, "\"formats\" takes a list of format names");
    for (const struct tree_node *n = tree_first(layer->doc, list); n;
         n = tree_next(layer->doc, n)) {
        unsigned set = 0;
        const char *title = NULL;
        if (!ruleset_format_named(tree_text(layer->doc, n), &set, &title))
            return layer_fail(layer, n, err, "there is no format \"" STR_FMT "\"",
                              STR_ARG(tree_text(layer->doc, n)));
        formats.set |= set;
        if (order != NULL)
            remember(order, set, title);
    }
    *out = formats;
    return true;
}
