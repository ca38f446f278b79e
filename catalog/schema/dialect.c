/* Which dialect a schema is written in. */
#include "engine.h"

/* Chains of meta-schemas longer than this are circles. */
#define MOST_METAS 8

struct dialect_name {
    const char *uri; /* without fragment */
    bool prefix;
    enum schema_dialect dialect;
};
static const struct dialect_name names[] = {
    {"http://json-schema.org/draft-04/schema",       false, SCHEMA_DRAFT_04},
    {"http://json-schema.org/draft-06/schema",       false, SCHEMA_DRAFT_06},
    {"http://json-schema.org/draft-07/schema",       false, SCHEMA_DRAFT_07},
    {"https://json-schema.org/draft-07/schema",      false, SCHEMA_DRAFT_07},
    {"https://json-schema.org/draft/2019-09/schema", false, SCHEMA_2019_09 },
    {"https://json-schema.org/draft/2020-12/schema", false, SCHEMA_2020_12 },
    {"https://spec.openapis.org/oas/3.1/dialect/",   true,  SCHEMA_2020_12 },
    {"https://spec.openapis.org/oas/3.2/dialect/",   true,  SCHEMA_2020_12 },
};

bool schema_dialect_named(struct str uri, enum schema_dialect *out)
{
    struct str fragment;
    struct str plain = uri_without_fragment(uri, &fragment);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct str name = str_from(names[i].uri);
        if (names[i].prefix ? !str_starts(plain, name) : !str_eq(plain, name))
            continue;
        *out = names[i].dialect;
        return true;
    }
    return false;
}

struct vocabulary_name {
    const char *name; /* last part of its URI */
    unsigned bits;
};
static const struct vocabulary_name vocabularies[] = {
    {"core",              VOCABULARY_CORE                             },
    {"applicator",        VOCABULARY_APPLICATOR                       },
    {"unevaluated",       VOCABULARY_UNEVALUATED                      },
    {"validation",        VOCABULARY_VALIDATION                       },
    {"format-annotation", VOCABULARY_FORMAT                           },
    {"format",            VOCABULARY_FORMAT                           },
    {"format-assertion",  VOCABULARY_FORMAT | VOCABULARY_ASSERT_FORMAT},
    {"content",           VOCABULARY_CONTENT                          },
};

static unsigned vocabulary_bits(struct str uri)
{
    size_t at = uri.len;
    while (at > 0 && uri.ptr[at - 1] != '/')
        at--;
    struct str last = str_sub(uri, at, uri.len);
    for (size_t i = 0; i < COUNT_OF(vocabularies); i++)
        if (str_starts(uri, STR("https://json-schema.org/draft/20")) &&
            str_eq(last, str_from(vocabularies[i].name)))
            return vocabularies[i].bits;
    return 0;
}

/* 2019-09 has no vocabulary of its own for what is unevaluated. */
static unsigned vocabularies_of(const struct resource *meta)
{
    const struct tree *doc = meta->document->doc;
    const struct tree_node *list = tree_get(doc, meta->root, STR("$vocabulary"));
    unsigned bits = VOCABULARY_CORE;
    if (tree_kind_of(list) != TREE_OBJECT)
        return VOCABULARY_ALL;
    for (const struct tree_node *m = tree_first(doc, list); m != NULL; m = tree_next(doc, m))
        bits |= vocabulary_bits(tree_key(doc, m));
    if (meta->dialect == SCHEMA_2019_09 && (bits & VOCABULARY_APPLICATOR))
        bits |= VOCABULARY_UNEVALUATED;
    return bits;
}

static void adopt(struct schema_set *set, struct resource *resource, struct str uri)
{
    if (schema_dialect_named(uri, &resource->dialect) || set->meta_depth >= MOST_METAS)
        return;
    set->meta_depth++;
    struct str fragment;
    const struct resource *meta =
        set_find(set, uri_without_fragment(uri, &fragment), resource->document->holds);
    set->meta_depth--;
    if (meta == NULL || meta == resource)
        return;
    resource->dialect = meta->dialect;
    resource->vocabularies = vocabularies_of(meta);
}

void dialect_decide(struct schema_set *set, struct resource *resource, const struct resource *outer)
{
    const struct tree *doc = resource->document->doc;
    struct str named = tree_text(doc, tree_get(doc, resource->root, STR("$schema")));
    resource->dialect = outer ? outer->dialect : set->settings.dialect;
    resource->vocabularies = outer ? outer->vocabularies : VOCABULARY_ALL;
    bool fixed = set->settings.dialect_fixed && resource->document != set->builtin;
    if (named.ptr == NULL || fixed)
        return;
    resource->vocabularies = VOCABULARY_ALL;
    adopt(set, resource, named);
}
