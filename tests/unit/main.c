/* Runs every registered test and prints the counted closing line. */
#include <CUnit/Basic.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/unit/test.h"

static struct test *tests;
static unsigned skipped_shared, skipped_program;

void test_register(struct test *test)
{
    struct test **at = &tests;
    while (*at != NULL && strcmp((*at)->name, test->name) < 0)
        at = &(*at)->next;
    test->next = *at;
    *at = test;
}

void test_skip(const char *reason)
{
    if (strcmp(reason, "no-shared") == 0)
        skipped_shared++;
    else
        skipped_program++;
}

void test_counted(const char *suite, size_t right, size_t total, size_t listed)
{
    printf("\ncounted\t%s\t%zu\t%zu\t%zu\n", suite, right, total, listed);
}

void check_str(struct str got, struct str want, const char *expression, const char *file, int line)
{
    bool same = str_eq(got, want) && (got.ptr == NULL) == (want.ptr == NULL);
    if (!same)
        printf("\n%s:%d: %s\n   got: " STR_FMT "\n  want: " STR_FMT "\n", file, line, expression,
               STR_ARG(got), STR_ARG(want));
    CU_assertImplementation(same ? CU_TRUE : CU_FALSE, (unsigned)line, expression, file, "",
                            CU_FALSE);
}

void check_i64(int64_t got, int64_t want, const char *expression, const char *file, int line)
{
    if (got != want)
        printf("\n%s:%d: %s\n   got: %lld\n  want: %lld\n", file, line, expression, (long long)got,
               (long long)want);
    CU_assertImplementation(got == want ? CU_TRUE : CU_FALSE, (unsigned)line, expression, file, "",
                            CU_FALSE);
}

void check_ok(bool ok, const struct err *err, const char *expression, const char *file, int line)
{
    if (!ok && err != NULL)
        printf("\n%s:%d: %s failed: %s: %s (%s:%d)\n", file, line, expression, err->where, err->msg,
               err->file ? err->file : "?", err->line);
    CU_assertImplementation(ok ? CU_TRUE : CU_FALSE, (unsigned)line, expression, file, "",
                            CU_FALSE);
}

struct str test_file(struct arena *mem, const char *directory, const char *name)
{
    CLEANUP(buf_clear) struct buf bytes = {0};
    struct str path = arena_printf(mem, "%s/%s", directory, name);
    if (!file_read(path.ptr, (size_t)256 << 20, &bytes, NULL))
        return STR_NONE;
    return arena_str(mem, buf_str(&bytes));
}

bool test_unpack(const char *path, struct buf *out, struct err *err)
{
    CLEANUP(buf_clear) struct buf raw = {0};
    const size_t most_bytes = (size_t)64 << 20;
    if (!str_ends(str_from(path), STR(".gz")))
        return file_read(path, most_bytes, out, err);
    return file_read(path, most_bytes, &raw, err) &&
           gzip_unpack(buf_str(&raw), most_bytes, out, err);
}

bool test_have_shared(void)
{
    return access(SHARED_DIR "/README.md", R_OK) == 0;
}

/* Some tests hold hundreds of connections, both ends in this process. */
static void allow_open_files(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
}

int main(int argc, char **argv)
{
    const char *only = argc > 1 ? argv[1] : NULL;
    allow_open_files();
    if (!crypto_init() || CU_initialize_registry() != CUE_SUCCESS)
        return EXIT_FAILURE;
    CU_pSuite suite = CU_add_suite("unit", NULL, NULL);
    for (struct test *test = tests; test != NULL; test = test->next)
        if (only == NULL || strstr(test->name, only) != NULL)
            CU_add_test(suite, test->name, test->run);
    CU_basic_set_mode(CU_BRM_NORMAL);
    CU_basic_run_tests();
    unsigned failed = CU_get_number_of_tests_failed(), run = CU_get_number_of_tests_run();
    unsigned skipped = skipped_shared + skipped_program;
    CU_cleanup_registry();
    printf("unit: %u passed, %u failed, %u skipped (no-shared %u, no-program %u)\n",
           run - failed - skipped, failed, skipped, skipped_shared, skipped_program);
    if (failed > 0 || run == 0)
        return EXIT_FAILURE;
    return EXIT_SUCCESS;
}
