/* The side of the new process: what it is given by the one that serves so far. */
#ifndef CHANCERY_TAKEOVER_H
#define CHANCERY_TAKEOVER_H

#include "portal/doors.h"

/** The environment variable that names the channel's descriptor. */
#define TAKEOVER_VARIABLE "CHANCERY_HANDOVER"

struct takeover {
    int channel;
    int lock_fd;          /* of the catalog */
    struct doors sockets; /* inherited; doors_open takes what it can use */
};

/** True when this process was started to take over; fills channel. */
bool takeover_wanted(struct takeover *t);
/** Takes sockets and lock. err: ERR_IO, here and below also when the other process has gone. */
MUST_USE bool takeover_begin(struct takeover *t, struct err *err);
/** Looks whether the catalog could be opened, asks for it and waits until the other process writes
 * no more. err: as catalog_look, ERR_IO. */
MUST_USE bool takeover_catalog(struct takeover *t, const char *database, struct err *err);
/** Says that this process could decide, and waits for the state of the limits. */
MUST_USE bool takeover_limits(struct takeover *t, struct buf *limits, struct err *err);
/** Says that this process serves, or why it cannot (err), and lets everything else go. */
void takeover_end(struct takeover *t, const struct err *err);

#endif
