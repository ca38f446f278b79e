/* The access image: patched after each change of access, handed to readers by one atomic pointer,
 * and folded and filed by a thread of its own, the keeper. */
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "catalog/service/internal.h"

#define FOLD_BYTES    ((size_t)768 * 1024) /* of a patch: joining one takes some 2 ms then */
#define FILE_QUIET_MS INT64_C(1000)  /* a patch is filed when nothing has changed for so long */
#define FILE_LATE_MS  INT64_C(10000) /* and at the latest then */
#define REAP_MS       INT64_C(200)
#define MS_NS         INT64_C(1000000)

/* An image's bytes; several publications share them. */
struct base {
    struct buf bytes;
    struct access_image image;
    unsigned refs; /* guarded by the lists' lock */
};

/* An image with its patch; freed once no reader can hold it any more. */
struct published {
    struct base *base;
    struct buf patch;
    struct access_image over, image; /* the patch alone; both */
    struct published *older;
};

/* A reader announces what it reads; the publisher frees only what nobody has announced. */
struct image_reader {
    struct images *images;
    _Atomic(struct published *) holds;
    struct image_reader *next;
};

struct images {
    _Atomic(struct published *) current;
    pthread_mutex_t lock; /* guards the lists; readers that get an image do not take it */
    struct published *retired;
    struct image_reader *readers;
    uint64_t serial; /* of the newest */

    pthread_mutex_t change; /* who holds it may publish: the writer, or the keeper for a moment */
    pthread_cond_t work;    /* for the keeper */
    bool stopping, keeping;
    size_t fold_bytes;
    bool folding;     /* the keeper makes one image of what was current then */
    struct buf since; /* the patch of all that came meanwhile; empty: nothing did */
    int64_t changed_ms, first_changed_ms; /* steady; 0: the files hold what is published */
    uint64_t filed;                       /* checksum of the image in the file */
    pthread_t keeper;
    struct image_reader *keeper_reader;

    char *file;
    const struct log *log;
    struct concerns *concerns;
};

/* --- what is published ------------------------------------------------------------------------ */

static void base_free(struct base *base)
{
    buf_clear(&base->bytes);
    free(base);
}

/* With `lock` held, or nobody else about. */
static void published_free(struct published *p)
{
    if (p == NULL)
        return;
    if (--p->base->refs == 0)
        base_free(p->base);
    buf_clear(&p->patch);
    free(p);
}

static bool held(const struct images *i, const struct published *p)
{
    for (const struct image_reader *r = i->readers; r != NULL; r = r->next)
        if (atomic_load(&r->holds) == p)
            return true;
    return false;
}

/* Frees what nobody reads any more; true when something is still read. */
static bool reap(struct images *i)
{
    pthread_mutex_lock(&i->lock);
    for (struct published **at = &i->retired; *at != NULL;) {
        struct published *p = *at;
        if (held(i, p)) {
            at = &p->older;
            continue;
        }
        *at = p->older;
        published_free(p);
    }
    bool left = i->retired != NULL;
    pthread_mutex_unlock(&i->lock);
    return left;
}

static void publish(struct images *i, struct published *fresh)
{
    struct published *old = atomic_exchange(&i->current, fresh);
    pthread_mutex_lock(&i->lock);
    if (old != NULL) {
        old->older = i->retired;
        i->retired = old;
    }
    pthread_mutex_unlock(&i->lock);
    (void)reap(i);
}

/* Takes the bytes of an image that is open already. */
static struct base *base_of(struct buf *bytes, const struct access_image *image)
{
    struct base *base = mem_new_of(struct base);
    base->bytes = *bytes;
    base->image = *image;
    *bytes = (struct buf){0};
    return base;
}

/* NULL when the bytes are no image; they stay the caller's then. */
static struct base *base_new(struct buf *bytes, struct err *err)
{
    struct access_image image;
    return access_open(buf_str(bytes), &image, err) ? base_of(bytes, &image) : NULL;
}

/* An image of a base and a patch, whose bytes it takes, also when it fails; NULL then. */
static struct published *published_new(struct images *i, struct base *base, struct buf *patch,
                                       struct err *err)
{
    struct published *p = mem_new_of(struct published);
    pthread_mutex_lock(&i->lock);
    base->refs++;
    uint64_t serial = ++i->serial;
    pthread_mutex_unlock(&i->lock);
    p->base = base;
    p->image = base->image;
    p->patch = *patch;
    *patch = (struct buf){0};
    if (p->patch.len == 0 || (access_open(buf_str(&p->patch), &p->over, err) &&
                              access_lay(&base->image, &p->over, &p->image, err))) {
        p->image.serial = serial;
        return p;
    }
    pthread_mutex_lock(&i->lock);
    published_free(p);
    pthread_mutex_unlock(&i->lock);
    return NULL;
}

/* --- readers ---------------------------------------------------------------------------------- */

static struct image_reader *reader_new(struct images *i)
{
    struct image_reader *r = mem_new_of(struct image_reader);
    r->images = i;
    pthread_mutex_lock(&i->lock);
    r->next = i->readers;
    i->readers = r;
    pthread_mutex_unlock(&i->lock);
    return r;
}

struct image_reader *image_reader_open(struct catalog *c)
{
    return reader_new(c->images);
}

void image_reader_close(struct image_reader *r)
{
    if (r == NULL)
        return;
    struct images *i = r->images;
    pthread_mutex_lock(&i->lock);
    struct image_reader **at = &i->readers;
    while (*at != r)
        at = &(*at)->next;
    *at = r->next;
    pthread_mutex_unlock(&i->lock);
    free(r);
}

/* Announce, then look again: if it is still the current one, the publisher will see the
 * announcement. */
static struct published *hold(struct image_reader *r)
{
    struct published *p;
    do {
        p = atomic_load(&r->images->current);
        atomic_store(&r->holds, p);
    } while (p != atomic_load(&r->images->current));
    return p;
}

const struct access_image *image_get(struct image_reader *r)
{
    const struct published *p = hold(r);
    return p ? &p->image : NULL;
}

void image_idle(struct image_reader *r)
{
    atomic_store_explicit(&r->holds, NULL, memory_order_release);
}

/* --- publishing (with `change` held) ---------------------------------------------------------- */

/* The keeper files what has changed, and folds a patch that has grown. */
static void note_change(struct images *i)
{
    i->changed_ms = clock_steady_ms();
    if (i->first_changed_ms == 0)
        i->first_changed_ms = i->changed_ms;
    pthread_cond_signal(&i->work);
}

/* Whatever the keeper is folding is of no use any more. */
static bool publish_all(struct images *i, struct store *s, int64_t now_ms, struct err *err)
{
    CLEANUP(buf_clear) struct buf bytes = {0};
    struct buf none = {0};
    i->folding = false;
    buf_clear(&i->since);
    if (!image_load(s, now_ms, &bytes, err))
        return false;
    struct base *base = base_new(&bytes, err);
    struct published *fresh = base ? published_new(i, base, &none, err) : NULL;
    if (fresh == NULL)
        return false;
    concerns_restart(i->concerns, fresh->image.version);
    publish(i, fresh);
    return true;
}

/* Groups that are concerned have the patch's number from now on. */
static size_t moved_groups(const struct access_concern *concerns, size_t count, uint64_t version,
                           struct arena *mem, struct access_group **out)
{
    struct access_group *rows = arena_array(mem, struct access_group, count);
    size_t groups = 0;
    for (size_t i = 0; i < count; i++) {
        size_t k = 0;
        while (k < groups && !str_eq(rows[k].slug, concerns[i].group))
            k++;
        if (k == groups)
            rows[groups++] = (struct access_group){concerns[i].group, version};
    }
    *out = rows;
    return groups;
}

/* What came since the keeper began is patched to what it makes, later. */
static bool join_since(struct images *i, const struct access_image *patch,
                       const struct access_group *groups, size_t group_count, struct err *err)
{
    struct access_image since;
    struct buf joined = {0};
    if (!i->folding)
        return true;
    bool any = i->since.len > 0;
    if ((any && !access_open(buf_str(&i->since), &since, err)) ||
        !access_join(any ? &since : NULL, patch, 1, groups, group_count, &joined, err)) {
        buf_clear(&joined);
        return false;
    }
    buf_clear(&i->since);
    i->since = joined;
    return true;
}

static bool publish_touched(struct images *i, struct store *s, const struct touches *touches,
                            int64_t now_ms, struct err *err)
{
    const struct published *now =
        atomic_load(&i->current); /* only who holds `change` replaces it */
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf bytes = {0};
    CLEANUP(buf_clear) struct buf joined = {0};
    struct access_image patch;
    const struct access_concern *concerns = NULL;
    struct access_group *groups = NULL;
    if (!image_load_touched(s, &now->image, touches, now_ms, &bytes, err) ||
        !access_open(buf_str(&bytes), &patch, err))
        return false;
    size_t count = access_concerns(&now->image, &patch, &mem, &concerns);
    size_t group_count = moved_groups(concerns, count, patch.version, &mem, &groups);
    if (!access_join(now->patch.len > 0 ? &now->over : NULL, &patch,
                     access_checksum(&now->base->image), groups, group_count, &joined, err) ||
        !join_since(i, &patch, groups, group_count, err))
        return false;
    struct published *fresh = published_new(i, now->base, &joined, err);
    if (fresh == NULL)
        return false;
    concerns_add(i->concerns, fresh->image.version, concerns, count);
    publish(i, fresh);
    return true;
}

bool images_publish(struct images *i, struct store *s, const struct touches *touches,
                    int64_t now_ms, struct err *err)
{
    pthread_mutex_lock(&i->change);
    bool whole = atomic_load(&i->current) == NULL || touches->all || touches->count == 0;
    bool ok = whole ? publish_all(i, s, now_ms, err) : publish_touched(i, s, touches, now_ms, err);
    if (!ok)
        publish(i, NULL);
    note_change(i);
    pthread_mutex_unlock(&i->change);
    return ok;
}

/* --- the keeper ------------------------------------------------------------------------------- */

/* Puts the folded image in place, with what came meanwhile over it. */
static bool take_folded(struct images *i, struct buf *folded, struct err *err)
{
    CLEANUP(buf_clear) struct buf patch = {0};
    struct access_image since;
    struct base *base = base_new(folded, err);
    if (base == NULL)
        return false;
    if (i->since.len > 0 &&
        (!access_open(buf_str(&i->since), &since, err) ||
         !access_join(NULL, &since, access_checksum(&base->image), NULL, 0, &patch, err))) {
        base_free(base);
        return false;
    }
    struct published *fresh = published_new(i, base, &patch, err);
    if (fresh == NULL)
        return false;
    publish(i, fresh);
    return true;
}

/* Nothing waits for the keeper but a change that comes in the moment it puts the result in place.
 */
static void fold(struct images *i)
{
    CLEANUP(buf_clear) struct buf folded = {0};
    struct err err = {0};
    i->folding = true;
    const struct published *from = hold(i->keeper_reader);
    pthread_mutex_unlock(&i->change);
    bool ok = access_fold(&from->image, &folded, &err);
    pthread_mutex_lock(&i->change);
    if (ok && i->folding) /* else all has been built anew meanwhile */
        ok = take_folded(i, &folded, &err);
    if (!ok)
        log_err(i->log, "the access image could not be folded", &err);
    i->folding = false;
    buf_clear(&i->since);
    image_idle(i->keeper_reader);
}

static bool write_files(struct images *i, const struct published *p, struct err *err)
{
    uint64_t checksum = access_checksum(&p->base->image);
    if (i->filed != checksum && !image_file_write(i->file, p->base->image.bytes, err))
        return false;
    i->filed = checksum;
    return p->patch.len == 0 || image_file_write_patch(i->file, buf_str(&p->patch), err);
}

/* A file that cannot be written costs a slower start, so the old one is kept and told of. */
static void file_away(struct images *i)
{
    struct err err = {0};
    const struct published *p = hold(i->keeper_reader);
    i->first_changed_ms = 0;
    pthread_mutex_unlock(&i->change);
    if (p != NULL && !write_files(i, p, &err))
        log_err(i->log, "the access image could not be filed", &err);
    pthread_mutex_lock(&i->change);
    image_idle(i->keeper_reader);
}

static bool must_fold(const struct images *i)
{
    const struct published *p = atomic_load(&i->current);
    return p != NULL && p->patch.len > i->fold_bytes;
}

/* When the files are due; INT64_MAX: they hold all. */
static int64_t file_due(const struct images *i)
{
    int64_t quiet = i->changed_ms + FILE_QUIET_MS, late = i->first_changed_ms + FILE_LATE_MS;
    if (i->first_changed_ms == 0)
        return INT64_MAX;
    return quiet < late ? quiet : late;
}

static void sleep_until(struct images *i, int64_t due_ms)
{
    if (due_ms == INT64_MAX) {
        pthread_cond_wait(&i->work, &i->change);
        return;
    }
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    int64_t wait_ms = due_ms - clock_steady_ms();
    int64_t ns = at.tv_nsec + (wait_ms > 0 ? wait_ms : 0) % 1000 * MS_NS;
    at.tv_sec += (wait_ms > 0 ? wait_ms : 0) / 1000 + ns / (1000 * MS_NS);
    at.tv_nsec = ns % (1000 * MS_NS);
    pthread_cond_timedwait(&i->work, &i->change, &at);
}

static void *keep(void *images)
{
    struct images *i = images;
    pthread_mutex_lock(&i->change);
    while (!i->stopping) {
        int64_t due = file_due(i);
        if (must_fold(i)) {
            fold(i);
        } else if (due <= clock_steady_ms()) {
            file_away(i);
        } else {
            if (reap(i) && due > clock_steady_ms() + REAP_MS)
                due = clock_steady_ms() + REAP_MS;
            sleep_until(i, due);
        }
    }
    if (i->first_changed_ms != 0)
        file_away(i);
    pthread_mutex_unlock(&i->change);
    return NULL;
}

/* --- life ------------------------------------------------------------------------------------- */

struct images *images_new(const char *file, const struct log *log)
{
    struct images *i = mem_new_of(struct images);
    pthread_condattr_t steady;
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&i->work, &steady);
    pthread_condattr_destroy(&steady);
    pthread_mutex_init(&i->lock, NULL);
    pthread_mutex_init(&i->change, NULL);
    i->fold_bytes = FOLD_BYTES;
    i->file = strdup(file);
    i->log = log;
    i->concerns = concerns_new();
    i->keeper_reader = reader_new(i);
    return i;
}

static bool open_file(struct images *i, struct store *s, struct err *err)
{
    CLEANUP(buf_clear) struct buf bytes = {0};
    CLEANUP(buf_clear) struct buf patch = {0};
    struct access_image image;
    struct sha256 stamp;
    uint64_t seq = 0;
    if (!access_state(s, &seq, &stamp, err) ||
        !image_file_read(i->file, seq, &stamp, &bytes, &image, &patch, err))
        return false;
    struct base *base = base_of(&bytes, &image);
    struct published *fresh = published_new(i, base, &patch, err);
    if (fresh == NULL)
        return false;
    i->filed = access_checksum(&base->image);
    concerns_restart(i->concerns, fresh->image.version);
    publish(i, fresh);
    return true;
}

bool images_open(struct images *i, struct store *s, int64_t now_ms, struct err *err)
{
    struct err why = {0};
    image_file_tidy(i->file);
    if (open_file(i, s, &why)) {
        log_info(i->log, "the access image was read from its file",
                 LOG_STR("file", str_from(i->file)));
    } else {
        if (why.code != ERR_NOT_FOUND)
            log_err(i->log, "the access image's file is not used", &why);
        if (!publish_all(i, s, now_ms, err))
            return false;
        note_change(i);
    }
    i->keeping = pthread_create(&i->keeper, NULL, keep, i) == 0;
    return i->keeping || fail(err, ERR_IO, "", "cannot start the access image's thread");
}

void images_rest(struct images *i)
{
    pthread_mutex_lock(&i->change);
    i->stopping = true;
    pthread_cond_signal(&i->work);
    pthread_mutex_unlock(&i->change);
    if (i->keeping)
        pthread_join(i->keeper, NULL);
    i->keeping = i->stopping = false;
}

void images_free(struct images *i)
{
    if (i == NULL)
        return;
    images_rest(i);
    image_reader_close(i->keeper_reader);
    published_free(atomic_load(&i->current));
    while (i->retired != NULL) {
        struct published *p = i->retired;
        i->retired = p->older;
        published_free(p);
    }
    concerns_free(i->concerns);
    buf_clear(&i->since);
    pthread_cond_destroy(&i->work);
    pthread_mutex_destroy(&i->change);
    pthread_mutex_destroy(&i->lock);
    free(i->file);
    free(i);
}

void images_fold_at(struct images *i, size_t patch_bytes)
{
    pthread_mutex_lock(&i->change);
    i->fold_bytes = patch_bytes;
    pthread_cond_signal(&i->work);
    pthread_mutex_unlock(&i->change);
}

bool catalog_changes(struct catalog *c, struct str group, uint64_t since, struct arena *mem,
                     struct access_changes *out)
{
    return concerns_since(c->images->concerns, group, since, mem, out);
}
