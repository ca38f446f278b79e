/* `chancery NAME …`: what the console does, for scripts. */
#ifndef CHANCERY_COMMAND_H
#define CHANCERY_COMMAND_H

#include "catalog/base/base.h"

enum command_exit {
    COMMAND_DONE = 0,
    COMMAND_FAILED = 1, /* refused, not found, not reached: the reason is on standard error */
    COMMAND_USAGE = 2,
};

/** Runs words[0] with the rest as its arguments; prints to standard output, problems to standard
 *  error. */
enum command_exit command_run(struct str address, int count, char **words);
/** One line for each command. */
void command_list(FILE *out);

#endif
