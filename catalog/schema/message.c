/* What is wrong, in ajv's words: rulesets and their users know them. */
#include "engine.h"

enum form {
    FORM_PLAIN, /* the text is all */
    FORM_NAME,  /* … 'name' */
    FORM_LIMIT, /* text with the limit in it */
    FORM_OTHER, /* own function */
};

struct wording {
    const char *keyword;
    enum form form;
    const char *before, *behind;
};
static const struct wording wordings[] = {
    {"false schema",          FORM_PLAIN, "boolean schema is false",                    ""           },
    {"type",                  FORM_OTHER, "must be ",                                   ""           },
    {"maximum",               FORM_OTHER, "must be <",                                  ""           },
    {"minimum",               FORM_OTHER, "must be >",                                  ""           },
    {"exclusiveMaximum",      FORM_OTHER, "must be < ",                                 ""           },
    {"exclusiveMinimum",      FORM_OTHER, "must be > ",                                 ""           },
    {"multipleOf",            FORM_OTHER, "must be multiple of ",                       ""           },
    {"maxLength",             FORM_LIMIT, "must NOT have more than ",                   " characters"},
    {"minLength",             FORM_LIMIT, "must NOT have fewer than ",                  " characters"},
    {"pattern",               FORM_OTHER, "must match pattern \"",                      "\""         },
    {"format",                FORM_OTHER, "must match format \"",                       "\""         },
    {"const",                 FORM_PLAIN, "must be equal to constant",                  ""           },
    {"enum",                  FORM_PLAIN, "must be equal to one of the allowed values", ""           },
    {"not",                   FORM_PLAIN, "must NOT be valid",                          ""           },
    {"anyOf",                 FORM_PLAIN, "must match a schema in anyOf",               ""           },
    {"oneOf",                 FORM_PLAIN, "must match exactly one schema in oneOf",     ""           },
    {"if",                    FORM_OTHER, "must match \"",                              "\" schema"  },
    {"maxItems",              FORM_LIMIT, "must NOT have more than ",                   " items"     },
    {"minItems",              FORM_LIMIT, "must NOT have fewer than ",                  " items"     },
    {"uniqueItems",           FORM_OTHER, "must NOT have duplicate items",              ""           },
    {"items",                 FORM_LIMIT, "must NOT have more than ",                   " items"     },
    {"additionalItems",       FORM_LIMIT, "must NOT have more than ",                   " items"     },
    {"contains",              FORM_OTHER, "must contain ",                              ""           },
    {"maxProperties",         FORM_LIMIT, "must NOT have more than ",                   " properties"},
    {"minProperties",         FORM_LIMIT, "must NOT have fewer than ",                  " properties"},
    {"required",              FORM_NAME,  "must have required property '",              "'"          },
    {"propertyNames",         FORM_PLAIN, "property name must be valid",                ""           },
    {"additionalProperties",  FORM_PLAIN, "must NOT have additional properties",        ""           },
    {"unevaluatedProperties", FORM_PLAIN, "must NOT have unevaluated properties",       ""           },
    {"unevaluatedItems",      FORM_PLAIN, "must NOT have unevaluated items",            ""           },
    {"dependencies",          FORM_OTHER, "must have ",                                 ""           },
    {"dependentRequired",     FORM_OTHER, "must have ",                                 ""           },
};

static struct str text_of(const struct schema_error *error, const struct tree_node *node)
{
    return tree_text(error->schema_doc, node);
}

/* The keyword's value, as ajv joins a list. */
static void add_value(const struct schema_error *error, struct buf *out)
{
    if (tree_kind_of(error->value) != TREE_ARRAY) {
        buf_add(out, text_of(error, error->value));
        return;
    }
    const struct tree_node *first = tree_first(error->schema_doc, error->value);
    for (const struct tree_node *n = first; n != NULL; n = tree_next(error->schema_doc, n)) {
        if (n != first)
            buf_add_char(out, ',');
        buf_add(out, text_of(error, n));
    }
}

static bool is_word(const struct schema_error *error, const char *keyword)
{
    return strcmp(error->keyword, keyword) == 0;
}

static void add_dependency(const struct schema_error *error, struct buf *out)
{
    buf_add(out, STR("property "));
    buf_add(out, error->name);
    buf_add(out, STR(" when property "));
    buf_add(out, error->other);
    buf_add(out, STR(" is present"));
}

static void add_contains(const struct schema_error *error, struct buf *out)
{
    const struct tree *doc = error->schema_doc;
    struct str least = text_of(error, tree_get(doc, error->schema, STR("minContains")));
    struct str most = text_of(error, tree_get(doc, error->schema, STR("maxContains")));
    buf_add(out, STR("at least "));
    buf_add(out, least.ptr ? least : STR("1"));
    if (most.ptr != NULL) {
        buf_add(out, STR(" and no more than "));
        buf_add(out, most);
    }
    buf_add(out, STR(" valid item(s)"));
}

static void add_other(const struct schema_error *error, struct buf *out)
{
    bool bound = is_word(error, "maximum") || is_word(error, "minimum");
    if (is_word(error, "contains")) {
        add_contains(error, out);
    } else if (is_word(error, "if")) {
        buf_add(out, error->number ? STR("then") : STR("else"));
    } else if (is_word(error, "uniqueItems")) {
        buf_printf(out, " (items ## %llu and %llu are identical)",
                   (unsigned long long)error->number2, (unsigned long long)error->number);
    } else if (error->other.ptr != NULL) {
        add_dependency(error, out);
    } else {
        if (bound)
            buf_add(out, error->number ? STR(" ") : STR("= "));
        add_value(error, out);
    }
}

void schema_message(const struct schema_error *error, struct buf *out)
{
    const struct wording *words = NULL;
    for (size_t i = 0; i < COUNT_OF(wordings) && words == NULL; i++)
        if (is_word(error, wordings[i].keyword))
            words = &wordings[i];
    assert(words != NULL);
    buf_add(out, str_from(words->before));
    switch (words->form) {
    case FORM_PLAIN:
        break;
    case FORM_NAME:
        buf_add(out, error->name);
        break;
    case FORM_LIMIT:
        buf_printf(out, "%llu", (unsigned long long)error->number);
        break;
    case FORM_OTHER:
        add_other(error, out);
        break;
    }
    buf_add(out, str_from(words->behind));
}

/* Position among its siblings. */
static uint32_t position(const struct tree *doc, const struct tree_node *array,
                         const struct tree_node *element)
{
    uint32_t at = 0;
    for (const struct tree_node *n = tree_first(doc, array); n != NULL && n != element;
         n = tree_next(doc, n))
        at++;
    return at;
}

void schema_error_pointer(const struct tree *doc, const struct schema_error *error, struct buf *out)
{
    const struct tree_node *parent = error->top;
    for (uint32_t i = 0; i < error->path_len; i++) {
        const struct tree_node *node = error->path[i];
        if (tree_key_node(doc, node) != NULL)
            pointer_add(out, tree_key(doc, node));
        else
            buf_printf(out, "/%u", position(doc, parent, node));
        parent = node;
    }
}
