/* Numbers: the plainest between the bounds, on a multiple where one is asked for. */
#include <math.h>
#include <stdlib.h>

#include "maker.h"

struct range {
    double least, most; /* infinite: no bound */
    bool above, below;  /* the bound itself is no value */
    double step;        /* 0: any */
};

static bool number_of(const struct group *g, size_t part, const char *keyword, double *out)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct tree_node *node = part_get(g, part, keyword);
    if (tree_kind_of(node) != TREE_NUMBER)
        return false;
    *out = strtod(str_z(&mem, tree_text(g->parts.ptr[part].doc, node)), NULL);
    return isfinite(*out);
}

static void narrow(struct range *r, double bound, bool upper, bool exclusive)
{
    if (upper ? bound > r->most : bound < r->least)
        return;
    *(upper ? &r->most : &r->least) = bound;
    *(upper ? &r->below : &r->above) = exclusive;
}

/* draft-04 has the exclusive bounds as booleans beside the bound, later ones as numbers. */
static void narrow_by(const struct group *g, size_t part, struct range *r)
{
    static const struct {
        const char *bound, *exclusive;
        bool upper;
    } ends[] = {
        {"minimum", "exclusiveMinimum", false},
        {"maximum", "exclusiveMaximum", true },
    };
    const struct tree *doc = g->parts.ptr[part].doc;
    double bound = 0;
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        bool exclusive = tree_true(doc, part_get(g, part, ends[i].exclusive));
        if (number_of(g, part, ends[i].bound, &bound))
            narrow(r, bound, ends[i].upper, exclusive);
        if (number_of(g, part, ends[i].exclusive, &bound))
            narrow(r, bound, ends[i].upper, true);
    }
    if (number_of(g, part, "multipleOf", &bound) && bound > r->step)
        r->step = bound;
}

static bool offer_number(struct making *m, struct tries *tries, double number)
{
    if (!isfinite(number))
        return false;
    for (int digits = 15; digits <= 17; digits += 2) {
        struct str text = arena_printf(m->mem, "%.*g", digits, number);
        if (fabs(number) < 1e15 && !(floor(number) < number))
            text = arena_printf(m->mem, "%.0f", number);
        if (offer(m, tries, text))
            return true;
    }
    return false;
}

/* A bound as it is written: it may have more digits than a double. */
static bool offer_bounds(struct making *m, struct tries *tries, const struct group *g)
{
    static const char *const keywords[] = {"minimum", "maximum", "multipleOf"};
    for (size_t i = 0; i < COUNT_OF(keywords); i++)
        for (size_t part = 0; part < g->parts.len; part++) {
            const struct tree_node *node = part_get(g, part, keywords[i]);
            struct str json = STR_NONE;
            if (tree_kind_of(node) == TREE_NUMBER &&
                example_json(g->parts.ptr[part].doc, node, m->mem, &json) && offer(m, tries, json))
                return true;
        }
    return false;
}

bool make_number(struct making *m, struct tries *tries, const struct group *g, bool whole)
{
    struct range r = {.least = -(double)INFINITY, .most = (double)INFINITY};
    for (size_t part = 0; part < g->parts.len; part++)
        narrow_by(g, part, &r);
    double step = r.step > 0 ? r.step : 1;
    double from = r.least <= 1 && (r.most > 1 || (r.most >= 1 && !r.below)) ? 1 : r.least;
    if (!isfinite(from))
        from = isfinite(r.most) ? floor(r.most / step) * step - step * tries->skip : 1;
    from = ceil(from / step) * step;
    for (unsigned i = 0; i <= tries->need->ordinal + 2; i++)
        if (offer_number(m, tries, from + step * i))
            return true;
    if (isfinite(r.least) && isfinite(r.most) && !whole &&
        offer_number(m, tries, r.least + (r.most - r.least) / 2))
        return true;
    if (isfinite(r.least) && !whole && offer_number(m, tries, r.least + 0.5))
        return true;
    return offer_number(m, tries, 0) || offer_number(m, tries, r.most) ||
           offer_number(m, tries, floor(r.most / step) * step - step) || offer_bounds(m, tries, g);
}
