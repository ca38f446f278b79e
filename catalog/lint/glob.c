/* Globs of overrides: `*`, `?`, `**`, `[a-z]`, `{a,b}`. */
#include "ruleset.h"

#define MOST_DEPTH 200

static bool match(struct str p, struct str s, unsigned depth);

/* `[a-z]`, `[!a]`; *len is its length in the pattern, 0 when it does not end. */
static bool in_class(struct str p, char c, size_t *len)
{
    size_t end = str_find_char(str_sub(p, 1, p.len), ']');
    bool negated = p.len > 1 && (p.ptr[1] == '!' || p.ptr[1] == '^'), found = false;
    *len = end == SIZE_MAX ? 0 : end + 2;
    for (size_t i = negated ? 2 : 1; i < *len - (*len > 0); i++) {
        char from = p.ptr[i], to = from;
        if (i + 2 < *len - 1 && p.ptr[i + 1] == '-') {
            to = p.ptr[i + 2];
            i += 2;
        }
        found = found || (c >= from && c <= to);
    }
    return found != negated;
}

/* Each alternative of `{a,b}` with what follows. */
static bool match_braces(struct str p, struct str s, unsigned depth)
{
    size_t close = str_find_char(p, '}');
    struct str rest = str_sub(p, close + 1, p.len), inside = str_sub(p, 1, close - 1), part;
    while (str_split(&inside, ',', &part)) {
        CLEANUP(arena_clear) struct arena mem = {0};
        if (match(arena_join(&mem, part, rest), s, depth + 1))
            return true;
    }
    return false;
}

/* `*` stays within a name, `**` crosses them; neither takes a leading dot for nothing. */
static bool match_stars(struct str p, struct str s, unsigned depth)
{
    bool deep = str_starts(p, STR("**"));
    struct str rest = str_sub(p, deep ? 2 : 1, p.len);
    if (deep && str_starts(rest, STR("/")) && match(str_sub(rest, 1, rest.len), s, depth + 1))
        return true;
    for (size_t i = 0; i <= s.len; i++) {
        if (match(rest, str_sub(s, i, s.len), depth + 1))
            return true;
        if (i < s.len && s.ptr[i] == '/' && !deep)
            return false;
    }
    return false;
}

static bool match(struct str p, struct str s, unsigned depth)
{
    size_t len = 0;
    for (; p.len > 0; p = str_sub(p, len, p.len)) {
        len = 1;
        if (depth > MOST_DEPTH)
            return false;
        if (p.ptr[0] == '*')
            return match_stars(p, s, depth);
        if (p.ptr[0] == '{' && str_find_char(p, '}') != SIZE_MAX)
            return match_braces(p, s, depth);
        if (s.len == 0)
            return false;
        if (p.ptr[0] == '[' && in_class(p, s.ptr[0], &len) != (len == 0) && len > 0) {
            s = str_sub(s, 1, s.len);
            continue;
        }
        len = 1;
        if (p.ptr[0] != s.ptr[0] && !(p.ptr[0] == '?' && s.ptr[0] != '/'))
            return false;
        s = str_sub(s, 1, s.len);
    }
    return s.len == 0;
}

static struct str base_name(struct str path)
{
    size_t from = path.len;
    while (from > 0 && path.ptr[from - 1] != '/')
        from--;
    return str_sub(path, from, path.len);
}

bool glob_matches(struct str pattern, struct str path)
{
    if (str_starts(pattern, STR("./")))
        pattern = str_sub(pattern, 2, pattern.len);
    if (str_find_char(pattern, '/') == SIZE_MAX)
        path = base_name(path);
    return match(pattern, path, 0);
}
