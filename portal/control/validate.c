/* Asks Envoy itself whether it would take a configuration: the only place where it says why not. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "portal/control/state.h"

#define LONGEST_MS  20000
#define MOST_OUTPUT ((size_t)65536)

static void close_fd(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

/* Starts envoy with its output on a pipe; returns its end for reading, or -1. */
static int start(const char *envoy, const char *file, pid_t *pid)
{
    static const char *const words[] = {
        "envoy",
        "--mode",
        "validate",
        "--disable-hot-restart",
        "--reject-unknown-dynamic-fields",
        "--log-level",
        "error",
        "--config-path",
    };
    CLEANUP(arena_clear) struct arena mem = {0};
    char *argv[COUNT_OF(words) + 2] = {0};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        argv[i] = str_z(&mem, str_from(words[i]));
    argv[COUNT_OF(words)] = str_z(&mem, str_from(file));
    posix_spawn_file_actions_t actions;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    int failed = posix_spawn(pid, envoy, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (failed == 0)
        return ends[0];
    close(ends[0]);
    return -1;
}

static void read_output(int fd, pid_t pid, struct buf *out)
{
    int64_t end_ms = clock_steady_ms() + LONGEST_MS;
    for (;;) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        int64_t left = end_ms - clock_steady_ms();
        if (left <= 0 || poll(&ready, 1, (int)left) <= 0) {
            kill(pid, SIGKILL);
            return;
        }
        char chunk[4096];
        ssize_t got = read(fd, chunk, sizeof(chunk));
        if (got <= 0)
            return;
        buf_add(out, (struct str){chunk, (size_t)got});
    }
}

/* The last sentence is the reason: "… error: <why>". */
static struct str reason_of(struct str output)
{
    const struct str mark = STR("error: ");
    size_t at;
    while ((at = str_find(output, mark)) != SIZE_MAX)
        output = str_sub(output, at + mark.len, output.len);
    size_t end = str_find_char(output, '\n');
    return str_trim(str_sub(output, 0, end));
}

static bool run(const char *envoy, const char *file, struct err *err)
{
    CLEANUP(buf_clear) struct buf output = {.limit_bytes = MOST_OUTPUT};
    pid_t pid = 0;
    int status = 0;
    CLEANUP(close_fd) int fd = start(envoy, file, &pid);
    if (fd < 0)
        return fail(err, ERR_IO, envoy, "cannot start Envoy to check the configuration: %s",
                    strerror(errno));
    read_output(fd, pid, &output);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    struct str why = reason_of(buf_str(&output));
    return fail(err, ERR_INVALID, "", "Envoy refuses it: " STR_FMT, STR_ARG(why));
}

bool validate_group(const char *envoy, const struct envoy_group *group,
                    const struct envoy_gateway *gateway, struct err *err)
{
    CLEANUP(buf_clear) struct buf bootstrap = {0};
    char file[] = "/tmp/chancery-validate-XXXXXX.json";
    CLEANUP(close_fd) int fd = mkostemps(file, 5, O_CLOEXEC);
    if (fd < 0)
        return fail(err, ERR_IO, file, "cannot create a file: %s", strerror(errno));
    envoy_static(group, gateway, &bootstrap);
    bool ok = write(fd, bootstrap.ptr, bootstrap.len) == (ssize_t)bootstrap.len;
    if (!ok)
        (void)fail(err, ERR_IO, file, "cannot write the file: %s", strerror(errno));
    ok = ok && run(envoy, file, err);
    unlink(file);
    return ok;
}
