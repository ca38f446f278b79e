/* The approved-consumer list, written in one pass from the image. */
#include "catalog/authz/image.h"

#define READ_AHEAD 12

struct list {
    const struct image_header *h;
    int64_t now_ms;
    bool *served; /* by API: live in the group */
    struct arena mem;
    struct json_writer w;
};

static void list_clear(struct list *l)
{
    arena_clear(&l->mem);
}

static void find_served(struct list *l, struct str group)
{
    const struct image_header *h = l->h;
    for (uint32_t i = 0; i < image_count(h, SECTION_deployments); i++) {
        const struct image_deployment *d = &image_deployments(h)[i];
        if (d->stage == ACCESS_STAGE_LIVE && str_eq(image_str(h, d->group), group))
            l->served[d->api] = true;
    }
}

static bool ended(int64_t not_after_ms, int64_t now_ms)
{
    return not_after_ms != 0 && now_ms >= not_after_ms;
}

/* Keys lie by hash, a list goes by app: without asking ahead each one is a wait for memory. */
static const struct image_app_key *next_key(const struct list *l, uint32_t at)
{
    const struct image_app_key *rows = image_app_keys(l->h);
    if (image_count(l->h, SECTION_app_keys) - at > READ_AHEAD)
        __builtin_prefetch(&image_keys(l->h)[rows[at + READ_AHEAD].key]);
    return &rows[at];
}

static bool key_listed(const struct list *l, uint32_t number)
{
    return !(image_keys(l->h)[number].flags & KEY_REVOKED) &&
           !ended(image_key_end(l->h, number), l->now_ms);
}

static bool grant_listed(const struct list *l, const struct image_grant *g)
{
    return g->state == ACCESS_APPROVED && l->served[g->api] && !ended(g->not_after_ms, l->now_ms);
}

static bool app_listed(const struct list *l, const struct image_app *app)
{
    bool keys = false, grants = false;
    for (uint32_t i = 0; i < app->grant_count && !grants; i++)
        grants = grant_listed(l, &image_grants(l->h)[app->grant + i]);
    for (uint32_t i = 0; i < app->key_count && grants && !keys; i++)
        keys = key_listed(l, next_key(l, app->key + i)->key);
    return keys && grants;
}

static void put_time(struct list *l, const char *name, int64_t at_ms)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    json_key_str(&l->w, name, at_ms == 0 ? STR_NONE : time_format(&mem, at_ms));
}

static void write_hex(uint64_t part, char *to)
{
    static const char digits[] = "0123456789abcdef";
    for (unsigned i = 0; i < 16; i++)
        to[i] = digits[part >> (60 - 4 * i) & 15];
}

/* A list is mostly keys: each is one text of fixed shape, holding nothing that needs escaping. */
static void put_key(struct list *l, const struct image_app_key *row)
{
    char text[] = "{\"type\":\"api_key\",\"sha256\":\""
                  "0000000000000000000000000000000000000000000000000000000000000000"
                  "\",\"not_after\":null}";
    const size_t hash_at = sizeof("{\"type\":\"api_key\",\"sha256\":\"") - 1;
    const struct image_key *key = &image_keys(l->h)[row->key];
    int64_t not_after_ms = image_key_end(l->h, row->key);
    write_hex(key->high, text + hash_at);
    write_hex(key->low, text + hash_at + 16);
    write_hex(image_hash_part(row->sha256_tail), text + hash_at + 32);
    write_hex(image_hash_part(row->sha256_tail + 8), text + hash_at + 48);
    if (not_after_ms == 0) {
        json_put_raw(&l->w, (struct str){text, sizeof(text) - 1});
        return;
    }
    json_open_object(&l->w);
    json_key_str(&l->w, "type", STR("api_key"));
    json_key_str(&l->w, "sha256", (struct str){text + hash_at, sizeof(struct sha256) * 2});
    put_time(l, "not_after", not_after_ms);
    json_close_object(&l->w);
}

static void put_keys(struct list *l, const struct image_app *app)
{
    json_key(&l->w, STR("credentials"));
    json_open_array(&l->w);
    for (uint32_t i = 0; i < app->key_count; i++) {
        const struct image_app_key *row = next_key(l, app->key + i);
        if (key_listed(l, row->key))
            put_key(l, row);
    }
    json_close_array(&l->w);
}

static void put_operations(struct list *l, const struct image_plan *plan)
{
    json_key(&l->w, STR("operations"));
    if (plan->all) {
        json_put_str(&l->w, STR("all"));
        return;
    }
    json_open_array(&l->w);
    for (uint32_t i = 0; i < plan->operation_count; i++) {
        uint32_t name = image_plan_operations(l->h)[plan->operation + i];
        json_put_str(&l->w, image_str(l->h, image_names(l->h)[name]));
    }
    json_close_array(&l->w);
}

static void put_rate(struct list *l, const struct image_plan *plan)
{
    json_key(&l->w, STR("rate"));
    if (plan->rate_count == 0) {
        json_put_null(&l->w);
        return;
    }
    json_open_object(&l->w);
    json_key(&l->w, STR("per_s"));
    json_put_double(&l->w, plan->rate_count * 1000.0 / plan->rate_period_ms);
    json_key_i64(&l->w, "burst", plan->burst > 0 ? plan->burst : 1);
    json_close_object(&l->w);
}

static void put_grants(struct list *l, const struct image_app *app)
{
    json_key(&l->w, STR("grants"));
    json_open_array(&l->w);
    for (uint32_t i = 0; i < app->grant_count; i++) {
        const struct image_grant *g = &image_grants(l->h)[app->grant + i];
        const struct image_plan *plan = &image_plans(l->h)[g->plan];
        if (!grant_listed(l, g))
            continue;
        json_open_object(&l->w);
        json_key_str(&l->w, "api", image_str(l->h, image_apis(l->h)[g->api].slug));
        json_key_str(&l->w, "plan", image_str(l->h, plan->slug));
        put_operations(l, plan);
        put_time(l, "not_before", g->not_before_ms);
        put_time(l, "not_after", g->not_after_ms);
        put_rate(l, plan);
        json_close_object(&l->w);
    }
    json_close_array(&l->w);
}

void access_consumers(const struct access_image *image, struct str group, int64_t now_ms,
                      int64_t ttl_s, struct buf *out)
{
    CLEANUP(list_clear) struct list l = {.h = image_header_of(image), .now_ms = now_ms};
    l.w.out = out;
    l.served = arena_array(&l.mem, bool, image_count(l.h, SECTION_apis));
    find_served(&l, group);
    json_open_object(&l.w);
    json_key_i64(&l.w, "version", (int64_t)image->version);
    json_key_str(&l.w, "issued_at", time_format(&l.mem, now_ms));
    json_key_i64(&l.w, "ttl_s", ttl_s);
    json_key_str(&l.w, "group", group);
    json_key(&l.w, STR("consumers"));
    json_open_array(&l.w);
    for (uint32_t i = 0; i < image_count(l.h, SECTION_apps); i++) {
        const struct image_app *app = &image_apps(l.h)[i];
        if (!app_listed(&l, app))
            continue;
        json_open_object(&l.w);
        json_key_str(&l.w, "app", image_str(l.h, app->slug));
        put_keys(&l, app);
        put_grants(&l, app);
        json_close_object(&l.w);
    }
    json_close_array(&l.w);
    json_close_object(&l.w);
}
