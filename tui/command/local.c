/* Documents on this machine: what a command reads, and nothing outside of it. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tui/command/local.h"

#define CHUNK_BYTES ((size_t)64 << 10)

static bool is_input(struct str path)
{
    return str_eq(path, STR("-"));
}

static bool read_input(size_t most_bytes, struct buf *out, struct err *err)
{
    ssize_t got = 1;
    out->limit_bytes = most_bytes;
    while (got != 0) {
        char *room = buf_room(out, CHUNK_BYTES);
        if (room == NULL)
            return fail(err, ERR_LIMIT, "standard input", "more than %zu bytes were given",
                        most_bytes);
        got = read(STDIN_FILENO, room, CHUNK_BYTES);
        if (got < 0 && errno != EINTR)
            return fail(err, ERR_IO, "standard input", "cannot be read: %s", strerror(errno));
        out->len += got > 0 ? (size_t)got : 0;
    }
    return true;
}

static bool read_file(const char *path, size_t most_bytes, struct buf *out, struct err *err)
{
    struct stat st;
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return fail(err, ERR_INVALID, path, "is a folder, not a file");
    return file_read(path, most_bytes, out, err);
}

/* --- folders ---------------------------------------------------------------------------------- */

static struct str folder_of(struct str path)
{
    while (path.len > 0 && path.ptr[path.len - 1] != '/')
        path.len--;
    return path;
}

static bool find_folder(struct str folder, struct local_folder *out, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const char *z = folder.len > 0 ? str_z(&mem, folder) : ".";
    char *real = realpath(z, NULL);
    if (real == NULL)
        return fail(err, ERR_IO, z, "the folder cannot be read: %s", strerror(errno));
    int len = snprintf(out->root, sizeof(out->root), "%s%s", real, strcmp(real, "/") ? "/" : "");
    free(real);
    return (len > 0 && (size_t)len < sizeof(out->root)) ||
           fail(err, ERR_LIMIT, z, "the folder's path is too long");
}

/* Whether a path leads from the working directory downwards. */
static bool is_below(struct str path)
{
    return !str_starts(path, STR("/")) && !str_starts(path, STR("../")) &&
           str_find(path, STR("/../")) == SIZE_MAX;
}

bool local_read(struct str path, size_t most_bytes, struct arena *mem, struct str *bytes,
                struct local_folder *folder, struct str *name, struct err *err)
{
    CLEANUP(buf_clear) struct buf text = {0};
    struct str parent = folder_of(path);
    if (folder != NULL && !find_folder(parent, folder, err))
        return false;
    if (!(is_input(path) ? read_input(most_bytes, &text, err)
                         : read_file(str_z(mem, path), most_bytes, &text, err)))
        return false;
    *name = str_sub(path, parent.len, path.len);
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
    if (!read_file(found.ptr, tree_limits_default.bytes, &text, err))
        return false;
    *bytes = arena_str(mem, buf_str(&text));
    return true;
}

/* --- documents -------------------------------------------------------------------------------- */

struct opened {
    struct local_folder folder;
    struct str name, bytes; /* the root document's, which may itself be a link */
};

static bool load(void *context, struct str path, struct arena *mem, struct str *bytes,
                 struct err *err)
{
    struct opened *opened = context;
    if (!str_eq(path, opened->name))
        return local_load(&opened->folder, path, mem, bytes, err);
    *bytes = opened->bytes;
    return true;
}

bool local_open(struct str path, struct arena *mem, struct oas_files **out, struct err *err)
{
    struct opened *opened = arena_new(mem, struct opened);
    while (str_starts(path, STR("./")))
        path = str_sub(path, 2, path.len);
    if (!local_read(path, tree_limits_default.bytes, mem, &opened->bytes, &opened->folder,
                    &opened->name, err))
        return false;
    if (is_below(path)) {
        opened->name = path;
        if (!find_folder(STR(""), &opened->folder, err))
            return false;
    }
    const struct oas_files_config config = {.load = load, .context = opened};
    return oas_files_open(&config, opened->name, mem, out, err);
}

struct str local_name(struct str path, const struct oas_file *file, struct arena *mem)
{
    return is_below(path) ? file->path : arena_join(mem, folder_of(path), file->path);
}

bool local_fail(struct str path, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    if (strncmp(err->where, "line", 4) != 0)
        return false;
    return err_at(err, arena_join(&mem, path, STR(" "), str_from(err->where)).ptr);
}
