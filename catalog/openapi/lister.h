/* What the parts of oas_summarise share. Only files of this folder include this. */
#ifndef CHANCERY_OPENAPI_LISTER_H
#define CHANCERY_OPENAPI_LISTER_H

#include "reference.h"

/* Codes of findings, here once: stable name and severity. */
#define FINDING_CODES(X)                                             \
    X(FINDING_TOO_MANY_PARAMETERS, "more-parameters", SEVERITY_WARN) \
    X(FINDING_VERSION_FORM, "version-form", SEVERITY_WARN)           \
    X(FINDING_TWO_VERSIONS, "two-versions", SEVERITY_WARN)           \
    X(FINDING_NUMBER_AS_TEXT, "number-as-text", SEVERITY_ERROR)      \
    X(FINDING_MISSING, "missing-field", SEVERITY_ERROR)              \
    X(FINDING_WRONG_TYPE, "wrong-type", SEVERITY_ERROR)              \
    X(FINDING_NO_PATHS, "no-paths", SEVERITY_WARN)                   \
    X(FINDING_PATH_FORM, "path-form", SEVERITY_ERROR)                \
    X(FINDING_BROKEN_REF, "broken-reference", SEVERITY_ERROR)        \
    X(FINDING_OUTSIDE_REF, "outside-reference", SEVERITY_INFO)       \
    X(FINDING_METHOD_FORM, "method-form", SEVERITY_WARN)             \
    X(FINDING_UNKNOWN_SCHEME, "unknown-security", SEVERITY_WARN)

#define FINDING_ENUM(name, text, severity) name,
enum finding_code { FINDING_CODES(FINDING_ENUM) FINDING_CODE_COUNT };
#undef FINDING_ENUM

struct lister {
    struct oas_files *files;
    const struct tree *doc; /* that the values at hand stand in; see lister_enter */
    struct arena *mem;      /* of the summary */
    struct oas_spot root;
    enum oas_version version;
    struct str path;    /* of the path item being listed */
    size_t limit_bytes; /* of mem: shared parts are listed again at each use */
    size_t steps;       /* taken from member to member */
};

/** A finding at a value, or at a member that it lacks (missing, else STR_NONE). One place is told
 *  once a code, however many operations share it. */
void note(struct lister *lister, enum finding_code code, const struct tree_node *node,
          struct str missing, const char *format, ...) PRINTF_LIKE(5, 6);
/** Goes on in the document of a value that a reference leads to; returns the one to come back to,
 * by the same function. */
const struct tree *lister_enter(struct lister *lister, const struct tree *doc);
/** tree_next that counts, and ends once too many steps are taken: walk with nothing else here. */
const struct tree_node *lister_next(struct lister *lister, const struct tree_node *node);
/** False once the listing has grown past its limits; ask before each row. */
bool lister_room(const struct lister *lister);
/** Text of a member; a finding when it is there but no text. STR_NONE when absent. */
struct str lister_text(struct lister *lister, const struct tree_node *object, const char *name);
/** The value that a reference leads to, in whatever file; a finding when it leads nowhere. */
struct oas_spot lister_resolve(struct lister *lister, const struct tree_node *node);
/** The same without a finding. lead may be NULL. */
struct oas_spot lister_follow(struct lister *lister, struct oas_spot from, enum oas_lead *lead);
/** Names or texts joined with ", ". */
struct str lister_join(struct lister *lister, const struct str *parts, size_t count);
/** Texts of an array. */
struct str lister_join_texts(struct lister *lister, const struct tree_node *array);
bool is_extension(struct str name);

MUST_USE bool lister_version(struct lister *lister, struct oas_summary *out, struct err *err);
void lister_paths(struct lister *lister, struct oas_summary *out);
/** item: the path item; shared: what its $ref leads to, node NULL without one. */
void lister_parameters(struct lister *lister, struct oas_spot item, struct oas_spot shared,
                       const struct tree_node *operation, struct oas_operation *out);
void lister_responses(struct lister *lister, const struct tree_node *operation,
                      struct oas_operation *out);
void lister_security(struct lister *lister, const struct tree_node *operation,
                     struct oas_operation *out);
/** A schema in a few words for people: "string", "integer(int64)", "Pet[]", "Cat | Dog". */
struct str schema_words(struct lister *lister, const struct tree_node *schema);

#endif
