/* Answers as tables and as JSON. */
#include "tui/command/words.h"

static struct str cell_text(struct arena *mem, const struct json *value, int *cols)
{
    struct str text = STR("-");
    if (value != NULL && value->type == JSON_TYPE_STRING && value->string.len > 0)
        text = value->string;
    else if (value != NULL && value->type == JSON_TYPE_INT)
        text = arena_printf(mem, "%lld", (long long)value->integer);
    else if (value != NULL && value->type == JSON_TYPE_REAL)
        text = arena_printf(mem, "%.1f", value->real);
    else if (value != NULL && value->type == JSON_TYPE_BOOL)
        text = value->boolean ? STR("yes") : STR("no");
    return term_plain(mem, text, cols);
}

static void print_cell(struct str text, int cols, int width, bool number, bool last)
{
    int blanks = width - cols;
    if (number)
        printf("%*s", blanks, "");
    printf(STR_FMT, STR_ARG(text));
    if (!last)
        printf("%*s", (number ? 0 : blanks) + 2, "");
}

static void print_row(struct arena *mem, const struct json *row, const struct print_column *columns,
                      size_t count, const int *widths)
{
    for (size_t i = 0; i < count; i++) {
        int cols = 0;
        struct str text = row ? cell_text(mem, json_get(row, columns[i].field), &cols)
                              : term_plain(mem, str_from(columns[i].title), &cols);
        print_cell(text, cols, widths[i], columns[i].number, i + 1 == count);
    }
    putchar('\n');
}

void print_table(const struct json *first, const struct print_column *columns, size_t count)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    int *widths = arena_array(&mem, int, count);
    for (size_t i = 0; i < count; i++) {
        widths[i] = (int)strlen(columns[i].title);
        for (const struct json *row = first; row != NULL; row = row->next) {
            int cols = 0;
            (void)cell_text(&mem, json_get(row, columns[i].field), &cols);
            widths[i] = cols > widths[i] ? cols : widths[i];
        }
    }
    print_row(&mem, NULL, columns, count, widths);
    for (const struct json *row = first; row != NULL; row = row->next)
        print_row(&mem, row, columns, count, widths);
}

void print_json(const struct json *value)
{
    CLEANUP(buf_clear) struct buf b = {0};
    struct json_writer w = {.out = &b};
    json_write(&w, value);
    printf(STR_FMT "\n", STR_ARG(buf_str(&b)));
}

bool print_report(struct buf *report)
{
    bool written = report->len == 0 || fwrite(report->ptr, 1, report->len, stdout) == report->len;
    written = written && fflush(stdout) == 0;
    buf_reset(report);
    return written;
}
