/* The scanner of discovery polls: what it finds is what a full reader finds. */
#include "catalog/envoy/envoy.h"
#include "tests/fuzz/fuzz.h"

static void as_read(const struct json *root, const struct envoy_poll *poll)
{
    const struct json *node = json_get(root, "node"), *names = json_get(root, "resource_names");
    HOLDS(str_eq(json_get_str(node, "id"), poll->node_id));
    HOLDS(str_eq(json_get_str(node, "cluster"), poll->cluster) ||
          str_find_char(poll->cluster, '\\') != SIZE_MAX);
    HOLDS(str_eq(json_get_str(root, "version_info"), poll->version) ||
          str_find_char(poll->version, '\\') != SIZE_MAX);
    HOLDS(names == NULL || names->type == JSON_TYPE_NULL || names->count == poll->name_count);
    const struct json *name = names ? names->child : NULL;
    for (size_t i = 0; i < poll->name_count && name != NULL; i++, name = name->next)
        HOLDS(str_eq(name->string, poll->names[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str body = fuzz_text(data, size);
    struct envoy_poll poll = {0};
    struct json *root = NULL;
    struct err err = {0}, other = {0};
    if (!envoy_poll_read(body, &poll, &err)) {
        HOLDS(err.code == ERR_INVALID && err.msg[0] != '\0');
        return 0;
    }
    HOLDS(poll.node_id.len > 0 && poll.name_count <= COUNT_OF(poll.names));
    HOLDS(fuzz_inside(poll.node_id, body) && fuzz_inside(poll.cluster, body) &&
          fuzz_inside(poll.version, body));
    for (size_t i = 0; i < poll.name_count; i++)
        HOLDS(fuzz_inside(poll.names[i], body));
    if (json_parse(body, &mem, &root, &other))
        as_read(root, &poll);
    return 0;
}
