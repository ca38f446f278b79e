/* Calling a server: what is sent, what is kept back, and what came of it. */
#include "tui/command/operations.h"
#include "tui/command/test.h"

/* Calls without an answer after which a server that never gave one is not there. */
#define MOST_UNREACHED 3
/* Shorter values of --header are no secrets, and would be found everywhere. */
#define SHORTEST_SECRET 6

/* A run: who is asked, and what must not be shown. */
struct caller {
    const struct test_asked *asked;
    struct exchange *x;
    struct fetch *fetch;
    struct server server;
    struct str prefix; /* of the base: its path */
    VEC(struct str) secrets;
    unsigned unreached;
    bool reached;
    struct err err; /* of the last call without an answer */
};

/* --- the server --------------------------------------------------------------------------------
 */

/* "http://host:port/v1" is the server and the prefix "/v1" of all paths. */
static bool split_base(struct caller *c, struct arena *mem, struct err *err)
{
    struct server_options options = c->asked->server;
    struct str base = c->asked->base;
    size_t host = str_find(base, STR("://"));
    if (base.ptr == NULL)
        return fail(err, ERR_INVALID, "--base", "the server is not named");
    if (str_starts(base, STR("unix:"))) {
        options.socket = base;
        return server_find(&options, mem, &c->server, err);
    }
    if (!str_starts(base, STR("http://")) && !str_starts(base, STR("https://"))) {
        (void)fail(err, ERR_INVALID, "--base", "must begin with http://, https:// or unix:");
        return err_hint(err, "--base http://127.0.0.1:8080/v1: what stands before the paths");
    }
    size_t slash = str_find_char(str_sub(base, host + 3, base.len), '/');
    size_t end = slash == SIZE_MAX ? base.len : host + 3 + slash;
    c->prefix = str_sub(base, end, base.len);
    while (str_ends(c->prefix, STR("/")))
        c->prefix.len--;
    if (str_find_char(c->prefix, '?') != SIZE_MAX || str_find_char(c->prefix, '#') != SIZE_MAX)
        return fail(err, ERR_INVALID, "--base", "an address with a query is no base");
    options.url = str_sub(base, 0, end);
    if (server_find(&options, mem, &c->server, err))
        return true;
    if (str_eq(str_from(err->where), options.url) && err->code == ERR_INVALID)
        return fail(err, ERR_INVALID, "--base", "this is not the address of a server");
    return false;
}

static void add_secret(struct caller *c, struct str text, struct arena *mem)
{
    if (text.len >= SHORTEST_SECRET)
        vec_push(&c->secrets, mem, text);
}

/* Values and, of "Bearer …" and the like, what stands behind the scheme. */
static void collect_secrets(struct caller *c, struct arena *mem)
{
    add_secret(c, c->server.token, mem);
    for (size_t i = 0; i < c->asked->headers.len; i++) {
        struct str value = c->asked->headers.ptr[i].value, scheme;
        add_secret(c, value, mem);
        if (str_split(&value, ' ', &scheme) && value.ptr != NULL)
            add_secret(c, value, mem);
    }
}

/* A server may echo what it was sent. */
static struct str redacted(const struct caller *c, struct str text, struct arena *mem)
{
    for (size_t i = 0; i < c->secrets.len; i++) {
        struct str secret = c->secrets.ptr[i];
        size_t at;
        while ((at = str_find(text, secret)) != SIZE_MAX)
            text = arena_join(mem, str_sub(text, 0, at), STR("***"),
                              str_sub(text, at + secret.len, text.len));
    }
    return text;
}

/* --- one call ----------------------------------------------------------------------------------
 */

static bool is_named(const struct caller *c, struct str name)
{
    for (size_t i = 0; i < c->asked->headers.len; i++)
        if (str_eq_nocase(c->asked->headers.ptr[i].name, name))
            return true;
    return str_eq_nocase(name, STR("authorization")) && c->server.token.ptr != NULL;
}

typedef VEC(struct fetch_header) header_list;

/* What the command line says stands in place of what the document gives. */
static void add_headers(const struct caller *c, const struct exchange_request *r,
                        const struct exchange_body *body, struct arena *mem, header_list *out)
{
    for (size_t i = 0; i < r->header_count; i++)
        if (!is_named(c, r->headers[i].name))
            vec_push(out, mem, (struct fetch_header){r->headers[i].name, r->headers[i].value});
    if (body != NULL && !is_named(c, STR("content-type")))
        vec_push(out, mem, (struct fetch_header){STR("Content-Type"), body->media_type});
    for (size_t i = 0; i < c->asked->headers.len; i++)
        vec_push(out, mem, c->asked->headers.ptr[i]);
    if (c->server.token.ptr != NULL) {
        struct str value = arena_join(mem, STR("Bearer "), c->server.token);
        vec_push(out, mem, (struct fetch_header){STR("Authorization"), value});
    }
}

static bool may_carry(struct str method)
{
    return !str_eq(method, STR("GET")) && !str_eq(method, STR("HEAD")) &&
           !str_eq(method, STR("OPTIONS"));
}

static bool send(struct caller *c, struct outcome *o, const struct exchange_request *r,
                 struct arena *mem, struct fetch_answer *out)
{
    const struct exchange_operation *op = o->operation;
    const struct exchange_body *body = may_carry(op->method) ? r->body : NULL;
    header_list headers = {0};
    add_headers(c, r, body, mem, &headers);
    const struct fetch_request request = {.address = c->server.address,
                                          .method = str_z(mem, op->method),
                                          .target = o->target,
                                          .headers = headers.ptr,
                                          .header_count = headers.len,
                                          .body =
                                              body ? body->text : (op->safe ? STR_NONE : STR("")),
                                          .timeout_ms = c->asked->timeout_ms,
                                          .ca_file = c->server.ca_file};
    int64_t begin_ms = clock_steady_ms();
    bool ok = fetch_send(c->fetch, &request, mem, out, &c->err);
    o->took_ms = clock_steady_ms() - begin_ms;
    return ok;
}

static void judge(struct caller *c, struct outcome *o, const struct exchange_request *r,
                  const struct fetch_answer *answer, struct arena *mem)
{
    CLEANUP(arena_clear) struct arena own = {0};
    struct exchange_header *headers =
        arena_array(&own, struct exchange_header, answer->header_count);
    for (size_t i = 0; i < answer->header_count; i++)
        headers[i] = (struct exchange_header){answer->headers[i].name, answer->headers[i].value};
    const struct exchange_answer came = {answer->status, headers, answer->header_count,
                                         answer->body};
    exchange_judge(c->x, o->operation, &came, mem, &o->problems);
    o->status = answer->status;
    o->verdict = o->problems.len > 0 ? VERDICT_FAILED : VERDICT_OK;
    if (o->problems.len > 0 && answer->status == 404 && r->made_up.ptr != NULL)
        o->problems.ptr[0].message =
            arena_join(mem, o->problems.ptr[0].message, STR("; made up: "), r->made_up,
                       STR(" (an example in the document would be sent)"));
    for (size_t i = 0; i < o->problems.len; i++) {
        struct exchange_problem *p = &o->problems.ptr[i];
        p->message = redacted(c, p->message, mem);
        p->instance = redacted(c, p->instance, mem);
    }
}

static void skip(struct outcome *o, struct str reason)
{
    o->verdict = VERDICT_SKIPPED;
    o->reason = reason;
}

/* What is found lives in mem; false when the server is not there at all. */
static bool call(struct caller *c, struct outcome *o, struct arena *mem)
{
    CLEANUP(arena_clear) struct arena own = {0};
    struct exchange_request request;
    struct fetch_answer answer = {0};
    exchange_notes notes = {0};
    if (str_eq(o->operation->method, STR("TRACE"))) {
        skip(o, STR("TRACE sends back what a request holds: never called"));
        return true;
    }
    if (!o->operation->safe && !c->asked->unsafe) {
        skip(o, STR("changes something: needs --unsafe"));
        return true;
    }
    exchange_request(c->x, o->operation, false, &own, &request, &notes);
    if (request.missing.ptr != NULL) {
        skip(o, arena_join(mem, STR("no request: "), request.missing));
        return true;
    }
    o->target = arena_join(mem, c->prefix, request.target);
    if (send(c, o, &request, &own, &answer)) {
        c->reached = true;
        judge(c, o, &request, &answer, mem);
        return true;
    }
    o->verdict = VERDICT_ERROR;
    o->reason = redacted(c, arena_str(mem, str_from(c->err.msg)), mem);
    c->unreached++;
    return c->reached || c->unreached < MOST_UNREACHED;
}

static bool call_all(struct caller *c, struct arena *mem, struct report *report)
{
    size_t count = 0;
    const struct test_asked *asked = c->asked;
    const struct exchange_operation *all = exchange_operations(c->x, &count);
    for (size_t i = 0; i < count; i++) {
        struct outcome outcome = {.operation = &all[i]};
        if (!operation_asked(&all[i], asked->operations.ptr, asked->operations.len))
            continue;
        bool there = call(c, &outcome, mem);
        report->counts[outcome.verdict]++;
        vec_push(&report->outcomes, mem, outcome);
        if (!there)
            return false;
    }
    return c->unreached == 0 || c->reached;
}

bool test_run(const struct test_asked *asked, struct exchange *x, struct arena *mem,
              struct report *report, struct err *err)
{
    struct caller c = {.asked = asked, .x = x};
    if (!split_base(&c, mem, err))
        return false;
    collect_secrets(&c, mem);
    c.fetch = fetch_new();
    bool there = call_all(&c, mem, report);
    fetch_free(c.fetch);
    if (!there)
        *err = c.err;
    return there;
}
