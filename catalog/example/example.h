/* Values made for schemas: one that is valid, the same in each run, or why there is none. Pure. */
#ifndef CHANCERY_EXAMPLE_H
#define CHANCERY_EXAMPLE_H

#include "catalog/openapi/openapi.h"
#include "catalog/schema/schema.h"

/** Makes and judges values for the schemas of one document. Belongs to one thread. */
struct example_maker;
/** Lives in mem. err: ERR_INVALID when the document's schemas are in a dialect of somebody's own,
 *  or it names no known version. */
MUST_USE bool example_maker_new(struct oas_files *files, struct arena *mem,
                                struct example_maker **out, struct err *err);
enum oas_version example_version(const struct example_maker *maker);

struct example_options {
    enum schema_direction direction; /* readOnly is left out of requests, writeOnly of responses */
    bool required_only;              /* of properties; else all, down to a fixed depth */
};

struct example {
    struct str json;            /* one JSON text; absent when none could be made */
    bool given;                 /* as a whole the document's own: example, default, const, enum */
    struct str pointer, reason; /* of none: which part of the value, and why */
};

/** Makes a value that the schema accepts, formats included: its own examples first, then one by
 *  type, bounds, format and pattern, with branches tried until the whole is valid. Circles end at
 *  the first property, element or branch that may be left out. Nothing is random. False when none
 *  was found within a fixed number of tries; *out then says why. */
MUST_USE bool example_make(struct example_maker *maker, struct oas_spot schema,
                           const struct example_options *options, struct arena *mem,
                           struct example *out);

struct example_problem {
    struct str pointer; /* into the value */
    struct str message; /* "must be integer" */
    struct oas_spot by; /* what the schema says: the keyword's value */
};
typedef VEC(struct example_problem) example_problems;

/** Judges a value of any document by a schema of this one, formats included. False when it does not
 *  fit: out has the first few reasons, in mem. */
bool example_judge(struct example_maker *maker, struct oas_spot schema, const struct tree *doc,
                   const struct tree_node *value, enum schema_direction direction,
                   struct arena *mem, example_problems *out);

/** Writes a value of a document as one JSON text; false when it is nested too deep. */
MUST_USE bool example_json(const struct tree *doc, const struct tree_node *value, struct arena *mem,
                           struct str *out);
/** Where a node stands in its document: a JSON Pointer. */
struct str example_pointer(const struct tree *doc, const struct tree_node *node, struct arena *mem);

#endif
