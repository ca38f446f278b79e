/* Components: found once, with the operations that they affect. */
#include "catalog/diff/unit.h"

static void link_below(struct differ *d, struct unit *above, struct unit *u)
{
    for (size_t i = 0; i < above->below.len; i++)
        if (above->below.ptr[i] == u)
            return;
    vec_push(&above->below, d->mem, u);
}

static struct unit *unit_of(struct site *site, struct delta *delta, struct str name, bool inside)
{
    struct differ *d = site->d;
    unsigned kinds = (unsigned)inside << 6 | (unsigned)site->scope << 3 |
                     (unsigned)site->response << 2 | (unsigned)site->op->inverted << 1 |
                     (unsigned)site->typed;
    uint64_t key = (uint64_t)delta->pair->number << 8 | kinds | UINT64_C(1) << 63;
    struct unit *u = diff_map_get(&d->units, key);
    if (u != NULL)
        return u;
    u = arena_new(d->mem, struct unit);
    u->delta = delta;
    u->inside = inside;
    u->site = *site;
    u->site.component_path = arena_join(d->mem, side_schema_prefix(d->new), name);
    u->site.details = STR("");
    u->site.path = STR("");
    u->site.name = name;
    u->site.unit = u;
    diff_map_put(&d->units, d->mem, key, u);
    vec_push(&d->unit_list, d->mem, u);
    return u;
}

bool unit_begins(struct site *site, struct delta *delta)
{
    struct differ *d = site->d;
    const struct pair *p = delta->pair;
    if (d->graph.tree || p->new->component.len == 0 || p->old->component.len == 0)
        return false;
    struct unit *u = unit_of(site, delta, p->new->component, false);
    if (site->unit != NULL)
        link_below(d, site->unit, u);
    else
        u->grown |= operation_set_add(&u->operations, d->mem, site->op->number);
    return true;
}

/* A component that is a property has its name for a property's; its own properties stand below it.
 * What is below is looked at once, whether the component is a body or a property. */
static void check_unit(struct differ *d, struct unit *u)
{
    struct site site = u->site;
    u->first = d->findings.len;
    site.root = site.delta = u->delta;
    site.parent = NULL;
    if (u->inside) {
        d->walks++;
        site.name = STR("");
        walk_below(&site, u->delta);
    } else {
        site.words.slot[SLOT_PROP] = site.words.slot[SLOT_BARE] = WORD(site.name);
        judge_schema(&site);
    }
    if (!u->inside && site.scope != SCOPE_HEADER) {
        site.scope = scope_below(site.scope);
        link_below(d, u, unit_of(&site, u->delta, u->delta->pair->new->component, true));
    }
    u->count = d->findings.len - u->first;
}

void units_check(struct differ *d)
{
    for (size_t i = 0; i < d->unit_list.len; i++)
        check_unit(d, d->unit_list.ptr[i]);
}

static void name_operations(struct differ *d, const struct unit *u)
{
    const struct str *keys;
    size_t count = operation_set_keys(d, &u->operations, &keys);
    for (size_t i = u->first; i < u->first + u->count; i++) {
        d->findings.ptr[i].affected = keys;
        d->findings.ptr[i].affected_count = count;
    }
}

void units_spread(struct differ *d)
{
    bool again = true;
    while (again) {
        again = false;
        for (size_t i = 0; i < d->unit_list.len; i++) {
            struct unit *u = d->unit_list.ptr[i];
            bool grown = u->grown;
            u->grown = false;
            for (size_t j = 0; grown && j < u->below.len; j++)
                if (operation_set_join(&u->below.ptr[j]->operations, d->mem, &u->operations))
                    again = u->below.ptr[j]->grown = true;
        }
    }
    for (size_t i = 0; i < d->unit_list.len; i++)
        name_operations(d, d->unit_list.ptr[i]);
}
