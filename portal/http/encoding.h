/* Compressing answers, where that is allowed and worthwhile. */
#ifndef CHANCERY_HTTP_ENCODING_H
#define CHANCERY_HTTP_ENCODING_H

#include "portal/http/server.h"

/** Compresses a finished answer when its client takes gzip, and says in Vary that it depends. */
void encoding_apply(struct http_exchange *ex);

#endif
