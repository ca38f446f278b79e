/* What the files of this folder share: the console's state, a view and its operations. */
#ifndef CHANCERY_VIEW_UI_H
#define CHANCERY_VIEW_UI_H

#include "tui/client/client.h"
#include "tui/widget/widget.h"

#define LIVE_PERIOD_MS   1000
#define LIST_PERIOD_MS   5000
#define FEEDS_MAX        4
#define DETAIL_FEEDS_MAX 8
#define STACK_MAX        6

struct ui;
struct view;

/* --- views --------------------------------------------------------------------------------------
 */

enum view_kind {
    VIEW_SERVICES,
    VIEW_REQUESTS,
    VIEW_PROXIES,
    VIEW_SERVICE,
    VIEW_PROXY,
    VIEW_REQUEST,
    VIEW_FINDINGS,
    VIEW_KIND_COUNT
};

struct view_ops {
    const char *name;             /* ":services" */
    const char *title;            /* "Services" */
    const char *noun;             /* "services": what the count and an empty table say */
    const char *one;              /* "service" */
    const struct column *columns; /* NULL: the view is lines to read, not a table */
    size_t column_count;
    size_t sort;                 /* column at first */
    bool live;                   /* asks each second */
    bool ages;                   /* rows tell ages: made anew with each reply */
    const char *const *variants; /* names of what `v` walks through, NULL at the end; or NULL */
    /** Names the feeds; called once, and again when the variant changes. */
    void (*open)(struct view *v);
    /** New data: fills v->rows (or v->lines) from the feeds, all in v->mem. */
    void (*build)(struct view *v);
    /** Lines of details about a row, in v->detail. NULL: there are none. */
    void (*pane)(struct ui *ui, struct view *v, const struct table_row *row);
    /** Names what is asked for the details of the row with that id. May be NULL. */
    void (*detail)(struct view *v, struct str id);
    /** Opens the selected row. May be NULL. */
    void (*enter)(struct ui *ui, struct view *v, const struct table_row *row);
};
extern const struct view_ops view_services, view_requests, view_proxies, view_service, view_proxy,
    view_request, view_findings;
const struct view_ops *view_ops_of(enum view_kind kind);

/* Details of one row. They follow the cursor when it rests, so that a held key neither asks nor
 * draws for each row it passes. */
struct detail {
    struct buf subject; /* the row's id */
    struct buf next;    /* the row that the cursor is on instead, shown at rest_at_ms */
    int64_t rest_at_ms; /* steady; 0: it is on its row */
    struct feed feeds[DETAIL_FEEDS_MAX];
    size_t feed_count;
    struct arena mem; /* lines */
    VEC(struct pager_line) lines;
    struct str title; /* the pane may say more than the row's first cell */
    size_t top;
    bool focus;        /* keys scroll it */
    struct rect place; /* of the lines, in the last frame; no rows: not shown, nothing is asked */
};

struct view {
    enum view_kind kind;
    const struct view_ops *ops;
    struct buf subject; /* what it is about: a slug, an id */
    int variant;        /* requests: which states */
    struct feed feeds[FEEDS_MAX];
    size_t feed_count;
    int64_t now_ms;   /* the server's clock at the last reply */
    struct arena mem; /* rows and lines */
    VEC(struct table_row) rows;
    VEC(struct pager_line) lines; /* of a reading view */
    struct table table;
    struct detail detail;
    size_t top; /* reading views */
};

struct view *view_new(enum view_kind kind, struct str subject);
void view_free(struct view *v);
/** Forgets rows and feeds and asks anew for the next variant. */
void view_next_variant(struct view *v);
/** Asks what is due. */
void view_step(struct view *v, struct client *c, bool paused, int64_t now_ms);
/** Takes the reply when it is one of this view's feeds; least_ms is a slow link's own period. */
bool view_take(struct view *v, struct client_reply *reply, int64_t now_ms, int least_ms);
/** The feed that failed last, or NULL when all are good. */
const struct feed *view_failing(const struct view *v);
/** Steady time of the oldest data shown, 0 when there is none. */
int64_t view_good_ms(const struct view *v);
void view_refetch(struct view *v);
/** A feed of this view; target made like printf. */
void view_feed(struct view *v, int period_ms, bool paged, const char *format, ...)
    PRINTF_LIKE(4, 5);
/** A feed of its details, likewise. */
void detail_ask(struct view *v, int period_ms, bool paged, const char *format, ...)
    PRINTF_LIKE(4, 5);
/** The first element of the list in feed number n ("items" or "rows"), or NULL. */
const struct json *view_items(const struct view *v, size_t n, const char *name);
/** Rows of a list by a member's text; rows of one text in the list's order. */
struct lookup_row {
    struct str key;
    const struct json *row;
    size_t at;
};
struct lookup {
    struct lookup_row *rows;
    size_t count;
};
void lookup_make(struct lookup *l, const struct json *first, const char *member, struct arena *mem);
/** The first of *count rows with that text. */
const struct lookup_row *lookup_find(const struct lookup *l, struct str key, size_t *count);
/** Cells for one more row of the view. */
struct cell *view_row(struct view *v, struct str id, const void *data);
void view_line(struct view *v, struct arena *mem, const char *label, enum term_tone tone,
               struct str text);
struct str view_label(struct arena *mem, const char *field); /* "requested_by" → "requested by" */

/* --- details ------------------------------------------------------------------------------------
 */

void detail_clear(struct detail *d);
/** Follows the cursor and asks what is due; true when it is about another row now. */
bool detail_step(struct view *v, struct client *c, bool paused, int64_t now_ms);
int64_t detail_due(const struct view *v, bool paused);
bool detail_take(struct view *v, struct client_reply *reply, int64_t now_ms, int least_ms);
void detail_refetch(struct view *v);
/** The row they are about, NULL when it has gone. */
const struct table_row *detail_row(const struct view *v);
void detail_draw(struct ui *ui, const struct split_areas *areas);
/** To the next part, or the one before. */
void detail_part(struct ui *ui, bool before);

/** What a pane is made of. Texts live in v->detail.mem or in replies. */
const struct feed *detail_feed(struct view *v, size_t n);
const struct json *detail_json(struct view *v, size_t n);
const struct json *detail_items(struct view *v, size_t n, const char *name);
/** True when feed n has data; else says "loading" or why not, under that name. */
bool detail_ready(struct view *v, const char *name, size_t n);
void detail_line(struct view *v, struct pager_line line);
/** A label and a text; an empty one is left out. */
void detail_text(struct view *v, const char *label, enum term_tone tone, struct str text);
void detail_fields(struct view *v, const struct json *row, const char *const *fields, size_t count);

#define GRID_COLUMNS 12
struct grid_column {
    const char *title;
    int most; /* columns on the screen */
    bool number;
};
struct grid_row {
    struct cell cells[GRID_COLUMNS];
};
/** A small table among the lines: columns without a value are left out, the last ones that do not
 * fit, too; a text at the end is shortened. */
struct grid {
    struct view *view;
    const struct term *term;
    const struct feed *feed; /* says when its data is stale; may be NULL */
    const struct grid_column *columns;
    size_t count;
    VEC(struct grid_row) rows;
};
void grid_open(struct grid *g, struct ui *ui, const struct feed *feed,
               const struct grid_column *columns, size_t count);
/** Blank cells of one more row. */
struct cell *grid_row(struct grid *g);
/** Largest value of that column first, rows without one last. */
void grid_sort(struct grid *g, size_t column);
/** Adds its lines, at most so many rows; nothing when it has none. */
void grid_close(struct grid *g, size_t most);

/* --- the console ---------------------------------------------------------------------------------
 */

enum ui_mode { MODE_VIEW, MODE_FILTER, MODE_COMMAND, MODE_HELP, MODE_DIALOG };

enum decision_kind { DECIDE_APPROVE, DECIDE_REJECT, DECIDE_REVOKE, DECISION_COUNT };

/* A change on its way: asked in the dialog, posted, then its receipt. */
struct decision {
    enum decision_kind kind;
    struct arena mem;
    struct str id, label; /* of the subscription; "shop → parcels" */
    struct str api;
    uint64_t posted, receipt; /* questions under way */
    int64_t ask_at_ms, give_up_ms;
    bool following; /* the change is made, the receipt not complete */
};

/* A document on its way. */
struct upload {
    struct arena mem;
    struct str api, version;
    uint64_t posted; /* the question under way */
};

struct ui {
    struct term *term;
    const struct server *server;
    struct client *client;
    struct view *stack[STACK_MAX];
    size_t depth;
    enum view_kind last; /* base view before this one */
    struct feed me;
    enum ui_mode mode;
    struct dialog dialog;
    struct decision decision;
    struct upload upload;
    struct line prompt;
    struct split split;
    struct rect body; /* of the last frame: what table and details share */
    struct split_areas areas;
    size_t help_top;
    char status[400];
    enum term_tone status_tone;
    bool paused, dirty, quit;
    int64_t draw_at_ms; /* steady; replies wait so long for those behind them; 0: none has come */
};

struct view *ui_view(struct ui *ui);
void ui_open(struct ui *ui, enum view_kind kind);                     /* a base view */
void ui_push(struct ui *ui, enum view_kind kind, struct str subject); /* a view above it */
bool ui_pop(struct ui *ui);                                           /* false at the base */
void ui_say(struct ui *ui, enum term_tone tone, const char *format, ...) PRINTF_LIKE(3, 4);
/** The subscription that the user is looking at, or NULL. */
const struct json *ui_subscription(struct ui *ui);

/* decide.c */
void decide_ask(struct ui *ui, enum decision_kind kind);
void decide_key(struct ui *ui, struct term_key key);
void decide_step(struct ui *ui, int64_t now_ms);
bool decide_take(struct ui *ui, struct client_reply *reply, int64_t now_ms);
int64_t decide_due(const struct ui *ui);
/** Why this cannot be decided now, or NULL. */
const char *decide_disabled(struct ui *ui, enum decision_kind kind);

/* upload.c */
/** "VERSION FILE"; without a file asks for them. */
void upload_start(struct ui *ui, struct str argument);
bool upload_take(struct ui *ui, const struct client_reply *reply);
/** Why nothing can be uploaded now, or NULL. */
const char *upload_disabled(struct ui *ui);

/* keys.c */
void ui_key(struct ui *ui, struct term_key key);

/* actions.c: one table for keys, help, hint bar and completion */
enum action_flags {
    ACTION_MUTATES = 1 << 0, /* changes the server */
    ACTION_CONFIRM = 1 << 1, /* asks first */
    ACTION_HINT = 1 << 2,    /* shown in the hint bar while enabled */
    ACTION_KEEP = 1 << 3,    /* a hint that others give way to on a narrow screen */
};
struct action {
    const char *name; /* ":approve" */
    const char *keys; /* "j DOWN" */
    const char *hint; /* short, for the bar */
    const char *help;
    unsigned flags;
    unsigned views;                                  /* bits of enum view_kind; 0: all */
    const char *(*disabled)(struct ui *ui);          /* NULL: never; else why not, or NULL */
    void (*run)(struct ui *ui, struct str argument); /* argument: what stood behind the name */
};
const struct action *actions_all(size_t *count);
bool action_applies(const struct action *action, enum view_kind kind);
/** NULL when the action can be run now, else why not. */
const char *action_disabled(const struct action *action, struct ui *ui);
/* screen.c */
void ui_draw(struct ui *ui);
/** Divides the body anew, so that keys behind the one that changed it meet what will be drawn. */
void ui_lay_out(struct ui *ui);
/* terms.c */
enum term_tone stage_tone(struct str stage);
enum term_tone subscription_tone(struct str state);
/** Of a list of versions the label that callers meet: published before deprecated before the rest.
 */
struct str version_of(const struct json *versions);
/** Words side by side; empty ones are left out. */
struct str terms_join(struct arena *mem, const struct str *words, size_t count);
/** "50 per s", "100000 per month", "90 d" of a plan; empty without one. */
struct str plan_rate(struct arena *mem, const struct json *plan);
struct str plan_quota(struct arena *mem, const struct json *plan);
struct str plan_term(struct arena *mem, const struct json *plan);
/* answers.c */
/** "200 ok: 5   403 not_subscribed: 7" of one row of /v1/live, or of it and those behind it; absent
 *  when nothing was answered. */
struct str answers_text(const struct json *row, bool all, struct arena *mem);
/* help.c */
void help_draw(struct ui *ui, struct rect place);
/* figures.c */
struct str figure_rps(struct arena *mem, double value);
struct str figure_percent(struct arena *mem, double part, double whole);
struct str figure_ms(struct arena *mem, double value);
struct str figure_count(struct arena *mem, double value);
struct str figure_age(struct arena *mem, int64_t ms);
/** The age of a member that is a time, "-" without one. */
struct cell figure_since(struct arena *mem, int64_t now_ms, const struct json *row,
                         const char *field);
/** The cells RPS 4XX 5XX P50 P95 P99 of one row of /v1/live (NULL: no data). */
#define FIGURE_COLUMNS(priority)                                                      \
    {"rps", "RPS", 8, (priority), true}, {"4xx", "4XX", 6, (priority) + 1, true},     \
        {"5xx", "5XX", 6, (priority), true}, {"p50", "P50", 6, (priority) + 3, true}, \
        {"p95", "P95", 6, (priority) + 2, true},                                      \
    {                                                                                 \
        "p99", "P99", 6, (priority) + 1, true                                         \
    }
#define FIGURE_COUNT 6
/** The same columns of a grid. */
#define GRID_FIGURES                                                                          \
    {"RPS", 8, true}, {"4XX", 6, true}, {"5XX", 6, true}, {"P50", 6, true}, {"P95", 6, true}, \
    {                                                                                         \
        "P99", 6, true                                                                        \
    }
void figure_cells(struct arena *mem, const struct json *row, struct cell *cells);
struct cell cell_text(struct str text, enum term_tone tone);
struct cell cell_count(struct arena *mem, const struct json *row, const char *name);
/** "2026-11-24 12:37:00" in local time, from RFC 3339. */
struct str figure_time(struct arena *mem, struct str rfc3339);
/** The same, short: the time when it is today, else the date. */
struct str figure_when(struct arena *mem, int64_t now_ms, struct str rfc3339);
struct str figure_clock(struct arena *mem, int64_t at_ms); /* "12:37:00" */

#endif
