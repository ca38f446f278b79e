/* Requests and answers of a document's operations: made, written as HTTP has them, judged. Pure:
 * nothing is sent. */
#ifndef CHANCERY_EXCHANGE_H
#define CHANCERY_EXCHANGE_H

#include "catalog/openapi/openapi.h"

struct exchange_operation {
    struct str method; /* as it is sent: "GET" */
    struct str path;   /* template; the base path of 2.0 is in the server */
    struct str key;    /* "GET /pets/{petId}" */
    struct str operation_id;
    bool safe; /* RFC 9110 §9.2.1 and the registry's others: changes nothing; not TRACE, which shows
                  a request's secrets */
    struct oas_spot item, operation;
};

/** A document, its operations, and what makes their messages. Belongs to one thread. */
struct exchange;
/** Lists the operations, in document order, files that path items refer to included. Lives in mem.
 *  err: as of example_maker_new. */
MUST_USE bool exchange_open(struct oas_files *files, struct arena *mem, struct exchange **out,
                            struct err *err);
const struct exchange_operation *exchange_operations(const struct exchange *x, size_t *count);
/** By operationId or key; NULL when there is none. */
const struct exchange_operation *exchange_find(const struct exchange *x, struct str name);

/* --- messages ----------------------------------------------------------------------------------
 */

struct exchange_header {
    struct str name, value;
};

/** Something about the document that came to light: an example that does not fit, a value that
 *  cannot be made. */
struct exchange_note {
    struct str pointer; /* "#/paths/…", behind a file's path when not in the root */
    struct str message;
};

struct exchange_body {
    struct str media_type;
    struct str name; /* of one of several examples, else absent */
    struct str text; /* absent: see reason */
    bool given;      /* by the document */
    struct str reason;
};

struct exchange_request {
    struct str server;                     /* "https://example.com/v1", or a path, or empty */
    struct str target;                     /* "/pets/7?limit=3" */
    const struct exchange_header *headers; /* parameters, Accept and Cookie; no Content-Type */
    size_t header_count;
    const struct exchange_header *credentials; /* what security asks for, with words in brackets in
                                                  place of secrets */
    size_t credential_count;
    struct str credential_query;        /* the same for the query: "key=<name>"; absent: none */
    const struct exchange_body *bodies; /* one a media type; none when it takes no body */
    size_t body_count;
    const struct exchange_body *body; /* the first that could be made; NULL: none */
    bool body_required;
    struct str made_up; /* path parameters whose values the document does not give, with commas */
    struct str missing; /* why it cannot be made; absent: it can */
};

struct exchange_answers {
    struct str status, description; /* "200", "4XX", "default" */
    const struct exchange_header *headers;
    size_t header_count;
    const struct exchange_body *bodies; /* every example of every media type */
    size_t body_count;
};

typedef VEC(struct exchange_note) exchange_notes;

/** Makes a request: values of the document first, checked by their schemas, else made. optional:
 *  with all parameters; else the required ones and those with an example. Notes and what *out
 *  points to live in mem. */
void exchange_request(struct exchange *x, const struct exchange_operation *operation, bool optional,
                      struct arena *mem, struct exchange_request *out, exchange_notes *notes);
/** Makes an answer for each response of the document. */
void exchange_answers(struct exchange *x, const struct exchange_operation *operation,
                      struct arena *mem, const struct exchange_answers **out, size_t *count,
                      exchange_notes *notes);

/* --- judging -----------------------------------------------------------------------------------
 */

/** An answer that came. */
struct exchange_answer {
    int status;
    const struct exchange_header *headers;
    size_t header_count;
    struct str body;
};

enum exchange_check {
    EXCHANGE_STATUS,
    EXCHANGE_CONTENT_TYPE,
    EXCHANGE_HEADER,
    EXCHANGE_BODY,
    EXCHANGE_CHECK_COUNT
};
/** "status", "content-type", "header", "body". */
const char *exchange_check_name(enum exchange_check check);

struct exchange_problem {
    enum exchange_check check;
    struct str message;
    struct str instance; /* body: JSON Pointer into it; header: its name */
    struct str schema;   /* what says so: a pointer into the document, as of notes */
};
typedef VEC(struct exchange_problem) exchange_problems;

/** Judges an answer by the document: its status is listed (itself, its range, default), its media
 *  type too, declared headers are there and fit, the body fits its schema or is absent where HTTP
 *  or the document has none. Adds what is wrong. */
void exchange_judge(struct exchange *x, const struct exchange_operation *operation,
                    const struct exchange_answer *answer, struct arena *mem,
                    exchange_problems *out);

#endif
