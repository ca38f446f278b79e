/* Reviews: a second person looks at a document before it is published. */
#include "portal/web/handlers.h"

static const struct form_field move_fields[] = {
    {"reason", "Reason", NULL, FORM_AREA, false, NULL},
};

static const struct move {
    const char *name, *label, *effect, *done;
    change_fn *change;
    bool by_second, needs_reason, danger;
} moves[] = {
    {"approve",  "Approve",  "The document may be published, as far as you can tell.",
     "approved-review",                                                                                          review_approve, true,  false, false},
    {"reject",   "Reject",   "Say what must change; another document needs another review.",
     "rejected-review",                                                                                          review_reject,  true,  true,  true },
    {"withdraw", "Withdraw", "Nobody needs to look at it any more.",                         "withdrawn-review",
     review_withdraw,                                                                                                            false, false, true },
};

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
    struct view *v = VIEW(p->req);
    const struct principal *who = PRINCIPAL(p->req);
    bool first = str_eq(who->name, review->requested_by) || str_eq(who->name, found->uploaded_by);
    bool may_ask = catalog_may(v, who, ACTION_REVIEW_ASK, api->team_id);
    bool may_decide = catalog_may(v, who, ACTION_REVIEW_DECIDE, api->team_id);
    html_flag(p->data, T(own), first && may_decide);
    html_text(p->data, T(base), STR("/reviews"));
    if (review->state != REVIEW_REQUESTED)
        return;
    for (size_t i = 0; i < COUNT_OF(moves); i++) {
        if (moves[i].by_second ? first || !may_decide : !may_ask)
            continue;
        struct html_data *item = html_add(p->data, T(moves));
        html_text(item, T(move), str_from(moves[i].name));
        html_text(item, T(label), str_from(moves[i].label));
        html_text(item, T(effect), str_from(moves[i].effect));
        html_flag(item, T(required), moves[i].needs_reason);
        html_flag(item, T(danger), moves[i].danger);
        html_text(item, T(value), http_form(p->req, "reason"));
    }
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
    struct review row = {0};
    struct err problem = {0};
    const struct change change = {
        .by = PRINCIPAL(req),
        .args = {req->args[0]},
        .if_match = IF_MATCH_NONE,
        .body = web_form_body(req, move_fields, COUNT_OF(move_fields)),
    };
    const struct move *move = NULL;
    for (size_t i = 0; i < COUNT_OF(moves); i++)
        if (str_eq(req->args[1], str_from(moves[i].name)))
            move = &moves[i];
    if (move == NULL)
        return fail(err, ERR_NOT_FOUND, "", "there is no such step");
    if (!catalog_change(APP(req)->catalog, move->change, &change, req->mem, &row, &problem))
        return web_form_again(&p, &problem) && show_review(&p, &problem);
    return web_redirect(req, res, arena_join(req->mem, STR("/reviews/"), req->args[0]), move->done);
}
