/* Where a request's body goes: memory, an upload's file, a form, or nowhere. */
#ifndef CHANCERY_HTTP_BODY_H
#define CHANCERY_HTTP_BODY_H

#include "portal/http/server.h"

/** Judges the announced length and coding and sets the body's mode. err with ex->res.status:
 *  413, 415, 503. */
MUST_USE bool body_limits(struct http_exchange *ex, struct err *err);
/** Makes the place for an admitted upload. err: ERR_IO, ERR_INVALID. */
MUST_USE bool body_start_upload(struct http_exchange *ex, struct err *err);
/** Takes the next bytes. err: ERR_LIMIT, ERR_BUSY, ERR_IO, ERR_INVALID. */
MUST_USE bool body_take(struct http_exchange *ex, struct str bytes, struct err *err);

#endif
