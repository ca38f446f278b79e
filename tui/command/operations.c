/* Operations of one document, all or those asked for. */
#include "tui/command/operations.h"

#include "tui/command/local.h"

bool local_exchange(struct str path, struct arena *mem, struct exchange **out, struct err *err)
{
    struct oas_files *files = NULL;
    if (!local_open(path, mem, &files, err))
        return local_fail(path, err);
    return (oas_weigh(files, err) && exchange_open(files, mem, out, err)) || local_fail(path, err);
}

bool operation_asked(const struct exchange_operation *operation, const struct str *names,
                     size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(names[i], operation->key) || str_eq(names[i], operation->operation_id))
            return true;
    return count == 0;
}

bool operations_known(const struct exchange *x, const struct str *names, size_t count,
                      struct err *err)
{
    for (size_t i = 0; i < count; i++)
        if (exchange_find(x, names[i]) == NULL) {
            (void)fail(err, ERR_NOT_FOUND, "--operation", "the document has no operation \"%.*s\"",
                       (int)(names[i].len < 100 ? names[i].len : 100), names[i].ptr);
            return err_hint(err, "give its operationId, or \"GET /path/{as}/written\"");
        }
    return true;
}
