/* Errors of a schema as findings: grouped by place, thinned and worded as rulesets know them. */
#include "functions.h"
#include "schemas.h"

/* Errors of one place, in the tree of places. */
struct spot_errors {
    struct str piece; /* of the pointer, as the tree is split */
    VEC(const struct schema_error *) errors;
    VEC(struct spot_errors *) children;
    bool dropped;
};

struct telling {
    struct call *c;
    const struct schema_result *result;
    struct jsonpath_spot value;
    const struct str *path; /* of the value */
    size_t depth;
    struct arena *mem;
};

static bool is(const struct schema_error *e, const char *keyword)
{
    return strcmp(e->keyword, keyword) == 0;
}

static struct str pointer_of(const struct telling *t, const struct schema_error *e)
{
    CLEANUP(buf_clear) struct buf pointer = {0};
    schema_error_pointer(t->value.doc, e, &pointer);
    return arena_str(t->mem, buf_str(&pointer));
}

/* --- the tree --------------------------------------------------------------------------------- */

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || c == '-';
}

/* A slash, a word, and an index behind it; *at moves behind, other characters are passed over. */
static bool next_piece(struct str pointer, size_t *at, struct str *piece)
{
    size_t from = *at;
    while (from < pointer.len &&
           !(pointer.ptr[from] == '/' && from + 1 < pointer.len && is_word(pointer.ptr[from + 1])))
        from++;
    if (from >= pointer.len)
        return false;
    size_t end = from + 1;
    while (end < pointer.len && is_word(pointer.ptr[end]))
        end++;
    size_t digits = end + 1;
    while (end < pointer.len && pointer.ptr[end] == '/' && digits < pointer.len &&
           pointer.ptr[digits] >= '0' && pointer.ptr[digits] <= '9')
        digits++;
    if (digits > end + 1)
        end = digits;
    *piece = str_sub(pointer, from, end - from);
    *at = end;
    return true;
}

static struct spot_errors *child_of(struct spot_errors *parent, struct str piece, struct arena *mem)
{
    for (size_t i = 0; i < parent->children.len; i++)
        if (str_eq(parent->children.ptr[i]->piece, piece))
            return parent->children.ptr[i];
    struct spot_errors *child = arena_new(mem, struct spot_errors);
    child->piece = piece;
    vec_push(&parent->children, mem, child);
    return child;
}

static void add(struct spot_errors *root, struct str pointer, const struct schema_error *e,
                struct arena *mem)
{
    struct spot_errors *at = root;
    struct str piece;
    size_t from = 0;
    if (pointer.len == 0) {
        at = child_of(root, STR(""), mem);
    } else {
        while (next_piece(pointer, &from, &piece))
            at = child_of(at, piece, mem);
        if (at == root)
            return;
    }
    vec_push(&at->errors, mem, e);
}

static bool all_enums(const struct spot_errors *s)
{
    for (size_t i = 0; i < s->errors.len; i++)
        if (!is(s->errors.ptr[i], "enum"))
            return false;
    return s->errors.len > 0;
}

static size_t living(const struct spot_errors *s)
{
    size_t count = 0;
    for (size_t i = 0; i < s->children.len; i++)
        count += !s->children.ptr[i]->dropped;
    return count;
}

/* Where alternatives failed below, the failed choice itself says little; values that are none of a
 * list say little beside other errors. */
static void thin(struct spot_errors *s, struct spot_errors *parent)
{
    for (size_t i = 0; i < s->errors.len; i++)
        if (is(s->errors.ptr[i], "anyOf") && living(s) > 0)
            s->errors.len = 0;
    if (parent != NULL && all_enums(s) && living(parent) > 1)
        s->dropped = true;
    for (size_t i = 0; i < s->children.len; i++)
        if (!s->children.ptr[i]->dropped)
            thin(s->children.ptr[i], s);
}

/* --- wording ---------------------------------------------------------------------------------- */

void add_cleaned(struct str text, struct buf *out)
{
    for (size_t i = 0; i < text.len; i++)
        if (str_eq(str_sub(text, i, 3), STR("NOT"))) {
            buf_add(out, STR("not"));
            i += 2;
        } else {
            buf_add_char(out, text.ptr[i] == '\'' ? '"' : text.ptr[i]);
        }
}

struct str nearest_text(struct str value, const struct tree *doc, const struct tree_node *list,
                        size_t count)
{
    struct str best = STR_NONE;
    size_t least = SIZE_MAX;
    for (const struct tree_node *n = tree_first(doc, list); n; n = tree_next(doc, n)) {
        if (tree_kind_of(n) != TREE_STRING)
            continue;
        size_t weight = str_distance(tree_text(doc, n), value);
        if (weight < least || best.ptr == NULL) {
            best = tree_text(doc, n);
            least = weight;
        }
    }
    return best.ptr && (count == 1 || least < best.len) ? best : STR_NONE;
}

static void add_values(const struct spot_errors *s, struct arena *mem, struct buf *out)
{
    VEC(struct str) seen = {0};
    for (size_t i = 0; i < s->errors.len; i++) {
        const struct schema_error *e = s->errors.ptr[i];
        for (const struct tree_node *n = tree_first(e->schema_doc, e->value); n;
             n = tree_next(e->schema_doc, n)) {
            CLEANUP(buf_clear) struct buf json = {0};
            struct json_writer w = {.out = &json};
            size_t j = 0;
            write_json((struct jsonpath_spot){e->schema_doc, n}, &w);
            struct str text = arena_str(mem, buf_str(&json));
            if (tree_kind_of(n) == TREE_STRING) /* not escaped */
                text = arena_join(mem, STR("\""), tree_text(e->schema_doc, n), STR("\""));
            while (j < seen.len && !str_eq(seen.ptr[j], text))
                j++;
            if (j < seen.len)
                continue;
            buf_add(out, seen.len ? STR(", ") : STR(": "));
            buf_add(out, text);
            vec_push(&seen, mem, text);
        }
    }
}

static struct str property_name(const struct telling *t, struct str pointer)
{
    size_t from = pointer.len;
    while (from > 0 && pointer.ptr[from - 1] != '/')
        from--;
    if (from > 0)
        return str_sub(pointer, from, pointer.len);
    return t->depth > 0 ? t->path[t->depth - 1] : STR_NONE;
}

static const char *kind_title(const struct tree_node *node)
{
    static const char *const titles[] = {
        [TREE_NULL] = "Object",   [TREE_BOOL] = "Boolean", [TREE_NUMBER] = "Number",
        [TREE_STRING] = "String", [TREE_ARRAY] = "Object", [TREE_OBJECT] = "Object",
    };
    return titles[tree_kind_of(node)];
}

static bool is_index(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
    return s.len > 0;
}

static void add_subject(const struct telling *t, const struct schema_error *e, struct str pointer,
                        struct buf *out)
{
    struct str name = property_name(t, pointer);
    bool type = is(e, "type"), index = pointer.len > 0 && is_index(name);
    if (index)
        buf_printf(out, "Item at index " STR_FMT " ", STR_ARG(name));
    else if (name.ptr != NULL)
        buf_printf(out, "\"" STR_FMT "\" property %s", STR_ARG(name), type ? "type " : "");
    else
        buf_printf(out, "%s ", type ? "Value type" : kind_title(e->at));
}

/* True when a choice at this place failed because no branch matched. */
static bool unmatched(const struct telling *t, const struct schema_error *e, const char *keyword)
{
    return is(e, keyword) && (is(e, "anyOf") || e->number == 0) && t->result->count > 0;
}

static struct str wording(const struct telling *t, const struct schema_error *e, struct str pointer,
                          const struct spot_errors *enums)
{
    CLEANUP(buf_clear) struct buf out = {0};
    CLEANUP(buf_clear) struct buf text = {0};
    if (is(e, "additionalProperties"))
        return arena_printf(t->mem, "Property \"" STR_FMT "\" is not expected to be here",
                            STR_ARG(e->name));
    add_subject(t, e, pointer, &out);
    schema_message(e, &text);
    if (enums != NULL) {
        struct str value =
            tree_kind_of(e->at) == TREE_STRING ? tree_text(t->value.doc, e->at) : STR_NONE;
        struct str best =
            value.ptr ? nearest_text(value, e->schema_doc, e->value, e->value->size) : STR_NONE;
        buf_add(&out, buf_str(&text));
        add_values(enums, t->mem, &out);
        if (best.ptr != NULL)
            buf_printf(&out, ". Did you mean \"" STR_FMT "\"?", STR_ARG(best));
        return arena_str(t->mem, buf_str(&out));
    }
    add_cleaned(buf_str(&text), &out);
    if (unmatched(t, e, "oneOf") || unmatched(t, e, "anyOf"))
        buf_add(&out, STR(". None of the schemas matched, see the other errors reported for this "
                          "value"));
    return arena_str(t->mem, buf_str(&out));
}

/* --- telling ---------------------------------------------------------------------------------- */

void schema_error_path(const struct call *c, struct jsonpath_spot value,
                       const struct schema_error *e, name_list *out, struct arena *mem)
{
    const struct tree_node *node = value.node;
    for (uint32_t i = 0; i < e->path_len; i++) {
        struct str key = tree_key(value.doc, e->path[i]);
        size_t index = 0;
        for (const struct tree_node *n = tree_first(value.doc, node);
             key.ptr == NULL && n != e->path[i]; n = tree_next(value.doc, n))
            index++;
        vec_push(out, mem, key.ptr ? key : call_index(c, index));
        node = e->path[i];
    }
}

static void tell_one(struct telling *t, const struct schema_error *e,
                     const struct spot_errors *enums)
{
    name_list path = {0};
    struct str pointer = pointer_of(t, e);
    for (size_t i = 0; i < t->depth; i++)
        vec_push(&path, t->mem, t->path[i]);
    schema_error_path(t->c, t->value, e, &path, t->mem);
    call_report_at(t->c, path.ptr, path.len, wording(t, e, pointer, enums));
}

static void tell(struct telling *t, const struct spot_errors *s)
{
    if (all_enums(s))
        tell_one(t, s->errors.ptr[0], s);
    for (size_t i = 0; i < s->errors.len && !all_enums(s); i++)
        tell_one(t, s->errors.ptr[i], NULL);
    for (size_t i = 0; i < s->children.len && !all_enums(s); i++)
        if (!s->children.ptr[i]->dropped)
            tell(t, s->children.ptr[i]);
}

void report_schema_errors(struct call *c, const struct schema_result *result,
                          struct jsonpath_spot value, const struct str *below, size_t count)
{
    struct arena *mem = &c->run->scratch;
    struct str *path = arena_array(mem, struct str, c->depth + count);
    for (size_t i = 0; i < c->depth + count; i++)
        path[i] = i < c->depth ? c->path[i] : below[i - c->depth];
    struct telling t = {c, result, value, path, c->depth + count, mem};
    struct spot_errors root = {0};
    for (size_t i = 0; i < result->count; i++)
        add(&root, pointer_of(&t, &result->errors[i]), &result->errors[i], mem);
    thin(&root, NULL);
    tell(&t, &root);
}
