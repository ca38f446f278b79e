/* What the files of this folder share: the compiled form of both dialects, and values. */
#ifndef CHANCERY_JSONPATH_PATH_H
#define CHANCERY_JSONPATH_PATH_H

#include "catalog/jsonpath/jsonpath.h"

/* A path of more levels than this is a circle that the view does not know of. */
#define MOST_LEVELS 1024
/* Scratch memory is given back when a filter has left more than this. */
#define SCRATCH_BYTES ((size_t)1 << 16)

/* --- compiled form ---------------------------------------------------------------------------- */

enum selector_kind {
    SELECT_NAME,
    SELECT_INDEX,
    SELECT_ALL,
    SELECT_SLICE,
    SELECT_FILTER,
    SELECT_SCRIPT /* `(expression)`: its value is a name or an index */
};

struct selector {
    enum selector_kind kind;
    struct str name;
    bool also_index; /* an unquoted name of digits: selects the element, too */
    int64_t index;
    bool has_start, has_end;
    int64_t start, end, step;
    const struct expr *filter;
};

enum segment_kind { SEGMENT_CHILD, SEGMENT_DEEP, SEGMENT_PARENT };

struct segment {
    enum segment_kind kind;
    const struct selector *selectors;
    size_t count;
    struct str text; /* normalised: equal text selects equally */
};

struct jsonpath {
    enum jsonpath_dialect dialect;
    const struct segment *segments;
    size_t count;
    bool key; /* ends in `~` */
};

enum expr_kind {
    EXPR_LITERAL,
    EXPR_REGEX,
    EXPR_THIS,
    EXPR_ROOT,
    EXPR_PROPERTY,
    EXPR_PARENT,
    EXPR_PARENT_PROPERTY,
    EXPR_PATH,
    EXPR_MEMBER, /* a.name */
    EXPR_AT,     /* a[b] */
    EXPR_CALL,   /* a.name(args) */
    EXPR_ARRAY,  /* args */
    EXPR_TYPE,   /* @string() …: name */
    EXPR_NOT,
    EXPR_MINUS,
    EXPR_PLUS,
    EXPR_VOID,
    EXPR_TYPEOF,
    EXPR_BINARY,
    EXPR_CHOICE, /* a ? b : c */
    EXPR_QUERY,  /* strict: a query in a filter */
    EXPR_FUNCTION
};

enum operator{
    OP_OR,
    OP_AND,
    OP_EQ, /* loose in the Spectral dialect */
    OP_NE,
    OP_SAME,
    OP_DIFFERENT,
    OP_LT,
    OP_LE,
    OP_GT,
    OP_GE,
    OP_ADD,
    OP_SUB,
    OP_MUL,
    OP_DIV,
    OP_MOD,
    OP_IN,
    OP_FITS /* ~= */
};

enum value_kind {
    VALUE_UNDEFINED, /* strict: nothing */
    VALUE_NULL,
    VALUE_BOOL,
    VALUE_NUMBER,
    VALUE_STRING,
    VALUE_NODE, /* array or object of a document */
    VALUE_REGEX,
    VALUE_LIST,       /* an array literal */
    VALUE_FUNCTION,   /* a method, named but not called: only its truth matters */
    VALUE_CONSTRUCTOR /* string: its name */
};

struct value {
    enum value_kind kind;
    bool boolean;
    double number;
    struct str string;
    struct jsonpath_spot spot;
    struct regex *regex;
    const struct value *list;
    size_t count;
};

/* Functions of RFC 9535 §2.4. */
enum function { FUNCTION_LENGTH, FUNCTION_COUNT, FUNCTION_VALUE, FUNCTION_MATCH, FUNCTION_SEARCH };

struct expr {
    enum expr_kind kind;
    enum operator op;
    enum function function;
    struct value literal;
    struct str name;
    const struct expr *a, *b, *c;
    const struct expr *const *args;
    size_t arg_count;
    const struct jsonpath *query;
    bool from_root;             /* of a query */
    bool needs_object;          /* a filter that no text, number, bool or null passes */
    const struct str *required; /* … nor an object without all of these members */
    size_t required_count;
};

/* --- compiling -------------------------------------------------------------------------------- */

/** Text being read. */
struct reader {
    struct str text;
    size_t at;
    unsigned depth;
    struct arena *mem;
    struct err *err;
};

#define MOST_NESTING 64
/** Fails with the reader's column. */
#define reader_fail(r, ...) reader_fail_at((r), (r)->at, __VA_ARGS__)
bool reader_fail_at(struct reader *r, size_t at, const char *format, ...) PRINTF_LIKE(3, 4);
char reader_peek(const struct reader *r); /* 0 at the end */
bool reader_take(struct reader *r, struct str token);
void reader_blanks(struct reader *r);

bool strict_path(struct reader *r, struct jsonpath *out);
/** Segments behind `$` or `@`. */
bool strict_segments(struct reader *r, struct jsonpath *out);
bool strict_string(struct reader *r, struct str *out);
bool strict_integer(struct reader *r, int64_t *out);
bool strict_filter(struct reader *r, const struct expr **out);
bool loose_path(struct reader *r, struct jsonpath *out);
bool script_parse(struct reader *r, const struct expr **out);
/** Fills needs_object and required of a filter. */
void filter_require(struct expr *filter, struct arena *mem);

struct expr *expr_new(struct reader *r, enum expr_kind kind);

/* --- evaluating ------------------------------------------------------------------------------- */

/** Where a filter stands: the value it decides on is what path's last step shows. */
/* What all searches of one call have cost together, those of filters inside of filters included. */
struct effort {
    uint64_t left; /* visits that may still be made */
    bool cut;      /* too much: the answer is worth nothing */
};

struct scene {
    struct jsonpath_spot root;
    const struct jsonpath_view *view;
    const struct jsonpath_step *path;
    size_t depth;
    struct arena *scratch;
    struct effort *effort;
};

/** What one call may cost: a multiple of the document's size. */
struct effort effort_for(struct jsonpath_spot root);

struct jsonpath_spot view_see(const struct jsonpath_view *view, struct jsonpath_spot raw);
struct jsonpath_spot scene_value(const struct scene *scene);

struct value path_value_of(struct jsonpath_spot spot);
bool path_value_true(const struct value *value);
double path_value_number(const struct value *value);
struct str path_value_string(const struct value *value, struct arena *mem);
bool path_value_same(const struct value *a, const struct value *b);
bool path_value_equal(const struct value *a, const struct value *b);

/** Value of a script; false where JavaScript throws. */
bool script_value(const struct scene *scene, const struct expr *e, struct value *out);
bool script_method(const struct scene *scene, const struct value *object, struct str name,
                   const struct value *args, size_t count, struct value *out);
bool script_has_method(const struct value *object, struct str name);
bool strict_true(const struct scene *scene, const struct expr *e);
/** Decides a filter of either dialect. */
bool filter_true(enum jsonpath_dialect dialect, const struct scene *scene, const struct expr *e);

/** A find in progress. */
struct finder {
    const struct jsonpath *path;
    struct scene scene;
    struct jsonpath_spot start; /* where the path begins; `$` in filters is the scene's root */
    size_t tag;
    jsonpath_hit *hit;
    void *context;
    VEC(struct jsonpath_step) steps;
    struct arena *mem;
};
/** Follows the segments from number `segment` on, from where the finder's steps lead. */
void finder_run(struct finder *f, size_t segment);
/** True when the selector takes the child that the last step leads to; container is its parent. */
bool selector_takes(enum jsonpath_dialect dialect, const struct selector *s,
                    const struct scene *child, struct jsonpath_spot container);

#endif
