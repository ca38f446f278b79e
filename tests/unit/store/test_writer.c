/* store: the writer's batches, under threads and failures. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalog/store/connection.h"
#include "catalog/store/transaction.h"
#include "tests/unit/store/scratch.h"
#include "tests/unit/test.h"

#define THREADS     8
#define JOBS        50 /* a thread */
#define EVERY_FAILS 7

struct fixture {
    struct scratch scratch;
    struct writer *writer;
    _Atomic int commits;
    _Atomic bool again; /* committed wants another call */
};

static bool count_commit(void *context, struct store *s)
{
    struct fixture *f = context;
    UNUSED(s);
    atomic_fetch_add(&f->commits, 1);
    return !atomic_exchange(&f->again, false);
}

static void begin(struct fixture *f)
{
    struct err err = {0};
    scratch_make(&f->scratch);
    CHECK_OK(store_create(f->scratch.path, &err), &err);
    CHECK_OK(writer_start(f->scratch.path, count_commit, f, &f->writer, &err), &err);
}

static void end(struct fixture *f)
{
    writer_stop(f->writer);
    CHECK_I64(scratch_number(f->scratch.path, "SELECT count(*) FROM pragma_integrity_check"
                                              " WHERE integrity_check <> 'ok'"),
              0);
    scratch_clear(&f->scratch);
}

static bool set(struct store *s, const char *name, int64_t number, struct err *err)
{
    return store_run(s, STMT_META_SET,
                     ARGS(arg_text(str_from(name)), arg_i64(number), arg_text(STR_NONE)), NULL,
                     err);
}

static bool get(struct store *s, const char *name, int64_t *number, struct err *err)
{
    return store_number(s, STMT_META, ARGS(arg_text(str_from(name))), 0, number, err);
}

static bool submit(struct fixture *f, bool (*run)(void *, struct store *, struct err *),
                   void *context, struct err *err)
{
    struct write_job job = {.run = run, .context = context, .err = err};
    return writer_run(f->writer, &job);
}

/* Adds one to a counter; every seventh call writes rubbish first and then fails. */
static bool add_one(void *context, struct store *s, struct err *err)
{
    const int *number = context;
    int64_t before = 0;
    if (*number % EVERY_FAILS == 0)
        return set(s, "sum", -1000, err) && set(s, "rubbish", 1, err) &&
               fail(err, ERR_CONFLICT, "", "on purpose");
    return get(s, "sum", &before, err) && set(s, "sum", before + 1, err);
}

struct thread {
    struct fixture *fixture;
    pthread_t id;
    int good, bad;
};

static void *run_jobs(void *context)
{
    struct thread *t = context;
    for (int i = 0; i < JOBS; i++) {
        struct err err = {0};
        bool ok = submit(t->fixture, add_one, &i, &err);
        t->good += ok;
        t->bad += !ok && err.code == ERR_CONFLICT;
    }
    return NULL;
}

TEST(test_a_failing_change_undoes_itself_and_no_other)
{
    struct fixture f = {0};
    struct thread threads[THREADS] = {0};
    int good = 0, bad = 0;
    begin(&f);
    for (int i = 0; i < THREADS; i++) {
        threads[i].fixture = &f;
        CHECK_I64(pthread_create(&threads[i].id, NULL, run_jobs, &threads[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        CHECK_I64(pthread_join(threads[i].id, NULL), 0);
        good += threads[i].good;
        bad += threads[i].bad;
    }
    CHECK_I64(bad, THREADS * ((JOBS + EVERY_FAILS - 1) / EVERY_FAILS));
    CHECK_I64(good + bad, THREADS * JOBS);
    CHECK(atomic_load(&f.commits) <= good);
    CHECK_I64(scratch_number(f.scratch.path, "SELECT number FROM meta WHERE name = 'sum'"), good);
    CHECK_I64(scratch_number(f.scratch.path, "SELECT count(*) FROM meta WHERE name = 'rubbish'"),
              0);
    end(&f);
}

struct gate {
    pthread_mutex_t lock;
    pthread_cond_t moved;
    bool entered, open;
};

static bool wait_at_gate(void *context, struct store *s, struct err *err)
{
    struct gate *g = context;
    pthread_mutex_lock(&g->lock);
    g->entered = true;
    pthread_cond_broadcast(&g->moved);
    while (!g->open)
        pthread_cond_wait(&g->moved, &g->lock);
    pthread_mutex_unlock(&g->lock);
    return set(s, "gate", 1, err);
}

struct gated {
    struct fixture *fixture;
    struct gate *gate;
    pthread_t id;
    int number;
    _Atomic bool *queued;
};

static void *run_gated(void *context)
{
    struct gated *g = context;
    struct err err = {0};
    if (g->gate != NULL) {
        CHECK_OK(submit(g->fixture, wait_at_gate, g->gate, &err), &err);
        return NULL;
    }
    atomic_store(g->queued, true);
    CHECK_OK(submit(g->fixture, add_one, &g->number, &err), &err);
    return NULL;
}

/* While one change holds the writer, others queue; what has queued shares commits. */
TEST(test_changes_that_wait_share_a_commit)
{
    struct fixture f = {0};
    struct gate gate = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, false};
    struct gated first = {.fixture = &f, .gate = &gate}, others[THREADS] = {0};
    _Atomic bool queued[THREADS] = {0};
    begin(&f);
    CHECK_I64(pthread_create(&first.id, NULL, run_gated, &first), 0);
    pthread_mutex_lock(&gate.lock);
    while (!gate.entered)
        pthread_cond_wait(&gate.moved, &gate.lock);
    pthread_mutex_unlock(&gate.lock);
    for (int i = 0; i < THREADS; i++) {
        others[i] = (struct gated){.fixture = &f, .number = 1, .queued = &queued[i]};
        CHECK_I64(pthread_create(&others[i].id, NULL, run_gated, &others[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        while (!atomic_load(&queued[i]))
            usleep(1000);
    usleep(100000); /* between "about to queue" and "queued"; late ones only weaken the test */
    pthread_mutex_lock(&gate.lock);
    gate.open = true;
    pthread_cond_broadcast(&gate.moved);
    pthread_mutex_unlock(&gate.lock);
    CHECK_I64(pthread_join(first.id, NULL), 0);
    for (int i = 0; i < THREADS; i++)
        CHECK_I64(pthread_join(others[i].id, NULL), 0);
    CHECK(atomic_load(&f.commits) < 1 + THREADS);
    CHECK_I64(scratch_number(f.scratch.path, "SELECT number FROM meta WHERE name = 'sum'"),
              THREADS);
    end(&f);
}

/* What SQLite does by itself after some failures of the disk. */
static bool lose_transaction(void *context, struct store *s, struct err *err)
{
    bool *wrote = context;
    if (!set(s, "lost", 1, err))
        return false;
    CHECK(sql_run(s->db, "ROLLBACK", NULL));
    *wrote = set(s, "stray", 1, NULL); /* a change that overlooks the failure */
    return true;
}

TEST(test_nothing_is_written_after_the_transaction_is_gone)
{
    struct fixture f = {0};
    struct err err = {0};
    bool wrote = true;
    int number = 1;
    begin(&f);
    CHECK(!submit(&f, lose_transaction, &wrote, &err));
    CHECK_I64(err.code, ERR_STORE);
    CHECK(!wrote);
    CHECK_I64(atomic_load(&f.commits), 0);
    CHECK_I64(scratch_number(f.scratch.path, "SELECT count(*) FROM meta"), 0);
    CHECK_OK(submit(&f, add_one, &number, &err), &err);
    end(&f);
}

static void limit_files(int64_t bytes)
{
    struct rlimit limit = {0};
    CHECK_I64(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes < 0 ? limit.rlim_max : (rlim_t)bytes;
    CHECK_I64(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

#define MUCH ((size_t)1 << 20)

static bool write_much(void *context, struct store *s, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    char *text = arena_alloc(&mem, MUCH);
    const int *letter = context; /* unchanged pages would not be written */
    memset(text, 'a' + *letter % 26, MUCH);
    return store_run(s, STMT_META_SET,
                     ARGS(arg_text(STR("much")), arg_i64(1), arg_text(((struct str){text, MUCH}))),
                     NULL, err);
}

/* A full disk: what was acknowledged stays, the failing change is answered, and the writer goes on
 * by itself once there is room. */
TEST(test_a_full_disk_fails_changes_and_then_passes)
{
    struct fixture f = {0};
    struct err err = {0};
    int number = 1;
    begin(&f);
    struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
    CHECK_I64(sigaction(SIGXFSZ, &ignore, &before), 0);
    CHECK_OK(submit(&f, add_one, &number, &err), &err);
    CLEANUP(arena_clear) struct arena mem = {0};
    struct stat log = {0};
    CHECK_I64(stat(scratch_beside(&f.scratch, "-wal", &mem), &log), 0);
    for (int round = 0; round < 3; round++) {
        limit_files(log.st_size + round * 8192);
        for (int i = 0; i < 3; i++) {
            err = (struct err){0};
            CHECK(!submit(&f, write_much, &i, &err));
            CHECK_I64(err.code, ERR_STORE);
        }
        limit_files(-1);
        CHECK_OK(submit(&f, add_one, &number, &err), &err);
        CHECK_I64(scratch_number(f.scratch.path, "SELECT number FROM meta WHERE name = 'sum'"),
                  round + 2);
        CHECK_I64(scratch_number(f.scratch.path, "SELECT count(*) FROM meta WHERE name = 'much'"),
                  0);
        CHECK_I64(stat(scratch_beside(&f.scratch, "-wal", &mem), &log), 0);
    }
    CHECK_OK(submit(&f, write_much, &number, &err), &err);
    CHECK_I64(atomic_load(&f.commits), 5);
    CHECK_I64(sigaction(SIGXFSZ, &before, NULL), 0);
    end(&f);
}

TEST(test_work_after_a_commit_that_failed_is_tried_again)
{
    struct fixture f = {0};
    struct err err = {0};
    int number = 1;
    begin(&f);
    atomic_store(&f.again, true);
    CHECK_OK(submit(&f, add_one, &number, &err), &err);
    for (int i = 0; i < 5000 && atomic_load(&f.commits) < 2; i++)
        usleep(1000);
    CHECK_I64(atomic_load(&f.commits), 2);
    end(&f);
}

TEST(test_the_log_does_not_grow_without_end)
{
    struct fixture f = {0};
    CLEANUP(arena_clear) struct arena mem = {0};
    struct stat log = {0};
    struct err err = {0};
    begin(&f);
    for (int i = 0; i < 40; i++)
        CHECK_OK(submit(&f, write_much, &i, &err), &err);
    CHECK_I64(stat(scratch_beside(&f.scratch, "-wal", &mem), &log), 0);
    CHECK(log.st_size < (int64_t)16 << 20);
    end(&f);
}

static bool count_rows(void *context, struct store *s, struct err *err)
{
    return get(s, "none", context, err);
}

TEST(test_a_change_without_effect_is_answered)
{
    struct fixture f = {0};
    int64_t number = -1;
    begin(&f);
    struct write_job job = {.run = count_rows, .context = &number}; /* nobody asks for the error */
    CHECK(writer_run(f.writer, &job));
    CHECK_I64(number, 0);
    end(&f);
}
