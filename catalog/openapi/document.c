/* Walking a document: members, text, JSON Pointers, references. */
#include "tree.h"

/* Longer chains of references than this are circles, or as good as. */
#define MOST_HOPS 64
/* Longer references name nothing; a shared one is followed at every use. */
#define MOST_REF_BYTES 4096

static const struct oas_node *node_at(const struct oas_document *doc, uint32_t number)
{
    return number ? &doc->nodes[number] : NULL;
}

static struct str text_of(const struct oas_document *doc, const struct oas_node *node)
{
    const char *base = node->flags & NODE_POOLED ? doc->pool.ptr : doc->source.text.ptr;
    return (struct str){base + node->child, node->size};
}

struct str oas_source(const struct oas_document *doc)
{
    return doc->source.text;
}

const struct oas_node *oas_root(const struct oas_document *doc)
{
    return &doc->nodes[0];
}

enum oas_kind oas_kind_of(const struct oas_node *node)
{
    return node ? (enum oas_kind)node->kind : OAS_NULL;
}

const struct oas_node *oas_first(const struct oas_document *doc, const struct oas_node *container)
{
    return oas_kind_of(container) >= OAS_ARRAY ? node_at(doc, container->child) : NULL;
}

const struct oas_node *oas_next(const struct oas_document *doc, const struct oas_node *node)
{
    return node ? node_at(doc, node->next) : NULL;
}

const struct oas_node *oas_key_node(const struct oas_document *doc, const struct oas_node *member)
{
    return member ? node_at(doc, member->key) : NULL;
}

struct str oas_key(const struct oas_document *doc, const struct oas_node *member)
{
    const struct oas_node *key = oas_key_node(doc, member);
    return key ? text_of(doc, key) : STR_NONE;
}

struct str oas_text(const struct oas_document *doc, const struct oas_node *node)
{
    enum oas_kind kind = oas_kind_of(node);
    bool has_text = kind == OAS_STRING || kind == OAS_NUMBER || kind == OAS_BOOL;
    return has_text ? text_of(doc, node) : STR_NONE;
}

bool oas_true(const struct oas_document *doc, const struct oas_node *node)
{
    return oas_kind_of(node) == OAS_BOOL && str_eq_nocase(text_of(doc, node), STR("true"));
}

struct oas_place oas_place_of(const struct oas_document *doc, uint32_t offset)
{
    return source_place(&doc->source, offset);
}

const struct oas_finding *oas_findings(const struct oas_document *doc, size_t *count)
{
    *count = doc->findings.len;
    return doc->findings.ptr;
}

/* --- members ---------------------------------------------------------------------------------- */

static const struct oas_node *get_indexed(const struct oas_document *doc,
                                          const struct oas_node *object, struct str name)
{
    const struct index_entry *entries = doc->index + (object->index - 1);
    uint32_t hash = key_hash(name);
    size_t low = 0, high = object->size;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (entries[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < object->size && entries[low].hash == hash; low++) {
        const struct oas_node *member = node_at(doc, entries[low].node);
        if (str_eq(oas_key(doc, member), name))
            return member;
    }
    return NULL;
}

const struct oas_node *oas_get(const struct oas_document *doc, const struct oas_node *object,
                               struct str name)
{
    if (oas_kind_of(object) != OAS_OBJECT)
        return NULL;
    if (object->index != 0)
        return get_indexed(doc, object, name);
    for (const struct oas_node *m = oas_first(doc, object); m != NULL; m = oas_next(doc, m))
        if (str_eq(oas_key(doc, m), name))
            return m;
    return NULL;
}

/* --- pointers --------------------------------------------------------------------------------- */

static const struct oas_node *element(const struct oas_document *doc, const struct oas_node *array,
                                      struct str token)
{
    int64_t index = 0;
    if (!str_to_i64(token, &index) || index < 0 || index >= (int64_t)array->size ||
        token.ptr[0] == '-' || (token.len > 1 && token.ptr[0] == '0'))
        return NULL;
    if (array->index != 0)
        return node_at(doc, doc->index[array->index - 1 + (size_t)index].node);
    const struct oas_node *at = oas_first(doc, array);
    for (; index > 0; index--)
        at = oas_next(doc, at);
    return at;
}

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

static const struct oas_node *step(const struct oas_document *doc, const struct oas_node *from,
                                   struct str token)
{
    CLEANUP(buf_clear) struct buf plain = {0};
    if (oas_kind_of(from) == OAS_ARRAY)
        return element(doc, from, token);
    if (str_find_char(token, '~') == SIZE_MAX)
        return oas_get(doc, from, token);
    unescape(token, &plain);
    return oas_get(doc, from, buf_str(&plain));
}

const struct oas_node *oas_at(const struct oas_document *doc, struct str pointer)
{
    const struct oas_node *at = oas_root(doc);
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

/* --- references ------------------------------------------------------------------------------- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void percent_decode(struct str text, struct buf *out)
{
    for (size_t i = 0; i < text.len; i++) {
        int high = i + 2 < text.len && text.ptr[i] == '%' ? hex_digit(text.ptr[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(text.ptr[i + 2]) : -1;
        if (low >= 0) {
            buf_add_char(out, (char)(high << 4 | low));
            i += 2;
        } else {
            buf_add_char(out, text.ptr[i]);
        }
    }
}

/* A reference that begins with the document's own `$self` (3.2) stays inside. */
static bool inside(const struct oas_document *doc, struct str ref, struct str *fragment)
{
    size_t hash = str_find_char(ref, '#');
    if (hash == SIZE_MAX)
        return false;
    struct str self = oas_text(doc, oas_get(doc, oas_root(doc), STR("$self")));
    *fragment = str_sub(ref, hash + 1, ref.len);
    return hash == 0 || str_eq(str_sub(ref, 0, hash), self);
}

static const struct oas_node *follow(const struct oas_document *doc, struct str ref)
{
    CLEANUP(buf_clear) struct buf pointer = {0};
    struct str fragment;
    if (ref.len > MOST_REF_BYTES || !inside(doc, ref, &fragment))
        return NULL;
    percent_decode(fragment, &pointer);
    return oas_at(doc, buf_str(&pointer));
}

const struct oas_node *oas_resolve(const struct oas_document *doc, const struct oas_node *node)
{
    for (unsigned hops = 0; node != NULL && hops < MOST_HOPS; hops++) {
        const struct oas_node *ref = oas_get(doc, node, STR("$ref"));
        if (oas_kind_of(ref) != OAS_STRING)
            return node;
        node = follow(doc, oas_text(doc, ref));
    }
    return NULL;
}
