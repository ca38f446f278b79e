/* chancery bundle FILE: a document of several files as one. chancery slice FILE: some of its
 * operations, with what they need. Local: no server is asked. Exit 0, or 2 when it could not run.
 */
#include "tui/command/local.h"
#include "tui/command/options.h"

#define COULD_NOT_RUN COMMAND_USAGE
#define OUTPUT_MODE   0666 /* as the umask has it */

struct asked {
    struct str file, output;
    bool has_format;
    enum tree_format format;
    struct oas_part part;
    struct str *tags, *operations; /* of the part, being gathered */
};

/* --- words -------------------------------------------------------------------------------------
 */

static bool set_format(void *context, struct str value)
{
    struct asked *asked = context;
    asked->has_format = true;
    asked->format = str_eq(value, STR("json")) ? TREE_JSON : TREE_YAML;
    return str_eq(value, STR("json")) || str_eq(value, STR("yaml"));
}

static bool set_output(void *context, struct str value)
{
    struct asked *asked = context;
    asked->output = value;
    return value.len > 0;
}

static bool add_tag(void *context, struct str value)
{
    struct asked *asked = context;
    asked->tags[asked->part.tag_count++] = value;
    return true;
}

static bool add_operation(void *context, struct str value)
{
    struct asked *asked = context;
    asked->operations[asked->part.operation_count++] = value;
    return true;
}

#define SLICE_ONLY 2 /* rows from here on are options of slice only */
static const struct option options[] = {
    {"--format",    "json or yaml",                              set_format   },
    {"--output",    "a file",                                    set_output   },
    {"--tag",       "a tag",                                     add_tag      },
    {"--operation", "an operationId or, as one word, GET /pets", add_operation},
};

static bool read_words(struct asked *asked, bool slice, const struct words *words,
                       struct arena *mem, struct err *err)
{
    struct option_reader reader = {.words = words, .one_dash = true};
    size_t most = (size_t)words->own_count, known = slice ? COUNT_OF(options) : SLICE_ONLY;
    struct str name, file;
    asked->part.tags = asked->tags = arena_array(mem, struct str, most);
    asked->part.operations = asked->operations = arena_array(mem, struct str, most);
    while (option_next(&reader, &name, &file)) {
        if (name.ptr != NULL &&
            !option_set(&reader, name, options, known, asked, "this command", err))
            return false;
        if (file.ptr != NULL && asked->file.ptr != NULL)
            return fail(err, ERR_INVALID, file.ptr, "is a second document");
        asked->file = file.ptr ? file : asked->file;
    }
    if (asked->file.ptr == NULL)
        return fail(err, ERR_INVALID, slice ? "slice" : "bundle", "needs a document");
    return !slice || asked->part.tag_count + asked->part.operation_count > 0 ||
           fail(err, ERR_INVALID, "slice", "needs a --tag or an --operation");
}

/* --- running -----------------------------------------------------------------------------------
 */

static bool make(struct asked *asked, bool slice, struct arena *mem, struct buf *out,
                 struct err *err)
{
    struct oas_files *files = NULL;
    if (!local_open(asked->file, mem, &files, err))
        return local_fail(asked->file, err);
    enum tree_format format =
        asked->has_format ? asked->format : tree_format_of(oas_file_at(files, 0)->doc);
    return (slice ? oas_slice(files, &asked->part, format, out, err)
                  : oas_bundle(files, format, out, err)) ||
           local_fail(asked->file, err);
}

static bool put(const struct asked *asked, struct str text, struct arena *mem, struct err *err)
{
    if (asked->output.ptr != NULL)
        return file_replace(str_z(mem, asked->output), text, OUTPUT_MODE, err);
    (void)!fwrite(text.ptr, 1, text.len, stdout); /* command_run sees whether it arrived */
    return true;
}

static enum command_exit run(const struct command *self, const struct words *words, bool slice)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf out = {0};
    struct asked asked = {0};
    struct err err = {0};
    if (!read_words(&asked, slice, words, &mem, &err))
        return command_usage(self, &err);
    if (make(&asked, slice, &mem, &out, &err) && put(&asked, buf_str(&out), &mem, &err))
        return COMMAND_DONE;
    command_complain(&err);
    return COULD_NOT_RUN;
}

enum command_exit run_bundle(const struct command *self, const struct words *words)
{
    return run(self, words, false);
}

enum command_exit run_slice(const struct command *self, const struct words *words)
{
    return run(self, words, true);
}
