/* Publishing: what the gate says of a version, each thing with the form that settles it. */
#include <stdlib.h>

#include "portal/web/handlers.h"

#define PLACES_MOST 8 /* of one kind of thing, in a line */

static const struct form_field waiver_fields[] = {
    {"code",      "Code",     NULL, FORM_TEXT, true,  NULL},
    {"pointer",   "Place",    NULL, FORM_TEXT, false, NULL},
    {"version",   "Version",  NULL, FORM_TEXT, false, NULL},
    {"reason",    "Reason",   NULL, FORM_AREA, true,  NULL},
    {"not_after", "Last day", NULL, FORM_DATE, true,  NULL},
};
static const struct form_field publish_fields[] = {
    {"stage",    "Stage",    NULL, FORM_TEXT, true,  NULL},
    {"reason",   "Reason",   NULL, FORM_AREA, false, NULL},
    {"override", "Override", NULL, FORM_AREA, false, NULL},
};
static const struct form_field note_fields[] = {
    {"note", "Note", NULL, FORM_AREA, false, NULL},
};

/* What people can do about it on these pages; what programs can do, verdicts say themselves. */
static const char *const remedies[CONDITION_COUNT] = {
    [CONDITION_VALIDATION] = "Correct the document and upload it again.",
    [CONDITION_FINDING] = "Correct the document and upload it again.",
    [CONDITION_RULE] = "Correct the document and upload it again.",
    [CONDITION_BREAKING] = "Publish it under a new version label, or say below why it must be.",
    [CONDITION_DESCRIPTION] = "Give the API a summary or a description.",
    [CONDITION_OWNER] = "Make somebody owner of the team.",
    [CONDITION_REVIEW] = "Ask for a review; a second person approves it.",
};

/* Things of a kind are said together, where the first stands. */
struct said {
    const struct verdict_item *next; /* of its kind */
    bool before;                     /* with another */
};

struct gate_page {
    const struct page *p;
    struct api api;
    struct version version;
    struct verdict verdict;
    struct said *said;        /* one for each thing of the verdict */
    struct revision revision; /* that would be published */
    bool may_waive, may_publish, may_ask;
};

static struct str version_page(struct http_request *req)
{
    return arena_join(req->mem, STR("/apis/"), req->args[0], STR("/versions/"), req->args[1]);
}

static struct str gate_address(struct http_request *req)
{
    return arena_join(req->mem, version_page(req), STR("/gate"));
}

/* --- what the gate says -------------------------------------------------------------------------
 */

static bool is_of_document(enum condition condition)
{
    return condition == CONDITION_VALIDATION || condition == CONDITION_FINDING ||
           condition == CONDITION_RULE;
}

static bool same_kind(const struct verdict_item *a, const struct verdict_item *b)
{
    return a->action == b->action && a->condition == b->condition && a->waiver == b->waiver &&
           str_eq(a->code, b->code);
}

static int by_kind(const void *a, const void *b)
{
    const struct verdict_item *x = *(const struct verdict_item *const *)a,
                              *y = *(const struct verdict_item *const *)b;
    if (x->action != y->action)
        return x->action < y->action ? -1 : 1;
    if (x->condition != y->condition)
        return x->condition < y->condition ? -1 : 1;
    if (x->waiver != y->waiver)
        return x->waiver < y->waiver ? -1 : 1;
    int order = str_cmp(x->code, y->code);
    return order != 0 ? order : (x > y) - (x < y);
}

/* Links each thing with the next of its kind. */
static void link_kinds(struct gate_page *g, struct arena *mem)
{
    const struct verdict *verdict = &g->verdict;
    const struct verdict_item **sorted =
        arena_array(mem, const struct verdict_item *, verdict->count + 1);
    g->said = arena_array(mem, struct said, verdict->count + 1);
    for (size_t i = 0; i < verdict->count; i++)
        sorted[i] = &verdict->items[i];
    qsort(sorted, verdict->count, sizeof(*sorted), by_kind);
    for (size_t i = 1; i < verdict->count; i++)
        if (same_kind(sorted[i - 1], sorted[i])) {
            g->said[sorted[i - 1] - verdict->items].next = sorted[i];
            g->said[sorted[i] - verdict->items].before = true;
        }
}

static void put_details(const struct gate_page *g, const struct verdict_item *first,
                        struct html_data *item)
{
    size_t count = 0;
    for (const struct verdict_item *v = first; v; v = g->said[v - g->verdict.items].next) {
        if (count++ >= PLACES_MOST)
            continue;
        struct html_data *detail = html_add(item, T(details));
        html_text(detail, T(text), web_sentence(g->p->req->mem, v->detail));
        html_text(detail, T(pointer), v->pointer);
    }
    html_number(item, T(count), (int64_t)count);
    html_flag(item, T(once), count == 1);
    html_number(item, T(more), count > PLACES_MOST ? (int64_t)(count - PLACES_MOST) : 0);
    html_text(item, T(pointer), count == 1 ? first->pointer : STR_NONE);
}

/* The form keeps what was typed into it. */
static void put_waiver_form(const struct gate_page *g, const struct verdict_item *v,
                            struct html_data *item)
{
    struct http_request *req = g->p->req;
    bool mine = req->method == HTTP_POST && str_eq(http_form(req, "code"), v->code);
    html_flag(item, T(may_waive), g->may_waive && v->action != GATE_ALLOW);
    html_flag(item, T(ask_operator), !g->may_waive && v->action == GATE_BLOCK);
    html_flag(item, T(opened), mine);
    html_text(item, T(value), mine ? http_form(req, "reason") : STR(""));
    html_text(item, T(end), mine ? http_form(req, "not_after") : STR(""));
}

static void put_item(const struct gate_page *g, size_t at, struct html_data *list)
{
    const struct verdict_item *v = &g->verdict.items[at];
    struct html_data *item = html_add(list, T(items));
    html_number(item, T(number), (int64_t)at + 1);
    html_text(item, T(code), v->code);
    html_flag(item, T(of_document), is_of_document(v->condition));
    html_flag(item, T(breaking), v->condition == CONDITION_BREAKING);
    html_flag(item, T(undescribed), v->condition == CONDITION_DESCRIPTION);
    html_flag(item, T(unowned), v->condition == CONDITION_OWNER);
    html_flag(item, T(waived), v->waiver != 0);
    html_text(item, T(remedy),
              v->action != GATE_ALLOW ? str_from(remedies[v->condition]) : STR(""));
    put_details(g, v, item);
    if (is_of_document(v->condition))
        put_waiver_form(g, v, item);
}

static void put_items(const struct gate_page *g)
{
    static const struct {
        const char *heading, *badge, *word;
    } groups[GATE_ACTION_COUNT] = {
        [GATE_BLOCK] = {"To be done first",               "error",   "blocks"     },
        [GATE_NOTIFY] = {"Worth doing, but stops nothing", "warning", "notice"     },
        [GATE_ALLOW] = {"Let through",                    "info",    "let through"},
    };
    struct html_data *group = NULL;
    for (size_t i = 0; i < g->verdict.count; i++) {
        enum gate_action action = g->verdict.items[i].action;
        if (group == NULL || action != g->verdict.items[i - 1].action) {
            group = html_add(g->p->data, T(groups));
            html_text(group, T(heading), str_from(groups[action].heading));
            html_text(group, T(badge), str_from(groups[action].badge));
            html_text(group, T(word), str_from(groups[action].word));
        }
        if (!g->said[i].before)
            put_item(g, i, group);
    }
}

/* --- reviews ------------------------------------------------------------------------------------
 */

static bool put_reviews(struct gate_page *g)
{
    const struct page *p = g->p;
    const struct catalog_query query = {
        .api = g->api.slug, .version = g->version.label, .limit = 20};
    struct catalog_list list = {0};
    bool open = false;
    if (!catalog_reviews(VIEW(p->req), PRINCIPAL(p->req), &query, p->req->mem, &list, p->err))
        return false;
    const struct review *rows = list.rows;
    for (size_t i = 0; i < list.count; i++) {
        bool of_this = str_eq(rows[i].revision, g->revision.sha256);
        struct html_data *item = html_add(p->data, T(reviews));
        html_row(item, &record_review, &rows[i]);
        html_flag(item, T(of_this), of_this);
        html_flag(item, T(decided), rows[i].decided_at != 0);
        open = open ||
               (of_this && (rows[i].state == REVIEW_REQUESTED || rows[i].state == REVIEW_APPROVED));
    }
    g->may_ask = g->may_ask && !open;
    return true;
}

/* --- the page -----------------------------------------------------------------------------------
 */

/* The revision that waits, or else the one the version has. */
static bool find_next(struct gate_page *g)
{
    const struct page *p = g->p;
    const struct catalog_query query = {
        .api = g->api.slug, .version = g->version.label, .limit = 500};
    struct str wanted = g->version.candidate.len > 0 ? g->version.candidate : g->version.revision;
    struct catalog_list list = {0};
    if (!catalog_revisions(VIEW(p->req), PRINCIPAL(p->req), &query, p->req->mem, &list, p->err))
        return false;
    const struct revision *rows = list.rows;
    for (size_t i = 0; i < list.count; i++)
        if (str_eq(rows[i].sha256, wanted))
            g->revision = rows[i];
    return true;
}

static bool gate_read(const struct page *p, struct gate_page *g)
{
    struct http_request *req = p->req;
    struct view *v = VIEW(req);
    const struct principal *who = PRINCIPAL(req);
    g->p = p;
    if (!catalog_api(v, who, req->args, req->mem, &g->api, p->err) ||
        !catalog_version(v, who, req->args, req->mem, &g->version, p->err) ||
        !catalog_verdict(v, who, req->args, req->mem, &g->verdict, p->err) || !find_next(g))
        return false;
    link_kinds(g, req->mem);
    g->may_waive = catalog_may(v, who, ACTION_WAIVE, g->api.team_id);
    g->may_publish = catalog_may(v, who, ACTION_API_PUBLISH, g->api.team_id);
    g->may_ask = catalog_may(v, who, ACTION_REVIEW_ASK, g->api.team_id);
    return true;
}

/* Only what breaks may be published all the same. */
static bool overridable(const struct verdict *verdict)
{
    for (size_t i = 0; i < verdict->blocks; i++)
        if (verdict->items[i].condition != CONDITION_BREAKING)
            return false;
    return verdict->blocks > 0;
}

static void put_state(const struct gate_page *g)
{
    struct html_data *data = g->p->data;
    bool waits = g->version.candidate.len > 0, draft = g->version.stage == STAGE_DRAFT;
    bool forced = overridable(&g->verdict);
    bool publishable = waits || draft;
    html_row(data, &record_version, &g->version);
    html_text(data, T(api_name), g->api.name);
    html_text(data, T(team), g->api.team);
    html_text(data, T(next_hash), str_sub(g->revision.sha256, 0, 16));
    html_text(data, T(next_short), str_sub(g->revision.sha256, 0, 12));
    html_text(data, T(uploaded_by), g->revision.created_by);
    html_time(data, T(uploaded_at), g->revision.created_at);
    html_flag(data, T(waits), waits);
    html_flag(data, T(draft), draft);
    html_flag(data, T(blocked), g->verdict.blocked);
    html_flag(data, T(settled), !publishable);
    html_flag(data, T(may_ask), g->may_ask);
    html_flag(data, T(may_publish),
              g->may_publish && publishable && (!g->verdict.blocked || forced));
    html_flag(data, T(forced), forced);
    html_text(data, T(to_stage),
              str_from(name_of(&names_stage, draft ? STAGE_PUBLISHED : g->version.stage)));
    html_number(data, T(version_etag), g->version.etag);
    html_text(data, T(override), http_form(g->p->req, "override"));
    html_text(data, T(reason),
              http_form(g->p->req, "stage").len > 0 ? http_form(g->p->req, "reason") : STR(""));
}

bool web_show_gate(const struct page *p, const struct err *problem)
{
    struct http_request *req = p->req;
    struct gate_page *g = arena_new(req->mem, struct gate_page);
    if (!gate_read(p, g) || !put_reviews(g))
        return false;
    put_state(g);
    put_items(g);
    if (problem != NULL) {
        web_problem(p, waiver_fields, COUNT_OF(waiver_fields), problem);
        html_text(p->data, T(problem_remedy), STR("")); /* stands beside each thing */
    }
    web_version_crumbs(p, &g->api);
    web_crumb(p, NULL, g->version.label, version_page(req));
    return web_page(p, &template_gate,
                    arena_join(req->mem, STR("Publish "), g->api.name, STR(" "), g->version.label),
                    WEB_APIS);
}

bool web_gate(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    return web_show_gate(&p, NULL);
}

/* --- what its forms do --------------------------------------------------------------------------
 */

static bool change_here(struct http_request *req, struct http_response *res, struct err *err,
                        change_fn *fn, const struct change *change, void *row, const char *done)
{
    struct page p = web_begin(req, res, err);
    struct err problem = {0};
    if (catalog_change(APP(req)->catalog, fn, change, req->mem, row, &problem))
        return web_redirect(req, res, gate_address(req), done);
    return web_form_again(&p, &problem) && web_show_gate(&p, &problem);
}

bool web_publish(struct http_request *req, struct http_response *res, struct err *err)
{
    struct version row = {0};
    struct verdict verdict = {0};
    const struct change change = {
        .by = PRINCIPAL(req),
        .args = {req->args[0], req->args[1]},
        .if_match = web_form_etag(req),
        .body = web_form_body(req, publish_fields, COUNT_OF(publish_fields)),
        .verdict = &verdict,
    };
    return change_here(req, res, err, version_stage, &change, &row, "published");
}

bool web_waiver_create(struct http_request *req, struct http_response *res, struct err *err)
{
    struct waiver row = {0};
    const struct change change = {
        .by = PRINCIPAL(req),
        .args = {req->args[0]},
        .if_match = IF_MATCH_NONE,
        .body = web_form_body(req, waiver_fields, COUNT_OF(waiver_fields)),
    };
    return change_here(req, res, err, waiver_create, &change, &row, "waived");
}

bool web_review_create(struct http_request *req, struct http_response *res, struct err *err)
{
    struct review row = {0};
    const struct change change = {
        .by = PRINCIPAL(req),
        .args = {req->args[0], req->args[1]},
        .if_match = IF_MATCH_NONE,
        .body = web_form_body(req, note_fields, COUNT_OF(note_fields)),
    };
    return change_here(req, res, err, review_create, &change, &row, "review");
}
