/* A file without a name that an upload's bytes go to: whatever ends the process, the kernel frees
 * it with the last descriptor. */
#ifndef CHANCERY_HTTP_SPOOL_H
#define CHANCERY_HTTP_SPOOL_H

#include "catalog/base/base.h"

struct spool {
    int fd; /* valid while open */
    bool open;
    size_t size_bytes;
};

/** Opens one below directory. err: ERR_IO, where names the setting. */
MUST_USE bool spool_open(const char *directory, struct spool *out, struct err *err);
/** Appends. err: ERR_IO; ERR_LIMIT past limit_bytes. */
MUST_USE bool spool_add(struct spool *spool, struct str bytes, size_t limit_bytes, struct err *err);
/** A path that opens the bytes again from their start, inside this process only. */
struct str spool_path(const struct spool *spool, struct arena *mem);
/** Frees the bytes; safe on a closed one. */
void spool_close(struct spool *spool);
/** Removes what a process that died between making and unlinking a file left behind. */
void spool_sweep(const char *directory);

#endif
