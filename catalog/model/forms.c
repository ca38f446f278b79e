/* Forms of names, lists as JSON text, places in documents. */
#include "catalog/model/model.h"

static bool lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool letter(char c)
{
    return lower(c) || (c >= 'A' && c <= 'Z');
}

bool slug_valid(struct str s)
{
    if (s.len == 0 || s.len > 63 || !lower(s.ptr[0]))
        return false;
    for (size_t i = 1; i < s.len; i++)
        if (!lower(s.ptr[i]) && !digit(s.ptr[i]) && s.ptr[i] != '-')
            return false;
    return true;
}

bool label_valid(struct str s)
{
    if (s.len == 0 || s.len > 32 || (!letter(s.ptr[0]) && !digit(s.ptr[0])))
        return false;
    for (size_t i = 1; i < s.len; i++)
        if (!letter(s.ptr[i]) && !digit(s.ptr[i]) && s.ptr[i] != '.' && s.ptr[i] != '_' &&
            s.ptr[i] != '-')
            return false;
    return true;
}

struct str list_make(const struct str *items, size_t count, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf out = {0};
    struct json_writer w = {.out = &out};
    json_open_array(&w);
    for (size_t i = 0; i < count; i++)
        json_put_str(&w, items[i]);
    json_close_array(&w);
    return arena_str(mem, buf_str(&out));
}

size_t list_read(struct str list, struct arena *mem, const struct str **items)
{
    struct json *root = NULL;
    size_t count = 0;
    *items = NULL;
    if (list.len == 0 || !json_parse(list, mem, &root, NULL) || root->type != JSON_TYPE_ARRAY)
        return 0;
    struct str *found = arena_array(mem, struct str, root->count);
    for (const struct json *item = root->child; item != NULL; item = item->next)
        if (item->type == JSON_TYPE_STRING)
            found[count++] = item->string;
    *items = found;
    return count;
}

/* --- places ----------------------------------------------------------------------------------- */

/* A pointer begins with a slash and a path does not; no path has a number sign. */
static size_t file_len(struct str place)
{
    size_t hash = str_find_char(place, '#');
    return hash == SIZE_MAX || str_starts(place, STR("/")) ? 0 : hash;
}

struct str place_make(struct str file, struct str pointer, struct arena *mem)
{
    if (pointer.ptr == NULL)
        pointer = STR("");
    return file.len > 0 ? arena_join(mem, file, STR("#"), pointer) : pointer;
}

struct str place_file(struct str place)
{
    return str_sub(place, 0, file_len(place));
}

struct str place_pointer(struct str place)
{
    size_t len = file_len(place);
    return len > 0 ? str_sub(place, len + 1, place.len) : place;
}
