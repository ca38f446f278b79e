/* Opening and closing the catalog; handing changes to the writer; what happens after a COMMIT. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "catalog/service/internal.h"

#define ID_LANE_WRITER 1
#define ID_TIME_SHIFT  20
#define ID_MARGIN_MS   1000 /* rows of the last change that are no subject of an event */

bool catalog_create(const char *path, const struct clock *clock, struct err *err)
{
    UNUSED(clock);
    return store_create(path, err);
}

/* --- after a commit --------------------------------------------------------------------------- */

/* False: some of it is still to be done. Until then nothing is let through (no image), and the
 * change counts as not yet told. */
static bool publish_image(struct catalog *c, struct store *s)
{
    struct err err = {0};
    if (images_publish(c->images, s, &c->touched, clock_now_ms(c->config.clock), &err)) {
        c->touched.count = 0;
        c->touched.all = false;
        return true;
    }
    log_err(c->config.log, "the access image could not be built; calls are refused", &err);
    return false;
}

static bool committed(void *context, struct store *s)
{
    struct catalog *c = context;
    struct err err = {0};
    int64_t seq = 0;
    unsigned flags = c->pending_flags;
    if (!store_number(s, STMT_EVENT_LAST_SEQ, NO_ARGS, 0, &seq, &err)) {
        log_err(c->config.log, "the last event could not be read", &err);
        return false;
    }
    if ((flags & COMMIT_ACCESS) && !publish_image(c, s))
        return false;
    c->pending_flags = 0;
    if (c->config.on_commit != NULL)
        c->config.on_commit(c->config.context, (uint64_t)seq, flags);
    return true;
}

/* --- life ----------------------------------------------------------------------------------------
 */

/* Ids go on behind the highest that is known, also when the clock has been set back meanwhile. */
static bool continue_ids(struct catalog *c, struct store *s, struct err *err)
{
    struct id_source probe = {0};
    int64_t now_ms = clock_now_ms(c->config.clock), last = 0;
    int64_t zero_ms = now_ms - (id_next(&probe, now_ms) >> ID_TIME_SHIFT);
    if (!store_number(s, STMT_EVENT_LAST_ID, NO_ARGS, 0, &last, err))
        return false;
    if (last > 0)
        c->ids.last_ms = (last >> ID_TIME_SHIFT) + zero_ms + ID_MARGIN_MS;
    return true;
}

static bool start(struct catalog *c, struct err *err)
{
    struct view *view = NULL;
    if (!view_open(c, &view, err))
        return false;
    bool ok = continue_ids(c, view->store, err) &&
              images_open(c->images, view->store, clock_now_ms(c->config.clock), err);
    view_close(view);
    return ok;
}

bool catalog_start_writer(struct catalog *c, struct err *err)
{
    if (!writer_start(c->path, committed, c, &c->writer, err))
        return false;
    if (start(c, err))
        return true;
    writer_stop(c->writer);
    c->writer = NULL;
    return false;
}

/* Taken, or adopted from the process that has it so far. */
static bool lock(struct catalog *c, struct err *err)
{
    if (c->config.lock_fd <= 0)
        return store_lock(c->path, &c->lock_fd, err);
    c->lock_fd = c->config.lock_fd;
    return store_lock_is_of(c->path, c->lock_fd, err);
}

static struct images *images_new_beside(const struct catalog_config *config)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    return images_new(arena_printf(&mem, "%s.access", config->path).ptr, config->log);
}

bool catalog_open(const struct catalog_config *config, struct catalog **out, struct err *err)
{
    struct catalog *c = mem_new_of(struct catalog);
    c->config = *config;
    c->path = strdup(config->path);
    c->lock_fd = -1;
    c->ids.lane = ID_LANE_WRITER;
    c->images = images_new_beside(config);
    c->gate = gate_new();
    bool ok = access(config->path, F_OK) == 0 ||
              fail(err, ERR_NOT_FOUND, config->path, "there is no catalog");
    if (!ok || !lock(c, err) || !catalog_start_writer(c, err)) {
        catalog_close(c);
        return false;
    }
    *out = c;
    return true;
}

void catalog_close(struct catalog *c)
{
    if (c == NULL)
        return;
    writer_stop(c->writer);
    images_free(c->images);
    gate_free(c->gate);
    if (c->lock_fd >= 0)
        close(c->lock_fd);
    free(c->path);
    free(c);
}

bool view_open(struct catalog *c, struct view **out, struct err *err)
{
    struct view *v = mem_new_of(struct view);
    v->catalog = c;
    if (!store_open(c->path, STORE_READER, &v->store, err)) {
        free(v);
        return false;
    }
    *out = v;
    return true;
}

void view_close(struct view *v)
{
    if (v == NULL)
        return;
    store_close(v->store);
    free(v);
}

/* --- changes -------------------------------------------------------------------------------------
 */

struct call {
    struct catalog *catalog;
    change_fn *fn;
    const void *in;
    struct arena *mem;
    void *out;
};

/* The image's version is the last event that changed access, also after a restart. */
static bool note_access(struct txn *txn, struct err *err)
{
    int64_t seq = 0;
    if ((txn->flags & COMMIT_ACCESS) == 0)
        return true;
    return store_number(txn->store, STMT_EVENT_LAST_SEQ, NO_ARGS, 0, &seq, err) &&
           store_run(txn->store, STMT_META_SET,
                     ARGS(arg_text(STR("access")), arg_i64(seq), arg_text(STR_NONE)), NULL, err);
}

void touch(struct txn *txn, enum touch_kind kind, int64_t id)
{
    struct touches *t = &txn->catalog->touched;
    txn->flags |= COMMIT_ACCESS;
    if (t->count < TOUCHES_MOST)
        t->rows[t->count++] = (struct touch){kind, id};
    else
        t->all = true;
}

/* On the writer's thread, inside the change's savepoint. */
static bool run_call(void *context, struct store *s, struct err *err)
{
    const struct call *call = context;
    const struct change *c = call->in;
    struct touches *touched = &call->catalog->touched;
    size_t touched_before = touched->count;
    bool done = false;
    struct txn txn = {
        .catalog = call->catalog, .store = s, .now_ms = clock_now_ms(call->catalog->config.clock)};
    if (!replay_look(&txn, c, call->mem, &done, err))
        return false;
    if (done)
        return true;
    if (!call->fn(&txn, call->in, call->mem, call->out, err) ||
        !replay_keep(&txn, c, call->out, err) || !note_access(&txn, err)) {
        touched->count = touched_before;
        return false;
    }
    call->catalog->pending_flags |= txn.flags;
    return true;
}

static bool submit(struct catalog *c, change_fn *fn, const void *in, struct arena *mem, void *out,
                   struct err *err)
{
    struct call call = {c, fn, in, mem, out};
    struct write_job job = {.run = run_call, .context = &call, .err = err};
    if (!gate_enter(c->gate, err))
        return false;
    bool ok = writer_run(c->writer, &job);
    gate_leave(c->gate);
    return ok;
}

/* --- passwords: hashed on the caller's thread, and only for those who may set one ---------------
 */

static change_fn *password_guard(change_fn *fn)
{
    static const struct {
        change_fn *fn, *guard;
    } guards[] = {
        {user_create,     user_password_wanted },
        {user_patch,      user_password_wanted },
        {password_change, own_password_wanted  },
        {setup_use,       setup_password_wanted},
    };
    for (size_t i = 0; i < COUNT_OF(guards); i++)
        if (guards[i].fn == fn)
            return guards[i].guard;
    return NULL;
}

static bool hash_password(struct catalog *c, change_fn *guard, struct change *change,
                          struct arena *mem, struct err *err)
{
    struct str password = body_text(change, "password");
    if (password.ptr == NULL)
        return true;
    const struct change asking = {
        .by = change->by, .body = change->body, .if_match = IF_MATCH_NONE};
    if (!submit(c, guard, &asking, mem, NULL, err))
        return false;
    if (password.len < PASSWORD_LEAST || password.len > PASSWORD_MOST)
        return fail(err, ERR_INVALID, "/password", "must have %d to %d characters", PASSWORD_LEAST,
                    PASSWORD_MOST);
    return password_hash(password, mem, &change->password_hash, err);
}

/* --- documents: judged on the caller's thread, as far as that is needed -------------------------
 */

/* Of an upload, or of what would be published next. */
static bool assess_change(struct catalog *c, struct change *change, struct arena *mem,
                          struct err *err)
{
    struct view *v = NULL;
    struct api api = {0};
    struct version version = {0};
    struct assessment_made *made = arena_new(mem, struct assessment_made);
    if (!view_open(c, &v, err))
        return false;
    bool ok = true;
    if (change->import != NULL) {
        ok = import_assess(v, change->by, change->args, change->import, mem, made, err);
    } else if (catalog_api(v, change->by, change->args, mem, &api, err) &&
               catalog_version(v, change->by, change->args, mem, &version, err)) {
        const struct assessing what = {
            .api = &api, .version = &version, .revision_id = next_revision(&version)};
        ok = assess(v->store, &what, mem, made, err);
    } else {
        ok = false;
    }
    view_close(v);
    change->assessed = made;
    return ok;
}

static bool wants_assessment(const struct err *err)
{
    return err->code == ERR_STALE && strcmp(err->where, ASSESSMENT_WANTED) == 0;
}

/* Rulesets may change while a document is being judged: then once more, for the last time. */
static bool submit_assessed(struct catalog *c, change_fn *fn, const struct change *in,
                            struct arena *mem, void *out, struct err *err)
{
    struct change change = *in;
    struct err why = {0};
    if (change.import != NULL && change.assessed == NULL && !assess_change(c, &change, mem, err))
        return false;
    if (submit(c, fn, &change, mem, out, &why) ||
        (wants_assessment(&why) && assess_change(c, &change, mem, &why) &&
         submit(c, fn, &change, mem, out, &why)))
        return true;
    if (wants_assessment(&why)) {
        (void)fail(&why, ERR_BUSY, "", "what the publish gate judges by is changing right now");
        (void)err_hint(&why, "try again");
    }
    if (err != NULL)
        *err = why;
    return false;
}

bool catalog_change(struct catalog *c, change_fn *fn, const void *in, struct arena *mem, void *out,
                    struct err *err)
{
    change_fn *guard = password_guard(fn);
    if (fn == revision_add || fn == version_stage)
        return submit_assessed(c, fn, in, mem, out, err);
    if (fn == ruleset_put_text && !ruleset_compiles(body_text(in, "text"), err))
        return false;
    if (guard == NULL)
        return submit(c, fn, in, mem, out, err);
    struct change change = *(const struct change *)in;
    return hash_password(c, guard, &change, mem, err) && submit(c, fn, &change, mem, out, err);
}

/* --- care ----------------------------------------------------------------------------------------
 */

const int catalog_schema = STORE_SCHEMA;
