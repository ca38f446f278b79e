/* JSON Schema for rules: which engine's dialect, what is told, and how it is worded. */
#ifndef CHANCERY_LINT_SCHEMAS_H
#define CHANCERY_LINT_SCHEMAS_H

#include "call.h"
#include "catalog/schema/schema.h"

/** The run's own schemas: those of the documents. */
struct schemas *schemas_new(struct run *run);

/* --- what is wrong with a schema itself ------------------------------------------------------- */

/* In the order in which they hide each other. */
enum flaw_kind {
    FLAW_NONE,
    FLAW_NULLABLE, /* without a type */
    FLAW_OPEN,     /* a reference of it cannot be followed: it is not judged */
    FLAW_INVALID   /* against its meta-schema */
};
struct flaw_error {
    struct str pointer, text;
};
struct flaw {
    enum flaw_kind kind;
    VEC(struct flaw_error) errors;
};
/** What is wrong with one schema as it stands, by its meta-schema. */
const struct flaw *schema_flaw(struct schema_set *set, struct jsonpath_spot schema,
                               enum schema_dialect dialect, struct arena *mem);
/** What is wrong with a schema of the documents and all that it refers to. */
const struct flaw *schemas_flaw(struct run *run, struct jsonpath_spot schema);
struct str flaw_message(const struct flaw *flaw, struct arena *mem);

/** Of a run. */
struct schemas {
    struct run *run;
    struct schema_set *set;
    size_t docs; /* added so far */
    VEC(const struct flaw *) flaws;
    uint32_t **flaw_numbers; /* by document, by node: number of its flaw plus 1; made when needed */
    size_t flaw_docs;
    unsigned depth; /* of schemas being looked into, through references */
};
struct schema_set *schemas_documents(struct run *run);

/** A schema that a ruleset holds, as a document of its own. */
struct rule_schema {
    struct schema_set *sets[SCHEMA_DIALECT_COUNT]; /* made when first used */
    struct schema *roots[SCHEMA_DIALECT_COUNT];
    const struct flaw *flaws[SCHEMA_DIALECT_COUNT];
    const struct tree *doc;
    enum schema_dialect dialect;
    bool all_errors;
    struct arena *mem;
};
bool rule_schema_open(struct jsonpath_spot schema, enum schema_dialect dialect, struct arena *mem,
                      struct rule_schema *out, struct err *err);
/** Checks the call's value, reports what is wrong below its path. */
void rule_schema_check(struct call *c, struct rule_schema *schema, enum schema_dialect dialect);

/** Checks an example of the documents against a schema of theirs. A schema that cannot be compiled
 *  is no finding when it is part of a circle, and one when it is wrong. below: path of the example
 *  from the call's. */
void schemas_check_example(struct call *c, struct jsonpath_spot schema, struct jsonpath_spot value,
                           enum schema_direction direction, const struct str *below, size_t count);
/** errors.c: tells what a check found about a value at a path below the call's. */
void report_schema_errors(struct call *c, const struct schema_result *result,
                          struct jsonpath_spot value, const struct str *below, size_t count);
typedef VEC(struct str) name_list;
/** Adds the names from a checked value down to an error's place. */
void schema_error_path(const struct call *c, struct jsonpath_spot value,
                       const struct schema_error *e, name_list *out, struct arena *mem);
/** ajv's words with plain quotes and a quiet "not". */
void add_cleaned(struct str text, struct buf *out);
/** The dialect of the documents' schemas. */
enum schema_dialect schemas_dialect(const struct run *run);

#endif
