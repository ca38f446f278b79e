/* openapi: where references lead. */
#include "catalog/openapi/openapi.h"
#include "tests/unit/test.h"

TEST(test_references_stay_inside)
{
    static const struct {
        const char *member, *want; /* pointer that the reference must lead to */
    } cases[] = {
        {"/r1", "/a~1b/c~0d"},
        {"/r2", "/a~1b/c~0d"},
        {"/r3", NULL        },
        {"/r4", NULL        },
        {"/r5", NULL        },
        {"/r6", NULL        },
        {"/r7", "/list/1"   },
        {"/r8", "/r8"       },
    };
    CLEANUP(arena_clear) struct arena mem = {0};
    struct tree *doc = NULL;
    struct err err = {0};
    CHECK_OK(tree_read(STR("$self: https://example.com/api\na/b: {c~d: 1}\nlist: [x, y]\n"
                           "r1: {$ref: '#/a~1b/c~0d'}\nr2: {$ref: '#/%72%31'}\n"
                           "r3: {$ref: '#/r4'}\nr4: {$ref: '#/r3'}\n"
                           "r5: {$ref: 'other.yaml#/a'}\nr6: {$ref: '#/none'}\n"
                           "r7: {$ref: 'https://example.com/api#/list/1'}\nr8: {$ref: 5}\n"),
                       NULL, &mem, &doc, &err),
             &err);
    struct oas_files *files = oas_files_of(doc, &mem);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct oas_spot from = {doc, tree_at(doc, str_from(cases[i].member))};
        const struct tree_node *got = oas_follow(files, from, NULL).node;
        CHECK(got == (cases[i].want ? tree_at(doc, str_from(cases[i].want)) : NULL));
    }
}

/* --- several files ---------------------------------------------------------------------------- */

static const struct {
    const char *path, *text;
} disk[] = {
    {"api/openapi.yaml",
     "openapi: 3.2.0\n$self: https://example.com/api\n"
     "own: {$ref: '#/pets'}\npets: {a: 1}\n"
     "file: {$ref: 'schemas/Pet%20one.yaml'}\npart: {$ref: './schemas/../schemas/Pet%20one.yaml#/x~1y'}\n"
     "back: {$ref: 'schemas/back.json#/to'}\ncircle: {$ref: 'schemas/back.json#/circle'}\n"
     "anchor: {$ref: 'schemas/back.json#here'}\nid: {$ref: 'https://example.com/pet#/deep'}\n"
     "self: {$ref: 'https://example.com/api#/pets'}\n"
     "none: {$ref: '#/absent'}\nmissing: {$ref: 'nope.yaml'}\nbroken: {$ref: 'schemas/broken.json'}\n"
     "beside: {$ref: '../common.yaml'}\nup: {$ref: '../../secret.yaml'}\nover: {$ref: 'schemas/../../../x.yaml'}\n"
     "root: {$ref: '/etc/passwd'}\nurl: {$ref: 'http://example.com/x.yaml'}\n"
     "scheme: {$ref: 'file:x.yaml'}\nwindows: {$ref: 'a\\b.yaml'}\nhidden: {$ref: '%2Fetc/passwd'}\n"
     "climb: {$ref: '%2e%2e/../secret.yaml'}\n"                                          },
    {"api/schemas/Pet one.yaml", "x/y: {z: 2}\n$id: https://example.com/pet\ndeep: [3]\n"},
    {"api/schemas/back.json",
     "{\"to\":{\"$ref\":\"../openapi.yaml#/pets\"},\"circle\":{\"$ref\":\"../openapi.yaml#/circle\"},"
     "\"named\":{\"$anchor\":\"here\"}}"                                                 },
    {"api/schemas/broken.json",  "{\"a\":"                                               },
    {"common.yaml",              "a: 1"                                                  },
};

static bool load(void *context, struct str path, struct arena *mem, struct str *bytes,
                 struct err *err)
{
    size_t *asked = context;
    UNUSED(mem);
    *asked += 1;
    for (size_t i = 0; i < COUNT_OF(disk); i++)
        if (str_eq(path, str_from(disk[i].path))) {
            *bytes = str_from(disk[i].text);
            return true;
        }
    return fail(err, ERR_NOT_FOUND, "", "no such file");
}

TEST(test_references_lead_through_files_and_never_out_of_their_folder)
{
    static const struct {
        const char *member;
        enum oas_lead lead;
        const char *file, *pointer;
    } cases[] = {
        {"own",     OAS_LEAD_FOUND,      "api/openapi.yaml",         "/pets" },
        {"file",    OAS_LEAD_FOUND,      "api/schemas/Pet one.yaml", ""      },
        {"part",    OAS_LEAD_FOUND,      "api/schemas/Pet one.yaml", "/x~1y" },
        {"back",    OAS_LEAD_FOUND,      "api/openapi.yaml",         "/pets" },
        {"anchor",  OAS_LEAD_FOUND,      "api/schemas/back.json",    "/named"},
        {"id",      OAS_LEAD_FOUND,      "api/schemas/Pet one.yaml", "/deep" },
        {"self",    OAS_LEAD_FOUND,      "api/openapi.yaml",         "/pets" },
        {"beside",  OAS_LEAD_FOUND,      "common.yaml",              ""      },
        {"pets",    OAS_LEAD_FOUND,      "api/openapi.yaml",         "/pets" },
        {"circle",  OAS_LEAD_CIRCLE,     NULL,                       NULL    },
        {"none",    OAS_LEAD_NOWHERE,    NULL,                       NULL    },
        {"missing", OAS_LEAD_UNREADABLE, NULL,                       NULL    },
        {"broken",  OAS_LEAD_UNREADABLE, NULL,                       NULL    },
        {"url",     OAS_LEAD_OUTSIDE,    NULL,                       NULL    },
        {"root",    OAS_LEAD_OUTSIDE,    NULL,                       NULL    },
        {"scheme",  OAS_LEAD_OUTSIDE,    NULL,                       NULL    },
        {"windows", OAS_LEAD_OUTSIDE,    NULL,                       NULL    },
        {"hidden",  OAS_LEAD_OUTSIDE,    NULL,                       NULL    },
        {"over",    OAS_LEAD_OUTSIDE,    NULL,                       NULL    },
        {"up",      OAS_LEAD_OUTSIDE,    NULL,                       NULL    },
        {"climb",   OAS_LEAD_OUTSIDE,    NULL,                       NULL    },
    };
    CLEANUP(arena_clear) struct arena mem = {0};
    struct oas_files *files = NULL;
    struct err err = {0};
    size_t asked = 0;
    const struct oas_files_config config = {.load = load, .context = &asked};
    CHECK_OK(oas_files_open(&config, STR("api/openapi.yaml"), &mem, &files, &err), &err);
    const struct tree *root = oas_file_at(files, 0)->doc;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        enum oas_lead lead = OAS_LEAD_FOUND;
        struct oas_spot at = {root, tree_get(root, tree_root(root), str_from(cases[i].member))};
        struct oas_spot got = oas_follow(files, at, &lead);
        if (lead != cases[i].lead)
            printf("\n%s\n", cases[i].member);
        CHECK_I64(lead, cases[i].lead);
        CHECK_I64(got.node != NULL, cases[i].file != NULL);
        if (got.node == NULL || cases[i].file == NULL)
            continue;
        CHECK_STR(oas_file_of(files, got.doc)->path, str_from(cases[i].file));
        CHECK(got.node == tree_at(got.doc, str_from(cases[i].pointer)));
    }
    CHECK_I64(asked, 6); /* each file once, and those that must not be asked for never */
    CHECK_I64(oas_file_count(files), 6);
}
