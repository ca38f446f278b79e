/* The schema, one numbered step after the other; forward only, each in one transaction. */
#ifndef CHANCERY_STORE_MIGRATIONS_H
#define CHANCERY_STORE_MIGRATIONS_H

#include <stddef.h>

struct migration {
    int number;
    const char *const *texts; /* ended by NULL */
};
#define MIGRATION_LAST 3
#define MIGRATION_MARK 0x43485259 /* application_id, "CHRY": tells our files from others */

extern const struct migration migrations[];
extern const size_t migration_count;

#endif
