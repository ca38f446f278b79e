/* The key that consumer lists are signed with. Thread-safe. */
#ifndef CHANCERY_CONTROL_SIGNING_H
#define CHANCERY_CONTROL_SIGNING_H

#include "catalog/base/base.h"

#define SIGNING_ID_LEN 16 /* hex digits: the beginning of the public key's SHA-256 */

struct signing;
/** Reads the key file, or makes it (mode 0600) with a fresh key. err: ERR_INVALID (damaged),
 * ERR_IO.
 */
MUST_USE bool signing_open(const char *path, int64_t now_ms, struct signing **out, struct err *err);
void signing_close(struct signing *s);
/** Makes a new key; the former one's public half stays listed. err: ERR_IO, and nothing changed. */
MUST_USE bool signing_rotate(struct signing *s, int64_t now_ms, struct err *err);
/** Begins a signature with the newest key, and names that. */
void signing_begin(struct signing *s, struct signer *out, char id[SIGNING_ID_LEN + 1]);
void signing_id(struct signing *s, char id[SIGNING_ID_LEN + 1]);
/** The public keys as a JSON array, newest first. */
void signing_write(struct signing *s, struct arena *mem, struct json_writer *w);
/** The newest key as a comment of a configuration file. */
void signing_comment(struct signing *s, struct arena *mem, struct buf *out);

#endif
