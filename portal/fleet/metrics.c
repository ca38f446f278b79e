/* GET /metrics: our own state and the proxies' counters, as Prometheus text (version 0.0.4). */
#include <pthread.h>
#include <unistd.h>

#include "portal/control/control.h"
#include "portal/fleet/state.h"

/* Label values escape backslash, quote and line feed. */
static void write_label(struct buf *out, const char *name, struct str value)
{
    buf_printf(out, "%s=\"", name);
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];
        if (c == '\n')
            buf_add(out, STR("\\n"));
        else if (c == '"' || c == '\\')
            buf_printf(out, "\\%c", c);
        else
            buf_add_char(out, c);
    }
    buf_add_char(out, '"');
}

static void write_head(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void write_requests(struct buf *out, const struct fleet *f)
{
    write_head(out, "chancery_requests_total", "counter",
               "Calls through the proxies by API, operation, app, reason and status.");
    for (size_t i = 0; i < f->gateways.len; i++) {
        const struct fleet_gateway *g = f->gateways.ptr[i];
        for (size_t k = 0; g->present && k < g->figures.counters.len; k++) {
            const struct figures_counter *c = &g->figures.counters.ptr[k];
            const struct {
                const char *name;
                struct str value;
            } labels[] = {
                {"gateway",   g->slug         },
                {"api",       c->api          },
                {"version",   c->version_label},
                {"operation", c->operation    },
                {"app",       c->app          },
                {"reason",    c->reason       }
            };
            buf_add(out, STR("chancery_requests_total{"));
            for (size_t l = 0; l < COUNT_OF(labels); l++) {
                write_label(out, labels[l].name, labels[l].value);
                buf_add_char(out, ',');
            }
            buf_printf(out, "status=\"%d\"} %llu\n", c->status, (unsigned long long)c->total);
        }
    }
}

static void write_gateways(struct buf *out, const struct fleet *f,
                           const struct control_gateway *list, size_t count)
{
    write_head(out, "chancery_gateway_up", "gauge",
               "1 when the gateway's admin interface could be read.");
    for (size_t i = 0; i < f->gateways.len; i++) {
        const struct fleet_gateway *g = f->gateways.ptr[i];
        if (!g->present)
            continue;
        buf_add(out, STR("chancery_gateway_up{"));
        write_label(out, "gateway", g->slug);
        buf_printf(out, "} %d\n", g->tried_ms != 0 && g->error[0] == '\0');
    }
    write_head(out, "chancery_gateway_in_sync", "gauge",
               "1 when the gateway has applied the current configuration.");
    for (size_t i = 0; i < count; i++) {
        buf_add(out, STR("chancery_gateway_in_sync{"));
        write_label(out, "gateway", list[i].slug);
        buf_printf(out, "} %d\n", list[i].sync == SYNC_IN_SYNC);
    }
}

/* Resident pages are the second number of /proc/self/statm. */
static int64_t resident_bytes(void)
{
    CLEANUP(buf_clear) struct buf text = {0};
    int64_t pages = 0;
    if (!file_read("/proc/self/statm", 4096, &text, NULL))
        return 0;
    struct str rest = buf_str(&text), part;
    for (int i = 0; i < 2 && str_split(&rest, ' ', &part); i++)
        if (!str_to_i64(part, &pages))
            return 0;
    return pages * sysconf(_SC_PAGESIZE);
}

static void write_certificate(struct buf *out, struct portal *portal)
{
    if (portal->tls == NULL)
        return;
    write_head(out, "chancery_certificate_not_after_seconds", "gauge",
               "When the certificate in use ends, in seconds since 1970.");
    buf_printf(out, "chancery_certificate_not_after_seconds %lld\n",
               (long long)(http_tls_not_after_ms(portal->tls) / 1000));
    write_head(out, "chancery_certificate_reload_failed", "gauge",
               "1 when the files hold a certificate that is not used.");
    buf_printf(out, "chancery_certificate_reload_failed %d\n",
               atomic_load(&portal->tls_reload_failed));
}

bool fleet_metrics(struct http_request *req, struct http_response *res, struct err *err)
{
    struct portal *portal = APP(req);
    const struct control_gateway *list = NULL;
    size_t count = 0;
    struct buf *out = &res->owned;
    UNUSED(err);
    control_gateways(portal->control, req->mem, &list, &count);
    write_head(out, "chancery_uptime_seconds", "gauge", "Time since chanceryd was started.");
    buf_printf(out, "chancery_uptime_seconds %lld\n",
               (long long)((req->now_ms - portal->started_ms) / 1000));
    write_head(out, "process_resident_memory_bytes", "gauge", "Memory of chanceryd.");
    buf_printf(out, "process_resident_memory_bytes %lld\n", (long long)resident_bytes());
    write_certificate(out, portal);
    pthread_mutex_lock(&portal->fleet->lock);
    write_gateways(out, portal->fleet, list, count);
    write_requests(out, portal->fleet);
    pthread_mutex_unlock(&portal->fleet->lock);
    res->content_type = STR("text/plain; version=0.0.4; charset=utf-8");
    return true;
}
