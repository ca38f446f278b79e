/* The table of commands and how their words are read. */
#include <signal.h>

#include "tui/command/words.h"

/* What --help says of options; each is in chancery(1), too. */
#define VALIDATE_OPTIONS "--schema SCHEMA   judge any JSON or YAML file by a JSON Schema\n"
#define LINT_OPTIONS                                                                  \
    "--ruleset RULESET       a file, spectral:oas (the default), owasp or chancery\n" \
    "--rules WHICH           recommended or all\n"                                    \
    "--compat spectral       judge only what Spectral would\n"                        \
    "--format FORMAT         text, tsv, json, sarif, junit, github or html\n"         \
    "--fail-severity LEVEL   exit 1 from error (the default), warn, info or hint on\n"
#define DIFF_OPTIONS                                                                    \
    "--format FORMAT             text, tsv, json, markdown, html, junit or github\n"    \
    "--fail-on LEVEL             ERR, WARN or INFO: exit 1 from there on\n"             \
    "--levels FILE               lines of an id and the level it has here\n"            \
    "--ignore FILE               lines that approve findings, by fingerprint or text\n" \
    "--compat oasdiff            answer as oasdiff does\n"                              \
    "--deprecation-days-stable DAYS, --deprecation-days-beta DAYS\n"                    \
    "                            days between deprecation and sunset\n"                 \
    "--stability-level LEVEL     leave out what is below draft, alpha, beta (the\n"     \
    "                            default) or stable\n"                                  \
    "--match-path REGEX, --unmatch-path REGEX, --filter-extension REGEX\n"              \
    "                            which paths are compared, which x- fields leave out\n" \
    "--prefix-base TEXT, --prefix-revision TEXT, --strip-prefix-base TEXT,\n"           \
    "--strip-prefix-revision TEXT\n"                                                    \
    "                            change the front of paths first\n"                     \
    "--include-path-params, --match-inline-refs=false,\n"                               \
    "--case-insensitive-headers=false\n"                                                \
    "                            how paths, branches and headers are told apart\n"      \
    "--flatten-allof, --flatten-params, --auto-upgrade\n"                               \
    "                            with --compat only\n"
#define BUNDLE_OPTIONS                                                \
    "--format FORMAT   json or yaml; as the document is without it\n" \
    "--output FILE     write there, not to standard output\n"
#define SLICE_OPTIONS                                                               \
    "--tag TAG               operations with this tag; may be repeated\n"           \
    "--operation OPERATION   this: operationId or \"GET /pets\"; may be repeated\n" \
    "--format FORMAT         json or yaml; as the document is without it\n"         \
    "--output FILE           write there, not to standard output\n"
#define EXAMPLES_OPTIONS                                                                 \
    "--operation OPERATION   only this: operationId or \"GET /pets\"; may be repeated\n" \
    "--format FORMAT         text or json\n"
#define TEST_OPTIONS                                                                     \
    "--base URL              what stands before the paths: http://host:port/v1\n"        \
    "--operation OPERATION   only this: operationId or \"GET /pets\"; may be repeated\n" \
    "--unsafe                call operations that change something, too\n"               \
    "--header 'Name: value'  send it with each request; may be repeated\n"               \
    "--token-file FILE       a token to send as Authorization: Bearer\n"                 \
    "--ca FILE               issuers to trust in place of the system's (PEM)\n"          \
    "--format FORMAT         text, json or junit\n"                                      \
    "--timeout MS            for each call; 10000 without it\n"

/* name, arguments, help, words, what it takes, options for --help, what it does */
#define COMMAND(...) \
    {                \
        __VA_ARGS__  \
    }
static const struct command commands[] = {
    COMMAND("requests", "[--all] [--json]", "requests for access that wait; --all: every state", 0,
            TAKES_JSON | TAKES_ALL, NULL, run_requests),
    COMMAND("apis", "[--json]", "the catalog", 0, TAKES_JSON, NULL, run_apis),
    COMMAND("proxies", "[--json]", "gateways, their state and traffic", 0, TAKES_JSON, NULL,
            run_proxies),
    COMMAND("approve", "ID [--reason TEXT]", "approve a request", 1, TAKES_REASON, NULL,
            run_decision),
    COMMAND("reject", "ID --reason TEXT", "reject a request", 1, TAKES_REASON, NULL, run_decision),
    COMMAND("revoke", "ID --reason TEXT", "take an approved access away", 1, TAKES_REASON, NULL,
            run_decision),
    COMMAND("upload", "[--new] [--json] API VERSION FILE",
            "a document into the catalog; --new: makes the version", 3, TAKES_JSON | TAKES_NEW,
            NULL, run_upload),
    COMMAND("route", "FILE METHOD PATH", "which operation of a document serves a request", 3,
            TAKES_NO_SERVER, NULL, run_route),
    COMMAND("validate", "[--schema SCHEMA] FILE",
            "is a document well formed, or as a schema has it", 0, TAKES_NO_SERVER | TAKES_OWN,
            VALIDATE_OPTIONS, run_validate),
    COMMAND("lint", "[OPTION ...] FILE ...", "judge documents by a ruleset in Spectral's format", 0,
            TAKES_NO_SERVER | TAKES_OWN, LINT_OPTIONS, run_lint),
    COMMAND("diff", "[OPTION ...] OLD NEW", "what changed between two documents, and what breaks",
            0, TAKES_NO_SERVER | TAKES_OWN, DIFF_OPTIONS, run_diff),
    COMMAND("bundle", "[OPTION ...] FILE", "a document of several files as one", 0,
            TAKES_NO_SERVER | TAKES_OWN, BUNDLE_OPTIONS, run_bundle),
    COMMAND("slice", "--tag T|--operation O FILE",
            "a document of some operations with what they need", 0, TAKES_NO_SERVER | TAKES_OWN,
            SLICE_OPTIONS, run_slice),
    COMMAND("examples", "[OPTION ...] FILE", "requests and answers of a document, ready to use", 0,
            TAKES_NO_SERVER | TAKES_OWN, EXAMPLES_OPTIONS, run_examples),
    COMMAND("test", "[OPTION ...] --base URL FILE", "does a server answer as its document says", 0,
            TAKES_NO_SERVER | TAKES_OWN, TEST_OPTIONS, run_test),
};
#undef COMMAND

void command_list(FILE *out)
{
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        fprintf(out, "  %-9s %-28s %s\n", commands[i].name, commands[i].arguments,
                commands[i].help);
}

/* Takes one option at words[*at]; false when this command has no such option. */
static bool take_option(const struct command *c, int count, char **words, int *at,
                        struct words *out)
{
    struct str word = str_from(words[*at]);
    if ((c->takes & TAKES_JSON) && str_eq(word, STR("--json")))
        return out->json = true;
    if ((c->takes & TAKES_ALL) && str_eq(word, STR("--all")))
        return out->all = true;
    if ((c->takes & TAKES_NEW) && str_eq(word, STR("--new")))
        return out->make = true;
    if (!(c->takes & TAKES_NO_SERVER) && server_option(count, words, at, &out->options))
        return true;
    if (!(c->takes & TAKES_REASON) || !str_starts(word, STR("--reason")))
        return false;
    if (str_starts(word, STR("--reason="))) {
        out->reason = str_sub(word, 9, word.len);
        return true;
    }
    if (word.len != 8 || *at + 1 >= count)
        return false;
    out->reason = str_from(words[++*at]);
    return true;
}

static bool read_words(const struct command *c, int count, char **words, struct words *out)
{
    bool options = true;
    for (int i = 1; i < count; i++) {
        struct str word = str_from(words[i]);
        if (options && str_eq(word, STR("--"))) {
            options = false;
        } else if (options && word.len > 1 && word.ptr[0] == '-') {
            if (!take_option(c, count, words, &i, out)) {
                fprintf(stderr, "chancery: %s: is no option of %s, or lacks its value\n", words[i],
                        c->name);
                return false;
            }
        } else {
            if (out->count == WORDS_MAX)
                return false;
            out->rest[out->count++] = word;
        }
    }
    return out->count == c->words;
}

/* What did not arrive is no answer, whatever it was: a full disk, a reader that left. */
static enum command_exit delivered(const struct command *c, enum command_exit made)
{
    if (fflush(stdout) == 0 && ferror(stdout) == 0)
        return made;
    fprintf(stderr, "chancery: standard output cannot be written\n");
    return (c->takes & TAKES_NO_SERVER) ? COMMAND_USAGE : COMMAND_FAILED;
}

static bool asks_for_help(int count, char **words)
{
    for (int i = 1; i < count && strcmp(words[i], "--") != 0; i++)
        if (strcmp(words[i], "--help") == 0)
            return true;
    return false;
}

static void explain(const struct command *c)
{
    printf("usage: chancery %s %s\n%s\n", c->name, c->arguments, c->help);
    if (c->options != NULL)
        printf("\n%s", c->options);
    printf("\n%sMore is in chancery(1).\n",
           c->takes & TAKES_NO_SERVER ? "" : "Options that name the server: chancery --help. ");
}

static enum command_exit run(const struct command *c, struct words *read)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct err err = {0};
    if (c->takes & TAKES_NO_SERVER)
        return c->run(c, read);
    server_environment(&read->options);
    if (server_find(&read->options, &mem, &read->server, &err))
        return c->run(c, read);
    command_complain(&err);
    return err.code == ERR_INVALID ? COMMAND_USAGE : COMMAND_FAILED;
}

enum command_exit command_run(const struct server_options *options, int count, char **words)
{
    (void)signal(SIGPIPE, SIG_IGN); /* a reader that leaves early is an error of writing */
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        const struct command *c = &commands[i];
        struct words read = {.options = *options};
        if (strcmp(words[0], c->name) != 0)
            continue;
        read.own_count = count - 1;
        read.own = words + 1;
        if (asks_for_help(count, words)) {
            explain(c);
            return delivered(c, COMMAND_DONE);
        }
        if ((c->takes & TAKES_OWN) || read_words(c, count, words, &read))
            return delivered(c, run(c, &read));
        return command_usage(c, NULL);
    }
    fprintf(stderr, "chancery: there is no command \"%s\"; the commands are:\n", words[0]);
    command_list(stderr);
    return COMMAND_USAGE;
}

/* A file called "file" is not named by a sentence that speaks of files. */
static bool names_itself(const struct err *err)
{
    bool word = true;
    for (const char *c = err->where; *c != '\0'; c++)
        word = word && ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z'));
    return !word && strstr(err->msg, err->where) != NULL;
}

void command_complain(const struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    int cols = 0;
    struct str msg = term_plain(&mem, str_from(err->msg), &cols),
               hint = term_plain(&mem, str_from(err->hint), &cols);
    bool named = err->where[0] == '\0' || names_itself(err);
    struct str where = term_plain(&mem, str_from(err->where), &cols);
    fprintf(stderr, "chancery: " STR_FMT "%s" STR_FMT "\n", STR_ARG(named ? STR("") : where),
            named ? "" : ": ", STR_ARG(msg));
    if (hint.len > 0)
        fprintf(stderr, "  " STR_FMT "\n", STR_ARG(hint));
}

enum command_exit command_usage(const struct command *self, const struct err *err)
{
    if (err != NULL)
        command_complain(err);
    fprintf(stderr, "usage: chancery %s %s\n", self->name, self->arguments);
    return COMMAND_USAGE;
}

struct client_reply *words_ask(const struct words *words, const char *method, struct str target,
                               struct str body, bool paged)
{
    const struct client_ask ask = {
        .method = method, .target = target, .body = body, .paged = paged};
    struct fetch *f = fetch_new();
    struct client_reply *reply = client_call(f, &words->server, &ask);
    fetch_free(f);
    if (reply->ok)
        return reply;
    command_complain(&reply->err);
    client_reply_free(reply);
    return NULL;
}
