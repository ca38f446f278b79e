/* What an API's team does: register and change an API, add versions, upload documents, publish. */
#include "portal/settings.h"
#include "portal/web/handlers.h"

static const struct form_field api_fields[] = {
    {"slug",          "Short name",        "Lower-case letters, digits and hyphens, a letter first. It stays.",
     FORM_TEXT,                                                                                                              true,  NULL},
    {"team",          "Team",              "It owns the API and decides who may call it.",                      FORM_SELECT, true,  NULL},
    {"name",          "Name",              "As people call it.",                                                FORM_TEXT,   true,  NULL},
    {"summary",       "Summary",           "One line for lists.",                                               FORM_TEXT,   false, NULL},
    {"description",   "Description",       NULL,                                                                FORM_AREA,   false, NULL},
    {"tags",          "Tags",              "With commas between them.",                                         FORM_LIST,   false, NULL},
    {"visibility",    "Who sees it",
     "internal: everybody who is signed in; public: visitors, too; private: the teams named below.",            FORM_SELECT, true,  NULL},
    {"allowed_teams", "Teams that see it",
     "Short names with commas between them; for private APIs.",                                                 FORM_LIST,   false, NULL},
    {"access",        "Who may call it",
     "approved: apps with a granted request; open: anybody, without a key.",                                    FORM_SELECT, true,
     NULL                                                                                                                               },
    {"approval",      "Requests",          "manual: your team decides; automatic: granted at once.",            FORM_SELECT,
     true,                                                                                                                          NULL},
};
/* Its name stays, and its team: what follows them are the fields of a change. */
#define FIXED_FIELDS 2

enum { TEAM, VISIBILITY, ACCESS, APPROVAL, OPTIONS };

static bool api_options(const struct page *p, struct form_options *out)
{
    struct arena *mem = p->req->mem;
    const struct catalog_query query = {.mine = PRINCIPAL(p->req)->role == ROLE_USER, .limit = 500};
    struct catalog_list teams = {0};
    if (!catalog_teams(VIEW(p->req), PRINCIPAL(p->req), &query, mem, &teams, p->err))
        return false;
    const struct team *rows = teams.rows;
    out[TEAM].field = "team";
    for (size_t i = 0; i < teams.count; i++)
        if (catalog_may(VIEW(p->req), PRINCIPAL(p->req), ACTION_API_CREATE, rows[i].id))
            vec_push(&out[TEAM].items, mem, (struct form_option){rows[i].slug, rows[i].name});
    out[VISIBILITY] = web_form_names(mem, "visibility", &names_visibility);
    out[ACCESS] = web_form_names(mem, "access", &names_api_access);
    out[APPROVAL] = web_form_names(mem, "approval", &names_approval);
    return true;
}

static bool show_new_api(const struct page *p, const struct err *problem)
{
    struct form_options options[OPTIONS] = {0};
    if (!api_options(p, options))
        return false;
    bool ready = options[TEAM].items.len > 0;
    const struct form form = {
        .heading = "Register an API",
        .lead = STR("Its documents and versions come next."),
        .submit = "Register the API",
        .action = STR("/new-api"),
        .cancel = STR("/apis"),
        .fields = api_fields,
        .count = ready ? COUNT_OF(api_fields) : 0,
        .options = options,
        .option_count = COUNT_OF(options),
    };
    html_flag(p->data, T(needs_team), !ready);
    web_crumb(p, "APIs", STR_NONE, STR("/apis"));
    return web_form_page(p, &form, problem, WEB_APIS);
}

bool web_api_new(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    return show_new_api(&p, NULL);
}

static struct str api_page(struct http_request *req, struct str slug)
{
    return arena_join(req->mem, STR("/apis/"), slug);
}

bool web_api_new_post(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct api api = {0};
    struct err problem = {0};
    const struct change change = {
        .by = PRINCIPAL(req),
        .if_match = IF_MATCH_NONE,
        .body = web_form_body(req, api_fields, COUNT_OF(api_fields)),
    };
    if (!catalog_change(APP(req)->catalog, api_create, &change, req->mem, &api, &problem))
        return web_form_again(&p, &problem) && show_new_api(&p, &problem);
    return web_redirect(req, res, api_page(req, api.slug), "api");
}

/* The form is not shown to those whose post would be refused. */
static bool may_publish(const struct page *p, enum action action, const struct api *api)
{
    if (catalog_may(VIEW(p->req), PRINCIPAL(p->req), action, api->team_id))
        return true;
    return fail(p->err, ERR_DENIED, "",
                "only maintainers of the API's team and operators may do this");
}

static bool show_edit(const struct page *p, const struct err *problem)
{
    struct http_request *req = p->req;
    struct api *api = arena_new(req->mem, struct api);
    struct form_options options[OPTIONS] = {0};
    if (!catalog_api(VIEW(req), PRINCIPAL(req), req->args, req->mem, api, p->err) ||
        !may_publish(p, ACTION_API_CHANGE, api) || !api_options(p, options))
        return false;
    const struct form form = {
        .heading = "Change the API",
        .submit = "Save",
        .action = arena_join(req->mem, api_page(req, api->slug), STR("/edit")),
        .cancel = api_page(req, api->slug),
        .fields = api_fields + FIXED_FIELDS,
        .count = COUNT_OF(api_fields) - FIXED_FIELDS,
        .options = options,
        .option_count = COUNT_OF(options),
        .record = &record_api,
        .row = api,
        .etag = api->etag,
    };
    web_crumb(p, "APIs", STR_NONE, STR("/apis"));
    web_crumb(p, NULL, api->name, form.cancel);
    return web_form_page(p, &form, problem, WEB_APIS);
}

bool web_api_edit(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    return show_edit(&p, NULL);
}

bool web_api_edit_post(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct api api = {0};
    struct err problem = {0};
    const struct change change = {
        .by = PRINCIPAL(req),
        .args = {req->args[0]},
        .if_match = web_form_etag(req),
        .body = web_form_patch(req, api_fields + FIXED_FIELDS, COUNT_OF(api_fields) - FIXED_FIELDS),
    };
    if (!catalog_change(APP(req)->catalog, api_patch, &change, req->mem, &api, &problem))
        return web_form_again(&p, &problem) && show_edit(&p, &problem);
    return web_redirect(req, res, api_page(req, api.slug), "changed");
}

/* --- versions ------------------------------------------------------------------------------------
 */

static const struct form_field version_fields[] = {
    {"label", "Label", "For example v1 or 2026-10. It stays.", FORM_TEXT, true, NULL},
};
static const struct form_field upload_fields[] = {
    {"document", "OpenAPI document",
     "Version 2.0 to 3.2, JSON or YAML, with the files beside it that it refers to. They are kept byte by byte.",
     FORM_FILES,                                                                                                             true,  NULL},
    {"root",     "Root",
     "Of several files: the name of the one to begin with, where more than one could be it.",                     FORM_TEXT, false, NULL},
};
static const struct form_field stage_fields[] = {
    {"stage",     "New stage", "Deprecated versions still answer; retired ones do not.", FORM_SELECT,
     true,                                                                                                   NULL},
    {"sunset_at", "Last day",  "UTC. A deprecated version must have one.",               FORM_DATE,   false, NULL},
    {"successor", "Successor", "Label of the version that replaces it.",                 FORM_TEXT,   false, NULL},
    {"reason",    "Reason",    "Goes to the event log.",                                 FORM_AREA,   false, NULL},
};

static struct str version_page(struct http_request *req, struct str label)
{
    return arena_join(req->mem, STR("/apis/"), req->args[0], STR("/versions/"), label);
}

/* A form about a version or a new one: /apis/{api}/… below the API's page. */
static bool show_version_form(const struct page *p, struct form form, const struct err *problem)
{
    struct http_request *req = p->req;
    struct api api = {0};
    struct version version = {0};
    if (!catalog_api(VIEW(req), PRINCIPAL(req), req->args, req->mem, &api, p->err) ||
        !may_publish(p, ACTION_API_PUBLISH, &api) ||
        (req->arg_count > 1 &&
         !catalog_version(VIEW(req), PRINCIPAL(req), req->args, req->mem, &version, p->err)))
        return false;
    form.action = req->path;
    form.cancel = req->arg_count > 1 ? version_page(req, version.label) : api_page(req, api.slug);
    web_crumb(p, "APIs", STR_NONE, STR("/apis"));
    web_crumb(p, NULL, api.name, api_page(req, api.slug));
    if (req->arg_count > 1)
        web_crumb(p, NULL, version.label, form.cancel);
    return web_form_page(p, &form, problem, WEB_APIS);
}

static bool show_new_version(const struct page *p, const struct err *problem)
{
    const struct form form = {
        .heading = "Add a version",
        .lead = STR("It begins as a draft that only your team sees."),
        .submit = "Add the version",
        .fields = version_fields,
        .count = COUNT_OF(version_fields),
    };
    return show_version_form(p, form, problem);
}

bool web_version_new(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    return show_new_version(&p, NULL);
}

bool web_version_new_post(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct version version = {0};
    struct err problem = {0};
    const struct change change = {
        .by = PRINCIPAL(req),
        .args = {req->args[0]},
        .if_match = IF_MATCH_NONE,
        .body = web_form_body(req, version_fields, COUNT_OF(version_fields)),
    };
    if (!catalog_change(APP(req)->catalog, version_create, &change, req->mem, &version, &problem))
        return web_form_again(&p, &problem) && show_new_version(&p, &problem);
    return web_redirect(req, res, version_page(req, version.label), "version");
}

static bool show_upload(const struct page *p, const struct err *problem)
{
    const struct form form = {
        .heading = "Upload the document",
        .submit = "Upload",
        .fields = upload_fields,
        .count = COUNT_OF(upload_fields),
        .upload = true,
    };
    return show_version_form(p, form, problem);
}

bool web_version_upload(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    return show_upload(&p, NULL);
}

static bool store_upload(struct http_request *req, struct verdict *verdict, struct err *problem)
{
    CLEANUP(buf_clear) struct buf bytes = {0};
    struct import import = {0};
    struct revision row = {0};
    struct import_part *parts = arena_array(req->mem, struct import_part, req->file_count);
    struct str root = str_trim(http_form(req, "root"));
    const struct change change = {
        .by = PRINCIPAL(req),
        .args = {req->args[0], req->args[1]},
        .if_match = IF_MATCH_NONE,
        .import = &import,
        .verdict = verdict,
    };
    const struct settings *s = APP(req)->settings;
    const struct tree_limits limits =
        import_limits(s->upload_limit_bytes, s->document_depth, s->document_nodes);
    if (req->file_count == 0)
        return fail(problem, ERR_INVALID, "/document", "choose a file first");
    if (!file_read(str_z(req->mem, req->spool_path), limits.bytes, &bytes, problem))
        return false;
    for (size_t i = 0; i < req->file_count; i++) {
        const struct http_file *file = &req->files[i];
        parts[i].path = file->name;
        parts[i].bytes = str_sub(buf_str(&bytes), file->start, file->size_bytes);
    }
    return import_read_parts(parts, req->file_count, root.len > 0 ? root : STR_NONE, &limits,
                             req->mem, &import, problem) &&
           catalog_change(APP(req)->catalog, revision_add, &change, req->mem, &row, problem);
}

/* "line 3 column 7" belongs into the sentence beside the field. */
static void place_in_message(struct err *problem, struct arena *mem)
{
    if (problem->where[0] == '/' || problem->where[0] == '\0')
        return;
    bool place = strcmp(problem->where, "body") != 0; /* which is all there is */
    struct str msg =
        arena_printf(mem, "%s%s%s", place ? problem->where : "", place ? ": " : "", problem->msg);
    struct str hint = arena_str(mem, str_from(problem->hint));
    (void)fail(problem, problem->code, "/document", "%s", msg.ptr);
    if (hint.len > 0)
        (void)err_hint(problem, "%s", hint.ptr);
}

bool web_version_upload_post(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct verdict verdict = {0};
    struct err problem = {0};
    if (store_upload(req, &verdict, &problem))
        return verdict.blocked
                   ? web_redirect(
                         req, res,
                         arena_join(req->mem, version_page(req, req->args[1]), STR("/gate")),
                         "candidate")
                   : web_redirect(req, res, version_page(req, req->args[1]), "document");
    if (problem.code == ERR_INVALID)
        place_in_message(&problem, req->mem);
    return web_form_again(&p, &problem) && show_upload(&p, &problem);
}

static bool show_stage(const struct page *p, const struct err *problem)
{
    struct http_request *req = p->req;
    struct version *version = arena_new(req->mem, struct version);
    struct form_options options = {.field = "stage"};
    if (!catalog_version(VIEW(req), PRINCIPAL(req), req->args, req->mem, version, p->err))
        return false;
    for (int to = 0; to < STAGE_COUNT; to++)
        if (stage_may_follow((enum stage)version->stage, (enum stage)to)) {
            struct str name = str_from(name_of(&names_stage, to));
            vec_push(&options.items, req->mem, (struct form_option){name, name});
        }
    const struct form form = {
        .heading = "Move to another stage",
        .lead =
            arena_printf(req->mem, "This version is %s.", name_of(&names_stage, version->stage)),
        .submit = "Move it",
        .fields = stage_fields,
        .count = options.items.len > 0 ? COUNT_OF(stage_fields) : 0,
        .options = &options,
        .option_count = 1,
        .etag = version->etag,
    };
    return show_version_form(p, form, problem);
}

bool web_version_stage(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    return show_stage(&p, NULL);
}

bool web_version_stage_post(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct version version = {0};
    struct verdict verdict = {0};
    struct err problem = {0};
    const struct change change = {
        .by = PRINCIPAL(req),
        .args = {req->args[0], req->args[1]},
        .if_match = web_form_etag(req),
        .body = web_form_body(req, stage_fields, COUNT_OF(stage_fields)),
        .verdict = &verdict,
    };
    if (!catalog_change(APP(req)->catalog, version_stage, &change, req->mem, &version, &problem))
        return web_form_again(&p, &problem) &&
               (verdict.blocked ? web_show_gate(&p, &problem) : show_stage(&p, &problem));
    return web_redirect(req, res, version_page(req, version.label), "stage");
}
