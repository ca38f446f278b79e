/* base: signatures and gzip of texts that come in pieces. */
#include "tests/unit/test.h"

static void sign(const struct sign_key *key, struct str text, size_t step, uint8_t *out)
{
    struct signer s;
    sign_begin(&s, key);
    for (size_t at = 0; at < text.len; at += step)
        sign_add(&s, str_sub(text, at, step));
    sign_end(&s, out);
}

/* However a text is cut into pieces, its signature is the same. */
TEST(test_signatures_of_pieces_hold)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    uint8_t seed[32], signature[SIGNATURE_LEN], again[SIGNATURE_LEN];
    for (size_t len = 0; len < 700; len += 37) {
        char *text = arena_alloc(&mem, len);
        random_fill(text, len);
        random_fill(seed, sizeof(seed));
        struct sign_key key = sign_key_from(seed);
        sign(&key, (struct str){text, len}, 1 + len / 5, signature);
        sign(&key, (struct str){text, len}, 1000, again);
        CHECK(signature_holds(signature, (struct str){text, len}, key.public_key));
        CHECK(signature_holds(again, (struct str){text, len}, key.public_key));
        CHECK(memcmp(signature, again, sizeof(again)) == 0);
        CHECK(!signature_holds(signature, arena_join(&mem, (struct str){text, len}, STR("x")),
                               key.public_key));
        signature[len % SIGNATURE_LEN] ^= 1;
        CHECK(!signature_holds(signature, (struct str){text, len}, key.public_key));
    }
}

TEST(test_gzip_of_pieces_unpacks_to_all_of_them)
{
    CLEANUP(buf_clear) struct buf packed = {0};
    CLEANUP(buf_clear) struct buf unpacked = {0};
    CLEANUP(buf_clear) struct buf plain = {0};
    struct err err = {0};
    struct gzip_stream *z = gzip_open(1);
    for (int i = 0; i < 20000; i++) {
        size_t from = plain.len;
        buf_printf(&plain, "line %d of many, %d\n", i, i * 7919);
        CHECK(gzip_add(z, str_sub(buf_str(&plain), from, plain.len), false, &packed));
    }
    CHECK(gzip_add(z, STR(""), true, &packed));
    gzip_close(z);
    CHECK(packed.len < plain.len / 2);
    CHECK_OK(gzip_unpack(buf_str(&packed), (size_t)1 << 24, &unpacked, &err), &err);
    CHECK_STR(buf_str(&unpacked), buf_str(&plain));
}
