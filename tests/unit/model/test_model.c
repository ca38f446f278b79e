/* model: field tables, bodies into rows and back, names, lists, lifecycles. */
#include "catalog/model/model.h"
#include "tests/unit/test.h"

#define RECORD_ROW(name, noun, table, fields) &record_##name,
static const struct record *const records[] = {RECORDS(RECORD_ROW)};

static struct json *json_of(const char *text, struct arena *mem)
{
    struct json *root = NULL;
    struct err err = {0};
    CHECK_OK(json_parse(str_from(text), mem, &root, &err), &err);
    return root;
}

static struct str written(const struct record *record, const void *row, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf out = {0};
    struct json_writer w = {.out = &out};
    record_write(&w, record, row);
    return arena_str(mem, buf_str(&out));
}

TEST(test_field_tables_lie_inside_their_structs_in_order)
{
    for (size_t i = 0; i < COUNT_OF(records); i++) {
        size_t end = 0;
        for (size_t k = 0; k < records[i]->field_count; k++) {
            const struct field *f = &records[i]->fields[k];
            CHECK(f->offset >= end && f->offset < records[i]->size);
            end = f->offset + 1;
            CHECK((f->type == FIELD_ENUM) == (f->names != NULL));
            CHECK(((f->flags & FIELD_JOINED) != 0) == (f->sql != NULL));
            CHECK(record_field(records[i], str_from(f->name)) == f); /* names are unique */
        }
    }
}

TEST(test_records_are_called_by_words_not_by_identifiers)
{
    for (size_t i = 0; i < COUNT_OF(records); i++)
        CHECK(records[i]->noun[0] != '\0' && strchr(records[i]->noun, '_') == NULL);
    CHECK_STR(str_from(record_api.noun), STR("API"));
    CHECK_STR(str_from(record_gate_rule.noun), STR("gate rule"));
}

TEST(test_hidden_fields_are_never_written)
{
    for (size_t i = 0; i < COUNT_OF(records); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        char *row = arena_alloc(&mem, records[i]->size);
        for (size_t k = 0; k < records[i]->field_count; k++) {
            const struct field *f = &records[i]->fields[k];
            if ((f->flags & FIELD_HIDDEN) && (f->type == FIELD_TEXT || f->type == FIELD_BYTES))
                *(struct str *)(void *)(row + f->offset) = STR("canary");
        }
        CHECK(str_find(written(records[i], row, &mem), STR("canary")) == SIZE_MAX);
    }
}

TEST(test_bodies_that_do_not_fit_are_refused_at_their_place)
{
    static const struct {
        const struct record *record;
        bool creating;
        const char *body, *where, *hint;
    } cases[] = {
        {&record_api,  true,  "[]",                                        "",               NULL        },
        {&record_api,  true,  "{}",                                        "/slug",          NULL        },
        {&record_api,  true,  "{\"slug\":\"a\",\"name\":\"A\"}",           "/team",          NULL        },
        {&record_api,  true,  "{\"slug\":\"A\"}",                          "/slug",          "lower-case"},
        {&record_api,  true,  "{\"slug\":\"1a\"}",                         "/slug",          "lower-case"},
        {&record_api,  true,  "{\"slug\":null}",                           "/slug",          NULL        },
        {&record_api,  true,  "{\"slug\":7}",                              "/slug",          NULL        },
        {&record_api,  true,  "{\"nmae\":\"x\"}",                          "/nmae",          "name"      },
        {&record_api,  true,  "{\"sumary\":\"x\"}",                        "/sumary",        "summary"   },
        {&record_api,  true,  "{\"a/b~c\":1}",                             "/a~1b~0c",       NULL        },
        {&record_api,  true,  "{\"id\":\"x\"}",                            "/id",            NULL        },
        {&record_api,  true,  "{\"etag\":1}",                              "/etag",          NULL        },
        {&record_api,  true,  "{\"team_id\":1}",                           "/team_id",       NULL        },
        {&record_api,  true,  "{\"created_at\":\"2026-01-01T00:00:00Z\"}", "/created_at",    NULL        },
        {&record_api,  true,  "{\"visibility\":\"secret\"}",               "/visibility",
         "internal, public, privat"                                                                      },
        {&record_api,  true,  "{\"tags\":\"a\"}",                          "/tags",          NULL        },
        {&record_api,  true,  "{\"tags\":[\"a\",1]}",                      "/tags/1",        NULL        },
        {&record_api,  true,  "{\"tags\":[\"a\\u0007\"]}",                 "/tags/0",        NULL        },
        {&record_api,  true,  "{\"tier\":6}",                              "/tier",          NULL        },
        {&record_api,  true,  "{\"tier\":-1}",                             "/tier",          NULL        },
        {&record_api,  true,  "{\"tier\":1.5}",                            "/tier",          NULL        },
        {&record_api,  true,  "{\"name\":\"  \"}",                         "/name",          NULL        },
        {&record_api,  true,  "{\"name\":\"a\\u0000b\"}",                  NULL,             NULL        },
        {&record_api,  true,  "{\"name\":\"a\\u001bb\"}",                  "/name",          NULL        },
        {&record_api,  false, "{\"slug\":\"other\"}",                      "/slug",          NULL        },
        {&record_user, true,  "{\"disabled\":true}",                       "/disabled",      NULL        },
        {&record_user, false, "{\"password_hash\":\"x\"}",                 "/password_hash", NULL        },
        {&record_user, false, "{\"disabled\":\"yes\"}",                    "/disabled",      NULL        },
        {&record_key,  true,  "{\"not_after\":\"tomorrow\"}",              "/not_after",     "2026-12-31"},
        {&record_key,  true,  "{\"sha256\":\"00\"}",                       "/sha256",        NULL        },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        struct json *body = NULL;
        struct err err = {0};
        void *row = arena_alloc(&mem, cases[i].record->size);
        bool parsed = json_parse(str_from(cases[i].body), &mem, &body, NULL);
        CHECK_I64(parsed, cases[i].where != NULL); /* a NUL does not even get this far */
        if (!parsed)
            continue;
        CHECK(!record_read(cases[i].record, body, cases[i].creating, &mem, row, &err));
        CHECK_I64(err.code, ERR_INVALID);
        CHECK_STR(str_from(err.where), str_from(cases[i].where));
        if (cases[i].hint != NULL)
            CHECK(str_find(str_from(err.hint), str_from(cases[i].hint)) != SIZE_MAX);
    }
}

TEST(test_longest_text_fits_and_one_byte_more_does_not)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    char text[260];
    memset(text, 'x', sizeof(text));
    for (size_t len = 119; len <= 121; len++) {
        struct api row = {0};
        struct err err = {0};
        bool ok =
            record_set(&record_api, STR("name"), (struct str){text, len}, true, &mem, &row, &err);
        CHECK_I64(ok, len <= 120);
    }
    struct api row = {0};
    CHECK(!record_set(&record_api, STR("name"), STR("\xC3\x28"), true, &mem, &row, NULL));
}

TEST(test_a_created_row_reads_back_what_was_sent)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct api row = {0};
    struct err err = {0};
    struct json *body = json_of("{\"slug\":\"pets\",\"name\":\"Pets\",\"team\":\"zoo\","
                                "\"visibility\":\"private\",\"allowed_teams\":[\"a\",\"b\"],"
                                "\"tags\":[\"x \\\"y\\\"\"],\"tier\":3,\"summary\":null}",
                                &mem);
    CHECK_OK(record_read(&record_api, body, true, &mem, &row, &err), &err);
    CHECK_STR(row.slug, STR("pets"));
    CHECK_I64(row.visibility, VISIBILITY_PRIVATE);
    CHECK_STR(row.tags, STR("[\"x \\\"y\\\"\"]"));
    CHECK(row.summary.ptr == NULL);
    struct json *back = json_of(written(&record_api, &row, &mem).ptr, &mem);
    CHECK_STR(json_get_str(back, "visibility"), STR("private"));
    CHECK_I64(json_get(back, "allowed_teams")->count, 2);
    CHECK(json_get(back, "team_id") == NULL);
    CHECK_I64(json_get(back, "created_at")->type, JSON_TYPE_NULL);
}

TEST(test_a_patch_touches_only_what_it_names)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct api row = {.slug = STR("pets"),
                      .name = STR("Pets"),
                      .team = STR("zoo"),
                      .tier = 2,
                      .summary = STR("old"),
                      .access = API_ACCESS_OPEN};
    struct err err = {0};
    CHECK_OK(record_read(&record_api, json_of("{\"summary\":null,\"tier\":4}", &mem), false, &mem,
                         &row, &err),
             &err);
    CHECK(row.summary.ptr == NULL);
    CHECK_I64(row.tier, 4);
    CHECK_STR(row.name, STR("Pets"));
    CHECK_I64(row.access, API_ACCESS_OPEN);
}

TEST(test_form_values_become_typed)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct api api = {0};
    struct user user = {.email = STR("x")};
    struct err err = {0};
    CHECK_OK(record_set(&record_api, STR("tags"), STR(" a, b ,,c"), true, &mem, &api, &err), &err);
    CHECK_STR(api.tags, STR("[\"a\",\"b\",\"c\"]"));
    CHECK_OK(record_set(&record_api, STR("tier"), STR("3"), true, &mem, &api, &err), &err);
    CHECK_I64(api.tier, 3);
    CHECK(!record_set(&record_api, STR("tier"), STR("three"), true, &mem, &api, &err));
    CHECK_STR(str_from(err.where), STR("/tier"));
    CHECK_OK(record_set(&record_user, STR("email"), STR(""), false, &mem, &user, &err), &err);
    CHECK(user.email.ptr == NULL);
    CHECK_OK(record_set(&record_user, STR("disabled"), STR("true"), false, &mem, &user, &err),
             &err);
    CHECK(user.disabled);
    CHECK_STR(record_text(&record_api, "tags", &api, &mem), STR("a, b, c"));
    CHECK_STR(record_text(&record_api, "visibility", &api, &mem), STR("internal"));
    CHECK_STR(record_text(&record_api, "created_at", &api, &mem), STR(""));
    CHECK_STR(record_text(&record_user, "disabled", &user, &mem), STR("yes"));
}

TEST(test_slugs_and_labels)
{
    static const struct {
        const char *text;
        bool slug, label;
    } cases[] = {
        {"a",        true,  true },
        {"a-1",      true,  true },
        {"v1",       true,  true },
        {"1",        false, true },
        {"2026-10",  false, true },
        {"v1.2_3",   false, true },
        {"A",        false, true },
        {"",         false, false},
        {"-a",       false, false},
        {".a",       false, false},
        {"a b",      false, false},
        {"a/b",      false, false},
        {"\xC3\xA9", false, false},
    };
    char longest[64];
    memset(longest, 'a', sizeof(longest));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CHECK_I64(slug_valid(str_from(cases[i].text)), cases[i].slug);
        CHECK_I64(label_valid(str_from(cases[i].text)), cases[i].label);
    }
    CHECK(slug_valid((struct str){longest, 63}) && !slug_valid((struct str){longest, 64}));
    CHECK(label_valid((struct str){longest, 32}) && !label_valid((struct str){longest, 33}));
    CHECK(!slug_valid((struct str){"a\0b", 3}) && !label_valid((struct str){"a\0b", 3}));
}

TEST(test_lists_round_trip)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct str in[] = {STR("a,b"), STR("\"q\""), STR("\xC3\xA9")};
    const struct str *back = NULL;
    size_t count = list_read(list_make(in, COUNT_OF(in), &mem), &mem, &back);
    CHECK_I64(count, 3);
    for (size_t i = 0; i < count; i++)
        CHECK_STR(back[i], in[i]);
    CHECK_I64(list_read(STR_NONE, &mem, &back), 0);
    CHECK_I64(list_read(STR("{}"), &mem, &back), 0);
    CHECK_STR(list_make(NULL, 0, &mem), STR("[]"));
}

TEST(test_names_map_both_ways)
{
    static const struct names *const all[] = {
        &names_role,     &names_member_role, &names_visibility, &names_api_access,
        &names_approval, &names_stage,       &names_sub_state,  &names_quota_period};
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        for (int value = 0; value < all[i]->count; value++)
            CHECK_I64(value_of(all[i], str_from(name_of(all[i], value))), value);
        CHECK_I64(value_of(all[i], STR("none of these")), -1);
        CHECK_I64(value_of(all[i], STR_NONE), -1);
        CHECK_STR(str_from(name_of(all[i], all[i]->count)), STR(""));
        CHECK_STR(str_from(name_of(all[i], -1)), STR(""));
    }
}

/* One row a state, one column a follower; x: allowed. */
TEST(test_stages_follow_the_table)
{
    static const char *const want[STAGE_COUNT] = {
        /*                    dr pu de re */
        [STAGE_DRAFT] = ".x.x",
        [STAGE_PUBLISHED] = "..x.",
        [STAGE_DEPRECATED] = ".x.x",
        [STAGE_RETIRED] = "....",
    };
    for (int from = 0; from < STAGE_COUNT; from++)
        for (int to = 0; to < STAGE_COUNT; to++)
            CHECK_I64(stage_may_follow((enum stage)from, (enum stage)to), want[from][to] == 'x');
}

TEST(test_subscription_states_follow_the_table)
{
    static const char *const want[SUB_STATE_COUNT] = {
        /* requested approved suspended expired revoked rejected withdrawn */
        [SUB_REQUESTED] = ".x...xx", [SUB_APPROVED] = "..xxx..", [SUB_SUSPENDED] = ".x.xx..",
        [SUB_EXPIRED] = ".......",   [SUB_REVOKED] = ".......",  [SUB_REJECTED] = ".......",
        [SUB_WITHDRAWN] = ".......",
    };
    for (int from = 0; from < SUB_STATE_COUNT; from++)
        for (int to = 0; to < SUB_STATE_COUNT; to++)
            CHECK_I64(sub_state_may_follow((enum sub_state)from, (enum sub_state)to),
                      want[from][to] == 'x');
}

TEST(test_principals_say_who_and_how)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct principal who = {.name = STR("alice"), .via = VIA_UNIX};
    CHECK_STR(principal_text(&who, &mem), STR("alice via unix"));
    const struct principal script = {
        .name = STR("alice"), .via = VIA_TOKEN, .token = STR("laptop")};
    CHECK_STR(principal_text(&script, &mem), STR("alice via token laptop"));
}
