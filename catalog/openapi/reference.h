/* Parts of a reference. Only files of this folder include this. */
#ifndef CHANCERY_OPENAPI_REFERENCE_H
#define CHANCERY_OPENAPI_REFERENCE_H

#include "openapi.h"

/* Longer chains of references than this are circles, or as good as. */
#define REFERENCE_MOST_HOPS 64
/* Longer references name nothing; a shared one is followed at every use. */
#define REFERENCE_MOST_BYTES 4096

/** A member's value, and its text; the first member or element, and the one behind; node NULL:
 * none. */
struct oas_spot spot_get(struct oas_spot spot, const char *name);
struct str spot_text(struct oas_spot spot, const char *name);
struct oas_spot spot_first(struct oas_spot container);
struct oas_spot spot_next(struct oas_spot spot);

#endif
