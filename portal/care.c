/* chanceryd init, check and backup: the catalog file without a server. */
#include <stdlib.h>
#include <unistd.h>

#include "catalog/service/service.h"
#include "portal/serve.h"

static const struct log quiet = {.fd = STDERR_FILENO, .least = LOG_ERROR, .clock = &clock_system};

static bool open_catalog(const struct invocation *in, struct arena *mem, struct catalog **out,
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

static int failed(const struct err *err)
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
    struct str code = STR_NONE, url = in->settings.public_url;
    if (!catalog_create(str_z(&mem, in->settings.database), &clock_system, &err) ||
        !open_catalog(in, &mem, &catalog, &err))
        return failed(&err);
    bool made = catalog_change(catalog, setup_code_create, &change, &mem, &code, &err);
    catalog_close(catalog);
    if (!made)
        return failed(&err);
    if (str_ends(url, STR("/")))
        url.len--;
    printf("The catalog is ready: " STR_FMT "\n\n"
           "Start it:  chanceryd serve\n"
           "Then open, within the hour, to make the first administrator:\n\n  " STR_FMT
           "/setup?code=" STR_FMT "\n",
           STR_ARG(in->settings.database), STR_ARG(url), STR_ARG(code));
    return EXIT_SUCCESS;
}

int command_check(const struct invocation *in)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf text = {0};
    struct catalog_report report = {0};
    struct catalog *catalog = NULL;
    struct view *view = NULL;
    struct err err = {0};
    if (in->settings_only) {
        settings_write(&in->settings, &text);
        fwrite(text.ptr, 1, text.len, stdout);
        return EXIT_SUCCESS;
    }
    if (!open_catalog(in, &mem, &catalog, &err))
        return failed(&err);
    bool ok = view_open(catalog, &view, &err) && catalog_check(view, &mem, &report, &err);
    view_close(view);
    catalog_close(catalog);
    if (!ok)
        return failed(&err);
    printf("%lld events, %lld files, %lld rows: %s\n", (long long)report.events,
           (long long)report.files, (long long)report.rows,
           report.problem.ptr ? str_z(&mem, report.problem) : "sound");
    return report.problem.ptr ? EXIT_FAILURE : EXIT_SUCCESS;
}

int command_backup(const struct invocation *in)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct catalog *catalog = NULL;
    struct err err = {0};
    if (in->argc != 1) {
        fputs("chanceryd: backup: name one target file\n", stderr);
        return EXIT_USAGE;
    }
    if (!open_catalog(in, &mem, &catalog, &err))
        return failed(&err);
    bool ok = catalog_backup(catalog, in->argv[0], &err);
    catalog_close(catalog);
    if (!ok)
        return failed(&err);
    printf("copied to %s\n", in->argv[0]);
    return EXIT_SUCCESS;
}
