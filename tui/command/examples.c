/* chancery examples FILE: a request and the answers of each operation, as one would send and get
 * them. Local: no server is asked. Exit 0; 1 when an example of the document does not fit or none
 * could be made; 2 when it could not run. */
#include "tui/command/examples.h"
#include "tui/command/operations.h"
#include "tui/command/options.h"

struct asked {
    struct str file;
    bool json;
    VEC(struct str) operations;
};

/* --- words ------------------------------------------------------------------------------------ */

static bool take_option(void *context, struct option_reader *reader, struct str name,
                        struct arena *mem, struct err *err)
{
    struct asked *asked = context;
    struct str value = STR_NONE;
    const char *where = str_z(mem, name);
    if (!str_eq(name, STR("--operation")) && !str_eq(name, STR("--format")))
        return fail(err, ERR_INVALID, where, "is no option of examples");
    if (!option_value(reader, name, &value, err))
        return false;
    if (str_eq(name, STR("--operation"))) {
        vec_push(&asked->operations, mem, value);
        return true;
    }
    asked->json = str_eq(value, STR("json"));
    return asked->json || str_eq(value, STR("text")) ||
           fail(err, ERR_INVALID, where, "must be text or json");
}

/* --- the whole ---------------------------------------------------------------------------------
 */

static void complain_notes(struct str file, const exchange_notes *notes)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    int cols = 0;
    for (size_t i = 0; i < notes->len; i++) {
        struct str pointer = notes->ptr[i].pointer; /* another file's name stands before its '#' */
        struct str place =
            arena_join(&mem, str_starts(pointer, STR("#")) ? file : STR(""), pointer);
        fprintf(stderr, STR_FMT ": " STR_FMT "\n", STR_ARG(term_plain(&mem, place, &cols)),
                STR_ARG(term_plain(&mem, notes->ptr[i].message, &cols)));
    }
}

/* True when the document's own examples fit and all others could be made. */
static bool show(struct exchange *x, const struct exchange_operation *operation,
                 const struct asked *asked, struct json_writer *w)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct shown s = {.operation = operation};
    exchange_request(x, operation, true, &mem, &s.request, &s.notes);
    exchange_answers(x, operation, &mem, &s.answers, &s.answer_count, &s.notes);
    if (asked->json) {
        shown_json(&s, w);
    } else {
        shown_text(&s, w->out);
        complain_notes(asked->file, &s.notes);
    }
    return s.notes.len == 0 && s.request.missing.ptr == NULL;
}

/* Printed operation by operation: all together may be many times the document. */
static enum command_exit show_all(struct exchange *x, const struct asked *asked)
{
    CLEANUP(buf_clear) struct buf out = {0};
    struct json_writer w = {.out = &out};
    size_t count = 0;
    bool whole = true, written = true;
    const struct exchange_operation *all = exchange_operations(x, &count);
    if (asked->json)
        json_open_array(&w);
    for (size_t i = 0; i < count && written; i++) {
        if (!operation_asked(&all[i], asked->operations.ptr, asked->operations.len))
            continue;
        whole = show(x, &all[i], asked, &w) && whole;
        written = print_report(&out);
    }
    if (asked->json) {
        json_close_array(&w);
        buf_add_char(&out, '\n');
    }
    if (!written || !print_report(&out))
        return COMMAND_USAGE;
    return whole ? COMMAND_DONE : COMMAND_FAILED;
}

enum command_exit run_examples(const struct command *self, const struct words *words)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct asked asked = {0};
    struct exchange *x = NULL;
    struct err err = {0};
    if (!options_read(words, take_option, &asked, &mem, &asked.file, &err))
        return command_usage(self, &err);
    if (local_exchange(asked.file, &mem, &x, &err) &&
        operations_known(x, asked.operations.ptr, asked.operations.len, &err))
        return show_all(x, &asked);
    command_complain(&err);
    return COMMAND_USAGE;
}
