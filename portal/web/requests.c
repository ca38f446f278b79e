/* Requests for access: mine, those that await me, one of them and what may be done with it. */
#include "portal/web/handlers.h"
#include "portal/web/moves.h"

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
    html_number(p.data, T(awaiting_count), web_awaiting(req));
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
/* clang-format off */
static const struct move moves[] = {
    {.name = "approve", .label = "Approve",
     .effect = "The gateways let the app in at once.",
     .done = "approve", .run = subscription_approve, .action = ACTION_ACCESS_DECIDE,
     .has_end = true, .from = {SUB_REQUESTED, SUB_REQUESTED}},
    {.name = "reject", .label = "Reject",
     .effect = "The app's team sees the reason.",
     .done = "reject", .run = subscription_reject, .action = ACTION_ACCESS_DECIDE,
     .danger = true, .needs_reason = true, .from = {SUB_REQUESTED, SUB_REQUESTED}},
    {.name = "suspend", .label = "Suspend",
     .effect = "The gateways refuse the app until you resume.",
     .done = "suspend", .run = subscription_suspend, .action = ACTION_ACCESS_DECIDE,
     .danger = true, .from = {SUB_APPROVED, SUB_APPROVED}},
    {.name = "resume", .label = "Resume",
     .effect = "The gateways let the app in again.",
     .done = "resume", .run = subscription_resume, .action = ACTION_ACCESS_DECIDE,
     .from = {SUB_SUSPENDED, SUB_SUSPENDED}},
    {.name = "revoke", .label = "Revoke",
     .effect = "The gateways refuse the app for good.",
     .done = "revoke", .run = subscription_revoke, .action = ACTION_ACCESS_DECIDE,
     .danger = true, .from = {SUB_APPROVED, SUB_SUSPENDED}},
    {.name = "withdraw", .label = "Withdraw",
     .effect = "Your team needs this access no longer.",
     .done = "withdraw", .run = subscription_withdraw, .action = ACTION_ACCESS_WITHDRAW,
     .of_app = true, .danger = true, .from = {SUB_REQUESTED, SUB_REQUESTED}},
};
/* clang-format on */

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
    const struct move_subject subject = {
        .state = sub->state, .api_team = api->team_id, .app_team = app->team_id};
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
    html_text(p->data, T(base), STR("/requests"));
    web_put_moves(p, moves, COUNT_OF(moves), &subject, tried);
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
    const struct move *m = web_move_named(req, moves, COUNT_OF(moves), err);
    struct subscription sub = {0};
    struct err problem = {0};
    if (m == NULL)
        return false;
    if (!web_move_take(req, m, move_fields, COUNT_OF(move_fields), &sub, &problem)) {
        if (problem.where[0] == '/')
            problem = (struct err){.code = problem.code};
        if (problem.msg[0] == '\0') {
            (void)fail(&problem, problem.code, "", "the reason is missing or too long");
            (void)err_hint(&problem, "tell the people who asked why, in 1000 characters at most");
        }
        return web_form_again(&p, &problem) && show_request(&p, &problem, m);
    }
    return web_redirect(req, res, arena_join(req->mem, STR("/requests/"), req->args[0]), m->done);
}
