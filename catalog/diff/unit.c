/* Components: found once, with the operations that they affect. */
#include "catalog/diff/unit.h"

static size_t words_of_bits(const struct differ *d)
{
    return (d->operation_keys.len + 63) / 64;
}

static void add_operation(struct differ *d, struct unit *u, const struct operation *op)
{
    size_t n = op->number;
    uint64_t bit = UINT64_C(1) << (n & 63);
    if (u->operations == NULL)
        u->operations = arena_array(d->mem, uint64_t, words_of_bits(d));
    u->grown |= (u->operations[n / 64] & bit) == 0;
    u->operations[n / 64] |= bit;
}

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
        add_operation(d, u, site->op);
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

static bool hand_down(struct differ *d, const struct unit *from, struct unit *to)
{
    bool grown = false;
    if (to->operations == NULL)
        to->operations = arena_array(d->mem, uint64_t, words_of_bits(d));
    for (size_t i = 0; i < words_of_bits(d); i++) {
        uint64_t more = from->operations[i] & ~to->operations[i];
        to->operations[i] |= more;
        grown |= more != 0;
    }
    return grown;
}

static void name_operations(struct differ *d, const struct unit *u)
{
    VEC(struct str) keys = {0};
    for (size_t n = 0; n < d->operation_keys.len; n++)
        if (u->operations != NULL && (u->operations[n / 64] >> (n & 63) & 1))
            vec_push(&keys, d->mem, d->operation_keys.ptr[n]);
    for (size_t i = u->first; i < u->first + u->count; i++) {
        d->findings.ptr[i].affected = keys.ptr;
        d->findings.ptr[i].affected_count = keys.len;
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
                if (hand_down(d, u, u->below.ptr[j]))
                    again = u->below.ptr[j]->grown = true;
        }
    }
    for (size_t i = 0; i < d->unit_list.len; i++)
        name_operations(d, d->unit_list.ptr[i]);
}
