/* What the shim inside the server and the harness outside share: one page of memory that both map,
 * and the log of what was written. The harness knows the layout from harness.py. */
#ifndef CHANCERY_TESTS_CRASH_CONTROL_H
#define CHANCERY_TESTS_CRASH_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONTROL_BYTES 4096

enum crash_call {
    CALL_OPEN = 1,
    CALL_READ = 2,
    CALL_WRITE = 4,
    CALL_SYNC = 8,
    CALL_TRUNCATE = 16,
    CALL_RENAME = 32,
    CALL_UNLINK = 64,
    CALL_ALLOCATE = 128,
};

/** Kinds of files, by name; calls on files outside the server's folder are left alone. */
enum crash_file {
    FILE_DATABASE = 1,
    FILE_WAL = 2,
    FILE_JOURNAL = 4,
    FILE_SPOOL = 8,
    FILE_COPY = 16,       /* targets of backups */
    FILE_DIRECTORY = 32,  /* opened to be synced */
    FILE_OTHER = 64,      /* all else, an image file beside the database included */
    FILE_SHM = 128,       /* shared memory: neither recorded nor faulted but for its opening */
    FILE_MEMORY = 256,    /* allocations */
    FILE_TEMPORARY = 512, /* SQLite's own, wherever they are */
};

enum crash_shape {
    SHAPE_ERROR, /* the call does nothing and fails */
    SHAPE_SHORT, /* half is written, and said so */
    SHAPE_TORN,  /* half is written, and the call fails */
    SHAPE_LOST,  /* nothing is done, and the call succeeds: the control that must be noticed */
};

/** How the write-ahead log is kept in memory that dies with the process. */
enum crash_volatile {
    VOLATILE_NO,     /* the kernel keeps what was written */
    VOLATILE_HONEST, /* a sync brings it to the file */
    VOLATILE_LAZY,   /* only a write to the database does: what synchronous=NORMAL comes to */
    VOLATILE_NEVER,  /* fsync ignored */
};

struct control {
    uint32_t armed;     /* set last, cleared first */
    uint32_t calls;     /* of enum crash_call */
    uint32_t files;     /* of enum crash_file */
    uint32_t shape;     /* enum crash_shape */
    int32_t error;      /* errno to fail with */
    int32_t countdown;  /* 1: the next matching call */
    uint32_t sticky;    /* all matching calls behind the first fail, too */
    uint32_t matched;   /* calls that matched since it was armed */
    uint32_t fired;     /* faults given since it was armed */
    uint32_t volatiles; /* enum crash_volatile */
    uint32_t next_id;   /* files of the log, numbered over all processes */
    uint32_t recording;
    uint64_t log_bytes; /* length of the log: all before it has happened */
};

enum log_op {
    LOG_OPEN,     /* bytes: path. A file that is new or is met for the first time */
    LOG_CREATE,   /* the same, and the call has made it */
    LOG_WRITE,    /* offset, bytes */
    LOG_TRUNCATE, /* offset: new size */
    LOG_SYNC,     /* a file */
    LOG_SYNC_DIR, /* a directory */
    LOG_RENAME,   /* bytes: old path, NUL, new path */
    LOG_UNLINK,   /* bytes: path */
};

struct log_record {
    uint32_t op;
    uint32_t id;
    uint64_t offset;
    uint64_t length; /* of the bytes that follow */
};

#endif
