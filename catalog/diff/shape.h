/* One document's schemas as the comparison sees them: keywords by number, references
 * followed, forms that mean the same read alike. Views are made once per schema and never copy the
 * document. */
#ifndef CHANCERY_DIFF_SHAPE_H
#define CHANCERY_DIFF_SHAPE_H

#include "catalog/base/hash.h"
#include "catalog/diff/diff.h"

/* How a keyword's values are compared. */
enum keyword_class {
    CLASS_TEXT,     /* absent is "" */
    CLASS_FLAG,     /* absent is false */
    CLASS_COUNT,    /* absent is 0 */
    CLASS_NUMBER,   /* absent is no bound */
    CLASS_LIMIT,    /* exclusive bound: number (3.1) or bool (3.0) */
    CLASS_SET,      /* text or list of texts, order is nothing */
    CLASS_ENUM,     /* list of values, order is nothing */
    CLASS_VALUE,    /* any JSON */
    CLASS_NEEDS,    /* object of lists of names */
    CLASS_SCHEMA,   /* one schema */
    CLASS_OPEN,     /* bool or schema */
    CLASS_MAP,      /* schemas by name */
    CLASS_BRANCHES, /* list of schemas, matched by content */
    CLASS_TUPLE,    /* list of schemas, matched by position */
};

/* X(name, text, class). The schema-valued ones stand in the order in which a comparison descends.
 */
#define KEYWORDS(X)                                          \
    X(ONE_OF, "oneOf", BRANCHES)                             \
    X(ANY_OF, "anyOf", BRANCHES)                             \
    X(ALL_OF, "allOf", BRANCHES)                             \
    X(NOT, "not", SCHEMA)                                    \
    X(ITEMS, "items", SCHEMA)                                \
    X(PROPERTIES, "properties", MAP)                         \
    X(ADDITIONAL_PROPERTIES, "additionalProperties", OPEN)   \
    X(PREFIX_ITEMS, "prefixItems", TUPLE)                    \
    X(CONTAINS, "contains", SCHEMA)                          \
    X(PATTERN_PROPERTIES, "patternProperties", MAP)          \
    X(DEPENDENT_SCHEMAS, "dependentSchemas", MAP)            \
    X(PROPERTY_NAMES, "propertyNames", SCHEMA)               \
    X(UNEVALUATED_ITEMS, "unevaluatedItems", OPEN)           \
    X(UNEVALUATED_PROPERTIES, "unevaluatedProperties", OPEN) \
    X(IF, "if", SCHEMA)                                      \
    X(THEN, "then", SCHEMA)                                  \
    X(ELSE, "else", SCHEMA)                                  \
    X(CONTENT_SCHEMA, "contentSchema", SCHEMA)               \
    X(DEFS, "$defs", MAP)                                    \
    X(TYPE, "type", SET)                                     \
    X(TITLE, "title", TEXT)                                  \
    X(FORMAT, "format", TEXT)                                \
    X(DESCRIPTION, "description", TEXT)                      \
    X(ENUM, "enum", ENUM)                                    \
    X(DEFAULT, "default", VALUE)                             \
    X(EXAMPLE, "example", VALUE)                             \
    X(EXTERNAL_DOCS, "externalDocs", VALUE)                  \
    X(UNIQUE_ITEMS, "uniqueItems", FLAG)                     \
    X(EXCLUSIVE_MINIMUM, "exclusiveMinimum", LIMIT)          \
    X(EXCLUSIVE_MAXIMUM, "exclusiveMaximum", LIMIT)          \
    X(NULLABLE, "nullable", FLAG)                            \
    X(READ_ONLY, "readOnly", FLAG)                           \
    X(WRITE_ONLY, "writeOnly", FLAG)                         \
    X(ALLOW_EMPTY_VALUE, "allowEmptyValue", FLAG)            \
    X(XML, "xml", VALUE)                                     \
    X(DEPRECATED, "deprecated", FLAG)                        \
    X(MINIMUM, "minimum", NUMBER)                            \
    X(MAXIMUM, "maximum", NUMBER)                            \
    X(MULTIPLE_OF, "multipleOf", NUMBER)                     \
    X(MIN_LENGTH, "minLength", COUNT)                        \
    X(MAX_LENGTH, "maxLength", NUMBER)                       \
    X(PATTERN, "pattern", TEXT)                              \
    X(MIN_ITEMS, "minItems", COUNT)                          \
    X(MAX_ITEMS, "maxItems", NUMBER)                         \
    X(REQUIRED, "required", SET)                             \
    X(MIN_PROPERTIES, "minProperties", COUNT)                \
    X(MAX_PROPERTIES, "maxProperties", NUMBER)               \
    X(DISCRIMINATOR, "discriminator", VALUE)                 \
    X(CONST, "const", VALUE)                                 \
    X(EXAMPLES, "examples", VALUE)                           \
    X(MIN_CONTAINS, "minContains", NUMBER)                   \
    X(MAX_CONTAINS, "maxContains", NUMBER)                   \
    X(DEPENDENT_REQUIRED, "dependentRequired", NEEDS)        \
    X(ID, "$id", TEXT)                                       \
    X(ANCHOR, "$anchor", TEXT)                               \
    X(DYNAMIC_REF, "$dynamicRef", TEXT)                      \
    X(DYNAMIC_ANCHOR, "$dynamicAnchor", TEXT)                \
    X(CONTENT_MEDIA_TYPE, "contentMediaType", TEXT)          \
    X(CONTENT_ENCODING, "contentEncoding", TEXT)             \
    X(DIALECT, "$schema", TEXT)                              \
    X(COMMENT, "$comment", TEXT)

#define KEYWORD_ENUM(name, text, class) KW_##name,
enum keyword { KEYWORDS(KEYWORD_ENUM) KEYWORD_COUNT, KW_NONE = KEYWORD_COUNT };
#undef KEYWORD_ENUM
#define SCHEMA_KEYWORDS (KW_DEFS + 1) /* those before hold schemas */
#define BIT(keyword)    (UINT64_C(1) << (keyword))
/* Beside the keywords: any x- or unknown member, and a schema that is true or false. */
#define BIT_EXTENSIONS (UINT64_C(1) << 62)
#define BIT_BOOLEAN    (UINT64_C(1) << 63)
_Static_assert(KEYWORD_COUNT <= 62, "shape_keywords fit beside the two special bits");

struct keyword_row {
    struct str name;
    enum keyword_class class;
};
extern const struct keyword_row shape_keywords[KEYWORD_COUNT];
/** KW_NONE when it is none. */
enum keyword shape_keyword_of(struct str name);

/** A schema with its references followed. Equal values of one side are one object. */
struct shape {
    struct oas_spot spot;       /* of the object, or of the bool */
    struct oas_spot over;       /* siblings of a $ref that say more (3.1), or nothing */
    uint64_t has;               /* BIT()s of keywords that stand here and are not null */
    uint64_t overlaid;          /* those that come from over */
    struct oas_spot *values;    /* in order of keywords; parts may stand in several files */
    const struct shape **parts; /* allOf taken apart: all schemas that hold together, else NULL */
    size_t part_count;
    struct str component; /* name below components/schemas, else absent */
    uint32_t number;      /* from 1, per side */
    bool is_true, is_false;
};

/** A place where a schema stands: written out, or a reference to one. */
struct shape_ref {
    struct str ref; /* text of the $ref; empty when written out */
    const struct shape *schema;
};

struct side;

/** Opens one document for comparing; lives in mem. */
struct side *side_open(struct oas_files *files, const struct diff_options *options,
                       struct arena *mem);
const struct tree *side_doc(const struct side *side);
/** The path of the file in which a spot stands; empty for the root. */
struct str side_file(const struct side *side, struct oas_spot spot);
struct arena *side_arena(const struct side *side);
bool side_is_20(const struct side *side); /* never when only what oasdiff sees is compared */
bool side_is_31(const struct side *side); /* or later */
/** The named schemas: components/schemas, or definitions. */
struct oas_spot side_schemas(const struct side *side);
/** "#/components/schemas/", or "#/definitions/". */
struct str side_schema_prefix(const struct side *side);
/** True when only what oasdiff sees is compared. */
bool side_is_plain(const struct side *side);
/** The member, with its own $ref followed (chains, too). */
struct oas_spot side_get(const struct side *side, struct oas_spot object, const char *name);
/** As it stands. */
struct oas_spot at_raw(struct oas_spot object, const char *name);
/** Follows $ref; nothing when it leads nowhere. */
struct oas_spot side_follow(const struct side *side, struct oas_spot spot);
struct str at_text(struct oas_spot spot); /* text of a string, else absent */
bool at_true(struct oas_spot spot);
struct oas_spot side_root(const struct side *side);

/** The schema standing at a spot; its value is NULL only when nothing stands there. */
struct shape_ref shape_at(struct side *side, struct oas_spot spot);
/** A schema that accepts all. */
const struct shape *shape_empty(struct side *side);
struct oas_spot shape_get(const struct shape *s, enum keyword keyword);
static inline bool shape_has(const struct shape *s, enum keyword keyword)
{
    return (s->has & BIT(keyword)) != 0;
}
struct str shape_text(const struct shape *s, enum keyword keyword); /* "" when absent */
bool shape_flag(const struct shape *s, enum keyword keyword);
/** The schema of a single-valued keyword (CLASS_SCHEMA, CLASS_OPEN), or none. */
struct shape_ref shape_child(struct side *side, const struct shape *s, enum keyword keyword);
/** A member of a CLASS_MAP keyword, or none. */
struct shape_ref shape_member(struct side *side, const struct shape *s, enum keyword keyword,
                              struct str name);
/** Names of a CLASS_MAP's members, sorted bytewise, each once. */
size_t shape_names(struct side *side, const struct shape *s, enum keyword keyword,
                   const struct str **out);
/** Sorts names and drops those that come again; how many are left. */
size_t names_sorted(struct str *names, size_t count);
/** Elements of a CLASS_BRANCHES or CLASS_TUPLE keyword. */
size_t shape_list(struct side *side, const struct shape *s, enum keyword keyword,
                  const struct shape_ref **out);
/** Texts of a CLASS_SET keyword in written order, each once. */
struct text_set shape_set(struct side *side, const struct shape *s, enum keyword keyword);
bool shape_requires(struct side *side, const struct shape *s, struct str name);
/** x- and unknown members, in order; *at begins at NULL node; false at the end. */
struct oas_spot shape_extension(const struct shape *s, const char *name);

/** A bound: nothing, true (3.0), or a number. */
struct bound {
    enum { BOUND_ABSENT, BOUND_FALSE, BOUND_TRUE, BOUND_NUMBER } is;
    double number;
    bool whole; /* written for counting: no decimals are shown */
    struct oas_spot at;
};
struct bound shape_bound(const struct side *side, const struct shape *s, enum keyword keyword);

/* --- values.c --------------------------------------------------------------------------------- */

/** JSON equality: members in any order, numbers by value. Absent equals absent only. */
bool diff_values_equal(struct oas_spot a, struct oas_spot b);
/** Equality of x- and unknown members of two objects. */
bool shape_extensions_equal(const struct shape *a, const struct shape *b);
bool extension_name(struct str name);
/** A number as short as it reads back. */
struct str diff_number_text(struct arena *mem, double number);
/** Writes what equal numbers have in common, and others have not. */
void diff_number_key(struct str text, struct buf *out);

/* --- sets.c ----------------------------------------------------------------------------------- */

/** A text that equal values have in common, and others have not: as diff_values_equal() sees it. */
struct str value_key(struct arena *mem, struct oas_spot value);
/** The keys of a list's values; nothing when it is no list. */
struct text_set value_keys(struct arena *mem, struct oas_spot list);
/** The texts of a list, "" for what is none. */
struct text_set texts_of(struct arena *mem, struct oas_spot list);
/** Writes a text into a key: its length goes before it, so that it does not end where it likes. */
void key_put(struct str text, struct buf *out);
/** The members of an object, by name. */
size_t members_of(struct arena *mem, struct oas_spot object, const struct oas_spot **out);
bool all_held(const struct text_set *small, const struct text_set *large);
/** What the one holds and the other does not, in the order of the one. */
struct text_set not_held(struct arena *mem, const struct text_set *of, const struct text_set *in);

/** Where in a list a text stands; several places stand in their order. */
struct text_places {
    struct text_set texts;
    uint32_t *first, *next; /* by text and by place: a place plus 1, or 0 */
};
/** Texts without ptr stand nowhere. */
struct text_places text_places_of(struct arena *mem, const struct str *list, size_t count);
/** The first place that is not taken yet, or SIZE_MAX. What is taken stays so. */
size_t text_places_first(struct text_places *places, struct str text, const bool *taken);

#endif
