/* Upload spool: O_TMPFILE where the file system has it, else a file unlinked at once. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "portal/http/spool.h"

#define NAME_PREFIX "chancery-upload-"

/* For file systems without O_TMPFILE; a kill between the two calls leaves what spool_sweep takes.
 */
static int open_and_unlink(const char *directory)
{
    char path[512];
    int len = snprintf(path, sizeof(path), "%s/" NAME_PREFIX "XXXXXX", directory);
    if (len < 0 || (size_t)len >= sizeof(path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        unlink(path);
    return fd;
}

bool spool_open(const char *directory, struct spool *out, struct err *err)
{
    int fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL))
        fd = open_and_unlink(directory);
    if (fd < 0)
        return fail(err, ERR_IO, "spool_dir", "cannot make a file for an upload: %s",
                    strerror(errno));
    *out = (struct spool){.fd = fd, .open = true};
    return true;
}

bool spool_add(struct spool *spool, struct str bytes, size_t limit_bytes, struct err *err)
{
    if (bytes.len > limit_bytes || spool->size_bytes > limit_bytes - bytes.len)
        return fail(err, ERR_LIMIT, "body", "is larger than %zu bytes", limit_bytes);
    while (bytes.len > 0) {
        ssize_t written = write(spool->fd, bytes.ptr, bytes.len);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return fail(err, ERR_IO, "spool_dir", "cannot keep an upload: %s", strerror(errno));
        spool->size_bytes += (size_t)written;
        bytes = str_sub(bytes, (size_t)written, bytes.len);
    }
    return true;
}

struct str spool_path(const struct spool *spool, struct arena *mem)
{
    return arena_printf(mem, "/proc/self/fd/%d", spool->fd);
}

void spool_close(struct spool *spool)
{
    if (spool->open)
        close(spool->fd);
    *spool = (struct spool){0};
}

void spool_sweep(const char *directory)
{
    DIR *dir = opendir(directory);
    if (dir == NULL)
        return;
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir))
        if (strncmp(entry->d_name, NAME_PREFIX, strlen(NAME_PREFIX)) == 0)
            unlinkat(dirfd(dir), entry->d_name, 0);
    closedir(dir);
}
