/* Rulesets of the organisation, and the table by which the publish gate decides. */
#include "portal/web/handlers.h"
#include "portal/web/source.h"

#define TEXT_COST    150000 /* bytes of markup that a text may take */
#define LINES_BEFORE 2
#define LINES_BEHIND 2

static const struct form_field ruleset_fields[] = {
    {"slug",        "Short name",  "Lower-case letters, digits and hyphens, a letter first. It stays.",
     FORM_TEXT,                                                                                                    true,  NULL},
    {"name",        "Name",        NULL,                                                                FORM_TEXT, true,  NULL},
    {"description", "Description", "What it is for, and whom to ask.",                                  FORM_AREA, false, NULL},
    {"everywhere",  "Applies",     "Or only to the APIs of the teams and with the tags below.",
     FORM_FLAG,                                                                                                    true,  NULL},
    {"teams",       "Teams",       "Short names with commas between them.",                             FORM_LIST, false, NULL},
    {"tags",        "Tags",        "With commas between them.",                                         FORM_LIST, false, NULL},
};
/* The short name stays. */
#define FIXED_FIELDS 1
enum { EVERYWHERE, OPTIONS };

static const struct form_field text_fields[] = {
    {"text",   "Rules",
     "In Spectral's format, YAML or JSON. It is kept as a new revision, and judges nothing until it is put in force.",
     FORM_CODE,                                                                                                                   true,  NULL},
    {"reason", "Reason", "Goes to the event log.",                                                                     FORM_TEXT, false, NULL},
};
static const struct form_field force_fields[] = {
    {"number", "Revision", NULL, FORM_NUMBER, true, NULL},
};
static const struct form_field rule_fields[] = {
    {"position",  "Position",  "The first rule that matches decides.", FORM_NUMBER, true,  NULL},
    {"condition", "Condition", NULL,                                   FORM_SELECT, true,  NULL},
    {"argument",  "Argument",
     "validation, finding: the least severity (error, warn, info, hint); breaking: error or warn; rule: a finding's "
     "code; else nothing.",                                            FORM_TEXT,   false, NULL},
    {"action",    "Action",    NULL,                                   FORM_SELECT, true,  NULL},
    {"team",      "Team",      "Only for APIs of this team.",          FORM_TEXT,   false, NULL},
    {"tag",       "Tag",       "Only for APIs with this tag.",         FORM_TEXT,   false, NULL},
    {"note",      "Note",      "Why.",                                 FORM_TEXT,   false, NULL},
};

static struct str ruleset_page(struct http_request *req, struct str slug)
{
    return arena_join(req->mem, STR("/rulesets/"), slug);
}

static bool may_manage(struct http_request *req)
{
    return catalog_may(VIEW(req), PRINCIPAL(req), ACTION_POLICY_MANAGE, 0);
}

static bool need_manager(const struct page *p)
{
    return may_manage(p->req) || fail(p->err, ERR_DENIED, "", "only operators may do this");
}

static void crumbs(const struct page *p, const struct ruleset *ruleset)
{
    web_crumb(p, "Rulesets", STR_NONE, STR("/rulesets"));
    if (ruleset != NULL)
        web_crumb(p, NULL, ruleset->name, ruleset_page(p->req, ruleset->slug));
}

/* --- the list -----------------------------------------------------------------------------------
 */

/* What a condition says, with its argument behind it. */
static const char *const conditions[CONDITION_COUNT] = {
    [CONDITION_VALIDATION] = "the document is wrong, at least of severity",
    [CONDITION_FINDING] = "a ruleset finds something, at least of severity",
    [CONDITION_RULE] = "there is a finding",
    [CONDITION_BREAKING] = "callers of what is published may break, at least of level",
    [CONDITION_DESCRIPTION] = "the API has neither a summary nor a description",
    [CONDITION_OWNER] = "the API's team has no owner",
    [CONDITION_REVIEW] = "no second person has approved the document",
};

static bool put_gate_rules(const struct page *p)
{
    const struct catalog_query all = {.limit = 500};
    struct catalog_list list = {0};
    if (!catalog_gate_rules(VIEW(p->req), PRINCIPAL(p->req), &all, p->req->mem, &list, p->err))
        return false;
    const struct gate_rule *rows = list.rows;
    for (size_t i = 0; i < list.count; i++) {
        struct html_data *item = html_add(p->data, T(gate_rules));
        html_row(item, &record_gate_rule, &rows[i]);
        html_text(item, T(meaning), str_from(conditions[rows[i].condition]));
    }
    return true;
}

static bool show_rulesets(const struct page *p, const struct err *problem)
{
    const struct catalog_query all = {.limit = 500};
    struct arena *mem = p->req->mem;
    struct catalog_list rulesets = {0};
    const struct form_options options[] = {
        web_form_names(mem, "condition", &names_condition),
        web_form_names(mem, "action", &names_gate_action),
    };
    const struct form form = {
        .submit = "Add the rule",
        .action = STR("/gate-rules"),
        .fields = rule_fields,
        .count = COUNT_OF(rule_fields),
        .options = options,
        .option_count = COUNT_OF(options),
    };
    if (!web_list(p, catalog_rulesets, all, T(rulesets), &record_ruleset, &rulesets) ||
        !put_gate_rules(p))
        return false;
    html_flag(p->data, T(may_change), may_manage(p->req));
    web_form(p, &form, problem);
    return web_page(p, &template_rulesets, STR("Rulesets"), WEB_RULESETS);
}

bool web_rulesets(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    return show_rulesets(&p, NULL);
}

bool web_gate_rule_create(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct gate_rule row = {0};
    struct err problem = {0};
    const struct change change = {
        .by = PRINCIPAL(req),
        .if_match = IF_MATCH_NONE,
        .body = web_form_body(req, rule_fields, COUNT_OF(rule_fields)),
    };
    if (!catalog_change(APP(req)->catalog, gate_rule_create, &change, req->mem, &row, &problem))
        return web_form_again(&p, &problem) && show_rulesets(&p, &problem);
    return web_redirect(req, res, STR("/rulesets"), "rule");
}

bool web_gate_rule_delete(struct http_request *req, struct http_response *res, struct err *err)
{
    const struct change change = {
        .by = PRINCIPAL(req), .args = {req->args[0]}, .if_match = IF_MATCH_NONE};
    return catalog_change(APP(req)->catalog, gate_rule_delete, &change, req->mem, NULL, err) &&
           web_redirect(req, res, STR("/rulesets"), "removed-rule");
}

/* --- one ruleset --------------------------------------------------------------------------------
 */

static void put_text(const struct page *p, struct str text, size_t from, size_t to, size_t marked)
{
    struct source source = source_of(text, p->req->mem);
    struct html_data *quote = html_add(p->data, T(quotes));
    size_t cost = 0, line = from;
    for (; line <= source.count && line <= to && cost < TEXT_COST; line++) {
        struct html_data *row = source_quote(&source, line, 0, quote, p->req->mem, &cost);
        html_flag(row, T(marked), line == marked);
    }
    html_flag(quote, T(cut), line <= source.count && to == SIZE_MAX);
}

/* ?number= or the one in force, or the latest. */
static bool shown_number(const struct page *p, const struct ruleset *ruleset, int64_t *out)
{
    struct str number = http_query(p->req, "number");
    *out = ruleset->number > 0 ? ruleset->number : ruleset->latest;
    return number.len == 0 || (str_to_i64(number, out) && *out > 0) ||
           fail(p->err, ERR_INVALID, "number", "is no revision's number");
}

bool web_ruleset(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct ruleset *ruleset = arena_new(req->mem, struct ruleset);
    struct ruleset_revision text = {0};
    struct catalog_list revisions = {0};
    int64_t number = 0;
    if (!catalog_ruleset(VIEW(req), PRINCIPAL(req), req->args, req->mem, ruleset, err) ||
        !shown_number(&p, ruleset, &number))
        return false;
    const struct catalog_query of_this = {.ruleset = ruleset->slug, .limit = 100};
    if (!catalog_ruleset_revisions(VIEW(req), PRINCIPAL(req), &of_this, req->mem, &revisions, err))
        return false;
    if (revisions.count > 0) {
        if (!catalog_ruleset_text(VIEW(req), PRINCIPAL(req), req->args, number, req->mem, &text,
                                  err))
            return false;
        put_text(&p, text.text, 1, SIZE_MAX, 0);
    }
    const struct ruleset_revision *rows = revisions.rows;
    for (size_t i = 0; i < revisions.count; i++) {
        struct html_data *item = html_add(p.data, T(revisions));
        html_row(item, &record_ruleset_revision, &rows[i]);
        html_flag(item, T(in_force), rows[i].number == ruleset->number);
        html_flag(item, T(current), rows[i].number == number);
    }
    html_row(p.data, &record_ruleset, ruleset);
    html_number(p.data, T(shown), number);
    html_number(p.data, T(ruleset_etag), ruleset->etag);
    html_flag(p.data, T(may_change), may_manage(req));
    crumbs(&p, NULL);
    return web_page(&p, &template_ruleset, ruleset->name, WEB_RULESETS);
}

/* --- name and assignment ------------------------------------------------------------------------
 */

static bool show_ruleset_form(const struct page *p, const struct ruleset *ruleset,
                              const struct err *problem)
{
    struct arena *mem = p->req->mem;
    struct form_options options[OPTIONS] = {{.field = "everywhere"}};
    vec_push(&options[EVERYWHERE].items, mem,
             (struct form_option){STR("false"), STR("to the teams and tags below")});
    vec_push(&options[EVERYWHERE].items, mem,
             (struct form_option){STR("true"), STR("to every API")});
    size_t fixed = ruleset != NULL ? FIXED_FIELDS : 0;
    const struct form form = {
        .heading = ruleset != NULL ? "Change the ruleset" : "Make a ruleset",
        .lead = ruleset != NULL ? STR_NONE : STR("Its rules come next; it judges nothing yet."),
        .submit = ruleset != NULL ? "Save" : "Make it",
        .action = p->req->path,
        .cancel = ruleset != NULL ? ruleset_page(p->req, ruleset->slug) : STR("/rulesets"),
        .fields = ruleset_fields + fixed,
        .count = COUNT_OF(ruleset_fields) - fixed,
        .options = options,
        .option_count = OPTIONS,
        .record = &record_ruleset,
        .row = ruleset,
        .etag = ruleset != NULL ? ruleset->etag : 0,
    };
    crumbs(p, ruleset);
    return need_manager(p) && web_form_page(p, &form, problem, WEB_RULESETS);
}

bool web_ruleset_new(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    return show_ruleset_form(&p, NULL, NULL);
}

bool web_ruleset_new_post(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct ruleset row = {0};
    struct err problem = {0};
    const struct change change = {
        .by = PRINCIPAL(req),
        .if_match = IF_MATCH_NONE,
        .body = web_form_body(req, ruleset_fields, COUNT_OF(ruleset_fields)),
    };
    if (!catalog_change(APP(req)->catalog, ruleset_create, &change, req->mem, &row, &problem))
        return web_form_again(&p, &problem) && show_ruleset_form(&p, NULL, &problem);
    return web_redirect(req, res, arena_join(req->mem, ruleset_page(req, row.slug), STR("/text")),
                        "ruleset");
}

static bool show_edit(const struct page *p, const struct err *problem)
{
    struct http_request *req = p->req;
    struct ruleset *ruleset = arena_new(req->mem, struct ruleset);
    return catalog_ruleset(VIEW(req), PRINCIPAL(req), req->args, req->mem, ruleset, p->err) &&
           show_ruleset_form(p, ruleset, problem);
}

bool web_ruleset_edit(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    return show_edit(&p, NULL);
}

static bool patch(struct http_request *req, const struct form_field *fields, size_t count,
                  struct err *problem)
{
    struct ruleset row = {0};
    const struct change change = {
        .by = PRINCIPAL(req),
        .args = {req->args[0]},
        .if_match = web_form_etag(req),
        .body = web_form_patch(req, fields, count),
    };
    return catalog_change(APP(req)->catalog, ruleset_patch, &change, req->mem, &row, problem);
}

bool web_ruleset_edit_post(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct err problem = {0};
    if (patch(req, ruleset_fields + FIXED_FIELDS, COUNT_OF(ruleset_fields) - FIXED_FIELDS,
              &problem))
        return web_redirect(req, res, ruleset_page(req, req->args[0]), "changed");
    return web_form_again(&p, &problem) && show_edit(&p, &problem);
}

bool web_ruleset_force(struct http_request *req, struct http_response *res, struct err *err)
{
    return patch(req, force_fields, COUNT_OF(force_fields), err) &&
           web_redirect(req, res, ruleset_page(req, req->args[0]), "ruleset-force");
}

/* --- its text -----------------------------------------------------------------------------------
 */

/* "line 3 column 5: …": the place is quoted above the form. */
static void put_wrong_line(const struct page *p, const struct err *problem)
{
    static const struct str word = {"line ", 5};
    struct str msg = str_from(problem->msg), number;
    int64_t line = 0;
    if (!str_starts(msg, word))
        return;
    msg = str_sub(msg, word.len, msg.len);
    if (!str_split(&msg, ' ', &number) || !str_to_i64(number, &line) || line < 1)
        return;
    size_t at = (size_t)line;
    put_text(p, http_form(p->req, "text"), at > LINES_BEFORE ? at - LINES_BEFORE : 1,
             at + LINES_BEHIND, at);
}

static bool show_text(const struct page *p, const struct err *problem)
{
    struct http_request *req = p->req;
    struct ruleset *ruleset = arena_new(req->mem, struct ruleset);
    struct ruleset_revision *latest = arena_new(req->mem, struct ruleset_revision);
    if (!need_manager(p) ||
        !catalog_ruleset(VIEW(req), PRINCIPAL(req), req->args, req->mem, ruleset, p->err) ||
        (ruleset->latest > 0 &&
         !catalog_ruleset_text(VIEW(req), PRINCIPAL(req), req->args, 0, req->mem, latest, p->err)))
        return false;
    if (ruleset->latest == 0)
        latest->text = STR("extends: [[spectral:oas, recommended]]\nrules: {}\n");
    const struct form form = {
        .submit = "Save as a new revision",
        .action = req->path,
        .cancel = ruleset_page(req, ruleset->slug),
        .fields = text_fields,
        .count = COUNT_OF(text_fields),
        .record = &record_ruleset_revision,
        .row = latest,
    };
    web_form(p, &form, problem);
    if (problem != NULL)
        put_wrong_line(p, problem);
    html_row(p->data, &record_ruleset, ruleset);
    crumbs(p, ruleset);
    return web_page(p, &template_ruleset_text, STR("Rules"), WEB_RULESETS);
}

bool web_ruleset_text(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    return show_text(&p, NULL);
}

bool web_ruleset_text_post(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct ruleset_revision row = {0};
    struct err problem = {0};
    const struct change change = {
        .by = PRINCIPAL(req),
        .args = {req->args[0]},
        .if_match = IF_MATCH_NONE,
        .body = web_form_body(req, text_fields, COUNT_OF(text_fields)),
    };
    if (!catalog_change(APP(req)->catalog, ruleset_put_text, &change, req->mem, &row, &problem))
        return web_form_again(&p, &problem) && show_text(&p, &problem);
    return web_redirect(req, res,
                        arena_printf(req->mem, "/rulesets/" STR_FMT "?number=%lld",
                                     STR_ARG(req->args[0]), (long long)row.number),
                        "ruleset-text");
}

/* --- what it would change -----------------------------------------------------------------------
 */

static void put_preview_row(const struct page *p, const struct preview_row *row)
{
    struct html_data *item = html_add(p->data, T(documents));
    html_text(item, T(api), row->api);
    html_text(item, T(version), row->version);
    html_number(item, T(new_findings), row->new_findings);
    html_number(item, T(new_errors), row->new_errors);
    html_number(item, T(new_warnings), row->new_warnings);
    html_flag(item, T(blocked), row->blocked);
    html_flag(item, T(would_block), row->would_block);
    html_text(item, T(first), row->first);
}

bool web_ruleset_preview(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct ruleset *ruleset = arena_new(req->mem, struct ruleset);
    struct preview preview = {0};
    struct str cursor = http_query(req, "cursor"), number = http_query(req, "number");
    const struct catalog_query query = {.cursor = cursor.len > 0 ? cursor : STR_NONE};
    int64_t wanted = 0;
    if (number.len > 0 && !str_to_i64(number, &wanted))
        return fail(err, ERR_INVALID, "number", "is no revision's number");
    if (!catalog_ruleset(VIEW(req), PRINCIPAL(req), req->args, req->mem, ruleset, err) ||
        !catalog_ruleset_preview(VIEW(req), PRINCIPAL(req), req->args, wanted, &query, req->mem,
                                 &preview, err))
        return false;
    for (size_t i = 0; i < preview.count; i++)
        put_preview_row(&p, &preview.rows[i]);
    html_row(p.data, &record_ruleset, ruleset);
    html_number(p.data, T(shown), wanted > 0 ? wanted : ruleset->latest);
    html_number(p.data, T(judged), preview.judged);
    html_flag(p.data, T(one), preview.judged == 1);
    html_text(p.data, T(next_page),
              preview.next.len > 0 ? arena_join(req->mem, web_query_without(req, "cursor"),
                                                STR("cursor="), preview.next)
                                   : STR_NONE);
    crumbs(&p, ruleset);
    return web_page(&p, &template_ruleset_preview, STR("Preview"), WEB_RULESETS);
}
