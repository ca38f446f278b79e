/* A tree as JSON whose every scalar is a text that says its kind: two readings can be compared. */
#ifndef CHANCERY_TESTS_FUZZ_DUMP_H
#define CHANCERY_TESTS_FUZZ_DUMP_H

#include "catalog/tree/tree.h"
#include "tests/fuzz/fuzz.h"

#define DUMP_DEPTH 48 /* the writer knows 64 levels */

/** tagged: scalars begin with their kind; else strings are written as they are. Checks on its way
 * that places are inside of the source and texts are UTF-8. */
void dump_tree(const struct tree *doc, bool tagged, struct buf *out);
/** Reads with a depth that can be dumped. */
bool dump_read(struct str text, struct arena *mem, struct tree **out, struct err *err);
/** What was dumped reads back as what was dumped. */
void dump_round_trip(const struct tree *doc);
/** Every value below the root is found by its pointer, as far as names are not doubled. */
void dump_pointers(const struct tree *doc);

#endif
