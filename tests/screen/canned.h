/* A server with fixed answers on a Unix socket, for screens that must look the same each time. The
 * real daemon meets the console in tests/envoy. */
#ifndef CHANCERY_SCREEN_CANNED_H
#define CHANCERY_SCREEN_CANNED_H

#include "catalog/base/base.h"

struct canned_answer {
    const char *method, *prefix; /* of the target; the first that fits answers */
    int status;                  /* 0: never answers */
    const char *body;
};

struct canned;
/** Answers end with a row without method. NULL when the socket cannot be made. */
struct canned *canned_start(const char *path, const struct canned_answer *answers);
/** Cuts all connections. */
void canned_stop(struct canned *c);
/** Other answers from now on. */
void canned_change(struct canned *c, const struct canned_answer *answers);
/** How many such requests came. */
int canned_count(struct canned *c, const char *method, const char *prefix);
/** The last body that came, in mem. */
struct str canned_body(struct canned *c, struct arena *mem);

#endif
