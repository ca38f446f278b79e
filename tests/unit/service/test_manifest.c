/* service: documents in several files. */
#include "tests/unit/service/world.h"
#include "tests/unit/test.h"

#define ROOT                                                   \
    "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n" \
    "  /pets: {$ref: 'paths/pets.yaml'}\n"                     \
    "  /pets/{petId}: {$ref: './paths/pet.yaml'}\n"            \
    "  /gone: {$ref: '../outside.yaml'}\n"
#define PETS                                                                       \
    "get:\n  operationId: 7\n  responses:\n    '200':\n      description: Fine.\n" \
    "      content: {application/json: {schema: {$ref: '../schemas/pet.yaml#/Pet'}}}\n"
#define PET                                                                           \
    "parameters: [{name: petId, in: path, required: true, schema: {type: string}}]\n" \
    "get: {operationId: showPet, responses: {'200': {$ref: '../schemas/pet.yaml#/Fine'}}}\n"
#define SCHEMAS                                                                \
    "Pet: {type: object, required: [id], properties: {id: {type: integer}}}\n" \
    "Fine: {description: Fine., content: {application/json: {schema: {$ref: '#/Pet'}}}}\n"

static const struct import_part whole[] = {
    {{"openapi.yaml", 12},     {ROOT, sizeof(ROOT) - 1}      },
    {{"paths/pets.yaml", 15},  {PETS, sizeof(PETS) - 1}      },
    {{"./paths/pet.yaml", 16}, {PET, sizeof(PET) - 1}        },
    {{"schemas/pet.yaml", 16}, {SCHEMAS, sizeof(SCHEMAS) - 1}},
};
#define PARTS COUNT_OF(whole)

static bool read_parts(const struct import_part *parts, size_t count, struct str root,
                       struct arena *mem, struct import *out, struct err *err)
{
    *err = (struct err){0};
    return import_read_parts(parts, count, root, NULL, mem, out, err);
}

static void upload(struct world *w, const struct import_part *parts, size_t count,
                   const char *label, struct revision *out)
{
    struct import import = {0};
    const struct change change = {
        .by = &w->who[OLGA],
        .if_match = IF_MATCH_NONE,
        .args = {STR("pets"), str_from(label)},
        .import = &import,
    };
    CHECK_OK(read_parts(parts, count, STR_NONE, &w->mem, &import, &w->err), &w->err);
    CHECK_OK(catalog_change(w->catalog, revision_add, &change, &w->mem, out, &w->err), &w->err);
}

/* --- what may be sent ------------------------------------------------------------------------- */

TEST(test_paths_are_relative_and_normal)
{
    static const struct {
        const char *path, *kept; /* NULL: refused */
    } cases[] = {
        {"pet.yaml",             "pet.yaml"        },
        {"schemas/pet.yaml",     "schemas/pet.yaml"},
        {"./schemas/./pet.yaml", "schemas/pet.yaml"},
        {"a b/ü.yaml",          "a b/ü.yaml"     },
        {"..yaml",               "..yaml"          },
        {"a/x:y.yaml",           "a/x:y.yaml"      },
        {"",                     NULL              },
        {".",                    NULL              },
        {"./",                   NULL              },
        {"/etc/passwd",          NULL              },
        {"../pet.yaml",          NULL              },
        {"schemas/../pet.yaml",  NULL              },
        {"schemas//pet.yaml",    NULL              },
        {"schemas/",             NULL              },
        {"schemas\\pet.yaml",    NULL              },
        {"C:/pet.yaml",          NULL              },
        {"http://h/pet.yaml",    NULL              },
        {"pet.yaml#x",           NULL              },
        {"pet\n.yaml",           NULL              },
        {"pet\xff.yaml",         NULL              },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        struct import import = {0};
        struct err err = {0};
        const struct import_part parts[] = {
            {STR("root"),             STR(ROOT)},
            {str_from(cases[i].path), STR("{}")}
        };
        bool kept = read_parts(parts, 2, STR("root"), &mem, &import, &err);
        if (kept != (cases[i].kept != NULL))
            printf("\n%s: %s\n", cases[i].path, err.msg);
        CHECK(kept == (cases[i].kept != NULL));
        if (kept)
            CHECK_STR(import.files[str_cmp(str_from(cases[i].kept), STR("root")) > 0].path,
                      str_from(cases[i].kept));
        else
            CHECK(err.code == ERR_INVALID && err.hint[0] != '\0');
    }
}

TEST(test_a_path_has_an_end)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct import import = {0};
    struct err err = {0};
    char *path = arena_alloc(&mem, IMPORT_PATH_MOST + 1);
    memset(path, 'a', IMPORT_PATH_MOST + 1);
    struct import_part parts[] = {
        {STR("root"),              STR(ROOT)},
        {{path, IMPORT_PATH_MOST}, STR("{}")}
    };
    CHECK(read_parts(parts, 2, STR("root"), &mem, &import, &err));
    parts[1].path.len++;
    CHECK(!read_parts(parts, 2, STR("root"), &mem, &import, &err));
    CHECK_I64(err.code, ERR_INVALID);
}

TEST(test_files_are_few_and_each_is_there_once)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct import import = {0};
    struct err err = {0};
    struct import_part parts[IMPORT_FILES_MOST + 1] = {
        {STR("root"), STR(ROOT)}
    };
    for (size_t i = 1; i < COUNT_OF(parts); i++)
        parts[i] =
            (struct import_part){arena_printf(&mem, "%zu.yaml", i), STR("description: openapi\n")};
    CHECK(read_parts(parts, IMPORT_FILES_MOST, STR_NONE, &mem, &import, &err));
    CHECK_I64(import.file_count, IMPORT_FILES_MOST);
    CHECK(!read_parts(parts, IMPORT_FILES_MOST + 1, STR_NONE, &mem, &import, &err));
    CHECK_I64(err.code, ERR_LIMIT);
    parts[2].path = STR("./1.yaml");
    CHECK(!read_parts(parts, 3, STR_NONE, &mem, &import, &err));
    CHECK_I64(err.code, ERR_INVALID);
    CHECK(str_find(str_from(err.msg), STR("\"1.yaml\" is there twice")) != SIZE_MAX);
    CHECK(!read_parts(parts, 0, STR_NONE, &mem, &import, &err));
    CHECK_I64(err.code, ERR_INVALID);
}

TEST(test_all_files_count_for_the_limit)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct import import = {0};
    struct err err = {0};
    size_t bytes = 0;
    for (size_t i = 0; i < PARTS; i++)
        bytes += whole[i].bytes.len;
    struct tree_limits limits = tree_limits_default;
    limits.bytes = bytes;
    CHECK_OK(import_read_parts(whole, PARTS, STR_NONE, &limits, &mem, &import, &err), &err);
    limits.bytes--;
    CHECK(!import_read_parts(whole, PARTS, STR_NONE, &limits, &mem, &import, &err));
    CHECK_I64(err.code, ERR_LIMIT);
}

TEST(test_the_root_is_named_or_the_only_document)
{
    static const struct {
        const char *first, *second, *root; /* texts of a.yaml and b/c.yaml; NULL: not named */
        const char *found, *says;
    } cases[] = {
        {"x: 1",           "openapi: 3.1.0", NULL,         "b/c.yaml", NULL                           },
        {"x: openapi",     "swagger: '2.0'", NULL,         "b/c.yaml", NULL                           },
        {"openapi: 3.1.0", "openapi: 3.0.0", "./b/c.yaml", "b/c.yaml", NULL                           },
        {"openapi: 3.1.0", "openapi: 3.0.0", NULL,         NULL,       "root: a.yaml, b/c.yaml"       },
        {"x: 1",           "y: 2",           NULL,         NULL,       "there are a.yaml, b/c.yaml"   },
        {"openapi: 3.1.0", "y: 2",           "c.yaml",     NULL,       "one of them: a.yaml, b/c.yaml"},
        {"openapi: 3.1.0", "y: 2",           "../a.yaml",  NULL,       "schemas/pet.yaml"             },
        {"x: 1",           "openapi: [",     NULL,         NULL,       ""                             },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        struct import import = {0};
        struct err err = {0};
        const struct import_part parts[] = {
            {STR("b/c.yaml"), str_from(cases[i].second)},
            {STR("a.yaml"),   str_from(cases[i].first) }
        };
        bool ok = read_parts(parts, 2, cases[i].root ? str_from(cases[i].root) : STR_NONE, &mem,
                             &import, &err);
        CHECK(ok == (cases[i].found != NULL));
        if (ok)
            CHECK_STR(oas_file_at(import.documents, 0)->path, str_from(cases[i].found));
        else
            CHECK(str_find(str_from(err.hint), str_from(cases[i].says)) != SIZE_MAX);
        if (i == COUNT_OF(cases) - 1)
            CHECK_STR(str_sub(str_from(err.where), 0, 14), STR("b/c.yaml line "));
    }
}

TEST(test_files_that_references_lead_to_must_be_readable)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct import import = {0};
    struct err err = {0};
    struct import_part parts[PARTS + 1];
    memcpy(parts, whole, sizeof(whole));
    parts[PARTS] = (struct import_part){STR("notes.txt"), STR("no: [document")};
    CHECK_OK(read_parts(parts, PARTS + 1, STR_NONE, &mem, &import, &err), &err);
    parts[3].bytes = STR("Pet: {\n  type: [\n");
    CHECK(!read_parts(parts, PARTS + 1, STR_NONE, &mem, &import, &err));
    CHECK_I64(err.code, ERR_INVALID);
    CHECK(str_starts(str_from(err.where), STR("schemas/pet.yaml line ")));
}

/* --- names ------------------------------------------------------------------------------------ */

TEST(test_a_revision_is_named_by_its_files_in_whatever_order_they_come)
{
    struct world w;
    struct revision first = {0}, again = {0}, other = {0}, single = {0};
    struct import_part parts[PARTS];
    world_begin_full(&w);
    upload(&w, whole, PARTS, "v1", &first);
    for (size_t i = 0; i < PARTS; i++)
        parts[i] = whole[PARTS - 1 - i];
    upload(&w, parts, PARTS, "v1", &again);
    CHECK_I64(first.id, again.id);
    CHECK_STR(first.sha256, again.sha256);
    CHECK_I64(scratch_number(w.scratch.path, "SELECT count(*) FROM revision_file"), 1 + PARTS);
    parts[0].path = STR("schemas/Pet.yaml"); /* another name is another manifest */
    upload(&w, parts, PARTS, "v1", &other);
    CHECK(!str_eq(first.sha256, other.sha256));
    CHECK_I64(scratch_number(w.scratch.path, "SELECT count(*) FROM file"), 1 + PARTS);
    /* As databases of before there were several files have it. */
    const struct import_part alone = {STR("docs/openapi.json"), str_from(world_document)};
    upload(&w, &alone, 1, "v1", &single);
    CHECK_STR(single.sha256,
              STR("a1dcf638f4a90224c1189ad41d409273443efd45c2115b599e684041687e1bc4"));
    world_end(&w);
}

/* --- what is stored --------------------------------------------------------------------------- */

TEST(test_operations_and_findings_of_all_files_are_stored)
{
    struct world w;
    struct revision revision = {0};
    struct catalog_file file = {0};
    const struct str args[] = {STR("pets"), STR("v2")};
    struct version version = {0};
    world_begin_full(&w);
    MUST(&w, version_create, OLGA, "{\"label\":\"v2\"}", &version, "pets", NULL);
    upload(&w, whole, PARTS, "v2", &revision);
    CHECK_I64(revision.operation_count, 2);
    CHECK_I64(
        scratch_number(
            w.scratch.path,
            "SELECT count(*) FROM operation WHERE operation_id = 'showPet' AND revision_id = (SELECT max(id) FROM revision)"),
        1);
    CHECK_I64(scratch_number(w.scratch.path,
                             "SELECT line FROM revision_finding WHERE code = 'number-as-text' AND "
                             "pointer = 'paths/pets.yaml#/get/operationId'"),
              2);
    CHECK(scratch_number(w.scratch.path,
                         "SELECT count(*) FROM revision_finding WHERE source = 'spectral:oas' AND "
                         "code = 'operation-description' AND pointer = 'paths/pets.yaml#/get'") >
          0);
    CHECK_I64(scratch_number(w.scratch.path,
                             "SELECT count(*) FROM revision_finding WHERE pointer = "
                             "'/paths/~1gone/$ref' AND code = 'outside-reference'"),
              1);
    CHECK_OK(catalog_document(w.view, &w.who[OLGA], args, STR("schemas/pet.yaml"), &w.mem, &file,
                              &w.err),
             &w.err);
    CHECK_STR(file.bytes, STR(SCHEMAS));
    CHECK(!file.file.root);
    CHECK_OK(catalog_document(w.view, &w.who[OLGA], args, STR_NONE, &w.mem, &file, &w.err), &w.err);
    CHECK_STR(file.bytes, STR(ROOT));
    CHECK(!catalog_document(w.view, &w.who[OLGA], args, STR("./openapi.yaml"), &w.mem, &file,
                            &w.err));
    world_end(&w);
}

TEST(test_a_change_in_another_file_is_a_change)
{
    static const char stricter[] =
        "Pet: {type: object, required: [id], properties: {id: {type: string}}}\n"
        "Fine: {description: Fine., content: {application/json: {schema: {$ref: '#/Pet'}}}}\n";
    struct world w;
    struct revision before = {0}, after = {0};
    struct comparison made = {0};
    struct import_part parts[PARTS];
    world_begin_full(&w);
    memcpy(parts, whole, sizeof(whole));
    upload(&w, parts, PARTS, "v1", &before);
    parts[3].bytes = str_from(stricter);
    upload(&w, parts, PARTS, "v1", &after);
    CHECK_OK(catalog_compare(w.view, &w.who[OLGA], STR("pets"), before.sha256, after.sha256, &w.mem,
                             &made, &w.err),
             &w.err);
    CHECK(made.report.count > 0);
    CHECK_STR(made.report.findings[0].new.file, STR("schemas/pet.yaml"));
    CHECK_I64(made.report.findings[0].new.line, 1);
    CHECK(scratch_number(w.scratch.path, "SELECT count(*) FROM revision_change") > 0);
    world_end(&w);
}

TEST(test_references_climb_to_the_top_of_the_upload_and_no_further)
{
    const struct import_part parts[] = {
        {STR("api/v1/root.yaml"), STR("openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n"
                                      "  /a: {$ref: '../a.yaml'}\n"
                                      "  /b: {$ref: '../../b.yaml'}\n"
                                      "  /c: {$ref: '../../../etc/passwd'}\n")},
        {STR("api/a.yaml"),       STR("get: {operationId: 1}\n")                                               },
        {STR("b.yaml"),           STR("get: {operationId: 2}\n")                                               },
    };
    struct world w;
    struct revision revision = {0};
    world_begin_full(&w);
    upload(&w, parts, COUNT_OF(parts), "v1", &revision);
    CHECK_I64(revision.operation_count, 2);
    CHECK_I64(scratch_number(w.scratch.path,
                             "SELECT count(*) FROM revision_finding WHERE code = "
                             "'number-as-text' AND pointer IN "
                             "('api/a.yaml#/get/operationId', 'b.yaml#/get/operationId')"),
              2);
    CHECK_I64(scratch_number(w.scratch.path,
                             "SELECT count(*) FROM revision_finding WHERE pointer = "
                             "'/paths/~1c/$ref' AND code = 'outside-reference'"),
              1);
    world_end(&w);
}
