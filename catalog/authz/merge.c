/* Two images become one: of each thing the newer one's word, else the older one's. */
#include "catalog/authz/image.h"

enum { OLDER, NEWER, PARTS };

/* Rows sorted by text of both parts, each text once; where a row is, and what became of it. */
struct merged {
    uint32_t count;
    uint8_t *part;
    uint32_t *at;
    uint32_t *place[PARTS];
};

struct merge {
    const struct image_header *parts[PARTS];
    bool keep_gone;
    const struct access_group *moved; /* what groups' numbers are now */
    size_t moved_count;
    struct arena mem;
    struct merged apis, apps, plans;
    struct access_input in;
};

static void merge_clear(struct merge *m)
{
    arena_clear(&m->mem);
}

static struct str row_text(const struct image_header *h, enum image_section section, uint32_t at)
{
    const char *rows = (const char *)h + h->sections[section].at;
    const struct image_text *text = (const void *)(rows + (size_t)at * image_record_sizes[section]);
    return image_str(h, *text);
}

static struct merged merge_rows(struct merge *m, enum image_section section)
{
    uint32_t counts[PARTS], next[PARTS] = {0};
    struct merged out = {0};
    for (size_t p = 0; p < PARTS; p++) {
        counts[p] = image_count(m->parts[p], section);
        out.place[p] = arena_array(&m->mem, uint32_t, counts[p]);
    }
    out.part = arena_array(&m->mem, uint8_t, (size_t)counts[OLDER] + counts[NEWER]);
    out.at = arena_array(&m->mem, uint32_t, (size_t)counts[OLDER] + counts[NEWER]);
    while (next[OLDER] < counts[OLDER] || next[NEWER] < counts[NEWER]) {
        int order = next[OLDER] == counts[OLDER] ? 1
                    : next[NEWER] == counts[NEWER]
                        ? -1
                        : str_cmp(row_text(m->parts[OLDER], section, next[OLDER]),
                                  row_text(m->parts[NEWER], section, next[NEWER]));
        size_t from = order >= 0 ? NEWER : OLDER;
        out.part[out.count] = (uint8_t)from;
        out.at[out.count] = next[from];
        if (order <= 0)
            out.place[OLDER][next[OLDER]++] = out.count;
        if (order >= 0)
            out.place[NEWER][next[NEWER]++] = out.count;
        out.count++;
    }
    return out;
}

static void take_apis(struct merge *m)
{
    struct access_api *rows;
    m->apis = merge_rows(m, SECTION_apis);
    rows = arena_array(&m->mem, struct access_api, m->apis.count);
    for (uint32_t i = 0; i < m->apis.count; i++) {
        const struct image_header *h = m->parts[m->apis.part[i]];
        const struct image_api *api = &image_apis(h)[m->apis.at[i]];
        rows[i] = (struct access_api){image_str(h, api->slug), api->open};
    }
    m->in.apis = rows;
    m->in.api_count = m->apis.count;
}

static void take_groups(struct merge *m)
{
    struct merged groups = merge_rows(m, SECTION_groups);
    struct access_group *rows =
        arena_array(&m->mem, struct access_group, (size_t)groups.count + m->moved_count);
    size_t count = 0;
    for (size_t i = 0; i < m->moved_count; i++)
        rows[count++] = m->moved[i];
    for (uint32_t i = 0; i < groups.count; i++) {
        const struct image_header *h = m->parts[groups.part[i]];
        const struct image_group *g = &image_groups(h)[groups.at[i]];
        struct str slug = image_str(h, g->slug);
        size_t k = 0;
        while (k < m->moved_count && !str_eq(m->moved[k].slug, slug))
            k++;
        if (k == m->moved_count)
            rows[count++] = (struct access_group){slug, image_group_version(g)};
    }
    m->in.groups = rows;
    m->in.group_count = count;
}

static void take_plans(struct merge *m)
{
    struct access_plan *rows;
    m->plans = merge_rows(m, SECTION_plans);
    rows = arena_array(&m->mem, struct access_plan, m->plans.count);
    for (uint32_t i = 0; i < m->plans.count; i++) {
        const struct image_header *h = m->parts[m->plans.part[i]];
        const struct image_plan *p = &image_plans(h)[m->plans.at[i]];
        rows[i] = (struct access_plan){
            .slug = image_str(h, p->slug),
            .rate_count = p->rate_count,
            .rate_period_ms = p->rate_period_ms,
            .burst = p->burst,
            .quota_count = p->quota_count,
            .quota_monthly = p->quota_monthly,
            .operation_count = p->operation_count,
        };
        if (p->all)
            continue;
        struct str *keys = arena_array(&m->mem, struct str, p->operation_count);
        for (uint32_t k = 0; k < p->operation_count; k++)
            keys[k] = image_str(h, image_names(h)[image_plan_operations(h)[p->operation + k]]);
        rows[i].operations = keys;
    }
    m->in.plans = rows;
    m->in.plan_count = m->plans.count;
}

static struct access_deployment take_deployment(struct merge *m, size_t part, uint32_t at)
{
    const struct image_header *h = m->parts[part];
    const struct image_deployment *d = &image_deployments(h)[at];
    struct access_operation *operations =
        arena_array(&m->mem, struct access_operation, d->operation_count);
    for (uint32_t i = 0; i < d->operation_count; i++)
        operations[i].key = image_str(h, image_names(h)[image_operations(h)[d->operation + i]]);
    return (struct access_deployment){
        .id = d->id,
        .api = m->apis.place[part][d->api],
        .version_label = image_str(h, d->version_label),
        .group = image_str(h, d->group),
        .base_path = image_str(h, d->base_path),
        .stage = (enum access_stage)d->stage,
        .operations = operations,
        .operation_count = d->operation_count,
        .router = {image_routers(h) + d->router, d->router_len},
    };
}

static void take_deployments(struct merge *m)
{
    size_t count = 0;
    struct access_deployment *rows =
        arena_array(&m->mem, struct access_deployment,
                    (size_t)image_count(m->parts[OLDER], SECTION_deployments) +
                        image_count(m->parts[NEWER], SECTION_deployments));
    for (size_t p = 0; p < PARTS; p++)
        for (uint32_t i = 0; i < image_count(m->parts[p], SECTION_deployments); i++) {
            const struct image_deployment *d = &image_deployments(m->parts[p])[i];
            bool replaced = p == OLDER && image_find_deployment(m->parts[NEWER], d->id) != NULL;
            if (!replaced && (m->keep_gone || d->stage != ACCESS_STAGE_GONE))
                rows[count++] = take_deployment(m, p, i);
        }
    m->in.deployments = rows;
    m->in.deployment_count = count;
}

static void take_apps(struct merge *m)
{
    struct access_app *rows;
    m->apps = merge_rows(m, SECTION_apps);
    rows = arena_array(&m->mem, struct access_app, m->apps.count);
    for (uint32_t i = 0; i < m->apps.count; i++)
        rows[i].slug = row_text(m->parts[m->apps.part[i]], SECTION_apps, m->apps.at[i]);
    m->in.apps = rows;
    m->in.app_count = m->apps.count;
}

static struct access_credential take_key(const struct merge *m, size_t part,
                                         const struct image_app_key *row)
{
    const struct image_header *h = m->parts[part];
    const struct image_key *key = &image_keys(h)[row->key];
    struct access_credential c = {.app = m->apps.place[part][key->app],
                                  .revoked = key->flags & KEY_REVOKED,
                                  .not_after_ms = image_key_end(h, row->key)};
    for (unsigned i = 0; i < 8; i++) {
        c.sha256.bytes[i] = (uint8_t)(key->high >> (56 - 8 * i));
        c.sha256.bytes[8 + i] = (uint8_t)(key->low >> (56 - 8 * i));
    }
    memcpy(c.sha256.bytes + 16, row->sha256_tail, sizeof(row->sha256_tail));
    return c;
}

static void take_keys(struct merge *m)
{
    size_t count = 0;
    const struct image_header *newer = m->parts[NEWER];
    uint32_t newer_keys = image_count(newer, SECTION_keys);
    struct access_credential *rows =
        arena_array(&m->mem, struct access_credential,
                    (size_t)image_count(m->parts[OLDER], SECTION_keys) + newer_keys);
    for (size_t p = 0; p < PARTS; p++)
        for (uint32_t i = 0; i < image_count(m->parts[p], SECTION_app_keys); i++) {
            const struct image_app_key *row = &image_app_keys(m->parts[p])[i];
            const struct image_key *key = &image_keys(m->parts[p])[row->key];
            if (p == NEWER || image_find_key(newer, key->high, key->low) == newer_keys)
                rows[count++] = take_key(m, p, row);
        }
    m->in.credentials = rows;
    m->in.credential_count = count;
}

/* An app of the newer part has all its grants there. */
static void take_grants(struct merge *m)
{
    size_t count = 0;
    struct access_grant *rows = arena_array(&m->mem, struct access_grant,
                                            (size_t)image_count(m->parts[OLDER], SECTION_grants) +
                                                image_count(m->parts[NEWER], SECTION_grants));
    for (size_t p = 0; p < PARTS; p++)
        for (uint32_t i = 0; i < image_count(m->parts[p], SECTION_grants); i++) {
            const struct image_grant *g = &image_grants(m->parts[p])[i];
            uint32_t app = m->apps.place[p][g->app];
            if (m->apps.part[app] != p)
                continue;
            rows[count++] = (struct access_grant){
                .subscription = g->subscription,
                .app = app,
                .api = m->apis.place[p][g->api],
                .plan = m->plans.place[p][g->plan],
                .state = (enum access_state)g->state,
                .not_before_ms = g->not_before_ms,
                .not_after_ms = g->not_after_ms,
            };
        }
    m->in.grants = rows;
    m->in.grant_count = count;
}

static bool merge_into(struct merge *m, struct buf *out, struct err *err)
{
    const struct image_header *newer = m->parts[NEWER];
    m->in.version = newer->version;
    m->in.built_at_ms = newer->built_at_ms;
    m->in.origin = m->parts[OLDER]->origin;
    memcpy(m->in.stamp.bytes, newer->stamp, sizeof(newer->stamp));
    take_apis(m);
    take_groups(m);
    take_plans(m);
    take_deployments(m);
    take_apps(m);
    take_keys(m);
    take_grants(m);
    return access_build(&m->in, out, err);
}

bool access_fold(const struct access_image *image, struct buf *out, struct err *err)
{
    const struct image_header *h = image_header_of(image), *over = image_patch_of(image);
    if (over == NULL) {
        buf_add(out, image->bytes);
        return !out->failed || fail(err, ERR_LIMIT, "", "the access image does not fit");
    }
    CLEANUP(merge_clear)
    struct merge m = {
        .parts = {h, over}
    };
    return merge_into(&m, out, err);
}

bool access_join(const struct access_image *older, const struct access_image *newer, uint64_t under,
                 const struct access_group *groups, size_t group_count, struct buf *out,
                 struct err *err)
{
    const struct image_header *first = older ? image_header_of(older) : image_header_of(newer);
    CLEANUP(merge_clear)
    struct merge m = {
        .parts = {first, image_header_of(newer)},
        .keep_gone = true,
        .moved = groups,
        .moved_count = group_count,
        .in = {.under = under    }
    };
    return merge_into(&m, out, err);
}
