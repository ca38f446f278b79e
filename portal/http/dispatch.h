/* From a complete request to a complete answer. Runs on the event thread or on a worker. */
#ifndef CHANCERY_HTTP_DISPATCH_H
#define CHANCERY_HTTP_DISPATCH_H

#include "portal/http/server.h"

/** Asks identify and admit; a refusal is kept as the exchange's failure. */
void dispatch_lookup(struct http_exchange *ex);
/** Runs the handler, unless the exchange has failed already, and completes the answer. false: the
 *  handler holds the request. */
MUST_USE bool dispatch_run(struct http_exchange *ex);
/** Completes the answer of a failed exchange without asking anybody. */
void dispatch_refuse(struct http_exchange *ex);

#endif
