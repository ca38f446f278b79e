/* The objects of OpenAPI, their fields and what these may hold, by version. Only files of this
 * folder and its tests include this. */
#ifndef CHANCERY_OPENAPI_GRAMMAR_H
#define CHANCERY_OPENAPI_GRAMMAR_H

#include "openapi.h"

/* Versions, as bits. */
enum {
    V20 = 1 << OAS_2_0,
    V30 = 1 << OAS_3_0,
    V31 = 1 << OAS_3_1,
    V32 = 1 << OAS_3_2,
    V3X = V30 | V31 | V32,
    V31_ON = V31 | V32,
    V_ALL = V20 | V3X
};

/** Objects of the specification. */
enum kind {
    KIND_NONE,
    KIND_DOCUMENT,
    KIND_INFO,
    KIND_CONTACT,
    KIND_LICENSE,
    KIND_DOCS,
    KIND_TAG,
    KIND_SERVER,
    KIND_SERVER_VARIABLE,
    KIND_COMPONENTS,
    KIND_PATHS,
    KIND_PATH_ITEM,
    KIND_OPERATION,
    KIND_PARAMETER,
    KIND_REQUEST_BODY,
    KIND_MEDIA_TYPE,
    KIND_ENCODING,
    KIND_RESPONSES,
    KIND_RESPONSE,
    KIND_CALLBACK,
    KIND_EXAMPLE,
    KIND_LINK,
    KIND_HEADER,
    KIND_SCHEMA,
    KIND_DISCRIMINATOR,
    KIND_XML,
    KIND_SECURITY_SCHEME,
    KIND_FLOWS,
    KIND_REQUIREMENT,
    KIND_PUBLIC_END, /* those above are what fields and references speak of */
    /* what some become by version or by what they say */
    KIND_DOCUMENT_2,
    KIND_SCHEMA_2,
    KIND_SCHEMA_30,
    KIND_SCHEMA_31,
    KIND_PARAMETER_2,
    KIND_BODY_2,
    KIND_ITEMS_2,
    KIND_HEADER_2,
    KIND_RESPONSE_2,
    KIND_RESPONSES_2,
    KIND_SCHEME_API_KEY,
    KIND_SCHEME_HTTP,
    KIND_SCHEME_OAUTH2,
    KIND_SCHEME_OPENID,
    KIND_SCHEME_MTLS,
    KIND_FLOW_IMPLICIT,
    KIND_FLOW_TOKEN,
    KIND_FLOW_CODE,
    KIND_FLOW_DEVICE,
    KIND_SCHEME_2_BASIC,
    KIND_SCHEME_2_KEY,
    KIND_SCHEME_2_IMPLICIT,
    KIND_SCHEME_2_TOKEN,
    KIND_SCHEME_2_CODE,
    KIND_COUNT
};

/** What a field's value looks like. */
enum form {
    FORM_ANY,
    FORM_TEXT,
    FORM_URI,
    FORM_URI_REF,
    FORM_EMAIL,
    FORM_REGEX,
    FORM_BOOL,
    FORM_NUMBER,
    FORM_POSITIVE, /* a number above zero */
    FORM_COUNT,    /* a whole number from zero on */
    FORM_WORD,     /* one of the words */
    FORM_WORDS,    /* a list of them */
    FORM_TYPES,    /* one of the words, or a list of them without repetition */
    FORM_TEXTS,
    FORM_LIST_ANY,
    FORM_TEXT_MAP,
    FORM_ANY_MAP,
    FORM_TEXTS_MAP, /* names to lists of texts */
    FORM_OBJECT,
    FORM_LIST,
    FORM_MAP,
    FORM_COMPONENTS, /* a map whose names are restricted */
    FORM_HEADERS,    /* a map by header name */
    FORM_METHODS,    /* a map by HTTP method */
    FORM_PATTERNS,   /* a map by regular expression */
    FORM_OBJECT_OR_BOOL,
    FORM_OBJECT_OR_LIST,
    FORM_DEPENDENCIES, /* names to objects or lists of texts */
    FORM_REFERENCE,    /* a $ref that is a field among others */
};

enum field_flag {
    REQUIRED = 1 << 0,
    FILLED = 1 << 1, /* at least one */
    SINGLE = 1 << 2, /* exactly one */
    UNIQUE = 1 << 3, /* no two equal */
};

struct field {
    const char *name;
    unsigned versions;
    enum form form;
    enum kind kind;
    unsigned flags;
    const char *words; /* separated by blanks */
};

/** How members that are no fields are named. */
enum naming {
    NAMING_NONE,   /* there are none */
    NAMING_PATH,   /* begins with a slash */
    NAMING_STATUS, /* 200, 4XX */
    NAMING_ANY,
};

struct validation;

struct object {
    const char *name; /* "Info Object" */
    const struct field *fields;
    size_t field_count;
    unsigned open;      /* versions in which further fields are allowed */
    unsigned reference; /* versions in which a Reference Object may stand for it */
    enum naming naming;
    enum kind member; /* of members that are no fields */
    unsigned boolean; /* versions in which true and false may stand for it */
    enum kind (*choose)(enum oas_version version, const struct tree *doc,
                        const struct tree_node *node);
    /** What the table cannot say: fields that depend on each other, and the specification's rules.
     */
    void (*check)(struct validation *v, const struct tree_node *node);
};
#define FIELDS(array) .fields = (array), .field_count = COUNT_OF(array)

/** By kind; NULL for what is chosen away. */
extern const struct object *const objects[KIND_COUNT];
extern const struct object object_schema_2, object_schema_30, object_schema_31, object_xml,
    object_discriminator;
extern const struct object object_document_2, object_parameter_2, object_body_2, object_items_2,
    object_header_2, object_response_2, object_responses_2, object_scheme_2_basic,
    object_scheme_2_key, object_scheme_2_implicit, object_scheme_2_token, object_scheme_2_code;

static inline unsigned version_as_bit(enum oas_version version)
{
    return 1U << version;
}
/** The tables that a value is judged by: its kind's, or what that becomes here. */
const struct object *grammar_object(enum kind kind, enum oas_version version,
                                    const struct tree *doc, const struct tree_node *node);
/** The field of that name in some of the versions, or NULL. */
const struct field *grammar_field(const struct object *object, struct str name, unsigned versions);
/** True for members that are no fields but belong there: paths, statuses, expressions. */
bool grammar_names(const struct object *object, struct str name, enum oas_version version);
/** "x-…" */
bool grammar_extension(struct str name);

#endif
