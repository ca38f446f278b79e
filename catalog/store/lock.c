/* One process a catalog: the lock file beside it, which also says who holds it and how that stands.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalog/store/store.h"

/* Written by one call and never shortened, so that whoever looks meanwhile reads the old text or
 * the new one. */
#define NOTE_BYTES 512

static const char *lock_path(const char *path, struct arena *mem)
{
    return arena_printf(mem, "%s.lock", path).ptr;
}

void store_lock_note(int fd, struct str state)
{
    char text[NOTE_BYTES];
    memset(text, '\n', sizeof(text));
    int len = snprintf(text, sizeof(text), "%ld\n" STR_FMT, (long)getpid(), STR_ARG(state));
    if (len >= 0 && (size_t)len < sizeof(text))
        text[len] = '\n';
    text[sizeof(text) - 1] = '\n';
    (void)!pwrite(fd, text, sizeof(text), 0); /* only messages would suffer */
}

static void read_note(int fd, struct arena *mem, struct store_holder *out)
{
    char text[NOTE_BYTES];
    ssize_t got = pread(fd, text, sizeof(text), 0);
    struct str rest = {text, got > 0 ? (size_t)got : 0}, pid = STR_NONE, state = STR_NONE;
    (void)str_split(&rest, '\n', &pid);
    (void)str_split(&rest, '\n', &state);
    if (!str_to_i64(str_trim(pid), &out->pid))
        out->pid = 0;
    out->state = arena_str(mem, str_trim(state));
}

static bool held_by_another(int fd, const char *path, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct store_holder holder = {0};
    read_note(fd, &mem, &holder);
    if (holder.pid > 0)
        (void)fail(err, ERR_BUSY, path, "another process has this catalog open: pid %lld",
                   (long long)holder.pid);
    else
        (void)fail(err, ERR_BUSY, path, "another process has this catalog open");
    return err_hint(err, "stop it first");
}

bool store_lock(const char *path, int *fd, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const char *lock = lock_path(path, &mem);
    int opened = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (opened < 0)
        return fail(err, ERR_IO, lock, "cannot make the lock file: %s", strerror(errno));
    if (flock(opened, LOCK_EX | LOCK_NB) != 0) {
        (void)held_by_another(opened, path, err);
        close(opened);
        return false;
    }
    store_lock_note(opened, STR(""));
    *fd = opened;
    return true;
}

bool store_lock_is_of(const char *path, int fd, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct stat passed, here;
    if (fstat(fd, &passed) == 0 && stat(lock_path(path, &mem), &here) == 0 &&
        passed.st_dev == here.st_dev && passed.st_ino == here.st_ino)
        return true;
    (void)fail(err, ERR_CONFLICT, path, "the running process serves another catalog");
    return err_hint(err, "stop it and start anew");
}

bool store_lock_look(const char *path, struct arena *mem, struct store_holder *out, struct err *err)
{
    const char *lock = lock_path(path, mem);
    int fd = open(lock, O_RDONLY | O_CLOEXEC);
    *out = (struct store_holder){.state = STR("")};
    if (fd < 0)
        return errno == ENOENT ||
               fail(err, ERR_IO, lock, "cannot read the lock file: %s", strerror(errno));
    out->held = flock(fd, LOCK_SH | LOCK_NB) != 0;
    read_note(fd, mem, out);
    close(fd);
    return true;
}
