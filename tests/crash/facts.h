/* What was sent and acknowledged while the log was written, and whether a catalog agrees. */
#ifndef CHANCERY_TESTS_CRASH_FACTS_H
#define CHANCERY_TESTS_CRASH_FACTS_H

#include "catalog/base/base.h"

struct facts;

/** Reads lines "thing TAB value TAB position", the values of a thing together and in the order in
 * which they were sent; position is the log's length when the acknowledgement came, -1: none came.
 */
MUST_USE bool facts_read(const char *path, struct arena *mem, struct facts **out, struct err *err);
/** Looks into the catalog at path, as it must be after a crash when the log had that length.
 * problem is absent when all is there. */
MUST_USE bool facts_check(struct facts *f, const char *path, uint64_t position, struct arena *mem,
                          struct str *problem, struct err *err);
/** True when something that is no row ("init", a copy's name) had been acknowledged by then. */
bool facts_marked(const struct facts *f, const char *what, uint64_t position);

#endif
