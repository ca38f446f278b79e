/* Proxy figures: reads each gateway's admin socket, keeps counters and histograms, answers GET
 * /v1/live. */
#ifndef CHANCERY_FLEET_H
#define CHANCERY_FLEET_H

#include "portal/app.h"

/** Starts the scraping thread: each second while somebody watches, else every 5 s. */
MUST_USE bool fleet_start(struct portal *portal, struct fleet **out, struct err *err);
void fleet_stop(struct fleet *f);
/** Reads the gateways now (a change has been acknowledged, a list changed). */
void fleet_poke(struct fleet *f);

http_handler fleet_rest_live; /* GET /v1/live */
http_handler fleet_metrics;   /* GET /metrics, Prometheus text */

#endif
