/* Media types of a request body or a response, and their schemas. */
#include "catalog/diff/site.h"

/* "type/subtype+suffix; name=value", read as Go's mime package does: lower case, parameters by
 * name. */
struct media_name {
    bool valid;
    struct str type, subtype, suffix, bare;
    struct text_set keys;
    VEC(struct str) values; /* of each key */
};

static void read_parameter(struct arena *mem, struct str part, struct media_name *out)
{
    struct str key;
    part = str_trim(part);
    if (part.len == 0)
        return;
    if (!str_split(&part, '=', &key) || part.ptr == NULL) {
        out->valid = false;
        return;
    }
    part = str_trim(part);
    if (part.len >= 2 && part.ptr[0] == '"')
        part = str_sub(part, 1, part.len - 2);
    if (text_set_add(&out->keys, diff_lower(mem, str_trim(key))))
        vec_push(&out->values, mem, part);
    else
        out->valid = false;
}

static struct media_name read_name(struct arena *mem, struct str text)
{
    struct media_name m = {.valid = true, .keys = {.mem = mem}};
    struct str rest = text, part, whole;
    (void)str_split(&rest, ';', &whole);
    m.bare = diff_lower(mem, str_trim(whole));
    while (rest.ptr != NULL && str_split(&rest, ';', &part))
        read_parameter(mem, part, &m);
    struct str names = m.bare;
    (void)str_split(&names, '/', &m.type);
    if (names.ptr == NULL || str_find_char(names, '/') != SIZE_MAX || m.type.len == 0) {
        m.valid = false;
        return m;
    }
    (void)str_split(&names, '+', &m.subtype);
    m.suffix = names.ptr == NULL ? STR("") : names;
    if (names.ptr != NULL && (names.len == 0 || str_find_char(names, '+') != SIZE_MAX))
        m.valid = false;
    return m;
}

/* a says no less than b: the same name, or b's suffix is all that a says. */
static bool contains(const struct media_name *a, const struct media_name *b)
{
    if (!a->valid || !b->valid || !str_eq(a->type, b->type))
        return false;
    if (a->suffix.len == 0 && b->suffix.len > 0 && str_eq(b->suffix, a->subtype))
        return true;
    return str_eq(a->subtype, b->subtype) && str_eq(a->suffix, b->suffix);
}

static bool is_typed(struct str media)
{
    return str_eq(media, STR("application/json")) || str_ends(media, STR("+json"));
}

/* --- names ------------------------------------------------------------------------------------ */

static void say(const struct site *site, const char *id, struct oas_spot old, struct oas_spot new,
                const struct words *more)
{
    struct words words = *more;
    if (words.slot[SLOT_STATUS].shown.ptr == NULL)
        words.slot[SLOT_STATUS] = site->words.slot[SLOT_STATUS];
    say_operation(site->d, id, site->op, old, new, &words);
}

struct key_changes {
    size_t added, removed, changed;
};

static struct key_changes count_keys(const struct media_name *a, const struct media_name *b)
{
    struct key_changes c = {0, 0, 0};
    for (size_t i = 0; i < a->values.len; i++) {
        size_t j = text_set_find(&b->keys, a->keys.texts.ptr[i]);
        c.removed += j == SIZE_MAX;
        c.changed += j != SIZE_MAX && !str_eq(a->values.ptr[i], b->values.ptr[j]);
    }
    for (size_t j = 0; j < b->values.len; j++)
        c.added += !text_set_has(&a->keys, b->keys.texts.ptr[j]);
    return c;
}

static void say_keys(const struct site *site, const struct media_name *a,
                     const struct media_name *b, struct oas_spot old, struct oas_spot new)
{
    for (size_t j = 0; j < b->values.len; j++)
        if (!text_set_has(&a->keys, b->keys.texts.ptr[j]))
            say(site, "response-media-type-parameter-added", old, new,
                SAY(SAID(KEY, b->keys.texts.ptr[j]), SAID(MEDIA, a->bare)));
    for (size_t i = 0; i < a->values.len; i++) {
        struct str key = a->keys.texts.ptr[i];
        size_t j = text_set_find(&b->keys, key);
        if (j == SIZE_MAX)
            say(site, "response-media-type-parameter-removed", old, new,
                SAY(SAID(KEY, key), SAID(MEDIA, a->bare)));
        else if (!str_eq(a->values.ptr[i], b->values.ptr[j]))
            say(site, "response-media-type-parameter-changed", old, new,
                SAY(SAID(KEY, key), SAID(MEDIA, a->bare), SAID(FROM, a->values.ptr[i]),
                    SAID(TO, b->values.ptr[j])));
    }
}

static void compare_names(const struct site *site, struct str old_name, struct str new_name,
                          struct oas_spot old, struct oas_spot new)
{
    struct arena *mem = site->d->mem;
    struct media_name a = read_name(mem, old_name), b = read_name(mem, new_name);
    struct key_changes keys = count_keys(&a, &b);
    const struct words *words = SAY(SAID(FROM, old_name), SAID(TO, new_name));
    unsigned kinds =
        (keys.added > 0 ? 1u : 0) + (keys.removed > 0 ? 1u : 0) + (keys.changed > 0 ? 1u : 0);
    if (!site->response)
        return;
    if (kinds == 0)
        say(site,
            contains(&a, &b) ? "response-media-type-name-specialized"
                             : "response-media-type-name-generalized",
            old, new, words);
    else if (kinds > 1 || !str_eq(a.bare, b.bare))
        say(site, "response-media-type-name-changed", old, new, words);
    else
        say_keys(site, &a, &b, old, new);
}

/* --- schemas ---------------------------------------------------------------------------------- */

static void compare_presence(const struct site *site, struct oas_spot old, struct oas_spot new,
                             const struct shape *a, const struct shape *b)
{
    struct differ *d = site->d;
    const struct words *words = SAY(SAID_WORD(MEDIA, site->words.slot[SLOT_MEDIA]));
    if (shape_says_nothing(a == NULL ? d->new : d->old, a == NULL ? b : a))
        return;
    if (a == NULL && b->is_false)
        say(site,
            site->response ? "response-body-schema-became-false"
                           : "request-body-schema-became-false",
            old, new, words);
    else if (a == NULL)
        say(site,
            site->response ? "response-body-media-type-schema-added"
                           : "request-body-media-type-schema-added",
            old, new, words);
    else
        say(site,
            site->response ? "response-body-media-type-schema-removed"
                           : "request-body-media-type-schema-removed",
            old, new, words);
}

static void compare_item_presence(const struct site *site, struct oas_spot old, struct oas_spot new,
                                  bool added, bool has_schema)
{
    const char *id = !site->response ? (added ? "request-body-media-type-item-schema-added"
                                              : "request-body-media-type-item-schema-removed")
                     : added         ? "response-body-media-type-item-schema-added"
                     : has_schema    ? "response-body-media-type-item-schema-removed"
                                     : "response-body-media-type-item-schema-removed-untyped";
    say(site, id, old, new, SAY(SAID_WORD(MEDIA, site->words.slot[SLOT_MEDIA])));
}

static struct str with_item_detail(const struct site *site)
{
    return site->details.len == 0 ? STR("(item schema)")
                                  : arena_join(site->d->mem, site->details, STR(" (item schema)"));
}

static void compare_media(struct site *site, struct oas_spot old, struct oas_spot new)
{
    struct differ *d = site->d;
    struct site inner = *site;
    struct shape_ref a = shape_at(d->old, at_raw(old, "schema")),
                     b = shape_at(d->new, at_raw(new, "schema")),
                     c = shape_at(d->old, at_raw(old, "itemSchema")),
                     e = shape_at(d->new, at_raw(new, "itemSchema"));
    if (a.schema != NULL && b.schema != NULL)
        walk_shapes(&inner, a.schema, b.schema);
    else if (a.schema != NULL || b.schema != NULL)
        compare_presence(site, old, new, a.schema, b.schema);
    if (c.schema != NULL && e.schema != NULL) {
        inner.details = with_item_detail(site);
        walk_shapes(&inner, c.schema, e.schema);
    } else if (c.schema != NULL || e.schema != NULL) {
        compare_item_presence(site, old, new, c.schema == NULL, b.schema != NULL);
    }
}

/* --- all media types -------------------------------------------------------------------------- */

struct media_pair {
    struct str old_name, new_name;
    struct oas_spot old, new;
};

typedef VEC(struct media_pair) media_pairs;

/* shared: the names of 2.0 that all have one schema. */
static struct oas_spot media_at(const struct side *side, const struct content *content,
                                const struct text_set *shared, struct str name)
{
    struct oas_spot map = content->map, none = {map.doc, NULL};
    if (text_set_has(shared, name))
        return content->shared;
    return map.node == NULL
               ? none
               : side_follow(side, (struct oas_spot){map.doc, tree_get(map.doc, map.node, name)});
}

static struct text_set shared_names(struct differ *d, const struct content *content)
{
    struct text_set names = {.mem = d->mem};
    for (size_t i = 0; i < content->name_count; i++)
        (void)text_set_add(&names, content->names[i]);
    return names;
}

/* Every name of both sides once, sorted. */
static size_t names_of_contents(struct differ *d, const struct content *old,
                                const struct content *new, const struct str **out)
{
    const struct str *keys;
    size_t count = names_of_both(d, old->map, new->map, &keys);
    struct str *names = arena_array(d->mem, struct str, count + old->name_count + new->name_count);
    for (size_t i = 0; i < count; i++)
        names[i] = keys[i];
    for (size_t i = 0; i < old->name_count; i++)
        names[count++] = old->names[i];
    for (size_t i = 0; i < new->name_count; i++)
        names[count++] = new->names[i];
    *out = names;
    return names_sorted(names, count);
}

static bool media_differs(struct differ *d, const struct media_pair *m)
{
    static const char *const members[] = {"example", "examples", "encoding"};
    if (!str_eq(m->old_name, m->new_name))
        return true;
    for (size_t i = 0; i < COUNT_OF(members); i++)
        if (!diff_values_equal(at_raw(m->old, members[i]), at_raw(m->new, members[i])))
            return true;
    static const char *const schemas[] = {"schema", "itemSchema"};
    for (size_t i = 0; i < COUNT_OF(schemas); i++) {
        struct shape_ref a = shape_at(d->old, at_raw(m->old, schemas[i])),
                         b = shape_at(d->new, at_raw(m->new, schemas[i]));
        if ((a.schema == NULL) != (b.schema == NULL) ||
            (a.schema != NULL && graph_delta(&d->graph, a.schema, b.schema) != NULL))
            return true;
    }
    return false;
}

/* Names that are on one side only, by what they have in common with those that say more or less. */
struct names_left {
    bool *taken;
    struct text_places exact, suffixed; /* by all, and by type and suffix */
};

static struct str name_key(struct arena *mem, struct str type, struct str rest, struct str suffix)
{
    return arena_join(mem, type, STR("/"), rest, STR("+"), suffix);
}

static struct names_left names_left(struct differ *d, const media_pairs *all)
{
    struct names_left left = {.taken = arena_array(d->mem, bool, all->len)};
    struct str *exact = arena_array(d->mem, struct str, all->len),
               *suffixed = arena_array(d->mem, struct str, all->len);
    for (size_t i = 0; i < all->len; i++) {
        struct media_name m = read_name(d->mem, all->ptr[i].old_name);
        if (!m.valid)
            continue;
        exact[i] = name_key(d->mem, m.type, m.subtype, m.suffix);
        if (m.suffix.len > 0)
            suffixed[i] = name_key(d->mem, m.type, STR(""), m.suffix);
    }
    left.exact = text_places_of(d->mem, exact, all->len);
    left.suffixed = text_places_of(d->mem, suffixed, all->len);
    return left;
}

/* The first old name that a new one goes with: contains() in one way or the other. */
static size_t goes_with(struct differ *d, struct names_left *left, struct str new_name)
{
    struct media_name m = read_name(d->mem, new_name);
    if (!m.valid)
        return SIZE_MAX;
    size_t first =
        text_places_first(&left->exact, name_key(d->mem, m.type, m.subtype, m.suffix), left->taken);
    size_t other =
        m.suffix.len > 0
            ? text_places_first(&left->exact, name_key(d->mem, m.type, m.suffix, STR("")),
                                left->taken)
            : text_places_first(&left->suffixed, name_key(d->mem, m.type, STR(""), m.subtype),
                                left->taken);
    return other < first ? other : first;
}

/* A new name and an old one that say the same more or less exactly are one. */
static void pair_names(struct differ *d, const struct content *old, const struct content *new,
                       media_pairs *pairs, media_pairs *added, media_pairs *removed)
{
    media_pairs only_new = {0}, only_old = {0};
    struct text_set old_shared = shared_names(d, old), new_shared = shared_names(d, new);
    const struct str *names;
    size_t count = names_of_contents(d, old, new, &names);
    for (size_t i = 0; i < count; i++) {
        struct media_pair m = {names[i], names[i], media_at(d->old, old, &old_shared, names[i]),
                               media_at(d->new, new, &new_shared, names[i])};
        if (m.old.node != NULL && m.new.node != NULL)
            vec_push(pairs, d->mem, m);
        else if (m.new.node != NULL)
            vec_push(&only_new, d->mem, m);
        else if (m.old.node != NULL) /* else references that lead nowhere */
            vec_push(&only_old, d->mem, m);
    }
    struct names_left left = names_left(d, &only_old);
    for (size_t i = 0; i < only_new.len; i++) {
        struct media_pair m = only_new.ptr[i];
        size_t j = goes_with(d, &left, m.new_name);
        if (j >= only_old.len) {
            vec_push(added, d->mem, m);
            continue;
        }
        m.old_name = only_old.ptr[j].old_name;
        m.old = only_old.ptr[j].old;
        vec_push(pairs, d->mem, m);
        left.taken[j] = true;
    }
    for (size_t j = 0; j < only_old.len; j++)
        if (!left.taken[j])
            vec_push(removed, d->mem, only_old.ptr[j]);
}

static void say_each(const struct site *site, const media_pairs *list, const char *id)
{
    for (size_t i = 0; i < list->len; i++) {
        const struct media_pair *m = &list->ptr[i];
        struct str name = m->old.node != NULL ? m->old_name : m->new_name;
        say(site, id, m->old, m->new, SAY(SAID(MEDIA, name)));
    }
}

void compare_content(struct site *site, const struct content *old, const struct content *new)
{
    struct differ *d = site->d;
    media_pairs pairs = {0}, added = {0}, removed = {0};
    size_t modified = 0;
    pair_names(d, old, new, &pairs, &added, &removed);
    say_each(site, &added,
             site->response ? "response-media-type-added" : "request-body-media-type-added");
    say_each(site, &removed,
             site->response ? "response-media-type-removed" : "request-body-media-type-removed");
    for (size_t i = 0; i < pairs.len && pairs.len > 1; i++)
        modified += media_differs(d, &pairs.ptr[i]);
    for (size_t i = 0; i < pairs.len; i++) {
        const struct media_pair *m = &pairs.ptr[i];
        struct site inner = *site;
        inner.scope = SCOPE_BODY;
        inner.typed = is_typed(m->new_name);
        inner.words.slot[SLOT_MEDIA] = WORD(m->new_name);
        inner.details = modified > 1
                            ? arena_join(d->mem, STR("(media type: "), m->new_name, STR(")"))
                            : STR("");
        if (!str_eq(m->old_name, m->new_name))
            compare_names(&inner, m->old_name, m->new_name, m->old, m->new);
        compare_media(&inner, m->old, m->new);
    }
}
