/* Compiles (method, path template) lists into a flat router: position-independent bytes that the
 * access image embeds, our own HTTP server uses and pages ask. Matching allocates nothing. */
#ifndef CHANCERY_ROUTE_H
#define CHANCERY_ROUTE_H

#include "catalog/base/base.h"

/** One line of the table. Templates as in OAS "Path Templating": "/pets/{petId}", "/v{n}.json";
 *  a variable matches one or more bytes of one segment, never '/'. method is any HTTP token. */
struct route_entry {
    struct str method;
    struct str template;
    uint32_t value; /* what a hit returns: an operation or handler number */
};

/** Appends the compiled router to out. More specific templates win (literal before variable,
 * segment by segment, OAS 3.1 "Paths Object"). err: ERR_INVALID for a template that cannot be
 * compiled (where = "/INDEX"), ERR_CONFLICT for two entries that match the same requests (same
 * method, templates that differ in variable names at most), ERR_LIMIT.
 *
 * Among mixed segments the one with more text comes first, then the one with fewer variables. When
 * a more specific beginning leads nowhere, the next one is tried; every place of the tree is
 * visited at most once. Within a mixed segment variables are as short as the text after them
 * allows, the last takes what is left: "{a}-{b}" reads "x-y-z" as x, y-z. */
MUST_USE bool route_compile(const struct route_entry *entries, size_t count, struct buf *out,
                            struct err *err);

/** The same, but an entry that cannot be compiled is left out and left_out[INDEX] set (count flags,
 *  given false); of two that match the same requests the later one is. err: ERR_LIMIT. */
MUST_USE bool route_compile_some(const struct route_entry *entries, size_t count, bool *left_out,
                                 struct buf *out, struct err *err);

/** A view of compiled bytes, which must outlive it. */
struct router {
    struct str bytes;
};

/** Checks every bound once so that route_match may trust the bytes. err: ERR_INVALID. */
MUST_USE bool route_open(struct str bytes, struct router *out, struct err *err);

enum route_result {
    ROUTE_NONE,   /* no template has this path */
    ROUTE_METHOD, /* the path is known, not with this method: see route_allow */
    ROUTE_HIT,
};

#define ROUTE_PARAMS_MAX 16
struct route_hit {
    uint32_t value;
    uint32_t path; /* number of the matched template, for route_allow */
    size_t param_count;
    struct str
        params[ROUTE_PARAMS_MAX]; /* raw slices of the path, in template order, not decoded */
};

/** Finds a request's entry. path is raw (still percent-encoded, no query); it is split at '/' first
 *  and literal segments are compared decoded, so %2F stays inside its segment; a trailing slash is
 *  significant; HEAD is served by GET's entry when it has none of its own.
 *  Never matched: malformed %XX, control bytes, blanks, '?', '#', and segments that decode to "."
 *  or "..", which proxies and upstreams fold away, so that both would see different paths. The
 *  template is chosen by path alone; a method it lacks is not looked for in a less specific one.
 *  On ROUTE_NONE out is empty. */
enum route_result route_match(const struct router *r, struct str method, struct str path,
                              struct route_hit *out);

/** Writes "GET, HEAD, PUT" for the template a ROUTE_METHOD or ROUTE_HIT named (RFC 9110 §10.2.1).
 */
void route_allow(const struct router *r, const struct route_hit *hit, struct buf *out);

/** Cuts a base path ("/pets"; "" and "/" are the root) from the front of a raw path, compared
 *  decoded, at a segment border only: "/pets" does not cover "/petsx". *rest is "" or begins with
 *  '/'. False when the path lies elsewhere or either has malformed encoding. */
MUST_USE bool route_strip(struct str path, struct str base, struct str *rest);

/** Told of one template: a regular expression (PCRE, no anchors, no backslash, quote or blank) of
 * the raw paths it has, and its number for route_method. The expression is gone when this returns.
 */
typedef void route_visitor(void *context, struct str expression, uint32_t path);

/** Visits all templates in the order in which they are to be tried: the first whose expression
 * matches the path up to its end or '?' is the one route_match finds. What the expressions leave
 * out, and match nothing at all: needless encodings (of letters, digits and "-._~"), bytes that
 * RFC 3986 wants encoded, and %00. */
void route_expressions(const struct router *r, route_visitor *visit, void *context);
/** Appends the same for a path that is text, "" or "/base/path", without a slash at its end. False
 * for malformed encoding. */
MUST_USE bool route_expression_of_text(struct str path, struct buf *out);
/** Appends the same for anything that may follow a base path: "" or segments, none of them dots. */
void route_expression_of_any(struct buf *out);
/** Method number index of a template, by name; false past the last one. */
bool route_method(const struct router *r, uint32_t path, uint32_t index, struct str *name,
                  uint32_t *value);

/** Decodes %XX of one segment into mem; false for malformed encoding. */
MUST_USE bool route_decode(struct str segment, struct arena *mem, struct str *out);

#endif
