/* The key that consumer lists are signed with, and the public halves of those before it. */
#include <pthread.h>
#include <stdlib.h>

#include "portal/control/signing.h"

#define KEYS_KEPT  8 /* a list is used for minutes, so older ones verify nothing any more */
#define FILE_MODE  0600U
#define FILE_LIMIT ((size_t)65536)
#define KEY_WORDS  4
#define LINE_MOST  ((size_t)128)

/* RFC 8410 §4: what stands before the 32 bytes of a public key in a PEM file. */
static const uint8_t spki_head[] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                    0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

struct kept_key {
    struct sign_key key; /* seed: of the first one only */
    char id[SIGNING_ID_LEN + 1];
    int64_t made_ms, retired_ms; /* 0: in use */
};

struct signing {
    pthread_mutex_t lock;
    char *path;
    struct kept_key keys[KEYS_KEPT]; /* newest first */
    size_t count;
};

/* The key's id is the beginning of its hash, so a verifier can make it, too. */
static void set_id(struct kept_key *k)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct sha256 hash =
        sha256_of((struct str){(const char *)k->key.public_key, sizeof(k->key.public_key)});
    memcpy(k->id, hex_format(&mem, hash.bytes, SIGNING_ID_LEN / 2).ptr, SIGNING_ID_LEN + 1);
}

/* --- the file: "ed25519 SEED MADE" and below it "retired PUBLIC MADE RETIRED" -------------------
 */

static bool read_key(struct str line, bool first, struct kept_key *out)
{
    struct str words[KEY_WORDS] = {STR_NONE};
    size_t count = 0;
    uint8_t bytes[32];
    while (count < KEY_WORDS && str_split(&line, ' ', &words[count]))
        count++;
    bool sound = line.ptr == NULL && count == (first ? KEY_WORDS - 1 : KEY_WORDS) &&
                 str_eq(words[0], first ? STR("ed25519") : STR("retired")) &&
                 hex_parse(words[1], bytes, sizeof(bytes)) && str_to_i64(words[2], &out->made_ms) &&
                 (first || str_to_i64(words[3], &out->retired_ms));
    if (first)
        out->key = sign_key_from(bytes);
    else
        memcpy(out->key.public_key, bytes, sizeof(bytes));
    secret_wipe(bytes, sizeof(bytes));
    set_id(out);
    return sound;
}

static bool read_keys(struct signing *s, struct str rest, struct err *err)
{
    struct str line;
    while (str_split(&rest, '\n', &line) && line.len > 0) {
        if (s->count < KEYS_KEPT && read_key(line, s->count == 0, &s->keys[s->count])) {
            s->count++;
            continue;
        }
        (void)fail(err, ERR_INVALID, s->path, "line %zu is no signing key", s->count + 1);
        return err_hint(err, "restore the file, or remove it and give verifiers the new key");
    }
    return s->count > 0 || fail(err, ERR_INVALID, s->path, "the file holds no signing key");
}

/* The first key's text is a secret, so it is kept in one place that is wiped. */
static bool write_keys(const struct signing *s, struct err *err)
{
    struct buf text = {0};
    (void)buf_room(&text, KEYS_KEPT * LINE_MOST);
    for (size_t i = 0; i < s->count; i++) {
        const struct kept_key *k = &s->keys[i];
        const uint8_t *bytes = i ? k->key.public_key : k->key.seed;
        buf_add(&text, i ? STR("retired ") : STR("ed25519 "));
        for (size_t n = 0; n < 32; n++)
            buf_printf(&text, "%02x", bytes[n]);
        buf_printf(&text, " %lld", (long long)k->made_ms);
        if (i > 0)
            buf_printf(&text, " %lld", (long long)k->retired_ms);
        buf_add_char(&text, '\n');
    }
    bool ok = file_replace(s->path, buf_str(&text), FILE_MODE, err);
    secret_wipe(text.ptr, text.len);
    buf_clear(&text);
    return ok;
}

/* --- keys ---------------------------------------------------------------------------------------
 */

static void add_key(struct signing *s, int64_t now_ms)
{
    uint8_t seed[32];
    if (s->count == KEYS_KEPT)
        s->count--;
    memmove(&s->keys[1], &s->keys[0], s->count * sizeof(s->keys[0]));
    s->count++;
    if (s->count > 1) {
        s->keys[1].retired_ms = now_ms;
        secret_wipe(s->keys[1].key.seed, sizeof(s->keys[1].key.seed));
    }
    random_fill(seed, sizeof(seed));
    s->keys[0] = (struct kept_key){.key = sign_key_from(seed), .made_ms = now_ms};
    secret_wipe(seed, sizeof(seed));
    set_id(&s->keys[0]);
}

bool signing_open(const char *path, int64_t now_ms, struct signing **out, struct err *err)
{
    struct signing *s = mem_new_of(struct signing);
    struct buf text = {0};
    s->path = strdup(path);
    pthread_mutex_init(&s->lock, NULL);
    bool ok = file_read(path, FILE_LIMIT, &text, err);
    if (!ok && err->code == ERR_NOT_FOUND) {
        *err = (struct err){0};
        add_key(s, now_ms);
        ok = write_keys(s, err);
    } else if (ok) {
        ok = read_keys(s, buf_str(&text), err);
    }
    secret_wipe(text.ptr, text.len);
    buf_clear(&text);
    if (!ok) {
        signing_close(s);
        return false;
    }
    *out = s;
    return true;
}

void signing_close(struct signing *s)
{
    if (s == NULL)
        return;
    pthread_mutex_destroy(&s->lock);
    secret_wipe(s->keys, sizeof(s->keys));
    free(s->path);
    free(s);
}

bool signing_rotate(struct signing *s, int64_t now_ms, struct err *err)
{
    pthread_mutex_lock(&s->lock);
    struct signing before = *s;
    add_key(s, now_ms);
    bool ok = write_keys(s, err);
    if (!ok) {
        memcpy(s->keys, before.keys, sizeof(s->keys));
        s->count = before.count;
    }
    pthread_mutex_unlock(&s->lock);
    secret_wipe(&before, sizeof(before));
    return ok;
}

void signing_begin(struct signing *s, struct signer *out, char id[SIGNING_ID_LEN + 1])
{
    pthread_mutex_lock(&s->lock);
    sign_begin(out, &s->keys[0].key);
    memcpy(id, s->keys[0].id, SIGNING_ID_LEN + 1);
    pthread_mutex_unlock(&s->lock);
}

void signing_id(struct signing *s, char id[SIGNING_ID_LEN + 1])
{
    pthread_mutex_lock(&s->lock);
    memcpy(id, s->keys[0].id, SIGNING_ID_LEN + 1);
    pthread_mutex_unlock(&s->lock);
}

static struct str pem_of(const struct kept_key *k, struct arena *mem)
{
    uint8_t der[sizeof(spki_head) + 32];
    memcpy(der, spki_head, sizeof(spki_head));
    memcpy(der + sizeof(spki_head), k->key.public_key, 32);
    return arena_join(mem, STR("-----BEGIN PUBLIC KEY-----\n"),
                      base64_format(mem, der, sizeof(der)), STR("\n-----END PUBLIC KEY-----\n"));
}

void signing_write(struct signing *s, struct arena *mem, struct json_writer *w)
{
    pthread_mutex_lock(&s->lock);
    json_open_array(w);
    for (size_t i = 0; i < s->count; i++) {
        const struct kept_key *k = &s->keys[i];
        json_open_object(w);
        json_key_str(w, "id", str_from(k->id));
        json_key_str(w, "algorithm", STR("ed25519-sha512"));
        json_key_str(w, "public_key", base64_format(mem, k->key.public_key, 32));
        json_key_str(w, "pem", pem_of(k, mem));
        json_key_str(w, "created_at", time_format(mem, k->made_ms));
        json_key_str(w, "retired_at", i ? time_format(mem, k->retired_ms) : STR_NONE);
        json_close_object(w);
    }
    json_close_array(w);
    pthread_mutex_unlock(&s->lock);
}

void signing_comment(struct signing *s, struct arena *mem, struct buf *out)
{
    pthread_mutex_lock(&s->lock);
    struct str key = base64_format(mem, s->keys[0].key.public_key, 32);
    buf_printf(out, "# consumer lists are signed with the Ed25519 key %s: " STR_FMT "\n",
               s->keys[0].id, STR_ARG(key));
    pthread_mutex_unlock(&s->lock);
}
