/* A stream of framed messages over a socket pair. */
#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "portal/channel.h"

#define TEXT_MOST ((uint64_t)1 << 32)
#define PATIENCE  30 /* seconds for one message, which may be the state of a million limits */

struct frame {
    uint32_t message, fd_count;
    uint64_t size;
};

bool channel_pair(int ends[2], struct err *err)
{
    const struct timeval patience = {.tv_sec = PATIENCE};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return fail(err, ERR_IO, "", "cannot make a socket pair: %s", strerror(errno));
    for (int i = 0; i < 2; i++) {
        (void)setsockopt(ends[i], SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
        (void)setsockopt(ends[i], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    }
    return true;
}

static bool broken(struct err *err)
{
    return fail(err, ERR_IO, "", "the other process has gone or is stuck");
}

static bool send_all(int fd, const char *bytes, size_t size, struct err *err)
{
    while (size > 0) {
        ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return broken(err);
        bytes += sent;
        size -= (size_t)sent;
    }
    return true;
}

union control {
    char bytes[CMSG_SPACE(CHANNEL_FDS_MAX * sizeof(int))];
    struct cmsghdr align;
};

bool channel_send(int fd, enum channel_message message, struct str text, const int *fds,
                  size_t fd_count, struct err *err)
{
    struct frame frame = {(uint32_t)message, (uint32_t)fd_count, text.len};
    struct iovec piece = {&frame, sizeof(frame)};
    union control control = {0};
    struct msghdr head = {.msg_iov = &piece, .msg_iovlen = 1};
    if (fd_count > CHANNEL_FDS_MAX)
        return fail(err, ERR_LIMIT, "", "more than %d descriptors", CHANNEL_FDS_MAX);
    if (fd_count > 0) {
        head.msg_control = control.bytes;
        head.msg_controllen = CMSG_SPACE(fd_count * sizeof(int));
        struct cmsghdr *rights = CMSG_FIRSTHDR(&head);
        assert(rights != NULL);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(fd_count * sizeof(int));
        memcpy(CMSG_DATA(rights), fds, fd_count * sizeof(int));
    }
    if (sendmsg(fd, &head, MSG_NOSIGNAL) != (ssize_t)sizeof(frame))
        return broken(err);
    return send_all(fd, text.ptr, text.len, err);
}

static void take_fds(struct msghdr *head, struct channel_got *out)
{
    for (struct cmsghdr *at = CMSG_FIRSTHDR(head); at != NULL; at = CMSG_NXTHDR(head, at)) {
        if (at->cmsg_level != SOL_SOCKET || at->cmsg_type != SCM_RIGHTS)
            continue;
        out->fd_count = (at->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        memcpy(out->fds, CMSG_DATA(at), out->fd_count * sizeof(int));
    }
}

static bool read_text(int fd, uint64_t size, struct buf *out, struct err *err)
{
    char *to = size <= TEXT_MOST ? buf_room(out, (size_t)size + 1) : NULL;
    if (to == NULL)
        return broken(err);
    while (out->len < size) {
        ssize_t got = recv(fd, to + out->len, (size_t)size - out->len, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return broken(err);
        out->len += (size_t)got;
    }
    return true;
}

bool channel_read(int fd, struct channel_got *out, struct err *err)
{
    struct frame frame;
    struct iovec piece = {&frame, sizeof(frame)};
    union control control = {0};
    struct msghdr head = {.msg_iov = &piece,
                          .msg_iovlen = 1,
                          .msg_control = control.bytes,
                          .msg_controllen = sizeof(control.bytes)};
    *out = (struct channel_got){0};
    ssize_t got = recvmsg(fd, &head, MSG_CMSG_CLOEXEC | MSG_WAITALL);
    if (got > 0)
        take_fds(&head, out);
    if (got != (ssize_t)sizeof(frame) || frame.fd_count != out->fd_count ||
        !read_text(fd, frame.size, &out->text, err)) {
        channel_got_clear(out);
        return broken(err);
    }
    out->message = (enum channel_message)frame.message;
    return true;
}

void channel_got_clear(struct channel_got *got)
{
    for (size_t i = 0; i < got->fd_count; i++)
        if (got->fds[i] >= 0)
            close(got->fds[i]);
    buf_clear(&got->text);
    *got = (struct channel_got){0};
}
