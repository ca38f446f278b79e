/* openapi: published documents import, and list as many operations as another program counts. */
#include <glob.h>
#include <stdlib.h>
#include <unistd.h>

#include "catalog/openapi/openapi.h"
#include "tests/unit/test.h"

#define PYTHON  "/usr/bin/python3"
#define COUNTER TEST_DATA "/../unit/openapi/count_operations.py"

static const char *const patterns[] = {SHARED_DIR "/corpora/lint/docs/*",
                                       SHARED_DIR "/corpora/openapi-fixtures/3.[012]/pass/*"};

static void check_document(const char *path, int64_t want)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf bytes = {0};
    struct tree *doc = NULL;
    struct oas_summary summary = {0};
    struct err err = {0};
    size_t count = 0;
    CHECK_OK(test_unpack(path, &bytes, &err), &err);
    bool ok = tree_read(buf_str(&bytes), NULL, &mem, &doc, &err) &&
              oas_summarise(oas_files_of(doc, &mem), &mem, &summary, &err);
    if (!ok || (int64_t)summary.operation_count != want)
        printf("\n%s: %zu operations, %lld counted %s\n", path, summary.operation_count,
               (long long)want, err.msg);
    CHECK_OK(ok, &err);
    CHECK_I64(summary.operation_count, want);
    const struct finding *findings = ok ? tree_findings(doc, &count) : NULL;
    for (size_t i = 0; i < count;
         i++) /* every finding points at something, or at what is missing */
        CHECK(findings[i].offset <= tree_source(doc).len && findings[i].pointer.ptr != NULL);
}

/* Lines of "count TAB path" from the counter. */
static size_t check_counted(FILE *counter)
{
    char line[1024];
    size_t seen = 0;
    while (fgets(line, sizeof(line), counter) != NULL) {
        struct str number, rest = str_trim(str_from(line));
        CLEANUP(arena_clear) struct arena mem = {0};
        int64_t want = 0;
        CHECK(str_split(&rest, '\t', &number) && str_to_i64(number, &want));
        check_document(str_z(&mem, rest), want);
        seen++;
    }
    return seen;
}

TEST(test_published_documents_list_every_operation)
{
    CLEANUP(buf_clear) struct buf command = {0};
    glob_t files = {0};
    if (!test_have_shared())
        SKIP("no-shared");
    if (system(PYTHON " -c 'import yaml' 2>/dev/null") != 0)
        SKIP("no-program");
    for (size_t i = 0; i < COUNT_OF(patterns); i++)
        CHECK_I64(glob(patterns[i], i ? GLOB_APPEND : 0, NULL, &files), 0);
    buf_add(&command, STR(PYTHON " '" COUNTER "'"));
    for (size_t i = 0; i < files.gl_pathc; i++)
        buf_printf(&command, " '%s'", files.gl_pathv[i]);
    buf_add_char(&command, '\0');
    FILE *counter = popen(command.ptr, "r");
    CHECK(counter != NULL);
    size_t seen = counter ? check_counted(counter) : 0;
    CHECK_I64(counter ? pclose(counter) : -1, 0);
    CHECK_I64(seen, files.gl_pathc);
    CHECK_I64(seen, 47 + 6 + 35 + 37);
    globfree(&files);
}
