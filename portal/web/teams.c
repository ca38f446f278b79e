/* Teams and their members. */
#include "portal/web/handlers.h"

static const struct form_field team_fields[] = {
    {"name",        "Name",        NULL,                                                                FORM_TEXT, true,  NULL},
    {"slug",        "Short name",  "Lower-case letters, digits and hyphens, a letter first. It stays.",
     FORM_TEXT,                                                                                                    true,  NULL},
    {"description", "Description", NULL,                                                                FORM_AREA, false, NULL},
    {"contact",     "Contact",     "A mail address or the address of a page.",                          FORM_TEXT, false, NULL},
    {"on_call",     "On call",     "Whom to reach when it burns.",                                      FORM_TEXT, false, NULL},
};

static const struct form_field member_fields[] = {
    {"user", "User name", NULL,                                                                        FORM_TEXT, true, NULL},
    {"role", "Role",      "Owners run the team, maintainers its APIs and requests, members its apps.",
     FORM_SELECT,                                                                                                 true, NULL},
};

bool web_teams(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct catalog_list teams = {0};
    struct str q = str_trim(http_query(req, "q")), cursor = http_query(req, "cursor");
    const struct catalog_query query = {.q = q.len ? q : STR_NONE,
                                        .mine = str_eq(http_query(req, "mine"), STR("yes")),
                                        .cursor = cursor.len ? cursor : STR_NONE};
    html_text(p.data, T(q), q);
    html_flag(p.data, T(mine), query.mine);
    html_flag(p.data, T(filtered), q.len > 0);
    html_flag(p.data, T(none_mine), query.mine && q.len == 0);
    if (!web_list(&p, catalog_teams, query, T(teams), &record_team, &teams))
        return false;
    web_pager(&p, &teams);
    return web_page(&p, &template_teams, STR("Teams"), WEB_TEAMS);
}

/* --- one team ------------------------------------------------------------------------------------
 */

static void add_members(const struct page *p, const struct catalog_list *list, bool may)
{
    const struct member *rows = list->rows;
    for (size_t i = 0; i < list->count; i++) {
        struct html_data *item = html_add(p->data, T(members));
        html_row(item, &record_member, &rows[i]);
        html_flag(item, T(may_remove), may);
    }
}

static bool show_team(const struct page *p, const struct err *problem)
{
    struct http_request *req = p->req;
    struct view *v = VIEW(req);
    const struct principal *who = PRINCIPAL(req);
    struct team *team = arena_new(req->mem, struct team);
    struct catalog_list members = {0}, apis = {0};
    struct form_options roles = web_form_names(req->mem, "role", &names_member_role);
    if (!catalog_team(v, who, req->args, req->mem, team, p->err))
        return false;
    const struct catalog_query of_team = {.team = team->slug, .limit = 200};
    if (!catalog_members(v, who, &of_team, req->mem, &members, p->err) ||
        !web_list(p, catalog_apis, of_team, T(apis), &record_api, &apis))
        return false;
    const struct form form = {
        .submit = "Add the member",
        .action = arena_join(req->mem, STR("/teams/"), team->slug, STR("/members")),
        .fields = member_fields,
        .count = COUNT_OF(member_fields),
        .options = &roles,
        .option_count = 1,
    };
    bool may = catalog_may(v, who, ACTION_TEAM_CHANGE, team->id);
    html_row(p->data, &record_team, team);
    html_text(p->data, T(team), team->slug);
    html_text(p->data, T(contact_href), web_contact(req->mem, team->contact));
    html_text(p->data, T(on_call_href), web_contact(req->mem, team->on_call));
    html_flag(p->data, T(may_change), may);
    add_members(p, &members, may);
    web_form(p, &form, problem);
    web_crumb(p, "Teams", STR_NONE, STR("/teams"));
    return web_page(p, &template_team, team->name, WEB_TEAMS);
}

bool web_team(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    return show_team(&p, NULL);
}

bool web_member_put(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct member row = {0};
    struct err problem = {0};
    struct str user = str_trim(http_form(req, "user"));
    const struct change change = {
        .by = PRINCIPAL(req),
        .args = {req->args[0], user.len ? user : STR("")},
        .if_match = IF_MATCH_NONE,
        .body = web_form_body(req, &member_fields[1], 1),
    };
    if (catalog_change(APP(req)->catalog, member_put, &change, req->mem, &row, &problem))
        return web_redirect(req, res, arena_join(req->mem, STR("/teams/"), req->args[0]), "member");
    if (problem.code == ERR_NOT_FOUND) {
        (void)fail(&problem, ERR_INVALID, "/user", "there is no user of that name");
        (void)err_hint(&problem, "an administrator makes users");
    }
    return web_form_again(&p, &problem) && show_team(&p, &problem);
}

bool web_member_remove(struct http_request *req, struct http_response *res, struct err *err)
{
    const struct change change = {
        .by = PRINCIPAL(req), .args = {req->args[0], req->args[1]},
             .if_match = IF_MATCH_NONE
    };
    return catalog_change(APP(req)->catalog, member_delete, &change, req->mem, NULL, err) &&
           web_redirect(req, res, arena_join(req->mem, STR("/teams/"), req->args[0]), "removed");
}

/* --- a new team ----------------------------------------------------------------------------------
 */

static bool show_new(const struct page *p, const struct err *problem)
{
    const struct form form = {
        .heading = "Make a team",
        .lead = STR("Teams own APIs and apps. You will be its owner and can add others."),
        .submit = "Make the team",
        .action = STR("/new-team"),
        .cancel = STR("/teams"),
        .fields = team_fields,
        .count = COUNT_OF(team_fields),
    };
    web_crumb(p, "Teams", STR_NONE, STR("/teams"));
    return web_form_page(p, &form, problem, WEB_TEAMS);
}

bool web_team_new(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    return show_new(&p, NULL);
}

bool web_team_new_post(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct team team = {0};
    struct err problem = {0};
    const struct change change = {
        .by = PRINCIPAL(req),
        .if_match = IF_MATCH_NONE,
        .body = web_form_body(req, team_fields, COUNT_OF(team_fields)),
    };
    if (!catalog_change(APP(req)->catalog, team_create, &change, req->mem, &team, &problem))
        return web_form_again(&p, &problem) && show_new(&p, &problem);
    return web_redirect(req, res, arena_join(req->mem, STR("/teams/"), team.slug), "team");
}
