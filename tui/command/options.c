/* Options with values, "--name value" or "--name=value". */
#include "tui/command/options.h"

#include "tui/command/local.h"

/* The next word: an option's name, or, with name absent, a document. False at the end. */
static bool next_word(struct option_reader *r, struct str *name, struct str *document)
{
    *name = *document = r->value = STR_NONE;
    while (r->at < r->words->own_count) {
        struct str word = str_from(r->words->own[r->at++]);
        bool option = !r->documents && str_starts(word, STR("--"));
        size_t equals = str_find_char(word, '=');
        if (!option) {
            *document = word;
            return true;
        }
        if (word.len == 2) {
            r->documents = true;
            continue;
        }
        *name = str_sub(word, 0, equals);
        if (equals != SIZE_MAX)
            r->value = str_sub(word, equals + 1, word.len);
        return true;
    }
    return false;
}

bool option_value(struct option_reader *r, struct str name, struct str *out, struct err *err)
{
    char where[64];
    snprintf(where, sizeof(where), STR_FMT, STR_ARG(name));
    if (r->value.ptr == NULL && r->at < r->words->own_count)
        r->value = str_from(r->words->own[r->at++]);
    if (r->value.ptr == NULL)
        return fail(err, ERR_INVALID, where, "needs a value");
    *out = r->value;
    return true;
}

bool options_read(const struct words *words, option_take *take, void *context, struct arena *mem,
                  struct str *document, struct err *err)
{
    struct option_reader reader = {.words = words};
    struct str name, file;
    *document = STR_NONE;
    while (next_word(&reader, &name, &file)) {
        if (name.ptr != NULL && !take(context, &reader, name, mem, err))
            return false;
        if (file.ptr != NULL && document->ptr != NULL)
            return fail(err, ERR_INVALID, str_z(mem, file), "is a second document");
        *document = file.ptr ? file : *document;
    }
    return document->ptr != NULL || fail(err, ERR_INVALID, "", "the document is not named");
}

bool local_exchange(struct str path, struct arena *mem, struct exchange **out, struct err *err)
{
    struct oas_files *files = NULL;
    if (!local_open(path, mem, &files, err))
        return local_fail(path, err);
    return exchange_open(files, mem, out, err) || local_fail(path, err);
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
