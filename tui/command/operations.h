/* For commands that go through a document's operations. */
#ifndef CHANCERY_COMMAND_OPERATIONS_H
#define CHANCERY_COMMAND_OPERATIONS_H

#include "catalog/exchange/exchange.h"

/** Reads a document and lists its operations. err: as of local_open, exchange_open. */
MUST_USE bool local_exchange(struct str path, struct arena *mem, struct exchange **out,
                             struct err *err);
/** True when an operation is among those asked for by id or "METHOD PATH"; none asked: all are. */
bool operation_asked(const struct exchange_operation *operation, const struct str *names,
                     size_t count);
/** err: ERR_NOT_FOUND when the document has no such operation. */
MUST_USE bool operations_known(const struct exchange *x, const struct str *names, size_t count,
                               struct err *err);

#endif
