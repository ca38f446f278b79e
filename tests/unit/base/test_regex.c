/* base: regular expressions as ECMA-262 means them. */
#include "tests/unit/test.h"

TEST(test_patterns_mean_what_ecma_262_says)
{
    static const struct {
        const char *pattern, *flags, *yes, *no; /* texts that must and must not match */
    } cases[] = {
        {"^[a-z]+$",                  "",  "abc",              "abc\n"       },
        {"b",                         "",  "abc",              "ac"          },
        {"^\\d$",                     "u", "7",                "\xD9\xA3"    }, /* ARABIC-INDIC THREE */
        {"^\\w+$",                    "u", "a_1",              "\xC3\xA9"    },
        {"^\\s$",                     "u", "\xC2\xA0",         "x"           },
        {"^[\\s-z]+$",                "",  "- z",              "y"           },
        {"^[\\w-.]+$",                "",  "a-b.c",            "a b"         },
        {"^[\\s\\S]$",                "",  "\xC2\xA0",         ""            },
        {"^.$",                       "u", "\xF0\x9F\x98\x80", "\xE2\x80\xA8"},
        {"^.$",                       "s", "\n",               ""            },
        {"^\\Z$",                     "",  "Z",                ""            },
        {"\\v",                       "",  "\x0B",             "\n"          },
        {"^\\h\\R\\K$",               "",  "hRK",              "h"           },
        {"^[[:alpha:]]$",             "",  "a]",               "b"           },
        {"^[^]$",                     "",  "x",                ""            },
        {"[]",                        "",  NULL,               "x"           },
        {"^\\p{Letter}+$",            "u", "\xC3\xA9tude",     "1"           },
        {"^\\p{Lu}$",                 "u", "\xC3\x89",         "\xC3\xA9"    },
        {"^\\P{L}$",                  "u", "1",                "a"           },
        {"^\\u00e9$",                 "",  "\xC3\xA9",         "e"           },
        {"^\\ud83d\\ude00$",          "",  "\xF0\x9F\x98\x80", "x"           },
        {"^\\u{1F600}$",              "u", "\xF0\x9F\x98\x80", "x"           },
        {"^\\x41\\cJ$",               "",  "A\n",              "A"           },
        {"(?<year>\\d{4})-\\k<year>", "",  "2026-2026",        "2026-2025"   },
        {"^(?!.*eval\\().*$",         "",  "fine",             "eval(x"      },
        {"(?<=a)b",                   "",  "ab",               "cb"          },
        {"^a{,2}$",                   "",  "a{,2}",            "aa"          },
        {"^a#b$",                     "",  "a#b",              "ab"          },
        {"^HELLO$",                   "i", "hello",            "hell"        },
        {"^b$",                       "m", "a\nb",             "ab"          },
        {"^a\\/b$",                   "u", "a/b",              "ab"          },
        {"(a)\\1",                    "",  "aa",               "ab"          },
        {"",                          "",  "",                 NULL          },
    };
    CLEANUP(arena_clear) struct arena mem = {0};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct regex *regex = NULL;
        struct err err = {0};
        bool ok =
            regex_compile(str_from(cases[i].pattern), str_from(cases[i].flags), &mem, &regex, &err);
        CHECK_OK(ok, &err);
        if (!ok)
            continue;
        bool yes = cases[i].yes == NULL || regex_matches(regex, str_from(cases[i].yes), NULL);
        bool no = cases[i].no != NULL && regex_matches(regex, str_from(cases[i].no), NULL);
        if (!yes || no)
            printf("\n/%s/%s: %s\n", cases[i].pattern, cases[i].flags,
                   yes ? "matches" : "does not");
        CHECK(yes && !no);
    }
}

TEST(test_what_only_pcre2_knows_is_no_regular_expression)
{
    static const struct {
        const char *pattern, *flags;
    } cases[] = {
        {"a++",       "" },
        {"*a",        "" },
        {"(*ACCEPT)", "" },
        {"(?>a)",     "" },
        {"(?i)a",     "" },
        {"(?P<n>a)",  "" },
        {"(?#x)",     "" },
        {"(",         "" },
        {")",         "" },
        {"[a",        "" },
        {"[z-a]",     "" },
        {"a{2,1}",    "" },
        {"\\",        "" },
        {"\\h",       "u"},
        {"\\p{No}{",  "u"},
        {"\\p{Nope}", "u"},
        {"a}",        "u"},
        {"a",         "x"},
    };
    CLEANUP(arena_clear) struct arena mem = {0};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct regex *regex = NULL;
        struct err err = {0};
        bool ok =
            regex_compile(str_from(cases[i].pattern), str_from(cases[i].flags), &mem, &regex, &err);
        if (ok)
            printf("\n/%s/%s is accepted\n", cases[i].pattern, cases[i].flags);
        CHECK(!ok);
        CHECK_I64(err.code, ERR_INVALID);
        CHECK(err.msg[0] != '\0');
    }
}

TEST(test_exponential_patterns_are_given_up)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf text = {0};
    struct regex *regex = NULL;
    struct err err = {0};
    bool gave_up = false;
    for (size_t i = 0; i < 60; i++)
        buf_add_char(&text, 'a');
    CHECK_OK(regex_compile(STR("^(a|a)*b\\1?$"), STR(""), &mem, &regex, &err), &err);
    CHECK(!regex_matches(regex, buf_str(&text), &gave_up));
    CHECK(gave_up);
    CHECK(regex_matches(regex, STR("aab"), &gave_up));
    CHECK(!gave_up);
}

/* PCRE2 counts steps anew at each place where a match may begin: none of these takes too many. */
TEST(test_matches_that_begin_in_many_places_are_given_up)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf text = {0};
    struct regex *regex = NULL;
    struct err err = {0};
    bool gave_up = false;
    for (size_t i = 0; i < 800; i++)
        buf_add_char(&text, 'a');
    buf_add(&text, STR("-b"));
    CHECK_OK(regex_compile(STR("[ac]+[ae]+[ad]*b"), STR(""), &mem, &regex, &err), &err);
    CHECK(!regex_matches(regex, buf_str(&text), &gave_up));
    CHECK(gave_up);
    CHECK(!regex_matches(regex, str_sub(buf_str(&text), 780, 30), &gave_up));
    CHECK(!gave_up);
    CHECK_OK(regex_compile(STR("^[ac]+[ae]+[ad]*b"), STR(""), &mem, &regex, &err), &err);
    CHECK(!regex_matches(regex, buf_str(&text), &gave_up));
    CHECK(!gave_up);
}

TEST(test_text_of_bad_utf8_and_nul_bytes_is_only_text)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct regex *regex = NULL;
    struct err err = {0};
    CHECK_OK(regex_compile(STR("b$"), STR(""), &mem, &regex, &err), &err);
    CHECK(regex_matches(regex, (struct str){"a\0b", 3}, NULL));
    CHECK(regex_matches(regex, STR("\xED\xA0\x80 b"), NULL));
    CHECK(!regex_matches(regex, STR("\xFF"), NULL));
}
