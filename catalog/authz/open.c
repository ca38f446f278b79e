/* The one check of an image's bytes that lets decisions trust them. */
#include "catalog/authz/image.h"
#include "catalog/route/route.h"

static bool range_inside(uint32_t first, uint32_t count, uint32_t total)
{
    return first <= total && count <= total - first;
}

static bool text_inside(const struct image_header *h, struct image_text t)
{
    return range_inside(t.at, t.len, image_count(h, SECTION_text));
}

static bool header_sound(struct str bytes, struct err *err)
{
    if (bytes.len < sizeof(struct image_header) || (uintptr_t)bytes.ptr % IMAGE_ALIGN != 0)
        return fail(err, ERR_INVALID, "image", "the access image is cut short or not aligned");
    const struct image_header *h = (const void *)bytes.ptr;
    if (memcmp(h->magic, IMAGE_MAGIC, sizeof(h->magic)) != 0)
        return fail(err, ERR_INVALID, "image", "these bytes are no access image");
    if (h->format != IMAGE_FORMAT) {
        (void)fail(err, ERR_INVALID, "image", "the access image has format %lu, not %u",
                   (unsigned long)h->format, IMAGE_FORMAT);
        return err_hint(err, "build the image with the same version of the program");
    }
    if (h->size != bytes.len || bytes.len > IMAGE_MAX)
        return fail(err, ERR_INVALID, "image", "the access image is cut short");
    if (image_checksum(str_sub(bytes, IMAGE_UNCHECKED, bytes.len)) != h->checksum) {
        (void)fail(err, ERR_INVALID, "image", "the access image is damaged");
        return err_hint(err, "build or fetch it again");
    }
    return true;
}

static bool sections_sound(const struct image_header *h)
{
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        uint64_t at = h->sections[i].at;
        if (at % IMAGE_ALIGN != 0 || at < sizeof(*h) ||
            at + (uint64_t)h->sections[i].count * image_record_sizes[i] > h->size)
            return false;
    }
    return true;
}

static bool buckets_sound(const struct image_header *h)
{
    uint32_t keys = image_count(h, SECTION_keys), last = 0;
    const uint32_t *starts = image_buckets(h);
    if (h->bucket_bits > BUCKET_BITS_MAX ||
        image_count(h, SECTION_buckets) != (UINT32_C(1) << h->bucket_bits) + 1 ||
        image_count(h, SECTION_app_keys) != keys)
        return false;
    for (uint32_t i = 0; i < image_count(h, SECTION_buckets); i++) {
        if (starts[i] < last || starts[i] > keys)
            return false;
        last = starts[i];
    }
    return last == keys;
}

static bool keys_sound(const struct image_header *h)
{
    const struct image_key *keys = image_keys(h);
    const struct image_app_key *app_keys = image_app_keys(h);
    for (uint32_t i = 0; i < image_count(h, SECTION_keys); i++)
        if (keys[i].app >= image_count(h, SECTION_apps) ||
            app_keys[i].key >= image_count(h, SECTION_keys) ||
            (keys[i].flags & ~(KEY_REVOKED | KEY_ENDS)) != 0)
            return false;
    return true;
}

static bool parties_sound(const struct image_header *h)
{
    const struct image_app *apps = image_apps(h);
    const struct image_api *apis = image_apis(h);
    for (uint32_t i = 0; i < image_count(h, SECTION_apps); i++)
        if (!text_inside(h, apps[i].slug) ||
            !range_inside(apps[i].grant, apps[i].grant_count, image_count(h, SECTION_grants)) ||
            !range_inside(apps[i].key, apps[i].key_count, image_count(h, SECTION_app_keys)))
            return false;
    for (uint32_t i = 0; i < image_count(h, SECTION_apis); i++)
        if (!text_inside(h, apis[i].slug) || apis[i].open > 1)
            return false;
    for (uint32_t i = 0; i < image_count(h, SECTION_groups); i++)
        if (!text_inside(h, image_groups(h)[i].slug))
            return false;
    return true;
}

static bool deployment_sound(const struct image_header *h, const struct image_deployment *d)
{
    struct router router;
    return d->api < image_count(h, SECTION_apis) && d->stage <= ACCESS_STAGE_GONE &&
           text_inside(h, d->version_label) && text_inside(h, d->group) &&
           text_inside(h, d->base_path) &&
           range_inside(d->operation, d->operation_count, image_count(h, SECTION_operations)) &&
           range_inside(d->router, d->router_len, image_count(h, SECTION_routers)) &&
           route_open((struct str){image_routers(h) + d->router, d->router_len}, &router, NULL);
}

static bool operations_sound(const struct image_header *h)
{
    uint32_t names = image_count(h, SECTION_names);
    for (uint32_t i = 0; i < image_count(h, SECTION_deployments); i++)
        if (!deployment_sound(h, &image_deployments(h)[i]))
            return false;
    for (uint32_t i = 0; i < image_count(h, SECTION_operations); i++)
        if (image_operations(h)[i] >= names)
            return false;
    for (uint32_t i = 0; i < names; i++)
        if (!text_inside(h, image_names(h)[i]))
            return false;
    return true;
}

static bool plans_sound(const struct image_header *h)
{
    const struct image_plan *plans = image_plans(h);
    for (uint32_t i = 0; i < image_count(h, SECTION_plans); i++)
        if (!text_inside(h, plans[i].slug) || plans[i].all > 1 || plans[i].quota_monthly > 1 ||
            (plans[i].rate_count > 0 && plans[i].rate_period_ms == 0) ||
            !range_inside(plans[i].operation, plans[i].operation_count,
                          image_count(h, SECTION_plan_operations)))
            return false;
    for (uint32_t i = 0; i < image_count(h, SECTION_plan_operations); i++)
        if (image_plan_operations(h)[i] >= image_count(h, SECTION_names))
            return false;
    return true;
}

static bool grants_sound(const struct image_header *h)
{
    const struct image_grant *grants = image_grants(h);
    for (uint32_t i = 0; i < image_count(h, SECTION_grants); i++)
        if (grants[i].subscription <= 0 || grants[i].app >= image_count(h, SECTION_apps) ||
            grants[i].api >= image_count(h, SECTION_apis) ||
            grants[i].plan >= image_count(h, SECTION_plans) || grants[i].state > ACCESS_REJECTED)
            return false;
    return h->metered <= image_count(h, SECTION_grants);
}

bool access_open(struct str bytes, struct access_image *out, struct err *err)
{
    if (!header_sound(bytes, err))
        return false;
    const struct image_header *h = (const void *)bytes.ptr;
    if (!sections_sound(h) || !buckets_sound(h) || !keys_sound(h) || !parties_sound(h) ||
        !operations_sound(h) || !plans_sound(h) || !grants_sound(h))
        return fail(err, ERR_INVALID, "image", "the access image points outside itself");
    *out =
        (struct access_image){.bytes = bytes, .version = h->version, .built_at_ms = h->built_at_ms};
    return true;
}

bool access_lay(const struct access_image *base, const struct access_image *patch,
                struct access_image *out, struct err *err)
{
    const struct image_header *h = image_header_of(base), *over = image_header_of(patch);
    if (base->patch.len > 0 || patch->patch.len > 0 || h->under != 0 || over->under == 0 ||
        over->under != h->checksum || over->version < h->version)
        return fail(err, ERR_INVALID, "patch", "the patch belongs to another access image");
    *out = (struct access_image){.bytes = base->bytes,
                                 .patch = patch->bytes,
                                 .version = patch->version,
                                 .built_at_ms = patch->built_at_ms};
    return true;
}
