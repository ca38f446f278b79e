/* Who is at the other end of a connection, and whom a trusted proxy speaks for. */
#ifndef CHANCERY_HTTP_PEER_H
#define CHANCERY_HTTP_PEER_H

#include "portal/http/server.h"

/** Reads http_config.trusted_proxies. err: ERR_INVALID for what is no address. */
MUST_USE bool peer_trust(struct http_server *server, struct err *err);
/** Fills the connection's peer from its socket. */
void peer_of_socket(struct connection *conn);
/** The peer of one request: the connection's, or the client a trusted proxy names. */
void peer_of_request(struct http_exchange *ex);

#endif
