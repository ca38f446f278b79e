/* Approved-consumer lists for any proxy: whole, as what has changed, or as maps; signed, held until
 * something has. */
#include "portal/control/state.h"
#include "portal/identity.h"
#include "portal/settings.h"

#define WAIT_MOST_S   INT64_C(60)
#define EDITION_MS    INT64_C(20000) /* a list takes that long to sign at most */
#define CHANGES_BYTES ((size_t)262144)

struct asked {
    struct str group;
    enum access_list_form form;
    int64_t since, wait_ms; /* since: -1, the whole list */
    bool may_hold;
};

static bool read_number(const struct http_request *req, const char *name, int64_t most,
                        int64_t *out, struct err *err)
{
    struct str text = http_query(req, name);
    if (text.ptr == NULL)
        return true;
    if (!str_to_i64(text, out) || *out < 0 || *out > most)
        return fail(err, ERR_INVALID, name, "must be a whole number of 0 to %lld", (long long)most);
    return true;
}

/* A misspelt parameter would be a whole list, or no waiting, without a word. */
static bool only_query(const struct http_request *req, const char *const *names, size_t count,
                       struct err *err)
{
    for (size_t i = 0; i < req->query_count; i++) {
        size_t k = 0;
        while (k < count && !str_eq(req->query[i].name, str_from(names[k])))
            k++;
        if (k == count)
            return fail(err, ERR_INVALID, str_z(req->mem, req->query[i].name),
                        "no parameter has this name here");
    }
    return true;
}

/* form: of the maps, or ACCESS_LIST_JSON. */
static bool read_asked(const struct http_request *req, struct str group, enum access_list_form form,
                       bool may_hold, struct asked *out, struct err *err)
{
    static const char *const names[] = {"wait", "since"};
    int64_t wait_s = 0;
    *out = (struct asked){.group = group, .form = form, .since = -1, .may_hold = may_hold};
    if (!only_query(req, names, form == ACCESS_LIST_JSON ? 2 : 1, err) ||
        !read_number(req, "since", INT64_MAX, &out->since, err) ||
        !read_number(req, "wait", WAIT_MOST_S, &wait_s, err))
        return false;
    out->wait_ms = wait_s * 1000;
    return true;
}

static void set_signature(struct http_request *req, const char *key_id,
                          const uint8_t signature[SIGNATURE_LEN], struct http_response *res)
{
    struct str text = base64_format(req->mem, signature, SIGNATURE_LEN);
    http_set_header(res, "Chancery-Signature",
                    arena_printf(req->mem, "ed25519-sha512 %s " STR_FMT, key_id, STR_ARG(text)));
}

static void sign_text(struct control *c, struct http_request *req, struct str text,
                      struct http_response *res)
{
    struct signer signer;
    char id[SIGNING_ID_LEN + 1];
    uint8_t signature[SIGNATURE_LEN];
    signing_begin(c->signing, &signer, id);
    sign_add(&signer, text);
    sign_end(&signer, signature);
    set_signature(req, id, signature, res);
}

/* False: changes are forgotten, or so many that the whole list is the better answer. */
static bool write_changes(struct control *c, struct http_request *req, const struct asked *asked,
                          const struct access_image *image, struct http_response *res)
{
    struct access_changes changes = {0};
    uint64_t version = access_group_version(image, asked->group), since = (uint64_t)asked->since;
    if (since > version || (since < version && !catalog_changes(c->portal->catalog, asked->group,
                                                                since, req->mem, &changes)))
        return false;
    const struct access_list_options options = {.group = asked->group,
                                                .version = version,
                                                .now_ms = req->now_ms,
                                                .ttl_s = c->portal->settings->consumers_ttl_s,
                                                .changes = &changes,
                                                .since = since};
    struct access_list *list = access_list_open(image, &options);
    CLEANUP(buf_clear) struct buf piece = {0};
    for (bool more = true; more && res->owned.len <= CHANGES_BYTES; buf_reset(&piece)) {
        more = access_list_next(list, &piece);
        buf_add(&res->owned, buf_str(&piece));
    }
    access_list_close(list);
    if (res->owned.len > CHANGES_BYTES) {
        buf_clear(&res->owned);
        return false;
    }
    sign_text(c, req, buf_str(&res->owned), res);
    return true;
}

static bool hold(struct control *c, int64_t until_ms, struct http_response *res)
{
    res->hold_until_ms = until_ms;
    pthread_mutex_lock(&c->lock);
    if (c->lists_held_until_ms < until_ms)
        c->lists_held_until_ms = until_ms;
    pthread_mutex_unlock(&c->lock);
    return true;
}

/* Takes the reader: the list is still read when this returns. */
static void send_edition(struct control *c, struct http_request *req, struct image_reader **reader,
                         const struct access_image *image, const struct edition *edition,
                         struct http_response *res)
{
    set_signature(req, edition->key_id, edition->signature, res);
    edition_send(c, *reader, image, edition, http_takes_gzip(req), res);
    *reader = NULL;
}

static bool write_whole(struct control *c, struct http_request *req, const struct asked *asked,
                        struct image_reader **reader, const struct access_image *image,
                        struct http_response *res, struct err *err)
{
    struct edition edition;
    const struct edition_key key = {asked->group, asked->form};
    uint64_t version = access_group_version(image, asked->group);
    if (!edition_ready(c, key, version, req->now_ms, &edition)) {
        if (asked->may_hold && req->hold_over)
            return fail(err, ERR_BUSY, "", "the list could not be made in time");
        if (asked->may_hold)
            return hold(c, req->arrived_ms + asked->wait_ms + EDITION_MS, res);
        edition_make(c, image, key, req->now_ms, &edition);
    }
    send_edition(c, req, reader, image, &edition, res);
    return true;
}

static void set_headers(struct control *c, struct http_request *req, struct str etag,
                        const char *content_type, struct http_response *res)
{
    int64_t ttl_s = c->portal->settings->consumers_ttl_s;
    res->content_type = str_from(content_type);
    http_set_header(res, "ETag", etag);
    http_set_header(res, "Vary", STR("Accept-Encoding"));
    http_set_header(res, "Cache-Control",
                    arena_printf(req->mem, "private, max-age=%lld", (long long)ttl_s));
}

static bool answer_list(struct control *c, struct http_request *req, const struct asked *asked,
                        struct image_reader **reader, const struct access_image *image,
                        struct http_response *res, struct err *err)
{
    uint64_t version = access_group_version(image, asked->group);
    struct str etag = arena_printf(req->mem, "\"%llu\"", (unsigned long long)version);
    bool known = asked->since >= 0 ? (uint64_t)asked->since == version
                                   : http_etag_matches(http_header(req, "if-none-match"), etag);
    int64_t until_ms = req->arrived_ms + asked->wait_ms;
    if (known && asked->may_hold && !req->hold_over && req->now_ms < until_ms)
        return hold(c, until_ms, res);
    set_headers(c, req, etag, "application/json", res);
    if (known && asked->since < 0) {
        res->status = 304;
        return true;
    }
    return (asked->since >= 0 && write_changes(c, req, asked, image, res)) ||
           write_whole(c, req, asked, reader, image, res, err);
}

/* A map has no time on it, so it is named by when it becomes another one by itself, too. */
static struct str map_etag(struct http_request *req, const struct edition *e)
{
    if (e->changes_at_ms == INT64_MAX)
        return arena_printf(req->mem, "\"%llu\"", (unsigned long long)e->version);
    return arena_printf(req->mem, "\"%llu.%lld\"", (unsigned long long)e->version,
                        (long long)e->changes_at_ms);
}

/* A hold that ends with the map's own end is answered 304: the client asks again and gets the next
 * one, which is only made now. */
static bool answer_map(struct control *c, struct http_request *req, const struct asked *asked,
                       struct image_reader **reader, const struct access_image *image,
                       struct http_response *res, struct err *err)
{
    struct edition e;
    const struct edition_key key = {asked->group, asked->form};
    bool ready = edition_ready(c, key, access_group_version(image, asked->group), req->now_ms, &e);
    if (!ready && asked->may_hold && !req->hold_over)
        return hold(c, req->arrived_ms + asked->wait_ms + EDITION_MS, res);
    if (!ready && !asked->may_hold) {
        edition_make(c, image, key, req->now_ms, &e);
        ready = true;
    }
    struct str etag = map_etag(req, &e);
    bool known = e.bytes > 0 && http_etag_matches(http_header(req, "if-none-match"), etag);
    int64_t until_ms = req->arrived_ms + asked->wait_ms;
    if (until_ms > e.changes_at_ms)
        until_ms = e.changes_at_ms;
    if (known && asked->may_hold && !req->hold_over && req->now_ms < until_ms)
        return hold(c, until_ms, res);
    if (!ready && !known)
        return fail(err, ERR_BUSY, "", "the map could not be made in time");
    set_headers(c, req, etag, "text/plain", res);
    if (known)
        res->status = 304;
    else
        send_edition(c, req, reader, image, &e, res);
    return true;
}

static bool answer(struct control *c, struct http_request *req, const struct asked *asked,
                   struct image_reader **reader, struct http_response *res, struct err *err)
{
    const struct access_image *image = image_get(*reader);
    if (image == NULL)
        return fail(err, ERR_BUSY, "", "the first list is not ready yet");
    return asked->form == ACCESS_LIST_JSON ? answer_list(c, req, asked, reader, image, res, err)
                                           : answer_map(c, req, asked, reader, image, res, err);
}

static bool write_list(struct control *c, struct http_request *req, struct str group,
                       enum access_list_form form, bool may_hold, struct http_response *res,
                       struct err *err)
{
    struct asked asked;
    if (!read_asked(req, group, form, may_hold, &asked, err))
        return false;
    struct image_reader *reader = image_reader_open(c->portal->catalog);
    bool ok = answer(c, req, &asked, &reader, res, err);
    image_reader_close(reader);
    return ok;
}

/* The gateway that asks: by its token, or over the Unix socket by the name in the path. */
static const struct gateway_snapshot *gateway_asking(struct http_request *req, struct snapshot *s,
                                                     struct err *err)
{
    const struct gateway_snapshot *g = NULL;
    if (s != NULL && req->peer.is_unix && http_header(req, "authorization").ptr == NULL)
        g = gateway_by_slug(s, req->args[0]);
    else if (!control_authenticate(req, s, STR_NONE, &g, err))
        return NULL;
    if (g != NULL && str_eq(g->slug, req->args[0]))
        return g;
    (void)fail(err, ERR_UNAUTHENTICATED, "",
               "this gateway is not known here, or its token is wrong or missing");
    return NULL;
}

static bool list_for_gateway(struct http_request *req, enum access_list_form form,
                             struct http_response *res, struct err *err)
{
    struct control *c = req->context;
    struct snapshot *s = snapshot_take(c);
    const struct gateway_snapshot *g = gateway_asking(req, s, err);
    bool ok = g != NULL && write_list(c, req, g->group->slug, form, true, res, err);
    snapshot_release(c, s);
    return ok;
}

static bool list_for_person(struct http_request *req, enum access_list_form form,
                            struct http_response *res, struct err *err)
{
    struct gateway row = {0};
    return catalog_gateway(VIEW(req), PRINCIPAL(req), req->args, req->mem, &row, err) &&
           write_list(APP(req)->control, req, row.group, form, false, res, err);
}

bool consumers_for_gateway(struct http_request *req, struct http_response *res, struct err *err)
{
    return list_for_gateway(req, ACCESS_LIST_JSON, res, err);
}

bool control_rest_consumers(struct http_request *req, struct http_response *res, struct err *err)
{
    return list_for_person(req, ACCESS_LIST_JSON, res, err);
}

/* --- maps ------------------------------------------------------------------------------------- */

static bool read_form(const struct http_request *req, enum access_list_form *out, struct err *err)
{
    static const char *const names[ACCESS_LIST_FORM_COUNT] = {
        [ACCESS_LIST_HAPROXY_CONSUMERS] = "haproxy-consumers",
        [ACCESS_LIST_HAPROXY_OPERATIONS] = "haproxy-operations",
        [ACCESS_LIST_NGINX] = "nginx",
    };
    for (int form = ACCESS_LIST_JSON + 1; form < ACCESS_LIST_FORM_COUNT; form++)
        if (str_eq(req->args[1], str_from(names[form]))) {
            *out = (enum access_list_form)form;
            return true;
        }
    (void)fail(err, ERR_NOT_FOUND, "", "no map has this name");
    return err_hint(err, "there are haproxy-consumers, haproxy-operations and nginx");
}

bool maps_for_gateway(struct http_request *req, struct http_response *res, struct err *err)
{
    enum access_list_form form = ACCESS_LIST_JSON;
    return read_form(req, &form, err) && list_for_gateway(req, form, res, err);
}

bool control_rest_maps(struct http_request *req, struct http_response *res, struct err *err)
{
    enum access_list_form form = ACCESS_LIST_JSON;
    return read_form(req, &form, err) && list_for_person(req, form, res, err);
}

/* --- keys to verify with ---------------------------------------------------------------------- */

static void write_signing_keys(struct control *c, struct http_request *req,
                               struct http_response *res)
{
    struct json_writer w = {.out = &res->owned};
    json_open_object(&w);
    json_key(&w, STR("items"));
    signing_write(c->signing, req->mem, &w);
    json_close_object(&w);
    res->content_type = STR("application/json");
}

bool signing_keys_for_gateway(struct http_request *req, struct http_response *res, struct err *err)
{
    UNUSED(err);
    write_signing_keys(req->context, req, res); /* public halves: anybody may have them */
    return true;
}

bool control_rest_signing_keys(struct http_request *req, struct http_response *res, struct err *err)
{
    if (!only_query(req, NULL, 0, err))
        return false;
    write_signing_keys(APP(req)->control, req, res);
    return true;
}

bool control_rest_signing_key_new(struct http_request *req, struct http_response *res,
                                  struct err *err)
{
    struct control *c = APP(req)->control;
    if (!only_query(req, NULL, 0, err) ||
        !identity_check_token(req, http_header(req, "x-csrf-token"), err))
        return false;
    if (!catalog_may(VIEW(req), PRINCIPAL(req), ACTION_GATEWAY_MANAGE, 0))
        return fail(err, ERR_DENIED, "", "only operators make signing keys");
    if (!signing_rotate(c->signing, req->now_ms, err))
        return false;
    log_info(c->portal->log, "a signing key was made", LOG_STR("by", PRINCIPAL(req)->name),
             LOG_STR("request", req->request_id));
    res->status = 201;
    write_signing_keys(c, req, res);
    return true;
}
