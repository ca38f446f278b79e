/* Reads a DiscoveryRequest in one pass: most of its 77 KB is a list of extensions to skip. */
#include "catalog/envoy/envoy.h"

#define DEEPEST 32

struct scan {
    struct str text;
    size_t at;
    struct err *err;
};

static bool bad(struct scan *s, const char *what)
{
    char where[40];
    snprintf(where, sizeof(where), "offset %zu", s->at);
    return fail(s->err, ERR_INVALID, where, "the poll is no discovery request: %s", what);
}

/* The byte at hand behind blanks, 0 at the end. */
static unsigned char peek(struct scan *s)
{
    while (s->at < s->text.len && strchr(" \t\r\n", s->text.ptr[s->at]) && s->text.ptr[s->at])
        s->at++;
    return s->at < s->text.len ? (unsigned char)s->text.ptr[s->at] : 0;
}

static bool take(struct scan *s, char mark)
{
    if (peek(s) != (unsigned char)mark)
        return false;
    s->at++;
    return true;
}

/* --- values ----------------------------------------------------------------------------------- */

/* RFC 8259 §7. raw is what stands between the quotes, escapes and all. */
static bool scan_string(struct scan *s, struct str *raw, bool *escaped)
{
    if (!take(s, '"'))
        return bad(s, "a text is expected");
    size_t start = s->at;
    *escaped = false;
    while (s->at < s->text.len) {
        unsigned char c = (unsigned char)s->text.ptr[s->at];
        if (c == '"') {
            *raw = (struct str){s->text.ptr + start, s->at++ - start};
            return true;
        }
        if (c < 0x20)
            return bad(s, "a text holds a control byte");
        if (c == '\\') {
            *escaped = true;
            s->at++; /* what follows cannot end the text; at the end the loop ends, too */
        }
        s->at++;
    }
    return bad(s, "a text does not end");
}

/* A number, true, false or null: letters, digits and signs, as nothing reads them. */
static bool skip_word(struct scan *s)
{
    size_t start = s->at;
    while (s->at < s->text.len && s->text.ptr[s->at] &&
           strchr("+-.0123456789Eaeflnrstu", s->text.ptr[s->at]))
        s->at++;
    return s->at > start || bad(s, "a value is expected");
}

/* Steps to the next element of an array or member of an object; *more is false behind the last. */
static bool next_item(struct scan *s, char end, size_t index, bool *more)
{
    *more = false;
    if (take(s, end))
        return true;
    if (index > 0 && !take(s, ','))
        return bad(s, "a comma or an end is expected");
    *more = true;
    return true;
}

static bool next_member(struct scan *s, size_t index, struct str *key, bool *more)
{
    bool escaped = false;
    if (!next_item(s, '}', index, more))
        return false;
    if (!*more)
        return true;
    return scan_string(s, key, &escaped) && (take(s, ':') || bad(s, "a colon is expected"));
}

static bool skip_value(struct scan *s, unsigned depth);

static bool skip_nested(struct scan *s, char end, unsigned depth)
{
    bool more = true;
    struct str key = STR_NONE;
    if (depth >= DEEPEST)
        return bad(s, "it is nested too deep");
    for (size_t i = 0;; i++) {
        bool ok = end == '}' ? next_member(s, i, &key, &more) : next_item(s, end, i, &more);
        if (!ok || !more)
            return ok;
        if (!skip_value(s, depth + 1))
            return false;
    }
}

static bool skip_value(struct scan *s, unsigned depth)
{
    struct str text;
    bool escaped = false;
    switch (peek(s)) {
    case '{':
        s->at++;
        return skip_nested(s, '}', depth);
    case '[':
        s->at++;
        return skip_nested(s, ']', depth);
    case '"':
        return scan_string(s, &text, &escaped);
    default:
        return skip_word(s);
    }
}

/* --- what a poll says ------------------------------------------------------------------------- */

struct field {
    struct str key;
    struct str *to;
    bool escapes; /* may stay: shown to people, not compared */
};

static bool read_text(struct scan *s, const struct field *field)
{
    bool escaped = false;
    if (field->to->ptr != NULL)
        return bad(s, "a member stands twice");
    return scan_string(s, field->to, &escaped) &&
           (!escaped || field->escapes || bad(s, "a name holds an escape"));
}

/* An object of which the named members are read. */
static bool read_object(struct scan *s, const struct field *fields, size_t count)
{
    bool more = true;
    struct str key = STR_NONE;
    if (!take(s, '{'))
        return bad(s, "an object is expected");
    for (size_t i = 0;; i++) {
        const struct field *found = NULL;
        if (!next_member(s, i, &key, &more))
            return false;
        if (!more)
            return true;
        for (size_t j = 0; j < count; j++)
            if (str_eq(key, fields[j].key))
                found = &fields[j];
        if (!(found ? read_text(s, found) : skip_value(s, 2)))
            return false;
    }
}

static bool read_names(struct scan *s, struct envoy_poll *out)
{
    bool more = true;
    if (!take(s, '['))
        return bad(s, "the names are no list");
    for (size_t i = 0;; i++) {
        if (!next_item(s, ']', i, &more))
            return false;
        if (!more)
            return true;
        if (out->name_count == COUNT_OF(out->names))
            return bad(s, "it asks for too many names");
        if (!read_text(s, &(struct field){.to = &out->names[out->name_count++]}))
            return false;
    }
}

static bool read_member(struct scan *s, struct str key, struct envoy_poll *out)
{
    const struct field node[] = {
        {STR("id"),      &out->node_id, false},
        {STR("cluster"), &out->cluster, false}
    };
    const struct field error[] = {
        {STR("message"), &out->error_detail, true}
    };
    if (str_eq(key, STR("node")))
        return read_object(s, node, COUNT_OF(node));
    if (str_eq(key, STR("error_detail")))
        return read_object(s, error, COUNT_OF(error));
    if (str_eq(key, STR("resource_names")))
        return read_names(s, out);
    if (str_eq(key, STR("version_info")))
        return read_text(s, &(struct field){.to = &out->version});
    return skip_value(s, 1);
}

bool envoy_poll_read(struct str body, struct envoy_poll *out, struct err *err)
{
    struct scan s = {.text = body, .err = err};
    struct envoy_poll poll = {0};
    struct str key = STR_NONE;
    bool more = true;
    if (!take(&s, '{'))
        return bad(&s, "it is no object");
    for (size_t i = 0; more; i++)
        if (!next_member(&s, i, &key, &more) || (more && !read_member(&s, key, &poll)))
            return false;
    if (peek(&s) != 0 || s.at < body.len)
        return bad(&s, "something follows its end");
    if (poll.node_id.len == 0)
        return bad(&s, "the node has no id");
    *out = poll;
    return true;
}
