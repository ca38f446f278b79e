/* Documents on this machine, for commands that ask no server. */
#ifndef CHANCERY_COMMAND_LOCAL_H
#define CHANCERY_COMMAND_LOCAL_H

#include "catalog/openapi/openapi.h"

/** Where a document's other files may be read from. */
struct local_folder {
    char root[4096]; /* resolved, with a slash at the end */
};

/** Reads a file by a path from the command line ("-": standard input) into mem, most_bytes at most,
 *  and prepares the folder that it stands in (may be NULL). *name is the path's last part. err:
 *  ERR_INVALID (a folder), ERR_LIMIT, ERR_NOT_FOUND, ERR_IO. */
MUST_USE bool local_read(struct str path, size_t most_bytes, struct arena *mem, struct str *bytes,
                         struct local_folder *folder, struct str *name, struct err *err);
/** An oas_load for a local_folder: never out of the folder, nor through a link that leads out. */
bool local_load(void *folder, struct str path, struct arena *mem, struct str *bytes,
                struct err *err);
/** A document and, when asked for, the files that its references name: those in the working
 *  directory and below when the document is there, else those in the document's folder and below.
 *  err: as local_read; a place in the document begins with "line". */
MUST_USE bool local_open(struct str path, struct arena *mem, struct oas_files **out,
                         struct err *err);
/** The path by which people find a file that a document at path has opened. */
struct str local_name(struct str path, const struct oas_file *file, struct arena *mem);
/** Puts the document before a place in it. Returns false. */
bool local_fail(struct str path, struct err *err);

#endif
