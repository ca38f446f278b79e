/* Finds which pairs lie on circles together (Tarjan), without recursion. */
#include "catalog/diff/graph.h"

struct visit {
    struct pair *pair;
    uint32_t next; /* edge, then candidate, to look at */
};

struct search {
    VEC(struct visit) visits;
    VEC(struct pair *) stack;
    uint32_t order;
};

static struct pair *child_of(const struct pair *p, uint32_t n)
{
    if (n < p->edge_count)
        return p->edges[n].to;
    n -= p->edge_count;
    return n < p->candidate_count ? p->candidates[n] : NULL;
}

static void enter(struct graph *g, struct search *s, struct pair *p)
{
    p->order = p->low = ++s->order;
    p->on_stack = 1;
    vec_push(&s->stack, g->mem, p);
    vec_push(&s->visits, g->mem, (struct visit){p, 0});
}

static void close_component(struct graph *g, struct search *s, const struct pair *root)
{
    const struct pair *top = NULL;
    bool many = s->stack.ptr[s->stack.len - 1] != root;
    g->components++;
    while (top != root) {
        struct pair *p = s->stack.ptr[--s->stack.len];
        p->on_stack = 0;
        p->component = g->components;
        p->cyclic |= many;
        top = p;
    }
}

void graph_find_components(struct graph *g, struct pair *root)
{
    struct search s = {.order = 0};
    if (root->component != 0)
        return;
    enter(g, &s, root);
    while (s.visits.len > 0) {
        struct visit *v = vec_last(&s.visits);
        struct pair *p = v->pair, *child = child_of(p, v->next++);
        if (child == p)
            p->cyclic = true;
        if (child != NULL && child->component == 0 && !child->on_stack)
            enter(g, &s, child);
        else if (child != NULL && child->on_stack && child->order < p->low)
            p->low = child->order;
        if (child != NULL)
            continue;
        if (p->low == p->order)
            close_component(g, &s, p);
        s.visits.len--;
        if (s.visits.len > 0 && p->low < vec_last(&s.visits)->pair->low && p->component == 0)
            vec_last(&s.visits)->pair->low = p->low;
    }
}
