/* The developer portal's pages: HTML that works without JavaScript. */
#ifndef CHANCERY_WEB_H
#define CHANCERY_WEB_H

#include "portal/app.h"

/** An error as a page: what, why, remedy; a page that asks for somebody who is signed in leads to
 *  the sign-in page. For struct http_config's on_error; runs without principal or worker, too. */
void web_error(struct http_request *req, const struct err *err, struct http_response *res);

#endif
