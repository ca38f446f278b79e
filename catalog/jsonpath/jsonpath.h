/* JSONPath over document trees, in two dialects: RFC 9535, and what people write into rulesets (the
 * union of what Nimma and JSONPath-Plus accept). Pure: trees in, matches out. */
#ifndef CHANCERY_JSONPATH_H
#define CHANCERY_JSONPATH_H

#include "catalog/tree/tree.h"

/** A value and the document it stands in. */
struct jsonpath_spot {
    const struct tree *doc;
    const struct tree_node *node;
};

/** What a walk sees in place of a value: a view that follows references answers with their targets.
 *  It must not show a value inside of itself. A NULL view shows the documents as they are. */
struct jsonpath_view {
    struct jsonpath_spot (*see)(const void *context, struct jsonpath_spot raw);
    const void *context;
};

enum jsonpath_dialect {
    JSONPATH_STRICT,   /* RFC 9535 */
    JSONPATH_SPECTRAL, /* `~`, `^`, unquoted unions, filters in JavaScript, type shorthands */
};

struct jsonpath;

/** Compiles an expression; what it needs lives in mem, so does a copy of the text. It belongs to
 * one thread (regular expressions do). err: ERR_INVALID with where "column N". */
MUST_USE bool jsonpath_compile(struct str text, enum jsonpath_dialect dialect, struct arena *mem,
                               struct jsonpath **out, struct err *err);

/** One level of a path: the member `key` or the element `index` (then key.ptr is NULL). */
struct jsonpath_step {
    struct str key;
    uint32_t index;
    struct jsonpath_spot raw;  /* the value as it stands there */
    struct jsonpath_spot seen; /* what the view shows */
};

/** Valid during the call only. */
struct jsonpath_match {
    struct jsonpath_spot value; /* as the view shows it */
    const struct jsonpath_step *path;
    size_t depth; /* steps of path; 0 is the root */
    bool key;     /* the name (or index) of the last step was asked for, not its value */
};

typedef void jsonpath_hit(void *context, size_t tag, const struct jsonpath_match *match);

/** Calls hit for each match below root, in the order of RFC 9535. err: ERR_LIMIT after a
 *  number of steps that the document's size decides, filters inside of filters included. */
MUST_USE bool jsonpath_find(const struct jsonpath *path, struct jsonpath_spot root,
                            const struct jsonpath_view *view, size_t tag, jsonpath_hit *hit,
                            void *context, struct err *err);

/** Many expressions matched by one walk. Expressions with a common beginning share it. */
struct jsonpath_set;
struct jsonpath_set *jsonpath_set_new(struct arena *mem);
/** tag comes back with each match; several expressions may share one, and one expression added
 * again with another tag costs nothing. path must outlive the set. */
void jsonpath_set_add(struct jsonpath_set *set, const struct jsonpath *path, size_t tag);

/** Walks everything the view shows below root. Each value is entered once for each set of
 *  expressions that could still match below it, however many paths lead there; its matches are
 *  reported with the first of these paths. So shared values cost once, and an expression that asks
 *  for more of the path than names (`@path`, `@parentProperty`) sees the first path only. The order
 *  of matches is unspecified, the same match may come again. err: ERR_LIMIT. */
MUST_USE bool jsonpath_set_walk(struct jsonpath_set *set, struct jsonpath_spot root,
                                const struct jsonpath_view *view, jsonpath_hit *hit, void *context,
                                struct err *err);

#endif
