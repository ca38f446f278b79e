/* The terminal: few bytes, every size, and as it was after every way out. */
#include <signal.h>
#include <sys/wait.h>

#include "tests/screen/fixture.h"

static void open_services(struct fixture *f, const struct canned_answer *answers)
{
    fixture_open(f, answers, 24, 80, NULL);
    CHECK_SHOWS(f, "invoices");
}

/* Bytes from the key to its frame's end; the rest of what it causes is read, too. */
static size_t cost_of(struct fixture *f, const char *key, const char *shows)
{
    size_t before = terminal_bytes(f->terminal).len;
    fixture_key(f, key);
    CHECK_SHOWS(f, shows);
    size_t cost = terminal_bytes(f->terminal).len - before;
    terminal_settle(f->terminal, 400);
    return cost;
}

TEST(test_a_cursor_key_costs_150_bytes_at_most)
{
    FIXTURE f;
    open_services(&f, answers_pending);
    CHECK_SHOWS(&f, "v3 +1");
    CHECK_SHOWS(&f, "deprecated");
    fixture_type(&f, "p");
    CHECK_SHOWS(&f, "paused");
    terminal_settle(f.terminal, 400);
    size_t own = cost_of(&f, "DOWN", "▸ parcels");
    CHECK_SHOWS(&f, "── parcels"); /* the details have followed */
    fixture_type(&f, "s");
    CHECK(terminal_wait_gone(f.terminal, "── parcels", WAIT_MS));
    size_t before = terminal_bytes(f.terminal).len;
    (void)cost_of(&f, "DOWN", "▸ rooms");
    size_t alone = terminal_bytes(f.terminal).len - before;
    printf("\n    a cursor key costs %zu bytes, without details %zu in all\n", own, alone);
    CHECK(own <= 150);
    CHECK(alone <= 150);
}

TEST(test_a_paused_console_writes_nothing)
{
    FIXTURE f;
    open_services(&f, answers_pending);
    CHECK_SHOWS(&f, "deprecated");
    fixture_type(&f, "p");
    CHECK_SHOWS(&f, "paused");
    terminal_settle(f.terminal, 400);
    size_t before = terminal_bytes(f.terminal).len;
    int asked = canned_count(f.server, "GET", "/v1/live");
    (void)terminal_pump(f.terminal, 1500);
    CHECK_I64(terminal_bytes(f.terminal).len, before);
    CHECK_I64(canned_count(f.server, "GET", "/v1/live"), asked);
}

TEST(test_resize_storm_ends_in_the_last_size)
{
    static const int sizes[][2] = {
        {24, 80 },
        {10, 40 },
        {2,  10 },
        {1,  1  },
        {60, 200},
        {3,  20 },
        {5,  20 },
        {1,  300},
        {99, 1  },
        {24, 80 },
        {30, 100}
    };
    FIXTURE f;
    open_services(&f, answers_pending);
    for (int round = 0; round < 5; round++)
        for (size_t i = 0; i < COUNT_OF(sizes); i++) {
            terminal_resize(f.terminal, sizes[i][0], sizes[i][1]);
            (void)terminal_pump(f.terminal, 5);
        }
    /* Sizes before the last are drawn, too: the last has been when both stand where they belong. */
    int64_t end = clock_steady_ms() + WAIT_MS;
    while ((terminal_find(f.terminal, "q back") != 28 ||
            terminal_find(f.terminal, "▸ invoices") != 3) &&
           clock_steady_ms() < end)
        (void)terminal_pump(f.terminal, 20);
    CHECK_I64(terminal_find(f.terminal, "q back"), 28);
    CHECK_I64(terminal_find(f.terminal, "▸ invoices"), 3);
}

TEST(test_a_size_that_comes_back_unseen_is_painted_whole)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    FIXTURE f;
    open_services(&f, answers_pending);
    CHECK_SHOWS(&f, "v3 +1");
    CHECK_SHOWS(&f, "403 not_subscribed: 7");
    struct str before = terminal_screen(f.terminal, &mem);
    terminal_signal(f.terminal, SIGSTOP);
    terminal_resize(f.terminal, 3, 20);
    terminal_resize(f.terminal, 24, 80);
    CHECK(terminal_find(f.terminal, "403 not_subscribed: 7") < 0);
    terminal_signal(f.terminal, SIGCONT);
    CHECK(terminal_wait_screen(f.terminal, before, WAIT_MS));
}

static void ends_clean(int number, bool by_signal)
{
    FIXTURE f;
    int status = 0;
    open_services(&f, answers_pending);
    CHECK(!terminal_cooked(f.terminal));
    terminal_signal(f.terminal, number);
    CHECK(terminal_wait_exit(f.terminal, WAIT_MS, &status));
    if (by_signal)
        CHECK(WIFSIGNALED(status) && WTERMSIG(status) == number);
    else
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 128 + number);
    CHECK(terminal_cooked(f.terminal));
    CHECK(!terminal_alternate(f.terminal));
    CHECK(str_find(terminal_bytes(f.terminal), STR("\033[?1049l")) != SIZE_MAX);
    CHECK(str_find(terminal_bytes(f.terminal), STR("\033[?2004l")) != SIZE_MAX);
}

TEST(test_terminal_is_restored_after_term)
{
    ends_clean(SIGTERM, false);
}
TEST(test_terminal_is_restored_after_int)
{
    ends_clean(SIGINT, false);
}
TEST(test_terminal_is_restored_after_hup)
{
    ends_clean(SIGHUP, false);
}
TEST(test_terminal_is_restored_after_quit)
{
    ends_clean(SIGQUIT, false);
}
TEST(test_terminal_is_restored_after_segv)
{
    ends_clean(SIGSEGV, true);
}
TEST(test_terminal_is_restored_after_abrt)
{
    ends_clean(SIGABRT, true);
}
TEST(test_terminal_is_restored_after_bus)
{
    ends_clean(SIGBUS, true);
}

TEST(test_quit_keys_leave_a_cooked_terminal)
{
    static const char *const keys[] = {"q", "Q", "\003", ":quit\r"};
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        FIXTURE f;
        int status = -1;
        open_services(&f, answers_pending);
        fixture_type(&f, keys[i]);
        CHECK(terminal_wait_exit(f.terminal, WAIT_MS, &status));
        CHECK_I64(status, 0);
        CHECK(terminal_cooked(f.terminal));
        CHECK(!terminal_alternate(f.terminal));
    }
}

TEST(test_a_lost_terminal_ends_the_program)
{
    FIXTURE f;
    int status = 0;
    open_services(&f, answers_pending);
    terminal_hang_up(f.terminal);
    CHECK(terminal_wait_exit(f.terminal, 3000, &status));
}

/* As in `sudo su`: another session, so that no SIGHUP comes. */
TEST(test_a_terminal_that_goes_without_a_signal_ends_the_program)
{
    FIXTURE f;
    int status = 0;
    char shell[] = "/bin/sh", option[] = "-c", program[400];
    open_services(&f, answers_pending);
    terminal_free(f.terminal);
    (void)snprintf(program, sizeof(program),
                   "trap '' HUP; setsid -w timeout --foreground -s KILL 20 %s --socket %s; exit 7",
                   CHANCERY_BINARY, f.socket);
    char *const words[] = {shell, option, program, NULL};
    f.terminal = terminal_start(24, 80, NULL, words);
    CHECK_SHOWS(&f, "invoices");
    terminal_hang_up(f.terminal);
    CHECK(terminal_wait_exit(f.terminal, 5000, &status));
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7);
}

TEST(test_a_silent_server_does_not_stop_keys)
{
    FIXTURE f;
    int status = -1;
    fixture_open(&f, answers_silent, 24, 80, NULL);
    CHECK_SHOWS(&f, "loading");
    fixture_type(&f, "?");
    CHECK_SHOWS(&f, ":details");
    fixture_type(&f, "qQ");
    CHECK(terminal_wait_exit(f.terminal, 3000, &status)); /* requests under way are cut */
    CHECK_I64(status, 0);
}

TEST(test_suspending_gives_the_terminal_back_and_takes_it_again)
{
    FIXTURE f;
    open_services(&f, answers_pending);
    fixture_key(&f, "^Z");
    /* The program leads its own session here, where a stop has no effect: it comes straight back.
     */
    terminal_settle(f.terminal, 300);
    struct str bytes = terminal_bytes(f.terminal);
    size_t away = str_find(bytes, STR("\033[?1049l"));
    CHECK(away != SIZE_MAX);
    CHECK(str_find(str_sub(bytes, away, bytes.len), STR("\033[?1049h")) != SIZE_MAX);
    CHECK_SHOWS(&f, "▸ invoices");
    CHECK(!terminal_cooked(f.terminal));
}
