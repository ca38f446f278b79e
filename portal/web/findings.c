/* A document's text with everything that was found in it, at its lines. Long documents are shown in
 * windows around the findings; any other lines are a link away. */
#include <stdlib.h>

#include "catalog/lint/lint.h"
#include "portal/web/handlers.h"
#include "portal/web/source.h"

#define PAGE_FINDINGS    50
#define PAGE_COST        140000 /* bytes of markup for what is quoted */
#define FINDING_MARKUP   700
#define CONTEXT_LINES    3
#define FINDINGS_AT_ONCE 500
#define RANGE_LINES      300 /* shown at once by ?from=&to= */
#define LINKS_MOST       6   /* places that the summary links to, for each kind of finding */

/* What stands at a line. */
struct remark {
    enum severity severity;
    struct str code, message, pointer, source, remedy;
    struct str file; /* empty: the root */
    size_t line, column;
    size_t number; /* in document order, from 1 */
    bool shown;    /* on this page */
};

struct remarks {
    struct remark *rows;
    size_t count;
};

static const struct {
    const char *word, *meaning;
} severities[] = {
    [SEVERITY_ERROR] = {"error",   "wrong: programs will stumble over it" },
    [SEVERITY_WARN] = {"warning", "works, but is likely to hurt somebody"},
    [SEVERITY_INFO] = {"info",    "good to know"                         },
    [SEVERITY_HINT] = {"hint",    "could be nicer"                       },
};

static size_t at_most(size_t value, size_t most)
{
    return value < most ? value : most;
}

/* --- reading ------------------------------------------------------------------------------------
 */

static int by_place(const void *x, const void *y)
{
    const struct remark *a = x, *b = y;
    int order = str_cmp(a->file, b->file);
    if (order != 0)
        return order;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    if (a->column != b->column)
        return a->column < b->column ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

/* Rows of before rulesets were kept have no place; the document's beginning stands for it. */
static struct remark remark_of(const struct revision_finding *f)
{
    return (struct remark){.severity = (enum severity)f->severity,
                           .code = f->code,
                           .message = f->message,
                           .pointer = place_pointer(f->pointer),
                           .file = place_file(f->pointer),
                           .source = f->source,
                           .line = f->line > 0 ? (size_t)f->line : 1,
                           .column = f->column > 0 ? (size_t)f->column : 1};
}

/* file: the one that is shown, which has that many lines. */
static bool read_remarks(const struct page *p, const struct revision *revision, struct str file,
                         size_t lines, struct remarks *out)
{
    struct arena *mem = p->req->mem;
    struct catalog_query query = {.api = p->req->args[0],
                                  .version = revision->version,
                                  .revision = revision->sha256,
                                  .limit = FINDINGS_AT_ONCE};
    struct catalog_list list = {0};
    VEC(struct remark) all = {0};
    do {
        if (!catalog_findings(VIEW(p->req), PRINCIPAL(p->req), &query, mem, &list, p->err))
            return false;
        const struct revision_finding *rows = list.rows;
        for (size_t i = 0; i < list.count; i++) {
            struct remark r = remark_of(&rows[i]);
            if (str_eq(r.file, file))
                r.line = at_most(r.line, lines);
            r.number = all.len;
            vec_push(&all, mem, r);
        }
        query.cursor = list.next;
    } while (list.next.len > 0);
    if (all.len > 1)
        qsort(all.ptr, all.len, sizeof(*all.ptr), by_place);
    for (size_t i = 0; i < all.len; i++)
        all.ptr[i].number = i + 1;
    *out = (struct remarks){all.ptr, all.len};
    return true;
}

/* What to do is the same for all findings of a kind. */
static bool read_remedies(const struct page *p, const struct remarks *all)
{
    struct arena *mem = p->req->mem;
    struct finding_remedy *kinds = arena_array(mem, struct finding_remedy, all->count);
    size_t *kind_of = arena_array(mem, size_t, all->count), count = 0;
    for (size_t i = 0; i < all->count; i++)
        kind_of[i] = finding_kind(kinds, &count, all->rows[i].source, all->rows[i].code);
    if (!catalog_remedies(VIEW(p->req), PRINCIPAL(p->req), kinds, count, mem, p->err))
        return false;
    for (size_t i = 0; i < all->count; i++)
        all->rows[i].remedy = kinds[kind_of[i]].remedy;
    return true;
}

/* Those in the file that is shown that ?severity= and ?code= ask for. */
static struct remark **chosen(struct http_request *req, const struct remarks *all, struct str file,
                              size_t *count)
{
    struct str severity = http_query(req, "severity"), code = http_query(req, "code");
    struct remark **out = arena_array(req->mem, struct remark *, all->count);
    *count = 0;
    for (size_t i = 0; i < all->count; i++) {
        struct remark *r = &all->rows[i];
        if (str_eq(r->file, file) &&
            (severity.len == 0 || str_eq(severity, str_from(severities[r->severity].word))) &&
            (code.len == 0 || str_eq(code, r->code)))
            out[(*count)++] = r;
    }
    return out;
}

/* --- the text -----------------------------------------------------------------------------------
 */

struct text {
    const struct page *p;
    struct str file; /* whose text it is; empty: the root */
    struct source source;
    struct catalog_list rulesets; /* that the reader can look up */
    struct remark **remarks;      /* by place */
    size_t count;
    size_t at;                /* the next remark to be shown */
    struct html_data *before; /* the one shown last */
    size_t cost;
};

/* "house@3" is a revision of the ruleset house; what is built in has no page. */
static void put_source(const struct text *t, struct str source, struct html_data *item)
{
    const struct ruleset *rows = t->rulesets.rows;
    struct str rest = source, slug = STR_NONE;
    bool ours = str_split(&rest, '@', &slug) && rest.len > 0, found = false;
    for (size_t i = 0; i < t->rulesets.count && ours; i++)
        found = found || str_eq(rows[i].slug, slug);
    html_text(item, T(source), source);
    html_text(item, T(ruleset), found ? slug : STR(""));
    html_text(item, T(number_of), rest.len > 0 ? rest : STR(""));
}

/* Once on a page is enough. */
static bool is_told(const struct text *t, const struct remark *r)
{
    for (size_t i = 0; i < t->at; i++)
        if (t->remarks[i]->shown && str_eq(t->remarks[i]->remedy, r->remedy))
            return true;
    return false;
}

static void put_remedy(struct text *t, const struct remark *r, struct html_data *item)
{
    if (r->remedy.len == 0 || is_told(t, r))
        return;
    html_text(item, T(remedy), web_sentence(t->p->req->mem, r->remedy));
    t->cost += source_cost(r->remedy);
}

static void put_remark(struct text *t, struct html_data *row, struct remark *r)
{
    struct html_data *item = html_add(row, T(findings));
    put_remedy(t, r, item);
    r->shown = true;
    html_text(item, T(severity), str_from(severities[r->severity].word));
    html_text(item, T(code), r->code);
    html_text(item, T(message), web_sentence(t->p->req->mem, r->message));
    html_text(item, T(pointer), r->pointer.len > 0 ? r->pointer : STR("/"));
    put_source(t, r->source, item);
    html_number(item, T(number), (int64_t)r->number);
    html_number(item, T(column), (int64_t)r->column);
    if (t->before != NULL) {
        html_number(item, T(previous), (int64_t)t->remarks[t->at - 1]->number);
        html_number(t->before, T(next), (int64_t)r->number);
    }
    t->before = item;
    t->cost += FINDING_MARKUP + source_cost(r->message) + source_cost(r->pointer);
    t->at++;
}

/* A line and what was found in it; in a long line each finding has its own piece of it. */
static void put_line(struct text *t, struct html_data *window, size_t line)
{
    bool is_long = source_is_long(&t->source, line), first = true;
    struct html_data *row = NULL;
    while (t->at < t->count && t->remarks[t->at]->line < line)
        t->at++;
    do {
        struct remark *r =
            t->at < t->count && t->remarks[t->at]->line == line ? t->remarks[t->at] : NULL;
        if (row == NULL || is_long) {
            row = source_quote(&t->source, line, r != NULL ? r->column : 0, window, t->p->req->mem,
                               &t->cost);
            html_flag(row, T(anchor), first);
            html_flag(row, T(marked), r != NULL);
        }
        first = false;
        if (r == NULL)
            break;
        put_remark(t, row, r);
    } while (t->at < t->count && t->remarks[t->at]->line == line && t->cost < PAGE_COST);
}

/* Lines up to `to`, or as many as there is room for. */
static size_t put_window(struct text *t, size_t from, size_t to)
{
    struct html_data *window = html_add(t->p->data, T(windows));
    size_t line = from;
    do
        put_line(t, window, line++);
    while (line <= to && t->cost < PAGE_COST);
    html_number(window, T(first_line), (int64_t)from);
    html_number(window, T(last_line), (int64_t)line - 1);
    return line - 1;
}

static void put_gap(const struct page *p, const char *name, size_t from, size_t to)
{
    if (from > to)
        return;
    struct html_data *gap = html_add(p->data, name);
    html_number(gap, T(from), (int64_t)from);
    html_number(gap, T(to), (int64_t)to);
}

/* --- windows around findings --------------------------------------------------------------------
 */

static size_t line_before(size_t line)
{
    return line > CONTEXT_LINES ? line - CONTEXT_LINES : 1;
}

/* From finding `first` on; stops at the page's end. */
static void put_windows(struct text *t, size_t first)
{
    size_t end = at_most(first + PAGE_FINDINGS, t->count), last = 0;
    t->at = first;
    while (t->at < end && t->cost < PAGE_COST) {
        size_t from = line_before(t->remarks[t->at]->line), to = from, next = t->at;
        for (; next < end && line_before(t->remarks[next]->line) <= to + 1; next++)
            to = at_most(t->remarks[next]->line + CONTEXT_LINES, t->source.count);
        put_gap(t->p, T(windows), last + 1, at_most(from - 1, last + RANGE_LINES));
        last = put_window(t, from, to);
    }
    if (last > 0)
        put_gap(t->p, T(windows), last + 1, at_most(t->source.count, last + RANGE_LINES));
}

static bool number_of(const struct page *p, const char *name, int64_t otherwise, size_t *out)
{
    struct str text = http_query(p->req, name);
    int64_t value = otherwise;
    if (text.len > 0 && (!str_to_i64(text, &value) || value < 0 || value > INT32_MAX))
        return fail(p->err, ERR_INVALID, name, "is no number");
    *out = (size_t)value;
    return true;
}

static bool show_findings(struct text *t)
{
    size_t first = 0;
    if (!number_of(t->p, "after", 0, &first))
        return false;
    first = at_most(first, t->count);
    put_windows(t, first);
    html_number(t->p->data, T(next_after), t->at < t->count ? (int64_t)t->at : 0);
    html_number(t->p->data, T(first_shown), (int64_t)first + 1);
    html_number(t->p->data, T(last_shown), (int64_t)t->at);
    html_number(t->p->data, T(chosen_count), (int64_t)t->count);
    html_flag(t->p->data, T(turned), first > 0);
    html_flag(t->p->data, T(paged), first > 0 || t->at < t->count);
    return true;
}

/* --- any lines ----------------------------------------------------------------------------------
 */

static bool show_range(struct text *t)
{
    size_t from = 1, to = 0;
    if (!number_of(t->p, "from", 1, &from) ||
        !number_of(t->p, "to", (int64_t)from + RANGE_LINES - 1, &to))
        return false;
    if (from < 1 || from > t->source.count)
        return fail(t->p->err, ERR_INVALID, "from", "the document has lines 1 to %zu",
                    t->source.count);
    to = at_most(to < from ? from : to, from + RANGE_LINES - 1);
    size_t last = put_window(t, from, at_most(to, t->source.count));
    put_gap(t->p, T(earlier), from > RANGE_LINES ? from - RANGE_LINES : 1, from - 1);
    put_gap(t->p, T(later), last + 1, at_most(last + RANGE_LINES, t->source.count));
    html_number(t->p->data, T(from_line), (int64_t)from);
    html_number(t->p->data, T(to_line), (int64_t)last);
    html_number(t->p->data, T(line_count), (int64_t)t->source.count);
    return true;
}

/* --- the summary --------------------------------------------------------------------------------
 */

static void put_places(const struct text *t, const struct remarks *all, size_t first,
                       struct html_data *item)
{
    const struct remark *like = &all->rows[first];
    size_t count = 0, linked = 0;
    for (size_t i = first; i < all->count; i++) {
        const struct remark *r = &all->rows[i];
        if (r->severity != like->severity || !str_eq(r->code, like->code))
            continue;
        count++;
        if (linked == LINKS_MOST)
            continue;
        struct html_data *place = html_add(item, T(places));
        html_flag(place, T(comma), linked++ > 0);
        html_text(place, T(file), r->file);
        html_number(place, T(line), (int64_t)r->line);
        html_number(place, T(column),
                    str_eq(r->file, t->file) && source_is_long(&t->source, r->line)
                        ? (int64_t)r->column
                        : 0);
        html_number(place, T(number), (int64_t)r->number);
        html_flag(place, T(here), r->shown);
        html_number(place, T(from), (int64_t)line_before(r->line));
        html_number(place, T(to), (int64_t)(r->line + RANGE_LINES / 2));
    }
    html_number(item, T(count), (int64_t)count);
    html_flag(item, T(once), count == 1);
    html_number(item, T(more), (int64_t)(count - linked));
}

static bool is_first_of_kind(const struct remarks *all, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (all->rows[i].severity == all->rows[at].severity &&
            str_eq(all->rows[i].code, all->rows[at].code))
            return false;
    return true;
}

static void put_severity(const struct text *t, const struct remarks *all, enum severity severity)
{
    struct html_data *group = NULL;
    int64_t count = 0;
    for (size_t i = 0; i < all->count; i++) {
        if (all->rows[i].severity != severity)
            continue;
        if (group == NULL)
            group = html_add(t->p->data, T(severities));
        count++;
        if (!is_first_of_kind(all, i))
            continue;
        struct html_data *item = html_add(group, T(codes));
        html_text(item, T(code), all->rows[i].code);
        html_text(item, T(file), all->rows[i].file);
        html_text(item, T(message), web_sentence(t->p->req->mem, all->rows[i].message));
        html_text(item, T(remedy), web_sentence(t->p->req->mem, all->rows[i].remedy));
        put_places(t, all, i, item);
    }
    if (group == NULL)
        return;
    html_text(group, T(severity), str_from(severities[severity].word));
    html_text(group, T(meaning), str_from(severities[severity].meaning));
    html_number(group, T(count), count);
}

/* Files with findings, where there are some in others than the root; they come sorted by file. */
static void put_files(const struct text *t, const struct remarks *all)
{
    if (t->file.len == 0 && (all->count == 0 || all->rows[all->count - 1].file.len == 0))
        return;
    for (size_t i = 0; i < all->count;) {
        struct html_data *item = html_add(t->p->data, T(files));
        size_t first = i;
        while (i < all->count && str_eq(all->rows[i].file, all->rows[first].file))
            i++;
        html_text(item, T(name), all->rows[first].file);
        html_number(item, T(count), (int64_t)(i - first));
        html_flag(item, T(current), str_eq(all->rows[first].file, t->file));
    }
}

/* --- the page -----------------------------------------------------------------------------------
 */

/* "100 - 5.00 (rule) … = 87", from the findings that rulesets have made. */
static void put_score(const struct page *p, const struct revision *revision,
                      const struct remarks *all, const struct assessment *assessment)
{
    struct arena *mem = p->req->mem;
    struct lint_finding *list = arena_array(mem, struct lint_finding, all->count);
    struct lint_report report = {.findings = list, .operations = (size_t)revision->operation_count};
    for (size_t i = 0; i < all->count; i++)
        if (!str_eq(all->rows[i].source, STR("validation")))
            list[report.count++] =
                (struct lint_finding){.code = all->rows[i].code, .severity = all->rows[i].severity};
    struct lint_score score = lint_score(&report, mem);
    html_text(p->data, T(grade), assessment->grade);
    html_number(p->data, T(score), assessment->score);
    html_text(p->data, T(explained), assessment->left_out == 0 ? score.explained : STR(""));
    html_number(p->data, T(left_out), assessment->left_out);
}

static bool find_assessment(const struct page *p, const struct revision *revision,
                            struct assessment *out)
{
    const struct catalog_query query = {.api = p->req->args[0],
                                        .version = revision->version,
                                        .revision = revision->sha256,
                                        .limit = 1};
    struct catalog_list list = {0};
    if (!catalog_assessments(VIEW(p->req), PRINCIPAL(p->req), &query, p->req->mem, &list, p->err))
        return false;
    if (list.count > 0)
        *out = *(const struct assessment *)list.rows;
    return true;
}

static void put_names(const struct page *p, const struct api *api, const struct revision *revision)
{
    struct http_request *req = p->req;
    html_text(p->data, T(api), api->slug);
    html_text(p->data, T(api_name), api->name);
    html_text(p->data, T(version), req->args[1]);
    html_text(p->data, T(short_hash), str_sub(revision->sha256, 0, 12));
    html_text(p->data, T(revision), http_query(req, "revision"));
    html_text(p->data, T(only_code), http_query(req, "code"));
    html_text(p->data, T(only_severity), http_query(req, "severity"));
    web_version_crumbs(p, api);
    web_crumb(p, NULL, req->args[1],
              arena_join(req->mem, STR("/apis/"), api->slug, STR("/versions/"), req->args[1]));
}

/* The file that is asked for, as findings have it: the root, though it has a name, is "" there. */
static bool find_file(const struct page *p, const struct revision *revision, struct str *out)
{
    struct str asked = http_query(p->req, "file");
    struct json *files = NULL;
    *out = asked.len > 0 ? asked : STR("");
    if (asked.len == 0)
        return true;
    if (!json_parse(revision->files, p->req->mem, &files, p->err))
        return false;
    for (const struct json *f = files->child; f != NULL; f = f->next)
        if (json_get_bool(f, "root", false) && str_eq(json_get_str(f, "path"), asked))
            *out = STR("");
    return true;
}

bool web_findings(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct api api = {0};
    struct compared document = {0};
    struct assessment assessment = {0};
    struct remarks all = {0};
    struct str revision = http_query(req, "revision"), file = http_query(req, "file");
    bool range = http_query(req, "from").len > 0 || http_query(req, "to").len > 0;
    if (!catalog_api(VIEW(req), PRINCIPAL(req), req->args, req->mem, &api, err) ||
        !catalog_revision_open(VIEW(req), PRINCIPAL(req), api.slug,
                               revision.len > 0 ? revision : req->args[1], "revision",
                               file.len > 0 ? file : STR_NONE, req->mem, &document, err))
        return false;
    struct text text = {
        .p = &p,
        .source = source_of(tree_source(oas_file_at(document.documents, 0)->doc), req->mem),
    };
    if (!find_file(&p, &document.revision, &text.file) ||
        !catalog_rulesets(VIEW(req), PRINCIPAL(req), &(struct catalog_query){.limit = 500},
                          req->mem, &text.rulesets, err) ||
        !read_remarks(&p, &document.revision, text.file, text.source.count, &all) ||
        !read_remedies(&p, &all) || !find_assessment(&p, &document.revision, &assessment))
        return false;
    text.remarks = chosen(req, &all, text.file, &text.count);
    if (!(range ? show_range(&text) : show_findings(&text)))
        return false;
    for (int severity = SEVERITY_ERROR; severity <= SEVERITY_HINT; severity++)
        put_severity(&text, &all, (enum severity)severity);
    put_score(&p, &document.revision, &all, &assessment);
    put_names(&p, &api, &document.revision);
    html_text(p.data, T(file), text.file);
    put_files(&text, &all);
    html_number(p.data, T(total), (int64_t)all.count);
    html_flag(p.data, T(one), all.count == 1);
    return web_page(&p, range ? &template_source : &template_findings,
                    range ? STR("Text of the document") : STR("Findings"), WEB_APIS);
}
