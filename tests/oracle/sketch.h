/* Small random schemas that can be changed in one place. */
#ifndef CHANCERY_TESTS_ORACLE_SKETCH_H
#define CHANCERY_TESTS_ORACLE_SKETCH_H

#include "catalog/base/base.h"

/* The same on every machine. */
struct dice {
    uint64_t state;
};
/** A number below `below`. */
uint32_t dice_roll(struct dice *d, uint32_t below);

enum sketch_type { IS_NULL, IS_BOOLEAN, IS_INTEGER, IS_NUMBER, IS_STRING, IS_ARRAY, IS_OBJECT };
#define TYPE_BIT(type) (1U << (type))
extern const char *const sketch_type_names[];

/* Keywords with a small whole number. */
enum limit {
    MINIMUM,
    MAXIMUM,
    EXCLUSIVE_MINIMUM,
    EXCLUSIVE_MAXIMUM,
    MULTIPLE_OF,
    MIN_LENGTH,
    MAX_LENGTH,
    MIN_ITEMS,
    MAX_ITEMS,
    MIN_PROPERTIES,
    MAX_PROPERTIES,
    LIMIT_COUNT
};
#define NO_LIMIT (-100)

enum join { JOIN_NONE, JOIN_ONE_OF, JOIN_ANY_OF, JOIN_ALL_OF };
enum additional { ADDITIONAL_ABSENT, ADDITIONAL_FALSE, ADDITIONAL_SCHEMA };

#define MEMBERS      3 /* properties a, b, c */
#define BRANCHES     3
#define NAMED_MOST   16
#define ENUM_VALUES  4 /* 0 to 3, or "a" "b" "ab" "abc" */
#define ENUM_MAXIMUM ((1U << ENUM_VALUES) - 1)

struct sketch {
    unsigned types; /* TYPE_BIT()s; 0: any */
    int limits[LIMIT_COUNT];
    unsigned values; /* enum: one bit each; 0: none */
    bool of_text;    /* the values are texts */
    bool apart;      /* a branch: its type is, and stays, no other branch's */
    bool unique;
    bool annotated; /* has a title and a description */
    bool named;     /* written as a component and referred to */
    bool backwards; /* lists and members are written in reverse */
    const char *pattern;
    struct sketch *items;
    struct sketch *members[MEMBERS];
    bool required[MEMBERS];
    enum additional additional;
    struct sketch *additional_schema;
    enum join join;
    struct sketch *branches[BRANCHES];
};

struct sketch *sketch_new(struct arena *mem, unsigned types);
/** A random schema whose keywords all matter. depth: levels below. */
struct sketch *sketch_random(struct dice *d, struct arena *mem, unsigned depth);
struct sketch *sketch_copy(const struct sketch *s, struct arena *mem);
/** Writes a document whose POST /in takes the schema and whose GET /out gives it. */
void sketch_write(const struct sketch *s, struct buf *out);

/* --- changes ---------------------------------------------------------------------------------- */

/** The schemas at and below one, itself first; at most `most`. */
size_t sketch_list(struct sketch *s, struct sketch **out, size_t most);
size_t change_count(void);
/** Makes the change in one schema; false when it cannot be made there. */
bool change_make(size_t change, struct sketch *s, struct dice *d, struct arena *mem);
struct str change_name(size_t change, struct arena *mem);
/** True when the change says the same in other words. */
bool change_is_neutral(size_t change);

#endif
