/* Reviews: a second person looks at a document before it is published. */
#include "portal/web/handlers.h"
#include "portal/web/moves.h"

static const struct form_field move_fields[] = {
    {"reason", "Reason", NULL, FORM_AREA, false, NULL},
};

/* clang-format off */
static const struct move moves[] = {
    {.name = "approve", .label = "Approve",
     .effect = "The document may be published, as far as you can tell.",
     .done = "approved-review", .run = review_approve, .action = ACTION_REVIEW_DECIDE,
     .by_second = true, .from = {REVIEW_REQUESTED, REVIEW_REQUESTED}},
    {.name = "reject", .label = "Reject",
     .effect = "Say what must change; another document needs another review.",
     .done = "rejected-review", .run = review_reject, .action = ACTION_REVIEW_DECIDE,
     .by_second = true, .danger = true, .needs_reason = true,
     .from = {REVIEW_REQUESTED, REVIEW_REQUESTED}},
    {.name = "withdraw", .label = "Withdraw",
     .effect = "Nobody needs to look at it any more.",
     .done = "withdrawn-review", .run = review_withdraw, .action = ACTION_REVIEW_ASK,
     .danger = true, .from = {REVIEW_REQUESTED, REVIEW_REQUESTED}},
};
/* clang-format on */

/* --- the list -----------------------------------------------------------------------------------
 */

bool web_reviews(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct str cursor = http_query(req, "cursor");
    bool all = http_query(req, "all").len > 0;
    const struct catalog_query query = {.awaiting = !all,
                                        .cursor = cursor.len > 0 ? cursor : STR_NONE};
    struct catalog_list list = {0};
    if (!web_list(&p, catalog_reviews, query, T(reviews), &record_review, &list))
        return false;
    html_flag(p.data, T(all), all);
    web_pager(&p, &list);
    return web_page(&p, &template_reviews, STR("Reviews"), WEB_REQUESTS);
}

/* --- one review ---------------------------------------------------------------------------------
 */

/* What was found in the document, and who uploaded it. */
static bool put_document(const struct page *p, const struct review *review,
                         struct assessment *found)
{
    const struct catalog_query query = {
        .api = review->api, .version = review->version, .revision = review->revision, .limit = 1};
    struct catalog_list list = {0};
    if (!catalog_assessments(VIEW(p->req), PRINCIPAL(p->req), &query, p->req->mem, &list, p->err))
        return false;
    if (list.count > 0)
        *found = *(const struct assessment *)list.rows;
    html_row(html_add(p->data, T(assessments)), &record_assessment, found);
    html_text(p->data, T(short_hash), str_sub(review->revision, 0, 12));
    html_text(p->data, T(next_hash), str_sub(review->revision, 0, 16));
    html_text(p->data, T(base_hash), str_sub(found->base, 0, 16));
    return true;
}

static void put_moves(const struct page *p, const struct api *api, const struct review *review,
                      const struct assessment *found)
{
    const struct principal *who = PRINCIPAL(p->req);
    const struct move_subject subject = {.state = review->state,
                                         .api_team = api->team_id,
                                         .own = str_eq(who->name, review->requested_by) ||
                                                str_eq(who->name, found->uploaded_by)};
    bool may_decide = catalog_may(VIEW(p->req), who, ACTION_REVIEW_DECIDE, api->team_id);
    html_flag(p->data, T(own), subject.own && may_decide);
    html_text(p->data, T(base), STR("/reviews"));
    web_put_moves(p, moves, COUNT_OF(moves), &subject, NULL);
}

static bool show_review(const struct page *p, const struct err *problem)
{
    struct http_request *req = p->req;
    struct review *review = arena_new(req->mem, struct review);
    struct assessment *found = arena_new(req->mem, struct assessment);
    struct api api = {0};
    if (!catalog_review(VIEW(req), PRINCIPAL(req), req->args, req->mem, review, p->err) ||
        !catalog_api(VIEW(req), PRINCIPAL(req), &review->api, req->mem, &api, p->err) ||
        !put_document(p, review, found))
        return false;
    html_row(p->data, &record_review, review);
    html_text(p->data, T(api_name), api.name);
    html_flag(p->data, T(decided), review->decided_at != 0);
    html_flag(p->data, T(open), review->state == REVIEW_REQUESTED);
    put_moves(p, &api, review, found);
    if (problem != NULL)
        web_problem(p, move_fields, COUNT_OF(move_fields), problem);
    web_crumb(p, "Reviews", STR_NONE, STR("/reviews"));
    return web_page(p, &template_review, STR("Review"), WEB_REQUESTS);
}

bool web_review(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    return show_review(&p, NULL);
}

bool web_review_move(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    const struct move *move = web_move_named(req, moves, COUNT_OF(moves), err);
    struct review row = {0};
    struct err problem = {0};
    if (move == NULL)
        return false;
    if (!web_move_take(req, move, move_fields, COUNT_OF(move_fields), &row, &problem))
        return web_form_again(&p, &problem) && show_review(&p, &problem);
    return web_redirect(req, res, arena_join(req->mem, STR("/reviews/"), req->args[0]), move->done);
}
