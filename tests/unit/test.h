/* TEST(name) { … } registers itself; main.c runs all tests of one program through CUnit. */
#ifndef CHANCERY_TEST_H
#define CHANCERY_TEST_H

#include <CUnit/CUnit.h>

#include "catalog/base/base.h"

struct test {
    const char *name;
    void (*run)(void);
    struct test *next;
};

void test_register(struct test *test);
/** Counts a skipped test; reason is "no-shared" or "no-program". Use: SKIP("no-shared"). */
void test_skip(const char *reason);
/** Tells tests/parity/run how much of a suite was decided as it says, and how many of the others
 * are listed with a reason. */
void test_counted(const char *suite, size_t right, size_t total, size_t listed);
#define SKIP(reason)       \
    do {                   \
        test_skip(reason); \
        return;            \
    } while (0)

#define TEST(test_name)                                                 \
    static void test_name(void);                                        \
    __attribute__((constructor)) static void register_##test_name(void) \
    {                                                                   \
        static struct test self = {#test_name, test_name, NULL};        \
        test_register(&self);                                           \
    }                                                                   \
    static void test_name(void)

/** Failures print both texts. */
void check_str(struct str got, struct str want, const char *expression, const char *file, int line);
void check_i64(int64_t got, int64_t want, const char *expression, const char *file, int line);
void check_ok(bool ok, const struct err *err, const char *expression, const char *file, int line);
#define CHECK(condition)                                                                          \
    CU_assertImplementation((condition) ? CU_TRUE : CU_FALSE, __LINE__, #condition, __FILE__, "", \
                            CU_FALSE)
#define CHECK_STR(got, want) check_str((got), (want), #got, __FILE__, __LINE__)
#define CHECK_I64(got, want) check_i64((int64_t)(got), (int64_t)(want), #got, __FILE__, __LINE__)
/** The call must succeed; its error is printed when it does not. */
#define CHECK_OK(call, err) check_ok((call), (err), #call, __FILE__, __LINE__)

/** The bytes of a file below tests/data or ../shared, in mem; absent when there is none. */
struct str test_file(struct arena *mem, const char *directory, const char *name);
/** Reads a file, unpacked when its name ends in .gz: 64 MiB at most. err: of file_read,
 * gzip_unpack.
 */
bool test_unpack(const char *path, struct buf *out, struct err *err);
/** True when ../shared is there. */
bool test_have_shared(void);

#endif
