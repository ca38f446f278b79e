/* A database of a test's own, in a folder that goes with it. */
#ifndef CHANCERY_TEST_SCRATCH_H
#define CHANCERY_TEST_SCRATCH_H

#include "catalog/base/base.h"

struct scratch {
    char folder[64];
    char path[96]; /* where the catalog is or will be */
};

void scratch_make(struct scratch *s);
/** Removes the folder with everything in it. */
void scratch_clear(struct scratch *s);
/** path + suffix, in mem. */
const char *scratch_beside(const struct scratch *s, const char *suffix, struct arena *mem);
/** All bytes of a file, in mem. */
struct str scratch_bytes(const char *path, struct arena *mem);
/** Runs SQL over a connection of its own that our code knows nothing of. */
void scratch_sql(const char *path, const char *text);
/** First column of the first row as a number. */
int64_t scratch_number(const char *path, const char *text);

#endif
