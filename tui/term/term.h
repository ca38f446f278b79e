/* The terminal: the only folder that knows ncurses. Opens and restores it, draws sanitised text in
 * tones, reads keys, waits. All of it belongs to the main thread. */
#ifndef CHANCERY_TERM_H
#define CHANCERY_TERM_H

#include "catalog/base/base.h"

struct term;

/* --- life ---------------------------------------------------------------------------------------
 */

/** Takes standard input and output as the screen: alternate screen, raw keys, handlers for every
 *  signal that would leave a spoilt terminal. An unknown TERM falls back (term_notice says so).
 *  err: ERR_INVALID when this is no terminal that can be drawn on. */
MUST_USE bool term_open(struct term **out, struct err *err);
/** Puts everything back; NULL is accepted. */
void term_close(struct term *t);
/** Puts the terminal back, stops the process (^Z) and takes the terminal again when it goes on. */
void term_suspend(struct term *t);
/** One line about the terminal that the user should see once, or NULL. */
const char *term_notice(const struct term *t);

/* --- waiting ------------------------------------------------------------------------------------
 */

enum term_wake {
    TERM_INPUT = 1 << 0,   /* keys are there: term_key */
    TERM_RESIZED = 1 << 1, /* the new size is in force */
    TERM_OTHER = 1 << 2,   /* the caller's descriptor is readable */
    TERM_SIGNAL = 1 << 3,  /* end now: term_signal names the signal */
    TERM_HANGUP = 1 << 4,  /* the terminal has gone: end without drawing */
    TERM_STOP = 1 << 5,    /* somebody asked for a suspension */
};

/** Sleeps until one of those or timeout_ms has passed (-1: no limit); 0 after a timeout. */
unsigned term_wait(struct term *t, int other_fd, int timeout_ms);
/** The signal that asked the program to end, or 0. */
int term_signal(const struct term *t);

/* --- keys ---------------------------------------------------------------------------------------
 */

/* Characters are their code point, ^A is 1. */
#define TERM_KEYS(X)                                                                            \
    X(ENTER, "ENTER")                                                                           \
    X(ESC, "ESC")                                                                               \
    X(TAB, "TAB")                                                                               \
    X(BACKTAB, "BACKTAB")                                                                       \
    X(BACKSPACE, "BACKSPACE") X(DELETE, "DELETE") X(UP, "UP") X(DOWN, "DOWN") X(LEFT, "LEFT")   \
        X(RIGHT, "RIGHT") X(HOME, "HOME") X(END, "END") X(PAGE_UP, "PGUP") X(PAGE_DOWN, "PGDN") \
            X(SPACE_COUNT, "")
#define TERM_KEY_ENUM(name, text) TERM_KEY_##name,
enum term_key_code { TERM_KEY_BASE = 0x110000, TERM_KEYS(TERM_KEY_ENUM) };
#undef TERM_KEY_ENUM

struct term_key {
    uint32_t code;
    bool pasted; /* came as pasted text: never a command */
};

/** The next key typed, false when there is none now. */
bool term_key(struct term *t, struct term_key *out);
/** The code of "j", "^F", "ENTER" …; 0 when there is no such key. */
uint32_t term_key_parse(struct str name);

/* --- drawing ------------------------------------------------------------------------------------
 */

/* What text means; colours and attributes follow from it and from what the terminal can. */
enum term_tone {
    TONE_TEXT,
    TONE_DIM,
    TONE_TITLE,
    TONE_HEAD,
    TONE_GOOD,
    TONE_WARN,
    TONE_BAD,
    TONE_KEY,
    TONE_SELECTED,
    TONE_COUNT
};

enum term_glyph {
    GLYPH_MARK,
    GLYPH_CRUMB,
    GLYPH_LIVE,
    GLYPH_GOOD,
    GLYPH_WARN,
    GLYPH_BAD,
    GLYPH_NONE,
    GLYPH_RISING,
    GLYPH_FALLING,
    GLYPH_ACROSS,
    GLYPH_DOWN,
    GLYPH_TOP_LEFT,
    GLYPH_TOP_RIGHT,
    GLYPH_BOTTOM_LEFT,
    GLYPH_BOTTOM_RIGHT,
    GLYPH_CUT,
    GLYPH_COUNT
};

int term_rows(const struct term *t);
int term_cols(const struct term *t);
/** False while the last frame is still on its way over a slow link: draw later. */
bool term_ready(struct term *t);
/** ms from the last frame's end until the terminal had drawn it, 0 when it does not tell. */
int term_frame_ms(const struct term *t);
void term_begin(struct term *t);
void term_end(struct term *t);
/** Draws UTF-8 text of anybody's making into at most width columns of one row; what cannot be shown
 *  safely (controls, bidirectional marks, bad bytes) becomes one replacement character, what does
 *  not fit ends in a cut mark. Places outside the screen are clipped. Returns the columns used. */
int term_put(struct term *t, int row, int col, int width, enum term_tone tone, struct str text);
/** Columns the text would use. */
int term_width(const struct term *t, struct str text);
/** The same text made safe for printing without a screen; *cols is its width. */
struct str term_plain(struct arena *mem, struct str text, int *cols);
/** Blanks, or a line of one glyph. */
void term_fill(struct term *t, int row, int col, int width, enum term_tone tone,
               enum term_glyph glyph);
struct str term_glyph(const struct term *t, enum term_glyph glyph);
/** Where the cursor stands after the frame (an input field); else it is hidden. */
void term_cursor(struct term *t, int row, int col);
/** Redraws everything with the next frame (^L). */
void term_redraw(struct term *t);

#endif
