/* What is done: decisions, and a server that goes away. */
#include "tests/screen/fixture.h"

static void open_requests(struct fixture *f, const struct canned_answer *answers)
{
    fixture_open(f, answers, 30, 100, NULL);
    CHECK_SHOWS(f, "invoices");
    fixture_type(f, "3");
    CHECK_SHOWS(f, "shop");
}

TEST(test_approve_posts_once_and_shows_the_receipt)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    FIXTURE f;
    open_requests(&f, answers_pending);
    fixture_type(&f, "A");
    CHECK_SHOWS(&f, "Approve shop > parcels?");
    CHECK_I64(canned_count(f.server, "POST", "/"), 0);
    fixture_type(&f, "agreed with \"logistics\"");
    CHECK_SHOWS(&f, "logistics");
    canned_change(f.server, answers_approved);
    terminal_send(f.terminal, STR("\r\r")); /* both before any answer */
    CHECK_SHOWS(&f, "approved shop > parcels: enforced by 1 of 1 gateways after 6 ms");
    CHECK_I64(canned_count(f.server, "POST", "/v1/subscriptions/01abcdefgh001/approve"), 1);
    CHECK_I64(canned_count(f.server, "POST", "/"), 1);
    CHECK_STR(canned_body(f.server, &mem), STR("{\"reason\":\"agreed with \\\"logistics\\\"\"}"));
}

TEST(test_escape_in_the_dialog_changes_nothing)
{
    FIXTURE f;
    open_requests(&f, answers_pending);
    fixture_type(&f, "A");
    CHECK_SHOWS(&f, "Approve shop");
    fixture_key(&f, "ESC");
    CHECK_SHOWS(&f, "nothing was changed");
    CHECK(terminal_wait_gone(f.terminal, "Approve shop", WAIT_MS));
    CHECK_I64(canned_count(f.server, "POST", "/"), 0);
}

TEST(test_reject_requires_a_reason)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    FIXTURE f;
    open_requests(&f, answers_pending);
    fixture_type(&f, "X");
    CHECK_SHOWS(&f, "Reject shop > parcels?");
    fixture_key(&f, "ENTER");
    CHECK_SHOWS(&f, "a reason is required");
    fixture_type(&f, "   ");
    fixture_key(&f, "ENTER");
    CHECK_SHOWS(&f, "a reason is required");
    CHECK_I64(canned_count(f.server, "POST", "/"), 0);
    fixture_type(&f, "no contract");
    fixture_key(&f, "ENTER");
    CHECK_SHOWS(&f, "rejected shop > parcels");
    CHECK_I64(canned_count(f.server, "POST", "/v1/subscriptions/01abcdefgh001/reject"), 1);
    CHECK_STR(canned_body(f.server, &mem), STR("{\"reason\":\"no contract\"}"));
}

TEST(test_revoke_is_for_approved_ones)
{
    FIXTURE f;
    open_requests(&f, answers_pending);
    fixture_type(&f, "R");
    CHECK_SHOWS(&f, "only an approved access can be revoked");
    canned_change(f.server, answers_approved);
    fixture_type(&f, "v");
    CHECK_SHOWS(&f, "1 approved request ");
    fixture_type(&f, "A");
    CHECK_SHOWS(&f, "only a pending request can be decided");
    fixture_type(&f, "R");
    CHECK_SHOWS(&f, "Revoke shop");
    fixture_type(&f, "left");
    fixture_key(&f, "ENTER");
    CHECK_SHOWS(&f, "revoked shop > parcels: enforced by 1 of 1");
    CHECK_I64(canned_count(f.server, "POST", "/v1/subscriptions/01abcdefgh001/revoke"), 1);
}

TEST(test_a_refused_change_is_told_in_the_servers_words)
{
    FIXTURE f;
    open_requests(&f, answers_refusing);
    fixture_type(&f, "A");
    CHECK_SHOWS(&f, "Approve shop");
    fixture_key(&f, "ENTER");
    CHECK_SHOWS(&f, "not approved: only owners of parcels may decide");
}

TEST(test_pasted_text_is_never_a_command)
{
    FIXTURE f;
    open_requests(&f, answers_pending);
    terminal_send(f.terminal, STR("\033[200~A\r\nQ\033[201~"));
    fixture_type(&f, "X");
    CHECK_SHOWS(&f, "Reject shop");
    terminal_send(f.terminal, STR("\033[200~two\r\nlines\r\033[201~"));
    CHECK_SHOWS(&f, "> two  lines");
    CHECK_I64(canned_count(f.server, "POST", "/"), 0);
}

TEST(test_a_column_that_is_none_is_told_with_those_that_are)
{
    FIXTURE f;
    fixture_open(&f, answers_pending, 24, 80, NULL);
    CHECK_SHOWS(&f, "invoices");
    fixture_type(&f, ":sort NOPE");
    fixture_key(&f, "ENTER");
    CHECK_SHOWS(&f,
                "no column \"NOPE\" among name owner ver state ops subs rps 4xx 5xx p50 p95 p99");
    fixture_type(&f, ":sort OWNER");
    fixture_key(&f, "ENTER");
    CHECK_SHOWS(&f, "sort OWNER");
}

TEST(test_detail_shows_one_request_and_its_receipt)
{
    FIXTURE f;
    open_requests(&f, answers_pending);
    fixture_key(&f, "ENTER");
    CHECK_SHOWS(&f, "enforced after 6 ms");
    CHECK_SHOWS(&f, "2026-11-22 08:00:00");
    fixture_type(&f, "A");
    CHECK_SHOWS(&f, "Approve shop");
    fixture_key(&f, "ESC");
    fixture_type(&f, "q");
    CHECK_SHOWS(&f, "2 pending requests");
}

TEST(test_a_server_that_goes_away_leaves_stale_rows_and_comes_back)
{
    FIXTURE f;
    fixture_open(&f, answers_pending, 24, 80, NULL);
    CHECK_SHOWS(&f, "invoices");
    canned_stop(f.server);
    f.server = NULL;
    CHECK_SHOWS(&f, "offline ");
    CHECK_SHOWS(&f, "cannot reach chanceryd");
    CHECK(terminal_find(f.terminal, "invoices") >= 0);
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str title = terminal_row(f.terminal, 0, &mem); /* whose age grows */
    CHECK(terminal_wait_gone(f.terminal, title.ptr, WAIT_MS));
    CHECK_SHOWS(&f, "offline ");
    f.server = canned_start(f.socket, answers_pending);
    CHECK_SHOWS(&f, "live 1s");
    CHECK(terminal_wait_gone(f.terminal, "offline", WAIT_MS));
    CHECK(terminal_wait_gone(f.terminal, "cannot reach", WAIT_MS));
}

TEST(test_without_a_server_the_remedy_is_shown)
{
    FIXTURE f;
    fixture_open(&f, NULL, 24, 80, NULL);
    CHECK_SHOWS(&f, "start it with \"chanceryd serve\"");
    f.server = canned_start(f.socket, answers_pending);
    CHECK_SHOWS(&f, "invoices");
}
