/* Allocations that fail. A library of its own, because a sanitizer brings its own allocator. */
#include <errno.h>
#include <stdlib.h>

#include "tests/crash/shim.h"

/* glibc's own, under the names that are not replaced. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

static bool fails(void)
{
    unsigned shape;
    return fault_strikes(CALL_ALLOCATE, FILE_MEMORY, &shape);
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return fails() ? NULL : __libc_realloc(old, size);
}
