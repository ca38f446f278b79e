/* enum, const, default, pattern, x-extensible-enum, content keywords. */
#include "catalog/diff/site.h"

static unsigned how_of(const struct site *site)
{
    return site->scope == SCOPE_BODY || site->scope == SCOPE_PROPERTY ? EMIT_SCHEMA : EMIT_CLAIMED;
}

static struct word word_at(const struct site *site, struct oas_spot value)
{
    return word_of(site->d->mem, site->d->options->oasdiff, value);
}

/* --- enum ------------------------------------------------------------------------------------- */

/* Values may be restricted by other means than an enum. */
static bool may_restrict(const struct shape *s)
{
    static const enum keyword means[] = {KW_ONE_OF, KW_ANY_OF, KW_ALL_OF, KW_NOT,
                                         KW_CONST,  KW_IF,     KW_THEN,   KW_ELSE};
    for (size_t i = 0; i < COUNT_OF(means); i++)
        if (shape_has(s, means[i]))
            return true;
    return false;
}

struct enum_action {
    const char *became, *became_not, *added,
        *removed; /* actions, or whole ids for bodies of answers */
};

static void emit_value(const struct site *site, const char *action, bool whole_id,
                       struct oas_spot value)
{
    const struct words *words = SAY(SAID_WORD(VALUE, word_at(site, value)));
    if (whole_id)
        site_emit_id(site, action, how_of(site), KW_ENUM, words);
    else
        site_emit(site, action, how_of(site), KW_ENUM, words);
}

static void each_missing(const struct site *site, struct oas_spot of, struct oas_spot in,
                         const char *action, bool whole_id)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct text_set there = value_keys(&mem, in);
    for (const struct tree_node *n = tree_first(of.doc, of.node); n; n = tree_next(of.doc, n))
        if (!text_set_has(&there, value_key(&mem, (struct oas_spot){of.doc, n})))
            emit_value(site, action, whole_id, (struct oas_spot){of.doc, n});
}

static void emit_became(const struct site *site, const char *action, const char *body_id)
{
    if (site->response && site->scope == SCOPE_BODY)
        site_emit_id(site, body_id, how_of(site), KW_ENUM, NULL);
    else
        site_emit(site, action, how_of(site), KW_ENUM, NULL);
}

static void check_enum(const struct site *site)
{
    const struct shape *old = site->delta->pair->old, *new = site->delta->pair->new;
    struct oas_spot a = shape_get(old, KW_ENUM), b = shape_get(new, KW_ENUM);
    bool appears = a.node == NULL, goes = b.node == NULL;
    bool body_answer = site->response && site->scope == SCOPE_BODY;
    bool became = appears && !may_restrict(old), became_not = goes && !may_restrict(new);
    bool any_became = appears && (became || !site->response) && site->scope != SCOPE_HEADER;
    /* no check says that a property of a parameter became an enum, so its values are said */
    bool all_added = site->scope == SCOPE_PARAMETER_PROPERTY;
    if (any_became && !all_added)
        emit_became(site, "became-enum", "response-mediatype-became-enum");
    if (became_not)
        emit_became(site, "became-not-enum", "response-mediatype-became-not-enum");
    if (!became_not && site->scope == SCOPE_PROPERTY && !site->response &&
        shape_flag(new, KW_READ_ONLY))
        each_missing(site, a, b, "request-read-only-property-enum-value-removed", true);
    else if (!became_not)
        each_missing(site, a, b,
                     body_answer ? "response-mediatype-enum-value-removed" : "enum-value-removed",
                     body_answer);
    if (became && !all_added)
        return;
    if (site->scope == SCOPE_PROPERTY && site->response && shape_flag(new, KW_WRITE_ONLY))
        each_missing(site, b, a, "response-write-only-property-enum-value-added", true);
    else
        each_missing(site, b, a,
                     body_answer ? "response-mediatype-enum-value-added" : "enum-value-added",
                     body_answer);
}

static void check_header_enum(const struct site *site)
{
    bool of_parameter = site->scope == SCOPE_PARAMETER || site->scope == SCOPE_PARAMETER_PROPERTY;
    struct word prop = site->words.slot[SLOT_PROP];
    if (!of_parameter || !str_eq(site->words.slot[SLOT_IN].shown, STR("header")) ||
        shape_has(site->delta->pair->old, KW_ENUM))
        return;
    if (site->scope == SCOPE_PARAMETER)
        prop = WORD(STR(""));
    site_emit_id(site, "request-header-property-became-enum", EMIT_CLAIMED, KW_ENUM,
                 SAY(SAID_WORD(PROP, prop)));
}

/* --- const and default ------------------------------------------------------------------------ */

static void check_value(const struct site *site, enum keyword k, const char *added,
                        const char *removed, const char *changed, unsigned how)
{
    struct oas_spot a = shape_get(site->delta->pair->old, k),
                    b = shape_get(site->delta->pair->new, k);
    const struct words *words =
        SAY(SAID_WORD(FROM, word_at(site, a)), SAID_WORD(TO, word_at(site, b)),
            SAID_WORD(VALUE, word_at(site, a.node == NULL ? b : a)));
    site_emit(site, a.node == NULL ? added : b.node == NULL ? removed : changed, how, k, words);
}

static void check_default(const struct site *site)
{
    bool of_parameter = site->scope == SCOPE_PARAMETER;
    if (of_parameter && (at_true(at_raw(site->old_param, "required")) ||
                         at_true(at_raw(site->new_param, "required"))))
        return; /* a default of what must be sent says nothing */
    check_value(site, KW_DEFAULT, "default-value-added", "default-value-removed",
                "default-value-changed", of_parameter ? EMIT_PLAIN : EMIT_SCHEMA);
}

/* --- texts ------------------------------------------------------------------------------------ */

static void check_pattern(const struct site *site)
{
    struct str a = shape_text(site->delta->pair->old, KW_PATTERN),
               b = shape_text(site->delta->pair->new, KW_PATTERN);
    const char *action = a.len == 0                                ? "pattern-added"
                         : b.len == 0                              ? "pattern-removed"
                         : str_eq(b, STR(".*")) && !site->response ? "pattern-generalized"
                                                                   : "pattern-changed";
    site_emit(site, action, how_of(site), KW_PATTERN,
              SAY(SAID(FROM, a), SAID(TO, b), SAID(VALUE, a.len == 0 ? b : a)));
}

static void check_text(const struct site *site, enum keyword k, const char *action)
{
    site_emit(site, action, EMIT_SCHEMA, k,
              SAY(SAID(FROM, shape_text(site->delta->pair->old, k)),
                  SAID(TO, shape_text(site->delta->pair->new, k))));
}

static void check_extensible_enum(const struct site *site)
{
    struct oas_spot a = shape_extension(site->delta->pair->old, "x-extensible-enum"),
                    b = shape_extension(site->delta->pair->new, "x-extensible-enum");
    if (tree_kind_of(a.node) != TREE_ARRAY || tree_kind_of(b.node) != TREE_ARRAY ||
        (site->scope != SCOPE_PROPERTY && site->scope != SCOPE_PARAMETER) || site->response)
        return;
    CLEANUP(arena_clear) struct arena mem = {0};
    struct text_set there = value_keys(&mem, b);
    for (const struct tree_node *n = tree_first(a.doc, a.node); n; n = tree_next(a.doc, n)) {
        struct oas_spot value = {a.doc, n};
        struct str text = tree_kind_of(n) == TREE_STRING
                              ? tree_text(a.doc, n)
                              : str_sub(tree_source(a.doc), n->start, n->end - n->start);
        if (!text_set_has(&there, value_key(&mem, value)))
            site_emit(site, "x-extensible-enum-value-removed",
                      site->scope == SCOPE_PROPERTY ? EMIT_SCHEMA : EMIT_PLAIN, KW_NONE,
                      SAY(SAID(VALUE, text)));
    }
}

void judge_values(const struct site *site)
{
    uint64_t changed = site->delta->changed;
    bool of_schema = site->scope == SCOPE_BODY || site->scope == SCOPE_PROPERTY;
    if (changed & BIT(KW_ENUM)) {
        check_enum(site);
        check_header_enum(site);
    }
    if ((changed & BIT(KW_CONST)) && of_schema)
        check_value(site, KW_CONST, "const-added", "const-removed", "const-changed", EMIT_SCHEMA);
    if (changed & BIT(KW_DEFAULT))
        check_default(site);
    if ((changed & BIT(KW_PATTERN)) && site->scope != SCOPE_PARAMETER_PROPERTY)
        check_pattern(site);
    if (changed & BIT(KW_CONTENT_MEDIA_TYPE))
        check_text(site, KW_CONTENT_MEDIA_TYPE, "content-media-type-changed");
    if (changed & BIT(KW_CONTENT_ENCODING))
        check_text(site, KW_CONTENT_ENCODING, "content-encoding-changed");
    if (changed & BIT_EXTENSIONS)
        check_extensible_enum(site);
}
