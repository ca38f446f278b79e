/* A version's document: downloaded as it is, read for what pages show of it. */
#include "portal/web/handlers.h"

void web_version_crumbs(const struct page *p, const struct api *api)
{
    web_crumb(p, "APIs", STR_NONE, STR("/apis"));
    web_crumb(p, NULL, api->name, arena_join(p->req->mem, STR("/apis/"), api->slug));
}

/* A document of tens of megabytes takes a moment; what the catalog keeps as rows needs no reading.
 */
bool web_read_document(const struct page *p, struct oas_files **documents,
                       struct oas_summary *summary)
{
    struct arena *mem = p->req->mem;
    return catalog_document_open(VIEW(p->req), PRINCIPAL(p->req), p->req->args, mem, documents,
                                 p->err) &&
           oas_summarise(*documents, mem, summary, p->err);
}

/* Byte-exact, as a download that no browser runs. */
bool web_version_document(struct http_request *req, struct http_response *res, struct err *err)
{
    struct catalog_file file = {0};
    struct str path = http_query(req, "path");
    if (!catalog_document(VIEW(req), PRINCIPAL(req), req->args, path.len > 0 ? path : STR_NONE,
                          req->mem, &file, err))
        return false;
    http_set_header(res, "Content-Disposition", http_attachment(file.file.path, req->mem));
    res->content_type = file.file.media_type;
    res->body = file.bytes;
    return true;
}

/* Of a document in several files: the same as one, which is what most programs take. */
bool web_version_bundle(struct http_request *req, struct http_response *res, struct err *err)
{
    struct revision_file root = {0};
    if (!catalog_document_bundled(VIEW(req), PRINCIPAL(req), req->args, req->mem, &root,
                                  &res->owned, err))
        return false;
    http_set_header(res, "Content-Disposition", http_attachment(root.path, req->mem));
    res->content_type = root.media_type;
    return true;
}
