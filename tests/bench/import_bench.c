/* What becomes of a document that is uploaded. Usage:
 *   import_bench read FILE TURNS   bytes to a tree; prints the median of CPU ms, and the peak MB
 *   import_bench import FILE       all that is done before it is stored; prints what was found */
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "catalog/service/service.h"

#define MOST_TURNS 99

static double cpu_ms(void)
{
    struct timespec at;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
    return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

static int by_size(const void *left, const void *right)
{
    const double *l = left, *r = right;
    return (*l > *r) - (*l < *r);
}

static bool read_again(struct str bytes, int turns, struct err *err)
{
    double times[MOST_TURNS];
    struct rusage usage;
    for (int i = 0; i < turns; i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        struct tree *doc = NULL;
        double start = cpu_ms();
        if (!tree_read(bytes, NULL, &mem, &doc, err))
            return false;
        times[i] = cpu_ms() - start;
    }
    qsort(times, (size_t)turns, sizeof(*times), by_size);
    getrusage(RUSAGE_SELF, &usage);
    printf("cpu %.1f peak %.1f\n", times[turns / 2], (double)usage.ru_maxrss / 1024);
    return true;
}

static bool import(struct str bytes, const char *name, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct import import = {0};
    if (!import_read(bytes, str_from(name), NULL, &mem, &import, err))
        return false;
    size_t findings = 0;
    (void)tree_findings(oas_file_at(import.documents, 0)->doc, &findings);
    printf("%zu operations, %zu findings, packed to %zu bytes\n", import.summary.operation_count,
           findings, import.files[0].packed.len);
    return true;
}

int main(int argc, char **argv)
{
    CLEANUP(buf_clear) struct buf bytes = {0};
    struct err err = {0};
    bool again = argc == 4 && strcmp(argv[1], "read") == 0;
    int64_t turns = 0;
    if ((!again && !(argc == 3 && strcmp(argv[1], "import") == 0)) ||
        (again && (!str_to_i64(str_from(argv[3]), &turns) || turns < 1 || turns > MOST_TURNS))) {
        fprintf(stderr, "usage: import_bench read FILE TURNS | import FILE\n");
        return EXIT_FAILURE;
    }
    bool ok = crypto_init() && file_read(argv[2], (size_t)64 << 20, &bytes, &err) &&
              (again ? read_again(buf_str(&bytes), (int)turns, &err)
                     : import(buf_str(&bytes), argv[2], &err));
    if (!ok)
        fprintf(stderr, "%s: %s\n", err.where, err.msg);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
