/* The event thread. */
#ifndef CHANCERY_HTTP_LOOP_H
#define CHANCERY_HTTP_LOOP_H

#include "portal/http/server.h"

/** Serves until the server is told to stop, then drains; a thread's main function, whose argument
 * is the server. */
void *loop_run(void *arg);

#endif
