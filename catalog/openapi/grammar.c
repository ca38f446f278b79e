/* The objects of OpenAPI, as tables: those of 3.x, and what 2.0 shares with them. */
#include "validate.h"

/* clang-format off */
static const struct field info_fields[] = {
    {"title",          V_ALL,  FORM_TEXT,    0, REQUIRED, NULL},
    {"summary",        V31_ON, FORM_TEXT,    0, 0, NULL},
    {"description",    V_ALL,  FORM_TEXT,    0, 0, NULL},
    {"termsOfService", V3X,    FORM_URI_REF, 0, 0, NULL},
    {"termsOfService", V20,    FORM_TEXT,    0, 0, NULL},
    {"contact",        V_ALL,  FORM_OBJECT,  KIND_CONTACT, 0, NULL},
    {"license",        V_ALL,  FORM_OBJECT,  KIND_LICENSE, 0, NULL},
    {"version",        V_ALL,  FORM_TEXT,    0, REQUIRED, NULL},
};
static const struct field contact_fields[] = {
    {"name",  V_ALL, FORM_TEXT,    0, 0, NULL},
    {"url",   V3X,   FORM_URI_REF, 0, 0, NULL},
    {"url",   V20,   FORM_URI,     0, 0, NULL},
    {"email", V_ALL, FORM_EMAIL,   0, 0, NULL},
};
static const struct field license_fields[] = {
    {"name",       V_ALL,  FORM_TEXT,    0, REQUIRED, NULL},
    {"identifier", V31_ON, FORM_TEXT,    0, 0, NULL},
    {"url",        V3X,    FORM_URI_REF, 0, 0, NULL},
    {"url",        V20,    FORM_URI,     0, 0, NULL},
};
static const struct field docs_fields[] = {
    {"description", V_ALL, FORM_TEXT,    0, 0, NULL},
    {"url",         V3X,   FORM_URI_REF, 0, REQUIRED, NULL},
    {"url",         V20,   FORM_URI,     0, REQUIRED, NULL},
};
static const struct field tag_fields[] = {
    {"name",         V_ALL, FORM_TEXT,   0, REQUIRED, NULL},
    {"summary",      V32,   FORM_TEXT,   0, 0, NULL},
    {"description",  V_ALL, FORM_TEXT,   0, 0, NULL},
    {"externalDocs", V_ALL, FORM_OBJECT, KIND_DOCS, 0, NULL},
    {"parent",       V32,   FORM_TEXT,   0, 0, NULL},
    {"kind",         V32,   FORM_TEXT,   0, 0, NULL},
};
static const struct field document_fields[] = {
    {"openapi",           V3X,    FORM_TEXT,    0, REQUIRED, NULL},
    {"$self",             V32,    FORM_URI_REF, 0, 0, NULL},
    {"info",              V3X,    FORM_OBJECT,  KIND_INFO, REQUIRED, NULL},
    {"jsonSchemaDialect", V31_ON, FORM_URI_REF, 0, 0, NULL},
    {"servers",           V3X,    FORM_LIST,    KIND_SERVER, 0, NULL},
    {"paths",             V30,    FORM_OBJECT,  KIND_PATHS, REQUIRED, NULL},
    {"paths",             V31_ON, FORM_OBJECT,  KIND_PATHS, 0, NULL},
    {"webhooks",          V31_ON, FORM_MAP,     KIND_PATH_ITEM, 0, NULL},
    {"components",        V3X,    FORM_OBJECT,  KIND_COMPONENTS, 0, NULL},
    {"security",          V3X,    FORM_LIST,    KIND_REQUIREMENT, 0, NULL},
    {"tags",              V30,    FORM_LIST,    KIND_TAG, UNIQUE, NULL},
    {"tags",              V31_ON, FORM_LIST,    KIND_TAG, 0, NULL},
    {"externalDocs",      V3X,    FORM_OBJECT,  KIND_DOCS, 0, NULL},
};
static const struct field server_fields[] = {
    {"url",         V3X, FORM_TEXT, 0, REQUIRED, NULL},
    {"name",        V32, FORM_TEXT, 0, 0, NULL},
    {"description", V3X, FORM_TEXT, 0, 0, NULL},
    {"variables",   V3X, FORM_MAP,  KIND_SERVER_VARIABLE, 0, NULL},
};
static const struct field server_variable_fields[] = {
    {"enum",        V30,    FORM_TEXTS, 0, 0, NULL},
    {"enum",        V31_ON, FORM_TEXTS, 0, FILLED, NULL},
    {"default",     V3X,    FORM_TEXT,  0, REQUIRED, NULL},
    {"description", V3X,    FORM_TEXT,  0, 0, NULL},
};
static const struct field components_fields[] = {
    {"schemas",         V3X,    FORM_COMPONENTS, KIND_SCHEMA, 0, NULL},
    {"responses",       V3X,    FORM_COMPONENTS, KIND_RESPONSE, 0, NULL},
    {"parameters",      V3X,    FORM_COMPONENTS, KIND_PARAMETER, 0, NULL},
    {"examples",        V3X,    FORM_COMPONENTS, KIND_EXAMPLE, 0, NULL},
    {"requestBodies",   V3X,    FORM_COMPONENTS, KIND_REQUEST_BODY, 0, NULL},
    {"headers",         V3X,    FORM_COMPONENTS, KIND_HEADER, 0, NULL},
    {"securitySchemes", V3X,    FORM_COMPONENTS, KIND_SECURITY_SCHEME, 0, NULL},
    {"links",           V3X,    FORM_COMPONENTS, KIND_LINK, 0, NULL},
    {"callbacks",       V3X,    FORM_COMPONENTS, KIND_CALLBACK, 0, NULL},
    {"pathItems",       V31_ON, FORM_COMPONENTS, KIND_PATH_ITEM, 0, NULL},
    {"mediaTypes",      V32,    FORM_COMPONENTS, KIND_MEDIA_TYPE, 0, NULL},
};
static const struct field path_item_fields[] = {
    {"$ref",                 V_ALL,     FORM_REFERENCE, KIND_PATH_ITEM, 0, NULL},
    {"summary",              V3X,       FORM_TEXT,      0, 0, NULL},
    {"description",          V3X,       FORM_TEXT,      0, 0, NULL},
    {"get",                  V_ALL,     FORM_OBJECT,    KIND_OPERATION, 0, NULL},
    {"put",                  V_ALL,     FORM_OBJECT,    KIND_OPERATION, 0, NULL},
    {"post",                 V_ALL,     FORM_OBJECT,    KIND_OPERATION, 0, NULL},
    {"delete",               V_ALL,     FORM_OBJECT,    KIND_OPERATION, 0, NULL},
    {"options",              V_ALL,     FORM_OBJECT,    KIND_OPERATION, 0, NULL},
    {"head",                 V_ALL,     FORM_OBJECT,    KIND_OPERATION, 0, NULL},
    {"patch",                V_ALL,     FORM_OBJECT,    KIND_OPERATION, 0, NULL},
    {"trace",                V3X,       FORM_OBJECT,    KIND_OPERATION, 0, NULL},
    {"query",                V32,       FORM_OBJECT,    KIND_OPERATION, 0, NULL},
    {"additionalOperations", V32,       FORM_METHODS,   KIND_OPERATION, 0, NULL},
    {"servers",              V3X,       FORM_LIST,      KIND_SERVER, 0, NULL},
    {"parameters",           V20 | V30, FORM_LIST,      KIND_PARAMETER, UNIQUE, NULL},
    {"parameters",           V31_ON,    FORM_LIST,      KIND_PARAMETER, 0, NULL},
};
static const struct field operation_fields[] = {
    {"tags",         V3X,       FORM_TEXTS,  0, 0, NULL},
    {"tags",         V20,       FORM_TEXTS,  0, UNIQUE, NULL},
    {"summary",      V_ALL,     FORM_TEXT,   0, 0, NULL},
    {"description",  V_ALL,     FORM_TEXT,   0, 0, NULL},
    {"externalDocs", V_ALL,     FORM_OBJECT, KIND_DOCS, 0, NULL},
    {"operationId",  V_ALL,     FORM_TEXT,   0, 0, NULL},
    {"consumes",     V20,       FORM_TEXTS,  0, UNIQUE, NULL},
    {"produces",     V20,       FORM_TEXTS,  0, UNIQUE, NULL},
    {"parameters",   V20 | V30, FORM_LIST,   KIND_PARAMETER, UNIQUE, NULL},
    {"parameters",   V31_ON,    FORM_LIST,   KIND_PARAMETER, 0, NULL},
    {"requestBody",  V3X,       FORM_OBJECT, KIND_REQUEST_BODY, 0, NULL},
    {"responses",    V20 | V30, FORM_OBJECT, KIND_RESPONSES, REQUIRED, NULL},
    {"responses",    V31_ON,    FORM_OBJECT, KIND_RESPONSES, 0, NULL},
    {"callbacks",    V3X,       FORM_MAP,    KIND_CALLBACK, 0, NULL},
    {"schemes",      V20,       FORM_WORDS,  0, UNIQUE, "http https ws wss"},
    {"deprecated",   V_ALL,     FORM_BOOL,   0, 0, NULL},
    {"security",     V3X,       FORM_LIST,   KIND_REQUIREMENT, 0, NULL},
    {"security",     V20,       FORM_LIST,   KIND_REQUIREMENT, UNIQUE, NULL},
    {"servers",      V3X,       FORM_LIST,   KIND_SERVER, 0, NULL},
};
static const struct field parameter_fields[] = {
    {"name",            V3X,       FORM_TEXT,   0, REQUIRED, NULL},
    {"in",              V30 | V31, FORM_WORD,   0, REQUIRED, "query header path cookie"},
    {"in",              V32,       FORM_WORD,   0, REQUIRED, "query querystring header path cookie"},
    {"description",     V3X,       FORM_TEXT,   0, 0, NULL},
    {"required",        V3X,       FORM_BOOL,   0, 0, NULL},
    {"deprecated",      V3X,       FORM_BOOL,   0, 0, NULL},
    {"allowEmptyValue", V3X,       FORM_BOOL,   0, 0, NULL},
    {"style",           V3X,       FORM_TEXT,   0, 0, NULL},
    {"explode",         V3X,       FORM_BOOL,   0, 0, NULL},
    {"allowReserved",   V3X,       FORM_BOOL,   0, 0, NULL},
    {"schema",          V3X,       FORM_OBJECT, KIND_SCHEMA, 0, NULL},
    {"content",         V3X,       FORM_MAP,    KIND_MEDIA_TYPE, SINGLE, NULL},
    {"example",         V3X,       FORM_ANY,    0, 0, NULL},
    {"examples",        V3X,       FORM_MAP,    KIND_EXAMPLE, 0, NULL},
};
static const struct field header_fields[] = {
    {"description",     V3X, FORM_TEXT,   0, 0, NULL},
    {"required",        V3X, FORM_BOOL,   0, 0, NULL},
    {"deprecated",      V3X, FORM_BOOL,   0, 0, NULL},
    {"allowEmptyValue", V30, FORM_BOOL,   0, 0, NULL},
    {"style",           V3X, FORM_WORD,   0, 0, "simple"},
    {"explode",         V3X, FORM_BOOL,   0, 0, NULL},
    {"allowReserved",   V30, FORM_BOOL,   0, 0, NULL},
    {"schema",          V3X, FORM_OBJECT, KIND_SCHEMA, 0, NULL},
    {"content",         V3X, FORM_MAP,    KIND_MEDIA_TYPE, SINGLE, NULL},
    {"example",         V3X, FORM_ANY,    0, 0, NULL},
    {"examples",        V3X, FORM_MAP,    KIND_EXAMPLE, 0, NULL},
};
static const struct field request_body_fields[] = {
    {"description", V3X, FORM_TEXT, 0, 0, NULL},
    {"content",     V3X, FORM_MAP,  KIND_MEDIA_TYPE, REQUIRED, NULL},
    {"required",    V3X, FORM_BOOL, 0, 0, NULL},
};
static const struct field media_type_fields[] = {
    {"description",    V32, FORM_TEXT,   0, 0, NULL},
    {"schema",         V3X, FORM_OBJECT, KIND_SCHEMA, 0, NULL},
    {"itemSchema",     V32, FORM_OBJECT, KIND_SCHEMA, 0, NULL},
    {"example",        V3X, FORM_ANY,    0, 0, NULL},
    {"examples",       V3X, FORM_MAP,    KIND_EXAMPLE, 0, NULL},
    {"encoding",       V3X, FORM_MAP,    KIND_ENCODING, 0, NULL},
    {"prefixEncoding", V32, FORM_LIST,   KIND_ENCODING, 0, NULL},
    {"itemEncoding",   V32, FORM_OBJECT, KIND_ENCODING, 0, NULL},
};
static const struct field encoding_fields[] = {
    {"contentType",    V3X, FORM_TEXT,    0, 0, NULL},
    {"headers",        V3X, FORM_HEADERS, KIND_HEADER, 0, NULL},
    {"style",          V3X, FORM_WORD,    0, 0, "form spaceDelimited pipeDelimited deepObject"},
    {"explode",        V3X, FORM_BOOL,    0, 0, NULL},
    {"allowReserved",  V3X, FORM_BOOL,    0, 0, NULL},
    {"encoding",       V32, FORM_MAP,     KIND_ENCODING, 0, NULL},
    {"prefixEncoding", V32, FORM_LIST,    KIND_ENCODING, 0, NULL},
    {"itemEncoding",   V32, FORM_OBJECT,  KIND_ENCODING, 0, NULL},
};
static const struct field responses_fields[] = {
    {"default", V_ALL, FORM_OBJECT, KIND_RESPONSE, 0, NULL},
};
static const struct field response_fields[] = {
    {"summary",     V32,       FORM_TEXT,    0, 0, NULL},
    {"description", V30 | V31, FORM_TEXT,    0, REQUIRED, NULL},
    {"description", V32,       FORM_TEXT,    0, 0, NULL},
    {"headers",     V3X,       FORM_HEADERS, KIND_HEADER, 0, NULL},
    {"content",     V3X,       FORM_MAP,     KIND_MEDIA_TYPE, 0, NULL},
    {"links",       V3X,       FORM_MAP,     KIND_LINK, 0, NULL},
};
static const struct field example_fields[] = {
    {"summary",         V3X, FORM_TEXT,    0, 0, NULL},
    {"description",     V3X, FORM_TEXT,    0, 0, NULL},
    {"value",           V3X, FORM_ANY,     0, 0, NULL},
    {"dataValue",       V32, FORM_ANY,     0, 0, NULL},
    {"serializedValue", V32, FORM_TEXT,    0, 0, NULL},
    {"externalValue",   V3X, FORM_URI_REF, 0, 0, NULL},
};
static const struct field link_fields[] = {
    {"operationRef", V3X,    FORM_URI_REF,  0, 0, NULL},
    {"operationId",  V3X,    FORM_TEXT,     0, 0, NULL},
    {"parameters",   V30,    FORM_ANY_MAP,  0, 0, NULL},
    {"parameters",   V31_ON, FORM_TEXT_MAP, 0, 0, NULL},
    {"requestBody",  V3X,    FORM_ANY,      0, 0, NULL},
    {"description",  V3X,    FORM_TEXT,     0, 0, NULL},
    {"server",       V3X,    FORM_OBJECT,   KIND_SERVER, 0, NULL},
};

/* --- security ---------------------------------------------------------------------------------- */

static const struct field security_scheme_fields[] = {
    {"type", V30,    FORM_WORD, 0, REQUIRED, "apiKey http oauth2 openIdConnect"},
    {"type", V31_ON, FORM_WORD, 0, REQUIRED, "apiKey http mutualTLS oauth2 openIdConnect"},
    {"type", V20,    FORM_WORD, 0, REQUIRED, "basic apiKey oauth2"},
    {"flow", V20,    FORM_WORD, 0, REQUIRED, "implicit password application accessCode"},
};
#define SCHEME_FIELDS                                   \
    {"type",        V3X, FORM_TEXT, 0, REQUIRED, NULL}, \
    {"description", V3X, FORM_TEXT, 0, 0, NULL},        \
    {"deprecated",  V32, FORM_BOOL, 0, 0, NULL}
static const struct field api_key_fields[] = {
    SCHEME_FIELDS,
    {"name", V3X, FORM_TEXT, 0, REQUIRED, NULL},
    {"in",   V3X, FORM_WORD, 0, REQUIRED, "query header cookie"},
};
static const struct field http_fields[] = {
    SCHEME_FIELDS,
    {"scheme",       V3X, FORM_TEXT, 0, REQUIRED, NULL},
    {"bearerFormat", V3X, FORM_TEXT, 0, 0, NULL},
};
static const struct field mtls_fields[] = {
    SCHEME_FIELDS,
};
static const struct field oauth2_fields[] = {
    SCHEME_FIELDS,
    {"flows",             V3X, FORM_OBJECT,  KIND_FLOWS, REQUIRED, NULL},
    {"oauth2MetadataUrl", V32, FORM_URI_REF, 0, 0, NULL},
};
static const struct field openid_fields[] = {
    SCHEME_FIELDS,
    {"openIdConnectUrl", V3X, FORM_URI_REF, 0, REQUIRED, NULL},
};
static const struct field flows_fields[] = {
    {"implicit",            V3X, FORM_OBJECT, KIND_FLOW_IMPLICIT, 0, NULL},
    {"password",            V3X, FORM_OBJECT, KIND_FLOW_TOKEN, 0, NULL},
    {"clientCredentials",   V3X, FORM_OBJECT, KIND_FLOW_TOKEN, 0, NULL},
    {"authorizationCode",   V3X, FORM_OBJECT, KIND_FLOW_CODE, 0, NULL},
    {"deviceAuthorization", V32, FORM_OBJECT, KIND_FLOW_DEVICE, 0, NULL},
};
#define FLOW_FIELDS                                     \
    {"refreshUrl", V3X, FORM_URI_REF, 0, 0, NULL},      \
    {"scopes",     V3X, FORM_TEXT_MAP, 0, REQUIRED, NULL}
static const struct field flow_implicit_fields[] = {
    FLOW_FIELDS,
    {"authorizationUrl", V3X, FORM_URI_REF, 0, REQUIRED, NULL},
};
static const struct field flow_token_fields[] = {
    FLOW_FIELDS,
    {"tokenUrl", V3X, FORM_URI_REF, 0, REQUIRED, NULL},
};
static const struct field flow_code_fields[] = {
    FLOW_FIELDS,
    {"authorizationUrl", V3X, FORM_URI_REF, 0, REQUIRED, NULL},
    {"tokenUrl",         V3X, FORM_URI_REF, 0, REQUIRED, NULL},
};
static const struct field flow_device_fields[] = {
    FLOW_FIELDS,
    {"deviceAuthorizationUrl", V3X, FORM_URI_REF, 0, REQUIRED, NULL},
    {"tokenUrl",               V3X, FORM_URI_REF, 0, REQUIRED, NULL},
};
/* clang-format on */

/* --- choices -----------------------------------------------------------------------------------
 */

static struct str text_of(const struct tree *doc, const struct tree_node *node, const char *name)
{
    return tree_text(doc, tree_get(doc, node, str_from(name)));
}

static enum kind choose_document(enum oas_version version, const struct tree *doc,
                                 const struct tree_node *node)
{
    UNUSED(doc);
    UNUSED(node);
    return version == OAS_2_0 ? KIND_DOCUMENT_2 : KIND_DOCUMENT;
}

static enum kind choose_schema(enum oas_version version, const struct tree *doc,
                               const struct tree_node *node)
{
    UNUSED(doc);
    UNUSED(node);
    if (version == OAS_2_0)
        return KIND_SCHEMA_2;
    return version == OAS_3_0 ? KIND_SCHEMA_30 : KIND_SCHEMA_31;
}

static enum kind choose_parameter(enum oas_version version, const struct tree *doc,
                                  const struct tree_node *node)
{
    if (version != OAS_2_0)
        return KIND_PARAMETER;
    return str_eq(text_of(doc, node, "in"), STR("body")) ? KIND_BODY_2 : KIND_PARAMETER_2;
}

static enum kind choose_header(enum oas_version version, const struct tree *doc,
                               const struct tree_node *node)
{
    UNUSED(doc);
    UNUSED(node);
    return version == OAS_2_0 ? KIND_HEADER_2 : KIND_HEADER;
}

static enum kind choose_response(enum oas_version version, const struct tree *doc,
                                 const struct tree_node *node)
{
    UNUSED(doc);
    UNUSED(node);
    return version == OAS_2_0 ? KIND_RESPONSE_2 : KIND_RESPONSE;
}

static enum kind choose_responses(enum oas_version version, const struct tree *doc,
                                  const struct tree_node *node)
{
    UNUSED(doc);
    UNUSED(node);
    return version == OAS_2_0 ? KIND_RESPONSES_2 : KIND_RESPONSES;
}

struct scheme_choice {
    const char *type, *flow;
    unsigned versions;
    enum kind kind;
};
static const struct scheme_choice scheme_choices[] = {
    {"apiKey",        NULL,          V3X,    KIND_SCHEME_API_KEY   },
    {"http",          NULL,          V3X,    KIND_SCHEME_HTTP      },
    {"oauth2",        NULL,          V3X,    KIND_SCHEME_OAUTH2    },
    {"openIdConnect", NULL,          V3X,    KIND_SCHEME_OPENID    },
    {"mutualTLS",     NULL,          V31_ON, KIND_SCHEME_MTLS      },
    {"basic",         NULL,          V20,    KIND_SCHEME_2_BASIC   },
    {"apiKey",        NULL,          V20,    KIND_SCHEME_2_KEY     },
    {"oauth2",        "implicit",    V20,    KIND_SCHEME_2_IMPLICIT},
    {"oauth2",        "password",    V20,    KIND_SCHEME_2_TOKEN   },
    {"oauth2",        "application", V20,    KIND_SCHEME_2_TOKEN   },
    {"oauth2",        "accessCode",  V20,    KIND_SCHEME_2_CODE    },
};

static enum kind choose_scheme(enum oas_version version, const struct tree *doc,
                               const struct tree_node *node)
{
    struct str type = text_of(doc, node, "type"), flow = text_of(doc, node, "flow");
    for (size_t i = 0; i < COUNT_OF(scheme_choices); i++) {
        const struct scheme_choice *choice = &scheme_choices[i];
        if ((choice->versions & version_as_bit(version)) && str_eq(type, str_from(choice->type)) &&
            (choice->flow == NULL || str_eq(flow, str_from(choice->flow))))
            return choice->kind;
    }
    return KIND_SECURITY_SCHEME;
}

/* --- objects -----------------------------------------------------------------------------------
 */

/* clang-format off */
static const struct object
    object_document = {"OpenAPI Object", FIELDS(document_fields), .choose = choose_document, .check = check_document},
    object_info = {"Info Object", FIELDS(info_fields)},
    object_contact = {"Contact Object", FIELDS(contact_fields)},
    object_license = {"License Object", FIELDS(license_fields), .check = check_license},
    object_docs = {"External Documentation Object", FIELDS(docs_fields)},
    object_tag = {"Tag Object", FIELDS(tag_fields)},
    object_server = {"Server Object", FIELDS(server_fields), .check = check_server},
    object_server_variable = {"Server Variable Object", FIELDS(server_variable_fields), .check = check_server_variable},
    object_components = {"Components Object", FIELDS(components_fields)},
    object_paths = {"Paths Object", .naming = NAMING_PATH, .member = KIND_PATH_ITEM, .check = check_paths},
    object_path_item = {"Path Item Object", FIELDS(path_item_fields), .check = check_path_item},
    object_operation = {"Operation Object", FIELDS(operation_fields), .check = check_operation},
    object_parameter = {"Parameter Object", FIELDS(parameter_fields), .reference = V_ALL,
                        .choose = choose_parameter, .check = check_parameter},
    object_request_body = {"Request Body Object", FIELDS(request_body_fields), .reference = V3X},
    object_media_type = {"Media Type Object", FIELDS(media_type_fields), .reference = V32, .check = check_media_type},
    object_encoding = {"Encoding Object", FIELDS(encoding_fields), .check = check_encoding},
    object_responses = {"Responses Object", FIELDS(responses_fields), .naming = NAMING_STATUS,
                        .member = KIND_RESPONSE, .choose = choose_responses, .check = check_responses},
    object_response = {"Response Object", FIELDS(response_fields), .reference = V_ALL, .choose = choose_response},
    object_callback = {"Callback Object", .reference = V3X, .naming = NAMING_ANY, .member = KIND_PATH_ITEM},
    object_example = {"Example Object", FIELDS(example_fields), .reference = V3X, .check = check_example},
    object_link = {"Link Object", FIELDS(link_fields), .reference = V3X, .check = check_link},
    object_header = {"Header Object", FIELDS(header_fields), .reference = V3X, .choose = choose_header, .check = check_header},
    object_schema = {"Schema Object", .reference = V30, .choose = choose_schema},
    object_security_scheme = {"Security Scheme Object", FIELDS(security_scheme_fields), .open = V_ALL,
                              .reference = V3X, .choose = choose_scheme},
    object_flows = {"OAuth Flows Object", FIELDS(flows_fields)},
    object_requirement = {"Security Requirement Object", .open = V_ALL, .check = check_requirement},
    object_api_key = {"Security Scheme Object of type apiKey", FIELDS(api_key_fields)},
    object_http = {"Security Scheme Object of type http", FIELDS(http_fields), .check = check_scheme_http},
    object_oauth2 = {"Security Scheme Object of type oauth2", FIELDS(oauth2_fields)},
    object_openid = {"Security Scheme Object of type openIdConnect", FIELDS(openid_fields)},
    object_mtls = {"Security Scheme Object of type mutualTLS", FIELDS(mtls_fields)},
    object_flow_implicit = {"OAuth Flow Object", FIELDS(flow_implicit_fields)},
    object_flow_token = {"OAuth Flow Object", FIELDS(flow_token_fields)},
    object_flow_code = {"OAuth Flow Object", FIELDS(flow_code_fields)},
    object_flow_device = {"OAuth Flow Object", FIELDS(flow_device_fields)};
/* clang-format on */

const struct object *const objects[KIND_COUNT] = {
    [KIND_DOCUMENT] = &object_document,
    [KIND_INFO] = &object_info,
    [KIND_CONTACT] = &object_contact,
    [KIND_LICENSE] = &object_license,
    [KIND_DOCS] = &object_docs,
    [KIND_TAG] = &object_tag,
    [KIND_SERVER] = &object_server,
    [KIND_SERVER_VARIABLE] = &object_server_variable,
    [KIND_COMPONENTS] = &object_components,
    [KIND_PATHS] = &object_paths,
    [KIND_PATH_ITEM] = &object_path_item,
    [KIND_OPERATION] = &object_operation,
    [KIND_PARAMETER] = &object_parameter,
    [KIND_REQUEST_BODY] = &object_request_body,
    [KIND_MEDIA_TYPE] = &object_media_type,
    [KIND_ENCODING] = &object_encoding,
    [KIND_RESPONSES] = &object_responses,
    [KIND_RESPONSE] = &object_response,
    [KIND_CALLBACK] = &object_callback,
    [KIND_EXAMPLE] = &object_example,
    [KIND_LINK] = &object_link,
    [KIND_HEADER] = &object_header,
    [KIND_SCHEMA] = &object_schema,
    [KIND_DISCRIMINATOR] = &object_discriminator,
    [KIND_XML] = &object_xml,
    [KIND_SECURITY_SCHEME] = &object_security_scheme,
    [KIND_FLOWS] = &object_flows,
    [KIND_REQUIREMENT] = &object_requirement,
    [KIND_DOCUMENT_2] = &object_document_2,
    [KIND_SCHEMA_2] = &object_schema_2,
    [KIND_SCHEMA_30] = &object_schema_30,
    [KIND_SCHEMA_31] = &object_schema_31,
    [KIND_PARAMETER_2] = &object_parameter_2,
    [KIND_BODY_2] = &object_body_2,
    [KIND_ITEMS_2] = &object_items_2,
    [KIND_HEADER_2] = &object_header_2,
    [KIND_RESPONSE_2] = &object_response_2,
    [KIND_RESPONSES_2] = &object_responses_2,
    [KIND_SCHEME_API_KEY] = &object_api_key,
    [KIND_SCHEME_HTTP] = &object_http,
    [KIND_SCHEME_OAUTH2] = &object_oauth2,
    [KIND_SCHEME_OPENID] = &object_openid,
    [KIND_SCHEME_MTLS] = &object_mtls,
    [KIND_FLOW_IMPLICIT] = &object_flow_implicit,
    [KIND_FLOW_TOKEN] = &object_flow_token,
    [KIND_FLOW_CODE] = &object_flow_code,
    [KIND_FLOW_DEVICE] = &object_flow_device,
    [KIND_SCHEME_2_BASIC] = &object_scheme_2_basic,
    [KIND_SCHEME_2_KEY] = &object_scheme_2_key,
    [KIND_SCHEME_2_IMPLICIT] = &object_scheme_2_implicit,
    [KIND_SCHEME_2_TOKEN] = &object_scheme_2_token,
    [KIND_SCHEME_2_CODE] = &object_scheme_2_code,
};
