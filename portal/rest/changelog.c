/* An API's changelog: each published document with what it changed. */
#include "portal/rest/operation.h"

#define CHANGES_MOST 100 /* of one document; GET .../changes has all */

static void write_entry(struct json_writer *w, const struct publication *entry)
{
    const struct assessment *found = &entry->assessment;
    json_open_object(w);
    json_key(w, STR("revision"));
    record_write(w, &record_revision, &entry->revision);
    json_key_str(w, "base", found->base);
    json_key_str(w, "base_version", found->base_version);
    json_key_str(w, "bump", found->bump);
    json_key_i64(w, "change_count", found->change_count);
    json_key_i64(w, "breaking_count", found->breaking_count);
    json_key_i64(w, "risky_count", found->risky_count);
    json_key_i64(w, "left_out", found->change_count - (int64_t)entry->change_count);
    json_key(w, STR("changes"));
    json_open_array(w);
    for (size_t i = 0; i < entry->change_count; i++)
        record_write(w, &record_revision_change, &entry->changes[i]);
    json_close_array(w);
    json_close_object(w);
}

bool rest_changelog(struct rest_call *call, struct err *err)
{
    struct http_request *req = call->req;
    struct changelog log = {0};
    if (!catalog_changelog(VIEW(req), PRINCIPAL(req), &call->query, CHANGES_MOST, req->mem, &log,
                           err))
        return false;
    struct json_writer w = rest_json(call->res);
    json_open_object(&w);
    json_key(&w, STR("items"));
    json_open_array(&w);
    for (size_t i = 0; i < log.count; i++)
        write_entry(&w, &log.rows[i]);
    json_close_array(&w);
    json_key_str(&w, "next", log.next);
    json_key_i64(&w, "total", log.total);
    json_close_object(&w);
    return true;
}
