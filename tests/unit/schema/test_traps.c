/* schema: what real and hostile schemas and values do. */
#include "catalog/schema/schema.h"
#include "tests/unit/test.h"

struct rig {
    struct arena mem;
    struct schema_set *set;
    struct schema *schema;
    struct tree *doc;
    struct schema_result result;
};

static struct tree *read_text(struct arena *mem, struct str text)
{
    struct tree *doc = NULL;
    struct err err = {0};
    CHECK_OK(tree_read(text, NULL, mem, &doc, &err), &err);
    return doc;
}

static enum schema_verdict check(struct rig *rig, enum schema_dialect dialect, struct str schema,
                                 struct str value, const struct schema_options *options)
{
    const struct schema_settings settings = {.dialect = dialect};
    struct tree *doc = read_text(&rig->mem, schema);
    struct err err = {0};
    rig->set = schema_set_new(&rig->mem, &settings);
    CHECK_OK(schema_set_add(rig->set, STR(""), doc, SCHEMA_IS_SCHEMA, &err), &err);
    rig->schema = schema_at(rig->set, doc, tree_root(doc));
    rig->doc = read_text(&rig->mem, value);
    return schema_check(rig->set, rig->schema, rig->doc, tree_root(rig->doc), options, &rig->mem,
                        &rig->result);
}

static void rig_clear(struct rig *rig)
{
    arena_clear(&rig->mem);
}
#define RIG CLEANUP(rig_clear) struct rig

static bool holds(enum schema_dialect dialect, const char *schema, const char *value)
{
    RIG rig = {0};
    enum schema_verdict verdict = check(&rig, dialect, str_from(schema), str_from(value), NULL);
    CHECK(verdict != SCHEMA_UNDECIDED);
    return verdict == SCHEMA_VALID;
}

static struct str repeat(struct arena *mem, const char *head, const char *part, size_t count,
                         const char *tail)
{
    CLEANUP(buf_clear) struct buf out = {0};
    buf_add(&out, str_from(head));
    for (size_t i = 0; i < count; i++)
        buf_add(&out, str_from(part));
    buf_add(&out, str_from(tail));
    return arena_str(mem, buf_str(&out));
}

/* --- numbers -----------------------------------------------------------------------------------
 */

TEST(test_numbers_are_compared_exactly)
{
    static const struct {
        const char *schema, *value;
        bool valid;
    } cases[] = {
        {"{\"maximum\":9007199254740992}",           "9007199254740993",        false},
        {"{\"maximum\":9007199254740993}",           "9007199254740993",        true },
        {"{\"const\":1e400}",                        "1e400",                   true },
        {"{\"const\":1e400}",                        "1e401",                   false},
        {"{\"exclusiveMaximum\":1e-400}",            "0",                       true },
        {"{\"exclusiveMaximum\":1e-400}",            "1e-400",                  false},
        {"{\"multipleOf\":0.01}",                    "19.99",                   true },
        {"{\"multipleOf\":0.0001}",                  "0.0075",                  true },
        {"{\"multipleOf\":0.01}",                    "0.995",                   false},
        {"{\"multipleOf\":3}",                       "1e300",                   false},
        {"{\"multipleOf\":4}",                       "1e999999999",             true },
        {"{\"multipleOf\":12345678901234567890123}", "37037036703703703670369", true },
        {"{\"multipleOf\":12345678901234567890123}", "37037036703703703670370", false},
        {"{\"enum\":[1.0]}",                         "1",                       true },
        {"{\"const\":-0}",                           "0.0",                     true },
        {"{\"type\":\"integer\"}",                   "1e2",                     true },
        {"{\"type\":\"integer\"}",                   "12.50e1",                 true },
        {"{\"type\":\"integer\"}",                   "12.5",                    false},
        {"{\"maxLength\":1e400}",                    "\"text\"",                true },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (holds(SCHEMA_2020_12, cases[i].schema, cases[i].value) != cases[i].valid) {
            printf("\n%s of %s", cases[i].schema, cases[i].value);
            CHECK(false);
        }
}

TEST(test_numbers_of_yaml_have_their_values)
{
    CHECK(holds(SCHEMA_2020_12, "{\"const\":31}", "0x1F"));
    CHECK(holds(SCHEMA_2020_12, "{\"const\":15}", "0o17"));
    CHECK(!holds(SCHEMA_2020_12, "{\"maximum\":1e308}", ".inf"));
    CHECK(holds(SCHEMA_2020_12, "{\"maximum\":0}", "-.inf"));
    CHECK(holds(SCHEMA_2020_12, "{\"type\":\"integer\"}", "+12"));
}

TEST(test_a_division_of_long_numbers_has_a_price)
{
    RIG rig = {0};
    struct str schema = repeat(&rig.mem, "{\"multipleOf\":1", "7", 200000, "}");
    struct str value = repeat(&rig.mem, "1", "3", 400000, "");
    CHECK_I64(check(&rig, SCHEMA_2020_12, schema, value, NULL), SCHEMA_UNDECIDED);
}

/* --- text --------------------------------------------------------------------------------------
 */

TEST(test_lengths_count_code_points)
{
    CHECK(holds(SCHEMA_2020_12, "{\"maxLength\":2}", "\"\xF0\x9F\x90\x88\xF0\x9F\x90\x95\""));
    CHECK(!holds(SCHEMA_2020_12, "{\"minLength\":3}", "\"\xF0\x9F\x90\x88\xF0\x9F\x90\x95\""));
    CHECK(holds(SCHEMA_2020_12, "{\"maxLength\":1}", "\"\\u0000\""));
}

TEST(test_a_pattern_that_is_none_is_a_fault_not_an_answer)
{
    RIG rig = {0};
    size_t count = 0;
    CHECK_I64(
        check(&rig, SCHEMA_2020_12, STR("{\"pattern\":\"(\",\"minLength\":1}"), STR("\"x\""), NULL),
        SCHEMA_VALID);
    const struct schema_fault *faults = schema_faults(rig.set, &count);
    CHECK_I64(count, 1);
    CHECK(strcmp(faults[0].keyword, "pattern") == 0);
}

TEST(test_a_pattern_that_takes_too_long_is_undecided)
{
    RIG rig = {0};
    struct str value = repeat(&rig.mem, "\"", "a", 40, "!\"");
    CHECK_I64(check(&rig, SCHEMA_2020_12, STR("{\"pattern\":\"^(a|aa|a?)+(a|aa)*(x+x+)+y$\"}"),
                    value, NULL) == SCHEMA_VALID,
              false);
}

/* --- structure ---------------------------------------------------------------------------------
 */

TEST(test_a_schema_that_leads_back_to_itself_ends)
{
    RIG rig = {0};
    size_t count = 0;
    CHECK_I64(check(&rig, SCHEMA_2020_12,
                    STR("{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"allOf\":[{\"$ref\":\"#/$defs/"
                        "b\"}]},\"b\":{\"anyOf\":[{\"$ref\":\"#/$defs/a\"}]}}}"),
                    STR("1"), NULL),
              SCHEMA_VALID);
    const struct schema_fault *faults = schema_faults(rig.set, &count);
    CHECK_I64(count, 1);
    CHECK(str_find(faults[0].message, STR("leads back to itself")) != SIZE_MAX);
}

TEST(test_recursive_schemas_go_as_deep_as_the_value)
{
    RIG rig = {0};
    struct str value = repeat(&rig.mem, "", "[", 250, "");
    value = repeat(&rig.mem, str_z(&rig.mem, value), "]", 250, "");
    CHECK_I64(check(&rig, SCHEMA_2020_12, STR("{\"type\":\"array\",\"items\":{\"$ref\":\"#\"}}"),
                    value, NULL),
              SCHEMA_VALID);
}

/* 30 schemas, each asking the next one twice: a thousand million ways down. */
TEST(test_schemas_that_double_are_given_up)
{
    RIG rig = {0};
    CLEANUP(buf_clear) struct buf text = {0};
    buf_add(&text, STR("{\"$ref\":\"#/$defs/s0\",\"$defs\":{"));
    for (int i = 0; i < 30; i++)
        buf_printf(&text,
                   "\"s%d\":{\"allOf\":[{\"$ref\":\"#/$defs/s%d\"},{\"$ref\":\"#/$defs/s%d\"}]},",
                   i, i + 1, i + 1);
    buf_add(&text, STR("\"s30\":true}}"));
    CHECK_I64(check(&rig, SCHEMA_2020_12, buf_str(&text), STR("1"), NULL), SCHEMA_UNDECIDED);
}

TEST(test_a_long_chain_of_references_does_not_take_the_stack)
{
    RIG rig = {0};
    CLEANUP(buf_clear) struct buf text = {0};
    buf_add(&text, STR("{\"$ref\":\"#/$defs/s0\",\"$defs\":{"));
    for (int i = 0; i < 100000; i++)
        buf_printf(&text, "\"s%d\":{\"$ref\":\"#/$defs/s%d\"},", i, i + 1);
    buf_add(&text, STR("\"s100000\":true}}"));
    CHECK_I64(check(&rig, SCHEMA_2020_12, buf_str(&text), STR("1"), NULL), SCHEMA_UNDECIDED);
}

TEST(test_unique_items_are_not_compared_pair_by_pair)
{
    RIG rig = {0};
    CLEANUP(buf_clear) struct buf text = {0};
    buf_add_char(&text, '[');
    for (int i = 0; i < 100000; i++)
        buf_printf(&text, "{\"a\":%d},", i);
    buf_add(&text, STR("{\"a\":5e0}]"));
    CHECK_I64(check(&rig, SCHEMA_2020_12, STR("{\"uniqueItems\":true}"), buf_str(&text), NULL),
              SCHEMA_INVALID);
    CHECK_I64(rig.result.errors[0].number, 5);
    CHECK_I64(rig.result.errors[0].number2, 100000);
}

TEST(test_the_first_element_that_comes_again_is_named)
{
    RIG rig = {0};
    CHECK_I64(check(&rig, SCHEMA_2020_12, STR("{\"uniqueItems\":true}"),
                    STR("[6,5,1,2,3,4,1,4,3,2,\"1\",5,[1],[1],6,6,1]"), NULL),
              SCHEMA_INVALID);
    CHECK_I64(rig.result.errors[0].number, 2);
    CHECK_I64(rig.result.errors[0].number2, 6);
}

TEST(test_names_that_are_numbers_in_yaml_are_names)
{
    CHECK(holds(SCHEMA_2020_12, "{\"propertyNames\":{\"pattern\":\"^[0-9]+$\"}}",
                "200: x\n404: y\n"));
    CHECK(!holds(SCHEMA_2020_12, "{\"propertyNames\":{\"maxLength\":3}}", "null: x\n"));
}

/* --- OpenAPI's dialect -------------------------------------------------------------------------
 */

TEST(test_dialect_of_openapi_3_0)
{
    CHECK(holds(SCHEMA_OAS_3_0, "{\"type\":\"string\",\"nullable\":true}", "null"));
    CHECK(!holds(SCHEMA_OAS_3_0, "{\"type\":\"string\"}", "null"));
    CHECK(
        holds(SCHEMA_OAS_3_0, "{\"type\":\"string\",\"nullable\":true,\"enum\":[\"a\"]}", "null"));
    CHECK(!holds(SCHEMA_OAS_3_0, "{\"maximum\":5,\"exclusiveMaximum\":true}", "5"));
    CHECK(holds(SCHEMA_OAS_3_0, "{\"maximum\":5,\"exclusiveMaximum\":false}", "5"));
    CHECK(holds(SCHEMA_OAS_3_0,
                "{\"$ref\":\"#/definitions/a\",\"maximum\":1,\"definitions\":{\"a\":{}}}", "5"));
    CHECK(
        !holds(SCHEMA_2020_12, "{\"$ref\":\"#/$defs/a\",\"maximum\":1,\"$defs\":{\"a\":{}}}", "5"));
}

TEST(test_direction_forgives_what_is_read_only)
{
    static const char schema[] =
        "{\"required\":[\"r\",\"w\"],\"properties\":{\"r\":{\"readOnly\":true},\"w\":{\"$ref\":\"#/"
        "definitions/w\"}},\"definitions\":{\"w\":{\"writeOnly\":true}}}";
    static const struct {
        enum schema_direction direction;
        const char *value;
        bool valid;
    } cases[] = {
        {SCHEMA_ANY_WAY,  "{\"w\":1}", false},
        {SCHEMA_REQUEST,  "{\"w\":1}", true },
        {SCHEMA_REQUEST,  "{\"r\":1}", false},
        {SCHEMA_RESPONSE, "{\"r\":1}", true },
        {SCHEMA_RESPONSE, "{\"w\":1}", false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        RIG rig = {0};
        const struct schema_options options = {.direction = cases[i].direction};
        CHECK_I64(check(&rig, SCHEMA_OAS_3_0, str_from(schema), str_from(cases[i].value),
                        &options) == SCHEMA_VALID,
                  cases[i].valid);
    }
}

/* --- errors ------------------------------------------------------------------------------------
 */

static struct str told(struct rig *rig, size_t index)
{
    CLEANUP(buf_clear) struct buf out = {0};
    if (index >= rig->result.count)
        return STR_NONE;
    schema_error_pointer(rig->doc, &rig->result.errors[index], &out);
    buf_add_char(&out, ' ');
    schema_message(&rig->result.errors[index], &out);
    return arena_str(&rig->mem, buf_str(&out));
}

TEST(test_messages_are_worded_as_ajv_words_them)
{
    static const struct {
        const char *schema, *value, *message;
    } cases[] = {
        {"{\"type\":[\"string\",\"null\"]}",                "1",            " must be string,null"                       },
        {"{\"required\":[\"a\"]}",                          "{}",           " must have required property 'a'"           },
        {"{\"additionalProperties\":false}",                "{\"a\":1}",    " must NOT have additional properties"       },
        {"{\"items\":{\"minimum\":5}}",                     "[7,1]",        "/1 must be >= 5"                            },
        {"{\"exclusiveMinimum\":5}",                        "5",            " must be > 5"                               },
        {"{\"multipleOf\":2}",                              "3",            " must be multiple of 2"                     },
        {"{\"pattern\":\"^a\"}",                            "\"b\"",        " must match pattern \"^a\""                 },
        {"{\"minLength\":2}",                               "\"b\"",        " must NOT have fewer than 2 characters"     },
        {"{\"enum\":[1]}",                                  "2",            " must be equal to one of the allowed values"},
        {"{\"const\":1}",                                   "2",            " must be equal to constant"                 },
        {"{\"not\":{}}",                                    "2",            " must NOT be valid"                         },
        {"{\"uniqueItems\":true}",                          "[1,2,1]",
         " must NOT have duplicate items (items ## 2 and 0 are identical)"                                               },
        {"{\"dependentRequired\":{\"a\":[\"b\"]}}",         "{\"a\":1}",
         " must have property b when property a is present"                                                              },
        {"{\"contains\":{\"const\":1}}",                    "[]",           " must contain at least 1 valid item(s)"     },
        {"{\"prefixItems\":[true],\"items\":false}",        "[1,2]",        " must NOT have more than 1 items"           },
        {"false",                                           "1",            " boolean schema is false"                   },
        {"{\"properties\":{\"a~/b\":{\"type\":\"null\"}}}", "{\"a~/b\":1}", "/a~0~1b must be null"                       },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        RIG rig = {0};
        (void)check(&rig, SCHEMA_2020_12, str_from(cases[i].schema), str_from(cases[i].value),
                    NULL);
        CHECK_STR(told(&rig, 0), str_from(cases[i].message));
        CHECK_I64(rig.result.count, 1);
    }
}

TEST(test_the_closest_branch_is_told)
{
    static const char schema[] =
        "{\"oneOf\":[{\"type\":\"string\"},{\"properties\":{\"kind\":{\"const\":\"cat\"},\"n\":{"
        "\"type\":\"integer\"}}},{\"properties\":{\"kind\":{\"const\":\"dog\"},\"n\":{\"type\":"
        "\"integer\"}}}]}";
    RIG rig = {0};
    (void)check(&rig, SCHEMA_2020_12, str_from(schema), STR("{\"kind\":\"dog\",\"n\":\"x\"}"),
                NULL);
    CHECK_I64(rig.result.count, 2);
    CHECK_STR(told(&rig, 0), STR("/n must be integer"));
    CHECK_STR(told(&rig, 1), STR(" must match exactly one schema in oneOf"));
    CHECK_I64(rig.result.errors[1].branch, 2);
    CHECK_I64(rig.result.errors[0].level, 1);
}

TEST(test_all_branches_and_none_on_request)
{
    static const char schema[] = "{\"anyOf\":[{\"type\":\"string\"},{\"minimum\":5}]}";
    const struct schema_options all = {.branches = SCHEMA_BRANCHES_ALL},
                                none = {.branches = SCHEMA_BRANCHES_NONE},
                                first = {.first = true, .branches = SCHEMA_BRANCHES_NONE};
    RIG rig = {0};
    (void)check(&rig, SCHEMA_2020_12, str_from(schema), STR("1"), &all);
    CHECK_I64(rig.result.count, 3);
    (void)check(&rig, SCHEMA_2020_12, str_from(schema), STR("1"), &none);
    CHECK_I64(rig.result.count, 1);
    (void)check(&rig, SCHEMA_2020_12, STR("{\"required\":[\"a\",\"b\"],\"minProperties\":1}"),
                STR("{}"), &first);
    CHECK_I64(rig.result.count, 1);
}

TEST(test_errors_are_bounded)
{
    RIG rig = {0};
    struct str value = repeat(&rig.mem, "[0", ",0", 5000, "]");
    const struct schema_options few = {.errors = 10};
    CHECK_I64(check(&rig, SCHEMA_2020_12, STR("{\"items\":{\"type\":\"string\"}}"), value, &few),
              SCHEMA_INVALID);
    CHECK_I64(rig.result.count, 10);
    CHECK(rig.result.more);
}

/* --- sets --------------------------------------------------------------------------------------
 */

static const struct tree *load(void *context, struct str uri)
{
    struct arena *mem = context;
    if (str_eq(uri, STR("schemas/pet.yaml")))
        return read_text(mem, STR("Pet: {type: object, properties: {tag: {$ref: '../tag.yaml'}}}"));
    return str_eq(uri, STR("tag.yaml")) ? read_text(mem, STR("type: string")) : NULL;
}

TEST(test_files_refer_to_each_other_by_path)
{
    RIG rig = {0};
    const struct schema_settings settings = {
        .dialect = SCHEMA_2020_12, .loader = {load, &rig.mem}
    };
    struct tree *doc =
        read_text(&rig.mem, STR("components: {schemas: {P: {$ref: 'schemas/pet.yaml#/Pet'}}}"));
    struct err err = {0};
    rig.set = schema_set_new(&rig.mem, &settings);
    CHECK_OK(schema_set_add(rig.set, STR("api.yaml"), doc, SCHEMA_HOLDS_SCHEMAS, &err), &err);
    rig.schema = schema_at(rig.set, doc, tree_at(doc, STR("/components/schemas/P")));
    rig.doc = read_text(&rig.mem, STR("{tag: 1}"));
    CHECK_I64(
        schema_check(rig.set, rig.schema, rig.doc, tree_root(rig.doc), NULL, &rig.mem, &rig.result),
        SCHEMA_INVALID);
    CHECK_STR(told(&rig, 0), STR("/tag must be string"));
    CHECK(schema_referred(rig.set, doc, tree_root(doc), STR("tag.yaml")) != NULL);
    CHECK(schema_referred(rig.set, doc, tree_root(doc), STR("none.yaml")) == NULL);
}

TEST(test_uris_are_resolved_as_rfc_3986_shows)
{
    static const struct {
        const char *base, *reference, *want;
    } cases[] = {
        {"http://a/b/c/d;p?q", "g",            "http://a/b/c/g"      },
        {"http://a/b/c/d;p?q", "./g",          "http://a/b/c/g"      },
        {"http://a/b/c/d;p?q", "g/",           "http://a/b/c/g/"     },
        {"http://a/b/c/d;p?q", "/g",           "http://a/g"          },
        {"http://a/b/c/d;p?q", "//g",          "http://g"            },
        {"http://a/b/c/d;p?q", "?y",           "http://a/b/c/d;p?y"  },
        {"http://a/b/c/d;p?q", "#s",           "http://a/b/c/d;p?q#s"},
        {"http://a/b/c/d;p?q", "",             "http://a/b/c/d;p?q"  },
        {"http://a/b/c/d;p?q", ".",            "http://a/b/c/"       },
        {"http://a/b/c/d;p?q", "..",           "http://a/b/"         },
        {"http://a/b/c/d;p?q", "../g",         "http://a/b/g"        },
        {"http://a/b/c/d;p?q", "../..",        "http://a/"           },
        {"http://a/b/c/d;p?q", "../../g",      "http://a/g"          },
        {"http://a/b/c/d;p?q", "../../../g",   "http://a/g"          },
        {"http://a/b/c/d;p?q", "/./g",         "http://a/g"          },
        {"http://a/b/c/d;p?q", "g;x=1/../y",   "http://a/b/c/y"      },
        {"http://a",           "g",            "http://a/g"          },
        {"urn:uuid:1",         "#a",           "urn:uuid:1#a"        },
        {"dir/api.yaml",       "../x.yaml#/a", "x.yaml#/a"           },
        {"",                   "a/b.json",     "a/b.json"            },
    };
    CLEANUP(arena_clear) struct arena mem = {0};
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        CHECK_STR(uri_resolve(str_from(cases[i].base), str_from(cases[i].reference), &mem),
                  str_from(cases[i].want));
}
