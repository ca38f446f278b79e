/* What is seen: whole screens as golden files, the rest as single statements. */
#include "tests/screen/fixture.h"

static void open_services(struct fixture *f, int rows, int cols)
{
    fixture_open(f, answers_pending, rows, cols, NULL);
    CHECK_SHOWS(f, "1.04k");
    CHECK_SHOWS(f, "rooms");
    CHECK_SHOWS(f, "local-admin");
}

/* All that the details of invoices ask for, but for what stands below the screen's end. */
static void services_loaded(struct fixture *f)
{
    CHECK_SHOWS(f, "deprecated");
    CHECK_SHOWS(f, "on call #parcels");
    CHECK_SHOWS(f, "403 not_subscribed: 7");
    CHECK_SHOWS(f, "https://apis.example.com/apis/invoices");
}

TEST(test_services_at_100x30)
{
    FIXTURE f;
    open_services(&f, 30, 100);
    CHECK_SHOWS(&f, "v3 +1");
    services_loaded(&f);
    fixture_golden(&f, "services-100x30.txt");
    CHECK(terminal_alternate(f.terminal));
}

TEST(test_services_at_80x24_drop_columns)
{
    FIXTURE f;
    open_services(&f, 24, 80);
    CHECK_SHOWS(&f, "v3 +1");
    services_loaded(&f);
    fixture_golden(&f, "services-80x24.txt");
}

TEST(test_services_at_200x60_have_details_beside)
{
    FIXTURE f;
    open_services(&f, 60, 200);
    fixture_type(&f, "j");
    CHECK_SHOWS(&f, "│── parcels");
    CHECK_SHOWS(&f, "logistics   logistics@example.com   on call #parcels");
    CHECK_SHOWS(&f, "https://apis.example.com/apis/parcels");
    CHECK_SHOWS(&f, "100000 per month");
    CHECK_SHOWS(&f, "GET /parcels ");
    CHECK_SHOWS(&f, "2d04h");
    fixture_golden(&f, "services-200x60.txt");
}

TEST(test_services_at_20x5_keep_name_and_rate)
{
    FIXTURE f;
    fixture_open(&f, answers_pending, 5, 20, NULL);
    CHECK_SHOWS(&f, "1.04k");
    fixture_golden(&f, "services-20x5.txt");
}

TEST(test_below_20x3_only_a_notice)
{
    FIXTURE f;
    fixture_open(&f, answers_pending, 2, 19, NULL);
    CHECK_SHOWS(&f, "too small");
    terminal_resize(f.terminal, 24, 80);
    CHECK_SHOWS(&f, "invoices");
}

TEST(test_service_detail_has_operations_and_answers)
{
    FIXTURE f;
    open_services(&f, 30, 100);
    fixture_key(&f, "DOWN");
    fixture_key(&f, "ENTER");
    CHECK_SHOWS(&f, "200 ok: 5   403 not_subscribed: 7");
    CHECK_SHOWS(&f, "v1 published");
    CHECK_SHOWS(&f, "logistics");
    CHECK_SHOWS(&f, "GET /parcels ");
    CHECK_SHOWS(&f, "(no operation)");
    fixture_key(&f, "HOME"); /* the cursor keeps its row when figures bring one above it */
    fixture_golden(&f, "service-100x30.txt");
}

TEST(test_requests_at_100x30_show_purpose)
{
    FIXTURE f;
    open_services(&f, 30, 100);
    fixture_type(&f, "3");
    CHECK_SHOWS(&f, "2d04h");
    CHECK_SHOWS(&f, "show parcels in the shop");
    CHECK_SHOWS(&f, "no contract");
    CHECK_SHOWS(&f, "50 per s");
    CHECK_SHOWS(&f, "parcels   published   logistics");
    fixture_golden(&f, "requests-100x30.txt");
}

TEST(test_proxy_out_of_reach_says_so_and_shows_no_zeros)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    FIXTURE f;
    open_services(&f, 24, 80);
    fixture_type(&f, "5");
    CHECK_SHOWS(&f, "edge-2");
    fixture_type(&f, "j");
    CHECK_SHOWS(&f, "connection refused");
    struct str row = terminal_row(f.terminal, terminal_find(f.terminal, "unreachable"), &mem);
    CHECK(str_find(row, STR("0.0")) == SIZE_MAX);
    CHECK(str_find(row, STR(" - ")) != SIZE_MAX);
    CHECK_SHOWS(&f, "unknown cluster billing_v27");
    CHECK_SHOWS(&f, "node id");
    CHECK_SHOWS(&f, "last poll   12s ago");
    fixture_golden(&f, "proxies-80x24.txt");
}

TEST(test_a_rejected_version_is_shown_with_its_reason)
{
    FIXTURE f;
    open_services(&f, 60, 200);
    fixture_type(&f, "5");
    CHECK_SHOWS(&f, "edge-2");
    fixture_type(&f, "j");
    CHECK_SHOWS(&f, "rejected    unknown cluster billing_v27 in route billing-v2");
    CHECK_SHOWS(&f, "routes    r7       11:50:00  r8         r8        11:58:40");
    CHECK_SHOWS(&f, "last poll   12s ago");
    CHECK_SHOWS(&f, "node id");
    CHECK_SHOWS(&f, "last poll   12s ago");
    fixture_golden(&f, "proxies-200x60.txt");
}

TEST(test_figures_that_are_not_there_read_a_dash)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    FIXTURE f;
    fixture_open(&f, answers_no_figures, 24, 80, NULL);
    CHECK_SHOWS(&f, "parcels");
    CHECK(str_ends(terminal_row(f.terminal, 2, &mem), STR("P50  P95  P99")));
    CHECK(str_ends(terminal_row(f.terminal, 3, &mem), STR("-    -    -")));
}

TEST(test_figures_refused_leave_the_list)
{
    FIXTURE f;
    fixture_open(&f, answers_refusing, 24, 80, NULL);
    CHECK_SHOWS(&f, "parcels");
    terminal_settle(f.terminal, 300);
    CHECK(terminal_find(f.terminal, "stale") < 0);
}

TEST(test_cursor_moves_and_reverses_the_name)
{
    FIXTURE f;
    open_services(&f, 24, 80);
    int first = terminal_find(f.terminal, "▸ invoices");
    CHECK(first > 0);
    CHECK(terminal_reverse(f.terminal, first, 3));
    fixture_type(&f, "j");
    CHECK_I64(terminal_wait(f.terminal, "▸ parcels", WAIT_MS), first + 1);
    CHECK(terminal_reverse(f.terminal, first + 1, 3));
    CHECK(!terminal_reverse(f.terminal, first, 3));
    CHECK(!terminal_reverse(f.terminal, first + 1, 20));
}

TEST(test_selection_stays_on_its_row_when_the_order_turns)
{
    FIXTURE f;
    open_services(&f, 24, 80);
    fixture_type(&f, "I");
    CHECK_SHOWS(&f, "NAME ▼");
    int row = terminal_find(f.terminal, "▸ invoices");
    CHECK(row > terminal_find(f.terminal, "rooms"));
}

TEST(test_filter_narrows_and_escape_clears)
{
    FIXTURE f;
    open_services(&f, 24, 80);
    fixture_type(&f, "/owner:log");
    CHECK_SHOWS(&f, "1 of 3 services");
    fixture_key(&f, "ENTER");
    CHECK_SHOWS(&f, "filter: owner:log");
    fixture_key(&f, "ESC");
    CHECK_SHOWS(&f, "3 services");
    fixture_type(&f, "/!state:draft");
    CHECK_SHOWS(&f, "2 of 3 services");
}

TEST(test_help_lists_keys_and_why_not)
{
    FIXTURE f;
    open_services(&f, 40, 100);
    fixture_type(&f, "3");
    CHECK_SHOWS(&f, "2d04h");
    fixture_type(&f, "?");
    CHECK_SHOWS(&f, "only an approved access can be revoked]");
    CHECK_SHOWS(&f, ":approve");
}

TEST(test_command_completes_and_runs)
{
    FIXTURE f;
    open_services(&f, 24, 80);
    fixture_type(&f, ":prox");
    fixture_key(&f, "TAB");
    CHECK_SHOWS(&f, ":proxies");
    fixture_key(&f, "ENTER");
    CHECK_SHOWS(&f, "edge-1");
    fixture_type(&f, ":nonsense");
    fixture_key(&f, "ENTER");
    CHECK_SHOWS(&f, "there is no action \"nonsense\"");
}

TEST(test_hostile_names_reach_the_terminal_harmless)
{
    FIXTURE f;
    fixture_open(&f, answers_hostile, 24, 80, NULL);
    CHECK_SHOWS(&f, "evil�]0;pwn��2J");
    CHECK_SHOWS(&f, "rev�esrever");
    CHECK_SHOWS(&f, "tab new line");
    struct str bytes = terminal_bytes(f.terminal);
    CHECK(str_find(bytes, STR("\033]0;")) == SIZE_MAX);
    CHECK(str_find(bytes, STR("\xE2\x80\xAE")) == SIZE_MAX);
    CHECK(str_find(bytes, STR("\xC2\x9B")) == SIZE_MAX);
    CHECK_I64(terminal_find(f.terminal, "w\xE5\xAE\xBD"
                                        "e\xCC\x81"),
              terminal_find(f.terminal, "tab new line"));
}

TEST(test_long_names_are_cut_only_where_there_is_no_room)
{
    FIXTURE narrow;
    fixture_open(&narrow, answers_long, 24, 80, NULL);
    CHECK_SHOWS(&narrow, "…  published");
    FIXTURE wide;
    fixture_open(&wide, answers_long, 24, 160, NULL);
    CHECK_SHOWS(&wide, "P99  │"); /* beside the details a gap stays */
    fixture_type(&wide, "s");
    CHECK_SHOWS(&wide, LONG_NAME "  logistics");
}

TEST(test_no_color_draws_without_colours)
{
    static const char *const no_color[] = {"NO_COLOR=1", NULL};
    for (int i = 0; i < 2; i++) {
        FIXTURE f;
        fixture_open(&f, answers_pending, 24, 80, i ? no_color : NULL);
        CHECK_SHOWS(&f, "1.04k");
        bool coloured = str_find(terminal_bytes(f.terminal), STR("38;5;")) != SIZE_MAX;
        CHECK_I64(coloured, i == 0);
    }
}

TEST(test_unknown_term_falls_back_with_a_notice)
{
    static const char *const strange[] = {"TERM=no-such-terminal", NULL};
    FIXTURE f;
    fixture_open(&f, answers_pending, 24, 80, strange);
    CHECK_SHOWS(&f, "TERM \"no-such-terminal\" is not known");
    CHECK_SHOWS(&f, "invoices");
}

TEST(test_plain_locale_draws_ascii_only)
{
    static const char *const plain[] = {"LC_ALL=C", NULL};
    FIXTURE f;
    fixture_open(&f, answers_pending, 24, 80, plain);
    CHECK_SHOWS(&f, "> invoices");
    struct str bytes = terminal_bytes(f.terminal);
    size_t beyond = 0;
    for (size_t i = 0; i < bytes.len; i++)
        beyond += (uint8_t)bytes.ptr[i] >= 0x80;
    CHECK_I64(beyond, 0);
}
