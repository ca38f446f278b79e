/* A table and the details of its selected row. */
#include "tests/screen/fixture.h"

static void open_services(struct fixture *f, int rows, int cols)
{
    fixture_open(f, answers_pending, rows, cols, NULL);
    CHECK_SHOWS(f, "on call #parcels");
    CHECK_SHOWS(f, "OPERATION");
}

TEST(test_details_are_hidden_and_shown_by_a_key)
{
    FIXTURE f;
    open_services(&f, 24, 80);
    fixture_type(&f, "s");
    CHECK(terminal_wait_gone(f.terminal, "── invoices", WAIT_MS));
    CHECK(terminal_find(f.terminal, "rooms") >= 0);
    fixture_type(&f, "s");
    CHECK_SHOWS(&f, "── invoices");
}

TEST(test_details_alone_take_the_view_and_escape_brings_the_table_back)
{
    FIXTURE f;
    open_services(&f, 24, 80);
    fixture_type(&f, "z");
    CHECK(terminal_wait_gone(f.terminal, "rooms", WAIT_MS));
    CHECK_I64(terminal_find(f.terminal, "── invoices"), 2);
    fixture_key(&f, "ESC");
    CHECK_SHOWS(&f, "rooms");
    CHECK_I64(terminal_find(f.terminal, "▸ invoices"), 3);
}

TEST(test_focus_lets_keys_scroll_the_details)
{
    FIXTURE f;
    open_services(&f, 24, 80);
    CHECK_SHOWS(&f, " 1-14 of ");
    fixture_key(&f, "TAB");
    fixture_type(&f, "jj");
    CHECK_SHOWS(&f, " 3-16 of ");
    CHECK(terminal_find(f.terminal, "▸ invoices") >= 0);
    fixture_key(&f, "TAB");
    fixture_type(&f, "j");
    CHECK_SHOWS(&f, "▸ parcels");
}

TEST(test_part_keys_walk_the_parts)
{
    FIXTURE f;
    fixture_open(&f, answers_pending, 16, 80, NULL);
    CHECK_SHOWS(&f, " 1-6 of ");
    CHECK_SHOWS(&f, "on call #parcels");
    terminal_settle(f.terminal, 300);
    int rule = terminal_find(f.terminal, "── invoices");
    fixture_type(&f, "]");
    CHECK_SHOWS(&f, " 7-12 of ");
    CHECK_I64(terminal_find(f.terminal, " VERSION"), rule + 1);
    fixture_type(&f, "]");
    CHECK_SHOWS(&f, " 11-16 of ");
    CHECK_I64(terminal_find(f.terminal, " OPERATION"), rule + 1);
    fixture_type(&f, "[");
    CHECK_SHOWS(&f, " 7-12 of ");
}

TEST(test_size_keys_move_the_border)
{
    FIXTURE f;
    open_services(&f, 30, 80);
    int before = terminal_find(f.terminal, "── invoices");
    fixture_type(&f, "{");
    CHECK_SHOWS(&f, " 1-18 of ");
    CHECK_I64(terminal_find(f.terminal, "── invoices"), before + 2);
    fixture_type(&f, "}");
    CHECK(terminal_wait_gone(f.terminal, " 1-18 of ", WAIT_MS));
    CHECK_I64(terminal_find(f.terminal, "── invoices"), before);
    fixture_type(&f, "}");
    CHECK_SHOWS(&f, "the details cannot be larger");
}

TEST(test_without_room_a_line_says_so_and_zoom_still_shows_them)
{
    FIXTURE f;
    fixture_open(&f, answers_pending, 12, 60, NULL);
    CHECK_SHOWS(&f, "no room for details here; z shows them alone");
    CHECK_I64(canned_count(f.server, "GET", "/v1/teams"), 0); /* what is not shown is not asked */
    fixture_type(&f, "z");
    CHECK_SHOWS(&f, "on call #parcels");
    terminal_resize(f.terminal, 60, 200);
    fixture_type(&f, "z");
    CHECK_SHOWS(&f, "│── invoices");
}

TEST(test_a_held_key_asks_only_where_it_rests)
{
    FIXTURE f;
    open_services(&f, 24, 80);
    terminal_settle(f.terminal, 300);
    fixture_type(&f, "jj"); /* past parcels */
    CHECK_SHOWS(&f, "── rooms");
    terminal_settle(f.terminal, 300);
    CHECK_I64(canned_count(f.server, "GET", "/v1/apis/parcels/versions"), 0);
    CHECK(canned_count(f.server, "GET", "/v1/apis/rooms/versions") > 0);
}

TEST(test_details_that_cannot_be_had_are_told_and_kept)
{
    FIXTURE f;
    open_services(&f, 40, 120);
    CHECK_SHOWS(&f, "50 per s");
    canned_change(f.server, answers_failing);
    CHECK_SHOWS(&f, "stale ");
    CHECK_SHOWS(&f, "plans are broken");
    CHECK(terminal_find(f.terminal, "50 per s") >= 0);
    canned_change(f.server, answers_pending);
    CHECK(terminal_wait_gone(f.terminal, "plans are broken", WAIT_MS));
}

TEST(test_details_one_may_not_see_are_left_out)
{
    FIXTURE f;
    fixture_open(&f, answers_refusing, 24, 80, NULL);
    CHECK_SHOWS(&f, "VERSION");
    terminal_settle(f.terminal, 300);
    CHECK(terminal_find(f.terminal, "figures are for operators") < 0);
    CHECK(terminal_find(f.terminal, "OPERATION") < 0);
}

TEST(test_a_filter_that_hides_the_row_moves_the_details)
{
    FIXTURE f;
    open_services(&f, 24, 80);
    fixture_type(&f, "/parcels\r");
    CHECK_SHOWS(&f, "── parcels");
}

TEST(test_help_tells_what_the_view_below_it_can_do)
{
    FIXTURE f;
    open_services(&f, 40, 120);
    fixture_type(&f, "?");
    CHECK_SHOWS(&f, ":part-before");
    CHECK(terminal_find(f.terminal, "to the next part of the details [not now") < 0);
    fixture_type(&f, "qs?");
    CHECK_SHOWS(&f,
                "to the next part of the details [not now: the details are hidden; s shows them]");
}
