/* In the usual mode a component's findings are made once and name the operations that it affects.
 */
#ifndef CHANCERY_DIFF_UNIT_H
#define CHANCERY_DIFF_UNIT_H

#include "catalog/diff/site.h"

/** A growing set of operations by number. */
struct operation_set {
    uint64_t *words;
    size_t count; /* of words */
};
/** False when it was there. */
bool operation_set_add(struct operation_set *set, struct arena *mem, size_t number);
/** Adds all of another set; false when all were there. */
bool operation_set_join(struct operation_set *set, struct arena *mem,
                        const struct operation_set *more);
/** The operations' keys, in the order in which they were met: by path and method. */
size_t operation_set_keys(struct differ *d, const struct operation_set *set,
                          const struct str **out);

/** A finding about a shared parameter, response, request body or header. */
struct shared {
    size_t finding; /* its number */
    struct operation_set operations;
    struct shared *next; /* of equal hash */
};
/** Writes the affected operations into the findings of shared things. */
void shared_spread(struct differ *d);

/** A component on its way into or out of a message. */
struct unit {
    struct delta *delta;
    bool inside;         /* what is below the component; else the component itself */
    struct site site;    /* the first place that led here */
    size_t first, count; /* its findings */
    VEC(struct unit *) below;
    struct operation_set operations;
    bool grown; /* operations were added since they were handed down */
};

/** When the delta is a component's, remembers it for later and returns true. */
bool unit_begins(struct site *site, struct delta *delta);
/** Makes the findings of all components met. */
void units_check(struct differ *d);
/** Hands affected operations down and writes them into the findings. */
void units_spread(struct differ *d);

void walk_below(struct site *site, const struct delta *delta);
void walk_root(struct site *site, struct delta *delta);
/** The scope of what is below a schema of that scope. */
enum scope scope_below(enum scope scope);

#endif
