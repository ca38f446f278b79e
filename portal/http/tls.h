/* Certificates for listeners over TLS. The only files that see GnuTLS are tls.c and, for what the
 * HTTP library hands on, transport.c. */
#ifndef CHANCERY_HTTP_TLS_H
#define CHANCERY_HTTP_TLS_H

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>

#include "portal/http/http.h"

/** 1.2 and 1.3, forward secrecy, authenticated encryption. */
extern const char tls_priorities[];

/** The chain and key of a handshake that begins now; they stay valid until it ends. 0, or -1 when
 * there are none. Called on an event thread, beside http_tls_reload. */
int tls_choose(struct http_tls *tls, gnutls_pcert_st **chain, unsigned *chain_len,
               gnutls_privkey_t *key);
/** Writes past the HTTP library, and says that nothing follows. false: not all of it went out. */
bool tls_write_last(gnutls_session_t session, struct str bytes);

#endif
