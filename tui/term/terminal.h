/* What the files of this folder share. */
#ifndef CHANCERY_TERM_TERMINAL_H
#define CHANCERY_TERM_TERMINAL_H

#include <ncurses.h>
#include <termios.h>
#include <wchar.h>

#include "tui/term/term.h"

/* One frame ends with a question; the answer means that it has been drawn. */
struct fence {
    bool answered_once; /* before that nothing waits: not every terminal answers */
    bool off;
    bool waiting;
    int64_t asked_ms;
    int frame_ms;
};

struct tone_look {
    attr_t attrs;
    int pair;
};

struct term {
    SCREEN *screen;
    struct termios cooked;
    int wake[2]; /* signal handlers write, term_wait reads */
    int signal;
    int empty_reads;
    bool ascii;  /* the locale cannot show more */
    bool resize; /* at the next wait */
    bool pasting;
    int cursor_row, cursor_col; /* -1: hidden */
    char notice[120];
    struct fence fence;
    struct tone_look looks[TONE_COUNT];
};

/* text.c: pure */
struct cells {
    wchar_t *out;
    size_t cap, len;
    int cols;
    bool cut; /* more text than columns */
};
/** Decodes text into at most width columns. Needs room for 4 · width + 1 characters. */
void text_cells(struct str text, int width, bool ascii, struct cells *out);

/* paint.c */
void paint_open(struct term *t);
/* frame.c */
void fence_answered(struct term *t);
/* input.c */
void input_open(void);

#define KEY_FENCE       (KEY_MAX + 1)
#define KEY_PASTE_START (KEY_MAX + 2)
#define KEY_PASTE_END   (KEY_MAX + 3)

#endif
