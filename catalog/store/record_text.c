/* SQL made from field tables: column lists, INSERT, UPDATE and DELETE of a record. */
#include "catalog/store/connection.h"

#define RECORD_ROW(name, noun, table, fields) &record_##name,
const struct record *const store_records[STORE_RECORDS] = {RECORDS(RECORD_ROW)};

size_t record_number(const struct record *record)
{
    size_t i = 0;
    while (store_records[i] != record)
        i++;
    return i;
}

bool field_is_column(const struct field *f)
{
    return (f->flags & FIELD_JOINED) == 0;
}

static void add_columns(struct buf *out, const struct record *record, bool own_only)
{
    for (size_t i = 0; i < record->field_count; i++) {
        const struct field *f = &record->fields[i];
        buf_add(out, i ? STR(", ") : STR(""));
        if (field_is_column(f))
            buf_printf(out, "%s.%s", record->table, f->name);
        else
            buf_add(out, own_only ? STR("NULL") : str_from(f->sql));
    }
}

static const struct record *record_named(struct str name)
{
    for (size_t i = 0; i < STORE_RECORDS; i++)
        if (str_eq(name, str_from(store_records[i]->name)))
            return store_records[i];
    return NULL;
}

bool record_expand(const char *text, struct buf *out)
{
    struct str rest = str_from(text);
    for (size_t open; (open = str_find_char(rest, '{')) != SIZE_MAX;) {
        size_t close = str_find_char(rest, '}');
        struct str name = str_sub(rest, open + 1, close - open - 1);
        bool own_only = str_ends(name, STR(".own"));
        const struct record *record = record_named(str_sub(name, 0, str_find_char(name, '.')));
        if (record == NULL)
            return false;
        buf_add(out, str_sub(rest, 0, open));
        add_columns(out, record, own_only);
        rest = str_sub(rest, close + 1, rest.len);
    }
    buf_add(out, rest);
    return !out->failed;
}

/* The columns in order, each in a form: @ is its name, # its parameter. */
static void each_column(const struct record *record, struct buf *out, const char *format)
{
    int columns = 0;
    for (size_t i = 0; i < record->field_count; i++) {
        if (!field_is_column(&record->fields[i]))
            continue;
        columns++;
        buf_add(out, columns > 1 ? STR(", ") : STR(""));
        for (const char *c = format; *c != '\0'; c++)
            if (*c == '@')
                buf_add(out, str_from(record->fields[i].name));
            else if (*c == '#')
                buf_printf(out, "?%d", columns);
            else
                buf_add_char(out, *c);
    }
}

static const char *key_of(const struct record *record)
{
    assert(field_is_column(&record->fields[0]));
    return record->fields[0].name;
}

void record_insert_text(const struct record *record, struct buf *out)
{
    buf_printf(out, "INSERT INTO %s(", record->table);
    each_column(record, out, "@");
    buf_add(out, STR(") VALUES ("));
    each_column(record, out, "#");
    buf_add_char(out, ')');
}

void record_update_text(const struct record *record, struct buf *out)
{
    buf_printf(out, "UPDATE %s SET ", record->table);
    each_column(record, out, "@ = #");
    buf_printf(out, " WHERE %s = ?1", key_of(record));
}

void record_delete_text(const struct record *record, struct buf *out)
{
    buf_printf(out, "DELETE FROM %s WHERE %s = ?1", record->table, key_of(record));
}
