/* What the files of fleet/ share. */
#ifndef CHANCERY_FLEET_STATE_H
#define CHANCERY_FLEET_STATE_H

#include <pthread.h>

#include "portal/fleet/figures.h"
#include "portal/fleet/fleet.h"

struct fleet_gateway {
    struct str slug;
    bool present;       /* still in the catalog */
    int64_t tried_ms;   /* last attempt; 0: none yet */
    int64_t reached_ms; /* last success */
    int64_t
        unknown_fields; /* > 0: it runs without --reject-unknown-dynamic-fields and ignored some */
    char error[240];    /* why the last attempt failed; "" when it did not */
    struct figures figures;
};

struct fleet {
    struct portal *portal;
    pthread_t thread;
    pthread_mutex_t lock; /* guards everything below */
    pthread_cond_t changed;
    struct arena mem;
    VEC(struct fleet_gateway *) gateways;
    int64_t watched_ms; /* steady time of the last GET /v1/live */
    bool poked, stopping;
};

/** Somebody watches: scrape each second for a while. */
void fleet_watch(struct fleet *f);

#endif
