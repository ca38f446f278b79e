/* An API's changelog: what was published, and what each document changed of the one before. */
#include "catalog/service/internal.h"

static bool read_entry(struct view *v, const struct principal *by, struct str api,
                       int64_t changes_most, struct arena *mem, struct publication *entry,
                       struct err *err)
{
    const struct revision *revision = &entry->revision;
    struct catalog_query query = {
        .api = api, .version = revision->version, .revision = revision->sha256, .limit = 1};
    struct catalog_list found = {0}, changes = {0};
    if (!catalog_assessments(v, by, &query, mem, &found, err))
        return false;
    if (found.count == 0)
        return true;
    entry->assessment = *(const struct assessment *)found.rows;
    query.limit = changes_most;
    if (!catalog_revision_changes(v, by, &query, mem, &changes, err))
        return false;
    entry->changes = changes.rows;
    entry->change_count = changes.count;
    return true;
}

bool catalog_changelog(struct view *v, const struct principal *by,
                       const struct catalog_query *query, int64_t changes_most, struct arena *mem,
                       struct changelog *out, struct err *err)
{
    struct catalog_list list = {0};
    struct api api = {0};
    if (!catalog_api(v, by, &query->api, mem, &api, err) ||
        !catalog_publications(v, by, query, mem, &list, err))
        return false;
    struct publication *rows = arena_array(mem, struct publication, list.count);
    for (size_t i = 0; i < list.count; i++) {
        rows[i].revision = ((const struct revision *)list.rows)[i];
        if (!read_entry(v, by, query->api, changes_most, mem, &rows[i], err))
            return false;
    }
    *out = (struct changelog){rows, list.count, list.next, list.total};
    return true;
}
