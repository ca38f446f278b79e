/* Lists as maps: their exact text, and that a proxy which knows no more decides as decide() does,
 * or refuses. */
#include <stdlib.h>
#include <time.h>

#include "tests/unit/authz/town.h"

enum { TOWNS = 5, STEPS = 60, CALLS = 60 };

static int64_t write_map(const struct access_image *image, enum access_list_form form,
                         const char *group, int64_t now_ms, struct buf *out)
{
    const struct access_list_options options = {
        .form = form, .group = str_from(group), .version = 7, .now_ms = now_ms, .ttl_s = 60};
    CLEANUP(buf_clear) struct buf piece = {0};
    struct access_list *l = access_list_open(image, &options);
    buf_reset(out);
    for (bool more = true; more; buf_reset(&piece)) {
        more = access_list_next(l, &piece);
        buf_add(out, buf_str(&piece));
    }
    int64_t changes_at_ms = access_list_changes_at(l);
    access_list_close(l);
    return changes_at_ms;
}

/* --- their text --------------------------------------------------------------------------------
 */

static const struct str thin[] = {
    {"GET /{id}",    9 },
    {"DELETE /{id}", 12},
    {"GET /$all #1", 12}
};

/* shop: gold for pets; app: thin for maps, and an end. */
static void fill(struct world *w)
{
    world_init(w);
    for (size_t i = 0; i < SHA256_LEN; i++)
        w->credentials[0].sha256.bytes[i] = (uint8_t)(i * 9);
    w->credentials[1] = w->credentials[0];
    w->credentials[1].sha256.bytes[0] = 0xFF;
    w->credentials[1].app = 1;
    w->plans[1].operations = thin;
    w->plans[1].operation_count = COUNT_OF(thin);
    w->grants[1] = (struct access_grant){502, 1, 2, 1, ACCESS_APPROVED, 0, WORLD_NOW + 9};
    w->deployments[2].version_label = STR("2.0");
    w->in.grant_count = w->in.credential_count = 2;
}

TEST(test_maps_for_haproxy_are_words_and_values)
{
    CLEANUP(world_clear) struct world w;
    CLEANUP(buf_clear) struct buf out = {0};
    fill(&w);
    world_build(&w);
    CHECK_I64(write_map(&w.image, ACCESS_LIST_HAPROXY_CONSUMERS, "edge", WORLD_NOW, &out),
              WORLD_NOW + 9);
    CHECK_STR(buf_str(&out),
              STR("# edge, version 7\n"
                  "ff09121b242d363f48515a636c757e879099a2abb4bdc6cfd8e1eaf3fc050e17 app\n"
                  "0009121b242d363f48515a636c757e879099a2abb4bdc6cfd8e1eaf3fc050e17 shop\n"
                  "shop:pets gold\n"
                  "app:maps:DELETE:/{id} thin\n"
                  "app:maps:GET:/%24all%20%231 thin\n"
                  "app:maps:GET:/{id} thin\n"));
}

TEST(test_maps_for_nginx_are_blocks)
{
    CLEANUP(world_clear) struct world w;
    CLEANUP(buf_clear) struct buf out = {0};
    fill(&w);
    w.in.deployment_count = 1;
    w.deployments[0].stage = ACCESS_STAGE_RETIRED;
    world_build(&w);
    CHECK_I64(write_map(&w.image, ACCESS_LIST_NGINX, "edge", WORLD_NOW, &out), INT64_MAX);
    CHECK_STR(buf_str(&out),
              STR("# edge, version 7\n"
                  "map \"$chancery_key\" $chancery_app {\ndefault \"\";\n}\n"
                  "map \"$chancery_app:$chancery_api\" $chancery_plan {\ndefault \"\";\n}\n"
                  "map \"$chancery_app:$chancery_api:$chancery_operation\" "
                  "$chancery_narrow_plan {\ndefault \"\";\n}\n"
                  "map \"$chancery_deployment:$request_method:$request_uri\" "
                  "$chancery_operation {\ndefault \"unknown\";\n"
                  "\"~^pets/v1:\" \"retired\";\n}\n"));
}

TEST(test_maps_of_operations_are_expressions_in_their_order)
{
    CLEANUP(world_clear) struct world w;
    CLEANUP(buf_clear) struct buf out = {0};
    fill(&w);
    w.deployments[2].operation_count = 1;
    world_build(&w);
    (void)write_map(&w.image, ACCESS_LIST_HAPROXY_OPERATIONS, "edge", WORLD_NOW, &out);
    struct str text = buf_str(&out);
    CHECK(str_find(text, STR("^news/v1:[^:]+:/news(?:/(?![.]{1,2}(?:[/?]|$))(?>")) != SIZE_MAX);
    CHECK(str_ends(text, STR("*))*(?:[?]|$) open\n"
                             "^maps/2[.]0:GET:/(?:[?]|$) GET:/\n"
                             "^maps/2[.]0:HEAD:/(?:[?]|$) GET:/\n"
                             "^maps/2[.]0:[^:]+:/(?:[?]|$) method\n")));
    size_t root = str_find(text, STR("^pets/v1:GET:/pets/(?:[?]|$) GET:/\n"));
    size_t item = str_find(text, STR("+)(?:[?]|$) DELETE:/{id}\n"));
    CHECK(root < item && item != SIZE_MAX);
}

/* --- what a map cannot say is refused -----------------------------------------------------------
 */

static bool has(struct world *w, const char *words)
{
    CLEANUP(buf_clear) struct buf out = {0};
    world_build(w);
    (void)write_map(&w->image, ACCESS_LIST_HAPROXY_CONSUMERS, "edge", WORLD_NOW, &out);
    return str_find(buf_str(&out), str_from(words)) != SIZE_MAX;
}

TEST(test_maps_leave_out_what_they_cannot_say)
{
    CLEANUP(world_clear) struct world w;
    world_init(&w);
    CHECK(has(&w, "shop:pets gold\n"));
    w.plans[0].rate_count = 10;
    w.plans[0].rate_period_ms = 1000;
    CHECK(!has(&w, "shop:pets"));
    w.plans[0] = (struct access_plan){.slug = STR("gold"), .quota_count = 5};
    CHECK(!has(&w, "shop:pets"));
    /* decide() asks the older grant, which has the quota. */
    w.grants[1] = (struct access_grant){502, 0, 0, 1, ACCESS_APPROVED, 0, 0};
    w.in.grant_count = 2;
    CHECK(!has(&w, "shop:pets"));
    w.grants[1].subscription = 500;
    CHECK(has(&w, "shop:pets thin\n"));
    w.grants[1].not_before_ms = WORLD_NOW + 1;
    CHECK(!has(&w, "shop:pets"));
}

TEST(test_maps_say_a_word_once)
{
    static const struct str some[] = {
        {"GET /{id}", 9}
    };
    CLEANUP(world_clear) struct world w;
    world_init(&w);
    w.plans[0].operations = w.plans[1].operations = some;
    w.plans[0].operation_count = w.plans[1].operation_count = 1;
    w.grants[1] = (struct access_grant){502, 0, 0, 1, ACCESS_APPROVED, 0, 0};
    w.in.grant_count = 2;
    CHECK(has(&w, "shop:pets:GET:/{id} gold\n"));
    CHECK(!has(&w, "thin"));
}

/* --- a proxy that knows the maps alone -----------------------------------------------------------
 */

struct proxy {
    struct arena mem;
    VEC(struct str) words, values;
    VEC(struct regex *) expressions;
    VEC(struct str) operations;
};

static void read_map(struct proxy *p, struct str text, bool expressions)
{
    struct str line = STR_NONE, word = STR_NONE;
    struct err err = {0};
    while (str_split(&text, '\n', &line)) {
        if (line.len == 0 || line.ptr[0] == '#')
            continue;
        line = arena_str(&p->mem, line);
        (void)str_split(&line, ' ', &word);
        if (!expressions) {
            vec_push(&p->words, &p->mem, word);
            vec_push(&p->values, &p->mem, line);
            continue;
        }
        char *own = arena_alloc(&p->mem, word.len + 1);
        struct regex *regex = NULL;
        snprintf(own, word.len + 1, STR_FMT, STR_ARG(word));
        for (char *at = own; (at = strstr(at, "(?>")) != NULL;) /* ECMA-262 has none */
            at[2] = ':';
        CHECK_OK(regex_compile(str_from(own), STR(""), &p->mem, &regex, &err), &err);
        vec_push(&p->expressions, &p->mem, regex);
        vec_push(&p->operations, &p->mem, line);
    }
}

static void proxy_make(struct proxy *p, const struct access_image *image, const char *group)
{
    CLEANUP(buf_clear) struct buf text = {0};
    (void)write_map(image, ACCESS_LIST_HAPROXY_CONSUMERS, group, WORLD_NOW, &text);
    read_map(p, buf_str(&text), false);
    (void)write_map(image, ACCESS_LIST_HAPROXY_OPERATIONS, group, WORLD_NOW, &text);
    read_map(p, buf_str(&text), true);
}

static struct str find_word(const struct proxy *p, struct str word)
{
    for (size_t i = 0; i < p->words.len; i++)
        if (str_eq(p->words.ptr[i], word))
            return p->values.ptr[i];
    return STR_NONE;
}

static bool proxy_lets_pass(struct proxy *p, const struct access_place *place,
                            const struct check_request *call)
{
    struct sha256 hash = sha256_of(call->key);
    struct str operation = STR("unknown");
    struct str subject =
        arena_printf(&p->mem, STR_FMT "/" STR_FMT ":" STR_FMT ":" STR_FMT, STR_ARG(place->api),
                     STR_ARG(place->version_label), STR_ARG(call->method), STR_ARG(call->path));
    for (size_t i = 0; i < p->expressions.len; i++)
        if (regex_matches(p->expressions.ptr[i], subject, NULL)) {
            operation = p->operations.ptr[i];
            break;
        }
    if (str_eq(operation, STR("open")))
        return true;
    if (str_find_char(operation, ':') == SIZE_MAX)
        return false;
    struct str app = find_word(p, hex_format(&p->mem, hash.bytes, sizeof(hash.bytes)));
    struct str pair = arena_printf(&p->mem, STR_FMT ":" STR_FMT, STR_ARG(app), STR_ARG(place->api));
    return app.ptr != NULL &&
           (find_word(p, arena_join(&p->mem, pair, STR(":"), operation)).ptr != NULL ||
            find_word(p, pair).ptr != NULL);
}

/* Some grant for the pair has limits, so the map may refuse what decide() allows. */
static bool has_limits(const struct town *t, struct str app, struct str api)
{
    for (size_t i = 0; i < t->grant_count; i++) {
        const struct access_grant *g = &t->grants[i];
        if (str_eq(t->apps[g->app].slug, app) && str_eq(t->apis[g->api].slug, api) &&
            t->plans[g->plan].rate_count > 0)
            return true;
    }
    return false;
}

static void compare_calls(struct town *t, const struct access_image *image, const char *group,
                          size_t *allowed)
{
    struct proxy proxy = {0};
    proxy_make(&proxy, image, group);
    for (int i = 0; i < CALLS; i++) {
        struct check_request call = town_call(t);
        struct access_place place;
        struct decision d;
        call.dry_run = true;
        call.app = STR_NONE;
        if (!access_place_find(image, call.deployment, &place) ||
            !str_eq(place.group, str_from(group)))
            continue;
        decide(image, NULL, &call, 0, WORLD_NOW, &d);
        bool passes = proxy_lets_pass(&proxy, &place, &call), may = d.code == DENY_NONE;
        *allowed += passes;
        if (passes && !may)
            CHECK_STR(call.path, STR("let pass, although decide() refuses"));
        if (may && !passes && !place.open && !has_limits(t, d.app, d.api))
            CHECK_STR(call.path, STR("refused, although decide() allows"));
    }
    arena_clear(&proxy.mem);
}

/* --- as the catalog changes ----------------------------------------------------------------------
 */

static bool is_concern(const struct access_concern *list, size_t count, const char *group)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(list[i].group, str_from(group)))
            return true;
    return false;
}

/* Before, the change as a patch over it, and everything built anew. */
struct moment {
    struct buf before_bytes, patch_bytes, after_bytes;
    struct access_image before, patch, laid, after;
};

static void moment_clear(struct moment *m)
{
    buf_clear(&m->before_bytes);
    buf_clear(&m->patch_bytes);
    buf_clear(&m->after_bytes);
}

static void change(struct town *t, struct moment *m)
{
    struct town_touched touched = {0};
    struct err err = {0};
    town_build(t, &m->before_bytes);
    CHECK_OK(access_open(buf_str(&m->before_bytes), &m->before, &err), &err);
    town_change(t, &touched);
    town_patch(t, &touched, access_checksum(&m->before), &m->patch_bytes);
    CHECK_OK(access_open(buf_str(&m->patch_bytes), &m->patch, &err), &err);
    CHECK_OK(access_lay(&m->before, &m->patch, &m->laid, &err), &err);
    town_build(t, &m->after_bytes);
    CHECK_OK(access_open(buf_str(&m->after_bytes), &m->after, &err), &err);
}

static void compare_texts(struct town *t, const struct moment *m, const char *group)
{
    CLEANUP(buf_clear) struct buf before = {0};
    CLEANUP(buf_clear) struct buf laid = {0};
    CLEANUP(buf_clear) struct buf after = {0};
    const struct access_concern *concerns = NULL;
    size_t count = access_concerns(&m->before, &m->patch, &t->mem, &concerns);
    for (int form = ACCESS_LIST_JSON; form < ACCESS_LIST_FORM_COUNT; form++) {
        enum access_list_form as = (enum access_list_form)form;
        (void)write_map(&m->before, as, group, WORLD_NOW, &before);
        int64_t changes_at_ms = write_map(&m->laid, as, group, WORLD_NOW, &laid);
        (void)write_map(&m->after, as, group, WORLD_NOW, &after);
        CHECK_STR(buf_str(&laid), buf_str(&after));
        if (!str_eq(buf_str(&before), buf_str(&after)) && as != ACCESS_LIST_JSON)
            CHECK(is_concern(concerns, count, group));
        if (changes_at_ms == INT64_MAX || as == ACCESS_LIST_JSON)
            continue;
        CHECK(changes_at_ms > WORLD_NOW);
        (void)write_map(&m->after, as, group, changes_at_ms - 1, &laid);
        CHECK_STR(buf_str(&laid), buf_str(&after));
    }
}

TEST(test_maps_decide_as_decide_does_or_refuse)
{
    unsigned seed = (unsigned)time(NULL);
    size_t allowed = 0;
    printf("seed %u ", seed);
    for (unsigned i = 0; i < TOWNS; i++) {
        CLEANUP(town_clear) struct town t;
        town_init(&t, seed + i);
        for (int step = 0; step < STEPS; step++) {
            CLEANUP(moment_clear) struct moment m = {0};
            const char *group = town_groups[step % TOWN_GROUPS];
            change(&t, &m);
            compare_texts(&t, &m, group);
            compare_calls(&t, &m.laid, group, &allowed);
        }
    }
    CHECK(allowed > TOWNS * STEPS);
}
