/* Escaping by context. */
#include "portal/html/html.h"

#define REPLACEMENT "\xEF\xBF\xBD"

/* Length of the well-formed sequence s begins with; 0 when there is none. */
static size_t sequence(struct str s)
{
    unsigned char c = (unsigned char)s.ptr[0];
    size_t len = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    return len <= s.len && str_utf8(str_sub(s, 0, len), NULL) ? len : 0;
}

/* C0 controls but white space, DEL, and C1 controls (C2 80 … C2 9F): nothing a page should carry.
 */
static bool is_control(struct str sequence)
{
    unsigned char c = (unsigned char)sequence.ptr[0];
    if (c < 0x20)
        return c != '\t' && c != '\n' && c != '\r';
    return c == 0x7F || (c == 0xC2 && (unsigned char)sequence.ptr[1] < 0xA0);
}

/* Formatting that turns the reading direction of what follows: U+202A–202E, U+2066–2069. */
static bool is_bidi_control(struct str sequence)
{
    if (sequence.len != 3 || (unsigned char)sequence.ptr[0] != 0xE2)
        return false;
    unsigned char second = (unsigned char)sequence.ptr[1], third = (unsigned char)sequence.ptr[2];
    return (second == 0x80 && third >= 0xAA && third <= 0xAE) ||
           (second == 0x81 && third >= 0xA6 && third <= 0xA9);
}

static void escape_text(struct str text, struct buf *out)
{
    static const char *const entities[256] = {
        ['&'] = "&amp;",  ['<'] = "&lt;",   ['>'] = "&gt;",
        ['"'] = "&quot;", ['\''] = "&#39;", ['`'] = "&#96;",
    };
    while (text.len > 0) {
        size_t len = sequence(text);
        struct str one = str_sub(text, 0, len);
        const char *entity = entities[(unsigned char)text.ptr[0]];
        if (len == 0 || is_control(one) || is_bidi_control(one))
            buf_add(out, STR(REPLACEMENT));
        else if (entity != NULL)
            buf_add(out, str_from(entity));
        else
            buf_add(out, one);
        text = str_sub(text, len ? len : 1, text.len);
    }
}

static bool is_plain(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c != '\0' && strchr("-._~", c) != NULL);
}

/* keep: bytes that stay besides the unreserved ones (RFC 3986 §2.3). */
static void escape_percent(struct str text, const char *keep, struct buf *out)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c == '&' && strchr(keep, c) != NULL)
            buf_add(out, STR("&amp;"));
        else if (is_plain(c) || (c != '\0' && strchr(keep, c) != NULL))
            buf_add_char(out, (char)c);
        else
            buf_printf(out, "%%%02X", c);
    }
}

/* A URL without a scheme stays on this site unless it begins with two slashes, of either kind. */
static bool url_allowed(struct str url)
{
    static const char *const schemes[] = {"http", "https", "mailto"};
    size_t colon = str_find_char(url, ':');
    if (url.len >= 2 && strchr("/\\", url.ptr[0]) != NULL && strchr("/\\", url.ptr[1]) != NULL)
        return false;
    for (size_t i = 0; i < url.len && i < colon; i++)
        if (url.ptr[i] == '/' || url.ptr[i] == '?' || url.ptr[i] == '#')
            return true;
    if (colon == SIZE_MAX)
        return true;
    for (size_t i = 0; i < COUNT_OF(schemes); i++)
        if (str_eq_nocase(str_sub(url, 0, colon), str_from(schemes[i])))
            return true;
    return false;
}

void html_escape(enum html_context context, struct str text, struct buf *out)
{
    switch (context) {
    case HTML_TEXT:
    case HTML_ATTRIBUTE:
        escape_text(text, out);
        return;
    case HTML_URL:
        if (url_allowed(text))
            escape_percent(text, "%:/?#[]@!$&()*+,;=", out);
        else
            buf_add_char(out, '#');
        return;
    case HTML_URL_PATH:
    case HTML_URL_QUERY:
        escape_percent(text, "", out);
        return;
    }
}
