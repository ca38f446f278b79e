/* Core functions on text and order: pattern, casing, alphabetical. */
#include <math.h>
#include <stdlib.h>

#include "functions.h"
#include "options.h"

/* --- pattern ---------------------------------------------------------------------------------- */

struct pattern_options {
    struct regex *match, *not_match; /* NULL when not given */
    struct str match_text, not_match_text;
};

/* `/pattern/flags`, or the pattern alone. */
static bool compile(struct str text, struct arena *mem, struct regex **out, struct err *err)
{
    size_t end = text.len;
    while (end > 1 && text.ptr[end - 1] >= 'a' && text.ptr[end - 1] <= 'z')
        end--;
    if (text.len > 2 && text.ptr[0] == '/' && end > 2 && text.ptr[end - 1] == '/')
        return regex_compile(str_sub(text, 1, end - 2), str_sub(text, end, text.len), mem, out,
                             err);
    return regex_compile(text, STR(""), mem, out, err);
}

bool prepare_pattern(const struct function_site *site, void **options, struct err *err)
{
    static const struct option table[] = {
        {"match",    INPUT_STRING, false},
        {"notMatch", INPUT_STRING, false}
    };
    struct pattern_options *o = arena_new(site->mem, struct pattern_options);
    if (!options_check(site, table, COUNT_OF(table), false, err))
        return false;
    o->match_text = option_text(site, "match");
    o->not_match_text = option_text(site, "notMatch");
    *options = o;
    if (o->match_text.ptr == NULL && o->not_match_text.ptr == NULL)
        return fail(err, ERR_INVALID, "", "needs \"match\" or \"notMatch\"");
    return (o->match_text.ptr == NULL || compile(o->match_text, site->mem, &o->match, err)) &&
           (o->not_match_text.ptr == NULL ||
            compile(o->not_match_text, site->mem, &o->not_match, err));
}

bool prepare_forbidden(const struct function_site *site, void **options, struct err *err)
{
    static const struct option table[] = {
        {"pattern", INPUT_STRING, true}
    };
    struct pattern_options *o = arena_new(site->mem, struct pattern_options);
    *options = o;
    if (!options_check(site, table, COUNT_OF(table), false, err))
        return false;
    o->not_match_text = option_text(site, "pattern");
    return compile(o->not_match_text, site->mem, &o->not_match, err);
}

/* Whether a pattern matches; a finding of its own when that takes too long to find out. */
static bool decide(struct call *c, struct regex *regex, struct str pattern, bool *matches)
{
    struct arena *mem = &c->run->scratch;
    bool gave_up = false;
    *matches = regex_matches(regex, target_string(&c->value), &gave_up);
    if (gave_up)
        call_report_at(c, c->path, c->depth,
                       arena_join(mem,
                                  STR("#{{print(\"value\")}} takes too many steps of the pattern "),
                                  print_text(mem, pattern)));
    return !gave_up;
}

void fn_pattern(struct call *c)
{
    const struct pattern_options *o = c->step->options;
    struct arena *mem = &c->run->scratch;
    bool matches = false;
    if (o->match && decide(c, o->match, o->match_text, &matches) && !matches)
        call_report_at(c, c->path, c->depth,
                       arena_join(mem, STR("#{{print(\"value\")}} must match the pattern "),
                                  print_text(mem, o->match_text)));
    if (o->not_match && decide(c, o->not_match, o->not_match_text, &matches) && matches)
        call_report_at(c, c->path, c->depth,
                       arena_join(mem, STR("#{{print(\"value\")}} must not match the pattern "),
                                  print_text(mem, o->not_match_text)));
}

/* --- casing ----------------------------------------------------------------------------------- */

struct casing_options {
    struct str type, separator;
    bool leading;
    struct regex *regex;
};

/* %s is "0-9" or nothing. */
static const struct {
    const char *type, *pattern;
} casings[] = {
    {"flat",   "[a-z][a-z%s]*"                          },
    {"camel",  "[a-z][a-z%s]*(?:[A-Z%s](?:[a-z%s]+|$))*"},
    {"pascal", "[A-Z][a-z%s]*(?:[A-Z%s](?:[a-z%s]+|$))*"},
    {"kebab",  "[a-z][a-z%s]*(?:-[a-z%s]+)*"            },
    {"cobol",  "[A-Z][A-Z%s]*(?:-[A-Z%s]+)*"            },
    {"snake",  "[a-z][a-z%s]*(?:_[a-z%s]+)*"            },
    {"macro",  "[A-Z][A-Z%s]*(?:_[A-Z%s]+)*"            },
};

static struct str casing_pattern(const struct casing_options *o, bool digits, const char *base,
                                 struct arena *mem)
{
    CLEANUP(buf_clear) struct buf one = {0};
    for (const char *p = base; *p != '\0'; p++)
        if (p[0] == '%' && p[1] == 's') {
            buf_add(&one, digits ? STR("0-9") : STR(""));
            p++;
        } else {
            buf_add_char(&one, *p);
        }
    struct str word = arena_str(mem, buf_str(&one));
    if (o->separator.ptr == NULL)
        return arena_join(mem, STR("^"), word, STR("$"));
    bool special = o->separator.len == 1 && strchr("\\^$.*+?()[]{}|", o->separator.ptr[0]);
    struct str set =
        arena_join(mem, STR("["), special ? STR("\\") : STR(""), o->separator, STR("]"));
    return arena_join(mem, STR("^"), o->leading ? set : STR(""), o->leading ? STR("?") : STR(""),
                      word, STR("(?:"), set, word, STR(")*$"));
}

static bool read_separator(const struct function_site *site, struct casing_options *o,
                           struct err *err)
{
    struct jsonpath_spot separator = option_get(site, "separator");
    if (separator.node == NULL)
        return true;
    o->separator = tree_text(separator.doc, tree_get(separator.doc, separator.node, STR("char")));
    o->leading =
        tree_true(separator.doc, tree_get(separator.doc, separator.node, STR("allowLeading")));
    return (o->separator.ptr != NULL && o->separator.len <= 4) ||
           fail(err, ERR_INVALID, "", "\"separator\" needs \"char\", one character");
}

static bool read_type(const struct function_site *site, struct casing_options *o, struct err *err)
{
    for (size_t i = 0; i < COUNT_OF(casings); i++)
        if (str_eq(o->type, str_from(casings[i].type)))
            return regex_compile(casing_pattern(o, !option_flag(site, "disallowDigits"),
                                                casings[i].pattern, site->mem),
                                 STR(""), site->mem, &o->regex, err);
    return fail(err, ERR_INVALID, "",
                "\"type\" is one of flat, camel, pascal, kebab, cobol, snake, macro");
}

bool prepare_casing(const struct function_site *site, void **options, struct err *err)
{
    static const struct option table[] = {
        {"type",           INPUT_STRING, true },
        {"disallowDigits", INPUT_BOOL,   false},
        {"separator",      INPUT_OBJECT, false}
    };
    struct casing_options *o = arena_new(site->mem, struct casing_options);
    *options = o;
    o->type = option_text(site, "type");
    return options_check(site, table, COUNT_OF(table), false, err) &&
           read_separator(site, o, err) && read_type(site, o, err);
}

bool prepare_name_casing(const struct function_site *site, void **options, struct err *err)
{
    static const struct option table[] = {
        {"type", INPUT_STRING, false}
    };
    struct casing_options *o = arena_new(site->mem, struct casing_options);
    *options = o;
    o->type = option_text(site, "type");
    if (o->type.ptr == NULL)
        o->type = STR("camel");
    return options_check(site, table, COUNT_OF(table), true, err) && read_type(site, o, err);
}

void fn_casing(struct call *c)
{
    const struct casing_options *o = c->step->options;
    struct str text = target_string(&c->value);
    if (text.len == 0 || (o->leading && str_eq(text, o->separator)))
        return;
    if (!regex_matches(o->regex, text, NULL))
        call_report(c, "must be " STR_FMT " case", STR_ARG(o->type));
}

/* --- alphabetical ----------------------------------------------------------------------------- */

bool prepare_alphabetical(const struct function_site *site, void **options, struct err *err)
{
    static const struct option table[] = {
        {"keyedBy", INPUT_STRING, false}
    };
    struct str *key = arena_new(site->mem, struct str);
    if (!options_check(site, table, COUNT_OF(table), true, err))
        return false;
    *key = option_text(site, "keyedBy");
    *options = key;
    return true;
}

/* Weight of a character in the order people read by: marks, digits, letters of either case. */
static int weight(unsigned char c)
{
    static const char marks[] = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";
    const char *mark = c ? strchr(marks, (int)c) : NULL;
    if (c >= 0x80)
        return 1000 + c;
    if (c >= '0' && c <= '9')
        return 100 + c;
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
        return 200 + (c | 0x20);
    return mark ? 10 + (int)(mark - marks) : c == ' ' ? 9 : 1;
}

/* localeCompare: letters first, then lower case before upper. */
static int collate(struct str a, struct str b)
{
    for (size_t i = 0; i < a.len && i < b.len; i++) {
        int order = weight((unsigned char)a.ptr[i]) - weight((unsigned char)b.ptr[i]);
        if (order != 0)
            return order;
    }
    if (a.len != b.len)
        return a.len < b.len ? -1 : 1;
    for (size_t i = 0; i < a.len; i++)
        if (a.ptr[i] != b.ptr[i])
            return a.ptr[i] > b.ptr[i] ? -1 : 1;
    return 0;
}

struct item {
    bool number;
    double value; /* NaN for texts that are no number */
    struct str text;
};

static double as_number(struct str s)
{
    char z[64];
    char *end = NULL;
    s = str_trim(s);
    if (s.len == 0)
        return 0;
    if (s.len >= sizeof(z))
        return (double)NAN;
    memcpy(z, s.ptr, s.len);
    z[s.len] = '\0';
    double number = strtod(z, &end);
    return *end == '\0' && strpbrk(z, "nNpP") == NULL ? number : (double)NAN;
}

static bool after(const struct item *a, const struct item *b)
{
    if ((a->number || isnan(a->value)) && (b->number || !isnan(b->value)))
        return a->value - b->value >= 1;
    return !a->number && !b->number && collate(a->text, b->text) >= 1;
}

static bool read_item(struct jsonpath_spot value, struct item *out)
{
    enum tree_kind kind = tree_kind_of(value.node);
    *out = (struct item){.number = kind == TREE_NUMBER};
    out->text = tree_text(value.doc, value.node);
    out->value = kind == TREE_NUMBER ? spot_number(value) : as_number(out->text);
    return value.node && (kind == TREE_NUMBER || kind == TREE_STRING);
}

static struct str print_item(struct arena *mem, const struct item *item)
{
    return item->number ? print_number(mem, item->value) : print_text(mem, item->text);
}

/* The values to be ordered; NULL when they are not of one of the kinds that have an order. */
static struct item *read_items(struct call *c, struct str key)
{
    struct jsonpath_spot list = c->value.spot, at = list;
    bool array = tree_kind_of(list.node) == TREE_ARRAY;
    struct item *items = arena_array(&c->run->scratch, struct item, list.node->size);
    size_t index = 0;
    for (at.node = tree_first(list.doc, list.node); at.node;
         at.node = tree_next(list.doc, at.node), index++) {
        struct jsonpath_spot value = call_see(c, at);
        if (key.ptr != NULL && (!array || tree_kind_of(value.node) < TREE_ARRAY)) {
            call_report(c, "#{{print(\"property\")}}must be an object");
            return NULL;
        }
        if (!array) {
            items[index].text = tree_key(at.doc, at.node);
            items[index].value = as_number(items[index].text);
        } else if (!read_item(key.ptr ? call_child(c, value, key) : value, &items[index])) {
            call_report(c, "#{{print(\"property\")}}must be one of the allowed types: number, "
                           "string");
            return NULL;
        }
    }
    return items;
}

void fn_alphabetical(struct call *c)
{
    struct str key = *(const struct str *)c->step->options;
    struct arena *mem = &c->run->scratch;
    size_t count = c->value.spot.node->size;
    bool array = tree_kind_of(c->value.spot.node) == TREE_ARRAY;
    if (count < 2)
        return;
    const struct item *items = read_items(c, key);
    for (size_t i = 0; items && i + 1 < count; i++) {
        if (!after(&items[i], &items[i + 1]))
            continue;
        if (key.ptr != NULL) {
            call_report(c, "properties must follow the alphabetical order");
            return;
        }
        struct str message =
            arena_join(mem, print_item(mem, &items[i]), STR(" must be placed after "),
                       print_item(mem, &items[i + 1]));
        call_report_below(c, BELOW(array ? call_index(c, i) : items[i].text), message);
        return;
    }
}
