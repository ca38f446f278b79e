/* Envoy's statistics: the whole text gives what its lines give one by one. */
#include <math.h>

#include "catalog/envoy/envoy.h"
#include "tests/fuzz/fuzz.h"

struct sum {
    struct arena *mem;
    struct str text;
    size_t samples;
    uint64_t value;
};

static void note(void *context, const struct envoy_sample *sample)
{
    struct sum *sum = context;
    sum->samples++;
    sum->value += sample->value;
    HOLDS(sample->kind == ENVOY_SAMPLE_DURATION || sample->bucket_le <= 0);
    HOLDS(!isnan(sample->bucket_le));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str rest = fuzz_text(data, size), line = STR_NONE;
    struct sum whole = {.text = rest}, lines = {.text = rest};
    struct err err = {0};
    if (!envoy_stats_read(rest, &mem, note, &whole, &err)) {
        HOLDS(err.code == ERR_INVALID && err.msg[0] != '\0');
        return 0;
    }
    while (str_split(&rest, '\n', &line))
        HOLDS(envoy_stats_read((struct str){line.ptr, line.len + (rest.ptr != NULL)}, &mem, note,
                               &lines, &err));
    HOLDS(lines.samples == whole.samples && lines.value == whole.value);
    return 0;
}
