/* OpenAPI documents: bytes in, values out. Detects the version and lists what a catalog shows.
 * Pure: no files, no network. */
#ifndef CHANCERY_OPENAPI_H
#define CHANCERY_OPENAPI_H

#include "catalog/tree/tree.h"

/* --- documents in several files --------------------------------------------------------------- */

/** A value and the document it stands in; node NULL: none. */
struct oas_spot {
    const struct tree *doc;
    const struct tree_node *node;
};

struct oas_file {
    struct str path;  /* "schemas/Pet.yaml": from the folder of what was uploaded; no dots in it */
    struct tree *doc; /* NULL: not to be had */
    struct str bytes; /* as they were loaded; absent for a document that was read before */
    struct err err;   /* why not */
    bool has_ids;     /* some schema has an $id */
};

/** A root document and the files that its references name, read when first asked for, each once. */
struct oas_files;

/** Gives a file's bytes, which must live in mem. err: ERR_NOT_FOUND, ERR_IO, ERR_LIMIT. */
typedef bool oas_load(void *context, struct str path, struct arena *mem, struct str *bytes,
                      struct err *err);
#define OAS_FILES_MOST 10000
struct oas_files_config {
    oas_load *load; /* NULL: the root is all there is */
    void *context;
    struct tree_limits limits; /* bytes counts for all files together; zeroed: the defaults */
    size_t most_files;         /* 0: OAS_FILES_MOST */
};
/** Reads the root; err as from load and tree_read. Paths never climb out of the root's folder. */
MUST_USE bool oas_files_open(const struct oas_files_config *config, struct str path,
                             struct arena *mem, struct oas_files **out, struct err *err);
/** For a document that has been read already and stands alone. */
struct oas_files *oas_files_of(struct tree *doc, struct arena *mem);
size_t oas_file_count(const struct oas_files *files);
/** 0 is the root; NULL past the end. */
const struct oas_file *oas_file_at(const struct oas_files *files, size_t index);
const struct oas_file *oas_file_of(const struct oas_files *files, const struct tree *doc);
/** "schemas/Pet.yaml line 3 column 5"; without the path in a document of one file. */
struct str oas_where(const struct oas_files *files, struct oas_spot at, struct arena *mem);

/** Where a reference leads. */
enum oas_lead {
    OAS_LEAD_FOUND,
    OAS_LEAD_NOWHERE,    /* the file is there, the value is not */
    OAS_LEAD_CIRCLE,     /* back to where it came from, or through too many others */
    OAS_LEAD_OUTSIDE,    /* another host, or out of the root's folder: never followed */
    OAS_LEAD_UNREADABLE, /* the file is missing or cannot be read: see its err */
};
/** The value that ref names, seen from a document: a fragment, a file with or without one, a $self
 *  (OAS 3.2) or an $id. One step; lead may be NULL. Relative references are taken from the file's
 *  place, also below an $id. */
struct oas_spot oas_refer(struct oas_files *files, const struct tree *from, struct str ref,
                          enum oas_lead *lead);
/** Follows a chain of $ref to its end: the spot itself when it has none. */
struct oas_spot oas_follow(struct oas_files *files, struct oas_spot from, enum oas_lead *lead);

/* --- schemas ---------------------------------------------------------------------------------- */

struct schema;
struct schema_set;

/** A set for the schemas of a document, in the dialect of its version or the one that it names;
 *  other files are read as references lead there. NULL: a dialect of somebody's own. Lives in mem.
 */
struct schema_set *oas_schema_set(struct oas_files *files, struct arena *mem);
/** The schema at a value of one of the files; NULL when the file's path is too long for a set. */
struct schema *oas_schema_at(const struct oas_files *files, struct schema_set *set,
                             struct oas_spot spot);

/* --- what a catalog shows --------------------------------------------------------------------- */

enum oas_version { OAS_UNKNOWN, OAS_2_0, OAS_3_0, OAS_3_1, OAS_3_2 };

/** The version that a document names. err: as from oas_summarise. */
MUST_USE bool oas_version_of(const struct tree *doc, enum oas_version *out, struct err *err);

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
    const struct tree *doc; /* where it stands: a path item may be in another file */
    uint32_t offset;        /* source offset of the operation's value */
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

/** Refuses a document that could not be worked on in a time to its measure, because large values
 * are referred to from many places: 10,000 references to an enum of 40,000 are four hundred million
 *  values to whoever judges each where it is used. Takes no longer than reading the document. err:
 *  ERR_LIMIT at the reference, or list of parameters, that stands for the most. */
MUST_USE bool oas_weigh(struct oas_files *files, struct err *err);

/** Lists the document, with what its references lead to in other files. Everything readable is
 * listed; what is missing or malformed becomes a finding of the file it stands in. err: ERR_INVALID
 * when the root is no object or names no known version
 * (`openapi: 4.0`), with the place of the version field and a hint which versions are read. */
MUST_USE bool oas_summarise(struct oas_files *files, struct arena *mem, struct oas_summary *out,
                            struct err *err);

/** Operations below "paths", without reading them: methods of path items that stand there. */
size_t oas_operation_count(const struct tree *doc);

/* --- one file out of it ----------------------------------------------------------------------- */

/* What oas_bundle and oas_slice write at most, unless the buffer says less. */
#define OAS_WRITTEN_MOST ((size_t)256 << 20)

/** Writes a document of several files as one that means the same. What references in other files,
 *  or to them, lead to becomes a component once, and the references name it there; circles stay
 *  references. Components keep their names where these are free. Nothing else changes but the
 *  form: comments are lost, YAML's aliases are written out. err: as from oas_version_of;
 *  ERR_INVALID with file and place for a reference that leads nowhere, or out of the folder;
 *  ERR_LIMIT. */
MUST_USE bool oas_bundle(struct oas_files *files, enum tree_format format, struct buf *out,
                         struct err *err);

/** Some operations: those that have one of the tags, and those that are named, by operationId or
 *  as "GET /pets". */
struct oas_part {
    const struct str *tags, *operations;
    size_t tag_count, operation_count;
};
/** Writes a document of these operations, of webhooks too, with what they need: components that
 *  they lead to, also by security, discriminators and links between them, the tags they have, and
 *  what stands beside paths. Left out with the rest: links to operations that are, and extensions
 *  of the document that refer to something that is. Where the
 *  document stands in several files, the slice is one. err: as from oas_bundle, for what is kept;
 *  ERR_NOT_FOUND for a tag or operation that is not there, with the nearest one. */
MUST_USE bool oas_slice(struct oas_files *files, const struct oas_part *part,
                        enum tree_format format, struct buf *out, struct err *err);

/* --- validation ------------------------------------------------------------------------------- */

struct oas_validate_options {
    bool grammar_only; /* the grammar of objects only: no references, names, examples */
    bool one_file;     /* other files cannot be had: references to them are remarks */
};

/** Judges a document, with the files that its references name, by the grammar of its version and by
 *  what the specification asks for besides: references and what they lead to, operation ids, path
 *  templates and parameters, tags, security, servers, examples, links, discriminators. What is
 *  wrong becomes findings of the file it stands in (tree_findings), each with its remedy, and none
 *  twice when oas_summarise has told it. err: ERR_INVALID when the root names no known version. */
MUST_USE bool oas_validate(struct oas_files *files, const struct oas_validate_options *options,
                           struct err *err);

#endif
