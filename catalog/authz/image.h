/* The bytes of an access image: a header, then sections of fixed records, then text. Offsets count
 * from the image's first byte, numbers are in the machine's order, records hold no padding. */
#ifndef CHANCERY_AUTHZ_IMAGE_H
#define CHANCERY_AUTHZ_IMAGE_H

#include "catalog/authz/authz.h"

#define IMAGE_MAGIC     "CHYACCES"
#define IMAGE_FORMAT    3U
#define IMAGE_ALIGN     16U
#define IMAGE_MAX       ((uint64_t)UINT32_MAX)
#define IMAGE_UNCHECKED 16U /* bytes before the checksum's reach: magic, checksum */
#define BUCKET_BITS_MAX 24U

struct image_text {
    uint32_t at, len; /* within the text section */
};
/** What a look-up touches: 128 bits of SHA-256 as two big-endian numbers, sorted. */
struct image_key {
    uint64_t high, low;
    uint32_t app;
    uint32_t flags;
};
#define KEY_REVOKED 1U
#define KEY_ENDS    2U /* has a not_after */
/** A key of an app, for lists: the second half of its hash and where the first is. */
struct image_app_key {
    uint32_t key;
    uint8_t sha256_tail[16];
};
/** When a key with KEY_ENDS ends. Few have an end, so it is not in their records. */
struct image_key_end {
    int64_t not_after_ms;
    uint32_t key, zero;
};
struct image_app {
    struct image_text slug;
    uint32_t grant, grant_count;
    uint32_t key, key_count; /* in app_keys */
};
struct image_api {
    struct image_text slug;
    uint32_t open;
};
struct image_group {
    struct image_text slug;
    uint32_t version_low, version_high; /* of the last change that touches it */
};
struct image_deployment {
    int64_t id;
    uint32_t api, stage;
    struct image_text version_label, group, base_path;
    uint32_t operation, operation_count;
    uint32_t router, router_len;
};
struct image_plan {
    struct image_text slug;
    uint32_t rate_count, rate_period_ms, burst;
    uint32_t quota_count, quota_monthly;
    uint32_t all;
    uint32_t operation, operation_count; /* in plan_operations: numbers of names, ascending */
};
struct image_grant {
    int64_t subscription;
    uint32_t app, api, plan, state;
    int64_t not_before_ms, not_after_ms;
};

/* Records and the order they are in:
 *  buckets          first key of each hash prefix, and one past the last
 *  keys             by hash
 *  key_ends         by key
 *  app_keys         by app, then by hash
 *  apps, apis       by slug
 *  groups           by slug; only those whose number is known
 *  deployments      by id
 *  operations       by deployment; the number of the operation's name
 *  names            operation keys by text, each once
 *  plans            by slug
 *  grants           by app, API, subscription */
#define IMAGE_SECTIONS(X)                   \
    X(buckets, uint32_t)                    \
    X(keys, struct image_key)               \
    X(key_ends, struct image_key_end)       \
    X(app_keys, struct image_app_key)       \
    X(apps, struct image_app)               \
    X(apis, struct image_api)               \
    X(groups, struct image_group)           \
    X(deployments, struct image_deployment) \
    X(operations, uint32_t)                 \
    X(names, struct image_text)             \
    X(plans, struct image_plan)             \
    X(plan_operations, uint32_t)            \
    X(grants, struct image_grant)           \
    X(routers, char)                        \
    X(text, char)

/* One record's size. */
extern const uint32_t image_record_sizes[];

#define SECTION_ENUM(name, type) SECTION_##name,
enum image_section { IMAGE_SECTIONS(SECTION_ENUM) SECTION_COUNT };
#undef SECTION_ENUM

struct image_header {
    char magic[8];
    uint64_t checksum; /* image_checksum of everything behind it */
    uint64_t size;
    uint64_t version;
    int64_t built_at_ms;
    uint64_t origin; /* the version it had when it was made from rows */
    uint64_t under;  /* a patch: the checksum of the image it lies over; else 0 */
    uint8_t stamp[SHA256_LEN];
    uint32_t format;
    uint32_t bucket_bits;
    uint32_t metered; /* grants whose plan has a rate or a quota */
    uint32_t zero;
    struct {
        uint32_t at, count;
    } sections[SECTION_COUNT];
};
_Static_assert(sizeof(struct image_header) % IMAGE_ALIGN == 0, "sections begin aligned");
_Static_assert(sizeof(struct image_key) == 24, "the hot record stays small");
_Static_assert(sizeof(struct image_app_key) == 20, "no padding");
_Static_assert(sizeof(struct image_key_end) == 16, "no padding");
_Static_assert(sizeof(struct image_deployment) == 56, "no padding");
_Static_assert(sizeof(struct image_grant) == 40, "no padding");

static inline const struct image_header *image_header_of(const struct access_image *image)
{
    return (const void *)image->bytes.ptr;
}

/** What lies over the image, or NULL. */
static inline const struct image_header *image_patch_of(const struct access_image *image)
{
    return image->patch.len > 0 ? (const void *)image->patch.ptr : NULL;
}

/* image_keys(h), image_apps(h), …: the first record of a section. */
#define SECTION_READER(name, type)                                                             \
    static inline const type *image_##name(const struct image_header *h)                       \
    {                                                                                          \
        return (const type *)(const void *)((const char *)h + h->sections[SECTION_##name].at); \
    }
IMAGE_SECTIONS(SECTION_READER)
#undef SECTION_READER

static inline uint32_t image_count(const struct image_header *h, enum image_section section)
{
    return h->sections[section].count;
}
static inline struct str image_str(const struct image_header *h, struct image_text t)
{
    return (struct str){image_text(h) + t.at, t.len};
}

/** The first 128 bits of a hash as the keys are sorted. */
static inline uint64_t image_hash_part(const uint8_t *bytes)
{
    uint64_t part = 0;
    for (size_t i = 0; i < 8; i++)
        part = part << 8 | bytes[i];
    return part;
}
static inline uint32_t image_bucket(uint64_t high, uint32_t bits)
{
    return bits == 0 ? 0 : (uint32_t)(high >> (64 - bits));
}

/** Size and CRC-32: finds each damage of up to 32 bits in a row, and other damage but once in 2^32.
 * Not against intent. Never 0. */
static inline uint64_t image_checksum(struct str bytes)
{
    return (uint64_t)bytes.len << 32 | crc32_of(bytes);
}

static inline bool plan_is_metered(const struct image_plan *p)
{
    return p->rate_count > 0 || p->quota_count > 0;
}
/** Position of the key of that hash, or the number of keys. */
uint32_t image_find_key(const struct image_header *h, uint64_t high, uint64_t low);
/** Has the processor fetch what image_find_key will read, which takes as long as some 100 ns of
 * other work: for who knows the hash before he needs the key. */
void image_foresee_key(const struct image_header *h, uint64_t high);
/** Position of that text in apis, apps, groups, names or plans, or the section's count. */
uint32_t image_find_text(const struct image_header *h, enum image_section section, struct str text);
/** The first ms without access of a key, 0 for none. */
int64_t image_key_end(const struct image_header *h, uint32_t key);
/** A plan of image h as it is now: in the patch `over` (may be NULL) or in h; *where tells. */
const struct image_plan *image_plan_now(const struct image_header *h,
                                        const struct image_header *over, uint32_t plan,
                                        const struct image_header **where);
/** True when a plan covers the operation of that name. */
bool plan_covers(const struct image_header *h, const struct image_plan *plan, uint32_t name);
static inline uint64_t image_group_version(const struct image_group *g)
{
    return (uint64_t)g->version_high << 32 | g->version_low;
}

/** A deployment, the image that says how it is now, and its API as it is now. */
struct image_place {
    const struct image_header *h;
    const struct image_deployment *deployment;
    struct str api;
    bool open;
};
/** False when there is no such deployment. */
bool image_place(const struct access_image *image, int64_t id, struct image_place *out);
/** Ids of all deployments in ascending order; 0 at the end. Start with a zeroed walk. */
struct image_walk {
    uint32_t base, over;
};
int64_t image_next_deployment(const struct access_image *image, struct image_walk *walk);
/** Grants that need a meter, or a few more. */
uint64_t image_metered(const struct access_image *image);
/** The deployment of that id, or NULL. */
const struct image_deployment *image_find_deployment(const struct image_header *h, int64_t id);

#endif
