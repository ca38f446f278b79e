/* Examples for programs; a body is the text that is sent. */
#include "tui/command/examples.h"

static void key_optional(struct json_writer *w, const char *name, struct str value)
{
    if (value.ptr != NULL)
        json_key_str(w, name, value);
}

static void put_headers(struct json_writer *w, const struct exchange_header *headers, size_t count)
{
    json_key(w, STR("headers"));
    json_open_array(w);
    for (size_t i = 0; i < count; i++) {
        json_open_object(w);
        json_key_str(w, "name", headers[i].name);
        json_key_str(w, "value", headers[i].value);
        json_close_object(w);
    }
    json_close_array(w);
}

static void put_bodies(struct json_writer *w, const struct exchange_body *bodies, size_t count)
{
    json_key(w, STR("bodies"));
    json_open_array(w);
    for (size_t i = 0; i < count; i++) {
        json_open_object(w);
        json_key_str(w, "media_type", bodies[i].media_type);
        key_optional(w, "name", bodies[i].name);
        json_key_bool(w, "given", bodies[i].given);
        key_optional(w, "body", bodies[i].text);
        key_optional(w, "reason", bodies[i].reason);
        json_close_object(w);
    }
    json_close_array(w);
}

static void put_request_json(struct json_writer *w, const struct exchange_request *r)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    json_key(w, STR("request"));
    json_open_object(w);
    if (r->missing.ptr != NULL) {
        json_key_str(w, "missing", r->missing);
    } else {
        json_key_str(w, "url", shown_url(r, &mem));
        json_key_str(w, "target", r->target);
    }
    put_headers(w, r->headers, r->header_count);
    put_bodies(w, r->bodies, r->body_count);
    json_close_object(w);
}

void shown_json(const struct shown *s, struct json_writer *w)
{
    json_open_object(w);
    json_key_str(w, "operation", s->operation->key);
    key_optional(w, "operation_id", s->operation->operation_id);
    put_request_json(w, &s->request);
    json_key(w, STR("answers"));
    json_open_array(w);
    for (size_t i = 0; i < s->answer_count; i++) {
        const struct exchange_answers *a = &s->answers[i];
        json_open_object(w);
        json_key_str(w, "status", a->status);
        key_optional(w, "description", a->description);
        put_headers(w, a->headers, a->header_count);
        put_bodies(w, a->bodies, a->body_count);
        json_close_object(w);
    }
    json_close_array(w);
    json_key(w, STR("findings"));
    json_open_array(w);
    for (size_t i = 0; i < s->notes.len; i++) {
        json_open_object(w);
        json_key_str(w, "pointer", s->notes.ptr[i].pointer);
        json_key_str(w, "message", s->notes.ptr[i].message);
        json_close_object(w);
    }
    json_close_array(w);
    json_close_object(w);
}
