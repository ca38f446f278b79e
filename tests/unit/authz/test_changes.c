/* A list that is kept up by changes only is the whole list at each step. */
#include <stdlib.h>
#include <time.h>

#include "tests/unit/authz/town.h"

enum { TOWNS = 20, STEPS = 150 };

/* What a proxy has: the consumers as they were told, by name. */
struct kept {
    struct arena mem;
    struct str apps[TOWN_APPS], rows[TOWN_APPS];
    size_t count;
};

static size_t place_of(const struct kept *k, struct str app)
{
    size_t at = 0;
    while (at < k->count && !str_eq(k->apps[at], app))
        at++;
    return at;
}

static void forget(struct kept *k, struct str app)
{
    size_t at = place_of(k, app);
    if (at == k->count)
        return;
    k->count--;
    k->apps[at] = k->apps[k->count];
    k->rows[at] = k->rows[k->count];
}

static void keep(struct kept *k, const struct json *row)
{
    CLEANUP(buf_clear) struct buf text = {0};
    struct json_writer w = {.out = &text};
    struct str app = json_get_str(row, "app");
    json_write(&w, row);
    size_t at = place_of(k, app);
    CHECK(at < TOWN_APPS);
    k->count += at == k->count;
    k->apps[at] = arena_str(&k->mem, app);
    k->rows[at] = arena_str(&k->mem, buf_str(&text));
}

/* --- the two lists ---------------------------------------------------------------------------- */

static void write_list(const struct access_image *image, size_t group,
                       const struct access_changes *changes, struct buf *out)
{
    const struct access_list_options options = {.group = str_from(town_groups[group]),
                                                .version = image->version,
                                                .now_ms = WORLD_NOW,
                                                .ttl_s = 60,
                                                .changes = changes,
                                                .since = 1};
    struct access_list *l = access_list_open(image, &options);
    CLEANUP(buf_clear) struct buf piece = {0};
    for (bool more = true; more; buf_reset(&piece)) {
        more = access_list_next(l, &piece);
        buf_add(out, buf_str(&piece));
    }
    access_list_close(l);
}

static void apply(struct kept *k, struct str text)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct json *root = NULL;
    struct err err = {0};
    CHECK_OK(json_parse(text, &mem, &root, &err), &err);
    CHECK_I64(json_get_i64(root, "since", 0), 1);
    for (const struct json *row = json_get(root, "removed")->child; row != NULL; row = row->next)
        forget(k, row->string);
    for (const struct json *row = json_get(root, "changed")->child; row != NULL; row = row->next)
        keep(k, row);
}

static void compare(const struct kept *k, struct str text)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct json *root = NULL;
    struct err err = {0};
    CHECK_OK(json_parse(text, &mem, &root, &err), &err);
    const struct json *list = json_get(root, "consumers");
    CHECK_I64(list->count, k->count);
    for (const struct json *row = list->child; row != NULL; row = row->next) {
        CLEANUP(buf_clear) struct buf want = {0};
        struct json_writer w = {.out = &want};
        size_t at = place_of(k, json_get_str(row, "app"));
        json_write(&w, row);
        CHECK_STR(at < k->count ? k->rows[at] : STR("absent"), buf_str(&want));
    }
}

/* --- what has changed, as a server remembers it ------------------------------------------------
 */

/* Concerns of one group since somebody asked last. */
struct names {
    VEC(struct str) of[CONCERN_PLAN + 1];
};

static int text_order(const void *left, const void *right)
{
    const struct str *a = left, *b = right;
    return str_cmp(*a, *b);
}

static void remember(struct town *t, const struct access_concern *c,
                     struct names names[TOWN_GROUPS])
{
    for (size_t g = 0; g < TOWN_GROUPS; g++)
        if (str_eq(c->group, str_from(town_groups[g])))
            vec_push(&names[g].of[c->kind], &t->mem, arena_str(&t->mem, c->name));
}

static struct access_changes sorted(struct names *n)
{
    for (size_t i = 0; i < COUNT_OF(n->of); i++)
        if (n->of[i].len > 1)
            qsort(n->of[i].ptr, n->of[i].len, sizeof(struct str), text_order);
    return (struct access_changes){
        .apps = n->of[CONCERN_APP].ptr,
        .app_count = n->of[CONCERN_APP].len,
        .apis = n->of[CONCERN_API].ptr,
        .api_count = n->of[CONCERN_API].len,
        .plans = n->of[CONCERN_PLAN].ptr,
        .plan_count = n->of[CONCERN_PLAN].len,
    };
}

static void ask(const struct access_image *image, struct kept kept[TOWN_GROUPS],
                struct names names[TOWN_GROUPS])
{
    for (size_t g = 0; g < TOWN_GROUPS; g++) {
        CLEANUP(buf_clear) struct buf delta = {0};
        CLEANUP(buf_clear) struct buf whole = {0};
        struct access_changes changes = sorted(&names[g]);
        write_list(image, g, &changes, &delta);
        apply(&kept[g], buf_str(&delta));
        write_list(image, g, NULL, &whole);
        compare(&kept[g], buf_str(&whole));
        names[g] = (struct names){0};
    }
}

static void live(struct town *t, struct kept kept[TOWN_GROUPS])
{
    CLEANUP(buf_clear) struct buf before_bytes = {0};
    struct names names[TOWN_GROUPS] = {0};
    struct access_image before;
    struct err err = {0};
    town_build(t, &before_bytes);
    CHECK_OK(access_open(buf_str(&before_bytes), &before, &err), &err);
    for (size_t g = 0; g < TOWN_GROUPS; g++) /* the first time, everything is new */
        for (size_t i = 0; i < t->app_count; i++)
            vec_push(&names[g].of[CONCERN_APP], &t->mem, t->apps[i].slug);
    for (size_t step = 0; step < STEPS; step++) {
        CLEANUP(buf_clear) struct buf patch_bytes = {0};
        const struct access_concern *concerns = NULL;
        struct town_touched touched = {0};
        struct access_image patch;
        town_change(t, &touched);
        town_patch(t, &touched, access_checksum(&before), &patch_bytes);
        CHECK_OK(access_open(buf_str(&patch_bytes), &patch, &err), &err);
        size_t count = access_concerns(&before, &patch, &t->mem, &concerns);
        for (size_t i = 0; i < count; i++)
            remember(t, &concerns[i], names);
        town_build(t, &before_bytes);
        CHECK_OK(access_open(buf_str(&before_bytes), &before, &err), &err);
        if (town_pick(t, 3) > 0) /* nobody asks after each change */
            ask(&before, kept, names);
    }
}

TEST(test_changes_alone_keep_a_list_whole)
{
    unsigned seed = (unsigned)time(NULL);
    printf("seed %u ", seed);
    for (unsigned i = 0; i < TOWNS; i++) {
        CLEANUP(town_clear) struct town t;
        struct kept kept[TOWN_GROUPS] = {0};
        town_init(&t, seed + i);
        live(&t, kept);
        for (size_t g = 0; g < TOWN_GROUPS; g++)
            arena_clear(&kept[g].mem);
    }
}

/* An app of another group is not told of, not even as gone, when a plan of both has changed. */
TEST(test_changes_do_not_name_apps_of_other_groups)
{
    CLEANUP(world_clear) struct world w;
    CLEANUP(buf_clear) struct buf out = {0};
    static const struct str plan = {"gold", 4};
    const struct access_changes changes = {.plans = &plan, .plan_count = 1};
    world_init(&w);
    w.grants[0].state = ACCESS_REVOKED;
    world_build(&w);
    write_list(&w.image, 0, &changes, &out);
    CHECK(str_ends(buf_str(&out), STR("\"changed\":[],\"removed\":[\"shop\"]}")));
    buf_reset(&out);
    write_list(&w.image, 1, &changes, &out);
    CHECK(str_ends(buf_str(&out), STR("\"changed\":[],\"removed\":[]}")));
}
