/* Two revisions of an API beside each other, compared on their stored bytes. */
#include "catalog/service/internal.h"

#define COMPARED_MOST_BYTES ((int64_t)64 << 20) /* of both documents together */

static bool find_revision(struct view *v, const struct principal *by, struct str api,
                          struct str name, const char *where, struct arena *mem,
                          struct revision *out, struct err *err)
{
    bool found = false;
    if (!store_find(v->store, STMT_REVISION_NAMED, &record_revision,
                    ARGS(VIEWER(by), arg_text(api), arg_text(name)), mem, out, &found, err))
        return false;
    if (found)
        return true;
    (void)fail(err, ERR_NOT_FOUND, where, "this API has no version or revision \"" STR_FMT "\"",
               STR_ARG(name));
    return err_hint(err, "name a version, or a revision by 8 characters of its hash");
}

/* How much there is to compare is known before anything is unpacked. */
static bool check_size(struct view *v, const struct comparison *c, struct err *err)
{
    int64_t from = 0, to = 0;
    return store_number(v->store, STMT_REVISION_BYTES, ARGS(arg_i64(c->from.revision.id)), 0, &from,
                        err) &&
           store_number(v->store, STMT_REVISION_BYTES, ARGS(arg_i64(c->to.revision.id)), 0, &to,
                        err) &&
           (from + to <= COMPARED_MOST_BYTES ||
            fail(err, ERR_LIMIT, "", "the documents have more than %lld MiB together",
                 (long long)(COMPARED_MOST_BYTES >> 20)));
}

bool catalog_revision_open(struct view *v, const struct principal *by, struct str api,
                           struct str name, const char *where, struct str path, struct arena *mem,
                           struct compared *out, struct err *err)
{
    struct compared made = {0};
    if (!find_revision(v, by, api, name, where, mem, &made.revision, err) ||
        !revision_open(v->store, made.revision.id, path, mem, &made.documents, err))
        return false;
    *out = made;
    return true;
}

bool catalog_compare(struct view *v, const struct principal *by, struct str api, struct str from,
                     struct str to, struct arena *mem, struct comparison *out, struct err *err)
{
    const struct diff_options options = {.now_ms = clock_now_ms(v->catalog->config.clock)};
    struct comparison made = {0};
    struct api row = {0};
    if (!catalog_api(v, by, &api, mem, &row, err) ||
        !find_revision(v, by, api, from, "from", mem, &made.from.revision, err) ||
        !find_revision(v, by, api, to, "to", mem, &made.to.revision, err) ||
        !check_size(v, &made, err) ||
        !revision_open(v->store, made.from.revision.id, STR_NONE, mem, &made.from.documents, err) ||
        !revision_open(v->store, made.to.revision.id, STR_NONE, mem, &made.to.documents, err) ||
        !diff_compare(made.from.documents, made.to.documents, &options, mem, &made.report, err))
        return false;
    *out = made;
    return true;
}
