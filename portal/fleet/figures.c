/* Counters and histograms of one gateway over time. */
#include <math.h>
#include <stdlib.h>

#include "portal/fleet/figures.h"

#define MOST_SERIES ((size_t)200000)

/* --- order -------------------------------------------------------------------------------------
 */

static int compare_operation(struct str api, struct str version, struct str operation,
                             struct str api2, struct str version2, struct str operation2)
{
    int order = str_cmp(api, api2);
    if (order == 0)
        order = str_cmp(version, version2);
    return order ? order : str_cmp(operation, operation2);
}

static int compare_counters(const void *left, const void *right)
{
    const struct figures_counter *a = left, *b = right;
    int order = compare_operation(a->api, a->version_label, a->operation, b->api, b->version_label,
                                  b->operation);
    if (order == 0)
        order = str_cmp(a->app, b->app);
    if (order == 0)
        order = str_cmp(a->reason, b->reason);
    return order ? order : (a->status > b->status) - (a->status < b->status);
}

static int compare_histograms(const void *left, const void *right)
{
    const struct figures_histogram *a = left, *b = right;
    return compare_operation(a->api, a->version_label, a->operation, b->api, b->version_label,
                             b->operation);
}

/* --- one scrape --------------------------------------------------------------------------------
 */

/* What one scrape says, before it is merged. */
struct scrape {
    struct arena mem;
    VEC(struct figures_counter) counters;
    VEC(struct envoy_sample) buckets;
    bool too_many;
};

static void collect(void *context, const struct envoy_sample *sample)
{
    struct scrape *s = context;
    if (s->counters.len + s->buckets.len >= MOST_SERIES) {
        s->too_many = true;
        return;
    }
    if (sample->kind == ENVOY_SAMPLE_DURATION) {
        vec_push(&s->buckets, &s->mem, *sample);
        return;
    }
    vec_push(&s->counters, &s->mem,
             (struct figures_counter){.api = sample->api,
                                      .version_label = sample->version_label,
                                      .operation = sample->operation,
                                      .app = sample->app,
                                      .reason = sample->reason,
                                      .status = sample->status,
                                      .raw = sample->value});
}

/* --- counters ----------------------------------------------------------------------------------
 */

static struct figures_counter *find_counter(struct figures *f, size_t known,
                                            const struct figures_counter *like)
{
    return known ? bsearch(like, f->counters.ptr, known, sizeof(*like), compare_counters) : NULL;
}

static void merge_counter(struct figures *f, size_t known, const struct figures_counter *seen)
{
    struct figures_counter *old = find_counter(f, known, seen);
    if (old != NULL) {
        old->delta = seen->raw >= old->raw ? seen->raw - old->raw : seen->raw;
        old->total += old->delta;
        old->raw = seen->raw;
        return;
    }
    struct figures_counter fresh = *seen;
    fresh.api = arena_str(&f->mem, seen->api);
    fresh.version_label = arena_str(&f->mem, seen->version_label);
    fresh.operation = arena_str(&f->mem, seen->operation);
    fresh.app = arena_str(&f->mem, seen->app);
    fresh.reason = arena_str(&f->mem, seen->reason);
    fresh.total = seen->raw;
    fresh.delta = f->scraped_ms ? seen->raw : 0; /* a first look says nothing about speed */
    vec_push(&f->counters, &f->mem, fresh);
}

static void merge_counters(struct figures *f, const struct scrape *s)
{
    size_t known = f->counters.len;
    for (size_t i = 0; i < known; i++)
        f->counters.ptr[i].delta = 0;
    for (size_t i = 0; i < s->counters.len; i++)
        merge_counter(f, known, &s->counters.ptr[i]);
    if (f->counters.len > known)
        qsort(f->counters.ptr, f->counters.len, sizeof(*f->counters.ptr), compare_counters);
}

/* --- histograms --------------------------------------------------------------------------------
 */

static size_t bound_index(const double *bounds, size_t count, double bound)
{
    size_t i = 0;
    while (i < count && bounds[i] < bound)
        i++;
    return i;
}

static bool same_bound(double a, double b)
{
    return !(a < b) && !(a > b);
}

/* All histograms of a gateway share their bounds; they are learnt from the first one. */
static bool learn_bounds(struct figures *f, const struct scrape *s, struct err *err)
{
    for (size_t i = 0; i < s->buckets.len; i++) {
        double bound = s->buckets.ptr[i].bucket_le;
        size_t at = bound_index(f->bounds_ms, f->bucket_count, bound);
        if (at < f->bucket_count && same_bound(f->bounds_ms[at], bound))
            continue;
        if (f->bucket_count == FIGURES_BUCKETS)
            return fail(err, ERR_LIMIT, "", "more than %d histogram buckets", FIGURES_BUCKETS);
        if (f->histograms.len > 0)
            return fail(err, ERR_INVALID, "", "histogram bounds have changed");
        memmove(&f->bounds_ms[at + 1], &f->bounds_ms[at], (f->bucket_count - at) * sizeof(double));
        f->bounds_ms[at] = bound;
        f->bucket_count++;
    }
    return true;
}

static uint32_t *slot_of(struct figures_histogram *h, int64_t now_ms)
{
    int64_t start = now_ms / FIGURES_SLOT_MS * FIGURES_SLOT_MS;
    size_t i = (size_t)(now_ms / FIGURES_SLOT_MS % FIGURES_SLOTS);
    if (h->slot_start_ms[i] != start) {
        memset(h->slots[i], 0, sizeof(h->slots[i]));
        h->slot_start_ms[i] = start;
    }
    return h->slots[i];
}

static struct figures_histogram *find_histogram(struct figures *f, size_t known,
                                                const struct envoy_sample *like)
{
    const struct figures_histogram key = {
        .api = like->api, .version_label = like->version_label, .operation = like->operation};
    if (known == 0)
        return NULL;
    return bsearch(&key, f->histograms.ptr, known, sizeof(key), compare_histograms);
}

static struct figures_histogram *add_histogram(struct figures *f, size_t known,
                                               const struct envoy_sample *like)
{
    for (size_t i = known; i < f->histograms.len; i++) {
        struct figures_histogram *h = &f->histograms.ptr[i];
        if (compare_operation(h->api, h->version_label, h->operation, like->api,
                              like->version_label, like->operation) == 0)
            return h;
    }
    struct figures_histogram *fresh = arena_new(&f->mem, struct figures_histogram);
    fresh->api = arena_str(&f->mem, like->api);
    fresh->version_label = arena_str(&f->mem, like->version_label);
    fresh->operation = arena_str(&f->mem, like->operation);
    vec_push(&f->histograms, &f->mem, *fresh);
    return vec_last(&f->histograms);
}

static void merge_bucket(struct figures *f, size_t known, const struct envoy_sample *seen,
                         int64_t now_ms)
{
    size_t bucket = bound_index(f->bounds_ms, f->bucket_count, seen->bucket_le);
    struct figures_histogram *h = find_histogram(f, known, seen);
    uint64_t delta;
    if (h != NULL) {
        delta = seen->value >= h->raw[bucket] ? seen->value - h->raw[bucket] : seen->value;
    } else {
        h = add_histogram(f, known, seen);
        delta = f->scraped_ms ? seen->value : 0;
    }
    h->raw[bucket] = seen->value;
    slot_of(h, now_ms)[bucket] += (uint32_t)delta;
}

static void merge_histograms(struct figures *f, const struct scrape *s, int64_t now_ms)
{
    size_t known = f->histograms.len;
    for (size_t i = 0; i < s->buckets.len; i++)
        merge_bucket(f, known, &s->buckets.ptr[i], now_ms);
    if (f->histograms.len > known)
        qsort(f->histograms.ptr, f->histograms.len, sizeof(*f->histograms.ptr), compare_histograms);
}

bool figures_update(struct figures *f, struct str text, int64_t now_ms, struct err *err)
{
    struct scrape s = {0};
    bool ok = envoy_stats_read(text, &s.mem, collect, &s, err);
    if (ok && s.too_many)
        ok = fail(err, ERR_LIMIT, "", "more than %zu series", MOST_SERIES);
    if (ok && learn_bounds(f, &s, err)) {
        merge_counters(f, &s);
        merge_histograms(f, &s, now_ms);
        f->interval_ms = f->scraped_ms ? now_ms - f->scraped_ms : 0;
        f->scraped_ms = now_ms;
    } else {
        ok = false;
    }
    arena_clear(&s.mem);
    return ok;
}

void figures_clear(struct figures *f)
{
    arena_clear(&f->mem);
    *f = (struct figures){0};
}

/* --- sums --------------------------------------------------------------------------------------
 */

static bool wanted(struct str filter, struct str value)
{
    return filter.ptr == NULL || str_eq(filter, value);
}

static void add_counter(const struct figures_counter *counter, double seconds,
                        struct figures_sum *out)
{
    double per_second = seconds > 0 ? (double)counter->delta / seconds : 0;
    out->seen = true;
    out->requests += counter->total;
    out->rps += per_second;
    if (counter->status >= 400 && counter->status < 500) {
        out->requests_4xx += counter->total;
        out->rps_4xx += per_second;
    } else if (counter->status >= 500) {
        out->requests_5xx += counter->total;
        out->rps_5xx += per_second;
    }
}

static void add_bucket(struct figures_buckets *to, double bound, uint64_t value)
{
    size_t at = bound_index(to->bounds_ms, to->count, bound);
    if (at == to->count || !same_bound(to->bounds_ms[at], bound)) {
        if (to->count == FIGURES_BUCKETS)
            return;
        memmove(&to->bounds_ms[at + 1], &to->bounds_ms[at], (to->count - at) * sizeof(double));
        memmove(&to->cumulative[at + 1], &to->cumulative[at], (to->count - at) * sizeof(uint64_t));
        to->bounds_ms[at] = bound;
        to->cumulative[at] = 0;
        to->count++;
    }
    to->cumulative[at] += value;
}

static void add_histogram_window(const struct figures *f, const struct figures_histogram *h,
                                 int64_t now_ms, struct figures_buckets *out)
{
    for (size_t slot = 0; slot < FIGURES_SLOTS; slot++) {
        if (h->slot_start_ms[slot] == 0 || h->slot_start_ms[slot] <= now_ms - FIGURES_WINDOW_MS)
            continue;
        for (size_t b = 0; b < f->bucket_count; b++)
            add_bucket(out, f->bounds_ms[b], h->slots[slot][b]);
    }
}

void figures_add(const struct figures *f, const struct figures_filter *filter, int64_t now_ms,
                 struct figures_sum *out, struct figures_buckets *buckets)
{
    for (size_t i = 0; i < f->counters.len; i++) {
        const struct figures_counter *c = &f->counters.ptr[i];
        if (wanted(filter->api, c->api) && wanted(filter->version_label, c->version_label) &&
            wanted(filter->operation, c->operation))
            add_counter(c, (double)f->interval_ms / 1000.0, out);
    }
    for (size_t i = 0; i < f->histograms.len; i++) {
        const struct figures_histogram *h = &f->histograms.ptr[i];
        if (wanted(filter->api, h->api) && wanted(filter->version_label, h->version_label) &&
            wanted(filter->operation, h->operation))
            add_histogram_window(f, h, now_ms, buckets);
    }
}

/* The bound below which `part` of the calls lie, linear within its bucket. */
static double percentile(const struct figures_buckets *b, double part)
{
    uint64_t all = b->count ? b->cumulative[b->count - 1] : 0;
    double target = part * (double)all, below = 0, lower = 0;
    if (all < FIGURES_LEAST)
        return -1;
    for (size_t i = 0; i < b->count; i++) {
        double upto = (double)b->cumulative[i];
        if (upto >= target) {
            if (isinf(b->bounds_ms[i]) || upto <= below)
                return lower;
            return lower + (b->bounds_ms[i] - lower) * (target - below) / (upto - below);
        }
        below = upto;
        lower = b->bounds_ms[i];
    }
    return lower;
}

void figures_percentiles(const struct figures_buckets *buckets, struct figures_sum *out)
{
    out->p50_ms = percentile(buckets, 0.50);
    out->p95_ms = percentile(buckets, 0.95);
    out->p99_ms = percentile(buckets, 0.99);
}
