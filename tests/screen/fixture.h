/* The real console before a server with canned answers. */
#ifndef CHANCERY_SCREEN_FIXTURE_H
#define CHANCERY_SCREEN_FIXTURE_H

#include "tests/screen/canned.h"
#include "tests/screen/terminal.h"
#include "tests/unit/test.h"

#define WAIT_MS 10000

/* Answers with one request waiting, the same decided, and what nobody should show as it is. */
extern const struct canned_answer answers_pending[], answers_approved[], answers_hostile[],
    answers_long[], answers_silent[], answers_no_figures[], answers_refusing[], answers_failing[];

/* Of the API of answers_long: longer than its column is at most. */
#define LONG_NAME "an-api-with-a-name-of-its-own-that-is-as-long-as-a-slug-may-be"

struct fixture {
    char folder[64], socket[96];
    struct canned *server;
    struct terminal *terminal;
};

/** A console on rows × cols; answers NULL: no server yet. environment as of terminal_start. */
void fixture_open(struct fixture *f, const struct canned_answer *answers, int rows, int cols,
                  const char *const *environment);
void fixture_close(struct fixture *f);
#define FIXTURE CLEANUP(fixture_close) struct fixture
/** Types keys; waits for text. */
void fixture_type(struct fixture *f, const char *keys);
void fixture_key(struct fixture *f, const char *name);
bool fixture_shows(struct fixture *f, const char *text);
/** The screen equals tests/data/screen/NAME; CHANCERY_ACCEPT=1 writes it instead. */
void fixture_golden(struct fixture *f, const char *name);
#define CHECK_SHOWS(f, text) CHECK(fixture_shows((f), (text)))

#endif
