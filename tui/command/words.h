/* What the commands share: their words, one question, tables. */
#ifndef CHANCERY_COMMAND_WORDS_H
#define CHANCERY_COMMAND_WORDS_H

#include "tui/client/client.h"
#include "tui/command/command.h"
#include "tui/term/term.h"

#define WORDS_MAX 4

/* A command line, read: the options it takes and what is left. */
struct words {
    struct server_options options; /* as said */
    struct server server;          /* commands that ask one */
    bool json, all, make;
    struct str reason;
    struct str rest[WORDS_MAX];
    size_t count;
    int own_count; /* TAKES_OWN: all words behind the name, for the command to read itself */
    char **own;
};

enum word_option {
    TAKES_JSON = 1,
    TAKES_ALL = 2,
    TAKES_REASON = 4,
    TAKES_NO_SERVER = 8,
    TAKES_OWN = 16,
    TAKES_NEW = 32,
};

struct command {
    const char *name, *arguments, *help;
    size_t words;        /* behind the name, options apart */
    unsigned takes;      /* enum word_option */
    const char *options; /* TAKES_OWN: lines for --help, one an option */
    enum command_exit (*run)(const struct command *self, const struct words *words);
};

enum command_exit run_requests(const struct command *self, const struct words *words);
enum command_exit run_apis(const struct command *self, const struct words *words);
enum command_exit run_proxies(const struct command *self, const struct words *words);
enum command_exit run_route(const struct command *self, const struct words *words);
enum command_exit run_validate(const struct command *self, const struct words *words);
enum command_exit run_lint(const struct command *self, const struct words *words);
enum command_exit run_diff(const struct command *self, const struct words *words);
enum command_exit run_bundle(const struct command *self, const struct words *words);
enum command_exit run_slice(const struct command *self, const struct words *words);
enum command_exit run_examples(const struct command *self, const struct words *words);
enum command_exit run_upload(const struct command *self, const struct words *words);
enum command_exit run_test(const struct command *self, const struct words *words);
enum command_exit run_decision(const struct command *self, const struct words *words);

/** Says on standard error what was wrong with the words (err, unless NULL) and which ones the
 *  command takes. Returns COMMAND_USAGE. */
enum command_exit command_usage(const struct command *self, const struct err *err);

/** Asks; on failure says why on standard error and returns NULL. */
struct client_reply *words_ask(const struct words *words, const char *method, struct str target,
                               struct str body, bool paged);

struct print_column {
    const char *title, *field;
    bool number;
};
/** A list of JSON objects as an aligned table; absent values are "-". */
void print_table(const struct json *first, const struct print_column *columns, size_t count);
void print_json(const struct json *value);
/** Writes out what has come together, and empties it; false when standard output takes no more,
 *  which command_run says. */
bool print_report(struct buf *report);

#endif
