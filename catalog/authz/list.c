/* What is on a list of consumers, found piece by piece in the image and the patch over it. */
#include <stdlib.h>

#include "catalog/authz/list.h"

#define READ_AHEAD 12

/* --- what is on the list ---------------------------------------------------------------------- */

const struct image_header *list_app_said(const struct access_list *l, const struct image_app **app)
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

/* Ended by now; if not, the list is another one when it does. */
static bool ended(struct access_list *l, int64_t not_after_ms)
{
    if (not_after_ms == 0)
        return false;
    if (l->options.now_ms >= not_after_ms)
        return true;
    if (l->changes_at_ms > not_after_ms)
        l->changes_at_ms = not_after_ms;
    return false;
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

/* The part's next key that is on the list; false when there is none. */
static bool look_at_key(struct access_list *l, size_t part, struct listed_key *out)
{
    const struct image_app *app = l->app[part];
    const struct image_header *h = l->parts[part];
    for (; app != NULL && l->key[part] < app->key_count; l->key[part]++) {
        const struct image_app_key *row = key_row(h, app->key + l->key[part]);
        const struct image_key *key = &image_keys(h)[row->key];
        int64_t not_after_ms = key->flags & KEY_ENDS ? image_key_end(h, row->key) : 0;
        if ((key->flags & KEY_REVOKED) || ended(l, not_after_ms) ||
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

bool list_next_key(struct access_list *l, struct listed_key *out)
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

bool list_grant(struct access_list *l, const struct image_header *h, const struct image_grant *g)
{
    return g->state == ACCESS_APPROVED && row_of(l->served, l, h)[g->api] &&
           !ended(l, g->not_after_ms);
}

bool list_app(struct access_list *l)
{
    const struct image_app *app = NULL;
    const struct image_header *h = list_app_said(l, &app);
    struct listed_key key;
    bool grants = false;
    for (uint32_t i = 0; i < app->grant_count && !grants; i++)
        grants = list_grant(l, h, &image_grants(h)[app->grant + i]);
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
bool list_app_near(const struct access_list *l)
{
    const struct access_changes *c = l->options.changes;
    const struct image_app *app = NULL;
    const struct image_header *h = list_app_said(l, &app);
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

bool list_next_app(struct access_list *l)
{
    l->app[BASE] = l->app[OVER] = NULL;
    l->key[BASE] = l->key[OVER] = 0;
    return l->options.changes != NULL ? next_of_names(l) : next_of_all(l);
}

void list_rewind(struct access_list *l)
{
    l->next[BASE] = l->next[OVER] = 0;
}

static bool app_changed(const struct access_list *l, const struct access_changes *c)
{
    const struct image_app *app = NULL;
    const struct image_header *h = list_app_said(l, &app);
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
    for (l->options.changes = NULL; list_next_app(l);)
        if (app_changed(l, c))
            vec_push(&l->names, &l->mem, l->slug);
    l->options.changes = c;
}

/* --- digits ------------------------------------------------------------------------------------
 */

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

void list_write_key(const struct listed_key *listed, char *to)
{
    write_hex(listed->key->high, to);
    write_hex(listed->key->low, to + 16);
    write_hex(image_hash_part(listed->row->sha256_tail), to + 32);
    write_hex(image_hash_part(listed->row->sha256_tail + 8), to + 48);
}

/* --- piece by piece --------------------------------------------------------------------------- */

struct access_list *access_list_open(const struct access_image *image,
                                     const struct access_list_options *options)
{
    struct access_list *l = mem_new_of(struct access_list);
    l->image = image;
    l->parts[BASE] = image_header_of(image);
    l->parts[OVER] = image_patch_of(image);
    l->options = *options;
    l->changes_at_ms = INT64_MAX;
    find_served(l, image);
    if (options->changes != NULL)
        gather_names(l, options->changes);
    return l;
}

bool access_list_next(struct access_list *l, struct buf *out)
{
    list_step *const *steps = l->options.form == ACCESS_LIST_JSON ? consumers_steps : map_steps;
    l->out = l->w.out = out;
    while (l->phase != LIST_DONE && out->len < PIECE_BYTES)
        steps[l->phase](l);
    return l->phase != LIST_DONE;
}

int64_t access_list_changes_at(const struct access_list *l)
{
    return l->changes_at_ms;
}

void access_list_close(struct access_list *l)
{
    if (l == NULL)
        return;
    arena_clear(&l->mem);
    free(l);
}
