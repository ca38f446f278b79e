/* libmicrohttpd behind one door: the only file that sees its header is transport.c. Everything here
 * belongs to the event thread. */
#ifndef CHANCERY_HTTP_TRANSPORT_H
#define CHANCERY_HTTP_TRANSPORT_H

#include "portal/http/server.h"

/** Takes the listening socket over that stands at a place of the configuration; the server's set
 * tells of the transport by that place. err: ERR_IO. */
MUST_USE bool transport_open(struct http_server *server, size_t place, struct transport **out,
                             struct err *err);
/** Before a sleep: what the set has to tell while requests are in progress, and while none is. */
void transport_watch(struct transport *transport, bool in_progress);
/** True when transport_run must be called without waiting. */
bool transport_pending(const struct transport *transport);
void transport_run(struct transport *transport);
/** Stops accepting and closes the listening socket. */
void transport_quiesce(struct transport *transport);
/** Ends all connections; none may be suspended. Accepts NULL. */
void transport_close(struct transport *transport);

/** Takes a connection out of the loop while its request is worked on, and puts it back. */
void transport_suspend(struct http_exchange *ex);
void transport_resume(struct http_exchange *ex);
/** Writes past the library and ends our direction. false: not all of it went out. */
MUST_USE bool transport_write_last(struct http_exchange *ex, struct str bytes);
/** Hands the answer to the library. false: the connection is to be closed. */
MUST_USE bool transport_answer(struct http_exchange *ex);
/** Frees the answers kept for the next caller alike. */
void transport_free_kept(struct http_server *server);

#endif
