/* Pages of lists: keyset cursors, totals, limits. */
#include "catalog/service/internal.h"

#define LIMIT_DEFAULT 50
#define LIMIT_MOST    500
#define ARG_PLACES    22 /* $1 … $22, as statements.h numbers them */
#define PLACE_TEXT    19
#define PLACE_NUMBER  20
#define PLACE_LIMIT   21
#define CHECK_DIGITS  4

/* Opaque outside: hex of the key and four digits that a guess or a cut-off would miss. */
static struct str cursor_make(struct str key, struct arena *mem)
{
    struct str hex = hex_format(mem, key.ptr, key.len);
    return arena_printf(mem, STR_FMT "%04x", STR_ARG(hex), crc32_of(key) & 0xFFFF);
}

static bool cursor_read(struct str cursor, struct arena *mem, struct str *key)
{
    if (cursor.len <= CHECK_DIGITS || cursor.len % 2 != 0 || cursor.len > 400)
        return false;
    size_t len = (cursor.len - CHECK_DIGITS) / 2;
    char *bytes = arena_alloc(mem, len + 1);
    *key = (struct str){bytes, len};
    return hex_parse(str_sub(cursor, 0, len * 2), bytes, len) &&
           str_eq(cursor_make(*key, mem), cursor);
}

static bool set_cursor(const struct list_kind *kind, struct str cursor, struct arena *mem,
                       struct arg *args, struct err *err)
{
    const struct field *f = record_field(kind->record, str_from(kind->key));
    struct str key = STR_NONE;
    int64_t number = 0;
    if (cursor.ptr == NULL)
        return true;
    bool ok = cursor_read(cursor, mem, &key);
    if (ok && f->type == FIELD_TEXT)
        args[PLACE_TEXT] = arg_text(key);
    else if (ok && str_to_i64(key, &number))
        args[PLACE_NUMBER] = arg_i64(number);
    else {
        (void)fail(err, ERR_INVALID, "cursor", "is none of this list's cursors");
        return err_hint(err, "use `next` of the page before, unchanged");
    }
    return true;
}

static struct str key_of(const struct list_kind *kind, const void *row, struct arena *mem)
{
    const struct field *f = record_field(kind->record, str_from(kind->key));
    const void *at = (const char *)row + f->offset;
    return f->type == FIELD_TEXT ? *(const struct str *)at
                                 : arena_printf(mem, "%lld", (long long)*(const int64_t *)at);
}

bool list_page(struct view *v, const struct list_kind *kind, const struct principal *by,
               const struct arg *filters, size_t filter_count, const struct catalog_query *query,
               struct arena *mem, struct catalog_list *out, struct err *err)
{
    struct arg args[ARG_PLACES] = {VIEWER(by)};
    struct store_rows rows = {0};
    int64_t limit = query->limit ? query->limit : LIMIT_DEFAULT, total = 0;
    if (limit < 1 || limit > LIMIT_MOST)
        return fail(err, ERR_INVALID, "limit", "%lld is out of range: 1 to %d", (long long)limit,
                    LIMIT_MOST);
    for (size_t i = 0; i < filter_count; i++)
        args[i + 2] = filters[i];
    args[PLACE_LIMIT] = arg_i64(limit + 1);
    if (!set_cursor(kind, query->cursor, mem, args, err) || !store_begin_read(v->store, err))
        return false; /* page and total agree */
    bool ok =
        store_all(v->store, kind->page, kind->record, args, COUNT_OF(args), mem, &rows, err) &&
        store_number(v->store, kind->count, args, COUNT_OF(args), 0, &total, err);
    store_end_read(v->store);
    if (!ok)
        return false;
    *out = (struct catalog_list){.rows = rows.rows, .count = rows.count, .total = total};
    if (rows.count > (size_t)limit) {
        out->count = (size_t)limit;
        out->next = cursor_make(
            key_of(kind, (const char *)rows.rows + (out->count - 1) * kind->record->size, mem),
            mem);
    }
    return true;
}
