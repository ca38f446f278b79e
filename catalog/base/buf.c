/* Growing output whose failure sticks. */
#include <stdlib.h>

#include "catalog/base/base.h"

void buf_add_markup(struct buf *b, struct str text)
{
    static const struct {
        char c;
        const char *escaped;
    } escapes[] = {
        {'<',  "&lt;"  },
        {'>',  "&gt;"  },
        {'&',  "&amp;" },
        {'"',  "&quot;"},
        {'\'', "&#39;" }
    };
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        const char *escaped = NULL;
        for (size_t e = 0; e < COUNT_OF(escapes); e++)
            if (text.ptr[i] == escapes[e].c)
                escaped = escapes[e].escaped;
        if (escaped != NULL)
            buf_add(b, str_from(escaped));
        else if (c >= 0x20 || c == '\t' || c == '\n')
            buf_add_char(b, (char)c);
    }
}

void buf_add_annotation(struct buf *b, struct str text, bool property)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ',')))
            buf_printf(b, "%%%02X", (unsigned)c);
        else
            buf_add_char(b, (char)c);
    }
}

char *buf_room(struct buf *b, size_t size)
{
    if (b->failed || size > SIZE_MAX / 4 - b->len ||
        (b->limit_bytes != 0 && b->len + size > b->limit_bytes)) {
        b->failed = true;
        return NULL;
    }
    if (b->len + size > b->cap) {
        size_t grown = b->cap ? b->cap * 2 : 256;
        if (grown < b->len + size)
            grown = b->len + size;
        char *bigger = realloc(b->ptr, grown);
        if (bigger == NULL)
            mem_exhausted();
        b->ptr = bigger;
        b->cap = grown;
    }
    return b->ptr + b->len;
}

void buf_add(struct buf *b, struct str s)
{
    char *to = s.len ? buf_room(b, s.len) : NULL;
    if (to == NULL)
        return;
    memcpy(to, s.ptr, s.len);
    b->len += s.len;
}

void buf_add_char(struct buf *b, char c)
{
    bool fits = b->len < b->cap && !b->failed && (b->limit_bytes == 0 || b->len < b->limit_bytes);
    if (fits) /* nearly always: most of a JSON text comes in single characters */
        b->ptr[b->len++] = c;
    else
        buf_add(b, (struct str){&c, 1});
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *to = len < 0 ? NULL : buf_room(b, (size_t)len + 1);
    if (to != NULL) {
        vsnprintf(to, (size_t)len + 1, format, again);
        b->len += (size_t)len;
    }
    va_end(again);
}

struct str buf_str(const struct buf *b)
{
    return (struct str){b->ptr ? b->ptr : "", b->len};
}

void buf_reset(struct buf *b)
{
    b->len = 0;
    b->failed = false;
}

void buf_clear(struct buf *b)
{
    if (b == NULL)
        return;
    free(b->ptr);
    *b = (struct buf){.limit_bytes = b->limit_bytes};
}
