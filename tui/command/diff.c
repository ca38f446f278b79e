/* chancery diff OLD NEW: what changed between two documents, and what breaks. Local: no server is
 * asked. Exit 0, or 1 when --fail-on finds something, or 2 when it could not run. */
#include "catalog/diff/diff.h"
#include "tui/command/local.h"
#include "tui/command/options.h"

#define COULD_NOT_RUN COMMAND_USAGE

struct asked {
    struct diff_options options;
    enum diff_format format;
    enum diff_level fail_on; /* NONE: never */
    struct str levels, ignore;
    struct str files[2];
    size_t file_count;
};

/* --- words ------------------------------------------------------------------------------------ */

static bool take_value(struct asked *asked, struct str name, struct str value, struct err *err)
{
    if (str_eq(name, STR("format")))
        return diff_format_parse(value, &asked->format) ||
               fail(err, ERR_INVALID, "--format",
                    "must be text, tsv, json, markdown, html, junit or github");
    if (str_eq(name, STR("fail-on")))
        return (diff_level_parse(value, &asked->fail_on) && asked->fail_on != DIFF_NONE) ||
               fail(err, ERR_INVALID, "--fail-on", "must be ERR, WARN or INFO");
    if (str_eq(name, STR("compat"))) {
        asked->options.oasdiff = str_eq(value, STR("oasdiff"));
        return asked->options.oasdiff || fail(err, ERR_INVALID, "--compat", "must be oasdiff");
    }
    if (str_eq(name, STR("levels")))
        asked->levels = value;
    else if (str_eq(name, STR("ignore")))
        asked->ignore = value;
    else
        return diff_option_set(&asked->options, name, value, err);
    return true;
}

static bool own_option(struct str name)
{
    static const char *const names[] = {"format", "fail-on", "compat", "levels", "ignore"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_eq(name, str_from(names[i])))
            return true;
    return false;
}

static bool take_option(struct asked *asked, struct option_reader *reader, struct str option,
                        struct err *err)
{
    struct str name = str_sub(option, 2, option.len), value = reader->value;
    if ((own_option(name) || diff_option_takes_value(name)) &&
        !option_value(reader, option, &value, err))
        return false;
    return take_value(asked, name, value, err);
}

static bool read_words(struct asked *asked, const struct words *words, struct err *err)
{
    struct option_reader reader = {.words = words};
    struct str option, file;
    while (option_next(&reader, &option, &file)) {
        if (option.ptr != NULL) {
            if (!take_option(asked, &reader, option, err))
                return false;
        } else if (asked->file_count == 2) {
            return fail(err, ERR_INVALID, file.ptr, "is a third document");
        } else {
            asked->files[asked->file_count++] = file;
        }
    }
    return asked->file_count == 2 || fail(err, ERR_INVALID, "diff", "needs two documents");
}

/* --- documents -------------------------------------------------------------------------------- */

#define MOST_LIST_BYTES ((size_t)16 << 20) /* of --levels and --ignore */

static bool open_document(struct str path, struct arena *mem, struct oas_files **out,
                          struct err *err)
{
    return local_open(path, mem, out, err) || local_fail(path, err);
}

static bool read_list(struct str path, struct arena *mem, struct str *out, struct err *err)
{
    struct str name;
    return local_read(path, MOST_LIST_BYTES, mem, out, NULL, &name, err);
}

static bool read_levels(struct asked *asked, struct arena *mem, struct err *err)
{
    struct str text;
    if (asked->levels.len == 0)
        return true;
    return (read_list(asked->levels, mem, &text, err) &&
            diff_overrides_read(text, mem, &asked->options.overrides,
                                &asked->options.override_count, err)) ||
           local_fail(asked->levels, err);
}

static bool compare(struct asked *asked, struct arena *mem, struct diff_report *report,
                    struct err *err)
{
    struct oas_files *old = NULL, *new = NULL;
    struct str ignore;
    if (!read_levels(asked, mem, err) || !open_document(asked->files[0], mem, &old, err) ||
        !open_document(asked->files[1], mem, &new, err) ||
        !diff_compare(old, new, &asked->options, mem, report, err))
        return false;
    if (asked->ignore.len == 0)
        return true;
    if (!read_list(asked->ignore, mem, &ignore, err))
        return false;
    diff_ignore(report, ignore, mem);
    return true;
}

enum command_exit run_diff(const struct command *self, const struct words *words)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf out = {0};
    struct asked asked = {.options = {.now_ms = clock_now_ms(&clock_system)}};
    struct diff_report report = {0};
    struct err err = {0};
    if (!crypto_init())
        return COULD_NOT_RUN;
    if (!read_words(&asked, words, &err))
        return command_usage(self, &err);
    if (!compare(&asked, &mem, &report, &err)) {
        command_complain(&err);
        return COULD_NOT_RUN;
    }
    const struct diff_names names = {asked.files[0], asked.files[1]};
    diff_render(&report, asked.format, &names, &out);
    if (!print_report(&out))
        return COULD_NOT_RUN;
    for (int level = DIFF_ERR; asked.fail_on != DIFF_NONE && level >= (int)asked.fail_on; level--)
        if (report.levels[level] > 0)
            return COMMAND_FAILED;
    return COMMAND_DONE;
}
