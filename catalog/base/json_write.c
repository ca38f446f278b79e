/* The JSON writer: one pass into a buf, no tree. */
#include <math.h>
#include <stdlib.h>

#include "catalog/base/base.h"

#define DEEPEST 63

/* Comma before the next item, and the checks that make broken JSON impossible. */
static void begin_value(struct json_writer *w)
{
    uint64_t bit = UINT64_C(1) << w->depth;
    if (w->depth > 0 && (w->is_object & bit)) {
        assert(w->after_key);
        w->after_key = false;
        return;
    }
    if (w->has_items & bit)
        buf_add_char(w->out, ',');
    w->has_items |= bit;
}

static void open_level(struct json_writer *w, char mark, bool object)
{
    begin_value(w);
    assert(w->depth < DEEPEST);
    uint64_t bit = UINT64_C(1) << ++w->depth;
    w->has_items &= ~bit;
    w->is_object = object ? w->is_object | bit : w->is_object & ~bit;
    buf_add_char(w->out, mark);
}

static void close_level(struct json_writer *w, char mark)
{
    assert(w->depth > 0 && !w->after_key);
    w->depth--;
    buf_add_char(w->out, mark);
}

void json_open_object(struct json_writer *w)
{
    open_level(w, '{', true);
}

void json_close_object(struct json_writer *w)
{
    close_level(w, '}');
}

void json_open_array(struct json_writer *w)
{
    open_level(w, '[', false);
}

void json_close_array(struct json_writer *w)
{
    close_level(w, ']');
}

static char short_escape(unsigned char c)
{
    switch (c) {
    case '"':
    case '\\':
        return (char)c;
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    case '\b':
        return 'b';
    case '\f':
        return 'f';
    default:
        return 0;
    }
}

static void write_text(struct buf *out, struct str s)
{
    size_t plain = 0;
    buf_add_char(out, '"');
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F)
            continue;
        buf_add(out, str_sub(s, plain, i - plain));
        plain = i + 1;
        if (short_escape(c))
            buf_printf(out, "\\%c", short_escape(c));
        else
            buf_printf(out, "\\u%04x", c);
    }
    buf_add(out, str_sub(s, plain, s.len));
    buf_add_char(out, '"');
}

void json_key(struct json_writer *w, struct str name)
{
    uint64_t bit = UINT64_C(1) << w->depth;
    assert(w->depth > 0 && (w->is_object & bit) && !w->after_key);
    if (w->has_items & bit)
        buf_add_char(w->out, ',');
    w->has_items |= bit;
    write_text(w->out, name);
    buf_add_char(w->out, ':');
    w->after_key = true;
}

void json_put_str(struct json_writer *w, struct str value)
{
    if (value.ptr == NULL) {
        json_put_null(w);
        return;
    }
    begin_value(w);
    write_text(w->out, value);
}

void json_put_i64(struct json_writer *w, int64_t value)
{
    begin_value(w);
    buf_printf(w->out, "%lld", (long long)value);
}

void json_put_double(struct json_writer *w, double value)
{
    char text[40];
    if (!isfinite(value)) {
        json_put_null(w);
        return;
    }
    begin_value(w);
    if (signbit(value) && !(value < 0)) { /* "-0" would read back as the integer 0 */
        buf_add(w->out, STR("-0.0"));
        return;
    }
    for (int digits = 6; digits <= 17; digits++) { /* the shortest text that reads back equal */
        int len = snprintf(text, sizeof(text), "%.*g", digits, value);
        double back = 0;
        if (len > 0 && (size_t)len < sizeof(text))
            back = strtod(text, NULL);
        if (!(back < value) && !(back > value))
            break;
    }
    buf_add(w->out, str_from(text));
}

void json_put_bool(struct json_writer *w, bool value)
{
    begin_value(w);
    buf_add(w->out, value ? STR("true") : STR("false"));
}

void json_put_null(struct json_writer *w)
{
    begin_value(w);
    buf_add(w->out, STR("null"));
}

void json_put_raw(struct json_writer *w, struct str json)
{
    begin_value(w);
    buf_add(w->out, json);
}

void json_key_str(struct json_writer *w, const char *name, struct str value)
{
    json_key(w, str_from(name));
    json_put_str(w, value);
}

void json_key_i64(struct json_writer *w, const char *name, int64_t value)
{
    json_key(w, str_from(name));
    json_put_i64(w, value);
}

void json_key_bool(struct json_writer *w, const char *name, bool value)
{
    json_key(w, str_from(name));
    json_put_bool(w, value);
}

void json_write(struct json_writer *w, const struct json *value)
{
    switch (value->type) {
    case JSON_TYPE_NULL:
        json_put_null(w);
        return;
    case JSON_TYPE_BOOL:
        json_put_bool(w, value->boolean);
        return;
    case JSON_TYPE_INT:
        json_put_i64(w, value->integer);
        return;
    case JSON_TYPE_REAL:
        json_put_double(w, value->real);
        return;
    case JSON_TYPE_STRING:
        json_put_str(w, value->string);
        return;
    case JSON_TYPE_ARRAY:
        json_open_array(w);
        for (const struct json *item = value->child; item != NULL; item = item->next)
            json_write(w, item);
        json_close_array(w);
        return;
    case JSON_TYPE_OBJECT:
        json_open_object(w);
        for (const struct json *item = value->child; item != NULL; item = item->next) {
            json_key(w, item->key);
            json_write(w, item);
        }
        json_close_object(w);
        return;
    }
}
