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

static bool same_schemes(struct oas_spot a, struct oas_spot b)
{
    if (a.node->size != b.node->size)
        return false;
    for (const struct tree_node *n = tree_first(a.doc, a.node); n; n = tree_next(a.doc, n))
        if (tree_get(b.doc, b.node, tree_key(a.doc, n)) == NULL)
            return false;
    return true;
}

static bool has_scope(struct oas_spot scopes, struct str scope)
{
    for (const struct tree_node *n = tree_first(scopes.doc, scopes.node); n;
         n = tree_next(scopes.doc, n))
        if (str_eq(tree_text(scopes.doc, n), scope))
            return true;
    return false;
}

static bool all_scopes(struct oas_spot a, struct oas_spot b)
{
    for (const struct tree_node *n = tree_first(a.doc, a.node); n; n = tree_next(a.doc, n))
        if (!has_scope(b, tree_text(a.doc, n)))
            return false;
    return true;
}

static bool same_scopes(struct oas_spot a, struct oas_spot b)
{
    for (const struct tree_node *n = tree_first(a.doc, a.node); n; n = tree_next(a.doc, n)) {
        struct oas_spot x = {a.doc, n}, y = {b.doc, tree_get(b.doc, b.node, tree_key(a.doc, n))};
        if (!all_scopes(x, y) || !all_scopes(y, x))
            return false;
    }
    return true;
}

struct scope_pair {
    struct oas_spot old, new;
};

struct security_change {
    VEC(struct oas_spot) added;
    VEC(struct oas_spot) removed;
    VEC(struct scope_pair) modified;
};

static size_t find(struct oas_spot one, const struct requirements *in, const bool *taken,
                   bool exactly)
{
    for (size_t j = 0; j < in->all.len; j++)
        if (!taken[j] && same_schemes(one, in->all.ptr[j]) &&
            (!exactly || same_scopes(one, in->all.ptr[j])))
            return j;
    return SIZE_MAX;
}

static bool only_one(struct oas_spot one, const struct requirements *in, const bool *taken)
{
    size_t count = 0;
    for (size_t j = 0; j < in->all.len; j++)
        count += !taken[j] && same_schemes(one, in->all.ptr[j]);
    return count == 1;
}

static struct security_change compare(struct differ *d, const struct requirements *old,
                                      const struct requirements *new)
{
    struct security_change c = {0};
    assert((old->all.ptr != NULL || old->all.len == 0) &&
           (new->all.ptr != NULL || new->all.len == 0));
    bool *a = arena_array(d->mem, bool, old->all.len), *b = arena_array(d->mem, bool, new->all.len);
    for (size_t i = 0; i < old->all.len; i++) {
        size_t j = find(old->all.ptr[i], new, b, true);
        if (j != SIZE_MAX)
            a[i] = b[j] = true;
    }
    for (size_t i = 0; i < old->all.len; i++) {
        struct oas_spot one = old->all.ptr[i];
        size_t j = a[i] ? SIZE_MAX : find(one, new, b, false);
        if (j >= new->all.len || !only_one(one, old, a))
            continue;
        struct oas_spot other = new->all.ptr[j];
        if (!only_one(other, new, b))
            continue;
        a[i] = b[j] = true;
        vec_push(&c.modified, d->mem, (struct scope_pair){one, other});
    }
    for (size_t i = 0; i < old->all.len; i++)
        if (!a[i])
            vec_push(&c.removed, d->mem, old->all.ptr[i]);
    for (size_t j = 0; j < new->all.len; j++)
        if (!b[j])
            vec_push(&c.added, d->mem, new->all.ptr[j]);
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
    for (const struct tree_node *n = tree_first(of.doc, of.node); n; n = tree_next(of.doc, n))
        if (!has_scope(in, tree_text(of.doc, n)))
            say_check(s->d, id, &s->about, s->level,
                      SAY(SAID(VALUE, tree_text(of.doc, n)), SAID(KEY, scheme)));
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
