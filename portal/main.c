/* chanceryd: options, settings, and the table of commands. */
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>

#include "portal/serve.h"

struct command {
    const char *name;
    int (*run)(const struct invocation *in);
    const char *arguments, *help;
    bool takes_word; /* behind it; which, is its own affair */
};

static const struct command commands[] = {
    {"serve",   command_serve,   "",               "run the portal, the REST interface and the control plane",        false},
    {"init",    command_init,    "",               "make a new catalog and print a link for the first administrator",
     false                                                                                                                 },
    {"check",   command_check,   "[--settings]",   "verify the catalog file, or only show the settings",
     false                                                                                                                 },
    {"backup",  command_backup,  "FILE",           "copy the catalog, also while it is being served",                 true },
    {"backup",  command_backup,  "--keep N DIR",   "the same under a dated name; keep the newest N",
     true                                                                                                                  },
    {"restore", command_restore, "[--check] FILE",
     "verify a backup and make it the catalog, or only verify",                                                       true },
    {"restart", command_restart, "",               "have a fresh chanceryd take over from the running one",
     false                                                                                                                 },
    {"routes",  command_routes,  "",               "list method, path and operation of every route",                  false},
};

static const struct option options[] = {
    {"config",   required_argument, NULL, 'c'},
    {"set",      required_argument, NULL, 's'},
    {"settings", no_argument,       NULL, 'S'},
    {"check",    no_argument,       NULL, 'k'},
    {"keep",     required_argument, NULL, 'n'},
    {"version",  no_argument,       NULL, 'V'},
    {"help",     no_argument,       NULL, 'h'},
    {NULL,       0,                 NULL, 0  },
};

static void usage(FILE *to)
{
    fputs("usage: chanceryd [--config FILE] [--set NAME=VALUE]… COMMAND\n\n", to);
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        fprintf(to, "  %-8s %-15s %s\n", commands[i].name, commands[i].arguments, commands[i].help);
    fputs("\nThe manual is chanceryd(8).\n", to);
}

void complain(const struct err *err)
{
    fprintf(stderr, "chanceryd: %s%s%s\n", err->where, err->where[0] ? ": " : "", err->msg);
    if (err->hint[0])
        fprintf(stderr, "           %s\n", err->hint);
}

static bool set_one(struct settings *s, const char *text, struct arena *mem, struct err *err)
{
    struct str value = str_from(text), name;
    (void)str_split(&value, '=', &name);
    if (value.ptr == NULL) {
        (void)fail(err, ERR_INVALID, "--set", "no '=' in \"%s\"", text);
        return err_hint(err, "write --set name=value");
    }
    return settings_set(s, str_trim(name), value, mem, err);
}

/* -1: go on; else the exit status. */
static int read_options(int argc, char **argv, struct invocation *in, struct arena *mem)
{
    struct err err = {0};
    bool ok = true;
    int option;
    while (ok && (option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
        switch (option) {
        case 'c':
            ok = settings_read(&in->settings, optarg, mem, &err);
            break;
        case 's':
            ok = set_one(&in->settings, optarg, mem, &err);
            break;
        case 'S':
            in->settings_only = true;
            break;
        case 'k':
            in->check_only = true;
            break;
        case 'n':
            in->keep = optarg;
            break;
        case 'V':
            puts("chanceryd " CHANCERY_VERSION);
            return EXIT_SUCCESS;
        case 'h':
            usage(stdout);
            return EXIT_SUCCESS;
        default: /* '?', or ':' without its value; the colon above keeps getopt from telling it */
            fprintf(stderr, "chanceryd: %s: %s\n", argv[optind - 1],
                    option == ':' ? "needs a value" : "is no option");
            usage(stderr);
            return EXIT_USAGE;
        }
    }
    if (ok && settings_check(&in->settings, &err))
        return -1;
    complain(&err);
    return EXIT_USAGE;
}

/* A word too many may be a file that somebody means to have looked at. */
static int run(const struct command *command, const struct invocation *in)
{
    if (in->argc == 0 || command->takes_word)
        return command->run(in);
    fprintf(stderr, "chanceryd: %s: takes no \"%s\"\n", command->name, in->argv[0]);
    if (command->run == command_check)
        fputs("           another file is checked with --set database=FILE\n", stderr);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct invocation in = {0};
    settings_init(&in.settings);
    signal(SIGPIPE, SIG_IGN);
    if (!crypto_init()) {
        fputs("chanceryd: libsodium does not start\n", stderr);
        return EXIT_FAILURE;
    }
    int status = read_options(argc, argv, &in, &mem);
    if (status >= 0)
        return status;
    if (optind >= argc) {
        usage(stderr);
        return EXIT_USAGE;
    }
    in.words = argv;
    in.argc = argc - optind - 1;
    in.argv = argv + optind + 1;
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        if (strcmp(commands[i].name, argv[optind]) == 0)
            return run(&commands[i], &in);
    fprintf(stderr, "chanceryd: no command is called \"%s\"\n", argv[optind]);
    usage(stderr);
    return EXIT_USAGE;
}
