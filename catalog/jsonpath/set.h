/* Many expressions as one automaton: a trie of segments, whose sets of pending edges are the states
 * of a walk. */
#ifndef CHANCERY_JSONPATH_SET_H
#define CHANCERY_JSONPATH_SET_H

#include "path.h"

/* An expression that ends at an edge, or goes on from there by parents (`^`). */
struct terminal {
    size_t tag;
    const struct jsonpath *path;
    size_t segment; /* what is left; path->count when nothing is */
};

/* One segment after a common beginning. Edge 0 stands for `$`. */
struct edge {
    const struct segment *segment;
    enum jsonpath_dialect dialect;
    VEC(uint32_t) next;
    VEC(struct terminal) ends;
    bool only_names; /* known by the number of the name alone */
};

/* Edges that could match a child, sorted. */
struct state {
    uint32_t id;
    const uint32_t *edges;
    uint32_t count;
    const uint32_t *others; /* those that must be tried on each child */
    uint32_t other_count;
    const uint16_t *first; /* by number of a name: where its edges begin in named, ending at the
                              next name's */
    const uint32_t *named;
    const struct state *plain; /* of a child that nothing matched; NULL until asked for */
};

struct names {
    const struct str *texts; /* from 1 */
    uint32_t count;
    uint32_t *slots;
    uint32_t slot_count;
};

struct jsonpath_set {
    struct arena *mem;
    VEC(struct edge) edges;
};

/* Numbers of the names that matter, for each document met. */
struct doc_names {
    const struct tree *doc;
    uint16_t *name;  /* by node: number of its name, 0 for names nobody asks for */
    uint64_t *holds; /* by node: bit set of its members' required names */
};

struct automaton {
    const struct jsonpath_set *set;
    struct arena *mem;
    struct names names;
    VEC(struct state *) states;
    struct table *by_edges, *by_step;
    VEC(struct doc_names) docs;
};

void automaton_init(struct automaton *a, const struct jsonpath_set *set, struct arena *mem);
/** The state before the root's children. */
const struct state *automaton_start(struct automaton *a);
/** The state below a child of `from` that the edges in matched (sorted, distinct) lead to. */
const struct state *automaton_step(struct automaton *a, const struct state *from,
                                   const uint32_t *matched, uint32_t count);
/** Name numbers of a document; made when first asked for. */
const struct doc_names *automaton_doc(struct automaton *a, const struct tree *doc);
/** Bits of the names a filter requires; bits past 63 names are left out. */
uint64_t automaton_required(const struct automaton *a, const struct expr *filter);

/* --- hash sets of 64-bit numbers and of sequences --------------------------------------------- */

struct numbers {
    uint64_t *slots; /* 0 is empty: numbers are kept plus 1 */
    size_t count, size;
};
/** True when it was not there yet. Memory of the heap: numbers_clear(). */
bool numbers_add(struct numbers *n, uint64_t number);
void numbers_clear(struct numbers *n);

struct table *table_new(struct arena *mem);
/** The place of the value kept under a sequence; *place is NULL when new. */
void **table_at(struct table *t, uint32_t head, const uint32_t *items, uint32_t count);

#endif
