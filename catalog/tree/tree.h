/* JSON and YAML text as one tree of nodes with source offsets. Reading never follows references and
 * never copies what the source already holds. Pure: no files, no network. */
#ifndef CHANCERY_TREE_H
#define CHANCERY_TREE_H

#include "catalog/base/base.h"

enum tree_kind { TREE_NULL, TREE_BOOL, TREE_NUMBER, TREE_STRING, TREE_ARRAY, TREE_OBJECT };

/** One value, 32 bytes; a document is one array of them in document order. Offsets are into
 *  tree_source(). Use the tree_* functions, not the members. */
struct tree_node {
    uint32_t key;   /* node number of the member's name, 0 for elements and the root */
    uint32_t next;  /* number of the next sibling, 0 at the end */
    uint32_t child; /* number of the first member or element; for text: offset of its bytes in the
                       source, or in the text pool when it had escapes or folds */
    uint32_t size;  /* members, elements, or bytes of text */
    uint32_t start, end; /* source offsets of the value, end exclusive */
    uint32_t index;      /* wide containers: where their table of members begins, plus 1 */
    uint8_t kind;        /* enum tree_kind */
    uint8_t flags;
};

struct tree_limits {
    size_t bytes;         /* default 64 MiB */
    uint32_t depth;       /* default 256 */
    uint32_t nodes;       /* default 4,000,000 */
    uint32_t alias_nodes; /* nodes that YAML aliases and merge keys may add, default 1,000,000;
                             each 64 bytes of a text count as one more */
};
extern const struct tree_limits tree_limits_default;

enum severity { SEVERITY_ERROR, SEVERITY_WARN, SEVERITY_INFO, SEVERITY_HINT };

/** One row of a folder's table of findings. */
struct finding_kind {
    const char *code; /* stable: "duplicate-key" … */
    enum severity severity;
};

/** Something a reader should know: a duplicate key, an unknown version … */
struct finding {
    const char *code;
    enum severity severity;
    struct str message;
    struct str pointer; /* JSON Pointer (RFC 6901) into the document */
    uint32_t offset;    /* source offset */
};

struct tree; /* opaque; lives in the arena it was read into */

/** Reads one document. Refuses only bytes that cannot be read at all: err.where is "line L column
 * C" (from 1; columns count UTF-16 code units), ERR_INVALID for syntax, ERR_LIMIT for a budget.
 * Repairable oddities (BOM, UTF-16, CRLF) are accepted; duplicate keys become findings, first key
 * wins. Text that begins with { or [ is read as JSON, and as flow-style YAML (with a finding) only
 * where JSON fails outside of a string. limits may be NULL. The source bytes and the arena must
 * outlive the document, and the arena must not move. A tree walked by recursion never gets deeper
 * than limits.depth and never visits more than nodes + alias_nodes values. */
MUST_USE bool tree_read(struct str bytes, const struct tree_limits *limits, struct arena *mem,
                        struct tree **out, struct err *err);

/** The text that offsets refer to: UTF-8, without a byte order mark. */
struct str tree_source(const struct tree *doc);

/** The root value; NULL members and indices are answered with NULL by all of these. */
const struct tree_node *tree_root(const struct tree *doc);
enum tree_kind tree_kind_of(const struct tree_node *node); /* TREE_NULL for NULL */
const struct tree_node *tree_get(const struct tree *doc, const struct tree_node *object,
                                 struct str name);
const struct tree_node *tree_first(const struct tree *doc, const struct tree_node *container);
const struct tree_node *tree_next(const struct tree *doc, const struct tree_node *node);
/** The element at an index, a token as JSON Pointers have it (RFC 6901 §4); NULL for what is no
 * array. */
const struct tree_node *tree_element(const struct tree *doc, const struct tree_node *array,
                                     struct str token);
struct str tree_key(const struct tree *doc, const struct tree_node *member);
/** The node of the member's name: its offsets, and its kind as YAML sees it (`200:` is a number).
 *  NULL for elements and the root. */
const struct tree_node *tree_key_node(const struct tree *doc, const struct tree_node *member);
/** Text of a string; of a number or bool its source text (numbers stay text); STR_NONE else. */
struct str tree_text(const struct tree *doc, const struct tree_node *node);
bool tree_true(const struct tree *doc, const struct tree_node *node);
/** NaN for what is no number. Of a number's text, 63 bytes count. */
double tree_double(const struct tree *doc, const struct tree_node *node);
/** The value at a JSON Pointer, or NULL. */
const struct tree_node *tree_at(const struct tree *doc, struct str pointer);
/** The same from another value than the root. */
const struct tree_node *tree_below(const struct tree *doc, const struct tree_node *base,
                                   struct str pointer);

struct tree_place {
    uint32_t line, column; /* from 1; columns count UTF-16 code units */
};
struct tree_place tree_place_of(const struct tree *doc, uint32_t offset);
/** "line L column C", as err.where has it. */
struct tree_where {
    char text[48];
};
const char *tree_where_of(const struct tree *doc, uint32_t offset, struct tree_where *out);
/** fail() with the place of that offset. */
#define tree_fail(err, code, doc, offset, ...) \
    fail((err), (code), tree_where_of((doc), (offset), &(struct tree_where){{0}}), __VA_ARGS__)

/** Numbers of nodes, for tables beside the tree: the root is 0, all are below the count. A value
 *  that a YAML alias repeats has a number of its own; its members are shared. */
uint32_t tree_number(const struct tree *doc, const struct tree_node *node);
uint32_t tree_count(const struct tree *doc);
const struct tree_node *tree_numbered(const struct tree *doc, uint32_t number);

/** Writes "/" and the name, escaped (RFC 6901 §3). */
void pointer_add(struct buf *out, struct str name);

/* --- writing ---------------------------------------------------------------------------------- */

enum tree_format { TREE_JSON, TREE_YAML };
/** What the document's text looks like. */
enum tree_format tree_format_of(const struct tree *doc);

#define TREE_WRITER_DEEPEST 1024
/** Writes values as people commit them: JSON with two blanks a level, or YAML in block style, where
 *  text has quotes only when YAML 1.2's core schema, or a reader of YAML 1.1, would else take it
 * for something else. What is nested deeper than TREE_WRITER_DEEPEST makes out fail. A key without
 * a value, or the reverse, is a programming mistake and asserts. */
struct tree_writer {
    struct buf *out;
    enum tree_format format;
    unsigned depth;
    bool after_key;
    uint8_t levels[TREE_WRITER_DEEPEST]; /* what is open: see write.c */
};
void tree_put_open(struct tree_writer *w, bool object);
void tree_put_key(struct tree_writer *w, struct str name);
/** Null, a bool or a number by its source text, or a string. A number that JSON cannot say (.inf,
 *  more than 64 bits of hexadecimal) is written to JSON as a string. */
void tree_put_scalar(struct tree_writer *w, enum tree_kind kind, struct str text);
void tree_put_close(struct tree_writer *w);
/** Ends the last line; nothing may be open. */
void tree_put_end(struct tree_writer *w);
/** A value of a document, YAML's aliases followed; read back it is the same value. */
void tree_write(struct tree_writer *w, const struct tree *doc, const struct tree_node *node);

/* --- findings --------------------------------------------------------------------------------- */

const struct finding *tree_findings(const struct tree *doc, size_t *count);
/** Adds a finding; past a fixed number only the fact that there are more. pointer must live in the
 *  document's arena. */
void tree_note(struct tree *doc, const struct finding_kind *kind, struct str pointer,
               uint32_t offset, const char *format, ...) PRINTF_LIKE(5, 6);
/** True when further findings would be dropped: spares making their pointers. */
bool tree_notes_full(const struct tree *doc);
/** Findings of reading itself; those of later passes stand behind them. */
size_t tree_notes_of_reading(const struct tree *doc);
/** Drops what later passes have found, so that they can run again. */
void tree_notes_reset(struct tree *doc);
/** The document's arena, where pointers of findings live. */
struct arena *tree_arena(const struct tree *doc);

#endif
