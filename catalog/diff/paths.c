/* Paths and their operations; webhooks and callbacks, where messages go the other way. */
#include <stdlib.h>

#include "catalog/diff/site.h"

/** A path template of one side. */
struct path {
    struct str shown, bare;  /* as findings show it; without names of parameters */
    const struct str *names; /* of its parameters, by position */
    size_t name_count;
    struct oas_spot item;
};
typedef VEC(struct path *) paths;

/* --- methods ---------------------------------------------------------------------------------- */

static const char *const fixed_methods[] = {"connect", "delete", "get", "head",  "options",
                                            "patch",   "post",   "put", "query", "trace"};

static int compare_methods(const void *a, const void *b)
{
    return str_cmp(((const struct method *)a)->name, ((const struct method *)b)->name);
}

static struct str upper(struct arena *mem, struct str text)
{
    char *z = str_z(mem, text);
    for (size_t i = 0; i < text.len; i++)
        if (z[i] >= 'a' && z[i] <= 'z')
            z[i] = (char)(z[i] - 32);
    return (struct str){z, text.len};
}

/* OAS 3.2: what has a field of its own does not stand in additionalOperations. */
static bool is_fixed(struct differ *d, struct str name)
{
    if (!str_eq(name, upper(d->mem, name)))
        return false; /* methods differ by case: RFC 9110 §9.1 */
    for (size_t i = 0; i < COUNT_OF(fixed_methods); i++)
        if (str_eq_nocase(name, str_from(fixed_methods[i])))
            return true;
    return false;
}

size_t methods_of(struct differ *d, struct oas_spot item, const struct method **out)
{
    VEC(struct method) found = {0};
    struct oas_spot more = at_raw(item, "additionalOperations");
    for (size_t i = 0; i < COUNT_OF(fixed_methods); i++) {
        struct oas_spot operation = at_raw(item, fixed_methods[i]);
        if (tree_kind_of(operation.node) == TREE_OBJECT)
            vec_push(&found, d->mem,
                     (struct method){upper(d->mem, str_from(fixed_methods[i])), operation});
    }
    for (const struct tree_node *n = tree_first(more.doc, more.node); n; n = tree_next(more.doc, n))
        if (tree_kind_of(n) == TREE_OBJECT && !is_fixed(d, tree_key(more.doc, n)))
            vec_push(&found, d->mem,
                     (struct method){
                         tree_key(more.doc, n), (struct oas_spot){more.doc, n}
            });
    if (found.len > 1)
        qsort(found.ptr, found.len, sizeof(*found.ptr), compare_methods);
    *out = found.ptr;
    return found.len;
}

static const struct method *find_method(const struct method *all, size_t count, struct str name)
{
    const struct method key = {.name = name};
    return count > 0 ? bsearch(&key, all, count, sizeof(*all), compare_methods) : NULL;
}

/* --- one path item ---------------------------------------------------------------------------- */

static struct operation operation_of(struct differ *d, struct str path, struct str method,
                                     struct oas_spot old, struct oas_spot new, bool inverted)
{
    struct operation op = {
        .method = method, .path = path, .old = old, .new = new, .inverted = inverted};
    op.id = at_text(at_raw(new.node != NULL ? new : old, "operationId"));
    if (op.id.ptr == NULL)
        op.id = STR("");
    if (d->options->oasdiff)
        return op;
    op.number = operation_number(d, arena_join(d->mem, method, STR(" "), path));
    return op;
}

static bool left_out(const struct differ *d, struct oas_spot object)
{
    if (d->filter == NULL)
        return false;
    for (const struct tree_node *n = tree_first(object.doc, object.node); n;
         n = tree_next(object.doc, n)) {
        struct str name = tree_key(object.doc, n);
        bool gave_up = false;
        if (extension_name(name) && regex_matches(d->filter, name, &gave_up))
            return true;
    }
    return false;
}

static void say_removed(struct differ *d, struct str path, const struct method *method,
                        struct oas_spot items, bool whole_path, bool inverted)
{
    struct operation op = operation_of(d, path, method->name, method->operation,
                                       (struct oas_spot){items.doc, NULL}, inverted);
    struct stability stability = stability_of(d, method->operation);
    struct sunset sunset = sunset_of(d, method->operation);
    struct str date = STR("");
    if (!stability.valid)
        say_operation(d, "api-invalid-stability-level", &op, method->operation, items,
                      SAY(SAID(VALUE, stability.fault)));
    if (!stability.valid ||
        (whole_path ? stability.level < STABILITY_BETA : !stable_enough(d, &stability)))
        return;
    const char *id = removal_id(
        d, method->operation,
        whole_path ? "api-path-removed-without-deprecation" : "api-removed-without-deprecation",
        whole_path ? "api-path-removed-with-deprecation" : "api-removed-with-deprecation",
        whole_path ? "api-path-removed-before-sunset" : "api-removed-before-sunset", &date);
    if (at_true(at_raw(method->operation, "deprecated")) && sunset.said && !sunset.valid)
        id = "api-path-sunset-parse";
    if (id != NULL)
        say_operation(d, id, &op, method->operation, items,
                      SAY(SAID(DATE, date), SAID(VALUE, date)));
}

static void say_added(struct differ *d, struct str path, const struct method *method,
                      struct oas_spot items, bool inverted)
{
    struct operation op = operation_of(d, path, method->name, (struct oas_spot){items.doc, NULL},
                                       method->operation, inverted);
    say_operation(d, "endpoint-added", &op, items, method->operation, NULL);
}

void compare_path_item(struct differ *d, struct str path, struct oas_spot old, struct oas_spot new,
                       const struct str *old_names, const struct str *new_names, size_t name_count,
                       bool inverted)
{
    const struct method *olds, *news;
    size_t old_count = methods_of(d, old, &olds), new_count = methods_of(d, new, &news);
    for (size_t i = 0; i < old_count; i++) {
        const struct method *other = find_method(news, new_count, olds[i].name);
        if (left_out(d, olds[i].operation))
            continue;
        if (other == NULL || left_out(d, other->operation)) {
            say_removed(d, path, &olds[i], new, false, inverted);
            continue;
        }
        struct operation *op = arena_new(d->mem, struct operation);
        *op = operation_of(d, path, olds[i].name, olds[i].operation, other->operation, inverted);
        compare_operation(d, op, old, new, old_names, new_names, name_count);
    }
    for (size_t i = 0; i < new_count; i++) {
        const struct method *other = find_method(olds, old_count, news[i].name);
        bool was_there = other != NULL && !left_out(d, other->operation);
        if (left_out(d, news[i].operation))
            continue;
        if (!was_there)
            say_added(d, path, &news[i], old, inverted);
        struct operation op =
            operation_of(d, path, news[i].name, (struct oas_spot){0}, news[i].operation, inverted);
        if (d->options->oasdiff && !d->options->flatten_parameters)
            compare_item_parameters(d, &op, old, new, old_names, new_names, name_count);
    }
}

/* --- path templates --------------------------------------------------------------------------- */

/* The template without its parameters' names, and these. */
static struct path *path_of(struct differ *d, struct str shown, struct oas_spot item)
{
    CLEANUP(buf_clear) struct buf bare = {0};
    struct path *p = arena_new(d->mem, struct path);
    struct str rest = shown, part;
    VEC(struct str) names = {0};
    while (str_split(&rest, '{', &part)) {
        struct str name;
        buf_add(&bare, part);
        if (rest.ptr == NULL)
            break;
        (void)str_split(&rest, '}', &name);
        buf_add(&bare, str_ends(name, STR("*")) ? STR("{*}") : STR("{}"));
        vec_push(&names, d->mem, name);
    }
    *p = (struct path){.shown = shown, .item = item, .names = names.ptr, .name_count = names.len};
    p->bare = arena_str(d->mem, buf_str(&bare));
    return p;
}

static bool wanted(const struct differ *d, struct str path, struct oas_spot item)
{
    bool gave_up = false;
    if (d->match != NULL && !regex_matches(d->match, path, &gave_up))
        return false;
    if (d->unmatch != NULL && regex_matches(d->unmatch, path, &gave_up))
        return false;
    return !left_out(d, item);
}

static int compare_shown(const void *a, const void *b)
{
    return str_cmp((*(struct path *const *)a)->shown, (*(struct path *const *)b)->shown);
}

static void collect_paths(struct differ *d, const struct side *side, struct str strip,
                          struct str prefix, paths *out)
{
    struct oas_spot all = at_raw(side_root(side), "paths");
    for (const struct tree_node *n = tree_first(all.doc, all.node); n; n = tree_next(all.doc, n)) {
        struct str name = tree_key(all.doc, n), shown = name;
        struct oas_spot item = side_follow(side, (struct oas_spot){all.doc, n});
        if (extension_name(name) || item.node == NULL || !wanted(d, name, item))
            continue;
        if (strip.len > 0 && str_starts(shown, strip))
            shown = str_sub(shown, strip.len, shown.len);
        if (prefix.len > 0)
            shown = arena_join(d->mem, prefix, shown);
        vec_push(out, d->mem, path_of(d, shown, item));
    }
    if (out->len > 1)
        qsort(out->ptr, out->len, sizeof(*out->ptr), compare_shown);
}

static struct path *find_path(const struct differ *d, const paths *all,
                              const struct diff_map *by_bare, const struct path *p)
{
    size_t low = 0, high = all->len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(p->shown, all->ptr[middle]->shown);
        if (order == 0)
            return all->ptr[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    if (d->options->include_path_params)
        return NULL;
    struct path *other = diff_map_get(by_bare, hash_text(1, p->bare) | 1);
    return other != NULL && str_eq(other->bare, p->bare) ? other : NULL;
}

/* The first of a template's spellings stands for all. */
static void index_paths(struct differ *d, const paths *all, struct diff_map *by_bare)
{
    for (size_t i = 0; i < all->len; i++) {
        uint64_t key = hash_text(1, all->ptr[i]->bare) | 1;
        if (diff_map_get(by_bare, key) == NULL)
            diff_map_put(by_bare, d->mem, key, all->ptr[i]);
    }
}

/* --- paths of both sides ---------------------------------------------------------------------- */

static void say_removed_path(struct differ *d, const struct path *p)
{
    const struct method *methods;
    size_t count = methods_of(d, p->item, &methods);
    bool any = false;
    for (size_t j = 0; j < count; j++) {
        struct stability stability = stability_of(d, methods[j].operation);
        any |= stability.valid && stable_enough(d, &stability);
    }
    for (size_t j = 0; j < count; j++)
        if (any || !stability_of(d, methods[j].operation).valid)
            say_removed(d, p->shown, &methods[j], at_raw(side_root(d->new), "paths"), true, false);
}

void compare_paths(struct differ *d)
{
    paths olds = {0}, news = {0};
    struct diff_map old_bare = {0}, new_bare = {0};
    collect_paths(d, d->old, d->options->strip_old, d->options->prefix_old, &olds);
    collect_paths(d, d->new, d->options->strip_new, d->options->prefix_new, &news);
    index_paths(d, &olds, &old_bare);
    index_paths(d, &news, &new_bare);
    for (size_t i = 0; i < olds.len; i++) {
        const struct path *p = olds.ptr[i];
        struct path *other = find_path(d, &news, &new_bare, p);
        if (other == NULL) {
            say_removed_path(d, p);
            continue;
        }
        bool named = !str_eq(p->shown, other->shown) && p->name_count == other->name_count;
        compare_path_item(d, p->shown, p->item, other->item, p->names, other->names,
                          named ? p->name_count : 0, false);
    }
    for (size_t i = 0; i < news.len; i++) {
        const struct method *methods;
        if (find_path(d, &olds, &old_bare, news.ptr[i]) != NULL)
            continue;
        size_t count = methods_of(d, news.ptr[i]->item, &methods);
        for (size_t j = 0; j < count; j++)
            say_added(d, news.ptr[i]->shown, &methods[j], at_raw(side_root(d->old), "paths"),
                      false);
    }
}
