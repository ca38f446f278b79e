/* Steps that people take with what was asked for: a table of buttons, each with a reason. */
#ifndef CHANCERY_WEB_MOVES_H
#define CHANCERY_WEB_MOVES_H

#include "portal/web/page.h"

struct move {
    const char *name, *label, *effect;
    const char *done; /* notice of the next page (page.c) */
    change_fn *run;
    enum action action;
    bool of_app;    /* the permission is asked of the app's team, else of the API's */
    bool by_second; /* not by those who asked */
    bool danger, needs_reason, has_end;
    int from[2]; /* states */
};

/** What was asked for. */
struct move_subject {
    int state;
    int64_t api_team, app_team; /* 0: not seen */
    bool own;                   /* the reader asked for it */
};

/** The steps that the reader may take; the use case asks again. tried: the one that has just failed
 *  keeps the reason that was typed; NULL: all do. */
void web_put_moves(const struct page *p, const struct move *moves, size_t count,
                   const struct move_subject *subject, const struct move *tried);
/** The step named by the address. err: ERR_NOT_FOUND. */
const struct move *web_move_named(const struct http_request *req, const struct move *moves,
                                  size_t count, struct err *err);
/** Takes it, with what was posted. row: the record as it is then. err: the use case's. */
MUST_USE bool web_move_take(struct http_request *req, const struct move *move,
                            const struct form_field *fields, size_t count, void *row,
                            struct err *err);

#endif
