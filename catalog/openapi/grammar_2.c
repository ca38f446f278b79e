/* The objects that only OpenAPI 2.0 has. */
#include "validate.h"

/* clang-format off */
static const struct field document_fields[] = {
    {"swagger",             V20, FORM_WORD,    0, REQUIRED, "2.0"},
    {"info",                V20, FORM_OBJECT,  KIND_INFO, REQUIRED, NULL},
    {"host",                V20, FORM_TEXT,    0, 0, NULL},
    {"basePath",            V20, FORM_TEXT,    0, 0, NULL},
    {"schemes",             V20, FORM_WORDS,   0, UNIQUE, "http https ws wss"},
    {"consumes",            V20, FORM_TEXTS,   0, UNIQUE, NULL},
    {"produces",            V20, FORM_TEXTS,   0, UNIQUE, NULL},
    {"paths",               V20, FORM_OBJECT,  KIND_PATHS, REQUIRED, NULL},
    {"definitions",         V20, FORM_MAP,     KIND_SCHEMA, 0, NULL},
    {"parameters",          V20, FORM_MAP,     KIND_PARAMETER, 0, NULL},
    {"responses",           V20, FORM_MAP,     KIND_RESPONSE, 0, NULL},
    {"securityDefinitions", V20, FORM_MAP,     KIND_SECURITY_SCHEME, 0, NULL},
    {"security",            V20, FORM_LIST,    KIND_REQUIREMENT, UNIQUE, NULL},
    {"tags",                V20, FORM_LIST,    KIND_TAG, UNIQUE, NULL},
    {"externalDocs",        V20, FORM_OBJECT,  KIND_DOCS, 0, NULL},
};

/* What parameters, items and headers say about a simple value. */
#define VALUE_FIELDS                                             \
    {"format",           V20, FORM_TEXT,     0, 0, NULL},        \
    {"items",            V20, FORM_OBJECT,   KIND_ITEMS_2, 0, NULL}, \
    {"default",          V20, FORM_ANY,      0, 0, NULL},        \
    {"maximum",          V20, FORM_NUMBER,   0, 0, NULL},        \
    {"exclusiveMaximum", V20, FORM_BOOL,     0, 0, NULL},        \
    {"minimum",          V20, FORM_NUMBER,   0, 0, NULL},        \
    {"exclusiveMinimum", V20, FORM_BOOL,     0, 0, NULL},        \
    {"maxLength",        V20, FORM_COUNT,    0, 0, NULL},        \
    {"minLength",        V20, FORM_COUNT,    0, 0, NULL},        \
    {"pattern",          V20, FORM_REGEX,    0, 0, NULL},        \
    {"maxItems",         V20, FORM_COUNT,    0, 0, NULL},        \
    {"minItems",         V20, FORM_COUNT,    0, 0, NULL},        \
    {"uniqueItems",      V20, FORM_BOOL,     0, 0, NULL},        \
    {"enum",             V20, FORM_LIST_ANY, 0, FILLED | UNIQUE, NULL}, \
    {"multipleOf",       V20, FORM_POSITIVE, 0, 0, NULL}

static const struct field parameter_fields[] = {
    {"name",             V20, FORM_TEXT, 0, REQUIRED, NULL},
    {"in",               V20, FORM_WORD, 0, REQUIRED, "query header path formData body"},
    {"description",      V20, FORM_TEXT, 0, 0, NULL},
    {"required",         V20, FORM_BOOL, 0, 0, NULL},
    {"allowEmptyValue",  V20, FORM_BOOL, 0, 0, NULL},
    {"type",             V20, FORM_WORD, 0, REQUIRED, "string number boolean integer array file"},
    {"collectionFormat", V20, FORM_WORD, 0, 0, "csv ssv tsv pipes multi"},
    VALUE_FIELDS,
};
static const struct field body_fields[] = {
    {"name",        V20, FORM_TEXT,   0, REQUIRED, NULL},
    {"in",          V20, FORM_TEXT,   0, REQUIRED, NULL},
    {"description", V20, FORM_TEXT,   0, 0, NULL},
    {"required",    V20, FORM_BOOL,   0, 0, NULL},
    {"schema",      V20, FORM_OBJECT, KIND_SCHEMA, REQUIRED, NULL},
};
static const struct field items_fields[] = {
    {"type",             V20, FORM_WORD, 0, 0, "string number integer boolean array"},
    {"collectionFormat", V20, FORM_WORD, 0, 0, "csv ssv tsv pipes"},
    VALUE_FIELDS,
};
static const struct field header_fields[] = {
    {"description",      V20, FORM_TEXT, 0, 0, NULL},
    {"type",             V20, FORM_WORD, 0, REQUIRED, "string number integer boolean array"},
    {"collectionFormat", V20, FORM_WORD, 0, 0, "csv ssv tsv pipes"},
    VALUE_FIELDS,
};
static const struct field responses_fields[] = {
    {"default", V20, FORM_OBJECT, KIND_RESPONSE, 0, NULL},
};
static const struct field response_fields[] = {
    {"description", V20, FORM_TEXT,    0, REQUIRED, NULL},
    {"schema",      V20, FORM_OBJECT,  KIND_SCHEMA, 0, NULL},
    {"headers",     V20, FORM_HEADERS, KIND_HEADER, 0, NULL},
    {"examples",    V20, FORM_ANY_MAP, 0, 0, NULL},
};

#define SCHEME_FIELDS                                   \
    {"type",        V20, FORM_TEXT, 0, REQUIRED, NULL}, \
    {"description", V20, FORM_TEXT, 0, 0, NULL}
static const struct field basic_fields[] = {
    SCHEME_FIELDS,
};
static const struct field key_fields[] = {
    SCHEME_FIELDS,
    {"name", V20, FORM_TEXT, 0, REQUIRED, NULL},
    {"in",   V20, FORM_WORD, 0, REQUIRED, "header query"},
};
#define FLOW_FIELDS                                      \
    SCHEME_FIELDS,                                       \
    {"flow",   V20, FORM_TEXT,     0, REQUIRED, NULL},   \
    {"scopes", V20, FORM_TEXT_MAP, 0, 0, NULL}
static const struct field implicit_fields[] = {
    FLOW_FIELDS,
    {"authorizationUrl", V20, FORM_URI, 0, REQUIRED, NULL},
};
static const struct field token_fields[] = {
    FLOW_FIELDS,
    {"tokenUrl", V20, FORM_URI, 0, REQUIRED, NULL},
};
static const struct field code_fields[] = {
    FLOW_FIELDS,
    {"authorizationUrl", V20, FORM_URI, 0, REQUIRED, NULL},
    {"tokenUrl",         V20, FORM_URI, 0, REQUIRED, NULL},
};

const struct object
    object_document_2 = {"Swagger Object", FIELDS(document_fields), .check = check_document},
    object_parameter_2 = {"Parameter Object", FIELDS(parameter_fields), .check = check_parameter_2},
    object_body_2 = {"Parameter Object for a body", FIELDS(body_fields)},
    object_items_2 = {"Items Object", FIELDS(items_fields)},
    object_header_2 = {"Header Object", FIELDS(header_fields)},
    object_responses_2 = {"Responses Object", FIELDS(responses_fields), .naming = NAMING_STATUS,
                          .member = KIND_RESPONSE, .check = check_responses},
    object_response_2 = {"Response Object", FIELDS(response_fields), .check = check_response_2},
    object_scheme_2_basic = {"Security Scheme Object of type basic", FIELDS(basic_fields)},
    object_scheme_2_key = {"Security Scheme Object of type apiKey", FIELDS(key_fields)},
    object_scheme_2_implicit = {"Security Scheme Object of flow implicit", FIELDS(implicit_fields)},
    object_scheme_2_token = {"Security Scheme Object of type oauth2", FIELDS(token_fields)},
    object_scheme_2_code = {"Security Scheme Object of flow accessCode", FIELDS(code_fields)};
/* clang-format on */
