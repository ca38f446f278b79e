/* Comparing documents: old and new are the two parts of the input. A document does not differ from
 * itself, and every run reports the same, worst first. */
#include "catalog/diff/diff.h"
#include "tests/fuzz/dump.h"

static bool compare(struct tree *old, struct tree *new, bool oasdiff, struct arena *mem,
                    struct diff_report *out)
{
    const struct diff_options options = {.oasdiff = oasdiff};
    struct err err = {0};
    if (diff_compare(oas_files_of(old, mem), oas_files_of(new, mem), &options, mem, out, &err))
        return true;
    HOLDS((err.code == ERR_INVALID || err.code == ERR_LIMIT) && err.msg[0] != '\0');
    return false;
}

static void check(const struct diff_report *report)
{
    size_t sum = 0;
    for (size_t i = 0; i < COUNT_OF(report->levels); i++)
        sum += report->levels[i];
    HOLDS(sum == report->count);
    for (size_t i = 0; i < report->count; i++) {
        const struct diff_finding *f = &report->findings[i];
        HOLDS(diff_is_check(str_from(f->id)) && f->text.len > 0 && f->fingerprint.len == 12);
        HOLDS(i == 0 || report->findings[i - 1].level >= f->level);
    }
}

static void same_again(const struct diff_report *a, const struct diff_report *b)
{
    static const struct diff_names names = {
        {"old", 3},
        {"new", 3}
    };
    for (unsigned format = 0; format < DIFF_FORMAT_COUNT; format++) {
        CLEANUP(buf_clear) struct buf once = {0};
        CLEANUP(buf_clear) struct buf twice = {0};
        diff_render(a, (enum diff_format)format, &names, &once);
        diff_render(b, (enum diff_format)format, &names, &twice);
        HOLDS(str_eq(buf_str(&once), buf_str(&twice)));
    }
}

static void with(struct tree *old, struct tree *new, bool oasdiff)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct diff_report self = {0}, first = {0}, second = {0};
    if (compare(old, old, oasdiff, &mem, &self))
        HOLDS(self.count == 0 && self.bump == BUMP_NONE);
    if (!compare(old, new, oasdiff, &mem, &first))
        return;
    HOLDS(compare(old, new, oasdiff, &mem, &second));
    check(&first);
    same_again(&first, &second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str rest = fuzz_text(data, size), before = fuzz_part(&rest), after = fuzz_part(&rest);
    struct tree *old = NULL, *new = NULL;
    struct err err = {0};
    HOLDS(crypto_init());
    if (!dump_read(before, &mem, &old, &err) || !dump_read(after, &mem, &new, &err))
        return 0;
    with(old, new, false);
    with(old, new, true);
    return 0;
}
