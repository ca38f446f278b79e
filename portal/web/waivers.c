/* Waivers of an API: what the gate lets through for a time, and why. */
#include "portal/web/handlers.h"

static void put_waiver(const struct page *p, const struct waiver *w, bool may_waive)
{
    struct html_data *item = html_add(p->data, T(waivers));
    bool over = w->not_after <= p->req->now_ms;
    html_row(item, &record_waiver, w);
    html_flag(item, T(live), w->revoked_at == 0 && !over);
    html_flag(item, T(revoked), w->revoked_at != 0);
    html_flag(item, T(over), w->revoked_at == 0 && over);
    html_flag(item, T(may_revoke), may_waive && w->revoked_at == 0 && !over);
}

bool web_waivers(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct str cursor = http_query(req, "cursor");
    struct catalog_list list = {0};
    struct api api = {0};
    if (!catalog_api(VIEW(req), PRINCIPAL(req), req->args, req->mem, &api, err))
        return false;
    const struct catalog_query query = {.api = api.slug,
                                        .cursor = cursor.len > 0 ? cursor : STR_NONE};
    if (!catalog_waivers(VIEW(req), PRINCIPAL(req), &query, req->mem, &list, err))
        return false;
    bool may_waive = catalog_may(VIEW(req), PRINCIPAL(req), ACTION_WAIVE, api.team_id);
    const struct waiver *rows = list.rows;
    for (size_t i = 0; i < list.count; i++)
        put_waiver(&p, &rows[i], may_waive);
    html_text(p.data, T(api_name), api.name);
    html_flag(p.data, T(may_waive), may_waive);
    web_pager(&p, &list);
    web_version_crumbs(&p, &api);
    return web_page(&p, &template_waivers, STR("Waivers"), WEB_APIS);
}

bool web_waiver_revoke(struct http_request *req, struct http_response *res, struct err *err)
{
    struct waiver row = {0};
    const struct change change = {
        .by = PRINCIPAL(req), .args = {req->args[0]}, .if_match = IF_MATCH_NONE};
    if (!catalog_change(APP(req)->catalog, waiver_revoke, &change, req->mem, &row, err))
        return false;
    return web_redirect(req, res, arena_join(req->mem, STR("/apis/"), row.api, STR("/waivers")),
                        "revoked-waiver");
}
