/* chancery lint FILE …: judges documents by a ruleset. Local: no server is asked, nothing is
 * fetched. Exit 0, or 1 when a finding reaches the threshold, or 2 when it could not run. */
#include <unistd.h>

#include "catalog/lint/lint.h"
#include "tui/command/local.h"
#include "tui/command/options.h"

#define MOST_RULESET_BYTES ((size_t)10 << 20)

struct asked {
    struct lint_ruleset_config config;
    struct str ruleset;
    enum lint_format format;
    enum severity fail_severity;
    const struct str *files;
    size_t count;
};

/* --- words ------------------------------------------------------------------------------------ */

static bool set_severity(void *context, struct str value)
{
    struct asked *asked = context;
    static const char *const names[] = {"error", "warn", "info", "hint"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_eq(value, str_from(names[i]))) {
            asked->fail_severity = (enum severity)i;
            return true;
        }
    return false;
}

static bool set_rules(void *context, struct str value)
{
    struct asked *asked = context;
    asked->config.all = str_eq(value, STR("all"));
    return asked->config.all || str_eq(value, STR("recommended"));
}

static bool set_compat(void *context, struct str value)
{
    struct asked *asked = context;
    asked->config.compat_spectral = str_eq(value, STR("spectral"));
    return asked->config.compat_spectral;
}

static bool set_format(void *context, struct str value)
{
    struct asked *asked = context;
    return lint_format_named(value, &asked->format);
}

static bool set_ruleset(void *context, struct str value)
{
    struct asked *asked = context;
    asked->ruleset = value;
    return value.len > 0;
}

static const struct option options[] = {
    {"--ruleset",       "a file, spectral:oas, owasp or chancery",       set_ruleset },
    {"--rules",         "recommended or all",                            set_rules   },
    {"--compat",        "spectral",                                      set_compat  },
    {"--format",        "text, tsv, json, sarif, junit, github or html", set_format  },
    {"--fail-severity", "error, warn, info or hint",                     set_severity},
};

static bool read_words(struct asked *asked, const struct words *words, struct arena *mem,
                       struct err *err)
{
    struct option_reader reader = {.words = words, .one_dash = true};
    struct str *files = arena_array(mem, struct str, (size_t)words->own_count + 1);
    struct str name, file;
    while (option_next(&reader, &name, &file))
        if (name.ptr == NULL)
            files[asked->count++] = file;
        else if (!option_set(&reader, name, options, COUNT_OF(options), asked, "lint", err))
            return false;
    asked->files = files;
    return asked->count > 0 || fail(err, ERR_INVALID, "lint", "needs a document");
}

/* --- files ------------------------------------------------------------------------------------ */

static bool load_ruleset(void *context, struct str path, struct arena *mem, struct str *bytes,
                         struct err *err)
{
    struct str name;
    UNUSED(context);
    return local_read(path, MOST_RULESET_BYTES, mem, bytes, NULL, &name, err);
}

/* --- running ---------------------------------------------------------------------------------- */

static void progress(const struct asked *asked, size_t at)
{
    if (asked->count < 2 || !isatty(STDERR_FILENO))
        return;
    if (at < asked->count)
        fprintf(stderr, "\r\033[K[%zu/%zu] " STR_FMT, at + 1, asked->count,
                STR_ARG(asked->files[at]));
    else
        fprintf(stderr, "\r\033[K");
}

/* A document that is read but broken has a finding; one that is not there ends the run. */
static bool judge(const struct lint_ruleset *ruleset, struct str path, struct arena *mem,
                  struct lint_report *out, struct err *err)
{
    CLEANUP(arena_clear) struct arena own = {0};
    struct oas_files *files = NULL;
    if (local_open(path, &own, &files, err))
        return lint_run(ruleset, files, path, mem, out, err);
    if (strncmp(err->where, "line", 4) != 0)
        return false;
    lint_unreadable(path, err, mem, out);
    *err = (struct err){0};
    return true;
}

static bool judge_all(const struct asked *asked, struct arena *mem, struct lint_report *reports,
                      struct err *err)
{
    struct lint_ruleset *ruleset = NULL;
    if (!lint_ruleset_read(asked->ruleset, &asked->config, mem, &ruleset, err))
        return false;
    for (size_t i = 0; i < asked->count; i++) {
        progress(asked, i);
        if (!judge(ruleset, asked->files[i], mem, &reports[i], err)) {
            progress(asked, asked->count);
            return false;
        }
    }
    progress(asked, asked->count);
    return true;
}

static bool reaches(const struct asked *asked, const struct lint_report *reports)
{
    for (size_t i = 0; i < asked->count; i++)
        for (size_t s = 0; s <= (size_t)asked->fail_severity; s++)
            if (reports[i].by_severity[s] > 0)
                return true;
    return false;
}

enum command_exit run_lint(const struct command *self, const struct words *words)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf out = {0};
    CLEANUP(buf_clear) struct buf told = {0};
    struct asked asked = {.ruleset = STR("spectral:oas"),
                          .config = {.load = load_ruleset},
                          .fail_severity = SEVERITY_ERROR};
    struct err err = {0};
    if (!read_words(&asked, words, &mem, &err))
        return command_usage(self, &err);
    struct lint_report *reports = arena_array(&mem, struct lint_report, asked.count);
    if (!judge_all(&asked, &mem, reports, &err)) {
        command_complain(&err);
        return COMMAND_USAGE;
    }
    lint_write_skips(asked.format, reports, asked.count, &told);
    fprintf(stderr, STR_FMT, STR_ARG(buf_str(&told)));
    lint_write(asked.format, reports, asked.count, &out);
    if (!print_report(&out))
        return COMMAND_USAGE;
    return reaches(&asked, reports) ? COMMAND_FAILED : COMMAND_DONE;
}
