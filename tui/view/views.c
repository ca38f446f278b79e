/* What all views need: feeds, rows, lines. */

#include <stdlib.h>

#include "tui/view/ui.h"

const struct view_ops *view_ops_of(enum view_kind kind)
{
    static const struct view_ops *const ops[VIEW_KIND_COUNT] = {
        [VIEW_SERVICES] = &view_services, [VIEW_REQUESTS] = &view_requests,
        [VIEW_PROXIES] = &view_proxies,   [VIEW_SERVICE] = &view_service,
        [VIEW_PROXY] = &view_proxy,       [VIEW_REQUEST] = &view_request,
        [VIEW_FINDINGS] = &view_findings,
    };
    return ops[kind];
}

static void add_feed(struct feed *f, int period_ms, bool paged, const char *format, va_list args)
    PRINTF_LIKE(4, 0);
static void add_feed(struct feed *f, int period_ms, bool paged, const char *format, va_list args)
{
    char target[600];
    int length = vsnprintf(target, sizeof(target), format, args);
    assert(length >= 0 && (size_t)length < sizeof(target)); /* slugs and ids are short */
    feed_init(f, str_from(target), period_ms, paged);
}

void view_feed(struct view *v, int period_ms, bool paged, const char *format, ...)
{
    va_list args;
    assert(v->feed_count < FEEDS_MAX);
    va_start(args, format);
    add_feed(&v->feeds[v->feed_count++], period_ms, paged, format, args);
    va_end(args);
}

void detail_ask(struct view *v, int period_ms, bool paged, const char *format, ...)
{
    va_list args;
    assert(v->detail.feed_count < DETAIL_FEEDS_MAX);
    va_start(args, format);
    add_feed(&v->detail.feeds[v->detail.feed_count++], period_ms, paged, format, args);
    va_end(args);
}

const struct json *view_items(const struct view *v, size_t n, const char *name)
{
    const struct json *list = n < v->feed_count ? json_get(feed_json(&v->feeds[n]), name) : NULL;
    return list && list->type == JSON_TYPE_ARRAY ? list->child : NULL;
}

struct cell *view_row(struct view *v, struct str id, const void *data)
{
    struct cell *cells = arena_array(&v->mem, struct cell, v->ops->column_count);
    for (size_t i = 0; i < v->ops->column_count; i++)
        cells[i] = cell_text(STR("-"), TONE_DIM);
    vec_push(&v->rows, &v->mem, (struct table_row){id, cells, data});
    return cells;
}

void view_line(struct view *v, struct arena *mem, const char *label, enum term_tone tone,
               struct str text)
{
    vec_push(&v->lines, mem, (struct pager_line){str_from(label), text, tone, 0});
}

struct str view_label(struct arena *mem, const char *field)
{
    char *label = str_z(mem, str_from(field));
    for (char *at = label; *at != '\0'; at++)
        if (*at == '_')
            *at = ' ';
    return str_from(label);
}

/* --- life ---------------------------------------------------------------------------------------
 */

struct view *view_new(enum view_kind kind, struct str subject)
{
    struct view *v = mem_new_of(struct view);
    v->kind = kind;
    v->ops = view_ops_of(kind);
    buf_add(&v->subject, subject);
    if (v->ops->columns != NULL)
        table_init(&v->table, v->ops->columns, v->ops->column_count, v->ops->sort);
    v->ops->open(v);
    return v;
}

static void clear_rows(struct view *v)
{
    if (v->ops->columns != NULL)
        table_set(&v->table, NULL, 0);
    arena_reset(&v->mem);
    memset(&v->rows, 0, sizeof(v->rows));
    memset(&v->lines, 0, sizeof(v->lines));
}

static void clear_feeds(struct view *v)
{
    for (size_t i = 0; i < v->feed_count; i++)
        feed_clear(&v->feeds[i]);
    v->feed_count = 0;
}

void view_free(struct view *v)
{
    if (v == NULL)
        return;
    clear_feeds(v);
    table_clear(&v->table);
    arena_clear(&v->mem);
    detail_clear(&v->detail);
    buf_clear(&v->subject);
    free(v);
}

void view_next_variant(struct view *v)
{
    v->variant = v->ops->variants[v->variant + 1] ? v->variant + 1 : 0;
    clear_rows(v);
    clear_feeds(v);
    detail_clear(&v->detail);
    v->ops->open(v);
}

/* --- data ---------------------------------------------------------------------------------------
 */

void view_step(struct view *v, struct client *c, bool paused, int64_t now_ms)
{
    for (size_t i = 0; i < v->feed_count; i++)
        feed_step(&v->feeds[i], c, paused, now_ms);
}

/* Rows borrow from the reply that has just been replaced, so they are made anew at once. */
static void rebuild(struct view *v)
{
    arena_reset(&v->mem);
    memset(&v->rows, 0, sizeof(v->rows));
    memset(&v->lines, 0, sizeof(v->lines));
    v->ops->build(v);
    if (v->ops->columns != NULL)
        table_set(&v->table, v->rows.ptr, v->rows.len);
}

bool view_take(struct view *v, struct client_reply *reply, int64_t now_ms, int least_ms)
{
    bool ok = reply->ok;
    int64_t server_ms = reply->server_ms;
    for (size_t i = 0; i < v->feed_count; i++) {
        uint64_t generation = v->feeds[i].generation;
        if (!feed_take(&v->feeds[i], reply, now_ms, least_ms))
            continue;
        if (ok)
            v->now_ms = server_ms;
        if (ok && (v->ops->ages || v->feeds[i].generation != generation))
            rebuild(v);
        return true;
    }
    return detail_take(v, reply, now_ms, least_ms);
}

/* Who may not see figures still sees the list, with "-" in their place. */
static bool failing(const struct view *v, size_t i)
{
    const struct feed *f = &v->feeds[i];
    return f->err.code != ERR_NONE && (i == 0 || !f->reached || f->err.code != ERR_DENIED);
}

const struct feed *view_failing(const struct view *v)
{
    for (size_t i = 0; i < v->feed_count; i++)
        if (failing(v, i))
            return &v->feeds[i];
    return NULL;
}

int64_t view_good_ms(const struct view *v)
{
    int64_t oldest = 0;
    for (size_t i = 0; i < v->feed_count; i++) {
        int64_t at = v->feeds[i].good_ms;
        if (failing(v, i) && at != 0 && (oldest == 0 || at < oldest))
            oldest = at;
    }
    return oldest;
}

void view_refetch(struct view *v)
{
    for (size_t i = 0; i < v->feed_count; i++)
        feed_again(&v->feeds[i]);
    detail_refetch(v);
}
