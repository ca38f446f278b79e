/* An operation's page, read from the stored document. */
#include "portal/web/handlers.h"

static const struct oas_operation *find(const struct oas_summary *summary, struct str key)
{
    for (size_t i = 0; i < summary->operation_count; i++)
        if (str_eq(summary->operations[i].key, key))
            return &summary->operations[i];
    return NULL;
}

static void add_parameters(const struct page *p, const struct oas_operation *op)
{
    for (size_t i = 0; i < op->parameter_count; i++) {
        const struct oas_parameter *from = &op->parameters[i];
        struct html_data *item = html_add(p->data, T(parameters));
        html_text(item, T(name), from->name);
        html_text(item, T(in), from->in);
        html_text(item, T(type), from->type);
        html_text(item, T(description), from->description);
        html_flag(item, T(required), from->required);
        html_flag(item, T(deprecated), from->deprecated);
    }
}

static void add_security(const struct page *p, const struct oas_operation *op)
{
    for (size_t i = 0; i < op->security_count; i++) {
        const struct oas_security *from = &op->security[i];
        struct html_data *item = html_add(p->data, T(security));
        html_text(item, T(name), from->name);
        html_text(item, T(kind), from->kind);
        html_text(item, T(scopes), from->scopes);
        html_flag(item, T(other), i > 0 && from->alternative != op->security[i - 1].alternative);
    }
}

static void add_responses(const struct page *p, const struct oas_operation *op)
{
    for (size_t i = 0; i < op->response_count; i++) {
        const struct oas_response *from = &op->responses[i];
        struct html_data *item = html_add(p->data, T(responses));
        html_text(item, T(status), from->status);
        html_text(item, T(description), from->description);
        html_text(item, T(media_types), from->media_types);
    }
}

static bool add_calls(const struct page *p, const struct api *api, const struct operation *op)
{
    const struct catalog_query query = {
        .api = p->req->args[0], .version = p->req->args[1], .limit = 20};
    struct catalog_list list = {0};
    if (!catalog_deployments(VIEW(p->req), PRINCIPAL(p->req), &query, p->req->mem, &list, p->err))
        return false;
    const struct deployment *rows = list.rows;
    for (size_t i = 0; i < list.count && op->servable; i++) {
        struct html_data *item = html_add(p->data, T(deployments));
        html_row(item, &record_deployment, &rows[i]);
        html_text(item, T(curl),
                  web_curl(p->req->mem, op->method, web_base(p->req, &rows[i]), op->path,
                           api->access == API_ACCESS_APPROVED));
    }
    return true;
}

static bool add_details(const struct page *p, const struct operation *op)
{
    struct oas_files *documents = NULL;
    struct oas_summary summary = {0};
    if (!web_read_document(p, &documents, &summary))
        return false;
    const struct oas_operation *found = find(&summary, op->key);
    if (found == NULL)
        return true;
    add_parameters(p, found);
    add_security(p, found);
    add_responses(p, found);
    const struct oas_file *file = oas_file_of(documents, found->doc);
    html_number(p->data, T(line), tree_place_of(found->doc, found->offset).line);
    html_text(p->data, T(file), file == oas_file_at(documents, 0) ? STR("") : file->path);
    return true;
}

bool web_operation(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct api api = {0};
    struct operation *op = arena_new(req->mem, struct operation);
    struct view *v = VIEW(req);
    const struct principal *who = PRINCIPAL(req);
    if (!catalog_api(v, who, req->args, req->mem, &api, err) ||
        !catalog_operation(v, who, req->args, req->mem, op, err))
        return false;
    html_row(p.data, &record_operation, op);
    html_text(p.data, T(api), api.slug);
    html_text(p.data, T(version), req->args[1]);
    html_flag(p.data, T(open), api.access == API_ACCESS_OPEN);
    web_crumb(&p, "APIs", STR_NONE, STR("/apis"));
    web_crumb(&p, NULL, api.name, arena_join(req->mem, STR("/apis/"), api.slug));
    web_crumb(&p, NULL, req->args[1],
              arena_join(req->mem, STR("/apis/"), api.slug, STR("/versions/"), req->args[1]));
    return add_details(&p, op) && add_calls(&p, &api, op) &&
           web_page(&p, &template_operation, op->key, WEB_APIS);
}
