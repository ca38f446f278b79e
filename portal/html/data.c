/* The values of a page. */
#include "portal/html/data.h"

struct html_data *html_new(struct arena *mem)
{
    struct html_data *d = arena_new(mem, struct html_data);
    d->mem = mem;
    return d;
}

void html_row(struct html_data *d, const struct record *record, const void *row)
{
    d->record = record;
    d->row = row;
}

static struct html_value *add(struct html_data *d, const char *name, enum value_kind kind)
{
    struct html_value *value = arena_new(d->mem, struct html_value);
    value->name = name;
    value->kind = kind;
    value->next = d->values;
    d->values = value;
    return value;
}

void html_text(struct html_data *d, const char *name, struct str value)
{
    add(d, name, VALUE_TEXT)->text = value;
}

void html_number(struct html_data *d, const char *name, int64_t value)
{
    add(d, name, VALUE_NUMBER)->number = value;
}

void html_time(struct html_data *d, const char *name, int64_t at_ms)
{
    add(d, name, VALUE_TIME)->number = at_ms;
}

void html_flag(struct html_data *d, const char *name, bool value)
{
    add(d, name, VALUE_FLAG)->number = value;
}

void html_slot(struct html_data *d, const char *name, const struct html_template *t)
{
    add(d, name, VALUE_SLOT)->slot = t;
}

static struct html_value *own(struct html_data *d, const char *name)
{
    struct html_value *value = d->values;
    while (value != NULL && strcmp(value->name, name) != 0)
        value = value->next;
    return value;
}

struct html_data *html_add(struct html_data *d, const char *list)
{
    struct html_value *value = own(d, list);
    struct html_data *item = html_new(d->mem);
    if (value == NULL || value->kind != VALUE_LIST)
        value = add(d, list, VALUE_LIST);
    vec_push(&value->items, d->mem, item);
    return item;
}

void html_rows(struct html_data *d, const char *list, const struct record *record, const void *rows,
               size_t count)
{
    for (size_t i = 0; i < count; i++)
        html_row(html_add(d, list), record, (const char *)rows + i * record->size);
}

/* --- fields of rows ------------------------------------------------------------------------------
 */

static void list_value(struct str list, struct arena *mem, struct html_value *out)
{
    const struct str *texts = NULL;
    size_t count = list_read(list, mem, &texts);
    out->kind = VALUE_LIST;
    for (size_t i = 0; i < count; i++) {
        struct html_data *item = html_new(mem);
        html_text(item, ".", texts[i]);
        vec_push(&out->items, mem, item);
    }
}

static void field_value(const struct html_data *d, const struct field *f, struct arena *mem,
                        struct html_value *out)
{
    const void *at = (const char *)d->row + f->offset;
    *out = (struct html_value){.name = f->name, .kind = VALUE_TEXT};
    switch (f->type) {
    case FIELD_INT:
        out->kind = VALUE_NUMBER;
        out->number = *(const int64_t *)at;
        return;
    case FIELD_TIME:
        out->kind = VALUE_TIME;
        out->number = *(const int64_t *)at;
        return;
    case FIELD_BOOL:
        out->kind = VALUE_FLAG;
        out->number = *(const bool *)at;
        return;
    case FIELD_LIST:
        list_value(*(const struct str *)at, mem, out);
        return;
    case FIELD_ID:
    case FIELD_TEXT:
    case FIELD_ENUM:
    case FIELD_ROWS:
    case FIELD_BYTES:
    case FIELD_TYPE_COUNT:
        break;
    }
    out->text = record_text(d->record, f->name, d->row, mem);
}

bool data_find(const struct html_data *d, const char *name, struct arena *mem,
               struct html_value *out)
{
    for (const struct html_value *value = d->values; value != NULL; value = value->next)
        if (strcmp(value->name, name) == 0) {
            *out = *value;
            return true;
        }
    if (d->record == NULL)
        return false;
    const struct field *f = record_field(d->record, str_from(name));
    if (f == NULL || (f->flags & FIELD_HIDDEN))
        return false;
    field_value(d, f, mem, out);
    return true;
}
