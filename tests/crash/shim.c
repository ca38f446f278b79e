/* Preloaded into the real server: its file calls fail on demand, are written down, or lose what was
 * not synced. Calls on files outside $CRASH_ROOT go through untouched. */
#include "tests/crash/shim.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define DESCRIPTORS_MOST 65536
#define PATH_MOST        4096

struct control *shim_control;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *root;
static struct {
    uint32_t file; /* enum crash_file; 0: none of ours */
    uint32_t id;   /* in the log */
} open_files[DESCRIPTORS_MOST];

__attribute__((constructor)) static void start(void)
{
    const char *path = getenv("CRASH_CONTROL");
    root = getenv("CRASH_ROOT");
    if (path == NULL || root == NULL)
        return;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
    void *page = mmap(NULL, CONTROL_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (fd < 0 || page == MAP_FAILED) {
        fprintf(stderr, "shim: cannot map %s\n", path);
        abort();
    }
    syscall(SYS_close, fd);
    record_start(getenv("CRASH_LOG"));
    shim_control = page;
}

/* --- which file ------------------------------------------------------------------------------- */

static bool ends(const char *text, const char *with)
{
    size_t len = strlen(text), tail = strlen(with);
    return len >= tail && memcmp(text + len - tail, with, tail) == 0;
}

static uint32_t file_of(const char *path)
{
    int fd = -1;
    if (shim_control == NULL || path == NULL)
        return 0;
    if (strstr(path, "etilqs_") != NULL)
        return FILE_TEMPORARY;
    if (strncmp(path, "/proc/self/fd/", 14) == 0) {
        fd = (int)strtol(path + 14, NULL, 10);
        return fd >= 0 && fd < DESCRIPTORS_MOST ? open_files[fd].file : 0;
    }
    if (strncmp(path, root, strlen(root)) != 0)
        return 0;
    if (ends(path, "-wal"))
        return FILE_WAL;
    if (ends(path, "-shm"))
        return FILE_SHM;
    if (ends(path, "-journal"))
        return strstr(path, "copy") ? FILE_COPY : FILE_JOURNAL;
    if (strstr(path, "copy") != NULL)
        return FILE_COPY;
    if (strstr(path, "/spool") != NULL)
        return FILE_SPOOL;
    if (ends(path, "/chancery.db"))
        return FILE_DATABASE;
    return FILE_OTHER;
}

static uint32_t file_at(int fd)
{
    return shim_control != NULL && fd >= 0 && fd < DESCRIPTORS_MOST ? open_files[fd].file : 0;
}

static bool logged(uint32_t file)
{
    return file != 0 && (file & (FILE_SHM | FILE_SPOOL | FILE_TEMPORARY)) == 0 && recording();
}

static bool in_memory(uint32_t file)
{
    return file == FILE_WAL && shim_control->volatiles != VOLATILE_NO;
}

/* --- opening and closing ---------------------------------------------------------------------- */

static int opened(int fd, const char *path, int flags, bool was_there, uint32_t file)
{
    struct stat info;
    if (fd < 0 || fd >= DESCRIPTORS_MOST)
        return fd;
    if (fstat(fd, &info) == 0 && S_ISDIR(info.st_mode))
        file = FILE_DIRECTORY;
    if (in_memory(file))
        fd = memory_open(fd, (flags & O_TRUNC) != 0);
    open_files[fd].file = file;
    if (logged(file) && file != FILE_DIRECTORY) {
        open_files[fd].id = record_open(fd, path, !was_there);
        if (was_there && (flags & O_TRUNC))
            record_add(LOG_TRUNCATE, open_files[fd].id, 0, NULL, 0);
    }
    return fd;
}

static int open_with(const char *path, int flags, unsigned mode)
{
    unsigned shape;
    uint32_t file = file_of(path);
    if (file == 0)
        return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    if (fault_strikes(CALL_OPEN, file, &shape))
        return -1;
    pthread_mutex_lock(&lock);
    bool was_there = access(path, F_OK) == 0;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    fd = opened(fd, path, flags, was_there, file);
    pthread_mutex_unlock(&lock);
    return fd;
}

#define MODE_OF(flags, mode)                                         \
    do {                                                             \
        if (((flags)&O_CREAT) || ((flags)&O_TMPFILE) == O_TMPFILE) { \
            va_list rest;                                            \
            va_start(rest, flags);                                   \
            (mode) = va_arg(rest, unsigned);                         \
            va_end(rest);                                            \
        }                                                            \
    } while (0)

int open(const char *path, int flags, ...)
{
    unsigned mode = 0;
    MODE_OF(flags, mode);
    return open_with(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    unsigned mode = 0;
    MODE_OF(flags, mode);
    return open_with(path, flags | O_LARGEFILE, mode);
}

int close(int fd)
{
    if (fd >= 0 && fd < DESCRIPTORS_MOST)
        open_files[fd].file = 0;
    return (int)syscall(SYS_close, fd);
}

/* --- reading and writing ---------------------------------------------------------------------- */

static ssize_t read_at(int fd, void *to, size_t size, off_t offset, bool at)
{
    unsigned shape;
    uint32_t file = file_at(fd);
    if (file != 0 && fault_strikes(CALL_READ, file, &shape))
        return -1;
    return at ? syscall(SYS_pread64, fd, to, size, offset) : syscall(SYS_read, fd, to, size);
}

ssize_t pread(int fd, void *to, size_t size, off_t offset)
{
    return read_at(fd, to, size, offset, true);
}

ssize_t pread64(int fd, void *to, size_t size, off_t offset)
{
    return read_at(fd, to, size, offset, true);
}

ssize_t read(int fd, void *to, size_t size)
{
    return read_at(fd, to, size, 0, false);
}

static ssize_t put(int fd, const void *bytes, size_t size, off_t offset, bool at, uint32_t file)
{
    pthread_mutex_lock(&lock);
    if (!at)
        offset = lseek(fd, 0, SEEK_CUR);
    if (file == FILE_DATABASE)
        memory_before_database_write();
    ssize_t done =
        at ? syscall(SYS_pwrite64, fd, bytes, size, offset) : syscall(SYS_write, fd, bytes, size);
    if (done > 0 && in_memory(file))
        memory_wrote(offset, (size_t)done);
    if (done > 0 && logged(file))
        record_add(LOG_WRITE, open_files[fd].id, (uint64_t)offset, bytes, (size_t)done);
    pthread_mutex_unlock(&lock);
    return done;
}

static ssize_t write_at(int fd, const void *bytes, size_t size, off_t offset, bool at)
{
    unsigned shape;
    uint32_t file = file_at(fd);
    if (file == 0)
        return at ? syscall(SYS_pwrite64, fd, bytes, size, offset)
                  : syscall(SYS_write, fd, bytes, size);
    if (!fault_strikes(CALL_WRITE, file, &shape))
        return put(fd, bytes, size, offset, at, file);
    int error = errno;
    if (shape == SHAPE_LOST)
        return (ssize_t)size;
    if (shape == SHAPE_ERROR)
        return -1;
    ssize_t done = put(fd, bytes, size / 2 + 1, offset, at, file);
    errno = error;
    return shape == SHAPE_SHORT ? done : -1;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
    return write_at(fd, bytes, size, offset, true);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off_t offset)
{
    return write_at(fd, bytes, size, offset, true);
}

ssize_t write(int fd, const void *bytes, size_t size)
{
    return write_at(fd, bytes, size, 0, false);
}

/* --- syncing, cutting ------------------------------------------------------------------------- */

static int sync_with(int fd, long call)
{
    unsigned shape;
    uint32_t file = file_at(fd);
    if (file == 0)
        return (int)syscall(call, fd);
    bool failed = fault_strikes(CALL_SYNC, file, &shape);
    int error = errno;
    pthread_mutex_lock(&lock);
    if (in_memory(file))
        memory_sync(failed);
    if (!failed && file == FILE_DIRECTORY && recording())
        record_add(LOG_SYNC_DIR, 0, 0, NULL, 0);
    else if (!failed && logged(file))
        record_add(LOG_SYNC, open_files[fd].id, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
    errno = error;
    return failed ? -1 : 0; /* nothing of the harness rests on the machine's own power */
}

int fsync(int fd)
{
    return sync_with(fd, SYS_fsync);
}

int fdatasync(int fd)
{
    return sync_with(fd, SYS_fdatasync);
}

static int truncate_with(int fd, off_t size)
{
    unsigned shape;
    uint32_t file = file_at(fd);
    if (file == 0)
        return (int)syscall(SYS_ftruncate, fd, size);
    if (fault_strikes(CALL_TRUNCATE, file, &shape))
        return shape == SHAPE_LOST ? 0 : -1;
    pthread_mutex_lock(&lock);
    int done = (int)syscall(SYS_ftruncate, fd, size);
    if (done == 0 && in_memory(file))
        memory_truncated(size);
    if (done == 0 && logged(file))
        record_add(LOG_TRUNCATE, open_files[fd].id, (uint64_t)size, NULL, 0);
    pthread_mutex_unlock(&lock);
    return done;
}

int ftruncate(int fd, off_t size)
{
    return truncate_with(fd, size);
}

int ftruncate64(int fd, off_t size)
{
    return truncate_with(fd, size);
}

/* --- names ------------------------------------------------------------------------------------ */

static int rename_with(const char *old, const char *new, unsigned flags)
{
    unsigned shape;
    char both[2 * PATH_MOST];
    uint32_t file = file_of(new);
    if (file == 0)
        return (int)syscall(SYS_renameat2, AT_FDCWD, old, AT_FDCWD, new, flags);
    if (fault_strikes(CALL_RENAME, file, &shape))
        return shape == SHAPE_LOST ? 0 : -1;
    pthread_mutex_lock(&lock);
    if (logged(file))
        record_forget(new);
    int done = (int)syscall(SYS_renameat2, AT_FDCWD, old, AT_FDCWD, new, flags);
    size_t from = strlen(old), to = strlen(new);
    if (done == 0 && logged(file) && from < PATH_MOST && to < PATH_MOST) {
        memcpy(both, old, from + 1);
        memcpy(both + from + 1, new, to);
        record_add(LOG_RENAME, 0, 0, both, from + 1 + to);
    }
    pthread_mutex_unlock(&lock);
    return done;
}

int rename(const char *old, const char *new)
{
    return rename_with(old, new, 0);
}

int renameat2(int from, const char *old, int to, const char *new, unsigned flags)
{
    if (from != AT_FDCWD || to != AT_FDCWD)
        return (int)syscall(SYS_renameat2, from, old, to, new, flags);
    return rename_with(old, new, flags);
}

int unlink(const char *path)
{
    unsigned shape;
    uint32_t file = file_of(path);
    if (file == 0)
        return (int)syscall(SYS_unlink, path);
    if (fault_strikes(CALL_UNLINK, file, &shape))
        return -1;
    pthread_mutex_lock(&lock);
    if (logged(file))
        record_forget(path);
    int done = (int)syscall(SYS_unlink, path);
    if (done == 0 && in_memory(file))
        memory_forget();
    if (done == 0 && logged(file))
        record_add(LOG_UNLINK, 0, 0, path, strlen(path));
    pthread_mutex_unlock(&lock);
    return done;
}
