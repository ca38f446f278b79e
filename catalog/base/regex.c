/* Regular expressions as ECMA-262 means them, run by PCRE2 within limits. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "catalog/base/pattern.h"

/* A match that takes more steps or memory than this is given up: some patterns take 2^n of them. A
 * step may look at all of a pattern, so large ones (of many copies, a{0,1000}{0,1000}) have fewer.
 */
#define MOST_STEPS     1000000
#define MOST_WORK      1000000000 /* steps times bytes of the compiled pattern */
#define MOST_IN_ALL    20000000   /* steps from all places of a text where a match may begin */
#define MOST_HEAP_KB   (8 * 1024)
#define MOST_PATTERN   ((size_t)64 << 10)
#define MOST_NESTING   200
#define PAIRS_OF_WHOLE 1 /* only the whole match is asked for */

struct regex {
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *limits;
    uint32_t steps; /* from one place */
    bool anchored;  /* there is one place only */
};

static void *take(PCRE2_SIZE size, void *mem)
{
    return arena_alloc(mem, size);
}

/* The arena frees all at once. */
static void drop(void *bytes, void *mem)
{
    UNUSED(bytes);
    UNUSED(mem);
}

static uint32_t options_of(struct str flags)
{
    uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_DOLLAR_ENDONLY |
                       PCRE2_ALLOW_EMPTY_CLASS | PCRE2_MATCH_UNSET_BACKREF |
                       PCRE2_NEVER_BACKSLASH_C;
    if (str_find_char(flags, 'i') != SIZE_MAX)
        options |= PCRE2_CASELESS;
    if (str_find_char(flags, 'm') != SIZE_MAX)
        options |= PCRE2_MULTILINE;
    return options;
}

static uint32_t steps_of(const pcre2_code *code)
{
    size_t size = 0;
    if (pcre2_pattern_info(code, PCRE2_INFO_SIZE, &size) != 0 || size <= MOST_WORK / MOST_STEPS)
        return MOST_STEPS;
    return (uint32_t)(MOST_WORK / size);
}

static bool is_anchored(const pcre2_code *code)
{
    uint32_t options = 0;
    return pcre2_pattern_info(code, PCRE2_INFO_ALLOPTIONS, &options) == 0 &&
           (options & PCRE2_ANCHORED) != 0;
}

/* PCRE2 counts anew at each place where it begins. */
static uint32_t steps_for(const struct regex *regex, struct str text)
{
    size_t each = regex->anchored ? MOST_STEPS : MOST_IN_ALL / (text.len + 1) + 1;
    return each < regex->steps ? (uint32_t)each : regex->steps;
}

bool regex_compile(struct str pattern, struct str flags, struct arena *mem, struct regex **out,
                   struct err *err)
{
    CLEANUP(buf_clear) struct buf text = {0};
    PCRE2_UCHAR message[128];
    PCRE2_SIZE offset = 0;
    int code = 0;
    if (pattern.len > MOST_PATTERN)
        return fail(err, ERR_LIMIT, "", "the pattern has %zu bytes, %zu are allowed", pattern.len,
                    MOST_PATTERN);
    if (!pattern_translate(pattern, flags, &text, err))
        return false;
    struct regex *regex = arena_new(mem, struct regex);
    pcre2_general_context *general = pcre2_general_context_create(take, drop, mem);
    pcre2_compile_context *compile = pcre2_compile_context_create(general);
    pcre2_set_parens_nest_limit(compile, MOST_NESTING);
    regex->code = pcre2_compile((PCRE2_SPTR)(text.ptr ? text.ptr : ""), text.len, options_of(flags),
                                &code, &offset, compile);
    if (regex->code == NULL) {
        pcre2_get_error_message(code, message, sizeof(message));
        return fail(err, ERR_INVALID, "", "not a regular expression: %s", (const char *)message);
    }
    regex->data = pcre2_match_data_create(PAIRS_OF_WHOLE, general);
    regex->limits = pcre2_match_context_create(general);
    regex->steps = steps_of(regex->code);
    regex->anchored = is_anchored(regex->code);
    pcre2_set_heap_limit(regex->limits, MOST_HEAP_KB);
    *out = regex;
    return true;
}

bool regex_matches(struct regex *regex, struct str text, bool *gave_up)
{
    pcre2_set_match_limit(regex->limits, steps_for(regex, text));
    int found = pcre2_match(regex->code, (PCRE2_SPTR)(text.ptr ? text.ptr : ""), text.len, 0, 0,
                            regex->data, regex->limits);
    bool stopped = found < 0 && found != PCRE2_ERROR_NOMATCH;
    if (gave_up != NULL)
        *gave_up = stopped;
    return found >= 0;
}
