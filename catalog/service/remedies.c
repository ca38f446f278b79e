/* What rules say to do about what they have found. */
#include "catalog/service/internal.h"

#include "catalog/lint/lint.h"

/* "house@3" is a revision of one of the catalog's; a name without a number is built in. */
static bool find_text(struct view *v, const struct principal *by, struct applied_ruleset *ruleset,
                      struct arena *mem, struct err *err)
{
    struct ruleset_revision revision = {0};
    struct str number = ruleset->name, slug = STR_NONE;
    int64_t value = 0;
    if (!str_split(&number, '@', &slug) || !str_to_i64(number, &value))
        return true;
    if (!catalog_ruleset_text(v, by, &slug, value, mem, &revision, err))
        return false;
    ruleset->text = revision.text;
    return true;
}

/* One that cannot be read any more, or is none, as validation, has no remedies. */
static bool fill_in(struct view *v, const struct principal *by, struct finding_remedy *first,
                    const struct finding_remedy *end, struct arena *mem, struct err *err)
{
    CLEANUP(arena_clear) struct arena own = {0};
    struct applied_ruleset from = {.name = first->source};
    struct lint_ruleset *ruleset = NULL;
    struct err why = {0};
    if (!find_text(v, by, &from, &own, &why)) {
        if (why.code == ERR_NOT_FOUND)
            return true;
        *err = why;
        return false;
    }
    if (!applied_ruleset_read(&from, &own, &ruleset, &why))
        return true;
    for (struct finding_remedy *k = first; k < end; k++)
        if (str_eq(k->source, first->source))
            k->remedy = arena_str(mem, lint_remedy(ruleset, k->code));
    return true;
}

static bool is_first_of_source(const struct finding_remedy *kinds, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (str_eq(kinds[i].source, kinds[at].source))
            return false;
    return true;
}

size_t finding_kind(struct finding_remedy *kinds, size_t *count, struct str source, struct str code)
{
    size_t at = 0;
    while (at < *count && !(str_eq(kinds[at].code, code) && str_eq(kinds[at].source, source)))
        at++;
    if (at == *count)
        kinds[(*count)++] = (struct finding_remedy){.source = source, .code = code};
    return at;
}

bool catalog_remedies(struct view *v, const struct principal *by, struct finding_remedy *kinds,
                      size_t count, struct arena *mem, struct err *err)
{
    for (size_t i = 0; i < count; i++)
        if (is_first_of_source(kinds, i) && !fill_in(v, by, &kinds[i], kinds + count, mem, err))
            return false;
    return true;
}
