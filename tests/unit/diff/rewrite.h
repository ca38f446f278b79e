/* A document that says the same, written another way. */
#ifndef TESTS_DIFF_REWRITE_H
#define TESTS_DIFF_REWRITE_H

#include "catalog/openapi/openapi.h"

enum rewriting {
    REWRITE_REVERSED,  /* members in reverse order */
    REWRITE_INLINE,    /* references to schemas that refer to nothing are written out */
    REWRITE_ALL_OF,    /* references to schemas stand in an allOf of their own */
    REWRITE_COMPONENT, /* schemas of bodies and parameters that are written out get a name */
    REWRITE_PARAMETERS /* parameters of a path's only operation move to the path */
};
#define REWRITINGS (REWRITE_PARAMETERS + 1)

/** Writes the document as JSON. */
void rewrite_document(const struct tree *doc, enum rewriting how, struct buf *out);

#endif
