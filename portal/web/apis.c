/* The catalog: list with filters, and an API's page. */
#include "portal/web/handlers.h"

#define TEAMS_MOST 500
#define TAGS_MOST  24

/* --- the list ------------------------------------------------------------------------------------
 */

static void add_stages(const struct page *p, struct str chosen)
{
    for (int i = 0; i < STAGE_COUNT; i++) {
        struct html_data *option = html_add(p->data, T(stages));
        html_text(option, T(value), str_from(name_of(&names_stage, i)));
        html_flag(option, T(selected), str_eq(chosen, str_from(name_of(&names_stage, i))));
    }
}

/* Visitors who are not signed in see no teams; the filter is left out then. */
static bool add_teams(const struct page *p, struct str chosen)
{
    const struct catalog_query query = {.limit = TEAMS_MOST};
    struct catalog_list teams = {0};
    if (!catalog_teams(VIEW(p->req), PRINCIPAL(p->req), &query, p->req->mem, &teams, p->err))
        return false;
    const struct team *rows = teams.rows;
    for (size_t i = 0; i < teams.count; i++) {
        struct html_data *option = html_add(p->data, T(teams));
        html_row(option, &record_team, &rows[i]);
        html_flag(option, T(selected), str_eq(chosen, rows[i].slug));
    }
    return true;
}

static bool add_tags(const struct page *p, struct str chosen)
{
    const struct tag_count *tags = NULL;
    size_t count = 0;
    struct str base = web_query_without(p->req, "tag");
    if (!catalog_tags(VIEW(p->req), PRINCIPAL(p->req), p->req->mem, &tags, &count, p->err))
        return false;
    for (size_t i = 0; i < count && i < TAGS_MOST; i++) {
        CLEANUP(buf_clear) struct buf href = {0};
        bool current = str_eq(chosen, tags[i].tag);
        struct html_data *item = html_add(p->data, T(tags));
        buf_add(&href, base);
        if (!current) {
            buf_add(&href, STR("tag="));
            html_escape(HTML_URL_QUERY, tags[i].tag, &href);
        }
        html_text(item, T(label), tags[i].tag);
        html_number(item, T(count), tags[i].count);
        html_flag(item, T(current), current);
        html_text(item, T(href), arena_str(p->req->mem, buf_str(&href)));
    }
    return true;
}

/* Empty choices of a form are no filters. */
static struct str filter(struct http_request *req, const char *name)
{
    struct str value = str_trim(http_query(req, name));
    return value.len > 0 ? value : STR_NONE;
}

bool web_apis(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct catalog_list apis = {0};
    const struct catalog_query query = {.q = filter(req, "q"),
                                        .team = filter(req, "team"),
                                        .tag = filter(req, "tag"),
                                        .stage = filter(req, "stage"),
                                        .cursor = filter(req, "cursor"),
                                        .limit = 30};
    html_text(p.data, T(q), query.q);
    html_text(p.data, T(tag), query.tag);
    html_flag(p.data, T(filtered),
              query.q.ptr || query.team.ptr || query.tag.ptr || query.stage.ptr);
    add_stages(&p, query.stage);
    if (!add_teams(&p, query.team) || !add_tags(&p, query.tag) ||
        !web_list(&p, catalog_apis, query, T(apis), &record_api, &apis))
        return false;
    web_pager(&p, &apis);
    return web_page(&p, &template_apis, STR("APIs"), WEB_APIS);
}

/* --- one API -------------------------------------------------------------------------------------
 */

/* Who may see teams at all sees the owner's contact. */
static void add_owner(const struct page *p, const struct api *api)
{
    struct arena *mem = p->req->mem;
    struct team *team = arena_new(mem, struct team);
    struct err ignored = {0};
    if (!catalog_team(VIEW(p->req), PRINCIPAL(p->req), &api->team, mem, team, &ignored))
        return;
    struct html_data *owner = html_add(p->data, T(owner));
    html_row(owner, &record_team, team);
    html_text(owner, T(contact_href), web_contact(mem, team->contact));
    html_text(owner, T(on_call_href), web_contact(mem, team->on_call));
}

static bool add_plans(const struct page *p, const struct api *api, bool *any)
{
    const struct catalog_query query = {.api = api->slug, .limit = 100};
    struct catalog_list plans = {0};
    if (!catalog_plans(VIEW(p->req), PRINCIPAL(p->req), &query, p->req->mem, &plans, p->err))
        return false;
    const struct plan *rows = plans.rows;
    *any = plans.count > 0;
    for (size_t i = 0; i < plans.count; i++) {
        struct html_data *item = html_add(p->data, T(plans));
        html_row(item, &record_plan, &rows[i]);
        html_text(item, T(limits), web_plan_limits(p->req->mem, &rows[i]));
    }
    return true;
}

/* planned: there is a plan to ask for. */
static void add_rights(const struct page *p, const struct api *api, bool planned)
{
    struct view *v = VIEW(p->req);
    const struct principal *who = PRINCIPAL(p->req);
    html_flag(p->data, T(may_change), catalog_may(v, who, ACTION_API_CHANGE, api->team_id));
    html_flag(p->data, T(may_look), catalog_may(v, who, ACTION_GATE_READ, api->team_id));
    html_flag(p->data, T(open), api->access == API_ACCESS_OPEN);
    html_flag(p->data, T(askable),
              planned && api->access == API_ACCESS_APPROVED &&
                  (api->stage == STAGE_PUBLISHED || api->stage == STAGE_DEPRECATED));
    html_flag(p->data, T(automatic), api->approval == APPROVAL_AUTOMATIC);
}

bool web_api(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct api *api = arena_new(req->mem, struct api);
    struct catalog_list versions = {0}, mine = {0}, users = {0};
    if (!catalog_api(VIEW(req), PRINCIPAL(req), req->args, req->mem, api, err))
        return false;
    const struct catalog_query of_api = {.api = api->slug, .limit = 100};
    const struct catalog_query of_me = {.api = api->slug, .mine = true, .limit = 100};
    html_row(p.data, &record_api, api);
    add_owner(&p, api);
    bool planned = false;
    if (!web_list(&p, catalog_versions, of_api, T(versions), &record_version, &versions) ||
        !add_plans(&p, api, &planned) ||
        !web_list(&p, catalog_subscriptions, of_me, T(mine), &record_subscription, &mine) ||
        (catalog_may(VIEW(req), PRINCIPAL(req), ACTION_ACCESS_DECIDE, api->team_id) &&
         !web_list(&p, catalog_subscriptions, of_api, T(consumers), &record_subscription, &users)))
        return false;
    add_rights(&p, api, planned);
    web_crumb(&p, "APIs", STR_NONE, STR("/apis"));
    return web_page(&p, &template_api, api->name, WEB_APIS);
}
