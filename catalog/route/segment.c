/* Percent-decoding, byte by byte, and what may stand in a raw path. */
#include "catalog/route/segment.h"
#include "catalog/route/route.h"

bool percent_well_formed(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] != '%')
            continue;
        if (s.len - i < 3 || hex_digit(s.ptr[i + 1]) < 0 || hex_digit(s.ptr[i + 2]) < 0)
            return false;
        i += 2;
    }
    return true;
}

/* The decoded byte at *at of a well-formed text; moves *at behind it. */
static unsigned char next_byte(struct str s, size_t *at)
{
    size_t i = *at;
    if (s.ptr[i] != '%') {
        *at = i + 1;
        return (unsigned char)s.ptr[i];
    }
    *at = i + 3;
    return (unsigned char)(hex_digit(s.ptr[i + 1]) * 16 + hex_digit(s.ptr[i + 2]));
}

int segment_cmp(struct str raw, struct str decoded)
{
    size_t at = 0;
    for (size_t i = 0; i < decoded.len; i++) {
        if (at == raw.len)
            return -1;
        unsigned char a = next_byte(raw, &at), b = (unsigned char)decoded.ptr[i];
        if (a != b)
            return a < b ? -1 : 1;
    }
    return at < raw.len;
}

bool segment_is_dots(struct str raw)
{
    return raw.len > 0 && raw.len <= 6 &&
           (segment_cmp(raw, STR(".")) == 0 || segment_cmp(raw, STR("..")) == 0);
}

bool route_decode(struct str segment, struct arena *mem, struct str *out)
{
    if (!percent_well_formed(segment))
        return false;
    char *text = arena_alloc(mem, segment.len + 1);
    size_t len = 0;
    for (size_t at = 0; at < segment.len;)
        text[len++] = (char)next_byte(segment, &at);
    *out = (struct str){text, len};
    return true;
}

/* Both texts advance together; an encoded slash is no border and equals only itself. */
bool route_strip(struct str path, struct str base, struct str *rest)
{
    size_t at = 0, base_at = 0;
    while (base.len > 0 && base.ptr[base.len - 1] == '/')
        base.len--;
    if (!percent_well_formed(path) || !percent_well_formed(base))
        return false;
    while (base_at < base.len) {
        if (at == path.len || (path.ptr[at] == '/') != (base.ptr[base_at] == '/') ||
            next_byte(path, &at) != next_byte(base, &base_at))
            return false;
    }
    if (at < path.len && path.ptr[at] != '/')
        return false;
    *rest = str_sub(path, at, path.len - at);
    return true;
}
