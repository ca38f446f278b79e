/* Regular expressions: pattern, flags and subject are three parts of the input. The answer does not
 * depend on what was matched before, what was given up is no match, and every text matches itself
 * with its signs escaped. */
#include "tests/fuzz/fuzz.h"

#define LITERAL_MOST 4000

/* What a compile and two matches said. */
struct answer {
    enum err_code code;
    bool matches, gave_up;
};

static struct answer ask(struct str pattern, struct str flags, struct str subject)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct regex *regex = NULL;
    struct answer answer = {0};
    struct err err = {0};
    bool again = false;
    if (!regex_compile(pattern, flags, &mem, &regex, &err)) {
        HOLDS((err.code == ERR_INVALID || err.code == ERR_LIMIT) && err.msg[0] != '\0');
        answer.code = err.code;
        return answer;
    }
    answer.matches = regex_matches(regex, subject, &answer.gave_up);
    HOLDS(!(answer.matches && answer.gave_up));
    HOLDS(regex_matches(regex, subject, &again) == answer.matches && again == answer.gave_up);
    return answer;
}

/* ECMA-262 §22.2.1: a syntax character behind a backslash is itself. */
static void put_literal(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (strchr("^$\\.*+?()[]{}|/", text.ptr[i]) != NULL && text.ptr[i] != '\0')
            buf_add_char(out, '\\');
        buf_add_char(out, text.ptr[i]);
    }
}

static void literal(struct str text)
{
    CLEANUP(buf_clear) struct buf pattern = {0};
    if (!str_utf8(text, NULL) || text.len > LITERAL_MOST || str_find_char(text, '\n') != SIZE_MAX ||
        str_find_char(text, '\r') != SIZE_MAX)
        return;
    buf_add_char(&pattern, '^');
    put_literal(&pattern, text);
    buf_add_char(&pattern, '$');
    HOLDS(ask(buf_str(&pattern), STR("u"), text).matches);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = fuzz_text(data, size);
    struct str pattern = fuzz_part(&rest), flags = fuzz_part(&rest), subject = fuzz_part(&rest);
    struct answer first = ask(pattern, flags, subject), second = ask(pattern, flags, subject);
    HOLDS(first.code == second.code && first.matches == second.matches &&
          first.gave_up == second.gave_up);
    literal(subject);
    return 0;
}
