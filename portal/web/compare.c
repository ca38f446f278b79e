/* Two revisions of an API beside each other: what breaks first, each change quoted from both. */
#include "portal/web/handlers.h"
#include "portal/web/source.h"

#define PAGE_CHANGES    60
#define PAGE_COST       140000 /* bytes of markup for what is quoted */
#define CHANGE_MARKUP   900
#define LINES_BEFORE    2
#define LINES_BEHIND    3
#define OPERATIONS_MOST 50
#define REVISIONS_MOST  200
#define SHORT_HASH      12

static const struct {
    const char *badge, *word, *heading, *meaning;
} levels[] = {
    [DIFF_NONE] = {"hint",    "none",      "",                 ""                              },
    [DIFF_INFO] = {"info",    "info",      "Other changes",
                   "nobody who follows the old document is harmed"                             },
    [DIFF_WARN] = {"warning", "may break", "May break",        "harmless for most, not for all"},
    [DIFF_ERR] = {"error",   "breaking",  "Breaking changes",
                   "programs written for the old document can fail now"                        },
};

struct compare_page {
    const struct page *p;
    const struct comparison *made;
    struct sources from, to;
    size_t cost;
};

/* --- a change -----------------------------------------------------------------------------------
 */

static void put_side(struct compare_page *c, struct html_data *item, struct sources *sources,
                     const struct revision *revision, struct diff_place place)
{
    struct html_data *side = html_add(item, T(sides));
    const struct source *source = sources_at(sources, place.file, c->p->req->mem);
    html_text(side, T(label), revision->version);
    html_text(side, T(file), place.file);
    html_number(side, T(line), place.line);
    if (place.line == 0 || place.line > source->count)
        return;
    size_t from = place.line > LINES_BEFORE ? place.line - LINES_BEFORE : 1;
    size_t to =
        place.line + LINES_BEHIND < source->count ? place.line + LINES_BEHIND : source->count;
    for (size_t line = from; line <= to; line++) {
        struct html_data *row = source_quote(source, line, line == place.line ? place.column : 0,
                                             side, c->p->req->mem, &c->cost);
        html_flag(row, T(marked), line == place.line);
    }
}

static void put_operations(struct html_data *item, const struct diff_finding *f)
{
    size_t shown = f->affected_count < OPERATIONS_MOST ? f->affected_count : OPERATIONS_MOST;
    for (size_t i = 0; i < shown; i++)
        html_text(html_add(item, T(affected)), ".", f->affected[i]);
    html_number(item, T(affected_count), (int64_t)f->affected_count);
    html_flag(item, T(one_affected), f->affected_count == 1);
    html_number(item, T(more), (int64_t)(f->affected_count - shown));
}

/* again: it says the same as the one before, of another place. */
static void put_change(struct compare_page *c, struct html_data *group,
                       const struct diff_finding *f, bool again)
{
    struct html_data *item = html_add(group, T(changes));
    html_flag(item, T(anchor), !again);
    html_text(item, T(badge), str_from(levels[f->level].badge));
    html_text(item, T(word), str_from(levels[f->level].word));
    html_text(item, T(code), str_from(f->id));
    html_text(item, T(fingerprint), f->fingerprint);
    web_pieces(item, f->text);
    put_operations(item, f);
    put_side(c, item, &c->from, &c->made->from.revision, f->old);
    put_side(c, item, &c->to, &c->made->to.revision, f->new);
    c->cost += CHANGE_MARKUP + 2 * source_cost(f->text) + 60 * f->affected_count;
}

/* --- all of them --------------------------------------------------------------------------------
 */

static bool same_subject(const struct diff_finding *a, const struct diff_finding *b)
{
    return str_eq(a->operation, b->operation) && str_eq(a->path, b->path) &&
           strcmp(a->section, b->section) == 0;
}

static struct html_data *add_level(struct compare_page *c, enum diff_level level)
{
    struct html_data *item = html_add(c->p->data, T(levels));
    html_text(item, T(badge), str_from(levels[level].badge));
    html_text(item, T(word), str_from(levels[level].word));
    html_text(item, T(heading), str_from(levels[level].heading));
    html_text(item, T(meaning), str_from(levels[level].meaning));
    html_number(item, T(count), (int64_t)c->made->report.levels[level]);
    return item;
}

static struct html_data *add_subject(struct html_data *level, const struct diff_finding *f)
{
    struct html_data *item = html_add(level, T(subjects));
    html_text(item, T(method), f->operation.len > 0 ? f->operation : STR(""));
    html_text(item, T(path), f->path);
    html_text(item, T(section), str_from(f->section));
    html_flag(item, T(component), strcmp(f->section, "components") == 0);
    return item;
}

/* They come sorted: worst first, then by path and operation. */
static size_t put_changes(struct compare_page *c, size_t first)
{
    const struct diff_report *report = &c->made->report;
    struct html_data *level = NULL, *subject = NULL;
    size_t at = first;
    for (; at < report->count && at < first + PAGE_CHANGES && c->cost < PAGE_COST; at++) {
        const struct diff_finding *f = &report->findings[at];
        if (level == NULL || f->level != f[-1].level) {
            level = add_level(c, f->level);
            subject = NULL;
        }
        if (subject == NULL || !same_subject(f, &f[-1]))
            subject = add_subject(level, f);
        put_change(c, subject, f, at > first && str_eq(f->fingerprint, f[-1].fingerprint));
    }
    return at;
}

/* --- the advice ---------------------------------------------------------------------------------
 */

/* "1.4.2" and minor: "1.5.0"; "3" and major: "4"; absent when it is no such number. */
static struct str next_number(struct str version, enum diff_bump bump, struct arena *mem)
{
    int64_t part[3] = {0};
    struct str rest = version, text, number = STR_NONE;
    size_t count = 0, grows = bump == BUMP_MAJOR ? 0 : bump == BUMP_MINOR ? 1 : 2;
    if (bump == BUMP_NONE)
        return STR_NONE;
    while (str_split(&rest, '.', &text))
        if (count == COUNT_OF(part) || !str_to_i64(text, &part[count]) || part[count] < 0 ||
            part[count++] > INT32_MAX)
            return STR_NONE;
    part[grows]++;
    for (size_t i = 0; i < count || i <= grows; i++)
        number = arena_printf(mem, STR_FMT "%s%lld", STR_ARG(number), i > 0 ? "." : "",
                              (long long)(i <= grows ? part[i] : 0));
    return number;
}

static void put_advice(const struct compare_page *c)
{
    const struct diff_report *report = &c->made->report;
    struct html_data *data = c->p->data;
    struct str number =
        next_number(c->made->from.revision.info_version, report->bump, c->p->req->mem);
    html_flag(data, T(breaks), report->bump == BUMP_MAJOR);
    html_flag(data, T(same), report->count == 0);
    html_text(data, T(bump),
              report->bump == BUMP_NONE ? STR("") : str_from(diff_bump_name(report->bump)));
    html_number(data, T(total), (int64_t)report->count);
    html_flag(data, T(one), report->count == 1);
    html_text(data, T(number), number);
    html_text(data, T(info_version), c->made->to.revision.info_version);
    html_text(data, T(old_version), c->made->from.revision.info_version);
    html_flag(data, T(number_fits), str_eq(number, c->made->to.revision.info_version));
    for (size_t i = 0; i < report->note_count; i++)
        html_text(html_add(data, T(notes)), ".", report->notes[i]);
}

/* --- what can be compared -----------------------------------------------------------------------
 */

static bool is_in_force(const struct catalog_list *versions, const struct revision *revision)
{
    const struct version *rows = versions->rows;
    for (size_t i = 0; i < versions->count; i++)
        if (rows[i].id == revision->version_id)
            return rows[i].revision_id == revision->id;
    return false;
}

/* A version stands for its revision in force; the others are named by their hashes. first: chosen
 * when nothing else is. */
static void put_choice(const struct page *p, const char *list, const struct revision *revision,
                       bool in_force, struct str chosen, bool first)
{
    struct html_data *option = html_add(p->data, list);
    struct str hash = str_sub(revision->sha256, 0, SHORT_HASH);
    html_text(option, T(value), in_force ? revision->version : hash);
    html_text(option, T(label), revision->version);
    html_text(option, T(short_hash), hash);
    html_flag(option, T(in_force), in_force);
    html_time(option, T(at), revision->created_at);
    html_flag(option, T(selected),
              (chosen.len == 0 && first) || (in_force && str_eq(chosen, revision->version)) ||
                  (chosen.len >= 8 && str_starts(revision->sha256, chosen)));
}

static bool put_choices(const struct page *p, const struct api *api, struct str from, struct str to)
{
    const struct catalog_query query = {.api = api->slug, .limit = REVISIONS_MOST};
    struct view *v = VIEW(p->req);
    const struct principal *who = PRINCIPAL(p->req);
    struct catalog_list versions = {0}, revisions = {0};
    if (!catalog_versions(v, who, &query, p->req->mem, &versions, p->err) ||
        !catalog_revisions(v, who, &query, p->req->mem, &revisions, p->err))
        return false;
    bool all = catalog_may(v, who, ACTION_API_CHANGE, api->team_id);
    const struct revision *rows = revisions.rows;
    size_t newest = SIZE_MAX, before = SIZE_MAX; /* what people want to compare first */
    for (size_t i = 0; i < revisions.count && before == SIZE_MAX; i++)
        if (is_in_force(&versions, &rows[i]))
            *(newest == SIZE_MAX ? &newest : &before) = i;
    for (size_t i = 0; i < revisions.count; i++) {
        bool in_force = is_in_force(&versions, &rows[i]);
        if (!in_force && !all)
            continue;
        put_choice(p, T(from_choices), &rows[i], in_force, from, i == before);
        put_choice(p, T(to_choices), &rows[i], in_force, to, i == newest);
    }
    return true;
}

/* --- the page -----------------------------------------------------------------------------------
 */

static bool show_comparison(const struct page *p, struct str api, struct str from, struct str to)
{
    struct http_request *req = p->req;
    struct comparison *made = arena_new(req->mem, struct comparison);
    struct str after = http_query(req, "after");
    int64_t first = 0;
    if (after.len > 0 && (!str_to_i64(after, &first) || first < 0))
        return fail(p->err, ERR_INVALID, "after", "is no number");
    if (!catalog_compare(VIEW(req), PRINCIPAL(req), api, from, to, req->mem, made, p->err))
        return false;
    struct compare_page c = {.p = p,
                             .made = made,
                             .from = sources_of(made->from.documents, req->mem),
                             .to = sources_of(made->to.documents, req->mem)};
    size_t end = put_changes(&c, (size_t)first);
    put_advice(&c);
    html_flag(p->data, T(compared), true);
    html_text(p->data, T(from), from);
    html_text(p->data, T(to), to);
    html_text(p->data, T(from_label), made->from.revision.version);
    html_text(p->data, T(to_label), made->to.revision.version);
    html_flag(p->data, T(paged), first > 0 || end < made->report.count);
    html_number(p->data, T(next_after), end < made->report.count ? (int64_t)end : 0);
    html_number(p->data, T(first_shown), first + 1);
    html_number(p->data, T(last_shown), (int64_t)end);
    return true;
}

bool web_compare(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct api *api = arena_new(req->mem, struct api);
    struct str from = str_trim(http_query(req, "from")), to = str_trim(http_query(req, "to"));
    if (!catalog_api(VIEW(req), PRINCIPAL(req), req->args, req->mem, api, err) ||
        !put_choices(&p, api, from, to) ||
        (from.len > 0 && to.len > 0 && !show_comparison(&p, api->slug, from, to)))
        return false;
    html_text(p.data, T(api), api->slug);
    html_text(p.data, T(api_name), api->name);
    web_version_crumbs(&p, api);
    return web_page(&p, &template_compare, STR("Compare"), WEB_APIS);
}
