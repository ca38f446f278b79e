/* Images between two runs: the image in one file, the patch over it in another, which is small and
 * therefore written often. Both are replaced whole, checksummed, and worth nothing unless they hold
 * the very state of the database: then they save reading all its rows. */
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalog/service/internal.h"

#define FILE_MODE  0600U
#define FILE_LIMIT ((size_t)UINT32_MAX)
#define READ_SPARE ((size_t)65536 * 2)
#define HUGE_PAGE  ((size_t)1 << 21)

static struct str patch_name(const char *file, struct arena *mem)
{
    return arena_printf(mem, "%s-patch", file);
}

/* A large file gets its room at once, in huge pages: half of its reading would be page faults. */
static bool read_file(const char *file, struct buf *out, struct err *err)
{
    struct stat about;
    if (stat(file, &about) == 0 && about.st_size > (off_t)HUGE_PAGE &&
        (uint64_t)about.st_size < FILE_LIMIT) {
        size_t room = ((size_t)about.st_size + READ_SPARE + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
        char *bytes = aligned_alloc(HUGE_PAGE, room);
        if (bytes != NULL) {
            (void)madvise(bytes, room, MADV_HUGEPAGE); /* where there are none, small ones do */
            *out = (struct buf){.ptr = bytes, .cap = room};
        }
    }
    return file_read(file, FILE_LIMIT, out, err);
}

static bool is_state(const struct access_image *image, uint64_t seq, const struct sha256 *stamp)
{
    struct sha256 own = access_stamp(image);
    return image->version == seq && memcmp(&own, stamp, sizeof(own)) == 0;
}

bool image_file_read(const char *file, uint64_t seq, const struct sha256 *stamp, struct buf *base,
                     struct access_image *image, struct buf *patch, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct access_image over, both;
    struct str beside = patch_name(file, &mem);
    if (!read_file(file, base, err) || !access_open(buf_str(base), image, err))
        return false;
    if (is_state(image, seq, stamp))
        return true;
    if (access(beside.ptr, F_OK) == 0 &&
        (!read_file(beside.ptr, patch, err) || !access_open(buf_str(patch), &over, err)))
        return false;
    if (patch->len > 0 && access_lay(image, &over, &both, err) && is_state(&both, seq, stamp))
        return true;
    return fail(err, ERR_STALE, file, "the file is older or newer than the database");
}

bool image_file_write(const char *file, struct str base, struct err *err)
{
    return file_replace(file, base, FILE_MODE, err);
}

bool image_file_write_patch(const char *file, struct str patch, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    return file_replace(patch_name(file, &mem).ptr, patch, FILE_MODE, err);
}

void image_file_tidy(const char *file)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    file_tidy(file);
    file_tidy(patch_name(file, &mem).ptr);
}
