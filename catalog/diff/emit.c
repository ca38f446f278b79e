/* Changes become findings: the check's row, what explains or softens it, text and fingerprint. */
#include "catalog/diff/site.h"

static const char *const slot_names[SLOT_COUNT] = {
#define SLOT_NAME(name, text) [SLOT_##name] = text,
    SLOTS(SLOT_NAME)
#undef SLOT_NAME
};

static const struct word *slot_of(const struct words *a, const struct words *b, struct str name)
{
    for (unsigned i = 0; i < SLOT_COUNT; i++)
        if (str_eq(name, str_from(slot_names[i])))
            return a != NULL && a->slot[i].shown.ptr != NULL ? &a->slot[i] : &b->slot[i];
    return NULL;
}

/* Fills the check's text, and the values alone, as fingerprints have them. */
static void fill(const struct check *check, const struct words *own, const struct words *site,
                 struct buf *text, struct buf *values)
{
    struct str rest = str_from(check->text), part;
    bool first = true;
    while (str_split(&rest, '{', &part)) {
        struct str name;
        buf_add(text, part);
        if (rest.ptr == NULL || !str_split(&rest, '}', &name))
            break;
        const struct word *w = slot_of(own, site, name);
        assert(w != NULL);
        buf_add_char(text, '`');
        buf_add(text, w->shown);
        buf_add_char(text, '`');
        if (!first)
            buf_add_char(values, ';');
        first = false;
        buf_add(values, w->raw);
    }
}

static struct str fingerprint(struct arena *mem, const char *id, struct str operation,
                              struct str path, struct str values)
{
    struct str all =
        arena_join(mem, str_from(id), STR(":"), operation, STR(":"), path, STR(":"), values);
    struct sha256 hash = sha256_of(all);
    return hex_format(mem, hash.bytes, 6);
}

static struct diff_place place_of(const struct side *side, struct oas_spot spot)
{
    struct tree_place p = {0};
    if (spot.node != NULL)
        p = tree_place_of(spot.doc, spot.node->start);
    return (struct diff_place){side_file(side, spot), p.line, p.column};
}

static const struct diff_override *override_of(const struct differ *d, const char *id)
{
    const struct diff_override *found = NULL;
    for (size_t i = 0; i < d->options->override_count; i++)
        if (str_eq(d->options->overrides[i].id, str_from(id)))
            found = &d->options->overrides[i];
    return found;
}

static const struct words nothing;

static void add_finding(struct differ *d, const struct check *check, enum diff_level level,
                        const struct about *about, const struct words *own,
                        const struct words *site)
{
    CLEANUP(buf_clear) struct buf text = {0};
    CLEANUP(buf_clear) struct buf values = {0};
    struct diff_finding f = {.id = check->id, .level = level, .section = about->section};
    fill(check, own, site, &text, &values);
    if (about->details.len > 0) {
        buf_add_char(&text, ' ');
        buf_add(&text, about->details);
    }
    f.path = about->path;
    f.operation_id = about->operation_id;
    f.text = arena_str(d->mem, buf_str(&text));
    struct str shared = about->op != NULL ? shared_component(d, about->old, about->new) : STR_NONE;
    if (shared.len > 0) {
        f.path = shared;
        f.operation_id = STR_NONE;
        f.section = "components";
    } else if (about->op != NULL) {
        f.operation = about->op->method;
        f.path = about->op->path;
    }
    f.fingerprint = fingerprint(d->mem, f.id, f.operation, f.path,
                                d->options->oasdiff ? buf_str(&values) : f.text);
    f.old = place_of(d->old, about->old);
    f.new = place_of(d->new, about->new);
    if (shared.len == 0 || shared_begins(d, &f, about->op))
        vec_push(&d->findings, d->mem, f);
}

void say_check(struct differ *d, const char *id, const struct about *about, enum diff_level level,
               const struct words *words)
{
    const struct check *check = diff_check_find(str_from(id));
    assert(check != NULL);
    const struct diff_override *other = override_of(d, id);
    if (level == DIFF_NONE)
        level = diff_row_level(check, 0, about->op != NULL && about->op->inverted);
    if (other != NULL)
        level = other->level;
    if (level != DIFF_NONE)
        add_finding(d, check, level, about, words != NULL ? words : &nothing, &nothing);
}

void say_operation(struct differ *d, const char *id, const struct operation *op,
                   struct oas_spot old, struct oas_spot new, const struct words *words)
{
    const struct about about = {
        .op = op, .operation_id = op->id, .section = "paths", .old = old, .new = new};
    say_check(d, id, &about, DIFF_NONE, words);
}

/* --- transitions ------------------------------------------------------------------------------ */

/* One edit that shows as several changes is reported by its own checks only. */
struct transition {
    bool (*present)(struct differ *d, const struct delta *delta);
    unsigned claims;          /* by kind */
    const char *reporters[3]; /* parts of the ids that report it */
};

#define CLAIM(kind) (1u << KIND_##kind)
#define CLAIM_ALL                                                                             \
    (CLAIM(TYPE) | CLAIM(VALUES) | CLAIM(CONSTRAINTS) | CLAIM(STRUCTURE) | CLAIM(EXISTENCE) | \
     CLAIM(REQUIREDNESS))

static bool null_wrapped(struct differ *d, const struct delta *delta)
{
    UNUSED(d);
    return (delta->wrapping & (WRAP_NULL_ADDED | WRAP_NULL_REMOVED)) != 0;
}

static bool false_schema(struct differ *d, const struct delta *delta)
{
    UNUSED(d);
    return delta->pair->old->is_false != delta->pair->new->is_false;
}

static bool one_of_wrapped(struct differ *d, const struct delta *delta)
{
    UNUSED(d);
    return (delta->wrapping & WRAP_ONE_OF) != 0;
}

static bool types_listed(struct differ *d, const struct delta *delta)
{
    return list_of_types(d, delta->pair)->changed;
}

static bool only_null(struct differ *d, const struct delta *delta)
{
    if (!(delta->changed & BIT(KW_TYPE)) || (delta->changed & BIT(KW_FORMAT)))
        return false;
    struct type_change types = types_of(d, delta->pair);
    size_t others = types.added.texts.len + types.removed.texts.len;
    others -= text_set_has(&types.added, STR("null")) || text_set_has(&types.removed, STR("null"));
    return others == 0;
}

static const struct transition transitions[] = {
    {null_wrapped,   CLAIM_ALL,                      {"nullable"}      },
    {false_schema,   CLAIM_ALL,                      {"schema-became-"}},
    {one_of_wrapped,
     CLAIM(TYPE) | CLAIM(STRUCTURE),
     {"wrapped-in-one-of", "property-one-of-added"}                    },
    {types_listed,   CLAIM(TYPE) | CLAIM(STRUCTURE), {"list-of-types"} },
    {only_null,      CLAIM(TYPE),                    {"nullable"}      },
};

static bool reports_it(const struct transition *t, const char *id)
{
    for (size_t i = 0; i < COUNT_OF(t->reporters); i++)
        if (t->reporters[i] != NULL && strstr(id, t->reporters[i]) != NULL)
            return true;
    return false;
}

static bool claimed(struct differ *d, const struct check *check, const struct delta *delta)
{
    for (size_t i = 0; i < COUNT_OF(transitions); i++)
        if ((transitions[i].claims & (1u << check->kind)) &&
            !reports_it(&transitions[i], check->id) && transitions[i].present(d, delta))
            return true;
    return false;
}

/* --- sites ------------------------------------------------------------------------------------ */

static bool has_all_of(const struct delta *delta)
{
    return delta != NULL &&
           (shape_has(delta->pair->old, KW_ALL_OF) || shape_has(delta->pair->new, KW_ALL_OF));
}

static enum diff_level level_at(const struct site *site, const struct check *check, unsigned how)
{
    bool inverted = site->op->inverted;
    enum diff_level level = diff_row_level(check, 0, inverted), less;
    unsigned guards = 0;
    if ((how & EMIT_GUARDED) && site->scope == SCOPE_PROPERTY) {
        const struct shape *new = site->delta->pair->new;
        if (shape_flag(new, KW_READ_ONLY) && !(how & EMIT_NOT_READ_ONLY))
            guards |= GUARD_READ_ONLY;
        if (shape_flag(new, KW_WRITE_ONLY) && !(how & EMIT_NOT_WRITE_ONLY))
            guards |= GUARD_WRITE_ONLY;
    }
    less = diff_row_level(check, guards, inverted);
    if (less < level)
        level = less;
    if ((how & EMIT_DISCLAIMED) && level > DIFF_WARN &&
        (site->under_all_of || has_all_of(site->root) ||
         ((how & EMIT_GUARDED) && has_all_of(site->delta))))
        level = DIFF_WARN;
    return level;
}

static struct oas_spot pointed(const struct shape *s, enum keyword at)
{
    struct oas_spot spot = at == KW_NONE ? s->spot : shape_get(s, at);
    return spot.node != NULL ? spot : s->spot;
}

static void emit(const struct site *site, const struct check *check, unsigned how, enum keyword at,
                 const struct words *words)
{
    struct differ *d = site->d;
    const struct pair *pair = site->delta->pair;
    if ((how & EMIT_CLAIMED) && claimed(d, check, site->delta))
        return;
    enum diff_level level = level_at(site, check, how);
    const struct diff_override *other = override_of(d, check->id);
    if (other != NULL)
        level = other->level;
    if (level == DIFF_NONE)
        return;
    struct about about = {.op = site->op,
                          .operation_id = site->op->id,
                          .section = "paths",
                          .old = pointed(pair->old, at),
                          .new = pointed(pair->new, at),
                          .details = how &EMIT_DETAILS ? site->details : STR_NONE};
    if (site->component_path.len > 0) {
        about.op = NULL;
        about.operation_id = STR_NONE;
        about.path = site->component_path;
        about.section = "components";
    }
    add_finding(d, check, level, &about, words != NULL ? words : &nothing, &site->words);
}

static const struct check *check_of(const struct site *site, const char *action)
{
    static const char *const scopes[] = {[SCOPE_BODY] = "body",
                                         [SCOPE_PROPERTY] = "property",
                                         [SCOPE_PARAMETER] = "parameter",
                                         [SCOPE_PARAMETER_PROPERTY] = "parameter-property",
                                         [SCOPE_HEADER] = "header"};
    char id[128];
    int len = snprintf(id, sizeof(id), "%s-%s-%s", site->response ? "response" : "request",
                       scopes[site->scope], action);
    const struct check *check = diff_check_find((struct str){id, (size_t)len});
    bool ours = check != NULL && (check->guards & GUARD_OURS);
    return ours && site->d->options->oasdiff ? NULL : check;
}

bool site_has_check(const struct site *site, const char *action)
{
    return check_of(site, action) != NULL;
}

void site_emit(const struct site *site, const char *action, unsigned how, enum keyword at,
               const struct words *words)
{
    const struct check *check = check_of(site, action);
    if (check != NULL)
        emit(site, check, how, at, words);
}

void site_emit_id(const struct site *site, const char *id, unsigned how, enum keyword at,
                  const struct words *words)
{
    const struct check *check = diff_check_find(str_from(id));
    assert(check != NULL);
    emit(site, check, how, at, words);
}
