/* Answers as bytes and as texts, apart from how they are sent. */
#ifndef CHANCERY_HTTP_ANSWER_H
#define CHANCERY_HTTP_ANSWER_H

#include "portal/http/http.h"

/** "Not Found" … for a status. */
const char *answer_reason(int status);
/** The bytes to send: res->body, or res->owned. */
struct str answer_body(const struct http_response *res);
/** The header of that name, or NULL. */
struct http_pair *answer_header(struct http_response *res, struct str name);
/** True for a check's yes: headers alone, the same for every call alike, so that it has no request
 * id and the transport keeps it. */
bool answer_is_allow(const struct http_config *config, const struct http_response *res);
/** Lets a stream go that is not sent. */
void answer_drop_stream(struct http_response *res);
/** True when every header may be sent: no value has a control byte (names are the program's own).
 */
bool answer_headers_fit(const struct http_response *res);
/** Writes the whole answer as it goes over the wire, closing the connection. */
void answer_write(const struct http_response *res, bool with_body, struct buf *out);

#endif
