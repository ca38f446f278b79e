/* A version's document: downloaded as it is, read for what pages show of it, its findings. */
#include "portal/web/handlers.h"

void web_version_crumbs(const struct page *p, const struct api *api)
{
    web_crumb(p, "APIs", STR_NONE, STR("/apis"));
    web_crumb(p, NULL, api->name, arena_join(p->req->mem, STR("/apis/"), api->slug));
}

/* A document of tens of megabytes takes a moment; what the catalog keeps as rows needs no reading.
 */
bool web_read_document(const struct page *p, struct tree **doc, struct oas_summary *summary)
{
    struct arena *mem = p->req->mem;
    struct catalog_file file = {0};
    return catalog_document(VIEW(p->req), PRINCIPAL(p->req), p->req->args, STR_NONE, mem, &file,
                            p->err) &&
           tree_read(file.bytes, &tree_limits_default, mem, doc, p->err) &&
           oas_summarise(*doc, mem, summary, p->err);
}

/* Byte-exact, as a download that no browser runs. */
bool web_version_document(struct http_request *req, struct http_response *res, struct err *err)
{
    struct catalog_file file = {0};
    if (!catalog_document(VIEW(req), PRINCIPAL(req), req->args, STR_NONE, req->mem, &file, err))
        return false;
    http_set_header(
        res, "Content-Disposition",
        arena_join(req->mem, STR("attachment; filename=\""), file.file.path, STR("\"")));
    res->content_type = file.file.media_type;
    res->body = file.bytes;
    return true;
}

static void add_finding(const struct page *p, const struct tree *doc, const struct finding *f)
{
    static const char *const severities[] = {[SEVERITY_ERROR] = "error",
                                             [SEVERITY_WARN] = "warning",
                                             [SEVERITY_INFO] = "info",
                                             [SEVERITY_HINT] = "hint"};
    struct html_data *item = html_add(p->data, T(findings));
    struct tree_place place = tree_place_of(doc, f->offset);
    html_text(item, T(severity), str_from(severities[f->severity]));
    html_text(item, T(code), str_from(f->code));
    html_text(item, T(message), web_sentence(p->req->mem, f->message));
    html_text(item, T(pointer), f->pointer);
    html_number(item, T(line), place.line);
    html_number(item, T(column), place.column);
}

bool web_findings(struct http_request *req, struct http_response *res, struct err *err)
{
    enum { SHOWN_MOST = 500 };
    struct page p = web_begin(req, res, err);
    struct api api = {0};
    struct tree *doc = NULL;
    struct oas_summary summary = {0};
    size_t count = 0;
    if (!catalog_api(VIEW(req), PRINCIPAL(req), req->args, req->mem, &api, err) ||
        !web_read_document(&p, &doc, &summary))
        return false;
    const struct finding *findings = tree_findings(doc, &count);
    for (size_t i = 0; i < count && i < SHOWN_MOST; i++)
        add_finding(&p, doc, &findings[i]);
    html_number(p.data, T(total), (int64_t)count);
    html_flag(p.data, T(one), count == 1);
    html_text(p.data, T(version), req->args[1]);
    web_version_crumbs(&p, &api);
    web_crumb(&p, NULL, req->args[1],
              arena_join(req->mem, STR("/apis/"), api.slug, STR("/versions/"), req->args[1]));
    return web_page(&p, &template_findings, STR("Findings"), WEB_APIS);
}
