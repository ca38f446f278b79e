/* Messages: placeholders are filled as Spectral's replacer does. */
#include "call.h"

static struct str trimmed(struct str s)
{
    return str_trim(s);
}

static bool plain(struct str name, const struct message_values *v, struct arena *mem,
                  struct str *out)
{
    const struct {
        struct str name, text;
    } texts[] = {
        {STR("property"),    v->property   },
        {STR("error"),       v->error      },
        {STR("path"),        v->path       },
        {STR("description"), v->description},
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (str_eq(name, texts[i].name)) {
            *out = texts[i].text.ptr ? texts[i].text : STR("null");
            return true;
        }
    if (!str_eq(name, STR("value")))
        return false;
    *out = string_value(mem, v->value);
    return true;
}

/* print("property"), print("value"), or print("error") and the like. */
static struct str printed(struct str what, const struct message_values *v, struct arena *mem)
{
    struct str text = STR("");
    if (str_eq(what, STR("property")))
        return v->property.len > 0 ? arena_join(mem, STR("\""), v->property, STR("\" property "))
                                   : STR("The document ");
    if (str_eq(what, STR("value")))
        return print_value(mem, v->value);
    (void)plain(what, v, mem, &text);
    return text;
}

/* One term of an expression: a call of print, a text, or a name; `.toUpperCase()` behind it. */
static struct str term(struct str text, const struct message_values *v, struct arena *mem)
{
    struct str out = STR("");
    bool upper = str_ends(text, STR(".toUpperCase()"));
    text = trimmed(upper ? str_sub(text, 0, text.len - 14) : text);
    if (str_starts(text, STR("print(")) && str_ends(text, STR(")"))) {
        struct str inside = trimmed(str_sub(text, 6, text.len - 7));
        out = printed(str_sub(inside, 1, inside.len > 1 ? inside.len - 2 : 0), v, mem);
    } else if (text.len > 1 && (text.ptr[0] == '"' || text.ptr[0] == '\'')) {
        out = str_sub(text, 1, text.len - 2);
    } else {
        (void)plain(text, v, mem, &out);
    }
    if (upper) {
        char *bytes = arena_array(mem, char, out.len + 1);
        for (size_t i = 0; i < out.len; i++)
            bytes[i] =
                out.ptr[i] >= 'a' && out.ptr[i] <= 'z' ? (char)(out.ptr[i] - 32) : out.ptr[i];
        out.ptr = bytes;
    }
    return out;
}

static void add_expression(struct str text, const struct message_values *v, struct arena *mem,
                           struct buf *out)
{
    struct str part, rest = text;
    while (str_split(&rest, '+', &part))
        buf_add(out, term(trimmed(part), v, mem));
}

/* Length of `{{…}}` or `#{{…}}` at the beginning; 0 when there is none. */
static size_t placeholder(struct str s, struct str *inside)
{
    size_t from = str_starts(s, STR("#{{")) ? 3 : str_starts(s, STR("{{")) ? 2 : 0;
    size_t end = from;
    while (end < s.len && s.ptr[end] != '}' && s.ptr[end] != '\n')
        end++;
    if (from == 0 || end == from || !str_eq(str_sub(s, end, 2), STR("}}")))
        return 0;
    *inside = str_sub(s, from, end - from);
    return end + 2;
}

struct str message_fill(struct str text, const struct message_values *values, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf out = {0};
    for (size_t i = 0; i < text.len;) {
        struct str inside, value;
        size_t len = placeholder(str_sub(text, i, text.len), &inside);
        if (len == 0) {
            buf_add_char(&out, text.ptr[i++]);
            continue;
        }
        if (text.ptr[i] == '#')
            add_expression(inside, values, mem, &out);
        else if (plain(inside, values, mem, &value))
            buf_add(&out, value);
        i += len;
    }
    return arena_str(mem, buf_str(&out));
}
