/* My apps, one app with its keys and access, a new app. */
#include "portal/web/handlers.h"

static const struct form_field app_fields[] = {
    {"name",        "Name",         "As people call it.",                                                FORM_TEXT,   true,  NULL},
    {"slug",        "Short name",   "Lower-case letters, digits and hyphens, a letter first. It stays.",
     FORM_TEXT,                                                                                                       true,  NULL},
    {"team",        "Team",         "Its members share the app and its keys.",                           FORM_SELECT, true,  NULL},
    {"description", "What it does", NULL,                                                                FORM_AREA,   false, NULL},
};

static const struct form_field key_fields[] = {
    {"name",      "Name of the key", "Where it will be used, for example \"production\".", FORM_TEXT,
     false,                                                                                                  NULL},
    {"not_after", "Last day",        "UTC. Leave it empty for a key without an end.",      FORM_DATE, false,
     NULL                                                                                                        },
};

bool web_apps(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct catalog_list apps = {0};
    struct str cursor = http_query(req, "cursor");
    bool all = PRINCIPAL(req)->role != ROLE_USER && str_eq(http_query(req, "all"), STR("yes"));
    const struct catalog_query query = {.mine = !all, .cursor = cursor.len ? cursor : STR_NONE};
    html_flag(p.data, T(staff), PRINCIPAL(req)->role != ROLE_USER);
    html_flag(p.data, T(all), all);
    if (!web_list(&p, catalog_apps, query, T(apps), &record_app, &apps))
        return false;
    web_pager(&p, &apps);
    return web_page(&p, &template_apps, STR("My apps"), WEB_APPS);
}

/* --- one app -------------------------------------------------------------------------------------
 */

static bool add_keys(const struct page *p, const struct app *app, bool may)
{
    const struct catalog_query query = {.app = app->slug, .limit = 200};
    struct catalog_list keys = {0};
    if (!catalog_keys(VIEW(p->req), PRINCIPAL(p->req), &query, p->req->mem, &keys, p->err))
        return false;
    const struct key *rows = keys.rows;
    for (size_t i = 0; i < keys.count; i++) {
        struct html_data *item = html_add(p->data, T(keys));
        bool over = rows[i].not_after != 0 && rows[i].not_after <= p->req->now_ms;
        html_row(item, &record_key, &rows[i]);
        html_flag(item, T(revoked), rows[i].revoked_at != 0);
        html_flag(item, T(over), over && rows[i].revoked_at == 0);
        html_flag(item, T(live), !over && rows[i].revoked_at == 0);
        html_flag(item, T(may_revoke), may && rows[i].revoked_at == 0);
    }
    return true;
}

static bool show_app(const struct page *p, const struct err *problem)
{
    struct http_request *req = p->req;
    struct app *app = arena_new(req->mem, struct app);
    struct catalog_list access = {0};
    if (!catalog_app(VIEW(req), PRINCIPAL(req), req->args, req->mem, app, p->err))
        return false;
    const struct catalog_query query = {.app = app->slug, .limit = 200};
    const struct form form = {
        .submit = "Make a key",
        .action = arena_join(req->mem, STR("/apps/"), app->slug, STR("/keys")),
        .fields = key_fields,
        .count = COUNT_OF(key_fields),
    };
    bool may = catalog_may(VIEW(req), PRINCIPAL(req), ACTION_KEY_MANAGE, app->team_id);
    html_row(p->data, &record_app, app);
    html_text(p->data, T(app), app->slug);
    html_flag(p->data, T(may_change), may);
    web_form(p, &form, problem);
    web_crumb(p, "My apps", STR_NONE, STR("/apps"));
    return add_keys(p, app, may) &&
           web_list(p, catalog_subscriptions, query, T(access), &record_subscription, &access) &&
           web_page(p, &template_app, app->name, WEB_APPS);
}

bool web_app(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    return show_app(&p, NULL);
}

/* The one answer to a post that is a page: a key must not wait in an address or a store for a
 * second request. */
bool web_key_create(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct new_key *made = arena_new(req->mem, struct new_key);
    struct err problem = {0};
    const struct change change = {
        .by = PRINCIPAL(req),
        .args = {req->args[0]},
        .if_match = IF_MATCH_NONE,
        .body = web_form_body(req, key_fields, COUNT_OF(key_fields)),
    };
    if (!catalog_change(APP(req)->catalog, key_create, &change, req->mem, made, &problem))
        return web_form_again(&p, &problem) && show_app(&p, &problem);
    res->status = 201;
    res->plain = true;
    http_set_header(res, "Cache-Control", STR("no-store"));
    html_row(p.data, &record_key, &made->key);
    html_text(p.data, T(secret), made->secret);
    web_crumb(&p, "My apps", STR_NONE, STR("/apps"));
    web_crumb(&p, NULL, made->key.app, arena_join(req->mem, STR("/apps/"), made->key.app));
    return web_page(&p, &template_key, STR("Your new key"), WEB_APPS);
}

bool web_key_revoke(struct http_request *req, struct http_response *res, struct err *err)
{
    const struct change change = {
        .by = PRINCIPAL(req), .args = {req->args[0], req->args[1]},
             .if_match = IF_MATCH_NONE
    };
    struct key key = {0};
    return catalog_change(APP(req)->catalog, key_revoke, &change, req->mem, &key, err) &&
           web_redirect(req, res, arena_join(req->mem, STR("/apps/"), req->args[0]), "revoked-key");
}

/* --- a new app -----------------------------------------------------------------------------------
 */

/* The teams one may make things for: one's own, for staff all of them. */
static bool show_new(const struct page *p, const struct err *problem)
{
    const struct catalog_query query = {.mine = PRINCIPAL(p->req)->role == ROLE_USER, .limit = 500};
    struct catalog_list teams = {0};
    struct form_options options = {.field = "team"};
    if (!catalog_teams(VIEW(p->req), PRINCIPAL(p->req), &query, p->req->mem, &teams, p->err))
        return false;
    const struct team *rows = teams.rows;
    for (size_t i = 0; i < teams.count; i++)
        vec_push(&options.items, p->req->mem, (struct form_option){rows[i].slug, rows[i].name});
    const struct form form = {
        .heading = "Register an app",
        .lead = STR("An app is what calls APIs: a program, a site, a job. It belongs to a team and "
                    "has its own keys."),
        .submit = "Register the app",
        .action = STR("/new-app"),
        .cancel = STR("/apps"),
        .fields = app_fields,
        .count = teams.count > 0 ? COUNT_OF(app_fields) : 0,
        .options = &options,
        .option_count = 1,
    };
    web_crumb(p, "My apps", STR_NONE, STR("/apps"));
    html_flag(p->data, T(needs_team), teams.count == 0);
    return web_form_page(p, &form, problem, WEB_APPS);
}

bool web_app_new(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    return show_new(&p, NULL);
}

bool web_app_new_post(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct app app = {0};
    struct err problem = {0};
    const struct change change = {
        .by = PRINCIPAL(req),
        .if_match = IF_MATCH_NONE,
        .body = web_form_body(req, app_fields, COUNT_OF(app_fields)),
    };
    if (!catalog_change(APP(req)->catalog, app_create, &change, req->mem, &app, &problem))
        return web_form_again(&p, &problem) && show_new(&p, &problem);
    return web_redirect(req, res, arena_join(req->mem, STR("/apps/"), app.slug), "app");
}
