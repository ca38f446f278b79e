/* Every document of the corpus against itself, and against itself written another way. */
#include <dirent.h>
#include <stdlib.h>

#include "tests/unit/diff/pair.h"
#include "tests/unit/diff/rewrite.h"

/* The large ones are for the release build. */
#define MOST_BYTES ((size_t)1500000)

static struct str read_document(struct arena *mem, const char *folder, const char *name)
{
    CLEANUP(buf_clear) struct buf bytes = {0};
    CLEANUP(buf_clear) struct buf plain = {0};
    struct err err = {0};
    struct str path = arena_printf(mem, "%s/%s", folder, name);
    if (!file_read(path.ptr, (size_t)1 << 24, &bytes, &err))
        return STR_NONE;
    if (!str_ends(path, STR(".gz")))
        return arena_str(mem, buf_str(&bytes));
    if (!gzip_unpack(buf_str(&bytes), MOST_BYTES, &plain, &err))
        return STR_NONE;
    return arena_str(mem, buf_str(&plain));
}

static void check_silent(struct arena *mem, struct str a, struct str b, bool oasdiff,
                         const char *name)
{
    const struct diff_options options = {.oasdiff = oasdiff};
    struct diff_report report = compare_texts(mem, a, b, &options);
    if (report.count > 0)
        printf("%s: " STR_FMT "\n", name, STR_ARG(told(mem, &report)));
    CHECK_I64(report.count, 0);
}

static void check_document(const char *folder, const char *name)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str text = read_document(&mem, folder, name);
    struct tree *doc = NULL;
    struct err err = {0};
    if (text.ptr == NULL)
        return;
    CHECK_OK(tree_read(text, NULL, &mem, &doc, &err), &err);
    check_silent(&mem, text, text, false, name);
    check_silent(&mem, text, text, true, name);
    for (unsigned how = 0; how < REWRITINGS; how++) {
        CLEANUP(buf_clear) struct buf out = {0};
        rewrite_document(doc, (enum rewriting)how, &out);
        check_silent(&mem, text, buf_str(&out), false, name);
        if (how != REWRITE_COMPONENT) /* a component that goes is told */
            check_silent(&mem, buf_str(&out), text, false, name);
        if (how == REWRITE_REVERSED)
            check_silent(&mem, text, buf_str(&out), true, name);
    }
}

TEST(test_documents_do_not_differ_from_themselves)
{
    struct dirent **entries = NULL;
    if (!test_have_shared())
        SKIP("no-shared");
    int count = scandir(SHARED_DIR "/corpora/lint/docs", &entries, NULL, alphasort);
    CHECK(count > 40);
    for (int i = 0; i < count; i++) {
        if (entries[i]->d_name[0] != '.')
            check_document(SHARED_DIR "/corpora/lint/docs", entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
}
