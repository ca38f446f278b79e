/* Every document of the corpus against itself, and against itself written another way. */
#include <dirent.h>
#include <stdlib.h>

#include "tests/unit/diff/pair.h"

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

/* Members in reverse order; nothing else. */
static void write_reversed(const struct tree *doc, const struct tree_node *node,
                           struct json_writer *w, struct arena *mem)
{
    VEC(const struct tree_node *) all = {0};
    enum tree_kind kind = tree_kind_of(node);
    if (kind != TREE_OBJECT && kind != TREE_ARRAY) {
        if (kind == TREE_STRING)
            json_put_str(w, tree_text(doc, node));
        else if (kind == TREE_NULL)
            json_put_null(w);
        else
            json_put_raw(w, tree_text(doc, node));
        return;
    }
    for (const struct tree_node *n = tree_first(doc, node); n != NULL; n = tree_next(doc, n))
        vec_push(&all, mem, n);
    if (kind == TREE_OBJECT)
        json_open_object(w);
    else
        json_open_array(w);
    for (size_t i = 0; i < all.len; i++) {
        const struct tree_node *n = all.ptr[kind == TREE_OBJECT ? all.len - 1 - i : i];
        if (kind == TREE_OBJECT)
            json_key(w, tree_key(doc, n));
        write_reversed(doc, n, w, mem);
    }
    if (kind == TREE_OBJECT)
        json_close_object(w);
    else
        json_close_array(w);
}

static void check_silent(struct arena *mem, struct str a, struct str b, const char *name)
{
    const struct diff_options oasdiff = {.oasdiff = true};
    struct diff_report usual = compare_texts(mem, a, b, NULL),
                       plain = compare_texts(mem, a, b, &oasdiff);
    if (usual.count + plain.count > 0)
        printf("%s: " STR_FMT STR_FMT "\n", name, STR_ARG(told(mem, &usual)),
               STR_ARG(told(mem, &plain)));
    CHECK_I64(usual.count, 0);
    CHECK_I64(plain.count, 0);
}

static void check_document(const char *folder, const char *name)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf out = {0};
    struct json_writer w = {.out = &out};
    struct str text = read_document(&mem, folder, name);
    struct tree *doc = NULL;
    struct err err = {0};
    if (text.ptr == NULL)
        return;
    CHECK_OK(tree_read(text, NULL, &mem, &doc, &err), &err);
    write_reversed(doc, tree_root(doc), &w, &mem);
    check_silent(&mem, text, text, name);
    check_silent(&mem, text, buf_str(&out), name);
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
