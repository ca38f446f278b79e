/* Every operation of every real document: a path made from its template routes to it, one segment
 * more does not. */
#include <dirent.h>
#include <stdlib.h>

#include "catalog/openapi/openapi.h"
#include "catalog/route/route.h"
#include "tests/unit/test.h"

#define DOCUMENTS "/corpora/lint/docs"

static bool read_document(struct arena *mem, const char *name, struct buf *out)
{
    return test_unpack(arena_printf(mem, SHARED_DIR DOCUMENTS "/%s", name).ptr, out, NULL);
}

/* "/pets/{petId}.json" → "/pets/v0.json": each variable gets a value that is no literal of the
 * document. */
static struct str path_of(struct arena *mem, struct str template)
{
    CLEANUP(buf_clear) struct buf out = {0};
    int variable = 0;
    for (size_t at = 0; at < template.len; at++) {
        if (template.ptr[at] != '{') {
            buf_add_char(&out, template.ptr[at]);
            continue;
        }
        size_t end = str_find_char(str_sub(template, at, template.len), '}');
        if (end == SIZE_MAX)
            break;
        buf_printf(&out, "zq%dv", variable++);
        at += end;
    }
    return arena_str(mem, buf_str(&out));
}

/* Compiles what can be compiled; refused entries are left out, as the access image does. */
static size_t compile(struct arena *mem, const struct oas_summary *summary,
                      struct route_entry **entries, struct buf *out)
{
    size_t count = summary->operation_count;
    struct err err = {0};
    *entries = arena_array(mem, struct route_entry, count);
    for (size_t i = 0; i < count; i++)
        (*entries)[i] = (struct route_entry){summary->operations[i].method,
                                             summary->operations[i].path, (uint32_t)i};
    while (!route_compile(*entries, count, out, &err)) {
        int64_t bad = 0;
        if (err.where[0] != '/' || !str_to_i64(str_from(err.where + 1), &bad) ||
            (size_t)bad >= count)
            return 0;
        memmove(&(*entries)[bad], &(*entries)[bad + 1],
                (count - (size_t)bad - 1) * sizeof(**entries));
        count--;
    }
    return count;
}

static void check_document(const char *name, size_t *routed, size_t *left_out)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf text = {0}, bytes = {0};
    struct tree *doc = NULL;
    struct oas_summary summary;
    struct route_entry *entries = NULL;
    struct router router;
    struct err err = {0};
    CHECK(read_document(&mem, name, &text));
    CHECK_OK(tree_read(buf_str(&text), NULL, &mem, &doc, &err) &&
                 oas_summarise(oas_files_of(doc, &mem), &mem, &summary, &err),
             &err);
    size_t count = compile(&mem, &summary, &entries, &bytes);
    CHECK_OK(route_open(buf_str(&bytes), &router, &err), &err);
    *left_out += summary.operation_count - count;
    for (size_t i = 0; i < count; i++) {
        struct route_hit hit;
        struct str path = path_of(&mem, entries[i].template),
                   longer = arena_join(&mem, path, STR("/zq/one/more"));
        bool found = route_match(&router, entries[i].method, path, &hit) == ROUTE_HIT &&
                     hit.value == entries[i].value;
        if (!found)
            printf("\n%s: " STR_FMT " " STR_FMT " is not found by " STR_FMT "\n", name,
                   STR_ARG(entries[i].method), STR_ARG(entries[i].template), STR_ARG(path));
        CHECK(found);
        CHECK(route_match(&router, entries[i].method, longer, &hit) != ROUTE_HIT ||
              hit.value != entries[i].value);
        *routed += found;
    }
}

TEST(test_every_operation_of_every_document_routes_to_itself)
{
    DIR *dir = test_have_shared() ? opendir(SHARED_DIR DOCUMENTS) : NULL;
    size_t documents = 0, routed = 0, left_out = 0;
    if (dir == NULL)
        SKIP("no-shared");
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        if (entry->d_name[0] == '.')
            continue;
        check_document(entry->d_name, &routed, &left_out);
        documents++;
    }
    closedir(dir);
    printf("%zu documents, %zu operations routed, %zu left out as identical or not compilable ",
           documents, routed, left_out);
    CHECK_I64(documents, 47);
    CHECK(left_out * 200 <= routed);
}
