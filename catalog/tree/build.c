/* Fills the node tree: budgets first, one array of nodes, an explicit stack of open containers. */
#include "reader.h"

const struct tree_limits tree_limits_default = {
    .bytes = (size_t)64 << 20,
    .depth = 256,
    .nodes = 4000000,
    .alias_nodes = 1000000,
};

/* Bytes of a text that weigh as much as a value: who follows aliases reads them each time. */
#define TEXT_OF_ONE 64

/* --- access while building -------------------------------------------------------------------- */

void builder_init(struct builder *b, struct tree *doc, const struct tree_limits *limits,
                  bool keep_extents, struct err *err)
{
    *b = (struct builder){.doc = doc, .limits = limits, .keep_extents = keep_extents, .err = err};
}

void builder_clear(struct builder *b)
{
    buf_clear(&b->nodes);
    buf_clear(&b->pool);
    buf_clear(&b->index);
    buf_clear(&b->frames);
    buf_clear(&b->extents);
    buf_clear(&b->sorting);
}

uint32_t builder_count(const struct builder *b)
{
    return (uint32_t)(b->nodes.len / sizeof(struct tree_node));
}

struct tree_node *builder_node(const struct builder *b, uint32_t number)
{
    void *nodes = b->nodes.ptr;
    return (struct tree_node *)nodes + number;
}

struct str builder_text(const struct builder *b, uint32_t number)
{
    const struct tree_node *node = builder_node(b, number);
    const char *base = node->flags & NODE_POOLED ? b->pool.ptr : b->doc->source.text.ptr;
    return (struct str){base + node->child, node->size};
}

size_t builder_depth(const struct builder *b)
{
    return b->frames.len / sizeof(struct frame);
}

struct frame *builder_top(const struct builder *b)
{
    void *frames = b->frames.ptr;
    return (struct frame *)frames + builder_depth(b) - 1;
}

/* The next value is the name of a member. */
static bool name_due(const struct builder *b)
{
    return builder_depth(b) > 0 && builder_top(b)->object && builder_top(b)->key == 0;
}

static struct extent *extent_of(const struct builder *b, uint32_t number)
{
    void *extents = b->extents.ptr;
    return (struct extent *)extents + number;
}

struct str builder_pointer(const struct builder *b, struct str name)
{
    CLEANUP(buf_clear) struct buf out = {0};
    if (tree_notes_full(b->doc))
        return STR("");
    void *frames = b->frames.ptr;
    const struct frame *frame = frames;
    for (size_t depth = builder_depth(b); depth > 1; depth--, frame++) {
        if (!frame->object)
            buf_printf(&out, "/%u", frame->count ? frame->count - 1 : 0);
        else if (frame->last != 0)
            pointer_add(&out, builder_text(b, builder_node(b, frame->last)->key));
    }
    if (name.ptr != NULL)
        pointer_add(&out, name);
    return arena_str(b->doc->mem, buf_str(&out));
}

struct str builder_here(const struct builder *b)
{
    if (builder_depth(b) == 0 || tree_notes_full(b->doc))
        return STR("");
    const struct frame *top = builder_top(b);
    if (top->object)
        return builder_pointer(b, top->key ? builder_text(b, top->key) : STR_NONE);
    struct str list = builder_pointer(b, STR_NONE);
    return arena_printf(b->doc->mem, STR_FMT "/%u", STR_ARG(list), top->count);
}

/* --- growing ---------------------------------------------------------------------------------- */

static bool add_node(struct builder *b, struct tree_node node, uint32_t *number)
{
    if (builder_count(b) >= b->limits->nodes) {
        (void)fail_in(b->err, ERR_LIMIT, &b->doc->source, node.start,
                      "the document has more than %u values", b->limits->nodes);
        return err_hint(b->err, "raise the limit of values or split the document");
    }
    *number = builder_count(b);
    char *to = buf_room(&b->nodes, sizeof(node));
    assert(to != NULL);              /* without a limit of its own */
    memcpy(to, &node, sizeof(node)); /* a size that is known: no call */
    b->nodes.len += sizeof(node);
    if (b->keep_extents) {
        struct extent one = {.weight = 1 + node.size / TEXT_OF_ONE};
        buf_add(&b->extents, (struct str){(const char *)&one, sizeof(one)});
    }
    return true;
}

void builder_append(struct builder *b, uint32_t number)
{
    struct frame *top = builder_top(b);
    if (top->last == 0)
        builder_node(b, top->node)->child = number;
    else
        builder_node(b, top->last)->next = number;
    top->last = number;
    top->count++;
    if (top->object) {
        struct tree_node *member = builder_node(b, number);
        const struct tree_node *key = builder_node(b, top->key);
        member->key = top->key;
        top->has_merges = top->has_merges || (key->flags & NODE_MERGE_KEY) != 0;
        top->key = 0;
    }
}

void builder_weigh(struct builder *b, uint32_t number)
{
    struct frame *frame = builder_top(b);
    if (!b->keep_extents)
        return;
    const struct extent *below = extent_of(b, number);
    frame->weight += below->weight;
    if (frame->object) {
        uint32_t key = builder_node(b, number)->key;
        frame->weight += extent_of(b, key != 0 ? key : frame->key)->weight;
    }
    if (below->height > frame->height)
        frame->height = below->height;
}

/* A new node is the pending name where one is due, a member elsewhere, or the root. */
static void place(struct builder *b, uint32_t number)
{
    if (builder_depth(b) == 0)
        return;
    if (name_due(b)) {
        builder_top(b)->key = number;
        return;
    }
    builder_weigh(b, number);
    builder_append(b, number);
}

bool builder_scalar(struct builder *b, const struct scalar *scalar, uint32_t *number)
{
    struct tree_node node = {.kind = (uint8_t)scalar->kind,
                             .start = scalar->start,
                             .end = scalar->end,
                             .size = (uint32_t)scalar->text.len};
    uint32_t added = 0;
    if (scalar->pooled) {
        node.flags = NODE_POOLED;
        node.child = (uint32_t)b->pool.len;
        buf_add(&b->pool, scalar->text);
    } else {
        node.child = (uint32_t)(scalar->text.ptr - b->doc->source.text.ptr);
    }
    if (!add_node(b, node, &added))
        return false;
    place(b, added);
    if (number != NULL)
        *number = added;
    return true;
}

static bool too_deep(struct builder *b, uint32_t offset)
{
    (void)fail_in(b->err, ERR_LIMIT, &b->doc->source, offset,
                  "the document nests deeper than %u levels", b->limits->depth);
    return err_hint(b->err, "move nested schemas into components and refer to them");
}

bool builder_open(struct builder *b, bool object, uint32_t start)
{
    struct tree_node node = {
        .kind = object ? TREE_OBJECT : TREE_ARRAY, .start = start, .end = start};
    struct frame frame = {.object = object};
    if (builder_depth(b) >= b->limits->depth)
        return too_deep(b, start);
    if (!add_node(b, node, &frame.node))
        return false;
    frame.is_key = name_due(b);
    if (builder_depth(b) > 0 && !frame.is_key)
        builder_append(b, frame.node);
    buf_add(&b->frames, (struct str){(const char *)&frame, sizeof(frame)});
    return true;
}

/* A container where a name belongs has no JSON form: its source text becomes the name. */
static bool container_as_key(struct builder *b, uint32_t container)
{
    struct tree_node *node = builder_node(b, container);
    struct str text = str_sub(b->doc->source.text, node->start, node->end - node->start);
    struct scalar key = {
        .kind = TREE_STRING, .start = node->start, .end = node->end, .text = str_trim(text)};
    tree_note(b->doc, &finding_kinds[FINDING_COMPLEX_KEY], builder_pointer(b, key.text), key.start,
              "a list or map cannot name a member; its text is used");
    return builder_scalar(b, &key, NULL);
}

bool builder_close(struct builder *b, uint32_t end)
{
    if (builder_top(b)->has_merges && !members_merge(b))
        return false;
    members_settle(b);
    struct frame closed = *builder_top(b);
    struct tree_node *node = builder_node(b, closed.node);
    node->size = closed.count;
    node->end = end;
    if (b->keep_extents)
        *extent_of(b, closed.node) = (struct extent){closed.weight + 1, closed.height + 1};
    b->frames.len -= sizeof(struct frame);
    if (closed.is_key)
        return container_as_key(b, closed.node);
    if (builder_depth(b) > 0)
        builder_weigh(b, closed.node);
    return true;
}

bool builder_share(struct builder *b, uint32_t target, uint32_t offset, uint32_t *number)
{
    struct extent extent = *extent_of(b, target);
    struct tree_node node = *builder_node(b, target);
    if (builder_depth(b) + extent.height > b->limits->depth)
        return too_deep(b, offset);
    if (extent.weight > b->limits->alias_nodes - b->alias_nodes) {
        (void)fail_in(
            b->err, ERR_LIMIT, &b->doc->source, offset,
            "aliases and merge keys add more than %u values, long texts counted as several",
            b->limits->alias_nodes);
        return err_hint(b->err, "write repeated parts once, under components, with $ref");
    }
    node.key = node.next = 0;
    if (!add_node(b, node, number))
        return false;
    b->alias_nodes += extent.weight;
    *extent_of(b, *number) = extent;
    return true;
}

bool builder_alias(struct builder *b, uint32_t target, uint32_t start, uint32_t end)
{
    bool container = builder_node(b, target)->kind >= TREE_ARRAY;
    uint32_t number = 0;
    if (!builder_share(b, target, start, &number))
        return false;
    struct tree_node *node = builder_node(b, number);
    node->start = start;
    node->end = end;
    if (container && name_due(b))
        return container_as_key(b, number);
    place(b, number);
    return true;
}

static const void *keep(struct builder *b, const struct buf *from)
{
    void *to = arena_alloc(b->doc->mem, from->len);
    if (from->len > 0)
        memcpy(to, from->ptr, from->len);
    return to;
}

void builder_finish(struct builder *b)
{
    b->doc->count = builder_count(b);
    b->doc->nodes = keep(b, &b->nodes);
    buf_clear(&b->nodes);
    b->doc->pool = (struct str){keep(b, &b->pool), b->pool.len};
    b->doc->index = keep(b, &b->index);
    b->doc->read_findings = b->doc->findings.len;
    builder_clear(b);
}
