/* What a ruleset would find in the published documents, before it is in force. */
#include "catalog/service/internal.h"

#define PREVIEW_USUAL 20

struct previewing {
    struct store *store;
    struct arena *mem;
    const struct ruleset_revision *revision;
    int64_t now_ms;
    VEC(struct preview_row) rows;
    int64_t judged;
};

bool catalog_ruleset_text(struct view *v, const struct principal *by, const struct str *args,
                          int64_t number, struct arena *mem, struct ruleset_revision *out,
                          struct err *err)
{
    struct ruleset ruleset = {0};
    if (!catalog_ruleset(v, by, args, mem, &ruleset, err))
        return false;
    if (number == 0)
        number = ruleset.latest;
    if (store_one(v->store, STMT_RULESET_REVISION, &record_ruleset_revision,
                  ARGS(arg_i64(ruleset.id), arg_i64(number)), mem, out, err))
        return true;
    return err->code == ERR_NOT_FOUND
               ? fail(err, ERR_NOT_FOUND, "", "the ruleset has no such revision")
               : false;
}

/* Whether the revision stands among those that apply. */
static bool takes_part(const struct applied_rulesets *rulesets,
                       const struct ruleset_revision *revision, struct arena *mem)
{
    struct str name =
        arena_printf(mem, STR_FMT "@%lld", STR_ARG(revision->ruleset), (long long)revision->number);
    for (size_t i = 0; i < rulesets->count; i++)
        if (str_eq(rulesets->rows[i].name, name))
            return true;
    return false;
}

static bool among(const struct assessment_made *made, const struct revision_finding *wanted)
{
    for (size_t i = 0; i < made->finding_count; i++) {
        const struct revision_finding *f = &made->findings[i];
        if (f->line == wanted->line && f->severity == wanted->severity &&
            str_eq(f->code, wanted->code) && str_eq(f->pointer, wanted->pointer))
            return true;
    }
    return false;
}

static void count_new(const struct assessment_made *before, const struct assessment_made *after,
                      struct arena *mem, struct preview_row *row)
{
    for (size_t i = 0; i < after->finding_count; i++) {
        const struct revision_finding *f = &after->findings[i];
        if (among(before, f))
            continue;
        row->new_findings++;
        row->new_errors += f->severity == FOUND_ERROR;
        row->new_warnings += f->severity == FOUND_WARN;
        if (row->first.ptr == NULL)
            row->first = arena_join(mem, f->code, STR(": "), f->message);
    }
}

static bool judge(struct previewing *p, const struct api *api, const struct version *version,
                  const struct applied_rulesets *rulesets, struct err *err)
{
    CLEANUP(arena_clear) struct arena own = {0};
    struct assessment_made before = {0}, after = {0};
    struct verdict now = {0}, then = {0};
    struct assessing what = {.api = api, .version = version, .revision_id = version->revision_id};
    const struct judged judged = {
        .api = api, .version = version, .revision_id = version->revision_id, .now_ms = p->now_ms};
    struct preview_row row = {.api = arena_str(p->mem, api->slug),
                              .version = arena_str(p->mem, version->label)};
    if (!assess_stored(p->store, &what, &own, &before, err))
        return false;
    what.rulesets = rulesets;
    if (!assess(p->store, &what, &own, &after, err) ||
        !verdict_of(p->store, &judged, &before, &own, &now, err) ||
        !verdict_of(p->store, &judged, &after, &own, &then, err))
        return false;
    count_new(&before, &after, p->mem, &row);
    row.blocked = now.blocked;
    row.would_block = then.blocked;
    p->judged++;
    if (row.new_findings > 0 || row.blocked != row.would_block)
        vec_push(&p->rows, p->mem, row);
    return true;
}

static bool look_at(struct previewing *p, const struct version *version, struct err *err)
{
    CLEANUP(arena_clear) struct arena own = {0};
    struct api api = {0};
    struct applied_rulesets rulesets = {0};
    if (!store_one(p->store, STMT_API_BY_ID, &record_api, ARGS(arg_i64(version->api_id)), &own,
                   &api, err) ||
        !rulesets_of(p->store, &api, p->revision, &own, &rulesets, err))
        return false;
    return !takes_part(&rulesets, p->revision, &own) || judge(p, &api, version, &rulesets, err);
}

static bool read_page(const struct catalog_query *page, int64_t *after, int64_t *limit,
                      struct err *err)
{
    *limit = page->limit ? page->limit : PREVIEW_USUAL;
    if (*limit < 1 || *limit > PREVIEW_MOST)
        return fail(err, ERR_INVALID, "limit", "is no number from 1 to %d", PREVIEW_MOST);
    if (page->cursor.ptr == NULL || id_parse(page->cursor, after))
        return true;
    (void)fail(err, ERR_INVALID, "cursor", "is none of this list's cursors");
    return err_hint(err, "use `next` of the page before, unchanged");
}

bool catalog_ruleset_preview(struct view *v, const struct principal *by, const struct str *args,
                             int64_t number, const struct catalog_query *page, struct arena *mem,
                             struct preview *out, struct err *err)
{
    struct ruleset_revision revision = {0};
    struct store_rows versions = {0};
    int64_t after = 0, limit = 0;
    if (!permit(v->store, by, ACTION_POLICY_MANAGE, 0, err) ||
        !catalog_ruleset_text(v, by, args, number, mem, &revision, err) ||
        !read_page(page, &after, &limit, err) ||
        !store_all(v->store, STMT_PUBLISHED, &record_version,
                   ARGS(arg_i64(after), arg_i64(limit + 1)), mem, &versions, err))
        return false;
    struct previewing p = {.store = v->store,
                           .mem = mem,
                           .revision = &revision,
                           .now_ms = clock_now_ms(v->catalog->config.clock)};
    const struct version *rows = versions.rows;
    size_t count = versions.count > (size_t)limit ? (size_t)limit : versions.count;
    for (size_t i = 0; i < count; i++)
        if (!look_at(&p, &rows[i], err))
            return false;
    *out = (struct preview){.rows = p.rows.ptr, .count = p.rows.len, .judged = p.judged};
    if (versions.count > count)
        out->next = id_format(mem, rows[count - 1].id);
    return true;
}
