/* Reading functionOptions. */
#ifndef CHANCERY_LINT_OPTIONS_H
#define CHANCERY_LINT_OPTIONS_H

#include "ruleset.h"

/** One option that a function takes. */
struct option {
    const char *name;
    unsigned kinds; /* enum input */
    bool required;
};
/** Checks that options is an object of these members only. absent_ok: no options at all will do. */
bool options_check(const struct function_site *site, const struct option *table, size_t count,
                   bool absent_ok, struct err *err);
struct jsonpath_spot option_get(const struct function_site *site, const char *name);
struct str option_text(const struct function_site *site, const char *name);
bool option_flag(const struct function_site *site, const char *name);
/** A list of texts of at least `least`. */
bool option_texts(const struct function_site *site, const char *name, size_t least,
                  const struct str **out, size_t *count, struct err *err);

#endif
