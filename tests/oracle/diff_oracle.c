/* Is what a comparison calls breaking what breaks? Makes every single change of random schemas,
 * compares, and asks an oracle that tries values: a request breaks when it accepts less, a response
 * when it may be more. What says the same in other words must be silent.
 * diff_oracle [--schemas N] [--seed N] [--verbose] [--complete] DEVIATIONS
 * A line of the file of deviations: change, direction, "missed" or "alarm", reason; by tabs. A
 * change that makes no difference to any value tried is not judged (a bound beside an enum, say),
 * nor one from or to a schema that accepts nothing. --complete: no line may be idle. */
#include <stdlib.h>

#include "catalog/diff/diff.h"
#include "tests/oracle/sketch.h"
#include "tests/oracle/trial.h"

#define PLACES_MOST 24

struct oracle {
    struct arena mem;
    struct dice dice;
    struct tree *values;
    size_t value_count;
    struct str deviations;
    bool *used; /* by line of the file */
    size_t judged, unjudged, neutral, deviating, wrong;
    bool verbose, complete;
};

/* One document and what it accepts. */
struct version {
    struct tree *doc;
    struct str text;
    uint8_t *accepted;
};

enum direction { REQUEST, RESPONSE };
static const char *const direction_names[] = {"request", "response"};

static struct version version_of(const struct oracle *o, const struct sketch *s, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf text = {0};
    struct version v = {0};
    struct err err = {0};
    sketch_write(s, &text);
    v.text = arena_str(mem, buf_str(&text));
    bool read = tree_read(v.text, NULL, mem, &v.doc, &err);
    assert(read);
    if (read)
        v.accepted = trial_accepted(v.doc, o->values, mem);
    return v;
}

static bool accepts_any(const struct oracle *o, const struct version *v)
{
    return memchr(v->accepted, 1, o->value_count) != NULL;
}

/* True when a line of the deviations names the case. */
static bool is_listed(struct oracle *o, struct str change, enum direction direction, bool missed)
{
    struct str rest = o->deviations, line, field;
    for (size_t number = 0; str_split(&rest, '\n', &line); number++) {
        bool same = line.len > 0 && line.ptr[0] != '#';
        same = same && str_split(&line, '\t', &field) && str_eq(field, change);
        same = same && str_split(&line, '\t', &field) &&
               str_eq(field, str_from(direction_names[direction]));
        same = same && str_split(&line, '\t', &field) &&
               str_eq(field, missed ? STR("missed") : STR("alarm"));
        if (same) {
            o->used[number] = true;
            return true;
        }
    }
    return false;
}

static void tell(const struct diff_report *report, const struct version *old,
                 const struct version *new)
{
    static const struct str path = {"/components", 11};
    const struct version *const both[] = {old, new};
    for (size_t i = 0; i < report->count; i++)
        printf("    %s %s: " STR_FMT "\n", diff_level_name(report->findings[i].level),
               report->findings[i].id, STR_ARG(report->findings[i].text));
    for (size_t i = 0; i < COUNT_OF(both); i++) {
        const struct tree_node *n = tree_at(both[i]->doc, path);
        printf("    %s " STR_FMT "\n", i == 0 ? "old" : "new",
               STR_ARG(str_sub(tree_source(both[i]->doc), n->start, n->end - n->start)));
    }
}

static void judge_direction(struct oracle *o, struct str change, enum direction direction,
                            enum relation relation, const struct diff_report *report,
                            const struct version *old, const struct version *new)
{
    const struct str prefix = str_from(direction_names[direction]);
    unsigned breaks = direction == REQUEST ? RELATION_NARROWED : RELATION_WIDENED;
    bool want = (relation & breaks) != 0, got = false;
    for (size_t i = 0; i < report->count; i++)
        got |= report->findings[i].level >= DIFF_WARN &&
               (str_starts(str_from(report->findings[i].id), prefix) ||
                (direction == REQUEST &&
                 str_starts(str_from(report->findings[i].id), STR("new-required-request"))));
    if (want == got)
        return;
    if (is_listed(o, change, direction, want)) {
        o->deviating++;
        return;
    }
    o->wrong++;
    printf("WRONG %s of " STR_FMT " in a %s\n", want ? "missed" : "alarm", STR_ARG(change),
           direction_names[direction]);
    if (o->verbose)
        tell(report, old, new);
}

static void judge_change(struct oracle *o, size_t change, const struct version *old,
                         const struct version *new, struct arena *mem)
{
    static const struct diff_options usual;
    struct diff_report report = {0};
    struct err err = {0};
    struct str name = change_name(change, mem);
    enum relation relation = trial_relation(old->accepted, new->accepted, o->value_count);
    bool compared = diff_compare(oas_files_of(old->doc, mem), oas_files_of(new->doc, mem), &usual,
                                 mem, &report, &err);
    assert(compared && (relation == RELATION_EQUAL || !change_is_neutral(change)));
    if (change_is_neutral(change)) {
        o->neutral++;
        if (report.count > 0 && !is_listed(o, name, REQUEST, false)) {
            o->wrong++;
            printf("WRONG " STR_FMT " is not silent\n", STR_ARG(name));
            if (o->verbose)
                tell(&report, old, new);
        }
    } else if (relation == RELATION_EQUAL || !accepts_any(o, old) || !accepts_any(o, new)) {
        o->unjudged++;
    } else {
        o->judged++;
        judge_direction(o, name, REQUEST, relation, &report, old, new);
        judge_direction(o, name, RESPONSE, relation, &report, old, new);
    }
    UNUSED(compared);
}

/* Every change in every place of one schema. */
static void judge_schema(struct oracle *o)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct sketch *places[PLACES_MOST], *s = sketch_random(&o->dice, &mem, 2);
    struct version old = version_of(o, s, &mem);
    size_t count = sketch_list(s, places, PLACES_MOST);
    for (size_t place = 0; place < count; place++)
        for (size_t change = 0; change < change_count(); change++) {
            CLEANUP(arena_clear) struct arena own = {0};
            struct sketch *changed = sketch_copy(s, &own), *in[PLACES_MOST];
            (void)sketch_list(changed, in, PLACES_MOST);
            if (!change_make(change, in[place], &o->dice, &own))
                continue;
            struct version new = version_of(o, changed, &own);
            judge_change(o, change, &old, &new, &own);
        }
}

static size_t idle_lines(const struct oracle *o)
{
    struct str rest = o->deviations, line;
    size_t idle = 0;
    for (size_t number = 0; str_split(&rest, '\n', &line); number++)
        if (line.len > 0 && line.ptr[0] != '#' && !o->used[number]) {
            printf("WRONG nothing deviates any more: " STR_FMT "\n", STR_ARG(line));
            idle++;
        }
    return idle;
}

int main(int argc, char **argv)
{
    struct oracle o = {.dice = {1}};
    CLEANUP(buf_clear) struct buf deviations = {0};
    struct err err = {0};
    int64_t schemas = 100, seed = 1;
    for (int i = 1; i < argc; i++) {
        struct str arg = str_from(argv[i]), value = str_from(i + 1 < argc ? argv[i + 1] : NULL);
        if (str_eq(arg, STR("--verbose")))
            o.verbose = true;
        else if (str_eq(arg, STR("--complete")))
            o.complete = true;
        else if ((str_eq(arg, STR("--schemas")) && str_to_i64(value, &schemas)) ||
                 (str_eq(arg, STR("--seed")) && str_to_i64(value, &seed)))
            i++;
        else if (!file_read(argv[i], (size_t)1 << 20, &deviations, &err))
            return fprintf(stderr, "%s: %s\n", argv[i], err.msg) < 0 ? 2 : 1;
    }
    if (!crypto_init())
        return 1;
    o.dice.state = (uint64_t)seed;
    o.deviations = buf_str(&deviations);
    o.used = arena_array(&o.mem, bool, deviations.len + 1);
    o.values = trial_values(&o.mem);
    o.value_count = tree_root(o.values)->size;
    for (int64_t i = 0; i < schemas; i++)
        judge_schema(&o);
    o.wrong += o.complete ? idle_lines(&o) : 0;
    printf("oracle: %zu values; %zu changes judged, %zu without a difference, %zu neutral; "
           "%zu deviate as listed, %zu wrong\n",
           o.value_count, o.judged, o.unjudged, o.neutral, o.deviating, o.wrong);
    arena_clear(&o.mem);
    return o.wrong > 0;
}
