/* JSON bodies: what was read, written and read again is the same. */
#include "tests/fuzz/fuzz.h"

/* 1.0 is written as 1. */
static bool is_number(const struct json *value)
{
    return value->type == JSON_TYPE_INT || value->type == JSON_TYPE_REAL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf once = {0};
    CLEANUP(buf_clear) struct buf twice = {0};
    struct json *root = NULL, *again = NULL;
    struct err err = {0};
    if (!json_parse(fuzz_text(data, size), &mem, &root, &err)) {
        HOLDS(err.msg[0] != '\0');
        return 0;
    }
    struct json_writer first = {.out = &once}, second = {.out = &twice};
    json_write(&first, root);
    HOLDS(json_parse(buf_str(&once), &mem, &again, &err));
    json_write(&second, again);
    HOLDS(str_eq(buf_str(&once), buf_str(&twice)) && str_utf8(buf_str(&once), NULL));
    HOLDS(root->type == again->type || (is_number(root) && is_number(again)));
    HOLDS(root->count == again->count);
    return 0;
}
