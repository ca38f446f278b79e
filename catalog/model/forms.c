/* Forms of names, lists as JSON text, and the nearest name for a typo. */
#include "catalog/model/model.h"

#define LONGEST_NAME 64

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

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Edit distance in which two letters that have changed places count once, as typing errors do;
 * three rows are enough, names are short. */
static size_t distance(struct str a, struct str b)
{
    size_t rows[3][LONGEST_NAME + 1];
    for (size_t j = 0; j <= b.len; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            bool same = a.ptr[i - 1] == b.ptr[j - 1];
            row[j] = smaller(above[j - 1] + !same, smaller(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1])
                row[j] = smaller(row[j], two_above[j - 2] + 1);
        }
    }
    return rows[a.len % 3][b.len];
}

const char *nearest_name(struct str wanted, const char *const *names, size_t count)
{
    const char *nearest = NULL;
    size_t least = wanted.len / 3 + 2; /* further away is another word, not a typo */
    if (wanted.len > LONGEST_NAME)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        struct str name = str_from(names[i]);
        size_t far = name.len > LONGEST_NAME ? SIZE_MAX : distance(wanted, name);
        if (far < least) {
            least = far;
            nearest = names[i];
        }
    }
    return nearest;
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
