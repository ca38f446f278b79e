/* A run over one document, and what a function is called with. */
#ifndef CHANCERY_LINT_CALL_H
#define CHANCERY_LINT_CALL_H

#include "ruleset.h"
#include "view.h"

struct schemas;

struct run {
    const struct lint_ruleset *ruleset;
    struct view view;
    struct oas_files *files;
    struct str name;
    bool formats_known;
    unsigned formats;
    struct arena *mem;    /* of the report */
    struct arena scratch; /* emptied after each match */
    struct arena state;   /* of the run */
    size_t rules;         /* applied; those that can only be skipped do not count */
    struct schemas *schemas;
    VEC(struct lint_finding) findings;
    VEC(struct lint_skip) skips;
    struct err err; /* what ends the run */
};

enum target_kind { TARGET_UNDEFINED, TARGET_NODE, TARGET_TEXT, TARGET_NUMBER };

/** What a function judges. */
struct target {
    enum target_kind kind;
    struct jsonpath_spot spot; /* as it is seen */
    struct str text;           /* a name */
    double number;             /* a length */
};

/** One call of a function. */
struct call {
    struct run *run;
    const struct rule *rule;
    const struct step *step;
    struct target value;
    const struct str *path; /* of the value, from the root of the view */
    size_t depth;
};

/** Child of a value as the rule sees it: references followed, or not (`resolved: false`). */
struct jsonpath_spot call_child(const struct call *c, struct jsonpath_spot parent, struct str name);
/** A child that is known already, as the rule sees it. */
struct jsonpath_spot call_see(const struct call *c, struct jsonpath_spot raw);
/** The root document as it stands. */
struct jsonpath_spot call_root(const struct call *c);

/** Reports at the call's own path. Text in the format is a message; placeholders are filled later.
 */
void call_report(struct call *c, const char *format, ...) PRINTF_LIKE(2, 3);
/** Reports at a path below the call's. */
void call_report_below(struct call *c, const struct str *below, size_t count, struct str message);
/** Reports at a path from the root. */
void call_report_at(struct call *c, const struct str *path, size_t count, struct str message);
#define BELOW(...) (const struct str[]){__VA_ARGS__}, COUNT_OF(((const struct str[]){__VA_ARGS__}))
/** A text that lives until the call ends. */
#define call_text(c, ...) arena_printf(&(c)->run->scratch, __VA_ARGS__)
struct str call_index(const struct call *c, size_t index);

/* --- text of values --------------------------------------------------------------------------- */

/** As JSON.stringify writes primitives; arrays and objects by their kind. */
struct str print_value(struct arena *mem, struct jsonpath_spot spot);
/** As String() gives it. */
struct str string_value(struct arena *mem, struct jsonpath_spot spot);
struct str print_text(struct arena *mem, struct str text);
struct str print_number(struct arena *mem, double number);
double spot_number(struct jsonpath_spot spot);
/** A value of a document, written as JSON. */
void write_json(struct jsonpath_spot spot, struct json_writer *w);
/** JavaScript's truth. */
bool target_true(const struct target *t);
unsigned target_input(const struct target *t);
/** The text of a string value; absent when it is something else. */
struct str target_string(const struct target *t);

/* --- results ---------------------------------------------------------------------------------- */

void run_report(struct run *run, const struct rule *rule, const struct str *path, size_t depth,
                struct str message);
/** How a document is named in findings: the root as people gave it, others from its folder. */
struct str run_file(const struct run *run, const struct view_doc *d);
/** Findings of reading and of references. */
void report_reading(struct run *run);
/** What to do about those; absent for codes that are none of them. */
struct str reading_remedy(struct str code);
void findings_sort(struct run *run, struct lint_report *out);
/** Where a value stands in the text, as Spectral's YAML parser has it. */
struct lint_range range_of(struct jsonpath_spot spot);

/** Fills the placeholders of a message: {{property}} …, #{{print("property")}} …. */
struct message_values {
    struct str property, error, path, description;
    struct jsonpath_spot value;
};
struct str message_fill(struct str text, const struct message_values *values, struct arena *mem);

#endif
