/* Reads what browsers send: queries and urlencoded bodies, and multipart/form-data as it comes in.
 * Strict where leniency has no use; everything is bounded. */
#ifndef CHANCERY_HTTP_FORM_H
#define CHANCERY_HTTP_FORM_H

#include "portal/http/http.h"
#include "portal/http/spool.h"

#define FORM_FIELDS_MAX 256
#define FORM_FILES_MAX  256

/** Decodes application/x-www-form-urlencoded text (WHATWG URL §5.1) into mem. Names and values must
 *  be UTF-8 without NUL. err: ERR_INVALID, ERR_LIMIT past FORM_FIELDS_MAX pairs. where: "query" …
 */
MUST_USE bool form_decode(struct str text, const char *where, struct arena *mem,
                          const struct http_pair **out, size_t *count, struct err *err);

/** True for a media type, parameters aside. */
bool form_type_is(struct str content_type, struct str type);

enum form_state { FORM_START, FORM_HEADERS, FORM_FIELD, FORM_FILE, FORM_END };

/** A multipart body being read (RFC 7578). */
struct form {
    struct arena *mem;
    size_t field_limit_bytes; /* of all fields together */
    size_t file_limit_bytes;  /* of all files together */
    struct spool *spool;      /* where files go, one behind the other; NULL refuses them */
    struct str delimiter;
    enum form_state state;
    struct buf pending; /* received, not yet understood; bounded */
    struct buf value;
    size_t field_bytes;
    struct str name;
    VEC(struct http_pair) fields;
    VEC(struct http_file) files;
};

/** Starts reading; the caller has set mem, limits and spool. err: ERR_INVALID without a usable
 *  boundary. */
MUST_USE bool form_start(struct form *form, struct str content_type, struct err *err);
/** Takes the next bytes. err: ERR_INVALID, ERR_LIMIT, ERR_IO. */
MUST_USE bool form_feed(struct form *form, struct str bytes, struct err *err);
/** Must be asked after the last byte. err: ERR_INVALID when the body was cut. */
MUST_USE bool form_finish(struct form *form, struct err *err);
void form_clear(struct form *form);

#endif
