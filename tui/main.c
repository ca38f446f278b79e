/* chancery: the console on a terminal, commands for scripts. */
#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

#include "tui/client/client.h"
#include "tui/command/command.h"
#include "tui/view/view.h"

#define DEFAULT_SOCKET "/run/chancery/chancery.sock"

static void usage(FILE *out)
{
    fprintf(out,
            "usage: chancery [--socket PATH]                    the console, on a terminal\n"
            "       chancery [--socket PATH] COMMAND [WORD …]   one command\n"
            "       chancery --version | --help\n\n"
            "--socket PATH  chanceryd's socket, or its address (https://…);\n"
            "               default: $CHANCERY_SOCKET, else " DEFAULT_SOCKET "\n\ncommands:\n");
    command_list(out);
    fprintf(out, "\nexit status: 0 done, 1 refused or not reached, 2 not understood\n");
}

struct options {
    const char *socket;
    bool help, version;
    int words; /* where the command begins */
};

static bool read_options(int argc, char **argv, struct options *out)
{
    int i = 1;
    for (; i < argc && argv[i][0] == '-'; i++) {
        struct str word = str_from(argv[i]);
        if (str_eq(word, STR("--help")))
            out->help = true;
        else if (str_eq(word, STR("--version")))
            out->version = true;
        else if (str_eq(word, STR("--socket")) && i + 1 < argc)
            out->socket = argv[++i];
        else if (str_starts(word, STR("--socket=")))
            out->socket = argv[i] + 9;
        else
            return false;
    }
    out->words = i;
    return true;
}

static int run_console(struct str address)
{
    struct err err = {0};
    int status = COMMAND_USAGE;
    if (console_run(address, &status, &err))
        return status;
    fprintf(stderr, "chancery: %s\nThe console needs a terminal; these commands do not:\n",
            err.msg);
    command_list(stderr);
    return status;
}

int main(int argc, char **argv)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const char *from_environment = getenv("CHANCERY_SOCKET");
    struct options options = {.socket = from_environment && from_environment[0] ? from_environment
                                                                                : DEFAULT_SOCKET};
    (void)setlocale(LC_ALL, "");
    if (!read_options(argc, argv, &options)) {
        usage(stderr);
        return COMMAND_USAGE;
    }
    if (options.help) {
        usage(stdout);
        return COMMAND_DONE;
    }
    if (options.version) {
        puts("chancery " CHANCERY_VERSION);
        return COMMAND_DONE;
    }
    struct str address = client_address(&mem, str_from(options.socket));
    if (options.words < argc)
        return (int)command_run(address, argc - options.words, argv + options.words);
    return run_console(address);
}
