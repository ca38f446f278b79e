/* Errors as pages of the portal's own: what, why, remedy. */
#include "portal/web/page.h"

static const struct {
    int status;
    const char *heading, *remedy; /* remedy: when the error brings none */
} kinds[] = {
    {400, "This request cannot be understood",   "Go back and check what you have entered."         },
    {401, "Please sign in",                      "Sign in and repeat the step."                     },
    {403, "You may not do this",                 "Somebody with more rights can do it for you."     },
    {404, "There is nothing here",               "Check the address, or search the catalog."        },
    {405, "This page does not work that way",    "Go back and use the page's own buttons."          },
    {408, "The request took too long to arrive", "Try again."                                       },
    {409, "That does not fit the present state",
     "Go back, load the page again and look what has changed."                                      },
    {412, "Somebody else was faster",            "Load the page again and repeat the change."       },
    {413, "That is too large",                   "Send less at once."                               },
    {415, "This kind of content is not taken",   "Use the page's own form."                         },
    {421, "Wrong address for this portal",       "Use the address that the portal is known by."     },
    {422, "Something does not fit",              "Go back and correct it."                          },
    {429, "Too many attempts",                   "Wait a while, then try again."                    },
    {503, "Busy for the moment",                 "Try again in a few seconds."                      },
    {500, "Something went wrong here",
     "It is not your fault. Tell an operator the request's number; the log has the reason under it."},
};

static size_t kind_of(int status)
{
    size_t i = 0;
    while (i + 1 < COUNT_OF(kinds) && kinds[i].status != status)
        i++;
    return i;
}

/* What went wrong inside (5xx) may name files and statements: that is for the log. */
static bool may_be_told(const struct err *err, int status)
{
    return status < 500 || err->code == ERR_BUSY;
}

static struct str what_of(struct http_request *req, const struct err *err, int status)
{
    if (!may_be_told(err, status) || err->msg[0] == '\0')
        return STR("");
    const char *field = err->where[0] == '/' ? err->where + 1 : err->where;
    return web_sentence(req->mem,
                        arena_printf(req->mem, "%s%s%s", field, field[0] ? ": " : "", err->msg));
}

static bool asks_for_page(const struct http_request *req)
{
    return (req->method == HTTP_GET || req->method == HTTP_HEAD) && web_next_ok(req->target);
}

static void to_sign_in(struct http_request *req, struct http_response *res)
{
    CLEANUP(buf_clear) struct buf to = {0};
    buf_add(&to, STR("/sign-in?next="));
    html_escape(HTML_URL_QUERY, req->target, &to);
    web_redirect(req, res, arena_str(req->mem, buf_str(&to)), NULL);
}

void web_error(struct http_request *req, const struct err *err, struct http_response *res)
{
    struct err again = {0};
    if (res->status < 400)
        res->status = http_status_of(err);
    if (res->status == 401 && asks_for_page(req)) {
        to_sign_in(req, res);
        return;
    }
    size_t kind = kind_of(res->status);
    struct page p = web_begin(req, res, &again);
    bool told = may_be_told(err, res->status) && err->hint[0] != '\0';
    html_text(p.data, T(heading), str_from(kinds[kind].heading));
    html_number(p.data, T(status), res->status);
    html_text(p.data, T(what), what_of(req, err, res->status));
    html_text(p.data, T(remedy),
              web_sentence(req->mem, str_from(told ? err->hint : kinds[kind].remedy)));
    html_text(p.data, T(request_id), req->request_id);
    html_flag(p.data, T(may_sign_in),
              PRINCIPAL(req) != NULL && !web_signed_in(req) && res->status < 500);
    html_flag(p.data, T(search), res->status == 404);
    if (!web_page(&p, &template_error, str_from(kinds[kind].heading), WEB_NONE))
        http_problem(req, &again, res);
}
