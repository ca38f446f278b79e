/* The scraping thread and what it knows of each gateway. */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "fetch/fetch.h"
#include "portal/control/control.h"
#include "portal/fleet/state.h"

#define WATCHED_FOR_MS   INT64_C(5000)
#define BUSY_PERIOD_MS   INT64_C(1000)
#define IDLE_PERIOD_MS   INT64_C(5000)
#define ADMIN_TIMEOUT_MS 2000
#define ADMIN_MOST_BYTES ((size_t)64 << 20)

static const char gauges_target[] =
    "/stats?filter=^(cluster_manager.warming_clusters|server.dynamic_unknown_fields)$";

/* --- one gateway's admin ------------------------------------------------------------------------
 */

static bool read_admin(struct fetch *client, struct str admin, const char *target,
                       struct arena *mem, struct str *out, struct err *err)
{
    const struct fetch_request request = {
        .address = str_starts(admin, STR("unix:")) ? admin : arena_join(mem, STR("http://"), admin),
        .method = "GET",
        .target = str_from(target),
        .timeout_ms = ADMIN_TIMEOUT_MS,
        .limit_bytes = ADMIN_MOST_BYTES,
    };
    struct fetch_answer answer = {0};
    if (!fetch_send(client, &request, mem, &answer, err))
        return false;
    if (answer.status != 200)
        return fail(err, ERR_IO, "", "the admin interface answers %d to %s", answer.status, target);
    *out = answer.body;
    return true;
}

/* "name: value" lines. */
static int64_t gauge(struct str text, const char *name)
{
    struct str line;
    int64_t value = 0;
    while (str_split(&text, '\n', &line)) {
        struct str rest = line, label;
        if (str_split(&rest, ':', &label) && str_eq(label, str_from(name)) &&
            str_to_i64(str_trim(rest), &value))
            return value;
    }
    return 0;
}

static struct fleet_gateway *gateway_of(struct fleet *f, struct str slug)
{
    for (size_t i = 0; i < f->gateways.len; i++)
        if (str_eq(f->gateways.ptr[i]->slug, slug))
            return f->gateways.ptr[i];
    struct fleet_gateway *fresh = mem_new_of(struct fleet_gateway);
    fresh->slug = arena_str(&f->mem, slug);
    vec_push(&f->gateways, &f->mem, fresh);
    return fresh;
}

/* Takes one scrape in; the lock is held only while the figures change. */
static void take_in(struct fleet *f, struct str slug, bool ok, struct str stats, struct str gauges,
                    const struct err *why)
{
    int64_t now_ms = clock_now_ms(f->portal->clock);
    struct err err = {0};
    pthread_mutex_lock(&f->lock);
    struct fleet_gateway *g = gateway_of(f, slug);
    g->present = true;
    g->tried_ms = now_ms;
    if (ok && figures_update(&g->figures, stats, now_ms, &err)) {
        g->reached_ms = now_ms;
        g->error[0] = '\0';
        g->unknown_fields = gauge(gauges, "server.dynamic_unknown_fields");
    } else {
        snprintf(g->error, sizeof(g->error), "%s", ok ? err.msg : why->msg);
    }
    pthread_mutex_unlock(&f->lock);
}

static void scrape(struct fleet *f, struct fetch *client, const struct gateway *row)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str stats = STR_NONE, gauges = STR_NONE;
    struct err err = {0};
    bool ok = read_admin(client, row->admin, gauges_target, &mem, &gauges, &err) &&
              read_admin(client, row->admin, envoy_stats_target, &mem, &stats, &err);
    take_in(f, row->slug, ok, stats, gauges, &err);
    if (ok)
        control_warming(f->portal->control, row->slug,
                        gauge(gauges, "cluster_manager.warming_clusters"));
}

static void mark_absent(struct fleet *f)
{
    pthread_mutex_lock(&f->lock);
    for (size_t i = 0; i < f->gateways.len; i++)
        f->gateways.ptr[i]->present = false;
    pthread_mutex_unlock(&f->lock);
}

static void scrape_all(struct fleet *f, struct view *view, struct fetch *client)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct catalog_list rows = {0};
    struct err err = {0};
    if (!catalog_gateway_table(view, &mem, &rows, &err)) {
        log_err(f->portal->log, "gateways could not be read", &err);
        return;
    }
    const struct gateway *gateway = rows.rows;
    mark_absent(f);
    for (size_t i = 0; i < rows.count; i++)
        scrape(f, client, &gateway[i]);
}

/* --- the thread ---------------------------------------------------------------------------------
 */

/* Sleeps until the next scrape is due, or somebody asks for one; false when the program ends. */
static bool next_turn(struct fleet *f, int64_t last_ms)
{
    pthread_mutex_lock(&f->lock);
    for (;;) {
        int64_t now_ms = clock_steady_ms();
        bool watched = now_ms - f->watched_ms < WATCHED_FOR_MS;
        int64_t due_ms = last_ms + (watched ? BUSY_PERIOD_MS : IDLE_PERIOD_MS);
        if (f->stopping || f->poked || now_ms >= due_ms)
            break;
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        int64_t wait_ms = due_ms - now_ms;
        until.tv_sec += wait_ms / 1000;
        until.tv_nsec += wait_ms % 1000 * 1000000;
        if (until.tv_nsec >= 1000000000) {
            until.tv_nsec -= 1000000000;
            until.tv_sec++;
        }
        pthread_cond_timedwait(&f->changed, &f->lock, &until);
    }
    f->poked = false;
    bool go_on = !f->stopping;
    pthread_mutex_unlock(&f->lock);
    return go_on;
}

static void *run(void *fleet)
{
    struct fleet *f = fleet;
    struct view *view = NULL;
    struct err err = {0};
    if (!view_open(f->portal->catalog, &view, &err)) {
        log_err(f->portal->log, "the fleet thread cannot read the catalog", &err);
        return NULL;
    }
    struct fetch *client = fetch_new();
    for (int64_t last_ms = 0; next_turn(f, last_ms);) {
        last_ms = clock_steady_ms();
        scrape_all(f, view, client);
    }
    fetch_free(client);
    view_close(view);
    return NULL;
}

bool fleet_start(struct portal *portal, struct fleet **out, struct err *err)
{
    struct fleet *f = mem_new_of(struct fleet);
    pthread_condattr_t steady;
    f->portal = portal;
    pthread_mutex_init(&f->lock, NULL);
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&f->changed, &steady);
    pthread_condattr_destroy(&steady);
    f->watched_ms = -WATCHED_FOR_MS;
    if (pthread_create(&f->thread, NULL, run, f) != 0) {
        free(f);
        return fail(err, ERR_IO, "", "cannot start the fleet thread");
    }
    *out = f;
    return true;
}

static void wake(struct fleet *f, bool stopping)
{
    pthread_mutex_lock(&f->lock);
    f->poked = true;
    f->stopping = f->stopping || stopping;
    pthread_cond_signal(&f->changed);
    pthread_mutex_unlock(&f->lock);
}

void fleet_poke(struct fleet *f)
{
    if (f != NULL)
        wake(f, false);
}

void fleet_stop(struct fleet *f)
{
    if (f == NULL)
        return;
    wake(f, true);
    pthread_join(f->thread, NULL);
    for (size_t i = 0; i < f->gateways.len; i++) {
        figures_clear(&f->gateways.ptr[i]->figures);
        free(f->gateways.ptr[i]);
    }
    arena_clear(&f->mem);
    pthread_cond_destroy(&f->changed);
    pthread_mutex_destroy(&f->lock);
    free(f);
}

void fleet_watch(struct fleet *f)
{
    int64_t now_ms = clock_steady_ms();
    pthread_mutex_lock(&f->lock);
    bool was_idle = now_ms - f->watched_ms >= WATCHED_FOR_MS;
    f->watched_ms = now_ms;
    if (was_idle)
        pthread_cond_signal(&f->changed);
    pthread_mutex_unlock(&f->lock);
}
