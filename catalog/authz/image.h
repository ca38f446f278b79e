/* The bytes of an access image: a header, then sections of fixed-size records, offsets instead of
 * pointers. The same bytes are the table in memory and a file. The bytes start at a 16-byte border,
 * so records are read in place. */
#ifndef CHANCERY_AUTHZ_IMAGE_H
#define CHANCERY_AUTHZ_IMAGE_H

#include "catalog/authz/authz.h"

#define IMAGE_MAGIC \
    UINT64_C(0x31474D4959484320) /* reads differently on a machine of the other byte order */
#define IMAGE_FORMAT    1
#define CREDENTIAL_HASH 16 /* bytes of the SHA-256 that the directory compares */
#define IMAGE_ALIGNMENT 16

enum image_section {
    SEC_BUCKETS,     /* uint32_t: first credential of each bucket, one more at the end */
    SEC_CREDENTIALS, /* struct image_credential, sorted by hash */
    SEC_HASHES,      /* struct sha256, in the order of SEC_CREDENTIALS */
    SEC_APPS,        /* struct image_app */
    SEC_APP_ORDER,   /* uint32_t: apps by slug */
    SEC_APP_KEYS,    /* uint32_t: credentials by app */
    SEC_APIS,        /* struct image_api */
    SEC_PLANS,       /* struct image_plan */
    SEC_PLAN_KEYS,   /* uint32_t: operation keys of plans, sorted within a plan */
    SEC_GRANTS,      /* struct image_grant, sorted by app and API */
    SEC_DEPLOYMENTS, /* struct image_deployment, sorted by id */
    SEC_OPERATIONS,  /* uint32_t: operation key of each operation, by the router's value */
    SEC_KEYS,        /* struct image_text: operation keys, sorted */
    SEC_ROUTERS,     /* bytes */
    SEC_TEXT,        /* bytes */
    SEC_COUNT,
};

struct image_section_place {
    uint64_t offset, count;
};
struct image_header {
    uint64_t magic;
    uint32_t format, bucket_bits;
    uint64_t total_bytes, version;
    int64_t built_at_ms;
    struct image_section_place sections[SEC_COUNT];
    struct sha256 checksum; /* of all bytes, this field zeroed */
};
struct image_text {
    uint32_t at, len;
};
struct image_credential {
    uint8_t hash[CREDENTIAL_HASH];
    uint32_t app, revoked;
    int64_t not_after_ms;
};
struct image_app {
    struct image_text slug;
    uint32_t first_grant, grants, first_key, keys;
};
struct image_api {
    struct image_text slug;
    uint32_t open, unused;
};
struct image_plan {
    struct image_text slug;
    uint32_t rate_count, rate_period_ms, burst, quota_count, quota_monthly, all_operations;
    uint32_t first_key, keys;
};
struct image_grant {
    int64_t subscription, not_before_ms, not_after_ms;
    uint32_t app, api, plan, state;
};
struct image_deployment {
    int64_t id;
    uint32_t api, stage;
    struct image_text version_label, group, base_path;
    uint32_t router_at, router_len, first_operation, operations;
};

/** Size of one record of a section. */
size_t image_record_size(enum image_section section);
/** Numbers the first bits of a hash. */
static inline uint32_t image_bucket(const uint8_t *hash, uint32_t bits)
{
    uint32_t front =
        (uint32_t)hash[0] << 24 | (uint32_t)hash[1] << 16 | (uint32_t)hash[2] << 8 | hash[3];
    return bits == 0 ? 0 : front >> (32 - bits);
}

static inline const struct image_header *image_head(const struct access_image *image)
{
    return (const struct image_header *)(const void *)image->bytes.ptr;
}
static inline const void *image_at(const struct access_image *image, enum image_section section)
{
    return image->bytes.ptr + image_head(image)->sections[section].offset;
}
static inline size_t image_count(const struct access_image *image, enum image_section section)
{
    return (size_t)image_head(image)->sections[section].count;
}
static inline struct str image_str(const struct access_image *image, struct image_text text)
{
    return (struct str){(const char *)image_at(image, SEC_TEXT) + text.at, text.len};
}

#endif
