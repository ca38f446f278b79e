/* Findings: from a path in the view to a place in a file, without repetitions, in order. */
#include <stdlib.h>

#include "call.h"

/* --- ranges ----------------------------------------------------------------------------------- */

static bool is_container(const struct tree_node *n)
{
    assert(n != NULL);
    return tree_kind_of(n) >= TREE_ARRAY;
}

/* A member without a value, `key:`, stands where its name ends. */
static bool is_empty(const struct tree_node *n)
{
    assert(n != NULL);
    return tree_kind_of(n) == TREE_NULL && n->start == n->end;
}

/* Ends of a container are those of its last value, however deep. */
static uint32_t end_of(const struct tree *doc, const struct tree_node *n)
{
    while (is_container(n) && n->size > 0) {
        const struct tree_node *last = tree_first(doc, n);
        for (const struct tree_node *m = last; m != NULL; m = tree_next(doc, m))
            last = m;
        assert(last != NULL);
        n = last;
    }
    const struct tree_node *key = tree_key_node(doc, n);
    return is_empty(n) && key ? key->end + 1 : n->end;
}

static uint32_t start_of(const struct tree *doc, const struct tree_node *n)
{
    const struct tree_node *key = tree_key_node(doc, n);
    if (key != NULL && is_empty(n))
        return key->end + 1;
    if (key != NULL && is_container(n))
        return key->end + 1;
    return n == tree_root(doc) ? 0 : n->start;
}

struct lint_range range_of(struct jsonpath_spot spot)
{
    struct tree_place from = tree_place_of(spot.doc, start_of(spot.doc, spot.node));
    struct tree_place to = tree_place_of(spot.doc, end_of(spot.doc, spot.node));
    return (struct lint_range){from.line - 1, from.column - 1, to.line - 1, to.column - 1};
}

/* --- paths as messages have them -------------------------------------------------------------- */

static bool has_blank(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (strchr(" \t\r\n\v\f", s.ptr[i]) != NULL && s.ptr[i] != '\0')
            return true;
    return false;
}

static bool is_numeric(struct str s)
{
    char z[64];
    char *end = NULL;
    if (s.len == 0 || s.len >= sizeof(z) || strchr("+-.0123456789", s.ptr[0]) == NULL)
        return false;
    memcpy(z, s.ptr, s.len);
    z[s.len] = '\0';
    double number = strtod(z, &end);
    UNUSED(number);
    return *end == '\0' && strpbrk(z, "nNpP") == NULL;
}

static struct str dotted(const struct str *path, size_t depth, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf out = {0};
    for (size_t i = 0; i < depth; i++)
        if (path[i].len == 0)
            buf_add(&out, STR("['']"));
        else if (has_blank(path[i]))
            buf_printf(&out, "['" STR_FMT "']", STR_ARG(path[i]));
        else if (is_numeric(path[i]))
            buf_printf(&out, "[" STR_FMT "]", STR_ARG(path[i]));
        else
            buf_printf(&out, "%s" STR_FMT, i ? "." : "", STR_ARG(path[i]));
    return arena_str(mem, buf_str(&out));
}

/* encodeURIComponent leaves these. */
static bool stays(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("-_.!~*'()", c) != NULL);
}

static struct str uri_pointer(struct str pointer, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf out = {0};
    buf_add_char(&out, '#');
    for (size_t i = 0; i < pointer.len; i++)
        if (stays(pointer.ptr[i]) || pointer.ptr[i] == '/')
            buf_add_char(&out, pointer.ptr[i]);
        else
            buf_printf(&out, "%%%02X", (unsigned)(unsigned char)pointer.ptr[i]);
    return arena_str(mem, buf_str(&out));
}

static struct str pointer_of(const struct place *p, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf out = {0};
    for (size_t i = 0; i < p->depth; i++)
        pointer_add(&out, p->path[i]);
    return arena_str(mem, buf_str(&out));
}

static struct str property_of(const struct place *p, struct arena *mem)
{
    if (p->missing_depth > p->depth) {
        size_t from = p->depth > 0 ? p->depth - 1 : p->missing_depth - 1;
        return dotted(p->missing + from, p->missing_depth - from, mem);
    }
    return p->depth > 0 ? p->path[p->depth - 1] : STR("");
}

/* --- reporting -------------------------------------------------------------------------------- */

static int severity_at(const struct rule *rule, const struct lint_finding *finding)
{
    int severity = rule->severity;
    struct str closest = STR("");
    for (size_t i = 0; i < rule->overrides.len; i++) {
        const struct severity_override *o = &rule->overrides.ptr[i];
        bool inside = str_eq(finding->pointer, o->pointer) ||
                      (str_starts(finding->pointer, o->pointer) &&
                       str_sub(finding->pointer, o->pointer.len, 1).len == 1 &&
                       finding->pointer.ptr[o->pointer.len] == '/');
        if (inside && o->pointer.len >= closest.len && finding->path.len == 0) {
            closest = o->pointer;
            severity = o->severity;
        }
    }
    return severity;
}

static size_t folder_len(struct str path)
{
    size_t end = path.len;
    while (end > 0 && path.ptr[end - 1] != '/')
        end--;
    return end;
}

struct str run_file(const struct run *run, const struct view_doc *d)
{
    CLEANUP(buf_clear) struct buf out = {0};
    struct str root = run->view.docs.ptr[0].file->path, path = d->file->path;
    size_t same = 0, folder = folder_len(root);
    if (d == &run->view.docs.ptr[0])
        return run->name;
    for (size_t i = 0; i < folder && i < path.len && root.ptr[i] == path.ptr[i]; i++)
        same = root.ptr[i] == '/' ? i + 1 : same;
    for (size_t i = same; i < folder; i++)
        if (root.ptr[i] == '/')
            buf_add(&out, STR("../"));
    buf_add(&out, str_sub(path, same, path.len));
    return arena_str(run->mem, buf_str(&out));
}

static void place_finding(const struct run *run, struct jsonpath_spot spot,
                          struct lint_finding *out)
{
    const struct view_doc *d = view_doc_of(&run->view, spot.doc);
    out->path = d != &run->view.docs.ptr[0] ? d->file->path : STR("");
    out->file = run_file(run, d);
    out->range = range_of(spot);
}

/* A description that is not the message itself says why. */
static struct str remedy_of(const struct rule *rule)
{
    if (rule->how_to_fix.ptr != NULL)
        return rule->how_to_fix;
    return rule->message.ptr != NULL ? rule->description : STR_NONE;
}

struct str lint_remedy(const struct lint_ruleset *ruleset, struct str code)
{
    const struct rule *rule = ruleset_rule(ruleset, code);
    return rule != NULL ? remedy_of(rule) : reading_remedy(code);
}

void run_report(struct run *run, const struct rule *rule, const struct str *path, size_t depth,
                struct str message)
{
    struct arena *mem = &run->scratch;
    struct place place = place_of(&run->view, path, depth, rule->resolved, mem);
    struct lint_finding finding = {.code = rule->name,
                                   .pointer = pointer_of(&place, run->mem),
                                   .remedy = remedy_of(rule),
                                   .documentation_url = rule->documentation_url};
    place_finding(run, place.spot, &finding);
    int severity = severity_at(rule, &finding);
    if (severity == SEVERITY_OFF)
        return;
    finding.severity = (enum severity)severity;
    struct message_values values = {.property = property_of(&place, mem),
                                    .error = message,
                                    .path = uri_pointer(finding.pointer, mem),
                                    .description = rule->description,
                                    .value = place.spot};
    values.error = message_fill(message, &values, mem);
    struct str text = values.error;
    if (rule->message.ptr != NULL)
        text = message_fill(rule->message, &values, mem);
    else if (rule->description.ptr != NULL)
        text = rule->description;
    finding.message = arena_str(run->mem, str_trim(text));
    vec_push(&run->findings, run->mem, finding);
}

/* --- order ------------------------------------------------------------------------------------ */

static int by_number(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int by_place(const void *left, const void *right)
{
    const struct lint_finding *l = left, *r = right;
    int order = (l->path.len > 0) - (r->path.len > 0);
    order = order ? order : str_cmp(l->file, r->file);
    order = order ? order : by_number(l->range.line, r->range.line);
    order = order ? order : by_number(l->range.column, r->range.column);
    order = order ? order : str_cmp(l->code, r->code);
    order = order ? order : str_cmp(l->pointer, r->pointer);
    order = order ? order : str_cmp(l->message, r->message);
    return order ? order : by_number((uint32_t)l->severity, (uint32_t)r->severity);
}

static bool same(const struct lint_finding *a, const struct lint_finding *b)
{
    return str_eq(a->code, b->code) && str_eq(a->pointer, b->pointer) && str_eq(a->file, b->file) &&
           str_eq(a->message, b->message) &&
           (a->pointer.len > 0 || memcmp(&a->range, &b->range, sizeof(a->range)) == 0);
}

void findings_sort(struct run *run, struct lint_report *out)
{
    struct lint_finding *list = run->findings.ptr;
    size_t kept = 0;
    if (run->findings.len > 0)
        qsort(list, run->findings.len, sizeof(*list), by_place);
    for (size_t i = 0; i < run->findings.len; i++)
        if (kept == 0 || !same(&list[kept - 1], &list[i]))
            list[kept++] = list[i];
    *out = (struct lint_report){.file = run->name,
                                .findings = list,
                                .count = kept,
                                .skips = run->skips.ptr,
                                .skip_count = run->skips.len};
    for (size_t i = 0; i < kept; i++)
        out->by_severity[list[i].severity]++;
}
