/* Parts of the shim. */
#ifndef CHANCERY_TESTS_CRASH_SHIM_H
#define CHANCERY_TESTS_CRASH_SHIM_H

#include <sys/types.h>

#include "tests/crash/control.h"

/** The page shared with the harness; NULL when the program runs without one. */
extern struct control *shim_control;

/* --- fault.c ---------------------------------------------------------------------------------- */

/** True when this call is the one to fail; *shape tells how. errno is set. */
bool fault_strikes(unsigned call, unsigned file, unsigned *shape);

/* --- record.c: all with the shim's lock held -------------------------------------------------- */

void record_start(const char *path);
bool recording(void);
/** Number of the file behind a descriptor; tells of files not met before. */
uint32_t record_open(int fd, const char *path, bool created);
void record_forget(const char *path);
void record_add(enum log_op op, uint32_t id, uint64_t offset, const void *bytes, size_t length);

/* --- memory.c: the write-ahead log in memory, all with the shim's lock held ------------------- */

/** A descriptor of the memory that stands for the file; closes fd. */
int memory_open(int fd, bool truncate);
void memory_wrote(off_t offset, size_t length);
void memory_truncated(off_t size);
/** The WAL is synced. failed: the sync is told to have failed, and the kernel drops the pages. */
void memory_sync(bool failed);
void memory_before_database_write(void);
void memory_forget(void);

#endif
