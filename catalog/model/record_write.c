/* Rows as JSON and as text for people, by field table. */
#include "catalog/model/model.h"

static void write_value(struct json_writer *w, const struct field *f, const char *at)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    switch (f->type) {
    case FIELD_ID: {
        int64_t id = *(const int64_t *)(const void *)at;
        json_put_str(w, id ? id_format(&mem, id) : STR_NONE);
        return;
    }
    case FIELD_TEXT:
        json_put_str(w, *(const struct str *)(const void *)at);
        return;
    case FIELD_INT:
        json_put_i64(w, *(const int64_t *)(const void *)at);
        return;
    case FIELD_BOOL:
        json_put_bool(w, *(const bool *)(const void *)at);
        return;
    case FIELD_TIME: {
        int64_t at_ms = *(const int64_t *)(const void *)at;
        json_put_str(w, at_ms ? time_format(&mem, at_ms) : STR_NONE);
        return;
    }
    case FIELD_ENUM:
        json_put_str(w, str_from(name_of(f->names, *(const int *)(const void *)at)));
        return;
    case FIELD_LIST:
    case FIELD_ROWS: {
        struct str list = *(const struct str *)(const void *)at;
        json_put_raw(w, list.len ? list : STR("[]"));
        return;
    }
    case FIELD_BYTES:
    case FIELD_TYPE_COUNT:
        break;
    }
    json_put_null(w);
}

void record_write_members(struct json_writer *w, const struct record *record, const void *row)
{
    for (size_t i = 0; i < record->field_count; i++) {
        const struct field *f = &record->fields[i];
        if (f->flags & FIELD_HIDDEN)
            continue;
        json_key(w, str_from(f->name));
        write_value(w, f, (const char *)row + f->offset);
    }
}

void record_write(struct json_writer *w, const struct record *record, const void *row)
{
    json_open_object(w);
    record_write_members(w, record, row);
    json_close_object(w);
}

static struct str list_text(struct str list, struct arena *mem)
{
    const struct str *items = NULL;
    size_t count = list_read(list, mem, &items);
    CLEANUP(buf_clear) struct buf out = {0};
    for (size_t i = 0; i < count; i++) {
        buf_add(&out, i ? STR(", ") : STR(""));
        buf_add(&out, items[i]);
    }
    return arena_str(mem, buf_str(&out));
}

struct str record_text(const struct record *record, const char *field, const void *row,
                       struct arena *mem)
{
    const struct field *f = record_field(record, str_from(field));
    if (f == NULL)
        return STR("");
    const void *at = (const char *)row + f->offset;
    switch (f->type) {
    case FIELD_ID:
        return *(const int64_t *)at ? id_format(mem, *(const int64_t *)at) : STR("");
    case FIELD_TEXT:
        return ((const struct str *)at)->ptr ? *(const struct str *)at : STR("");
    case FIELD_INT:
        return arena_printf(mem, "%lld", (long long)*(const int64_t *)at);
    case FIELD_BOOL:
        return *(const bool *)at ? STR("yes") : STR("no");
    case FIELD_TIME:
        return *(const int64_t *)at ? time_format(mem, *(const int64_t *)at) : STR("");
    case FIELD_ENUM:
        return str_from(name_of(f->names, *(const int *)at));
    case FIELD_LIST:
        return list_text(*(const struct str *)at, mem);
    case FIELD_ROWS:
    case FIELD_BYTES:
    case FIELD_TYPE_COUNT:
        break;
    }
    return STR("");
}
