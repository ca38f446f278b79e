/* The words of a command that reads its own: options and documents. */
#ifndef CHANCERY_COMMAND_OPTIONS_H
#define CHANCERY_COMMAND_OPTIONS_H

#include "tui/command/words.h"

/** Where reading is. */
struct option_reader {
    const struct words *words;
    bool one_dash;    /* "-x" is an option, too, not a document of that name */
    int at;           /* of the next word */
    bool documents;   /* "--" has come: only documents follow */
    struct str value; /* behind the option's '=', else absent */
};

/** The next word: an option's name ("--base"), or, with name absent, a document. False at the end.
 */
bool option_next(struct option_reader *r, struct str *name, struct str *document);
/** The value of the option just read: behind its '=', else the next word. err: ERR_INVALID. */
MUST_USE bool option_value(struct option_reader *r, struct str name, struct str *out,
                           struct err *err);

/** An option that takes a value. */
struct option {
    const char *name, *values;                    /* "--format", "json or yaml" */
    bool (*set)(void *context, struct str value); /* false: not one of values */
};
/** Sets the option just read by its row. err: ERR_INVALID, also when there is no such row. */
MUST_USE bool option_set(struct option_reader *r, struct str name, const struct option *options,
                         size_t count, void *context, const char *command, struct err *err);

/** Takes the option of that name ("--base"). err: ERR_INVALID, also for one that is not known. */
typedef bool option_take(void *context, struct option_reader *r, struct str name, struct arena *mem,
                         struct err *err);
/** Reads all words of a command on one document: options by take. err: ERR_INVALID. */
MUST_USE bool options_read(const struct words *words, option_take *take, void *context,
                           struct arena *mem, struct str *document, struct err *err);

#endif
