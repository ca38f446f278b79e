/* One datagram to the socket that the service manager names. */
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "portal/notify.h"

void notify_manager(struct str state)
{
    struct str path = str_from(getenv("NOTIFY_SOCKET"));
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    if (path.len < 2 || path.len >= sizeof(to.sun_path) ||
        (path.ptr[0] != '/' && path.ptr[0] != '@'))
        return;
    memcpy(to.sun_path, path.ptr, path.len);
    if (path.ptr[0] == '@') /* the abstract namespace */
        to.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + path.len);
    /* A manager that does not listen finds out by its own time limit. */
    (void)!sendto(fd, state.ptr, state.len, MSG_NOSIGNAL, (const struct sockaddr *)&to, size);
    close(fd);
}
