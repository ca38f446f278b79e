/* What the parts of making share. Only files of this folder include this. */
#ifndef CHANCERY_EXAMPLE_MAKER_H
#define CHANCERY_EXAMPLE_MAKER_H

#include "catalog/example/example.h"

struct example_maker {
    struct oas_files *files;
    struct schema_set *set;
    enum oas_version version;
    bool reference_alone; /* before 3.1: what stands beside a $ref says nothing */
};

/* Why the value at hand could not be made. */
struct trouble {
    struct str pointer, reason; /* reason absent: none */
};

/* One call of example_make. */
struct making {
    struct example_maker *maker;
    struct example_options options;
    struct arena *mem;
    unsigned steps;                     /* values that may still be begun */
    uint64_t work;                      /* steps of judging that may still be taken */
    unsigned depth;                     /* values around the one at hand */
    unsigned repeats;                   /* how often a schema may be open at once */
    VEC(const struct tree_node *) open; /* schemas of the values around the one at hand */
    VEC(struct str) path;               /* names and positions down to it */
    struct trouble trouble;
};

/* What a value is asked to be: valid by every one of these schemas. */
struct need {
    const struct oas_spot *schemas;
    size_t count;
    struct str hint;  /* a JSON text to be tried first: a discriminator's */
    unsigned ordinal; /* which of the possible values: elements of a set differ by it */
};

/* A property that tells which branch was taken. */
struct tag {
    struct str property, json;
};

#define KIND_BIT(kind) (1U << (kind))
#define KINDS_ALL      (KIND_BIT(TREE_OBJECT + 1) - 1)

/* All schemas that apply to one value, with one branch chosen of each choice among them. */
struct group {
    VEC(struct oas_spot) parts;
    VEC(struct tag) tags;
    unsigned choice;  /* which combination of branches; 0 once all have been chosen */
    unsigned choices; /* how many combinations there are along this one */
    unsigned depth;
    bool nothing; /* some schema is false */
    bool circle;  /* some schema is open too often */
    bool broken;  /* some reference leads nowhere */
};

/* A value's candidates as they are tried. */
struct tries {
    const struct need *need;
    unsigned skip;  /* valid ones to be passed over */
    struct str out; /* the one to take, or the last one passed over */
};

/** Tries a JSON text; true when it is the one to take. */
bool offer(struct making *m, struct tries *tries, struct str json);
/** Makes a value; a failure's reason is in m->trouble. */
MUST_USE bool make_value(struct making *m, const struct need *need, struct str *out);
/** Notes why; returns false. */
bool no_value(struct making *m, const char *format, ...) PRINTF_LIKE(2, 3);

/* group.c */
void group_add(struct making *m, struct group *g, struct oas_spot schema);
/** The keyword of a part, NULL when it has none. */
const struct tree_node *part_get(const struct group *g, size_t part, const char *keyword);
/** Bits by enum tree_kind that all parts allow; *whole: numbers without a fraction only. */
unsigned group_kinds(const struct group *g, bool *whole);
/** The largest (or smallest) count that a keyword of the parts asks for, else `otherwise`. */
uint64_t group_count(const struct group *g, const char *keyword, bool largest, uint64_t otherwise);
/** True when some part has the keyword as true. */
bool group_true(const struct group *g, const char *keyword);
/** The schema at the end of a chain of references; node NULL when it leads nowhere. */
struct oas_spot schema_behind(struct making *m, struct oas_spot schema);

/* One kind of value each: true when a candidate was taken. */
bool make_object(struct making *m, struct tries *tries, const struct group *g);
bool make_array(struct making *m, struct tries *tries, const struct group *g);
bool make_text(struct making *m, struct tries *tries, const struct group *g);
bool make_number(struct making *m, struct tries *tries, const struct group *g, bool whole);
/** Those that the document gives: hint, example, examples, default, const, enum. */
bool make_given(struct making *m, struct tries *tries, const struct group *g);

/** pattern.c: writes a text for an ECMA-262 pattern. variation: which branches and how often things
 *  repeat, from 0; fill: characters that repeats should add. False when the pattern has a form that
 *  is not understood. That the text matches is for the caller to see. */
MUST_USE bool pattern_text(struct str pattern, unsigned variation, size_t fill, struct buf *out);
#define PATTERN_VARIATIONS 8

struct str json_text(struct arena *mem, struct str text);

#endif
