/* widget: how a table and its details share the screen, and lines in a pager. */
#include "tests/unit/test.h"
#include "tui/widget/widget.h"

static struct split_areas lay_out(enum split_wish wish, int rows, int cols, int table_cols,
                                  int table_rows)
{
    const struct split split = {.wish = wish};
    struct split_areas areas;
    split_lay_out(&split, (struct rect){2, 0, rows, cols}, table_cols, table_rows, &areas);
    return areas;
}

TEST(test_split_stands_below_beside_or_nowhere)
{
    static const struct {
        int rows, cols, table_cols, table_rows;
        enum split_place place;
        bool too_small;
    } cases[] = {
        {20, 80,  77,  100, SPLIT_BELOW,  false},
        {26, 100, 90,  4,   SPLIT_BELOW,  false},
        {56, 200, 96,  100, SPLIT_BESIDE, false},
        {56, 200, 160, 100, SPLIT_BELOW,  false},
        {11, 80,  77,  100, SPLIT_BELOW,  false},
        {10, 80,  77,  100, SPLIT_NONE,   true },
        {3,  20,  40,  3,   SPLIT_NONE,   true },
        {20, 39,  30,  3,   SPLIT_NONE,   true },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct split_areas a = lay_out(SPLIT_SHOW, cases[i].rows, cases[i].cols,
                                       cases[i].table_cols, cases[i].table_rows);
        CHECK_I64(a.place, cases[i].place);
        CHECK_I64(a.too_small, cases[i].too_small);
        a = lay_out(SPLIT_HIDE, cases[i].rows, cases[i].cols, 50, 9);
        CHECK(a.place == SPLIT_NONE && !a.too_small && a.table.rows == cases[i].rows);
        a = lay_out(SPLIT_ALONE, cases[i].rows, cases[i].cols, 50, 9);
        CHECK(a.place == SPLIT_ONLY && a.pane.rows == cases[i].rows);
    }
}

TEST(test_split_shares_every_size_without_a_gap)
{
    for (int rows = 11; rows < 80; rows++)
        for (int cols = 40; cols < 260; cols += 7)
            for (int more = -60; more <= 60; more += 20) {
                const struct split split = {.more_rows = more, .more_cols = more};
                struct split_areas a;
                split_lay_out(&split, (struct rect){2, 0, rows, cols}, 90, 30, &a);
                bool beside = a.place == SPLIT_BESIDE;
                CHECK(a.place != SPLIT_NONE);
                CHECK(beside ? a.table.cols + 1 + a.pane.cols == cols && a.pane.col > a.table.cols
                             : a.table.rows + a.pane.rows == rows && a.table.rows >= 5);
                CHECK(a.pane.cols >= 40 && a.pane.rows >= 6);
            }
}

TEST(test_split_gives_rows_that_the_table_does_not_need)
{
    CHECK_I64(lay_out(SPLIT_SHOW, 20, 80, 77, 100).pane.rows, 9);
    CHECK_I64(lay_out(SPLIT_SHOW, 20, 80, 77, 4).pane.rows, 15);
}

TEST(test_split_resizes_to_its_bounds)
{
    struct split split = {0};
    struct split_areas areas;
    const struct rect place = {2, 0, 20, 80};
    int steps = 0;
    split_lay_out(&split, place, 77, 100, &areas);
    while (split_resize(&split, &areas, true) && steps++ < 50)
        split_lay_out(&split, place, 77, 100, &areas);
    CHECK_I64(areas.table.rows, 5);
    while (split_resize(&split, &areas, false) && steps++ < 50)
        split_lay_out(&split, place, 77, 100, &areas);
    CHECK_I64(areas.pane.rows, 6);
    CHECK(steps < 50);
}
