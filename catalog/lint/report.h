/* One writer for each form of a report. */
#ifndef CHANCERY_LINT_REPORT_H
#define CHANCERY_LINT_REPORT_H

#include "lint.h"

typedef void report_writer(const struct lint_report *reports, size_t count, struct buf *out);
report_writer report_text, report_tsv, report_json, report_sarif, report_junit, report_github,
    report_html;

extern const char *const severity_names[]; /* by enum severity */
/** "file:line:column" for people: from 1. */
void add_location(const struct lint_finding *finding, struct buf *out);
/** The first finding of each code, in their order. */
size_t report_codes(const struct lint_report *reports, size_t count, struct arena *mem,
                    const struct lint_finding *const **out);
size_t findings_total(const struct lint_report *reports, size_t count,
                      enum severity worst_not_better);

#endif
