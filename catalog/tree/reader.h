/* What the readers share: the source text, the document's insides and the builder that fills them.
 * Only files of this folder and its tests include this. */
#ifndef CHANCERY_TREE_READER_H
#define CHANCERY_TREE_READER_H

#include "catalog/tree/tree.h"

enum node_flag {
    NODE_POOLED = 1 << 0,    /* text lies in the pool, not in the source */
    NODE_MERGE_KEY = 1 << 1, /* a plain `<<` */
    NODE_MERGED = 1 << 2,    /* came in through a merge key: loses silently to an equal name */
    NODE_DUPLICATE = 1 << 3, /* to be unlinked when its object closes */
};

/* Codes of findings, here once: stable name and severity. */
#define FINDING_CODES(X)                                       \
    X(FINDING_DUPLICATE_KEY, "duplicate-key", SEVERITY_ERROR)  \
    X(FINDING_COMPLEX_KEY, "complex-key", SEVERITY_ERROR)      \
    X(FINDING_MERGE_VALUE, "merge-value", SEVERITY_ERROR)      \
    X(FINDING_UNKNOWN_TAG, "unknown-tag", SEVERITY_WARN)       \
    X(FINDING_TAG_MISMATCH, "tag-mismatch", SEVERITY_WARN)     \
    X(FINDING_LONE_SURROGATE, "lone-surrogate", SEVERITY_WARN) \
    X(FINDING_NOT_JSON, "not-json", SEVERITY_INFO)             \
    X(FINDING_TOO_MANY, "more-findings", SEVERITY_INFO)

#define FINDING_ENUM(name, text, severity) name,
enum finding_code { FINDING_CODES(FINDING_ENUM) FINDING_CODE_COUNT };
#undef FINDING_ENUM
/** By enum finding_code. */
extern const struct finding_kind finding_kinds[];

/* --- source ----------------------------------------------------------------------------------- */

/** Lines and columns up to a block's first byte, so that a place costs one block, also in a line of
 *  13 MB. */
struct checkpoint {
    uint32_t units;      /* UTF-16 code units before */
    uint32_t line;       /* line breaks before */
    uint32_t line_units; /* units before the line's first character */
};

struct source {
    struct str text; /* UTF-8 without byte order mark */
    const struct checkpoint *checkpoints;
};

/** Decides the encoding, converts to UTF-8 where needed, refuses bad UTF-8, NUL and too many
 *  bytes. */
MUST_USE bool source_open(struct str bytes, const struct tree_limits *limits, struct arena *mem,
                          struct source *out, struct err *err);
/** Writes a character's UTF-8 form, at most 4 bytes; returns their number. */
size_t utf8_put(char *to, uint32_t c);
struct tree_place source_place(const struct source *source, uint32_t offset);
/** fail() with the place of that offset. */
#define fail_in(err, code, source, offset, ...) \
    fail((err), (code), source_where((source), (offset), &(struct tree_where){{0}}), __VA_ARGS__)
const char *source_where(const struct source *source, uint32_t offset, struct tree_where *out);

/* --- document --------------------------------------------------------------------------------- */

/** Members of what is too wide to search in order: an object's sorted by hash of the name, an
 *  array's elements as they stand. */
struct index_entry {
    uint32_t hash, node;
};

struct tree {
    struct source source;
    struct arena *mem;
    const struct tree_node *nodes;
    uint32_t count;
    struct str pool;
    const struct index_entry *index;
    VEC(struct finding) findings;
    size_t read_findings; /* those of reading; summarising again starts behind them */
};

uint32_t key_hash(struct str key);
/* --- builder ---------------------------------------------------------------------------------- */

struct anchor;

/** One open container. */
struct frame {
    uint32_t node;
    uint32_t last; /* last member so far, 0 none */
    uint32_t key;  /* name waiting for its value, 0 none */
    uint32_t count;
    uint32_t weight, height; /* values below, aliases followed; levels below */
    struct anchor *anchor;   /* YAML: the anchor being defined, or NULL */
    bool object;
    bool is_key;     /* YAML: stands where a name belongs */
    bool has_merges; /* YAML: a `<<` is among the members */
};

/** Size of a value with aliases followed; kept for YAML only. */
struct extent {
    uint32_t weight, height;
};

struct builder {
    struct tree *doc;
    const struct tree_limits *limits;
    struct err *err;
    struct buf nodes, pool, index; /* grow on the heap, move into the arena when complete */
    struct buf frames, extents, sorting;
    bool keep_extents;
    uint32_t alias_nodes; /* so far */
};

/** A scalar's text: a slice of the source, or bytes for the pool when from_pool. */
struct scalar {
    enum tree_kind kind;
    uint32_t start, end; /* of the token */
    struct str text;
    bool pooled; /* text is not in the source: copy it */
};

void builder_init(struct builder *b, struct tree *doc, const struct tree_limits *limits,
                  bool keep_extents, struct err *err);
void builder_clear(struct builder *b);
uint32_t builder_count(const struct builder *b); /* nodes so far */
struct tree_node *builder_node(const struct builder *b, uint32_t number);
struct str builder_text(const struct builder *b, uint32_t number);
struct frame *builder_top(const struct builder *b); /* while something is open */
size_t builder_depth(const struct builder *b);
/** Adds a scalar as the pending name (where one is due) or as value. *number may be NULL. */
MUST_USE bool builder_scalar(struct builder *b, const struct scalar *scalar, uint32_t *number);
/** Opens an array or object. */
MUST_USE bool builder_open(struct builder *b, bool object, uint32_t start);
/** Closes it: duplicate names are found, merge keys followed, wide objects indexed. */
MUST_USE bool builder_close(struct builder *b, uint32_t end);
/** Adds a value that shares the contents of an earlier, closed one. */
MUST_USE bool builder_alias(struct builder *b, uint32_t target, uint32_t start, uint32_t end);
/** JSON Pointer of the open container, plus the name when one is given. */
struct str builder_pointer(const struct builder *b, struct str name);
/** JSON Pointer of the value that is added next. */
struct str builder_here(const struct builder *b);
/** Moves all into the document's arena. */
void builder_finish(struct builder *b);

/** members.c: called while the object's frame is still open. */
MUST_USE bool members_merge(struct builder *b);
void members_settle(struct builder *b);
/** build.c, for members.c: copies a node that shares its contents; charges the alias budget. */
MUST_USE bool builder_share(struct builder *b, uint32_t target, uint32_t offset, uint32_t *number);
void builder_append(struct builder *b, uint32_t number);
/** Adds a closed member's size to that of the container it stands in. */
void builder_weigh(struct builder *b, uint32_t number);

/* --- readers ---------------------------------------------------------------------------------- */

/** Strict RFC 8259. *bad (may be NULL) is set on ERR_INVALID: where, and whether the fault lies
 *  outside of a string, so that another syntax could read it. */
struct json_fault {
    uint32_t offset;
    bool outside_string;
};
MUST_USE bool json_scan(struct builder *b, struct json_fault *bad);
/** YAML 1.2 core schema over libyaml's events; one document. */
MUST_USE bool yaml_scan(struct builder *b);

/** What a plain scalar means in the core schema (YAML 1.2.2 §10.3.2). */
enum tree_kind scalar_kind(struct str text);
enum tag_verdict { TAG_FITS, TAG_MISMATCH, TAG_UNKNOWN };
/** What an explicit tag makes of a scalar (kind: that of its text) or container (its own). */
enum tag_verdict tag_apply(struct str tag, enum tree_kind *kind);

/* --- writers ---------------------------------------------------------------------------------- */

/** A string in the style that suits it, as a value at that depth of open containers. */
void yaml_put_text(struct buf *out, struct str text, unsigned depth);
/** A member's name, without the colon; true when that belongs on a line of its own. */
bool yaml_put_name(struct buf *out, struct str name);
/** A number of YAML's core schema as JSON has it; false when JSON cannot say it. */
MUST_USE bool json_put_number(struct buf *out, struct str text);

#endif
