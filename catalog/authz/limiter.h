/* Taking from a subscription's rate and quota; inside authz only. */
#ifndef CHANCERY_AUTHZ_LIMITER_H
#define CHANCERY_AUTHZ_LIMITER_H

#include "catalog/authz/image.h"

/** DENY_NONE, DENY_RATE_LIMITED or DENY_QUOTA_EXHAUSTED; fills limit, remaining, reset and
 * retry_after. take false: only looks. l may be NULL then. */
enum deny_code limiter_take(struct limiter *l, int64_t subscription, const struct image_plan *plan,
                            bool take, int64_t now_ms, struct decision *out);

/* open.c */
const struct image_deployment *image_find_deployment(const struct access_image *image, int64_t id);
const struct image_credential *image_find_credential(const struct access_image *image,
                                                     const uint8_t *hash);

#endif
