/* A document, or a part of it, that is to be written as one file: which values are left out, which
 * stand elsewhere, and how references name them then. The trees stay as they are; what changes is
 * noted beside them, by node. Only files of this folder include this. */
#ifndef CHANCERY_OPENAPI_EXCERPT_H
#define CHANCERY_OPENAPI_EXCERPT_H

#include "catalog/base/hash.h"
#include "grammar.h"
#include "reference.h"

enum fate {
    FATE_KEPT,
    FATE_CHOSEN,  /* kept, and asked for */
    FATE_DROPPED, /* not written where it stands */
    FATE_PRUNED,  /* not written when all below it is gone */
    FATE_TEXT,    /* another text stands here */
    FATE_PLACE,   /* its $ref gives way to the members of what that leads to */
};

struct edit {
    enum fate fate;
    struct str text;
    struct oas_spot with;
};

/** A file; arrays are by node number. */
struct sheet {
    const struct tree *doc;
    uint64_t *kinds;   /* as what it has been walked: a bit for each kind */
    uint32_t *edits;   /* number of its edit plus 1 */
    uint32_t *targets; /* number of the target that it is, plus 1 */
    uint32_t *parents; /* number of the container plus 1 */
    uint32_t *indexes; /* in its array, of what is written there, plus 1; made when asked for */
};

/** A value that something leads to. */
struct target {
    struct oas_spot at;
    enum kind kind;       /* as what it was reached first: the section it may go to */
    uint32_t last_walk;   /* number plus 1 */
    bool referred;        /* by a reference, so it needs a place */
    struct oas_spot home; /* it is written in place of this; node NULL: it is not */
    struct str name;      /* of the component that it becomes; absent: it does not */
};

/** A target is walked as all that it is used as. */
struct walk {
    struct oas_spot at;
    enum kind kind;
    const struct field *field; /* for what is no object: as the value of this field */
    uint32_t before;           /* another of the same target: number plus 1 */
};

/** A text that names a value. */
struct use {
    struct oas_spot text, to;
    bool local;    /* inside the root document: stays as it is while it leads there */
    bool optional; /* stays as it is when the value is not written */
};

/** A place for components: of schemas, of parameters … */
struct section {
    const struct field *field;
    struct oas_spot map;   /* node NULL: not there yet */
    VEC(uint32_t) added;   /* numbers of targets */
    struct text_set taken; /* names of what stands there and was added, once something is */
    struct text_set bases; /* names that were taken, with the number that comes next: */
    VEC(unsigned) next;
};
#define SECTIONS_MOST 16

/** The names by which values can be referred to that are written, and which of them twice. */
struct said {
    struct text_set names;
    VEC(bool) again; /* by place in names */
};

struct selection;

struct excerpt {
    struct oas_files *files;
    struct arena *mem;
    struct err *err;
    bool failed;
    enum oas_version version;
    unsigned version_bit;
    struct oas_spot root;
    struct oas_spot components; /* what has the sections: the root in 2.0; node NULL: not there */
    struct section sections[SECTIONS_MOST];
    size_t section_count;
    struct selection *only; /* of a slice; NULL: everything */
    VEC(struct sheet *) sheets;
    struct sheet *last_sheet; /* that was asked for */
    VEC(struct edit) edits;
    VEC(struct target) targets;
    VEC(struct walk) walks;
    VEC(struct use) uses;
    struct said anchors, ids;
};

/* --- excerpt.c: notes and places ---------------------------------------------------------------
 */

/** err: as from oas_version_of. */
MUST_USE bool excerpt_open(struct excerpt *x, struct oas_files *files, struct arena *mem,
                           struct err *err);
struct sheet *excerpt_sheet(struct excerpt *x, const struct tree *doc);
void excerpt_edit(struct excerpt *x, struct oas_spot at, struct edit edit);
const struct edit *excerpt_edit_at(const struct excerpt *x, const struct sheet *sheet,
                                   const struct tree_node *node);
bool excerpt_has_fate(struct excerpt *x, struct oas_spot at, enum fate fate);
/** NULL for the root of a file. */
const struct tree_node *excerpt_parent(struct excerpt *x, struct oas_spot at);
/** A reference inside the root that names no file: a fragment, or a $self or $id with one. */
bool excerpt_is_local(struct excerpt *x, struct oas_spot ref);
/** The object whose members join those of another, for a $ref in this that leads out of the root
 *  document; node NULL: there is none. */
struct oas_spot excerpt_joined(struct excerpt *x, struct oas_spot object);
/** The object that a member is, or leads to when it is a reference; node NULL: there is none. */
struct oas_spot excerpt_member(struct excerpt *x, struct oas_spot object, const char *name);
/** The section whose map this is, or that has components of a kind; NULL: none. */
struct section *excerpt_section(struct excerpt *x, struct oas_spot map);
struct section *excerpt_section_of(struct excerpt *x, enum kind kind);
bool excerpt_same(struct oas_spot a, struct oas_spot b);
/** True for an object that is a $ref and nothing else. */
bool excerpt_is_reference(struct oas_spot at);
/** The target at a spot, to be walked as that; *fresh: it is a new one. */
struct target *excerpt_target(struct excerpt *x, struct oas_spot at, enum kind kind,
                              const struct field *field, bool *fresh);
/** NULL: it is none. */
const struct target *excerpt_target_at(struct excerpt *x, struct oas_spot at);
/** Where a value will be written, as a JSON Pointer; false when it will not. */
bool excerpt_place(struct excerpt *x, struct oas_spot at, struct buf *out);
bool excerpt_is_placed(struct excerpt *x, struct oas_spot at);
/** Ends the work with an error at a value. */
void excerpt_fail(struct excerpt *x, struct oas_spot at, const char *hint, const char *format, ...)
    PRINTF_LIKE(4, 5);

/* --- survey.c, lift.c: what is there and where it goes -----------------------------------------
 */

/** Walks what is to be written, and what that leads to. */
void excerpt_survey(struct excerpt *x);
/** Names components for what references lead to and has no place. */
void excerpt_lift(struct excerpt *x);
/** Makes the references' new texts, once it is known what names are written. */
void excerpt_rewrite(struct excerpt *x);

/* --- bundle.c ----------------------------------------------------------------------------------
 */

/** Lifts and writes what has been surveyed. */
MUST_USE bool excerpt_write(struct excerpt *x, enum tree_format format, struct buf *out);

/* --- slice.c: what the survey tells a selection ------------------------------------------------
 */

/** A value was reached: brings the component back that it belongs to. */
void slice_reach(struct excerpt *x, struct oas_spot at);
void slice_operation(struct excerpt *x, struct oas_spot at);
void slice_requirement(struct excerpt *x, struct oas_spot at);
void slice_discriminated(struct excerpt *x, struct oas_spot schema);
/** False for a link to an operation that is left out. */
bool slice_keeps_link(struct excerpt *x, struct oas_spot link);

#endif
