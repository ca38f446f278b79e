/* One HTTP/1.1 answer, read as its bytes come (RFC 9112 §6, §7). Pure: who reads the socket feeds
 * it.
 */
#ifndef CHANCERY_FETCH_MESSAGE_H
#define CHANCERY_FETCH_MESSAGE_H

#include "fetch/fetch.h"

enum message_state {
    MESSAGE_HEAD,
    MESSAGE_LENGTH,     /* a body of known length */
    MESSAGE_CHUNK_SIZE, /* chunked: the line before a chunk */
    MESSAGE_CHUNK,
    MESSAGE_CHUNK_END, /* the line end behind it */
    MESSAGE_TRAILER,
    MESSAGE_TO_END, /* a body that ends with the connection */
    MESSAGE_DONE,
    MESSAGE_BAD,      /* no HTTP, or cut */
    MESSAGE_TOO_LARGE /* the body passes the limit */
};

/** Set mem, limit_bytes and head_only, then feed. */
struct message {
    struct arena *mem;
    size_t limit_bytes;
    bool head_only; /* of a HEAD request: no body follows */
    enum message_state state;
    bool keep;     /* the connection may be used again */
    uint64_t left; /* of the body or chunk */
    struct buf in; /* read, not used yet */
    size_t at;
    struct buf body;
    struct fetch_answer answer; /* but for its headers and body */
    VEC(struct fetch_header) headers;
};

/** Uses the bytes; m->state says what has come of it. */
void message_take(struct message *m, struct str bytes);
/** The peer has closed: the end of a body without length, else a cut. */
void message_end(struct message *m);
void message_clear(struct message *m);
/** "Tue, 24 Nov 2026 12:04:31 GMT" (RFC 9110 §5.6.7), 0 for anything else. */
int64_t message_date(struct str text, struct arena *mem);

#endif
