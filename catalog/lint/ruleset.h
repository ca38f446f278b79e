/* Rulesets as they are held: rules with their places and steps, compiled. */
#ifndef CHANCERY_LINT_RULESET_H
#define CHANCERY_LINT_RULESET_H

#include "catalog/jsonpath/jsonpath.h"
#include "catalog/lint/lint.h"

#define SEVERITY_OFF   (-1)
#define RULESET_VACUUM "vacuum:functions"

/* --- formats ---------------------------------------------------------------------------------- */

enum format {
    FORMAT_OAS2 = 1 << 0,
    FORMAT_OAS3 = 1 << 1,
    FORMAT_OAS3_0 = 1 << 2,
    FORMAT_OAS3_1 = 1 << 3,
    FORMAT_OAS3_2 = 1 << 4,
    FORMAT_OTHER = 1 << 5 /* known to Spectral, never that of an OpenAPI document */
};

/** A list of formats; a rule without one applies to all. */
struct formats {
    bool given;
    unsigned set;
};
/** Formats in the order they were named, for the message about none of them. */
struct format_list {
    const char *titles[16];
    unsigned sets[16];
    size_t count;
};
bool ruleset_format_named(struct str name, unsigned *set, const char **title);
/** Which formats a document is of. */
unsigned formats_of(const struct tree *doc);

/* --- steps ------------------------------------------------------------------------------------ */

struct call;
struct function_site;

/** What a value must be for a function to look at it at all. */
enum input {
    INPUT_NULL = 1 << 0,
    INPUT_BOOL = 1 << 1,
    INPUT_NUMBER = 1 << 2,
    INPUT_STRING = 1 << 3,
    INPUT_ARRAY = 1 << 4,
    INPUT_OBJECT = 1 << 5,
    INPUT_UNDEFINED = 1 << 6,
    INPUT_ANY = (1 << 7) - 1
};

struct function {
    const char *name;
    unsigned input;
    /** Reads functionOptions (absent: node NULL) into *options. NULL: takes none. */
    bool (*prepare)(const struct function_site *site, void **options, struct err *err);
    void (*run)(struct call *call);
};
/** NULL when there is none of that name. */
const struct function *function_named(struct str name);

/** Where a function's options stand, for reading them. */
struct function_site {
    struct jsonpath_spot options;
    struct str file;
    struct str function;
    struct arena *mem;
};

enum field_kind { FIELD_NONE, FIELD_KEYS, FIELD_PATH, FIELD_JSONPATH };

struct step {
    enum field_kind field;
    struct str name;            /* as written: a member of that very name goes first */
    const struct str *segments; /* FIELD_PATH */
    size_t segment_count;
    const struct jsonpath *jsonpath; /* FIELD_JSONPATH */
    const struct function *function; /* NULL: skipped */
    bool vacuums;                    /* skipped because it is vacuum's, else because it is custom */
    struct str function_name;
    void *options;
};

/* --- rules ------------------------------------------------------------------------------------ */

struct layer;

/** A severity for a part of some files. */
struct severity_override {
    struct str glob, pointer;
    int severity;
};

struct rule {
    struct str name;
    struct str description, message, how_to_fix, documentation_url; /* absent when not given */
    int severity;
    bool recommended, enabled, resolved;
    struct formats formats;
    const struct str *given;
    size_t given_count;
    const struct step *steps;
    size_t step_count;
    const struct layer *owner, *alias_source;
    VEC(struct severity_override) overrides;
};

struct alias_target {
    struct formats formats;
    const struct str *given;
    size_t count;
};

struct alias {
    struct str name;
    bool scoped; /* has targets */
    const struct alias_target *targets;
    size_t count;
};

/** One ruleset file. */
struct layer {
    struct str file;
    const struct tree *doc;
    const struct tree_node *node; /* its object: the root, or an override's */
    bool built_in;
    bool extended; /* spectral:oas, with the operations that Spectral leaves out */
    struct formats formats;
    struct str documentation_url;
    const struct alias *aliases;
    size_t alias_count;
    const struct str *functions; /* custom ones that it declares */
    size_t function_count;
};

struct lint_ruleset {
    struct arena *mem;
    struct lint_ruleset_config config;
    struct str file;
    VEC(struct rule *) rules;
    struct format_list formats;
    int duplicate_keys, incompatible_values;
    const struct layer *root;
    bool has_overrides;
    struct lint_ruleset *vacuum; /* NULL until a function of vacuum's is named */
};

/* --- reading ---------------------------------------------------------------------------------- */

/** fail() with the file and the place in it. */
bool layer_fail(const struct layer *layer, const struct tree_node *at, struct err *err,
                const char *format, ...) PRINTF_LIKE(4, 5);
struct rule *ruleset_rule(const struct lint_ruleset *ruleset, struct str name);
/** Reads what one file says about one rule into ruleset. */
bool rule_merge(struct lint_ruleset *ruleset, const struct layer *layer,
                const struct tree_node *definition, struct rule **out, struct err *err);
bool severity_read(const struct tree *doc, const struct tree_node *node, int *out);
bool formats_read(const struct layer *layer, const struct tree_node *list, struct formats *out,
                  struct format_list *order, struct err *err);
bool aliases_read(struct layer *layer, struct arena *mem, struct err *err);
/** Texts of an array of texts, or of the one text. */
bool texts_read(const struct layer *layer, const struct tree_node *node, struct arena *mem,
                const struct str **out, size_t *count, struct err *err);
/** Rules of the ruleset as they apply to the document of that name: overrides are applied. */
bool ruleset_for(const struct lint_ruleset *ruleset, struct str name, struct arena *mem,
                 struct lint_ruleset **out, struct err *err);

typedef VEC(struct str) expressions;
/** Puts the expressions that an expression with aliases stands for into out. formats_known: scoped
 *  aliases take the target of that format; else each target is checked. */
bool alias_expand(const struct layer *layer, struct str expression, bool formats_known,
                  unsigned formats, struct arena *mem, expressions *out, struct err *err);

bool ruleset_is_url(struct str name);
/** lock.c: the bytes of the file that stands for an address. err: ERR_DENIED when there is none, or
 *  when it is not the one that was pinned. */
bool lock_load(const struct lint_ruleset *ruleset, struct str url, struct str *out,
               struct err *err);

/** vacuum.c: whether a function that is none of ours is one of vacuum's. */
bool vacuum_knows(struct lint_ruleset *ruleset, struct str function, bool *out, struct err *err);
/** Puts a rule whose one step has such a function where that looks. step: as it stands there. */
bool vacuum_places(struct lint_ruleset *ruleset, const struct layer *layer,
                   const struct tree_node *step, struct rule *rule, struct err *err);

/** Glob as minimatch has it, with a pattern without slash matching any file of that name. */
bool glob_matches(struct str pattern, struct str path);
/** Splits a property path as lodash does: `a.b[0]["c"]`. */
void field_split(struct str field, struct arena *mem, const struct str **out, size_t *count);

#endif
