/* chancery test --base URL FILE: calls a server's operations one after the other and judges its
 * answers by the document. Exit 0 when all hold, 1 when one does not, 2 when it could not run. */
#include "tui/command/test.h"

#include "tui/command/operations.h"
#include "tui/command/options.h"

#define COULD_NOT_RUN COMMAND_USAGE
#define MOST_HEADERS  100

/* --- words ------------------------------------------------------------------------------------ */

/* "Name: value", as curl takes it. */
static bool take_header(struct test_asked *asked, struct str line, struct arena *mem,
                        struct err *err)
{
    struct str value = line, name;
    bool named = str_split(&value, ':', &name) && value.ptr != NULL && name.len > 0;
    for (size_t i = 0; i < line.len; i++)
        named = named && (unsigned char)line.ptr[i] >= ' ' && line.ptr[i] != 0x7f;
    if (!named || str_find_char(name, ' ') != SIZE_MAX || asked->headers.len >= MOST_HEADERS)
        return fail(err, ERR_INVALID, "--header", "must be 'Name: value'");
    struct fetch_header header = {name, str_trim(value)};
    vec_push(&asked->headers, mem, header);
    return true;
}

static bool take_timeout(struct test_asked *asked, struct str value, struct err *err)
{
    int64_t ms = 0;
    if (!str_to_i64(value, &ms) || ms < 1 || ms > 3600000)
        return fail(err, ERR_INVALID, "--timeout", "must be 1 to 3600000 milliseconds");
    asked->timeout_ms = (int)ms;
    return true;
}

static bool take_value(struct test_asked *asked, struct str name, struct str value,
                       struct arena *mem, struct err *err)
{
    if (str_eq(name, STR("--header")))
        return take_header(asked, value, mem, err);
    if (str_eq(name, STR("--timeout")))
        return take_timeout(asked, value, err);
    if (str_eq(name, STR("--format")))
        return test_format_parse(value, &asked->format) ||
               fail(err, ERR_INVALID, "--format", "must be text, json or junit");
    if (str_eq(name, STR("--operation")))
        vec_push(&asked->operations, mem, value);
    else if (str_eq(name, STR("--base")))
        asked->base = value;
    else if (str_eq(name, STR("--token-file")))
        asked->server.token_file = value;
    else
        asked->server.ca_file = value;
    return true;
}

static bool take_option(void *context, struct option_reader *reader, struct str name,
                        struct arena *mem, struct err *err)
{
    static const char *const names[] = {"--header", "--timeout",    "--format", "--operation",
                                        "--base",   "--token-file", "--ca"};
    struct test_asked *asked = context;
    struct str value = STR_NONE;
    if (str_eq(name, STR("--unsafe")))
        return asked->unsafe = true;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_eq(name, str_from(names[i])))
            return option_value(reader, name, &value, err) &&
                   take_value(asked, name, value, mem, err);
    return fail(err, ERR_INVALID, str_z(mem, name), "is no option of test");
}

/* --- the whole ---------------------------------------------------------------------------------
 */

static enum command_exit conclude(const struct report *report, enum test_format format)
{
    CLEANUP(buf_clear) struct buf out = {0};
    test_write(report, format, &out);
    if (!print_report(&out))
        return COULD_NOT_RUN;
    if (report->counts[VERDICT_SKIPPED] == report->outcomes.len) {
        fprintf(stderr, "chancery: no operation could be called\n");
        return COULD_NOT_RUN;
    }
    bool held = report->counts[VERDICT_FAILED] + report->counts[VERDICT_ERROR] == 0;
    return held ? COMMAND_DONE : COMMAND_FAILED;
}

enum command_exit run_test(const struct command *self, const struct words *words)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct test_asked asked = {0};
    struct exchange *x = NULL;
    struct err err = {0};
    if (!options_read(words, take_option, &asked, &mem, &asked.file, &err))
        return command_usage(self, &err);
    struct report report = {.document = asked.file};
    if (local_exchange(asked.file, &mem, &x, &err) &&
        operations_known(x, asked.operations.ptr, asked.operations.len, &err) &&
        test_run(&asked, x, &mem, &report, &err))
        return conclude(&report, asked.format);
    command_complain(&err);
    return COULD_NOT_RUN;
}
