/* Paths as rulesets have them: everything that Nimma or JSONPath-Plus accepts. */
#include "path.h"

struct path_builder {
    struct reader *r;
    VEC(struct segment) segments;
    bool key;
};

static void add_segment(struct path_builder *b, enum segment_kind kind,
                        const struct selector *selectors, size_t count, size_t from)
{
    struct reader *r = b->r;
    const char *mark = kind == SEGMENT_DEEP ? ".." : kind == SEGMENT_PARENT ? "^" : ".";
    struct str text =
        arena_printf(r->mem, "%s" STR_FMT, mark, STR_ARG(str_sub(r->text, from, r->at - from)));
    vec_push(&b->segments, r->mem, (struct segment){kind, selectors, count, text});
}

/* --- selectors -------------------------------------------------------------------------------- */

static struct selector name_selector(struct str name)
{
    struct selector s = {.kind = SELECT_NAME, .name = name};
    s.also_index = str_to_i64(name, &s.index) && s.index >= 0;
    return s;
}

static bool quoted(struct reader *r, struct str *out)
{
    char quote = reader_peek(r);
    size_t from = ++r->at;
    while (r->at < r->text.len && r->text.ptr[r->at] != quote)
        r->at++;
    if (r->at >= r->text.len)
        return reader_fail_at(r, from, "this name does not end");
    *out = str_sub(r->text, from, r->at - from);
    r->at++;
    return true;
}

/* `-?d*:-?d*(:d*)?` */
static bool slice_selector(struct str text, struct selector *out)
{
    struct str part, rest = text;
    struct selector s = {.kind = SELECT_SLICE, .step = 1};
    if (str_find_char(text, ':') == SIZE_MAX)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (strchr("-0123456789: ", text.ptr[i]) == NULL)
            return false;
    (void)str_split(&rest, ':', &part);
    s.has_start = str_to_i64(str_trim(part), &s.start);
    (void)str_split(&rest, ':', &part);
    s.has_end = str_to_i64(str_trim(part), &s.end);
    if (rest.ptr != NULL && str_trim(rest).len > 0 && !str_to_i64(str_trim(rest), &s.step))
        return false;
    *out = s;
    return s.step > 0;
}

static bool plain_selector(struct reader *r, struct selector *out)
{
    size_t from = r->at;
    while (r->at < r->text.len && strchr(",]", r->text.ptr[r->at]) == NULL)
        r->at++;
    struct str text = str_trim(str_sub(r->text, from, r->at - from));
    int64_t index = 0;
    if (text.len == 0)
        return reader_fail_at(r, from, "expected a name");
    if (str_eq(text, STR("*")))
        *out = (struct selector){.kind = SELECT_ALL};
    else if (slice_selector(text, out))
        return true;
    else if (text.ptr[0] == '-' && str_to_i64(text, &index))
        *out = (struct selector){.kind = SELECT_INDEX, .index = index};
    else
        *out = name_selector(text);
    return true;
}

static bool script_selector(struct reader *r, enum selector_kind kind, struct selector *out)
{
    *out = (struct selector){.kind = kind};
    if (!script_parse(r, &out->filter))
        return false;
    struct expr *filter = arena_new(r->mem, struct expr);
    *filter = *out->filter;
    filter_require(filter, r->mem);
    out->filter = filter;
    return true;
}

static bool one_selector(struct reader *r, struct selector *out)
{
    reader_blanks(r);
    if (reader_take(r, STR("?")))
        return script_selector(r, SELECT_FILTER, out);
    if (reader_peek(r) == '(')
        return script_selector(r, SELECT_SCRIPT, out);
    if (reader_peek(r) == '\'' || reader_peek(r) == '"') {
        struct str name = STR_NONE;
        if (!quoted(r, &name))
            return false;
        *out = name_selector(name);
        return true;
    }
    return plain_selector(r, out);
}

/* Behind the opening bracket. */
static bool bracket(struct path_builder *b, bool deep, size_t from)
{
    struct reader *r = b->r;
    VEC(struct selector) selectors = {0};
    do {
        struct selector s;
        if (!one_selector(r, &s))
            return false;
        vec_push(&selectors, r->mem, s);
        reader_blanks(r);
    } while (reader_take(r, STR(",")));
    if (!reader_take(r, STR("]")))
        return reader_fail(r, "expected \"]\"");
    add_segment(b, deep ? SEGMENT_DEEP : SEGMENT_CHILD, selectors.ptr, selectors.len, from);
    return true;
}

/* `@string()` and its like, as a segment: keeps the value when it is of that type. Children of that
 * type are what rulesets mean by it. */
static bool type_segment(struct path_builder *b, bool deep)
{
    struct selector *s = arena_new(b->r->mem, struct selector);
    size_t from = b->r->at;
    if (!script_selector(b->r, SELECT_FILTER, s))
        return false;
    add_segment(b, deep ? SEGMENT_DEEP : SEGMENT_CHILD, s, 1, from);
    return true;
}

static bool dotted(struct path_builder *b, bool deep)
{
    struct reader *r = b->r;
    size_t from = r->at;
    VEC(struct selector) selectors = {0};
    if (reader_peek(r) == '@')
        return type_segment(b, deep);
    if (reader_peek(r) == '\'' || reader_peek(r) == '"') {
        struct str name = STR_NONE;
        if (!quoted(r, &name))
            return false;
        vec_push(&selectors, r->mem, name_selector(name));
    } else {
        while (r->at < r->text.len && strchr(".[~^", r->text.ptr[r->at]) == NULL)
            r->at++;
        struct str part, rest = str_trim(str_sub(r->text, from, r->at - from));
        if (rest.len == 0)
            return reader_fail_at(r, from, "expected a name");
        while (str_split(&rest, ',', &part)) {
            struct selector one = name_selector(str_trim(part));
            if (str_eq(part, STR("*")))
                one.kind = SELECT_ALL;
            vec_push(&selectors, r->mem, one);
        }
    }
    add_segment(b, deep ? SEGMENT_DEEP : SEGMENT_CHILD, selectors.ptr, selectors.len, from);
    return true;
}

/* One dot before a name goes down one level; two, or one before a bracket, any number. */
static bool step_down(struct path_builder *b)
{
    struct reader *r = b->r;
    size_t dots = 0;
    while (reader_take(r, STR(".")))
        dots++;
    size_t from = r->at;
    if (reader_take(r, STR("[")))
        return bracket(b, dots > 0, from);
    if (dots == 0)
        return reader_fail(r, "expected \".\" or \"[\"");
    if (r->at == r->text.len || reader_peek(r) == '~' || reader_peek(r) == '^') {
        struct selector *all = arena_new(r->mem, struct selector);
        all->kind = SELECT_ALL;
        add_segment(b, SEGMENT_DEEP, all, 1, from);
        return dots > 1 || reader_fail(r, "expected a name behind the dot");
    }
    return dotted(b, dots > 1);
}

static bool takes_all(const struct segment *s)
{
    return s->kind == SEGMENT_DEEP && s->count == 1 && s->selectors[0].kind == SELECT_ALL;
}

/* Nimma takes `..*.name` for `..name` and `..*.*` for `..*`; rulesets were written with it. */
static void settle_deep(struct path_builder *b)
{
    size_t kept = 0;
    for (size_t i = 0; i < b->segments.len; i++) {
        struct segment s = b->segments.ptr[i];
        if (kept > 0 && s.kind == SEGMENT_CHILD && takes_all(&b->segments.ptr[kept - 1])) {
            s.kind = SEGMENT_DEEP;
            s.text = arena_join(b->r->mem, STR("."), s.text);
            kept--;
        }
        b->segments.ptr[kept++] = s;
    }
    b->segments.len = kept;
}

bool loose_path(struct reader *r, struct jsonpath *out)
{
    struct path_builder b = {.r = r};
    r->text = str_trim(r->text);
    if (!reader_take(r, STR("$")))
        return reader_fail(r, "a path begins with \"$\"");
    while (r->at < r->text.len && !b.key) {
        size_t from = r->at;
        if (reader_take(r, STR("^")))
            add_segment(&b, SEGMENT_PARENT, NULL, 0, from);
        else if (reader_take(r, STR("~")))
            b.key = true;
        else if (!step_down(&b))
            return false;
    }
    settle_deep(&b);
    out->segments = b.segments.ptr;
    out->count = b.segments.len;
    out->key = b.key;
    return true;
}
