/* What the handlers of rest/, web/ and control/ share: one struct portal a process, one struct
 * worker a thread. */
#ifndef CHANCERY_APP_H
#define CHANCERY_APP_H

#include <stdatomic.h>

#include "catalog/service/service.h"
#include "portal/http/http.h"

/** Who may come in by a route at all; what they may do there is decided by catalog/service. */
enum route_role {
    ROUTE_ANYONE,    /* signed in or not */
    ROUTE_SIGNED_IN, /* anonymous: 401, pages: sign-in page */
    ROUTE_LOCAL,     /* loopback or Unix socket, or a metrics token */
    ROUTE_GATEWAY,   /* control: a gateway's token, or its Unix socket */
};

struct settings; /* portal/settings.h */
struct fleet;    /* portal/fleet/fleet.h */
struct identity; /* portal/identity.h */
struct control;  /* portal/control/control.h */

struct portal {
    struct catalog *catalog;
    const struct settings *settings;
    const struct clock *clock;
    const struct log *log;
    struct control *control;
    struct fleet *fleet;
    struct identity *identity;
    struct http_tls *tls; /* NULL: none */
    atomic_bool tls_reload_failed;
    struct str public_url;
    int64_t started_ms;
};

/** req->worker of handlers that are not inline. */
struct worker {
    struct portal *app;
    struct view *view;
};

#define APP(req)       ((struct portal *)(req)->context)
#define VIEW(req)      (((struct worker *)(req)->worker)->view)
#define PRINCIPAL(req) ((const struct principal *)(req)->principal)

/** The route tables, concatenated by portal/main.c. */
extern const struct http_route rest_routes[];
extern const size_t rest_route_count;
extern const struct http_route web_routes[];
extern const size_t web_route_count;

#endif
