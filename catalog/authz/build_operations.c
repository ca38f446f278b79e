/* The operation part of an image: names, deployments with their routers, plans. */
#include <stdlib.h>

#include "catalog/authz/build.h"
#include "catalog/route/route.h"

static int text_order(const void *left, const void *right)
{
    const struct str *a = left, *b = right;
    return str_cmp(*a, *b);
}

static size_t gather_names(const struct access_input *in, struct str *names)
{
    size_t count = 0;
    for (size_t i = 0; i < in->deployment_count; i++)
        for (size_t k = 0; k < in->deployments[i].operation_count; k++, count++)
            if (names != NULL)
                names[count] = in->deployments[i].operations[k].key;
    for (size_t i = 0; i < in->plan_count; i++)
        for (size_t k = 0; in->plans[i].operations && k < in->plans[i].operation_count;
             k++, count++)
            if (names != NULL)
                names[count] = in->plans[i].operations[k];
    return count;
}

void build_names(struct builder *b)
{
    size_t count = gather_names(b->in, NULL);
    b->names = arena_array(&b->mem, struct str, count);
    (void)gather_names(b->in, b->names);
    if (count > 1)
        qsort(b->names, count, sizeof(*b->names), text_order);
    for (size_t i = 0; i < count; i++) {
        if (b->name_count > 0 && str_eq(b->names[b->name_count - 1], b->names[i]))
            continue;
        struct image_text text = build_text(b, b->names[i]);
        b->names[b->name_count++] = b->names[i];
        build_record(b, SECTION_names, &text, sizeof(text));
    }
}

uint32_t build_name_number(const struct builder *b, struct str key)
{
    const struct str *found = bsearch(&key, b->names, b->name_count, sizeof(key), text_order);
    assert(found != NULL);
    return (uint32_t)(found - b->names);
}

static int id_order(const void *left, const void *right)
{
    const struct access_deployment *const *a = left, *const *b = right;
    return ((*a)->id > (*b)->id) - ((*a)->id < (*b)->id);
}

static bool check_deployment(const struct access_input *in, size_t i, struct err *err)
{
    const struct access_deployment *d = &in->deployments[i];
    char where[48];
    if (!build_index("deployments", i, "api", d->api, in->api_count, err))
        return false;
    snprintf(where, sizeof(where), "/deployments/%zu", i);
    if (d->id <= 0 || (unsigned)d->stage > ACCESS_STAGE_GONE)
        return fail(err, ERR_INVALID, where, "a deployment has a positive id and a known stage");
    if (d->base_path.len > 0 && d->base_path.ptr[0] != '/')
        return fail(err, ERR_INVALID, where, "a base path begins with /");
    return true;
}

/* An operation that does not compile stays in the list, but no request reaches it. */
static bool compile_router(struct builder *b, const struct access_deployment *d, struct err *err)
{
    struct route_entry *entries = arena_array(&b->mem, struct route_entry, d->operation_count);
    bool *left_out = arena_array(&b->mem, bool, d->operation_count);
    for (size_t i = 0; i < d->operation_count; i++) {
        const struct access_operation *op = &d->operations[i];
        entries[i] = (struct route_entry){op->method, op->path, (uint32_t)i};
    }
    return route_compile_some(entries, d->operation_count, left_out, &b->sections[SECTION_routers],
                              err);
}

static bool add_router(struct builder *b, const struct access_deployment *d,
                       struct image_deployment *row, struct err *err)
{
    struct buf *routers = &b->sections[SECTION_routers];
    row->router = (uint32_t)routers->len;
    row->operation = build_count(b, SECTION_operations);
    row->operation_count = (uint32_t)d->operation_count;
    for (size_t i = 0; i < d->operation_count; i++) {
        uint32_t name = build_name_number(b, d->operations[i].key);
        build_record(b, SECTION_operations, &name, sizeof(name));
    }
    if (d->router.ptr != NULL)
        buf_add(routers, d->router);
    else if (!compile_router(b, d, err))
        return false;
    row->router_len = (uint32_t)(routers->len - row->router);
    return true;
}

static bool add_deployment(struct builder *b, const struct access_deployment *d, struct err *err)
{
    struct str base = d->base_path;
    while (base.len > 0 && base.ptr[base.len - 1] == '/')
        base.len--;
    struct image_deployment row = {
        .id = d->id,
        .api = b->apis.place[d->api],
        .stage = (uint32_t)d->stage,
        .version_label = build_text(b, d->version_label),
        .group = build_text(b, d->group),
        .base_path = build_text(b, base),
    };
    if (!add_router(b, d, &row, err))
        return false;
    build_record(b, SECTION_deployments, &row, sizeof(row));
    return true;
}

bool build_deployments(struct builder *b, struct err *err)
{
    const struct access_input *in = b->in;
    const struct access_deployment **sorted =
        arena_array(&b->mem, const struct access_deployment *, in->deployment_count);
    for (size_t i = 0; i < in->deployment_count; i++) {
        if (!check_deployment(in, i, err))
            return false;
        sorted[i] = &in->deployments[i];
    }
    if (in->deployment_count > 1)
        qsort(sorted, in->deployment_count, sizeof(*sorted), id_order);
    for (size_t i = 0; i < in->deployment_count; i++) {
        char where[48];
        snprintf(where, sizeof(where), "/deployments/%zu", (size_t)(sorted[i] - in->deployments));
        if (i > 0 && sorted[i]->id == sorted[i - 1]->id)
            return fail(err, ERR_INVALID, where, "two deployments have the same id");
        if (!add_deployment(b, sorted[i], err))
            return false;
    }
    return true;
}

static int number_order(const void *left, const void *right)
{
    const uint32_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

/* Names are numbered in text order, so ascending numbers are sorted keys. */
static void add_plan_operations(struct builder *b, const struct access_plan *p,
                                struct image_plan *row)
{
    row->operation = build_count(b, SECTION_plan_operations);
    row->all = p->operations == NULL;
    if (row->all)
        return;
    uint32_t *numbers = arena_array(&b->mem, uint32_t, p->operation_count);
    for (size_t i = 0; i < p->operation_count; i++)
        numbers[i] = build_name_number(b, p->operations[i]);
    if (p->operation_count > 1)
        qsort(numbers, p->operation_count, sizeof(*numbers), number_order);
    for (size_t i = 0; i < p->operation_count; i++) {
        if (i > 0 && numbers[i] == numbers[i - 1])
            continue;
        build_record(b, SECTION_plan_operations, &numbers[i], sizeof(numbers[i]));
        row->operation_count++;
    }
}

bool build_plans(struct builder *b, struct err *err)
{
    for (size_t i = 0; i < b->in->plan_count; i++) {
        const struct access_plan *p = &b->in->plans[b->plans.at[i]];
        char where[48];
        snprintf(where, sizeof(where), "/plans/%zu/rate_period_ms", (size_t)(p - b->in->plans));
        if (p->rate_count > 0 && p->rate_period_ms == 0)
            return fail(err, ERR_INVALID, where, "a rate needs a period");
        struct image_plan row = {
            .slug = build_text(b, p->slug),
            .rate_count = p->rate_count,
            .rate_period_ms = p->rate_period_ms,
            .burst = p->burst,
            .quota_count = p->quota_count,
            .quota_monthly = p->quota_monthly,
        };
        add_plan_operations(b, p, &row);
        build_record(b, SECTION_plans, &row, sizeof(row));
    }
    return true;
}
