/* The words of a command that reads its own: options, documents, operations of one. */
#ifndef CHANCERY_COMMAND_OPTIONS_H
#define CHANCERY_COMMAND_OPTIONS_H

#include "catalog/exchange/exchange.h"
#include "tui/command/words.h"

/** Where reading is. */
struct option_reader {
    const struct words *words;
    int at;           /* of the next word */
    bool documents;   /* "--" has come: only documents follow */
    struct str value; /* behind the option's '=', else absent */
};

/** Takes the option of that name ("--base"). err: ERR_INVALID, also for one that is not known. */
typedef bool option_take(void *context, struct option_reader *r, struct str name, struct arena *mem,
                         struct err *err);
/** Reads all words of a command on one document: options by take. err: ERR_INVALID. */
MUST_USE bool options_read(const struct words *words, option_take *take, void *context,
                           struct arena *mem, struct str *document, struct err *err);

/** The value of the option just read: behind its '=', else the next word. err: ERR_INVALID. */
MUST_USE bool option_value(struct option_reader *r, struct str name, struct str *out,
                           struct err *err);

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
