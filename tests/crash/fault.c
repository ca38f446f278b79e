/* Which call fails. */
#include <errno.h>

#include "tests/crash/shim.h"

bool fault_strikes(unsigned call, unsigned file, unsigned *shape)
{
    struct control *c = shim_control;
    if (c == NULL || __atomic_load_n(&c->armed, __ATOMIC_ACQUIRE) == 0 || (c->calls & call) == 0 ||
        (c->files & file) == 0)
        return false;
    __atomic_fetch_add(&c->matched, 1, __ATOMIC_RELAXED);
    int32_t left = __atomic_fetch_sub(&c->countdown, 1, __ATOMIC_RELAXED);
    if (left != 1 && (left > 1 || c->sticky == 0))
        return false;
    __atomic_fetch_add(&c->fired, 1, __ATOMIC_RELAXED);
    *shape = c->shape;
    errno = c->error;
    return true;
}
