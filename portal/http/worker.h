/* Threads for handlers that may block, behind one bounded queue. */
#ifndef CHANCERY_HTTP_WORKER_H
#define CHANCERY_HTTP_WORKER_H

#include "portal/http/server.h"

/** Starts the threads. err: ERR_IO. */
MUST_USE bool worker_start(struct http_server *server, struct err *err);
/** Gives an exchange away; false when the queue is full. */
MUST_USE bool worker_put(struct http_server *server, struct http_exchange *ex);
/** Takes all that are finished, as a list through next. */
struct http_exchange *worker_take_done(struct http_server *server);
/** Waits for what runs; what had not begun comes back by worker_take_done untouched. */
void worker_stop(struct http_server *server);

#endif
