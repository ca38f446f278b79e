/* chancery validate FILE, chancery validate --schema SCHEMA FILE: is a document well formed, or as
 * a schema has it? Local: no server is asked. Exit 0 when it is, 1 when it is not, 2 when that
 * could not be found out. */
#include <stdlib.h>

#include "catalog/exchange/exchange.h"
#include "catalog/schema/schema.h"
#include "tui/command/local.h"
#include "tui/command/options.h"

#define VALID         COMMAND_DONE
#define INVALID       COMMAND_FAILED
#define COULD_NOT_RUN COMMAND_USAGE

static void print_line(struct str path, const struct tree *doc, uint32_t offset, const char *kind,
                       struct str pointer, struct str message)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    int cols = 0;
    const struct tree_place place = tree_place_of(doc, offset);
    printf(STR_FMT ":%u:%u: %s: " STR_FMT "%s" STR_FMT "\n", STR_ARG(term_plain(&mem, path, &cols)),
           place.line, place.column, kind, STR_ARG(term_plain(&mem, pointer, &cols)),
           pointer.len > 0 ? ": " : "", STR_ARG(term_plain(&mem, message, &cols)));
}

/* --- OpenAPI -----------------------------------------------------------------------------------
 */

/* In the order of the text. */
static int by_offset(const void *a, const void *b)
{
    const struct finding *x = a, *y = b;
    return (x->offset > y->offset) - (x->offset < y->offset);
}

/* False when one is an error. *printed grows by their number. */
static bool print_findings(struct str path, const struct tree *doc, size_t *printed)
{
    static const char *const kinds[] = {"error", "warning", "info", "hint"};
    CLEANUP(arena_clear) struct arena mem = {0};
    size_t count = 0;
    bool wrong = false;
    const struct finding *all = tree_findings(doc, &count);
    struct finding *sorted = arena_array(&mem, struct finding, count);
    if (count > 0) {
        memcpy(sorted, all, count * sizeof(*all));
        qsort(sorted, count, sizeof(*sorted), by_offset);
    }
    for (size_t i = 0; i < count; i++) {
        const struct finding *f = &sorted[i];
        struct str message = arena_printf(&mem, STR_FMT " (%s)", STR_ARG(f->message), f->code);
        print_line(path, doc, f->offset, kinds[f->severity], f->pointer, message);
        wrong = wrong || f->severity == SEVERITY_ERROR;
    }
    *printed += count;
    return !wrong;
}

/* "api.yaml: OpenAPI 3.1.0, 12 operations, sound". Of schemas in a dialect of somebody's own no
 * operations are listed, and the line does without. */
static void print_sound(struct str path, struct oas_files *files, struct arena *mem)
{
    const struct tree *doc = oas_file_at(files, 0)->doc;
    const struct tree_node *version = tree_get(doc, tree_root(doc), STR("openapi"));
    struct exchange *x = NULL;
    size_t count = 0;
    int cols = 0;
    if (version == NULL)
        version = tree_get(doc, tree_root(doc), STR("swagger"));
    printf(STR_FMT ": OpenAPI " STR_FMT ", ", STR_ARG(term_plain(mem, path, &cols)),
           STR_ARG(term_plain(mem, tree_text(doc, version), &cols)));
    if (exchange_open(files, mem, &x, NULL)) {
        (void)exchange_operations(x, &count);
        printf("%zu operation%s, ", count, count == 1 ? "" : "s");
    }
    printf("sound\n");
}

static enum command_exit validate_document(struct str path, struct arena *mem)
{
    struct oas_files *files = NULL;
    struct err err = {0};
    bool valid = true;
    size_t printed = 0;
    if (!local_open(path, mem, &files, &err) || !oas_validate(files, NULL, &err)) {
        (void)local_fail(path, &err);
        command_complain(&err);
        return COULD_NOT_RUN;
    }
    for (size_t i = 0; i < oas_file_count(files); i++) {
        const struct oas_file *file = oas_file_at(files, i);
        if (file->doc != NULL)
            valid = print_findings(local_name(path, file, mem), file->doc, &printed) && valid;
    }
    if (printed == 0)
        print_sound(path, files, mem);
    return valid ? VALID : INVALID;
}

/* --- JSON Schema -------------------------------------------------------------------------------
 */

struct schema_files {
    struct local_folder folder;
    struct arena *mem;
};

/* References to files beside the schema; nothing else is reached for. */
static const struct tree *load(void *context, struct str uri)
{
    struct schema_files *files = context;
    struct str bytes = STR_NONE;
    struct tree *doc = NULL;
    if (str_find_char(uri, ':') != SIZE_MAX || str_starts(uri, STR("/")) ||
        !local_load(&files->folder, uri, files->mem, &bytes, NULL) ||
        !tree_read(bytes, NULL, files->mem, &doc, NULL))
        return NULL;
    return doc;
}

static bool print_faults(const struct schema_set *set)
{
    size_t count = 0;
    const struct schema_fault *faults = schema_faults(set, &count);
    for (size_t i = 0; i < count; i++) {
        struct err err = {0};
        (void)tree_fail(&err, ERR_INVALID, faults[i].doc, faults[i].node->start, "the schema: %.*s",
                        STR_ARG(faults[i].message));
        command_complain(&err);
    }
    return count == 0;
}

static void print_errors(struct str path, const struct tree *doc,
                         const struct schema_result *result)
{
    for (size_t i = 0; i < result->count; i++) {
        CLEANUP(buf_clear) struct buf pointer = {0}, message = {0};
        const struct schema_error *error = &result->errors[i];
        schema_error_pointer(doc, error, &pointer);
        schema_message(error, &message);
        if (error->name.ptr != NULL && strcmp(error->keyword, "required") != 0)
            buf_printf(&message, " (\"" STR_FMT "\")", STR_ARG(error->name));
        print_line(path, doc, error->at->start, error->level > 0 ? "because" : "error",
                   buf_str(&pointer), buf_str(&message));
    }
    if (result->more)
        printf("more than %zu errors\n", result->count);
}

static bool read_tree(struct str path, struct arena *mem, struct local_folder *folder,
                      struct str *name, struct tree **out, struct err *err)
{
    struct str bytes = STR_NONE;
    return local_read(path, tree_limits_default.bytes, mem, &bytes, folder, name, err) &&
           (tree_read(bytes, NULL, mem, out, err) || local_fail(path, err));
}

static enum command_exit validate_instance(struct str schema_path, struct str path,
                                           struct arena *mem)
{
    struct schema_files files = {.mem = mem};
    const struct schema_settings settings = {
        .dialect = SCHEMA_2020_12, .loader = {load, &files}
    };
    const struct schema_options options = {.formats = true};
    struct schema_set *set = schema_set_new(mem, &settings);
    struct schema_result result = {0};
    struct tree *schema = NULL, *doc = NULL;
    struct str name, unused;
    struct err err = {0};
    if (!read_tree(schema_path, mem, &files.folder, &name, &schema, &err) ||
        !read_tree(path, mem, NULL, &unused, &doc, &err) ||
        !schema_set_add(set, name, schema, SCHEMA_IS_SCHEMA, &err)) {
        command_complain(&err);
        return COULD_NOT_RUN;
    }
    enum schema_verdict verdict = schema_check(set, schema_at(set, schema, tree_root(schema)), doc,
                                               tree_root(doc), &options, mem, &result);
    if (!print_faults(set))
        return COULD_NOT_RUN;
    if (verdict == SCHEMA_UNDECIDED) {
        fprintf(stderr, "chancery: the schema takes too many steps to decide\n");
        return COULD_NOT_RUN;
    }
    print_errors(path, doc, &result);
    return verdict == SCHEMA_VALID ? VALID : INVALID;
}

/* --- words -------------------------------------------------------------------------------------
 */

enum command_exit run_validate(const struct command *self, const struct words *words)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str schema = STR_NONE, file = STR_NONE;
    struct option_reader reader = {.words = words};
    struct str name, document;
    bool understood = true;
    while (understood && option_next(&reader, &name, &document)) {
        understood = name.ptr == NULL ? file.ptr == NULL
                                      : str_eq(name, STR("--schema")) &&
                                            option_value(&reader, name, &schema, NULL);
        file = name.ptr == NULL ? document : file;
    }
    if (understood && file.ptr != NULL)
        return schema.ptr ? validate_instance(schema, file, &mem) : validate_document(file, &mem);
    return command_usage(self, NULL);
}
