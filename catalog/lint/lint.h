/* Rulesets in Spectral's format, applied to documents. Nothing is ever dereferenced: a view follows
 * references, each value is judged once. Pure: files come through callbacks. */
#ifndef CHANCERY_LINT_H
#define CHANCERY_LINT_H

#include "catalog/openapi/openapi.h"

/* --- rulesets --------------------------------------------------------------------------------- */

/** Gives the bytes of a ruleset file; they must live in mem. err: ERR_NOT_FOUND, ERR_IO, ERR_LIMIT.
 */
typedef bool lint_load(void *context, struct str path, struct arena *mem, struct str *bytes,
                       struct err *err);

struct lint_ruleset_config {
    lint_load *load; /* NULL: only what is built in */
    void *context;
    bool compat_spectral; /* exactly what Spectral would judge, none of our additions */
    bool all;             /* the ruleset named is taken with all its rules, not the recommended */
};

struct lint_ruleset;

/** Reads a ruleset and all that it extends. name: "spectral:oas", "owasp", "chancery", or the path
 *  of a file (YAML or JSON). Lives in mem, belongs to one thread. err: ERR_INVALID with the file
 * and the place in it, and the remedy; ERR_NOT_FOUND, ERR_IO, ERR_LIMIT from load. */
MUST_USE bool lint_ruleset_read(struct str name, const struct lint_ruleset_config *config,
                                struct arena *mem, struct lint_ruleset **out, struct err *err);

/** One rule, as far as listings show it. */
struct lint_rule_info {
    struct str name, message;
    int severity; /* enum severity, or -1: off */
    bool enabled;
};
size_t lint_ruleset_rules(const struct lint_ruleset *ruleset, struct arena *mem,
                          const struct lint_rule_info **out);

/* --- findings --------------------------------------------------------------------------------- */

/** Lines and UTF-16 columns, both from 0. */
struct lint_range {
    uint32_t line, column, end_line, end_column;
};

struct lint_finding {
    struct str code, message;
    enum severity severity;
    struct str file; /* as the document was named; other files of it relative to its folder */
    struct str path; /* of an other file of the document, from the top of its files; else empty */
    struct str pointer; /* JSON Pointer */
    struct lint_range range;
    struct str remedy;            /* why it matters and what to do; may be absent */
    struct str documentation_url; /* may be absent */
};

/** Why findings of that code matter and what to do, whether a rule's or of reading; may be absent.
 *  Lives where the ruleset does. */
struct str lint_remedy(const struct lint_ruleset *ruleset, struct str code);

/** A function that could not run: custom JavaScript, or one of vacuum's that is not built. */
struct lint_skip {
    struct str function;
    bool vacuums;
    size_t rules;
};

struct lint_report {
    struct str file;
    const struct lint_finding *findings; /* by file, range, code, path */
    size_t count;
    const struct lint_skip *skips;
    size_t skip_count;
    size_t by_severity[4];
    size_t operations; /* of the root document; what a score is scaled by */
    bool unreadable;   /* scores nothing */
    bool unruled;      /* no rule was applied: there is nothing to score */
};

/** Judges a document. name: its path as people gave it; overrides of the ruleset match it. Findings
 *  live in mem. err: ERR_LIMIT, also from oas_weigh. */
MUST_USE bool lint_run(const struct lint_ruleset *ruleset, struct oas_files *files, struct str name,
                       struct arena *mem, struct lint_report *out, struct err *err);
/** The report of a document that cannot be read: one finding "parser". */
void lint_unreadable(struct str name, const struct err *why, struct arena *mem,
                     struct lint_report *out);

/* --- reports ---------------------------------------------------------------------------------- */

/** The arithmetic, or why there is none, is in `explained`. */
struct lint_score {
    unsigned points; /* 0–100 */
    char grade;      /* A…F; NUL: no rule was applied, so there is no score */
    struct str explained;
};
/** 100 less 5 for each error, 1 for each warning, ¼ and 0 for the others, counted per rule up to a
 *  cap and scaled by the number of operations. */
struct lint_score lint_score(const struct lint_report *report, struct arena *mem);

enum lint_format {
    LINT_TEXT,
    LINT_TSV,
    LINT_JSON,
    LINT_SARIF,
    LINT_JUNIT,
    LINT_GITHUB,
    LINT_HTML,
    LINT_FORMAT_COUNT
};
/** "text", "tsv", "json" …; false when it is none of them. */
MUST_USE bool lint_format_named(struct str name, enum lint_format *out);
/** Writes reports of one run. */
void lint_write(enum lint_format format, const struct lint_report *reports, size_t count,
                struct buf *out);
/** Writes what was skipped, and where no rule was applied, as text; nothing for the form that says
 *  so itself. */
void lint_write_skips(enum lint_format format, const struct lint_report *reports, size_t count,
                      struct buf *out);

#endif
