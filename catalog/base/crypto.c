/* The only file that speaks to libsodium: hashes, randomness, passwords, key texts. */
#include <sodium.h>

#include "catalog/base/base.h"

#define PASSWORD_OPS    2
#define PASSWORD_MEMORY ((size_t)19 * 1024 * 1024)
#define KEY_RANDOM_LEN  32
#define KEY_CHECK_LEN   6

static const char base62[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

bool crypto_init(void)
{
    return sodium_init() >= 0;
}

struct sha256 sha256_of(struct str s)
{
    struct sha256 hash;
    crypto_hash_sha256(hash.bytes, (const unsigned char *)s.ptr, s.len);
    return hash;
}

struct str hex_format(struct arena *mem, const void *bytes, size_t len)
{
    char *text = arena_alloc(mem, len * 2 + 1);
    sodium_bin2hex(text, len * 2 + 1, bytes, len);
    return (struct str){text, len * 2};
}

bool hex_parse(struct str text, void *bytes, size_t len)
{
    size_t got = 0;
    return text.len == len * 2 &&
           sodium_hex2bin(bytes, len, text.ptr, text.len, NULL, &got, NULL) == 0 && got == len;
}

void random_fill(void *bytes, size_t len)
{
    randombytes_buf(bytes, len);
}

struct str random_base62(struct arena *mem, size_t len)
{
    char *text = arena_alloc(mem, len + 1);
    for (size_t i = 0; i < len; i++)
        text[i] = base62[randombytes_uniform(62)];
    return (struct str){text, len};
}

bool equal_constant_time(const void *a, const void *b, size_t len)
{
    return sodium_memcmp(a, b, len) == 0;
}

void secret_wipe(void *bytes, size_t len)
{
    sodium_memzero(bytes, len);
}

bool password_hash(struct str password, struct arena *mem, struct str *out, struct err *err)
{
    char *hash = arena_alloc(mem, crypto_pwhash_STRBYTES);
    if (crypto_pwhash_str_alg(hash, password.ptr, password.len, PASSWORD_OPS, PASSWORD_MEMORY,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        return fail(err, ERR_LIMIT, "/password", "not enough memory to hash a password");
    *out = str_from(hash);
    return true;
}

bool password_matches(struct str hash, struct str password)
{
    char text[crypto_pwhash_STRBYTES] = {0};
    if (hash.len >= sizeof(text))
        return false;
    if (hash.len > 0)
        memcpy(text, hash.ptr, hash.len);
    return crypto_pwhash_str_verify(text, password.ptr, password.len) == 0;
}

static void check_digits(struct str body, char out[KEY_CHECK_LEN])
{
    uint32_t crc = crc32_of(body);
    for (size_t i = KEY_CHECK_LEN; i-- > 0; crc /= 62)
        out[i] = base62[crc % 62];
}

struct str key_new(struct arena *mem, char environment)
{
    char *text = arena_alloc(mem, KEY_TEXT_LEN + 1);
    size_t at = sizeof(KEY_PREFIX) - 1;
    memcpy(text, KEY_PREFIX, at);
    text[at++] = environment;
    for (size_t i = 0; i < KEY_RANDOM_LEN; i++)
        text[at++] = base62[randombytes_uniform(62)];
    check_digits((struct str){text, at}, text + at);
    return (struct str){text, KEY_TEXT_LEN};
}

bool key_well_formed(struct str key)
{
    char check[KEY_CHECK_LEN];
    if (key.len != KEY_TEXT_LEN || !str_starts(key, STR(KEY_PREFIX)))
        return false;
    size_t body = KEY_TEXT_LEN - KEY_CHECK_LEN;
    check_digits(str_sub(key, 0, body), check);
    return memcmp(key.ptr + body, check, KEY_CHECK_LEN) == 0;
}
