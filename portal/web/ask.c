/* Asking for access to an API: app, plan, purpose. */
#include "portal/web/handlers.h"

static const struct form_field ask_fields[] = {
    {"app",     "App",     "Which of your apps will call this API?",                        FORM_SELECT, true,  NULL},
    {"plan",    "Plan",    NULL,                                                            FORM_SELECT, true,  NULL},
    {"purpose", "Purpose", "What do you need it for? The API's team reads this to decide.",
     FORM_AREA,                                                                                          false, NULL},
};

enum { APPS, PLANS, OPTIONS };

static bool add_options(const struct page *p, const struct api *api, struct form_options *out)
{
    struct http_request *req = p->req;
    const struct catalog_query mine = {.mine = PRINCIPAL(req)->role == ROLE_USER, .limit = 500};
    const struct catalog_query of_api = {.api = api->slug, .limit = 100};
    struct catalog_list apps = {0}, plans = {0};
    if (!catalog_apps(VIEW(req), PRINCIPAL(req), &mine, req->mem, &apps, p->err) ||
        !catalog_plans(VIEW(req), PRINCIPAL(req), &of_api, req->mem, &plans, p->err))
        return false;
    const struct app *app = apps.rows;
    const struct plan *plan = plans.rows;
    out[APPS].field = "app";
    out[PLANS].field = "plan";
    for (size_t i = 0; i < apps.count; i++)
        vec_push(&out[APPS].items, req->mem, (struct form_option){app[i].slug, app[i].name});
    for (size_t i = 0; i < plans.count; i++)
        vec_push(
            &out[PLANS].items, req->mem,
            (struct form_option){plan[i].slug, arena_join(req->mem, plan[i].name, STR(": "),
                                                          web_plan_limits(req->mem, &plan[i]))});
    return true;
}

static bool show_ask(const struct page *p, const struct err *problem)
{
    struct arena *mem = p->req->mem;
    struct api api = {0};
    struct form_options options[OPTIONS] = {0};
    if (!catalog_api(VIEW(p->req), PRINCIPAL(p->req), p->req->args, mem, &api, p->err) ||
        !add_options(p, &api, options))
        return false;
    bool ready = options[APPS].items.len > 0 && options[PLANS].items.len > 0;
    struct str page = arena_join(mem, STR("/apis/"), api.slug);
    const struct form form = {
        .heading = "Ask for access",
        .lead = arena_join(mem, STR("To call "), api.name,
                           api.approval == APPROVAL_AUTOMATIC
                               ? STR(". This API approves requests at once.")
                               : STR(". The API's team decides, and you see the answer under "
                                     "Requests.")),
        .submit = "Ask for access",
        .action = arena_join(mem, page, STR("/ask")),
        .cancel = page,
        .fields = ask_fields,
        .count = ready ? COUNT_OF(ask_fields) : 0,
        .options = options,
        .option_count = COUNT_OF(options),
    };
    html_flag(p->data, T(needs_app), options[APPS].items.len == 0);
    html_flag(p->data, T(needs_plan), options[PLANS].items.len == 0);
    web_crumb(p, "APIs", STR_NONE, STR("/apis"));
    web_crumb(p, NULL, api.name, page);
    return web_form_page(p, &form, problem, WEB_APIS);
}

bool web_ask(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    return show_ask(&p, NULL);
}

/* The API's name comes from the address, not from a field that could say something else. */
static struct json *with_api(struct http_request *req)
{
    struct json *body = arena_new(req->mem, struct json), *api = arena_new(req->mem, struct json);
    *body = *web_form_body(req, ask_fields, COUNT_OF(ask_fields));
    *api = (struct json){
        .type = JSON_TYPE_STRING, .key = STR("api"), .string = req->args[0], .next = body->child};
    body->child = api;
    body->count++;
    return body;
}

bool web_ask_post(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct subscription sub = {0};
    struct err problem = {0};
    const struct change change = {
        .by = PRINCIPAL(req), .if_match = IF_MATCH_NONE, .body = with_api(req)};
    if (!catalog_change(APP(req)->catalog, subscription_create, &change, req->mem, &sub, &problem))
        return web_form_again(&p, &problem) && show_ask(&p, &problem);
    return web_redirect(req, res,
                        arena_join(req->mem, STR("/requests/"), id_format(req->mem, sub.id)),
                        sub.state == SUB_APPROVED ? "granted" : "asked");
}
