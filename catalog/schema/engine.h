/* What the parts of the schema engine share: sets and resources, compiled schemas, a run over one
 * instance. Only files of this folder and its tests include this. */
#ifndef CHANCERY_SCHEMA_ENGINE_H
#define CHANCERY_SCHEMA_ENGINE_H

#include "catalog/base/hash.h"
#include "catalog/schema/schema.h"

/* --- table: (owner, name) → value --------------------------------------------------------------
 */

struct table_slot {
    uint64_t hash;
    const void *owner;
    struct str name;
    void *value; /* NULL: free */
};
/** Grows in an arena. Zeroed is empty. */
struct table {
    struct table_slot *slots;
    size_t count, cap;
};
void *table_get(const struct table *table, const void *owner, struct str name);
/** Keeps the first value of a key; name is borrowed. */
void table_put(struct table *table, struct arena *mem, const void *owner, struct str name,
               void *value);

/* --- decimals ----------------------------------------------------------------------------------
 */

/** A number as it is written: ±0.d1d2d3… × 10^top. Points into the text it was read from, or into
 *  itself: never copy. */
struct decimal {
    bool negative, infinite, nan;
    const char *digits; /* from the first digit that is not 0; a point may stand among them */
    size_t count;       /* digits up to the last that is not 0; 0 is zero */
    int64_t top;
    char own[24]; /* digits of what was hexadecimal or octal */
};
void decimal_read(struct str text, struct decimal *out);
int decimal_cmp(const struct decimal *a, const struct decimal *b);
bool decimal_whole(const struct decimal *d);
/** True when a is a whole multiple of b. Costs grow with the digits of both: ask first. */
bool decimal_multiple(const struct decimal *a, const struct decimal *b);
uint64_t decimal_multiple_cost(const struct decimal *a, const struct decimal *b);
/** A whole number that is not negative, at most UINT64_MAX; false when it is none. */
MUST_USE bool decimal_count(const struct decimal *d, uint64_t *out);
uint64_t decimal_hash(const struct decimal *d);

/* --- values ------------------------------------------------------------------------------------
 */

/** One value among others, for sets of them. */
struct hashed {
    uint64_t hash;
    const struct tree_node *node;
    uint32_t position;
};
void hashed_sort(struct hashed *values, size_t count);
/** First of those with that hash, or count. Sorted by hash. */
size_t hashed_find(const struct hashed *values, size_t count, uint64_t hash);

/* --- keywords ----------------------------------------------------------------------------------
 */

enum {
    VOCABULARY_CORE = 1 << 0,
    VOCABULARY_APPLICATOR = 1 << 1,
    VOCABULARY_UNEVALUATED = 1 << 2,
    VOCABULARY_VALIDATION = 1 << 3,
    VOCABULARY_FORMAT = 1 << 4,
    VOCABULARY_CONTENT = 1 << 5,
    VOCABULARY_ALL = (1 << 6) - 1,
    VOCABULARY_ASSERT_FORMAT = 1 << 6 /* of FORMAT: it decides */
};

/** Where the subschemas of a keyword stand. */
enum shape {
    SHAPE_NONE,
    SHAPE_SCHEMA,         /* it is one */
    SHAPE_LIST,           /* its elements are */
    SHAPE_MAP,            /* its members are */
    SHAPE_SCHEMA_OR_LIST, /* items before 2020-12 */
};

struct run;
struct frame;
struct rule;
struct compiler;

/** One row of the table of keywords; rows stand in the order in which they are checked. */
struct keyword {
    const char *name;
    unsigned dialects;   /* bits by enum schema_dialect */
    unsigned vocabulary; /* of 2019-09 and later */
    unsigned kinds;      /* bits by enum tree_kind: instances it looks at; 0: none */
    enum shape shape;
    /** Prepares the rule; false when the value is of no use, with a fault noted. */
    bool (*compile)(struct compiler *c, struct rule *rule);
    bool (*check)(struct run *run, const struct frame *frame, const struct rule *rule);
};
extern const struct keyword keywords[];
size_t keyword_count(void);
/** NULL when the dialect has no such keyword (subschemas or checks). */
const struct keyword *keyword_named(struct str name, enum schema_dialect dialect);

/* --- sets --------------------------------------------------------------------------------------
 */

struct document;

/** A schema with a URI of its own, or a document's root. */
struct resource {
    struct str uri; /* absolute, without fragment; "" when it has none */
    const struct document *document;
    const struct tree_node *root;
    enum schema_dialect dialect;
    unsigned vocabularies;
};

struct document {
    const struct tree *doc;
    enum schema_holds holds;
    VEC(struct resource *) resources; /* the root's first */
    uint32_t *owners;                 /* by node number: its resource; NULL while there is one */
};

struct anchor {
    const struct tree_node *node;
    bool dynamic;
};

struct schema {
    const struct resource *resource;
    const struct tree_node *node;
    bool ready;
    bool unevaluated; /* has a keyword that needs to know what others have looked at */
    bool nothing;     /* `false` */
    const struct rule *rules;
    size_t rule_count;
};

struct schema_set {
    struct arena *mem;
    struct schema_settings settings;
    struct table documents; /* by tree */
    struct table resources; /* by URI */
    struct table anchors;   /* by resource and name */
    struct table schemas;   /* by node */
    struct document *builtin;
    unsigned meta_depth; /* meta-schemas being looked up */
    VEC(struct schema_fault) faults;
    struct table faulty; /* nodes with a fault */
};

const struct document *set_document(const struct schema_set *set, const struct tree *doc);
const struct resource *set_resource_of(const struct document *document,
                                       const struct tree_node *node);
/** The resource at an absolute URI, loaded when need be; NULL when there is none. */
const struct resource *set_find(struct schema_set *set, struct str uri, enum schema_holds holds);
struct schema *set_schema(struct schema_set *set, const struct document *document,
                          const struct tree_node *node);
/** What a reference leads to, seen from a resource; NULL when nowhere. *anchor (may be NULL) is the
 *  anchor that was named, or NULL. */
struct schema *set_follow(struct schema_set *set, const struct resource *from, struct str reference,
                          const struct anchor **anchor);
const struct anchor *set_anchor(const struct schema_set *set, const struct resource *resource,
                                struct str name);
void set_fault(struct schema_set *set, const struct resource *resource,
               const struct tree_node *node, const char *keyword, const char *format, ...)
    PRINTF_LIKE(5, 6);
/** scan.c: finds the resources and anchors of a document. */
void scan_document(struct schema_set *set, struct document *document, struct str uri);
/** dialect.c: what the `$schema` of a resource's root makes of it. */
void dialect_decide(struct schema_set *set, struct resource *resource,
                    const struct resource *outer);
/** meta.c: the meta-schemas, one member each. */
struct str meta_schemas(void);

/* --- compiled ----------------------------------------------------------------------------------
 */

struct named_schema {
    struct str name;
    struct schema *schema;         /* or NULL: */
    const struct tree_node *names; /* dependencies: list of required names */
    struct regex *regex;           /* patternProperties */
};

/** One keyword of one schema, prepared. */
struct rule {
    const struct keyword *keyword;
    const struct tree_node *value;
    union {
        struct schema *one;
        struct {
            struct schema **ptr;
            size_t len;
            struct schema *rest; /* additionalItems, items behind prefixItems */
        } list;
        struct {
            struct named_schema *ptr;
            size_t len;
        } named;
        struct {
            struct schema *condition, *then, *otherwise;
        } branch;
        struct {
            struct schema *schema;
            uint64_t least, most;
            bool marks; /* 2020-12: what it contains counts as looked at */
        } contains;
        struct {
            struct schema *target;
            struct str dynamic; /* anchor to look for in the dynamic scope; absent: none */
        } ref;
        struct {
            struct hashed *ptr;
            size_t len;
        } values;
        struct {
            struct decimal *limit;
            bool exclusive;
        } number;
        struct {
            const struct tree_node *properties;
            const struct rule *patterns;
            struct schema *schema;
        } additional;
        uint64_t limit;
        unsigned kinds; /* type: bits by enum tree_kind, KIND_WHOLE */
        struct regex *regex;
        const struct format *format;
    };
};
#define KIND_WHOLE (1U << (TREE_OBJECT + 1))

struct compiler {
    struct schema_set *set;
    struct schema *schema;
    const struct tree *doc;
    const struct rule *rules; /* those of earlier rows */
    size_t rule_count;
};
void schema_prepare(struct schema_set *set, struct schema *schema);
/** The prepared rule of a keyword among those of earlier rows, or NULL. */
const struct rule *compiler_rule(const struct compiler *c, const char *keyword);
/** Notes that the keyword's value is of no use; returns false. */
bool compiler_fault(struct compiler *c, const struct rule *rule, const char *what);
struct schema *compiler_sub(struct compiler *c, const struct tree_node *node);

/* --- runs --------------------------------------------------------------------------------------
 */

/** What a schema is applied to: a value, or the name of a member. */
struct value {
    const struct tree_node *node; /* the value; of a name, its member */
    struct str name;              /* absent for values */
};

/** One schema applied to one value. */
struct frame {
    const struct frame *up;
    const struct schema *schema;
    struct value value;
    size_t marks; /* where this frame's marks begin */
    bool collect; /* somebody asks later what was looked at */
    bool failed;  /* a rule has failed already */
};

struct held_error {
    struct schema_error error;
    size_t path; /* where its path begins */
};

struct run {
    struct schema_set *set;
    struct schema_options options;
    const struct tree *doc;
    struct arena scratch;
    VEC(struct held_error) errors;
    VEC(const struct tree_node *) paths; /* of the errors */
    VEC(const struct tree_node *) path;  /* to the value at hand */
    VEC(uint32_t) marks;                 /* members looked at, by number */
    VEC(const struct resource *) scope;  /* dynamic scope, outermost first */
    uint64_t steps;
    uint32_t depth, level;
    unsigned quiet; /* errors are not wanted */
    bool gave_up, more;
};
#define MARK_ALL UINT32_MAX

bool run_apply(struct run *run, const struct frame *up, struct schema *schema, struct value value,
               bool collect);
/** Applies to a member or element, and marks it. */
bool run_child(struct run *run, const struct frame *frame, struct schema *schema,
               const struct tree_node *member);
/** In place: same value, what it looks at counts for the frame. */
bool run_inner(struct run *run, const struct frame *frame, struct schema *schema);
/** In place and quietly: nothing is told. */
bool run_tries(struct run *run, const struct frame *frame, struct schema *schema, bool collect);
void run_mark(struct run *run, const struct frame *frame, uint32_t number);
/** Takes steps; false once there are none left. */
bool run_spend(struct run *run, uint64_t steps);
/** One more failure need not be looked for. */
bool run_stops(const struct run *run);
/** Notes an error, filled by the caller but for what frame and rule say; returns false. */
bool run_fails(struct run *run, const struct frame *frame, const struct rule *rule,
               struct schema_error error);
enum tree_kind value_kind(const struct value *value);
struct str value_text(const struct run *run, const struct value *value);

/* Prepare and check, a pair for each row of the table. */
#define KEYWORD_PAIR(name)                                      \
    bool compile_##name(struct compiler *c, struct rule *rule); \
    bool check_##name(struct run *run, const struct frame *frame, const struct rule *rule)
KEYWORD_PAIR(ref);
KEYWORD_PAIR(dynamic_ref);
KEYWORD_PAIR(recursive_ref);
KEYWORD_PAIR(type);
KEYWORD_PAIR(maximum);
KEYWORD_PAIR(minimum);
KEYWORD_PAIR(exclusive_maximum);
KEYWORD_PAIR(exclusive_minimum);
KEYWORD_PAIR(multiple_of);
KEYWORD_PAIR(pattern);
KEYWORD_PAIR(format);
KEYWORD_PAIR(const);
KEYWORD_PAIR(enum);
KEYWORD_PAIR(not );
KEYWORD_PAIR(any_of);
KEYWORD_PAIR(one_of);
KEYWORD_PAIR(all_of);
KEYWORD_PAIR(if);
KEYWORD_PAIR(unique_items);
KEYWORD_PAIR(prefix_items);
KEYWORD_PAIR(items);
KEYWORD_PAIR(additional_items);
KEYWORD_PAIR(contains);
KEYWORD_PAIR(required);
KEYWORD_PAIR(dependent_required);
KEYWORD_PAIR(property_names);
KEYWORD_PAIR(properties);
KEYWORD_PAIR(pattern_properties);
KEYWORD_PAIR(additional_properties);
KEYWORD_PAIR(dependencies);
KEYWORD_PAIR(dependent_schemas);
KEYWORD_PAIR(unevaluated_items);
KEYWORD_PAIR(unevaluated_properties);
#undef KEYWORD_PAIR

/* What several keywords share. */
bool compile_count(struct compiler *c, struct rule *rule);
bool check_max_length(struct run *run, const struct frame *frame, const struct rule *rule);
bool check_min_length(struct run *run, const struct frame *frame, const struct rule *rule);
bool compile_list(struct compiler *c, struct rule *rule);
bool compile_one(struct compiler *c, struct rule *rule);
/** NULL, and a fault at the node, when the pattern is none. */
struct regex *compile_regex(struct compiler *c, const struct tree_node *at, struct str pattern,
                            const char *keyword);
bool check_at_most(struct run *run, const struct frame *frame, const struct rule *rule);
bool check_at_least(struct run *run, const struct frame *frame, const struct rule *rule);
bool run_matches(struct run *run, struct regex *regex, struct str text);

/** Numbers of the members that a frame's schema has looked at, sorted. */
struct marked {
    uint32_t *numbers;
    size_t count;
};
/** True when all have been; else fills out. */
bool marked_all(const struct run *run, const struct frame *frame, struct arena *mem,
                struct marked *out);
bool marked_has(const struct marked *seen, uint32_t number);

/** A row of the table of formats. */
struct format {
    const char *name;
    enum tree_kind kind; /* of values it judges */
    bool (*holds)(struct str text);
};
/** NULL when the name is unknown. */
const struct format *format_named(struct str name);

/* Of several files, by their names in the table. */
bool holds_uri(struct str text);
bool holds_uri_reference(struct str text);
bool holds_iri(struct str text);
bool holds_iri_reference(struct str text);
bool holds_uri_template(struct str text);
bool holds_hostname(struct str text);
bool holds_idn_hostname(struct str text);
bool holds_ipv4(struct str text);
bool holds_ipv6(struct str text);
bool holds_email(struct str text);
bool holds_idn_email(struct str text);
bool holds_date(struct str text);
bool holds_time(struct str text);
bool holds_date_time(struct str text);
bool holds_duration(struct str text);

#endif
