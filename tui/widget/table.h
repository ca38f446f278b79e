/* What the files of the table share. */
#ifndef CHANCERY_WIDGET_TABLE_H
#define CHANCERY_WIDGET_TABLE_H

#include "tui/widget/widget.h"

/** Filters and sorts the rows anew. */
void table_order(struct table *t);

#endif
