/* Reads and lists one document; prints CPU ms and peak memory. Usage: import_bench FILE */
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "catalog/openapi/openapi.h"

static double cpu_ms(void)
{
    struct timespec at;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
    return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

int main(int argc, char **argv)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf bytes = {0};
    struct tree *doc = NULL;
    struct oas_summary summary = {0};
    struct err err = {0};
    struct rusage usage;
    size_t findings = 0;
    if (argc != 2 || !file_read(argv[1], (size_t)64 << 20, &bytes, &err)) {
        fprintf(stderr, "usage: import_bench FILE %s\n", err.msg);
        return EXIT_FAILURE;
    }
    double start = cpu_ms();
    bool ok = tree_read(buf_str(&bytes), NULL, &mem, &doc, &err);
    double read = cpu_ms();
    ok = ok && oas_summarise(doc, &mem, &summary, &err);
    double end = cpu_ms();
    if (!ok) {
        fprintf(stderr, "%s: %s\n", err.where, err.msg);
        return EXIT_FAILURE;
    }
    getrusage(RUSAGE_SELF, &usage);
    (void)tree_findings(doc, &findings);
    printf(
        "bytes %zu  operations %zu  findings %zu  read_ms %.1f  list_ms %.1f  peak_rss_mb %.1f\n",
        bytes.len, summary.operation_count, findings, read - start, end - read,
        (double)usage.ru_maxrss / 1024);
    return EXIT_SUCCESS;
}
