/* OpenAPI documents: read on the caller's thread, stored byte-exact as a revision. */
#include "catalog/service/internal.h"

#define PARSER_VERSION  1 /* rows made by an older one are rebuilt by reindex */
#define FILE_MOST_BYTES ((size_t)1 << 30)
#define PACK_LEVEL      6

static struct str media_type_of(struct str name)
{
    return str_ends(name, STR(".json")) ? STR("application/json") : STR("application/yaml");
}

/* The last part of what a client calls its file; never a path. */
static struct str plain_name(struct str name, struct str bytes)
{
    size_t slash;
    while ((slash = str_find_char(name, '/')) != SIZE_MAX)
        name = str_sub(name, slash + 1, name.len);
    bool plain = name.len > 0 && name.len <= 100;
    for (size_t i = 0; i < name.len; i++)
        plain = plain && (unsigned char)name.ptr[i] > 0x20 && name.ptr[i] != '\\' &&
                (unsigned char)name.ptr[i] < 0x7F;
    if (plain)
        return name;
    struct str start = str_trim(str_sub(bytes, 0, 100));
    return start.len > 0 && start.ptr[0] == '{' ? STR("openapi.json") : STR("openapi.yaml");
}

const struct tree_limits import_limits_most = {
    .bytes = FILE_MOST_BYTES,
    .depth = 512,
    .nodes = 100000000,
    .alias_nodes = 1000000,
};

struct tree_limits import_limits(int64_t bytes, int64_t depth, int64_t nodes)
{
    return (struct tree_limits){.bytes = (size_t)bytes,
                                .depth = (uint32_t)depth,
                                .nodes = (uint32_t)nodes,
                                .alias_nodes = tree_limits_default.alias_nodes};
}

bool import_read(struct str bytes, struct str file_name, const struct tree_limits *limits,
                 struct arena *mem, struct import *out, struct err *err)
{
    CLEANUP(buf_clear) struct buf packed = {0};
    const struct oas_validate_options options = {.one_file = true};
    struct tree *doc = NULL;
    struct oas_files *files = NULL;
    struct import made = {
        .path = plain_name(file_name, bytes), .bytes = bytes, .sha256 = sha256_of(bytes)};
    made.media_type = media_type_of(made.path);
    if (!tree_read(bytes, limits, mem, &doc, err))
        return false;
    files = oas_files_of(doc, mem);
    if (!oas_summarise(files, mem, &made.summary, err) || !oas_validate(files, &options, err) ||
        !gzip_pack(bytes, PACK_LEVEL, &packed, err))
        return false;
    made.packed = arena_str(mem, buf_str(&packed));
    made.findings = tree_findings(doc, &made.finding_count);
    made.document = doc;
    *out = made;
    return true;
}

/* --- storing ---------------------------------------------------------------------------------- */

/* The canonical manifest: files sorted by path (one, so far), format and parser. */
static struct str manifest_hash(const struct import *import, struct str sha256, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf text = {0};
    struct json_writer w = {.out = &text};
    json_open_object(&w);
    json_key(&w, STR("files"));
    json_open_array(&w);
    json_open_object(&w);
    json_key_str(&w, "media_type", import->media_type);
    json_key_str(&w, "path", import->path);
    json_key_bool(&w, "root", true);
    json_key_str(&w, "sha256", sha256);
    json_key_i64(&w, "size_bytes", (int64_t)import->bytes.len);
    json_close_object(&w);
    json_close_array(&w);
    json_key_str(&w, "format", STR("openapi"));
    json_key_i64(&w, "parser", PARSER_VERSION);
    json_close_object(&w);
    struct sha256 hash = sha256_of(buf_str(&text));
    return hex_format(mem, hash.bytes, sizeof(hash.bytes));
}

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

static bool add_revision(struct txn *txn, const struct change *c, const struct version *version,
                         struct str name, struct str file_hash, struct arena *mem,
                         struct revision *row, struct err *err)
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
    const struct revision_file file = {
        .id = new_id(txn),
        .revision_id = row->id,
        .path = import->path,
        .media_type = import->media_type,
        .sha256 = file_hash,
        .size_bytes = (int64_t)import->bytes.len,
        .root = true,
    };
    return store_run(txn->store, STMT_FILE_ADD,
                     ARGS(arg_text(file_hash), arg_i64((int64_t)import->bytes.len),
                          arg_bytes(import->packed)),
                     NULL, err) &&
           store_insert(txn->store, &record_revision, row, err) &&
           store_insert(txn->store, &record_revision_file, &file, err) &&
           add_operations(txn, import, row->id, mem, err) &&
           assessment_put(txn, row->id, c->assessed, err);
}

/* The revision with these bytes: one there is already, or a fresh one. */
static bool take_revision(struct txn *txn, const struct change *c, const struct version *version,
                          struct arena *mem, struct revision *row, struct err *err)
{
    const struct import *import = c->import;
    struct str file_hash = hex_format(mem, import->sha256.bytes, sizeof(import->sha256.bytes));
    struct str name = manifest_hash(import, file_hash, mem);
    bool known = false;
    if (!store_find(txn->store, STMT_REVISION_BY_HASH, &record_revision,
                    ARGS(arg_i64(version->id), arg_text(name)), mem, row, &known, err))
        return false;
    return known || add_revision(txn, c, version, name, file_hash, mem, row, err);
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
    CLEANUP(buf_clear) struct buf bytes = {0};
    struct catalog_file found = {0};
    struct str packed = STR_NONE;
    if (!store_one(v->store, STMT_REVISION_FILE, &record_revision_file,
                   ARGS(VIEWER(by), arg_text(args[0]), arg_text(args[1]), arg_text(path)), mem,
                   &found.file, err) ||
        !store_bytes(v->store, STMT_FILE_PACKED, ARGS(arg_text(found.file.sha256)), mem, &packed,
                     err) ||
        !gzip_unpack(packed, FILE_MOST_BYTES, &bytes, err))
        return false;
    found.bytes = arena_str(mem, buf_str(&bytes));
    *out = found;
    return true;
}
