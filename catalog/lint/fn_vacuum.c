/* Functions that rulesets for vacuum name and that take options; the others are told by rules of
 * data/rulesets/vacuum.yaml. */
#include "functions.h"
#include "options.h"

/* --- descriptions ----------------------------------------------------------------------------- */

bool prepare_words(const struct function_site *site, void **options, struct err *err)
{
    static const struct option table[] = {
        {"minWords", INPUT_STRING | INPUT_NUMBER, false}
    };
    int64_t *least = arena_new(site->mem, int64_t);
    struct jsonpath_spot given = option_get(site, "minWords");
    *options = least;
    if (!options_check(site, table, COUNT_OF(table), true, err))
        return false;
    return given.node == NULL || str_to_i64(tree_text(given.doc, given.node), least) ||
           fail(err, ERR_INVALID, "", "\"minWords\" is a whole number");
}

static int64_t words_in(struct str text)
{
    int64_t words = 0;
    bool inside = false;
    for (size_t i = 0; i < text.len; i++) {
        bool blank = text.ptr[i] == ' ' || (text.ptr[i] >= '\t' && text.ptr[i] <= '\r');
        words += !blank && !inside;
        inside = !blank;
    }
    return words;
}

void fn_words(struct call *c)
{
    int64_t least = *(const int64_t *)c->step->options;
    struct str text = c->value.kind == TARGET_UNDEFINED ? STR_NONE : target_string(&c->value);
    int64_t words = text.ptr ? words_in(text) : 0;
    if (words == 0)
        call_report(c, "#{{print(\"property\")}}must say something");
    else if (words < least)
        call_report(c, "#{{print(\"property\")}}must have %lld words, not %lld", (long long)least,
                    (long long)words);
}

/* --- responses -------------------------------------------------------------------------------- */

bool prepare_code(const struct function_site *site, void **options, struct err *err)
{
    static const struct option table[] = {
        {"code", INPUT_STRING | INPUT_NUMBER, true}
    };
    struct str *code = arena_new(site->mem, struct str);
    if (!options_check(site, table, COUNT_OF(table), false, err))
        return false;
    struct jsonpath_spot given = option_get(site, "code");
    *code = tree_text(given.doc, given.node);
    *options = code;
    return true;
}

void fn_response_of_code(struct call *c)
{
    struct str code = *(const struct str *)c->step->options;
    struct jsonpath_spot response = call_child(c, c->value.spot, code);
    if (response.node == NULL)
        call_report(c, "must define the response " STR_FMT, STR_ARG(code));
    else if (call_child(c, response, STR("content")).node == NULL)
        call_report_below(
            c, BELOW(code),
            call_text(c, "the response " STR_FMT " must have content", STR_ARG(code)));
}

struct header_options {
    const struct str *sets; /* each of names joined by "||" */
    size_t count;
};

bool prepare_headers(const struct function_site *site, void **options, struct err *err)
{
    static const struct option table[] = {
        {"headers", INPUT_ARRAY, true}
    };
    struct header_options *o = arena_new(site->mem, struct header_options);
    *options = o;
    return options_check(site, table, COUNT_OF(table), false, err) &&
           option_texts(site, "headers", 1, &o->sets, &o->count, err);
}

static bool has_all(const struct call *c, struct jsonpath_spot headers, struct str set)
{
    while (set.len > 0) {
        size_t bars = str_find(set, STR("||"));
        struct str name = str_sub(set, 0, bars);
        if (call_child(c, headers, name).node == NULL)
            return false;
        set = bars == SIZE_MAX ? STR_NONE : str_sub(set, bars + 2, set.len);
    }
    return true;
}

void fn_headers(struct call *c)
{
    CLEANUP(buf_clear) struct buf names = {0};
    const struct header_options *o = c->step->options;
    struct jsonpath_spot headers = call_child(c, c->value.spot, STR("headers"));
    for (size_t i = 0; i < o->count; i++) {
        if (headers.node != NULL && has_all(c, headers, o->sets[i]))
            return;
        buf_add(&names, i > 0 ? STR(", ") : STR(""));
        buf_add(&names, o->sets[i]);
    }
    call_report(c, "must define one of the headers " STR_FMT, STR_ARG(buf_str(&names)));
}
