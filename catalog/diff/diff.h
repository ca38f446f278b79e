/* Compares two OpenAPI documents: what changed between an old and a new one, and which of it can
 * break a client or a server that followed the old one. Pure: documents in, findings out. */
#ifndef CHANCERY_DIFF_H
#define CHANCERY_DIFF_H

#include "catalog/openapi/openapi.h"

enum diff_level { DIFF_NONE, DIFF_INFO, DIFF_WARN, DIFF_ERR };

enum diff_stability { STABILITY_DRAFT, STABILITY_ALPHA, STABILITY_BETA, STABILITY_STABLE };

/** Another level than a check's own; by id. */
struct diff_override {
    struct str id;
    enum diff_level level;
};

/** What to compare and how. Zeroed is everything at its default but oasdiff, match_inline and
 *  headers_as_written, whose zero is the default, too. Texts are borrowed. */
struct diff_options {
    bool oasdiff; /* one finding per operation, silent where oasdiff 1.35.0 is, its texts */
    struct str match_path, unmatch_path; /* ECMA regular expressions on path templates */
    struct str filter_extension;         /* leaves out paths and operations with such an x- field */
    struct str prefix_old, prefix_new;   /* put before each path */
    struct str strip_old, strip_new;     /* taken from the front of each path */
    bool include_path_params;            /* parameter names count when paths are matched */
    bool keep_inline_apart;              /* inline and $ref branches are never the same */
    bool headers_as_written;             /* header names differ by case */
    bool flatten_all_of, flatten_parameters; /* always on unless oasdiff */
    bool upgrade;                            /* 3.0 forms are read as their 3.1 equals; as above */
    uint32_t sunset_days_beta, sunset_days_stable;
    bool has_stability;            /* else beta */
    enum diff_stability stability; /* changes of less stable operations are left out */
    const struct diff_override *overrides;
    size_t override_count;
    int64_t now_ms; /* for sunset dates */
};

/** Where something stands in a document; line 0: nowhere. */
struct diff_place {
    struct str file; /* path of a file that the document refers to; empty: the document itself */
    uint32_t line, column;
};

struct diff_finding {
    const char *id;
    enum diff_level level;
    struct str operation; /* "GET"; empty where no single operation is meant */
    struct str path;      /* template, "webhook:NAME", or a component's pointer */
    struct str operation_id;
    const char *section; /* paths, components, security or info */
    struct str text;
    struct str fingerprint; /* 12 hex digits; stays when lines move */
    struct diff_place old, new;
    const struct str
        *affected; /* keys of operations ("GET /pets"), sorted; component findings only */
    size_t affected_count;
};

/** What the next version number should be. */
enum diff_bump { BUMP_NONE, BUMP_PATCH, BUMP_MINOR, BUMP_MAJOR };

struct diff_report {
    const struct diff_finding *findings; /* worst first, then by path, operation, id, text */
    size_t count;
    size_t levels[4]; /* by enum diff_level */
    enum diff_bump bump;
    const struct str *notes; /* what could not be compared, for people */
    size_t note_count;
};

/** Compares two documents, with the files that they refer to. They must outlive the report. err:
 * ERR_INVALID for a root that is no object or a regular expression that is none, ERR_LIMIT for
 * schemas that nest without end, and from oas_weigh. */
MUST_USE bool diff_compare(struct oas_files *old, struct oas_files *new,
                           const struct diff_options *options, struct arena *mem,
                           struct diff_report *out, struct err *err);

/** Counts levels again and judges the next version anew, after findings were dropped. */
void diff_count(struct diff_report *report);
/** "ERR", "WARN", "INFO", "NONE", any case; false when it is none. */
MUST_USE bool diff_level_parse(struct str text, enum diff_level *out);
const char *diff_level_name(enum diff_level level);
const char *diff_bump_name(enum diff_bump bump);
/** True when there is such a check. */
bool diff_is_check(struct str id);
size_t diff_check_count(void);
/** The nth check's id and own level, in the order of ids. */
const char *diff_check_id(size_t n);
enum diff_level diff_check_level(size_t n);

/** Sets an option by its name without dashes ("match-path", "deprecation-days-stable" …). A flag
 * takes "true", "false" or nothing. err: ERR_NOT_FOUND for an unknown name, ERR_INVALID for its
 * value. */
MUST_USE bool diff_option_set(struct diff_options *options, struct str name, struct str value,
                              struct err *err);
/** True when the option needs a value. */
bool diff_option_takes_value(struct str name);

/** Reads a file of severities: one "id level" a line, # begins a comment. err.where is the line. */
MUST_USE bool diff_overrides_read(struct str text, struct arena *mem,
                                  const struct diff_override **out, size_t *count, struct err *err);
/** Drops findings that a file of approvals names: a line that is a fingerprint, or that holds
 * method, path and text (any case). */
void diff_ignore(struct diff_report *report, struct str text, struct arena *mem);

enum diff_format {
    DIFF_TEXT,
    DIFF_TSV,
    DIFF_JSON,
    DIFF_MARKDOWN,
    DIFF_HTML,
    DIFF_JUNIT,
    DIFF_GITHUB,
    DIFF_FORMAT_COUNT
};
/** By name ("text", "tsv" …); false when it is none. */
MUST_USE bool diff_format_parse(struct str text, enum diff_format *out);
/** Names of both documents for headings and sources. */
struct diff_names {
    struct str old, new;
};
void diff_render(const struct diff_report *report, enum diff_format format,
                 const struct diff_names *names, struct buf *out);

#endif
