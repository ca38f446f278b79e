/* The subscription part of an image: APIs, apps, and who may call what. */
#include <stdlib.h>

#include "catalog/authz/build.h"

static int grant_order(const void *left, const void *right)
{
    const struct image_grant *a = left, *b = right;
    if (a->app != b->app)
        return a->app < b->app ? -1 : 1;
    if (a->api != b->api)
        return a->api < b->api ? -1 : 1;
    return (a->subscription > b->subscription) - (a->subscription < b->subscription);
}

static bool check_grant(const struct access_input *in, size_t i, struct err *err)
{
    const struct access_grant *g = &in->grants[i];
    char where[48];
    snprintf(where, sizeof(where), "/grants/%zu", i);
    if (g->subscription <= 0 || (unsigned)g->state > ACCESS_REJECTED)
        return fail(err, ERR_INVALID, where, "a grant has a positive id and a known state");
    return build_index("grants", i, "app", g->app, in->app_count, err) &&
           build_index("grants", i, "api", g->api, in->api_count, err) &&
           build_index("grants", i, "plan", g->plan, in->plan_count, err);
}

static void add_apis(struct builder *b)
{
    for (size_t i = 0; i < b->in->api_count; i++) {
        const struct access_api *api = &b->in->apis[b->apis.at[i]];
        struct image_api row = {build_text(b, api->slug), api->open};
        build_record(b, SECTION_apis, &row, sizeof(row));
    }
}

/* grants and keys are sorted by app, so each app has one range of both. */
static void add_apps(struct builder *b, const struct image_grant *grants)
{
    const struct access_input *in = b->in;
    struct image_app *rows = arena_array(&b->mem, struct image_app, in->app_count);
    for (size_t i = 0; i < in->app_count; i++)
        rows[i].slug = build_text(b, in->apps[b->apps.at[i]].slug);
    for (size_t i = 0; i < in->grant_count; i++)
        rows[grants[i].app].grant_count++;
    for (size_t i = 0; i < in->credential_count; i++)
        rows[b->apps.place[in->credentials[i].app]].key_count++;
    for (size_t i = 1; i < in->app_count; i++) {
        rows[i].grant = rows[i - 1].grant + rows[i - 1].grant_count;
        rows[i].key = rows[i - 1].key + rows[i - 1].key_count;
    }
    for (size_t i = 0; i < in->app_count; i++)
        build_record(b, SECTION_apps, &rows[i], sizeof(rows[i]));
}

bool build_grants(struct builder *b, struct err *err)
{
    const struct access_input *in = b->in;
    struct image_grant *rows = arena_array(&b->mem, struct image_grant, in->grant_count);
    for (size_t i = 0; i < in->grant_count; i++) {
        const struct access_grant *g = &in->grants[i];
        if (!check_grant(in, i, err))
            return false;
        const struct access_plan *plan = &in->plans[g->plan];
        b->header.metered += plan->rate_count > 0 || plan->quota_count > 0;
        rows[i] = (struct image_grant){.subscription = g->subscription,
                                       .app = b->apps.place[g->app],
                                       .api = b->apis.place[g->api],
                                       .plan = b->plans.place[g->plan],
                                       .state = (uint32_t)g->state,
                                       .not_before_ms = g->not_before_ms,
                                       .not_after_ms = g->not_after_ms};
    }
    if (in->grant_count > 1)
        qsort(rows, in->grant_count, sizeof(*rows), grant_order);
    add_apis(b);
    add_apps(b, rows);
    buf_add(&b->sections[SECTION_grants],
            (struct str){(const char *)rows, in->grant_count * sizeof(*rows)});
    return true;
}
