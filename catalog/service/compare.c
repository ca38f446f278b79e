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
static bool find_files(struct view *v, const struct comparison *c, struct arena *mem,
                       struct revision_file files[2], struct err *err)
{
    return store_one(v->store, STMT_REVISION_ROOT_FILE, &record_revision_file,
                     ARGS(arg_i64(c->from.revision.id)), mem, &files[0], err) &&
           store_one(v->store, STMT_REVISION_ROOT_FILE, &record_revision_file,
                     ARGS(arg_i64(c->to.revision.id)), mem, &files[1], err) &&
           (files[0].size_bytes + files[1].size_bytes <= COMPARED_MOST_BYTES ||
            fail(err, ERR_LIMIT, "", "the documents have more than %lld MiB together",
                 (long long)(COMPARED_MOST_BYTES >> 20)));
}

static bool read_document(struct view *v, const struct revision_file *file, struct arena *mem,
                          struct compared *side, struct oas_files **out, struct err *err)
{
    CLEANUP(buf_clear) struct buf bytes = {0};
    struct str packed = STR_NONE;
    struct tree *doc = NULL;
    if (!store_bytes(v->store, STMT_FILE_PACKED, ARGS(arg_text(file->sha256)), mem, &packed, err) ||
        !gzip_unpack(packed, (size_t)COMPARED_MOST_BYTES, &bytes, err) ||
        !tree_read(arena_str(mem, buf_str(&bytes)), &import_limits_most, mem, &doc, err))
        return false;
    side->text = tree_source(doc);
    *out = oas_files_of(doc, mem);
    return true;
}

bool catalog_revision_text(struct view *v, const struct principal *by, struct str api,
                           struct str name, const char *where, struct arena *mem,
                           struct compared *out, struct err *err)
{
    struct compared made = {0};
    struct revision_file file = {0};
    struct oas_files *files = NULL;
    if (!find_revision(v, by, api, name, where, mem, &made.revision, err) ||
        !store_one(v->store, STMT_REVISION_ROOT_FILE, &record_revision_file,
                   ARGS(arg_i64(made.revision.id)), mem, &file, err) ||
        !read_document(v, &file, mem, &made, &files, err))
        return false;
    *out = made;
    return true;
}

bool catalog_compare(struct view *v, const struct principal *by, struct str api, struct str from,
                     struct str to, struct arena *mem, struct comparison *out, struct err *err)
{
    const struct diff_options options = {.now_ms = clock_now_ms(v->catalog->config.clock)};
    struct comparison made = {0};
    struct revision_file files[2] = {0};
    struct oas_files *old = NULL, *new = NULL;
    struct api row = {0};
    if (!catalog_api(v, by, &api, mem, &row, err) ||
        !find_revision(v, by, api, from, "from", mem, &made.from.revision, err) ||
        !find_revision(v, by, api, to, "to", mem, &made.to.revision, err) ||
        !find_files(v, &made, mem, files, err) ||
        !read_document(v, &files[0], mem, &made.from, &old, err) ||
        !read_document(v, &files[1], mem, &made.to, &new, err) ||
        !diff_compare(old, new, &options, mem, &made.report, err))
        return false;
    *out = made;
    return true;
}
