/* Compressing answers: what the client takes, what is worthwhile, and what must never be.
 *
 * The length of a compressed answer tells how much its parts are alike. Who can choose a part of an
 * answer (a query that a page repeats) and see its length on the wire finds out another part,
 * letter by letter, in spite of TLS (BREACH). So secrets and chosen parts are kept from meeting
 * here:
 * - An answer that shows a key or token is marked `plain` and never compressed.
 * - The form token of a session is masked anew on each page (identity_form_token), so that its
 * bytes never repeat and there is nothing to find out.
 * - What else a page holds is private, too. Only another site makes somebody's browser ask for what
 *   it chooses, and browsers say so in Sec-Fetch-Site: such requests are answered uncompressed.
 * Decisions and discovery (HTTP_CHECK) are answered in the bytes their proxies compare, and nothing
 * is compressed on an event thread. */
#include "portal/http/encoding.h"
#include "portal/http/answer.h"

#define LEAST_BYTES ((size_t)1024)    /* below, a packet is a packet */
#define MOST_BYTES  ((size_t)4 << 20) /* above, it would keep a worker from others for too long */
#define LEVEL       4
#define FULL_WEIGHT 1000

/* --- what the client takes (RFC 9110 §12.5.3) ------------------------------------------------- */

/* "0.25" → 250; -1 for what is no weight (RFC 9110 §12.4.2). */
static int weight_of(struct str text)
{
    int value = 0, unit = FULL_WEIGHT;
    if (text.len == 0 || text.len > 5 || (text.ptr[0] != '0' && text.ptr[0] != '1') ||
        (text.len > 1 && text.ptr[1] != '.'))
        return -1;
    for (size_t i = 0; i < text.len; i++) {
        if (i == 1)
            continue;
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return -1;
        value += (text.ptr[i] - '0') * unit;
        unit /= 10;
    }
    return value <= FULL_WEIGHT ? value : -1;
}

/* "gzip;q=0.5" → coding and weight; false for an item that is not well-formed. */
static bool read_item(struct str item, struct str *coding, int *weight)
{
    struct str name = STR_NONE;
    *weight = FULL_WEIGHT;
    (void)str_split(&item, ';', coding);
    *coding = str_trim(*coding);
    if (item.ptr == NULL)
        return coding->len > 0;
    (void)str_split(&item, '=', &name);
    *weight = str_eq_nocase(str_trim(name), STR("q")) ? weight_of(str_trim(item)) : -1;
    return coding->len > 0 && *weight >= 0;
}

/* Identity is always possible, but for who asks for it by name gzip must weigh as much. */
static bool takes_gzip(struct str header)
{
    int gzip = -1, any = -1, identity = 0, weight;
    struct str item, coding = STR_NONE;
    while (str_split(&header, ',', &item)) {
        if (!read_item(item, &coding, &weight))
            continue;
        if (str_eq_nocase(coding, STR("gzip")) || str_eq_nocase(coding, STR("x-gzip")))
            gzip = weight;
        else if (str_eq(coding, STR("*")))
            any = weight;
        else if (str_eq_nocase(coding, STR("identity")))
            identity = weight;
    }
    if (gzip < 0)
        gzip = any;
    return gzip > 0 && gzip >= identity;
}

bool http_takes_gzip(const struct http_request *req)
{
    return takes_gzip(http_header(req, "accept-encoding"));
}

/* --- what may be compressed ------------------------------------------------------------------- */

static bool is_text(struct str media_type)
{
    static const char *const types[] = {
        "text/html",        "text/plain",      "application/json", "application/problem+json",
        "application/yaml", "application/xml", "image/svg+xml",
    };
    struct str type = str_trim(str_sub(media_type, 0, str_find_char(media_type, ';')));
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (str_eq_nocase(type, str_from(types[i])))
            return true;
    return false;
}

static bool may_compress(struct http_exchange *ex)
{
    struct http_response *res = &ex->res;
    size_t len = answer_body(res).len;
    return ex->server->config.profile == HTTP_PORTAL && ex->req.worker != NULL && !res->plain &&
           len >= LEAST_BYTES && len <= MOST_BYTES && is_text(res->content_type) &&
           answer_header(res, STR("content-encoding")) == NULL;
}

/* Absent: a program, or a browser that does not say, for which the mask has to do. */
static bool chosen_elsewhere(const struct http_request *req)
{
    struct str site = http_header(req, "sec-fetch-site");
    return site.ptr != NULL && !str_eq(site, STR("same-origin")) && !str_eq(site, STR("none"));
}

/* The tag names a state of the object, whatever the bytes (RFC 9110 §8.8.1: weak). */
static void weaken_etag(struct http_exchange *ex)
{
    struct http_pair *etag = answer_header(&ex->res, STR("etag"));
    if (etag != NULL && !str_starts(etag->value, STR("W/")))
        etag->value = arena_join(&ex->own, STR("W/"), etag->value);
}

/* A 304 carries what the 200 would have: the tag in the form its client has it. */
static void match_etag(struct http_exchange *ex)
{
    const struct http_pair *etag = answer_header(&ex->res, STR("etag"));
    struct str asked = http_header(&ex->req, "if-none-match");
    if (etag == NULL || str_starts(etag->value, STR("W/")))
        return;
    http_set_header(&ex->res, "Vary", STR("Accept-Encoding"));
    if (str_find(asked, arena_join(&ex->own, STR("W/"), etag->value)) != SIZE_MAX)
        weaken_etag(ex);
}

static void compress(struct http_exchange *ex)
{
    struct http_response *res = &ex->res;
    struct buf packed = {0};
    struct str body = answer_body(res);
    struct err ignored = {0}; /* then it goes as it is */
    if (!gzip_pack(body, LEVEL, &packed, &ignored) || packed.len >= body.len) {
        buf_clear(&packed);
        return;
    }
    buf_clear(&res->owned);
    res->owned = packed;
    res->body = STR_NONE;
    http_set_header(res, "Content-Encoding", STR("gzip"));
    weaken_etag(ex);
}

void encoding_apply(struct http_exchange *ex)
{
    if (ex->res.status == 304 && ex->req.worker != NULL)
        match_etag(ex);
    if (!may_compress(ex))
        return;
    http_set_header(&ex->res, "Vary", STR("Accept-Encoding"));
    if (http_takes_gzip(&ex->req) && !chosen_elsewhere(&ex->req))
        compress(ex);
}
