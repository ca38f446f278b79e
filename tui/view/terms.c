/* Stages, states and plans in words and tones. */
#include "tui/view/ui.h"

enum term_tone stage_tone(struct str stage)
{
    if (str_eq(stage, STR("published")))
        return TONE_GOOD;
    return str_eq(stage, STR("deprecated")) ? TONE_WARN : TONE_DIM;
}

enum term_tone subscription_tone(struct str state)
{
    if (str_eq(state, STR("approved")))
        return TONE_GOOD;
    return str_eq(state, STR("requested")) ? TONE_WARN : TONE_DIM;
}

struct str version_of(const struct json *versions)
{
    static const char *const stages[] = {"published", "deprecated", "draft", "retired"};
    for (size_t i = 0; i < COUNT_OF(stages); i++)
        for (const struct json *row = versions; row != NULL; row = row->next)
            if (str_eq(json_get_str(row, "stage"), str_from(stages[i])))
                return json_get_str(row, "label");
    return STR_NONE;
}

struct str terms_join(struct arena *mem, const struct str *words, size_t count)
{
    CLEANUP(buf_clear) struct buf b = {0};
    for (size_t i = 0; i < count; i++)
        if (words[i].len > 0)
            buf_printf(&b, "%s" STR_FMT, b.len ? "   " : "", STR_ARG(words[i]));
    return arena_str(mem, buf_str(&b));
}

struct str plan_rate(struct arena *mem, const struct json *plan)
{
    int64_t count = json_get_i64(plan, "rate_count", 0),
            period_s = json_get_i64(plan, "rate_period_s", 0);
    if (count == 0)
        return STR("");
    if (period_s == 1)
        return arena_printf(mem, "%lld per s", (long long)count);
    return arena_printf(mem, "%lld per %lld s", (long long)count, (long long)period_s);
}

struct str plan_quota(struct arena *mem, const struct json *plan)
{
    int64_t count = json_get_i64(plan, "quota_count", 0);
    if (count == 0)
        return STR("");
    return arena_printf(mem, "%lld per " STR_FMT, (long long)count,
                        STR_ARG(json_get_str(plan, "quota_period")));
}

struct str plan_term(struct arena *mem, const struct json *plan)
{
    int64_t days = json_get_i64(plan, "term_days", 0);
    return days ? arena_printf(mem, "%lld d", (long long)days) : STR("");
}
