/* Bodies and form values into rows, by field table; every refusal names the field. */
#include "catalog/model/model.h"

/* --- values ----------------------------------------------------------------------------------- */

static void *member(void *row, const struct field *f)
{
    return (char *)row + f->offset;
}

/* RFC 6901 §3: '~' and '/' of a name are escaped. */
const char *record_pointer(struct arena *mem, struct str name)
{
    CLEANUP(buf_clear) struct buf out = {0};
    buf_add_char(&out, '/');
    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] == '~')
            buf_add(&out, STR("~0"));
        else if (name.ptr[i] == '/')
            buf_add(&out, STR("~1"));
        else
            buf_add_char(&out, name.ptr[i]);
    return arena_str(mem, buf_str(&out)).ptr;
}

static bool wrong(const struct field *f, struct arena *mem, const char *what, struct err *err)
{
    return fail(err, ERR_INVALID, record_pointer(mem, str_from(f->name)), "%s", what);
}

/* UTF-8 without control characters but those named. */
static bool is_text(struct str text, const char *but)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if ((c < 0x20 || c == 0x7F) && (c == 0 || strchr(but, c) == NULL))
            return false;
    }
    return str_utf8(text, NULL);
}

static bool set_text(const struct field *f, struct str text, struct arena *mem, void *row,
                     struct err *err)
{
    const char *where = record_pointer(mem, str_from(f->name));
    if ((int64_t)text.len > f->most && f->most > 0)
        return fail(err, ERR_INVALID, where, "longer than %lld bytes", (long long)f->most);
    if ((f->flags & FIELD_SLUG) && !slug_valid(text)) {
        (void)fail(err, ERR_INVALID, where, "\"" STR_FMT "\" is not a name", STR_ARG(text));
        return err_hint(err,
                        "use lower-case letters, digits and hyphens, a letter first, at most 63");
    }
    if ((f->flags & FIELD_LABEL) && !label_valid(text)) {
        (void)fail(err, ERR_INVALID, where, "\"" STR_FMT "\" is not a label", STR_ARG(text));
        return err_hint(
            err, "use letters, digits, '.', '_' and '-', at most 32, the first a letter or digit");
    }
    if ((f->flags & FIELD_REQUIRED) && str_trim(text).len == 0)
        return wrong(f, mem, "must not be empty", err);
    if (!is_text(text, "\t\r\n"))
        return wrong(f, mem, "contains a control character or is not UTF-8", err);
    *(struct str *)member(row, f) = arena_str(mem, text);
    return true;
}

static bool set_int(const struct field *f, int64_t value, struct arena *mem, void *row,
                    struct err *err)
{
    if (value < 0 || (f->most > 0 && value > f->most))
        return fail(err, ERR_INVALID, record_pointer(mem, str_from(f->name)),
                    "%lld is out of range: 0 to %lld", (long long)value, (long long)f->most);
    *(int64_t *)member(row, f) = value;
    return true;
}

static bool set_enum(const struct field *f, struct str text, struct arena *mem, void *row,
                     struct err *err)
{
    int value = value_of(f->names, text);
    if (value >= 0) {
        *(int *)member(row, f) = value;
        return true;
    }
    (void)fail(err, ERR_INVALID, record_pointer(mem, str_from(f->name)),
               "\"" STR_FMT "\" is not known", STR_ARG(text));
    CLEANUP(buf_clear) struct buf known = {0};
    for (int i = 0; i < f->names->count; i++)
        buf_printf(&known, "%s%s", i ? ", " : "", f->names->name[i]);
    return err_hint(err, "use one of: " STR_FMT, STR_ARG(buf_str(&known)));
}

static bool set_time(const struct field *f, struct str text, struct arena *mem, void *row,
                     struct err *err)
{
    if (time_parse(text, (int64_t *)member(row, f)))
        return true;
    (void)wrong(f, mem, "is not a time", err);
    return err_hint(err, "write it as 2026-12-31T23:59:59Z");
}

static bool set_list(const struct field *f, const struct json *value, struct arena *mem, void *row,
                     struct err *err)
{
    CLEANUP(buf_clear) struct buf text = {0};
    struct json_writer w = {.out = &text};
    size_t number = 0;
    for (const struct json *item = value->child; item != NULL; item = item->next, number++) {
        const char *where = arena_printf(mem, "/%s/%zu", f->name, number).ptr;
        if (item->type != JSON_TYPE_STRING || str_trim(item->string).len == 0)
            return fail(err, ERR_INVALID, where, "must be a text that is not empty");
        if (!is_text(item->string, ""))
            return fail(err, ERR_INVALID, where, "contains a control character or is not UTF-8");
    }
    json_write(&w, value);
    if ((int64_t)text.len > f->most)
        return fail(err, ERR_INVALID, record_pointer(mem, str_from(f->name)),
                    "longer than %lld bytes", (long long)f->most);
    *(struct str *)member(row, f) = arena_str(mem, buf_str(&text));
    return true;
}

static void set_none(const struct field *f, void *row)
{
    static const size_t sizes[FIELD_TYPE_COUNT] = {
        [FIELD_ID] = sizeof(FIELD_C_ID),     [FIELD_TEXT] = sizeof(FIELD_C_TEXT),
        [FIELD_INT] = sizeof(FIELD_C_INT),   [FIELD_BOOL] = sizeof(FIELD_C_BOOL),
        [FIELD_TIME] = sizeof(FIELD_C_TIME), [FIELD_ENUM] = sizeof(FIELD_C_ENUM),
        [FIELD_LIST] = sizeof(FIELD_C_LIST), [FIELD_BYTES] = sizeof(FIELD_C_BYTES),
    };
    memset(member(row, f), 0, sizes[f->type]);
}

static bool set_json(const struct field *f, const struct json *value, struct arena *mem, void *row,
                     struct err *err)
{
    static const struct {
        enum json_type type;
        const char *complaint;
    } wants[FIELD_TYPE_COUNT] = {
        [FIELD_TEXT] = {JSON_TYPE_STRING, "must be a text"         },
        [FIELD_INT] = {JSON_TYPE_INT,    "must be a whole number" },
        [FIELD_BOOL] = {JSON_TYPE_BOOL,   "must be true or false"  },
        [FIELD_TIME] = {JSON_TYPE_STRING, "must be a time"         },
        [FIELD_ENUM] = {JSON_TYPE_STRING, "must be a text"         },
        [FIELD_LIST] = {JSON_TYPE_ARRAY,  "must be a list of texts"},
    };
    if (value->type == JSON_TYPE_NULL) {
        if (f->flags & FIELD_REQUIRED)
            return wrong(f, mem, "must not be null", err);
        set_none(f, row);
        return true;
    }
    if (value->type != wants[f->type].type)
        return wrong(f, mem, wants[f->type].complaint, err);
    switch (f->type) {
    case FIELD_TEXT:
        return set_text(f, value->string, mem, row, err);
    case FIELD_INT:
        return set_int(f, value->integer, mem, row, err);
    case FIELD_BOOL:
        *(bool *)member(row, f) = value->boolean;
        return true;
    case FIELD_TIME:
        return set_time(f, value->string, mem, row, err);
    case FIELD_ENUM:
        return set_enum(f, value->string, mem, row, err);
    case FIELD_LIST:
        return set_list(f, value, mem, row, err);
    case FIELD_ID:
    case FIELD_ROWS:
    case FIELD_BYTES:
    case FIELD_TYPE_COUNT:
        break;
    }
    return wrong(f, mem, "cannot be set", err);
}

/* --- fields ----------------------------------------------------------------------------------- */

static bool unknown_field(const struct record *record, struct str name, struct arena *mem,
                          bool creating, struct err *err)
{
    const char **names = arena_array(mem, const char *, record->field_count);
    size_t count = 0;
    for (size_t i = 0; i < record->field_count; i++)
        if (record->fields[i].flags & (creating ? FIELD_CREATE : FIELD_CHANGE))
            names[count++] = record->fields[i].name;
    (void)fail(err, ERR_INVALID, record_pointer(mem, name), "no %s has such a field", record->name);
    const char *near = nearest_name(name, names, count);
    return near ? err_hint(err, "did you mean %s?", near) : false;
}

/* The field of that name when a caller may set it now. */
static const struct field *settable(const struct record *record, struct str name, bool creating,
                                    struct arena *mem, struct err *err)
{
    const struct field *f = record_field(record, name);
    if (f == NULL || (f->flags & FIELD_HIDDEN)) {
        (void)unknown_field(record, name, mem, creating, err);
        return NULL;
    }
    if (f->flags & (creating ? FIELD_CREATE : FIELD_CHANGE))
        return f;
    if (f->flags & FIELD_SET)
        (void)wrong(f, mem, creating ? "can only be changed later" : "cannot be changed any more",
                    err);
    else
        (void)wrong(f, mem, "is read-only", err);
    return NULL;
}

static bool all_required(const struct record *record, const struct json *body, struct arena *mem,
                         struct err *err)
{
    for (size_t i = 0; i < record->field_count; i++) {
        const struct field *f = &record->fields[i];
        if ((f->flags & FIELD_REQUIRED) && (f->flags & FIELD_CREATE) &&
            json_get(body, f->name) == NULL)
            return wrong(f, mem, "is required", err);
    }
    return true;
}

bool record_read(const struct record *record, const struct json *body, bool creating,
                 struct arena *mem, void *row, struct err *err)
{
    if (body == NULL || body->type != JSON_TYPE_OBJECT)
        return fail(err, ERR_INVALID, "", "the body must be a JSON object");
    for (const struct json *item = body->child; item != NULL; item = item->next) {
        const struct field *f = settable(record, item->key, creating, mem, err);
        if (f == NULL || !set_json(f, item, mem, row, err))
            return false;
    }
    return !creating || all_required(record, body, mem, err);
}

/* "a, b" as a list. */
static struct json words_of(struct str text, struct arena *mem)
{
    struct json list = {.type = JSON_TYPE_ARRAY};
    struct json **tail = &list.child;
    struct str part;
    while (str_split(&text, ',', &part)) {
        part = str_trim(part);
        if (part.len == 0)
            continue;
        struct json *item = arena_new(mem, struct json);
        item->type = JSON_TYPE_STRING;
        item->string = part;
        *tail = item;
        tail = &item->next;
        list.count++;
    }
    return list;
}

bool record_set(const struct record *record, struct str name, struct str text, bool creating,
                struct arena *mem, void *row, struct err *err)
{
    const struct field *f = settable(record, name, creating, mem, err);
    struct json value = {.type = JSON_TYPE_STRING, .string = text};
    if (f == NULL)
        return false;
    if (f->type == FIELD_LIST)
        value = words_of(text, mem);
    else if (text.len == 0)
        value.type = JSON_TYPE_NULL;
    else if (f->type == FIELD_BOOL)
        value = (struct json){.type = JSON_TYPE_BOOL, .boolean = !str_eq(text, STR("false"))};
    else if (f->type == FIELD_INT && str_to_i64(text, &value.integer))
        value.type = JSON_TYPE_INT;
    return set_json(f, &value, mem, row, err);
}
