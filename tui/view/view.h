/* The console: views over chanceryd's lists and figures, one action table for keys, help, hints and
 * commands. */
#ifndef CHANCERY_VIEW_H
#define CHANCERY_VIEW_H

#include "tui/client/client.h"

/** Runs until the user leaves or a signal ends it; the terminal is as before then. Returns the exit
 *  status: 0, or 128 + the signal's number. err: ERR_INVALID when this is no terminal to draw on
 *  (*status is 2 then). */
MUST_USE bool console_run(const struct server *server, int *status, struct err *err);

#endif
