/* example: a value for each kind of schema, valid and the same each time. */
#include "catalog/example/example.h"
#include "tests/unit/test.h"

struct rig {
    struct arena mem;
    struct tree *doc;
    struct example_maker *maker;
    struct example made;
};

static void rig_clear(struct rig *rig)
{
    arena_clear(&rig->mem);
}
#define RIG CLEANUP(rig_clear) struct rig

/* A document whose components are the given text: {"X": schema, …}. */
static void open(struct rig *rig, const char *version, const char *schemas)
{
    struct err err = {0};
    struct str text =
        arena_printf(&rig->mem,
                     "{\"openapi\":\"%s\",\"info\":{\"title\":\"t\","
                     "\"version\":\"1\"},\"paths\":{},\"components\":{\"schemas\":%s}}",
                     version, schemas);
    CHECK_OK(tree_read(text, NULL, &rig->mem, &rig->doc, &err), &err);
    CHECK_OK(example_maker_new(oas_files_of(rig->doc, &rig->mem), &rig->mem, &rig->maker, &err),
             &err);
}

static bool make(struct rig *rig, const char *name, const struct example_options *options)
{
    static const struct example_options usual = {0};
    const struct tree_node *schemas = tree_at(rig->doc, STR("/components/schemas"));
    const struct oas_spot spot = {rig->doc, tree_get(rig->doc, schemas, str_from(name))};
    CHECK(spot.node != NULL);
    return example_make(rig->maker, spot, options ? options : &usual, &rig->mem, &rig->made);
}

static void check_made(const char *version, const char *schema, const char *want)
{
    RIG rig = {0};
    open(&rig, version, arena_printf(&rig.mem, "{\"X\":%s}", schema).ptr);
    bool made = make(&rig, "X", NULL);
    if (!made || !str_eq(rig.made.json, str_from(want)))
        printf("\n%s\n  wanted %s\n  got " STR_FMT " " STR_FMT " " STR_FMT, schema, want,
               STR_ARG(rig.made.json), STR_ARG(rig.made.pointer), STR_ARG(rig.made.reason));
    CHECK(made && str_eq(rig.made.json, str_from(want)));
}

TEST(test_values_of_one_type)
{
    static const struct {
        const char *schema, *want;
    } cases[] = {
        {"{\"type\":\"string\"}",                                                            "\"string\""              },
        {"{\"type\":\"string\",\"minLength\":8}",                                            "\"stringaa\""            },
        {"{\"type\":\"string\",\"maxLength\":3}",                                            "\"abc\""                 },
        {"{\"type\":\"string\",\"maxLength\":0}",                                            "\"\""                    },
        {"{\"type\":\"string\",\"format\":\"date\"}",                                        "\"2026-01-15\""          },
        {"{\"type\":\"string\",\"format\":\"email\",\"maxLength\":8}",                       "\"a1@b.co\""             },
        {"{\"type\":\"string\",\"format\":\"email\",\"minLength\":20}",                      "\"aaauser1@example.com\""},
        {"{\"type\":\"string\",\"enum\":[null,\"b\",\"c\"]}",                                "\"b\""                   },
        {"{\"type\":\"integer\"}",                                                           "1"                       },
        {"{\"type\":\"integer\",\"minimum\":5}",                                             "5"                       },
        {"{\"type\":\"integer\",\"maximum\":-5}",                                            "-5"                      },
        {"{\"type\":\"integer\",\"exclusiveMinimum\":5}",                                    "6"                       },
        {"{\"type\":\"integer\",\"minimum\":10,\"multipleOf\":7}",                           "14"                      },
        {"{\"type\":\"integer\",\"minimum\":9007199254740993,\"maximum\":9007199254740993}",
         "9007199254740993"                                                                                            },
        {"{\"type\":\"number\",\"exclusiveMinimum\":0,\"exclusiveMaximum\":1}",              "0.5"                     },
        {"{\"type\":\"number\",\"multipleOf\":0.01}",                                        "1"                       },
        {"{\"type\":\"number\",\"minimum\":0.011,\"maximum\":0.029,\"multipleOf\":0.01}",    "0.02"                    },
        {"{\"type\":\"boolean\"}",                                                           "true"                    },
        {"{\"type\":\"null\"}",                                                              "null"                    },
        {"{\"type\":[\"null\",\"integer\"]}",                                                "1"                       },
        {"{\"const\":{\"a\":[1]}}",                                                          "{\"a\":[1]}"             },
        {"{\"type\":\"integer\",\"default\":7}",                                             "7"                       },
        {"{\"type\":\"integer\",\"examples\":[\"no\",3]}",                                   "3"                       },
        {"{}",                                                                               "\"string\""              },
        {"true",                                                                             "\"string\""              },
        {"{\"minimum\":3}",                                                                  "3"                       },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        check_made("3.1.0", cases[i].schema, cases[i].want);
}

TEST(test_patterns)
{
    static const struct {
        const char *schema, *want;
    } cases[] = {
        {"{\"type\":\"string\",\"pattern\":\"^[0-9]{5,8}$\"}",             "\"12345\""           },
        {"{\"type\":\"string\",\"pattern\":\"^[a-z]*$\",\"minLength\":3}", "\"abc\""             },
        {"{\"pattern\":\"^(?:cat|dog)-\\\\d+$\"}",                         "\"cat-1\""           },
        {"{\"pattern\":\"^-?\\\\d{1,3}(\\\\.\\\\d+)?$\"}",                 "\"1\""               },
        {"{\"pattern\":\"^\\\\p{Lu}x$\"}",                                 "\"Ax\""              },
        {"{\"pattern\":\"^[^a-z]$\"}",                                     "\"A\""               },
        {"{\"pattern\":\"^(?=.*\\\\d)(?=.*[A-Z])(?=.*[a-z]).{8}$\"}",      "\"aA1!aA1!\""        },
        {"{\"pattern\":\"^\\\\u00e4[\\\\u00f6]$\"}",                       "\"\xC3\xA4\xC3\xB6\""},
        {"{\"pattern\":\"^a{2}b{x}$\"}",                                   "\"aab{x}\""          },
        {"{\"pattern\":\"^x\",\"maxLength\":1}",                           "\"x\""               },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        check_made("3.1.0", cases[i].schema, cases[i].want);
}

TEST(test_arrays)
{
    static const struct {
        const char *schema, *want;
    } cases[] = {
        {"{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}",                        "[1]"                            },
        {"{\"items\":{\"type\":\"integer\"},\"minItems\":3}",                            "[1,1,1]"                        },
        {"{\"type\":\"array\",\"maxItems\":0}",                                          "[]"                             },
        {"{\"type\":\"array\",\"uniqueItems\":true,\"minItems\":3}",
         "[\"string\",\"string1\",\"string2\"]"                                                                           },
        {"{\"uniqueItems\":true,\"minItems\":2,\"items\":{\"enum\":[5,6]}}",             "[5,6]"                          },
        {"{\"uniqueItems\":true,\"minItems\":2,\"items\":{\"type\":\"string\",\"format\":"
         "\"date\"}}",                                                          "[\"2026-01-15\",\"2026-01-16\"]"},
        {"{\"prefixItems\":[{\"const\":\"a\"},{\"type\":\"boolean\"}],\"items\":false}",
         "[\"a\",true]"                                                                                                   },
        {"{\"contains\":{\"const\":7},\"minItems\":2}",                                  "[7,\"string\"]"                 },
        {"{\"type\":\"array\",\"items\":false}",                                         "[]"                             },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        check_made("3.1.0", cases[i].schema, cases[i].want);
}

TEST(test_objects)
{
    static const struct {
        const char *schema, *want;
    } cases[] = {
        {"{\"properties\":{\"a\":{\"type\":\"integer\"},\"b\":false},\"required\":[\"c\"]}",
         "{\"a\":1,\"c\":\"string\"}"                                                                                             },
        {"{\"type\":\"object\",\"additionalProperties\":{\"type\":\"boolean\"}}",
         "{\"property1\":true}"                                                                                                   },
        {"{\"type\":\"object\",\"minProperties\":2}",
         "{\"property1\":\"string\",\"property2\":\"string\"}"                                                                    },
        {"{\"type\":\"object\",\"minProperties\":1,\"propertyNames\":{\"pattern\":\"^x_\"}}",
         "{\"x_\":\"string\"}"                                                                                                    },
        {"{\"patternProperties\":{\"^n[0-9]$\":{\"type\":\"integer\"}},"
         "\"additionalProperties\":false}",                                          "{\"n1\":1}"                        },
        {"{\"maxProperties\":1,\"properties\":{\"a\":{},\"b\":{}},\"required\":[\"b\"]}",
         "{\"b\":\"string\"}"                                                                                                     },
        {"{\"properties\":{\"a\":{\"const\":1},\"z\":{\"const\":2}},"
         "\"dependentRequired\":{\"a\":[\"q\"]}}",                                   "{\"a\":1,\"z\":2,\"q\":\"string\"}"},
        {"{\"allOf\":[{\"properties\":{\"a\":{\"minimum\":3}},\"required\":[\"a\"]},"
         "{\"properties\":{\"a\":{\"type\":\"integer\",\"maximum\":3}}}],"
         "\"unevaluatedProperties\":false}",                                         "{\"a\":3}"                         },
        {"{\"properties\":{\"a\":{\"const\":1},\"b\":{\"const\":2}},"
         "\"oneOf\":[{\"required\":[\"a\"]},{\"required\":[\"b\"]}]}",               "{\"a\":1}"                         },
        {"{\"if\":{\"properties\":{\"k\":{\"const\":\"x\"}},\"required\":[\"k\"]},"
         "\"then\":{\"required\":[\"v\"]},\"type\":\"object\"}",                     "{\"k\":\"x\",\"v\":\"string\"}"    },
        {"{\"type\":\"object\",\"not\":{\"required\":[\"a\"]},"
         "\"properties\":{\"a\":{},\"b\":{\"const\":1}}}",                           "{\"b\":1}"                         },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        check_made("3.1.0", cases[i].schema, cases[i].want);
}

TEST(test_branches)
{
    static const struct {
        const char *schema, *want;
    } cases[] = {
        {"{\"oneOf\":[{\"type\":\"integer\"},{\"type\":\"string\"}]}",                     "1"   },
        {"{\"type\":\"string\",\"oneOf\":[{\"type\":\"integer\"},{\"minLength\":8}]}",
         "\"stringaa\""                                                                          },
        {"{\"oneOf\":[{\"type\":\"integer\"},{\"type\":\"number\"},{\"type\":\"null\"}]}", "null"},
        {"{\"anyOf\":[false,{\"const\":4}]}",                                              "4"   },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        check_made("3.1.0", cases[i].schema, cases[i].want);
}

/* --- several schemas ---------------------------------------------------------------------------
 */

static const char family[] =
    "{\"Pet\":{\"type\":\"object\",\"required\":[\"kind\"],\"properties\":{\"kind\":{\"type\":"
    "\"string\"}},\"discriminator\":{\"propertyName\":\"kind\",\"mapping\":{\"dog\":"
    "\"#/components/schemas/Dog\"}}},"
    "\"Dog\":{\"allOf\":[{\"$ref\":\"#/components/schemas/Pet\"},{\"properties\":{\"bark\":"
    "{\"type\":\"boolean\"}}}]},"
    "\"Cat\":{\"type\":\"object\",\"properties\":{\"type\":{\"type\":\"string\"},\"lives\":"
    "{\"type\":\"integer\"}},\"required\":[\"lives\"]},"
    "\"Any\":{\"oneOf\":[{\"$ref\":\"#/components/schemas/Cat\"},{\"$ref\":"
    "\"#/components/schemas/Dog\"}],\"discriminator\":{\"propertyName\":\"type\"}},"
    "\"Node\":{\"type\":\"object\",\"required\":[\"name\",\"children\"],\"properties\":{\"name\":"
    "{\"type\":\"string\"},\"parent\":{\"$ref\":\"#/components/schemas/Node\"},\"children\":"
    "{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/Node\"}}}},"
    "\"Term\":{\"oneOf\":[{\"type\":\"object\",\"required\":[\"not\"],\"properties\":{\"not\":"
    "{\"$ref\":\"#/components/schemas/Term\"}}},{\"type\":\"string\"}]},"
    "\"Endless\":{\"type\":\"object\",\"required\":[\"more\"],\"properties\":{\"more\":{\"$ref\":"
    "\"#/components/schemas/Endless\"}}},"
    "\"Account\":{\"type\":\"object\",\"required\":[\"id\",\"password\"],\"properties\":{\"id\":"
    "{\"type\":\"integer\",\"readOnly\":true},\"password\":{\"$ref\":"
    "\"#/components/schemas/Secret\"},\"note\":{\"type\":\"string\"}}},"
    "\"Secret\":{\"type\":\"string\",\"writeOnly\":true},"
    "\"Loop\":{\"$ref\":\"#/components/schemas/Loop\"},"
    "\"Nowhere\":{\"$ref\":\"#/components/schemas/Missing\"}}";

static void check_family(const char *name, const struct example_options *options, const char *want)
{
    RIG rig = {0};
    open(&rig, "3.0.3", family);
    CHECK(make(&rig, name, options));
    CHECK_STR(rig.made.json, str_from(want));
}

TEST(test_discriminators_name_the_branch)
{
    check_family("Dog", NULL, "{\"kind\":\"dog\",\"bark\":true}");
    check_family("Pet", NULL, "{\"kind\":\"Pet\"}");
    check_family("Any", NULL, "{\"type\":\"Cat\",\"lives\":1}");
}

TEST(test_circles_end_where_they_may)
{
    check_family("Node", NULL, "{\"name\":\"string\",\"children\":[]}");
    check_family("Term", NULL, "\"string\"");
}

TEST(test_directions_leave_out_what_is_not_sent)
{
    const struct example_options request = {.direction = SCHEMA_REQUEST};
    const struct example_options response = {.direction = SCHEMA_RESPONSE};
    const struct example_options lean = {.direction = SCHEMA_REQUEST, .required_only = true};
    check_family("Account", &request, "{\"password\":\"string\",\"note\":\"string\"}");
    check_family("Account", &response, "{\"id\":1,\"note\":\"string\"}");
    check_family("Account", &lean, "{\"password\":\"string\"}");
}

TEST(test_what_cannot_be_made_says_why)
{
    static const struct {
        const char *name, *pointer, *reason;
    } cases[] = {
        {"Endless", "/more", "its schema asks for itself, again and again"    },
        {"Nowhere", "",      "a reference leads nowhere"                      },
        {"False",   "",      "its schema accepts nothing"                     },
        {"Types",   "",      "no type is left when all its schemas are joined"},
        {"Odd",     "/a",    "must match pattern \"^(a)\\1b$\""               },
        {"Bounds",  "",      "must be >= 2"                                   },
    };
    RIG rig = {0};
    open(&rig, "3.1.0",
         "{\"Endless\":{\"type\":\"object\",\"required\":[\"more\"],\"properties\":{\"more\":{"
         "\"$ref\":\"#/components/schemas/Endless\"}}},"
         "\"Nowhere\":{\"$ref\":\"#/components/schemas/Missing\"},\"False\":false,"
         "\"Types\":{\"type\":\"string\",\"allOf\":[{\"type\":\"object\"}]},"
         "\"Odd\":{\"type\":\"object\",\"required\":[\"a\"],\"properties\":{\"a\":{\"type\":"
         "\"string\",\"pattern\":\"^(a)\\\\1b$\"}}},"
         "\"Bounds\":{\"type\":\"integer\",\"minimum\":2,\"maximum\":1}}");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CHECK(!make(&rig, cases[i].name, NULL));
        CHECK_STR(rig.made.pointer, str_from(cases[i].pointer));
        CHECK_STR(rig.made.reason, str_from(cases[i].reason));
        CHECK(rig.made.json.ptr == NULL);
    }
}

TEST(test_values_of_the_document_are_marked)
{
    RIG rig = {0};
    open(&rig, "3.1.0",
         "{\"Own\":{\"type\":\"string\",\"examples\":[\"x\"]},\"Made\":{\"type\":\"string\"},"
         "\"Wrong\":{\"type\":\"integer\",\"example\":\"x\"}}");
    CHECK(make(&rig, "Own", NULL) && rig.made.given);
    CHECK(make(&rig, "Made", NULL) && !rig.made.given);
    CHECK(make(&rig, "Wrong", NULL) && !rig.made.given);
    CHECK_STR(rig.made.json, STR("1"));
}

TEST(test_hostile_schemas_come_to_an_end)
{
    RIG rig = {0};
    CLEANUP(buf_clear) struct buf out = {0};
    buf_add(&out, STR("{\"X\":"));
    for (int i = 0; i < 60; i++)
        buf_add(&out, STR("{\"type\":\"object\",\"required\":[\"a\"],\"properties\":{\"a\":"));
    buf_add(&out, STR("true"));
    for (int i = 0; i < 60; i++)
        buf_add(&out, STR("}}"));
    buf_add(&out, STR(",\"Wide\":{\"type\":\"string\",\"allOf\":["));
    for (int i = 0; i < 12; i++)
        buf_add(&out, STR("{\"oneOf\":[false,false,false,{\"minLength\":3}]},"));
    buf_add(&out, STR("{}]},\"Deep\":{\"pattern\":\"^"));
    for (int i = 0; i < 30; i++)
        buf_add(&out, STR("(a|"));
    for (int i = 0; i < 30; i++)
        buf_add(&out, STR(")*"));
    buf_add(&out,
            STR("$\",\"minLength\":1},\"Many\":{\"type\":\"array\",\"minItems\":1000000000}}"));
    buf_add_char(&out, '\0');
    open(&rig, "3.1.0", out.ptr);
    CHECK(!make(&rig, "X", NULL));
    CHECK_STR(rig.made.reason, STR("the value would be too deep"));
    CHECK(!make(&rig, "Wide", NULL));
    (void)make(&rig, "Deep", NULL);
    CHECK(!make(&rig, "Many", NULL));
    CHECK_STR(rig.made.reason, STR("more than 2000 elements are asked for"));
}

/* Each schema is one of all of them: nothing decides one without trying them all, in each order. */
TEST(test_what_takes_too_long_to_judge_is_given_up)
{
    enum { SCHEMAS = 30 };
    RIG rig = {0};
    CLEANUP(buf_clear) struct buf out = {0};
    for (int i = 0; i < SCHEMAS; i++) {
        buf_printf(&out, "%s\"S%d\":{\"oneOf\":[", i == 0 ? "{" : ",", i);
        for (int j = 0; j < SCHEMAS; j++)
            buf_printf(&out, "%s{\"$ref\":\"#/components/schemas/S%d\"}", j == 0 ? "" : ",", j);
        buf_add(&out, STR("]}"));
    }
    buf_add(&out, STR("}"));
    buf_add_char(&out, '\0');
    open(&rig, "3.1.0", out.ptr);
    CHECK(!make(&rig, "S0", NULL));
    CHECK(rig.made.reason.len > 0);
}

TEST(test_pointers_to_nodes)
{
    RIG rig = {0};
    open(&rig, "3.1.0", "{\"a/b\":{\"prefixItems\":[{},{\"x\":[1,[2,3]]}]}}");
    const struct tree_node *node =
        tree_at(rig.doc, STR("/components/schemas/a~1b/prefixItems/1/x/1/1"));
    CHECK(node != NULL);
    CHECK_STR(example_pointer(rig.doc, node, &rig.mem),
              STR("/components/schemas/a~1b/prefixItems/1/x/1/1"));
    CHECK_STR(example_pointer(rig.doc, tree_root(rig.doc), &rig.mem), STR(""));
}

TEST(test_numbers_of_yaml_become_json)
{
    RIG rig = {0};
    struct str json = STR_NONE;
    struct err err = {0};
    CHECK_OK(
        tree_read(STR("[0x1F, 0o17, +12, .5, 1e3, .inf, 01.5]"), NULL, &rig.mem, &rig.doc, &err),
        &err);
    CHECK(example_json(rig.doc, tree_root(rig.doc), &rig.mem, &json));
    CHECK_STR(json, STR("[31,15,12,0.5,1e3,null,1.5]"));
}

TEST(test_dialect_of_3_0)
{
    check_made("3.0.3", "{\"type\":\"integer\",\"minimum\":1,\"exclusiveMinimum\":true}", "2");
    check_made("3.0.3", "{\"type\":\"string\",\"nullable\":true,\"not\":{\"type\":\"string\"}}",
               "null");
    check_made("3.0.3",
               "{\"$ref\":\"#/components/schemas/X/x-inner\",\"type\":\"integer\","
               "\"x-inner\":{\"type\":\"boolean\"}}",
               "true");
}
