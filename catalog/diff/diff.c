/* The comparison from end to end. */
#include <stdlib.h>

#include "catalog/diff/unit.h"
#include "catalog/diff/versions.h"

static int compare_str(struct str a, struct str b)
{
    return str_cmp(a.ptr == NULL ? STR("") : a, b.ptr == NULL ? STR("") : b);
}

static int compare_findings(const void *x, const void *y)
{
    const struct diff_finding *a = x, *b = y;
    int order = (int)b->level - (int)a->level;
    if (order == 0)
        order = compare_str(a->path, b->path);
    if (order == 0)
        order = compare_str(a->operation, b->operation);
    if (order == 0)
        order = strcmp(a->id, b->id);
    return order != 0 ? order : compare_str(a->text, b->text);
}

static bool compile(struct differ *d, struct str pattern, const char *name, struct regex **out)
{
    return pattern.len == 0 || regex_compile(pattern, STR(""), d->mem, out, d->err) ||
           err_at(d->err, name);
}

static bool compile_all(struct differ *d)
{
    return compile(d, d->options->match_path, "match-path", &d->match) &&
           compile(d, d->options->unmatch_path, "unmatch-path", &d->unmatch) &&
           compile(d, d->options->filter_extension, "filter-extension", &d->filter);
}

static bool is_object(const struct oas_files *files, const char *which, struct err *err)
{
    if (tree_kind_of(tree_root(oas_file_at(files, 0)->doc)) == TREE_OBJECT)
        return true;
    return fail(err, ERR_INVALID, which, "the document is no object");
}

static void finish(struct differ *d, struct diff_report *out)
{
    if (d->findings.len > 1)
        qsort(d->findings.ptr, d->findings.len, sizeof(*d->findings.ptr), compare_findings);
    out->findings = d->findings.ptr;
    out->count = d->findings.len;
    diff_count(out);
    out->notes = d->notes.ptr;
    out->note_count = d->notes.len;
}

void diff_count(struct diff_report *report)
{
    memset(report->levels, 0, sizeof(report->levels));
    for (size_t i = 0; i < report->count; i++)
        report->levels[report->findings[i].level]++;
    report->bump = bump_of(report);
}

bool diff_compare(struct oas_files *old, struct oas_files *new, const struct diff_options *options,
                  struct arena *mem, struct diff_report *out, struct err *err)
{
    struct differ d = {.options = options, .mem = mem, .err = err};
    struct diff_report report = {0};
    if (!is_object(old, "old", err) || !is_object(new, "new", err) || !oas_weigh(old, err) ||
        !oas_weigh(new, err) || !compile_all(&d))
        return false;
    d.old = side_open(old, options, mem);
    d.new = side_open(new, options, mem);
    graph_init(&d.graph, d.old, d.new, options, mem, err);
    compare_paths(&d);
    compare_webhooks(&d);
    units_check(&d);
    units_spread(&d);
    shared_spread(&d);
    compare_security(&d);
    compare_components(&d);
    compare_versions(&d);
    if (d.graph.failed)
        return false;
    finish(&d, &report);
    *out = report;
    return true;
}
