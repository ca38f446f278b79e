/* base: text, numbers, times, ids, keys, JSON both ways, gzip, log lines. */
#include <stdlib.h>
#include <unistd.h>

#include "catalog/base/eight.h"
#include "tests/unit/test.h"

TEST(test_str_to_i64_takes_digits_only)
{
    static const struct {
        const char *text;
        bool ok;
        int64_t value;
    } cases[] = {
        {"0",                    true,  0        },
        {"-1",                   true,  -1       },
        {"9223372036854775807",  true,  INT64_MAX},
        {"-9223372036854775808", true,  INT64_MIN},
        {"9223372036854775808",  false, 0        },
        {"-9223372036854775809", false, 0        },
        {"",                     false, 0        },
        {"-",                    false, 0        },
        {"+1",                   false, 0        },
        {" 1",                   false, 0        },
        {"1x",                   false, 0        },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t value = 0;
        CHECK_I64(str_to_i64(str_from(cases[i].text), &value), cases[i].ok);
        CHECK_I64(value, cases[i].value);
    }
}

TEST(test_percent_encoding_is_undone_where_it_is_whole)
{
    static const struct {
        const char *text, *plain;
    } cases[] = {
        {"",        ""      },
        {"a/b",     "a/b"   },
        {"%41%7e",  "A~"    },
        {"a%2Fb%",  "a/b%"  },
        {"%4",      "%4"    },
        {"%4g%g4",  "%4g%g4"},
        {"%%41%25", "%A%"   },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        CHECK_STR(percent_decode(str_from(cases[i].text), &mem), str_from(cases[i].plain));
    }
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str whole = percent_decode(STR("%00%ff"), &mem);
    CHECK(whole.len == 2 && whole.ptr[0] == '\0' && (unsigned char)whole.ptr[1] == 0xff);
    for (int c = 0; c < 256; c++)
        CHECK(hex_digit((char)c) == (c != 0 && strchr("0123456789abcdefABCDEF", c) != NULL
                                         ? (int)strtol((char[]){(char)c, '\0'}, NULL, 16)
                                         : -1));
}

TEST(test_utf8_names_first_bad_byte)
{
    static const struct {
        struct str text;
        size_t bad;
    } cases[] = {
        {{"plain", 5},              SIZE_MAX},
        {{"\xC3\xA9", 2},           SIZE_MAX},
        {{"a\xC0\x80", 3},          1       },
        {{"\xED\xA0\x80", 3},       0       },
        {{"ab\xF4\x90\x80\x80", 6}, 2       },
        {{"\xE2\x82", 2},           0       },
        {{"\xF0\x9F\x98\x80", 4},   SIZE_MAX},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t bad = SIZE_MAX;
        CHECK_I64(str_utf8(cases[i].text, &bad), cases[i].bad == SIZE_MAX);
        CHECK_I64(bad, cases[i].bad);
    }
}

TEST(test_time_round_trips_and_refuses_impossible_dates)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    int64_t at = 0;
    CHECK(time_parse(STR("2026-11-24T12:37:00.123Z"), &at));
    CHECK_STR(time_format(&mem, at), STR("2026-11-24T12:37:00.123Z"));
    CHECK(time_parse(STR("2026-11-24T14:37:00+02:00"), &at));
    CHECK_STR(time_format(&mem, at), STR("2026-11-24T12:37:00.000Z"));
    static const char *const bad[] = {"2026-02-31T00:00:00Z", "2026-13-01T00:00:00Z",
                                      "2026-01-01T24:00:00Z", "2026-01-01",
                                      "2026-01-01T00:00:00",  "2026-01-01T00:00:00.Z"};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        CHECK(!time_parse(str_from(bad[i]), &at));
}

TEST(test_ids_are_ordered_and_round_trip)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct id_source source = {.lane = 3};
    int64_t last = 0;
    for (int i = 0; i < 70000; i++) {
        int64_t id = id_next(&source, INT64_C(1790000000000));
        CHECK(id > last);
        last = id;
    }
    int64_t back = 0;
    struct str text = id_format(&mem, last);
    CHECK(id_parse(text, &back));
    CHECK_I64(back, last);
    CHECK(id_next(&source, INT64_C(1000)) > last); /* a clock set back */
    for (int i = 0; i < 64; i++) {                 /* each digit at each place */
        int64_t id = (int64_t)(UINT64_C(0x0123456789abcdef) * (uint64_t)(i + 1) >> 1);
        CHECK(id_parse(id_format(&mem, id), &back));
        CHECK_I64(back, id);
    }
    char digits[] = "0000000000000";
    for (int byte = 0; byte <= UINT8_MAX; byte++) {
        digits[7] = (char)byte;
        bool is_digit = byte != 0 && strchr("0123456789abcdefghjkmnpqrstvwxyz", byte) != NULL;
        CHECK_I64(id_parse((struct str){digits, 13}, &back), is_digit);
    }
    CHECK(!id_parse(STR("zzzzzzzzzzzzz"), &back));
    CHECK(!id_parse(STR("short"), &back));
}

TEST(test_checksum_of_a_token_refuses_every_changed_character)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str token = token_new(&mem);
    char *text = str_z(&mem, token);
    CHECK_I64(token.len, TOKEN_TEXT_LEN);
    CHECK(str_starts(token, STR("chp_")));
    CHECK(token_well_formed(token));
    for (size_t i = 0; i < token.len; i++) {
        char was = text[i];
        text[i] = was == 'x' ? 'y' : 'x';
        CHECK(!token_well_formed((struct str){text, token.len}));
        text[i] = was;
    }
    CHECK(!token_well_formed(str_sub(token, 0, token.len - 1)));
    CHECK(!token_well_formed(STR_NONE));
    CHECK(!str_eq(token, token_new(&mem)));
}

/* A program that looks for leaked keys finds the CRC-32 of what stands before, in base 62. */
TEST(test_keys_end_in_their_checksum)
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str key = key_new(&mem, 'l');
    uint64_t number = 0;
    CHECK_I64(key.len, KEY_TEXT_LEN);
    CHECK(str_starts(key, STR("chy_l")));
    for (size_t i = key.len - 6; i < key.len; i++)
        number = number * 62 + (uint64_t)(strchr(digits, key.ptr[i]) - digits);
    CHECK_I64(number, crc32_of(str_sub(key, 0, key.len - 6)));
    CHECK(!str_eq(key, key_new(&mem, 'l')));
}

TEST(test_sha256_gives_the_examples_of_its_standard)
{
    static const struct {
        struct str text;
        const char *hex;
    } cases[] = {
        {{"abc", 3},                                                       "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56},
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"                                                                  },
        {{NULL, 0},                                                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    };
    CLEANUP(arena_clear) struct arena mem = {0};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct sha256 hash = sha256_of(cases[i].text);
        CHECK_STR(hex_format(&mem, hash.bytes, sizeof(hash.bytes)), str_from(cases[i].hex));
    }
}

TEST(test_json_writer_escapes_and_reader_reads_back)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf out = {0};
    struct json_writer w = {.out = &out};
    json_open_object(&w);
    json_key_str(&w, "a\"b", STR("\x01\n\\\x7f\xC3\xA9"));
    json_key(&w, STR("list"));
    json_open_array(&w);
    json_put_i64(&w, -5);
    json_put_double(&w, 0.1);
    json_put_null(&w);
    json_close_array(&w);
    json_key_bool(&w, "yes", true);
    json_close_object(&w);
    CHECK_STR(
        buf_str(&out),
        STR("{\"a\\\"b\":\"\\u0001\\n\\\\\\u007f\xC3\xA9\",\"list\":[-5,0.1,null],\"yes\":true}"));
    struct json *back = NULL;
    struct err err = {0};
    CHECK_OK(json_parse(buf_str(&out), &mem, &back, &err), &err);
    CHECK_STR(json_get_str(back, "a\"b"), STR("\x01\n\\\x7f\xC3\xA9"));
    CHECK_I64(json_get(back, "list")->child->integer, -5);
    CLEANUP(buf_clear) struct buf again = {0};
    struct json_writer w2 = {.out = &again};
    json_write(&w2, back);
    CHECK_STR(buf_str(&again), buf_str(&out));
}

TEST(test_json_reader_refuses_with_place)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct json *out = NULL;
    struct err err = {0};
    CHECK(!json_parse(STR("{\"a\":1,\n\"a\":2}"), &mem, &out, &err));
    CHECK_STR(str_sub(str_from(err.where), 0, 6), STR("line 2"));
    CHECK(!json_parse(STR("{} x"), &mem, &out, &err));
    CHECK(!json_parse(STR("[1,\nfalse\0]"), &mem, &out, &err));
    CHECK_STR(str_from(err.where), STR("line 2 column 6"));
    CLEANUP(buf_clear) struct buf deep = {0};
    for (int i = 0; i < 100; i++)
        buf_add_char(&deep, '[');
    CHECK(!json_parse(buf_str(&deep), &mem, &out, &err));
    CHECK_I64(err.code, ERR_LIMIT);
}

/* Around the sizes at which the window changes. */
TEST(test_markup_is_escaped)
{
    CLEANUP(buf_clear) struct buf out = {0};
    buf_add_markup(&out, STR("<a b='c'>\"&\x01\t\n\xC3\xA4"));
    CHECK_STR(buf_str(&out), STR("&lt;a b=&#39;c&#39;&gt;&quot;&amp;\t\n\xC3\xA4"));
}

TEST(test_gzip_round_trips_every_length)
{
    static const size_t sizes[] = {0, 256, 512, 1024, 4096, 16384, 32768, 65536, 300000};
    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        for (size_t more = 0; more < 3; more++) {
            CLEANUP(buf_clear) struct buf in = {0};
            CLEANUP(buf_clear) struct buf packed = {0};
            CLEANUP(buf_clear) struct buf back = {0};
            struct err err = {0};
            size_t len = sizes[i] + more > 0 ? sizes[i] + more - 1 : 0;
            for (size_t at = 0; at < len; at++) /* likeness near, far, and none */
                buf_add_char(&in, (char)(at % 7 ? 'a' + at % 11 : (at * 2654435761U) >> 13));
            CHECK_OK(gzip_pack(buf_str(&in), 4, &packed, &err), &err);
            CHECK_OK(gzip_unpack(buf_str(&packed), len, &back, &err), &err);
            CHECK_STR(buf_str(&back), buf_str(&in));
        }
}

TEST(test_gzip_round_trips_and_bounds_output)
{
    CLEANUP(buf_clear) struct buf in = {0}, packed = {0}, back = {0};
    struct err err = {0};
    for (int i = 0; i < 200000; i++)
        buf_add(&in, STR("chancery "));
    CHECK_OK(gzip_pack(buf_str(&in), 6, &packed, &err), &err);
    CHECK(packed.len < in.len / 50);
    CHECK_OK(gzip_unpack(buf_str(&packed), in.len, &back, &err), &err);
    CHECK(str_eq(buf_str(&in), buf_str(&back)));
    buf_reset(&back);
    CHECK(!gzip_unpack(buf_str(&packed), in.len - 1, &back, &err));
    CHECK_I64(err.code, ERR_LIMIT);
    buf_reset(&back);
    CHECK(!gzip_unpack(str_sub(buf_str(&packed), 0, packed.len / 2), in.len, &back, &err));
}

TEST(test_err_truncates_at_character_border)
{
    struct err err = {0};
    char text[400];
    memset(text, 'a', sizeof(text));
    memcpy(text + sizeof(err.msg) - 2, "\xC3\xA9", 2);
    text[399] = '\0';
    CHECK(!fail(&err, ERR_INVALID, "/x", "%s", text));
    CHECK(str_utf8(str_from(err.msg), NULL));
    CHECK_I64(strlen(err.msg), sizeof(err.msg) - 2);
}

TEST(test_log_line_is_one_json_object)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    int ends[2];
    char text[512];
    CHECK(pipe(ends) == 0);
    struct log log = {.fd = ends[1], .clock = &clock_system};
    log_info(&log, "something happened", LOG_STR("name", STR("a\nb")), LOG_I64("size_bytes", 7));
    ssize_t got = read(ends[0], text, sizeof(text));
    close(ends[0]);
    close(ends[1]);
    CHECK(got > 0);
    struct json *line = NULL;
    struct err err = {0};
    CHECK_OK(json_parse((struct str){text, (size_t)got}, &mem, &line, &err), &err);
    CHECK_STR(json_get_str(line, "name"), STR("a\nb"));
    CHECK_I64(json_get_i64(line, "size_bytes", 0), 7);
}

TEST(test_arena_and_vec_survive_growth)
{
    struct wide {
        int64_t a, b, c;
    };
    CLEANUP(arena_clear) struct arena mem = {0};
    VEC(struct wide) list = {0};
    for (int64_t i = 0; i < 5000; i++)
        vec_push(&list, &mem, (struct wide){i, i * 2, i * 3});
    CHECK_I64(list.len, 5000);
    for (int64_t i = 0; i < 5000; i++)
        CHECK(list.ptr[i].a == i && list.ptr[i].c == i * 3);
    arena_reset(&mem);
    CHECK_STR(arena_printf(&mem, "%d-%s", 4, "x"), STR("4-x"));
}

/* --- eight bytes at once ---------------------------------------------------------------------- */

TEST(test_eight_bytes_are_judged_like_one_at_a_time)
{
    static const unsigned char limits[] = {1, 0x0E, 0x20, 0x80},
                               looked_for[] = {'"', '\\', 0, 0xFF};
    uint32_t seed = 1;
    for (int turn = 0; turn < 20000; turn++) {
        unsigned char bytes[8];
        for (size_t i = 0; i < sizeof(bytes); i++) {
            seed = seed * 1664525 + 1013904223;
            unsigned near = limits[seed >> 8 & 3] + (seed >> 10 & 3) - 2; /* may wrap */
            bytes[i] = (unsigned char)(seed >> 31 ? near : seed >> 16);
        }
        uint64_t eight = eight_at((const char *)bytes);
        bool ascii = true;
        for (size_t i = 0; i < sizeof(bytes); i++)
            ascii = ascii && bytes[i] < 0x80;
        CHECK(eight_is_ascii(eight) == ascii);
        for (size_t k = 0; k < COUNT_OF(limits); k++) {
            bool below = false, has = false;
            for (size_t i = 0; i < sizeof(bytes); i++) {
                below = below || bytes[i] < limits[k];
                has = has || bytes[i] == looked_for[k];
            }
            CHECK(eight_has_below(eight, limits[k]) == below);
            CHECK(eight_has(eight, looked_for[k]) == has);
        }
    }
}

TEST(test_nearest_name_finds_typos_and_leaves_strangers)
{
    static const char *const names[] = {"summary", "visibility", "team", "tier"};
    static const struct {
        const char *wanted, *nearest;
    } cases[] = {
        {"sumary",    "summary"   },
        {"visiblity", "visibility"},
        {"taem",      "team"      },
        {"teir",      "tier"      },
        {"operation", NULL        },
        {"",          NULL        },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *got = nearest_name(str_from(cases[i].wanted), names, COUNT_OF(names));
        CHECK_STR(str_from(got), str_from(cases[i].nearest));
    }
    char huge[4096];
    memset(huge, 't', sizeof(huge));
    CHECK(nearest_name((struct str){huge, sizeof(huge)}, names, COUNT_OF(names)) == NULL);
}
