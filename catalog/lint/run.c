/* A run: the rules that apply, their places as two sets of expressions, one walk for each set. */
#include "call.h"
#include "catalog/lint/schemas.h"

/* --- calls ------------------------------------------------------------------------------------ */

struct jsonpath_spot call_see(const struct call *c, struct jsonpath_spot raw)
{
    return c->rule->resolved && raw.node ? view_at(&c->run->view, raw) : raw;
}

struct jsonpath_spot call_child(const struct call *c, struct jsonpath_spot parent, struct str name)
{
    return call_see(c, spot_child(parent, name));
}

struct jsonpath_spot call_root(const struct call *c)
{
    const struct tree *doc = c->run->view.docs.ptr[0].doc;
    return (struct jsonpath_spot){doc, tree_root(doc)};
}

struct str call_index(const struct call *c, size_t index)
{
    return arena_printf(&c->run->scratch, "%zu", index);
}

void call_report_at(struct call *c, const struct str *path, size_t count, struct str message)
{
    run_report(c->run, c->rule, path, count, message);
}

void call_report_below(struct call *c, const struct str *below, size_t count, struct str message)
{
    struct str *path = arena_array(&c->run->scratch, struct str, c->depth + count);
    if (c->depth > 0)
        memcpy(path, c->path, c->depth * sizeof(*path));
    if (count > 0)
        memcpy(path + c->depth, below, count * sizeof(*path));
    run_report(c->run, c->rule, path, c->depth + count, message);
}

void call_report(struct call *c, const char *format, ...)
{
    char msg[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(msg, sizeof(msg), format, args);
    va_end(args);
    run_report(c->run, c->rule, c->path, c->depth, str_from(msg));
}

/* --- fields ----------------------------------------------------------------------------------- */

static void invoke(struct call *c)
{
    const struct function *f = c->step->function;
    if (target_input(&c->value) & f->input)
        f->run(c);
}

static struct target node_target(struct jsonpath_spot spot)
{
    struct target t = {.kind = spot.node ? TARGET_NODE : TARGET_UNDEFINED, .spot = spot};
    return t;
}

static void with_path(struct call *c, const struct str *more, size_t count)
{
    struct str *path = arena_array(&c->run->scratch, struct str, c->depth + count);
    if (c->depth > 0)
        memcpy(path, c->path, c->depth * sizeof(*path));
    if (count > 0)
        memcpy(path + c->depth, more, count * sizeof(*path));
    c->path = path;
    c->depth += count;
}

static void each_key(const struct call *outer)
{
    const struct jsonpath_spot object = outer->value.spot;
    size_t index = 0;
    for (const struct tree_node *n = tree_first(object.doc, object.node); n;
         n = tree_next(object.doc, n), index++) {
        struct call c = *outer;
        struct str key = tree_key(object.doc, n);
        c.value = (struct target){.kind = TARGET_TEXT};
        c.value.text = key.ptr ? key : call_index(outer, index);
        with_path(&c, &c.value.text, 1);
        invoke(&c);
    }
}

/* lodash's get: a member of the very name goes before the path; arrays and texts have a length. */
static struct target get(const struct call *c, struct jsonpath_spot from, const struct step *step)
{
    struct jsonpath_spot at = call_child(c, from, step->name);
    struct target t = {.kind = TARGET_NUMBER};
    if (at.node != NULL)
        return node_target(at);
    at = from;
    for (size_t i = 0; i < step->segment_count; i++) {
        enum tree_kind kind = tree_kind_of(at.node);
        struct jsonpath_spot next = call_child(c, at, step->segments[i]);
        if (at.node && next.node == NULL && i + 1 == step->segment_count &&
            str_eq(step->segments[i], STR("length")) &&
            (kind == TREE_ARRAY || kind == TREE_STRING)) {
            t.number = at.node->size;
            return t;
        }
        at = next;
    }
    return node_target(at);
}

struct found_fields {
    const struct call *outer;
    size_t count;
};

static void field_hit(void *context, size_t tag, const struct jsonpath_match *match)
{
    struct found_fields *found = context;
    struct call c = *found->outer;
    UNUSED(tag);
    found->count++;
    for (size_t i = 0; i < match->depth; i++) {
        struct str name =
            match->path[i].key.ptr ? match->path[i].key : call_index(&c, match->path[i].index);
        with_path(&c, &name, 1);
    }
    c.value = node_target(match->value);
    if (match->key)
        c.value = (struct target){.kind = TARGET_TEXT, .text = c.path[c.depth - 1]};
    invoke(&c);
}

static void each_found(const struct call *outer)
{
    struct found_fields found = {.outer = outer};
    struct jsonpath_view view = view_for_paths(&outer->run->view);
    struct err err = {0};
    if (!jsonpath_find(outer->step->jsonpath, outer->value.spot,
                       outer->rule->resolved ? &view : NULL, 0, field_hit, &found, &err))
        outer->run->err = err;
    if (found.count == 0) {
        struct call c = *outer;
        c.value = (struct target){.kind = TARGET_UNDEFINED};
        invoke(&c);
    }
}

static void take_step(struct call *c)
{
    bool container = c->value.spot.node && (target_input(&c->value) & (INPUT_ARRAY | INPUT_OBJECT));
    const struct step *step = c->step;
    if (step->field == FIELD_NONE || !container) {
        invoke(c);
    } else if (step->field == FIELD_KEYS && c->value.spot.node->size > 0) {
        each_key(c);
    } else if (step->field == FIELD_KEYS) {
        c->value = (struct target){.kind = TARGET_UNDEFINED};
        invoke(c);
    } else if (step->field == FIELD_JSONPATH) {
        each_found(c);
    } else {
        struct target value = get(c, c->value.spot, step);
        with_path(c, step->segments, step->segment_count);
        c->value = value;
        invoke(c);
    }
}

/* --- matches ---------------------------------------------------------------------------------- */

struct walk_jobs {
    struct run *run;
    VEC(const struct rule *) rules;
};

static void hit(void *context, size_t tag, const struct jsonpath_match *match)
{
    struct walk_jobs *jobs = context;
    struct run *run = jobs->run;
    const struct rule *rule = jobs->rules.ptr[tag];
    struct str *path = arena_array(&run->scratch, struct str, match->depth);
    for (size_t i = 0; i < match->depth; i++)
        path[i] = match->path[i].key.ptr ? match->path[i].key
                                         : arena_printf(&run->scratch, "%u", match->path[i].index);
    for (size_t i = 0; i < rule->step_count; i++) {
        struct call c = {.run = run,
                         .rule = rule,
                         .step = &rule->steps[i],
                         .value = node_target(match->value),
                         .path = path,
                         .depth = match->depth};
        if (match->key)
            c.value = (struct target){.kind = TARGET_TEXT, .text = path[match->depth - 1]};
        if (c.step->function != NULL)
            take_step(&c);
    }
    arena_reset(&run->scratch);
}

/* --- rules ------------------------------------------------------------------------------------ */

static bool applies(const struct run *run, const struct rule *rule)
{
    if (!rule->enabled || rule->severity == SEVERITY_OFF)
        if (rule->overrides.len == 0)
            return false;
    return !rule->formats.given || (run->formats_known && (rule->formats.set & run->formats));
}

static void note_steps(struct run *run, const struct rule *rule)
{
    bool judges = false;
    for (size_t i = 0; i < rule->step_count; i++) {
        const struct step *step = &rule->steps[i];
        size_t j = 0;
        judges = judges || step->function != NULL;
        if (step->function != NULL)
            continue;
        while (j < run->skips.len && !str_eq(run->skips.ptr[j].function, step->function_name))
            j++;
        if (j == run->skips.len)
            vec_push(&run->skips, run->mem,
                     (struct lint_skip){step->function_name, step->vacuums, 0});
        run->skips.ptr[j].rules++;
    }
    run->rules += judges;
}

static bool add_given(struct run *run, const struct rule *rule, struct jsonpath_set *set,
                      size_t tag, struct err *err)
{
    expressions all = {0};
    for (size_t i = 0; i < rule->given_count; i++)
        if (!alias_expand(rule->alias_source, rule->given[i], true, run->formats, &run->state, &all,
                          err))
            return false;
    for (size_t i = 0; i < all.len; i++) {
        struct jsonpath *path = NULL;
        if (!jsonpath_compile(all.ptr[i], JSONPATH_SPECTRAL, &run->state, &path, err))
            return false;
        jsonpath_set_add(set, path, tag);
    }
    return true;
}

static bool walk(struct run *run, bool resolved, struct err *err)
{
    struct walk_jobs jobs = {.run = run};
    struct jsonpath_set *set = jsonpath_set_new(&run->state);
    const struct tree *doc = run->view.docs.ptr[0].doc;
    struct jsonpath_spot root = {doc, tree_root(doc)};
    struct jsonpath_view view = view_for_paths(&run->view);
    for (size_t i = 0; i < run->ruleset->rules.len; i++) {
        const struct rule *rule = run->ruleset->rules.ptr[i];
        if (rule->resolved != resolved || !applies(run, rule))
            continue;
        vec_push(&jobs.rules, &run->state, rule);
        note_steps(run, rule);
        if (!add_given(run, rule, set, jobs.rules.len - 1, err))
            return false;
    }
    if (jobs.rules.len == 0)
        return true;
    if (!jsonpath_set_walk(set, resolved ? view_at(&run->view, root) : root,
                           resolved ? &view : NULL, hit, &jobs, err))
        return false;
    if (run->err.code != ERR_NONE)
        *err = run->err;
    return run->err.code == ERR_NONE;
}

/* --- the whole -------------------------------------------------------------------------------- */

static void detect_formats(struct run *run)
{
    const struct format_list *known = &run->ruleset->formats;
    unsigned is = formats_of(run->view.docs.ptr[0].doc);
    for (size_t i = 0; i < known->count; i++)
        run->formats |= known->sets[i] & is;
    run->formats_known = run->formats != 0;
}

static bool judge(struct run *run, struct err *err)
{
    view_init(&run->view, run->files, &run->state);
    run->schemas = schemas_new(run);
    detect_formats(run);
    report_reading(run);
    return walk(run, true, err) && walk(run, false, err);
}

bool lint_run(const struct lint_ruleset *ruleset, struct oas_files *files, struct str name,
              struct arena *mem, struct lint_report *out, struct err *err)
{
    struct run run = {.ruleset = ruleset, .files = files, .mem = mem, .name = name};
    struct lint_ruleset *own = NULL;
    if (ruleset->has_overrides) {
        if (!ruleset_for(ruleset, name, mem, &own, err)) /* findings name its rules */
            return false;
        run.ruleset = own;
    }
    bool ok = oas_weigh(files, err) && judge(&run, err);
    if (ok) {
        findings_sort(&run, out);
        out->operations = oas_operation_count(run.view.docs.ptr[0].doc);
        out->unruled = run.rules == 0;
    }
    arena_clear(&run.scratch);
    arena_clear(&run.state);
    return ok;
}
