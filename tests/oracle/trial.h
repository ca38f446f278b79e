/* What a schema accepts, found by trying: a slow decision that knows nothing of comparing. */
#ifndef CHANCERY_TESTS_ORACLE_TRIAL_H
#define CHANCERY_TESTS_ORACLE_TRIAL_H

#include "catalog/schema/schema.h"

/** Every value that is tried, as one array. */
struct tree *trial_values(struct arena *mem);

/** Which of the values a schema accepts, one byte each. */
uint8_t *trial_accepted(const struct tree *doc, const struct tree *values, struct arena *mem);

enum relation {
    RELATION_EQUAL = 0,
    RELATION_NARROWED = 1,
    RELATION_WIDENED = 2,
    RELATION_CROSSED = 3
};
/** What became of the accepted values: some are gone, some are new, or both. */
enum relation trial_relation(const uint8_t *old, const uint8_t *new, size_t count);

#endif
