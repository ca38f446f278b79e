/* Request bodies, responses by status, and response headers. */
#include "catalog/diff/site.h"

static size_t add_names(struct oas_spot object, struct str *names, size_t count)
{
    for (const struct tree_node *n = tree_first(object.doc, object.node); n;
         n = tree_next(object.doc, n))
        if (tree_kind_of(n) != TREE_NULL)
            names[count++] = tree_key(object.doc, n);
    return count;
}

static size_t size_of(struct oas_spot object)
{
    return object.node != NULL && tree_kind_of(object.node) == TREE_OBJECT ? object.node->size : 0;
}

size_t names_of_both(struct differ *d, struct oas_spot old, struct oas_spot new,
                     const struct str **out)
{
    size_t most = size_of(old) + size_of(new), count = 0;
    struct str *names = arena_array(d->mem, struct str, most);
    if (size_of(old) > 0)
        count = add_names(old, names, count);
    if (size_of(new) > 0)
        count = add_names(new, names, count);
    *out = names;
    return names_sorted(names, count);
}

/* --- request body ----------------------------------------------------------------------------- */

void compare_request_body(struct differ *d, const struct operation *op, struct oas_spot old_item,
                          struct oas_spot new_item)
{
    struct oas_spot old = body_of(d->old, op->old, old_item),
                    new = body_of(d->new, op->new, new_item);
    struct site site = {.d = d, .op = op, .scope = SCOPE_BODY};
    if (old.node == NULL || new.node == NULL) {
        bool required = at_true(at_raw(new, "required"));
        if (new.node != NULL)
            say_operation(d,
                          required ? "request-body-added-required" : "request-body-added-optional",
                          op, op->old, new, NULL);
        if (old.node != NULL)
            say_operation(d, "request-body-removed", op, old, op->new, NULL);
        return;
    }
    bool was = at_true(at_raw(old, "required")), is = at_true(at_raw(new, "required"));
    if (was != is)
        say_operation(d, is ? "request-body-became-required" : "request-body-became-optional", op,
                      old, new, NULL);
    struct content olds = content_of(d->old, old, op->old, false),
                   news = content_of(d->new, new, op->new, false);
    compare_content(&site, &olds, &news);
}

/* --- headers ---------------------------------------------------------------------------------- */

struct header {
    struct str name;
    struct oas_spot spot;
};

/* Each name once, whatever its case. */
struct headers {
    VEC(struct header) all;
    struct text_set names; /* in the order of all */
};

static void collect_headers(struct differ *d, const struct side *side, struct oas_spot object,
                            struct headers *out)
{
    const struct str *names;
    struct oas_spot none = {object.doc, NULL};
    size_t count = names_of_both(d, object, none, &names);
    out->names.mem = d->mem;
    for (size_t i = 0; i < count; i++) {
        struct oas_spot at = {object.doc, tree_get(object.doc, object.node, names[i])};
        struct header h = {d->options->headers_as_written ? names[i] : diff_lower(d->mem, names[i]),
                           side_follow(side, at)};
        if (h.spot.node != NULL && text_set_add(&out->names, h.name))
            vec_push(&out->all, d->mem, h);
    }
}

static const struct header *find_header(const struct headers *headers, struct str name)
{
    size_t at = text_set_find(&headers->names, name);
    return at != SIZE_MAX ? &headers->all.ptr[at] : NULL;
}

static void say_header(struct differ *d, const struct operation *op, const char *id,
                       struct str name, struct str status, struct oas_spot old, struct oas_spot new)
{
    say_operation(d, id, op, old, new, SAY(SAID(HEADER, name), SAID(STATUS, status)));
}

static void compare_header(struct differ *d, const struct operation *op, struct str status,
                           const struct header *old, const struct header *new)
{
    struct shape_ref a = shape_at(d->old, value_schema(d->old, old->spot)),
                     b = shape_at(d->new, value_schema(d->new, new->spot));
    struct site site = {.d = d,
                        .op = op,
                        .scope = SCOPE_HEADER,
                        .response = true,
                        .words = *SAY(SAID(HEADER, old->name), SAID(STATUS, status))};
    if (at_true(at_raw(old->spot, "required")) && !at_true(at_raw(new->spot, "required")))
        say_header(d, op, "response-header-became-optional", old->name, status, old->spot,
                   new->spot);
    if (a.schema != NULL && b.schema != NULL)
        walk_shapes(&site, a.schema, b.schema);
}

void compare_headers(struct differ *d, const struct operation *op, struct str status,
                     struct oas_spot old, struct oas_spot new)
{
    struct headers olds = {0}, news = {0};
    collect_headers(d, d->old, at_raw(old, "headers"), &olds);
    collect_headers(d, d->new, at_raw(new, "headers"), &news);
    for (size_t i = 0; i < olds.all.len; i++) {
        const struct header *h = &olds.all.ptr[i], *other = find_header(&news, h->name);
        if (other != NULL)
            compare_header(d, op, status, h, other);
        else
            say_header(d, op,
                       at_true(at_raw(h->spot, "required")) ? "required-response-header-removed"
                                                            : "optional-response-header-removed",
                       h->name, status, h->spot, new);
    }
    assert(news.all.ptr != NULL || news.all.len == 0);
    for (size_t i = 0; i < news.all.len; i++) {
        const struct header *h = &news.all.ptr[i];
        if (find_header(&olds, h->name) == NULL)
            say_header(d, op, "response-header-added", h->name, status, old, h->spot);
    }
}

/* --- responses -------------------------------------------------------------------------------- */

static void say_status(struct differ *d, const struct operation *op, struct str status, bool added,
                       struct oas_spot old, struct oas_spot new)
{
    int64_t number = 0;
    if (!str_to_i64(status, &number))
        return; /* default and 2XX are no statuses that an answer has */
    bool success = number >= 200 && number <= 299;
    const char *id =
        added
            ? (success ? "response-success-status-added" : "response-non-success-status-added")
            : (success ? "response-success-status-removed" : "response-non-success-status-removed");
    say_operation(d, id, op, old, new, SAY(SAID(STATUS, status)));
}

void compare_responses(struct differ *d, const struct operation *op)
{
    struct oas_spot olds = at_raw(op->old, "responses"), news = at_raw(op->new, "responses");
    const struct str *names;
    size_t count = names_of_both(d, olds, news, &names);
    for (size_t i = 0; i < count; i++) {
        struct oas_spot old = {olds.doc, tree_get(olds.doc, olds.node, names[i])},
                        new = {news.doc, tree_get(news.doc, news.node, names[i])};
        struct site site = {.d = d,
                            .op = op,
                            .scope = SCOPE_BODY,
                            .response = true,
                            .words = *SAY(SAID(STATUS, names[i]))};
        if (extension_name(names[i]))
            continue;
        if (old.node == NULL || new.node == NULL) {
            say_status(d, op, names[i], old.node == NULL, olds, news);
            continue;
        }
        old = side_follow(d->old, old);
        new = side_follow(d->new, new);
        compare_headers(d, op, names[i], old, new);
        struct content before = content_of(d->old, old, op->old, true),
                       after = content_of(d->new, new, op->new, true);
        compare_content(&site, &before, &after);
    }
}
