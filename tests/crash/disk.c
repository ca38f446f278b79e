/* Plays the log of writes, and makes images of what a power loss leaves. A file's synced bytes are
 * kept; of its writes since then all, none, a beginning, some, or some 512-byte sectors have
 * reached the disk, the others hold what was there or rubbish. Names behave as in a journal: a
 * beginning of what was not synced. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/crash/disk.h"

#define SECTOR 512

struct write {
    bool truncates;
    uint64_t offset, length;
    const char *bytes;
};

struct file {
    struct buf synced;
    VEC(struct write) pending;
};

struct naming {
    enum log_op op; /* LOG_CREATE, LOG_RENAME, LOG_UNLINK */
    uint32_t id;
    struct str path, to;
};

struct name {
    struct str path;
    uint32_t id;
};

struct disk {
    struct str log, root;
    enum disk_syncs syncs;
    size_t at;
    struct arena mem;
    VEC(struct file *) files; /* by id */
    VEC(struct name) names;   /* for certain */
    VEC(struct naming) namings;
    size_t namings_synced;
    char description[512];
};

/* --- the log ---------------------------------------------------------------------------------- */

struct disk *disk_new(struct str log, struct str root, enum disk_syncs syncs)
{
    struct disk *d = mem_new_of(struct disk);
    d->log = log;
    d->root = root;
    d->syncs = syncs;
    return d;
}

void disk_free(struct disk *d)
{
    for (size_t i = 0; i < d->files.len; i++)
        buf_clear(&d->files.ptr[i]->synced);
    arena_clear(&d->mem);
    free(d);
}

uint64_t disk_position(const struct disk *d)
{
    return d->at;
}

static struct file *file_of(struct disk *d, uint32_t id)
{
    while (d->files.len <= id)
        vec_push(&d->files, &d->mem, arena_new(&d->mem, struct file));
    return d->files.ptr[id];
}

static void resize(struct buf *b, uint64_t size)
{
    if (size > b->len) {
        memset(buf_room(b, size - b->len), 0, size - b->len);
    }
    b->len = size;
}

static void apply(struct buf *b, const struct write *w)
{
    if (w->truncates) {
        resize(b, w->offset);
        return;
    }
    if (b->len < w->offset + w->length)
        resize(b, w->offset + w->length);
    memcpy(b->ptr + w->offset, w->bytes, w->length);
}

static void sync_file(struct file *f)
{
    for (size_t i = 0; i < f->pending.len; i++)
        apply(&f->synced, &f->pending.ptr[i]);
    f->pending.len = 0;
}

static struct str path_of(const struct disk *d, uint32_t id)
{
    for (size_t i = d->namings.len; i-- > 0;)
        if (d->namings.ptr[i].op == LOG_CREATE &&
            d->files.ptr[d->namings.ptr[i].id] == d->files.ptr[id])
            return d->namings.ptr[i].path;
    return STR_NONE;
}

/* The kill that ends a record may cut off its last line, whose change nobody was told of. */
static bool peek(const struct disk *d, size_t at, struct log_record *out)
{
    if (d->log.len - at < sizeof(*out))
        return false;
    memcpy(out, d->log.ptr + at, sizeof(*out));
    return out->length <= d->log.len - at - sizeof(*out);
}

/* With synchronous=NORMAL SQLite syncs its log only when it is about to copy it into the database.
 */
static bool counts(const struct disk *d, uint32_t id)
{
    struct log_record next;
    if (d->syncs == SYNCS_NONE)
        return false;
    if (d->syncs == SYNCS_ALL || !str_ends(path_of(d, id), STR("-wal")))
        return true;
    for (size_t at = d->at; peek(d, at, &next); at += sizeof(next) + next.length)
        if (next.op == LOG_WRITE)
            return !str_ends(path_of(d, next.id), STR("-wal"));
    return false;
}

/* --- names ------------------------------------------------------------------------------------ */

static size_t find_name(const struct name *names, size_t count, struct str path)
{
    size_t i = 0;
    while (i < count && !str_eq(names[i].path, path))
        i++;
    return i;
}

static void remove_name(struct name *names, size_t *count, struct str path)
{
    size_t i = find_name(names, *count, path);
    if (i < *count)
        names[i] = names[--*count];
}

static void rename_to(struct name *names, size_t *count, const struct naming *n)
{
    remove_name(names, count, n->to);
    size_t i = find_name(names, *count, n->path);
    if (i < *count)
        names[i].path = n->to;
}

/* The names after the first `until` changes. */
static size_t names_then(const struct disk *d, size_t until, struct name *out)
{
    size_t count = 0;
    for (size_t i = 0; i < until; i++) {
        const struct naming *n = &d->namings.ptr[i];
        if (n->op == LOG_CREATE) {
            remove_name(out, &count, n->path);
            out[count++] = (struct name){n->path, n->id};
        } else if (n->op == LOG_RENAME) {
            rename_to(out, &count, n);
        } else {
            remove_name(out, &count, n->path);
        }
    }
    return count;
}

/* A process that starts later meets the file again, under another number. */
static void met_again(struct disk *d, uint32_t id, struct str path)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct name *names = arena_array(&mem, struct name, d->namings.len + 1);
    size_t count = names_then(d, d->namings.len, names), i = find_name(names, count, path);
    if (i == count) {
        fprintf(stderr, STR_FMT " was there before the log began\n", STR_ARG(path));
        abort();
    }
    d->files.ptr[id] = d->files.ptr[names[i].id];
}

bool disk_step(struct disk *d)
{
    struct log_record head;
    if (!peek(d, d->at, &head))
        return false;
    const char *bytes = d->log.ptr + d->at + sizeof(head);
    struct str text = {bytes, head.length}, from = text;
    d->at += sizeof(head) + head.length;
    struct file *f = file_of(d, head.id);
    switch ((enum log_op)head.op) {
    case LOG_OPEN:
        met_again(d, head.id, text);
        break;
    case LOG_CREATE:
        vec_push(&d->namings, &d->mem, (struct naming){LOG_CREATE, head.id, text, STR_NONE});
        break;
    case LOG_WRITE:
        vec_push(&f->pending, &d->mem, (struct write){false, head.offset, head.length, bytes});
        break;
    case LOG_TRUNCATE:
        vec_push(&f->pending, &d->mem, (struct write){true, head.offset, 0, NULL});
        break;
    case LOG_SYNC:
        if (counts(d, head.id))
            sync_file(f);
        break;
    case LOG_SYNC_DIR:
        if (d->syncs != SYNCS_NONE)
            d->namings_synced = d->namings.len;
        break;
    case LOG_RENAME:
        (void)str_split(&text, '\0', &from);
        vec_push(&d->namings, &d->mem, (struct naming){LOG_RENAME, 0, from, text});
        break;
    case LOG_UNLINK:
        vec_push(&d->namings, &d->mem, (struct naming){LOG_UNLINK, 0, text, STR_NONE});
        break;
    }
    return true;
}

/* --- images ----------------------------------------------------------------------------------- */

/* splitmix64, so that a seed gives the same image everywhere. */
static uint64_t chance(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static uint64_t below(uint64_t *state, uint64_t bound)
{
    return bound ? chance(state) % bound : 0;
}

/* Each sector by itself; one that has not arrived keeps what was there, or holds rubbish. */
static void apply_torn(struct buf *b, const struct write *w, uint64_t *state, bool rubbish)
{
    uint64_t end = w->offset + w->length;
    for (uint64_t at = w->offset; at < end;) {
        uint64_t next = (at / SECTOR + 1) * SECTOR;
        next = next < end ? next : end;
        uint64_t luck = chance(state);
        struct write part = {false, at, next - at, w->bytes + (at - w->offset)};
        if (luck & 1)
            apply(b, &part);
        else if (rubbish && (luck & 2) && b->len >= next)
            memset(b->ptr + at, (int)(luck >> 8), next - at);
        at = next;
    }
}

enum fate { FATE_ALL, FATE_NONE, FATE_BEGINNING, FATE_SOME, FATE_TORN, FATE_RUBBISH, FATE_COUNT };
static const char *const fate_names[] = {
    [FATE_ALL] = "all there",   [FATE_NONE] = "none there", [FATE_BEGINNING] = "a beginning",
    [FATE_SOME] = "some there", [FATE_TORN] = "torn",       [FATE_RUBBISH] = "torn, with rubbish",
};

static void survive(struct buf *b, const struct file *f, uint64_t *state, enum fate fate)
{
    size_t first = below(state, f->pending.len + 1);
    for (size_t i = 0; i < f->pending.len; i++) {
        const struct write *w = &f->pending.ptr[i];
        uint64_t luck = chance(state);
        bool whole = fate == FATE_ALL || (fate == FATE_BEGINNING && i < first) ||
                     (fate == FATE_SOME && (luck & 1)) ||
                     ((fate == FATE_TORN || fate == FATE_RUBBISH) && w->truncates && (luck & 1));
        if (whole)
            apply(b, w);
        else if (fate == FATE_TORN || fate == FATE_RUBBISH ||
                 (fate == FATE_BEGINNING && i == first))
            if (!w->truncates)
                apply_torn(b, w, state, fate == FATE_RUBBISH);
    }
}

static void write_file(const char *folder, struct str name, struct str bytes)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const char *path = arena_printf(&mem, "%s/" STR_FMT, folder, STR_ARG(name)).ptr;
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, bytes.ptr, bytes.len) != (ssize_t)bytes.len) {
        fprintf(stderr, "cannot write %s: %s\n", path, strerror(errno));
        abort();
    }
    close(fd);
}

void disk_image(const struct disk *d, uint64_t seed, const char *folder)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct name *names = arena_array(&mem, struct name, d->namings.len + 1);
    uint64_t state = seed;
    size_t until = d->namings_synced + below(&state, d->namings.len - d->namings_synced + 1);
    size_t count = names_then(d, until, names);
    struct buf text = {0};
    for (size_t i = 0; i < count; i++) {
        CLEANUP(buf_clear) struct buf bytes = {0};
        const struct file *f = d->files.ptr[names[i].id];
        struct str name = str_sub(names[i].path, d->root.len + 1, names[i].path.len);
        enum fate fate = (enum fate)below(&state, FATE_COUNT);
        if (str_find_char(name, '/') != SIZE_MAX)
            continue;
        buf_add(&bytes, buf_str(&f->synced));
        survive(&bytes, f, &state, fate);
        write_file(folder, name, buf_str(&bytes));
        if (f->pending.len > 0)
            buf_printf(&text, "%zu unsynced writes of " STR_FMT ": %s; ", f->pending.len,
                       STR_ARG(name), fate_names[fate]);
    }
    struct str shown = str_sub(buf_str(&text), 0, sizeof(d->description) - 1);
    char *to = ((struct disk *)(uintptr_t)d)->description;
    memcpy(to, shown.ptr ? shown.ptr : "", shown.len);
    to[shown.len] = '\0';
    buf_clear(&text);
}

const char *disk_describe(const struct disk *d)
{
    return d->description;
}
