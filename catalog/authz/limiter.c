/* GCRA rates and windowed quotas by subscription id. A meter that binds nobody any more says the
 * same as no meter, so its slot may be taken over at any time: deciding never needs memory. */
#include <stdlib.h>

#include "catalog/authz/limiter.h"

#define NS_PER_MS    INT64_C(1000000)
#define DEPTH_MAX_NS (INT64_C(1) << 60) /* 36 years */
#define NOW_MAX_MS   (INT64_C(1) << 42) /* year 2109: sums of ns stay inside 63 bits */
#define NO_ROOM_MS   1000
#define LEAST_METERS 64U
#define METERS_MAX   UINT32_C(0x40000000)

struct meter {
    int64_t subscription; /* 0: free */
    int64_t full_at_ns;   /* when the whole burst is there again (GCRA's theoretical arrival) */
    uint32_t window, used;
};

struct limiter {
    struct meter *meters;
    uint32_t size, taken;
    int64_t seen_ms;
};

struct limiter *limiter_new(void)
{
    return mem_new_of(struct limiter);
}

void limiter_free(struct limiter *l)
{
    if (l == NULL)
        return;
    free(l->meters);
    free(l);
}

static int64_t usable_ms(int64_t now_ms)
{
    if (now_ms < 0)
        return 0;
    return now_ms < NOW_MAX_MS ? now_ms : NOW_MAX_MS;
}

static uint32_t home_slot(int64_t subscription, uint32_t size)
{
    uint64_t x = (uint64_t)subscription; /* ids of one moment differ in few bits: mix them */
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    x ^= x >> 31;
    return (uint32_t)(((x >> 32) * size) >> 32);
}

static bool meter_binds(const struct meter *m, int64_t now_ms)
{
    return m->full_at_ns > now_ms * NS_PER_MS ||
           (m->used > 0 && (m->window == quota_window_at(now_ms, false).number ||
                            m->window == quota_window_at(now_ms, true).number));
}

static bool nearly_full(const struct limiter *l)
{
    return l->taken >= l->size - l->size / 8;
}

/* The subscription's meter; with `make`, a fresh one in a free slot or one that binds nobody. NULL
 * when there is none. A free slot always remains, so the search ends. */
static struct meter *find_meter(struct limiter *l, int64_t subscription, int64_t now_ms, bool make)
{
    struct meter *spare = NULL;
    if (l->size == 0)
        return NULL;
    uint32_t at = home_slot(subscription, l->size);
    while (l->meters[at].subscription != 0) {
        struct meter *m = &l->meters[at];
        if (m->subscription == subscription)
            return m;
        if (make && spare == NULL && !meter_binds(m, now_ms))
            spare = m;
        at = at + 1 == l->size ? 0 : at + 1;
    }
    if (!make || (spare == NULL && nearly_full(l)))
        return NULL;
    if (spare == NULL) {
        spare = &l->meters[at];
        l->taken++;
    }
    *spare = (struct meter){.subscription = subscription};
    return spare;
}

/* Moves what still binds into a larger or cleaner table. */
static void rebuild(struct limiter *l, uint64_t wanted)
{
    struct limiter old = *l;
    uint64_t binding = 0;
    for (uint32_t i = 0; i < old.size; i++)
        binding += old.meters[i].subscription != 0 && meter_binds(&old.meters[i], old.seen_ms);
    uint64_t size = (wanted > binding * 2 ? wanted : binding * 2) * 3 / 2 + LEAST_METERS;
    l->size = (uint32_t)(size < METERS_MAX ? size : METERS_MAX);
    l->taken = 0;
    l->meters = mem_new((size_t)l->size * sizeof(*l->meters));
    for (uint32_t i = 0; i < old.size; i++) {
        const struct meter *m = &old.meters[i];
        if (m->subscription == 0 || !meter_binds(m, old.seen_ms))
            continue;
        struct meter *to = find_meter(l, m->subscription, old.seen_ms, true);
        if (to != NULL)
            *to = *m;
    }
    free(old.meters);
}

void limiter_prepare(struct limiter *l, const struct access_image *image)
{
    uint64_t wanted = image ? image_metered(image) : 0;
    uint32_t comfortable = l->size - l->size / 4;
    if (l->size == 0 || wanted > comfortable || l->taken > comfortable)
        rebuild(l, wanted);
}

/* --- from one process to the next ------------------------------------------------------------- */

#define SAVED_MARK UINT32_C(0x314C4843) /* "CHL1" */

struct saved_head {
    uint32_t mark, crc; /* crc: of the meters */
    uint64_t count;
};

void limiter_save(const struct limiter *l, int64_t now_ms, struct buf *out)
{
    struct saved_head head = {.mark = SAVED_MARK};
    size_t start = out->len;
    buf_add(out, (struct str){(const char *)&head, sizeof(head)});
    for (uint32_t i = 0; i < l->size; i++) {
        if (l->meters[i].subscription == 0 || !meter_binds(&l->meters[i], usable_ms(now_ms)))
            continue;
        buf_add(out, (struct str){(const char *)&l->meters[i], sizeof(l->meters[i])});
        head.count++;
    }
    if (out->failed)
        return;
    head.crc =
        crc32_of((struct str){out->ptr + start + sizeof(head), out->len - start - sizeof(head)});
    memcpy(out->ptr + start, &head, sizeof(head));
}

int64_t limiter_last_ms(const struct limiter *l)
{
    return l->seen_ms;
}

bool limiter_load(struct limiter *l, struct str saved, int64_t now_ms, struct err *err)
{
    struct saved_head head = {0};
    struct str meters = str_sub(saved, sizeof(head), saved.len);
    if (saved.len >= sizeof(head))
        memcpy(&head, saved.ptr, sizeof(head));
    if (head.mark != SAVED_MARK || meters.len % sizeof(struct meter) != 0 ||
        head.count != meters.len / sizeof(struct meter) || head.crc != crc32_of(meters))
        return fail(err, ERR_INVALID, "limits", "the limits handed over are damaged");
    l->seen_ms = usable_ms(now_ms);
    l->taken = l->size = 0;
    free(l->meters);
    l->meters = NULL;
    rebuild(l, head.count);
    for (uint64_t i = 0; i < head.count; i++) {
        struct meter m;
        memcpy(&m, meters.ptr + i * sizeof(m), sizeof(m));
        struct meter *to =
            m.subscription != 0 ? find_meter(l, m.subscription, l->seen_ms, true) : NULL;
        if (to != NULL)
            *to = m;
    }
    return true;
}

/* One subscription's rate at one moment, in ns. */
struct rate {
    int64_t step, depth; /* between calls when steady; of the whole burst */
    int64_t ahead;       /* how much of the depth is used up */
};

static struct rate rate_of(const struct image_plan *p, const struct meter *m, int64_t now_ns)
{
    struct rate r = {0};
    int64_t burst = p->burst > 0 ? p->burst : 1;
    r.step = (int64_t)p->rate_period_ms * NS_PER_MS / p->rate_count;
    if (r.step == 0)
        r.step = 1;
    r.depth = r.step <= DEPTH_MAX_NS / burst ? r.step * burst : DEPTH_MAX_NS;
    if (m->full_at_ns > now_ns)
        r.ahead = m->full_at_ns - now_ns;
    if (r.ahead > r.depth) /* another plan before, or a clock set back */
        r.ahead = r.depth;
    return r;
}

static int64_t ms_up(int64_t ns)
{
    return (ns + NS_PER_MS - 1) / NS_PER_MS;
}

static void report_rate(const struct image_plan *p, const struct rate *r, struct decision *out)
{
    out->limit = p->burst > 0 ? p->burst : 1;
    out->remaining = (uint32_t)((r->depth - r->ahead) / r->step);
    out->reset_ms = ms_up(r->ahead);
}

static enum deny_code check_quota(const struct image_plan *p, struct meter *m, int64_t now_ms,
                                  struct decision *out)
{
    struct quota_window w = quota_window_at(now_ms, p->quota_monthly);
    if (m->window != w.number) {
        m->window = w.number;
        m->used = 0;
    }
    if (m->used < p->quota_count)
        return DENY_NONE;
    out->retry_after_ms = w.end_ms - now_ms;
    return DENY_QUOTA_EXHAUSTED;
}

enum deny_code limiter_take(struct limiter *l, int64_t subscription, const struct image_plan *plan,
                            int64_t now_ms, bool dry_run, struct decision *out)
{
    int64_t now = usable_ms(now_ms), now_ns = now * NS_PER_MS;
    struct meter *kept = l ? find_meter(l, subscription, now, !dry_run) : NULL;
    struct meter m = {.subscription = subscription};
    struct rate r = {0};
    if (kept != NULL)
        m = *kept;
    if (kept == NULL && !dry_run) { /* no memory of earlier calls: refuse rather than guess */
        out->retry_after_ms = NO_ROOM_MS;
        return DENY_RATE_LIMITED;
    }
    if (plan->rate_count > 0) {
        r = rate_of(plan, &m, now_ns);
        report_rate(plan, &r, out);
        if (r.step > r.depth - r.ahead) {
            out->retry_after_ms = ms_up(r.step - (r.depth - r.ahead));
            return DENY_RATE_LIMITED;
        }
    }
    if (plan->quota_count > 0 && check_quota(plan, &m, now, out) != DENY_NONE)
        return DENY_QUOTA_EXHAUSTED;
    if (dry_run || kept == NULL)
        return DENY_NONE;
    if (plan->rate_count > 0) {
        r.ahead += r.step;
        m.full_at_ns = now_ns + r.ahead;
        report_rate(plan, &r, out);
    }
    m.used += plan->quota_count > 0;
    l->seen_ms = now;
    *kept = m;
    return DENY_NONE;
}
