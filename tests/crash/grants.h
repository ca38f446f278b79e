/* Whether decisions of an opened catalog are what its rows say. */
#ifndef CHANCERY_TESTS_CRASH_GRANTS_H
#define CHANCERY_TESTS_CRASH_GRANTS_H

#include "catalog/service/service.h"

/** Asks the access image for every subscription of the catalog at path: an approved one is let in,
 * any other is not. problem is absent when all are as they must be. */
MUST_USE bool grants_check(struct catalog *c, const char *path, struct arena *mem,
                           struct str *problem, struct err *err);

#endif
