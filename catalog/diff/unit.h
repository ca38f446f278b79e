/* In the usual mode a component's findings are made once and name the operations that it affects.
 */
#ifndef CHANCERY_DIFF_UNIT_H
#define CHANCERY_DIFF_UNIT_H

#include "catalog/diff/site.h"

/** A component on its way into or out of a message. */
struct unit {
    struct delta *delta;
    bool inside;         /* what is below the component; else the component itself */
    struct site site;    /* the first place that led here */
    size_t first, count; /* its findings */
    VEC(struct unit *) below;
    uint64_t *operations; /* one bit each */
    bool grown;           /* operations were added since they were handed down */
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
