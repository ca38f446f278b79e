/* Requests for access: mine, those that await me, one of them and what may be done with it. */
#include "portal/web/handlers.h"

/* --- lists ---------------------------------------------------------------------------------------
 */

static bool show_list(struct http_request *req, struct http_response *res, bool awaiting,
                      struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct catalog_list list = {0}, reviews = {0};
    struct str cursor = http_query(req, "cursor"), state = http_query(req, "state");
    const struct catalog_query query = {.mine = !awaiting,
                                        .awaiting = awaiting,
                                        .state = state.len ? state : STR_NONE,
                                        .cursor = cursor.len ? cursor : STR_NONE};
    for (int i = 0; i < SUB_STATE_COUNT && !awaiting; i++) {
        struct html_data *option = html_add(p.data, T(states));
        struct str name = str_from(name_of(&names_sub_state, i));
        html_text(option, T(value), name);
        html_flag(option, T(selected), str_eq(name, state));
    }
    html_flag(p.data, T(awaiting), awaiting);
    html_number(p.data, T(awaiting_count),
                web_count(req, catalog_subscriptions, (struct catalog_query){.awaiting = true}));
    if (!web_list(&p, catalog_subscriptions, query, T(requests), &record_subscription, &list) ||
        (awaiting && !web_list(&p, catalog_reviews, (struct catalog_query){.awaiting = true},
                               T(reviews), &record_review, &reviews)))
        return false;
    web_pager(&p, &list);
    return web_page(&p, &template_requests,
                    awaiting ? STR("Requests awaiting you") : STR("My requests"), WEB_REQUESTS);
}

bool web_requests(struct http_request *req, struct http_response *res, struct err *err)
{
    return show_list(req, res, false, err);
}

bool web_requests_awaiting(struct http_request *req, struct http_response *res, struct err *err)
{
    return show_list(req, res, true, err);
}

/* --- one request ---------------------------------------------------------------------------------
 */

static const struct form_field move_fields[] = {
    {"reason",    "Reason",   NULL, FORM_AREA, false, NULL},
    {"not_after", "Last day", NULL, FORM_DATE, false, NULL},
};

/* One button each; the use case asks again whether it may. */
static const struct move {
    const char *name, *label, *effect;
    change_fn *run;
    enum action action;
    bool of_app, danger, needs_reason, has_end;
    enum sub_state from[2];
} moves[] = {
    {"approve",
     "Approve",  "The gateways let the app in at once.",
     subscription_approve,  ACTION_ACCESS_DECIDE,
     false, false,
     false, true,
     {SUB_REQUESTED, SUB_REQUESTED}},
    {"reject",
     "Reject",   "The app's team sees the reason.",
     subscription_reject,   ACTION_ACCESS_DECIDE,
     false, true,
     true,  false,
     {SUB_REQUESTED, SUB_REQUESTED}},
    {"suspend",
     "Suspend",  "The gateways refuse the app until you resume.",
     subscription_suspend,  ACTION_ACCESS_DECIDE,
     false, true,
     false, false,
     {SUB_APPROVED, SUB_APPROVED}  },
    {"resume",
     "Resume",   "The gateways let the app in again.",
     subscription_resume,   ACTION_ACCESS_DECIDE,
     false, false,
     false, false,
     {SUB_SUSPENDED, SUB_SUSPENDED}},
    {"revoke",
     "Revoke",   "The gateways refuse the app for good.",
     subscription_revoke,   ACTION_ACCESS_DECIDE,
     false, true,
     false, false,
     {SUB_APPROVED, SUB_SUSPENDED} },
    {"withdraw",
     "Withdraw", "Your team needs this access no longer.",
     subscription_withdraw, ACTION_ACCESS_WITHDRAW,
     true,  true,
     false, false,
     {SUB_REQUESTED, SUB_REQUESTED}},
};

static const struct move *move_of(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(moves); i++)
        if (str_eq(name, str_from(moves[i].name)))
            return &moves[i];
    return NULL;
}

static void add_moves(const struct page *p, const struct subscription *sub, const struct api *api,
                      const struct app *app, const struct move *tried)
{
    html_text(p->data, T(base), STR("/requests"));
    for (size_t i = 0; i < COUNT_OF(moves); i++) {
        const struct move *m = &moves[i];
        int64_t team = m->of_app ? app->team_id : api->team_id;
        if ((sub->state != (int)m->from[0] && sub->state != (int)m->from[1]) || team == 0 ||
            !catalog_may(VIEW(p->req), PRINCIPAL(p->req), m->action, team))
            continue;
        struct html_data *item = html_add(p->data, T(moves));
        html_text(item, T(move), str_from(m->name));
        html_text(item, T(label), str_from(m->label));
        html_text(item, T(effect), str_from(m->effect));
        html_flag(item, T(danger), m->danger);
        html_flag(item, T(required), m->needs_reason);
        html_flag(item, T(has_end), m->has_end);
        html_text(item, T(value), m == tried ? http_form(p->req, "reason") : STR(""));
    }
}

/* Somebody may see a request without seeing both ends of it; rows stay empty then. */
static bool may_miss(bool found, struct err *err)
{
    if (found || err->code == ERR_NOT_FOUND)
        *err = found ? *err : (struct err){0};
    return found || err->code == ERR_NONE;
}

static bool show_request(const struct page *p, const struct err *problem, const struct move *tried)
{
    struct http_request *req = p->req;
    struct view *v = VIEW(req);
    const struct principal *who = PRINCIPAL(req);
    struct subscription *sub = arena_new(req->mem, struct subscription);
    struct plan *plan = arena_new(req->mem, struct plan);
    struct api *api = arena_new(req->mem, struct api);
    struct app *app = arena_new(req->mem, struct app);
    struct catalog_list events = {0};
    if (!catalog_subscription(v, who, req->args, req->mem, sub, p->err) ||
        !may_miss(catalog_api(v, who, &sub->api, req->mem, api, p->err), p->err) ||
        !may_miss(catalog_app(v, who, &sub->app, req->mem, app, p->err), p->err) ||
        !may_miss(catalog_plan(v, who, &sub->plan, req->mem, plan, p->err), p->err))
        return false;
    const struct catalog_query query = {.subject = id_format(req->mem, sub->id), .limit = 50};
    html_row(p->data, &record_subscription, sub);
    html_text(p->data, T(limits), plan->id ? web_plan_limits(req->mem, plan) : STR(""));
    html_text(p->data, T(api_name), api->id ? api->name : sub->api);
    html_text(p->data, T(app_name), app->id ? app->name : sub->app);
    html_flag(p->data, T(decided), sub->decided_at != 0);
    html_flag(p->data, T(live), sub->state == SUB_APPROVED);
    if (problem != NULL) {
        html_text(p->data, T(problem), web_sentence(req->mem, str_from(problem->msg)));
        html_text(p->data, T(problem_remedy), web_sentence(req->mem, str_from(problem->hint)));
    }
    add_moves(p, sub, api, app, tried);
    web_crumb(p, "Requests", STR_NONE, STR("/requests"));
    return web_list(p, catalog_events, query, T(events), &record_event, &events) &&
           web_page(p, &template_request, arena_join(req->mem, sub->app, STR(" → "), sub->api),
                    WEB_REQUESTS);
}

bool web_request(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    return show_request(&p, NULL, NULL);
}

bool web_request_move(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    const struct move *m = move_of(req->args[1]);
    struct subscription sub = {0};
    struct err problem = {0};
    const struct change change = {
        .by = PRINCIPAL(req),
        .args = {req->args[0]},
        .if_match = IF_MATCH_NONE,
        .body = web_form_body(req, move_fields, COUNT_OF(move_fields)),
    };
    if (m == NULL)
        return fail(err, ERR_NOT_FOUND, "", "there is no such step");
    if (!catalog_change(APP(req)->catalog, m->run, &change, req->mem, &sub, &problem)) {
        if (problem.where[0] == '/')
            problem = (struct err){.code = problem.code};
        if (problem.msg[0] == '\0') {
            (void)fail(&problem, problem.code, "", "the reason is missing or too long");
            (void)err_hint(&problem, "tell the people who asked why, in 1000 characters at most");
        }
        return web_form_again(&p, &problem) && show_request(&p, &problem, m);
    }
    return web_redirect(req, res, arena_join(req->mem, STR("/requests/"), req->args[0]), m->name);
}
