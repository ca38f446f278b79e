/* chanceryd init and check, and how the commands reach the catalog: its file, or who serves it. */
#include <stdlib.h>
#include <unistd.h>

#include "catalog/service/service.h"
#include "fetch/fetch.h"
#include "portal/care.h"

#define SERVER_TIMEOUT_MS 600000

static const struct log quiet = {.fd = STDERR_FILENO, .least = LOG_ERROR, .clock = &clock_system};

bool care_open(const struct invocation *in, struct arena *mem, struct catalog **out,
               struct err *err)
{
    const struct catalog_config config = {
        .path = str_z(mem, in->settings.database), .clock = &clock_system, .log = &quiet};
    if (catalog_open(&config, out, err))
        return true;
    if (err->code == ERR_NOT_FOUND)
        (void)err_hint(err, "make it with: chanceryd init");
    return false;
}

bool care_ask(const struct invocation *in, const char *target, struct str body, struct arena *mem,
              struct json **out, struct err *err)
{
    const struct fetch_header json = {STR("Content-Type"), STR("application/json")};
    const struct fetch_request request = {
        .address = arena_join(mem, STR("unix:"), in->settings.socket),
        .method = "POST",
        .target = str_from(target),
        .headers = &json,
        .header_count = 1,
        .body = body,
        .timeout_ms = SERVER_TIMEOUT_MS,
        .peer = "chanceryd",
    };
    struct fetch_answer answer = {0};
    struct fetch *client = fetch_new();
    bool ok =
        fetch_send(client, &request, mem, &answer, err) && json_parse(answer.body, mem, out, err);
    fetch_free(client);
    if (!ok || answer.status == 200)
        return ok;
    struct str detail = json_get_str(*out, "detail");
    return fail(err, ERR_CONFLICT, "", STR_FMT, STR_ARG(detail));
}

int care_failed(const struct err *err)
{
    complain(err);
    return EXIT_FAILURE;
}

int command_init(const struct invocation *in)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct change change = {.by = &principal_internal, .if_match = IF_MATCH_NONE};
    struct catalog *catalog = NULL;
    struct err err = {0};
    struct str code = STR_NONE, url = settings_url(&in->settings, 0, &mem);
    if (!catalog_create(str_z(&mem, in->settings.database), &clock_system, &err) ||
        !care_open(in, &mem, &catalog, &err)) {
        if (err.code == ERR_IO && err.hint[0] == '\0')
            (void)err_hint(&err,
                           "the directory must exist and belong to the account that will serve");
        return care_failed(&err);
    }
    bool made = catalog_change(catalog, setup_code_create, &change, &mem, &code, &err);
    catalog_close(catalog);
    if (!made)
        return care_failed(&err);
    if (str_ends(url, STR("/")))
        url.len--;
    printf("The catalog is ready: " STR_FMT "\n\nStart it:  ", STR_ARG(in->settings.database));
    for (char *const *word = in->words; word < in->argv - 1; word++) /* with the same options */
        printf("%s ", *word);
    printf("serve\n"
           "Then open, within the hour, to make the first administrator:\n\n  " STR_FMT
           "/setup?code=" STR_FMT "\n",
           STR_ARG(url), STR_ARG(code));
    return EXIT_SUCCESS;
}

static int print_report(const struct catalog_report *report, struct arena *mem)
{
    printf("%lld events, %lld files, %lld rows: %s\n", (long long)report->events,
           (long long)report->files, (long long)report->rows,
           report->problem.ptr ? str_z(mem, report->problem) : "sound");
    return report->problem.ptr ? EXIT_FAILURE : EXIT_SUCCESS;
}

static bool check_served(const struct invocation *in, struct arena *mem,
                         struct catalog_report *report, struct err *err)
{
    struct json *answer = NULL;
    if (!care_ask(in, "/v1/check", STR("{}"), mem, &answer, err))
        return false;
    report->events = json_get_i64(answer, "events", 0);
    report->files = json_get_i64(answer, "files", 0);
    report->rows = json_get_i64(answer, "rows", 0);
    report->problem = json_get_str(answer, "problem");
    return true;
}

static bool check_file(struct catalog *catalog, struct arena *mem, struct catalog_report *report,
                       struct err *err)
{
    struct view *view = NULL;
    bool ok = view_open(catalog, &view, err) && catalog_check(view, mem, report, err);
    view_close(view);
    return ok;
}

int command_check(const struct invocation *in)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf text = {0};
    struct catalog_report report = {0};
    struct catalog *catalog = NULL;
    struct err err = {0};
    if (in->settings_only) {
        settings_write(&in->settings, &text);
        fwrite(text.ptr, 1, text.len, stdout);
        return EXIT_SUCCESS;
    }
    bool ok = care_open(in, &mem, &catalog, &err);
    if (ok)
        ok = check_file(catalog, &mem, &report, &err);
    else if (err.code == ERR_BUSY)
        ok = check_served(in, &mem, &report, &err);
    catalog_close(catalog);
    return ok ? print_report(&report, &mem) : care_failed(&err);
}
