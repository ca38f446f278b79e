/* An API's changelog: what each published document changed, for people and as Markdown. */
#include "portal/web/handlers.h"

#define ENTRIES_PAGE     20
#define ENTRIES_MARKDOWN 200
#define CHANGES_SHOWN    40 /* of one entry */
#define SHORT_HASH       12

static bool read_log(const struct page *p, struct str api, int64_t limit, struct changelog *out)
{
    struct str cursor = http_query(p->req, "cursor");
    const struct catalog_query query = {
        .api = api, .cursor = cursor.len > 0 ? cursor : STR_NONE, .limit = limit};
    return catalog_changelog(VIEW(p->req), PRINCIPAL(p->req), &query, CHANGES_SHOWN, p->req->mem,
                             out, p->err);
}

/* --- the page -----------------------------------------------------------------------------------
 */

static const struct {
    const char *badge, *word;
} levels[CHANGE_LEVEL_COUNT] = {
    [CHANGE_INFO] = {"info",    "info"     },
    [CHANGE_WARN] = {"warning", "may break"},
    [CHANGE_ERROR] = {"error",   "breaking" },
};

static void put_entry(const struct page *p, const struct publication *e)
{
    struct html_data *item = html_add(p->data, T(entries));
    const struct assessment *found = &e->assessment;
    struct str bump =
        found->base.len > 0 && !str_eq(found->bump, STR("none")) ? found->bump : STR("");
    html_row(item, &record_revision, &e->revision);
    html_text(item, T(short_hash), str_sub(e->revision.sha256, 0, SHORT_HASH));
    html_text(item, T(base_hash), str_sub(found->base, 0, SHORT_HASH));
    html_text(item, T(base_version), found->base_version);
    html_flag(item, T(same_version), str_eq(found->base_version, e->revision.version));
    html_text(item, T(bump), bump);
    html_number(item, T(change_count), found->change_count);
    html_flag(item, T(one), found->change_count == 1);
    html_number(item, T(breaking_count), found->breaking_count);
    html_number(item, T(more), found->change_count - (int64_t)e->change_count);
    for (size_t i = 0; i < e->change_count; i++) {
        struct html_data *change = html_add(item, T(changes));
        html_row(change, &record_revision_change, &e->changes[i]);
        html_text(change, T(badge), str_from(levels[e->changes[i].level].badge));
        html_text(change, T(word), str_from(levels[e->changes[i].level].word));
        web_pieces(change, e->changes[i].message);
    }
}

static bool show_changelog(const struct page *p, struct api *api)
{
    struct changelog log = {0};
    if (!read_log(p, api->slug, ENTRIES_PAGE, &log))
        return false;
    for (size_t i = 0; i < log.count; i++)
        put_entry(p, &log.rows[i]);
    html_row(p->data, &record_api, api);
    html_text(p->data, T(api), api->slug);
    const struct catalog_list list = {.next = log.next, .total = log.total, .count = log.count};
    web_pager(p, &list);
    web_version_crumbs(p, api);
    return web_page(p, &template_changelog, STR("Changelog"), WEB_APIS);
}

/* --- Markdown -----------------------------------------------------------------------------------
 */

/* Nothing of a document is markup; its backticks set names apart. */
static void put_markdown(struct str text, struct buf *out)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if ((unsigned char)c < 0x20)
            c = ' ';
        if (strchr("<>&|*_[]#\\", c) != NULL)
            buf_add_char(out, '\\');
        buf_add_char(out, c);
    }
}

static void put_markdown_change(const struct revision_change *c, struct buf *out)
{
    buf_printf(out, "- **%s** ", levels[c->level].word);
    put_markdown(c->operation, out);
    buf_add(out, c->operation.len > 0 ? STR(" ") : STR(""));
    put_markdown(c->path, out);
    buf_add(out, c->path.len > 0 ? STR(": ") : STR(""));
    put_markdown(c->message, out);
    buf_printf(out, " (" STR_FMT ")\n", STR_ARG(c->code));
}

static void put_markdown_entry(const struct publication *e, struct arena *mem, struct buf *out)
{
    const struct assessment *found = &e->assessment;
    bool grows = found->bump.len > 0 && !str_eq(found->bump, STR("none"));
    buf_add(out, STR("\n## "));
    put_markdown(e->revision.version, out);
    buf_printf(out, ", %.10s\n\n", time_format(mem, e->revision.published_at).ptr);
    if (found->base.len > 0)
        buf_printf(out, "%lld change%s since " STR_FMT ", %lld of them breaking%s" STR_FMT "%s.\n",
                   (long long)found->change_count, found->change_count == 1 ? "" : "s",
                   STR_ARG(found->base_version), (long long)found->breaking_count,
                   grows ? "; the version number grows in its " : "",
                   STR_ARG(grows ? found->bump : STR("")), grows ? " part" : "");
    else
        buf_printf(out, "First document: %lld operations.\n",
                   (long long)e->revision.operation_count);
    buf_add(out, e->change_count > 0 ? STR("\n") : STR(""));
    for (size_t i = 0; i < e->change_count; i++)
        put_markdown_change(&e->changes[i], out);
    if (found->change_count > (int64_t)e->change_count)
        buf_printf(out, "- and %lld more\n",
                   (long long)(found->change_count - (int64_t)e->change_count));
}

static bool send_markdown(const struct page *p, const struct api *api)
{
    struct changelog log = {0};
    struct buf *out = &p->res->owned;
    if (!read_log(p, api->slug, ENTRIES_MARKDOWN, &log))
        return false;
    buf_add(out, STR("# Changelog of "));
    put_markdown(api->name, out);
    buf_add_char(out, '\n');
    for (size_t i = 0; i < log.count; i++)
        put_markdown_entry(&log.rows[i], p->req->mem, out);
    http_set_header(
        p->res, "Content-Disposition",
        arena_join(p->req->mem, STR("attachment; filename=\""), api->slug, STR("-changelog.md\"")));
    p->res->content_type = STR("text/markdown; charset=utf-8");
    return true;
}

bool web_changelog(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct api *api = arena_new(req->mem, struct api);
    if (!catalog_api(VIEW(req), PRINCIPAL(req), req->args, req->mem, api, err))
        return false;
    return str_eq(http_query(req, "format"), STR("markdown")) ? send_markdown(&p, api)
                                                              : show_changelog(&p, api);
}
