/* What the lists and the details of their rows share: what is asked, and the lines made of it. */
#ifndef CHANCERY_VIEW_DETAILS_H
#define CHANCERY_VIEW_DETAILS_H

#include "tui/view/ui.h"

enum { SERVICES_APIS, SERVICES_LIVE, SERVICES_DEPLOYMENTS }; /* feeds of the list */

void services_ask(struct view *v, struct str id);
void services_pane(struct ui *ui, struct view *v, const struct table_row *row);
void requests_ask(struct view *v, struct str id);
void requests_pane(struct ui *ui, struct view *v, const struct table_row *row);
void proxies_ask(struct view *v, struct str id);
void proxies_pane(struct ui *ui, struct view *v, const struct table_row *row);

#endif
