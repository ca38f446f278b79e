/* A document of this machine as it is sent: the bytes of its file, or its files as parts. */
#ifndef CHANCERY_COMMAND_PACKAGE_H
#define CHANCERY_COMMAND_PACKAGE_H

#include "catalog/base/base.h"

/** A file that is sent. */
struct packed_file {
    struct str path;  /* as the catalog names it: from the folder that holds all of them */
    struct str shown; /* as people here name it */
};

struct package {
    struct str body;
    const char *content_type; /* in the arena, too */
    struct str name;          /* of a single file; absent for standard input and for several */
    const struct packed_file *files; /* the root first */
    size_t file_count;
};

/** Reads the document at a path ("-": standard input) and the files that its references name, those
 *  that local_open may read. err: as local_open; ERR_INVALID for a name that cannot be sent. */
MUST_USE bool package_make(struct str path, struct arena *mem, struct package *out,
                           struct err *err);
/** How people here name a file of the package; absent: it has none of that path. */
struct str package_shown(const struct package *package, struct str path);

#endif
