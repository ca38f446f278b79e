/* Pages: templates compiled into the program, filled with values that are escaped by where they
 * stand. There is no way to write raw markup.
 *
 *   {{name}}             a value, escaped for its place: text, attribute, URL, path segment, query
 *   {{#name}}…{{/name}}  once for every item of a list
 *   {{?name}}…{{/name}}  when the value is there and neither empty, zero nor false
 *   {{^name}}…{{/name}}  when it is not
 *   {{>name}}            another template, with the same values
 *   {{@name}}            the template that a handler has put under this name (layouts)
 *   {{$style.css}}       the address of a static file, with its content's hash
 *   {{.}}                the item itself, in lists of plain texts
 *   {{! … }}             a remark
 *
 * Names are looked up in the innermost item first, then outwards. */
#ifndef CHANCERY_HTML_H
#define CHANCERY_HTML_H

#include "catalog/base/base.h"
#include "catalog/model/model.h"

/* --- compiled templates: what tmplc writes -------------------------------------------------------
 */

enum html_context {
    HTML_TEXT,      /* between tags */
    HTML_ATTRIBUTE, /* inside quotes */
    HTML_URL,       /* the beginning of a URL: http, https, mailto or none; anything else is "#" */
    HTML_URL_PATH,  /* one segment of a URL's path */
    HTML_URL_QUERY, /* a value in a URL's query or fragment */
};

enum html_op_kind {
    HTML_LITERAL,
    HTML_VALUE,
    HTML_EACH,
    HTML_IF,
    HTML_UNLESS,
    HTML_PARTIAL,
    HTML_SLOT,
};

struct html_op {
    enum html_op_kind kind;
    enum html_context context; /* values */
    uint32_t line;
    uint32_t end; /* sections: number of the op behind them */
    struct str text;
    const char *name;
    const struct html_template *partial;
};

struct html_template {
    const char *name; /* "apis.html" */
    const struct html_op *ops;
    size_t count;
};

/** A static file, compiled in. name is "style.1f2e3d4c.css". packed is gzip, absent when it would
 *  not be smaller. */
struct html_file {
    const char *name, *media_type;
    struct str bytes, packed;
};

/* --- values --------------------------------------------------------------------------------------
 */

struct html_data; /* an object: a row's fields, named values, lists; lives in its arena */

struct html_data *html_new(struct arena *mem);
/** The fields of a row become values (FIELD_HIDDEN ones do not). The row must outlive d. */
void html_row(struct html_data *d, const struct record *record, const void *row);
/** Absent text is a value, too: empty. A name set twice: the later one counts. name is static. */
void html_text(struct html_data *d, const char *name, struct str value);
void html_number(struct html_data *d, const char *name, int64_t value);
/** "24 Nov 2026, 12:37 UTC" between tags, RFC 3339 in attributes; 0 is empty. */
void html_time(struct html_data *d, const char *name, int64_t at_ms);
void html_flag(struct html_data *d, const char *name, bool value);
/** For {{@name}}. */
void html_slot(struct html_data *d, const char *name, const struct html_template *t);
/** Appends an item to the list and returns it. */
struct html_data *html_add(struct html_data *d, const char *list);
/** One item a row. rows is an array of the record's struct. */
void html_rows(struct html_data *d, const char *list, const struct record *record, const void *rows,
               size_t count);

/** Appends the page to out. err: ERR_INVALID, where = "apis.html line 12", when a {{name}} has no
 *  value or templates nest too deeply: a mistake of the program, never of what is shown. */
MUST_USE bool html_render(const struct html_template *t, const struct html_data *data,
                          struct arena *mem, struct buf *out, struct err *err);

/** Appends text as it would be written in that context. Bytes that are not UTF-8, and control
 *  bytes, become U+FFFD. */
void html_escape(enum html_context context, struct str text, struct buf *out);

#endif
