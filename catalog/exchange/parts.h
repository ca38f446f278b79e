/* What the parts of this folder share. Only files of this folder include this. */
#ifndef CHANCERY_EXCHANGE_PARTS_H
#define CHANCERY_EXCHANGE_PARTS_H

#include "catalog/example/example.h"
#include "catalog/exchange/exchange.h"

struct exchange {
    struct oas_files *files;
    struct example_maker *maker;
    enum oas_version version;
    struct oas_spot root;
    VEC(struct exchange_operation) operations;
};

/* --- values of the document --------------------------------------------------------------------
 */

/** A member, references followed; node NULL when there is none. */
struct oas_spot part_at(struct exchange *x, struct oas_spot owner, struct str name);
struct str part_text(struct exchange *x, struct oas_spot owner, const char *name);
bool part_true(struct exchange *x, struct oas_spot owner, const char *name);
/** The first member or element, references not followed, and the one behind it. */
struct oas_spot part_first(struct oas_spot owner);
struct oas_spot part_next(struct oas_spot member);
struct oas_spot part_follow(struct exchange *x, struct oas_spot spot);
bool part_is(struct oas_spot spot, enum tree_kind kind);
/** "file#/pointer", the file absent for the root. */
struct str part_pointer(const struct exchange *x, struct oas_spot spot, struct arena *mem);

/* --- making ------------------------------------------------------------------------------------
 */

struct making {
    struct exchange *x;
    struct arena *mem;
    exchange_notes *notes;
    enum schema_direction direction;
    bool required_only; /* of the properties of what is made */
};
void tell(struct making *m, struct oas_spot at, const char *format, ...) PRINTF_LIKE(3, 4);

/* A value for a parameter, header or body: one that is given, or one made by its schema. */
struct value {
    struct str name;   /* of one of several examples */
    struct str json;   /* absent: raw, or none */
    struct str raw;    /* a text as it is to be sent (3.2: serializedValue) */
    bool given;        /* by an example of the holder or its schema */
    struct str reason; /* why there is none */
};
typedef VEC(struct value) values;
/** All that are given by `example` and `examples` of a holder, checked by the schema, which may be
 *  absent; else the one made, or none with its reason: never empty. foreign: texts are the message
 *  itself, not judged. */
void values_of(struct making *m, struct oas_spot holder, struct oas_spot schema, bool foreign,
               values *out);

/** Notes an example that its schema does not accept; it is used all the same. */
void judge_given(struct making *m, struct oas_spot schema, struct oas_spot value);

/** style.c: how a parameter's value is written. */
struct style;
/** By the parameter's style, else what its place says (OAS 3.x "Style Values"), or its
 *  collectionFormat (2.0). *explode as of the parameter. */
const struct style *style_of(struct exchange *x, struct oas_spot parameter, bool *explode);
/** Of headers. */
const struct style *style_simple(void);
struct written {
    struct str name;
    bool explode, reserved, raw; /* reserved characters stay; raw: nothing is escaped */
};
void style_write(const struct style *style, const struct written *how, const struct tree *doc,
                 const struct tree_node *value, struct buf *out);
/** Percent-encoded: all but the unreserved characters (RFC 3986 §2.3). */
void put_encoded(struct str text, bool reserved, struct buf *out);
/** "name=value&…" of an object's members. */
void put_form(const struct tree *doc, const struct tree_node *object, struct buf *out);

/** credentials.c: fills what security asks for. */
void credentials_of(struct exchange *x, const struct exchange_operation *operation,
                    struct arena *mem, struct exchange_request *out);

/** body.c: bodies of a `content` object, or of one schema with the media types of 2.0. all: every
 *  example, else one a media type. */
typedef VEC(struct exchange_body) bodies;
void bodies_of_content(struct making *m, struct oas_spot content, bool all, bodies *out);
void body_of_schema(struct making *m, struct oas_spot schema, struct str media_type, bodies *out);
/** The text of a value in a media type. */
void body_written(struct making *m, const struct value *value, struct str media_type,
                  struct exchange_body *out);
/** consumes or produces of 2.0: the operation's, else the document's; node NULL: none. */
struct oas_spot media_types_2(struct exchange *x, const struct exchange_operation *op,
                              const char *name);

/** media.c */
bool is_json(struct str media_type);
/** The type without its parameters, trimmed. */
struct str media_essence(struct str media_type);
/** How well a declared type covers one that came: 4 to the parameters, 3 itself, 2 its range, 1
 * any, 0 not. */
unsigned media_covers(struct str declared, struct str came);
/** What a body of a range is sent as; itself when it is no range. */
struct str media_sent(struct str media_type);

/** judge_header.c */
void judge_headers(struct exchange *x, struct oas_spot response,
                   const struct exchange_answer *answer, struct arena *mem, exchange_problems *out);
struct str header_of(const struct exchange_answer *answer, struct str name);
void problem(struct exchange *x, struct oas_spot by, enum exchange_check check, struct str instance,
             struct arena *mem, exchange_problems *out, const char *format, ...) PRINTF_LIKE(7, 8);

#endif
