/* A patched image says what a freshly built one says: random changes, random calls, and the list
 * that other proxies are given. */
#include <stdlib.h>
#include <time.h>

#include "tests/unit/authz/town.h"

enum { TOWNS = 30, STEPS = 120, CALLS = 40 };

/* An image, a patch, and both as one. */
struct laid {
    struct buf base_bytes, patch_bytes;
    struct access_image base, patch, both;
    bool patched;
};

static void laid_clear(struct laid *l)
{
    buf_clear(&l->base_bytes);
    buf_clear(&l->patch_bytes);
}

static void open_image(const struct buf *bytes, struct access_image *out)
{
    struct err err = {0};
    CHECK_OK(access_open(buf_str(bytes), out, &err), &err);
}

static void lay_over(struct laid *l)
{
    struct err err = {0};
    l->both = l->base;
    if (!l->patched)
        return;
    open_image(&l->patch_bytes, &l->patch);
    CHECK_OK(access_lay(&l->base, &l->patch, &l->both, &err), &err);
}

static void start_from(struct laid *l, struct buf *bytes)
{
    buf_clear(&l->base_bytes);
    l->base_bytes = *bytes;
    *bytes = (struct buf){0};
    l->patched = false;
    open_image(&l->base_bytes, &l->base);
    lay_over(l);
}

static void add_patch(struct laid *l, struct town *t, const struct town_touched *touched)
{
    CLEANUP(buf_clear) struct buf fresh = {0};
    struct buf joined = {0};
    struct access_image newer;
    struct err err = {0};
    uint64_t under = access_checksum(&l->base);
    town_patch(t, touched, under, &fresh);
    open_image(&fresh, &newer);
    CHECK_OK(access_join(l->patched ? &l->patch : NULL, &newer, under, NULL, 0, &joined, &err),
             &err);
    buf_clear(&l->patch_bytes);
    l->patch_bytes = joined;
    l->patched = true;
    lay_over(l);
}

static void same_decision(const struct access_image *a, const struct access_image *b,
                          struct limiter *limiters[2], const struct check_request *ask,
                          unsigned *allowed)
{
    struct decision x, y;
    decide(a, limiters[0], ask, 0, WORLD_NOW, &x);
    decide(b, limiters[1], ask, 0, WORLD_NOW, &y);
    CHECK_CODE(x.code, y.code, "patched and built anew");
    CHECK_STR(x.app, y.app);
    CHECK_STR(x.api, y.api);
    CHECK_STR(x.version_label, y.version_label);
    CHECK_STR(x.plan, y.plan);
    CHECK_STR(x.operation, y.operation);
    CHECK_STR(x.allow, y.allow);
    CHECK_I64(x.subscription, y.subscription);
    CHECK_I64(x.limit, y.limit);
    *allowed += x.code == DENY_NONE;
}

static void same_places(const struct access_image *a, const struct access_image *b)
{
    struct access_place x, y;
    size_t count = access_place_count(b);
    CHECK_I64(access_place_count(a), count);
    for (size_t i = 0; i < count; i++) {
        CHECK(access_place_at(a, i, &x) && access_place_at(b, i, &y));
        CHECK_I64(x.id, y.id);
        CHECK_STR(x.base_path, y.base_path);
        CHECK(x.open == y.open && x.stage == y.stage);
    }
    CHECK(!access_place_at(a, count, &x));
}

static void same_list(const struct access_image *a, const struct access_image *b)
{
    for (size_t i = 0; i < TOWN_GROUPS; i++) {
        CLEANUP(buf_clear) struct buf x = {0};
        CLEANUP(buf_clear) struct buf y = {0};
        access_consumers(a, str_from(town_groups[i]), WORLD_NOW, 60, &x);
        access_consumers(b, str_from(town_groups[i]), WORLD_NOW, 60, &y);
        CHECK_STR(buf_str(&x), buf_str(&y));
    }
}

/* Folding gives the very bytes of an image that was built from all rows. */
static void same_bytes(const struct laid *l, const struct buf *built, struct buf *folded)
{
    struct err err = {0};
    CHECK_OK(access_fold(&l->both, folded, &err), &err);
    CHECK_I64(folded->len, built->len);
    CHECK(folded->len == built->len && memcmp(folded->ptr, built->ptr, built->len) == 0);
}

static void live(struct town *t, struct limiter *limiters[2], unsigned *allowed)
{
    CLEANUP(laid_clear) struct laid l = {0};
    CLEANUP(buf_clear) struct buf built = {0};
    struct buf first = {0};
    town_build(t, &first);
    start_from(&l, &first);
    for (size_t step = 0; step < STEPS; step++) {
        CLEANUP(buf_clear) struct buf folded = {0};
        struct town_touched touched = {0};
        struct access_image anew;
        for (uint32_t i = town_pick(t, 3) + 1; i > 0; i--)
            town_change(t, &touched);
        add_patch(&l, t, &touched);
        town_build(t, &built);
        open_image(&built, &anew);
        CHECK_I64(l.both.version, anew.version);
        limiter_prepare(limiters[0], &l.both);
        limiter_prepare(limiters[1], &anew);
        for (size_t i = 0; i < CALLS; i++) {
            struct check_request ask = town_call(t);
            same_decision(&l.both, &anew, limiters, &ask, allowed);
        }
        same_places(&l.both, &anew);
        same_list(&l.both, &anew);
        same_bytes(&l, &built, &folded);
        if (town_pick(t, 20) == 0)
            start_from(&l, &folded);
    }
}

TEST(test_a_patched_image_decides_as_one_built_anew)
{
    unsigned seed = (unsigned)time(NULL), allowed = 0;
    printf("seed %u ", seed);
    for (unsigned i = 0; i < TOWNS; i++) {
        CLEANUP(town_clear) struct town t;
        struct limiter *limiters[2] = {limiter_new(), limiter_new()};
        town_init(&t, seed + i);
        live(&t, limiters, &allowed);
        limiter_free(limiters[0]);
        limiter_free(limiters[1]);
    }
    CHECK(allowed > TOWNS * STEPS * CALLS / 20);
}

TEST(test_a_patch_lies_over_its_own_image_only)
{
    CLEANUP(town_clear) struct town t;
    CLEANUP(buf_clear) struct buf first = {0};
    CLEANUP(buf_clear) struct buf second = {0};
    CLEANUP(buf_clear) struct buf patch = {0};
    struct access_image one, two, over, out;
    struct town_touched touched = {0};
    struct err err = {0};
    town_init(&t, 7);
    town_build(&t, &first);
    open_image(&first, &one);
    town_change(&t, &touched);
    town_build(&t, &second);
    open_image(&second, &two);
    town_patch(&t, &touched, access_checksum(&one), &patch);
    open_image(&patch, &over);
    CHECK_OK(access_lay(&one, &over, &out, &err), &err);
    CHECK(!access_lay(&two, &over, &out, &err));
    CHECK_I64(err.code, ERR_INVALID);
    CHECK(!access_lay(&over, &over, &out, &err));
    CHECK(!access_lay(&one, &two, &out, &err));
    CHECK_OK(access_lay(&one, &over, &out, &err), &err);
    CHECK(!access_lay(&out, &over, &out, &err));
}
