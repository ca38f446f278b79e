/* chancery bundle FILE: a document of several files as one. chancery slice FILE: some of its
 * operations, with what they need. Local: no server is asked. Exit 0, or 2 when it could not run.
 */
#include "tui/command/local.h"
#include "tui/command/words.h"

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

static bool set_format(struct asked *asked, struct str value)
{
    asked->has_format = true;
    asked->format = str_eq(value, STR("json")) ? TREE_JSON : TREE_YAML;
    return str_eq(value, STR("json")) || str_eq(value, STR("yaml"));
}

static bool set_output(struct asked *asked, struct str value)
{
    asked->output = value;
    return value.len > 0;
}

static bool add_tag(struct asked *asked, struct str value)
{
    asked->tags[asked->part.tag_count++] = value;
    return true;
}

static bool add_operation(struct asked *asked, struct str value)
{
    asked->operations[asked->part.operation_count++] = value;
    return true;
}

static const struct {
    const char *name, *values;
    bool slice; /* of slice only */
    bool (*set)(struct asked *asked, struct str value);
} options[] = {
    {"--format",    "json or yaml",                              false, set_format   },
    {"--output",    "a file",                                    false, set_output   },
    {"--tag",       "a tag",                                     true,  add_tag      },
    {"--operation", "an operationId or, as one word, GET /pets", true,  add_operation},
};

static bool take_option(struct asked *asked, bool slice, const struct words *words, int *at,
                        struct err *err)
{
    struct str word = str_from(words->own[*at]), value = STR_NONE;
    size_t equals = str_find_char(word, '=');
    struct str name = str_sub(word, 0, equals);
    for (size_t i = 0; i < COUNT_OF(options); i++) {
        if (!str_eq(name, str_from(options[i].name)) || (options[i].slice && !slice))
            continue;
        if (equals != SIZE_MAX)
            value = str_sub(word, equals + 1, word.len);
        else if (*at + 1 < words->own_count)
            value = str_from(words->own[++*at]);
        return (value.ptr != NULL && options[i].set(asked, value)) ||
               fail(err, ERR_INVALID, options[i].name, "takes %s", options[i].values);
    }
    return fail(err, ERR_INVALID, words->own[*at], "is no option of this command");
}

static bool read_words(struct asked *asked, bool slice, const struct words *words,
                       struct arena *mem, struct err *err)
{
    size_t most = (size_t)words->own_count;
    bool more = true;
    asked->tags = arena_array(mem, struct str, most);
    asked->operations = arena_array(mem, struct str, most);
    for (int i = 0; i < words->own_count; i++) {
        struct str word = str_from(words->own[i]);
        if (more && str_eq(word, STR("--")))
            more = false;
        else if (more && word.len > 1 && word.ptr[0] == '-') {
            if (!take_option(asked, slice, words, &i, err))
                return false;
        } else if (asked->file.ptr != NULL) {
            return fail(err, ERR_INVALID, words->own[i], "is a second document");
        } else {
            asked->file = word;
        }
    }
    asked->part.tags = asked->tags;
    asked->part.operations = asked->operations;
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
    return (fwrite(text.ptr, 1, text.len, stdout) == text.len && fflush(stdout) == 0) ||
           fail(err, ERR_IO, "standard output", "cannot be written");
}

static enum command_exit run(const struct command *self, const struct words *words, bool slice)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf out = {0};
    struct asked asked = {0};
    struct err err = {0};
    if (!read_words(&asked, slice, words, &mem, &err)) {
        command_complain(&err);
        fprintf(stderr, "usage: chancery %s %s\n", self->name, self->arguments);
        return COMMAND_USAGE;
    }
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
