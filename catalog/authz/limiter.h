/* Rates and quotas of subscriptions, in memory of a fixed size between images. */
#ifndef CHANCERY_AUTHZ_LIMITER_H
#define CHANCERY_AUTHZ_LIMITER_H

#include "catalog/authz/image.h"

/** Takes one call from a subscription's rate and quota, or refuses and takes nothing; fills out's
 *  limit, remaining, reset_ms, retry_after_ms. dry_run never takes. Without a limiter a dry run
 *  sees an unused plan, and a real call is refused. */
enum deny_code limiter_take(struct limiter *l, int64_t subscription, const struct image_plan *plan,
                            int64_t now_ms, bool dry_run, struct decision *out);

/** A day or month in UTC: a number no other window has, never 0, and where it ends. */
struct quota_window {
    uint32_t number;
    int64_t end_ms;
};
struct quota_window quota_window_at(int64_t now_ms, bool monthly);

#endif
