/* What a service manager is told: sd_notify(3) without its library. */
#ifndef CHANCERY_NOTIFY_H
#define CHANCERY_NOTIFY_H

#include "catalog/base/base.h"

/** Sends lines like "READY=1" to $NOTIFY_SOCKET; nothing without one. */
void notify_manager(struct str state);

#endif
