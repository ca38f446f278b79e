/* Path templates (OAS 3.1 "Path Templating") cut into comparable segments. */
#include "catalog/route/route.h"
#include "catalog/route/segment.h"

/* Space, controls, '?' and '#' never stand in a path that reaches a router. */
static bool stands_in_paths(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c < 0x20 || c == 0x7F || c == '?' || c == '#')
            return false;
    }
    return true;
}

/* Takes the variable that begins at text[*at]; names are not looked at beyond being there. */
static bool skip_variable(struct str text, size_t *at)
{
    for (size_t i = *at + 1; i < text.len; i++) {
        if (text.ptr[i] == '{')
            return false;
        if (text.ptr[i] == '}') {
            bool named = i > *at + 1;
            *at = i + 1;
            return named;
        }
    }
    return false;
}

static bool add_part(struct str raw, const char *where, struct arena *mem, struct segment *s,
                     struct err *err)
{
    struct str part = STR("");
    if (!stands_in_paths(raw)) {
        (void)fail(err, ERR_INVALID, where, "the template holds a byte that no request path has");
        return err_hint(err, "take queries and fragments out of the path");
    }
    if (!route_decode(raw, mem, &part)) {
        (void)fail(err, ERR_INVALID, where, "the template has a broken percent-encoding");
        return err_hint(err, "write a percent sign as %%25");
    }
    s->parts[s->part_count++] = part;
    s->text_len += part.len;
    return true;
}

/* Cuts one segment at its variables. */
static bool parse_segment(struct str text, const char *where, struct arena *mem, struct segment *s,
                          struct err *err)
{
    size_t from = 0;
    size_t braces = 0;
    for (size_t i = 0; i < text.len; i++)
        braces += text.ptr[i] == '{';
    s->parts = arena_array(mem, struct str, braces + 1);
    for (size_t at = 0; at < text.len;) {
        if (text.ptr[at] == '{') {
            if (!add_part(str_sub(text, from, at - from), where, mem, s, err))
                return false;
            if (!skip_variable(text, &at))
                return fail(err, ERR_INVALID, where, "the template has a broken {variable}");
            from = at;
        } else if (text.ptr[at++] == '}') {
            return fail(err, ERR_INVALID, where, "the template has a } without a {");
        }
    }
    return add_part(str_sub(text, from, text.len - from), where, mem, s, err);
}

static void classify(struct segment *s)
{
    if (s->part_count == 1)
        s->kind = SEGMENT_LITERAL;
    else if (s->part_count == 2 && s->text_len == 0)
        s->kind = SEGMENT_VARIABLE;
    else
        s->kind = SEGMENT_PATTERN;
}

/* Takes the text up to the next '/' that is not inside braces. */
static struct str take_segment(struct str *rest)
{
    bool inside = false;
    size_t i = 0;
    for (; i < rest->len && (inside || rest->ptr[i] != '/'); i++)
        inside = rest->ptr[i] == '{' || (inside && rest->ptr[i] != '}');
    struct str taken = str_sub(*rest, 0, i);
    *rest = i < rest->len ? str_sub(*rest, i + 1, rest->len - i - 1) : STR_NONE;
    return taken;
}

bool template_parse(struct str text, const char *where, struct arena *mem, struct template *out,
                    struct err *err)
{
    VEC(struct segment) found = {0};
    struct template parsed = {0};
    if (!str_starts(text, STR("/")))
        return fail(err, ERR_INVALID, where, "a path template begins with /");
    struct str rest = str_sub(text, 1, text.len - 1);
    do {
        struct segment s = {0};
        if (found.len == SEGMENTS_MAX)
            return fail(err, ERR_LIMIT, where, "a path template has at most %d segments",
                        SEGMENTS_MAX);
        if (!parse_segment(take_segment(&rest), where, mem, &s, err))
            return false;
        classify(&s);
        if (s.kind == SEGMENT_LITERAL &&
            (str_eq(s.parts[0], STR(".")) || str_eq(s.parts[0], STR(".."))))
            return fail(err, ERR_INVALID, where, "the template has a . or .. segment");
        parsed.variable_count += s.part_count - 1;
        vec_push(&found, mem, s);
    } while (rest.ptr != NULL);
    if (parsed.variable_count > ROUTE_PARAMS_MAX)
        return fail(err, ERR_LIMIT, where, "a path template has at most %d variables",
                    ROUTE_PARAMS_MAX);
    parsed.segments = found.ptr;
    parsed.segment_count = found.len;
    *out = parsed;
    return true;
}

static int size_order(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

/* Mixed segments: more text is more specific, then fewer variables; the rest only makes the order
 * total and the same on every machine. */
int segment_order(const struct segment *a, const struct segment *b)
{
    int order = (int)a->kind - (int)b->kind;
    if (order == 0 && a->kind == SEGMENT_PATTERN) {
        order = size_order(b->text_len, a->text_len);
        if (order == 0)
            order = size_order(a->part_count, b->part_count);
    }
    if (order != 0 || a->kind == SEGMENT_VARIABLE)
        return order;
    for (size_t i = 0; i < a->part_count && order == 0; i++)
        order = str_cmp(a->parts[i], b->parts[i]);
    return order;
}
