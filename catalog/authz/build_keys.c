/* The credential part of an image: a directory by hash prefix over sorted records. */
#include <stdlib.h>

#include "catalog/authz/build.h"

struct sorted_key {
    uint64_t high, low;
    uint32_t index; /* in the input */
};

static int hash_order(const void *left, const void *right)
{
    const struct sorted_key *a = left, *b = right;
    if (a->high != b->high)
        return a->high < b->high ? -1 : 1;
    if (a->low != b->low)
        return a->low < b->low ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

/* Some four keys a bucket: they lie side by side, and the directory stays a small part. */
static uint32_t bits_for(size_t count)
{
    uint32_t bits = 0;
    while (bits < BUCKET_BITS_MAX && ((size_t)4 << bits) < count)
        bits++;
    return bits;
}

/* Sorts by spreading over the buckets first: hashes are random, so each holds about one. */
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
        const uint8_t *hash = in->credentials[i].sha256.bytes;
        uint64_t high = image_hash_part(hash);
        keys[next[image_bucket(high, bits)]++] =
            (struct sorted_key){high, image_hash_part(hash + 8), i};
    }
    for (uint32_t i = 0; i < buckets; i++)
        if (starts[i + 1] - starts[i] > 1)
            qsort(keys + starts[i], starts[i + 1] - starts[i], sizeof(*keys), hash_order);
    return keys;
}

static bool check_keys(const struct builder *b, const struct sorted_key *keys, struct err *err)
{
    const struct access_input *in = b->in;
    char where[48];
    for (size_t i = 0; i < in->credential_count; i++)
        if (!build_index("credentials", i, "app", in->credentials[i].app, in->app_count, err))
            return false;
    for (size_t i = 1; i < in->credential_count; i++) {
        if (keys[i].high != keys[i - 1].high || keys[i].low != keys[i - 1].low)
            continue;
        snprintf(where, sizeof(where), "/credentials/%lu", (unsigned long)keys[i].index);
        return fail(err, ERR_INVALID, where, "credential %lu has the same hash",
                    (unsigned long)keys[i - 1].index);
    }
    return true;
}

static void add_key(struct builder *b, const struct sorted_key *key)
{
    const struct access_credential *c = &b->in->credentials[key->index];
    struct image_key row = {key->high, key->low, b->apps.place[c->app], 0};
    struct image_key_end end = {c->not_after_ms, build_count(b, SECTION_keys), 0};
    if (c->revoked)
        row.flags |= KEY_REVOKED;
    if (c->not_after_ms != 0) {
        row.flags |= KEY_ENDS;
        build_record(b, SECTION_key_ends, &end, sizeof(end));
    }
    build_record(b, SECTION_keys, &row, sizeof(row));
}

/* The keys in the order lists have them: app by app; within an app by hash. */
static void add_app_keys(struct builder *b, const struct sorted_key *keys)
{
    const struct access_input *in = b->in;
    uint32_t *next = arena_array(&b->mem, uint32_t, in->app_count + 1);
    struct image_app_key *list = arena_array(&b->mem, struct image_app_key, in->credential_count);
    for (size_t i = 0; i < in->credential_count; i++)
        next[b->apps.place[in->credentials[i].app] + 1]++;
    for (size_t i = 0; i < in->app_count; i++)
        next[i + 1] += next[i];
    for (uint32_t i = 0; i < in->credential_count; i++) {
        const struct access_credential *c = &in->credentials[keys[i].index];
        struct image_app_key *row = &list[next[b->apps.place[c->app]]++];
        row->key = i;
        memcpy(row->sha256_tail, c->sha256.bytes + 16, sizeof(row->sha256_tail));
    }
    buf_add(&b->sections[SECTION_app_keys],
            (struct str){(const char *)list, in->credential_count * sizeof(*list)});
}

bool build_keys(struct builder *b, struct err *err)
{
    size_t count = b->in->credential_count;
    b->header.bucket_bits = bits_for(count);
    size_t bucket_count = ((size_t)1 << b->header.bucket_bits) + 1;
    uint32_t *starts = arena_array(&b->mem, uint32_t, bucket_count);
    const struct sorted_key *keys = sort_keys(b, starts);
    if (!check_keys(b, keys, err))
        return false;
    for (size_t i = 0; i < count; i++)
        add_key(b, &keys[i]);
    add_app_keys(b, keys);
    buf_add(&b->sections[SECTION_buckets],
            (struct str){(const char *)starts, bucket_count * sizeof(*starts)});
    return true;
}
