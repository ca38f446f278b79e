/* Access images from elsewhere: whatever access_open lets through, decisions stay inside of it and
 * are the same each time. The input is a list of 4 bytes each: where in a sound image, which width,
 * which value; sizes and checksum are then made right, as a forger would. */
#include <stdlib.h>

#include "catalog/authz/image.h"
#include "tests/fuzz/fuzz.h"

#define NOW INT64_C(1790000000000)

static const char key_text[] = "chy_tabcdefghijklmnopqrstuvwxyz012345000000";

static void sound_image(struct buf *out)
{
    static const struct access_operation operations[] = {
        {{"GET /", 5},           {"GET", 3},    {"/", 1}          },
        {{"GET /{id}", 9},       {"GET", 3},    {"/{id}", 5}      },
        {{"DELETE /{id}", 12},   {"DELETE", 6}, {"/{id}", 5}      },
        {{"GET /{id}/toys", 14}, {"GET", 3},    {"/{id}/toys", 10}},
    };
    static const struct str allowed[] = {
        {"GET /{id}", 9}
    };
    const struct access_api apis[] = {
        {STR("pets"), false},
        {STR("news"), true }
    };
    const struct access_deployment deployments[] = {
        {.id = 11,
         .api = 0,
         .version_label = STR("v1"),
         .group = STR("edge"),
         .base_path = STR("/pets"),
         .stage = ACCESS_STAGE_LIVE,
         .operations = operations,
         .operation_count = COUNT_OF(operations)},
        {.id = 12,
         .api = 1,
         .version_label = STR("v1"),
         .group = STR("edge"),
         .base_path = STR("/"),
         .stage = ACCESS_STAGE_LIVE,
         .operations = operations,
         .operation_count = 2                   },
    };
    const struct access_app apps[] = {{STR("shop")}, {STR("app")}};
    const struct access_credential credentials[] = {
        {sha256_of(str_from(key_text)), 0, false, 0      },
        {sha256_of(STR("old")),         1, false, NOW - 1},
    };
    const struct access_plan plans[] = {
        {.slug = STR("gold"),
         .rate_count = 5,
         .rate_period_ms = 1000,
         .burst = 5,
         .quota_count = 100},
        {.slug = STR("thin"),  .operations = allowed, .operation_count = 1},
    };
    const struct access_grant grants[] = {
        {501, 0, 0, 0, ACCESS_APPROVED,  0,   0      },
        {502, 0, 1, 1, ACCESS_REQUESTED, 0,   0      },
        {503, 1, 0, 1, ACCESS_APPROVED,  NOW, NOW + 9},
    };
    const struct access_input in = {.version = 412,
                                    .built_at_ms = NOW - 1000,
                                    .apis = apis,
                                    .api_count = COUNT_OF(apis),
                                    .deployments = deployments,
                                    .deployment_count = COUNT_OF(deployments),
                                    .apps = apps,
                                    .app_count = COUNT_OF(apps),
                                    .credentials = credentials,
                                    .credential_count = COUNT_OF(credentials),
                                    .plans = plans,
                                    .plan_count = COUNT_OF(plans),
                                    .grants = grants,
                                    .grant_count = COUNT_OF(grants)};
    struct err err = {0};
    HOLDS(access_build(&in, out, &err));
}

static void forge(struct buf *image, const uint8_t *data, size_t size)
{
    struct image_header *h = (void *)image->ptr;
    for (size_t i = 0; i + 4 <= size; i += 4) {
        size_t at = (((size_t)data[i] << 8) | data[i + 1]) % (image->len - 3);
        uint32_t value = (data[i + 2] & 0x80) ? UINT32_MAX - data[i + 3] : data[i + 3];
        if (data[i + 2] & 1) {
            at &= ~(size_t)3;
            memcpy(image->ptr + at, &value, sizeof(value));
        } else {
            image->ptr[at] = (char)value;
        }
    }
    memcpy(h->magic, IMAGE_MAGIC, sizeof(h->magic));
    h->format = IMAGE_FORMAT;
    h->size = image->len;
    h->checksum = image_checksum(str_sub(buf_str(image), IMAGE_UNCHECKED, image->len));
}

static void inside(const struct decision *d, struct str image)
{
    HOLDS(d->code < DENY_CODE_COUNT && deny_status(d->code) >= 200);
    HOLDS(fuzz_inside(d->app, image) && fuzz_inside(d->api, image) && fuzz_inside(d->plan, image));
    HOLDS(fuzz_inside(d->operation, image) && fuzz_inside(d->version_label, image));
}

static void ask_all(const struct access_image *image, struct limiter *limiter)
{
    static const struct str paths[] = {
        {"/pets/7",        7 },
        {"/pets/",         6 },
        {"/",              1 },
        {"/pets/7/toys?x", 14},
        {"/%2e%2e",        7 }
    };
    static const struct str methods[] = {
        {"GET",     3},
        {"DELETE",  6},
        {"OPTIONS", 7}
    };
    static const struct str keys[] = {
        {key_text, sizeof(key_text) - 1},
        {"old",    3                   },
        {NULL,     0                   }
    };
    for (size_t i = 0; i < COUNT_OF(paths) * COUNT_OF(methods) * COUNT_OF(keys); i++) {
        struct check_request ask = {.deployment = 11 + (int64_t)(i % 2),
                                    .path = paths[i % COUNT_OF(paths)],
                                    .method = methods[i / COUNT_OF(paths) % COUNT_OF(methods)],
                                    .key = keys[i / COUNT_OF(paths) / COUNT_OF(methods)],
                                    .dry_run = true};
        struct decision d, again, real;
        decide(image, NULL, &ask, 0, NOW, &d);
        decide(image, NULL, &ask, 0, NOW, &again);
        HOLDS(d.code == again.code && d.subscription == again.subscription);
        inside(&d, image->bytes);
        ask.dry_run = false;
        decide(image, limiter, &ask, 0, NOW, &real);
        HOLDS(real.code == d.code || real.code == DENY_RATE_LIMITED ||
              real.code == DENY_QUOTA_EXHAUSTED);
    }
}

static void use(const struct access_image *image)
{
    CLEANUP(buf_clear) struct buf list = {0};
    struct limiter *limiter = limiter_new();
    struct access_place place;
    struct str bytes = image->bytes;
    limiter_prepare(limiter, image);
    ask_all(image, limiter);
    limiter_free(limiter);
    for (size_t i = 0; access_place_at(image, i, &place); i++)
        HOLDS(fuzz_inside(place.api, bytes) && fuzz_inside(place.base_path, bytes) &&
              fuzz_inside(place.group, bytes));
    access_consumers(image, STR("edge"), NOW, 60, &list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(buf_clear) struct buf made = {0};
    struct access_image image = {0};
    struct err err = {0};
    if (!crypto_init())
        return 0;
    sound_image(&made);
    forge(&made, data, size);
    char *exact = aligned_alloc(IMAGE_ALIGN, made.len); /* of its own size */
    memcpy(exact, made.ptr, made.len);
    if (access_open((struct str){exact, made.len}, &image, &err))
        use(&image);
    else
        HOLDS(err.code == ERR_INVALID && size > 0);
    free(exact);
    return 0;
}
