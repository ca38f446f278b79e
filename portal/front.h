/* The portal's server: pages, REST interface, health. */
#ifndef CHANCERY_FRONT_H
#define CHANCERY_FRONT_H

#include "portal/app.h"

struct front {
    struct portal *portal;
    struct arena mem; /* texts the server keeps */
    struct http_route *routes;
    size_t route_count;
    struct http_server *server, *refusing;
};

/** Serves; the listeners' sockets become the server's. err: as http_server_start. */
MUST_USE bool front_start(struct front *f, const struct http_listener *listeners, size_t count,
                          struct err *err);
/** Answers everything 503 with Retry-After, beside a server that is drained. */
MUST_USE bool front_start_refusing(struct front *f, const struct http_listener *listeners,
                                   size_t count, struct err *err);
void front_stop_refusing(struct front *f);
/** Takes no more connections and ends those there are, each when its request is answered. */
void front_drain(struct front *f);
size_t front_connections(const struct front *f);
/** Stops serving; front_start may follow. */
void front_stop(struct front *f);
void front_clear(struct front *f);
/** All routes in one table, to be freed by the caller. Answers their number. */
size_t front_routes(struct http_route **out);

#endif
