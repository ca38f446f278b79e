/* Quotes of a document: its lines by number, long ones cut around what matters. */
#include "portal/web/source.h"

#define LINE_MARKUP 60 /* bytes around a line: item, number, code */

static bool line_ends_at(struct str text, size_t i)
{
    char c = text.ptr[i];
    return c == '\n' || (c == '\r' && (i + 1 == text.len || text.ptr[i + 1] != '\n'));
}

struct source source_of(struct str text, struct arena *mem)
{
    VEC(size_t) starts = {0};
    vec_push(&starts, mem, (size_t)0);
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] <= '\r' && line_ends_at(text, i) && i + 1 < text.len)
            vec_push(&starts, mem, i + 1);
    return (struct source){text, starts.ptr, starts.len};
}

struct sources sources_of(const struct oas_files *documents, struct arena *mem)
{
    return (struct sources){documents, arena_array(mem, struct source, oas_file_count(documents))};
}

const struct source *sources_at(struct sources *s, struct str path, struct arena *mem)
{
    size_t at = 0;
    for (size_t i = 1; i < oas_file_count(s->documents) && at == 0; i++)
        if (str_eq(oas_file_at(s->documents, i)->path, path))
            at = i;
    if (s->made[at].count == 0)
        s->made[at] = source_of(tree_source(oas_file_at(s->documents, at)->doc), mem);
    return &s->made[at];
}

static struct str line_at(const struct source *s, size_t line)
{
    size_t from = s->starts[line - 1], to = line < s->count ? s->starts[line] : s->text.len;
    while (to > from && (s->text.ptr[to - 1] == '\n' || s->text.ptr[to - 1] == '\r'))
        to--;
    return str_sub(s->text, from, to - from);
}

bool source_is_long(const struct source *s, size_t line)
{
    return line_at(s, line).len > QUOTE_MOST;
}

static bool begins_character(struct str text, size_t at)
{
    return at >= text.len || ((unsigned char)text.ptr[at] & 0xC0) != 0x80;
}

/* The byte of a column: characters outside the BMP count twice (UTF-16). */
static size_t byte_of_column(struct str line, size_t column)
{
    size_t units = 1, at = 0;
    while (at < line.len && units < column) {
        units += (unsigned char)line.ptr[at] >= 0xF0 ? 2 : 1;
        do
            at++;
        while (!begins_character(line, at));
    }
    return at;
}

/* A third of what is shown stands before the column. */
static struct str around(struct str line, size_t column, struct arena *mem)
{
    if (line.len <= QUOTE_MOST)
        return line;
    size_t at = byte_of_column(line, column);
    size_t from = at > QUOTE_MOST / 3 ? at - QUOTE_MOST / 3 : 0;
    if (from + QUOTE_MOST > line.len)
        from = line.len - QUOTE_MOST;
    size_t to = from + QUOTE_MOST;
    while (!begins_character(line, from))
        from++;
    while (!begins_character(line, to))
        to--;
    return arena_join(mem, from > 0 ? STR("… ") : STR(""), str_sub(line, from, to - from),
                      to < line.len ? STR(" …") : STR(""));
}

size_t source_cost(struct str text)
{
    static const unsigned char extra[256] = {
        ['&'] = 4, ['<'] = 3, ['>'] = 3, ['"'] = 5, ['\''] = 4, ['`'] = 4};
    size_t cost = text.len;
    for (size_t i = 0; i < text.len; i++)
        cost += extra[(unsigned char)text.ptr[i]];
    return cost;
}

struct html_data *source_quote(const struct source *s, size_t line, size_t column,
                               struct html_data *item, struct arena *mem, size_t *cost)
{
    struct html_data *row = html_add(item, T(lines));
    struct str text = around(line_at(s, line), column, mem);
    html_number(row, T(line), (int64_t)line);
    html_text(row, T(text), text.len > 0 ? text : STR(" "));
    *cost += source_cost(text) + LINE_MARKUP;
    return row;
}
