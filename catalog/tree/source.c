/* From bytes to checked UTF-8 text, and from offsets to lines and columns. */
#include "catalog/base/eight.h"
#include "reader.h"

#define BLOCK_BYTES ((size_t)4096)

enum encoding { ENC_UTF8, ENC_UTF16_LE, ENC_UTF16_BE, ENC_UTF32 };

/* Byte order marks, and for text without one the zero bytes of its first two (ASCII) characters.
 * Ordered: the UTF-32 mark begins with the UTF-16 one. */
static const struct {
    struct str mark;
    enum encoding encoding;
} marks[] = {
    {{"\xEF\xBB\xBF", 3},     ENC_UTF8    },
    {{"\xFF\xFE\x00\x00", 4}, ENC_UTF32   },
    {{"\x00\x00\xFE\xFF", 4}, ENC_UTF32   },
    {{"\xFF\xFE", 2},         ENC_UTF16_LE},
    {{"\xFE\xFF", 2},         ENC_UTF16_BE},
};

static enum encoding detect(struct str bytes, size_t *skip)
{
    const char *p = bytes.ptr;
    *skip = 0;
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        if (str_starts(bytes, marks[i].mark)) {
            *skip = marks[i].mark.len;
            return marks[i].encoding;
        }
    if (bytes.len < 4)
        return ENC_UTF8;
    if (p[0] != 0 && p[1] == 0 && p[2] != 0 && p[3] == 0)
        return ENC_UTF16_LE;
    if (p[0] == 0 && p[1] != 0 && p[2] == 0 && p[3] != 0)
        return ENC_UTF16_BE;
    return ENC_UTF8;
}

static uint32_t unit_at(const unsigned char *p, enum encoding encoding)
{
    return encoding == ENC_UTF16_LE ? (uint32_t)(p[0] | p[1] << 8) : (uint32_t)(p[0] << 8 | p[1]);
}

size_t utf8_put(char *to, uint32_t c)
{
    unsigned char *p = (unsigned char *)to;
    if (c < 0x80) {
        p[0] = (unsigned char)c;
        return 1;
    }
    if (c < 0x800) {
        p[0] = (unsigned char)(0xC0 | c >> 6);
        p[1] = (unsigned char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        p[0] = (unsigned char)(0xE0 | c >> 12);
        p[1] = (unsigned char)(0x80 | (c >> 6 & 0x3F));
        p[2] = (unsigned char)(0x80 | (c & 0x3F));
        return 3;
    }
    p[0] = (unsigned char)(0xF0 | c >> 18);
    p[1] = (unsigned char)(0x80 | (c >> 12 & 0x3F));
    p[2] = (unsigned char)(0x80 | (c >> 6 & 0x3F));
    p[3] = (unsigned char)(0x80 | (c & 0x3F));
    return 4;
}

/* Converts up to the first unpaired surrogate or half unit; false when there is one. A unit becomes
 * at most three bytes. */
static bool from_utf16(struct str bytes, enum encoding encoding, struct arena *mem, struct str *out)
{
    const unsigned char *p = (const unsigned char *)bytes.ptr;
    char *text = arena_alloc(mem, bytes.len / 2 * 3 + 1);
    size_t len = 0, i = 0;
    while (i + 2 <= bytes.len) {
        uint32_t c = unit_at(p + i, encoding);
        size_t size = 2;
        if (c >= 0xD800 && c < 0xE000) {
            uint32_t low = i + 4 <= bytes.len ? unit_at(p + i + 2, encoding) : 0;
            if (c >= 0xDC00 || low < 0xDC00 || low >= 0xE000)
                break;
            c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
            size = 4;
        }
        len += utf8_put(text + len, c);
        i += size;
    }
    *out = (struct str){text, len};
    return i == bytes.len;
}

static bool break_ends_at(struct str text, size_t i)
{
    char c = text.ptr[i];
    return c == '\n' || (c == '\r' && (i + 1 == text.len || text.ptr[i + 1] != '\n'));
}

static uint32_t units_of(char c)
{
    unsigned char byte = (unsigned char)c;
    return (uint32_t)((byte & 0xC0) != 0x80) + (uint32_t)(byte >= 0xF0);
}

/* Moves a checkpoint over text[from, to). */
static void advance(struct checkpoint *at, struct str text, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        uint64_t eight = to - i >= 8 ? eight_at(text.ptr + i) : 0;
        if (eight_is_ascii(eight) && !eight_has_below(eight, '\r' + 1)) { /* most of any text */
            at->units += 8;
            i += 7;
            continue;
        }
        at->units += units_of(text.ptr[i]);
        if (text.ptr[i] <= '\r' && break_ends_at(text, i)) {
            at->line++;
            at->line_units = at->units;
        }
    }
}

static void count_lines(struct source *source, struct arena *mem)
{
    size_t blocks = source->text.len / BLOCK_BYTES + 1;
    struct checkpoint *points = arena_array(mem, struct checkpoint, blocks);
    for (size_t i = 1; i < blocks; i++) {
        points[i] = points[i - 1];
        advance(&points[i], source->text, (i - 1) * BLOCK_BYTES, i * BLOCK_BYTES);
    }
    source->checkpoints = points;
}

struct tree_place source_place(const struct source *source, uint32_t offset)
{
    size_t to = offset < source->text.len ? offset : source->text.len;
    struct checkpoint at = source->checkpoints[to / BLOCK_BYTES];
    advance(&at, source->text, to / BLOCK_BYTES * BLOCK_BYTES, to);
    return (struct tree_place){at.line + 1, at.units - at.line_units + 1};
}

const char *source_where(const struct source *source, uint32_t offset, struct tree_where *out)
{
    struct tree_place place = source_place(source, offset);
    snprintf(out->text, sizeof(out->text), "line %u column %u", place.line, place.column);
    return out->text;
}

/* Line tables are made before the checks, so that refusals too name their place. */
static bool check_text(struct source *source, bool converted, struct err *err)
{
    size_t bad = 0;
    if (!str_utf8(source->text, &bad)) {
        unsigned byte = (unsigned char)source->text.ptr[bad];
        (void)fail_in(err, ERR_INVALID, source, (uint32_t)bad, "not valid UTF-8: byte 0x%02X",
                      byte);
        return err_hint(err, "save the document as UTF-8");
    }
    bad = str_find_char(source->text, '\0');
    if (bad != SIZE_MAX)
        return fail_in(err, ERR_INVALID, source, (uint32_t)bad, "NUL character in the text");
    if (!converted)
        return fail_in(err, ERR_INVALID, source, (uint32_t)source->text.len,
                       "not valid UTF-16: unpaired surrogate or half a code unit");
    return true;
}

bool source_open(struct str bytes, const struct tree_limits *limits, struct arena *mem,
                 struct source *out, struct err *err)
{
    size_t skip = 0;
    bool converted = true;
    size_t most = limits->bytes < UINT32_MAX / 2 ? limits->bytes : UINT32_MAX / 2;
    if (bytes.len > most) {
        (void)fail(err, ERR_LIMIT, "line 1 column 1", "the document has %zu bytes, %zu are allowed",
                   bytes.len, most);
        return err_hint(err, "raise the size limit or split the document");
    }
    struct source source = {.text = bytes};
    enum encoding encoding = detect(bytes, &skip);
    source.text = str_sub(bytes, skip, bytes.len);
    if (encoding == ENC_UTF32) {
        (void)fail(err, ERR_INVALID, "line 1 column 1", "UTF-32 text is not read");
        return err_hint(err, "save the document as UTF-8");
    }
    if (encoding != ENC_UTF8)
        converted = from_utf16(source.text, encoding, mem, &source.text);
    if (source.text.ptr == NULL)
        source.text = STR("");
    count_lines(&source, mem);
    if (!check_text(&source, converted, err))
        return false;
    *out = source;
    return true;
}
