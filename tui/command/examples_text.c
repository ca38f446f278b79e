/* Examples as text: a line for a shell, then what comes back. */
#include <ctype.h>

#include "tui/command/examples.h"
#include "tui/term/term.h"

/* For a shell: in single quotes; with control characters in $'…', which takes escapes. */
static void put_quoted(struct str text, struct buf *out)
{
    bool control = false;
    for (size_t i = 0; i < text.len; i++)
        control = control || (iscntrl((unsigned char)text.ptr[i]) && text.ptr[i] != '\n');
    buf_add(out, control ? STR("$'") : STR("'"));
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c == '\'')
            buf_add(out, control ? STR("\\'") : STR("'\\''"));
        else if (control && (iscntrl(c) || c == '\\'))
            buf_printf(out, "\\x%02x", c);
        else
            buf_add_char(out, (char)c);
    }
    buf_add_char(out, '\'');
}

static void put_break(unsigned depth, struct buf *out)
{
    buf_printf(out, "\n%*s", (int)depth * 2, "");
}

/* JSON with a member a line; what is empty stays together. */
static void put_pretty(struct str json, struct buf *out)
{
    bool text = false;
    unsigned depth = 0;
    for (size_t i = 0; i < json.len; i++) {
        char c = json.ptr[i], next = i + 1 < json.len ? json.ptr[i + 1] : '\0';
        bool opens = !text && (c == '{' || c == '['), closes = !text && (c == '}' || c == ']');
        bool empty = i > 0 && closes && (json.ptr[i - 1] == '{' || json.ptr[i - 1] == '[');
        if (closes && !empty)
            put_break(--depth, out);
        buf_add_char(out, c);
        if (c == '"' && !text)
            text = true;
        else if (c == '"')
            text = false;
        else if (text && c == '\\' && i + 1 < json.len)
            buf_add_char(out, json.ptr[++i]);
        else if (opens && next != '}' && next != ']')
            put_break(++depth, out);
        else if (!text && c == ',')
            put_break(depth, out);
        else if (!text && c == ':')
            buf_add_char(out, ' ');
    }
}

static bool is_json_body(const struct exchange_body *body)
{
    return body->text.len > 0 && str_find(body->media_type, STR("json")) != SIZE_MAX &&
           strchr("{[\"-0123456789tfn", body->text.ptr[0]) != NULL &&
           str_find(body->media_type, STR("jsonl")) == SIZE_MAX &&
           str_find(body->media_type, STR("ndjson")) == SIZE_MAX;
}

/* Line by line, safe for a terminal. */
static void put_plain(struct str text, struct buf *out)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str rest = text, line;
    int cols = 0;
    while (str_split(&rest, '\n', &line)) {
        if (str_ends(line, STR("\r")))
            line.len--;
        buf_add(out, term_plain(&mem, line, &cols));
        buf_add_char(out, '\n');
    }
}

static void put_header(struct str name, struct str value, struct buf *out)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    buf_add(out, STR(" \\\n  -H "));
    put_quoted(arena_join(&mem, name, STR(": "), value), out);
}

struct str shown_url(const struct exchange_request *request, struct arena *mem)
{
    bool whole = str_find(request->server, STR("://")) != SIZE_MAX;
    struct str extra = request->credential_query, joint = STR("");
    if (extra.ptr != NULL)
        joint = str_find_char(request->target, '?') == SIZE_MAX ? STR("?") : STR("&");
    return arena_join(mem, whole ? STR("") : STR("http://localhost"), request->server,
                      request->target, joint, extra);
}

static void put_curl(const struct shown *s, const struct exchange_body *body, struct buf *out)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf pretty = {0};
    const struct exchange_request *r = &s->request;
    bool get = str_eq(s->operation->method, STR("GET"));
    buf_add(out, STR("curl "));
    if (str_eq(s->operation->method, STR("HEAD")))
        buf_add(out, STR("--head "));
    else if (!get || body != NULL)
        buf_printf(out, "-X " STR_FMT " ", STR_ARG(s->operation->method));
    put_quoted(shown_url(r, &mem), out);
    for (size_t i = 0; i < r->header_count; i++)
        put_header(r->headers[i].name, r->headers[i].value, out);
    for (size_t i = 0; i < r->credential_count; i++)
        put_header(r->credentials[i].name, r->credentials[i].value, out);
    if (body != NULL) {
        put_header(STR("Content-Type"), body->media_type, out);
        if (is_json_body(body))
            put_pretty(body->text, &pretty);
        buf_add(out, STR(" \\\n  --data-binary "));
        put_quoted(is_json_body(body) ? buf_str(&pretty) : body->text, out);
    }
    buf_add(out, STR("\n\n"));
}

static void put_requests(const struct shown *s, struct buf *out)
{
    const struct exchange_request *r = &s->request;
    if (r->missing.ptr != NULL) {
        buf_add(out, STR("no request: "));
        put_plain(r->missing, out);
        buf_add_char(out, '\n');
        return;
    }
    if (r->body == NULL || !r->body_required)
        put_curl(s, NULL, out);
    for (size_t i = 0; i < r->body_count; i++)
        if (r->bodies[i].text.ptr != NULL)
            put_curl(s, &r->bodies[i], out);
}

static void put_answer(const struct exchange_answers *a, const struct exchange_body *body,
                       struct buf *out)
{
    CLEANUP(buf_clear) struct buf text = {0};
    buf_printf(&text, "HTTP " STR_FMT "  " STR_FMT, STR_ARG(a->status),
               STR_ARG(str_sub(a->description, 0, str_find_char(a->description, '\n'))));
    if (body != NULL && body->name.ptr != NULL)
        buf_printf(&text, " (" STR_FMT ")", STR_ARG(body->name));
    for (size_t i = 0; i < a->header_count; i++)
        buf_printf(&text, "\n" STR_FMT ": " STR_FMT, STR_ARG(a->headers[i].name),
                   STR_ARG(a->headers[i].value));
    if (body != NULL)
        buf_printf(&text, "\nContent-Type: " STR_FMT "\n\n", STR_ARG(body->media_type));
    if (body != NULL && is_json_body(body))
        put_pretty(body->text, &text);
    else if (body != NULL)
        buf_add(&text, body->text.ptr ? body->text : body->reason);
    put_plain(buf_str(&text), out);
    buf_add_char(out, '\n');
}

void shown_text(const struct shown *s, struct buf *out)
{
    CLEANUP(buf_clear) struct buf title = {0};
    buf_printf(&title, "=== " STR_FMT "  " STR_FMT, STR_ARG(s->operation->key),
               STR_ARG(s->operation->operation_id));
    put_plain(buf_str(&title), out);
    buf_add_char(out, '\n');
    put_requests(s, out);
    for (size_t i = 0; i < s->answer_count; i++) {
        const struct exchange_answers *a = &s->answers[i];
        for (size_t b = 0; b < a->body_count; b++)
            put_answer(a, &a->bodies[b], out);
        if (a->body_count == 0)
            put_answer(a, NULL, out);
    }
}
