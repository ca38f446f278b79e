/* Bundles and slices: what is written reads back, and a bundle or slice is its own. The text up to
 * a form feed is the document, what stands behind it a second file, b.yaml. */
#include "catalog/diff/diff.h"
#include "tests/fuzz/fuzz.h"

#define MOST_BYTES ((size_t)1 << 20)

struct texts {
    struct str root, other;
};

static bool load(void *context, struct str path, struct arena *mem, struct str *bytes,
                 struct err *err)
{
    const struct texts *texts = context;
    UNUSED(mem);
    if (str_eq(path, STR("a.yaml")))
        *bytes = texts->root;
    else if (str_eq(path, STR("b.yaml")))
        *bytes = texts->other;
    else
        return fail(err, ERR_NOT_FOUND, "", "no such file");
    return true;
}

static struct oas_files *open_alone(const struct buf *text, struct arena *mem)
{
    struct tree *doc = NULL;
    HOLDS(tree_read(arena_str(mem, buf_str(text)), NULL, mem, &doc, NULL));
    return oas_files_of(doc, mem);
}

static void refused(const struct err *err)
{
    HOLDS(err->code != ERR_NONE && err->msg[0] != '\0');
}

/* Of a document that is wrong only so much is promised: an answer. */
static bool is_valid(struct oas_files *files)
{
    const struct oas_validate_options usual = {0};
    if (!oas_validate(files, &usual, NULL))
        return false;
    for (size_t i = 0; i < oas_file_count(files); i++) {
        const struct tree *doc = oas_file_at(files, i)->doc;
        size_t count = 0;
        const struct finding *found = doc ? tree_findings(doc, &count) : NULL;
        for (size_t k = 0; k < count; k++)
            if (found[k].severity == SEVERITY_ERROR)
                return false;
    }
    return true;
}

/* A bundle is another form of the same document. */
static void unchanged(struct oas_files *files, struct oas_files *bundle, struct arena *mem)
{
    const struct diff_options usual = {0};
    struct diff_report report = {0};
    struct err err = {0};
    if (!diff_compare(files, bundle, &usual, mem, &report, &err))
        return;
    for (size_t i = 0; i < report.count; i++)
        fprintf(stderr, "%s " STR_FMT "\n", report.findings[i].id,
                STR_ARG(report.findings[i].text));
    HOLDS(report.count == 0);
}

static void bundle(struct oas_files *files, enum tree_format format, bool valid, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf once = {.limit_bytes = MOST_BYTES}, twice = {0};
    struct err err = {0};
    if (!oas_bundle(files, format, &once, &err)) {
        refused(&err);
        return;
    }
    struct oas_files *again = open_alone(&once, mem);
    HOLDS(oas_bundle(again, format, &twice, &err));
    HOLDS(str_eq(buf_str(&once), buf_str(&twice)));
    if (valid)
        HOLDS(is_valid(again));
    if (valid)
        unchanged(files, again, mem);
}

static void slice(struct oas_files *files, const struct oas_part *part, bool valid,
                  struct arena *mem)
{
    CLEANUP(buf_clear) struct buf once = {.limit_bytes = MOST_BYTES}, twice = {0};
    struct err err = {0};
    if (!oas_slice(files, part, TREE_JSON, &once, &err)) {
        refused(&err);
        return;
    }
    struct oas_files *again = open_alone(&once, mem);
    if (!valid)
        return;
    HOLDS(oas_slice(again, part, TREE_JSON, &twice, &err));
    HOLDS(str_eq(buf_str(&once), buf_str(&twice)));
    HOLDS(is_valid(again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str text = fuzz_text(data, size);
    size_t cut = str_find_char(text, '\f');
    struct texts texts = {str_sub(text, 0, cut), STR("")};
    if (cut != SIZE_MAX)
        texts.other = str_sub(text, cut + 1, text.len);
    const struct oas_files_config config = {
        .load = load, .context = &texts, .limits = {MOST_BYTES, 64, 10000, 10000}
    };
    struct oas_files *files = NULL;
    struct oas_summary summary = {0};
    struct err err = {0};
    if (!oas_files_open(&config, STR("a.yaml"), &mem, &files, &err) ||
        !oas_summarise(files, &mem, &summary, &err))
        return 0;
    bool valid = is_valid(files);
    bundle(files, TREE_JSON, valid, &mem);
    bundle(files, TREE_YAML, valid, &mem);
    for (size_t i = 0; i < summary.operation_count && i < 4; i++) {
        const struct oas_part part = {.operations = &summary.operations[i].key,
                                      .operation_count = 1};
        slice(files, &part, valid, &mem);
    }
    return 0;
}
