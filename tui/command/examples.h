/* What `chancery examples` shows of one operation, and its forms. */
#ifndef CHANCERY_COMMAND_EXAMPLES_H
#define CHANCERY_COMMAND_EXAMPLES_H

#include "catalog/exchange/exchange.h"

struct shown {
    const struct exchange_operation *operation;
    struct exchange_request request;
    const struct exchange_answers *answers;
    size_t answer_count;
    exchange_notes notes;
};

/** The request's address, with words in brackets in place of secrets; a document that names no
 *  host means this machine. */
struct str shown_url(const struct exchange_request *request, struct arena *mem);
/** Lines for a shell, and the answers to them. */
void shown_text(const struct shown *s, struct buf *out);
void shown_json(const struct shown *s, struct json_writer *w);

#endif
