/* The approved-consumer list of a group, straight from the image. */
#include "catalog/authz/image.h"

static bool serves(const struct access_image *image, struct str group, uint32_t api)
{
    const struct image_deployment *all = image_at(image, SEC_DEPLOYMENTS);
    for (size_t i = 0; i < image_count(image, SEC_DEPLOYMENTS); i++)
        if (all[i].api == api && all[i].stage == ACCESS_STAGE_LIVE &&
            str_eq(image_str(image, all[i].group), group))
            return true;
    return false;
}

static bool in_force(const struct image_grant *grant, int64_t now_ms)
{
    return grant->state == ACCESS_APPROVED &&
           (grant->not_after_ms == 0 || grant->not_after_ms > now_ms);
}

static void write_time(struct json_writer *w, const char *name, int64_t at_ms)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    json_key_str(w, name, at_ms ? time_format(&mem, at_ms) : STR_NONE);
}

static void write_credentials(struct json_writer *w, const struct access_image *image,
                              const struct image_app *app, int64_t now_ms)
{
    const uint32_t *keys = (const uint32_t *)image_at(image, SEC_APP_KEYS) + app->first_key;
    const struct image_credential *credentials = image_at(image, SEC_CREDENTIALS);
    const struct sha256 *hashes = image_at(image, SEC_HASHES);
    json_key(w, STR("credentials"));
    json_open_array(w);
    for (uint32_t i = 0; i < app->keys; i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        const struct image_credential *c = &credentials[keys[i]];
        if (c->revoked || (c->not_after_ms != 0 && c->not_after_ms <= now_ms))
            continue;
        json_open_object(w);
        json_key_str(w, "type", STR("api_key"));
        json_key_str(w, "sha256", hex_format(&mem, hashes[keys[i]].bytes, SHA256_LEN));
        write_time(w, "not_after", c->not_after_ms);
        json_close_object(w);
    }
    json_close_array(w);
}

static void write_operations(struct json_writer *w, const struct access_image *image,
                             const struct image_plan *plan)
{
    const uint32_t *numbers = (const uint32_t *)image_at(image, SEC_PLAN_KEYS) + plan->first_key;
    const struct image_text *keys = image_at(image, SEC_KEYS);
    json_key(w, STR("operations"));
    if (plan->all_operations) {
        json_put_str(w, STR("all"));
        return;
    }
    json_open_array(w);
    for (uint32_t i = 0; i < plan->keys; i++)
        json_put_str(w, image_str(image, keys[numbers[i]]));
    json_close_array(w);
}

static void write_grant(struct json_writer *w, const struct access_image *image,
                        const struct image_grant *grant)
{
    const struct image_api *apis = image_at(image, SEC_APIS);
    const struct image_plan *plan =
        (const struct image_plan *)image_at(image, SEC_PLANS) + grant->plan;
    json_open_object(w);
    json_key_str(w, "api", image_str(image, apis[grant->api].slug));
    json_key_str(w, "plan", image_str(image, plan->slug));
    write_operations(w, image, plan);
    write_time(w, "not_before", grant->not_before_ms);
    write_time(w, "not_after", grant->not_after_ms);
    json_key(w, STR("rate"));
    if (plan->rate_count > 0 && plan->rate_period_ms > 0) {
        json_open_object(w);
        json_key(w, STR("per_s"));
        json_put_double(w, plan->rate_count * 1000.0 / plan->rate_period_ms);
        json_key_i64(w, "burst", plan->burst);
        json_close_object(w);
    } else {
        json_put_null(w);
    }
    json_close_object(w);
}

static bool has_grant(const struct access_image *image, struct str group,
                      const struct image_app *app, int64_t now_ms)
{
    const struct image_grant *grants =
        (const struct image_grant *)image_at(image, SEC_GRANTS) + app->first_grant;
    for (uint32_t i = 0; i < app->grants; i++)
        if (in_force(&grants[i], now_ms) && serves(image, group, grants[i].api))
            return true;
    return false;
}

static void write_app(struct json_writer *w, const struct access_image *image, struct str group,
                      const struct image_app *app, int64_t now_ms)
{
    const struct image_grant *grants =
        (const struct image_grant *)image_at(image, SEC_GRANTS) + app->first_grant;
    json_open_object(w);
    json_key_str(w, "app", image_str(image, app->slug));
    write_credentials(w, image, app, now_ms);
    json_key(w, STR("grants"));
    json_open_array(w);
    for (uint32_t i = 0; i < app->grants; i++)
        if (in_force(&grants[i], now_ms) && serves(image, group, grants[i].api))
            write_grant(w, image, &grants[i]);
    json_close_array(w);
    json_close_object(w);
}

void access_consumers(const struct access_image *image, struct str group, int64_t now_ms,
                      int64_t ttl_s, struct buf *out)
{
    const uint32_t *order = image_at(image, SEC_APP_ORDER);
    const struct image_app *apps = image_at(image, SEC_APPS);
    struct json_writer w = {.out = out};
    json_open_object(&w);
    json_key_i64(&w, "version", (int64_t)image->version);
    write_time(&w, "issued_at", now_ms);
    json_key_i64(&w, "ttl_s", ttl_s);
    json_key_str(&w, "group", group);
    json_key(&w, STR("consumers"));
    json_open_array(&w);
    for (size_t i = 0; i < image_count(image, SEC_APP_ORDER); i++)
        if (has_grant(image, group, &apps[order[i]], now_ms))
            write_app(&w, image, group, &apps[order[i]], now_ms);
    json_close_array(&w);
    json_close_object(&w);
}
