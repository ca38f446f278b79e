/* chancery: the console on a terminal, commands for scripts. */
#include <locale.h>

#include "tui/client/client.h"
#include "tui/command/command.h"
#include "tui/view/view.h"

static void usage(FILE *out)
{
    fprintf(out,
            "usage: chancery [OPTION …]                    the console, on a terminal\n"
            "       chancery [OPTION …] COMMAND [WORD …]   one command\n"
            "       chancery --version | --help\n\n"
            "--socket PATH      chanceryd's socket on this machine; default: $CHANCERY_SOCKET,\n"
            "                   else /run/chancery/chancery.sock\n"
            "--url ADDRESS      chanceryd elsewhere, https://host; default: $CHANCERY_URL\n"
            "--token-file FILE  a personal token, readable by its owner only;\n"
            "                   default: $CHANCERY_TOKEN_FILE\n"
            "--ca FILE          issuers to trust in place of the system's (PEM);\n"
            "                   default: $CHANCERY_CA\n\ncommands:\n");
    command_list(out);
    fprintf(out,
            "\nexit status: 0 done, 1 refused or not reached, 2 not understood; of commands that\n"
            "judge documents: 0 nothing to say, 1 something, 2 could not run\n");
}

struct options {
    struct server_options server;
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
        else if (!server_option(argc, argv, &i, &out->server)) {
            fprintf(stderr, "chancery: %s: is no option, or lacks its value\n", argv[i]);
            return false;
        }
    }
    out->words = i;
    return true;
}

static int run_console(const struct server_options *options)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct server server = {0};
    struct err err = {0};
    int status = COMMAND_USAGE;
    if (!server_find(options, &mem, &server, &err)) {
        command_complain(&err);
        return err.code == ERR_INVALID ? COMMAND_USAGE : COMMAND_FAILED;
    }
    if (console_run(&server, &status, &err))
        return status;
    fprintf(stderr, "chancery: %s\nThe console needs a terminal; these commands do not:\n",
            err.msg);
    command_list(stderr);
    return status;
}

int main(int argc, char **argv)
{
    struct options options = {0};
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
    if (options.words < argc)
        return (int)command_run(&options.server, argc - options.words, argv + options.words);
    server_environment(&options.server);
    return run_console(&options.server);
}
