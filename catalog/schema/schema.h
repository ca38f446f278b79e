/* JSON Schema over trees: schema and instance are nodes, of two documents or of one. Compiled as it
 * is used, once a node. Pure: what references name is asked from a callback. */
#ifndef CHANCERY_SCHEMA_H
#define CHANCERY_SCHEMA_H

#include "catalog/tree/tree.h"

/* --- dialects --------------------------------------------------------------------------------- */

/* OAS_3_0 is what Schema Objects of OpenAPI 2.0 and 3.0 mean: draft-04 with `nullable`, siblings of
 * $ref ignored, and what draft-06 and -07 added understood. Those of 3.1 and 3.2 are 2020-12. */
enum schema_dialect {
    SCHEMA_DRAFT_04,
    SCHEMA_DRAFT_06,
    SCHEMA_DRAFT_07,
    SCHEMA_2019_09,
    SCHEMA_2020_12,
    SCHEMA_OAS_3_0,
    SCHEMA_DIALECT_COUNT
};

/** The dialect that a `$schema` names ("http://json-schema.org/draft-07/schema#" …; OpenAPI's own
 *  count as 2020-12); false when it is none of these. */
MUST_USE bool schema_dialect_named(struct str uri, enum schema_dialect *out);

/* --- sets of documents ------------------------------------------------------------------------ */

/** Documents by URI and everything compiled from them. Belongs to one thread. */
struct schema_set;
/** One schema of a set; compiled when it is first applied. */
struct schema;

/** The document at an absolute URI (or a path, when documents were added by path) without its
 *  fragment; NULL when there is none. Must not reach for a network. */
struct schema_loader {
    const struct tree *(*load)(void *context, struct str uri);
    void *context;
};

struct schema_settings {
    enum schema_dialect dialect; /* where no `$schema` says otherwise */
    bool dialect_fixed;          /* a `$schema` never says otherwise */
    struct schema_loader loader; /* load may be NULL. The meta-schemas are known without it. */
};

/** What a document is: one schema, or something that holds schemas (an OpenAPI document), where
 *  every object with a textual `$id`, `$anchor` or `$dynamicAnchor` outside of examples counts. */
enum schema_holds { SCHEMA_IS_SCHEMA, SCHEMA_HOLDS_SCHEMAS };

/** Lives in mem, which must not move; so must the documents added later. */
struct schema_set *schema_set_new(struct arena *mem, const struct schema_settings *settings);
/** Makes a document known; uri may be absent ("" then: its own `$id` decides), and may be a path.
 *  Adding a document again changes nothing. err: ERR_INVALID for a schema that is no object or
 *  boolean, ERR_LIMIT. */
MUST_USE bool schema_set_add(struct schema_set *set, struct str uri, const struct tree *doc,
                             enum schema_holds holds, struct err *err);
/** The schema at a node of an added document. Never NULL: what is no schema accepts everything and
 *  is a fault once applied. */
struct schema *schema_at(struct schema_set *set, const struct tree *doc,
                         const struct tree_node *node);
/** The schema that a URI reference names, seen from a node of an added document; NULL when it leads
 *  nowhere. */
struct schema *schema_referred(struct schema_set *set, const struct tree *doc,
                               const struct tree_node *from, struct str reference);
/** Where a schema stands. */
const struct tree *schema_doc(const struct schema *schema);
const struct tree_node *schema_node(const struct schema *schema);

/** What is wrong with the schemas themselves, found as far as they were applied: a reference that
 *  leads nowhere, a pattern that is none, a keyword with a value of the wrong type, a schema that
 *  leads back to itself. Such a keyword takes no part in a decision. */
struct schema_fault {
    const struct tree *doc;
    const struct tree_node *node; /* the keyword's value */
    const char *keyword;
    struct str message;
};
/** In the order found; at most a thousand. Valid until the next check. */
const struct schema_fault *schema_faults(const struct schema_set *set, size_t *count);

/* --- checking --------------------------------------------------------------------------------- */

/** What an instance is part of: then a required property that is readOnly (in a request) or
 *  writeOnly (in a response) may be absent. */
enum schema_direction { SCHEMA_ANY_WAY, SCHEMA_REQUEST, SCHEMA_RESPONSE };
/** Which errors below a failed anyOf or oneOf are told, before the error of the keyword itself. */
enum schema_branches { SCHEMA_BRANCH_CLOSEST, SCHEMA_BRANCHES_ALL, SCHEMA_BRANCHES_NONE };

struct schema_options {
    bool first;   /* stop at the first error */
    bool formats; /* `format` decides; without, it is a remark */
    enum schema_direction direction;
    enum schema_branches branches;
    uint32_t errors; /* to be told at most; 0: 1000 */
    uint64_t steps;  /* to be taken at most; 0: by the instance's size */
};

/** One thing wrong with an instance. */
struct schema_error {
    const char *keyword;        /* "required" …; "false schema" for a schema that is `false` */
    const struct tree_node *at; /* value in the instance's document that it is about */
    const struct tree *schema_doc;
    const struct tree_node *schema; /* object that has the keyword, or the `false` */
    const struct tree_node *value;  /* the keyword's value; NULL for "false schema" */
    struct str name; /* missing property; name of an additional or unevaluated member, or that fails
                        propertyNames (or inside of it); dependency's missing property */
    struct str other; /* dependencies: the property that asks for it */
    uint64_t number;  /* a limit in items, members or characters; uniqueItems: first position;
                         oneOf: how many matched; contains: how many matched */
    uint64_t number2; /* uniqueItems: second position; contains: 1 when too many matched */
    uint32_t level;   /* anyOf, oneOf and the like around it */
    int32_t branch;   /* anyOf, oneOf: number of the branch that came closest, else -1 */
    const struct tree_node *top;         /* the checked value */
    const struct tree_node *const *path; /* values from the checked one down to `at` */
    uint32_t path_len;                   /* 0 when `at` is the checked one */
};

enum schema_verdict {
    SCHEMA_VALID,
    SCHEMA_INVALID,
    SCHEMA_UNDECIDED, /* a budget ended it: steps, nesting, a pattern's match */
};

struct schema_result {
    enum schema_verdict verdict;
    const struct schema_error *errors;
    size_t count;
    bool more;      /* than were told */
    uint64_t steps; /* that were taken */
};

/** Applies a schema to a value of a document. Results live in mem. Options may be NULL: all errors,
 *  formats as remarks. */
enum schema_verdict schema_check(struct schema_set *set, struct schema *schema,
                                 const struct tree *doc, const struct tree_node *value,
                                 const struct schema_options *options, struct arena *mem,
                                 struct schema_result *out);

/** Writes what is wrong as ajv words it ("must have required property 'name'"), without subject. */
void schema_message(const struct schema_error *error, struct buf *out);
/** Writes the JSON Pointer from the checked value down to the error's place. */
void schema_error_pointer(const struct tree *doc, const struct schema_error *error,
                          struct buf *out);

/* --- values ----------------------------------------------------------------------------------- */

/** Equal as JSON Schema has it: numbers by value, members in any order. */
bool schema_same_value(const struct tree *a, const struct tree_node *x, const struct tree *b,
                       const struct tree_node *y);
/** Hash of a value; equal values have equal hashes. */
uint64_t schema_value_hash(const struct tree *doc, const struct tree_node *node);
/** Sign of a - b for two number texts of JSON or YAML, exact. */
int schema_number_cmp(struct str a, struct str b);
/** True when the number has no fraction. */
bool schema_number_is_whole(struct str text);
/** Judges a text by a named format ("date-time" …); true for unknown formats. */
bool schema_format_holds(struct str format, struct str text);

/* --- URIs ------------------------------------------------------------------------------------- */

/** RFC 3986 §5.2, not strict about the base: it may be a path. */
struct str uri_resolve(struct str base, struct str reference, struct arena *mem);
/** Splits at `#`: the part before, and the fragment (absent when there is no `#`). */
struct str uri_without_fragment(struct str uri, struct str *fragment);

#endif
