/* Property paths as lodash splits them. */
#include "ruleset.h"

static bool is_digits(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
    return s.len > 0;
}

/* Length of `[0]`, `["a"]` or `['a']` at the beginning; 0 when there is none. */
static size_t bracketed(struct str rest, struct str *inside)
{
    size_t end = 0;
    char quote = rest.len > 1 ? rest.ptr[1] : '\0';
    if (rest.len < 3 || rest.ptr[0] != '[')
        return 0;
    if (quote == '"' || quote == '\'') {
        for (end = 2; end + 1 < rest.len; end++)
            if (rest.ptr[end] == quote && rest.ptr[end + 1] == ']') {
                *inside = str_sub(rest, 2, end - 2);
                return end + 2;
            }
        return 0;
    }
    end = str_find_char(rest, ']');
    if (end == SIZE_MAX)
        return 0;
    *inside = str_sub(rest, 1, end - 1);
    return is_digits(*inside) || inside->len > 0 ? end + 1 : 0;
}

void field_split(struct str field, struct arena *mem, const struct str **out, size_t *count)
{
    VEC(struct str) segments = {0};
    size_t from = 0, at = 0;
    bool pending = field.len > 0;
    while (at < field.len) {
        struct str inside;
        size_t len = bracketed(str_sub(field, at, field.len), &inside);
        if (field.ptr[at] != '.' && len == 0) {
            at++;
            pending = true;
            continue;
        }
        if (pending && (at > from || field.ptr[at] == '.'))
            vec_push(&segments, mem, str_sub(field, from, at - from));
        if (len > 0)
            vec_push(&segments, mem, inside);
        at += len > 0 ? len : 1;
        pending = len == 0;
        if (len > 0 && at < field.len && field.ptr[at] == '.') {
            at++;
            pending = true;
        }
        from = at;
    }
    if (pending)
        vec_push(&segments, mem, str_sub(field, from, at - from));
    *out = segments.ptr;
    *count = segments.len;
}
