/* Signing in and out, and the one-time page of the first administrator. */
#include "portal/identity.h"
#include "portal/web/handlers.h"

static const struct form_field sign_in_fields[] = {
    {"name",     "Name",     NULL, FORM_TEXT,     true, "username"        },
    {"password", "Password", NULL, FORM_PASSWORD, true, "current-password"},
};

static struct str next_of(struct str next)
{
    return web_next_ok(next) ? next : STR("/");
}

static bool show_sign_in(const struct page *p, const struct err *problem)
{
    struct str next =
        p->req->method == HTTP_POST ? http_form(p->req, "next") : http_query(p->req, "next");
    struct err why = {0};
    const struct form form = {.submit = "Sign in",
                              .action = STR("/sign-in"),
                              .fields = sign_in_fields,
                              .count = COUNT_OF(sign_in_fields)};
    bool may = identity_may_sign_in(p->req, &why);
    html_text(p->data, T(next), next_of(next));
    html_flag(p->data, T(may), may);
    web_form(p, &form, may ? problem : &why);
    if (!may)
        p->res->status = 403;
    return web_page(p, &template_sign_in, STR("Sign in"), WEB_NONE);
}

bool web_sign_in(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    if (web_signed_in(req))
        return web_redirect(req, res, next_of(http_query(req, "next")), NULL);
    return show_sign_in(&p, NULL);
}

bool web_sign_in_post(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct err problem = {0};
    if (identity_sign_in(req, http_form(req, "name"), http_form(req, "password"), res, &problem))
        return web_redirect(req, res, next_of(http_form(req, "next")), NULL);
    switch (problem.code) {
    case ERR_UNAUTHENTICATED:
        res->status = 422; /* 401 would ask for an Authorization header */
        return show_sign_in(&p, &problem);
    case ERR_LIMIT:
        res->status = 429;
        return show_sign_in(&p, &problem);
    case ERR_DENIED:
        return show_sign_in(&p, &problem);
    case ERR_NONE:
    case ERR_INVALID:
    case ERR_NOT_FOUND:
    case ERR_CONFLICT:
    case ERR_STALE:
    case ERR_BUSY:
    case ERR_STORE:
    case ERR_IO:
    case ERR_CODE_COUNT:
        break;
    }
    *err = problem;
    return false;
}

bool web_sign_out(struct http_request *req, struct http_response *res, struct err *err)
{
    return identity_sign_out(req, res, err) && web_redirect(req, res, STR("/"), "signed-out");
}

/* --- the first administrator ---------------------------------------------------------------------
 */

static const struct form_field setup_fields[] = {
    {"code",     "One-time code",  "Part of the link that chanceryd init has printed.",              FORM_TEXT, true,
     NULL                                                                                                                           },
    {"name",     "Your user name", "Lower-case letters, digits and hyphens, a letter first.",        FORM_TEXT,
     true,                                                                                                            "username"    },
    {"password", "Password",       "Ten characters at least. A sentence is easier to keep in mind.",
     FORM_PASSWORD,                                                                                             true, "new-password"},
};

static bool show_setup(const struct page *p, const struct err *problem)
{
    struct err why = {0};
    bool may = identity_may_sign_in(p->req, &why);
    const struct form form = {
        .heading = "Welcome to Chancery",
        .lead = STR("Make the first administrator of this portal. The link works once, and for an "
                    "hour."),
        .submit = "Make the account and sign in",
        .action = STR("/setup"),
        .fields = setup_fields,
        .count = may ? COUNT_OF(setup_fields) : 0,
    };
    if (!may)
        p->res->status = 403;
    return web_form_page(p, &form, may ? problem : &why, WEB_NONE);
}

bool web_setup(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    return show_setup(&p, NULL);
}

bool web_setup_post(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct user user = {0};
    struct err problem = {0};
    const struct change change = {
        .by = PRINCIPAL(req),
        .if_match = IF_MATCH_NONE,
        .body = web_form_body(req, setup_fields, COUNT_OF(setup_fields)),
    };
    if (!identity_may_sign_in(req, &problem))
        return show_setup(&p, NULL);
    if (!catalog_change(APP(req)->catalog, setup_use, &change, req->mem, &user, &problem)) {
        if (problem.code == ERR_DENIED)
            res->status = 403;
        else if (!web_form_again(&p, &problem))
            return false;
        return show_setup(&p, &problem);
    }
    if (!identity_sign_in(req, user.name, http_form(req, "password"), res, &problem))
        return web_redirect(req, res, STR("/sign-in"), "setup");
    return web_redirect(req, res, STR("/"), "setup");
}
