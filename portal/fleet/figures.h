/* Figures of one gateway: counters and histograms as its admin reports them, turned into totals,
 * rates and percentiles. Pure; times are given. A series that is missing is unchanged, a smaller
 * value means that the proxy has restarted. */
#ifndef CHANCERY_FIGURES_H
#define CHANCERY_FIGURES_H

#include "catalog/base/base.h"
#include "catalog/envoy/envoy.h"

#define FIGURES_WINDOW_MS INT64_C(60000)
#define FIGURES_SLOT_MS   INT64_C(5000)
#define FIGURES_SLOTS     13 /* a whole window and the slot being filled */
#define FIGURES_BUCKETS   64
#define FIGURES_LEAST     20 /* calls below which a percentile says nothing */

struct figures_counter {
    struct str api, version_label, operation, app, reason;
    int32_t status;
    uint64_t raw, total, delta; /* as reported; over restarts; since the scrape before */
};

struct figures_histogram {
    struct str api, version_label, operation;
    uint64_t raw[FIGURES_BUCKETS]; /* cumulative, as reported */
    uint32_t slots[FIGURES_SLOTS]
                  [FIGURES_BUCKETS]; /* cumulative over bounds, added per slot of time */
    int64_t slot_start_ms[FIGURES_SLOTS];
};

struct figures {
    struct arena mem;
    VEC(struct figures_counter) counters;     /* sorted */
    VEC(struct figures_histogram) histograms; /* sorted */
    double bounds_ms[FIGURES_BUCKETS];
    size_t bucket_count;
    int64_t scraped_ms,
        interval_ms; /* last scrape and its distance from the one before; 0: none yet */
};

/** Takes in one scrape of /stats/prometheus. err: ERR_INVALID when the text does not read,
 * ERR_LIMIT (more than 64 buckets, more than 200,000 series); the figures are unchanged then. */
MUST_USE bool figures_update(struct figures *f, struct str text, int64_t now_ms, struct err *err);
void figures_clear(struct figures *f);

/** A row to show: the sum of all series that match. Rates and percentiles below 0 mean "no data".
 */
struct figures_sum {
    bool seen; /* at least one series matches */
    uint64_t requests, requests_4xx, requests_5xx;
    double rps, rps_4xx, rps_5xx;
    double p50_ms, p95_ms, p99_ms;
};
/** What to sum; absent texts match all. */
struct figures_filter {
    struct str api, version_label, operation;
};
struct figures_buckets {
    double bounds_ms[FIGURES_BUCKETS];
    uint64_t cumulative[FIGURES_BUCKETS];
    size_t count;
};
/** Adds this gateway's share to out (and to buckets, merged by bound). */
void figures_add(const struct figures *f, const struct figures_filter *filter, int64_t now_ms,
                 struct figures_sum *out, struct figures_buckets *buckets);
/** Sets the percentiles of a sum from its merged buckets. */
void figures_percentiles(const struct figures_buckets *buckets, struct figures_sum *out);

#endif
