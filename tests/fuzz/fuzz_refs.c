/* Documents in several files: the input is path, bytes, path, bytes …, the first is the root. Where
 * a reference leads is the same each time it is asked, stands in one of the files, and no file is
 * asked for that is not below the root's folder. */
#include "catalog/openapi/openapi.h"
#include "tests/fuzz/dump.h"

#define FILES_MOST 16

struct given {
    struct str path[FILES_MOST], bytes[FILES_MOST];
    size_t count;
};

static bool load(void *context, struct str path, struct arena *mem, struct str *bytes,
                 struct err *err)
{
    const struct given *given = context;
    struct str rest = path, part = STR_NONE;
    while (str_split(&rest, '/', &part))
        HOLDS(part.len > 0 && !str_eq(part, STR(".")) && !str_eq(part, STR("..")));
    for (size_t i = 0; i < given->count; i++)
        if (str_eq(given->path[i], path)) {
            *bytes = given->bytes[i];
            return true;
        }
    return fail(err, ERR_NOT_FOUND, str_z(mem, path), "there is no such file");
}

static void check_spot(const struct oas_files *files, struct oas_spot spot, enum oas_lead lead)
{
    HOLDS((spot.node != NULL) == (lead == OAS_LEAD_FOUND));
    if (spot.node == NULL)
        return;
    HOLDS(oas_file_of(files, spot.doc) != NULL);
    HOLDS(tree_numbered(spot.doc, tree_number(spot.doc, spot.node)) == spot.node);
}

static void refer(struct oas_files *files, struct oas_spot at)
{
    enum oas_lead lead = OAS_LEAD_FOUND, again = OAS_LEAD_FOUND;
    const struct tree_node *ref = tree_get(at.doc, at.node, STR("$ref"));
    if (tree_kind_of(ref) != TREE_STRING)
        return;
    struct oas_spot next = oas_refer(files, at.doc, tree_text(at.doc, ref), &lead);
    check_spot(files, next, lead);
    HOLDS(oas_refer(files, at.doc, tree_text(at.doc, ref), &again).node == next.node &&
          again == lead);
    struct oas_spot end = oas_follow(files, at, &lead);
    check_spot(files, end, lead);
    if (end.node != NULL)
        HOLDS(oas_follow(files, end, &again).node == end.node && again == OAS_LEAD_FOUND);
}

/* Files join the set while references are followed. */
static void refer_all(struct oas_files *files)
{
    for (size_t i = 0; i < oas_file_count(files); i++) {
        const struct tree *doc = oas_file_at(files, i)->doc;
        for (uint32_t n = 0; doc != NULL && n < tree_count(doc); n++)
            refer(files, (struct oas_spot){doc, tree_numbered(doc, n)});
    }
}

static size_t notes_of(const struct oas_files *files)
{
    size_t sum = 0;
    for (size_t i = 0; i < oas_file_count(files); i++) {
        struct tree *doc = oas_file_at(files, i)->doc;
        size_t count = 0;
        if (doc != NULL) {
            (void)tree_findings(doc, &count);
            tree_notes_reset(doc);
        }
        sum += count;
    }
    return sum;
}

static void validate(struct oas_files *files)
{
    static const struct oas_validate_options usual;
    struct err err = {0};
    if (!oas_validate(files, &usual, &err)) {
        HOLDS(err.code == ERR_INVALID && err.msg[0] != '\0');
        return;
    }
    size_t first = notes_of(files);
    HOLDS(oas_validate(files, &usual, &err) && notes_of(files) == first);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str rest = fuzz_text(data, size);
    struct given given = {0};
    struct oas_files *files = NULL;
    struct err err = {0};
    struct oas_files_config config = {load, &given, tree_limits_default, FILES_MOST};
    config.limits.depth = DUMP_DEPTH;
    while (given.count < FILES_MOST && rest.ptr != NULL) {
        given.path[given.count] = fuzz_part(&rest);
        given.bytes[given.count++] = fuzz_part(&rest);
    }
    if (given.count == 0 || !str_eq(given.path[0], STR("openapi.yaml")))
        return 0;
    if (!oas_files_open(&config, given.path[0], &mem, &files, &err)) {
        HOLDS((err.code == ERR_INVALID || err.code == ERR_LIMIT) && err.msg[0] != '\0');
        return 0;
    }
    refer_all(files);
    validate(files);
    return 0;
}
