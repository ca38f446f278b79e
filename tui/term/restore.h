/* Signals and what a crash handler must put back. */
#ifndef CHANCERY_TERM_RESTORE_H
#define CHANCERY_TERM_RESTORE_H

#include <termios.h>

#include "catalog/base/base.h"

/** From now on a crash writes these bytes to fd and sets cooked; ordinary signals become one byte
 *  each in the pipe at wake_fd. */
void restore_arm(int fd, const struct termios *cooked, struct str bytes, int wake_fd);
/** Puts the former handlers back. */
void restore_disarm(void);

#endif
