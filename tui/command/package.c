/* Which files a document consists of, and how they are sent (RFC 7578). */
#include "tui/command/package.h"

#include "tui/command/local.h"

#define BOUNDARY_LEN 32
#define MOST_BYTES   ((size_t)1 << 30) /* of any server; its own limit is what counts */

typedef VEC(const struct oas_file *) file_list;

/* What is not there, or may not be read, is the server's to tell; what cannot be read is told here,
 * as it would be missed there. */
static bool list_files(struct str path, const struct oas_files *files, struct arena *mem,
                       file_list *list, struct err *err)
{
    for (size_t i = 0; i < oas_file_count(files); i++) {
        const struct oas_file *file = oas_file_at(files, i);
        if (file->doc != NULL) {
            vec_push(list, mem, file);
        } else if (file->err.code != ERR_NOT_FOUND && file->err.code != ERR_DENIED) {
            *err = file->err;
            return local_fail(local_name(path, file, mem), err);
        }
    }
    return true;
}

/* What the paths have in common up to a slash, at most the root's folder. */
static size_t common_folder(const file_list *list)
{
    struct str root = list->ptr[0]->path;
    size_t same = root.len;
    for (size_t i = 0; i < list->len; i++) {
        struct str path = list->ptr[i]->path;
        size_t at = 0;
        while (at < same && at < path.len && path.ptr[at] == root.ptr[at])
            at++;
        same = at;
    }
    while (same > 0 && root.ptr[same - 1] != '/')
        same--;
    return same;
}

static void add_part(const char *boundary, const char *name, struct str path, struct str bytes,
                     struct buf *out)
{
    buf_printf(out, "--%s\r\nContent-Disposition: form-data; name=\"%s\"", boundary, name);
    if (path.ptr != NULL)
        buf_printf(out, "; filename=\"" STR_FMT "\"", STR_ARG(path));
    buf_add(out, STR("\r\n\r\n"));
    buf_add(out, bytes);
    buf_add(out, STR("\r\n"));
}

/* Names in quotes have no escape that all servers read alike. */
static bool can_be_sent(struct str path, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    for (size_t i = 0; i < path.len; i++)
        if ((unsigned char)path.ptr[i] < 0x20 || path.ptr[i] == '"')
            return fail(err, ERR_INVALID, str_z(&mem, path),
                        "a name with a quote or a control character cannot be sent");
    return true;
}

static bool pack_files(struct str path, const file_list *list, struct arena *mem,
                       struct package *out, struct err *err)
{
    CLEANUP(buf_clear) struct buf body = {0};
    const char *boundary = random_base62(mem, BOUNDARY_LEN).ptr;
    struct packed_file *files = arena_array(mem, struct packed_file, list->len);
    size_t folder = common_folder(list);
    for (size_t i = 0; i < list->len; i++) {
        const struct oas_file *file = list->ptr[i];
        files[i].path = str_sub(file->path, folder, file->path.len);
        files[i].shown = local_name(path, file, mem);
        if (!can_be_sent(files[i].path, err))
            return false;
        add_part(boundary, "file", files[i].path, file->bytes, &body);
    }
    add_part(boundary, "root", STR_NONE, files[0].path, &body);
    buf_printf(&body, "--%s--\r\n", boundary);
    *out = (struct package){
        .body = arena_str(mem, buf_str(&body)),
        .content_type = arena_printf(mem, "multipart/form-data; boundary=%s", boundary).ptr,
        .files = files,
        .file_count = list->len,
    };
    return true;
}

/* References are followed by validating. */
bool package_make(struct str path, struct arena *mem, struct package *out, struct err *err)
{
    struct package alone = {.content_type = "application/octet-stream"};
    struct oas_files *files = NULL;
    file_list list = {0};
    bool input = str_eq(path, STR("-"));
    if (!local_read(path, MOST_BYTES, mem, &alone.body, NULL, &alone.name, err))
        return false;
    if (input)
        alone.name = STR_NONE;
    if (!input && alone.body.len <= tree_limits_default.bytes) { /* more is not read here */
        if (!local_open(path, mem, &files, err) || !oas_validate(files, NULL, err))
            return local_fail(path, err);
        if (!list_files(path, files, mem, &list, err))
            return false;
    }
    if (list.len > 1)
        return pack_files(path, &list, mem, out, err);
    *out = alone;
    return true;
}

struct str package_shown(const struct package *package, struct str path)
{
    for (size_t i = 0; i < package->file_count; i++)
        if (str_eq(package->files[i].path, path))
            return package->files[i].shown;
    return STR_NONE;
}
