/* Errors: code, place in the input, message and remedy, set in one step. */
#include "catalog/base/base.h"

/* Cuts text that did not fit at the start of a UTF-8 character. */
static void end_at_character(char *text, size_t size, int written)
{
    if (written < 0 || (size_t)written < size)
        return;
    size_t end = size - 1;
    while (end > 0 && ((unsigned char)text[end - 1] & 0xC0) == 0x80)
        end--;
    if (end > 0 && ((unsigned char)text[end - 1] & 0xC0) == 0xC0)
        end--;
    text[end] = '\0';
}

bool err_set_at(struct err *err, const char *file, int line, enum err_code code, const char *where,
                const char *format, ...)
{
    if (err == NULL)
        return false;
    *err = (struct err){.code = code, .line = line, .file = file};
    end_at_character(err->where, sizeof(err->where),
                     snprintf(err->where, sizeof(err->where), "%s", where ? where : ""));
    va_list args;
    va_start(args, format);
    end_at_character(err->msg, sizeof(err->msg),
                     vsnprintf(err->msg, sizeof(err->msg), format, args));
    va_end(args);
    return false;
}

bool err_hint(struct err *err, const char *format, ...)
{
    if (err == NULL)
        return false;
    va_list args;
    va_start(args, format);
    end_at_character(err->hint, sizeof(err->hint),
                     vsnprintf(err->hint, sizeof(err->hint), format, args));
    va_end(args);
    return false;
}

bool err_at(struct err *err, const char *where)
{
    if (err != NULL)
        end_at_character(err->where, sizeof(err->where),
                         snprintf(err->where, sizeof(err->where), "%s", where));
    return false;
}

const char *err_code_name(enum err_code code)
{
#define ERR_TEXT(name, text) text,
    static const char *const names[] = {ERR_CODES(ERR_TEXT)};
#undef ERR_TEXT
    return (size_t)code < COUNT_OF(names) ? names[code] : "unknown";
}
