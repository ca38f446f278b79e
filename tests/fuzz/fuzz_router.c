/* Compiled routers from elsewhere: whatever route_open lets through, matching stays inside of it.
 * Behind the first line, which is looked up, the input says which bytes of a sound router are other
 * ones. */
#include <stdlib.h>

#include "catalog/route/route.h"
#include "tests/fuzz/fuzz.h"

static void sound_router(struct buf *out)
{
    static const struct route_entry entries[] = {
        {{"GET", 3},    {"/", 1},                1},
        {{"GET", 3},    {"/pets/{id}", 10},      2},
        {{"DELETE", 6}, {"/pets/{id}", 10},      3},
        {{"GET", 3},    {"/pets/{id}/toys", 15}, 4},
        {{"PUT", 3},    {"/v{n}.{ext}", 11},     5},
        {{"GET", 3},    {"/pets/new", 9},        6},
    };
    struct err err = {0};
    HOLDS(route_compile(entries, COUNT_OF(entries), out, &err));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(buf_clear) struct buf bytes = {0};
    CLEANUP(buf_clear) struct buf allow = {0};
    struct str rest = fuzz_text(data, size), path = STR_NONE;
    struct router router = {0};
    struct route_hit hit;
    struct err err = {0};
    (void)str_split(&rest, '\n', &path);
    sound_router(&bytes);
    for (size_t i = 0; i + 3 <= rest.len; i += 3)
        bytes.ptr[(((size_t)(unsigned char)rest.ptr[i] << 8) | (unsigned char)rest.ptr[i + 1]) %
                  bytes.len] = rest.ptr[i + 2];
    char *exact = mem_new(bytes.len); /* of its own size */
    memcpy(exact, bytes.ptr, bytes.len);
    if (route_open((struct str){exact, bytes.len}, &router, &err) &&
        route_match(&router, STR("GET"), path, &hit) != ROUTE_NONE) {
        for (size_t i = 0; i < hit.param_count; i++)
            HOLDS(fuzz_inside(hit.params[i], path));
        route_allow(&router, &hit, &allow);
    }
    free(exact);
    return 0;
}
