/* A small synchronous HTTP client: Unix sockets and http(s) addresses, connections kept alive. */
#ifndef CHANCERY_FETCH_H
#define CHANCERY_FETCH_H

#include "catalog/base/base.h"

struct fetch_header {
    struct str name, value;
};

/** One request. Nothing is followed (no redirects) and no proxy of the environment is used. */
struct fetch_request {
    struct str address; /* "unix:/path", "http://host:port" or "https://host:port" */
    const char *method; /* "GET" … */
    struct str target;  /* "/v1/apis?limit=5", sent as it is */
    const struct fetch_header *headers;
    size_t header_count;
    struct str body;     /* absent: none */
    int timeout_ms;      /* for the whole exchange; 0 means 10 s */
    size_t limit_bytes;  /* of the answer's body; 0 means 16 MiB */
    const char *peer;    /* who is asked, for errors ("chanceryd"); NULL: "the server" */
    const char *ca_file; /* https: certificates (PEM) of the issuers to trust in place of the
                            system's; NULL: the system's */
};

struct fetch_answer {
    int status;
    struct str content_type;            /* absent when there is none */
    int64_t date_ms;                    /* the Date header, 0 when there is none */
    const struct fetch_header *headers; /* all of them, as they came */
    size_t header_count;
    struct str body;
};

/** A client and its open connections; used by one thread at a time (but for fetch_stop). */
struct fetch;
struct fetch *fetch_new(void);
void fetch_free(struct fetch *f);

/** Sends one request and reads the whole answer into mem; any status is a success. A server on
 * https is always verified: issuer, dates, host. err: ERR_INVALID (address), ERR_DENIED (it could
 * not be verified; the hint says what to do), ERR_IO (not reached, cut, too slow; where = the
 * address), ERR_LIMIT (too large). */
MUST_USE bool fetch_send(struct fetch *f, const struct fetch_request *request, struct arena *mem,
                         struct fetch_answer *out, struct err *err);

/** Makes a fetch_send under way in another thread, and all later ones, fail at once. */
void fetch_stop(struct fetch *f);

#endif
