/* tmplc: compiles templates and static files into C. The language is described in
 * portal/html/html.h; what would let a value change the meaning of a page is an error here. */
#ifndef CHANCERY_TMPLC_H
#define CHANCERY_TMPLC_H

#include "portal/html/html.h"

/* --- templates -----------------------------------------------------------------------------------
 */

struct tmpl_source {
    const char *name; /* "apis.html" */
    struct str text;
};

/** Compiles all templates of a program at once, so that partials find each other: out has count
 *  places. Everything made lives in mem; literals point into the sources. err: ERR_INVALID, where =
 *  "apis.html line 12". */
MUST_USE bool tmpl_compile(const struct tmpl_source *sources, size_t count,
                           const struct html_file *files, size_t file_count, struct arena *mem,
                           struct html_template *out, struct err *err);

/* --- markup: where in a page are we --------------------------------------------------------------
 */

enum markup_state {
    MARKUP_TEXT,
    MARKUP_TAG_NAME, /* behind "<" or "</" */
    MARKUP_TAG,      /* between attributes */
    MARKUP_ATTRIBUTE_NAME,
    MARKUP_BEFORE_VALUE, /* behind "=" */
    MARKUP_VALUE,        /* inside quotes */
};
enum markup_url { MARKUP_NO_URL, MARKUP_URL_START, MARKUP_URL_PATH, MARKUP_URL_QUERY };

#define MARKUP_DEPTH_MOST 64
#define MARKUP_NAME_MOST  24

struct markup {
    enum markup_state state;
    enum markup_url url;
    char quote;
    bool closing;  /* "</" */
    bool need_gap; /* a section began or ended right behind a name */
    unsigned depth;
    char open[MARKUP_DEPTH_MOST][MARKUP_NAME_MOST]; /* elements not closed yet */
    char tag[MARKUP_NAME_MOST], attribute[MARKUP_NAME_MOST];
    size_t tag_len, attribute_len;
};

/** Reads one byte of literal text. err: the message only. */
MUST_USE bool markup_feed(struct markup *m, char c, struct err *err);
/** The context of a value here, and what follows it. err when none may stand here. */
MUST_USE bool markup_value(struct markup *m, enum html_context *out, struct err *err);
/** A section, partial or slot begins or ends here. */
MUST_USE bool markup_border(struct markup *m, struct err *err);
/** Same place, with the same elements open. */
bool markup_equal(const struct markup *a, const struct markup *b);
/** White space counts here. */
bool markup_preformatted(const struct markup *m);

/* --- output --------------------------------------------------------------------------------------
 */

/** The C source and header; header is the name by which the source includes the header. */
void emit_header(const struct html_template *templates, size_t count, size_t file_count,
                 struct buf *out);
void emit_source(const struct html_template *templates, size_t count, const struct html_file *files,
                 size_t file_count, const char *header, struct buf *out);

#endif
