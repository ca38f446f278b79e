/* Which groups' lists a patch changes, and by what. */
#include "catalog/authz/image.h"

/* A group a version of the API is deployed to, before or after. */
struct served {
    struct str api, group;
};

struct looking {
    const struct access_image *before;
    const struct image_header *patch;
    struct arena *mem;
    VEC(struct served) served;
    VEC(struct access_concern) found;
};

static void find_served(struct looking *l, const struct access_image *image)
{
    struct image_walk walk = {0};
    struct image_place place;
    for (int64_t id; (id = image_next_deployment(image, &walk)) != 0;)
        if (image_place(image, id, &place) && place.deployment->stage == ACCESS_STAGE_LIVE)
            vec_push(&l->served, l->mem,
                     (struct served){place.api, image_str(place.h, place.deployment->group)});
}

static void add(struct looking *l, enum access_concern_kind kind, struct str name, struct str group)
{
    for (size_t i = l->found.len; i > 0; i--) {
        const struct access_concern *c = &l->found.ptr[i - 1];
        if (c->kind != kind || !str_eq(c->name, name))
            break; /* the same thing's groups stand together */
        if (str_eq(c->group, group))
            return;
    }
    vec_push(&l->found, l->mem, (struct access_concern){kind, name, group});
}

static void add_grants(struct looking *l, const struct image_header *h, const struct image_app *app)
{
    struct str name = image_str(h, app->slug);
    for (uint32_t i = 0; i < app->grant_count; i++) {
        const struct image_grant *g = &image_grants(h)[app->grant + i];
        struct str api = image_str(h, image_apis(h)[g->api].slug);
        for (size_t k = 0; g->state == ACCESS_APPROVED && k < l->served.len; k++)
            if (str_eq(l->served.ptr[k].api, api))
                add(l, CONCERN_APP, name, l->served.ptr[k].group);
    }
}

/* An app's grants before, and as they are now. */
static void look_at_app(struct looking *l, const struct image_app *app)
{
    const struct image_header *parts[] = {image_patch_of(l->before), image_header_of(l->before)};
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        const struct image_header *h = parts[i];
        struct str name = image_str(l->patch, app->slug);
        uint32_t at = h ? image_find_text(h, SECTION_apps, name) : 0;
        if (h == NULL || at == image_count(h, SECTION_apps))
            continue;
        add_grants(l, h, &image_apps(h)[at]);
        break;
    }
    add_grants(l, l->patch, app);
}

static bool same_plan(const struct image_header *a, const struct image_plan *x,
                      const struct image_header *b, const struct image_plan *y)
{
    if (x->rate_count != y->rate_count || x->rate_period_ms != y->rate_period_ms ||
        x->burst != y->burst || x->all != y->all || x->quota_count != y->quota_count ||
        x->quota_monthly != y->quota_monthly || x->operation_count != y->operation_count)
        return false;
    for (uint32_t i = 0; i < x->operation_count; i++)
        if (!str_eq(image_str(a, image_names(a)[image_plan_operations(a)[x->operation + i]]),
                    image_str(b, image_names(b)[image_plan_operations(b)[y->operation + i]])))
            return false;
    return true;
}

/* A plan may be anybody's: all groups that serve something. */
static void look_at_plan(struct looking *l, const struct image_plan *plan)
{
    const struct image_header *parts[] = {image_patch_of(l->before), image_header_of(l->before)};
    struct str name = image_str(l->patch, plan->slug);
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        const struct image_header *h = parts[i];
        uint32_t at = h ? image_find_text(h, SECTION_plans, name) : 0;
        if (h == NULL || at == image_count(h, SECTION_plans))
            continue;
        if (same_plan(h, &image_plans(h)[at], l->patch, plan))
            return;
        break;
    }
    for (size_t i = 0; i < l->served.len; i++)
        add(l, CONCERN_PLAN, name, l->served.ptr[i].group);
}

static void look_at_deployment(struct looking *l, const struct image_deployment *d)
{
    struct image_place old;
    struct str api = image_str(l->patch, image_apis(l->patch)[d->api].slug);
    add(l, CONCERN_API, api, image_str(l->patch, d->group));
    if (image_place(l->before, d->id, &old))
        add(l, CONCERN_API, old.api, image_str(old.h, old.deployment->group));
}

/* Whether an API asks for keys is said once for all its deployments. */
static void look_at_api(struct looking *l, const struct image_api *api)
{
    const struct image_header *parts[] = {image_patch_of(l->before), image_header_of(l->before)};
    struct str name = image_str(l->patch, api->slug);
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        const struct image_header *h = parts[i];
        uint32_t at = h ? image_find_text(h, SECTION_apis, name) : 0;
        if (h == NULL || at == image_count(h, SECTION_apis))
            continue;
        if (image_apis(h)[at].open == api->open)
            return;
        break;
    }
    for (size_t i = 0; i < l->served.len; i++)
        if (str_eq(l->served.ptr[i].api, name))
            add(l, CONCERN_API, name, l->served.ptr[i].group);
}

size_t access_concerns(const struct access_image *before, const struct access_image *patch,
                       struct arena *mem, const struct access_concern **out)
{
    const struct image_header *h = image_header_of(patch);
    struct looking l = {.before = before, .patch = h, .mem = mem};
    find_served(&l, before);
    find_served(&l, patch);
    for (uint32_t i = 0; i < image_count(h, SECTION_deployments); i++)
        look_at_deployment(&l, &image_deployments(h)[i]);
    for (uint32_t i = 0; i < image_count(h, SECTION_apis); i++)
        look_at_api(&l, &image_apis(h)[i]);
    for (uint32_t i = 0; i < image_count(h, SECTION_plans); i++)
        look_at_plan(&l, &image_plans(h)[i]);
    for (uint32_t i = 0; i < image_count(h, SECTION_apps); i++)
        look_at_app(&l, &image_apps(h)[i]);
    *out = l.found.ptr;
    return l.found.len;
}
