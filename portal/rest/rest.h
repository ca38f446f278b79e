/* The REST interface: JSON over the use cases of catalog/service, as data/openapi.yaml says. */
#ifndef CHANCERY_REST_H
#define CHANCERY_REST_H

#include "portal/app.h"

/** What the interface remembers between requests: the answers that an Idempotency-Key may repeat.
 *  Bounded, kept in memory for 24 hours; gone after a restart. */
struct rest;
struct rest *rest_new(void);
void rest_free(struct rest *r);

#endif
