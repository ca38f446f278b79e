/* The publish gate: a table of rules, of which the first that matches decides on each thing there
 * is to say about a document and its API. Reads what is stored; never judges documents itself. */
#include <stdlib.h>

#include "catalog/service/internal.h"

#define NOTICE_BYTES 900 /* of an event's reason */

/* One thing to decide on. */
struct matter {
    enum condition kind; /* never CONDITION_RULE */
    int rank;            /* findings: enum found_severity; changes: enum change_level */
    struct str code, pointer, detail;
};

struct judging {
    struct store *store;
    const struct judged *what;
    struct arena *mem;
    const struct gate_rule *rules;
    size_t rule_count;
    const struct waiver *waivers;
    size_t waiver_count;
    VEC(struct verdict_item) items;
};

/* --- rules ------------------------------------------------------------------------------------ */

static bool in_scope(const struct gate_rule *rule, const struct api *api, struct arena *mem)
{
    const struct str *tags = NULL;
    size_t count = list_read(api->tags, mem, &tags), i = 0;
    if (rule->team.len > 0 && !str_eq(rule->team, api->team))
        return false;
    while (rule->tag.len > 0 && i < count && !str_eq(rule->tag, tags[i]))
        i++;
    return rule->tag.len == 0 || i < count;
}

static bool matches(const struct gate_rule *rule, const struct matter *matter)
{
    bool finding = matter->kind == CONDITION_VALIDATION || matter->kind == CONDITION_FINDING;
    if (rule->condition == CONDITION_RULE)
        return finding && str_eq(rule->argument, matter->code);
    if (rule->condition != (int)matter->kind)
        return false;
    if (finding) /* the worst is the least */
        return matter->rank <= value_of(&names_found, rule->argument);
    return matter->kind != CONDITION_BREAKING ||
           matter->rank >= value_of(&names_change_level, rule->argument);
}

static const struct gate_rule *rule_for(const struct judging *j, const struct matter *matter)
{
    for (size_t i = 0; i < j->rule_count; i++)
        if (matches(&j->rules[i], matter))
            return &j->rules[i];
    return NULL;
}

static bool read_rules(struct judging *j, struct err *err)
{
    struct store_rows all = {0};
    VEC(struct gate_rule) mine = {0};
    if (!store_all(j->store, STMT_GATE_RULES_ALL, &record_gate_rule, NO_ARGS, j->mem, &all, err))
        return false;
    for (size_t i = 0; i < all.count; i++) {
        const struct gate_rule *rule = (const struct gate_rule *)all.rows + i;
        if (in_scope(rule, j->what->api, j->mem))
            vec_push(&mine, j->mem, *rule);
    }
    j->rules = mine.ptr;
    j->rule_count = mine.len;
    return true;
}

/* --- what speaks for it ----------------------------------------------------------------------- */

static int64_t waiver_for(const struct judging *j, const struct matter *matter)
{
    for (size_t i = 0; i < j->waiver_count; i++) {
        const struct waiver *w = &j->waivers[i];
        if (str_eq(w->code, matter->code) &&
            (w->pointer.ptr == NULL || str_eq(w->pointer, matter->pointer)))
            return w->id;
    }
    return 0;
}

static struct str remedy_of(const struct judging *j, enum condition kind)
{
    const struct str api = j->what->api->slug, label = j->what->version->label;
    switch (kind) {
    case CONDITION_VALIDATION:
    case CONDITION_FINDING:
    case CONDITION_RULE:
        return arena_printf(j->mem,
                            "correct the document and upload it again, or ask an operator for a "
                            "waiver (POST /v1/apis/" STR_FMT "/waivers)",
                            STR_ARG(api));
    case CONDITION_BREAKING:
        return STR("publish it under a new version label, or repeat the move with \"override\" and "
                   "the reason");
    case CONDITION_DESCRIPTION:
        return arena_printf(j->mem,
                            "give the API a summary or a description (PATCH /v1/apis/" STR_FMT ")",
                            STR_ARG(api));
    case CONDITION_OWNER:
        return arena_printf(
            j->mem, "make somebody owner of the team (PUT /v1/teams/" STR_FMT "/members/{user})",
            STR_ARG(j->what->api->team));
    case CONDITION_REVIEW:
        return arena_printf(j->mem,
                            "ask for a review (POST /v1/apis/" STR_FMT "/versions/" STR_FMT
                            "/reviews); a second person approves it",
                            STR_ARG(api), STR_ARG(label));
    case CONDITION_COUNT:
        break;
    }
    return STR_NONE;
}

static bool overridden(const struct judging *j, enum condition kind)
{
    return kind == CONDITION_BREAKING && j->what->override.len > 0;
}

static void decide_on(struct judging *j, const struct matter *matter)
{
    const struct gate_rule *rule = rule_for(j, matter);
    if (rule == NULL || rule->action == GATE_ALLOW)
        return;
    bool waivable = matter->kind != CONDITION_BREAKING && matter->kind != CONDITION_REVIEW;
    struct verdict_item item = {
        .action = (enum gate_action)rule->action,
        .condition = (enum condition)rule->condition,
        .code = matter->code,
        .pointer = matter->pointer,
        .detail = matter->detail,
        .remedy = remedy_of(j, matter->kind),
        .gate_rule = rule->id,
        .waiver = waivable ? waiver_for(j, matter) : 0,
    };
    if (item.waiver != 0 || overridden(j, matter->kind))
        item.action = GATE_ALLOW;
    vec_push(&j->items, j->mem, item);
}

/* --- what there is to say --------------------------------------------------------------------- */

static void on_findings(struct judging *j, const struct assessment_made *made)
{
    for (size_t i = 0; i < made->finding_count; i++) {
        const struct revision_finding *f = &made->findings[i];
        bool validation = str_eq(f->source, STR("validation"));
        const struct matter matter = {
            .kind = validation ? CONDITION_VALIDATION : CONDITION_FINDING,
            .rank = f->severity,
            .code = f->code,
            .pointer = f->pointer,
            .detail = f->message,
        };
        decide_on(j, &matter);
    }
}

/* Only what follows a document in force can break who relies on that; under a new label anything
 * may be different. */
static void on_changes(struct judging *j, const struct assessment_made *made)
{
    if (j->what->revision_id == j->what->version->revision_id)
        return;
    for (size_t i = 0; i < made->change_count; i++) {
        const struct revision_change *c = &made->changes[i];
        const struct matter matter = {
            .kind = CONDITION_BREAKING,
            .rank = c->level,
            .code = c->code,
            .detail = c->path.len == 0
                          ? c->message
                          : arena_printf(j->mem, STR_FMT "%s" STR_FMT ": " STR_FMT,
                                         STR_ARG(c->operation), c->operation.len ? " " : "",
                                         STR_ARG(c->path), STR_ARG(c->message)),
        };
        decide_on(j, &matter);
    }
}

static bool on_the_api(struct judging *j, struct err *err)
{
    const struct matter undescribed = {
        .kind = CONDITION_DESCRIPTION,
        .code = STR("description-missing"),
        .detail = STR("the API has neither a summary nor a description"),
    };
    const struct matter unowned = {
        .kind = CONDITION_OWNER,
        .code = STR("owner-missing"),
        .detail = STR("the API's team has no owner"),
    };
    const struct api *api = j->what->api;
    int64_t owners = 0;
    if (api->summary.len == 0 && api->description.len == 0)
        decide_on(j, &undescribed);
    if (!store_number(j->store, STMT_MEMBER_OWNERS, ARGS(arg_i64(api->team_id)), 0, &owners, err))
        return false;
    if (owners == 0)
        decide_on(j, &unowned);
    return true;
}

static bool on_review(struct judging *j, struct err *err)
{
    const struct matter unreviewed = {
        .kind = CONDITION_REVIEW,
        .code = STR("review-missing"),
        .detail = STR("no second person has approved this document"),
    };
    int64_t approved = 0;
    if (!store_number(j->store, STMT_REVIEW_APPROVED, ARGS(arg_i64(j->what->revision_id)), 0,
                      &approved, err))
        return false;
    if (approved == 0)
        decide_on(j, &unreviewed);
    return true;
}

/* --- the verdict ------------------------------------------------------------------------------ */

/* What blocks goes first; what is let through last; else in the order it was found. */
static void sort_out(const struct judging *j, struct verdict *out)
{
    static const enum gate_action order[] = {GATE_BLOCK, GATE_NOTIFY, GATE_ALLOW};
    size_t *const counts[] = {&out->blocks, &out->notices, &out->allowed};
    struct verdict_item *sorted = arena_array(j->mem, struct verdict_item, j->items.len);
    for (size_t o = 0; o < COUNT_OF(order); o++)
        for (size_t i = 0; i < j->items.len; i++)
            if (j->items.ptr[i].action == order[o]) {
                sorted[out->count++] = j->items.ptr[i];
                ++*counts[o];
            }
    out->items = sorted;
    out->blocked = out->blocks > 0;
}

bool verdict_of(struct store *s, const struct judged *what, const struct assessment_made *made,
                struct arena *mem, struct verdict *out, struct err *err)
{
    struct judging j = {.store = s, .what = what, .mem = mem};
    struct store_rows waivers = {0};
    struct verdict verdict = {0};
    if (!read_rules(&j, err) ||
        !store_all(
            s, STMT_WAIVERS_LIVE, &record_waiver,
            ARGS(arg_i64(what->api->id), arg_text(what->version->label), arg_i64(what->now_ms)),
            mem, &waivers, err))
        return false;
    j.waivers = waivers.rows;
    j.waiver_count = waivers.count;
    on_findings(&j, made);
    on_changes(&j, made);
    if (!on_the_api(&j, err) || !on_review(&j, err))
        return false;
    sort_out(&j, &verdict);
    *out = verdict;
    return true;
}

bool catalog_verdict(struct view *v, const struct principal *by, const struct str *args,
                     struct arena *mem, struct verdict *out, struct err *err)
{
    struct api api = {0};
    struct version version = {0};
    struct assessment_made made = {0};
    if (!catalog_api(v, by, args, mem, &api, err) ||
        !catalog_version(v, by, args, mem, &version, err) ||
        !permit(v->store, by, ACTION_GATE_READ, api.team_id, err))
        return false;
    const struct assessing assessing = {
        .api = &api, .version = &version, .revision_id = next_revision(&version)};
    const struct judged judged = {.api = &api,
                                  .version = &version,
                                  .revision_id = assessing.revision_id,
                                  .now_ms = clock_now_ms(v->catalog->config.clock)};
    if (judged.revision_id == 0) {
        (void)fail(err, ERR_CONFLICT, "", "a version without a document cannot be published");
        return err_hint(err, "upload its OpenAPI document first");
    }
    return assess_stored(v->store, &assessing, mem, &made, err) &&
           verdict_of(v->store, &judged, &made, mem, out, err);
}

/* --- inside a change -------------------------------------------------------------------------- */

/* Whether what the change has brought along is about this, and holds. */
static bool brought_along(struct txn *txn, const struct change *c, const struct judged *what,
                          struct arena *mem, bool *holds, struct err *err)
{
    if (c->assessed == NULL ||
        (c->import == NULL && c->assessed->row.revision_id != what->revision_id))
        return true;
    struct assessment row = c->assessed->row;
    row.revision_id = what->revision_id;
    return assessment_holds(txn->store, what->api, what->version, &row, mem, holds, err) &&
           (!*holds || assessment_put(txn, what->revision_id, c->assessed, err));
}

/* What is stored, when it holds; else what the change has brought along. */
static bool assessed(struct txn *txn, const struct change *c, const struct judged *what,
                     struct arena *mem, struct assessment_made *out, struct err *err)
{
    const struct assessing assessing = {
        .api = what->api, .version = what->version, .revision_id = what->revision_id};
    struct assessment stored = {0};
    bool holds = false;
    if (!store_one(txn->store, STMT_ASSESSMENT_OF, &record_assessment,
                   ARGS(arg_i64(what->revision_id)), mem, &stored, err) ||
        !assessment_holds(txn->store, what->api, what->version, &stored, mem, &holds, err) ||
        (!holds && !brought_along(txn, c, what, mem, &holds, err)))
        return false;
    if (!holds)
        return fail(err, ERR_STALE, ASSESSMENT_WANTED, "what the gate judges by has changed");
    return assess_stored(txn->store, &assessing, mem, out, err);
}

static bool note(struct txn *txn, const struct change *c, const struct judged *what,
                 const char *kind, struct str reason, struct arena *mem, struct err *err)
{
    const struct happening happening = {
        .kind = kind,
        .record = &record_version,
        .after = what->version,
        .id = what->version->id,
        .name = arena_join(mem, what->api->slug, STR("/"), what->version->label),
        .api_id = what->api->id,
        .team_id = what->api->team_id,
        .reason = reason,
    };
    return event_add(txn, c->by, &happening, err);
}

/* Codes, each once, of what the gate asks to notify. */
static struct str notices_of(const struct verdict *verdict, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf out = {.limit_bytes = NOTICE_BYTES};
    for (size_t i = 0; i < verdict->count && !out.failed; i++) {
        const struct verdict_item *item = &verdict->items[i];
        size_t k = 0;
        while (k < i && !(verdict->items[k].action == GATE_NOTIFY &&
                          str_eq(verdict->items[k].code, item->code)))
            k++;
        if (item->action != GATE_NOTIFY || k < i)
            continue;
        buf_add(&out, out.len ? STR(", ") : STR(""));
        buf_add(&out, item->code);
    }
    return arena_str(mem, buf_str(&out));
}

static bool breaks(const struct verdict *verdict)
{
    for (size_t i = 0; i < verdict->count; i++)
        if (verdict->items[i].condition == CONDITION_BREAKING &&
            verdict->items[i].action == GATE_ALLOW)
            return true;
    return false;
}

bool publish_ask(struct txn *txn, const struct change *c, const struct judged *what,
                 struct arena *mem, struct verdict *out, struct err *err)
{
    struct assessment_made made = {0};
    if (!assessed(txn, c, what, mem, &made, err) ||
        !verdict_of(txn->store, what, &made, mem, out, err))
        return false;
    if (c->verdict != NULL)
        *c->verdict = *out;
    if (out->blocked)
        return true;
    return (out->notices == 0 ||
            note(txn, c, what, "version.notice", notices_of(out, mem), mem, err)) &&
           (!breaks(out) || note(txn, c, what, "version.override", what->override, mem, err));
}

bool publish_refuse(const struct verdict *verdict, struct err *err)
{
    const struct verdict_item *first = &verdict->items[0];
    char more[48] = "";
    if (verdict->blocks > 1)
        snprintf(more, sizeof(more), " (and %zu more)", verdict->blocks - 1);
    (void)fail(err, ERR_CONFLICT, "/stage", "the publish gate blocks this: " STR_FMT "%s",
               STR_ARG(first->detail), more);
    return err_hint(err, STR_FMT, STR_ARG(first->remedy));
}
