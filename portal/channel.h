/* Messages, with descriptors, between a process that hands over and the one that takes over. */
#ifndef CHANCERY_CHANNEL_H
#define CHANCERY_CHANNEL_H

#include "catalog/base/base.h"

#define CHANNEL_FDS_MAX 64

/* In the order of a handover; FAILED may come instead of any. */
#define CHANNEL_MESSAGES(X)                                               \
    X(CHANNEL_SOCKETS) /* old: lock and sockets; "name\taddress" lines */ \
    X(CHANNEL_WANTS)   /* new: has started; "migrates" or nothing */      \
    X(CHANNEL_CATALOG) /* old: writes no more */                          \
    X(CHANNEL_LOADED)  /* new: could decide */                            \
    X(CHANNEL_LIMITS)  /* old: decides no more; the limiter's state */    \
    X(CHANNEL_SERVING) /* new: serves */                                  \
    X(CHANNEL_FAILED)  /* new: gives up; why */
#define CHANNEL_ENUM(name) name,
enum channel_message { CHANNEL_NONE, CHANNEL_MESSAGES(CHANNEL_ENUM) };
#undef CHANNEL_ENUM

struct channel_got {
    enum channel_message message;
    struct buf text;
    int fds[CHANNEL_FDS_MAX];
    size_t fd_count;
};

/** Two ends. err: ERR_IO. */
MUST_USE bool channel_pair(int ends[2], struct err *err);
/** err: ERR_IO. */
MUST_USE bool channel_send(int fd, enum channel_message message, struct str text, const int *fds,
                           size_t fd_count, struct err *err);
/** Reads one message that has begun to come; its descriptors are the caller's then. err: ERR_IO,
 * also when the other end has gone. */
MUST_USE bool channel_read(int fd, struct channel_got *out, struct err *err);
/** Frees the text and closes descriptors that are left (those that are not -1). */
void channel_got_clear(struct channel_got *got);

#endif
