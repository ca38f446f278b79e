/* The sockets that chanceryd listens on: bound by it, passed by the service manager, or inherited
 * from the process it takes over from. */
#ifndef CHANCERY_DOORS_H
#define CHANCERY_DOORS_H

#include "portal/http/http.h"
#include "portal/settings.h"

#define DOOR_LISTENERS_MAX 8

enum door { DOOR_PORTAL, DOOR_CONTROL, DOOR_CHECK };

/** One listening socket, named by its setting. */
struct opening {
    int fd;
    struct str name;
    struct str address; /* the setting's text; "": the service manager decided */
};

struct doors {
    struct arena mem;
    VEC(struct opening) openings;
};

/** Sockets of the service manager: LISTEN_FDS (sd_listen_fds(3)), a copy of each in out. The
 * variables are taken out of the environment. err: ERR_INVALID. */
MUST_USE bool doors_of_manager(struct doors *out, struct err *err);
/** Opens what the settings name. A socket that was passed is used instead when it has the setting's
 *  name or address, and, inherited, the same text as the setting; the others are closed.
 *  err: ERR_INVALID (a passed one that nothing is set for), ERR_CONFLICT, ERR_IO. */
MUST_USE bool doors_open(struct doors *doors, const struct settings *s, struct doors *passed,
                         struct err *err);
/** Whether there is a socket of that setting. */
bool doors_have(const struct doors *doors, const char *name);
/** The port of a setting's socket; 0: none. */
uint16_t doors_port(const struct doors *doors, const char *name);
/** Copies of the sockets of one door, for a server to own; tls: for those that are to speak it.
 * Answers their number. */
size_t doors_copy(const struct doors *doors, enum door door, struct http_tls *tls,
                  struct http_listener out[DOOR_LISTENERS_MAX]);
/** Socket files stay: whoever listens next may be there already. */
void doors_close(struct doors *doors);

#endif
