/* crash_images LOG FACTS ROOT SCRATCH SEED COUNT all|none|normal [IMAGE]
 *
 * Makes COUNT images of what a power loss could have left at moments of the log, opens each as
 * `chanceryd check` does, and looks for what had been acknowledged. With IMAGE only that one is
 * made. Prints the first wrong ones and "images: N good, N bad". Exit 0 when it ran, also with bad
 * ones. */
#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalog/service/service.h"
#include "tests/crash/disk.h"
#include "tests/crash/facts.h"
#include "tests/crash/grants.h"

#define LOG_MOST   ((size_t)2 << 30)
#define SHOWN_MOST 3
#define COPY_EACH  8 /* images: a copy does not change any more */
#define DATABASE   "chancery.db"
#define COPY       "copy.db"

struct run {
    struct str log, root;
    struct facts *facts;
    const char *scratch;
    uint64_t seed;
    enum disk_syncs syncs;
    int64_t only;
    size_t good, bad;
};

static const struct log silent = {.fd = -1, .least = LOG_ERROR, .clock = &clock_system};

static void empty_folder(const char *path)
{
    DIR *dir = opendir(path);
    if (dir == NULL)
        return;
    for (struct dirent *e = readdir(dir); e != NULL; e = readdir(dir))
        if (e->d_name[0] != '.')
            unlinkat(dirfd(dir), e->d_name, 0);
    closedir(dir);
}

/* What `chanceryd check` does; and decisions must be what the rows say. */
static bool check_catalog(const char *path, struct arena *mem, struct str *problem, struct err *err)
{
    const struct catalog_config config = {.path = path, .clock = &clock_system, .log = &silent};
    struct catalog *catalog = NULL;
    struct catalog_report report = {0};
    struct view *view = NULL;
    if (!catalog_open(&config, &catalog, err))
        return false;
    bool ok = view_open(catalog, &view, err) && catalog_check(view, mem, &report, err);
    *problem = report.problem;
    ok = ok && (problem->ptr != NULL || grants_check(catalog, path, mem, problem, err));
    view_close(view);
    catalog_close(catalog);
    return ok;
}

/* A copy that was reported as made is whole, too. */
static bool check_copy(const struct run *r, uint64_t position, struct arena *mem,
                       struct str *problem, struct err *err)
{
    const char *path = arena_printf(mem, "%s/" COPY, r->scratch).ptr;
    if (problem->ptr != NULL || (r->good + r->bad) % COPY_EACH != 0 ||
        !facts_marked(r->facts, COPY, position))
        return true;
    return check_catalog(path, mem, problem, err) || err_at(err, COPY);
}

static bool check_image(const struct run *r, uint64_t position, struct arena *mem,
                        struct str *problem, struct err *err)
{
    const char *path = arena_printf(mem, "%s/" DATABASE, r->scratch).ptr;
    if (!facts_marked(r->facts, "init", position)) /* nobody was told that there is a catalog */
        return true;
    if (!check_catalog(path, mem, problem, err))
        return false;
    if (problem->ptr == NULL && !facts_check(r->facts, path, position, mem, problem, err))
        return false;
    return check_copy(r, position, mem, problem, err);
}

static void one_image(struct run *r, const struct disk *d, size_t number)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str problem = STR_NONE;
    struct err err = {0};
    empty_folder(r->scratch);
    disk_image(d, r->seed * 1000003 + number, r->scratch);
    if (r->only >= 0) {
        printf("image %zu is in %s: %s\n", number, r->scratch, disk_describe(d));
        return;
    }
    if (!check_image(r, disk_position(d), &mem, &problem, &err))
        problem = arena_printf(&mem, "%s: %s", err.where, err.msg);
    if (problem.ptr == NULL) {
        r->good++;
        return;
    }
    if (++r->bad <= SHOWN_MOST)
        printf("image %zu of seed %llu, log at %llu: " STR_FMT " (%s)\n", number,
               (unsigned long long)r->seed, (unsigned long long)disk_position(d), STR_ARG(problem),
               disk_describe(d));
}

static size_t records(const struct run *r)
{
    struct disk *d = disk_new(r->log, r->root, SYNCS_ALL);
    size_t n = 0;
    while (disk_step(d))
        n++;
    disk_free(d);
    return n;
}

/* The moments are spread evenly, each a little moved by the seed. */
static void all_images(struct run *r, size_t count)
{
    size_t total = records(r), at = 0;
    struct disk *d = disk_new(r->log, r->root, r->syncs);
    for (size_t number = 0; number < count; number++) {
        size_t moment =
            number * total / count + (size_t)(r->seed * (number + 7) % (total / count + 1));
        while (at < moment && disk_step(d))
            at++;
        if (r->only < 0 || (size_t)r->only == number)
            one_image(r, d, number);
        if (r->only >= 0 && (size_t)r->only == number)
            break;
    }
    disk_free(d);
}

static bool syncs_from(const char *name, enum disk_syncs *out)
{
    static const char *const names[] = {
        [SYNCS_ALL] = "all", [SYNCS_NONE] = "none", [SYNCS_NORMAL] = "normal"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(name, names[i]) == 0) {
            *out = (enum disk_syncs)i;
            return true;
        }
    return false;
}

int main(int argc, char **argv)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf log = {0};
    struct run r = {.only = -1};
    struct err err = {0};
    int64_t seed = 0, count = 0;
    if (argc < 8 || argc > 9 || !str_to_i64(str_from(argv[5]), &seed) ||
        !str_to_i64(str_from(argv[6]), &count) || !syncs_from(argv[7], &r.syncs) ||
        (argc == 9 && !str_to_i64(str_from(argv[8]), &r.only))) {
        fputs("usage: crash_images LOG FACTS ROOT SCRATCH SEED COUNT all|none|normal [IMAGE]\n",
              stderr);
        return 2;
    }
    if (!crypto_init() || !file_read(argv[1], LOG_MOST, &log, &err) ||
        !facts_read(argv[2], &mem, &r.facts, &err)) {
        fprintf(stderr, "%s: %s\n", err.where, err.msg);
        return 1;
    }
    r.log = buf_str(&log);
    r.root = str_from(argv[3]);
    r.scratch = argv[4];
    r.seed = (uint64_t)seed;
    all_images(&r, (size_t)count);
    printf("images: %zu good, %zu bad\n", r.good, r.bad);
    return 0;
}
