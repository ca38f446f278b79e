/* Queries, urlencoded bodies, multipart/form-data. */
#include "portal/http/form.h"

#define BOUNDARY_LEN_MAX  70 /* RFC 2046 §5.1.1 */
#define PART_HEADERS_MAX  ((size_t)4096)
#define NAME_LEN_MAX      128
#define FILE_NAME_LEN_MAX 255
#define FILE_TYPE_LEN_MAX 128

/* --- urlencoded ------------------------------------------------------------------------------- */

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool decode(struct str text, struct arena *mem, struct str *out)
{
    char *to = arena_alloc(mem, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i] == '+' ? ' ' : text.ptr[i];
        if (c == '%') {
            int high = i + 2 < text.len ? hex_value(text.ptr[i + 1]) : -1;
            int low = i + 2 < text.len ? hex_value(text.ptr[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = (char)(high * 16 + low);
            i += 2;
        }
        if (c == '\0')
            return false;
        to[len++] = c;
    }
    *out = (struct str){to, len};
    return str_utf8(*out, NULL);
}

bool form_decode(struct str text, const char *where, struct arena *mem,
                 const struct http_pair **out, size_t *count, struct err *err)
{
    VEC(struct http_pair) pairs = {0};
    struct str part = STR_NONE;
    while (str_split(&text, '&', &part)) {
        if (part.len == 0)
            continue;
        if (pairs.len == FORM_FIELDS_MAX)
            return fail(err, ERR_LIMIT, where, "has more than %d fields", FORM_FIELDS_MAX);
        struct str value = part, name = STR_NONE;
        struct http_pair pair = {.value = STR("")};
        str_split(&value, '=', &name);
        if (!decode(name, mem, &pair.name) ||
            (value.ptr != NULL && !decode(value, mem, &pair.value)))
            return fail(err, ERR_INVALID, where,
                        "has a field with malformed percent-encoding, a NUL or text that is not "
                        "UTF-8");
        vec_push(&pairs, mem, pair);
    }
    *out = pairs.ptr;
    *count = pairs.len;
    return true;
}

/* --- media type and parameters ---------------------------------------------------------------- */

bool form_type_is(struct str content_type, struct str type)
{
    struct str rest = content_type, first = STR_NONE;
    return str_split(&rest, ';', &first) && str_eq_nocase(str_trim(first), type);
}

/* Takes the next `; name=value` of *rest; value unquoted. Browsers write " as %22 inside quotes, so
 * a backslash is a backslash (RFC 7578 §4.2). */
static bool next_parameter(struct str *rest, struct str *name, struct str *value)
{
    *rest = str_trim(*rest);
    if (rest->len == 0 || rest->ptr[0] != ';')
        return false;
    *rest = str_trim(str_sub(*rest, 1, rest->len));
    size_t equals = str_find_char(*rest, '=');
    if (equals == SIZE_MAX)
        return false;
    *name = str_sub(*rest, 0, equals);
    *rest = str_sub(*rest, equals + 1, rest->len);
    bool quoted = rest->len > 0 && rest->ptr[0] == '"';
    if (quoted)
        *rest = str_sub(*rest, 1, rest->len);
    size_t end = str_find_char(*rest, quoted ? '"' : ';');
    if (quoted && end == SIZE_MAX)
        return false;
    *value = str_sub(*rest, 0, end);
    *rest = str_sub(*rest, (end == SIZE_MAX ? rest->len : end) + (quoted ? 1 : 0), rest->len);
    if (!quoted)
        *value = str_trim(*value);
    return true;
}

static struct str parameters_of(struct str value)
{
    size_t at = str_find_char(value, ';');
    return at == SIZE_MAX ? STR_NONE : str_sub(value, at, value.len);
}

static bool is_boundary(struct str s)
{
    static const char others[] = "'()+_,-./:=?";
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!alnum && memchr(others, c, sizeof(others) - 1) == NULL)
            return false;
    }
    return s.len > 0 && s.len <= BOUNDARY_LEN_MAX;
}

/* --- multipart -------------------------------------------------------------------------------- */

bool form_start(struct form *form, struct str content_type, struct err *err)
{
    struct str rest = parameters_of(content_type), name = STR_NONE, value = STR_NONE;
    form->state = FORM_START;
    while (next_parameter(&rest, &name, &value)) {
        if (!str_eq_nocase(name, STR("boundary")) || !is_boundary(value))
            continue;
        form->delimiter = arena_join(form->mem, STR("\r\n--"), value);
        /* The first delimiter has no line before it. */
        buf_add(&form->pending, STR("\r\n"));
        return true;
    }
    return fail(err, ERR_INVALID, "content-type", "multipart/form-data needs a boundary");
}

static void drop(struct form *form, size_t bytes)
{
    struct buf *pending = &form->pending;
    memmove(pending->ptr, pending->ptr + bytes, pending->len - bytes);
    pending->len -= bytes;
}

static bool keep(struct form *form, struct str bytes, struct err *err)
{
    if (form->state == FORM_FILE)
        return spool_add(form->spool, bytes, form->file_limit_bytes, err);
    form->field_bytes += bytes.len;
    if (form->field_bytes > form->field_limit_bytes)
        return fail(err, ERR_LIMIT, "body", "fields are larger than %zu bytes",
                    form->field_limit_bytes);
    buf_add(&form->value, bytes);
    return true;
}

struct part {
    struct str name, file_name, type;
};

static bool start_file(struct form *form, const struct part *part, struct err *err)
{
    /* An empty choice is sent as a file without name and bytes. */
    if (part->file_name.len == 0) {
        form->state = FORM_FIELD;
        return true;
    }
    if (form->spool == NULL)
        return fail(err, ERR_INVALID, "body", "files are not taken here");
    if (form->files.len == FORM_FILES_MAX)
        return fail(err, ERR_LIMIT, "body", "has more than %d files", FORM_FILES_MAX);
    if (part->file_name.len > FILE_NAME_LEN_MAX || !str_utf8(part->file_name, NULL))
        return fail(err, ERR_INVALID, "body",
                    "the name of file %zu has more than %d bytes or is not UTF-8",
                    form->files.len + 1, FILE_NAME_LEN_MAX);
    const struct http_file file = {
        .field = form->name,
        .name = arena_str(form->mem, part->file_name),
        .type = arena_str(form->mem, str_sub(part->type, 0, FILE_TYPE_LEN_MAX)),
        .start = form->spool->size_bytes,
    };
    vec_push(&form->files, form->mem, file);
    form->state = FORM_FILE;
    return true;
}

static bool read_disposition(struct str value, struct part *part)
{
    struct str rest = parameters_of(value), name = STR_NONE, text = STR_NONE;
    if (!form_type_is(value, STR("form-data")))
        return false;
    while (next_parameter(&rest, &name, &text)) {
        if (str_eq_nocase(name, STR("name")))
            part->name = text;
        if (str_eq_nocase(name, STR("filename")))
            part->file_name = text;
    }
    return part->name.len > 0 && part->name.len <= NAME_LEN_MAX && str_utf8(part->name, NULL);
}

static bool read_part(struct form *form, struct str headers, struct err *err)
{
    struct part part = {0};
    bool named = false;
    while (headers.len > 0) {
        size_t end = str_find(headers, STR("\r\n"));
        struct str line = str_sub(headers, 0, end), name = STR_NONE;
        headers = end == SIZE_MAX ? STR_NONE : str_sub(headers, end + 2, headers.len);
        if (memchr(line.ptr, '\0', line.len) != NULL || !str_split(&line, ':', &name))
            return fail(err, ERR_INVALID, "body", "a part has a malformed header");
        if (str_eq_nocase(name, STR("content-disposition")))
            named = read_disposition(str_trim(line), &part);
        if (str_eq_nocase(name, STR("content-type")))
            part.type = str_trim(line);
    }
    if (!named)
        return fail(err, ERR_INVALID, "body", "a part has no usable Content-Disposition");
    if (form->fields.len == FORM_FIELDS_MAX)
        return fail(err, ERR_LIMIT, "body", "has more than %d fields", FORM_FIELDS_MAX);
    form->name = arena_str(form->mem, part.name);
    buf_reset(&form->value);
    if (part.file_name.ptr == NULL) {
        form->state = FORM_FIELD;
        return true;
    }
    return start_file(form, &part, err);
}

static bool end_part(struct form *form, struct err *err)
{
    struct str value = buf_str(&form->value);
    if (form->state == FORM_FILE) {
        struct http_file *file = vec_last(&form->files);
        file->size_bytes = form->spool->size_bytes - file->start;
    }
    if (form->state != FORM_FIELD)
        return true;
    if (!str_utf8(value, NULL) || memchr(value.ptr, '\0', value.len) != NULL)
        return fail(err, ERR_INVALID, "body", "a field has a NUL or is not UTF-8");
    struct http_pair pair = {form->name, arena_str(form->mem, value)};
    vec_push(&form->fields, form->mem, pair);
    return true;
}

enum progress { PROGRESS_MORE, PROGRESS_WAIT, PROGRESS_BAD };

/* Behind a delimiter comes CRLF and a part, or "--" and nothing but a last CRLF. */
static enum progress after_delimiter(struct form *form, size_t at, struct err *err)
{
    struct str rest = str_sub(buf_str(&form->pending), at, SIZE_MAX);
    if (rest.len < 2)
        return PROGRESS_WAIT;
    bool last = str_starts(rest, STR("--"));
    if (!last && !str_starts(rest, STR("\r\n"))) {
        fail(err, ERR_INVALID, "body", "a boundary is followed by other bytes");
        return PROGRESS_BAD;
    }
    if (!end_part(form, err))
        return PROGRESS_BAD;
    form->state = last ? FORM_END : FORM_HEADERS;
    drop(form, at + 2);
    return PROGRESS_MORE;
}

static enum progress read_start(struct form *form, struct err *err)
{
    struct str pending = buf_str(&form->pending);
    if (pending.len >= form->delimiter.len && str_starts(pending, form->delimiter))
        return after_delimiter(form, form->delimiter.len, err);
    if (str_starts(form->delimiter, pending))
        return PROGRESS_WAIT;
    fail(err, ERR_INVALID, "body", "does not begin with its boundary");
    return PROGRESS_BAD;
}

static enum progress read_headers(struct form *form, struct err *err)
{
    struct str pending = buf_str(&form->pending);
    size_t end = str_find(pending, STR("\r\n\r\n"));
    if (end == SIZE_MAX && pending.len <= PART_HEADERS_MAX)
        return PROGRESS_WAIT;
    if (end == SIZE_MAX || end > PART_HEADERS_MAX) {
        fail(err, ERR_LIMIT, "body", "a part's headers are larger than %zu bytes",
             PART_HEADERS_MAX);
        return PROGRESS_BAD;
    }
    if (!read_part(form, str_sub(pending, 0, end), err))
        return PROGRESS_BAD;
    drop(form, end + 4);
    return PROGRESS_MORE;
}

static enum progress read_content(struct form *form, struct err *err)
{
    struct str pending = buf_str(&form->pending);
    size_t end = str_find(pending, form->delimiter);
    size_t keep_back = form->delimiter.len - 1;
    size_t sure = end != SIZE_MAX ? end : pending.len > keep_back ? pending.len - keep_back : 0;
    if (!keep(form, str_sub(pending, 0, sure), err))
        return PROGRESS_BAD;
    drop(form, sure);
    return end == SIZE_MAX ? PROGRESS_WAIT : after_delimiter(form, form->delimiter.len, err);
}

static enum progress read_end(struct form *form, struct err *err)
{
    if (str_starts(STR("\r\n"), buf_str(&form->pending)))
        return PROGRESS_WAIT;
    fail(err, ERR_INVALID, "body", "has bytes after its last boundary");
    return PROGRESS_BAD;
}

bool form_feed(struct form *form, struct str bytes, struct err *err)
{
    static enum progress (*const steps[])(struct form *, struct err *) = {
        [FORM_START] = read_start,  [FORM_HEADERS] = read_headers, [FORM_FIELD] = read_content,
        [FORM_FILE] = read_content, [FORM_END] = read_end,
    };
    enum progress progress = PROGRESS_MORE;
    buf_add(&form->pending, bytes);
    while (progress == PROGRESS_MORE)
        progress = steps[form->state](form, err);
    return progress == PROGRESS_WAIT;
}

bool form_finish(struct form *form, struct err *err)
{
    if (form->state != FORM_END)
        return fail(err, ERR_INVALID, "body", "ends before its last boundary");
    return true;
}

void form_clear(struct form *form)
{
    buf_clear(&form->pending);
    buf_clear(&form->value);
    *form = (struct form){0};
}
