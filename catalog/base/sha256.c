/* The only file that speaks to nettle: SHA-256 by the processor's own instructions, where it has
 * them. A key's hash was a twentieth of a check without. */
#include <nettle/sha2.h>

#include "catalog/base/base.h"

struct sha256 sha256_of(struct str s)
{
    struct sha256_ctx context;
    struct sha256 hash;
    sha256_init(&context);
    sha256_update(&context, s.len, (const uint8_t *)s.ptr);
    sha256_digest(&context, sizeof(hash.bytes), hash.bytes);
    return hash;
}
