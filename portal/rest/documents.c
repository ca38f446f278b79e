/* OpenAPI documents: uploads with everything found in them, and the bytes as they were. */
#include "portal/rest/operation.h"
#include "portal/settings.h"

#define PARTS_TAKEN "files are parts named file; root names the path of one of them"

/* --- uploads ------------------------------------------------------------------------------------
 */

static bool readable_type(const struct http_request *req)
{
    static const char *const types[] = {
        "application/json",    "application/yaml", "application/octet-stream",
        "application/x-yaml",  "text/yaml",        "application/vnd.oai.openapi",
        "text/x-yaml",         "text/plain",       "application/vnd.oai.openapi+json",
        "multipart/form-data",
    };
    struct str value = http_header(req, "content-type");
    struct str type = str_trim(str_sub(value, 0, str_find_char(value, ';')));
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (str_eq_nocase(type, str_from(types[i])))
            return true;
    return value.ptr == NULL;
}

/* attachment; filename="openapi.yaml" (RFC 6266, quoted or not) */
static struct str disposition_name(const struct http_request *req)
{
    struct str rest = http_header(req, "content-disposition"), part;
    while (str_split(&rest, ';', &part)) {
        part = str_trim(part);
        if (!str_starts(part, STR("filename=")))
            continue;
        part = str_sub(part, sizeof("filename=") - 1, part.len);
        bool quoted = part.len >= 2 && part.ptr[0] == '"' && part.ptr[part.len - 1] == '"';
        return quoted ? str_sub(part, 1, part.len - 2) : part;
    }
    return STR_NONE;
}

static struct str file_name(const struct http_request *req)
{
    struct str name = http_query(req, "name");
    return name.ptr != NULL ? name : disposition_name(req);
}

/* Asked before the document is read, which costs more than any other request; the use case asks
 * again. */
static bool may_upload(const struct http_request *req, struct err *err)
{
    struct version version = {0};
    struct api api = {0};
    if (!catalog_version(VIEW(req), PRINCIPAL(req), req->args, req->mem, &version, err) ||
        !catalog_api(VIEW(req), PRINCIPAL(req), req->args, req->mem, &api, err))
        return false;
    return catalog_may(VIEW(req), PRINCIPAL(req), ACTION_API_CHANGE, api.team_id) ||
           fail(err, ERR_DENIED, "",
                "only maintainers of the API's team and operators may do this");
}

static void write_rows(struct json_writer *w, const char *name, const struct record *record,
                       const void *rows, size_t count)
{
    json_key(w, str_from(name));
    json_open_array(w);
    for (size_t i = 0; i < count; i++)
        record_write(w, record, (const char *)rows + i * record->size);
    json_close_array(w);
}

/* Once for each kind of finding: two thousand are of a few kinds. The document is stored by now, so
 * advice that cannot be read is left out and makes no error of it. */
static size_t find_remedies(struct rest_call *call, const struct assessment_made *made,
                            struct finding_remedy *kinds)
{
    struct http_request *req = call->req;
    struct err why = {0};
    size_t count = 0;
    for (size_t i = 0; i < made->finding_count; i++)
        (void)finding_kind(kinds, &count, made->findings[i].source, made->findings[i].code);
    return catalog_remedies(VIEW(req), PRINCIPAL(req), kinds, count, req->mem, &why) ? count : 0;
}

static void write_remedies(struct json_writer *w, const struct finding_remedy *kinds, size_t count)
{
    json_key(w, STR("remedies"));
    json_open_array(w);
    for (size_t i = 0; i < count; i++) {
        if (kinds[i].remedy.len == 0)
            continue;
        json_open_object(w);
        json_key_str(w, "source", kinds[i].source);
        json_key_str(w, "code", kinds[i].code);
        json_key_str(w, "remedy", kinds[i].remedy);
        json_close_object(w);
    }
    json_close_array(w);
}

static void write_upload(struct rest_call *call, const struct assessment_made *made,
                         const struct verdict *verdict, const struct revision *revision)
{
    struct finding_remedy *kinds =
        arena_array(call->req->mem, struct finding_remedy, made->finding_count);
    struct json_writer w = rest_json(call->res);
    json_open_object(&w);
    json_key(&w, STR("revision"));
    record_write(&w, &record_revision, revision);
    json_key_i64(&w, "operation_count", revision->operation_count);
    json_key_bool(&w, "held", verdict->blocked);
    json_key_i64(&w, "score", made->row.score);
    json_key_str(&w, "grade", made->row.grade);
    json_key_i64(&w, "left_out", made->row.left_out);
    write_rows(&w, "findings", &record_revision_finding, made->findings, made->finding_count);
    write_remedies(&w, kinds, find_remedies(call, made, kinds));
    write_rows(&w, "changes", &record_revision_change, made->changes, made->change_count);
    json_key(&w, STR("gate"));
    rest_write_verdict(&w, verdict);
    json_close_object(&w);
}

static bool refuse_part(struct str name, const char *why, const char *remedy, struct err *err)
{
    (void)fail(err, ERR_INVALID, "body", "the part \"" STR_FMT "\" %s", STR_ARG(name), why);
    return err_hint(err, "%s", remedy);
}

/* Parts as a document's files. Everything that a client may have meant otherwise is refused. */
static bool read_parts(const struct http_request *req, struct str bytes, struct import_part *parts,
                       struct str *root, struct err *err)
{
    for (size_t i = 0; i < req->form_count; i++) {
        struct str name = req->form[i].name;
        if (str_eq(name, STR("file")))
            return refuse_part(name, "has no file name",
                               "filename is the path of the file, as in schemas/pet.yaml", err);
        if (!str_eq(name, STR("root")))
            return refuse_part(name, "is unknown", PARTS_TAKEN, err);
        if (root->ptr != NULL)
            return refuse_part(name, "is there twice", PARTS_TAKEN, err);
        *root = req->form[i].value;
    }
    for (size_t i = 0; i < req->file_count; i++) {
        const struct http_file *from = &req->files[i];
        if (!str_eq(from->field, STR("file")))
            return refuse_part(from->field, "is unknown", PARTS_TAKEN, err);
        parts[i] = (struct import_part){from->name, str_sub(bytes, from->start, from->size_bytes)};
    }
    return true;
}

static bool has_parts(const struct http_request *req)
{
    return req->form_count > 0 || req->file_count > 0;
}

static bool read_import(const struct http_request *req, struct str bytes,
                        const struct tree_limits *limits, struct import *out, struct err *err)
{
    struct import_part *parts = arena_array(req->mem, struct import_part, req->file_count);
    struct str root = STR_NONE;
    if (!has_parts(req))
        return import_read(bytes, file_name(req), limits, req->mem, out, err);
    return read_parts(req, bytes, parts, &root, err) &&
           import_read_parts(parts, req->file_count, root, limits, req->mem, out, err);
}

static bool read_document(struct rest_call *call, struct buf *bytes, struct import *import,
                          struct err *err)
{
    struct http_request *req = call->req;
    const struct settings *s = APP(req)->settings;
    const struct tree_limits limits =
        import_limits(s->upload_limit_bytes, s->document_depth, s->document_nodes);
    if (req->spool_path.ptr == NULL && !has_parts(req))
        return fail(err, ERR_INVALID, "body", "is empty");
    if (req->spool_path.ptr != NULL &&
        !file_read(str_z(req->mem, req->spool_path), limits.bytes, bytes, err))
        return err_at(err, "body");
    if (read_import(req, buf_str(bytes), &limits, import, err))
        return true;
    if (err->code == ERR_INVALID)
        call->res->status = 422;
    return false;
}

bool rest_upload(struct rest_call *call, struct err *err)
{
    CLEANUP(buf_clear) struct buf bytes = {0};
    struct http_request *req = call->req;
    struct import import = {0};
    struct assessment_made made = {0};
    struct verdict verdict = {0};
    struct revision revision = {0};
    if (!readable_type(req)) {
        call->res->status = 415;
        return fail(err, ERR_INVALID, "content-type",
                    "a document is sent as application/json or application/yaml");
    }
    if (!may_upload(req, err) || !read_document(call, &bytes, &import, err) ||
        !import_assess(VIEW(req), PRINCIPAL(req), req->args, &import, req->mem, &made, err))
        return false;
    struct change change = rest_change_of(call);
    change.import = &import;
    change.assessed = &made;
    change.verdict = &verdict;
    if (!catalog_change(APP(req)->catalog, revision_add, &change, req->mem, &revision, err))
        return false;
    call->res->status = verdict.blocked ? 202 : 201;
    http_set_header(call->res, "Location", req->path);
    write_upload(call, &made, &verdict, &revision);
    return true;
}

/* --- downloads ----------------------------------------------------------------------------------
 */

bool rest_document(struct rest_call *call, struct err *err)
{
    struct http_request *req = call->req;
    struct catalog_file file = {0};
    if (!catalog_document(VIEW(req), PRINCIPAL(req), req->args, http_query(req, "path"), req->mem,
                          &file, err))
        return false;
    struct str etag = arena_join(req->mem, STR("\""), file.file.sha256, STR("\""));
    http_set_header(call->res, "ETag", etag);
    if (http_etag_matches(http_header(req, "if-none-match"), etag)) {
        call->res->status = 304;
        return true;
    }
    http_set_header(call->res, "Content-Disposition", http_attachment(file.file.path, req->mem));
    call->res->content_type = file.file.media_type;
    call->res->body = file.bytes;
    return true;
}

bool rest_bundle(struct rest_call *call, struct err *err)
{
    struct http_request *req = call->req;
    struct revision_file root = {0};
    if (!catalog_document_bundled(VIEW(req), PRINCIPAL(req), req->args, req->mem, &root,
                                  &call->res->owned, err))
        return false;
    http_set_header(call->res, "Content-Disposition", http_attachment(root.path, req->mem));
    call->res->content_type = root.media_type;
    return true;
}
