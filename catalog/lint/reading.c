/* Findings that are no rules: of reading the files, of references, of an unknown format. */
#include "call.h"
#include "catalog/base/hash.h"

struct str reading_remedy(struct str code)
{
    static const struct {
        const char *code, *remedy;
    } table[] = {
        {"parser",
         "Programs read this in different ways, or not at all: correct it at this place."},
        {"invalid-ref",
         "Whoever follows the reference finds nothing: correct it, or add what it leads to, in this "
         "document or in a file below its folder."                                       },
        {"unrecognized-format",
         "It is read as no version of OpenAPI, so that no rule applies: begin it with openapi: "
         "3.1.0 or the like."                                                            },
    };
    for (size_t i = 0; i < COUNT_OF(table); i++)
        if (str_eq(code, str_from(table[i].code)))
            return str_from(table[i].remedy);
    return STR_NONE;
}

static void add(struct run *run, struct lint_finding finding)
{
    finding.remedy = reading_remedy(finding.code);
    vec_push(&run->findings, run->mem, finding);
}

static struct str file_name(const struct run *run, size_t doc)
{
    return run_file(run, &run->view.docs.ptr[doc]);
}

static struct str other_path(const struct run *run, size_t doc)
{
    return doc > 0 ? run->view.docs.ptr[doc].file->path : STR("");
}

static struct lint_range key_range(const struct tree *doc, const struct tree_node *key)
{
    struct tree_place from = tree_place_of(doc, key->start), to = tree_place_of(doc, key->end);
    return (struct lint_range){from.line - 1, from.column - 1, to.line - 1, to.column - 1};
}

static const struct tree_node *node_at_offset(const struct tree *doc, uint32_t offset)
{
    for (uint32_t i = 0; i < tree_count(doc); i++)
        if (tree_numbered(doc, i)->start == offset &&
            tree_kind_of(tree_numbered(doc, i)) < TREE_ARRAY)
            return tree_numbered(doc, i);
    return tree_root(doc);
}

/* --- duplicate keys --------------------------------------------------------------------------- */

static struct str last_segment(struct str pointer)
{
    size_t from = pointer.len;
    while (from > 0 && pointer.ptr[from - 1] != '/')
        from--;
    return str_sub(pointer, from, pointer.len);
}

static void report_duplicates(struct run *run, size_t index)
{
    const struct tree *doc = run->view.docs.ptr[index].doc;
    int severity = index ? SEVERITY_ERROR : run->ruleset->duplicate_keys;
    size_t count = 0;
    const struct finding *found = tree_findings(doc, &count);
    for (size_t i = 0; i < tree_notes_of_reading(doc) && severity != SEVERITY_OFF; i++) {
        if (strcmp(found[i].code, "duplicate-key") != 0)
            continue;
        add(run,
            (struct lint_finding){.code = STR("parser"),
                                  .message = arena_printf(run->mem, "Duplicate key: " STR_FMT,
                                                          STR_ARG(last_segment(found[i].pointer))),
                                  .severity = (enum severity)severity,
                                  .file = file_name(run, index),
                                  .path = other_path(run, index),
                                  .pointer = arena_str(run->mem, found[i].pointer),
                                  .range = key_range(doc, node_at_offset(doc, found[i].offset))});
    }
}

/* --- keys that are no text -------------------------------------------------------------------- */

struct key_walk {
    struct run *run;
    size_t index;
    int severity;
    struct buf pointer;
};

static const char *kind_name(enum tree_kind kind)
{
    return kind == TREE_NUMBER ? "number" : kind == TREE_BOOL ? "boolean" : "null";
}

static void report_key(struct key_walk *w, const struct tree *doc, const struct tree_node *key)
{
    add(w->run,
        (struct lint_finding){.code = STR("parser"),
                              .message = arena_printf(
                                  w->run->mem, "Mapping key must be a string scalar rather than %s",
                                  kind_name(tree_kind_of(key))),
                              .severity = (enum severity)w->severity,
                              .file = file_name(w->run, w->index),
                              .path = other_path(w->run, w->index),
                              .pointer = arena_str(w->run->mem, buf_str(&w->pointer)),
                              .range = key_range(doc, key)});
}

static void walk_keys(struct key_walk *w, const struct tree *doc, const struct tree_node *node)
{
    uint32_t index = 0;
    for (const struct tree_node *n = tree_first(doc, node); n; n = tree_next(doc, n), index++) {
        const struct tree_node *key = tree_key_node(doc, n);
        size_t before = w->pointer.len;
        if (key != NULL)
            pointer_add(&w->pointer, tree_key(doc, n));
        else
            buf_printf(&w->pointer, "/%u", index);
        if (key != NULL && tree_kind_of(key) != TREE_STRING)
            report_key(w, doc, key);
        walk_keys(w, doc, n);
        w->pointer.len = before;
    }
}

/* Most documents have none: one look at all keys spares the walk. */
static bool has_odd_keys(const struct tree *doc)
{
    for (uint32_t i = 0; i < tree_count(doc); i++) {
        const struct tree_node *key = tree_key_node(doc, tree_numbered(doc, i));
        if (key != NULL && tree_kind_of(key) != TREE_STRING)
            return true;
    }
    return false;
}

static void report_keys(struct run *run, size_t index)
{
    const struct tree *doc = run->view.docs.ptr[index].doc;
    struct key_walk w = {.run = run, .index = index};
    w.severity = index ? SEVERITY_WARN : run->ruleset->incompatible_values;
    if (w.severity == SEVERITY_OFF || !has_odd_keys(doc))
        return;
    walk_keys(&w, doc, tree_root(doc));
    buf_clear(&w.pointer);
}

/* --- references ------------------------------------------------------------------------------- */

static void report_reference(struct run *run, size_t index, const struct ref *ref,
                             struct str message)
{
    const struct tree *doc = ref->at.doc;
    struct jsonpath_spot spot = {doc, tree_get(doc, ref->at.node, STR("$ref"))};
    add(run, (struct lint_finding){.code = STR("invalid-ref"),
                                   .message = message,
                                   .severity = SEVERITY_ERROR,
                                   .file = file_name(run, index),
                                   .path = other_path(run, index),
                                   .pointer = arena_join(run->mem, ref->place, STR("/$ref")),
                                   .range = range_of(spot)});
}

/* Each message once. */
static void report_references(struct run *run)
{
    struct text_set told = {.mem = run->mem};
    for (size_t i = 0; i < run->view.refs.len; i++) {
        const struct ref *ref = &run->view.refs.ptr[i];
        size_t index = (size_t)(view_doc_of(&run->view, ref->at.doc) - run->view.docs.ptr);
        if (ref->kind != REF_MISSING && ref->kind != REF_BROKEN)
            continue;
        struct str message =
            ref->kind == REF_MISSING
                ? arena_join(run->mem, STR("'"), ref->text, STR("' does not exist"))
                : arena_join(run->mem, STR("cannot follow '"), ref->text, STR("'"));
        if (text_set_add(&told, message))
            report_reference(run, index, ref, message);
    }
}

/* --- formats ---------------------------------------------------------------------------------- */

static void report_format(struct run *run)
{
    CLEANUP(buf_clear) struct buf message = {0};
    const struct format_list *known = &run->ruleset->formats;
    const struct tree *doc = run->view.docs.ptr[0].doc;
    if (run->formats_known || known->count == 0)
        return;
    buf_add(&message, STR("The provided document does not match any of the registered formats ["));
    for (size_t i = 0; i < known->count; i++)
        buf_printf(&message, "%s%s", i ? ", " : "", known->titles[i]);
    buf_add(&message, STR("]"));
    add(run, (struct lint_finding){.code = STR("unrecognized-format"),
                                   .message = arena_str(run->mem, buf_str(&message)),
                                   .severity = SEVERITY_WARN,
                                   .file = run->name,
                                   .pointer = STR(""),
                                   .range = range_of((struct jsonpath_spot){doc, tree_root(doc)})});
}

void report_reading(struct run *run)
{
    for (size_t i = 0; i < run->view.docs.len; i++) {
        report_duplicates(run, i);
        report_keys(run, i);
    }
    report_references(run);
    report_format(run);
}

void lint_unreadable(struct str name, const struct err *why, struct arena *mem,
                     struct lint_report *out)
{
    struct lint_finding *finding = arena_new(mem, struct lint_finding);
    struct str part, rest = str_from(why->where);
    int64_t line = 1, column = 1;
    if (str_split(&rest, ' ', &part) && str_eq(part, STR("line")) && str_split(&rest, ' ', &part)) {
        (void)!str_to_i64(part, &line);
        (void)str_split(&rest, ' ', &part);
        (void)(str_split(&rest, ' ', &part) && str_to_i64(part, &column));
    }
    finding->code = STR("parser");
    finding->remedy = reading_remedy(finding->code);
    finding->message = arena_str(mem, str_from(why->msg));
    finding->severity = SEVERITY_ERROR;
    finding->file = name;
    finding->pointer = STR("");
    finding->range = (struct lint_range){(uint32_t)line - 1, (uint32_t)column - 1,
                                         (uint32_t)line - 1, (uint32_t)column};
    *out = (struct lint_report){.file = name, .findings = finding, .count = 1, .unreadable = true};
    out->by_severity[SEVERITY_ERROR] = 1;
}
