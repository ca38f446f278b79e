/* Judges a request's head before anything acts on it. Pure: texts in, verdict out. */
#ifndef CHANCERY_HTTP_GUARD_H
#define CHANCERY_HTTP_GUARD_H

#include "portal/http/http.h"

/** A request's head as the library's parser left it: texts are views into the bytes received. */
struct guard_head {
    struct str method, target, version;
    const struct http_pair *headers;
    size_t header_count;
    size_t size_bytes;      /* from the method to the empty line's end */
    const char *url;        /* where the target stood */
    struct str public_host; /* as in http_config */
};

enum guard_framing { FRAMING_NONE, FRAMING_LENGTH, FRAMING_CHUNKED };

/** What the guard learnt on its way; texts as in the head. */
struct guard_facts {
    enum guard_framing framing;
    uint64_t content_length;
    bool expects_continue;
    struct str host;
    struct str path, query; /* of the target; query absent without '?' */
    struct str content_type, content_encoding, origin, request_id;
};

/** 0 when the request may go on; else the status to refuse it with, and err says why. */
int guard_check(enum http_profile profile, const struct guard_head *head, struct guard_facts *out,
                struct err *err);

/** True when Content-Length stands there and is not 1 to 12 digits. */
bool guard_length_is_odd(const struct http_pair *headers, size_t count);
/** True for a token (RFC 9110 §5.6.2). */
bool guard_token(struct str s);
/** True for "localhost", its subdomains, 127.0.0.0/8 and [::1], with or without a port. */
bool guard_host_is_loopback(struct str host);
/** True when a header value holds no control byte (RFC 9110 §5.5; obs-text is let through). */
bool guard_value(struct str s);

#endif
