/* Values of fields, by their form. */
#include <stdlib.h>

#include "validate.h"

typedef void form_check(struct validation *v, const struct field *field,
                        const struct tree_node *value);

/* --- plain values ------------------------------------------------------------------------------
 */

static struct str here_text(const struct validation *v, const struct tree_node *value)
{
    return tree_text(walk_doc(v), value);
}

static bool expect(struct validation *v, const struct field *field, const struct tree_node *value,
                   enum tree_kind kind, const char *words)
{
    if (tree_kind_of(value) == kind)
        return true;
    if (kind == TREE_STRING && tree_kind_of(value) == TREE_NUMBER)
        fault_here(v, FAULT_NUMBER, "%s is a number where a text belongs: write it in quotes",
                   field->name);
    else
        fault_here(v, FAULT_TYPE, "%s is %s: write %s", field->name, kind_words(value), words);
    return false;
}

static bool expect_text(struct validation *v, const struct field *field,
                        const struct tree_node *value)
{
    return expect(v, field, value, TREE_STRING, "a text");
}

static void check_format(struct validation *v, const struct field *field,
                         const struct tree_node *value, struct str format, const char *words)
{
    struct str text = here_text(v, value);
    if (expect_text(v, field, value) && !schema_format_holds(format, text))
        fault_here(v, FAULT_FORMAT, "%s is \"" SHORT_FMT "\", which is no %s", field->name,
                   SHORT_ARG(text), words);
}

static void check_regex(struct validation *v, const struct field *field, struct str pattern)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct regex *regex = NULL;
    struct err err = {0};
    if (!regex_compile(pattern, STR("u"), &mem, &regex, &err) &&
        !regex_compile(pattern, STR(""), &mem, &regex, &err))
        fault_here(v, FAULT_PATTERN, "%s is no regular expression: %.150s", field->name, err.msg);
}

bool has_word(const char *words, struct str text)
{
    struct str word, rest = str_from(words);
    while (str_split(&rest, ' ', &word))
        if (str_eq(word, text))
            return true;
    return false;
}

static void check_word(struct validation *v, const struct field *field,
                       const struct tree_node *value)
{
    struct str text = here_text(v, value);
    if (expect_text(v, field, value) && !has_word(field->words, text))
        fault_here(v, FAULT_VALUE, "%s is \"" SHORT_FMT "\"; it may be: %s", field->name,
                   SHORT_ARG(text), field->words);
}

static void check_number(struct validation *v, const struct field *field,
                         const struct tree_node *value)
{
    struct str text = here_text(v, value);
    if (!expect(v, field, value, TREE_NUMBER, "a number"))
        return;
    if (field->form == FORM_POSITIVE && schema_number_cmp(text, STR("0")) <= 0)
        fault_here(v, FAULT_VALUE, "%s is not above zero", field->name);
    if (field->form == FORM_COUNT &&
        (!schema_number_is_whole(text) || schema_number_cmp(text, STR("0")) < 0))
        fault_here(v, FAULT_VALUE, "%s is no whole number from zero on", field->name);
}

/* --- lists -------------------------------------------------------------------------------------
 */

struct entry {
    uint64_t hash;
    const struct tree_node *node;
    uint32_t index;
};

static int by_index(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    return (x->index > y->index) - (x->index < y->index);
}

static int by_hash(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return by_index(a, b);
}

/* Keeps those that repeat an earlier one, in the order of the list. */
static uint32_t keep_repeated(const struct tree *doc, struct entry *entries, uint32_t count)
{
    uint32_t kept = 0;
    for (uint32_t i = 1; i < count; i++) {
        const struct entry one = entries[i - 1], next = entries[i];
        if (one.hash == next.hash && schema_same_value(doc, one.node, doc, next.node))
            entries[kept++] = next;
    }
    if (kept > 1)
        qsort(entries, kept, sizeof(*entries), by_index);
    return kept;
}

static void check_unique(struct validation *v, const struct field *field,
                         const struct tree_node *list)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct tree *doc = walk_doc(v);
    struct entry *entries = arena_array(&mem, struct entry, list->size);
    uint32_t count = 0;
    for (const struct tree_node *n = tree_first(doc, list); n != NULL; n = tree_next(doc, n)) {
        entries[count] = (struct entry){schema_value_hash(doc, n), n, count};
        count++;
    }
    if (count > 1)
        qsort(entries, count, sizeof(*entries), by_hash);
    count = keep_repeated(doc, entries, count);
    for (uint32_t i = 0; i < count; i++) {
        walk_enter(v, entries[i].node, entries[i].index);
        fault_here(v, FAULT_REPEATED, "%s has this entry twice: remove one", field->name);
        walk_leave(v);
    }
}

static bool expect_list(struct validation *v, const struct field *field,
                        const struct tree_node *value)
{
    if (!expect(v, field, value, TREE_ARRAY, "a list"))
        return false;
    if ((field->flags & FILLED) && value->size == 0)
        fault_here(v, FAULT_EMPTY, "%s is empty: write at least one entry, or remove it",
                   field->name);
    if (field->flags & UNIQUE)
        check_unique(v, field, value);
    return true;
}

/* Each element by a function of its own. */
static void each(struct validation *v, const struct field *field, const struct tree_node *list,
                 form_check *check)
{
    uint32_t index = 0;
    for (const struct tree_node *n = tree_first(walk_doc(v), list); n != NULL;
         n = tree_next(walk_doc(v), n)) {
        walk_enter(v, n, index++);
        check(v, field, n);
        walk_leave(v);
    }
}

static void check_text(struct validation *v, const struct field *field,
                       const struct tree_node *value)
{
    (void)expect_text(v, field, value);
}

static void check_object(struct validation *v, const struct field *field,
                         const struct tree_node *value)
{
    walk_object(v, field->kind, value);
}

static void check_texts(struct validation *v, const struct field *field,
                        const struct tree_node *value)
{
    if (expect_list(v, field, value))
        each(v, field, value, check_text);
}

static void check_types(struct validation *v, const struct field *field,
                        const struct tree_node *value)
{
    if (tree_kind_of(value) != TREE_ARRAY) {
        check_word(v, field, value);
        return;
    }
    if (value->size == 0)
        fault_here(v, FAULT_EMPTY, "%s is an empty list: name a type, or remove it", field->name);
    check_unique(v, field, value);
    each(v, field, value, check_word);
}

/* --- maps --------------------------------------------------------------------------------------
 */

static bool is_name_of(struct str name, const char *also)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i], low = (char)(c | 0x20);
        if (!(c >= '0' && c <= '9') && !(low >= 'a' && low <= 'z') &&
            (c == '\0' || strchr(also, c) == NULL))
            return false;
    }
    return name.len > 0;
}

/* RFC 9110 §5.6.2 */
#define TOKEN_MARKS "!#$%&'*+-.^_`|~"

/* True when the member's name fits the map. */
static void check_map_name(struct validation *v, const struct field *field, struct str name)
{
    enum fault grammar = v->version == OAS_3_0 ? FAULT_COMPONENT_NAME : FAULT_NAME;
    if (field->form == FORM_COMPONENTS && !is_name_of(name, "._-"))
        fault_here(v, grammar,
                   "the name \"" SHORT_FMT "\" may have letters, digits, dots, hyphens and "
                   "underscores only",
                   SHORT_ARG(name));
    else if (field->form == FORM_HEADERS && !is_name_of(name, TOKEN_MARKS))
        fault_here(v, FAULT_HEADER_NAME, "\"" SHORT_FMT "\" cannot be the name of a header",
                   SHORT_ARG(name));
    else if (field->form == FORM_METHODS && !is_name_of(name, TOKEN_MARKS))
        fault_here(v, FAULT_NAME, "\"" SHORT_FMT "\" cannot be an HTTP method", SHORT_ARG(name));
    else if (field->form == FORM_METHODS &&
             has_word("GET PUT POST DELETE OPTIONS HEAD PATCH TRACE QUERY", name))
        fault_here(v, FAULT_NAME,
                   "\"" SHORT_FMT
                   "\" has a field of its own in the Path Item Object: move it there",
                   SHORT_ARG(name));
    else if (field->form == FORM_PATTERNS)
        check_regex(v, field, name);
}

static bool expect_map(struct validation *v, const struct field *field,
                       const struct tree_node *value)
{
    if (!expect(v, field, value, TREE_OBJECT, "an object"))
        return false;
    if ((field->flags & SINGLE) && value->size != 1)
        fault_here(v, FAULT_EMPTY, "%s has %u entries: write exactly one", field->name,
                   value->size);
    return true;
}

static void check_dependency(struct validation *v, const struct field *field,
                             const struct tree_node *value)
{
    if (tree_kind_of(value) == TREE_ARRAY)
        check_texts(v, field, value);
    else
        walk_object(v, field->kind, value);
}

static void check_nothing(struct validation *v, const struct field *field,
                          const struct tree_node *value)
{
    UNUSED(v);
    UNUSED(field);
    UNUSED(value);
}

static void check_map(struct validation *v, const struct field *field,
                      const struct tree_node *value, form_check *check)
{
    if (!expect_map(v, field, value))
        return;
    for (const struct tree_node *m = tree_first(walk_doc(v), value); m != NULL;
         m = tree_next(walk_doc(v), m)) {
        walk_enter(v, m, 0);
        check_map_name(v, field, tree_key(walk_doc(v), m));
        check(v, field, m);
        walk_leave(v);
    }
}

/* --- all forms ---------------------------------------------------------------------------------
 */

static void check_uri(struct validation *v, const struct field *field,
                      const struct tree_node *value)
{
    check_format(v, field, value, STR("uri"), "absolute URI");
}

static void check_uri_ref(struct validation *v, const struct field *field,
                          const struct tree_node *value)
{
    check_format(v, field, value, STR("iri-reference"), "URI or reference");
}

static void check_email(struct validation *v, const struct field *field,
                        const struct tree_node *value)
{
    check_format(v, field, value, STR("idn-email"), "mail address");
}

static void check_pattern(struct validation *v, const struct field *field,
                          const struct tree_node *value)
{
    if (expect_text(v, field, value))
        check_regex(v, field, here_text(v, value));
}

static void check_bool(struct validation *v, const struct field *field,
                       const struct tree_node *value)
{
    (void)expect(v, field, value, TREE_BOOL, "true or false");
}

static void check_words(struct validation *v, const struct field *field,
                        const struct tree_node *value)
{
    if (expect_list(v, field, value))
        each(v, field, value, check_word);
}

static void check_list_any(struct validation *v, const struct field *field,
                           const struct tree_node *value)
{
    (void)expect_list(v, field, value);
}

static void check_text_map(struct validation *v, const struct field *field,
                           const struct tree_node *value)
{
    check_map(v, field, value, check_text);
}

static void check_any_map(struct validation *v, const struct field *field,
                          const struct tree_node *value)
{
    check_map(v, field, value, check_nothing);
}

static void check_texts_map(struct validation *v, const struct field *field,
                            const struct tree_node *value)
{
    check_map(v, field, value, check_texts);
}

static void check_objects(struct validation *v, const struct field *field,
                          const struct tree_node *value)
{
    if (expect_list(v, field, value))
        each(v, field, value, check_object);
}

static void check_object_map(struct validation *v, const struct field *field,
                             const struct tree_node *value)
{
    check_map(v, field, value, check_object);
}

static void check_object_or_bool(struct validation *v, const struct field *field,
                                 const struct tree_node *value)
{
    if (tree_kind_of(value) != TREE_BOOL)
        walk_object(v, field->kind, value);
}

static void check_object_or_list(struct validation *v, const struct field *field,
                                 const struct tree_node *value)
{
    if (tree_kind_of(value) == TREE_ARRAY)
        check_objects(v, field, value);
    else
        walk_object(v, field->kind, value);
}

static void check_dependencies(struct validation *v, const struct field *field,
                               const struct tree_node *value)
{
    check_map(v, field, value, check_dependency);
}

static void check_reference(struct validation *v, const struct field *field,
                            const struct tree_node *value)
{
    if (expect_text(v, field, value))
        reference_add(v, value, field->kind);
}

static form_check *const form_checks[] = {
    [FORM_ANY] = check_nothing,
    [FORM_TEXT] = check_text,
    [FORM_URI] = check_uri,
    [FORM_URI_REF] = check_uri_ref,
    [FORM_EMAIL] = check_email,
    [FORM_REGEX] = check_pattern,
    [FORM_BOOL] = check_bool,
    [FORM_NUMBER] = check_number,
    [FORM_POSITIVE] = check_number,
    [FORM_COUNT] = check_number,
    [FORM_WORD] = check_word,
    [FORM_WORDS] = check_words,
    [FORM_TYPES] = check_types,
    [FORM_TEXTS] = check_texts,
    [FORM_LIST_ANY] = check_list_any,
    [FORM_TEXT_MAP] = check_text_map,
    [FORM_ANY_MAP] = check_any_map,
    [FORM_TEXTS_MAP] = check_texts_map,
    [FORM_OBJECT] = check_object,
    [FORM_LIST] = check_objects,
    [FORM_MAP] = check_object_map,
    [FORM_COMPONENTS] = check_object_map,
    [FORM_HEADERS] = check_object_map,
    [FORM_METHODS] = check_object_map,
    [FORM_PATTERNS] = check_object_map,
    [FORM_OBJECT_OR_BOOL] = check_object_or_bool,
    [FORM_OBJECT_OR_LIST] = check_object_or_list,
    [FORM_DEPENDENCIES] = check_dependencies,
    [FORM_REFERENCE] = check_reference,
};

void check_field(struct validation *v, const struct field *field, const struct tree_node *value)
{
    form_checks[field->form](v, field, value);
}
