/* GET /v1/live: figures by gateway, by API or by operation. Numbers without data are null. */
#include <pthread.h>
#include <stdlib.h>

#include "portal/control/control.h"
#include "portal/fleet/state.h"

#define STALE_MS INT64_C(12000) /* two idle periods and some */

struct live_row {
    struct str gateway, api, version_label, operation; /* absent: summed over all */
};

struct live {
    struct http_request *req;
    struct fleet *fleet;
    const struct control_gateway *gateways;
    size_t gateway_count;
    int64_t now_ms;
    struct json_writer w;
};

/* --- one row -------------------------------------------------------------------------------------
 */

static void write_rate(struct json_writer *w, const char *name, bool known, double value)
{
    json_key(w, str_from(name));
    if (known)
        json_put_double(w, value);
    else
        json_put_null(w);
}

static void write_count(struct json_writer *w, const char *name, bool known, uint64_t value)
{
    json_key(w, str_from(name));
    if (known)
        json_put_i64(w, (int64_t)value);
    else
        json_put_null(w);
}

static bool matches(const struct live_row *row, const struct figures_counter *c)
{
    return (row->api.ptr == NULL || str_eq(row->api, c->api)) &&
           (row->version_label.ptr == NULL || str_eq(row->version_label, c->version_label)) &&
           (row->operation.ptr == NULL || str_eq(row->operation, c->operation));
}

static bool wanted(const struct live_row *row, const struct fleet_gateway *g)
{
    return g->present && (row->gateway.ptr == NULL || str_eq(row->gateway, g->slug));
}

struct reason {
    struct str name;
    int32_t status;
    uint64_t count;
};
struct reason_list {
    VEC(struct reason) rows;
};

static void add_reason(struct reason_list *list, struct arena *mem, const struct figures_counter *c)
{
    for (size_t i = 0; i < list->rows.len; i++)
        if (list->rows.ptr[i].status == c->status && str_eq(list->rows.ptr[i].name, c->reason)) {
            list->rows.ptr[i].count += c->total;
            return;
        }
    vec_push(&list->rows, mem, (struct reason){arena_str(mem, c->reason), c->status, c->total});
}

static void write_reasons(struct live *l, const struct live_row *row)
{
    struct reason_list list = {0};
    for (size_t i = 0; i < l->fleet->gateways.len; i++) {
        const struct fleet_gateway *g = l->fleet->gateways.ptr[i];
        for (size_t k = 0; wanted(row, g) && k < g->figures.counters.len; k++)
            if (matches(row, &g->figures.counters.ptr[k]))
                add_reason(&list, l->req->mem, &g->figures.counters.ptr[k]);
    }
    json_key(&l->w, STR("reasons"));
    json_open_array(&l->w);
    for (size_t i = 0; i < list.rows.len; i++) {
        const struct reason *reason = &list.rows.ptr[i];
        json_open_object(&l->w);
        json_key_str(&l->w, "reason", reason->name);
        json_key_i64(&l->w, "status", reason->status);
        json_key_i64(&l->w, "count", (int64_t)reason->count);
        json_close_object(&l->w);
    }
    json_close_array(&l->w);
}

static const char *state_of(const struct live *l, const struct fleet_gateway *g)
{
    if (g->tried_ms == 0)
        return "no_data";
    if (g->error[0] != '\0')
        return "unreachable";
    return l->now_ms - g->reached_ms > STALE_MS ? "stale" : "ok";
}

static void write_gateway_members(struct live *l, const struct fleet_gateway *g)
{
    const struct control_gateway *known = NULL;
    for (size_t i = 0; i < l->gateway_count; i++)
        if (str_eq(l->gateways[i].slug, g->slug))
            known = &l->gateways[i];
    json_key_str(&l->w, "state", str_from(state_of(l, g)));
    json_key(&l->w, STR("age_ms"));
    if (g->reached_ms != 0)
        json_put_i64(&l->w, l->now_ms - g->reached_ms);
    else
        json_put_null(&l->w);
    json_key_str(&l->w, "sync", str_from(gateway_sync_name(known ? known->sync : SYNC_NEVER)));
    struct str error = g->error[0] ? str_from(g->error) : known ? known->error : STR_NONE;
    if (error.ptr == NULL && g->unknown_fields > 0)
        error = STR("runs without --reject-unknown-dynamic-fields and has ignored fields");
    json_key_str(&l->w, "error", error.ptr ? arena_str(l->req->mem, error) : STR_NONE);
}

static void write_numbers(struct live *l, const struct figures_sum *sum, bool fresh)
{
    write_rate(&l->w, "rps", sum->seen && fresh, sum->rps);
    write_rate(&l->w, "rps_4xx", sum->seen && fresh, sum->rps_4xx);
    write_rate(&l->w, "rps_5xx", sum->seen && fresh, sum->rps_5xx);
    write_count(&l->w, "requests", sum->seen, sum->requests);
    write_count(&l->w, "requests_4xx", sum->seen, sum->requests_4xx);
    write_count(&l->w, "requests_5xx", sum->seen, sum->requests_5xx);
    write_rate(&l->w, "p50_ms", fresh && sum->p50_ms >= 0, sum->p50_ms);
    write_rate(&l->w, "p95_ms", fresh && sum->p95_ms >= 0, sum->p95_ms);
    write_rate(&l->w, "p99_ms", fresh && sum->p99_ms >= 0, sum->p99_ms);
}

static void write_row(struct live *l, const struct live_row *row)
{
    struct figures_sum sum = {.p50_ms = -1, .p95_ms = -1, .p99_ms = -1};
    struct figures_buckets buckets = {0};
    const struct figures_filter filter = {row->api, row->version_label, row->operation};
    const struct fleet_gateway *only = NULL;
    bool fresh = false;
    for (size_t i = 0; i < l->fleet->gateways.len; i++) {
        const struct fleet_gateway *g = l->fleet->gateways.ptr[i];
        if (!wanted(row, g))
            continue;
        figures_add(&g->figures, &filter, l->now_ms, &sum, &buckets);
        fresh = fresh || strcmp(state_of(l, g), "ok") == 0;
        only = g;
    }
    figures_percentiles(&buckets, &sum);
    json_open_object(&l->w);
    json_key_str(&l->w, "gateway", row->gateway);
    json_key_str(&l->w, "api", row->api);
    json_key_str(&l->w, "version", row->version_label);
    json_key_str(&l->w, "operation", row->operation);
    if (row->gateway.ptr != NULL && only != NULL)
        write_gateway_members(l, only);
    write_numbers(l, &sum, fresh);
    write_reasons(l, row);
    json_close_object(&l->w);
}

/* --- which rows ----------------------------------------------------------------------------------
 */

enum grouping { BY_GATEWAY, BY_API, BY_OPERATION };

static int compare_rows(const void *left, const void *right)
{
    const struct live_row *a = left, *b = right;
    int order = str_cmp(a->api, b->api);
    if (order == 0)
        order = str_cmp(a->version_label, b->version_label);
    return order ? order : str_cmp(a->operation, b->operation);
}

/* The distinct (api) or (api, version, operation) of what the gateways have counted. */
static void write_counted(struct live *l, enum grouping by, struct str gateway, struct str api)
{
    VEC(struct live_row) rows = {0};
    struct arena *mem = l->req->mem;
    const struct live_row all = {.gateway = gateway, .api = api};
    for (size_t i = 0; i < l->fleet->gateways.len; i++) {
        const struct fleet_gateway *g = l->fleet->gateways.ptr[i];
        for (size_t k = 0; wanted(&all, g) && k < g->figures.counters.len; k++) {
            const struct figures_counter *c = &g->figures.counters.ptr[k];
            if (!matches(&all, c))
                continue;
            bool each = by == BY_OPERATION;
            vec_push(&rows, mem,
                     (struct live_row){gateway, c->api, each ? c->version_label : STR_NONE,
                                       each ? c->operation : STR_NONE});
        }
    }
    if (rows.len > 0)
        qsort(rows.ptr, rows.len, sizeof(*rows.ptr), compare_rows);
    for (size_t i = 0; i < rows.len; i++)
        if (i == 0 || compare_rows(&rows.ptr[i - 1], &rows.ptr[i]) != 0)
            write_row(l, &rows.ptr[i]);
}

static void write_gateways(struct live *l, struct str gateway, struct str api)
{
    for (size_t i = 0; i < l->fleet->gateways.len; i++) {
        const struct fleet_gateway *g = l->fleet->gateways.ptr[i];
        const struct live_row row = {.gateway = g->slug, .api = api};
        if (wanted(&(struct live_row){.gateway = gateway}, g))
            write_row(l, &row);
    }
}

static bool grouping_of(struct str by, enum grouping *out, struct err *err)
{
    if (by.ptr == NULL || str_eq(by, STR("gateway")))
        *out = BY_GATEWAY;
    else if (str_eq(by, STR("api")))
        *out = BY_API;
    else if (str_eq(by, STR("operation")))
        *out = BY_OPERATION;
    else {
        (void)fail(err, ERR_INVALID, "by", "figures cannot be grouped by \"" STR_FMT "\"",
                   STR_ARG(by));
        return err_hint(err, "use gateway, api or operation");
    }
    return true;
}

bool fleet_rest_live(struct http_request *req, struct http_response *res, struct err *err)
{
    struct live l = {
        .req = req, .fleet = APP(req)->fleet, .now_ms = req->now_ms, .w = {.out = &res->owned}};
    struct str gateway = http_query(req, "gateway"), api = http_query(req, "api");
    enum grouping by = BY_GATEWAY;
    if (!grouping_of(http_query(req, "by"), &by, err))
        return false;
    if (!catalog_may(VIEW(req), PRINCIPAL(req), ACTION_LIVE_READ, 0))
        return fail(err, ERR_DENIED, "", "live figures are for operators");
    fleet_watch(l.fleet);
    control_gateways(APP(req)->control, req->mem, &l.gateways, &l.gateway_count);
    json_open_object(&l.w);
    json_key_str(&l.w, "at", time_format(req->mem, l.now_ms));
    json_key_i64(&l.w, "window_s", FIGURES_WINDOW_MS / 1000);
    json_key(&l.w, STR("rows"));
    json_open_array(&l.w);
    pthread_mutex_lock(&l.fleet->lock);
    if (by == BY_GATEWAY)
        write_gateways(&l, gateway, api);
    else
        write_counted(&l, by, gateway, api);
    pthread_mutex_unlock(&l.fleet->lock);
    json_close_array(&l.w);
    json_close_object(&l.w);
    res->content_type = STR("application/json");
    return true;
}
