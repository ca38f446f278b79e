/* lint: references are followed, circles cut, and places found in the files they stand in. */
#include "catalog/lint/call.h"
#include "tests/unit/test.h"

static const char document[] =
    "openapi: 3.0.3\n"
    "paths:\n"
    "  /a:\n"
    "    get:\n"
    "      schema: {$ref: '#/components/schemas/Plain'}\n"
    "      noted: {$ref: '#/components/schemas/Plain', description: beside}\n"
    "      lost: {$ref: '#/components/schemas/Nobody'}\n"
    "components:\n"
    "  schemas:\n"
    "    Plain: {type: object, properties: {other: {$ref: '#/components/schemas/Ring'}}}\n"
    "    Ring: {properties: {next: {$ref: '#/components/schemas/Gem'}}}\n"
    "    Gem: {properties: {back: {$ref: '#/components/schemas/Ring'}}}\n"
    "    Self: {properties: {self: {$ref: '#/components/schemas/Self'}}}\n";

struct world {
    struct arena mem;
    struct tree *doc;
    struct view view;
};

static void open_world(struct world *w)
{
    struct err err = {0};
    CHECK_OK(tree_read(str_from(document), NULL, &w->mem, &w->doc, &err), &err);
    view_init(&w->view, oas_files_of(w->doc, &w->mem), &w->mem);
}

static enum ref_kind kind_at(struct world *w, const char *pointer)
{
    struct jsonpath_spot spot = {w->doc, tree_at(w->doc, str_from(pointer))};
    const struct ref *ref = view_ref(&w->view, spot);
    CHECK(ref != NULL);
    return ref ? ref->kind : REF_BROKEN;
}

TEST(test_references_of_circles_are_kept_and_others_followed)
{
    struct world w = {0};
    open_world(&w);
    CHECK(kind_at(&w, "/paths/~1a/get/schema") == REF_FOLLOWED);
    CHECK(kind_at(&w, "/components/schemas/Plain/properties/other") == REF_FOLLOWED);
    CHECK(kind_at(&w, "/components/schemas/Ring/properties/next") == REF_KEPT);
    CHECK(kind_at(&w, "/components/schemas/Gem/properties/back") == REF_KEPT);
    CHECK(kind_at(&w, "/components/schemas/Self/properties/self") == REF_KEPT);
    CHECK(kind_at(&w, "/paths/~1a/get/lost") == REF_MISSING);
    arena_clear(&w.mem);
}

static void check_place(struct world *w, const char *path, const char *want)
{
    CLEANUP(buf_clear) struct buf got = {0};
    struct str parts[16], part, rest = str_from(path);
    size_t count = 0;
    while (str_split(&rest, '|', &part))
        parts[count++] = part;
    struct place place = place_of(&w->view, parts, count, true, &w->mem);
    for (size_t i = 0; i < place.depth; i++)
        pointer_add(&got, place.path[i]);
    CHECK_STR(buf_str(&got), str_from(want));
    CHECK(place.spot.node == tree_at(w->doc, str_from(want)));
}

TEST(test_places_are_where_spectral_finds_them)
{
    struct world w = {0};
    open_world(&w);
    check_place(&w, "paths|/a|get|schema|type", "/components/schemas/Plain/type");
    check_place(&w, "paths|/a|get|schema|title", "/components/schemas/Plain");
    check_place(&w, "paths|/a|get|schema", "/components/schemas/Plain");
    check_place(&w, "paths|/a|get|noted", "/paths/~1a/get/noted");
    check_place(&w, "paths|/a|get|noted|description", "/paths/~1a/get/noted/description");
    check_place(&w, "paths|/a|get|noted|type", "/components/schemas/Plain/type");
    check_place(&w, "paths|/a|get|schema|properties|other|properties|next|$ref",
                "/components/schemas/Ring/properties/next/$ref");
    check_place(&w, "paths|/a|put", "/paths/~1a");
    arena_clear(&w.mem);
}

TEST(test_messages_are_filled)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"{{property}} {{error}} {{path}} {{nope}}.", "name oops #/a ."          },
        {"#{{print(\"property\")}}must be",           "\"name\" property must be"},
        {"#{{print(\"value\")}}!",                    "\"v\"!"                   },
        {"{{value}} {{ value }} {x}",                 "v  {x}"                   },
        {"#{{property.toUpperCase() + \"!\"}}",       "NAME!"                    },
    };
    CLEANUP(arena_clear) struct arena mem = {0};
    struct tree *doc = NULL;
    struct err err = {0};
    CHECK_OK(tree_read(STR("v"), NULL, &mem, &doc, &err), &err);
    const struct message_values values = {
        .property = STR("name"),
        .error = STR("oops"),
        .path = STR("#/a"),
        .value = {doc, tree_root(doc)}
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        CHECK_STR(message_fill(str_from(cases[i].text), &values, &mem), str_from(cases[i].want));
}

TEST(test_numbers_are_written_as_javascript_does)
{
    static const struct {
        double number;
        const char *text;
    } cases[] = {
        {0,         "0"                  },
        {1.10,      "1.1"                },
        {1000,      "1000"               },
        {-0.5,      "-0.5"               },
        {1e21,      "1e+21"              },
        {1.5e300,   "1.5e+300"           },
        {0.000001,  "0.000001"           },
        {1e-7,      "1e-7"               },
        {0.1 + 0.2, "0.30000000000000004"}
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        CHECK_STR(print_number(&mem, cases[i].number), str_from(cases[i].text));
    }
}

/* Ten thousand schemas, each referring to the next, and an example at the first. */
TEST(test_a_long_chain_of_schemas_is_no_deep_recursion)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf text = {0};
    const struct lint_ruleset_config config = {0};
    struct lint_ruleset *ruleset = NULL;
    struct lint_report report = {0};
    struct tree *doc = NULL;
    struct err err = {0};
    buf_add(&text, STR("{\"openapi\":\"3.0.3\",\"components\":{\"schemas\":{"));
    for (unsigned i = 0; i < 10000; i++)
        buf_printf(&text,
                   "\"S%u\":{\"type\":\"object\",\"example\":{},\"properties\":{\"n\":"
                   "{\"$ref\":\"#/components/schemas/S%u\"}}},",
                   i, i + 1);
    buf_add(&text, STR("\"S10000\":{\"type\":\"object\"}}}}"));
    CHECK_OK(tree_read(buf_str(&text), NULL, &mem, &doc, &err), &err);
    CHECK_OK(lint_ruleset_read(STR("spectral:oas"), &config, &mem, &ruleset, &err), &err);
    CHECK_OK(lint_run(ruleset, oas_files_of(doc, &mem), STR("d"), &mem, &report, &err), &err);
    CHECK(report.count > 0);
}
