/* The approved-consumer list, written piece by piece from the image and the patch over it. */
#include <stdlib.h>

#include "catalog/authz/image.h"

#define READ_AHEAD  12
#define PIECE_BYTES ((size_t)32768)

enum { BASE, OVER, PARTS };

/* Grants, keys and plans are read where they are said: in the image, or in the patch over it. */
struct access_list {
    const struct image_header *parts[PARTS]; /* OVER: NULL without a patch */
    struct access_list_options options;
    bool *served[PARTS]; /* by API: live in the group */
    bool *near[PARTS];   /* by API: deployed in the group, or a concern: its apps may be told of */
    struct arena mem;
    struct json_writer w;
    enum { LIST_HEAD, LIST_APPS, LIST_KEYS, LIST_END, LIST_DONE } phase;

    uint32_t next[PARTS]; /* apps, when all are looked at */
    size_t next_name;     /* of options.changes, when only those are */
    VEC(struct str) names, removed;

    const struct image_app *app[PARTS]; /* the app being looked at, NULL where it is not said */
    struct str slug;
    uint32_t key[PARTS]; /* its next key */
};

/* --- what is on the list ---------------------------------------------------------------------- */

static const struct image_header *speaks(const struct access_list *l, const struct image_app **app)
{
    size_t part = l->app[OVER] != NULL ? OVER : BASE;
    *app = l->app[part];
    return l->parts[part];
}

static const bool *row_of(bool *const rows[PARTS], const struct access_list *l,
                          const struct image_header *h)
{
    return rows[h == l->parts[OVER] ? OVER : BASE];
}

static void mark(struct access_list *l, bool *rows[PARTS], struct str api)
{
    for (size_t p = 0; p < PARTS; p++) {
        const struct image_header *h = l->parts[p];
        uint32_t at = h ? image_find_text(h, SECTION_apis, api) : 0;
        if (h != NULL && at < image_count(h, SECTION_apis))
            rows[p][at] = true;
    }
}

static void find_served(struct access_list *l, const struct access_image *image)
{
    const struct access_changes *changes = l->options.changes;
    struct image_walk walk = {0};
    struct image_place place;
    for (size_t p = 0; p < PARTS && l->parts[p] != NULL; p++) {
        l->served[p] = arena_array(&l->mem, bool, image_count(l->parts[p], SECTION_apis));
        l->near[p] = arena_array(&l->mem, bool, image_count(l->parts[p], SECTION_apis));
    }
    for (int64_t id; (id = image_next_deployment(image, &walk)) != 0;) {
        if (!image_place(image, id, &place) ||
            !str_eq(image_str(place.h, place.deployment->group), l->options.group))
            continue;
        mark(l, l->near, place.api);
        if (place.deployment->stage == ACCESS_STAGE_LIVE)
            mark(l, l->served, place.api);
    }
    for (size_t i = 0; changes != NULL && i < changes->api_count; i++)
        mark(l, l->near, changes->apis[i]);
}

static bool ended(int64_t not_after_ms, int64_t now_ms)
{
    return not_after_ms != 0 && now_ms >= not_after_ms;
}

/* Keys lie by hash, a list goes by app: without asking ahead each one is a wait for memory. */
static const struct image_app_key *key_row(const struct image_header *h, uint32_t at)
{
    const struct image_app_key *rows = image_app_keys(h);
    if (image_count(h, SECTION_app_keys) - at > READ_AHEAD)
        __builtin_prefetch(&image_keys(h)[rows[at + READ_AHEAD].key]);
    return &rows[at];
}

static bool replaced(const struct access_list *l, const struct image_key *key)
{
    const struct image_header *over = l->parts[OVER];
    return over != NULL &&
           image_find_key(over, key->high, key->low) < image_count(over, SECTION_keys);
}

struct listed_key {
    const struct image_header *h;
    const struct image_app_key *row;
    const struct image_key *key;
    int64_t not_after_ms;
};

/* The part's next key that is on the list; false when there is none. */
static bool look_at_key(struct access_list *l, size_t part, struct listed_key *out)
{
    const struct image_app *app = l->app[part];
    const struct image_header *h = l->parts[part];
    for (; app != NULL && l->key[part] < app->key_count; l->key[part]++) {
        const struct image_app_key *row = key_row(h, app->key + l->key[part]);
        const struct image_key *key = &image_keys(h)[row->key];
        int64_t not_after_ms = key->flags & KEY_ENDS ? image_key_end(h, row->key) : 0;
        if ((key->flags & KEY_REVOKED) || ended(not_after_ms, l->options.now_ms) ||
            (part == BASE && replaced(l, key)))
            continue;
        *out = (struct listed_key){h, row, key, not_after_ms};
        return true;
    }
    return false;
}

static bool hash_before(const struct image_key *a, const struct image_key *b)
{
    return a->high < b->high || (a->high == b->high && a->low < b->low);
}

/* Keys of both parts in the order of their hashes. */
static bool next_key(struct access_list *l, struct listed_key *out)
{
    struct listed_key over;
    bool base = look_at_key(l, BASE, out), patched = look_at_key(l, OVER, &over);
    bool from_base = base && (!patched || hash_before(out->key, over.key));
    if (!base && !patched)
        return false;
    if (!from_base)
        *out = over;
    l->key[from_base ? BASE : OVER]++;
    return true;
}

static bool grant_listed(const struct access_list *l, const struct image_header *h,
                         const struct image_grant *g)
{
    return g->state == ACCESS_APPROVED && row_of(l->served, l, h)[g->api] &&
           !ended(g->not_after_ms, l->options.now_ms);
}

static bool app_listed(struct access_list *l)
{
    const struct image_app *app = NULL;
    const struct image_header *h = speaks(l, &app);
    struct listed_key key;
    bool grants = false;
    for (uint32_t i = 0; i < app->grant_count && !grants; i++)
        grants = grant_listed(l, h, &image_grants(h)[app->grant + i]);
    return grants && (look_at_key(l, BASE, &key) || look_at_key(l, OVER, &key));
}

static int text_order(const void *left, const void *right)
{
    const struct str *a = left, *b = right;
    return str_cmp(*a, *b);
}

static bool among(const struct str *list, size_t count, struct str text)
{
    return count > 0 && bsearch(&text, list, count, sizeof(text), text_order) != NULL;
}

/* May the group know that the app was on its list, and is no more? When the app itself is a concern
 * of the group, and when it has to do with an API there. */
static bool app_near(const struct access_list *l)
{
    const struct access_changes *c = l->options.changes;
    const struct image_app *app = NULL;
    const struct image_header *h = speaks(l, &app);
    if (among(c->apps, c->app_count, l->slug))
        return true;
    for (uint32_t i = 0; i < app->grant_count; i++)
        if (row_of(l->near, l, h)[image_grants(h)[app->grant + i].api])
            return true;
    return false;
}

/* --- which apps are looked at ----------------------------------------------------------------- */

static void take_app(struct access_list *l, size_t part, uint32_t at)
{
    l->app[part] = &image_apps(l->parts[part])[at];
    l->slug = image_str(l->parts[part], l->app[part]->slug);
}

static bool next_of_all(struct access_list *l)
{
    struct str heads[PARTS] = {STR_NONE, STR_NONE};
    bool there[PARTS] = {false, false};
    for (size_t p = 0; p < PARTS; p++) {
        const struct image_header *h = l->parts[p];
        there[p] = h != NULL && l->next[p] < image_count(h, SECTION_apps);
        if (there[p])
            heads[p] = image_str(h, image_apps(h)[l->next[p]].slug);
    }
    int order = !there[BASE] ? 1 : !there[OVER] ? -1 : str_cmp(heads[BASE], heads[OVER]);
    if (!there[BASE] && !there[OVER])
        return false;
    if (order <= 0)
        take_app(l, BASE, l->next[BASE]++);
    if (order >= 0)
        take_app(l, OVER, l->next[OVER]++);
    return true;
}

static bool next_of_names(struct access_list *l)
{
    while (l->next_name < l->names.len) {
        struct str name = l->names.ptr[l->next_name++];
        for (size_t p = 0; p < PARTS; p++) {
            const struct image_header *h = l->parts[p];
            uint32_t at = h ? image_find_text(h, SECTION_apps, name) : 0;
            if (h != NULL && at < image_count(h, SECTION_apps))
                take_app(l, p, at);
        }
        if (l->app[BASE] != NULL || l->app[OVER] != NULL)
            return true;
    }
    return false;
}

static bool next_app(struct access_list *l)
{
    l->app[BASE] = l->app[OVER] = NULL;
    l->key[BASE] = l->key[OVER] = 0;
    return l->options.changes != NULL ? next_of_names(l) : next_of_all(l);
}

static bool app_changed(const struct access_list *l, const struct access_changes *c)
{
    const struct image_app *app = NULL;
    const struct image_header *h = speaks(l, &app);
    if (among(c->apps, c->app_count, l->slug))
        return true;
    for (uint32_t i = 0; i < app->grant_count; i++) {
        const struct image_grant *g = &image_grants(h)[app->grant + i];
        if (among(c->apis, c->api_count, image_str(h, image_apis(h)[g->api].slug)) ||
            among(c->plans, c->plan_count, image_str(h, image_plans(h)[g->plan].slug)))
            return true;
    }
    return false;
}

/* A change of a plan or an API is one of every app that has it. */
static void gather_names(struct access_list *l, const struct access_changes *c)
{
    if (c->api_count == 0 && c->plan_count == 0) {
        for (size_t i = 0; i < c->app_count; i++)
            if (i == 0 || !str_eq(c->apps[i - 1], c->apps[i]))
                vec_push(&l->names, &l->mem, c->apps[i]);
        return;
    }
    for (l->options.changes = NULL; next_app(l);)
        if (app_changed(l, c))
            vec_push(&l->names, &l->mem, l->slug);
    l->options.changes = c;
}

/* --- writing ---------------------------------------------------------------------------------- */

static void put_time(struct access_list *l, const char *name, int64_t at_ms)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    json_key_str(&l->w, name, at_ms == 0 ? STR_NONE : time_format(&mem, at_ms));
}

/* Eight digits at once: each half byte gets a byte of its own, then all become digits together. */
static void write_hex_half(uint32_t part, char *to)
{
    uint64_t x = (uint64_t)(part >> 16) | (uint64_t)(part & 0xFFFF) << 32;
    x = (x >> 8 & UINT64_C(0x000000FF000000FF)) | (x & UINT64_C(0x000000FF000000FF)) << 16;
    x = (x >> 4 & UINT64_C(0x000F000F000F000F)) | (x & UINT64_C(0x000F000F000F000F)) << 8;
    uint64_t letters = (x + UINT64_C(0x0606060606060606)) >> 4 & UINT64_C(0x0101010101010101);
    x += UINT64_C(0x3030303030303030) + letters * ('a' - '0' - 10);
    if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__)
        x = __builtin_bswap64(x);
    memcpy(to, &x, sizeof(x));
}

static void write_hex(uint64_t part, char *to)
{
    write_hex_half((uint32_t)(part >> 32), to);
    write_hex_half((uint32_t)part, to + 8);
}

/* A list is mostly keys: each is one text of fixed shape, holding nothing that needs escaping. */
static void put_key(struct access_list *l, const struct listed_key *listed)
{
    char text[] = "{\"type\":\"api_key\",\"sha256\":\""
                  "0000000000000000000000000000000000000000000000000000000000000000"
                  "\",\"not_after\":null}";
    const size_t hash_at = sizeof("{\"type\":\"api_key\",\"sha256\":\"") - 1;
    write_hex(listed->key->high, text + hash_at);
    write_hex(listed->key->low, text + hash_at + 16);
    write_hex(image_hash_part(listed->row->sha256_tail), text + hash_at + 32);
    write_hex(image_hash_part(listed->row->sha256_tail + 8), text + hash_at + 48);
    if (listed->not_after_ms == 0) {
        json_put_raw(&l->w, (struct str){text, sizeof(text) - 1});
        return;
    }
    json_open_object(&l->w);
    json_key_str(&l->w, "type", STR("api_key"));
    json_key_str(&l->w, "sha256", (struct str){text + hash_at, sizeof(struct sha256) * 2});
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
    const struct image_header *h = speaks(l, &app);
    json_key(&l->w, STR("grants"));
    json_open_array(&l->w);
    for (uint32_t i = 0; i < app->grant_count; i++) {
        const struct image_grant *g = &image_grants(h)[app->grant + i];
        if (grant_listed(l, h, g))
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
    if (!next_app(l)) {
        l->phase = LIST_END;
    } else if (app_listed(l)) {
        json_open_object(&l->w);
        json_key_str(&l->w, "app", l->slug);
        json_key(&l->w, STR("credentials"));
        json_open_array(&l->w);
        l->key[BASE] = l->key[OVER] = 0;
        l->phase = LIST_KEYS;
    } else if (l->options.changes != NULL && app_near(l)) {
        vec_push(&l->removed, &l->mem, l->slug);
    }
}

/* An app may have a million keys: they, too, come in pieces. */
static void put_keys(struct access_list *l)
{
    struct listed_key key;
    while (l->w.out->len < PIECE_BYTES) {
        if (next_key(l, &key)) {
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

struct access_list *access_list_open(const struct access_image *image,
                                     const struct access_list_options *options)
{
    struct access_list *l = mem_new_of(struct access_list);
    l->parts[BASE] = image_header_of(image);
    l->parts[OVER] = image_patch_of(image);
    l->options = *options;
    find_served(l, image);
    if (options->changes != NULL)
        gather_names(l, options->changes);
    return l;
}

bool access_list_next(struct access_list *l, struct buf *out)
{
    static void (*const steps[])(struct access_list *) = {[LIST_HEAD] = put_head,
                                                          [LIST_APPS] = put_app,
                                                          [LIST_KEYS] = put_keys,
                                                          [LIST_END] = put_end};
    l->w.out = out;
    while (l->phase != LIST_DONE && out->len < PIECE_BYTES)
        steps[l->phase](l);
    return l->phase != LIST_DONE;
}

void access_list_close(struct access_list *l)
{
    if (l == NULL)
        return;
    arena_clear(&l->mem);
    free(l);
}

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
