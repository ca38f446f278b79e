/* What the page handlers share: values, layout, forms, addresses. */
#ifndef CHANCERY_WEB_PAGE_H
#define CHANCERY_WEB_PAGE_H

#include "generated/templates.h"
#include "portal/html/html.h"
#include "portal/web/web.h"

#define T(name) TEMPLATE_NAME(name)

/* --- pages ---------------------------------------------------------------------------------------
 */

enum web_section {
    WEB_NONE,
    WEB_APIS,
    WEB_APPS,
    WEB_REQUESTS,
    WEB_TEAMS,
    WEB_RULESETS,
    WEB_EVENTS
};

/** A page under way. */
struct page {
    struct http_request *req;
    struct http_response *res;
    struct html_data *data;
    struct err *err;
};

/** Begins a page: who looks, CSRF token, address, flash message of ?done=. */
struct page web_begin(struct http_request *req, struct http_response *res, struct err *err);
/** Lays the page out and answers with it. title is for the window; the template has the heading. */
MUST_USE bool web_page(const struct page *p, const struct html_template *content, struct str title,
                       enum web_section section);
/** 303 See Other; to is an address of ours. done (may be NULL) names the message shown there. */
bool web_redirect(struct http_request *req, struct http_response *res, struct str to,
                  const char *done);
/** "it cannot be approved" → "It cannot be approved." */
struct str web_sentence(struct arena *mem, struct str text);
/** One step of the way to this page; from the outermost on. */
void web_crumb(const struct page *p, const char *label, struct str name, struct str href);
bool web_signed_in(const struct http_request *req);

/* --- lists ---------------------------------------------------------------------------------------
 */

/** Runs a list with the page's cursor; the rows become `name`. limit 0: 50. */
MUST_USE bool web_list(const struct page *p, catalog_list_fn *list, struct catalog_query query,
                       const char *name, const struct record *record, struct catalog_list *out);
/** "Next page" and totals of a page's main list. */
void web_pager(const struct page *p, const struct catalog_list *list);
/** How many rows there are; 0 when they cannot be counted. */
int64_t web_count(struct http_request *req, catalog_list_fn *list, struct catalog_query query);
/** How many requests and reviews wait for who asks. */
int64_t web_awaiting(struct http_request *req);

/* --- forms ---------------------------------------------------------------------------------------
 */

/* LIST: words with commas between them, an array in the body. FLAG: a choice of "true" and "false".
 * CODE: a long text that is taken as it is. */
enum form_kind {
    FORM_TEXT,
    FORM_NUMBER,
    FORM_FLAG,
    FORM_CODE,
    FORM_AREA,
    FORM_SELECT,
    FORM_PASSWORD,
    FORM_DATE,
    FORM_FILES,
    FORM_LIST,
};

struct form_field {
    const char *name, *label, *hint;
    enum form_kind kind;
    bool required;
    const char *autocomplete; /* NULL: off */
};

/** A choice of a select. */
struct form_option {
    struct str value, text;
};
struct form_options {
    const char *field;
    VEC(struct form_option) items;
};

struct form {
    const char *heading, *submit;
    struct str lead, action, cancel; /* text above, where it goes, the way back */
    const struct form_field *fields;
    size_t count;
    const struct form_options *options;
    size_t option_count;
    const struct record
        *record; /* of the row that stands in the fields at first; NULL: the query */
    const void *row;
    int64_t etag; /* that the row had; 0: none */
    bool upload, danger;
};

/** Puts the form into the page: filled with what was posted, or with its values; problem (may be
 *  NULL) stands beside its field and on top. */
void web_form(const struct page *p, const struct form *form, const struct err *problem);
/** What went wrong, on top of a page with forms of its own; a field's label goes before. */
void web_problem(const struct page *p, const struct form_field *fields, size_t count,
                 const struct err *problem);
/** A whole page that is one form. */
MUST_USE bool web_form_page(const struct page *p, const struct form *form,
                            const struct err *problem, enum web_section section);
/** What was posted, as the body of a use case; dates become ends of days (UTC). Empty fields are
 *  left out, or null in a patch. */
const struct json *web_form_body(struct http_request *req, const struct form_field *fields,
                                 size_t count);
const struct json *web_form_patch(struct http_request *req, const struct form_field *fields,
                                  size_t count);
/** The etag that was posted; one that matches nothing when there is none. */
int64_t web_form_etag(const struct http_request *req);
/** All names of an enumeration as a field's choices. */
struct form_options web_form_names(struct arena *mem, const char *field, const struct names *names);
/** True when problem is something the form's reader can mend: the page is shown again, with the
 *  status set. Else the problem becomes err. */
MUST_USE bool web_form_again(const struct page *p, const struct err *problem);

/* --- addresses -----------------------------------------------------------------------------------
 */

/** next= may only lead to a page of ours: "/", or "/" and anything but a second slash of either
 *  kind. */
bool web_next_ok(struct str next);
/** The page's path with its query less the named parameter, ready for "name=value" to be added. */
struct str web_query_without(struct http_request *req, const char *name);
/** A command line that calls an operation. What a document says cannot break out of its quotes. */
struct str web_curl(struct arena *mem, struct str method, struct str base, struct str path,
                    bool needs_key);
/** Where a deployment answers: the group's public address and the base path; the placeholder
 *  "https://GATEWAY" when the group has no address. */
struct str web_base(struct http_request *req, const struct deployment *d);
/** What leads to people: a page's address, or mailto: and the address; STR_NONE for other texts. */
struct str web_contact(struct arena *mem, struct str contact);

/* --- versions ------------------------------------------------------------------------------------
 */

/** APIs / the API, in front of a page of one of its versions. */
void web_version_crumbs(const struct page *p, const struct api *api);
/** Reads the stored document of the version that the address names; all lives in req->mem. */
MUST_USE bool web_read_document(const struct page *p, struct oas_files **documents,
                                struct oas_summary *summary);

/* --- publishing ----------------------------------------------------------------------------------
 */

/** The page of a version's publish gate; problem (may be NULL) stands on top. */
MUST_USE bool web_show_gate(const struct page *p, const struct err *problem);

/* --- texts ---------------------------------------------------------------------------------------
 */

/** "removed the `name` property": a list "pieces", of which those in backticks are code. */
void web_pieces(struct html_data *item, struct str text);
/** "50 calls a second, bursts of 100 · 10000 calls a day" */
struct str web_plan_limits(struct arena *mem, const struct plan *plan);

#endif
