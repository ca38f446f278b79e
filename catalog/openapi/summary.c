/* What a catalog shows of a document as a whole: version, title, servers, tags. */
#include "lister.h"

/* A list may be larger than its document, as shared parameters are listed with each operation; the
 * largest real one stays below three times. Hostile ones multiply without end. */
#define LISTING_BYTES ((size_t)16 << 20)
#define LISTING_RATIO 16
#define LISTING_STEPS ((size_t)20000000)

#define FINDING_KIND(name, text, severity) [name] = {text, severity},
static const struct finding_kind finding_kinds[] = {FINDING_CODES(FINDING_KIND)};
#undef FINDING_KIND

/* --- shared by the parts ---------------------------------------------------------------------- */

/* The path down to a value, found by source offsets: nodes keep no parents. */
static void pointer_to(struct lister *lister, const struct tree_node *target, struct buf *out)
{
    const struct tree *doc = lister->doc;
    const struct tree_node *at = tree_root(doc);
    while (at != NULL && at != target) {
        const struct tree_node *m = tree_first(doc, at);
        uint32_t position = 0;
        while (m != NULL && m != target && (m->start > target->start || m->end < target->end)) {
            m = lister_next(lister, m);
            position++;
        }
        if (m != NULL && tree_key_node(doc, m) != NULL)
            pointer_add(out, tree_key(doc, m));
        else if (m != NULL)
            buf_printf(out, "/%u", position);
        at = m;
    }
}

/* Asked before the pointer is made: shared parts come by once for each operation. */
static bool told(const struct tree *doc, const char *code, uint32_t offset, struct str missing)
{
    size_t count = 0;
    const struct finding *all = tree_findings(doc, &count);
    for (size_t i = tree_notes_of_reading(doc); i < count; i++) {
        const struct finding *known = &all[i];
        if (known->offset == offset && known->code == code && str_ends(known->pointer, missing))
            return true;
    }
    return false;
}

void note(struct lister *lister, enum finding_code code, const struct tree_node *node,
          struct str missing, const char *format, ...)
{
    CLEANUP(buf_clear) struct buf pointer = {0};
    char text[200];
    struct tree *doc = oas_file_of(lister->files, lister->doc)->doc;
    const struct finding_kind *kind = &finding_kinds[code];
    if (tree_notes_full(doc) || told(doc, kind->code, node->start, missing))
        return;
    pointer_to(lister, node, &pointer);
    if (missing.ptr != NULL)
        pointer_add(&pointer, missing);
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    tree_note(doc, kind, arena_str(tree_arena(doc), buf_str(&pointer)), node->start, "%s", text);
}

bool lister_room(const struct lister *lister)
{
    return lister->mem->used_bytes < lister->limit_bytes && lister->steps < LISTING_STEPS;
}

const struct tree_node *lister_next(struct lister *lister, const struct tree_node *node)
{
    return lister->steps++ < LISTING_STEPS ? tree_next(lister->doc, node) : NULL;
}

struct str lister_text(struct lister *lister, const struct tree_node *object, const char *name)
{
    const struct tree_node *member = tree_get(lister->doc, object, str_from(name));
    struct str text = tree_text(lister->doc, member);
    if (member != NULL && tree_kind_of(member) != TREE_STRING)
        note(lister,
             tree_kind_of(member) == TREE_NUMBER ? FINDING_NUMBER_AS_TEXT : FINDING_WRONG_TYPE,
             member, STR_NONE, "%s is no text: write it in quotes", name);
    return text;
}

const struct tree *lister_enter(struct lister *lister, const struct tree *doc)
{
    const struct tree *before = lister->doc;
    lister->doc = doc;
    return before;
}

/* A file that is read on the way takes memory that is not the list's, and may be listed as well. */
struct oas_spot lister_follow(struct lister *lister, struct oas_spot from, enum oas_lead *lead)
{
    size_t used = lister->mem->used_bytes, known = oas_file_count(lister->files);
    struct oas_spot to = oas_follow(lister->files, from, lead);
    lister->limit_bytes += lister->mem->used_bytes - used;
    for (size_t i = known; i < oas_file_count(lister->files); i++) {
        const struct tree *doc = oas_file_at(lister->files, i)->doc;
        lister->limit_bytes += doc != NULL ? LISTING_RATIO * tree_source(doc).len : 0;
    }
    return to;
}

struct oas_spot lister_resolve(struct lister *lister, const struct tree_node *node)
{
    const struct oas_spot from = {lister->doc, node};
    enum oas_lead lead = OAS_LEAD_FOUND;
    struct oas_spot target = lister_follow(lister, from, &lead);
    if (lead == OAS_LEAD_FOUND)
        return target;
    const struct tree_node *ref = tree_get(lister->doc, node, STR("$ref"));
    struct str text = tree_text(lister->doc, ref);
    bool broken = lead == OAS_LEAD_NOWHERE || lead == OAS_LEAD_CIRCLE;
    note(lister, broken ? FINDING_BROKEN_REF : FINDING_OUTSIDE_REF, ref, STR_NONE,
         broken ? "the reference %.*s leads nowhere or in a circle"
                : "the reference %.*s leads outside of the document",
         (int)(text.len < 100 ? text.len : 100), text.ptr);
    return (struct oas_spot){lister->doc, NULL};
}

struct str lister_join(struct lister *lister, const struct str *parts, size_t count)
{
    CLEANUP(buf_clear) struct buf out = {0};
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_add(&out, STR(", "));
        buf_add(&out, parts[i]);
    }
    return arena_str(lister->mem, buf_str(&out));
}

struct str lister_join_texts(struct lister *lister, const struct tree_node *array)
{
    CLEANUP(arena_clear) struct arena scratch = {0};
    VEC(struct str) texts = {0};
    if (tree_kind_of(array) != TREE_ARRAY)
        return STR("");
    for (const struct tree_node *n = tree_first(lister->doc, array); n; n = lister_next(lister, n))
        if (tree_text(lister->doc, n).len > 0)
            vec_push(&texts, &scratch, tree_text(lister->doc, n));
    return lister_join(lister, texts.ptr, texts.len);
}

bool is_extension(struct str name)
{
    return str_starts(name, STR("x-"));
}

/* --- servers ---------------------------------------------------------------------------------- */

typedef VEC(struct oas_server) server_list;

static void servers_3(struct lister *lister, server_list *list)
{
    const struct tree_node *servers = tree_get(lister->doc, lister->root.node, STR("servers"));
    if (servers != NULL && tree_kind_of(servers) != TREE_ARRAY)
        note(lister, FINDING_WRONG_TYPE, servers, STR_NONE, "servers is no list");
    if (tree_kind_of(servers) != TREE_ARRAY)
        return;
    for (const struct tree_node *n = tree_first(lister->doc, servers); n;
         n = lister_next(lister, n)) {
        struct oas_server server = {.url = lister_text(lister, n, "url"),
                                    .description = lister_text(lister, n, "description")};
        if (server.url.ptr != NULL)
            vec_push(list, lister->mem, server);
        else
            note(lister, FINDING_MISSING, n, STR("url"), "a server has no url");
    }
}

/* OAS 2.0 "Swagger Object": without schemes the document's own is meant, without a host its own. */
static void servers_2(struct lister *lister, server_list *list)
{
    const struct tree *doc = lister->doc;
    struct str host = lister_text(lister, lister->root.node, "host");
    struct str base = lister_text(lister, lister->root.node, "basePath");
    const struct tree_node *schemes = tree_get(doc, lister->root.node, STR("schemes"));
    if (base.len == 1)
        base = STR(""); /* "/": paths begin with it themselves */
    if (host.len == 0) {
        if (base.len > 0)
            vec_push(list, lister->mem, (struct oas_server){.url = base});
        return;
    }
    for (const struct tree_node *n = tree_kind_of(schemes) == TREE_ARRAY ? tree_first(doc, schemes)
                                                                         : NULL;
         n != NULL; n = lister_next(lister, n)) {
        struct str url = arena_join(lister->mem, tree_text(doc, n), STR("://"), host, base);
        vec_push(list, lister->mem, (struct oas_server){.url = url});
    }
    if (list->len == 0)
        vec_push(list, lister->mem,
                 (struct oas_server){.url = arena_join(lister->mem, STR("//"), host, base)});
}

static void list_servers(struct lister *lister, struct oas_summary *out)
{
    server_list list = {0};
    if (lister->version == OAS_2_0)
        servers_2(lister, &list);
    else
        servers_3(lister, &list);
    out->servers = list.ptr;
    out->server_count = list.len;
}

/* --- tags, info ------------------------------------------------------------------------------- */

static void list_tags(struct lister *lister, struct oas_summary *out)
{
    VEC(struct oas_tag) list = {0};
    const struct tree_node *tags = tree_get(lister->doc, lister->root.node, STR("tags"));
    if (tags != NULL && tree_kind_of(tags) != TREE_ARRAY)
        note(lister, FINDING_WRONG_TYPE, tags, STR_NONE, "tags is no list");
    if (tree_kind_of(tags) != TREE_ARRAY)
        return;
    for (const struct tree_node *n = tree_first(lister->doc, tags); n; n = lister_next(lister, n)) {
        struct oas_tag tag = {.name = lister_text(lister, n, "name"),
                              .description = lister_text(lister, n, "description")};
        if (tag.name.ptr != NULL)
            vec_push(&list, lister->mem, tag);
        else
            note(lister, FINDING_MISSING, n, STR("name"), "a tag has no name");
    }
    out->tags = list.ptr;
    out->tag_count = list.len;
}

static void read_info(struct lister *lister, struct oas_summary *out)
{
    const struct tree_node *info = tree_get(lister->doc, lister->root.node, STR("info"));
    if (tree_kind_of(info) != TREE_OBJECT) {
        note(lister, FINDING_MISSING, lister->root.node, STR("info"),
             "the document has no info object");
        return;
    }
    out->title = lister_text(lister, info, "title");
    out->info_version = lister_text(lister, info, "version");
    out->description = lister_text(lister, info, "description");
    if (out->title.len == 0)
        note(lister, FINDING_MISSING, info, STR("title"), "info has no title");
    if (out->info_version.len == 0)
        note(lister, FINDING_MISSING, info, STR("version"), "info has no version");
}

bool oas_summarise(struct oas_files *files, struct arena *mem, struct oas_summary *out,
                   struct err *err)
{
    const struct tree *doc = oas_file_at(files, 0)->doc;
    struct lister lister = {
        .files = files, .doc = doc, .mem = mem, .root = {doc, tree_root(doc)}
    };
    struct oas_summary summary = {0};
    for (size_t i = 0; i < oas_file_count(files); i++)
        if (oas_file_at(files, i)->doc != NULL)
            tree_notes_reset(oas_file_at(files, i)->doc);
    lister.limit_bytes = mem->used_bytes + LISTING_BYTES + LISTING_RATIO * tree_source(doc).len;
    if (!lister_version(&lister, &summary, err))
        return false;
    read_info(&lister, &summary);
    list_servers(&lister, &summary);
    list_tags(&lister, &summary);
    lister_paths(&lister, &summary);
    const struct tree_node *webhooks = spot_get(lister.root, "webhooks").node;
    for (const struct tree_node *n = tree_first(doc, webhooks); n != NULL;
         n = lister_next(&lister, n))
        summary.webhook_count += lister.version >= OAS_3_1 && !is_extension(tree_key(doc, n));
    if (!lister_room(&lister)) {
        (void)tree_fail(err, ERR_LIMIT, doc, lister.root.node->start,
                        "the list of operations is far larger than the document");
        return err_hint(err,
                        "fewer references to path items with many parameters, or shorter ones");
    }
    *out = summary;
    return true;
}
