/* Whole files: read with a bound, replaced in one step. */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalog/base/base.h"

#define CHUNK_BYTES ((size_t)65536)

static void close_fd(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

bool file_read(const char *path, size_t limit_bytes, struct buf *out, struct err *err)
{
    CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
    size_t start = out->len;
    if (fd < 0)
        return fail(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, path, "cannot open the file: %s",
                    strerror(errno));
    for (;;) {
        char *to = buf_room(out, CHUNK_BYTES);
        if (to == NULL)
            return fail(err, ERR_LIMIT, path, "file exceeds its limit");
        ssize_t got = read(fd, to, CHUNK_BYTES);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(err, ERR_IO, path, "cannot read the file: %s", strerror(errno));
        if (got == 0)
            return true;
        out->len += (size_t)got;
        if (out->len - start > limit_bytes)
            return fail(err, ERR_LIMIT, path, "file exceeds %zu bytes", limit_bytes);
    }
}

static bool write_all(int fd, struct str bytes)
{
    while (bytes.len > 0) {
        ssize_t put = write(fd, bytes.ptr, bytes.len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        bytes = str_sub(bytes, (size_t)put, bytes.len);
    }
    return true;
}

/* A rename is durable only once its directory is. */
static bool sync_directory(struct arena *mem, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *dir = slash ? str_z(mem, (struct str){path, (size_t)(slash - path) + 1}) : ".";
    CLEANUP(close_fd) int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 && fsync(fd) == 0;
}

bool file_replace(const char *path, struct str bytes, unsigned mode, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const char *beside = arena_printf(&mem, "%s.%ld.new", path, (long)getpid()).ptr;
    CLEANUP(close_fd)
    int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, (mode_t)mode);
    if (fd < 0)
        return fail(err, ERR_IO, beside, "cannot create the file: %s", strerror(errno));
    if (!write_all(fd, bytes) || fsync(fd) != 0 || rename(beside, path) != 0) {
        int failed = errno;
        unlink(beside);
        return fail(err, ERR_IO, path, "cannot write the file: %s", strerror(failed));
    }
    (void)sync_directory(&mem, path);
    return true;
}

void file_tidy(const char *path)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    glob_t left = {0};
    if (glob(arena_printf(&mem, "%s.*.new", path).ptr, GLOB_NOSORT, NULL, &left) == 0)
        for (size_t i = 0; i < left.gl_pathc; i++)
            unlink(left.gl_pathv[i]);
    globfree(&left);
}

/* Some file systems cannot refuse in the same step; what is written there is not shared by several
 * programs at once. */
static bool rename_new(const char *from, const char *to)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    if (access(to, F_OK) != 0)
        return rename(from, to) == 0;
    errno = EEXIST;
    return false;
}

bool file_publish(const char *made, const char *path, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(close_fd) int fd = open(made, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0)
        return fail(err, ERR_IO, made, "cannot sync the file: %s", strerror(errno));
    if (!rename_new(made, path))
        return errno == EEXIST
                   ? fail(err, ERR_CONFLICT, path, "the file exists")
                   : fail(err, ERR_IO, path, "cannot name the file: %s", strerror(errno));
    if (sync_directory(&mem, path))
        return true;
    (void)fail(err, ERR_IO, path, "cannot sync the directory: %s", strerror(errno));
    unlink(path); /* what is told as failed leaves nothing */
    return false;
}
