/* What a catalog shows of a document as a whole: version, title, servers, tags. */
#include "lister.h"

/* A list may be larger than its document, as shared parameters are listed with each operation; the
 * largest real one stays below three times. Hostile ones multiply without end. */
#define LISTING_BYTES ((size_t)16 << 20)
#define LISTING_RATIO 16
#define LISTING_STEPS ((size_t)20000000)

/* --- shared by the parts ---------------------------------------------------------------------- */

/* The path down to a value, found by source offsets: nodes keep no parents. */
static void pointer_to(struct lister *lister, const struct oas_node *target, struct buf *out)
{
    const struct oas_document *doc = lister->doc;
    const struct oas_node *at = oas_root(doc);
    while (at != NULL && at != target) {
        const struct oas_node *m = oas_first(doc, at);
        uint32_t position = 0;
        while (m != NULL && m != target && (m->start > target->start || m->end < target->end)) {
            m = lister_next(lister, m);
            position++;
        }
        if (m != NULL && oas_key_node(doc, m) != NULL)
            pointer_add(out, oas_key(doc, m));
        else if (m != NULL)
            buf_printf(out, "/%u", position);
        at = m;
    }
}

/* Asked before the pointer is made: shared parts come by once for each operation. */
static bool told(const struct oas_document *doc, const char *code, uint32_t offset,
                 struct str missing)
{
    for (size_t i = doc->read_findings; i < doc->findings.len; i++) {
        const struct oas_finding *known = &doc->findings.ptr[i];
        if (known->offset == offset && known->code == code && str_ends(known->pointer, missing))
            return true;
    }
    return false;
}

void note(struct lister *lister, enum finding_code code, const struct oas_node *node,
          struct str missing, const char *format, ...)
{
    CLEANUP(buf_clear) struct buf pointer = {0};
    char text[200];
    struct oas_document *doc = lister->doc;
    if (findings_full(doc) || told(doc, finding_name(code), node->start, missing))
        return;
    pointer_to(lister, node, &pointer);
    if (missing.ptr != NULL)
        pointer_add(&pointer, missing);
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    finding_add(doc, code, arena_str(doc->mem, buf_str(&pointer)), node->start, "%s", text);
}

bool lister_room(const struct lister *lister)
{
    return lister->mem->used_bytes < lister->limit_bytes && lister->steps < LISTING_STEPS;
}

const struct oas_node *lister_next(struct lister *lister, const struct oas_node *node)
{
    return lister->steps++ < LISTING_STEPS ? oas_next(lister->doc, node) : NULL;
}

struct str lister_text(struct lister *lister, const struct oas_node *object, const char *name)
{
    const struct oas_node *member = oas_get(lister->doc, object, str_from(name));
    struct str text = oas_text(lister->doc, member);
    if (member != NULL && oas_kind_of(member) != OAS_STRING)
        note(lister,
             oas_kind_of(member) == OAS_NUMBER ? FINDING_NUMBER_AS_TEXT : FINDING_WRONG_TYPE,
             member, STR_NONE, "%s is no text: write it in quotes", name);
    return text;
}

const struct oas_node *lister_resolve(struct lister *lister, const struct oas_node *node)
{
    const struct oas_node *target = oas_resolve(lister->doc, node);
    if (target != NULL || node == NULL)
        return target;
    const struct oas_node *ref = oas_get(lister->doc, node, STR("$ref"));
    struct str text = oas_text(lister->doc, ref);
    bool broken = str_starts(text, STR("#"));
    note(lister, broken ? FINDING_BROKEN_REF : FINDING_OUTSIDE_REF, ref, STR_NONE,
         broken ? "the reference %.*s leads nowhere or in a circle"
                : "the reference %.*s leads outside of the document",
         (int)(text.len < 100 ? text.len : 100), text.ptr);
    return NULL;
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

struct str lister_join_texts(struct lister *lister, const struct oas_node *array)
{
    CLEANUP(arena_clear) struct arena scratch = {0};
    VEC(struct str) texts = {0};
    if (oas_kind_of(array) != OAS_ARRAY)
        return STR("");
    for (const struct oas_node *n = oas_first(lister->doc, array); n; n = lister_next(lister, n))
        if (oas_text(lister->doc, n).len > 0)
            vec_push(&texts, &scratch, oas_text(lister->doc, n));
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
    const struct oas_node *servers = oas_get(lister->doc, lister->root, STR("servers"));
    if (servers != NULL && oas_kind_of(servers) != OAS_ARRAY)
        note(lister, FINDING_WRONG_TYPE, servers, STR_NONE, "servers is no list");
    if (oas_kind_of(servers) != OAS_ARRAY)
        return;
    for (const struct oas_node *n = oas_first(lister->doc, servers); n;
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
    const struct oas_document *doc = lister->doc;
    struct str host = lister_text(lister, lister->root, "host");
    struct str base = lister_text(lister, lister->root, "basePath");
    const struct oas_node *schemes = oas_get(doc, lister->root, STR("schemes"));
    if (base.len == 1)
        base = STR(""); /* "/": paths begin with it themselves */
    if (host.len == 0) {
        if (base.len > 0)
            vec_push(list, lister->mem, (struct oas_server){.url = base});
        return;
    }
    for (const struct oas_node *n = oas_kind_of(schemes) == OAS_ARRAY ? oas_first(doc, schemes)
                                                                      : NULL;
         n != NULL; n = lister_next(lister, n)) {
        struct str url = arena_join(lister->mem, oas_text(doc, n), STR("://"), host, base);
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
    const struct oas_node *tags = oas_get(lister->doc, lister->root, STR("tags"));
    if (tags != NULL && oas_kind_of(tags) != OAS_ARRAY)
        note(lister, FINDING_WRONG_TYPE, tags, STR_NONE, "tags is no list");
    if (oas_kind_of(tags) != OAS_ARRAY)
        return;
    for (const struct oas_node *n = oas_first(lister->doc, tags); n; n = lister_next(lister, n)) {
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
    const struct oas_node *info = oas_get(lister->doc, lister->root, STR("info"));
    if (oas_kind_of(info) != OAS_OBJECT) {
        note(lister, FINDING_MISSING, lister->root, STR("info"), "the document has no info object");
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

bool oas_summarise(struct oas_document *doc, struct arena *mem, struct oas_summary *out,
                   struct err *err)
{
    struct lister lister = {.doc = doc, .mem = mem, .root = oas_root(doc)};
    struct oas_summary summary = {0};
    doc->findings.len = doc->read_findings;
    lister.limit_bytes = mem->used_bytes + LISTING_BYTES + LISTING_RATIO * doc->source.text.len;
    if (!lister_version(&lister, &summary, err))
        return false;
    read_info(&lister, &summary);
    list_servers(&lister, &summary);
    list_tags(&lister, &summary);
    lister_paths(&lister, &summary);
    const struct oas_node *webhooks = oas_get(doc, lister.root, STR("webhooks"));
    for (const struct oas_node *n = oas_first(doc, webhooks); n != NULL;
         n = lister_next(&lister, n))
        summary.webhook_count += lister.version >= OAS_3_1 && !is_extension(oas_key(doc, n));
    if (!lister_room(&lister)) {
        (void)fail_in(err, ERR_LIMIT, &doc->source, lister.root->start,
                      "the list of operations is far larger than the document");
        return err_hint(err,
                        "fewer references to path items with many parameters, or shorter ones");
    }
    *out = summary;
    return true;
}
