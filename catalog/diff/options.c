/* Options by name, files of severities and of approvals. */
#include "catalog/diff/diff.h"

enum option_type { OPTION_FLAG, OPTION_NEGATED, OPTION_TEXT, OPTION_DAYS, OPTION_STABILITY };

static const struct option {
    const char *name;
    enum option_type type;
    size_t at;
} table[] = {
#define ROW(name, type, member)                                    \
    {                                                              \
        name, OPTION_##type, offsetof(struct diff_options, member) \
    }
    ROW("match-path", TEXT, match_path),
    ROW("unmatch-path", TEXT, unmatch_path),
    ROW("filter-extension", TEXT, filter_extension),
    ROW("prefix-base", TEXT, prefix_old),
    ROW("prefix-revision", TEXT, prefix_new),
    ROW("strip-prefix-base", TEXT, strip_old),
    ROW("strip-prefix-revision", TEXT, strip_new),
    ROW("include-path-params", FLAG, include_path_params),
    ROW("match-inline-refs", NEGATED, keep_inline_apart),
    ROW("case-insensitive-headers", NEGATED, headers_as_written),
    ROW("flatten-allof", FLAG, flatten_all_of),
    ROW("flatten-params", FLAG, flatten_parameters),
    ROW("auto-upgrade", FLAG, upgrade),
    ROW("deprecation-days-beta", DAYS, sunset_days_beta),
    ROW("deprecation-days-stable", DAYS, sunset_days_stable),
    ROW("stability-level", STABILITY, stability),
#undef ROW
};

static const struct option *option_of(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(table); i++)
        if (str_eq(name, str_from(table[i].name)))
            return &table[i];
    return NULL;
}

bool diff_option_takes_value(struct str name)
{
    const struct option *o = option_of(name);
    return o != NULL && o->type != OPTION_FLAG && o->type != OPTION_NEGATED;
}

static bool set_flag(const struct option *o, struct str value, bool *to, struct err *err)
{
    bool on = value.ptr == NULL || str_eq(value, STR("true"));
    if (!on && !str_eq(value, STR("false")))
        return fail(err, ERR_INVALID, o->name, "must be true or false");
    *to = on != (o->type == OPTION_NEGATED);
    return true;
}

static bool set_days(const struct option *o, struct str value, uint32_t *to, struct err *err)
{
    int64_t days = 0;
    if (!str_to_i64(value, &days) || days < 0 || days > 100000)
        return fail(err, ERR_INVALID, o->name, "must be a number of days");
    *to = (uint32_t)days;
    return true;
}

static bool set_stability(const struct option *o, struct str value, struct diff_options *options,
                          struct err *err)
{
    static const char *const names[] = {"draft", "alpha", "beta", "stable"};
    for (unsigned i = 0; i < COUNT_OF(names); i++)
        if (str_eq(value, str_from(names[i]))) {
            options->stability = (enum diff_stability)i;
            options->has_stability = true;
            return true;
        }
    return fail(err, ERR_INVALID, o->name, "must be draft, alpha, beta or stable");
}

bool diff_option_set(struct diff_options *options, struct str name, struct str value,
                     struct err *err)
{
    const struct option *o = option_of(name);
    if (o == NULL)
        return fail(err, ERR_NOT_FOUND, "", "there is no option --" STR_FMT, STR_ARG(name));
    void *at = (char *)options + o->at;
    switch (o->type) {
    case OPTION_FLAG:
    case OPTION_NEGATED:
        return set_flag(o, value, at, err);
    case OPTION_TEXT:
        *(struct str *)at = value;
        return true;
    case OPTION_DAYS:
        return set_days(o, value, at, err);
    case OPTION_STABILITY:
        return set_stability(o, value, options, err);
    }
    return false;
}

/* --- severities ------------------------------------------------------------------------------- */

static struct str word_of_line(struct str *line)
{
    struct str rest = str_trim(*line);
    size_t end = 0;
    while (end < rest.len && rest.ptr[end] != ' ' && rest.ptr[end] != '\t')
        end++;
    *line = str_sub(rest, end, rest.len);
    return str_sub(rest, 0, end);
}

static bool read_line(struct str line, struct diff_override *out, bool *said, struct err *err)
{
    size_t hash = str_find_char(line, '#');
    if (hash != SIZE_MAX)
        line = str_sub(line, 0, hash);
    struct str id = word_of_line(&line), level = word_of_line(&line);
    *said = id.len > 0;
    if (!*said)
        return true;
    if (!diff_is_check(id))
        return fail(err, ERR_INVALID, "", "there is no check \"" STR_FMT "\"", STR_ARG(id));
    if (!diff_level_parse(level, &out->level) || str_trim(line).len > 0)
        return fail(err, ERR_INVALID, "", "the level must be ERR, WARN, INFO or NONE");
    out->id = id;
    return true;
}

bool diff_overrides_read(struct str text, struct arena *mem, const struct diff_override **out,
                         size_t *count, struct err *err)
{
    VEC(struct diff_override) found = {0};
    struct str line;
    char where[32];
    for (unsigned number = 1; str_split(&text, '\n', &line); number++) {
        struct diff_override one;
        bool said = false;
        if (!read_line(line, &one, &said, err)) {
            snprintf(where, sizeof(where), "line %u", number);
            return err_at(err, where);
        }
        if (said)
            vec_push(&found, mem, one);
    }
    *out = found.ptr;
    *count = found.len;
    return true;
}

/* --- approvals -------------------------------------------------------------------------------- */

static struct str lower_case(struct arena *mem, struct str text)
{
    char *z = str_z(mem, text);
    for (size_t i = 0; i < text.len; i++)
        if (z[i] >= 'A' && z[i] <= 'Z')
            z[i] = (char)(z[i] + 32);
    return (struct str){z, text.len};
}

static bool holds(struct str line, struct arena *mem, struct str text)
{
    return text.len == 0 || str_find(line, lower_case(mem, text)) != SIZE_MAX;
}

static bool approves(struct arena *mem, struct str line, const struct diff_finding *f)
{
    struct str trimmed = str_trim(line);
    if (trimmed.len == 0 || trimmed.ptr[0] == '#')
        return false;
    if (str_eq(trimmed, f->fingerprint))
        return true;
    struct str key = f->operation.len > 0 ? arena_join(mem, f->operation, STR(" "), f->path)
                     : f->path.len > 0    ? f->path
                                          : str_from(f->section);
    return holds(line, mem, key) && holds(line, mem, f->text);
}

void diff_ignore(struct diff_report *report, struct str text, struct arena *mem)
{
    VEC(struct diff_finding) kept = {0};
    VEC(struct str) lines = {0};
    struct str line;
    while (str_split(&text, '\n', &line))
        vec_push(&lines, mem, lower_case(mem, line));
    for (size_t i = 0; i < report->count; i++) {
        bool approved = false;
        for (size_t j = 0; j < lines.len && !approved; j++)
            approved = approves(mem, lines.ptr[j], &report->findings[i]);
        if (!approved)
            vec_push(&kept, mem, report->findings[i]);
    }
    report->findings = kept.ptr;
    report->count = kept.len;
    diff_count(report);
}
