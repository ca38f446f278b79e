/* The programs of chanceryd, one function each: what main.c's table calls. All return an exit
 * status. */
#ifndef CHANCERY_SERVE_H
#define CHANCERY_SERVE_H

#include "portal/settings.h"

/** What every command is given: checked settings and the words behind the options. */
struct invocation {
    struct settings settings;
    char *const *words; /* the whole command line */
    int argc;
    char **argv;
    bool settings_only; /* check --settings */
};

int command_serve(const struct invocation *in);
int command_init(const struct invocation *in);
int command_check(const struct invocation *in);
int command_backup(const struct invocation *in);
int command_restart(const struct invocation *in);
int command_routes(const struct invocation *in);

/** Prints "chanceryd: WHERE: MESSAGE" and the hint to standard error. */
void complain(const struct err *err);

#define EXIT_USAGE      2
#define EXIT_NOT_SERVED 3 /* restart: there is nobody to take over from */

#endif
