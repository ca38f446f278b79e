/* The table of keywords. */
#include "engine.h"

#define D04 (1U << SCHEMA_DRAFT_04)
#define D06 (1U << SCHEMA_DRAFT_06)
#define D07 (1U << SCHEMA_DRAFT_07)
#define D19 (1U << SCHEMA_2019_09)
#define D20 (1U << SCHEMA_2020_12)
#define OAS (1U << SCHEMA_OAS_3_0)

#define ALL       (D04 | D06 | D07 | D19 | D20 | OAS)
#define FROM_06   (D06 | D07 | D19 | D20 | OAS)
#define FROM_07   (D07 | D19 | D20 | OAS)
#define FROM_19   (D19 | D20)
#define BEFORE_20 (D04 | D06 | D07 | D19 | OAS)

#define ANY    ((1U << (TREE_OBJECT + 1)) - 1)
#define NUMBER (1U << TREE_NUMBER)
#define STRING (1U << TREE_STRING)
#define SCALAR (NUMBER | STRING)
#define ARRAY  (1U << TREE_ARRAY)
#define OBJECT (1U << TREE_OBJECT)
#define NEVER  0

/* clang-format off */
#define ROW(name, dialects, vocabulary, kinds, shape, function) \
    {name, dialects, VOCABULARY_##vocabulary, kinds, SHAPE_##shape, compile_##function, check_##function}
#define COUNT(name, kinds, function) \
    {name, ALL, VOCABULARY_VALIDATION, kinds, SHAPE_NONE, compile_count, check_##function}
#define PLACE(name, dialects, vocabulary, shape) \
    {name, dialects, VOCABULARY_##vocabulary, NEVER, SHAPE_##shape, NULL, NULL}

/* In the order of checking, which is ajv's; what is unevaluated comes last. */
const struct keyword keywords[] = {
    ROW("$ref",                  ALL,       CORE,        ANY,    NONE,           ref),
    ROW("$dynamicRef",           D20,       CORE,        ANY,    NONE,           dynamic_ref),
    ROW("$recursiveRef",         D19,       CORE,        ANY,    NONE,           recursive_ref),
    ROW("type",                  ALL,       VALIDATION,  ANY,    NONE,           type),
    ROW("maximum",               ALL,       VALIDATION,  NUMBER, NONE,           maximum),
    ROW("minimum",               ALL,       VALIDATION,  NUMBER, NONE,           minimum),
    ROW("exclusiveMaximum",      FROM_06,   VALIDATION,  NUMBER, NONE,           exclusive_maximum),
    ROW("exclusiveMinimum",      FROM_06,   VALIDATION,  NUMBER, NONE,           exclusive_minimum),
    ROW("multipleOf",            ALL,       VALIDATION,  NUMBER, NONE,           multiple_of),
    COUNT("maxLength",         STRING, max_length),
    COUNT("minLength",         STRING, min_length),
    ROW("pattern",               ALL,       VALIDATION,  STRING, NONE,           pattern),
    ROW("format",                ALL,       FORMAT,      SCALAR, NONE,           format),
    ROW("const",                 FROM_06,   VALIDATION,  ANY,    NONE,           const),
    ROW("enum",                  ALL,       VALIDATION,  ANY,    NONE,           enum),
    ROW("not",                   ALL,       APPLICATOR,  ANY,    SCHEMA,         not),
    ROW("anyOf",                 ALL,       APPLICATOR,  ANY,    LIST,           any_of),
    ROW("oneOf",                 ALL,       APPLICATOR,  ANY,    LIST,           one_of),
    ROW("allOf",                 ALL,       APPLICATOR,  ANY,    LIST,           all_of),
    ROW("if",                    FROM_07,   APPLICATOR,  ANY,    SCHEMA,         if),
    COUNT("maxItems",          ARRAY,  at_most),
    COUNT("minItems",          ARRAY,  at_least),
    ROW("uniqueItems",           ALL,       VALIDATION,  ARRAY,  NONE,           unique_items),
    ROW("prefixItems",           D20,       APPLICATOR,  ARRAY,  LIST,           prefix_items),
    ROW("items",                 ALL,       APPLICATOR,  ARRAY,  SCHEMA_OR_LIST, items),
    ROW("additionalItems",       BEFORE_20, APPLICATOR,  ARRAY,  SCHEMA,         additional_items),
    ROW("contains",              FROM_06,   APPLICATOR,  ARRAY,  SCHEMA,         contains),
    COUNT("maxProperties",     OBJECT, at_most),
    COUNT("minProperties",     OBJECT, at_least),
    ROW("required",              ALL,       VALIDATION,  OBJECT, NONE,           required),
    ROW("dependentRequired",     FROM_19,   VALIDATION,  OBJECT, NONE,           dependent_required),
    ROW("propertyNames",         FROM_06,   APPLICATOR,  OBJECT, SCHEMA,         property_names),
    ROW("properties",            ALL,       APPLICATOR,  OBJECT, MAP,            properties),
    ROW("patternProperties",     ALL,       APPLICATOR,  OBJECT, MAP,            pattern_properties),
    ROW("additionalProperties",  ALL,       APPLICATOR,  OBJECT, SCHEMA,         additional_properties),
    ROW("dependencies",          ALL,       APPLICATOR,  OBJECT, MAP,            dependencies),
    ROW("dependentSchemas",      FROM_19,   APPLICATOR,  OBJECT, MAP,            dependent_schemas),
    ROW("unevaluatedItems",      FROM_19,   UNEVALUATED, ARRAY,  SCHEMA,         unevaluated_items),
    ROW("unevaluatedProperties", FROM_19,   UNEVALUATED, OBJECT, SCHEMA,         unevaluated_properties),
    PLACE("$defs",               FROM_19,   CORE,        MAP),
    PLACE("definitions",         ALL,       CORE,        MAP),
    PLACE("then",                FROM_07,   APPLICATOR,  SCHEMA),
    PLACE("else",                FROM_07,   APPLICATOR,  SCHEMA),
    PLACE("contentSchema",       FROM_19,   CONTENT,     SCHEMA),
};
/* clang-format on */

size_t keyword_count(void)
{
    return COUNT_OF(keywords);
}

/* Names differ early: the length decides nearly always. */
const struct keyword *keyword_named(struct str name, enum schema_dialect dialect)
{
    for (size_t i = 0; i < COUNT_OF(keywords); i++)
        if ((keywords[i].dialects & (1U << dialect)) && str_eq(name, str_from(keywords[i].name)))
            return &keywords[i];
    return NULL;
}
