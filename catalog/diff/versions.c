/* Whether info.version says what happened, and what the next version should be. */
#include "catalog/diff/versions.h"

struct semver {
    int64_t major, minor, patch;
};

static bool number(struct str text, int64_t *out)
{
    return text.len > 0 && text.ptr[0] != '-' && (text.len == 1 || text.ptr[0] != '0') &&
           str_to_i64(text, out);
}

static bool identifiers(struct str text, bool numbers_plain)
{
    struct str part;
    if (text.len == 0)
        return false;
    while (text.ptr != NULL && str_split(&text, '.', &part)) {
        bool digits = true;
        for (size_t i = 0; i < part.len; i++) {
            char c = part.ptr[i];
            bool digit = c >= '0' && c <= '9', letter = (c | 32) >= 'a' && (c | 32) <= 'z';
            digits &= digit;
            if (!digit && !letter && c != '-')
                return false;
        }
        if (part.len == 0 || (numbers_plain && digits && part.len > 1 && part.ptr[0] == '0'))
            return false;
    }
    return true;
}

/* semver.org 2.0.0, with or without a v. */
static bool read_semver(struct str text, struct semver *out)
{
    struct str rest = text, major, minor, patch;
    if (str_starts(rest, STR("v")))
        rest = str_sub(rest, 1, rest.len);
    size_t plus = str_find_char(rest, '+');
    if (plus != SIZE_MAX) {
        if (!identifiers(str_sub(rest, plus + 1, rest.len), false))
            return false;
        rest = str_sub(rest, 0, plus);
    }
    size_t minus = str_find_char(rest, '-');
    if (minus != SIZE_MAX) {
        if (!identifiers(str_sub(rest, minus + 1, rest.len), true))
            return false;
        rest = str_sub(rest, 0, minus);
    }
    if (!str_split(&rest, '.', &major) || rest.ptr == NULL || !str_split(&rest, '.', &minor) ||
        rest.ptr == NULL)
        return false;
    patch = rest;
    return number(major, &out->major) && number(minor, &out->minor) && number(patch, &out->patch);
}

static bool increased(struct semver a, struct semver b)
{
    if (a.major != b.major)
        return b.major > a.major;
    if (a.minor != b.minor)
        return b.minor > a.minor;
    return b.patch > a.patch;
}

static bool bumped(struct semver a, struct semver b)
{
    return a.major == 0 && b.major == 0 ? b.minor > a.minor : b.major > a.major;
}

void compare_versions(struct differ *d)
{
    struct oas_spot old = at_raw(at_raw(side_root(d->old), "info"), "version"),
                    new = at_raw(at_raw(side_root(d->new), "info"), "version");
    struct str from = at_text(old), to = at_text(new);
    struct semver a, b;
    bool broken = false;
    const char *id = NULL;
    for (size_t i = 0; i < d->findings.len && !broken; i++)
        broken = d->findings.ptr[i].level == DIFF_ERR;
    if (!broken || from.ptr == NULL || to.ptr == NULL || !read_semver(from, &a) ||
        !read_semver(to, &b))
        return;
    if (str_eq(from, to))
        id = "api-version-not-bumped";
    else if (!increased(a, b))
        id = "api-version-decreased";
    else if (!bumped(a, b))
        id = "api-major-version-not-bumped";
    const struct about about = {
        .operation_id = STR(""), .section = "info", .old = old, .new = new, .path = STR("")};
    if (id != NULL)
        say_check(d, id, &about, DIFF_NONE, SAY(SAID(FROM, from), SAID(TO, to)));
}

/* Breaking, then whatever widens what may be said, then the rest. */
enum diff_bump bump_of(const struct diff_report *report)
{
    enum diff_bump bump = BUMP_NONE;
    for (size_t i = 0; i < report->count; i++) {
        const struct check *check = diff_check_find(str_from(report->findings[i].id));
        enum diff_bump one = report->findings[i].level == DIFF_ERR ? BUMP_MAJOR
                             : check->effect == EFFECT_NONE && check->kind != KIND_EXISTENCE &&
                                     check->kind != KIND_LIFECYCLE
                                 ? BUMP_PATCH
                                 : BUMP_MINOR;
        if (check->area == AREA_INFO)
            continue;
        if (one > bump)
            bump = one;
    }
    return bump;
}
