/* HTTP/1.1 framing: heads, lengths, chunks. */
#include "fetch/message.h"

#define HEAD_MOST ((size_t)64 << 10)

/* --- head ---------------------------------------------------------------------------------------
 */

int64_t message_date(struct str text, struct arena *mem)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int64_t at_ms = 0;
    if (text.len != 29 || !str_ends(text, STR(" GMT")))
        return 0;
    size_t month = str_find(str_from(months), str_sub(text, 8, 3));
    if (month == SIZE_MAX || month % 3 != 0)
        return 0;
    struct str iso =
        arena_printf(mem, STR_FMT "-%02zu-" STR_FMT "T" STR_FMT "Z", STR_ARG(str_sub(text, 12, 4)),
                     month / 3 + 1, STR_ARG(str_sub(text, 5, 2)), STR_ARG(str_sub(text, 17, 8)));
    return time_parse(iso, &at_ms) ? at_ms : 0;
}

/* "HTTP/1.1 200 OK"; only 1.1 keeps its connection unasked. */
static bool status_line(struct message *m, struct str line)
{
    int64_t status = 0;
    m->answer = (struct fetch_answer){0};
    m->headers.len = 0;
    m->keep = str_starts(line, STR("HTTP/1.1 "));
    if ((!m->keep && !str_starts(line, STR("HTTP/1.0 "))) ||
        !str_to_i64(str_sub(line, 9, 3), &status) || status < 100 ||
        (line.len > 12 && line.ptr[12] != ' '))
        return false;
    m->answer.status = (int)status;
    return true;
}

struct framing {
    bool chunked;
    int64_t length; /* -1: not given */
};

static bool header(struct message *m, struct str line, struct framing *framing)
{
    struct str value = line, name;
    if (!str_split(&value, ':', &name) || value.ptr == NULL || name.len == 0)
        return false;
    value = arena_str(m->mem, str_trim(value));
    vec_push(&m->headers, m->mem, (struct fetch_header){arena_str(m->mem, name), value});
    if (str_eq_nocase(name, STR("content-type")))
        m->answer.content_type = value;
    else if (str_eq_nocase(name, STR("date")))
        m->answer.date_ms = message_date(value, m->mem);
    else if (str_eq_nocase(name, STR("connection")) && str_eq_nocase(value, STR("close")))
        m->keep = false;
    else if (str_eq_nocase(name, STR("transfer-encoding")))
        return framing->chunked = str_eq_nocase(value, STR("chunked"));
    else if (str_eq_nocase(name, STR("content-length")))
        return framing->length == -1 && str_to_i64(value, &framing->length) && framing->length >= 0;
    return true;
}

static enum message_state body_follows(struct message *m, const struct framing *framing)
{
    int status = m->answer.status;
    if (status < 200)
        return MESSAGE_HEAD; /* a 1xx before the answer proper */
    if (m->head_only || status == 204 || status == 304)
        return MESSAGE_DONE;
    if (framing->chunked)
        return MESSAGE_CHUNK_SIZE;
    if (framing->length < 0) {
        m->keep = false;
        return MESSAGE_TO_END;
    }
    m->left = (uint64_t)framing->length;
    if (m->left > m->limit_bytes)
        return MESSAGE_TOO_LARGE;
    return m->left > 0 ? MESSAGE_LENGTH : MESSAGE_DONE;
}

static struct str unused(const struct message *m)
{
    return str_sub(buf_str(&m->in), m->at, m->in.len);
}

static bool read_head(struct message *m)
{
    struct str rest = unused(m), line;
    struct framing framing = {false, -1};
    size_t end = str_find(rest, STR("\r\n\r\n"));
    bool first = true;
    if (end == SIZE_MAX) {
        if (rest.len > HEAD_MOST)
            m->state = MESSAGE_BAD;
        return false;
    }
    m->at += end + 4;
    rest = str_sub(rest, 0, end);
    while (str_split(&rest, '\n', &line)) {
        line = str_ends(line, STR("\r")) ? str_sub(line, 0, line.len - 1) : line;
        if (first ? !status_line(m, line) : !header(m, line, &framing)) {
            m->state = MESSAGE_BAD;
            return false;
        }
        first = false;
    }
    m->state = body_follows(m, &framing);
    return true;
}

/* --- body ---------------------------------------------------------------------------------------
 */

/* Moves what is there of the next `left` bytes; true when they are complete. */
static bool move_body(struct message *m)
{
    struct str rest = unused(m);
    size_t size = rest.len < m->left ? rest.len : (size_t)m->left;
    buf_add(&m->body, str_sub(rest, 0, size));
    m->at += size;
    m->left -= size;
    if (m->body.failed)
        m->state = MESSAGE_TOO_LARGE;
    return m->left == 0 && !m->body.failed;
}

static bool take_line(struct message *m, struct str *line)
{
    struct str rest = unused(m);
    size_t end = str_find(rest, STR("\r\n"));
    if (end == SIZE_MAX) {
        if (rest.len > HEAD_MOST)
            m->state = MESSAGE_BAD;
        return false;
    }
    *line = str_sub(rest, 0, end);
    m->at += end + 2;
    return true;
}

static bool hex_value(char c, uint64_t *out)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = c != '\0' ? strchr(digits, c) : NULL;
    *out = at ? (uint64_t)(at - digits) % 16 : 0;
    return at != NULL;
}

/* "1a2b" or "1a2b;extension"; sizes past 15 digits are nonsense. */
static bool chunk_size(struct str line, uint64_t *out)
{
    struct str size = str_trim(str_sub(line, 0, str_find_char(line, ';')));
    uint64_t value = 0, digit = 0;
    for (size_t i = 0; i < size.len; i++) {
        if (!hex_value(size.ptr[i], &digit))
            return false;
        value = value << 4 | digit;
    }
    *out = value;
    return size.len > 0 && size.len <= 15;
}

static bool read_chunk_size(struct message *m)
{
    struct str line;
    if (!take_line(m, &line))
        return false;
    if (!chunk_size(line, &m->left))
        m->state = MESSAGE_BAD;
    else
        m->state = m->left > 0 ? MESSAGE_CHUNK : MESSAGE_TRAILER;
    return true;
}

static bool read_line_end(struct message *m)
{
    struct str line;
    if (!take_line(m, &line))
        return false;
    m->state = line.len == 0 ? MESSAGE_CHUNK_SIZE : MESSAGE_BAD;
    return true;
}

static bool read_trailer(struct message *m)
{
    struct str line;
    if (!take_line(m, &line))
        return false;
    if (line.len == 0)
        m->state = MESSAGE_DONE;
    return true;
}

static bool read_known(struct message *m, enum message_state next)
{
    if (!move_body(m))
        return false;
    m->state = next;
    return true;
}

/* One step; false when more bytes are needed or nothing is left to do. */
static bool step(struct message *m)
{
    switch (m->state) {
    case MESSAGE_HEAD:
        return read_head(m);
    case MESSAGE_LENGTH:
        return read_known(m, MESSAGE_DONE);
    case MESSAGE_CHUNK_SIZE:
        return read_chunk_size(m);
    case MESSAGE_CHUNK:
        return read_known(m, MESSAGE_CHUNK_END);
    case MESSAGE_CHUNK_END:
        return read_line_end(m);
    case MESSAGE_TRAILER:
        return read_trailer(m);
    case MESSAGE_TO_END:
        m->left = unused(m).len;
        (void)move_body(m);
        return false;
    case MESSAGE_DONE:
    case MESSAGE_BAD:
    case MESSAGE_TOO_LARGE:
        break;
    }
    return false;
}

void message_take(struct message *m, struct str bytes)
{
    m->body.limit_bytes = m->limit_bytes;
    buf_add(&m->in, bytes);
    while (step(m)) {
    }
    if (m->state == MESSAGE_DONE && unused(m).len > 0)
        m->keep = false; /* bytes nobody asked for */
    if (m->at > 0)
        memmove(m->in.ptr, m->in.ptr + m->at, m->in.len - m->at);
    m->in.len -= m->at;
    m->at = 0;
}

void message_end(struct message *m)
{
    m->keep = false;
    if (m->state == MESSAGE_TO_END)
        m->state = MESSAGE_DONE;
    else if (m->state != MESSAGE_DONE && m->state != MESSAGE_TOO_LARGE)
        m->state = MESSAGE_BAD;
}

void message_clear(struct message *m)
{
    buf_clear(&m->in);
    buf_clear(&m->body);
}
