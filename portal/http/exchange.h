/* The life of one request: from its request line to the last byte of its answer. Everything here
 * belongs to the event thread. */
#ifndef CHANCERY_HTTP_EXCHANGE_H
#define CHANCERY_HTTP_EXCHANGE_H

#include "portal/http/server.h"

/** A request line has been read: target is raw, with its query. */
struct http_exchange *exchange_begin(struct connection *conn, struct MHD_Connection *mhd,
                                     const char *target);
/** One call of the library's handler: first with the head, then once per piece of the body, then
 *  with none. head counts in STAGE_NEW only. false: close the connection. */
MUST_USE bool exchange_step(struct http_exchange *ex, struct guard_head *head, struct str bytes);
/** The library has given up on a head that is here as a whole. */
void exchange_unparsed(struct http_exchange *ex);
/** The answer has gone, or the connection has. */
void exchange_end(struct http_exchange *ex);
/** A worker has put it back. */
void exchange_done(struct http_exchange *ex);
/** Runs a held request again; over: its time has come. */
void exchange_retry(struct http_exchange *ex, bool over);
/** The client has closed its end, or been killed. */
bool connection_gone(const struct connection *conn);
/** Frees the spare ones. */
void exchange_free_spare(struct http_server *server);
/** Sets when the connection is cut unless it has got further by then. */
void connection_deadline(struct connection *conn, int64_t at_ms);

#endif
