/* Eight bytes of text at once, for passing over what needs no look at each byte. Exact for any
 * bytes and either byte order. */
#ifndef CHANCERY_EIGHT_H
#define CHANCERY_EIGHT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define EIGHT_OF(byte) (UINT64_C(0x0101010101010101) * (byte))

static inline uint64_t eight_at(const char *p)
{
    uint64_t eight;
    memcpy(&eight, p, sizeof(eight));
    return eight;
}

/** Whether one of them is below least; least ≤ 0x80. */
static inline bool eight_has_below(uint64_t eight, unsigned char least)
{
    return ((eight - EIGHT_OF(least)) & ~eight & EIGHT_OF(0x80)) != 0;
}

static inline bool eight_has(uint64_t eight, unsigned char byte)
{
    return eight_has_below(eight ^ EIGHT_OF(byte), 1);
}

static inline bool eight_is_ascii(uint64_t eight)
{
    return (eight & EIGHT_OF(0x80)) == 0;
}

#endif
