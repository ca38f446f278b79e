/* The credential part of an image: a directory by hash prefix over sorted records. */
#include <stdlib.h>

#include "catalog/authz/build.h"

#define FEW_KEYS      64U
#define KEYS_A_BUCKET 16U

/* All of a key that goes into the image, so that its place in the input is looked at only once. */
struct sorted_key {
    struct image_key row;
    uint8_t sha256_tail[16];
    uint32_t index; /* in the input */
};

static int hash_order(const void *left, const void *right)
{
    const struct sorted_key *a = left, *b = right;
    if (a->row.high != b->row.high)
        return a->row.high < b->row.high ? -1 : 1;
    if (a->row.low != b->row.low)
        return a->row.low < b->row.low ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

/* Some sixteen keys a bucket: that of a million has a directory that a core's own cache holds. */
static uint32_t bits_for(size_t count)
{
    uint32_t bits = 0;
    while (bits < BUCKET_BITS_MAX && ((size_t)KEYS_A_BUCKET << bits) < count)
        bits++;
    return bits;
}

static void read_key(const struct builder *b, uint32_t index, struct sorted_key *key)
{
    const struct access_credential *c = &b->in->credentials[index];
    key->row.high = image_hash_part(c->sha256.bytes);
    key->row.low = image_hash_part(c->sha256.bytes + 8);
    key->row.app = b->apps.place[c->app];
    key->row.flags = (c->revoked ? KEY_REVOKED : 0) | (c->not_after_ms != 0 ? KEY_ENDS : 0);
    memcpy(key->sha256_tail, c->sha256.bytes + 16, sizeof(key->sha256_tail));
    key->index = index;
}

/* The few of a bucket; a library's sort costs more than what it sorts. */
static void sort_bucket(struct sorted_key *keys, uint32_t count)
{
    if (count > FEW_KEYS) {
        qsort(keys, count, sizeof(*keys), hash_order);
        return;
    }
    for (uint32_t i = 1; i < count; i++) {
        struct sorted_key key = keys[i];
        uint32_t at = i;
        for (; at > 0 && hash_order(&keys[at - 1], &key) > 0; at--)
            keys[at] = keys[at - 1];
        keys[at] = key;
    }
}

/* Sorts by spreading over the buckets first: hashes are random, so each holds a few. */
static struct sorted_key *sort_keys(struct builder *b, uint32_t *starts)
{
    const struct access_input *in = b->in;
    uint32_t bits = b->header.bucket_bits, buckets = UINT32_C(1) << bits;
    struct sorted_key *keys = arena_array(&b->mem, struct sorted_key, in->credential_count);
    for (size_t i = 0; i < in->credential_count; i++)
        starts[image_bucket(image_hash_part(in->credentials[i].sha256.bytes), bits) + 1]++;
    for (uint32_t i = 0; i < buckets; i++)
        starts[i + 1] += starts[i];
    uint32_t *next = arena_array(&b->mem, uint32_t, buckets);
    memcpy(next, starts, buckets * sizeof(*next));
    for (uint32_t i = 0; i < in->credential_count; i++) {
        uint64_t high = image_hash_part(in->credentials[i].sha256.bytes);
        read_key(b, i, &keys[next[image_bucket(high, bits)]++]);
    }
    for (uint32_t i = 0; i < buckets; i++)
        sort_bucket(keys + starts[i], starts[i + 1] - starts[i]);
    return keys;
}

static bool check_apps(const struct access_input *in, struct err *err)
{
    for (size_t i = 0; i < in->credential_count; i++)
        if (!build_index("credentials", i, "app", in->credentials[i].app, in->app_count, err))
            return false;
    return true;
}

static bool check_hashes(const struct sorted_key *keys, size_t count, struct err *err)
{
    char where[48];
    for (size_t i = 1; i < count; i++) {
        if (keys[i].row.high != keys[i - 1].row.high || keys[i].row.low != keys[i - 1].row.low)
            continue;
        snprintf(where, sizeof(where), "/credentials/%lu", (unsigned long)keys[i].index);
        return fail(err, ERR_INVALID, where, "credential %lu has the same hash",
                    (unsigned long)keys[i - 1].index);
    }
    return true;
}

static void add_keys(struct builder *b, const struct sorted_key *keys)
{
    size_t count = b->in->credential_count;
    struct image_key *rows = build_room(b, SECTION_keys, count);
    for (uint32_t i = 0; rows != NULL && i < count; i++) {
        rows[i] = keys[i].row;
        if (!(rows[i].flags & KEY_ENDS))
            continue;
        struct image_key_end end = {b->in->credentials[keys[i].index].not_after_ms, i, 0};
        build_record(b, SECTION_key_ends, &end, sizeof(end));
    }
}

/* The keys in the order lists have them: app by app; within an app by hash. */
static void add_app_keys(struct builder *b, const struct sorted_key *keys)
{
    const struct access_input *in = b->in;
    uint32_t *next = arena_array(&b->mem, uint32_t, in->app_count + 1);
    struct image_app_key *rows = build_room(b, SECTION_app_keys, in->credential_count);
    for (size_t i = 0; i < in->credential_count; i++)
        next[keys[i].row.app + 1]++;
    for (size_t i = 0; i < in->app_count; i++)
        next[i + 1] += next[i];
    for (uint32_t i = 0; rows != NULL && i < in->credential_count; i++) {
        struct image_app_key *row = &rows[next[keys[i].row.app]++];
        row->key = i;
        memcpy(row->sha256_tail, keys[i].sha256_tail, sizeof(row->sha256_tail));
    }
}

bool build_keys(struct builder *b, struct err *err)
{
    size_t count = b->in->credential_count;
    b->header.bucket_bits = bits_for(count);
    size_t bucket_count = ((size_t)1 << b->header.bucket_bits) + 1;
    uint32_t *starts = arena_array(&b->mem, uint32_t, bucket_count);
    if (!check_apps(b->in, err))
        return false;
    const struct sorted_key *keys = sort_keys(b, starts);
    if (!check_hashes(keys, count, err))
        return false;
    add_keys(b, keys);
    add_app_keys(b, keys);
    buf_add(&b->sections[SECTION_buckets],
            (struct str){(const char *)starts, bucket_count * sizeof(*starts)});
    return true;
}
