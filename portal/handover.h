/* The side of the serving process: a fresh one is started and takes over piece by piece, and until
 * it serves everything can be taken back.
 *
 *  new                                    old
 *  reads settings, takes the sockets  <-  starts it, passes lock and sockets; serves on
 *  looks at the catalog               ->  ends portal connections, finishes changes, lets the
 * writer go opens catalog, image, snapshot     <-  decides from memory could decide ->  saves the
 * limits; asks the new one from here on decides, serves                    ->  every answer ends
 * its connection; leaves after the last */
#ifndef CHANCERY_HANDOVER_H
#define CHANCERY_HANDOVER_H

#include "portal/running.h"
#include "portal/takeover.h"

/** True when another process serves and this one's connections have ended: leave. False: it has
 * failed, and this one serves as before (or half; see struct running). SIGINT and SIGTERM, which
 * are blocked, end the attempt and stay pending. */
bool handover_run(struct running *r);
/** Tries again to take the catalog back. */
void handover_retry(struct running *r);

#endif
