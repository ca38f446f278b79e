/* Who asks, and how often they may try. */
#include <pthread.h>
#include <stdlib.h>

#include "portal/identity.h"

#define HASHES_AT_ONCE  2
#define HASHES_WAITING  8
#define TRIES_MOST      5                   /* failures of one name from one network … */
#define TRIES_WINDOW_MS INT64_C(15 * 60000) /* … within this time */
#define TRIES_SLOTS     4096
#define SESSION_HOURS   12
#define TOKEN_PATHS     "/v1/" /* pages take no tokens: a link must not act by one */

/* One pair of account and network; the table forgets the oldest when two share a slot. */
struct tries {
    struct sha256 who;
    int64_t since_ms;
    int count;
};

struct identity {
    pthread_mutex_t lock;
    pthread_cond_t turn;
    int hashing, waiting;
    struct tries tries[TRIES_SLOTS];
};

struct identity *identity_new(void)
{
    struct identity *id = mem_new_of(struct identity);
    pthread_mutex_init(&id->lock, NULL);
    pthread_cond_init(&id->turn, NULL);
    return id;
}

void identity_free(struct identity *id)
{
    if (id == NULL)
        return;
    pthread_mutex_destroy(&id->lock);
    pthread_cond_destroy(&id->turn);
    free(id);
}

/* --- cookies ---------------------------------------------------------------------------------- */

static const char *cookie_name(const struct http_request *req)
{
    return req->peer.secure ? "__Host-chancery" : "chancery";
}

static void set_cookie(struct http_request *req, struct http_response *res, struct str value,
                       int64_t max_age_s)
{
    struct str cookie = arena_printf(
        req->mem, "%s=" STR_FMT "; Path=/; HttpOnly; SameSite=Lax; Max-Age=%lld%s",
        cookie_name(req), STR_ARG(value), (long long)max_age_s, req->peer.secure ? "; Secure" : "");
    http_set_header(res, "Set-Cookie", cookie);
}

/* --- who -------------------------------------------------------------------------------------- */

/* Notes that a session or token is in use, at most once a minute; a failure does no more than end
 * the session earlier or leave a time of use behind. */
static void note_use(struct http_request *req, change_fn *seen, const struct principal *who)
{
    const struct change change = {.by = who, .if_match = IF_MATCH_NONE};
    struct err ignored = {0};
    if (!catalog_change(APP(req)->catalog, seen, &change, req->mem, NULL, &ignored))
        log_err(APP(req)->log, "use of a session or token could not be noted", &ignored);
}

static bool by_session(struct http_request *req, struct principal *who, struct err *err)
{
    struct str cookie = http_cookie(req, cookie_name(req));
    struct err over = {0};
    bool stale = false;
    if (cookie.ptr == NULL)
        return true;
    if (!principal_of_session(VIEW(req), cookie, req->mem, who, &stale, &over)) {
        *who = principal_anonymous;
        if (over.code == ERR_UNAUTHENTICATED)
            return true;
        *err = over;
        return false;
    }
    if (stale)
        note_use(req, session_seen, who);
    return true;
}

/* "Bearer …", the scheme without regard to case (RFC 9110 §11.1, RFC 6750 §2.1). Other schemes are
 * those of proxies in front and say nothing here. */
static struct str bearer_of(const struct http_request *req)
{
    struct str rest = http_header(req, "authorization"), scheme = STR_NONE;
    (void)str_split(&rest, ' ', &scheme);
    if (!str_eq_nocase(scheme, STR("Bearer")))
        return STR_NONE;
    return rest.ptr != NULL ? str_trim(rest) : STR("");
}

/* A token that is shown counts alone: when it is not valid, no cookie and no account stands in. */
static bool by_token(struct http_request *req, struct str token, struct principal *who,
                     struct err *err)
{
    bool unseen = false, local = req->peer.is_unix && !req->peer.behind_proxy;
    if (!local && !req->peer.secure && !req->peer.is_loopback) {
        (void)fail(err, ERR_DENIED, "", "tokens are not taken over plain http from another host");
        return err_hint(err, "use the https address; this token has been seen on the way, so "
                             "revoke it");
    }
    if (!principal_of_token(VIEW(req), token, req->mem, who, &unseen, err))
        return false;
    if (unseen)
        note_use(req, token_seen, who);
    return true;
}

bool identity_identify(struct http_request *req, struct err *err)
{
    struct principal *who = arena_new(req->mem, struct principal);
    req->principal = who;
    *who = principal_anonymous;
    if (req->worker == NULL) /* inline routes read no database and need nobody */
        return true;
    struct str token = str_starts(req->path, STR(TOKEN_PATHS)) ? bearer_of(req) : STR_NONE;
    if (token.ptr != NULL)
        return by_token(req, token, who, err);
    if (req->peer.is_unix && !req->peer.behind_proxy)
        return principal_of_unix(VIEW(req), (unsigned)req->peer.uid, req->mem, who, err);
    return by_session(req, who, err);
}

bool identity_admit(struct http_request *req, struct err *err)
{
    switch ((enum route_role)req->route->role) {
    case ROUTE_ANYONE:
        return true;
    case ROUTE_SIGNED_IN:
        if (PRINCIPAL(req)->via != VIA_NOBODY)
            return true;
        (void)fail(err, ERR_UNAUTHENTICATED, "", "nobody is signed in");
        return err_hint(err, "sign in at /sign-in, or use the Unix socket");
    case ROUTE_LOCAL:
        if (req->peer.is_unix || (req->peer.is_loopback && !req->peer.behind_proxy))
            return true;
        return fail(err, ERR_DENIED, "", "only for this host");
    case ROUTE_GATEWAY:
        break;
    }
    return fail(err, ERR_DENIED, "", "not on this listener");
}

/* --- forgery ---------------------------------------------------------------------------------- */

/* A browser says where a form comes from; another program need not. */
static bool same_origin(const struct http_request *req)
{
    struct str site = http_header(req, "sec-fetch-site"), origin = http_header(req, "origin");
    if (site.ptr != NULL && !str_eq(site, STR("same-origin")) && !str_eq(site, STR("none")))
        return false;
    if (origin.ptr == NULL)
        return true;
    size_t scheme = str_find(origin, STR("://"));
    return scheme != SIZE_MAX && str_eq_nocase(str_sub(origin, scheme + 3, origin.len), req->host);
}

/* Mask and masked text one behind the other, in hex. */
struct str identity_form_token(const struct http_request *req)
{
    struct str csrf = PRINCIPAL(req) != NULL ? PRINCIPAL(req)->csrf : STR_NONE;
    if (csrf.len == 0)
        return STR_NONE;
    uint8_t *bytes = arena_alloc(req->mem, 2 * csrf.len);
    random_fill(bytes, csrf.len);
    for (size_t i = 0; i < csrf.len; i++)
        bytes[csrf.len + i] = bytes[i] ^ (uint8_t)csrf.ptr[i];
    return hex_format(req->mem, bytes, 2 * csrf.len);
}

/* What is no masked text of that length stays as it is: programs send the token itself. */
static struct str unmask(struct str token, size_t len, struct arena *mem)
{
    uint8_t *bytes = arena_alloc(mem, 2 * len);
    char *text = arena_alloc(mem, len);
    if (token.len != 4 * len || !hex_parse(token, bytes, 2 * len))
        return token;
    for (size_t i = 0; i < len; i++)
        text[i] = (char)(bytes[i] ^ bytes[len + i]);
    return (struct str){text, len};
}

bool identity_check_token(const struct http_request *req, struct str token, struct err *err)
{
    const struct principal *who = PRINCIPAL(req);
    if (who->via == VIA_TOKEN) /* no browser adds one by itself */
        return true;
    if (who->via != VIA_SESSION)
        return same_origin(req) || fail(err, ERR_DENIED, "", "the request comes from another site");
    token = unmask(token, who->csrf.len, req->mem);
    if (same_origin(req) && token.ptr != NULL && token.len == who->csrf.len &&
        equal_constant_time(token.ptr, who->csrf.ptr, token.len))
        return true;
    (void)fail(err, ERR_DENIED, "", "the form is out of date or comes from another site");
    return err_hint(err, "load the page again and repeat the step");
}

bool identity_check_form(struct http_request *req, struct err *err)
{
    return identity_check_token(req, http_form(req, "csrf"), err);
}

/* --- signing in ------------------------------------------------------------------------------- */

bool identity_may_sign_in(const struct http_request *req, struct err *err)
{
    if (req->peer.secure || req->peer.is_loopback)
        return true;
    (void)fail(err, ERR_DENIED, "", "passwords are not taken over plain http from another host");
    return err_hint(err, "use the https address, or forward a port with ssh -L");
}

/* IPv4 by /24, anything else by its first 19 characters (an IPv6 /64). */
static struct str network_of(struct str address)
{
    size_t dots = 0;
    for (size_t i = 0; i < address.len; i++)
        if (address.ptr[i] == '.' && ++dots == 3)
            return str_sub(address, 0, i);
    return str_sub(address, 0, 19);
}

static struct sha256 who_tries(const struct http_request *req, struct str name)
{
    return sha256_of(arena_join(req->mem, name, STR("\n"), network_of(req->peer.address)));
}

static struct tries *slot_of(struct identity *id, const struct sha256 *who, int64_t now_ms)
{
    uint16_t slot;
    memcpy(&slot, who->bytes, sizeof(slot));
    struct tries *t = &id->tries[slot % TRIES_SLOTS];
    if (memcmp(&t->who, who, sizeof(*who)) != 0 || now_ms - t->since_ms > TRIES_WINDOW_MS)
        *t = (struct tries){.who = *who, .since_ms = now_ms};
    return t;
}

/* Waits for one of two places at the hash; the queue behind them is short on purpose. */
static bool take_turn(struct identity *id, const struct sha256 *who, int64_t now_ms,
                      struct err *err)
{
    bool ok = true;
    pthread_mutex_lock(&id->lock);
    const struct tries *t = slot_of(id, who, now_ms);
    if (t->count >= TRIES_MOST) {
        int64_t left_ms = TRIES_WINDOW_MS - (now_ms - t->since_ms);
        (void)fail(err, ERR_LIMIT, "", "too many attempts to sign in");
        ok = err_hint(err, "try again in %lld minutes", (long long)left_ms / 60000 + 1);
    } else if (id->waiting >= HASHES_WAITING) {
        (void)fail(err, ERR_BUSY, "", "too many people are signing in at once");
        ok = err_hint(err, "try again in a few seconds");
    } else {
        id->waiting++;
        while (id->hashing >= HASHES_AT_ONCE)
            pthread_cond_wait(&id->turn, &id->lock);
        id->waiting--;
        id->hashing++;
    }
    pthread_mutex_unlock(&id->lock);
    return ok;
}

static void end_turn(struct identity *id, const struct sha256 *who, bool matched, int64_t now_ms)
{
    pthread_mutex_lock(&id->lock);
    id->hashing--;
    struct tries *t = slot_of(id, who, now_ms);
    t->count = matched ? 0 : t->count + 1;
    pthread_cond_signal(&id->turn);
    pthread_mutex_unlock(&id->lock);
}

bool identity_sign_in(struct http_request *req, struct str name, struct str password,
                      struct http_response *res, struct err *err)
{
    struct portal *app = APP(req);
    struct principal who = principal_anonymous;
    struct new_session made = {0};
    struct sha256 tries = who_tries(req, name);
    if (!identity_may_sign_in(req, err) || !take_turn(app->identity, &tries, req->now_ms, err))
        return false;
    bool matched = sign_in_check(VIEW(req), name, password, req->mem, &who, err);
    end_turn(app->identity, &tries, matched, req->now_ms);
    if (!matched)
        return false;
    const struct change change = {.by = &who, .if_match = IF_MATCH_NONE};
    if (!catalog_change(app->catalog, session_create, &change, req->mem, &made, err))
        return false;
    set_cookie(req, res, made.cookie, (int64_t)SESSION_HOURS * 3600);
    return true;
}

static bool set_password(struct http_request *req, struct str password, struct http_response *res,
                         struct err *err)
{
    const struct json body = {
        .type = JSON_TYPE_OBJECT,
        .count = 1,
        .child =
            &(struct json){.type = JSON_TYPE_STRING, .key = STR("password"), .string = password}
    };
    const struct change change = {.by = PRINCIPAL(req), .body = &body, .if_match = IF_MATCH_NONE};
    struct new_session made = {0};
    if (!catalog_change(APP(req)->catalog, password_change, &change, req->mem, &made, err))
        return false;
    if (made.cookie.ptr != NULL)
        set_cookie(req, res, made.cookie, (int64_t)SESSION_HOURS * 3600);
    return true;
}

/* Only what is wrong with the present password is this function's to say in words of its own. */
static bool check_current(struct http_request *req, struct str current, struct err *err)
{
    struct principal same = principal_anonymous;
    if (sign_in_check(VIEW(req), PRINCIPAL(req)->name, current, req->mem, &same, err))
        return true;
    if (err->code == ERR_UNAUTHENTICATED) {
        (void)fail(err, ERR_INVALID, "/current_password", "is not your present password");
        (void)err_hint(err, "an administrator can set a new password");
    }
    return false;
}

bool identity_change_password(struct http_request *req, struct str current, struct str password,
                              struct http_response *res, struct err *err)
{
    struct portal *app = APP(req);
    const struct principal *who = PRINCIPAL(req);
    struct sha256 tries = who_tries(req, who->name);
    if (!catalog_may(VIEW(req), who, ACTION_PASSWORD_CHANGE, who->user_id)) {
        (void)fail(err, ERR_DENIED, "", "only users who have signed in change their password");
        return err_hint(err, "sign in with name and password");
    }
    if (!identity_may_sign_in(req, err) || !take_turn(app->identity, &tries, req->now_ms, err))
        return false;
    bool matched = check_current(req, current, err);
    end_turn(app->identity, &tries, matched, req->now_ms);
    return matched && set_password(req, password, res, err);
}

bool identity_sign_out(struct http_request *req, struct http_response *res, struct err *err)
{
    const struct change change = {.by = PRINCIPAL(req), .if_match = IF_MATCH_NONE};
    if (PRINCIPAL(req)->via == VIA_SESSION &&
        !catalog_change(APP(req)->catalog, session_delete, &change, req->mem, NULL, err))
        return false;
    set_cookie(req, res, STR(""), 0);
    return true;
}
