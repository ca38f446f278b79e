/* view: the action table as a whole, and numbers for people. */
#include <math.h>

#include "tests/unit/test.h"
#include "tui/view/ui.h"

TEST(test_actions_are_documented_and_named_once)
{
    size_t count;
    const struct action *actions = actions_all(&count);
    for (size_t i = 0; i < count; i++) {
        CHECK(actions[i].name[0] != '\0' && actions[i].help[0] != '\0' && actions[i].run != NULL);
        CHECK(!(actions[i].flags & ACTION_HINT) || actions[i].hint[0] != '\0');
        for (size_t k = i + 1; k < count; k++)
            CHECK(strcmp(actions[i].name, actions[k].name) != 0);
    }
}

static bool share_a_view(const struct action *a, const struct action *b)
{
    for (int kind = 0; kind < VIEW_KIND_COUNT; kind++)
        if (action_applies(a, (enum view_kind)kind) && action_applies(b, (enum view_kind)kind))
            return true;
    return false;
}

static bool has(const struct action *action, uint32_t code)
{
    struct str rest = str_from(action->keys), name;
    while (str_split(&rest, ' ', &name))
        if (term_key_parse(name) == code)
            return true;
    return false;
}

TEST(test_keys_are_known_and_clash_in_no_view)
{
    size_t count;
    const struct action *actions = actions_all(&count);
    for (size_t i = 0; i < count; i++) {
        struct str rest = str_from(actions[i].keys), name;
        while (str_split(&rest, ' ', &name)) {
            uint32_t code = term_key_parse(name);
            CHECK(code != 0);
            for (size_t k = i + 1; k < count; k++)
                CHECK(!has(&actions[k], code) || !share_a_view(&actions[i], &actions[k]));
        }
    }
}

TEST(test_changes_ask_first_and_have_capital_keys)
{
    size_t count, changes = 0;
    const struct action *actions = actions_all(&count);
    for (size_t i = 0; i < count; i++) {
        CHECK(!has(&actions[i], 'h') && !has(&actions[i], 'l'));
        if (!(actions[i].flags & ACTION_MUTATES))
            continue;
        changes++;
        CHECK((actions[i].flags & ACTION_CONFIRM) && actions[i].disabled != NULL);
        CHECK(actions[i].keys[0] >= 'A' && actions[i].keys[0] <= 'Z' && actions[i].keys[1] == '\0');
    }
    CHECK_I64(changes, 4);
}

TEST(test_figures_are_short_and_unknown_is_a_dash)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const double none = (double)NAN;
    CHECK_STR(figure_rps(&mem, none), STR("-"));
    CHECK_STR(figure_rps(&mem, 0), STR("0.0"));
    CHECK_STR(figure_rps(&mem, 999.94), STR("999.9"));
    CHECK_STR(figure_rps(&mem, 1042), STR("1.04k"));
    CHECK_STR(figure_rps(&mem, 2.5e6), STR("2.50M"));
    CHECK_STR(figure_percent(&mem, 1, 8), STR("12.5%"));
    CHECK_STR(figure_percent(&mem, 0, 0), STR("-"));
    CHECK_STR(figure_percent(&mem, none, 5), STR("-"));
    CHECK_STR(figure_ms(&mem, none), STR("-"));
    CHECK_STR(figure_ms(&mem, 1.25), STR("1.2"));
    CHECK_STR(figure_ms(&mem, 88), STR("88"));
    CHECK_STR(figure_ms(&mem, 1900), STR("1.9s"));
    CHECK_STR(figure_count(&mem, 90000), STR("90000"));
}

TEST(test_ages_have_two_units_at_most)
{
    static const struct {
        int64_t ms;
        const char *want;
    } cases[] = {
        {-5,        "0s"   },
        {59999,     "59s"  },
        {60000,     "1m"   },
        {3599999,   "59m"  },
        {3600000,   "1h"   },
        {86399999,  "23h"  },
        {86400000,  "1d00h"},
        {187200000, "2d04h"}
    };
    CLEANUP(arena_clear) struct arena mem = {0};
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        CHECK_STR(figure_age(&mem, cases[i].ms), str_from(cases[i].want));
}

TEST(test_times_of_today_are_clocks_and_others_dates)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    int64_t now_ms = 0;
    CHECK(time_parse(STR("2026-11-24T12:04:31Z"), &now_ms));
    CHECK_I64(figure_when(&mem, now_ms, STR("2026-11-24T12:00:00.000Z")).len, 8);
    CHECK_STR(figure_when(&mem, now_ms, STR("2026-03-02T12:00:00.000Z")), STR("2026-03-02"));
    CHECK_STR(figure_when(&mem, now_ms, STR("soon")), STR("soon"));
    CHECK_I64(figure_when(&mem, now_ms, STR_NONE).len, 0);
}

TEST(test_lookup_finds_all_rows_of_a_text_in_their_order)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct json *list = NULL;
    struct err err = {0};
    struct lookup lookup;
    size_t count;
    CHECK_OK(
        json_parse(
            STR("[{\"a\":\"x\",\"n\":1},{\"a\":\"b\",\"n\":2},{\"n\":3},{\"a\":\"x\",\"n\":4}]"),
            &mem, &list, &err),
        &err);
    lookup_make(&lookup, list->child, "a", &mem);
    const struct lookup_row *rows = lookup_find(&lookup, STR("x"), &count);
    CHECK_I64(count, 2);
    CHECK_I64(json_get_i64(rows[0].row, "n", 0), 1);
    CHECK_I64(json_get_i64(rows[1].row, "n", 0), 4);
    (void)lookup_find(&lookup, STR("c"), &count);
    CHECK_I64(count, 0);
    (void)lookup_find(&lookup, STR("z"), &count);
    CHECK_I64(count, 0);
}

TEST(test_plans_read_as_rate_quota_and_term)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct json *plan = NULL;
    struct err err = {0};
    CHECK_OK(json_parse(STR("{\"rate_count\":6,\"rate_period_s\":60,\"quota_count\":9,"
                            "\"quota_period\":\"day\",\"term_days\":90}"),
                        &mem, &plan, &err),
             &err);
    CHECK_STR(plan_rate(&mem, plan), STR("6 per 60 s"));
    CHECK_STR(plan_quota(&mem, plan), STR("9 per day"));
    CHECK_STR(plan_term(&mem, plan), STR("90 d"));
    CHECK_STR(plan_rate(&mem, NULL), STR(""));
    const struct str words[] = {STR("a"), STR(""), STR("b")};
    CHECK_STR(terms_join(&mem, words, COUNT_OF(words)), STR("a   b"));
}
