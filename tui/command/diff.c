/* chancery diff OLD NEW: what changed between two documents, and what breaks. Local: no server is
 * asked. Exit 0, or 1 when --fail-on finds something, or 2 when it could not run. */
#include "catalog/diff/diff.h"

#include <unistd.h>

#include "tui/command/words.h"

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
                    "must be text, tsv, json, markdown, html or junit");
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

static bool take_option(struct asked *asked, const struct words *words, int *at, struct err *err)
{
    struct str name = str_from(words->own[*at] + 2), value = STR_NONE;
    size_t equals = str_find_char(name, '=');
    if (equals != SIZE_MAX) {
        value = str_sub(name, equals + 1, name.len);
        name = str_sub(name, 0, equals);
    }
    if (value.ptr == NULL && (own_option(name) || diff_option_takes_value(name))) {
        if (*at + 1 >= words->own_count)
            return fail(err, ERR_INVALID, words->own[*at], "needs a value");
        value = str_from(words->own[++*at]);
    }
    return take_value(asked, name, value, err);
}

static bool read_words(struct asked *asked, const struct words *words, struct err *err)
{
    bool options = true;
    for (int i = 0; i < words->own_count; i++) {
        struct str word = str_from(words->own[i]);
        if (options && str_eq(word, STR("--")))
            options = false;
        else if (options && str_starts(word, STR("--"))) {
            if (!take_option(asked, words, &i, err))
                return false;
        } else if (asked->file_count == 2) {
            return fail(err, ERR_INVALID, words->own[i], "is a third document");
        } else {
            asked->files[asked->file_count++] = word;
        }
    }
    return asked->file_count == 2 || fail(err, ERR_INVALID, "diff", "needs two documents");
}

/* --- documents -------------------------------------------------------------------------------- */

/* Files beside the document; "-" is standard input, which has none. */
struct folder {
    struct str path; /* ends with a slash, or is empty */
    bool input;
};

static bool read_input(struct arena *mem, struct str *bytes, struct err *err)
{
    CLEANUP(buf_clear) struct buf all = {.limit_bytes = tree_limits_default.bytes};
    for (;;) {
        char *room = buf_room(&all, 65536);
        if (room == NULL)
            return fail(err, ERR_LIMIT, "-", "standard input is larger than %zu bytes",
                        tree_limits_default.bytes);
        ssize_t got = read(STDIN_FILENO, room, 65536);
        if (got < 0)
            return fail(err, ERR_IO, "-", "standard input cannot be read");
        if (got == 0)
            break;
        all.len += (size_t)got;
    }
    *bytes = arena_str(mem, buf_str(&all));
    return true;
}

static bool load(void *context, struct str path, struct arena *mem, struct str *bytes,
                 struct err *err)
{
    const struct folder *folder = context;
    CLEANUP(buf_clear) struct buf all = {0};
    if (folder->input && str_eq(path, STR("-")))
        return read_input(mem, bytes, err);
    if (!file_read(arena_join(mem, folder->path, path).ptr, tree_limits_default.bytes, &all, err))
        return false;
    *bytes = arena_str(mem, buf_str(&all));
    return true;
}

static bool open_document(struct str path, struct arena *mem, struct oas_files **out,
                          struct err *err)
{
    struct folder *folder = arena_new(mem, struct folder);
    size_t slash = path.len;
    while (slash > 0 && path.ptr[slash - 1] != '/')
        slash--;
    folder->path = str_sub(path, 0, slash);
    folder->input = str_eq(path, STR("-"));
    const struct oas_files_config config = {.load = load, .context = folder};
    if (oas_files_open(&config, str_sub(path, slash, path.len), mem, out, err))
        return true;
    if (err->where[0] != '\0' && strncmp(err->where, "line", 4) == 0)
        (void)err_at(err, arena_join(mem, path, STR(" "), str_from(err->where)).ptr);
    return false;
}

static bool read_file(struct str path, struct arena *mem, struct str *out, struct err *err)
{
    CLEANUP(buf_clear) struct buf bytes = {0};
    if (!file_read(str_z(mem, path), 1 << 24, &bytes, err))
        return false;
    *out = arena_str(mem, buf_str(&bytes));
    return true;
}

static bool read_levels(struct asked *asked, struct arena *mem, struct err *err)
{
    struct str text;
    return asked->levels.len == 0 || (read_file(asked->levels, mem, &text, err) &&
                                      diff_overrides_read(text, mem, &asked->options.overrides,
                                                          &asked->options.override_count, err));
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
    if (!read_file(asked->ignore, mem, &ignore, err))
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
    if (!read_words(&asked, words, &err)) {
        command_complain(&err);
        fprintf(stderr, "usage: chancery %s %s\n", self->name, self->arguments);
        return COMMAND_USAGE;
    }
    if (!compare(&asked, &mem, &report, &err)) {
        command_complain(&err);
        return COULD_NOT_RUN;
    }
    const struct diff_names names = {asked.files[0], asked.files[1]};
    diff_render(&report, asked.format, &names, &out);
    fwrite(out.ptr, 1, out.len, stdout);
    for (int level = DIFF_ERR; asked.fail_on != DIFF_NONE && level >= (int)asked.fail_on; level--)
        if (report.levels[level] > 0)
            return COMMAND_FAILED;
    return COMMAND_DONE;
}
