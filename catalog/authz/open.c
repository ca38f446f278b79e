/* Opening an image: every bound is checked once, so that deciding may trust the bytes. */
#include "catalog/authz/limiter.h"
#include "catalog/route/route.h"

static bool broken(const char *what, struct err *err)
{
    return fail(err, ERR_INVALID, "image", "%s", what);
}

static bool checksum_holds(struct str bytes, const struct image_header *head)
{
    CLEANUP(buf_clear) struct buf copy = {0};
    buf_add(&copy, bytes);
    memset(copy.ptr + offsetof(struct image_header, checksum), 0, sizeof(head->checksum));
    struct sha256 hash = sha256_of(buf_str(&copy));
    return memcmp(&hash, &head->checksum, sizeof(hash)) == 0;
}

static bool sections_fit(struct str bytes, const struct image_header *head)
{
    for (int i = 0; i < SEC_COUNT; i++) {
        const struct image_section_place *place = &head->sections[i];
        size_t size = image_record_size((enum image_section)i);
        if (place->offset % IMAGE_ALIGNMENT != 0 || place->offset > bytes.len ||
            place->count > (bytes.len - place->offset) / size || place->count > UINT32_MAX)
            return false;
    }
    return true;
}

static bool text_fits(const struct access_image *image, struct image_text text)
{
    size_t size = image_count(image, SEC_TEXT);
    return text.at <= size && text.len <= size - text.at;
}

static bool range_fits(const struct access_image *image, enum image_section section, uint32_t first,
                       uint32_t count)
{
    size_t size = image_count(image, section);
    return first <= size && count <= size - first;
}

/* Numbers that point into another section. */
static bool numbers_fit(const struct access_image *image, enum image_section section,
                        enum image_section into)
{
    const uint32_t *numbers = image_at(image, section);
    for (size_t i = 0; i < image_count(image, section); i++)
        if (numbers[i] >= image_count(image, into))
            return false;
    return true;
}

static bool credentials_fit(const struct access_image *image)
{
    const uint32_t *buckets = image_at(image, SEC_BUCKETS);
    const struct image_credential *credentials = image_at(image, SEC_CREDENTIALS);
    size_t count = image_count(image, SEC_CREDENTIALS);
    uint32_t bits = image_head(image)->bucket_bits;
    if (bits > 24 || image_count(image, SEC_BUCKETS) != ((size_t)1 << bits) + 1 ||
        image_count(image, SEC_HASHES) != count)
        return false;
    for (size_t i = 0; i < image_count(image, SEC_BUCKETS); i++)
        if (buckets[i] > count || (i > 0 && buckets[i] < buckets[i - 1]))
            return false;
    for (size_t i = 0; i < count; i++)
        if (credentials[i].app >= image_count(image, SEC_APPS))
            return false;
    return numbers_fit(image, SEC_APP_KEYS, SEC_CREDENTIALS) &&
           numbers_fit(image, SEC_APP_ORDER, SEC_APPS);
}

static bool apps_fit(const struct access_image *image)
{
    const struct image_app *apps = image_at(image, SEC_APPS);
    const struct image_grant *grants = image_at(image, SEC_GRANTS);
    for (size_t i = 0; i < image_count(image, SEC_APPS); i++)
        if (!text_fits(image, apps[i].slug) ||
            !range_fits(image, SEC_GRANTS, apps[i].first_grant, apps[i].grants) ||
            !range_fits(image, SEC_APP_KEYS, apps[i].first_key, apps[i].keys))
            return false;
    for (size_t i = 0; i < image_count(image, SEC_GRANTS); i++)
        if (grants[i].api >= image_count(image, SEC_APIS) ||
            grants[i].plan >= image_count(image, SEC_PLANS) || grants[i].state > ACCESS_REJECTED)
            return false;
    return true;
}

static bool plans_fit(const struct access_image *image)
{
    const struct image_api *apis = image_at(image, SEC_APIS);
    const struct image_plan *plans = image_at(image, SEC_PLANS);
    const struct image_text *keys = image_at(image, SEC_KEYS);
    for (size_t i = 0; i < image_count(image, SEC_APIS); i++)
        if (!text_fits(image, apis[i].slug))
            return false;
    for (size_t i = 0; i < image_count(image, SEC_PLANS); i++)
        if (!text_fits(image, plans[i].slug) ||
            !range_fits(image, SEC_PLAN_KEYS, plans[i].first_key, plans[i].keys))
            return false;
    for (size_t i = 0; i < image_count(image, SEC_KEYS); i++)
        if (!text_fits(image, keys[i]))
            return false;
    return numbers_fit(image, SEC_PLAN_KEYS, SEC_KEYS) &&
           numbers_fit(image, SEC_OPERATIONS, SEC_KEYS);
}

static bool deployments_fit(const struct access_image *image)
{
    const struct image_deployment *all = image_at(image, SEC_DEPLOYMENTS);
    for (size_t i = 0; i < image_count(image, SEC_DEPLOYMENTS); i++) {
        const struct image_deployment *d = &all[i];
        struct router router;
        if (d->api >= image_count(image, SEC_APIS) || !text_fits(image, d->version_label) ||
            !text_fits(image, d->group) || !text_fits(image, d->base_path) ||
            !range_fits(image, SEC_ROUTERS, d->router_at, d->router_len) ||
            !range_fits(image, SEC_OPERATIONS, d->first_operation, d->operations))
            return false;
        struct str bytes = {(const char *)image_at(image, SEC_ROUTERS) + d->router_at,
                            d->router_len};
        if (!route_open(bytes, &router, NULL))
            return false;
    }
    return true;
}

bool access_open(struct str bytes, struct access_image *out, struct err *err)
{
    const struct image_header *head = (const struct image_header *)(const void *)bytes.ptr;
    struct access_image image = {.bytes = bytes};
    if (bytes.len < sizeof(*head) || (uintptr_t)bytes.ptr % IMAGE_ALIGNMENT != 0)
        return broken("not an access image", err);
    if (head->magic != IMAGE_MAGIC || head->format != IMAGE_FORMAT)
        return broken("not an access image of this program's format", err);
    if (head->total_bytes != bytes.len || !checksum_holds(bytes, head))
        return broken("the image is cut off or damaged", err);
    if (!sections_fit(bytes, head) || !credentials_fit(&image) || !apps_fit(&image) ||
        !plans_fit(&image) || !deployments_fit(&image))
        return broken("the image contradicts itself", err);
    image.version = head->version;
    image.built_at_ms = head->built_at_ms;
    *out = image;
    return true;
}

/* --- looking up
 * ------------------------------------------------------------------------------------ */

const struct image_deployment *image_find_deployment(const struct access_image *image, int64_t id)
{
    const struct image_deployment *all = image_at(image, SEC_DEPLOYMENTS);
    size_t low = 0, high = image_count(image, SEC_DEPLOYMENTS);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (all[middle].id == id)
            return &all[middle];
        if (all[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

bool access_deployment_group(const struct access_image *image, int64_t deployment,
                             struct str *group)
{
    const struct image_deployment *d = image ? image_find_deployment(image, deployment) : NULL;
    if (d == NULL)
        return false;
    *group = image_str(image, d->group);
    return true;
}

const struct image_credential *image_find_credential(const struct access_image *image,
                                                     const uint8_t *hash)
{
    const uint32_t *buckets = image_at(image, SEC_BUCKETS);
    const struct image_credential *all = image_at(image, SEC_CREDENTIALS);
    uint32_t bucket = image_bucket(hash, image_head(image)->bucket_bits);
    for (uint32_t i = buckets[bucket]; i < buckets[bucket + 1]; i++)
        if (memcmp(all[i].hash, hash, CREDENTIAL_HASH) == 0)
            return &all[i];
    return NULL;
}
