/* chanceryd serve: opens the catalog, binds every listener, starts the servers, waits for a signal.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "portal/handover.h"
#include "portal/identity.h"
#include "portal/notify.h"
#include "portal/running.h"
#include "portal/serve.h"

#define FILES_BESIDES_CONNECTIONS 256
#define LOOK_S                    5

static void on_commit(void *context, uint64_t seq, unsigned commit_flags)
{
    struct portal *portal = context;
    if (portal->control != NULL)
        control_changed(portal->control, seq, commit_flags);
    if (commit_flags & COMMIT_CONFIG) /* a new gateway is shown at once */
        fleet_poke(portal->fleet);
}

static bool make_directory(struct str path, const char *setting, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    if (mkdir(str_z(&mem, path), 0700) == 0 || errno == EEXIST)
        return true;
    (void)fail(err, ERR_IO, setting, "cannot make the directory " STR_FMT ": %s", STR_ARG(path),
               strerror(errno));
    return err_hint(err, "make it yourself, or name another with --set %s=…", setting);
}

/* Nothing would be checked with a binary that is not there, and nobody would know. */
static bool envoy_runs(struct str path, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    if (path.len == 0 || access(str_z(&mem, path), X_OK) == 0)
        return true;
    (void)fail(err, ERR_INVALID, "envoy", "cannot run " STR_FMT ": %s", STR_ARG(path),
               strerror(errno));
    return err_hint(err, "name an Envoy binary by its path, or leave the setting empty");
}

static bool open_files_for(int64_t connections, struct err *err)
{
    struct rlimit limit;
    rlim_t need = (rlim_t)connections + FILES_BESIDES_CONNECTIONS;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= need)
        return true;
    limit.rlim_cur = limit.rlim_max < need ? limit.rlim_max : need;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur >= need)
        return true;
    (void)fail(err, ERR_LIMIT, "connections",
               "%lld connections need %llu open files, %llu are allowed", (long long)connections,
               (unsigned long long)need, (unsigned long long)limit.rlim_cur);
    return err_hint(err, "raise the limit (ulimit -n, LimitNOFILE) or lower the setting");
}

/* --- starting ----------------------------------------------------------------------------------
 */

bool running_start_front(struct running *r, struct err *err)
{
    struct http_listener listeners[DOOR_LISTENERS_MAX];
    size_t count = doors_copy(&r->doors, DOOR_PORTAL, r->tls, listeners);
    r->front.portal = &r->portal;
    return front_start(&r->front, listeners, count, err);
}

/* --- TLS ---------------------------------------------------------------------------------------
 */

static void tell_certificate(const struct running *r, const char *event)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    int64_t end_ms = http_tls_not_after_ms(r->tls);
    if (end_ms <= clock_now_ms(&clock_system))
        log_warn(&r->log, "the certificate has expired",
                 LOG_STR("not_after", time_format(&mem, end_ms)));
    log_info(&r->log, event, LOG_STR("file", r->portal.settings->tls_certificate),
             LOG_STR("not_after", time_format(&mem, end_ms)));
}

static bool open_tls(struct running *r, struct err *err)
{
    const struct settings *s = r->portal.settings;
    if (!doors_have(&r->doors, "listen_tls"))
        return true;
    if (s->tls_certificate.len == 0 || s->tls_key.len == 0)
        return fail(err, ERR_INVALID, "tls_certificate", "a socket for TLS has no certificate");
    if (!http_tls_open(s->tls_certificate, s->tls_key, &r->tls, err))
        return false;
    r->portal.tls = r->tls;
    tell_certificate(r, "certificate");
    return true;
}

/* Renewal writes two files, so a pair that does not fit is tried again when one of them changes. */
static void reload_tls(struct running *r, bool asked)
{
    struct err err = {0};
    if (r->tls == NULL || (!asked && !http_tls_changed(r->tls)))
        return;
    bool ok = http_tls_reload(r->tls, &err);
    atomic_store(&r->portal.tls_reload_failed, !ok);
    if (ok)
        tell_certificate(r, "certificate reloaded");
    else
        log_err(&r->log, "the new certificate is not used; the old one stays", &err);
}

static bool start_control(struct running *r, struct err *err)
{
    struct http_listener polls[DOOR_LISTENERS_MAX], checks[DOOR_LISTENERS_MAX];
    const struct control_config control = {
        .portal = &r->portal,
        .control_listeners = polls,
        .control_listener_count = doors_copy(&r->doors, DOOR_CONTROL, NULL, polls),
        .check_listeners = checks,
        .check_listener_count = doors_copy(&r->doors, DOOR_CHECK, NULL, checks),
    };
    return control_start(&control, &r->portal.control, err);
}

static bool open_catalog(struct running *r, int lock_fd, struct err *err)
{
    const struct catalog_config catalog = {.path = str_z(&r->mem, r->portal.settings->database),
                                           .clock = r->portal.clock,
                                           .log = r->portal.log,
                                           .on_commit = on_commit,
                                           .context = &r->portal,
                                           .lock_fd = lock_fd};
    if (catalog_open(&catalog, &r->portal.catalog, err))
        return true;
    return err->code == ERR_NOT_FOUND ? err_hint(err, "make it with: chanceryd init") : false;
}

/* Nothing may be acknowledged here while another process still decides, so the portal comes last.
 */
static bool start_serving(struct running *r, struct str limits, struct err *err)
{
    r->portal.public_url =
        settings_url(r->portal.settings, doors_port(&r->doors, "listen"), &r->mem);
    return control_start_checks(r->portal.control, limits, err) &&
           fleet_start(&r->portal, &r->portal.fleet, err) && running_start_front(r, err);
}

static bool start_alone(struct running *r, struct err *err)
{
    const struct settings *s = r->portal.settings;
    struct doors passed = {0};
    bool ok = open_files_for(s->connections, err) && envoy_runs(s->envoy, err) &&
              open_catalog(r, 0, err) && make_directory(s->spool_dir, "spool_dir", err) &&
              doors_of_manager(&passed, err) && doors_open(&r->doors, s, &passed, err) &&
              open_tls(r, err) && start_control(r, err);
    doors_close(&passed);
    if (ok)
        control_recall_limits(r->portal.control);
    return ok && start_serving(r, STR_NONE, err);
}

/* Everything that can fail without the catalog is tried before it is asked for. */
static bool start_after(struct running *r, struct takeover *t, struct err *err)
{
    const struct settings *s = r->portal.settings;
    CLEANUP(buf_clear) struct buf limits = {0};
    bool ok = open_files_for(s->connections, err) && envoy_runs(s->envoy, err) &&
              make_directory(s->spool_dir, "spool_dir", err) && takeover_begin(t, err) &&
              doors_open(&r->doors, s, &t->sockets, err) && open_tls(r, err) &&
              takeover_catalog(t, str_z(&r->mem, s->database), err) &&
              open_catalog(r, t->lock_fd, err) && start_control(r, err);
    if (ok)
        control_await_snapshot(r->portal.control);
    ok = ok && takeover_limits(t, &limits, err) && start_serving(r, buf_str(&limits), err);
    return ok;
}

static bool start(struct running *r, struct err *err)
{
    struct takeover takeover = {0};
    r->portal.identity = identity_new();
    if (!takeover_wanted(&takeover))
        return start_alone(r, err);
    r->took_over = true;
    bool ok = start_after(r, &takeover, err);
    takeover_end(&takeover, ok ? NULL : err);
    return ok;
}

static void stop(struct running *r)
{
    front_stop(&r->front);
    fleet_stop(r->portal.fleet);
    control_stop(r->portal.control);
    catalog_close(r->portal.catalog);
    identity_free(r->portal.identity);
    front_clear(&r->front);
    doors_close(&r->doors);
    http_tls_close(r->tls);
    arena_clear(&r->mem);
}

/* --- life --------------------------------------------------------------------------------------
 */

/* Without a certificate a hang-up is what it always is: the end, with the terminal's. */
static void block_signals(sigset_t *signals, const struct settings *s)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGUSR2};
    sigemptyset(signals);
    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        sigaddset(signals, numbers[i]);
    if (s->tls_certificate.len > 0)
        sigaddset(signals, SIGHUP);
    sigprocmask(SIG_BLOCK, signals, NULL); /* before the threads, so that all inherit it */
}

/* The next signal, or 0 after a while: there is something to look after. */
static int next_signal(const sigset_t *signals)
{
    const struct timespec wait = {.tv_sec = LOOK_S};
    int number = sigtimedwait(signals, NULL, &wait);
    return number < 0 ? 0 : number;
}

/* Until a signal ends it, or another process has taken over. */
static void live(struct running *r, const sigset_t *signals)
{
    for (;;) {
        int number = next_signal(signals);
        if (number == 0 || number == SIGHUP) {
            control_keep_limits(r->portal.control);
            reload_tls(r, number == SIGHUP);
            if (r->half)
                handover_retry(r);
        } else if (number != SIGUSR2) {
            log_info(&r->log, "stopping", LOG_I64("signal", number));
            notify_manager(STR("STOPPING=1"));
            return;
        } else if (handover_run(r)) {
            return;
        }
    }
}

static void tell_ready(const struct running *r)
{
    const struct doors *doors = &r->doors;
    log_info(&r->log, "ready", LOG_STR("portal", r->portal.public_url),
             LOG_I64("port", doors_port(doors, "listen")),
             LOG_I64("tls_port", doors_port(doors, "listen_tls")),
             LOG_I64("control_port", doors_port(doors, "control_listen")),
             LOG_I64("check_port", doors_port(doors, "check_listen")), LOG_I64("pid", getpid()),
             LOG_I64("ms", clock_now_ms(&clock_system) - r->portal.started_ms));
    catalog_note(r->portal.catalog, STR("serving 0"));
    if (!r->took_over) /* else the other process says so, which is still the one that is believed */
        notify_manager(STR("READY=1"));
}

int command_serve(const struct invocation *in)
{
    struct running r = {
        .log = {.fd = STDERR_FILENO, .least = LOG_INFO, .clock = &clock_system},
        .words = in->words,
    };
    struct err err = {0};
    sigset_t signals;
    r.portal = (struct portal){.settings = &in->settings,
                               .clock = &clock_system,
                               .log = &r.log,
                               .started_ms = clock_now_ms(&clock_system)};
    block_signals(&signals, &in->settings);
    if (!start(&r, &err)) {
        complain(&err);
        stop(&r);
        return EXIT_FAILURE;
    }
    tell_ready(&r);
    live(&r, &signals);
    stop(&r);
    return EXIT_SUCCESS;
}

int command_routes(const struct invocation *in)
{
    struct http_route *routes = NULL;
    size_t count = front_routes(&routes);
    UNUSED(in);
    for (size_t i = 0; i < count; i++)
        printf("%s %s %s\n", http_method_name(routes[i].method), routes[i].path,
               routes[i].operation_id ? routes[i].operation_id : "-");
    free(routes);
    return EXIT_SUCCESS;
}
