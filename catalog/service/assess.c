/* What is found in a document: by validation, by the rulesets that apply to its API, and in
 * comparison with what it follows. Takes its time, so it runs on the caller's thread; the writer
 * only stores it. */
#include <stdlib.h>

#include "catalog/service/internal.h"

#include "catalog/diff/diff.h"
#include "catalog/lint/lint.h"

#define RULESET_FILE "ruleset.yaml"
/* What applies where nobody has decided otherwise: the rules that everybody's tools know. */
#define RULESET_DEFAULT "spectral:oas"

_Static_assert((int)FOUND_ERROR == SEVERITY_ERROR && (int)FOUND_WARN == SEVERITY_WARN &&
                   (int)FOUND_INFO == SEVERITY_INFO && (int)FOUND_HINT == SEVERITY_HINT,
               "severities are stored as documents have them");

/* --- which rulesets --------------------------------------------------------------------------- */

static bool lists_share(struct str one, struct str other, struct arena *mem)
{
    const struct str *a = NULL, *b = NULL;
    size_t a_count = list_read(one, mem, &a), b_count = list_read(other, mem, &b);
    for (size_t i = 0; i < a_count; i++)
        for (size_t k = 0; k < b_count; k++)
            if (str_eq(a[i], b[k]))
                return true;
    return false;
}

static bool applies(const struct ruleset *row, const struct api *api, struct arena *mem)
{
    return row->everywhere || lists_share(row->teams, list_make(&api->team, 1, mem), mem) ||
           lists_share(row->tags, api->tags, mem);
}

bool rulesets_of(struct store *s, const struct api *api, const struct ruleset_revision *instead,
                 struct arena *mem, struct applied_rulesets *out, struct err *err)
{
    struct store_rows all = {0};
    VEC(struct applied_ruleset) found = {0};
    if (!store_all(s, STMT_RULESETS_ALL, &record_ruleset, NO_ARGS, mem, &all, err))
        return false;
    for (size_t i = 0; i < all.count; i++) {
        const struct ruleset *row = (const struct ruleset *)all.rows + i;
        struct ruleset_revision revision = {0};
        bool stands_in = instead != NULL && instead->ruleset_id == row->id;
        if ((row->number == 0 && !stands_in) || !applies(row, api, mem))
            continue;
        if (stands_in)
            revision = *instead;
        else if (!store_one(s, STMT_RULESET_REVISION, &record_ruleset_revision,
                            ARGS(arg_i64(row->id), arg_i64(row->number)), mem, &revision, err))
            return false;
        struct str name =
            arena_printf(mem, STR_FMT "@%lld", STR_ARG(row->slug), (long long)revision.number);
        vec_push(&found, mem, (struct applied_ruleset){name, revision.text});
    }
    if (found.len == 0)
        vec_push(&found, mem, (struct applied_ruleset){STR(RULESET_DEFAULT), STR_NONE});
    *out = (struct applied_rulesets){found.ptr, found.len};
    return true;
}

static struct str stamp_of(const struct applied_rulesets *rulesets, struct arena *mem)
{
    struct str *names = arena_array(mem, struct str, rulesets->count);
    for (size_t i = 0; i < rulesets->count; i++)
        names[i] = rulesets->rows[i].name;
    return list_make(names, rulesets->count, mem);
}

/* A ruleset of the catalog stands alone: what it extends is built in. */
static bool load_text(void *context, struct str path, struct arena *mem, struct str *bytes,
                      struct err *err)
{
    const struct str *text = context;
    if (str_eq(path, STR(RULESET_FILE))) {
        *bytes = *text;
        return true;
    }
    UNUSED(mem);
    (void)fail(err, ERR_INVALID, "",
               "a ruleset of the catalog extends what is built in, no files and nothing from the "
               "network");
    return err_hint(err, "built in are spectral:oas, owasp and chancery");
}

bool applied_ruleset_read(const struct applied_ruleset *from, struct arena *mem,
                          struct lint_ruleset **out, struct err *err)
{
    struct str *text = arena_new(mem, struct str);
    *text = from->text;
    const struct lint_ruleset_config config = {.load = load_text, .context = text};
    return lint_ruleset_read(text->ptr != NULL ? STR(RULESET_FILE) : from->name, &config, mem, out,
                             err);
}

bool ruleset_compiles(struct str text, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct applied_ruleset from = {STR(RULESET_FILE), text};
    struct lint_ruleset *ruleset = NULL;
    struct err why = {0};
    if (applied_ruleset_read(&from, &mem, &ruleset, &why))
        return true;
    struct str place = str_from(why.where);
    if (str_starts(place, STR(RULESET_FILE " ")))
        place = str_sub(place, sizeof(RULESET_FILE), place.len);
    (void)fail(err, why.code == ERR_LIMIT ? ERR_LIMIT : ERR_INVALID, "/text", STR_FMT "%s%s",
               STR_ARG(place), place.len > 0 ? ": " : "", why.msg);
    return why.hint[0] != '\0' ? err_hint(err, "%s", why.hint) : false;
}

/* --- findings --------------------------------------------------------------------------------- */

struct gathering {
    struct arena *mem; /* where the result lives */
    struct arena own;  /* rulesets, other documents */
    struct oas_files *documents;
    VEC(struct revision_finding) findings;
    struct assessment_made made;
};

static void add_finding(struct gathering *g, struct str source, struct str code,
                        enum found_severity severity, struct str message)
{
    vec_push(&g->findings, &g->own,
             (struct revision_finding){.source = source,
                                       .code = code,
                                       .severity = (int)severity,
                                       .pointer = STR(""),
                                       .message = message});
}

static void add_validation_of(struct gathering *g, const struct oas_file *file)
{
    size_t count = 0;
    const struct finding *found = tree_findings(file->doc, &count);
    bool root = file == oas_file_at(g->documents, 0);
    for (size_t i = 0; i < count; i++) {
        struct tree_place place = tree_place_of(file->doc, found[i].offset);
        add_finding(g, STR("validation"), str_from(found[i].code),
                    (enum found_severity)found[i].severity, found[i].message);
        struct revision_finding *row = vec_last(&g->findings);
        row->line = place.line;
        row->column = place.column;
        row->pointer = place_make(root ? STR("") : file->path, found[i].pointer, &g->own);
    }
}

static void add_validation(struct gathering *g)
{
    for (size_t i = 0; i < oas_file_count(g->documents); i++)
        if (oas_file_at(g->documents, i)->doc != NULL)
            add_validation_of(g, oas_file_at(g->documents, i));
}

static void add_report(struct gathering *g, struct str source, const struct lint_report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        const struct lint_finding *f = &report->findings[i];
        add_finding(g, source, f->code, (enum found_severity)f->severity, f->message);
        struct revision_finding *row = vec_last(&g->findings);
        row->line = f->range.line + 1;
        row->column = f->range.column + 1;
        row->pointer = place_make(f->path, f->pointer, &g->own);
    }
    for (size_t i = 0; i < report->skip_count; i++)
        add_finding(g, source, STR("function-skipped"), FOUND_INFO,
                    arena_printf(&g->own, "%zu rules with the function " STR_FMT " cannot run here",
                                 report->skips[i].rules, STR_ARG(report->skips[i].function)));
}

/* A ruleset that cannot run is no reason to refuse a document, but nobody may take it for clean. */
static void lint(struct gathering *g, const struct applied_ruleset *from)
{
    struct str root = oas_file_at(g->documents, 0)->path;
    struct lint_ruleset *ruleset = NULL;
    struct lint_report report = {0};
    struct err err = {0};
    if (applied_ruleset_read(from, &g->own, &ruleset, &err) &&
        lint_run(ruleset, g->documents, root, &g->own, &report, &err))
        add_report(g, from->name, &report);
    else
        add_finding(g, from->name, STR("not-judged"), FOUND_ERROR,
                    arena_printf(&g->own, "the ruleset could not run: %s", err.msg));
}

static int by_i64(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

/* The worst first, then as the document goes, the root before other files; what two rulesets say
 * alike stands together. */
static int compare_findings(const void *x, const void *y)
{
    const struct revision_finding *a = x, *b = y;
    int order = by_i64(a->severity, b->severity);
    order = order ? order : str_cmp(place_file(a->pointer), place_file(b->pointer));
    order = order ? order : by_i64(a->line, b->line);
    order = order ? order : by_i64(a->column, b->column);
    order = order ? order : str_cmp(a->code, b->code);
    order = order ? order : str_cmp(a->pointer, b->pointer);
    order = order ? order : str_cmp(a->message, b->message);
    return order ? order : str_cmp(a->source, b->source);
}

static bool said_before(const struct revision_finding *a, const struct revision_finding *b)
{
    return a->severity == b->severity && str_eq(a->code, b->code) &&
           str_eq(a->pointer, b->pointer) && str_eq(a->message, b->message);
}

static void sort_findings(struct gathering *g)
{
    struct revision_finding *rows = g->findings.ptr;
    size_t kept = 0;
    if (g->findings.len > 1)
        qsort(rows, g->findings.len, sizeof(*rows), compare_findings);
    for (size_t i = 0; i < g->findings.len; i++)
        if (kept == 0 || !said_before(&rows[kept - 1], &rows[i]))
            rows[kept++] = rows[i];
    g->findings.len = kept;
}

/* The figure that `chancery lint` prints: of what rulesets find, not of validation. */
static void score(struct gathering *g, size_t operations)
{
    struct assessment *row = &g->made.row;
    struct lint_report report = {.operations = operations};
    struct lint_finding *list = arena_array(&g->own, struct lint_finding, g->findings.len);
    int64_t counts[FOUND_COUNT] = {0};
    for (size_t i = 0; i < g->findings.len; i++) {
        const struct revision_finding *f = &g->findings.ptr[i];
        counts[f->severity]++;
        if (!str_eq(f->source, STR("validation")))
            list[report.count++] =
                (struct lint_finding){.code = f->code, .severity = (enum severity)f->severity};
    }
    report.findings = list;
    struct lint_score made = lint_score(&report, &g->own);
    row->score = made.points;
    row->grade = arena_str(g->mem, (struct str){&made.grade, 1});
    row->finding_count = (int64_t)g->findings.len;
    row->error_count = counts[FOUND_ERROR];
    row->warn_count = counts[FOUND_WARN];
    row->info_count = counts[FOUND_INFO];
    row->hint_count = counts[FOUND_HINT];
}

static void keep_findings(struct gathering *g)
{
    struct arena *mem = g->mem;
    size_t count = g->findings.len < FINDINGS_KEPT ? g->findings.len : FINDINGS_KEPT;
    struct revision_finding *rows = arena_array(mem, struct revision_finding, count);
    for (size_t i = 0; i < count; i++) {
        rows[i] = g->findings.ptr[i];
        rows[i].position = (int64_t)i + 1;
        rows[i].source = arena_str(mem, rows[i].source);
        rows[i].code = arena_str(mem, rows[i].code);
        rows[i].pointer = arena_str(mem, rows[i].pointer);
        rows[i].message = arena_str(mem, rows[i].message.ptr ? rows[i].message : STR(""));
    }
    g->made.findings = rows;
    g->made.finding_count = count;
    g->made.row.left_out += (int64_t)(g->findings.len - count);
}

/* --- changes ---------------------------------------------------------------------------------- */

static enum change_level level_of(enum diff_level level)
{
    return level == DIFF_ERR ? CHANGE_ERROR : level == DIFF_WARN ? CHANGE_WARN : CHANGE_INFO;
}

static void keep_changes(struct gathering *g, const struct diff_report *report)
{
    struct arena *mem = g->mem;
    struct assessment *row = &g->made.row;
    size_t count = report->count < FINDINGS_KEPT ? report->count : FINDINGS_KEPT;
    struct revision_change *rows = arena_array(mem, struct revision_change, count);
    for (size_t i = 0; i < count; i++) {
        const struct diff_finding *f = &report->findings[i];
        rows[i] = (struct revision_change){
            .position = (int64_t)i + 1,
            .code = arena_str(mem, str_from(f->id)),
            .level = (int)level_of(f->level),
            .operation = f->operation.len ? arena_str(mem, f->operation) : STR_NONE,
            .path = f->path.len ? arena_str(mem, f->path) : STR_NONE,
            .message = arena_str(mem, f->text),
            .fingerprint = arena_str(mem, f->fingerprint),
            .old_line = f->old.file.len == 0 ? f->old.line : 0,
            .line = f->new.file.len == 0 ? f->new.line : 0,
        };
    }
    g->made.changes = rows;
    g->made.change_count = count;
    row->change_count = (int64_t)report->count;
    row->breaking_count = (int64_t)report->levels[DIFF_ERR];
    row->risky_count = (int64_t)report->levels[DIFF_WARN];
    row->left_out += (int64_t)(report->count - count);
    row->bump = str_from(diff_bump_name(report->bump));
}

/* What cannot be compared counts as breaking: nobody knows that it is not. */
static void not_compared(struct gathering *g, const struct err *why)
{
    const struct diff_finding one = {
        .id = "not-compared",
        .level = DIFF_ERR,
        .text = arena_printf(&g->own, "the documents could not be compared: %s", why->msg),
        .fingerprint = STR("000000000000"),
    };
    const struct diff_report report = {
        .findings = &one, .count = 1, .levels = {[DIFF_ERR] = 1}, .bump = BUMP_MAJOR};
    keep_changes(g, &report);
}

static bool compare(struct gathering *g, struct store *s, int64_t base_id, struct err *err)
{
    const struct diff_options options = {0};
    struct diff_report report = {0};
    struct oas_files *base = NULL;
    struct err why = {0};
    g->made.row.base_id = base_id;
    if (base_id == 0)
        return true;
    if (!revision_open(s, base_id, STR_NONE, &g->own, &base, err))
        return false;
    if (diff_compare(base, g->documents, &options, &g->own, &report, &why))
        keep_changes(g, &report);
    else
        not_compared(g, &why);
    return true;
}

/* The document in force of a version that callers know; else the API's latest published one. What
 * is in force itself stays compared with what it followed. */
static bool base_of(struct store *s, const struct assessing *what, int64_t *out, struct err *err)
{
    const struct version *version = what->version;
    if (version->published_at != 0 && what->revision_id == version->revision_id)
        return store_number(s, STMT_ASSESSMENT_BASE, ARGS(arg_i64(what->revision_id)), 0, out, err);
    if (version->published_at != 0) {
        *out = version->revision_id;
        return true;
    }
    return store_number(s, STMT_VERSION_BASE, ARGS(arg_i64(version->api_id), arg_i64(version->id)),
                        0, out, err);
}

/* --- the whole -------------------------------------------------------------------------------- */

int64_t next_revision(const struct version *v)
{
    return v->candidate_id != 0 ? v->candidate_id : v->revision_id;
}

static bool gather(struct gathering *g, struct store *s, const struct assessing *what,
                   size_t operations, struct err *err)
{
    struct applied_rulesets rulesets = {0};
    int64_t base_id = 0;
    if (what->rulesets != NULL)
        rulesets = *what->rulesets;
    else if (!rulesets_of(s, what->api, NULL, g->mem, &rulesets, err))
        return false;
    add_validation(g);
    for (size_t i = 0; i < rulesets.count; i++)
        lint(g, &rulesets.rows[i]);
    sort_findings(g);
    score(g, operations);
    keep_findings(g);
    g->made.row.rulesets = stamp_of(&rulesets, g->mem);
    g->made.row.revision_id = what->revision_id;
    return base_of(s, what, &base_id, err) && compare(g, s, base_id, err);
}

bool assess(struct store *s, const struct assessing *what, struct arena *mem,
            struct assessment_made *out, struct err *err)
{
    struct gathering g = {.mem = mem};
    struct oas_summary summary = {0};
    bool ok = true;
    if (what->import != NULL) {
        g.documents = what->import->documents;
        summary = what->import->summary;
    } else {
        ok = revision_open(s, what->revision_id, STR_NONE, &g.own, &g.documents, err) &&
             documents_judge(g.documents, &g.own, &summary, err);
    }
    ok = ok && gather(&g, s, what, summary.operation_count, err);
    if (ok)
        *out = g.made;
    arena_clear(&g.own);
    return ok;
}

bool assessment_holds(struct store *s, const struct api *api, const struct version *version,
                      const struct assessment *row, struct arena *mem, bool *holds, struct err *err)
{
    struct applied_rulesets rulesets = {0};
    if (!rulesets_of(s, api, NULL, mem, &rulesets, err))
        return false;
    bool follows = version->published_at != 0 && row->revision_id != version->revision_id;
    *holds = row->grade.ptr != NULL && str_eq(row->rulesets, stamp_of(&rulesets, mem)) &&
             (!follows || row->base_id == version->revision_id);
    return true;
}

bool assess_stored(struct store *s, const struct assessing *what, struct arena *mem,
                   struct assessment_made *out, struct err *err)
{
    struct assessment_made made = {0};
    struct store_rows findings = {0}, changes = {0};
    bool holds = false;
    const struct arg id = arg_i64(what->revision_id);
    if (!store_one(s, STMT_ASSESSMENT_OF, &record_assessment, &id, 1, mem, &made.row, err) ||
        !assessment_holds(s, what->api, what->version, &made.row, mem, &holds, err))
        return false;
    if (!holds)
        return assess(s, what, mem, out, err);
    if (!store_all(s, STMT_FINDINGS_OF, &record_revision_finding, &id, 1, mem, &findings, err) ||
        !store_all(s, STMT_CHANGES_OF, &record_revision_change, &id, 1, mem, &changes, err))
        return false;
    made.findings = findings.rows;
    made.finding_count = findings.count;
    made.changes = changes.rows;
    made.change_count = changes.count;
    *out = made;
    return true;
}

bool import_assess(struct view *v, const struct principal *by, const struct str *args,
                   const struct import *import, struct arena *mem, struct assessment_made *out,
                   struct err *err)
{
    struct api api = {0};
    struct version version = {0};
    const struct assessing what = {.api = &api, .version = &version, .import = import};
    return catalog_api(v, by, args, mem, &api, err) &&
           permit(v->store, by, ACTION_API_CHANGE, api.team_id, err) &&
           catalog_version(v, by, args, mem, &version, err) &&
           assess(v->store, &what, mem, out, err);
}

/* --- storing ---------------------------------------------------------------------------------- */

static bool put_rows(struct txn *txn, int64_t revision_id, const struct assessment_made *made,
                     struct err *err)
{
    for (size_t i = 0; i < made->finding_count; i++) {
        struct revision_finding row = made->findings[i];
        row.id = new_id(txn);
        row.revision_id = revision_id;
        if (!store_insert(txn->store, &record_revision_finding, &row, err))
            return false;
    }
    for (size_t i = 0; i < made->change_count; i++) {
        struct revision_change row = made->changes[i];
        row.id = new_id(txn);
        row.revision_id = revision_id;
        if (!store_insert(txn->store, &record_revision_change, &row, err))
            return false;
    }
    return true;
}

bool assessment_put(struct txn *txn, int64_t revision_id, const struct assessment_made *made,
                    struct err *err)
{
    struct assessment row = made->row;
    const struct arg id = arg_i64(revision_id);
    row.revision_id = revision_id;
    row.made_at = txn->now_ms;
    return store_run(txn->store, STMT_FINDINGS_CLEAR, &id, 1, NULL, err) &&
           store_run(txn->store, STMT_CHANGES_CLEAR, &id, 1, NULL, err) &&
           store_run(txn->store, STMT_ASSESSMENT_CLEAR, &id, 1, NULL, err) &&
           store_insert(txn->store, &record_assessment, &row, err) &&
           put_rows(txn, revision_id, made, err);
}
