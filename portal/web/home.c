/* The first page: search, what is new, what waits, what is mine. */
#include <stdlib.h>

#include "portal/web/handlers.h"

#define SCANNED_APIS 200
#define SHOWN_APIS   6
#define SHOWN_ROWS   5

static int newest_first(const void *a, const void *b)
{
    const struct api *x = a, *y = b;
    return (x->updated_at < y->updated_at) - (x->updated_at > y->updated_at);
}

static bool add_new_apis(const struct page *p)
{
    const struct catalog_query query = {.stage = STR("published"), .limit = SCANNED_APIS};
    struct catalog_list found = {0};
    if (!catalog_apis(VIEW(p->req), PRINCIPAL(p->req), &query, p->req->mem, &found, p->err))
        return false;
    struct api *rows = arena_array(p->req->mem, struct api, found.count);
    if (found.count > 0)
        memcpy(rows, found.rows, found.count * sizeof(*rows));
    qsort(rows, found.count, sizeof(*rows), newest_first);
    html_rows(p->data, T(apis), &record_api, rows,
              found.count < SHOWN_APIS ? found.count : SHOWN_APIS);
    return true;
}

static bool add_mine(const struct page *p)
{
    struct catalog_list apps = {0}, awaiting = {0}, mine = {0}, reviews = {0};
    const struct catalog_query few = {.mine = true, .limit = SHOWN_ROWS};
    const struct catalog_query wait = {.awaiting = true, .limit = SHOWN_ROWS};
    if (!web_list(p, catalog_apps, few, T(apps), &record_app, &apps) ||
        !web_list(p, catalog_subscriptions, wait, T(awaiting), &record_subscription, &awaiting) ||
        !web_list(p, catalog_reviews, wait, T(reviews), &record_review, &reviews) ||
        !web_list(p, catalog_subscriptions, few, T(requests), &record_subscription, &mine))
        return false;
    html_number(p->data, T(app_count), apps.total);
    html_number(p->data, T(awaiting_count), awaiting.total + reviews.total);
    html_number(p->data, T(request_count), mine.total);
    return true;
}

bool web_home(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    html_number(p.data, T(api_count), web_count(req, catalog_apis, (struct catalog_query){0}));
    return add_new_apis(&p) && (!web_signed_in(req) || add_mine(&p)) &&
           web_page(&p, &template_home, STR("Find an API"), WEB_NONE);
}
