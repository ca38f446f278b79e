/* Quotes of a document: its lines by number. */
#ifndef CHANCERY_WEB_SOURCE_H
#define CHANCERY_WEB_SOURCE_H

#include "portal/web/page.h"

/** A document's text; starts[n] is where line n + 1 begins. Lines end as tree_place counts them. */
struct source {
    struct str text;
    const size_t *starts;
    size_t count;
};

/** The text is borrowed. */
struct source source_of(struct str text, struct arena *mem);

/** The texts of a document's files. */
struct sources {
    const struct oas_files *documents;
    struct source *made; /* by the number of the file; zeroed: not yet */
};
struct sources sources_of(const struct oas_files *documents, struct arena *mem);
/** The text of a file that has been read; of the root when path is empty. */
const struct source *sources_at(struct sources *s, struct str path, struct arena *mem);

#define QUOTE_MOST 240 /* bytes of a line that are shown */

/** True when a quote leaves something of the line out. Lines are counted from 1. */
bool source_is_long(const struct source *s, size_t line);
/** Adds a line to the item's list "lines": its number and its text, of a long line what is around
 *  the column (UTF-16 code units from 1; 0: its beginning). cost grows by the bytes of markup that
 *  the line takes, about. */
struct html_data *source_quote(const struct source *s, size_t line, size_t column,
                               struct html_data *item, struct arena *mem, size_t *cost);
/** Bytes of the text in a page, its escapes counted. */
size_t source_cost(struct str text);

#endif
