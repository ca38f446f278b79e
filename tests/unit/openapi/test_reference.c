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
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct tree_node *got = oas_resolve(doc, tree_at(doc, str_from(cases[i].member)));
        CHECK(got == (cases[i].want ? tree_at(doc, str_from(cases[i].want)) : NULL));
    }
}
