/* Security requirements: of the document and of operations. */
#include <stdlib.h>

#include "catalog/diff/site.h"

/* A list of alternatives; each names schemes that are needed together. */
struct requirements {
    bool said;
    VEC(struct oas_spot) all;
};

static struct requirements requirements_of(struct differ *d, struct oas_spot list)
{
    struct requirements r = {.said = tree_kind_of(list.node) == TREE_ARRAY};
    for (const struct tree_node *n = r.said ? tree_first(list.doc, list.node) : NULL; n;
         n = tree_next(list.doc, n))
        vec_push(&r.all, d->mem, (struct oas_spot){list.doc, n});
    return r;
}

static bool anonymous(const struct requirements *r)
{
    for (size_t i = 0; i < r->all.len; i++)
        if (r->all.ptr[i].node->size == 0)
            return true;
    return r->all.len == 0;
}

/* --- comparing lists -------------------------------------------------------------------------- */

/* Each once. */
static size_t sorted_texts(struct arena *mem, struct oas_spot list, const struct str **out)
{
    struct text_set set = texts_of(mem, list);
    *out = set.texts.ptr;
    return names_sorted(set.texts.ptr, set.texts.len);
}

/* What alternatives with the same schemes (and, when asked for, scopes) have in common. */
static struct str key_of(struct arena *mem, struct oas_spot one, bool scopes)
{
    CLEANUP(buf_clear) struct buf key = {0};
    CLEANUP(arena_clear) struct arena own = {0};
    const struct oas_spot *members;
    size_t count = members_of(&own, one, &members);
    buf_printf(&key, "%u", one.node->size); /* what is no object is not the empty one */
    for (size_t i = 0; i < count; i++) {
        struct str scheme = tree_key(members[i].doc, members[i].node);
        const struct str *texts = NULL;
        size_t text_count = scopes ? sorted_texts(&own, members[i], &texts) : 0;
        key_put(scheme, &key);
        buf_printf(&key, "%zu", text_count);
        for (size_t j = 0; j < text_count; j++)
            key_put(texts[j], &key);
    }
    return arena_str(mem, buf_str(&key));
}

struct scope_pair {
    struct oas_spot old, new;
};

struct security_change {
    VEC(struct oas_spot) added;
    VEC(struct oas_spot) removed;
    VEC(struct scope_pair) modified;
};

/* A list with the keys of its alternatives. */
struct keyed {
    const struct requirements *list;
    struct str *exact, *schemes;
    bool *taken;
    struct text_places places; /* by scheme alone, of those that have no equal on the other side */
    size_t *left;              /* how many there are of each text of places */
};

static struct keyed keyed(struct differ *d, const struct requirements *list)
{
    size_t count = list->all.len;
    struct keyed k = {.list = list,
                      .exact = arena_array(d->mem, struct str, count),
                      .schemes = arena_array(d->mem, struct str, count),
                      .taken = arena_array(d->mem, bool, count)};
    for (size_t i = 0; i < count; i++) {
        k.exact[i] = key_of(d->mem, list->all.ptr[i], true);
        k.schemes[i] = key_of(d->mem, list->all.ptr[i], false);
    }
    return k;
}

static void count_left(struct differ *d, struct keyed *k)
{
    size_t count = k->list->all.len;
    struct str *left = arena_array(d->mem, struct str, count);
    for (size_t i = 0; i < count; i++)
        left[i] = k->taken[i] ? STR_NONE : k->schemes[i];
    k->places = text_places_of(d->mem, left, count);
    k->left = arena_array(d->mem, size_t, k->places.texts.texts.len);
    for (size_t i = 0; i < count; i++)
        if (!k->taken[i])
            k->left[text_set_find(&k->places.texts, k->schemes[i])]++;
}

/* The only alternative left with these schemes, or SIZE_MAX. */
static size_t only_one(struct keyed *k, struct str schemes)
{
    size_t at = text_set_find(&k->places.texts, schemes);
    return at == SIZE_MAX || k->left[at] != 1 ? SIZE_MAX
                                              : text_places_first(&k->places, schemes, k->taken);
}

static void take_equal(struct differ *d, struct keyed *a, struct keyed *b)
{
    struct text_places places = text_places_of(d->mem, b->exact, b->list->all.len);
    for (size_t i = 0; i < a->list->all.len; i++) {
        size_t j = text_places_first(&places, a->exact[i], b->taken);
        if (j != SIZE_MAX)
            a->taken[i] = b->taken[j] = true;
    }
}

static struct security_change compare(struct differ *d, const struct requirements *old,
                                      const struct requirements *new)
{
    struct security_change c = {0};
    const struct oas_spot *olds = old->all.ptr, *news = new->all.ptr;
    size_t old_count = old->all.len, new_count = new->all.len;
    struct keyed a = keyed(d, old), b = keyed(d, new);
    assert((olds != NULL || old_count == 0) && (news != NULL || new_count == 0));
    take_equal(d, &a, &b);
    count_left(d, &a);
    count_left(d, &b);
    for (size_t i = 0; i < old_count; i++) {
        size_t j = a.taken[i] || only_one(&a, a.schemes[i]) == SIZE_MAX
                       ? SIZE_MAX
                       : only_one(&b, a.schemes[i]);
        if (j >= new_count)
            continue;
        a.taken[i] = b.taken[j] = true;
        vec_push(&c.modified, d->mem, (struct scope_pair){olds[i], news[j]});
    }
    for (size_t i = 0; i < old_count; i++)
        if (!a.taken[i])
            vec_push(&c.removed, d->mem, olds[i]);
    for (size_t j = 0; j < new_count; j++)
        if (!b.taken[j])
            vec_push(&c.added, d->mem, news[j]);
    return c;
}

/* --- saying it -------------------------------------------------------------------------------- */

static int compare_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* "key AND oauth: [read, write]" */
static struct str alternative_text(struct differ *d, struct oas_spot one)
{
    const struct str *names;
    VEC(struct str) parts = {0};
    size_t count = names_of_both(d, one, (struct oas_spot){one.doc, NULL}, &names);
    for (size_t i = 0; i < count; i++) {
        struct oas_spot scopes = {one.doc, tree_get(one.doc, one.node, names[i])};
        VEC(struct str) texts = {0};
        for (const struct tree_node *n = tree_first(scopes.doc, scopes.node); n;
             n = tree_next(scopes.doc, n))
            vec_push(&texts, d->mem, tree_text(scopes.doc, n));
        if (texts.len > 1)
            qsort(texts.ptr, texts.len, sizeof(*texts.ptr), compare_text);
        struct str text = names[i];
        if (texts.len > 0)
            text = arena_join(d->mem, text, STR(": ["),
                              diff_joined(d->mem, texts.ptr, texts.len, ", "), STR("]"));
        vec_push(&parts, d->mem, text);
    }
    return count == 0 ? STR("{}") : diff_joined(d->mem, parts.ptr, parts.len, " AND ");
}

struct saying {
    struct differ *d;
    struct about about;
    enum diff_level level; /* NONE: the check's */
    const char *added, *removed, *scope_added, *scope_removed;
    bool accepts_all; /* who needs no credentials loses none */
};

static void say_alternative(const struct saying *s, const char *id, struct oas_spot one)
{
    if (one.node->size > 0)
        say_check(s->d, id, &s->about, s->level, SAY(SAID(VALUE, alternative_text(s->d, one))));
}

static void say_scopes(const struct saying *s, const char *id, struct oas_spot of,
                       struct oas_spot in, struct str scheme)
{
    struct text_set scopes = texts_of(s->d->mem, of), there = texts_of(s->d->mem, in),
                    missing = not_held(s->d->mem, &scopes, &there);
    for (size_t i = 0; i < missing.texts.len; i++)
        say_check(s->d, id, &s->about, s->level,
                  SAY(SAID(VALUE, missing.texts.ptr[i]), SAID(KEY, scheme)));
}

static void say_change(const struct saying *s, const struct security_change *c)
{
    for (size_t i = 0; i < c->added.len; i++)
        say_alternative(s, s->added, c->added.ptr[i]);
    for (size_t i = 0; i < c->removed.len && !s->accepts_all; i++)
        say_alternative(s, s->removed, c->removed.ptr[i]);
    for (size_t i = 0; i < c->modified.len; i++) {
        struct oas_spot old = c->modified.ptr[i].old, new = c->modified.ptr[i].new;
        for (const struct tree_node *n = tree_first(old.doc, old.node); n;
             n = tree_next(old.doc, n)) {
            struct str scheme = tree_key(old.doc, n);
            struct oas_spot a = {old.doc, n}, b = {new.doc, tree_get(new.doc, new.node, scheme)};
            if (!s->accepts_all)
                say_scopes(s, s->scope_added, b, a, scheme);
            say_scopes(s, s->scope_removed, a, b, scheme);
        }
    }
}

/* --- operations ------------------------------------------------------------------------------- */

static struct str all_text(struct differ *d, const struct requirements *r)
{
    VEC(struct str) texts = {0};
    for (size_t i = 0; i < r->all.len; i++)
        vec_push(&texts, d->mem, alternative_text(d, r->all.ptr[i]));
    return diff_joined(d->mem, texts.ptr, texts.len, ", ");
}

/* As a list prints. */
static struct word all_word(struct differ *d, const struct requirements *r)
{
    VEC(struct str) texts = {0};
    for (size_t i = 0; i < r->all.len; i++)
        vec_push(&texts, d->mem, alternative_text(d, r->all.ptr[i]));
    return (struct word){
        all_text(d, r),
        arena_join(d->mem, STR("["), diff_joined(d->mem, texts.ptr, texts.len, " "), STR("]"))};
}

void compare_operation_security(struct differ *d, const struct operation *op)
{
    struct oas_spot a = at_raw(op->old, "security"), b = at_raw(op->new, "security");
    struct requirements old = requirements_of(d, a), new = requirements_of(d, b);
    bool webhook = str_starts(op->path, STR("webhook:")),
         known = !webhook || (old.said && new.said);
    if (!old.said && !webhook)
        old = requirements_of(d, at_raw(side_root(d->old), "security"));
    if (!new.said && !webhook)
        new = requirements_of(d, at_raw(side_root(d->new), "security"));
    struct saying s = {
        .d = d,
        .about = {.op = op,
                  .operation_id = op->id,
                  .section = "paths",
                  .old = a.node != NULL ? a : op->old,
                  .new = b.node != NULL ? b : op->new},
        .added = "api-security-added",
        .removed = "api-security-removed",
        .scope_added = "api-security-scope-added",
        .scope_removed = "api-security-scope-removed"
    };
    bool was = known && anonymous(&old), is = known && anonymous(&new);
    if (was && !is)
        say_check(d, "api-security-anonymous-access-removed", &s.about, DIFF_NONE,
                  SAY(SAID_WORD(VALUE, all_word(d, &new))));
    else if (!was && is)
        say_check(d, "api-security-anonymous-access-added", &s.about, DIFF_NONE, NULL);
    if (was != is)
        return;
    s.accepts_all = is;
    struct security_change c = compare(d, &old, &new);
    say_change(&s, &c);
}

/* --- the document ----------------------------------------------------------------------------- */

/* What no operation inherits changes nothing for anyone. */
void compare_security(struct differ *d)
{
    struct oas_spot a = at_raw(side_root(d->old), "security"),
                    b = at_raw(side_root(d->new), "security");
    struct requirements old = requirements_of(d, a), new = requirements_of(d, b);
    struct saying s = {
        .d = d,
        .about =
            {.operation_id = STR(""), .section = "security", .path = STR(""), .old = a, .new = b},
        .level = DIFF_INFO,
        .added = "api-global-security-added",
        .removed = "api-global-security-removed",
        .scope_added = "api-global-security-scope-added",
        .scope_removed = "api-global-security-scope-removed"
    };
    if (d->inherits_security)
        return;
    struct security_change c = compare(d, &old, &new);
    say_change(&s, &c);
}
