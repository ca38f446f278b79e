/* Rates (GCRA) and quotas (UTC windows) by subscription. */
#include <stdlib.h>
#include <time.h>

#include "catalog/authz/image.h"
#include "catalog/authz/limiter.h"

#define SLOTS_FIRST ((size_t)1024)
#define DAY_MS      INT64_C(86400000)

struct slot {
    int64_t subscription; /* 0: free */
    int64_t arrival_us;   /* theoretical arrival time of the next call */
    int64_t window_ms;    /* start of the quota's window */
    uint32_t used;
};

/* Open addressing; at most half full, so a look-up ends soon. */
struct limiter {
    struct slot *slots;
    size_t size, used;
};

struct limiter *limiter_new(void)
{
    struct limiter *l = mem_new_of(struct limiter);
    l->size = SLOTS_FIRST;
    l->slots = mem_new(l->size * sizeof(*l->slots));
    return l;
}

void limiter_free(struct limiter *l)
{
    if (l == NULL)
        return;
    free(l->slots);
    free(l);
}

static struct slot *find(struct slot *slots, size_t size, int64_t subscription)
{
    size_t at = (size_t)((uint64_t)subscription * UINT64_C(0x9E3779B97F4A7C15) >> 20) & (size - 1);
    while (slots[at].subscription != 0 && slots[at].subscription != subscription)
        at = (at + 1) & (size - 1);
    return &slots[at];
}

void limiter_prepare(struct limiter *l, const struct access_image *image)
{
    size_t size = l->size, wanted = 2 * (l->used + image_count(image, SEC_GRANTS));
    while (size < wanted)
        size *= 2;
    if (size == l->size)
        return;
    struct slot *slots = mem_new(size * sizeof(*slots));
    for (size_t i = 0; i < l->size; i++)
        if (l->slots[i].subscription != 0)
            *find(slots, size, l->slots[i].subscription) = l->slots[i];
    free(l->slots);
    l->slots = slots;
    l->size = size;
}

/* NULL when there is no room, which limiter_prepare rules out. */
static struct slot *slot_of(struct limiter *l, int64_t subscription, bool make)
{
    struct slot *slot = find(l->slots, l->size, subscription);
    if (slot->subscription != 0 || !make)
        return slot;
    if (l->used + 1 >= l->size)
        return NULL;
    slot->subscription = subscription;
    l->used++;
    return slot;
}

/* --- windows
 * --------------------------------------------------------------------------------------- */

static int64_t month_start_ms(int64_t now_ms, int months_later)
{
    time_t seconds = (time_t)(now_ms / 1000);
    struct tm utc = {0};
    gmtime_r(&seconds, &utc);
    struct tm first = {.tm_year = utc.tm_year, .tm_mon = utc.tm_mon + months_later, .tm_mday = 1};
    return (int64_t)timegm(&first) * 1000;
}

static int64_t window_start_ms(bool monthly, int64_t now_ms)
{
    return monthly ? month_start_ms(now_ms, 0) : now_ms / DAY_MS * DAY_MS;
}

static int64_t window_end_ms(bool monthly, int64_t now_ms)
{
    return monthly ? month_start_ms(now_ms, 1) : (now_ms / DAY_MS + 1) * DAY_MS;
}

/* --- taking
 * ---------------------------------------------------------------------------------------- */

/* Generic cell rate algorithm: calls arrive one interval apart; a burst may come that much early.
 */
static enum deny_code take_rate(const struct image_plan *plan, struct slot *slot, bool take,
                                int64_t now_us, struct decision *out)
{
    int64_t interval = (int64_t)plan->rate_period_ms * 1000 / plan->rate_count;
    if (interval < 1)
        interval = 1;
    int64_t whole = interval * (plan->burst ? plan->burst : 1);
    int64_t arrival = slot->arrival_us > now_us ? slot->arrival_us : now_us;
    out->limit = plan->burst ? plan->burst : 1;
    if (arrival + interval - now_us > whole) {
        out->remaining = 0;
        out->retry_after_ms = (arrival + interval - whole - now_us + 999) / 1000;
        out->reset_ms = (arrival - now_us + 999) / 1000;
        return DENY_RATE_LIMITED;
    }
    if (take)
        slot->arrival_us = arrival + interval;
    out->remaining = (uint32_t)((whole - (arrival + interval - now_us)) / interval);
    out->reset_ms = (arrival + interval - now_us + 999) / 1000;
    return DENY_NONE;
}

static enum deny_code check_quota(const struct image_plan *plan, struct slot *slot, int64_t now_ms,
                                  struct decision *out)
{
    int64_t start = window_start_ms(plan->quota_monthly, now_ms);
    if (slot->window_ms != start) {
        slot->window_ms = start;
        slot->used = 0;
    }
    if (slot->used < plan->quota_count)
        return DENY_NONE;
    out->retry_after_ms = window_end_ms(plan->quota_monthly, now_ms) - now_ms;
    return DENY_QUOTA_EXHAUSTED;
}

enum deny_code limiter_take(struct limiter *l, int64_t subscription, const struct image_plan *plan,
                            bool take, int64_t now_ms, struct decision *out)
{
    struct slot spare = {0};
    struct slot *slot = l ? slot_of(l, subscription, take) : &spare;
    enum deny_code code = DENY_NONE;
    if (plan->rate_count == 0 && plan->quota_count == 0)
        return DENY_NONE;
    if (slot == NULL) {
        out->retry_after_ms = 1000;
        return DENY_RATE_LIMITED;
    }
    if (!take) { /* what would be, without touching what is */
        spare = *slot;
        slot = &spare;
    }
    /* A call that the quota refuses takes nothing from the rate. */
    if (plan->rate_count > 0)
        code = take_rate(plan, slot, false, now_ms * 1000, out);
    if (code == DENY_NONE && plan->quota_count > 0)
        code = check_quota(plan, slot, now_ms, out);
    if (code != DENY_NONE || !take)
        return code;
    if (plan->rate_count > 0)
        code = take_rate(plan, slot, true, now_ms * 1000, out);
    slot->used++;
    return code;
}
