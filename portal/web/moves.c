/* Steps of requests and reviews: which ones are shown, and taking one. */
#include "portal/web/moves.h"

static bool may_take(const struct page *p, const struct move *m, const struct move_subject *subject)
{
    int64_t team = m->of_app ? subject->app_team : subject->api_team;
    return (subject->state == m->from[0] || subject->state == m->from[1]) && team != 0 &&
           !(m->by_second && subject->own) &&
           catalog_may(VIEW(p->req), PRINCIPAL(p->req), m->action, team);
}

void web_put_moves(const struct page *p, const struct move *moves, size_t count,
                   const struct move_subject *subject, const struct move *tried)
{
    for (size_t i = 0; i < count; i++) {
        const struct move *m = &moves[i];
        bool typed = tried == NULL || tried == m;
        if (!may_take(p, m, subject))
            continue;
        struct html_data *item = html_add(p->data, T(moves));
        html_text(item, T(move), str_from(m->name));
        html_text(item, T(label), str_from(m->label));
        html_text(item, T(effect), str_from(m->effect));
        html_flag(item, T(danger), m->danger);
        html_flag(item, T(required), m->needs_reason);
        html_flag(item, T(has_end), m->has_end);
        html_text(item, T(value), typed ? http_form(p->req, "reason") : STR(""));
    }
}

const struct move *web_move_named(const struct http_request *req, const struct move *moves,
                                  size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(req->args[1], str_from(moves[i].name)))
            return &moves[i];
    (void)fail(err, ERR_NOT_FOUND, "", "there is no such step");
    return NULL;
}

bool web_move_take(struct http_request *req, const struct move *move,
                   const struct form_field *fields, size_t count, void *row, struct err *err)
{
    const struct change change = {
        .by = PRINCIPAL(req),
        .args = {req->args[0]},
        .if_match = IF_MATCH_NONE,
        .body = web_form_body(req, fields, count),
    };
    return catalog_change(APP(req)->catalog, move->run, &change, req->mem, row, err);
}
