/* Approved-consumer lists for any proxy: version, ETag, 304. */
#include "portal/control/state.h"
#include "portal/settings.h"

/* The number of the image in which the list last changed. */
static uint64_t stable_version(struct control *c, struct str group,
                               const struct access_image *image, int64_t ttl_s)
{
    CLEANUP(buf_clear) struct buf body = {0};
    struct access_image plain = *image;
    plain.version = 0;
    plain.built_at_ms = 0;
    access_consumers(&plain, group, 0, ttl_s, &body);
    struct sha256 content = sha256_of(buf_str(&body));
    pthread_mutex_lock(&c->lock);
    struct list_version *row = NULL;
    for (size_t i = 0; i < c->lists.len && row == NULL; i++)
        if (str_eq(str_from(c->lists.ptr[i].group), group))
            row = &c->lists.ptr[i];
    if (row == NULL) {
        struct list_version fresh = {.version = image->version};
        memcpy(fresh.group, group.ptr,
               group.len < sizeof(fresh.group) ? group.len : sizeof(fresh.group) - 1);
        vec_push(&c->lists, &c->states_mem, fresh);
        row = vec_last(&c->lists);
        row->content = content;
    } else if (memcmp(&row->content, &content, sizeof(content)) != 0) {
        row->content = content;
        row->version = image->version;
    }
    uint64_t version = row->version;
    pthread_mutex_unlock(&c->lock);
    return version;
}

static bool write_list(struct control *c, struct http_request *req, struct str group,
                       struct http_response *res, struct err *err)
{
    int64_t ttl_s = c->portal->settings->consumers_ttl_s;
    struct image_reader *reader = image_reader_open(c->portal->catalog);
    const struct access_image *image = image_get(reader);
    if (image == NULL) {
        image_reader_close(reader);
        return fail(err, ERR_BUSY, "", "the first list is not ready yet");
    }
    struct access_image stable = *image;
    stable.version = stable_version(c, group, image, ttl_s);
    struct str etag = arena_printf(req->mem, "\"%llu\"", (unsigned long long)stable.version);
    http_set_header(res, "ETag", etag);
    http_set_header(res, "Cache-Control",
                    arena_printf(req->mem, "private, max-age=%lld", (long long)ttl_s));
    if (http_etag_matches(http_header(req, "if-none-match"), etag)) {
        res->status = 304;
    } else {
        res->content_type = STR("application/json");
        access_consumers(&stable, group, req->now_ms, ttl_s, &res->owned);
    }
    image_reader_close(reader);
    return true;
}

bool consumers_for_gateway(struct http_request *req, struct http_response *res, struct err *err)
{
    struct control *c = req->context;
    const struct gateway_snapshot *g = NULL;
    struct snapshot *s = snapshot_take(c);
    bool ok = false;
    if (req->peer.is_unix && http_header(req, "authorization").ptr == NULL)
        g = s ? gateway_by_slug(s, req->args[0]) : NULL;
    else if (!control_authenticate(req, s, STR_NONE, &g, err))
        goto out;
    if (g == NULL || !str_eq(g->slug, req->args[0]))
        (void)fail(err, ERR_UNAUTHENTICATED, "",
                   "this gateway is not known here, or its token is wrong or missing");
    else
        ok = write_list(c, req, g->group->slug, res, err);
out:
    snapshot_release(c, s);
    return ok;
}

bool control_rest_consumers(struct http_request *req, struct http_response *res, struct err *err)
{
    struct gateway row = {0};
    return catalog_gateway(VIEW(req), PRINCIPAL(req), req->args, req->mem, &row, err) &&
           write_list(APP(req)->control, req, row.group, res, err);
}
