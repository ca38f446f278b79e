#include <stdlib.h>
#include <unistd.h>

#include "tests/screen/fixture.h"

void fixture_open(struct fixture *f, const struct canned_answer *answers, int rows, int cols,
                  const char *const *environment)
{
    *f = (struct fixture){0};
    (void)snprintf(f->folder, sizeof(f->folder), "/tmp/chy-screen-XXXXXX");
    CHECK(mkdtemp(f->folder) != NULL);
    (void)snprintf(f->socket, sizeof(f->socket), "%s/s", f->folder);
    if (answers != NULL)
        f->server = canned_start(f->socket, answers);
    char program[] = CHANCERY_BINARY, option[] = "--socket";
    char *const words[] = {program, option, f->socket, NULL};
    f->terminal = terminal_start(rows, cols, environment, words);
    CHECK(f->terminal != NULL);
}

void fixture_close(struct fixture *f)
{
    terminal_free(f->terminal);
    canned_stop(f->server);
    (void)unlink(f->socket);
    (void)rmdir(f->folder);
}

void fixture_type(struct fixture *f, const char *keys)
{
    terminal_type(f->terminal, str_from(keys));
}

void fixture_key(struct fixture *f, const char *name)
{
    CHECK(terminal_key(f->terminal, str_from(name)));
}

bool fixture_shows(struct fixture *f, const char *text)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    if (terminal_wait(f->terminal, text, WAIT_MS) >= 0)
        return true;
    printf("\nnot shown: %s\n" STR_FMT "\n", text, STR_ARG(terminal_screen(f->terminal, &mem)));
    return false;
}

static void accept_golden(struct str path, struct str screen)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct err err = {0};
    CHECK_OK(file_replace(arena_printf(&mem, "%s/" STR_FMT, TEST_DATA, STR_ARG(path)).ptr, screen,
                          0644, &err),
             &err);
}

void fixture_golden(struct fixture *f, const char *name)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str path = arena_printf(&mem, "screen/%s", name);
    const char *accept = getenv("CHANCERY_ACCEPT");
    if (accept != NULL && accept[0] == '1') {
        terminal_settle(f->terminal, 1000);
        accept_golden(path, terminal_screen(f->terminal, &mem));
        return;
    }
    struct str want = test_file(&mem, TEST_DATA, path.ptr);
    if (terminal_wait_screen(f->terminal, want, WAIT_MS)) {
        CHECK(true);
        return;
    }
    CHECK_STR(terminal_screen(f->terminal, &mem), want);
    printf("to accept the new screens: CHANCERY_ACCEPT=1 ctest --test-dir build/dev -R "
           "'^screen$'\n");
}
