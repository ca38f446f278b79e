/* `chancery test`: what came of each operation, and the forms of the report. */
#ifndef CHANCERY_COMMAND_TEST_H
#define CHANCERY_COMMAND_TEST_H

#include "catalog/exchange/exchange.h"
#include "tui/client/client.h"

/* text is a table and what was wrong below it. */
enum test_format { TEST_TEXT, TEST_JSON, TEST_JUNIT, TEST_FORMAT_COUNT };
/** What the command line says. */
struct test_asked {
    struct str file, base;
    struct server_options server; /* the token's file, the issuers */
    enum test_format format;
    bool unsafe;
    int timeout_ms;
    VEC(struct str) operations;
    VEC(struct fetch_header) headers;
};

enum verdict {
    VERDICT_OK,
    VERDICT_FAILED,  /* the answer is not as the document says */
    VERDICT_ERROR,   /* no answer came */
    VERDICT_SKIPPED, /* not called */
    VERDICT_COUNT
};

struct outcome {
    const struct exchange_operation *operation;
    struct str target; /* absent: not called */
    int status;        /* 0: no answer */
    int64_t took_ms;
    enum verdict verdict;
    struct str reason; /* of an error, of skipping */
    exchange_problems problems;
};

struct report {
    struct str document;
    VEC(struct outcome) outcomes;
    size_t counts[VERDICT_COUNT];
};

MUST_USE bool test_format_parse(struct str name, enum test_format *out);
void test_write(const struct report *report, enum test_format format, struct buf *out);

/** Calls the operations that are asked for, one after the other, and judges their answers. What is
 *  found lives in mem. err: ERR_INVALID (the base), as of server_find, ERR_IO when nothing answers
 *  there. */
MUST_USE bool test_run(const struct test_asked *asked, struct exchange *x, struct arena *mem,
                       struct report *report, struct err *err);

#endif
