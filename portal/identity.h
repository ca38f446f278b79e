/* Who asks: session cookies, personal tokens, Unix peers, sign-in with a bounded password queue and
 * a limiter, CSRF. */
#ifndef CHANCERY_IDENTITY_H
#define CHANCERY_IDENTITY_H

#include "portal/app.h"

struct identity;
struct identity *identity_new(void);
void identity_free(struct identity *id);

/** For struct http_config: fills req->principal, refuses what the route's role does not admit. */
bool identity_identify(struct http_request *req, struct err *err);
bool identity_admit(struct http_request *req, struct err *err);
bool identity_check_form(struct http_request *req, struct err *err);
/** The session's form token for one page: masked anew each time, since pages are compressed (see
 * portal/http/encoding.c). Absent without a session. */
struct str identity_form_token(const struct http_request *req);
/** True when a request that changes something by cookie comes from our own pages: X-CSRF-Token
 * equal to the session's, or a form's field with it masked. Unix peers and tokens carry no cookie
 * and need none. */
MUST_USE bool identity_check_token(const struct http_request *req, struct str token,
                                   struct err *err);

/** May somebody sign in this way at all: https, or http on loopback. The reason is for the sign-in
 * page. */
MUST_USE bool identity_may_sign_in(const struct http_request *req, struct err *err);
/** Checks name and password, makes a session and sets its cookie. err: ERR_UNAUTHENTICATED (same
 * text for every cause), ERR_LIMIT (too many attempts; hint says how long), ERR_BUSY (password
 * queue full). */
MUST_USE bool identity_sign_in(struct http_request *req, struct str name, struct str password,
                               struct http_response *res, struct err *err);
/** Checks the present password as signing in does and sets another. All sessions end; who asks by
 * one gets a new one with its cookie. err: ERR_INVALID (/current_password, /password), ERR_DENIED,
 * ERR_LIMIT, ERR_BUSY. */
MUST_USE bool identity_change_password(struct http_request *req, struct str current,
                                       struct str password, struct http_response *res,
                                       struct err *err);
/** Ends the session and clears the cookie. */
MUST_USE bool identity_sign_out(struct http_request *req, struct http_response *res,
                                struct err *err);

#endif
