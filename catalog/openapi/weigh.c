/* How large a document is for those who look at each value where it is used. */
#include "reference.h"

/* Of the real documents that were weighed the heaviest has 2.8 times its bytes. */
#define WEIGHT_LEAST ((uint64_t)64 << 20)
#define WEIGHT_RATIO 16

struct scales {
    struct oas_files *files;
    size_t known; /* files whose bytes count in most */
    uint64_t bytes, most;
    struct oas_spot heaviest; /* what stands for the most at once */
    uint64_t heaviest_bytes;
};

static void know_files(struct scales *s)
{
    for (; s->known < oas_file_count(s->files); s->known++) {
        const struct tree *doc = oas_file_at(s->files, s->known)->doc;
        s->most += doc ? WEIGHT_RATIO * (uint64_t)tree_source(doc).len : 0;
    }
}

static uint64_t bytes_of(struct oas_spot at)
{
    return at.node ? at.node->end - at.node->start : 0;
}

static struct oas_spot target_of(struct scales *s, struct oas_spot object)
{
    struct oas_spot ref = {0}, to = {0};
    if (tree_kind_of(object.node) == TREE_OBJECT)
        ref = spot_get(object, "$ref");
    if (tree_kind_of(ref.node) == TREE_STRING)
        to = oas_refer(s->files, ref.doc, tree_text(ref.doc, ref.node), NULL);
    know_files(s);
    return to;
}

static void add(struct scales *s, struct oas_spot at, uint64_t bytes)
{
    s->bytes += bytes;
    if (bytes <= s->heaviest_bytes)
        return;
    s->heaviest = at;
    s->heaviest_bytes = bytes;
}

static bool has_room(const struct scales *s)
{
    return s->bytes <= s->most;
}

/* --- references --------------------------------------------------------------------------------
 */

static void weigh_references(struct scales *s, const struct tree *doc)
{
    for (uint32_t i = 0; i < tree_count(doc) && has_room(s); i++) {
        struct oas_spot object = {doc, tree_numbered(doc, i)};
        add(s, object, bytes_of(target_of(s, object)));
    }
}

/* --- parameters of paths: each operation has them ----------------------------------------------
 */

static void weigh_list(struct scales *s, struct oas_spot parameters, uint64_t times)
{
    if (tree_kind_of(parameters.node) != TREE_ARRAY)
        return;
    add(s, parameters, times * bytes_of(parameters));
    for (struct oas_spot p = spot_first(parameters); p.node != NULL && has_room(s);
         p = spot_next(p))
        add(s, parameters, times * bytes_of(target_of(s, p)));
}

static void weigh_item(struct scales *s, struct oas_spot item)
{
    struct oas_spot parameters = {0};
    uint64_t operations = 0;
    for (unsigned hops = 0; item.node != NULL && hops < REFERENCE_MOST_HOPS; hops++) {
        struct oas_spot more = spot_get(item, "additionalOperations");
        if (parameters.node == NULL)
            parameters = spot_get(item, "parameters");
        if (tree_kind_of(item.node) == TREE_OBJECT)
            operations += item.node->size;
        if (tree_kind_of(more.node) == TREE_OBJECT)
            operations += more.node->size;
        item = target_of(s, item);
    }
    weigh_list(s, parameters, operations);
}

static void weigh_items(struct scales *s, const struct tree *doc, const char *name)
{
    struct oas_spot root = {doc, tree_root(doc)};
    for (struct oas_spot m = spot_first(spot_get(root, name)); m.node != NULL && has_room(s);
         m = spot_next(m))
        weigh_item(s, m);
}

bool oas_weigh(struct oas_files *files, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct scales s = {.files = files, .most = WEIGHT_LEAST};
    know_files(&s);
    for (size_t i = 0; i < s.known && has_room(&s); i++)
        if (oas_file_at(files, i)->doc != NULL)
            weigh_references(&s, oas_file_at(files, i)->doc);
    weigh_items(&s, oas_file_at(files, 0)->doc, "paths");
    weigh_items(&s, oas_file_at(files, 0)->doc, "webhooks");
    if (has_room(&s))
        return true;
    (void)fail(err, ERR_LIMIT, str_z(&mem, oas_where(files, s.heaviest, &mem)),
               "what is used at several places would have more than %llu bytes if it stood there, "
               "%llu of them here",
               (unsigned long long)s.most, (unsigned long long)s.heaviest_bytes);
    return err_hint(err, "let less refer to large values, or make them smaller");
}
