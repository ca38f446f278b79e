/* The REST interface: most nouns are rows of one table, answered by the generic handlers;
 * data/openapi.yaml is the contract. */
#ifndef CHANCERY_REST_H
#define CHANCERY_REST_H

#include "portal/app.h"

/* --- the table
 * -------------------------------------------------------------------------------------- */

enum rest_filter {
    FILTER_API = 1 << 0, /* path filters come in this order */
    FILTER_VERSION = 1 << 1,
    FILTER_TEAM = 1 << 2,
    FILTER_APP = 1 << 3,
    FILTER_Q = 1 << 4,
    FILTER_TAG = 1 << 5,
    FILTER_STAGE = 1 << 6,
    FILTER_STATE = 1 << 7,
    FILTER_GROUP = 1 << 8,
    FILTER_SUBJECT = 1 << 9,
    FILTER_KIND = 1 << 10,
    FILTER_MINE = 1 << 11,
    FILTER_AWAITING = 1 << 12,
};

/** What the generic handlers need to know of one operation. */
struct rest_row {
    const struct record *record;
    catalog_list_fn *list;
    catalog_get_fn *get;
    change_fn *change;
    unsigned filters;      /* known in the query */
    unsigned path_filters; /* taken from the path, in order */
    const char *name;      /* field that ends Location after a creation */
};
/** The row of a request's route. */
const struct rest_row *rest_row_of(const struct http_request *req);

http_handler rest_list, rest_get, rest_create, rest_change, rest_action, rest_put, rest_delete;
http_handler rest_me, rest_tags, rest_key_create, rest_token_create, rest_document_put,
    rest_document_get, rest_explain, rest_contract_get, rest_health, rest_ready;

/* --- body.c: what requests carry
 * --------------------------------------------------------------------- */

/** The JSON object of a body; NULL when there is none and none is needed. err with res->status 415,
 * or ERR_INVALID. */
MUST_USE bool rest_body(struct http_request *req, bool needed, const struct json **out,
                        struct http_response *res, struct err *err);
/** The etag of If-Match; 428 when it is missing. */
MUST_USE bool rest_if_match(struct http_request *req, int64_t *out, struct http_response *res,
                            struct err *err);
/** Filters, cursor and limit of a list; an unknown parameter is refused. */
MUST_USE bool rest_query(struct http_request *req, const struct rest_row *row,
                         struct catalog_query *out, struct err *err);
/** Refuses what a browser's session changes without the session's token. */
MUST_USE bool rest_may_change(struct http_request *req, struct err *err);
/** Sets ETag of a row that has one; true when If-None-Match says the client has it (304 is set
 * then). */
bool rest_etag(struct http_request *req, const struct record *record, const void *row,
               struct http_response *res);
/** One row as the answer. */
void rest_answer(const struct record *record, const void *row, struct http_response *res);

#endif
