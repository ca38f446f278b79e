/* What the commands for the catalog file share. */
#ifndef CHANCERY_CARE_H
#define CHANCERY_CARE_H

#include "portal/serve.h"

struct catalog;

/** Opens the catalog of the settings. err: as catalog_open; ERR_BUSY when it is being served. */
MUST_USE bool care_open(const struct invocation *in, struct arena *mem, struct catalog **out,
                        struct err *err);
/** Asks the chanceryd that serves the catalog, over its Unix socket. */
MUST_USE bool care_ask(const struct invocation *in, const char *target, struct str body,
                       struct arena *mem, struct json **out, struct err *err);
/** Complains; returns the exit status. */
int care_failed(const struct err *err);

#endif
