/* widget: order, filter and selection of a table; the line editor; the dialog. */
#include <math.h>

#include "tests/unit/test.h"
#include "tui/widget/widget.h"

static const struct column columns[] = {
    {"name",  "NAME",  20, 0, false},
    {"owner", "OWNER", 20, 1, false},
    {"rps",   "RPS",   8,  2, true },
};

#define T(literal)                        \
    {                                     \
        ("" literal), sizeof(literal) - 1 \
    }
#define NAME(text)                      \
    {                                   \
        T(text), (double)NAN, TONE_TEXT \
    }
#define RATE(text, number)           \
    {                                \
        T(text), (number), TONE_TEXT \
    }
static const struct cell cells[][3] = {
    {NAME("billing"), NAME("team-a"), RATE("5",  5)          },
    {NAME("Catalog"), NAME("team-b"), RATE("-",  (double)NAN)},
    {NAME("orders"),  NAME("team-a"), RATE("40", 40)         },
    {NAME("tax:eu"),  NAME("team-c"), RATE("0",  0)          },
};
static const struct table_row rows[] = {
    {T("b"), cells[0], NULL},
    {T("c"), cells[1], NULL},
    {T("o"), cells[2], NULL},
    {T("t"), cells[3], NULL},
};

static struct str shown(const struct table *t, struct arena *mem)
{
    struct str all = STR("");
    for (size_t i = 0; i < t->shown; i++)
        all = arena_join(mem, all, t->rows[t->order[i]].id);
    return all;
}

TEST(test_table_filter_takes_words_opposites_and_columns)
{
    static const struct {
        const char *terms, *want;
    } cases[] = {
        {"",                  "cbot"},
        {"a",                 "cbot"},
        {"catalog",           "c"   },
        {"CAT",               "c"   },
        {"team-a",            "bo"  },
        {"!team-a",           "ct"  },
        {"team-a 40",         "o"   },
        {"owner:team-a !ord", "b"   },
        {"rps:4",             "o"   },
        {"!owner:team",       ""    },
        {"tax:eu",            "t"   },
        {"nothing",           ""    },
        {"  o   b ",          "c"   },
        {"name:o",            "co"  },
        {"!",                 ""    },
    };
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(table_clear) struct table t;
    table_init(&t, columns, COUNT_OF(columns), 0);
    table_set(&t, rows, COUNT_OF(rows));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        table_filter(&t, str_from(cases[i].terms));
        CHECK_STR(shown(&t, &mem), str_from(cases[i].want));
    }
}

TEST(test_table_numbers_start_with_the_largest_and_unknown_is_last)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(table_clear) struct table t;
    table_init(&t, columns, COUNT_OF(columns), 2);
    table_set(&t, rows, COUNT_OF(rows));
    CHECK_STR(shown(&t, &mem), STR("obtc"));
    table_invert(&t);
    CHECK_STR(shown(&t, &mem), STR("tboc"));
}

TEST(test_table_selection_follows_the_id)
{
    CLEANUP(table_clear) struct table t;
    table_init(&t, columns, COUNT_OF(columns), 0);
    table_set(&t, rows, COUNT_OF(rows));
    table_move(&t, 2);
    CHECK_STR(table_selected(&t)->id, STR("o"));
    table_invert(&t);
    CHECK_STR(table_selected(&t)->id, STR("o"));
    table_set(&t, rows + 1, 3);
    CHECK_STR(table_selected(&t)->id, STR("o"));
    table_set(&t, rows, 2); /* gone: the same place, clamped */
    CHECK(table_selected(&t) != NULL);
    table_move(&t, -INT32_MAX);
    CHECK_I64(t.at, 0);
    table_set(&t, NULL, 0);
    CHECK(table_selected(&t) == NULL);
    table_move(&t, 1);
    CHECK(table_selected(&t) == NULL);
}

static void type(struct line *l, const char *text)
{
    for (; *text != '\0'; text++)
        CHECK(line_key(l, (struct term_key){(uint32_t)*text, false}));
}

TEST(test_line_edits_whole_characters)
{
    static const uint32_t back[] = {TERM_KEY_LEFT, TERM_KEY_LEFT, TERM_KEY_BACKSPACE};
    struct line l;
    line_init(&l, 16);
    type(&l, "ab");
    CHECK(line_key(&l, (struct term_key){0xE9, false})); /* é, two bytes */
    CHECK(line_key(&l, (struct term_key){0x1F600, false}));
    type(&l, "c");
    CHECK_STR(buf_str(&l.text), STR("ab\xC3\xA9\xF0\x9F\x98\x80"
                                    "c"));
    for (size_t i = 0; i < COUNT_OF(back); i++)
        CHECK(line_key(&l, (struct term_key){back[i], false}));
    CHECK_STR(buf_str(&l.text), STR("ab\xF0\x9F\x98\x80"
                                    "c"));
    CHECK(line_key(&l, (struct term_key){TERM_KEY_DELETE, false}));
    CHECK_STR(buf_str(&l.text), STR("abc"));
    CHECK(line_key(&l, (struct term_key){'U' & 0x1F, false}));
    CHECK_STR(buf_str(&l.text), STR("c"));
    CHECK(!line_key(&l, (struct term_key){TERM_KEY_ENTER, false}));
    line_clear(&l);
}

TEST(test_line_keeps_its_limit_and_cuts_words)
{
    struct line l;
    line_init(&l, 8);
    type(&l, "one two three");
    CHECK_STR(buf_str(&l.text), STR("one two "));
    CHECK(line_key(&l, (struct term_key){'W' & 0x1F, false}));
    CHECK_STR(buf_str(&l.text), STR("one "));
    line_clear(&l);
}

TEST(test_dialog_never_takes_pasted_line_ends_as_yes)
{
    struct dialog d = {0};
    dialog_open(&d);
    CHECK_I64(dialog_key(&d, (struct term_key){TERM_KEY_ENTER, true}), DIALOG_OPEN);
    CHECK_I64(dialog_key(&d, (struct term_key){TERM_KEY_ESC, true}), DIALOG_OPEN);
    CHECK_I64(dialog_key(&d, (struct term_key){TERM_KEY_ENTER, false}), DIALOG_YES);
    d.reason_required = true;
    line_set(&d.reason, STR("  "));
    CHECK_I64(dialog_key(&d, (struct term_key){TERM_KEY_ENTER, false}), DIALOG_OPEN);
    CHECK(d.refused);
    CHECK_I64(dialog_key(&d, (struct term_key){TERM_KEY_ESC, false}), DIALOG_NO);
    dialog_close(&d);
}
