/* The route compiler: what compiles opens, and a path made from a template is found. Lines of the
 * input are templates; the last is a path of its own. */
#include "catalog/route/route.h"
#include "tests/fuzz/fuzz.h"

#define ENTRIES_MOST 64

/* "/pets/{id}" → "/pets/x": every variable stands for an x. */
static struct str instance(struct arena *mem, struct str template)
{
    CLEANUP(buf_clear) struct buf out = {0};
    bool inside = false;
    for (size_t i = 0; i < template.len; i++) {
        char c = template.ptr[i];
        if (c == '{') {
            buf_add_char(&out, 'x');
            inside = true;
        } else if (c == '}') {
            inside = false;
        } else if (!inside) {
            buf_add_char(&out, c);
        }
    }
    return arena_str(mem, buf_str(&out));
}

static bool plain(struct str path)
{
    for (size_t i = 0; i < path.len; i++)
        if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-_",
                   path.ptr[i]) == NULL ||
            path.ptr[i] == '\0')
            return false;
    return true;
}

static void look_up(const struct router *r, struct str path)
{
    struct route_hit hit;
    CLEANUP(buf_clear) struct buf allow = {0};
    enum route_result got = route_match(r, STR("GET"), path, &hit);
    if (got == ROUTE_NONE)
        return;
    HOLDS(hit.param_count <= ROUTE_PARAMS_MAX);
    for (size_t i = 0; i < hit.param_count; i++)
        HOLDS(fuzz_inside(hit.params[i], path) && hit.params[i].len > 0 &&
              str_find_char(hit.params[i], '/') == SIZE_MAX);
    route_allow(r, &hit, &allow);
    HOLDS(allow.len > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf bytes = {0};
    struct route_entry entries[ENTRIES_MOST];
    bool left_out[ENTRIES_MOST] = {false};
    struct str rest = fuzz_text(data, size), line = STR_NONE;
    struct router router = {0};
    struct err err = {0};
    size_t count = 0;
    while (count < ENTRIES_MOST && str_split(&rest, '\n', &line)) {
        entries[count] = (struct route_entry){STR("GET"), line, (uint32_t)count};
        count++;
    }
    if (!route_compile_some(entries, count, left_out, &bytes, &err)) {
        HOLDS(err.code == ERR_LIMIT);
        return 0;
    }
    HOLDS(route_open(buf_str(&bytes), &router, &err));
    for (size_t i = 0; i < count; i++) {
        struct str path = instance(&mem, entries[i].template);
        struct route_hit hit;
        if (!left_out[i] && plain(path))
            HOLDS(route_match(&router, STR("GET"), path, &hit) == ROUTE_HIT);
        look_up(&router, path);
    }
    look_up(&router, line);
    return 0;
}
