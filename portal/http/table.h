/* The route table: compiled at start, asked for every request of the portal profile. */
#ifndef CHANCERY_HTTP_TABLE_H
#define CHANCERY_HTTP_TABLE_H

#include "portal/http/server.h"

/** Compiles the configuration's routes. err: ERR_INVALID, ERR_CONFLICT (where = "/INDEX"). */
MUST_USE bool table_compile(struct http_server *server, struct err *err);
/** Finds the request's route and decodes its arguments and query; answers OPTIONS. false: failed,
 *  with ex->err and perhaps a status and headers in ex->res. */
MUST_USE bool table_route(struct http_exchange *ex);

#endif
