/* Writing trees out, and what must hold for every tree. */
#include "tests/fuzz/dump.h"

#define NODES_MOST  20000
#define FOLLOW_MOST 64 /* children of one value: each is looked up from the root */

static void check_node(const struct tree *doc, const struct tree_node *node)
{
    struct str source = tree_source(doc);
    HOLDS(node->start <= node->end && node->end <= source.len);
    HOLDS(tree_place_of(doc, node->start).line >= 1);
    HOLDS(tree_numbered(doc, tree_number(doc, node)) == node);
}

static void put_scalar(struct json_writer *w, const struct tree *doc, const struct tree_node *node,
                       bool tagged)
{
    static const char *const kinds[] = {
        [TREE_NULL] = "~", [TREE_BOOL] = "?", [TREE_NUMBER] = "#", [TREE_STRING] = "$"};
    CLEANUP(buf_clear) struct buf text = {0};
    struct str own = tree_text(doc, node);
    HOLDS(str_utf8(own, NULL));
    if (tagged)
        buf_add(&text, str_from(kinds[tree_kind_of(node)]));
    buf_add(&text, own);
    json_put_str(w, text.len ? buf_str(&text) : STR(""));
}

static void put(struct json_writer *w, const struct tree *doc, const struct tree_node *node,
                bool tagged)
{
    enum tree_kind kind = tree_kind_of(node);
    check_node(doc, node);
    if (kind != TREE_ARRAY && kind != TREE_OBJECT) {
        put_scalar(w, doc, node, tagged);
        return;
    }
    uint32_t count = 0;
    if (kind == TREE_OBJECT)
        json_open_object(w);
    else
        json_open_array(w);
    for (const struct tree_node *child = tree_first(doc, node); child != NULL;
         child = tree_next(doc, child), count++) {
        if (kind == TREE_OBJECT)
            json_key(w, tree_key(doc, child));
        put(w, doc, child, tagged);
    }
    HOLDS(count == node->size);
    if (kind == TREE_OBJECT)
        json_close_object(w);
    else
        json_close_array(w);
}

void dump_tree(const struct tree *doc, bool tagged, struct buf *out)
{
    struct json_writer w = {.out = out};
    put(&w, doc, tree_root(doc), tagged);
}

bool dump_read(struct str text, struct arena *mem, struct tree **out, struct err *err)
{
    struct tree_limits limits = tree_limits_default;
    limits.depth = DUMP_DEPTH;
    limits.nodes = NODES_MOST;
    limits.alias_nodes = NODES_MOST;
    bool ok = tree_read(text, &limits, mem, out, err);
    HOLDS(ok || ((err->code == ERR_INVALID || err->code == ERR_LIMIT) && err->msg[0] != '\0' &&
                 strncmp(err->where, "line ", 5) == 0));
    return ok;
}

void dump_round_trip(const struct tree *doc)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf once = {0};
    CLEANUP(buf_clear) struct buf twice = {0};
    enum tree_kind kind = tree_kind_of(tree_root(doc));
    struct tree *again = NULL;
    struct err err = {0};
    dump_tree(doc, true, &once);
    if (kind != TREE_ARRAY && kind != TREE_OBJECT)
        return; /* a lone text would be read as YAML */
    HOLDS(dump_read(buf_str(&once), &mem, &again, &err));
    dump_tree(again, false, &twice);
    HOLDS(str_eq(buf_str(&once), buf_str(&twice)));
}

static void follow(const struct tree *doc, const struct tree_node *node, struct str pointer,
                   struct arena *mem)
{
    size_t index = 0;
    for (const struct tree_node *child = tree_first(doc, node);
         child != NULL && index < FOLLOW_MOST; child = tree_next(doc, child), index++) {
        CLEANUP(buf_clear) struct buf to = {0};
        bool first =
            tree_kind_of(node) != TREE_OBJECT || tree_get(doc, node, tree_key(doc, child)) == child;
        HOLDS(tree_kind_of(node) != TREE_OBJECT ||
              tree_get(doc, node, tree_key(doc, child)) != NULL);
        buf_add(&to, pointer);
        if (tree_kind_of(node) == TREE_OBJECT)
            pointer_add(&to, tree_key(doc, child));
        else
            buf_printf(&to, "/%zu", index);
        if (first)
            HOLDS(tree_at(doc, buf_str(&to)) == child);
        if (first && mem->used_bytes < ((size_t)1 << 20))
            follow(doc, child, arena_str(mem, buf_str(&to)), mem);
    }
}

void dump_pointers(const struct tree *doc)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    follow(doc, tree_root(doc), STR(""), &mem);
}
