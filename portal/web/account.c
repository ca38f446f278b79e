/* One's account: password and personal tokens; for administrators the tokens of others. */
#include "portal/identity.h"
#include "portal/web/handlers.h"

static const struct form_field token_fields[] = {
    {"name",      "Name",
     "Where it will be used, for example \"laptop\" or \"deploy-job\": letters, digits, dots, hyphens.",
     FORM_TEXT,                                                                                                                            true, NULL},
    {"scope",     "Scope",
     "read: see what you see. write: also change what your teams may. admin: also use your role as operator or administrator.",
     FORM_SELECT,                                                                                                                          true, NULL},
    {"not_after", "Last day", "UTC, a year ahead at most. Leave it empty for 90 days.",                                         FORM_DATE,
     false,                                                                                                                                      NULL},
};

static const struct form_field password_fields[] = {
    {"current_password", "Present password",   NULL,                                                             FORM_PASSWORD, true, "current-password"},
    {"password",         "New password",       "Ten characters at least. A sentence is easier to keep in mind.",
     FORM_PASSWORD,                                                                                                             true, "new-password"    },
    {"repeated",         "New password again", NULL,                                                             FORM_PASSWORD, true, "new-password"    },
};

/* --- tokens --------------------------------------------------------------------------------------
 */

static bool add_tokens(const struct page *p, struct str user, bool may)
{
    struct str cursor = http_query(p->req, "cursor");
    const struct catalog_query query = {.user = user, .cursor = cursor.len ? cursor : STR_NONE};
    struct catalog_list tokens = {0};
    if (!catalog_tokens(VIEW(p->req), PRINCIPAL(p->req), &query, p->req->mem, &tokens, p->err))
        return false;
    const struct token *rows = tokens.rows;
    for (size_t i = 0; i < tokens.count; i++) {
        struct html_data *item = html_add(p->data, T(tokens));
        bool revoked = rows[i].revoked_at != 0, over = rows[i].not_after <= p->req->now_ms;
        html_row(item, &record_token, &rows[i]);
        html_flag(item, T(revoked), revoked);
        html_flag(item, T(over), over && !revoked);
        html_flag(item, T(live), !over && !revoked);
        html_flag(item, T(may_revoke), may && !revoked);
    }
    web_pager(p, &tokens);
    return true;
}

static struct str tokens_of(struct http_request *req, struct str user)
{
    return arena_join(req->mem, STR("/users/"), user, STR("/tokens"));
}

/* The same page for one's own account and, to administrators, for the tokens of another. */
static bool show_account(const struct page *p, struct str name, const struct err *problem)
{
    struct http_request *req = p->req;
    const struct principal *who = PRINCIPAL(req);
    struct user *user = arena_new(req->mem, struct user);
    struct form_options scopes = web_form_names(req->mem, "scope", &names_scope);
    if (!catalog_user(VIEW(req), who, &name, req->mem, user, p->err))
        return false;
    bool own = user->id == who->user_id;
    bool may = catalog_may(VIEW(req), who, ACTION_TOKEN_REVOKE, user->id);
    const struct form form = {
        .submit = "Make a token",
        .action = tokens_of(req, user->name),
        .fields = token_fields,
        .count = COUNT_OF(token_fields),
        .options = &scopes,
        .option_count = 1,
    };
    html_row(p->data, &record_user, user);
    html_text(p->data, T(user), user->name);
    html_flag(p->data, T(own), own);
    html_flag(p->data, T(may_look), who->role == ROLE_ADMIN);
    web_form(p, &form, problem);
    return add_tokens(p, user->name, may) &&
           web_page(p, &template_account, own ? STR("Your account") : user->name, WEB_NONE);
}

bool web_account(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct str user = str_trim(http_query(req, "user"));
    return show_account(&p, user.len > 0 ? user : PRINCIPAL(req)->name, NULL);
}

bool web_tokens(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    return show_account(&p, req->args[0], NULL);
}

/* As with a key: the one answer to the post is the page that shows the secret. */
bool web_token_create(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct new_token *made = arena_new(req->mem, struct new_token);
    struct str url = APP(req)->public_url;
    struct err problem = {0};
    const struct change change = {
        .by = PRINCIPAL(req),
        .args = {req->args[0]},
        .if_match = IF_MATCH_NONE,
        .body = web_form_body(req, token_fields, COUNT_OF(token_fields)),
    };
    if (!catalog_change(APP(req)->catalog, token_create, &change, req->mem, made, &problem))
        return web_form_again(&p, &problem) && show_account(&p, req->args[0], &problem);
    res->status = 201;
    res->plain = true;
    http_set_header(res, "Cache-Control", STR("no-store"));
    html_row(p.data, &record_token, &made->token);
    html_text(p.data, T(secret), made->secret);
    html_text(p.data, T(base), str_ends(url, STR("/")) ? str_sub(url, 0, url.len - 1) : url);
    web_crumb(&p, "Your account", STR_NONE, STR("/account"));
    return web_page(&p, &template_token, STR("Your new token"), WEB_NONE);
}

bool web_token_revoke(struct http_request *req, struct http_response *res, struct err *err)
{
    const struct change change = {
        .by = PRINCIPAL(req), .args = {req->args[0], req->args[1]},
             .if_match = IF_MATCH_NONE
    };
    struct token token = {0};
    bool own = str_eq(req->args[0], PRINCIPAL(req)->name);
    return catalog_change(APP(req)->catalog, token_revoke, &change, req->mem, &token, err) &&
           web_redirect(req, res, own ? STR("/account") : tokens_of(req, req->args[0]),
                        "revoked-token");
}

/* --- password ------------------------------------------------------------------------------------
 */

static bool show_password(const struct page *p, const struct err *problem)
{
    const struct form form = {
        .heading = "Change your password",
        .lead =
            STR("You stay signed in here; everywhere else you are signed out. Your tokens go on: "
                "revoke those that somebody else may have."),
        .submit = "Change the password",
        .action = STR("/account/password"),
        .cancel = STR("/account"),
        .fields = password_fields,
        .count = COUNT_OF(password_fields),
    };
    web_crumb(p, "Your account", STR_NONE, STR("/account"));
    return web_form_page(p, &form, problem, WEB_NONE);
}

bool web_password(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    return show_password(&p, NULL);
}

bool web_password_post(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct str password = http_form(req, "password");
    struct err problem = {0};
    if (!str_eq(password, http_form(req, "repeated"))) {
        (void)fail(&problem, ERR_INVALID, "/repeated", "is not the same as above");
        res->status = 422;
        return show_password(&p, &problem);
    }
    if (identity_change_password(req, http_form(req, "current_password"), password, res, &problem))
        return web_redirect(req, res, STR("/account"), "password");
    if (problem.code == ERR_LIMIT) { /* of attempts */
        res->status = 429;
        return show_password(&p, &problem);
    }
    return web_form_again(&p, &problem) && show_password(&p, &problem);
}
