/* Webhooks and callbacks: what the other side calls. */
#include "catalog/diff/site.h"

static void say_webhook(struct differ *d, const char *id, struct str name, struct oas_spot old,
                        struct oas_spot new)
{
    const struct about about = {
        .operation_id = STR(""), .section = "components", .old = old, .new = new, .path = STR("")};
    say_check(d, id, &about, DIFF_NONE, SAY(SAID(VALUE, name)));
}

void compare_webhooks(struct differ *d)
{
    struct oas_spot olds = at_raw(side_root(d->old), "webhooks"),
                    news = at_raw(side_root(d->new), "webhooks");
    const struct str *names;
    size_t count = names_of_both(d, olds, news, &names);
    for (size_t i = 0; i < count; i++) {
        struct oas_spot old = {olds.doc, tree_get(olds.doc, olds.node, names[i])},
                        new = {news.doc, tree_get(news.doc, news.node, names[i])};
        if (extension_name(names[i]))
            continue;
        if (old.node == NULL || new.node == NULL)
            say_webhook(d, old.node == NULL ? "webhook-added" : "webhook-removed", names[i], old,
                        new);
        else
            /* oasdiff looks at them as at any operation; in fact the client answers */
            compare_path_item(d, arena_join(d->mem, STR("webhook:"), names[i]),
                              side_follow(d->old, old), side_follow(d->new, new), NULL, NULL, 0,
                              !d->options->oasdiff);
    }
}

/* A callback may have callbacks, and lead back to where it is. */
#define MOST_CALLBACKS 3

/* A callback's operations are shown below the operation that registers it. */
static void compare_callback(struct differ *d, const struct operation *op, struct str name,
                             struct oas_spot old, struct oas_spot new)
{
    const struct str *urls;
    size_t count = names_of_both(d, old, new, &urls);
    for (size_t i = 0; i < count; i++) {
        struct oas_spot a = {old.doc, tree_get(old.doc, old.node, urls[i])},
                        b = {new.doc, tree_get(new.doc, new.node, urls[i])};
        if (extension_name(urls[i]) || a.node == NULL || b.node == NULL)
            continue;
        struct str path = arena_join(d->mem, op->path, STR(" callback:"), name, STR(" "), urls[i]);
        compare_path_item(d, path, side_follow(d->old, a), side_follow(d->new, b), NULL, NULL, 0,
                          !op->inverted);
    }
}

void compare_callbacks(struct differ *d, const struct operation *op)
{
    struct oas_spot olds = at_raw(op->old, "callbacks"), news = at_raw(op->new, "callbacks");
    const struct str *names;
    if (d->callbacks == MOST_CALLBACKS)
        return;
    d->callbacks++;
    size_t count = names_of_both(d, olds, news, &names);
    for (size_t i = 0; i < count; i++) {
        struct oas_spot old = {olds.doc, tree_get(olds.doc, olds.node, names[i])},
                        new = {news.doc, tree_get(news.doc, news.node, names[i])};
        if (old.node != NULL && new.node != NULL && !extension_name(names[i]))
            compare_callback(d, op, names[i], side_follow(d->old, old), side_follow(d->new, new));
    }
    d->callbacks--;
}
