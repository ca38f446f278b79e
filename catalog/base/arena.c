/* Arenas: memory freed all at once, in blocks that double up to a bound. */
#include <stdlib.h>
#include <sys/mman.h>

#include "catalog/base/base.h"

#define FIRST_BLOCK_BYTES  ((size_t)4096)
#define LARGEST_STEP_BYTES ((size_t)1 << 20)
#define ALIGNMENT          ((size_t)16)
#define HUGE_PAGE          ((uintptr_t)1 << 21)

struct arena_block {
    struct arena_block *older;
    size_t used, size;
    _Alignas(16) unsigned char bytes[];
};

/* Nothing sensible can go on without memory, and half-done work is worse than a restart. */
void mem_exhausted(void)
{
    fputs("chancery: out of memory\n", stderr);
    abort();
}

void *mem_new(size_t size)
{
    void *p = calloc(1, size ? size : 1);
    if (p == NULL)
        mem_exhausted();
    return p;
}

void *mem_new_aligned(size_t alignment, size_t size)
{
    void *p = aligned_alloc(alignment, size);
    if (p == NULL)
        mem_exhausted();
    return memset(p, 0, size);
}

void mem_prefer_huge(char *bytes, size_t size)
{
    uintptr_t from = (uintptr_t)bytes, start = (from + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    uintptr_t end = (from + size) / HUGE_PAGE * HUGE_PAGE;
    if (start < end) /* where there are none, small ones do */
        (void)madvise(bytes + (start - from), end - start, MADV_HUGEPAGE);
}

static struct arena_block *block_new(struct arena_block *older, size_t least)
{
    size_t size = older ? older->size * 2 : FIRST_BLOCK_BYTES;
    if (size > LARGEST_STEP_BYTES)
        size = LARGEST_STEP_BYTES;
    if (size < least)
        size = least;
    if (size > SIZE_MAX / 2)
        mem_exhausted();
    struct arena_block *block = malloc(sizeof(*block) + size);
    if (block == NULL)
        mem_exhausted();
    block->older = older;
    block->used = 0;
    block->size = size;
    return block;
}

void *arena_alloc(struct arena *mem, size_t size)
{
    if (size > SIZE_MAX / 2)
        mem_exhausted();
    size_t rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (rounded == 0)
        rounded = ALIGNMENT;
    struct arena_block *block = mem->blocks;
    if (block == NULL || block->size - block->used < rounded)
        block = mem->blocks = block_new(mem->blocks, rounded);
    void *p = block->bytes + block->used;
    block->used += rounded;
    mem->used_bytes += rounded;
    memset(p, 0, rounded);
    return p;
}

void *arena_alloc_array(struct arena *mem, size_t size, size_t count)
{
    if (size != 0 && count > SIZE_MAX / 4 / size)
        mem_exhausted();
    return arena_alloc(mem, size * count);
}

void *vec_room(struct arena *mem, void *ptr, size_t len, size_t *cap, size_t size)
{
    if (len < *cap)
        return ptr;
    size_t grown = *cap ? *cap * 2 : 8;
    void *bigger = arena_alloc_array(mem, size, grown);
    if (len > 0)
        memcpy(bigger, ptr, len * size);
    *cap = grown;
    return bigger;
}

struct str arena_str(struct arena *mem, struct str s)
{
    if (s.ptr == NULL)
        return STR_NONE;
    return (struct str){str_z(mem, s), s.len};
}

char *str_z(struct arena *mem, struct str s)
{
    char *copy = arena_alloc(mem, s.len + 1);
    if (s.len > 0)
        memcpy(copy, s.ptr, s.len);
    return copy;
}

struct str arena_printf(struct arena *mem, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    size_t size = len > 0 ? (size_t)len : 0;
    char *text = arena_alloc(mem, size + 1);
    vsnprintf(text, size + 1, format, again);
    va_end(again);
    return (struct str){text, size};
}

struct str arena_cat(struct arena *mem, const struct str *parts, size_t count)
{
    size_t len = 0, at = 0;
    for (size_t i = 0; i < count; i++)
        len += parts[i].len;
    char *text = arena_alloc(mem, len + 1);
    for (size_t i = 0; i < count; i++) {
        if (parts[i].len > 0)
            memcpy(text + at, parts[i].ptr, parts[i].len);
        at += parts[i].len;
    }
    return (struct str){text, len};
}

void arena_clear(struct arena *mem)
{
    if (mem == NULL)
        return;
    for (struct arena_block *block = mem->blocks; block != NULL;) {
        struct arena_block *older = block->older;
        free(block);
        block = older;
    }
    *mem = (struct arena){0};
}

void arena_reset(struct arena *mem)
{
    while (mem->blocks != NULL && mem->blocks->older != NULL) {
        struct arena_block *older = mem->blocks->older;
        free(mem->blocks);
        mem->blocks = older;
    }
    if (mem->blocks != NULL)
        mem->blocks->used = 0;
    mem->used_bytes = 0;
}
