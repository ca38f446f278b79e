/* The write-ahead log in memory of the process: what was not synced dies with it, as in a power
 * loss. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/crash/shim.h"

static int memory = -1, file = -1;      /* what the program sees; what is on the disk */
static off_t dirty_from, dirty_to = -1; /* not yet on the disk; none: to < from */
static off_t truncate_to = -1;

static void copy(int from, int to, off_t start, off_t end)
{
    static char block[65536];
    while (start < end) {
        size_t want = end - start < (off_t)sizeof(block) ? (size_t)(end - start) : sizeof(block);
        long got = syscall(SYS_pread64, from, block, want, start);
        if (got <= 0)
            return;
        if (syscall(SYS_pwrite64, to, block, got, start) != got)
            __builtin_trap();
        start += got;
    }
}

static void clean(void)
{
    dirty_from = 0;
    dirty_to = -1;
    truncate_to = -1;
}

int memory_open(int fd, bool truncate)
{
    char path[64];
    struct stat info;
    if (memory < 0) {
        memory = memfd_create("wal", MFD_CLOEXEC);
        file = (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 500);
        if (memory < 0 || file < 0 || fstat(fd, &info) != 0)
            __builtin_trap();
        copy(file, memory, 0, info.st_size);
        clean();
    }
    if (truncate)
        memory_truncated(0);
    syscall(SYS_close, fd);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", memory);
    return (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);
}

void memory_wrote(off_t offset, size_t length)
{
    off_t end = offset + (off_t)length;
    if (dirty_to < dirty_from) {
        dirty_from = offset;
        dirty_to = end;
        return;
    }
    dirty_from = offset < dirty_from ? offset : dirty_from;
    dirty_to = end > dirty_to ? end : dirty_to;
}

void memory_truncated(off_t size)
{
    truncate_to = truncate_to < 0 || size < truncate_to ? size : truncate_to;
}

static void flush(void)
{
    if (file < 0)
        return;
    if (truncate_to >= 0 && ftruncate(file, truncate_to) != 0)
        __builtin_trap();
    if (dirty_to > dirty_from)
        copy(memory, file, dirty_from, dirty_to);
    clean();
}

void memory_sync(bool failed)
{
    if (failed)
        clean();
    else if (shim_control->volatiles == VOLATILE_HONEST)
        flush();
}

void memory_before_database_write(void)
{
    if (shim_control->volatiles == VOLATILE_LAZY)
        flush();
}

void memory_forget(void)
{
    if (memory < 0)
        return;
    syscall(SYS_close, memory);
    syscall(SYS_close, file);
    memory = file = -1;
    clean();
}
