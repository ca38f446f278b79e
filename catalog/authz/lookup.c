/* Finding things in an opened image. */
#include "catalog/authz/image.h"

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

static void describe(const struct image_header *h, const struct image_deployment *d,
                     struct access_place *out)
{
    const struct image_api *api = &image_apis(h)[d->api];
    *out = (struct access_place){
        .id = d->id,
        .api = image_str(h, api->slug),
        .version_label = image_str(h, d->version_label),
        .group = image_str(h, d->group),
        .base_path = image_str(h, d->base_path),
        .stage = (enum access_stage)d->stage,
        .open = api->open,
        .operation_count = d->operation_count,
    };
}

size_t access_place_count(const struct access_image *image)
{
    return image ? image_count(image_header_of(image), SECTION_deployments) : 0;
}

bool access_place_at(const struct access_image *image, size_t index, struct access_place *out)
{
    if (index >= access_place_count(image))
        return false;
    const struct image_header *h = image_header_of(image);
    describe(h, &image_deployments(h)[index], out);
    return true;
}

bool access_place_find(const struct access_image *image, int64_t id, struct access_place *out)
{
    const struct image_header *h = image ? image_header_of(image) : NULL;
    const struct image_deployment *d = h ? image_find_deployment(h, id) : NULL;
    if (d == NULL)
        return false;
    describe(h, d, out);
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
