/* One operation of the contract as a row, and one call of it. */
#ifndef CHANCERY_REST_OPERATION_H
#define CHANCERY_REST_OPERATION_H

#include "portal/app.h"

enum rest_body {
    REST_NO_BODY,   /* none, or an object without members */
    REST_MAY_BODY,  /* none, or an object */
    REST_MUST_BODY, /* an object */
};

enum rest_match {
    REST_NO_MATCH,
    REST_MAY_MATCH,
    REST_MUST_MATCH, /* 428 without */
};

struct rest_operation;

/** A call whose headers, query and body have been read and checked. */
struct rest_call {
    const struct rest_operation *op;
    struct http_request *req;
    struct http_response *res;
    const struct json *body; /* object, or NULL */
    int64_t if_match;
    struct catalog_query query; /* of lists */
    struct verdict *verdict;    /* of changes that ask the publish gate */
};

/** Fills call->res. err: its code and place decide the status (rest_answer in operation.c). */
typedef bool rest_run(struct rest_call *call, struct err *err);

/** What the generic handlers need to know; members that do not apply are left out. */
struct rest_operation {
    rest_run *run;
    const struct record *record; /* of the rows that are answered */
    catalog_list_fn *list;
    catalog_get_fn *get;         /* single rows; lists: the object they belong to */
    const struct record *parent; /* lists: record of that object */
    change_fn *change;
    const char *names;    /* query parameters it knows, apart from a list's limit and cursor */
    const char *filters;  /* lists: the filters that the path parameters fill, outermost first */
    const char *members;  /* bodies that no record describes: their members, all texts */
    const char *location; /* of what has been made: "/v1/apis/{slug}", by the row's fields */
    int status;           /* 0: 200 */
    enum rest_body body;
    enum rest_match match;
    bool merge_patch; /* that media type is read, too */
    bool secret;      /* the answer is never kept or cached */
};

/** Reads and checks the call, runs the operation, gives its error a status. */
bool rest_answer(const struct rest_operation *op, struct http_request *req,
                 struct http_response *res, struct err *err);

/* --- rows.c: the generic handlers --------------------------------------------------------------
 */

rest_run rest_list, rest_get, rest_change, rest_delete;
/** What a change is told by a call. */
struct change rest_change_of(const struct rest_call *call);
/** Starts a JSON answer. */
struct json_writer rest_json(struct http_response *res);
void rest_write_row(struct http_response *res, const struct record *record, const void *row);
/** ETag of a row of the call's record; absent for rows that cannot change. */
struct str rest_etag_of(const struct rest_call *call, const void *row);
/** Location by the operation's template, with the row's fields in it; absent without one. */
struct str rest_location_of(const struct rest_call *call, const struct record *record,
                            const void *row);

/* --- written by hand ---------------------------------------------------------------------------
 */

rest_run rest_me, rest_password, rest_user_token, rest_tags, rest_document, rest_bundle,
    rest_upload, rest_key, rest_token, rest_gate, rest_stage, rest_ruleset_text,
    rest_ruleset_preview, rest_explain, rest_changelog, rest_compare, rest_contract_text,
    rest_health, rest_ready, rest_backup, rest_check;

/* --- governance.c ------------------------------------------------------------------------------
 */

void rest_write_verdict(struct json_writer *w, const struct verdict *verdict);

/* --- query.c -----------------------------------------------------------------------------------
 */

/** Reads limit, cursor, filters of the query and of the path. err: ERR_INVALID (400). */
MUST_USE bool rest_read_query(struct rest_call *call, struct err *err);

/* --- body.c ------------------------------------------------------------------------------------
 */

/** Reads Content-Type, body and If-Match; sets res->status where the error's code does not say it.
 */
MUST_USE bool rest_read_body(struct rest_call *call, struct err *err);

/* --- replay.c ----------------------------------------------------------------------------------
 */

/** Room for what a change makes; rest_run_change takes no other. */
void *rest_row_new(const struct rest_call *call, size_t size);
/** Runs a change. again: it had been made before with the same Idempotency-Key; call->res is then
 * the first answer and row is untouched. */
MUST_USE bool rest_run_change(struct rest_call *call, change_fn *fn, void *row, bool *again,
                              struct err *err);

#endif
