/* A disk as the log tells it: what is on it for certain, what may be, and images of it after a
 * power loss. */
#ifndef CHANCERY_TESTS_CRASH_DISK_H
#define CHANCERY_TESTS_CRASH_DISK_H

#include "catalog/base/base.h"
#include "tests/crash/control.h"

/** Which syncs count. */
enum disk_syncs {
    SYNCS_ALL,
    SYNCS_NONE,   /* fsync ignored */
    SYNCS_NORMAL, /* those of the write-ahead log only in front of a checkpoint: synchronous=NORMAL
                   */
};

struct disk;

/** The log must outlive the disk. root: folder of the recorded files, without its last slash. */
struct disk *disk_new(struct str log, struct str root, enum disk_syncs syncs);
void disk_free(struct disk *d);
/** Plays one record; false at the end of the log. */
MUST_USE bool disk_step(struct disk *d);
/** Bytes of the log played so far. */
uint64_t disk_position(const struct disk *d);
/** Writes the files into a folder, empty before, as a power loss at this moment could leave them:
 * all that is synced, and of the rest whatever the seed says. */
void disk_image(const struct disk *d, uint64_t seed, const char *folder);
/** "12 writes of chancery.db-wal unsynced: torn" … of the last image. */
const char *disk_describe(const struct disk *d);

#endif
