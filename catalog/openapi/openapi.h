/* OpenAPI documents: bytes in, values out. Reads JSON and YAML into one node tree with source
 * offsets, detects the version, and lists what a catalog shows. Pure: no files, no network. */
#ifndef CHANCERY_OPENAPI_H
#define CHANCERY_OPENAPI_H

#include "catalog/base/base.h"

/* --- the tree --------------------------------------------------------------------------------- */

enum oas_kind { OAS_NULL, OAS_BOOL, OAS_NUMBER, OAS_STRING, OAS_ARRAY, OAS_OBJECT };

/** One value, 32 bytes; a document is one array of them in document order. Offsets are into
 *  oas_source(). Use the oas_* functions, not the members. */
struct oas_node {
    uint32_t key;   /* node number of the member's name, 0 for elements and the root */
    uint32_t next;  /* number of the next sibling, 0 at the end */
    uint32_t child; /* number of the first member or element; for text: offset of its bytes in the
                       source, or in the text pool when it had escapes or folds */
    uint32_t size;  /* members, elements, or bytes of text */
    uint32_t start, end; /* source offsets of the value, end exclusive */
    uint32_t index;      /* wide containers: where their table of members begins, plus 1 */
    uint8_t kind;        /* enum oas_kind */
    uint8_t flags;
};

struct oas_limits {
    size_t bytes;         /* default 64 MiB */
    uint32_t depth;       /* default 256 */
    uint32_t nodes;       /* default 4,000,000 */
    uint32_t alias_nodes; /* nodes that YAML aliases and merge keys may add, default 1,000,000 */
};
extern const struct oas_limits oas_limits_default;

enum oas_severity { OAS_ERROR, OAS_WARN, OAS_INFO, OAS_HINT };

/** Something a reader should know: a duplicate key, an unknown version … */
struct oas_finding {
    const char *code; /* stable, from one table: "duplicate-key" … */
    enum oas_severity severity;
    struct str message;
    struct str pointer; /* JSON Pointer (RFC 6901) into the document */
    uint32_t offset;    /* source offset */
};

struct oas_document; /* opaque; lives in the arena it was read into */

/** Reads one document. Refuses only bytes that cannot be read at all: err.where is "line L column
 * C" (from 1; columns count UTF-16 code units), ERR_INVALID for syntax, ERR_LIMIT for a budget.
 * Repairable oddities (BOM, UTF-16, CRLF) are accepted; duplicate keys become findings, first key
 * wins. Text that begins with { or [ is read as JSON, and as flow-style YAML (with a finding) only
 * where JSON fails outside of a string. limits may be NULL. The source bytes and the arena must
 * outlive the document, and the arena must not move. A tree walked by recursion never gets deeper
 * than limits.depth and never visits more than nodes + alias_nodes values. */
MUST_USE bool oas_read(struct str bytes, const struct oas_limits *limits, struct arena *mem,
                       struct oas_document **out, struct err *err);

/** The text that offsets refer to: UTF-8, without a byte order mark. */
struct str oas_source(const struct oas_document *doc);

/** The root value; NULL members and indices are answered with NULL by all of these. */
const struct oas_node *oas_root(const struct oas_document *doc);
enum oas_kind oas_kind_of(const struct oas_node *node); /* OAS_NULL for NULL */
const struct oas_node *oas_get(const struct oas_document *doc, const struct oas_node *object,
                               struct str name);
const struct oas_node *oas_first(const struct oas_document *doc, const struct oas_node *container);
const struct oas_node *oas_next(const struct oas_document *doc, const struct oas_node *node);
struct str oas_key(const struct oas_document *doc, const struct oas_node *member);
/** The node of the member's name: its offsets, and its kind as YAML sees it (`200:` is a number).
 *  NULL for elements and the root. */
const struct oas_node *oas_key_node(const struct oas_document *doc, const struct oas_node *member);
/** Text of a string; of a number or bool its source text (numbers stay text); STR_NONE else. */
struct str oas_text(const struct oas_document *doc, const struct oas_node *node);
bool oas_true(const struct oas_document *doc, const struct oas_node *node);
/** Follows $ref chains inside the document; the node itself when it has none; NULL when it leads
 *  nowhere, outside the document, or in a circle. */
const struct oas_node *oas_resolve(const struct oas_document *doc, const struct oas_node *node);
/** The value at a JSON Pointer, or NULL. */
const struct oas_node *oas_at(const struct oas_document *doc, struct str pointer);

struct oas_place {
    uint32_t line, column; /* from 1; columns count UTF-16 code units */
};
struct oas_place oas_place_of(const struct oas_document *doc, uint32_t offset);

const struct oas_finding *oas_findings(const struct oas_document *doc, size_t *count);

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
MUST_USE bool oas_summarise(struct oas_document *doc, struct arena *mem, struct oas_summary *out,
                            struct err *err);

#endif
