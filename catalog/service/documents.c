/* OpenAPI documents: read on the caller's thread, stored byte-exact as a revision. */
#include "catalog/service/internal.h"

/* --- storing ---------------------------------------------------------------------------------- */

static struct str servers_of(const struct oas_summary *summary, struct arena *mem)
{
    struct str *urls = arena_array(mem, struct str, summary->server_count);
    for (size_t i = 0; i < summary->server_count; i++)
        urls[i] = summary->servers[i].url;
    return list_make(urls, summary->server_count, mem);
}

/* "a,b" → ["a","b"] */
static struct str tags_of(struct str comma_separated, struct arena *mem)
{
    VEC(struct str) tags = {0};
    struct str part;
    if (comma_separated.len == 0)
        return STR("[]");
    while (str_split(&comma_separated, ',', &part))
        if (str_trim(part).len > 0)
            vec_push(&tags, mem, str_trim(part));
    return list_make(tags.ptr, tags.len, mem);
}

static bool add_operations(struct txn *txn, const struct import *import, int64_t revision_id,
                           struct arena *mem, struct err *err)
{
    for (size_t i = 0; i < import->summary.operation_count; i++) {
        const struct oas_operation *from = &import->summary.operations[i];
        const struct operation row = {
            .id = new_id(txn),
            .revision_id = revision_id,
            .position = (int64_t)i + 1,
            .key = from->key,
            .method = from->method,
            .path = from->path,
            .operation_id = from->operation_id,
            .summary = from->summary,
            .description = from->description,
            .tags = tags_of(from->tags, mem),
            .deprecated = from->deprecated,
            .servable = from->servable,
        };
        if (!store_insert(txn->store, &record_operation, &row, err))
            return false;
    }
    return true;
}

/* Notes the files as rows, and in the revision's own row as these are read. */
static bool add_files(struct txn *txn, const struct import *import, struct arena *mem,
                      struct revision *revision, struct err *err)
{
    CLEANUP(buf_clear) struct buf files = {0};
    struct json_writer w = {.out = &files};
    json_open_array(&w);
    for (size_t i = 0; i < import->file_count; i++) {
        const struct import_file *from = &import->files[i];
        const struct revision_file row = {
            .id = new_id(txn),
            .revision_id = revision->id,
            .path = from->path,
            .media_type = from->media_type,
            .sha256 = from->sha256,
            .size_bytes = (int64_t)from->bytes.len,
            .root = from->root,
        };
        if (!store_run(txn->store, STMT_FILE_ADD,
                       ARGS(arg_text(from->sha256), arg_i64((int64_t)from->bytes.len),
                            arg_bytes(from->packed)),
                       NULL, err) ||
            !store_insert(txn->store, &record_revision_file, &row, err))
            return false;
        record_write(&w, &record_revision_file, &row);
    }
    json_close_array(&w);
    revision->files = arena_str(mem, buf_str(&files));
    return true;
}

static bool add_revision(struct txn *txn, const struct change *c, const struct version *version,
                         struct str name, struct arena *mem, struct revision *row, struct err *err)
{
    const struct import *import = c->import;
    const struct oas_summary *summary = &import->summary;
    *row = (struct revision){
        .id = new_id(txn),
        .version_id = version->id,
        .version = version->label,
        .sha256 = name,
        .format = STR("openapi"),
        .parser = PARSER_VERSION,
        .title = summary->title,
        .spec_version = summary->version_text,
        .info_version = summary->info_version,
        .description = summary->description,
        .servers = servers_of(summary, mem),
        .operation_count = (int64_t)summary->operation_count,
        .finding_count = c->assessed->row.finding_count,
        .created_by = c->by->name,
        .created_at = txn->now_ms,
    };
    return store_insert(txn->store, &record_revision, row, err) &&
           add_files(txn, import, mem, row, err) &&
           add_operations(txn, import, row->id, mem, err) &&
           assessment_put(txn, row->id, c->assessed, err);
}

/* The revision with these bytes: one there is already, or a fresh one. */
static bool take_revision(struct txn *txn, const struct change *c, const struct version *version,
                          struct arena *mem, struct revision *row, struct err *err)
{
    struct str name = manifest_hash(c->import, mem);
    bool known = false;
    if (!store_find(txn->store, STMT_REVISION_BY_HASH, &record_revision,
                    ARGS(arg_i64(version->id), arg_text(name)), mem, row, &known, err))
        return false;
    return known || add_revision(txn, c, version, name, mem, row, err);
}

bool revision_published(struct txn *txn, int64_t revision_id, struct err *err)
{
    return store_run(txn->store, STMT_REVISION_PUBLISHED,
                     ARGS(arg_i64(revision_id), arg_i64(txn->now_ms)), NULL, err);
}

/* In force at once where nobody relies on the version yet, or where the gate lets it follow what is
 * in force; else it waits. */
static bool place(struct txn *txn, const struct change *c, const struct api *api,
                  struct version *version, struct revision *row, struct arena *mem,
                  struct verdict *verdict, struct err *err)
{
    const struct judged judged = {
        .api = api, .version = version, .revision_id = row->id, .now_ms = txn->now_ms};
    if (version->stage != STAGE_DRAFT && version->revision_id != row->id &&
        !publish_ask(txn, c, &judged, mem, verdict, err))
        return false;
    version->candidate_id = verdict->blocked ? row->id : 0;
    if (verdict->blocked || version->revision_id == row->id)
        return true;
    version->revision_id = row->id;
    if (version->stage == STAGE_DRAFT)
        return true;
    row->published_at = txn->now_ms;
    return revision_published(txn, row->id, err);
}

static bool revision_event(struct txn *txn, const struct change *c, const struct api *api,
                           const struct version *version, const struct revision *row,
                           const struct verdict *verdict, struct arena *mem, struct err *err)
{
    const struct happening what = {
        .kind = verdict->blocked ? "revision.held" : "revision.added",
        .record = &record_revision,
        .after = row,
        .id = row->id,
        .name = arena_join(mem, api->slug, STR("/"), version->label),
        .api_id = api->id,
        .team_id = api->team_id,
        .reason = verdict->blocked ? verdict->items[0].detail : STR_NONE,
    };
    return event_add(txn, c->by, &what, err);
}

bool revision_add(struct txn *txn, const void *in, struct arena *mem, void *out, struct err *err)
{
    const struct change *c = in;
    struct api api = {0};
    struct version version = {0};
    struct revision row = {0};
    struct verdict verdict = {0};
    if (!store_one(txn->store, STMT_API, &record_api, ARGS(VIEWER(c->by), arg_text(c->args[0])),
                   mem, &api, err) ||
        !permit(txn->store, c->by, ACTION_API_CHANGE, api.team_id, err) ||
        !store_one(txn->store, STMT_VERSION, &record_version,
                   ARGS(VIEWER(c->by), arg_text(c->args[0]), arg_text(c->args[1])), mem, &version,
                   err))
        return false;
    if (c->import == NULL || c->assessed == NULL)
        return fail(err, ERR_INVALID, "", "no document was sent");
    if (version.stage == STAGE_RETIRED)
        return fail(err, ERR_CONFLICT, "", "a retired version takes no new document");
    const struct version before = version;
    if (!take_revision(txn, c, &version, mem, &row, err) ||
        !place(txn, c, &api, &version, &row, mem, &verdict, err))
        return false;
    *(struct revision *)out = row;
    if (version.revision_id == before.revision_id && version.candidate_id == before.candidate_id)
        return true; /* the same bytes once more change nothing */
    if (!store_update(txn->store, &record_version, &version, err) ||
        !search_update(txn, &api, err) ||
        !revision_event(txn, c, &api, &version, &row, &verdict, mem, err))
        return false;
    if (version.stage != STAGE_DRAFT && version.revision_id != before.revision_id)
        touch(txn, TOUCH_VERSION, version.id);
    return true;
}

/* --- reading ---------------------------------------------------------------------------------- */

bool catalog_document(struct view *v, const struct principal *by, const struct str *args,
                      struct str path, struct arena *mem, struct catalog_file *out, struct err *err)
{
    struct catalog_file found = {0};
    if (!store_one(v->store, STMT_REVISION_FILE, &record_revision_file,
                   ARGS(VIEWER(by), arg_text(args[0]), arg_text(args[1]), arg_text(path)), mem,
                   &found.file, err) ||
        !stored_bytes(v->store, found.file.sha256, mem, &found.bytes, err))
        return false;
    *out = found;
    return true;
}

static bool open_current(struct view *v, const struct principal *by, const struct str *args,
                         struct arena *mem, struct revision_file *root, struct oas_files **out,
                         struct err *err)
{
    return store_one(v->store, STMT_REVISION_FILE, &record_revision_file,
                     ARGS(VIEWER(by), arg_text(args[0]), arg_text(args[1]), arg_text(STR_NONE)),
                     mem, root, err) &&
           revision_open(v->store, root->revision_id, STR_NONE, mem, out, err);
}

bool catalog_document_open(struct view *v, const struct principal *by, const struct str *args,
                           struct arena *mem, struct oas_files **out, struct err *err)
{
    struct revision_file root = {0};
    return open_current(v, by, args, mem, &root, out, err);
}

bool catalog_document_bundled(struct view *v, const struct principal *by, const struct str *args,
                              struct arena *mem, struct revision_file *root, struct buf *out,
                              struct err *err)
{
    struct oas_files *files = NULL;
    struct revision_file found = {0};
    if (!open_current(v, by, args, mem, &found, &files, err))
        return false;
    bool json = str_eq(found.media_type, STR("application/json"));
    if (oas_bundle(files, json ? TREE_JSON : TREE_YAML, out, err)) {
        *root = found;
        return true;
    }
    buf_clear(out);
    if (err->code == ERR_INVALID || err->code == ERR_LIMIT)
        err->code = ERR_CONFLICT;
    return false;
}
