/* Where a change was found and how it becomes a finding. */
#ifndef CHANCERY_DIFF_SITE_H
#define CHANCERY_DIFF_SITE_H

#include "catalog/diff/graph.h"

/* --- checks.c --------------------------------------------------------------------------------- */

enum area {
    AREA_PATHS,
    AREA_SECURITY,
    AREA_INFO,
    AREA_COMPONENTS,
    AREA_TAGS,
    AREA_PARAMETERS,
    AREA_SCHEMA,
    AREA_HEADERS,
    AREA_REQUEST_BODY,
    AREA_RESPONSES
};
enum kind {
    KIND_EXISTENCE,
    KIND_REQUIREDNESS,
    KIND_MUTABILITY,
    KIND_TYPE,
    KIND_CONSTRAINTS,
    KIND_VALUES,
    KIND_STRUCTURE,
    KIND_LIFECYCLE
};
/* What a change does to the set of valid messages. */
enum effect {
    EFFECT_NONE,
    EFFECT_WIDENS,
    EFFECT_NARROWS,
    EFFECT_INCOMPARABLE,
    EFFECT_UNKNOWN,
    EFFECT_VIOLATION
};
enum direction { DIRECTION_NONE, DIRECTION_REQUEST, DIRECTION_RESPONSE };
/* Circumstances that take the effect away or turn it. */
enum guard {
    GUARD_READ_ONLY = 1,
    GUARD_WRITE_ONLY = 2,
    GUARD_SANCTIONED = 4,
    GUARD_NON_SUCCESS = 8,
    GUARD_HAS_DEFAULT = 16,
    GUARD_NEGOTIATED = 32,
    GUARD_REQUIRED_IN_REQUESTS = 64,
    GUARD_OURS = 128 /* oasdiff has no such check */
};

struct check {
    const char *id;
    enum area area;
    enum kind kind;
    enum effect effect;
    enum direction direction;
    unsigned guards;
    const char *text;
};
/** NULL when there is none. */
const struct check *diff_check_find(struct str id);
/** The level that effect, direction and guards make; inverted: the message goes the other way, as
 * in webhooks and callbacks. */
enum diff_level diff_row_level(const struct check *check, unsigned more_guards, bool inverted);

/* --- words ------------------------------------------------------------------------------------ */

/* What a text can name, by the word in its braces. */
#define SLOTS(X)              \
    X(PROP, "prop")           \
    X(BARE, "bare")           \
    X(STATUS, "status")       \
    X(IN, "in")               \
    X(PARAM, "param")         \
    X(HEADER, "header")       \
    X(MEDIA, "media")         \
    X(VALUE, "value")         \
    X(FROM, "from")           \
    X(TO, "to")               \
    X(KEY, "key")             \
    X(LIST, "list")           \
    X(DIMENSION, "dimension") \
    X(DATE, "date")           \
    X(DAYS, "days")           \
    X(FLOW, "flow")
#define SLOT_ENUM(name, text) SLOT_##name,
enum slot { SLOTS(SLOT_ENUM) SLOT_COUNT };
#undef SLOT_ENUM

/** A value as people read it and as fingerprints have it. Absent: not said. */
struct word {
    struct str shown, raw;
};
struct words {
    struct word slot[SLOT_COUNT];
};
#define WORD(text)            ((struct word){(text), (text)})
#define SAY(...)              (&(struct words){.slot = {__VA_ARGS__}})
#define SAID(name, text)      [SLOT_##name] = WORD(text)
#define SAID_WORD(name, word) [SLOT_##name] = (word)

/** Any JSON value; oasdiff shows numbers with two decimals. */
struct word word_of(struct arena *mem, bool oasdiff, struct oas_spot value);
struct word word_of_bound(struct arena *mem, bool oasdiff, struct bound bound);
struct str diff_joined(struct arena *mem, const struct str *texts, size_t count,
                       const char *between);

/* --- one comparison --------------------------------------------------------------------------- */

/** An operation on both sides. */
struct operation {
    struct str method, path, id; /* path: as findings show it */
    struct oas_spot old, new;    /* operation objects */
    size_t number;               /* in the list of affected operations */
    bool inverted;               /* what we call request goes to the client */
};

struct unit;

struct differ {
    const struct diff_options *options;
    struct arena *mem;
    struct err *err;
    struct side *old, *new;
    struct graph graph;
    VEC(struct diff_finding) findings;
    VEC(struct str) notes;
    uint32_t walks;
    struct diff_map units; /* usual mode: components, by pair and direction */
    VEC(struct unit *) unit_list;
    VEC(struct str) operation_keys;    /* usual mode: affected operations by number */
    struct diff_map operation_numbers; /* by hash of the key */
    struct shared_places *places[2];   /* usual mode: where components stand, old and new */
    VEC(struct shared *) shared;       /* findings of those */
    struct diff_map shared_by_hash;
    struct diff_map type_lists;             /* by number of the pair: lists of types */
    struct regex *match, *unmatch, *filter; /* of the options, or NULL */
    bool inherits_security; /* some operation, on both sides, has the document's requirements */
    unsigned callbacks;     /* callbacks in callbacks, at this moment */
};

enum scope { SCOPE_BODY, SCOPE_PROPERTY, SCOPE_PARAMETER, SCOPE_PARAMETER_PROPERTY, SCOPE_HEADER };

/** A schema in its place: what checks look at. */
struct site {
    struct differ *d;
    const struct operation *op;
    enum scope scope;
    bool response;
    bool typed;                /* values are typed on the wire (JSON), not text */
    struct words words;        /* said by every finding here */
    struct str details;        /* "(media type: …)", behind the text */
    struct unit *unit;         /* usual mode: the component whose findings these are, or NULL */
    struct str component_path; /* its pointer */
    const struct delta *root, *delta, *parent; /* the body's, this schema's, the one above */
    struct str path, name; /* of the property: above, and its own name ("" for items and such) */
    bool under_all_of;
    struct oas_spot old_param, new_param; /* SCOPE_PARAMETER…: the parameters */
};

/* How a finding treats the schema it was made from. */
enum emit {
    EMIT_PLAIN = 0,
    EMIT_CLAIMED = 1,    /* dropped where a recognised transition explains it */
    EMIT_DISCLAIMED = 2, /* at most a warning where an allOf was not taken apart */
    EMIT_GUARDED = 4,    /* what readOnly and writeOnly take away counts */
    EMIT_NOT_READ_ONLY = 8,
    EMIT_NOT_WRITE_ONLY = 16, /* … but not these two */
    EMIT_DETAILS = 32,
};
#define EMIT_SCHEMA (EMIT_CLAIMED | EMIT_DISCLAIMED | EMIT_GUARDED | EMIT_DETAILS)

/** Reports "request-property-" (by scope and direction) + action, when there is such a check. at:
 * the keyword that the finding points to. */
void site_emit(const struct site *site, const char *action, unsigned how, enum keyword at,
               const struct words *words);
/** Reports a check by its whole id. */
void site_emit_id(const struct site *site, const char *id, unsigned how, enum keyword at,
                  const struct words *words);
bool site_has_check(const struct site *site, const char *action);

/** What a finding that no schema brought says about itself. */
struct about {
    const struct operation *op; /* NULL: no operation */
    struct str operation_id;
    const char *section;
    struct oas_spot old, new;
    struct str details;
    struct str path; /* without an operation */
};
/** level DIFF_NONE: the check's own. */
void say_check(struct differ *d, const char *id, const struct about *about, enum diff_level level,
               const struct words *words);
void say_operation(struct differ *d, const char *id, const struct operation *op,
                   struct oas_spot old, struct oas_spot new, const struct words *words);

/** The name of a property with the path above it. */
struct str property_name(struct arena *mem, struct str path, struct str name);

/* --- schema_*.c: checks of one schema; each looks at site->delta ------------------------------ */

void judge_schema(const struct site *site); /* all of these */
void judge_bounds(const struct site *site);
void judge_types(const struct site *site);
void judge_values(const struct site *site);
void judge_structure(const struct site *site);
void judge_discriminator(const struct site *site);
void judge_required(const struct site *site);
void judge_mutability(const struct site *site);
void judge_property_lifecycle(const struct site *site);
void judge_properties(const struct site *site); /* added and removed ones */
void judge_nullable(const struct site *site);
void judge_false(const struct site *site);

/** "subschema #1: Title", "#/components/schemas/Name". */
struct str branch_text(struct arena *mem, const struct shape_ref *ref, uint32_t index, bool titled);
bool same_types(const struct pair *pair, struct differ *d);
struct type_change {
    struct text_set old, new, added, removed;
};
struct type_change types_of(struct differ *d, const struct pair *pair);
/** "list of types": a type became a oneOf of types, or reverse. Made once per pair. */
struct type_list {
    bool changed; /* it did */
    struct text_set added, removed;
};
const struct type_list *list_of_types(struct differ *d, const struct pair *pair);

/* --- walk.c ----------------------------------------------------------------------------------- */

/** Checks a body, parameter or header schema and all below. */
void walk_shapes(struct site *site, const struct shape *old, const struct shape *new);

/* --- lifecycle.c ------------------------------------------------------------------------------ */

struct stability {
    enum diff_stability level;
    bool said, valid;
    struct str name;  /* "stable" when not said */
    struct str fault; /* when not valid */
};
struct stability stability_of(struct differ *d, struct oas_spot object);
struct sunset {
    bool said, valid;
    struct str date; /* 2026-01-31 */
    int64_t day;     /* since 1970 */
    struct str fault;
};
struct sunset sunset_of(struct differ *d, struct oas_spot object);
int64_t today(const struct differ *d);
uint32_t sunset_days(const struct differ *d, const struct stability *stability);
struct str stability_details(struct differ *d, struct oas_spot operation);
bool stable_enough(const struct differ *d, const struct stability *stability);
/** Which check reports the removal of something that may be deprecated; NULL: none. */
const char *removal_id(struct differ *d, struct oas_spot removed, const char *plain,
                       const char *deprecated, const char *before_sunset, struct str *date);

/* --- documents: one file each ----------------------------------------------------------------- */

void compare_paths(struct differ *d);
void compare_webhooks(struct differ *d);
void compare_components(struct differ *d);
void compare_operation_security(struct differ *d, const struct operation *op);
/** After all operations. */
void compare_security(struct differ *d);
void compare_versions(struct differ *d);
void compare_operation(struct differ *d, const struct operation *op, struct oas_spot old_item,
                       struct oas_spot new_item, const struct str *old_names,
                       const struct str *new_names, size_t name_count);
void compare_parameters(struct differ *d, const struct operation *op, struct oas_spot old_item,
                        struct oas_spot new_item, const struct str *old_names,
                        const struct str *new_names, size_t name_count);
/** What oasdiff sees of a path item's own parameters: which are new. */
void compare_item_parameters(struct differ *d, const struct operation *op, struct oas_spot old_item,
                             struct oas_spot new_item, const struct str *old_names,
                             const struct str *new_names, size_t name_count);
void compare_request_body(struct differ *d, const struct operation *op, struct oas_spot old_item,
                          struct oas_spot new_item);
void compare_responses(struct differ *d, const struct operation *op);
/* The media types of a message: a map of them, or names that share one object (2.0). */
struct content {
    struct oas_spot map, shared;
    const struct str *names;
    size_t name_count;
};
void compare_content(struct site *site, const struct content *old, const struct content *new);
void compare_headers(struct differ *d, const struct operation *op, struct str status,
                     struct oas_spot old, struct oas_spot new);
void compare_callbacks(struct differ *d, const struct operation *op);
void compare_path_item(struct differ *d, struct str path, struct oas_spot old, struct oas_spot new,
                       const struct str *old_names, const struct str *new_names, size_t name_count,
                       bool inverted);

/** The number of an operation, by its key; given when first asked for. */
size_t operation_number(struct differ *d, struct str key);
/** When both spots stand in one shared parameter, response, request body or header: its pointer. */
struct str shared_component(struct differ *d, struct oas_spot old, struct oas_spot new);
/** Keeps one finding for all operations that share what it is about; false when there is one
 *  already. */
bool shared_begins(struct differ *d, const struct diff_finding *finding,
                   const struct operation *op);
/* swagger.c: what 2.0 says elsewhere, and 3.x where one looks for it. */
/** The request's body: the operation's, or the path item's parameter. */
struct oas_spot body_of(const struct side *side, struct oas_spot operation, struct oas_spot item);
/** The media types of a body or a response of an operation. */
struct content content_of(const struct side *side, struct oas_spot message,
                          struct oas_spot operation, bool response);
/** The schema of a parameter or a header. */
struct oas_spot value_schema(const struct side *side, struct oas_spot object);
struct oas_spot security_schemes(const struct side *side);
/** A scheme's flow by its name in 3.x. */
struct oas_spot oauth_flow(struct oas_spot scheme, const char *name);

/** Members of an object by name, sorted; every name of both sides once. */
size_t names_of_both(struct differ *d, struct oas_spot old, struct oas_spot new,
                     const struct str **out);
/** Methods of a path item in order of their names, upper case. */
struct method {
    struct str name;
    struct oas_spot operation;
};
size_t methods_of(struct differ *d, struct oas_spot item, const struct method **out);
struct str diff_lower(struct arena *mem, struct str text);

#endif
