/* The only file that speaks to zlib: gzip in one call, with a bound on what comes out. */
#include <stdlib.h>
#include <zlib.h>

#include "catalog/base/base.h"

#define WINDOW_LEAST 9
#define WINDOW_MOST  15
#define GZIP_WRAPPER 16 /* zlib.h: added to the window's bits */
#define GZIP_WINDOW  (WINDOW_MOST + GZIP_WRAPPER)
#define MEMORY_BITS  7 /* zlib's memLevel is the window's bits less this, as in its default */
#define CHUNK_BYTES  ((size_t)65536)
#define LARGEST_STEP ((size_t)1 << 30)

uint32_t crc32_of(struct str s)
{
    return (uint32_t)crc32_z(0, (const unsigned char *)s.ptr, s.len);
}

/* zlib's next_in is not const but is never written through. */
static Bytef *input(struct str s)
{
    union {
        const char *in;
        Bytef *out;
    } p = {.in = s.ptr};
    return p.out;
}

/* A text needs no larger window than itself; zlib clears a quarter of a megabyte for the largest,
 * which costs more than compressing a page. */
static int window_for(size_t len)
{
    int bits = WINDOW_MOST;
    while (bits > WINDOW_LEAST && len <= (size_t)1 << (bits - 1))
        bits--;
    return bits;
}

bool gzip_pack(struct str in, int level, struct buf *out, struct err *err)
{
    z_stream z = {0};
    if (in.len > LARGEST_STEP)
        return fail(err, ERR_LIMIT, "", "%zu bytes are too many to compress at once", in.len);
    int window = window_for(in.len);
    if (deflateInit2(&z, level, Z_DEFLATED, window + GZIP_WRAPPER, window - MEMORY_BITS,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        return fail(err, ERR_LIMIT, "", "zlib could not start");
    size_t bound = deflateBound(&z, (uLong)in.len),
           step = bound < CHUNK_BYTES ? bound : CHUNK_BYTES;
    z.next_in = input(in);
    z.avail_in = (uInt)in.len;
    int rc = Z_OK;
    while (rc == Z_OK) {
        char *to = buf_room(out, step);
        if (to == NULL)
            break;
        z.next_out = (Bytef *)to;
        z.avail_out = (uInt)step;
        rc = deflate(&z, Z_FINISH);
        out->len += step - z.avail_out;
    }
    deflateEnd(&z);
    if (rc != Z_STREAM_END)
        return fail(err, ERR_LIMIT, "", "compressed text exceeds its limit");
    return true;
}

bool gzip_unpack(struct str in, size_t limit_bytes, struct buf *out, struct err *err)
{
    z_stream z = {0};
    size_t start = out->len;
    if (in.len > LARGEST_STEP)
        return fail(err, ERR_LIMIT, "", "%zu bytes are too many to unpack at once", in.len);
    if (inflateInit2(&z, GZIP_WINDOW) != Z_OK)
        return fail(err, ERR_LIMIT, "", "zlib could not start");
    z.next_in = input(in);
    z.avail_in = (uInt)in.len;
    int rc = Z_OK;
    while (rc == Z_OK && out->len - start <= limit_bytes) {
        char *to = buf_room(out, CHUNK_BYTES);
        if (to == NULL)
            break;
        z.next_out = (Bytef *)to;
        z.avail_out = (uInt)CHUNK_BYTES;
        rc = inflate(&z, Z_NO_FLUSH);
        out->len += CHUNK_BYTES - z.avail_out;
    }
    inflateEnd(&z);
    if (out->failed || out->len - start > limit_bytes)
        return fail(err, ERR_LIMIT, "", "unpacked text exceeds %zu bytes", limit_bytes);
    if (rc != Z_STREAM_END)
        return fail(err, ERR_INVALID, "", "not a complete gzip stream");
    return true;
}

/* --- in pieces -------------------------------------------------------------------------------- */

struct gzip_stream {
    z_stream z;
};

struct gzip_stream *gzip_open(int level)
{
    struct gzip_stream *s = mem_new_of(struct gzip_stream);
    if (deflateInit2(&s->z, level, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) == Z_OK)
        return s;
    free(s);
    return NULL;
}

bool gzip_add(struct gzip_stream *s, struct str piece, bool last, struct buf *out)
{
    s->z.next_in = input(piece);
    s->z.avail_in = (uInt)piece.len; /* pieces are small */
    do {
        char *to = buf_room(out, CHUNK_BYTES);
        if (to == NULL)
            return false;
        s->z.next_out = (Bytef *)to;
        s->z.avail_out = (uInt)CHUNK_BYTES;
        (void)deflate(&s->z, last ? Z_FINISH : Z_NO_FLUSH);
        out->len += CHUNK_BYTES - s->z.avail_out;
    } while (s->z.avail_out == 0);
    return true;
}

void gzip_close(struct gzip_stream *s)
{
    if (s == NULL)
        return;
    deflateEnd(&s->z);
    free(s);
}
