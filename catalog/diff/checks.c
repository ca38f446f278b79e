/* The table of checks: look-up and levels. */
#include "catalog/diff/checks.h"

#include "catalog/diff/site.h"

#define CHECK_ROW(id, area, kind, effect, direction, guards, text) \
    {id, AREA_##area, KIND_##kind, EFFECT_##effect, DIRECTION_##direction, guards, text},
static const struct check checks[] = {DIFF_CHECKS(CHECK_ROW)};
#undef CHECK_ROW

const struct check *diff_check_find(struct str id)
{
    size_t low = 0, high = COUNT_OF(checks);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(id, str_from(checks[middle].id));
        if (order == 0)
            return &checks[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

bool diff_is_check(struct str id)
{
    return diff_check_find(id) != NULL;
}

size_t diff_check_count(void)
{
    return COUNT_OF(checks);
}

const char *diff_check_id(size_t n)
{
    return checks[n].id;
}

enum diff_level diff_check_level(size_t n)
{
    return diff_row_level(&checks[n], 0, false);
}

static enum effect guarded(enum effect effect, enum direction direction, unsigned guards)
{
    bool gone = (guards & (GUARD_NON_SUCCESS | GUARD_SANCTIONED)) != 0;
    if (direction == DIRECTION_REQUEST)
        gone |= (guards & (GUARD_READ_ONLY | GUARD_REQUIRED_IN_REQUESTS)) != 0;
    if (direction == DIRECTION_RESPONSE)
        gone |= (guards & GUARD_WRITE_ONLY) != 0;
    return gone ? EFFECT_NONE : effect;
}

enum diff_level diff_row_level(const struct check *check, unsigned more_guards, bool inverted)
{
    unsigned guards = check->guards | more_guards;
    enum direction direction = check->direction;
    enum effect effect = guarded(check->effect, direction, guards);
    /* what both agree on, as a media type: the one who sends may take it away from the other */
    if (guards & GUARD_NEGOTIATED)
        direction = DIRECTION_REQUEST;
    bool answers = (direction == DIRECTION_RESPONSE) != (inverted && direction != DIRECTION_NONE);
    switch (effect) {
    case EFFECT_NONE:
        return DIFF_INFO;
    case EFFECT_WIDENS:
        return answers ? DIFF_ERR : DIFF_INFO;
    case EFFECT_NARROWS:
        return answers ? DIFF_INFO : DIFF_ERR;
    case EFFECT_UNKNOWN:
        return DIFF_WARN;
    case EFFECT_INCOMPARABLE:
    case EFFECT_VIOLATION:
        break;
    }
    return DIFF_ERR;
}

static const char *const level_names[] = {
    [DIFF_NONE] = "NONE", [DIFF_INFO] = "INFO", [DIFF_WARN] = "WARN", [DIFF_ERR] = "ERR"};

const char *diff_level_name(enum diff_level level)
{
    return level_names[level];
}

bool diff_level_parse(struct str text, enum diff_level *out)
{
    for (unsigned i = 0; i < COUNT_OF(level_names); i++)
        if (str_eq_nocase(text, str_from(level_names[i]))) {
            *out = (enum diff_level)i;
            return true;
        }
    return false;
}

const char *diff_bump_name(enum diff_bump bump)
{
    static const char *const names[] = {[BUMP_NONE] = "none",
                                        [BUMP_PATCH] = "patch",
                                        [BUMP_MINOR] = "minor",
                                        [BUMP_MAJOR] = "major"};
    return names[bump];
}
