/* Finding things in an opened image, and in the patch that lies over it. */
#include "catalog/authz/image.h"

#define SECTION_SIZE(name, type) [SECTION_##name] = sizeof(type),
const uint32_t image_record_sizes[SECTION_COUNT] = {IMAGE_SECTIONS(SECTION_SIZE)};
#undef SECTION_SIZE

const struct image_deployment *image_find_deployment(const struct image_header *h, int64_t id)
{
    const struct image_deployment *rows = image_deployments(h);
    uint32_t low = 0, high = image_count(h, SECTION_deployments);
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (rows[middle].id == id)
            return &rows[middle];
        if (rows[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* Where a hash would be if those of its bucket had equal distances. They are random, so it is a few
 * records from there. */
static uint32_t likely_place(const struct image_header *h, uint64_t high, const uint32_t *starts)
{
    uint64_t further = high << h->bucket_bits >> 32;
    return starts[0] + (uint32_t)(further * (starts[1] - starts[0]) >> 32);
}

static bool lies_before(const struct image_key *k, uint64_t high, uint64_t low)
{
    return k->high < high || (k->high == high && k->low < low);
}

uint32_t image_find_key(const struct image_header *h, uint64_t high, uint64_t low)
{
    const uint32_t *starts = image_buckets(h) + image_bucket(high, h->bucket_bits);
    const struct image_key *keys = image_keys(h);
    uint32_t at = likely_place(h, high, starts);
    while (at > starts[0] && !lies_before(&keys[at - 1], high, low))
        at--;
    while (at < starts[1] && lies_before(&keys[at], high, low))
        at++;
    bool found = at < starts[1] && keys[at].high == high && keys[at].low == low;
    return found ? at : image_count(h, SECTION_keys);
}

void image_foresee_key(const struct image_header *h, uint64_t high)
{
    const uint32_t *starts = image_buckets(h) + image_bucket(high, h->bucket_bits);
    const char *likely = (const char *)&image_keys(h)[likely_place(h, high, starts)];
    __builtin_prefetch(likely - 2 * sizeof(struct image_key));
    __builtin_prefetch(likely + 2 * sizeof(struct image_key));
}

/* The records of these sections begin with the text they are sorted by. */
uint32_t image_find_text(const struct image_header *h, enum image_section section, struct str text)
{
    const char *rows = (const char *)h + h->sections[section].at;
    uint32_t low = 0, high = image_count(h, section);
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct image_text *slug =
            (const void *)(rows + (size_t)middle * image_record_sizes[section]);
        int order = str_cmp(image_str(h, *slug), text);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return image_count(h, section);
}

/* A key that says it ends and does not say when has ended. */
int64_t image_key_end(const struct image_header *h, uint32_t key)
{
    const struct image_key_end *rows = image_key_ends(h);
    uint32_t low = 0, high = image_count(h, SECTION_key_ends);
    if (!(image_keys(h)[key].flags & KEY_ENDS))
        return 0;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (rows[middle].key == key)
            return rows[middle].not_after_ms;
        if (rows[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return INT64_MIN;
}

const struct image_plan *image_plan_now(const struct image_header *h,
                                        const struct image_header *over, uint32_t plan,
                                        const struct image_header **where)
{
    const struct image_plan *row = &image_plans(h)[plan];
    *where = h;
    if (over == NULL || over == h)
        return row;
    uint32_t at = image_find_text(over, SECTION_plans, image_str(h, row->slug));
    if (at == image_count(over, SECTION_plans))
        return row;
    *where = over;
    return &image_plans(over)[at];
}

bool plan_covers(const struct image_header *h, const struct image_plan *plan, uint32_t name)
{
    const uint32_t *names = image_plan_operations(h) + plan->operation;
    uint32_t low = 0, high = plan->operation_count;
    if (plan->all)
        return true;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (names[middle] == name)
            return true;
        if (names[middle] < name)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

bool image_place(const struct access_image *image, int64_t id, struct image_place *out)
{
    const struct image_header *over = image_patch_of(image);
    const struct image_deployment *d = over ? image_find_deployment(over, id) : NULL;
    const struct image_header *h = d ? over : image_header_of(image);
    if (d == NULL)
        d = image_find_deployment(h, id);
    if (d == NULL || d->stage == ACCESS_STAGE_GONE)
        return false;
    const struct image_api *api = &image_apis(h)[d->api];
    *out = (struct image_place){h, d, image_str(h, api->slug), api->open};
    if (over != NULL && over != h) {
        uint32_t at = image_find_text(over, SECTION_apis, out->api);
        if (at < image_count(over, SECTION_apis))
            out->open = image_apis(over)[at].open;
    }
    return true;
}

static void describe(const struct image_place *place, struct access_place *out)
{
    const struct image_deployment *d = place->deployment;
    *out = (struct access_place){
        .id = d->id,
        .api = place->api,
        .version_label = image_str(place->h, d->version_label),
        .group = image_str(place->h, d->group),
        .base_path = image_str(place->h, d->base_path),
        .stage = (enum access_stage)d->stage,
        .open = place->open,
        .operation_count = d->operation_count,
    };
}

int64_t image_next_deployment(const struct access_image *image, struct image_walk *walk)
{
    const struct image_header *h = image_header_of(image), *over = image_patch_of(image);
    uint32_t base_count = image_count(h, SECTION_deployments);
    uint32_t over_count = over ? image_count(over, SECTION_deployments) : 0;
    while (walk->base < base_count || walk->over < over_count) {
        int64_t base = walk->base < base_count ? image_deployments(h)[walk->base].id : INT64_MAX;
        int64_t other = over != NULL && walk->over < over_count
                            ? image_deployments(over)[walk->over].id
                            : INT64_MAX;
        walk->base += base <= other;
        if (other > base || over == NULL)
            return base;
        if (image_deployments(over)[walk->over++].stage != ACCESS_STAGE_GONE)
            return other;
    }
    return 0;
}

size_t access_place_count(const struct access_image *image)
{
    struct image_walk walk = {0};
    size_t count = 0;
    while (image != NULL && image_next_deployment(image, &walk) != 0)
        count++;
    return count;
}

bool access_place_at(const struct access_image *image, size_t index, struct access_place *out)
{
    struct image_walk walk = {0};
    struct image_place place;
    for (size_t i = 0; image != NULL; i++) {
        int64_t id = image_next_deployment(image, &walk);
        if (id == 0)
            break;
        if (i < index)
            continue;
        if (!image_place(image, id, &place))
            break;
        describe(&place, out);
        return true;
    }
    return false;
}

bool access_place_find(const struct access_image *image, int64_t id, struct access_place *out)
{
    struct image_place place;
    if (image == NULL || !image_place(image, id, &place))
        return false;
    describe(&place, out);
    return true;
}

bool access_deployment_group(const struct access_image *image, int64_t deployment,
                             struct str *group)
{
    struct access_place place;
    if (!access_place_find(image, deployment, &place))
        return false;
    *group = place.group;
    return true;
}

uint64_t access_checksum(const struct access_image *image)
{
    return image_header_of(image)->checksum;
}

struct sha256 access_stamp(const struct access_image *image)
{
    const struct image_header *over = image_patch_of(image);
    struct sha256 stamp;
    memcpy(stamp.bytes, over ? over->stamp : image_header_of(image)->stamp, sizeof(stamp.bytes));
    return stamp;
}

uint64_t image_metered(const struct access_image *image)
{
    const struct image_header *over = image_patch_of(image);
    return (uint64_t)image_header_of(image)->metered + (over ? over->metered : 0);
}

uint64_t access_group_version(const struct access_image *image, struct str group)
{
    const struct image_header *parts[] = {image_patch_of(image), image_header_of(image)};
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        const struct image_header *h = parts[i];
        uint32_t at = h ? image_find_text(h, SECTION_groups, group) : 0;
        if (h != NULL && at < image_count(h, SECTION_groups))
            return image_group_version(&image_groups(h)[at]);
    }
    return image_header_of(image)->origin;
}
