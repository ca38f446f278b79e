/* One question and its answer: pages joined, problems put into words. */
#include <stdlib.h>

#include "tui/client/client.h"

#define TIMEOUT_MS 10000
#define PAGES_MOST 40 /* of 500 rows */

void client_reply_free(struct client_reply *reply)
{
    if (reply == NULL)
        return;
    arena_clear(&reply->mem);
    free(reply);
}

/* application/problem+json (RFC 9457) → err. */
static void read_problem(struct client_reply *reply)
{
    static const enum err_code codes[] = {ERR_INVALID, ERR_UNAUTHENTICATED, ERR_DENIED,
                                          ERR_NOT_FOUND, ERR_CONFLICT};
    static const int statuses[] = {400, 401, 403, 404, 409};
    enum err_code code = reply->status >= 500 ? ERR_IO : ERR_INVALID;
    for (size_t i = 0; i < COUNT_OF(statuses); i++)
        if (statuses[i] == reply->status)
            code = codes[i];
    struct str detail = json_get_str(reply->json, "detail"),
               title = json_get_str(reply->json, "title");
    const struct json *errors = json_get(reply->json, "errors");
    struct str first = errors && errors->child ? json_get_str(errors->child, "detail") : STR_NONE;
    if (detail.len == 0)
        detail = title;
    if (detail.len == 0)
        (void)fail(&reply->err, code, "", "chanceryd answered %d", reply->status);
    else if (first.len > 0 && !str_eq(first, detail))
        (void)fail(&reply->err, code, "", STR_FMT ": " STR_FMT, STR_ARG(detail), STR_ARG(first));
    else
        (void)fail(&reply->err, code, "", STR_FMT, STR_ARG(detail));
    struct str hint = json_get_str(reply->json, "hint");
    if (hint.len > 0)
        (void)err_hint(&reply->err, STR_FMT, STR_ARG(hint));
}

/* Both sides' remedies: a token that is wrong, or none. */
static void not_known(struct client_reply *reply, const struct server *server)
{
    if (server->token.len > 0)
        (void)err_hint(&reply->err,
                       "the token of %.80s is not valid (any more): put a new one there",
                       str_z(&reply->mem, server->token_file));
    else if (!str_starts(server->address, STR("unix:")))
        (void)err_hint(&reply->err, "make a personal token in the portal and name its file: "
                                    "--token-file FILE");
}

static void not_reached(struct client_reply *reply, struct str address)
{
    if (str_starts(address, STR("unix:")) && reply->err.code == ERR_IO)
        (void)err_hint(&reply->err, "start it with \"chanceryd serve\", or name its socket: "
                                    "--socket PATH");
}

/* Length and CRC: a change that both miss shows one period later, at the next change. Figures begin
 * with the time they were made at, which is no difference. */
static uint64_t digest_of(struct str body)
{
    if (str_starts(body, STR("{\"at\":")))
        body = str_sub(body, str_find_char(body, ','), body.len);
    return body.len ? (uint64_t)body.len << 32 | crc32_of(body) : 0;
}

static bool send_to(struct fetch *f, const struct server *server, const struct client_ask *ask,
                    struct str target, struct client_reply *reply, struct fetch_answer *out)
{
    struct fetch_header headers[2];
    struct fetch_request request = {
        .address = server->address,
        .method = ask->method,
        .target = target,
        .headers = headers,
        .body = ask->body,
        .timeout_ms = ask->timeout_ms ? ask->timeout_ms : TIMEOUT_MS,
        .peer = "chanceryd",
        .ca_file = server->ca_file,
    };
    if (ask->body.ptr != NULL)
        headers[request.header_count++] = (struct fetch_header){
            STR("content-type"),
            ask->content_type ? str_from(ask->content_type) : STR("application/json")};
    if (server->token.len > 0)
        headers[request.header_count++] = (struct fetch_header){
            STR("authorization"), arena_join(&reply->mem, STR("Bearer "), server->token)};
    if (fetch_send(f, &request, &reply->mem, out, &reply->err))
        return true;
    not_reached(reply, server->address);
    return false;
}

static bool exchange(struct fetch *f, const struct server *server, const struct client_ask *ask,
                     struct str target, struct client_reply *reply, struct json **out)
{
    struct fetch_answer answer = {0};
    if (!send_to(f, server, ask, target, reply, &answer))
        return false;
    reply->reached = true;
    reply->status = answer.status;
    reply->body = answer.body;
    if (answer.date_ms != 0)
        reply->server_ms = answer.date_ms;
    reply->digest = answer.status == 200 ? digest_of(answer.body) : 0;
    reply->same = reply->digest != 0 && reply->digest == ask->known;
    if (reply->same)
        return true;
    bool parsed = answer.body.len == 0 || json_parse(answer.body, &reply->mem, out, &reply->err);
    reply->json = *out;
    if (answer.status < 200 || answer.status > 299) {
        read_problem(reply);
        if (answer.status == 401)
            not_known(reply, server);
        return false;
    }
    if (!parsed)
        return err_hint(&reply->err, "is this address really chanceryd's?");
    return true;
}

/* --- pages --------------------------------------------------------------------------------------
 */

void client_add_segment(struct buf *target, struct str text)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for (size_t i = 0; i < text.len; i++)
        if (memchr(plain, text.ptr[i], sizeof(plain) - 1))
            buf_add_char(target, text.ptr[i]);
        else
            buf_printf(target, "%%%02X", (unsigned)(uint8_t)text.ptr[i]);
}

static struct str page_target(struct arena *mem, struct str target, struct str cursor)
{
    CLEANUP(buf_clear) struct buf b = {0};
    buf_add(&b, target);
    buf_add_char(&b, str_find_char(target, '?') == SIZE_MAX ? '?' : '&');
    buf_add(&b, STR("limit=500"));
    if (cursor.len > 0) {
        buf_add(&b, STR("&cursor="));
        client_add_segment(&b, cursor);
    }
    return arena_str(mem, buf_str(&b));
}

static struct json *items_of(struct json *page)
{
    for (struct json *member = page ? page->child : NULL; member != NULL; member = member->next)
        if (str_eq(member->key, STR("items")) && member->type == JSON_TYPE_ARRAY)
            return member;
    return NULL;
}

static void join(struct json *all, struct json *more)
{
    struct json **end = &all->child;
    while (*end != NULL)
        end = &(*end)->next;
    *end = more->child;
    all->count += more->count;
}

static bool read_pages(struct fetch *f, const struct server *server, const struct client_ask *ask,
                       struct client_reply *reply)
{
    struct json *first = NULL;
    struct str cursor = STR_NONE;
    struct client_ask one = *ask;
    for (int i = 0; i < PAGES_MOST; i++) {
        struct json *page = NULL;
        struct str target = page_target(&reply->mem, ask->target, cursor);
        if (!exchange(f, server, &one, target, reply, &page))
            return false;
        if (reply->same)
            return true;
        struct json *items = items_of(page);
        if (items == NULL)
            return fail(&reply->err, ERR_IO, "", "the answer has no items");
        if (first == NULL)
            first = page;
        else
            join(items_of(first), items);
        cursor = json_get_str(page, "next");
        if (cursor.len == 0)
            break;
        one.known = 0; /* what is known is an answer on one page */
        reply->digest = 0;
    }
    if (cursor.len > 0 || first != reply->json)
        reply->digest = 0;
    reply->json = first;
    reply->body = STR_NONE;
    return true;
}

struct client_reply *client_call(struct fetch *f, const struct server *server,
                                 const struct client_ask *ask)
{
    struct client_reply *reply = mem_new_of(struct client_reply);
    struct json *json = NULL;
    reply->server_ms = clock_now_ms(&clock_system);
    reply->ok = ask->paged ? read_pages(f, server, ask, reply)
                           : exchange(f, server, ask, ask->target, reply, &json);
    return reply;
}
