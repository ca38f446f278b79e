/* One document's insides; only files that make views include this. */
#ifndef CHANCERY_DIFF_SIDE_H
#define CHANCERY_DIFF_SIDE_H

#include "catalog/diff/map.h"
#include "catalog/diff/shape.h"

struct side {
    struct oas_files *files;
    const struct tree *doc; /* the root */
    const struct diff_options *options;
    struct arena *mem;
    struct diff_map schemas;    /* by node: the view */
    struct diff_map components; /* by node: its name */
    struct diff_map joined; /* by hash of parts: views of properties that several parts describe */
    struct diff_map required; /* by view: the names that it requires */
    struct diff_map names;    /* by view and keyword: the names of a map's members */
    const struct shape *empty;
    uint32_t count;
    bool is_20, is_31, upgrade, flatten;
    unsigned flattening; /* levels of allOf under way */
};

/** Sets has and values. */
void shape_fill(struct side *side, struct shape *s, const struct oas_spot *by_keyword,
                uint64_t has);
/** Makes one schema of a schema and its allOf where that says the same; else leaves it. */
void shape_flatten(struct side *side, struct shape *s);
/** The schema that holds where all of them do; the first where they cannot be made one. */
const struct shape *shape_join(struct side *side, const struct shape *const *all, size_t count);

#endif
