/* The log of everything that is written below the server, in the order in which it happened. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tests/crash/shim.h"

#define FILES_MOST 4096

static struct {
    ino_t inode;
    uint32_t id;
} known[FILES_MOST];
static size_t known_count;
static int log_fd = -1;

void record_start(const char *path)
{
    if (path != NULL)
        log_fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CLOEXEC);
}

bool recording(void)
{
    return log_fd >= 0 && shim_control != NULL && shim_control->recording != 0;
}

void record_add(enum log_op op, uint32_t id, uint64_t offset, const void *bytes, size_t length)
{
    const struct log_record head = {(uint32_t)op, id, offset, length};
    const struct iovec parts[] = {
        {(void *)(uintptr_t)&head, sizeof(head)},
        {(void *)(uintptr_t)bytes, length      }
    };
    if (syscall(SYS_writev, log_fd, parts, 2) != (long)(sizeof(head) + length))
        __builtin_trap(); /* a log with a hole proves nothing */
    __atomic_fetch_add(&shim_control->log_bytes, sizeof(head) + length, __ATOMIC_RELEASE);
}

uint32_t record_open(int fd, const char *path, bool created)
{
    struct stat info = {0};
    (void)fstat(fd, &info);
    for (size_t i = 0; i < known_count; i++)
        if (known[i].inode == info.st_ino && known[i].id != 0)
            return known[i].id;
    uint32_t id = ++shim_control->next_id;
    record_add(created ? LOG_CREATE : LOG_OPEN, id, 0, path, strlen(path));
    if (known_count == FILES_MOST)
        __builtin_trap();
    known[known_count].inode = info.st_ino;
    known[known_count++].id = id;
    return id;
}

/* The name is about to go; its inode's number may come back as another file's. */
void record_forget(const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return;
    for (size_t i = 0; i < known_count; i++)
        if (known[i].inode == info.st_ino)
            known[i].id = 0;
}
