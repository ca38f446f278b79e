/* What the parts of oas_summarise share. Only files of this folder include this. */
#ifndef CHANCERY_OPENAPI_LISTER_H
#define CHANCERY_OPENAPI_LISTER_H

#include "tree.h"

struct lister {
    struct oas_document *doc;
    struct arena *mem; /* of the summary */
    const struct oas_node *root;
    enum oas_version version;
    struct str path, field, method; /* where the lister is, for findings: /paths/PATH/FIELD, and the
                                       method of an additional operation; absent elsewhere */
    size_t limit_bytes;             /* of mem: shared parts are listed again at each use */
};

/** A finding below the lister's place: names are joined to a pointer behind its place. */
#define note(lister, code, node, what, ...)                           \
    lister_note((lister), (code), (node), (const struct str[]){what}, \
                COUNT_OF(((const struct str[]){what})), __VA_ARGS__)
#define AT(...) __VA_ARGS__
void lister_note(struct lister *lister, enum finding_code code, const struct oas_node *node,
                 const struct str *names, size_t count, const char *format, ...) PRINTF_LIKE(6, 7);
/** False once the listing has grown past its limit; ask before each row. */
bool lister_room(const struct lister *lister);
/** Text of a member; a finding when it is there but no text. STR_NONE when absent. */
struct str lister_text(struct lister *lister, const struct oas_node *object, const char *name);
/** The value that a reference leads to; a finding when it leads nowhere. */
const struct oas_node *lister_resolve(struct lister *lister, const struct oas_node *node);
/** Names or texts joined with ", ". */
struct str lister_join(struct lister *lister, const struct str *parts, size_t count);
/** Texts of an array. */
struct str lister_join_texts(struct lister *lister, const struct oas_node *array);
bool is_extension(struct str name);

MUST_USE bool lister_version(struct lister *lister, struct oas_summary *out, struct err *err);
void lister_paths(struct lister *lister, struct oas_summary *out);
void lister_parameters(struct lister *lister, const struct oas_node *item,
                       const struct oas_node *shared, const struct oas_node *operation,
                       struct oas_operation *out);
void lister_responses(struct lister *lister, const struct oas_node *operation,
                      struct oas_operation *out);
void lister_security(struct lister *lister, const struct oas_node *operation,
                     struct oas_operation *out);
/** A schema in a few words for people: "string", "integer(int64)", "Pet[]", "Cat | Dog". */
struct str schema_words(struct lister *lister, const struct oas_node *schema);

#endif
