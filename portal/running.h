/* Everything of one serving process, in the order it is started; stopped the other way round. */
#ifndef CHANCERY_RUNNING_H
#define CHANCERY_RUNNING_H

#include "portal/control/control.h"
#include "portal/doors.h"
#include "portal/fleet/fleet.h"
#include "portal/front.h"

struct running {
    struct log log;
    struct arena mem;   /* texts the servers keep */
    char *const *words; /* the command line, for the process that takes over */
    struct portal portal;
    struct doors doors;   /* the servers have copies */
    struct http_tls *tls; /* NULL: none is set */
    struct front front;
    bool took_over;    /* from another process */
    unsigned restarts; /* tried so far */
    bool half;         /* only checks and polls: the catalog could not be taken back */
};

/** Serves the portal on fresh copies of its sockets. */
MUST_USE bool running_start_front(struct running *r, struct err *err);

#endif
