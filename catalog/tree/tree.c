/* Walking a document: members, text, JSON Pointers. */
#include "reader.h"

static const struct tree_node *node_at(const struct tree *doc, uint32_t number)
{
    return number ? &doc->nodes[number] : NULL;
}

static struct str text_of(const struct tree *doc, const struct tree_node *node)
{
    const char *base = node->flags & NODE_POOLED ? doc->pool.ptr : doc->source.text.ptr;
    return (struct str){base + node->child, node->size};
}

struct str tree_source(const struct tree *doc)
{
    return doc->source.text;
}

const struct tree_node *tree_root(const struct tree *doc)
{
    return &doc->nodes[0];
}

enum tree_kind tree_kind_of(const struct tree_node *node)
{
    return node ? (enum tree_kind)node->kind : TREE_NULL;
}

const struct tree_node *tree_first(const struct tree *doc, const struct tree_node *container)
{
    return tree_kind_of(container) >= TREE_ARRAY ? node_at(doc, container->child) : NULL;
}

const struct tree_node *tree_next(const struct tree *doc, const struct tree_node *node)
{
    return node ? node_at(doc, node->next) : NULL;
}

const struct tree_node *tree_key_node(const struct tree *doc, const struct tree_node *member)
{
    return member ? node_at(doc, member->key) : NULL;
}

struct str tree_key(const struct tree *doc, const struct tree_node *member)
{
    const struct tree_node *key = tree_key_node(doc, member);
    return key ? text_of(doc, key) : STR_NONE;
}

struct str tree_text(const struct tree *doc, const struct tree_node *node)
{
    enum tree_kind kind = tree_kind_of(node);
    bool has_text = kind == TREE_STRING || kind == TREE_NUMBER || kind == TREE_BOOL;
    return has_text ? text_of(doc, node) : STR_NONE;
}

bool tree_true(const struct tree *doc, const struct tree_node *node)
{
    return tree_kind_of(node) == TREE_BOOL && str_eq_nocase(text_of(doc, node), STR("true"));
}

struct tree_place tree_place_of(const struct tree *doc, uint32_t offset)
{
    return source_place(&doc->source, offset);
}

const char *tree_where_of(const struct tree *doc, uint32_t offset, struct tree_where *out)
{
    return source_where(&doc->source, offset, out);
}

uint32_t tree_number(const struct tree *doc, const struct tree_node *node)
{
    return (uint32_t)(node - doc->nodes);
}

uint32_t tree_count(const struct tree *doc)
{
    return doc->count;
}

const struct tree_node *tree_numbered(const struct tree *doc, uint32_t number)
{
    return number < doc->count ? &doc->nodes[number] : NULL;
}

/* --- members ---------------------------------------------------------------------------------- */

static const struct tree_node *get_indexed(const struct tree *doc, const struct tree_node *object,
                                           struct str name)
{
    const struct index_entry *entries = doc->index + (object->index - 1);
    uint32_t hash = key_hash(name);
    size_t low = 0, high = object->size;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct tree_node *member = node_at(doc, entries[middle].node);
        int order = (hash > entries[middle].hash) - (hash < entries[middle].hash);
        if (order == 0) /* names with one hash stand in their order */
            order = str_cmp(name, tree_key(doc, member));
        if (order == 0)
            return member;
        if (order > 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct tree_node *tree_get(const struct tree *doc, const struct tree_node *object,
                                 struct str name)
{
    if (tree_kind_of(object) != TREE_OBJECT)
        return NULL;
    if (object->index != 0)
        return get_indexed(doc, object, name);
    for (const struct tree_node *m = tree_first(doc, object); m != NULL; m = tree_next(doc, m))
        if (str_eq(tree_key(doc, m), name))
            return m;
    return NULL;
}

/* --- elements --------------------------------------------------------------------------------- */

const struct tree_node *tree_element(const struct tree *doc, const struct tree_node *array,
                                     struct str token)
{
    int64_t index = 0;
    if (tree_kind_of(array) != TREE_ARRAY || !str_to_i64(token, &index) || index < 0 ||
        index >= (int64_t)array->size || token.ptr[0] == '-' ||
        (token.len > 1 && token.ptr[0] == '0'))
        return NULL;
    if (array->index != 0)
        return node_at(doc, doc->index[array->index - 1 + (size_t)index].node);
    const struct tree_node *at = tree_first(doc, array);
    for (; index > 0; index--)
        at = tree_next(doc, at);
    return at;
}

/* --- pointers --------------------------------------------------------------------------------- */

/* ~1 is a slash, ~0 a tilde (RFC 6901 §4). */
static void unescape(struct str token, struct buf *out)
{
    buf_reset(out);
    for (size_t i = 0; i < token.len; i++) {
        char next = token.ptr[i] == '~' && i + 1 < token.len ? token.ptr[i + 1] : '\0';
        if (next == '0' || next == '1') {
            buf_add_char(out, next == '0' ? '~' : '/');
            i++;
        } else {
            buf_add_char(out, token.ptr[i]);
        }
    }
}

static const struct tree_node *step(const struct tree *doc, const struct tree_node *from,
                                    struct str token)
{
    CLEANUP(buf_clear) struct buf plain = {0};
    if (tree_kind_of(from) == TREE_ARRAY)
        return tree_element(doc, from, token);
    if (str_find_char(token, '~') == SIZE_MAX)
        return tree_get(doc, from, token);
    unescape(token, &plain);
    return tree_get(doc, from, buf_str(&plain));
}

const struct tree_node *tree_below(const struct tree *doc, const struct tree_node *base,
                                   struct str pointer)
{
    const struct tree_node *at = base;
    struct str token, rest = pointer;
    if (pointer.len == 0)
        return at;
    if (pointer.ptr[0] != '/')
        return NULL;
    (void)str_split(&rest, '/', &token); /* the empty part before the first slash */
    while (at != NULL && str_split(&rest, '/', &token))
        at = step(doc, at, token);
    return at;
}

const struct tree_node *tree_at(const struct tree *doc, struct str pointer)
{
    return tree_below(doc, tree_root(doc), pointer);
}
