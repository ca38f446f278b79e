/* Options with values, "--name value" or "--name=value". */
#include "tui/command/options.h"

static bool is_option(const struct option_reader *r, struct str word)
{
    return !r->documents &&
           (r->one_dash ? word.len > 1 && word.ptr[0] == '-' : str_starts(word, STR("--")));
}

bool option_next(struct option_reader *r, struct str *name, struct str *document)
{
    *name = *document = r->value = STR_NONE;
    while (r->at < r->words->own_count) {
        struct str word = str_from(r->words->own[r->at++]);
        size_t equals = str_find_char(word, '=');
        if (!is_option(r, word)) {
            *document = word;
            return true;
        }
        if (str_eq(word, STR("--"))) {
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

/* Behind the option's '=', else the next word. */
static bool find_value(struct option_reader *r)
{
    if (r->value.ptr == NULL && r->at < r->words->own_count)
        r->value = str_from(r->words->own[r->at++]);
    return r->value.ptr != NULL;
}

bool option_value(struct option_reader *r, struct str name, struct str *out, struct err *err)
{
    char where[64];
    snprintf(where, sizeof(where), STR_FMT, STR_ARG(name));
    if (!find_value(r))
        return fail(err, ERR_INVALID, where, "needs a value");
    *out = r->value;
    return true;
}

bool option_set(struct option_reader *r, struct str name, const struct option *options,
                size_t count, void *context, const char *command, struct err *err)
{
    const char *word = r->words->own[r->at - 1];
    for (size_t i = 0; i < count; i++)
        if (str_eq(name, str_from(options[i].name)))
            return (find_value(r) && options[i].set(context, r->value)) ||
                   fail(err, ERR_INVALID, options[i].name, "takes %s", options[i].values);
    return fail(err, ERR_INVALID, word, "is no option of %s", command);
}

bool options_read(const struct words *words, option_take *take, void *context, struct arena *mem,
                  struct str *document, struct err *err)
{
    struct option_reader reader = {.words = words};
    struct str name, file;
    *document = STR_NONE;
    while (option_next(&reader, &name, &file)) {
        if (name.ptr != NULL && !take(context, &reader, name, mem, err))
            return false;
        if (file.ptr != NULL && document->ptr != NULL)
            return fail(err, ERR_INVALID, str_z(mem, file), "is a second document");
        *document = file.ptr ? file : *document;
    }
    return document->ptr != NULL || fail(err, ERR_INVALID, "", "the document is not named");
}
