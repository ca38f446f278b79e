/* A target: one parser, any bytes, and what must hold for them. */
#ifndef CHANCERY_TESTS_FUZZ_H
#define CHANCERY_TESTS_FUZZ_H

#include "catalog/base/base.h"

/** libFuzzer's entry; replay.c calls it, too. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/** Called once before the first input. */
int LLVMFuzzerInitialize(int *argc, char ***argv);

/** A property. One that does not hold ends the process, as a sanitizer's finding does. */
#define HOLDS(property)                                                                   \
    do {                                                                                  \
        if (!(property)) {                                                                \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #property); \
            __builtin_trap();                                                             \
        }                                                                                 \
    } while (0)

/* Inputs of several parts: a record separator stands between them. */
#define FUZZ_CUT '\x1e'

/** The input as text; libFuzzer and replay.c give it in memory of its own size. */
static inline struct str fuzz_text(const uint8_t *data, size_t size)
{
    return (struct str){(const char *)data, size};
}

/** Takes the next part of an input; empty when there is none. */
static inline struct str fuzz_part(struct str *rest)
{
    struct str part = STR_NONE;
    return str_split(rest, FUZZ_CUT, &part) ? part : STR("");
}

/** True when s lies inside of whole; absent and empty texts do. */
static inline bool fuzz_inside(struct str s, struct str whole)
{
    return s.len == 0 || (s.ptr >= whole.ptr && s.ptr + s.len <= whole.ptr + whole.len);
}

#endif
