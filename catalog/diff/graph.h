/* Pairs of an old and a new schema, how they differ by themselves (pair) and with all below
 * (delta).
 *
 * A pair is made once, however many places lead to it; its edges name the pairs below, so schemas
 * that contain themselves are circles of pairs. A delta is a pair whose branches of oneOf, anyOf
 * and allOf have been matched. In the usual mode there is one delta per pair, and circles of
 * deltas. To answer as oasdiff does, circles are cut instead: each way into a circle unrolls it
 * once, and a pair that the way has met already is left out (graph.tree). */
#ifndef CHANCERY_DIFF_GRAPH_H
#define CHANCERY_DIFF_GRAPH_H

#include "catalog/diff/map.h"
#include "catalog/diff/shape.h"

struct pair_edge {
    enum keyword keyword;
    struct str name;               /* CLASS_MAP */
    uint32_t old_index, new_index; /* lists */
    struct shape_ref old, new;
    struct pair *to;
};

/** Which elements of a list have no counterpart. */
struct list_change {
    const uint32_t *added, *removed; /* indices into the new and the old list */
    uint32_t added_count, removed_count;
};
/* A list of branches is matched element by element only up to here; longer ones by reference only.
 */
#define MOST_BRANCHES 512
#define LIST_COUNT    4 /* oneOf, anyOf, allOf, prefixItems */
/** Which list a keyword is, or LIST_COUNT. */
unsigned list_of(enum keyword keyword);

struct pair {
    const struct shape *old, *new;
    uint64_t changed;        /* keywords that differ here, children apart */
    uint64_t added, removed; /* single-schema keywords that stand on one side only */
    const struct pair_edge *edges;
    uint32_t edge_count;
    struct list_change lists[LIST_COUNT]; /* what references alone leave unmatched */
    uint32_t number;
    bool expanded, cyclic, on_path;
    uint32_t component;            /* strongly connected component, from 1; 0: not known */
    uint32_t order, low, on_stack; /* while components are found */
    struct pair **candidates;      /* pairs that matching may ask for */
    uint32_t candidate_count;
    struct delta *delta; /* the delta; in tree mode that of a way that cuts nothing */
    enum { DELTA_NOT_MADE, DELTA_IN_WORK, DELTA_MADE } state;
    struct delta_memo *memos; /* tree mode: deltas by what is cut */
};

struct delta_edge {
    const struct pair_edge *edge;
    struct delta *to;
};

enum wrapping { WRAP_NULL_ADDED = 1, WRAP_NULL_REMOVED = 2, WRAP_ONE_OF = 4, WRAP_KEPT = 8 };

struct delta {
    const struct pair *pair;
    uint64_t changed; /* the pair's, and the lists whose elements were added or removed */
    const struct delta_edge *edges;
    uint32_t edge_count;
    struct list_change lists[LIST_COUNT];
    unsigned wrapping;
    uint32_t seen[2];    /* number of the walk that was here; by whether it came below an allOf */
    uint32_t search;     /* number of the search that was here */
    uint8_t any, strict; /* enum answer: does anything, does anything but annotations change? */
};

struct graph {
    struct side *old, *new;
    const struct diff_options *options;
    struct arena *mem;
    struct err *err; /* set once */
    bool failed, tree;
    struct diff_map pairs;
    struct diff_map branch_names; /* by view: names of properties in the branches of its oneOf */
    VEC(struct pair *) waiting;   /* to be expanded */
    uint32_t pair_count, components, searches, depth;
    VEC(struct pair *) path;    /* tree mode: pairs being unrolled */
    struct diff_map *visited;   /* tree mode: pairs of circles that this way has met */
    VEC(struct diff_map) spare; /* tables of ways that have ended */
};

void graph_init(struct graph *g, struct side *old, struct side *new,
                const struct diff_options *options, struct arena *mem, struct err *err);

/** Keywords that say nothing about which values are valid. */
#define ANNOTATION_KEYWORDS                                                    \
    (BIT(KW_TITLE) | BIT(KW_DESCRIPTION) | BIT(KW_DEFAULT) | BIT(KW_EXAMPLE) | \
     BIT(KW_EXTERNAL_DOCS) | BIT(KW_EXAMPLES) | BIT(KW_COMMENT))

/** The pair and all pairs below it, made when new. */
struct pair *graph_pair(struct graph *g, const struct shape *old, const struct shape *new);
/** The difference of two schemas; NULL when there is none. Both must be there. */
struct delta *graph_delta(struct graph *g, const struct shape *old, const struct shape *new);
/** True when something at or below the delta (may be NULL) differs; strict: annotations apart. */
bool delta_changes(struct graph *g, struct delta *delta, bool strict);
/** True when both accept the same values, as far as the comparison sees. */
bool shapes_equivalent(struct graph *g, const struct shape *old, const struct shape *new);
/** True when a schema accepts all values: nothing but annotations, or `true`. */
bool shape_says_nothing(struct side *side, const struct shape *s);
/** True for properties that an object schema moved into the branches of a oneOf (WRAP_ONE_OF). */
bool wrapping_moved(struct graph *g, const struct pair *pair, struct str name);

/* --- between the graph's files ---------------------------------------------------------------- */

void pair_compare(struct graph *g, struct pair *pair); /* compare.c: sets changed, added, removed */
void graph_find_components(struct graph *g, struct pair *root); /* cycles.c */
/** unroll.c: the delta of a comparison made while another one is unrolled. */
struct delta *graph_compare(struct graph *g, struct pair *pair);
/** lists.c: matches elements of a list that references left over; more edges go to *edges. */
typedef VEC(struct delta_edge) delta_edges;
void lists_match(struct graph *g, const struct pair *pair, enum keyword keyword,
                 struct list_change *change, delta_edges *edges);
unsigned wrapping_of(struct graph *g, const struct pair *pair); /* wrapping.c */
bool may_wrap_one_of(struct graph *g, const struct shape *old, const struct shape *new);
bool may_wrap_null(struct graph *g, const struct shape *plain, const struct shape *wrapped,
                   struct shape_ref *payload, bool wrapped_is_new);
struct side *graph_side(struct graph *g, bool is_new);
void graph_fail(struct graph *g, const struct pair *pair);
/** A schema `true` says as much as an empty one. */
const struct shape *true_as_empty(struct side *side, const struct shape *s);

#endif
