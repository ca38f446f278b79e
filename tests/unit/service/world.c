/* The world of the service's tests. */
#include <unistd.h>

#include "tests/unit/service/world.h"
#include "tests/unit/test.h"

const char world_document[] =
    "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Pets\",\"version\":\"1.0\",\"description\":\"All "
    "about pets.\"},\"servers\":[{\"url\":\"https://pets.example\"}],\"paths\":{\"/pets\":{\"get\":{"
    "\"operationId\":\"listPets\",\"summary\":\"Lists quadrupeds\",\"tags\":[\"animals\"]},\"post\":"
    "{\"operationId\":\"addPet\",\"responses\":{\"201\":{\"description\":\"Added\"}}}},"
    "\"/pets/{petId}\":{\"get\":{\"operationId\":\"showPet\",\"summary\":\"Shows one\",\"parameters\":"
    "[{\"name\":\"petId\",\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"string\"}}]}}}}";

static int64_t world_now(void *context)
{
    struct world *w = context;
    return atomic_load(&w->now_ms);
}

static void on_commit(void *context, uint64_t seq, unsigned flags)
{
    struct world *w = context;
    UNUSED(seq);
    atomic_fetch_or(&w->flags, flags);
    atomic_fetch_add(&w->commits, 1);
}

void world_open(struct world *w)
{
    const struct catalog_config config = {.path = w->scratch.path,
                                          .clock = &w->clock,
                                          .log = &w->log,
                                          .on_commit = on_commit,
                                          .context = w};
    CHECK_OK(catalog_open(&config, &w->catalog, &w->err), &w->err);
    CHECK_OK(view_open(w->catalog, &w->view, &w->err), &w->err);
}

void world_close(struct world *w)
{
    view_close(w->view);
    catalog_close(w->catalog);
}

void world_end(struct world *w)
{
    struct catalog_report report = {0};
    CHECK_OK(catalog_check(w->view, &w->mem, &report, &w->err), &w->err);
    CHECK_STR(report.problem, STR_NONE); /* whatever a test does leaves a sound catalog */
    world_close(w);
    scratch_clear(&w->scratch);
    arena_clear(&w->mem);
}

enum err_code world_change(struct world *w, change_fn *fn, enum who by, const char *body,
                           int64_t if_match, void *out, const char *arg0, const char *arg1)
{
    struct json *json = NULL;
    struct change change = {
        .by = &w->who[by], .if_match = if_match, .args = {str_from(arg0), str_from(arg1)}
    };
    w->err = (struct err){0};
    if (body != NULL)
        CHECK_OK(json_parse(str_from(body), &w->mem, &json, &w->err), &w->err);
    change.body = json;
    bool ok = catalog_change(w->catalog, fn, &change, &w->mem, out, &w->err);
    CHECK(ok == (w->err.code == ERR_NONE));
    return w->err.code;
}

void world_must(struct world *w, enum err_code code, const char *what, int line)
{
    if (code != ERR_NONE)
        printf("\nline %d: %s: %s: %s %s\n", line, what, err_code_name(code), w->err.where,
               w->err.msg);
    CHECK(code == ERR_NONE);
}

void world_begin(struct world *w)
{
    static const struct {
        const char *account, *zoo, *shop;
        enum role role;
    } people[WHO_COUNT] = {
#define WHO_ROW(name, account, role, zoo, shop) [name] = {account, zoo, shop, role},
        WHO_LIST(WHO_ROW)};
    struct team zoo = {0}, shop = {0};
    memset(w, 0, sizeof(*w));
    w->clock = (struct clock){world_now, w};
    w->log = (struct log){-1, LOG_ERROR, &w->clock};
    w->now_ms = INT64_C(1790000000000);
    scratch_make(&w->scratch);
    CHECK_OK(catalog_create(w->scratch.path, &w->clock, &w->err), &w->err);
    world_open(w);
    w->who[ANON] = principal_anonymous;
    w->who[ADA] = principal_internal; /* until she exists */
    MUST(w, team_create, ADA, "{\"slug\":\"zoo\",\"name\":\"Zoo\"}", &zoo, NULL, NULL);
    MUST(w, team_create, ADA, "{\"slug\":\"shop\",\"name\":\"Shop\"}", &shop, NULL, NULL);
    for (int i = EVE; i < WHO_COUNT; i++) {
        struct user user = {0};
        struct member member = {0};
        const char *name = people[i].account;
        MUST(w, user_create, ADA,
             arena_printf(&w->mem, "{\"name\":\"%s\",\"role\":\"%s\"}", name,
                          name_of(&names_role, (int)people[i].role))
                 .ptr,
             &user, NULL, NULL);
        w->who[i] = (struct principal){
            .user_id = user.id, .name = user.name, .role = people[i].role, .via = VIA_SESSION};
        for (int team = 0; team < 2; team++) {
            const char *role = team ? people[i].shop : people[i].zoo;
            if (*role != '\0')
                MUST(w, member_put, ADA, arena_printf(&w->mem, "{\"role\":\"%s\"}", role).ptr,
                     &member, team ? "shop" : "zoo", name);
        }
    }
    w->zoo = zoo.id;
    w->shop = shop.id;
}

void world_upload(struct world *w, enum who by, const char *api, const char *label,
                  const char *text, struct revision *out)
{
    struct import import = {0};
    struct revision revision = {0};
    CHECK_OK(import_read(str_from(text), STR("openapi.json"), NULL, &w->mem, &import, &w->err),
             &w->err);
    const struct change change = {
        .by = &w->who[by],
        .if_match = IF_MATCH_NONE,
        .args = {str_from(api), str_from(label)},
        .import = &import
    };
    CHECK_OK(catalog_change(w->catalog, revision_add, &change, &w->mem, &revision, &w->err),
             &w->err);
    if (out != NULL)
        *out = revision;
}

void world_begin_full(struct world *w)
{
    struct api api = {0};
    struct version version = {0};
    struct plan plan = {0};
    struct app app = {0};
    struct group group = {0};
    struct gateway gateway = {0};
    struct deployment deployment = {0};
    world_begin(w);
    MUST(w, api_create, MARK,
         "{\"slug\":\"pets\",\"name\":\"Pets\",\"team\":\"zoo\",\"tags\":[\"animals\"],"
         "\"summary\":\"Everything furry\"}",
         &api, NULL, NULL);
    MUST(w, version_create, MARK, "{\"label\":\"v1\"}", &version, "pets", NULL);
    world_upload(w, MARK, "pets", "v1", world_document, NULL);
    MUST(w, version_stage, MARK, "{\"stage\":\"published\"}", &version, "pets", "v1");
    MUST(w, plan_create, OSCAR, "{\"slug\":\"gold\",\"name\":\"Gold\",\"apis\":[\"pets\"]}", &plan,
         NULL, NULL);
    MUST(w, app_create, DAVE, "{\"slug\":\"store\",\"name\":\"Store\",\"team\":\"shop\"}", &app,
         NULL, NULL);
    MUST(w, group_create, OSCAR, "{\"slug\":\"edge\",\"name\":\"Edge\"}", &group, NULL, NULL);
    MUST(w, gateway_create, OSCAR,
         "{\"slug\":\"gw\",\"group\":\"edge\",\"listener\":\"127.0.0.1:10000\","
         "\"admin\":\"unix:/tmp/gw.sock\"}",
         &gateway, NULL, NULL);
    MUST(w, deployment_create, MARK,
         "{\"api\":\"pets\",\"version\":\"v1\",\"group\":\"edge\",\"base_path\":\"/pets\","
         "\"upstream\":\"http://127.0.0.1:9000\"}",
         &deployment, NULL, NULL);
}

struct str world_ask(struct world *w)
{
    struct subscription sub = {0};
    MUST(w, subscription_create, DAVE, "{\"app\":\"store\",\"api\":\"pets\",\"plan\":\"gold\"}",
         &sub, NULL, NULL);
    CHECK_I64(sub.state, SUB_REQUESTED);
    return id_format(&w->mem, sub.id);
}
