/* `chancery NAME …`: what the console does, for scripts. */
#ifndef CHANCERY_COMMAND_H
#define CHANCERY_COMMAND_H

#include "tui/client/client.h"

enum command_exit {
    COMMAND_DONE = 0,
    COMMAND_FAILED = 1, /* refused, not found, not reached: the reason is on standard error */
    COMMAND_USAGE = 2,
};

/** Runs words[0] with the rest as its arguments, among them options of the server; prints to
 *  standard output, problems to standard error. */
enum command_exit command_run(const struct server_options *options, int count, char **words);
/** An error and its remedy on standard error. */
void command_complain(const struct err *err);
/** One line for each command. */
void command_list(FILE *out);

#endif
