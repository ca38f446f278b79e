/* Transactions, for the writer only. */
#ifndef CHANCERY_STORE_TRANSACTION_H
#define CHANCERY_STORE_TRANSACTION_H

#include "catalog/store/store.h"

MUST_USE bool store_begin(struct store *s, struct err *err);
/** A COMMIT that fails rolls everything back; err.code is ERR_STORE then. */
MUST_USE bool store_commit(struct store *s, struct err *err);
void store_roll_back(struct store *s);
/** Runs a change inside its own savepoint: when it fails, only it is undone. When even that fails,
 * the whole transaction is; store_in_transaction tells. */
MUST_USE bool store_savepoint(struct store *s,
                              bool (*run)(void *context, struct store *s, struct err *err),
                              void *context, struct err *err);
bool store_in_transaction(const struct store *s);
/** Copies the log into the file once it has grown. */
void store_checkpoint(struct store *s);

#endif
