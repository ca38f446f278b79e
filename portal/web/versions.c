/* A version's page: operations by tag, servers, where it runs. */
#include "portal/web/handlers.h"

#define OPERATIONS_SHOWN 300

static struct str first_tag(const struct operation *op, struct arena *mem)
{
    const struct str *tags = NULL;
    return list_read(op->tags, mem, &tags) > 0 ? tags[0] : STR("");
}

/* Groups in the order in which their first operations stand in the document. */
static void add_operations(const struct page *p, const struct catalog_list *list)
{
    struct arena *mem = p->req->mem;
    struct group_of_tag {
        struct str tag;
        struct html_data *group;
    };
    VEC(struct group_of_tag) groups = {0};
    const struct operation *rows = list->rows;
    for (size_t i = 0; i < list->count; i++) {
        struct str tag = first_tag(&rows[i], mem);
        size_t at = 0;
        while (at < groups.len && !str_eq(groups.ptr[at].tag, tag))
            at++;
        if (at == groups.len) {
            vec_push(&groups, mem, (struct group_of_tag){tag, html_add(p->data, T(tags))});
            html_text(groups.ptr[at].group, T(label), tag);
        }
        html_row(html_add(groups.ptr[at].group, T(operations)), &record_operation, &rows[i]);
    }
}

/* A call to try: the first GET without variables, whatever is searched for and on whatever page. */
static bool first_path(const struct page *p, const struct catalog_query *version, struct str *out)
{
    struct catalog_query query = *version;
    struct catalog_list list = {0};
    query.limit = OPERATIONS_SHOWN;
    if (!catalog_operations(VIEW(p->req), PRINCIPAL(p->req), &query, p->req->mem, &list, p->err))
        return false;
    const struct operation *ops = list.rows;
    for (size_t i = list.count; i-- > 0;)
        if (str_eq(ops[i].method, STR("GET")) && str_find_char(ops[i].path, '{') == SIZE_MAX)
            *out = ops[i].path;
    return true;
}

/* Where the version answers, each with a first call to try. */
static bool add_deployments(const struct page *p, const struct api *api,
                            const struct version *version)
{
    const struct catalog_query query = {.api = api->slug, .version = version->label, .limit = 50};
    struct catalog_list list = {0};
    struct str path = STR("/");
    if (!catalog_deployments(VIEW(p->req), PRINCIPAL(p->req), &query, p->req->mem, &list, p->err) ||
        (list.count > 0 && !first_path(p, &query, &path)))
        return false;
    const struct deployment *rows = list.rows;
    for (size_t i = 0; i < list.count; i++) {
        struct html_data *item = html_add(p->data, T(deployments));
        struct str base = web_base(p->req, &rows[i]);
        html_row(item, &record_deployment, &rows[i]);
        html_text(item, T(address), base);
        html_text(
            item, T(curl),
            web_curl(p->req->mem, STR("GET"), base, path, api->access == API_ACCESS_APPROVED));
    }
    return true;
}

/* How good the document is, and what stands between it and being published. */
static bool add_governance(const struct page *p, const struct api *api,
                           const struct version *version)
{
    struct view *v = VIEW(p->req);
    const struct principal *who = PRINCIPAL(p->req);
    struct assessment *found = arena_new(p->req->mem, struct assessment);
    struct verdict verdict = {0};
    bool may_look = catalog_may(v, who, ACTION_GATE_READ, api->team_id);
    bool waits = version->candidate.len > 0;
    struct err none = {0};
    if (catalog_assessment(v, who, p->req->args, p->req->mem, found, &none))
        html_row(html_add(p->data, T(assessments)), &record_assessment, found);
    else if (none.code != ERR_NOT_FOUND) {
        *p->err = none;
        return false;
    }
    if (!may_look || (version->stage != STAGE_DRAFT && !waits))
        return true;
    if (!catalog_verdict(v, who, p->req->args, p->req->mem, &verdict, p->err))
        return false;
    struct html_data *gate = html_add(p->data, T(gate));
    html_flag(gate, T(blocked), verdict.blocked);
    html_flag(gate, T(waits), waits);
    html_number(gate, T(blocks), (int64_t)verdict.blocks);
    html_flag(gate, T(one), verdict.blocks == 1);
    return true;
}

/* The other versions, beside this one. */
static bool add_versions(const struct page *p, const struct version *shown)
{
    const struct catalog_query query = {.api = shown->api, .limit = 100};
    struct catalog_list list = {0};
    if (!catalog_versions(VIEW(p->req), PRINCIPAL(p->req), &query, p->req->mem, &list, p->err))
        return false;
    const struct version *rows = list.rows;
    for (size_t i = 0; i < list.count; i++) {
        struct html_data *item = html_add(p->data, T(versions));
        html_row(item, &record_version, &rows[i]);
        html_flag(item, T(current), rows[i].id == shown->id);
    }
    return true;
}

/* One file needs no list: it is what the page's button downloads. */
static bool add_files(const struct page *p, const struct revision *revision, struct html_data *item)
{
    struct json *files = NULL;
    if (!json_parse(revision->files, p->req->mem, &files, p->err))
        return false;
    html_flag(p->data, T(several), files->count > 1);
    for (const struct json *f = files->count > 1 ? files->child : NULL; f != NULL; f = f->next) {
        struct html_data *row = html_add(item, T(files));
        html_text(row, T(path), json_get_str(f, "path"));
        html_number(row, T(size_bytes), json_get_i64(f, "size_bytes", 0));
        html_flag(row, T(root), json_get_bool(f, "root", false));
    }
    return true;
}

bool web_version(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct api *api = arena_new(req->mem, struct api);
    struct version *version = arena_new(req->mem, struct version);
    struct revision *revision = arena_new(req->mem, struct revision);
    struct catalog_list operations = {0};
    struct view *v = VIEW(req);
    const struct principal *who = PRINCIPAL(req);
    struct str q = str_trim(http_query(req, "q")), cursor = http_query(req, "cursor");
    const struct catalog_query query = {.api = req->args[0],
                                        .version = req->args[1],
                                        .q = q.len ? q : STR_NONE,
                                        .cursor = cursor.len ? cursor : STR_NONE,
                                        .limit = OPERATIONS_SHOWN};
    if (!catalog_api(v, who, req->args, req->mem, api, err) ||
        !catalog_version(v, who, req->args, req->mem, version, err) ||
        !catalog_operations(v, who, &query, req->mem, &operations, err))
        return false;
    html_row(p.data, &record_version, version);
    html_text(p.data, T(api_name), api->name);
    html_text(p.data, T(version_label), version->label);
    html_text(p.data, T(q), q);
    html_flag(p.data, T(may_change), catalog_may(v, who, ACTION_API_CHANGE, api->team_id));
    html_flag(p.data, T(open), api->access == API_ACCESS_OPEN);
    html_flag(p.data, T(deprecated), version->stage == STAGE_DEPRECATED);
    html_flag(p.data, T(retired), version->stage == STAGE_RETIRED);
    html_flag(p.data, T(draft), version->stage == STAGE_DRAFT);
    html_flag(p.data, T(documented), version->revision_id != 0);
    if (version->revision_id != 0) {
        if (!catalog_revision(v, who, req->args, req->mem, revision, err))
            return false;
        struct html_data *item = html_add(p.data, T(revisions));
        html_row(item, &record_revision, revision);
        html_text(item, T(short_hash), str_sub(revision->sha256, 0, 12));
        if (!add_files(&p, revision, item) || !add_governance(&p, api, version))
            return false;
    }
    add_operations(&p, &operations);
    web_pager(&p, &operations);
    web_version_crumbs(&p, api);
    return add_versions(&p, version) && add_deployments(&p, api, version) &&
           web_page(&p, &template_version,
                    arena_join(req->mem, api->name, STR(" "), version->label), WEB_APIS);
}
