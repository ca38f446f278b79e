/* The details beside a table: which row they are about, what is asked for it, and its lines. */
#include "tui/view/ui.h"

#define REST_MS 150 /* a held key passes rows faster; they are not asked about */

/* --- which row ----------------------------------------------------------------------------------
 */

static void clear_feeds(struct detail *d)
{
    for (size_t i = 0; i < d->feed_count; i++)
        feed_clear(&d->feeds[i]);
    d->feed_count = 0;
}

void detail_clear(struct detail *d)
{
    clear_feeds(d);
    arena_clear(&d->mem);
    buf_clear(&d->subject);
    buf_clear(&d->next);
    *d = (struct detail){0};
}

static void set_id(struct buf *b, struct str id)
{
    buf_reset(b);
    buf_add(b, id);
}

static void turn_to(struct view *v, struct str id)
{
    struct detail *d = &v->detail;
    clear_feeds(d);
    set_id(&d->subject, id);
    d->rest_at_ms = 0;
    d->top = 0;
    if (id.len > 0 && v->ops->detail != NULL)
        v->ops->detail(v, id);
}

const struct table_row *detail_row(const struct view *v)
{
    struct str id = buf_str(&v->detail.subject);
    for (size_t i = 0; i < v->table.row_count && id.len > 0; i++)
        if (str_eq(v->table.rows[i].id, id))
            return &v->table.rows[i];
    return NULL;
}

/* Follows the cursor once it rests, at once when the row shown has gone. True when it has moved. */
static bool follow(struct view *v, int64_t now_ms)
{
    struct detail *d = &v->detail;
    const struct table_row *selected = table_selected(&v->table);
    struct str id = selected ? selected->id : STR("");
    if (str_eq(id, buf_str(&d->subject))) {
        d->rest_at_ms = 0;
        return false;
    }
    bool gone = detail_row(v) == NULL;
    if (!gone && (d->rest_at_ms == 0 || !str_eq(id, buf_str(&d->next)))) {
        set_id(&d->next, id);
        d->rest_at_ms = now_ms + REST_MS;
    }
    if (!gone && now_ms < d->rest_at_ms)
        return false;
    turn_to(v, id);
    return true;
}

bool detail_step(struct view *v, struct client *c, bool paused, int64_t now_ms)
{
    struct detail *d = &v->detail;
    if (v->ops->pane == NULL || d->place.rows == 0)
        return false;
    bool moved = follow(v, now_ms);
    for (size_t i = 0; i < d->feed_count; i++)
        feed_step(&d->feeds[i], c, paused, now_ms);
    return moved;
}

int64_t detail_due(const struct view *v, bool paused)
{
    const struct detail *d = &v->detail;
    int64_t due = d->rest_at_ms ? d->rest_at_ms : INT64_MAX;
    if (v->ops->pane == NULL || d->place.rows == 0)
        return INT64_MAX;
    for (size_t i = 0; i < d->feed_count; i++) {
        int64_t at = feed_due(&d->feeds[i], paused);
        due = at < due ? at : due;
    }
    return due;
}

bool detail_take(struct view *v, struct client_reply *reply, int64_t now_ms, int least_ms)
{
    for (size_t i = 0; i < v->detail.feed_count; i++)
        if (feed_take(&v->detail.feeds[i], reply, now_ms, least_ms))
            return true;
    return false;
}

void detail_refetch(struct view *v)
{
    for (size_t i = 0; i < v->detail.feed_count; i++)
        feed_again(&v->detail.feeds[i]);
}

/* --- its data -----------------------------------------------------------------------------------
 */

const struct feed *detail_feed(struct view *v, size_t n)
{
    return n < v->detail.feed_count ? &v->detail.feeds[n] : NULL;
}

const struct json *detail_json(struct view *v, size_t n)
{
    return n < v->detail.feed_count ? feed_json(&v->detail.feeds[n]) : NULL;
}

const struct json *detail_items(struct view *v, size_t n, const char *name)
{
    const struct json *list = json_get(detail_json(v, n), name);
    return list && list->type == JSON_TYPE_ARRAY ? list->child : NULL;
}

/* --- its lines ----------------------------------------------------------------------------------
 */

void detail_line(struct view *v, struct pager_line line)
{
    vec_push(&v->detail.lines, &v->detail.mem, line);
}

void detail_text(struct view *v, const char *label, enum term_tone tone, struct str text)
{
    if (text.len > 0)
        detail_line(v, (struct pager_line){str_from(label), text, tone, 0});
}

void detail_fields(struct view *v, const struct json *row, const char *const *fields, size_t count)
{
    for (size_t i = 0; i < count; i++)
        detail_text(v, view_label(&v->detail.mem, fields[i]).ptr, TONE_TEXT,
                    json_get_str(row, fields[i]));
}

/* Nothing is said about what this person may not see; the rest of the failures are. */
bool detail_ready(struct view *v, const char *name, size_t n)
{
    const struct feed *f = detail_feed(v, n);
    struct arena *mem = &v->detail.mem;
    if (f == NULL || (f->reached && f->err.code == ERR_DENIED))
        return false;
    bool failed = f->err.code != ERR_NONE;
    if (f->data == NULL) {
        detail_line(v, (struct pager_line){STR_NONE, STR(""), TONE_TEXT, 0});
        detail_line(
            v, (struct pager_line){str_from(name),
                                   failed ? arena_str(mem, str_from(f->err.msg)) : STR("loading"),
                                   failed ? TONE_BAD : TONE_DIM, PAGER_PART});
        return false;
    }
    return true;
}

/* --- drawing ------------------------------------------------------------------------------------
 */

static void build(struct ui *ui, struct view *v)
{
    arena_reset(&v->detail.mem);
    memset(&v->detail.lines, 0, sizeof(v->detail.lines));
    const struct table_row *row = detail_row(v);
    v->detail.title = row ? row->cells[0].text : STR("");
    if (row != NULL)
        v->ops->pane(ui, v, row);
}

static struct str position(const struct detail *d, size_t all, int rows, struct arena *mem)
{
    size_t shown = rows > 0 ? (size_t)rows : 0;
    if (all <= shown)
        return STR("");
    return arena_printf(mem, "%zu-%zu of %zu", d->top + 1, d->top + shown, all);
}

void detail_draw(struct ui *ui, const struct split_areas *areas)
{
    struct view *v = ui_view(ui);
    struct detail *d = &v->detail;
    struct rect place = areas->pane;
    struct rect inside = {place.row + 1, place.col, place.rows - 1, place.cols};
    d->place = inside;
    build(ui, v);
    size_t all = pager_draw(ui->term, inside, d->lines.ptr, d->lines.len, &d->top);
    rule_draw(ui->term, place.row, place.col, place.cols, d->focus ? TONE_SELECTED : TONE_TITLE,
              d->title, position(d, all, inside.rows, &d->mem));
    if (areas->place == SPLIT_BESIDE)
        for (int i = 0; i < place.rows; i++)
            term_fill(ui->term, place.row + i, place.col - 1, 1, TONE_DIM, GLYPH_DOWN);
}

void detail_part(struct ui *ui, bool before)
{
    struct detail *d = &ui_view(ui)->detail;
    d->top = pager_part(ui->term, d->place, d->lines.ptr, d->lines.len, d->top, before);
}
