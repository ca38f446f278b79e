/* The values of a page, as render.c sees them. */
#ifndef CHANCERY_HTML_DATA_H
#define CHANCERY_HTML_DATA_H

#include "portal/html/html.h"

enum value_kind { VALUE_TEXT, VALUE_NUMBER, VALUE_TIME, VALUE_FLAG, VALUE_LIST, VALUE_SLOT };

struct html_value {
    const char *name;
    enum value_kind kind;
    struct str text;
    int64_t number; /* also times and flags */
    VEC(struct html_data *) items;
    const struct html_template *slot;
    struct html_value *next;
};

struct html_data {
    struct arena *mem;
    const struct record *record;
    const void *row;
    struct html_value *values; /* the newest first */
};

/** The value of that name, of the row's fields too; false when the object has none. Text is made in
 * mem. */
bool data_find(const struct html_data *d, const char *name, struct arena *mem,
               struct html_value *out);

#endif
