/* figures: totals over restarts, rates, percentiles of a window. */
#include "portal/fleet/figures.h"
#include "tests/unit/test.h"

#define SERIES \
    "api=\"pets\",version=\"v1\",op=\"GET /pets\",consumer=\"shop\",reason=\"ok\",status=\"200\""

static struct str counter_text(struct arena *mem, int value)
{
    return arena_printf(mem, "# TYPE envoy_chancery_rq counter\nenvoy_chancery_rq{" SERIES "} %d\n",
                        value);
}

static struct str refused_text(struct arena *mem, int value)
{
    return arena_printf(mem,
                        "envoy_chancery_rq{api=\"pets\",version=\"v1\",op=\"\",consumer=\"\","
                        "reason=\"credential_missing\",status=\"401\"} %d\n",
                        value);
}

static struct str histogram_text(struct arena *mem, int upto_5, int upto_10, int all)
{
    static const char labels[] = "api=\"pets\",version=\"v1\",op=\"GET /pets\"";
    return arena_printf(
        mem,
        "envoy_chancery_ms_bucket{%s,le=\"5\"} %d\nenvoy_chancery_ms_bucket{%s,le=\"10\"} %d\n"
        "envoy_chancery_ms_bucket{%s,le=\"+Inf\"} %d\n",
        labels, upto_5, labels, upto_10, labels, all);
}

static struct figures_sum sum(const struct figures *f, const char *operation, int64_t now_ms)
{
    struct figures_sum out = {.p50_ms = -1, .p95_ms = -1, .p99_ms = -1};
    struct figures_buckets buckets = {0};
    const struct figures_filter filter = {.operation = str_from(operation)};
    figures_add(f, &filter, now_ms, &out, &buckets);
    figures_percentiles(&buckets, &out);
    return out;
}

TEST(test_figures_total_survives_restart_and_missing_series)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct figures f = {0};
    struct err err = {0};
    CHECK(!sum(&f, NULL, 0).seen);
    CHECK_OK(figures_update(&f, counter_text(&mem, 40), 1000, &err), &err);
    CHECK_I64(sum(&f, NULL, 1000).requests, 40);
    CHECK(sum(&f, NULL, 1000).rps < 0.001); /* a first look says nothing about speed */
    CHECK_OK(figures_update(&f, counter_text(&mem, 50), 3000, &err), &err);
    CHECK_I64((int64_t)(sum(&f, NULL, 3000).rps * 10), 50);
    CHECK_OK(figures_update(&f, STR("# nothing\n"), 4000, &err), &err); /* missing: unchanged */
    CHECK_I64(sum(&f, NULL, 4000).requests, 50);
    CHECK(sum(&f, NULL, 4000).rps < 0.001);
    CHECK_OK(figures_update(&f, counter_text(&mem, 3), 5000, &err), &err); /* smaller: restarted */
    CHECK_I64(sum(&f, NULL, 5000).requests, 53);
    figures_clear(&f);
}

TEST(test_figures_separate_operations_and_status_classes)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct figures f = {0};
    struct err err = {0};
    struct str text = arena_join(&mem, counter_text(&mem, 7), refused_text(&mem, 5));
    CHECK_OK(figures_update(&f, text, 1000, &err), &err);
    CHECK_I64(sum(&f, "GET /pets", 1000).requests, 7);
    CHECK_I64(sum(&f, "", 1000).requests, 5);
    CHECK_I64(sum(&f, NULL, 1000).requests, 12);
    CHECK_I64(sum(&f, NULL, 1000).requests_4xx, 5);
    CHECK_I64(sum(&f, NULL, 1000).requests_5xx, 0);
    figures_clear(&f);
}

TEST(test_figures_percentiles_need_twenty_calls_of_the_last_minute)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct figures f = {0};
    struct err err = {0};
    CHECK_OK(figures_update(&f, histogram_text(&mem, 1000, 1000, 1000), 1000000, &err), &err);
    CHECK(sum(&f, NULL, 1000000).p50_ms < 0); /* calls from before the first look do not count */
    CHECK_OK(figures_update(&f, histogram_text(&mem, 1010, 1019, 1019), 1001000, &err), &err);
    CHECK(sum(&f, NULL, 1001000).p50_ms < 0); /* 19 calls */
    CHECK_OK(figures_update(&f, histogram_text(&mem, 1010, 1020, 1020), 1002000, &err), &err);
    struct figures_sum s = sum(&f, NULL, 1002000);
    CHECK_I64((int64_t)(s.p50_ms * 100), 500); /* half lie below 5 ms */
    CHECK_I64((int64_t)(s.p95_ms * 100), 950); /* 9 of 10 parts between 5 and 10 */
    CHECK(sum(&f, NULL, 1002000 + FIGURES_WINDOW_MS + FIGURES_SLOT_MS).p50_ms < 0);
    figures_clear(&f);
}
