/* A program in a pseudo-terminal whose screen is libvterm's: what a person would see, and the bytes
 * that made it. */
#ifndef CHANCERY_SCREEN_TERMINAL_H
#define CHANCERY_SCREEN_TERMINAL_H

#include "catalog/base/base.h"

struct terminal;

/** Starts words[0] on rows × cols. environment: "NAME=value" strings on top of a plain UTF-8
 *  xterm-256color, NULL at the end (or NULL). NULL when that fails. */
struct terminal *terminal_start(int rows, int cols, const char *const *environment,
                                char *const *words);
/** Ends the program if it still runs. */
void terminal_free(struct terminal *t);

/** Reads what the program writes for at most timeout_ms: false when nothing came. */
bool terminal_pump(struct terminal *t, int timeout_ms);
/** Reads until nothing has come for quiet_ms. */
void terminal_settle(struct terminal *t, int quiet_ms);
/** The descriptor to wait for. */
int terminal_fd(const struct terminal *t);

/** Waits until text is on the screen; its row, or -1. */
int terminal_wait(struct terminal *t, const char *text, int timeout_ms);
/** Waits until it is not. */
bool terminal_wait_gone(struct terminal *t, const char *text, int timeout_ms);
/** Waits until the whole screen reads so, as terminal_screen() tells it: false after timeout_ms. */
bool terminal_wait_screen(struct terminal *t, struct str screen, int timeout_ms);
/** The row that shows text now, or -1. */
int terminal_find(struct terminal *t, const char *text);
/** One row as UTF-8, blanks at its end cut. */
struct str terminal_row(struct terminal *t, int row, struct arena *mem);
/** All rows, one line each. */
struct str terminal_screen(struct terminal *t, struct arena *mem);
/** True when the cell is drawn in reverse. */
bool terminal_reverse(struct terminal *t, int row, int col);
bool terminal_alternate(const struct terminal *t);

void terminal_type(struct terminal *t, struct str utf8);
/** ENTER ESC TAB BACKTAB BACKSPACE DELETE UP DOWN LEFT RIGHT HOME END PGUP PGDN, ^X; false for an
 *  unknown name. */
bool terminal_key(struct terminal *t, struct str name);
/** Bytes as they are. */
void terminal_send(struct terminal *t, struct str bytes);
void terminal_resize(struct terminal *t, int rows, int cols);

/** All bytes the program has written so far. */
struct str terminal_bytes(const struct terminal *t);
void terminal_signal(struct terminal *t, int number);
/** Waits for the program's end; its status as of waitpid. */
bool terminal_wait_exit(struct terminal *t, int timeout_ms, int *status);
/** True when the line discipline is as a shell wants it. */
bool terminal_cooked(const struct terminal *t);
/** Closes the terminal under the program, as a lost connection does. */
void terminal_hang_up(struct terminal *t);

#endif
