/* Two documents compared in a test. */
#ifndef TESTS_DIFF_PAIR_H
#define TESTS_DIFF_PAIR_H

#include "catalog/diff/diff.h"
#include "tests/unit/test.h"

/** Compares; a failure is a failed check. options may be NULL. */
struct diff_report compare_texts(struct arena *mem, struct str old, struct str new,
                                 const struct diff_options *options);
/** "id level METHOD path\n" of each finding, in the report's order. */
struct str told(struct arena *mem, const struct diff_report *report);
/** A document with these components/schemas, whose POST /pets takes and GET /pets gives Pet. */
struct str with_schemas(struct arena *mem, const char *schemas);

#endif
