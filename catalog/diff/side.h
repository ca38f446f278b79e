/* One document's insides; only files that make views include this. */
#ifndef CHANCERY_DIFF_SIDE_H
#define CHANCERY_DIFF_SIDE_H

#include "catalog/diff/map.h"
#include "catalog/diff/schema.h"

struct side {
    const struct tree *doc;
    const struct diff_options *options;
    struct arena *mem;
    struct map schemas;    /* by node: the view */
    struct map components; /* by node: its name */
    struct map joined;     /* by hash of parts: views of properties that several parts describe */
    const struct schema *empty;
    uint32_t count;
    bool is_31, upgrade, flatten;
};

/** Sets has and values. */
void schema_fill(struct side *side, struct schema *s, const struct tree_node *const *by_keyword,
                 uint64_t has);
/** Makes one schema of a schema and its allOf where that says the same; else leaves it. */
void schema_flatten(struct side *side, struct schema *s);
/** The schema that holds where all of them do; the first where they cannot be made one. */
const struct schema *schema_join(struct side *side, const struct schema *const *all, size_t count);

#endif
