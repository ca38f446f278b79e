/* The resolved view of a set of documents: where each reference leads, and where a path through
 * references really stands. */
#ifndef CHANCERY_LINT_VIEW_H
#define CHANCERY_LINT_VIEW_H

#include "catalog/jsonpath/jsonpath.h"
#include "catalog/openapi/openapi.h"

enum ref_kind {
    REF_FOLLOWED,
    REF_KEPT,    /* part of a circle: seen as it stands */
    REF_MISSING, /* leads nowhere: seen as it stands, but its place is where the way ends */
    REF_BROKEN,  /* no pointer, another host, no such file: seen as it stands */
};

struct ref {
    struct jsonpath_spot at;     /* the object with $ref */
    struct jsonpath_spot target; /* followed, kept: what it names; missing: the last value there */
    struct str text;             /* of $ref */
    struct str pointer;          /* of target in its document */
    struct str place;            /* pointer to at; of missing and broken ones */
    enum ref_kind kind;
};

struct view_doc {
    const struct tree *doc;
    const struct oas_file *file;
    uint32_t *ref;  /* by node: number of the reference there, plus 1 */
    bool *referred; /* by node: some reference names it, and does not stand in it */
};

struct view {
    struct oas_files *files;
    struct arena *mem;
    VEC(struct view_doc) docs;
    VEC(struct ref) refs;
};

/** Finds every reference, loads the documents they name, and cuts circles. */
void view_init(struct view *view, struct oas_files *files, struct arena *mem);
/** The reference at a value, or NULL. */
const struct ref *view_ref(const struct view *view, struct jsonpath_spot raw);
/** What is seen in place of a value; the value itself where no reference is followed. */
struct jsonpath_spot view_at(const struct view *view, struct jsonpath_spot raw);
const struct view_doc *view_doc_of(const struct view *view, const struct tree *doc);
struct jsonpath_view view_for_paths(const struct view *view);

/** cycles.c: keeps the references of circles. */
void view_cut_circles(struct view *view);

/* --- places ----------------------------------------------------------------------------------- */

/** The child of that name (or index, as text) of a value as it stands; node NULL when none. */
struct jsonpath_spot spot_child(struct jsonpath_spot parent, struct str name);

/** Where a path really stands. */
struct place {
    struct jsonpath_spot spot; /* as it stands */
    const struct str *path;    /* from the root of spot's document */
    size_t depth;
    const struct str *missing; /* the path that was meant, as far as the name of what is missing
                                  goes */
    size_t missing_depth;
};
/** resolved: the path was found in the view, else in the root document as it stands. */
struct place place_of(const struct view *view, const struct str *path, size_t depth, bool resolved,
                      struct arena *mem);

#endif
