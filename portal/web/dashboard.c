/* How documents fare: the scores of an API over time, and the state of all of a team's APIs. */
#include "portal/web/handlers.h"

#define SCORES_SHOWN   100
#define APIS_MOST      100
#define ROWS_OF_AN_API 100
#define SOON_MS        (INT64_C(14) * 86400000)
#define CHART_WIDTH    600
#define CHART_HEIGHT   100 /* a point of the score is a unit */

/* --- the scores of an API -----------------------------------------------------------------------
 */

/* From the oldest on the left to the newest; what no ruleset has judged is left out. */
static struct str chart_points(const struct catalog_list *list, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf out = {0};
    const struct assessment *rows = list->rows;
    size_t count = 0, at = 0;
    for (size_t i = 0; i < list->count; i++)
        count += rows[i].grade.len > 0;
    for (size_t i = list->count; count > 1 && i-- > 0;) {
        if (rows[i].grade.len == 0)
            continue;
        buf_printf(&out, "%s%zu,%lld", at > 0 ? " " : "", CHART_WIDTH * at / (count - 1),
                   (long long)(CHART_HEIGHT - rows[i].score));
        at++;
    }
    return arena_str(mem, buf_str(&out));
}

bool web_scores(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct api *api = arena_new(req->mem, struct api);
    struct catalog_list list = {0};
    struct str cursor = http_query(req, "cursor");
    if (!catalog_api(VIEW(req), PRINCIPAL(req), req->args, req->mem, api, err))
        return false;
    const struct catalog_query query = {
        .api = api->slug, .cursor = cursor.len > 0 ? cursor : STR_NONE, .limit = SCORES_SHOWN};
    if (!catalog_assessments(VIEW(req), PRINCIPAL(req), &query, req->mem, &list, err))
        return false;
    const struct assessment *rows = list.rows;
    for (size_t i = 0; i < list.count; i++) {
        struct html_data *item = html_add(p.data, T(assessments));
        html_row(item, &record_assessment, &rows[i]);
        html_text(item, T(short_hash), str_sub(rows[i].revision, 0, 12));
    }
    html_row(p.data, &record_api, api);
    html_text(p.data, T(points), chart_points(&list, req->mem));
    web_pager(&p, &list);
    web_version_crumbs(&p, api);
    return web_page(&p, &template_scores, STR("Scores"), WEB_APIS);
}

/* --- the APIs of a team -------------------------------------------------------------------------
 */

struct totals {
    int64_t errors, blocked, waivers, reviews;
};

/* What is known of one API, read in one go. */
struct known {
    struct catalog_list versions, assessments, waivers, reviews;
};

static bool read_known(const struct page *p, const struct api *api, struct known *out)
{
    struct view *v = VIEW(p->req);
    const struct principal *who = PRINCIPAL(p->req);
    struct arena *mem = p->req->mem;
    const struct catalog_query of_api = {.api = api->slug, .limit = ROWS_OF_AN_API};
    return catalog_versions(v, who, &of_api, mem, &out->versions, p->err) &&
           catalog_assessments(v, who, &of_api, mem, &out->assessments, p->err) &&
           catalog_waivers(v, who, &of_api, mem, &out->waivers, p->err) &&
           catalog_reviews(v, who, &of_api, mem, &out->reviews, p->err);
}

static const struct assessment *assessment_of(const struct known *known,
                                              const struct version *version, struct str revision)
{
    const struct assessment *rows = known->assessments.rows;
    for (size_t i = 0; i < known->assessments.count; i++)
        if (str_eq(rows[i].version, version->label) && str_eq(rows[i].revision, revision))
            return &rows[i];
    return NULL;
}

static int64_t ending_soon(const struct known *known, const struct version *version, int64_t now)
{
    const struct waiver *rows = known->waivers.rows;
    int64_t count = 0;
    for (size_t i = 0; i < known->waivers.count; i++)
        count += rows[i].revoked_at == 0 && rows[i].not_after > now &&
                 rows[i].not_after <= now + SOON_MS &&
                 (rows[i].version.len == 0 || str_eq(rows[i].version, version->label));
    return count;
}

static int64_t waiting_reviews(const struct known *known, const struct version *version)
{
    const struct review *rows = known->reviews.rows;
    int64_t count = 0;
    for (size_t i = 0; i < known->reviews.count; i++)
        count += rows[i].state == REVIEW_REQUESTED && str_eq(rows[i].version, version->label);
    return count;
}

static void put_version(const struct page *p, const struct api *api, const struct known *known,
                        const struct version *version, struct totals *totals)
{
    static const struct assessment nothing;
    struct html_data *item = html_add(p->data, T(versions));
    const struct assessment *now = assessment_of(known, version, version->revision);
    const struct assessment *next = assessment_of(known, version, version->candidate);
    int64_t waivers = ending_soon(known, version, p->req->now_ms);
    int64_t reviews = waiting_reviews(known, version);
    if (now == NULL)
        now = &nothing;
    html_row(item, &record_version, version);
    html_text(item, T(api_name), api->name);
    html_text(item, T(grade), now->grade);
    html_number(item, T(score), now->score);
    html_number(item, T(error_count), now->error_count);
    html_number(item, T(warn_count), now->warn_count);
    html_number(item, T(other_count), now->info_count + now->hint_count);
    html_flag(item, T(waits), version->candidate.len > 0);
    html_number(item, T(breaking_count), next != NULL ? next->breaking_count : 0);
    html_number(item, T(ending), waivers);
    html_number(item, T(waiting), reviews);
    totals->errors += now->error_count;
    totals->blocked += version->candidate.len > 0;
    totals->waivers += waivers;
    totals->reviews += reviews;
}

static bool put_apis(const struct page *p, const struct team *team, struct totals *totals)
{
    const struct catalog_query of_team = {.team = team->slug, .limit = APIS_MOST};
    struct catalog_list apis = {0};
    if (!catalog_apis(VIEW(p->req), PRINCIPAL(p->req), &of_team, p->req->mem, &apis, p->err))
        return false;
    const struct api *rows = apis.rows;
    for (size_t i = 0; i < apis.count; i++) {
        struct known known = {0};
        if (!read_known(p, &rows[i], &known))
            return false;
        const struct version *versions = known.versions.rows;
        for (size_t k = 0; k < known.versions.count; k++)
            if (versions[k].stage != STAGE_RETIRED)
                put_version(p, &rows[i], &known, &versions[k], totals);
    }
    html_number(p->data, T(left_out), apis.total - (int64_t)apis.count);
    return true;
}

bool web_dashboard(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct team *team = arena_new(req->mem, struct team);
    struct totals totals = {0};
    if (!catalog_team(VIEW(req), PRINCIPAL(req), req->args, req->mem, team, err) ||
        !put_apis(&p, team, &totals))
        return false;
    html_row(p.data, &record_team, team);
    html_number(p.data, T(errors), totals.errors);
    html_number(p.data, T(blocks), totals.blocked);
    html_number(p.data, T(ending_count), totals.waivers);
    html_number(p.data, T(waiting_count), totals.reviews);
    web_crumb(&p, "Teams", STR_NONE, STR("/teams"));
    web_crumb(&p, NULL, team->name, arena_join(req->mem, STR("/teams/"), team->slug));
    return web_page(&p, &template_dashboard, team->name, WEB_TEAMS);
}
