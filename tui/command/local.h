/* Documents on this machine, for commands that ask no server. */
#ifndef CHANCERY_COMMAND_LOCAL_H
#define CHANCERY_COMMAND_LOCAL_H

#include "catalog/openapi/openapi.h"

/** Where a document's other files may be read from: the folder it stands in. */
struct local_folder {
    char root[4096]; /* resolved, with a slash at the end */
};

/** Reads a file by a path from the command line ("-": standard input) into mem, and prepares its
 *  folder (may be NULL). *name is the path's last part. err: as from file_read. */
MUST_USE bool local_read(struct str path, struct arena *mem, struct str *bytes,
                         struct local_folder *folder, struct str *name, struct err *err);
/** An oas_load for a local_folder: never out of the folder, nor through a link that leads out. */
bool local_load(void *folder, struct str path, struct arena *mem, struct str *bytes,
                struct err *err);
/** A document and, when asked for, the files that its references name. folder must outlive it. */
MUST_USE bool local_open(struct str path, struct local_folder *folder, struct arena *mem,
                         struct oas_files **out, struct err *err);

#endif
