/* Settings: one table gives names, ranges, defaults, the manual's text and the checks. */
#ifndef CHANCERY_SETTINGS_H
#define CHANCERY_SETTINGS_H

#include "catalog/base/base.h"

/* T(name, default, help)  I(name, default, least, most, help) */
#define SETTINGS(T, I)                                                                          \
    T(database, "/var/lib/chancery/chancery.db", "SQLite file that holds the catalog")          \
    T(spool_dir, "/var/lib/chancery/spool", "directory for uploads under way")                  \
    T(public_url, "", "address browsers use; https unless loopback; empty: this host's listen") \
    T(listen, "127.0.0.1:8080", "portal and REST over TCP, host:port; empty: none")             \
    T(listen_tls, "", "portal and REST over TLS, host:port; empty: none")                       \
    T(tls_certificate, "", "PEM file of the certificate and its chain, for listen_tls")         \
    T(tls_key, "", "PEM file of its private key, not readable by everybody")                    \
    T(socket, "/run/chancery/chancery.sock", "portal and REST for the console; empty: none")    \
    T(control_listen, "", "discovery and consumer lists over TCP, host:port; empty: none")      \
    T(control_socket, "/run/chancery/control.sock", "discovery for proxies of this host")       \
    T(check_listen, "", "decisions over TCP, host:port; empty: none")                           \
    T(check_socket, "/run/chancery/check.sock", "decisions for proxies of this host")           \
    T(trusted_proxies, "", "addresses whose Forwarded headers are believed, comma separated")   \
    T(envoy, "", "Envoy binary that checks configuration before it is sent; empty: none")       \
    T(metrics_token_file, "", "file with the token that GET /metrics asks of other hosts")      \
    T(signing_key_file, "", "key that signs consumer lists; empty: beside the database")        \
    I(socket_mode, 432, 0, 511, "mode of the sockets, decimal (432 is 0660)")                   \
    I(workers, 4, 1, 64, "threads that answer portal requests")                                 \
    I(connections, 10000, 16, 100000, "open portal connections at most")                        \
    I(upload_limit_bytes, 67108864, 1024, 1073741824, "largest document")                       \
    I(document_depth, 256, 16, 512, "values inside of values that a document has at most")      \
    I(document_nodes, 4000000, 1000, 100000000, "values that a document has at most")           \
    I(header_deadline_ms, 5000, 100, 60000, "time to send a request's headers")                 \
    I(body_deadline_ms, 15000, 100, 60000, "time to send a small body")                         \
    I(consumers_ttl_s, 60, 1, 86400, "how long a fetched consumer list may be used")

#define SETTING_TEXT(name, ...) struct str name;
#define SETTING_INT(name, ...)  int64_t name;
struct settings {
    SETTINGS(SETTING_TEXT, SETTING_INT)
};
#undef SETTING_TEXT
#undef SETTING_INT

/** All defaults. */
void settings_init(struct settings *s);
/** Sets one from text. err: ERR_INVALID, where = the name; the hint names the nearest known one. */
MUST_USE bool settings_set(struct settings *s, struct str name, struct str value, struct arena *mem,
                           struct err *err);
/** Reads "name = value" lines; '#' starts a comment. err: where = "FILE line N". */
MUST_USE bool settings_read(struct settings *s, const char *path, struct arena *mem,
                            struct err *err);
/** What one setting alone cannot know: public_url's form, sockets that fit, at least one listener.
 */
MUST_USE bool settings_check(const struct settings *s, struct err *err);
/** public_url; where it is not set, where a browser on this host finds `listen`. port: the one that
 *  is listened on, 0 when that is not known yet. In mem. */
struct str settings_url(const struct settings *s, uint16_t port, struct arena *mem);
/** The table as a commented sample file, current values filled in. */
void settings_write(const struct settings *s, struct buf *out);

#endif
