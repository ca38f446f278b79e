/* Rates, quotas, and their memory across images. */
#include "catalog/authz/limiter.h"
#include "tests/unit/authz/world.h"

/* count calls a period of period_ms, burst at once; the image is built. */
static void rate_world(struct world *w, uint32_t count, uint32_t period_ms, uint32_t burst)
{
    world_init(w);
    w->plans[0].rate_count = count;
    w->plans[0].rate_period_ms = period_ms;
    w->plans[0].burst = burst;
    world_build(w);
}

static struct decision call(struct world *w)
{
    struct decision d;
    decide(&w->image, w->limiter, &w->request, 0, w->now_ms, &d);
    return d;
}

TEST(test_rate_burst_refill_and_headers)
{
    static const struct {
        int64_t at_ms;
        enum deny_code code;
        int64_t remaining, reset_ms, retry_ms;
    } calls[] = {
        {0,    DENY_NONE,         2, 100, 0  }, /* 10 a second, 3 at once */
        {0,    DENY_NONE,         1, 200, 0  },
        {0,    DENY_NONE,         0, 300, 0  },
        {0,    DENY_RATE_LIMITED, 0, 300, 100},
        {99,   DENY_RATE_LIMITED, 0, 201, 1  },
        {100,  DENY_NONE,         0, 300, 0  },
        {100,  DENY_RATE_LIMITED, 0, 300, 100},
        {250,  DENY_NONE,         0, 250, 0  },
        {300,  DENY_NONE,         0, 300, 0  },
        {5000, DENY_NONE,         2, 100, 0  },
    };
    CLEANUP(world_clear) struct world w;
    rate_world(&w, 10, 1000, 3);
    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        w.now_ms = WORLD_NOW + calls[i].at_ms;
        struct decision d = call(&w);
        CHECK_CODE(d.code, calls[i].code, "call");
        CHECK_I64(d.limit, 3);
        CHECK_I64(d.remaining, calls[i].remaining);
        CHECK_I64(d.reset_ms, calls[i].reset_ms);
        CHECK_I64(d.retry_after_ms, calls[i].retry_ms);
    }
}

/* Whatever the plan: after retry_after_ms the call passes, a ms earlier it does not, and a caller
 * that always waits so gets the promised rate. */
TEST(test_rate_retry_after_is_exact)
{
    static const struct {
        uint32_t count, period_ms, burst;
    } plans[] = {
        {10,         1000,       1         },
        {3,          1000,       5         },
        {7,          60000,      2         },
        {1,          86400000,   1         },
        {1000000,    1000,       1         },
        {1,          UINT32_MAX, UINT32_MAX},
        {UINT32_MAX, 1,          1         },
        {5,          1000,       0         },
        {1,          1000,       1000000   }
    };
    for (size_t i = 0; i < COUNT_OF(plans); i++) {
        CLEANUP(world_clear) struct world w;
        struct decision d = {0};
        rate_world(&w, plans[i].count, plans[i].period_ms, plans[i].burst);
        for (int k = 0; k < 50; k++) {
            for (int n = 0; n < 20 && (d = call(&w)).code == DENY_NONE; n++)
                ;
            if (d.code == DENY_NONE)
                continue;
            CHECK_CODE(d.code, DENY_RATE_LIMITED, "used up");
            CHECK(d.retry_after_ms > 0);
            w.now_ms += d.retry_after_ms - 1;
            CHECK_CODE(call(&w).code, DENY_RATE_LIMITED, "too early");
            w.now_ms += 1;
            CHECK_CODE(call(&w).code, DENY_NONE, "in time");
        }
    }
}

TEST(test_rate_over_a_long_time_is_the_promised_one)
{
    CLEANUP(world_clear) struct world w;
    int64_t passed = 0;
    rate_world(&w, 3, 1000, 5);
    for (int64_t ms = 0; ms < 60000; ms++) {
        w.now_ms = WORLD_NOW + ms;
        passed += call(&w).code == DENY_NONE;
    }
    CHECK_I64(passed, 5 + 3 * 60 - 1); /* the burst, then a call each third of a second */
}

TEST(test_rate_survives_images_and_plan_changes)
{
    CLEANUP(world_clear) struct world w;
    rate_world(&w, 1, 60000, 1);
    CHECK_CODE(call(&w).code, DENY_NONE, "first");
    w.in.version++;
    world_build(&w);
    CHECK_CODE(call(&w).code, DENY_RATE_LIMITED, "after a swap");
    w.in.grant_count = 0; /* gone and back again */
    world_build(&w);
    CHECK_CODE(call(&w).code, DENY_NOT_SUBSCRIBED, "gone");
    w.in.grant_count = 1;
    world_build(&w);
    CHECK_CODE(call(&w).code, DENY_RATE_LIMITED, "back");
    CHECK_I64(call(&w).retry_after_ms, 60000);
    w.plans[0].rate_period_ms = 1000; /* a better plan waits no longer than its own depth */
    world_build(&w);
    CHECK_I64(call(&w).retry_after_ms, 1000);
}

TEST(test_rate_of_a_clock_set_back_waits_at_most_the_burst)
{
    CLEANUP(world_clear) struct world w;
    rate_world(&w, 1, 1000, 1);
    CHECK_CODE(call(&w).code, DENY_NONE, "first");
    w.now_ms -= 86400000;
    CHECK_I64(call(&w).retry_after_ms, 1000);
}

TEST(test_limits_of_subscriptions_are_apart)
{
    CLEANUP(world_clear) struct world w;
    rate_world(&w, 1, 60000, 1);
    w.grants[1] = (struct access_grant){502, 0, 2, 0, ACCESS_APPROVED, 0, 0};
    w.in.grant_count = 2;
    world_build(&w);
    CHECK_CODE(call(&w).code, DENY_NONE, "501");
    CHECK_CODE(call(&w).code, DENY_RATE_LIMITED, "501 again");
    w.request.deployment = DEPLOY_ROOT;
    w.request.path = STR("/7");
    CHECK_CODE(call(&w).code, DENY_NONE, "502");
}

TEST(test_dry_run_takes_nothing)
{
    CLEANUP(world_clear) struct world w;
    rate_world(&w, 1, 60000, 2);
    w.plans[0].quota_count = 2;
    world_build(&w);
    w.request.dry_run = true;
    for (int i = 0; i < 5; i++) {
        struct decision d = call(&w);
        CHECK_CODE(d.code, DENY_NONE, "dry");
        CHECK_I64(d.remaining, 2);
    }
    w.request.dry_run = false;
    CHECK_I64(call(&w).remaining, 1);
    CHECK_I64(call(&w).remaining, 0);
    w.request.dry_run = true;
    CHECK_CODE(call(&w).code, DENY_RATE_LIMITED, "dry sees what real calls took");
    limiter_free(w.limiter);
    w.limiter = NULL;
    CHECK_CODE(call(&w).code, DENY_NONE, "dry without a limiter");
    w.request.dry_run = false;
    CHECK_CODE(call(&w).code, DENY_RATE_LIMITED, "real without a limiter");
    w.limiter = limiter_new();
    CHECK_CODE(call(&w).code, DENY_RATE_LIMITED, "without room");
}

TEST(test_quota_refused_calls_take_no_rate)
{
    CLEANUP(world_clear) struct world w;
    rate_world(&w, 1, 1000, 2);
    w.plans[0].quota_count = 1;
    world_build(&w);
    CHECK_I64(call(&w).remaining, 1);
    for (int i = 0; i < 3; i++) {
        struct decision d = call(&w);
        CHECK_CODE(d.code, DENY_QUOTA_EXHAUSTED, "quota");
        CHECK_I64(d.remaining, 1);
    }
}

TEST(test_quota_windows_end_where_the_calendar_says)
{
    static const struct {
        const char *now;
        bool monthly;
        const char *end;
    } cases[] = {
        {"2026-11-24T12:00:00.000Z", false, "2026-11-25T00:00:00.000Z"},
        {"2026-11-24T23:59:59.999Z", false, "2026-11-25T00:00:00.000Z"},
        {"2026-12-31T23:59:59.999Z", false, "2027-01-01T00:00:00.000Z"},
        {"2026-11-30T23:59:59.999Z", true,  "2026-12-01T00:00:00.000Z"},
        {"2026-12-01T00:00:00.000Z", true,  "2027-01-01T00:00:00.000Z"},
        {"2026-12-31T23:59:59.999Z", true,  "2027-01-01T00:00:00.000Z"},
        {"2027-02-01T00:00:00.000Z", true,  "2027-03-01T00:00:00.000Z"},
        {"2028-02-28T23:59:59.999Z", false, "2028-02-29T00:00:00.000Z"},
        {"2028-02-29T23:59:59.999Z", true,  "2028-03-01T00:00:00.000Z"},
        {"2028-02-29T12:00:00.000Z", false, "2028-03-01T00:00:00.000Z"},
        {"2100-02-28T23:59:59.999Z", true,  "2100-03-01T00:00:00.000Z"},
        {"2000-02-29T00:00:00.000Z", true,  "2000-03-01T00:00:00.000Z"},
        {"1970-01-01T00:00:00.000Z", true,  "1970-02-01T00:00:00.000Z"},
        {"1972-12-31T23:00:00.000Z", true,  "1973-01-01T00:00:00.000Z"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        int64_t now = 0;
        CHECK(time_parse(str_from(cases[i].now), &now));
        struct quota_window w = quota_window_at(now, cases[i].monthly);
        CHECK_STR(time_format(&mem, w.end_ms), str_from(cases[i].end));
        CHECK(quota_window_at(w.end_ms - 1, cases[i].monthly).number == w.number);
        CHECK(quota_window_at(w.end_ms, cases[i].monthly).number == w.number + 1);
        CHECK(quota_window_at(now, !cases[i].monthly).number != w.number);
    }
}

/* Every day from 1970 to 2109 belongs to the month the C library names. */
TEST(test_quota_months_agree_with_the_c_library)
{
    uint32_t last = 0;
    for (int64_t day = 0; day < 51000; day++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        int64_t at = day * 86400000;
        struct quota_window w = quota_window_at(at, true);
        bool first = str_eq(str_sub(time_format(&mem, at), 8, 2), STR("01"));
        CHECK((w.number != last) == first);
        CHECK(w.end_ms > at && w.end_ms <= at + 31 * INT64_C(86400000));
        last = w.number;
    }
}

TEST(test_quota_counts_within_its_window)
{
    static const bool kinds[] = {false, true};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        CLEANUP(world_clear) struct world w;
        world_init(&w);
        w.plans[0].quota_count = 3;
        w.plans[0].quota_monthly = kinds[i];
        world_build(&w);
        CHECK(time_parse(STR("2028-02-29T23:59:59.000Z"), &w.now_ms));
        for (int n = 0; n < 3; n++)
            CHECK_CODE(call(&w).code, DENY_NONE, "inside");
        world_build(&w);
        struct decision d = call(&w);
        CHECK_CODE(d.code, DENY_QUOTA_EXHAUSTED, "used up");
        CHECK_I64(d.retry_after_ms, 1000);
        CHECK_I64(d.limit, 0);
        w.now_ms += 999;
        CHECK_CODE(call(&w).code, DENY_QUOTA_EXHAUSTED, "last ms");
        w.now_ms += 1;
        CHECK_CODE(call(&w).code, DENY_NONE, "next window");
    }
}

/* Many subscriptions come, go and fill the table; each is counted right all the time. */
TEST(test_limiter_room_follows_the_images)
{
    enum { MANY = 3000 };
    CLEANUP(arena_clear) struct arena mem = {0};
    struct limiter *l = limiter_new();
    struct access_grant *grants = arena_array(&mem, struct access_grant, MANY);
    struct access_app app = {STR("a")};
    struct access_api api = {STR("x"), false};
    struct access_plan plan = {
        .slug = STR("p"), .rate_count = 1, .rate_period_ms = 60000, .burst = 1};
    struct image_plan flat = {.rate_count = 1, .rate_period_ms = 60000, .burst = 1};
    for (int64_t round = 0; round < 6; round++) {
        CLEANUP(buf_clear) struct buf bytes = {0};
        struct access_image image;
        struct err err = {0};
        struct decision d = {0};
        size_t count = round % 2 ? MANY : MANY / 10;
        for (size_t i = 0; i < count; i++)
            grants[i] = (struct access_grant){
                1 + (int64_t)i + round * 1000, 0, 0, 0, ACCESS_APPROVED, 0, 0};
        struct access_input in = {.apis = &api,
                                  .api_count = 1,
                                  .apps = &app,
                                  .app_count = 1,
                                  .plans = &plan,
                                  .plan_count = 1,
                                  .grants = grants,
                                  .grant_count = count};
        CHECK_OK(access_build(&in, &bytes, &err), &err);
        CHECK_OK(access_open(buf_str(&bytes), &image, &err), &err);
        limiter_prepare(l, &image);
        int64_t now = WORLD_NOW + round * 60000;
        for (size_t i = 0; i < count; i++)
            CHECK(limiter_take(l, grants[i].subscription, &flat, now, false, &d) == DENY_NONE);
        for (size_t i = 0; i < count; i++)
            CHECK(limiter_take(l, grants[i].subscription, &flat, now, false, &d) ==
                  DENY_RATE_LIMITED);
    }
    limiter_free(l);
}

/* A table that is made anew keeps what still binds. */
TEST(test_limiter_growth_keeps_used_up_rates)
{
    CLEANUP(world_clear) struct world w;
    struct access_grant many[600];
    rate_world(&w, 1, 60000, 1);
    CHECK_CODE(call(&w).code, DENY_NONE, "first");
    for (size_t i = 0; i < COUNT_OF(many); i++)
        many[i] = (struct access_grant){501 + (int64_t)i, i ? 1 : 0, 0, 0, ACCESS_APPROVED, 0, 0};
    w.in.grants = many;
    w.in.grant_count = COUNT_OF(many);
    world_build(&w);
    CHECK_CODE(call(&w).code, DENY_RATE_LIMITED, "after growth");
}

/* A limiter that takes over refuses and lets pass what the one before it would have. */
TEST(test_limits_are_handed_over)
{
    CLEANUP(world_clear) struct world w;
    CLEANUP(buf_clear) struct buf saved = {0};
    struct err err = {0};
    rate_world(&w, 10, 1000, 3);
    for (int i = 0; i < 3; i++)
        CHECK_CODE(call(&w).code, DENY_NONE, "burst");
    limiter_save(w.limiter, w.now_ms, &saved);
    limiter_free(w.limiter);
    w.limiter = limiter_new();
    CHECK_OK(limiter_load(w.limiter, buf_str(&saved), w.now_ms, &err), &err);
    limiter_prepare(w.limiter, &w.image);
    CHECK_CODE(call(&w).code, DENY_RATE_LIMITED, "at its edge");
    w.now_ms += 100;
    CHECK_CODE(call(&w).code, DENY_NONE, "one more");
    CHECK_CODE(call(&w).code, DENY_RATE_LIMITED, "and at its edge again");
}

TEST(test_quotas_are_handed_over)
{
    CLEANUP(world_clear) struct world w;
    CLEANUP(buf_clear) struct buf saved = {0};
    struct err err = {0};
    world_init(&w);
    w.plans[0].quota_count = 2;
    world_build(&w);
    CHECK_CODE(call(&w).code, DENY_NONE, "first");
    CHECK_CODE(call(&w).code, DENY_NONE, "second");
    limiter_save(w.limiter, w.now_ms, &saved);
    limiter_free(w.limiter);
    w.limiter = limiter_new();
    CHECK_OK(limiter_load(w.limiter, buf_str(&saved), w.now_ms, &err), &err);
    limiter_prepare(w.limiter, &w.image);
    CHECK_CODE(call(&w).code, DENY_QUOTA_EXHAUSTED, "used up before");
}

TEST(test_damaged_limits_are_refused_and_change_nothing)
{
    CLEANUP(world_clear) struct world w;
    CLEANUP(buf_clear) struct buf saved = {0};
    struct err err = {0};
    rate_world(&w, 10, 1000, 1);
    CHECK_CODE(call(&w).code, DENY_NONE, "burst");
    limiter_save(w.limiter, w.now_ms, &saved);
    for (size_t i = 0; i < saved.len; i++) {
        saved.ptr[i] ^= 1;
        CHECK(!limiter_load(w.limiter, buf_str(&saved), w.now_ms, &err));
        saved.ptr[i] ^= 1;
    }
    for (size_t len = 0; len < saved.len; len++)
        CHECK(!limiter_load(w.limiter, (struct str){saved.ptr, len}, w.now_ms, &err));
    CHECK_CODE(call(&w).code, DENY_RATE_LIMITED, "still at its edge");
}
