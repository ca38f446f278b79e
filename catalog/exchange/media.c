/* Media types of messages: which of several keys is meant (RFC 9110 §8.3, OAS 3.x "content"). */
#include "parts.h"

struct str media_essence(struct str media_type)
{
    return str_trim(str_sub(media_type, 0, str_find_char(media_type, ';')));
}

/* RFC 6839 §3.1: also what ends with +json; a range that holds JSON is sent as JSON. */
bool is_json(struct str media_type)
{
    struct str essence = media_essence(media_type);
    size_t tail = essence.len > 5 ? essence.len - 5 : 0;
    return str_eq_nocase(essence, STR("application/json")) ||
           str_eq_nocase(essence, STR("text/json")) || str_eq(essence, STR("*/*")) ||
           str_eq_nocase(essence, STR("application/*")) ||
           str_eq_nocase(str_sub(essence, tail, 5), STR("+json"));
}

/* The same type with the same parameters, blanks around `;` apart. */
static bool same_type(struct str a, struct str b)
{
    struct str x, y;
    bool more_a, more_b;
    do {
        more_a = str_split(&a, ';', &x);
        more_b = str_split(&b, ';', &y);
    } while (more_a && more_b && str_eq_nocase(str_trim(x), str_trim(y)));
    return !more_a && !more_b;
}

unsigned media_covers(struct str declared, struct str came)
{
    struct str range = media_essence(declared), rest = media_essence(came), kind, other;
    if (same_type(declared, came))
        return 4;
    if (str_eq_nocase(range, rest))
        return 3;
    if (str_eq(range, STR("*/*")))
        return 1;
    (void)str_split(&range, '/', &kind);
    (void)str_split(&rest, '/', &other);
    return str_eq(range, STR("*")) && str_eq_nocase(kind, other) ? 2 : 0;
}

struct str media_sent(struct str media_type)
{
    struct str range = media_essence(media_type);
    if (str_eq(range, STR("*/*")) || str_eq_nocase(range, STR("application/*")))
        return STR("application/json");
    return str_eq_nocase(range, STR("text/*")) ? STR("text/plain") : media_type;
}
