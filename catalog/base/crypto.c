/* The only file that speaks to libsodium: randomness, keyed hashes, passwords, signatures, key
 * texts. */
#include <sodium.h>
#include <stdlib.h>
#include <sys/auxv.h>

#include "catalog/base/hash.h"

#define PASSWORD_OPS    2
#define PASSWORD_MEMORY ((size_t)19 * 1024 * 1024)
#define RANDOM_LEN      32
#define CHECK_LEN       6

static const char base62[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

bool crypto_init(void)
{
    return sodium_init() >= 0;
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

struct str base64_format(struct arena *mem, const void *bytes, size_t len)
{
    size_t size = sodium_base64_ENCODED_LEN(len, sodium_base64_VARIANT_ORIGINAL);
    char *text = arena_alloc(mem, size);
    sodium_bin2base64(text, size, bytes, len, sodium_base64_VARIANT_ORIGINAL);
    return str_from(text);
}

/* --- hashes for tables ------------------------------------------------------------------------ */

_Static_assert(crypto_shorthash_KEYBYTES == 16, "the kernel gives a process 16 random bytes");

/* The bytes that the kernel drew for this process (getauxval(3)): a key without state of ours. */
uint64_t hash_text(uint64_t hash, struct str text)
{
    static const unsigned char none[crypto_shorthash_KEYBYTES];
    unsigned long at = getauxval(AT_RANDOM);
    const unsigned char *key = NULL;
    uint64_t own = 0;
    _Static_assert(sizeof(at) == sizeof(key), "it is an address");
    memcpy(&key, &at, sizeof(key));
    (void)crypto_shorthash((unsigned char *)&own, (const unsigned char *)text.ptr, text.len,
                           key != NULL ? key : none);
    return hash_mix(hash, own);
}

/* --- signatures ------------------------------------------------------------------------------- */

_Static_assert(sizeof(crypto_hash_sha512_state) <= sizeof(((struct signer *)NULL)->hash), "room");

static crypto_hash_sha512_state *hash_of(struct signer *s)
{
    return (crypto_hash_sha512_state *)(void *)s->hash;
}

struct sign_key sign_key_from(const uint8_t seed[32])
{
    struct sign_key key;
    unsigned char secret[crypto_sign_SECRETKEYBYTES];
    memcpy(key.seed, seed, sizeof(key.seed));
    crypto_sign_seed_keypair(key.public_key, secret, seed);
    sodium_memzero(secret, sizeof(secret));
    return key;
}

void sign_begin(struct signer *s, const struct sign_key *key)
{
    memcpy(s->seed, key->seed, sizeof(s->seed));
    crypto_hash_sha512_init(hash_of(s));
}

void sign_add(struct signer *s, struct str piece)
{
    crypto_hash_sha512_update(hash_of(s), (const unsigned char *)piece.ptr, piece.len);
}

void sign_end(struct signer *s, uint8_t signature[SIGNATURE_LEN])
{
    unsigned char digest[crypto_hash_sha512_BYTES], secret[crypto_sign_SECRETKEYBYTES];
    unsigned char public_key[crypto_sign_PUBLICKEYBYTES];
    crypto_hash_sha512_final(hash_of(s), digest);
    crypto_sign_seed_keypair(public_key, secret, s->seed);
    crypto_sign_detached(signature, NULL, digest, sizeof(digest), secret);
    sodium_memzero(secret, sizeof(secret));
    sodium_memzero(s, sizeof(*s));
}

bool signature_holds(const uint8_t signature[SIGNATURE_LEN], struct str text,
                     const uint8_t public_key[32])
{
    unsigned char digest[crypto_hash_sha512_BYTES];
    crypto_hash_sha512(digest, (const unsigned char *)text.ptr, text.len);
    return crypto_sign_verify_detached(signature, digest, sizeof(digest), public_key) == 0;
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

static void check_digits(struct str body, char out[CHECK_LEN])
{
    uint32_t crc = crc32_of(body);
    for (size_t i = CHECK_LEN; i-- > 0; crc /= 62)
        out[i] = base62[crc % 62];
}

static struct str secret_new(struct str prefix, struct arena *mem)
{
    size_t body = prefix.len + RANDOM_LEN;
    char *text = arena_alloc(mem, body + CHECK_LEN + 1);
    memcpy(text, prefix.ptr, prefix.len);
    for (size_t i = prefix.len; i < body; i++)
        text[i] = base62[randombytes_uniform(62)];
    check_digits((struct str){text, body}, text + body);
    return (struct str){text, body + CHECK_LEN};
}

struct str key_new(struct arena *mem, char environment)
{
    char prefix[] = KEY_PREFIX "?";
    prefix[sizeof(KEY_PREFIX) - 1] = environment;
    return secret_new(str_from(prefix), mem);
}

struct str token_new(struct arena *mem)
{
    return secret_new(STR(TOKEN_PREFIX), mem);
}

bool token_well_formed(struct str token)
{
    char check[CHECK_LEN];
    if (token.len != TOKEN_TEXT_LEN || !str_starts(token, STR(TOKEN_PREFIX)))
        return false;
    check_digits(str_sub(token, 0, token.len - CHECK_LEN), check);
    return memcmp(token.ptr + token.len - CHECK_LEN, check, CHECK_LEN) == 0;
}
