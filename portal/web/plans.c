/* What a plan grants, in words. */
#include "portal/web/page.h"

static void put_rate(struct buf *out, const struct plan *plan)
{
    static const struct {
        int64_t seconds;
        const char *text;
    } periods[] = {
        {1,     "a second"},
        {60,    "a minute"},
        {3600,  "an hour" },
        {86400, "a day"   },
    };
    const char *period = NULL;
    for (size_t i = 0; i < COUNT_OF(periods); i++)
        if (periods[i].seconds == plan->rate_period_s)
            period = periods[i].text;
    buf_printf(out, "%lld calls ", (long long)plan->rate_count);
    if (period != NULL)
        buf_printf(out, "%s", period);
    else
        buf_printf(out, "in %lld seconds", (long long)plan->rate_period_s);
    if (plan->burst > plan->rate_count || plan->rate_period_s > 1)
        buf_printf(out, ", at most %lld at once", (long long)plan->burst);
}

struct str web_plan_limits(struct arena *mem, const struct plan *plan)
{
    CLEANUP(buf_clear) struct buf out = {0};
    const struct str *keys = NULL;
    size_t operations = list_read(plan->operations, mem, &keys);
    if (plan->rate_count > 0)
        put_rate(&out, plan);
    else
        buf_add(&out, STR("No limit of rate"));
    if (plan->quota_count > 0)
        buf_printf(&out, " · %lld calls a %s", (long long)plan->quota_count,
                   name_of(&names_quota_period, plan->quota_period));
    if (operations > 0)
        buf_printf(&out, " · %zu operations only", operations);
    if (plan->term_days > 0)
        buf_printf(&out, " · for %lld days", (long long)plan->term_days);
    return arena_str(mem, buf_str(&out));
}
