/* The approved-consumer list as JSON. */
#include "catalog/authz/list.h"

static void put_time(struct access_list *l, const char *name, int64_t at_ms)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    json_key_str(&l->w, name, at_ms == 0 ? STR_NONE : time_format(&mem, at_ms));
}

/* A list is mostly keys: each is one text of fixed shape, holding nothing that needs escaping. */
static void put_key(struct access_list *l, const struct listed_key *listed)
{
    char text[] = "{\"type\":\"api_key\",\"sha256\":\""
                  "0000000000000000000000000000000000000000000000000000000000000000"
                  "\",\"not_after\":null}";
    const size_t hash_at = sizeof("{\"type\":\"api_key\",\"sha256\":\"") - 1;
    list_write_key(listed, text + hash_at);
    if (listed->not_after_ms == 0) {
        json_put_raw(&l->w, (struct str){text, sizeof(text) - 1});
        return;
    }
    json_open_object(&l->w);
    json_key_str(&l->w, "type", STR("api_key"));
    json_key_str(&l->w, "sha256", (struct str){text + hash_at, KEY_HEX_LEN});
    put_time(l, "not_after", listed->not_after_ms);
    json_close_object(&l->w);
}

static void put_operations(struct access_list *l, const struct image_header *h,
                           const struct image_plan *plan)
{
    json_key(&l->w, STR("operations"));
    if (plan->all) {
        json_put_str(&l->w, STR("all"));
        return;
    }
    json_open_array(&l->w);
    for (uint32_t i = 0; i < plan->operation_count; i++) {
        uint32_t name = image_plan_operations(h)[plan->operation + i];
        json_put_str(&l->w, image_str(h, image_names(h)[name]));
    }
    json_close_array(&l->w);
}

static void put_rate(struct access_list *l, const struct image_plan *plan)
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

static void put_grant(struct access_list *l, const struct image_header *h,
                      const struct image_grant *g)
{
    const struct image_header *where = h;
    const struct image_plan *plan = image_plan_now(h, l->parts[OVER], g->plan, &where);
    json_open_object(&l->w);
    json_key_str(&l->w, "api", image_str(h, image_apis(h)[g->api].slug));
    json_key_str(&l->w, "plan", image_str(where, plan->slug));
    put_operations(l, where, plan);
    put_time(l, "not_before", g->not_before_ms);
    put_time(l, "not_after", g->not_after_ms);
    put_rate(l, plan);
    json_close_object(&l->w);
}

static void put_grants(struct access_list *l)
{
    const struct image_app *app = NULL;
    const struct image_header *h = list_app_said(l, &app);
    json_key(&l->w, STR("grants"));
    json_open_array(&l->w);
    for (uint32_t i = 0; i < app->grant_count; i++) {
        const struct image_grant *g = &image_grants(h)[app->grant + i];
        if (list_grant(l, h, g))
            put_grant(l, h, g);
    }
    json_close_array(&l->w);
}

/* --- piece by piece --------------------------------------------------------------------------- */

static void put_head(struct access_list *l)
{
    const struct access_list_options *o = &l->options;
    json_open_object(&l->w);
    json_key_i64(&l->w, "version", (int64_t)o->version);
    if (o->changes != NULL)
        json_key_i64(&l->w, "since", (int64_t)o->since);
    json_key_str(&l->w, "issued_at", time_format(&l->mem, o->now_ms));
    json_key_i64(&l->w, "ttl_s", o->ttl_s);
    json_key_str(&l->w, "group", o->group);
    json_key(&l->w, o->changes != NULL ? STR("changed") : STR("consumers"));
    json_open_array(&l->w);
    l->phase = LIST_APPS;
}

static void put_app(struct access_list *l)
{
    if (!list_next_app(l)) {
        l->phase = LIST_END;
    } else if (list_app(l)) {
        json_open_object(&l->w);
        json_key_str(&l->w, "app", l->slug);
        json_key(&l->w, STR("credentials"));
        json_open_array(&l->w);
        l->key[BASE] = l->key[OVER] = 0;
        l->phase = LIST_KEYS;
    } else if (l->options.changes != NULL && list_app_near(l)) {
        vec_push(&l->removed, &l->mem, l->slug);
    }
}

/* An app may have a million keys: they, too, come in pieces. */
static void put_keys(struct access_list *l)
{
    struct listed_key key;
    while (l->w.out->len < PIECE_BYTES) {
        if (list_next_key(l, &key)) {
            put_key(l, &key);
            continue;
        }
        json_close_array(&l->w);
        put_grants(l);
        json_close_object(&l->w);
        l->phase = LIST_APPS;
        return;
    }
}

static void put_end(struct access_list *l)
{
    json_close_array(&l->w);
    if (l->options.changes != NULL) {
        json_key(&l->w, STR("removed"));
        json_open_array(&l->w);
        for (size_t i = 0; i < l->removed.len; i++)
            json_put_str(&l->w, l->removed.ptr[i]);
        json_close_array(&l->w);
    }
    json_close_object(&l->w);
    l->phase = LIST_DONE;
}

list_step *const consumers_steps[LIST_DONE] = {
    [LIST_HEAD] = put_head,
    [LIST_APPS] = put_app,
    [LIST_KEYS] = put_keys,
    [LIST_END] = put_end,
};

void access_consumers(const struct access_image *image, struct str group, int64_t now_ms,
                      int64_t ttl_s, struct buf *out)
{
    const struct access_list_options options = {
        .group = group, .version = image->version, .now_ms = now_ms, .ttl_s = ttl_s};
    CLEANUP(buf_clear) struct buf piece = {0};
    struct access_list *l = access_list_open(image, &options);
    for (bool more = true; more;) {
        buf_reset(&piece);
        more = access_list_next(l, &piece);
        buf_add(out, buf_str(&piece));
    }
    access_list_close(l);
}
