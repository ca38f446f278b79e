/* OpenAPI documents: bytes in, values out. Detects the version and lists what a catalog shows.
 * Pure: no files, no network. */
#ifndef CHANCERY_OPENAPI_H
#define CHANCERY_OPENAPI_H

#include "catalog/tree/tree.h"

/** Follows $ref chains inside the document; the node itself when it has none; NULL when it leads
 *  nowhere, outside the document, or in a circle. */
const struct tree_node *oas_resolve(const struct tree *doc, const struct tree_node *node);

/* --- what a catalog shows --------------------------------------------------------------------- */

enum oas_version { OAS_UNKNOWN, OAS_2_0, OAS_3_0, OAS_3_1, OAS_3_2 };

struct oas_parameter {
    struct str name, in, description,
        type; /* type: "string", "integer(int64)", "Pet[]" … for people */
    bool required, deprecated;
};
/** One scheme of one alternative: entries of equal `alternative` are needed together. An empty
 *  requirement (access without credentials) is an entry of kind "none" without a name. */
struct oas_security {
    uint32_t alternative; /* from 0 */
    struct str name;      /* of the scheme */
    struct str kind;   /* "apiKey in header X-Key", "http bearer", "oauth2" …; empty: unknown */
    struct str scopes; /* comma separated */
};
struct oas_response {
    struct str status, description, media_types;
};
struct oas_operation {
    struct str method; /* upper case: "GET"; additionalOperations keep theirs */
    struct str path;   /* template as written, base path of 2.0 not included */
    struct str key;    /* "GET /pets/{petId}" */
    struct str operation_id, summary, description;
    struct str tags; /* comma separated */
    bool deprecated;
    bool servable; /* an HTTP/1.1 proxy can carry the method (not QUERY) */
    const struct oas_parameter
        *parameters; /* path item's and operation's, resolved, body included as in "body" */
    size_t parameter_count;
    const struct oas_security *security; /* effective: operation's, else the document's */
    size_t security_count;
    const struct oas_response *responses;
    size_t response_count;
    uint32_t offset; /* source offset of the operation's value */
};
struct oas_server {
    struct str url, description;
};
struct oas_tag {
    struct str name, description;
};

struct oas_summary {
    enum oas_version version;
    struct str version_text; /* "3.1.0" as written */
    struct str title, info_version, description;
    const struct oas_server *servers; /* 2.0: made from schemes, host, basePath */
    size_t server_count;
    const struct oas_tag *tags;
    size_t tag_count;
    const struct oas_operation *operations; /* in document order; not webhooks or callbacks */
    size_t operation_count;
    size_t webhook_count;
};

/** Lists the document. Everything readable is listed; what is missing or malformed becomes a
 * finding of the document. err: ERR_INVALID when the root is no object or names no known version
 * (`openapi: 4.0`), with the place of the version field and a hint which versions are read. */
MUST_USE bool oas_summarise(struct tree *doc, struct arena *mem, struct oas_summary *out,
                            struct err *err);

#endif
