/* One walk for a set of expressions: every value is entered once for each state it is met in. */
#include "set.h"

#define MOST_ENTRIES UINT64_C(100000000)
#define NEEDS_OBJECT UINT64_C(1) /* the bit of no name */

struct level {
    struct jsonpath_spot container;
    const struct state *state;
    const struct doc_names *names;
    const struct tree_node *child;
    uint32_t index;
};

/* A way through a reference, taken when all that needs none has been seen: what stands in a
 * document is met where it stands first. */
struct detour {
    size_t from;                       /* the detour it goes on from, plus 1; 0 is the root */
    const struct jsonpath_step *steps; /* behind that one's */
    size_t count, depth;               /* of steps; of the whole path */
    const struct state *state;
};

struct walk {
    struct automaton automaton;
    struct scene scene;
    const struct jsonpath_set *set;
    jsonpath_hit *hit;
    void *context;
    VEC(struct level) levels;
    VEC(struct jsonpath_step) steps;
    VEC(uint32_t) matched;
    uint64_t *required; /* by edge: names without which its filter cannot match */
    struct numbers seen, known_detours;
    VEC(struct detour) detours;
    size_t detour, detour_depth; /* being taken, plus 1; where its own steps end */
    struct arena *mem;
    struct effort effort;
};

/* --- matches ---------------------------------------------------------------------------------- */

static void go_on(struct walk *w, const struct terminal *end)
{
    struct finder f = {.path = end->path,
                       .scene = w->scene,
                       .start = w->scene.root,
                       .tag = end->tag,
                       .hit = w->hit,
                       .context = w->context,
                       .mem = w->mem};
    for (size_t i = 0; i < w->steps.len; i++)
        vec_push(&f.steps, w->mem, w->steps.ptr[i]);
    f.scene.path = f.steps.ptr;
    f.scene.depth = f.steps.len;
    finder_run(&f, end->segment);
}

static void report(struct walk *w, const struct edge *e)
{
    struct jsonpath_match match = {scene_value(&w->scene), w->steps.ptr, w->steps.len, false};
    for (size_t i = 0; i < e->ends.len; i++) {
        const struct terminal *end = &e->ends.ptr[i];
        match.key = end->path->key;
        if (end->segment < end->path->count)
            go_on(w, end);
        else if (!match.key || match.depth > 0)
            w->hit(w->context, end->tag, &match);
    }
}

/* --- children --------------------------------------------------------------------------------- */

static bool edge_takes(struct walk *w, uint32_t id, struct jsonpath_spot container)
{
    const struct edge *e = &w->set->edges.ptr[id];
    for (size_t i = 0; i < e->segment->count; i++)
        if (selector_takes(e->dialect, &e->segment->selectors[i], &w->scene, container))
            return true;
    return false;
}

/* True when a filter's edge cannot match: the value is no object, or lacks a name. */
static bool hopeless(struct walk *w, uint32_t id, struct jsonpath_spot value)
{
    uint64_t required = w->required[id];
    if (required == 0)
        return false;
    if (tree_kind_of(value.node) != TREE_OBJECT)
        return true;
    required &= ~NEEDS_OBJECT;
    if (required == 0)
        return false;
    const struct doc_names *names = automaton_doc(&w->automaton, value.doc);
    return (names->holds[tree_number(value.doc, value.node)] & required) != required;
}

static void match_child(struct walk *w, const struct level *top, uint32_t name)
{
    const struct state *s = top->state;
    struct jsonpath_spot value = scene_value(&w->scene);
    w->matched.len = 0;
    for (uint32_t i = name ? s->first[name] : 0; name && i < s->first[name + 1]; i++)
        vec_push(&w->matched, w->mem, s->named[i]);
    for (uint32_t i = 0; i < s->other_count; i++)
        if (!hopeless(w, s->others[i], value) && edge_takes(w, s->others[i], top->container))
            vec_push(&w->matched, w->mem, s->others[i]);
    for (size_t i = 0; i < w->matched.len; i++)
        report(w, &w->set->edges.ptr[w->matched.ptr[i]]);
}

static uint64_t entry_number(struct walk *w, struct jsonpath_spot spot, const struct state *state)
{
    const struct doc_names *names = automaton_doc(&w->automaton, spot.doc);
    uint64_t doc = (uint64_t)(names - w->automaton.docs.ptr);
    return (doc << 20 | state->id) << 32 | tree_number(spot.doc, spot.node);
}

static void enter(struct walk *w, struct jsonpath_spot spot, const struct state *state)
{
    if (!numbers_add(&w->seen, entry_number(w, spot, state)))
        return;
    if (w->seen.count > MOST_ENTRIES || w->levels.len >= MOST_LEVELS ||
        state->id >= UINT32_C(1) << 20) {
        w->effort.cut = true;
        return;
    }
    const struct doc_names *names = automaton_doc(&w->automaton, spot.doc);
    vec_push(&w->levels, w->mem,
             (struct level){spot, state, names, tree_first(spot.doc, spot.node), 0});
}

static void put_off(struct walk *w, struct jsonpath_spot spot, const struct state *state)
{
    if (w->steps.len >= MOST_LEVELS ||
        !numbers_add(&w->known_detours, entry_number(w, spot, state)))
        return;
    size_t count = w->steps.len - w->detour_depth;
    struct jsonpath_step *steps = arena_array(w->mem, struct jsonpath_step, count);
    memcpy(steps, w->steps.ptr + w->detour_depth, count * sizeof(*steps));
    vec_push(&w->detours, w->mem, (struct detour){w->detour, steps, count, w->steps.len, state});
}

static void visit(struct walk *w, const struct level *top, const struct tree_node *child)
{
    struct jsonpath_spot raw = {top->container.doc, child};
    struct jsonpath_step step = {tree_key(raw.doc, child), top->index, raw,
                                 view_see(w->scene.view, raw)};
    size_t depth = w->levels.len;
    vec_push(&w->steps, w->mem, step);
    w->scene.path = w->steps.ptr;
    w->scene.depth = w->steps.len;
    match_child(w, top, step.key.ptr ? top->names->name[tree_number(raw.doc, child)] : 0);
    if (tree_kind_of(step.seen.node) >= TREE_ARRAY && step.seen.node->size > 0) {
        const struct state *next =
            automaton_step(&w->automaton, top->state, w->matched.ptr, (uint32_t)w->matched.len);
        if (next->count > 0 && step.seen.node != raw.node)
            put_off(w, step.seen, next);
        else if (next->count > 0)
            enter(w, step.seen, next);
    }
    if (w->levels.len == depth) {
        w->steps.len--;
        w->scene.depth--;
    }
    if (w->scene.scratch->used_bytes > SCRATCH_BYTES)
        arena_reset(w->scene.scratch);
}

static void run(struct walk *w)
{
    while (w->levels.len > 0 && !w->effort.cut) {
        struct level *top = vec_last(&w->levels);
        const struct tree_node *child = top->child;
        if (child == NULL) {
            w->levels.len--;
            w->steps.len -= w->steps.len > 0;
            w->scene.depth = w->steps.len;
            continue;
        }
        struct level now = *top;
        top->child = tree_next(top->container.doc, child);
        top->index++;
        visit(w, &now, child);
    }
}

/* The path of a detour, from its end to the root and back. */
static void restore_steps(struct walk *w, size_t number)
{
    size_t depth = w->detours.ptr[number - 1].depth;
    w->steps.len = 0;
    while (w->steps.len < depth)
        vec_push(&w->steps, w->mem, (struct jsonpath_step){.index = 0});
    for (; number > 0; number = w->detours.ptr[number - 1].from) {
        const struct detour *d = &w->detours.ptr[number - 1];
        memcpy(w->steps.ptr + d->depth - d->count, d->steps, d->count * sizeof(*d->steps));
    }
    w->scene.path = w->steps.ptr;
    w->scene.depth = w->steps.len;
}

static void take_detours(struct walk *w)
{
    for (size_t i = 0; i < w->detours.len && !w->effort.cut; i++) {
        w->detour = i + 1;
        w->detour_depth = w->detours.ptr[i].depth;
        restore_steps(w, w->detour);
        enter(w, vec_last(&w->steps)->seen, w->detours.ptr[i].state);
        run(w);
    }
}

static void note_required(struct walk *w)
{
    w->required = arena_array(w->mem, uint64_t, w->set->edges.len);
    for (size_t i = 1; i < w->set->edges.len; i++) {
        const struct segment *s = w->set->edges.ptr[i].segment;
        if (s->count == 1 && s->selectors[0].kind == SELECT_FILTER)
            w->required[i] = automaton_required(&w->automaton, s->selectors[0].filter) |
                             (s->selectors[0].filter->needs_object ? NEEDS_OBJECT : 0);
    }
}

bool jsonpath_set_walk(struct jsonpath_set *set, struct jsonpath_spot root,
                       const struct jsonpath_view *view, jsonpath_hit *hit, void *context,
                       struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(arena_clear) struct arena scratch = {0};
    struct walk w = {
        .set = set,
        .scene = {.root = root, .view = view, .scratch = &scratch},
        .hit = hit,
        .context = context,
        .mem = &mem
    };
    w.effort = effort_for(root);
    w.scene.effort = &w.effort;
    automaton_init(&w.automaton, set, &mem);
    note_required(&w);
    report(&w, &set->edges.ptr[0]);
    const struct state *start = automaton_start(&w.automaton);
    if (tree_kind_of(root.node) >= TREE_ARRAY && start->count > 0)
        enter(&w, root, start);
    run(&w);
    take_detours(&w);
    numbers_clear(&w.seen);
    numbers_clear(&w.known_detours);
    return !w.effort.cut || fail(err, ERR_LIMIT, "", "the expressions visit too many values");
}
