/* chancery route FILE METHOD PATH: which operation of a document serves a request. Local: no server
 * is asked, the router is the one that decisions use. */
#include "catalog/route/route.h"
#include "catalog/openapi/openapi.h"
#include "tui/command/local.h"
#include "tui/command/words.h"

static struct route_entry *entries_of(const struct oas_summary *summary, struct arena *mem)
{
    struct route_entry *entries =
        arena_array(mem, struct route_entry, summary->operation_count + 1);
    for (size_t i = 0; i < summary->operation_count; i++)
        entries[i] = (struct route_entry){summary->operations[i].method,
                                          summary->operations[i].path, (uint32_t)i};
    return entries;
}

static void print_part(const char *label, struct str text)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    int cols = 0;
    if (text.len > 0)
        printf("%-11s " STR_FMT "\n", label, STR_ARG(term_plain(&mem, text, &cols)));
}

/* Variables in template order, decoded as a server behind a proxy would see them. */
static void print_hit(const struct oas_operation *op, const struct route_hit *hit)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str rest = op->path, part;
    size_t at = 0;
    print_part("operation", op->key);
    print_part("id", op->operation_id);
    print_part("summary", op->summary);
    (void)str_split(&rest, '{', &part);
    while (rest.ptr != NULL && at < hit->param_count) {
        struct str name, value = hit->params[at++];
        (void)str_split(&rest, '}', &name);
        (void)!route_decode(value, &mem, &value);
        print_part("variable", arena_join(&mem, name, STR(" = "), value));
        (void)str_split(&rest, '{', &part);
    }
}

static enum command_exit answer(const struct router *router, const struct oas_summary *summary,
                                const struct words *words)
{
    CLEANUP(buf_clear) struct buf allow = {0};
    struct route_hit hit = {0};
    switch (route_match(router, words->rest[1], words->rest[2], &hit)) {
    case ROUTE_HIT:
        print_hit(&summary->operations[hit.value], &hit);
        return COMMAND_DONE;
    case ROUTE_METHOD:
        route_allow(router, &hit, &allow);
        fprintf(stderr, "chancery: the path is known, not with this method; allowed: " STR_FMT "\n",
                STR_ARG(buf_str(&allow)));
        return COMMAND_FAILED;
    case ROUTE_NONE:
        break;
    }
    fprintf(stderr, "chancery: no operation has this path\n");
    return COMMAND_FAILED;
}

/* What the catalog would leave out is left out here, and said. */
static bool compile(const struct oas_summary *summary, struct arena *mem, struct buf *out,
                    struct err *err)
{
    bool *left_out = arena_array(mem, bool, summary->operation_count + 1);
    if (!route_compile_some(entries_of(summary, mem), summary->operation_count, left_out, out, err))
        return false;
    for (size_t i = 0; i < summary->operation_count; i++)
        if (left_out[i])
            fprintf(stderr, "chancery: operation %zu of the document cannot be routed\n", i + 1);
    return true;
}

enum command_exit run_route(const struct command *self, const struct words *words)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf bytes = {0};
    CLEANUP(buf_clear) struct buf compiled = {0};
    struct tree *doc = NULL;
    struct oas_summary summary = {0};
    struct router router = {STR_NONE};
    struct err err = {0};
    UNUSED(self);
    if (file_read(str_z(&mem, words->rest[0]), tree_limits_default.bytes, &bytes, &err) &&
        tree_read(buf_str(&bytes), &tree_limits_default, &mem, &doc, &err) &&
        oas_summarise(oas_files_of(doc, &mem), &mem, &summary, &err) &&
        compile(&summary, &mem, &compiled, &err) && route_open(buf_str(&compiled), &router, &err))
        return answer(&router, &summary, words);
    (void)local_fail(words->rest[0], &err);
    command_complain(&err);
    return COMMAND_FAILED;
}
