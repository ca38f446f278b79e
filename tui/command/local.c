/* Documents on this machine: the folder that a document stands in, and nothing outside of it. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "tui/command/local.h"

static bool read_input(struct buf *out, struct err *err)
{
    ssize_t got = 1;
    out->limit_bytes = tree_limits_default.bytes;
    while (got != 0) {
        char *room = buf_room(out, (size_t)64 << 10);
        if (room == NULL)
            return fail(err, ERR_LIMIT, "standard input", "more than %zu bytes were given",
                        out->limit_bytes);
        got = read(STDIN_FILENO, room, (size_t)64 << 10);
        if (got < 0 && errno != EINTR)
            return fail(err, ERR_IO, "standard input", "cannot be read: %s", strerror(errno));
        out->len += got > 0 ? (size_t)got : 0;
    }
    return true;
}

/* The real path of the folder that a file stands in. */
static bool find_folder(const char *path, struct local_folder *folder, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const char *slash = strrchr(path, '/');
    struct str parent = slash ? (struct str){path, (size_t)(slash - path) + 1} : STR(".");
    char *real = realpath(str_z(&mem, parent), NULL);
    if (real == NULL)
        return fail(err, ERR_IO, path, "the folder cannot be read: %s", strerror(errno));
    int len = snprintf(folder->root, sizeof(folder->root), "%s%s", real,
                       strcmp(real, "/") == 0 ? "" : "/");
    free(real);
    return (len > 0 && (size_t)len < sizeof(folder->root)) ||
           fail(err, ERR_LIMIT, path, "the folder's path is too long");
}

bool local_read(struct str path, struct arena *mem, struct str *bytes, struct local_folder *folder,
                struct str *name, struct err *err)
{
    CLEANUP(buf_clear) struct buf text = {0};
    const char *z = str_z(mem, path);
    const char *slash = strrchr(z, '/');
    bool input = str_eq(path, STR("-"));
    if (folder != NULL && !find_folder(input ? "./" : z, folder, err))
        return false;
    if (!(input ? read_input(&text, err) : file_read(z, tree_limits_default.bytes, &text, err)))
        return false;
    *name = str_from(slash ? slash + 1 : z);
    *bytes = arena_str(mem, buf_str(&text));
    return true;
}

bool local_load(void *folder, struct str path, struct arena *mem, struct str *bytes,
                struct err *err)
{
    CLEANUP(buf_clear) struct buf text = {0};
    const struct local_folder *from = folder;
    char *real = realpath(arena_join(mem, str_from(from->root), path).ptr, NULL);
    struct str found = real ? arena_str(mem, str_from(real)) : STR_NONE;
    free(real);
    if (found.ptr == NULL)
        return fail(err, ERR_NOT_FOUND, str_z(mem, path), "%s", strerror(errno));
    if (!str_starts(found, str_from(from->root)))
        return fail(err, ERR_DENIED, str_z(mem, path), "the file lies outside of the folder");
    if (!file_read(found.ptr, tree_limits_default.bytes, &text, err))
        return false;
    *bytes = arena_str(mem, buf_str(&text));
    return true;
}

/* --- a document whose root has been read -------------------------------------------------------
 */

struct opened {
    struct local_folder *folder;
    struct str name, bytes;
};

static bool load(void *context, struct str path, struct arena *mem, struct str *bytes,
                 struct err *err)
{
    const struct opened *opened = context;
    if (!str_eq(path, opened->name))
        return local_load(opened->folder, path, mem, bytes, err);
    *bytes = opened->bytes;
    return true;
}

bool local_open(struct str path, struct local_folder *folder, struct arena *mem,
                struct oas_files **out, struct err *err)
{
    struct opened *opened = arena_new(mem, struct opened);
    opened->folder = folder;
    if (!local_read(path, mem, &opened->bytes, folder, &opened->name, err))
        return false;
    const struct oas_files_config config = {.load = load, .context = opened};
    return oas_files_open(&config, opened->name, mem, out, err);
}
