/* Puts an image together: sections one after the other, then the checksum. */
#include <stdlib.h>

#include "catalog/authz/build.h"

static void builder_clear(struct builder *b)
{
    for (size_t i = 0; i < SECTION_COUNT; i++)
        buf_clear(&b->sections[i]);
    arena_clear(&b->mem);
}

struct image_text build_text(struct builder *b, struct str text)
{
    struct buf *pool = &b->sections[SECTION_text];
    struct image_text t = {(uint32_t)pool->len, (uint32_t)text.len};
    buf_add(pool, text);
    return t;
}

void build_record(struct builder *b, enum image_section section, const void *record, size_t size)
{
    assert(size == image_record_sizes[section]);
    buf_add(&b->sections[section], (struct str){record, size});
}

void *build_room(struct builder *b, enum image_section section, size_t count)
{
    struct buf *rows = &b->sections[section];
    size_t size = count * image_record_sizes[section];
    void *room = buf_room(rows, size);
    rows->len += room != NULL ? size : 0;
    return room;
}

uint32_t build_count(const struct builder *b, enum image_section section)
{
    return (uint32_t)(b->sections[section].len / image_record_sizes[section]);
}

bool build_index(const char *list, size_t at, const char *field, size_t index, size_t count,
                 struct err *err)
{
    char where[64];
    if (index < count)
        return true;
    snprintf(where, sizeof(where), "/%s/%zu/%s", list, at, field);
    return fail(err, ERR_INVALID, where, "%s %zu is not there: the list has %zu", field, index,
                count);
}

static bool counts_fit(const struct access_input *in, struct err *err)
{
    const size_t counts[] = {in->api_count,        in->deployment_count, in->app_count,
                             in->credential_count, in->plan_count,       in->grant_count,
                             in->group_count};
    for (size_t i = 0; i < COUNT_OF(counts); i++)
        if (counts[i] > IMAGE_MAX / 64)
            return fail(err, ERR_LIMIT, "", "an access image has room for %llu rows of a kind",
                        (unsigned long long)(IMAGE_MAX / 64));
    return true;
}

static uint64_t aligned(uint64_t size)
{
    return (size + IMAGE_ALIGN - 1) / IMAGE_ALIGN * IMAGE_ALIGN;
}

/* Gives every section its place. */
static bool lay_out(struct builder *b, struct err *err)
{
    uint64_t at = sizeof(b->header);
    for (unsigned i = 0; i < SECTION_COUNT; i++) {
        const struct buf *section = &b->sections[i];
        if (section->failed || at + section->len > IMAGE_MAX - IMAGE_ALIGN)
            return fail(err, ERR_LIMIT, "", "an access image has at most 4 GiB");
        b->header.sections[i].at = (uint32_t)at;
        b->header.sections[i].count = build_count(b, (enum image_section)i);
        at = aligned(at + section->len);
    }
    b->header.size = at;
    return true;
}

static bool write_out(struct builder *b, struct buf *out, struct err *err)
{
    struct image_header *h = &b->header;
    char *to = buf_room(out, h->size);
    if (to == NULL)
        return fail(err, ERR_LIMIT, "", "the access image does not fit");
    mem_prefer_huge(to, h->size);
    memset(to, 0, h->size);
    memcpy(h->magic, IMAGE_MAGIC, sizeof(h->magic));
    h->format = IMAGE_FORMAT;
    h->version = b->in->version;
    h->built_at_ms = b->in->built_at_ms;
    h->origin = b->in->origin;
    h->under = b->in->under;
    memcpy(h->stamp, b->in->stamp.bytes, sizeof(h->stamp));
    memcpy(to, h, sizeof(*h));
    for (size_t i = 0; i < SECTION_COUNT; i++)
        if (b->sections[i].len > 0)
            memcpy(to + h->sections[i].at, b->sections[i].ptr, b->sections[i].len);
    uint64_t checksum =
        image_checksum((struct str){to + IMAGE_UNCHECKED, h->size - IMAGE_UNCHECKED});
    memcpy(to + offsetof(struct image_header, checksum), &checksum, sizeof(checksum));
    out->len += h->size;
    return true;
}

struct ranked {
    struct str slug;
    uint32_t index;
};

static int slug_order(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    int order = str_cmp(a->slug, b->slug);
    return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

/* Orders rows that begin with their slug. */
static struct build_order order_rows(struct builder *b, const void *rows, size_t size, size_t count)
{
    struct ranked *ranked = arena_array(&b->mem, struct ranked, count);
    struct build_order order = {arena_array(&b->mem, uint32_t, count),
                                arena_array(&b->mem, uint32_t, count)};
    for (uint32_t i = 0; i < count; i++)
        ranked[i] =
            (struct ranked){*(const struct str *)(const void *)((const char *)rows + i * size), i};
    if (count > 1)
        qsort(ranked, count, sizeof(*ranked), slug_order);
    for (uint32_t i = 0; i < count; i++) {
        order.place[ranked[i].index] = i;
        order.at[i] = ranked[i].index;
    }
    return order;
}

static void build_groups(struct builder *b)
{
    const struct access_input *in = b->in;
    struct build_order order = order_rows(b, in->groups, sizeof(*in->groups), in->group_count);
    for (size_t i = 0; i < in->group_count; i++) {
        const struct access_group *g = &in->groups[order.at[i]];
        struct image_group row = {build_text(b, g->slug), (uint32_t)g->version,
                                  (uint32_t)(g->version >> 32)};
        build_record(b, SECTION_groups, &row, sizeof(row));
    }
}

bool access_build(const struct access_input *in, struct buf *out, struct err *err)
{
    CLEANUP(builder_clear) struct builder b = {.in = in};
    for (size_t i = 0; i < SECTION_COUNT; i++)
        b.sections[i].limit_bytes = IMAGE_MAX;
    if (!counts_fit(in, err))
        return false;
    b.apis = order_rows(&b, in->apis, sizeof(*in->apis), in->api_count);
    b.apps = order_rows(&b, in->apps, sizeof(*in->apps), in->app_count);
    b.plans = order_rows(&b, in->plans, sizeof(*in->plans), in->plan_count);
    build_groups(&b);
    build_names(&b);
    return build_keys(&b, err) && build_deployments(&b, err) && build_plans(&b, err) &&
           build_grants(&b, err) && lay_out(&b, err) && write_out(&b, out, err);
}
