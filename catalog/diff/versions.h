/* Advice on the next version. */
#ifndef CHANCERY_DIFF_VERSIONS_H
#define CHANCERY_DIFF_VERSIONS_H

#include "catalog/diff/site.h"

enum diff_bump bump_of(const struct diff_report *report);

#endif
