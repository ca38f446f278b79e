/* html: what becomes of hostile text in each context. */
#include "portal/html/html.h"
#include "tests/unit/test.h"

static const struct {
    enum html_context context;
    const char *text, *want;
} cases[] = {
    {HTML_TEXT,      "plain",                         "plain"                                },
    {HTML_TEXT,      "",                              ""                                     },
    {HTML_TEXT,      "<script>alert(1)</script>",     "&lt;script&gt;alert(1)&lt;/script&gt;"},
    {HTML_TEXT,      "a & b &amp; c",                 "a &amp; b &amp;amp; c"                },
    {HTML_TEXT,      "Grüße → 日本",            "Grüße → 日本"                   },
    {HTML_TEXT,      "a\nb\tc",                       "a\nb\tc"                              },
    {HTML_TEXT,      "\x1b[31mred",                   "\xEF\xBF\xBD[31mred"                  },
    {HTML_TEXT,      "\xff<\xc3",                     "\xEF\xBF\xBD&lt;\xEF\xBF\xBD"         },
    {HTML_TEXT,      "\xc0\xbcscript>",               "\xEF\xBF\xBD\xEF\xBF\xBDscript&gt;"   },
    {HTML_TEXT,      "\xc2\x9bm",                     "\xEF\xBF\xBDm"                        },
    {HTML_TEXT,
     "a\xe2\x80\xae"
     "b",                                             "a\xEF\xBF\xBD"
     "b"                                                                            },
    {HTML_TEXT,
     "a\xe2\x81\xa6"
     "b",                                             "a\xEF\xBF\xBD"
     "b"                                                                            },
    {HTML_ATTRIBUTE, "\" onfocus=alert(1) x=\"",      "&quot; onfocus=alert(1) x=&quot;"     },
    {HTML_ATTRIBUTE, "' onfocus='alert(1)",           "&#39; onfocus=&#39;alert(1)"          },
    {HTML_ATTRIBUTE, "`x`",                           "&#96;x&#96;"                          },
    {HTML_URL,       "https://example.com/a?b=c&d#e", "https://example.com/a?b=c&amp;d#e"    },
    {HTML_URL,       "HTTP://EXAMPLE.COM",            "HTTP://EXAMPLE.COM"                   },
    {HTML_URL,       "mailto:a@example.com",          "mailto:a@example.com"                 },
    {HTML_URL,       "/apis/pets",                    "/apis/pets"                           },
    {HTML_URL,       "/a:b",                          "/a:b"                                 },
    {HTML_URL,       "?q=a:b",                        "?q=a:b"                               },
    {HTML_URL,       "javascript:alert(1)",           "#"                                    },
    {HTML_URL,       "JaVaScRiPt:alert(1)",           "#"                                    },
    {HTML_URL,       " javascript:alert(1)",          "#"                                    },
    {HTML_URL,       "java\nscript:alert(1)",         "#"                                    },
    {HTML_URL,       "\x01javascript:alert(1)",       "#"                                    },
    {HTML_URL,       "data:text/html,<script>",       "#"                                    },
    {HTML_URL,       "vbscript:x",                    "#"                                    },
    {HTML_URL,       "//evil.example",                "#"                                    },
    {HTML_URL,       "/\\evil.example",               "#"                                    },
    {HTML_URL,       "\\\\evil.example",              "#"                                    },
    {HTML_URL,       "/a\" onclick=\"x",              "/a%22%20onclick=%22x"                 },
    {HTML_URL,       "/a'b<c>",                       "/a%27b%3Cc%3E"                        },
    {HTML_URL_PATH,  "a/../b?c#d",                    "a%2F..%2Fb%3Fc%23d"                   },
    {HTML_URL_PATH,  "v1.2_x~y-z",                    "v1.2_x~y-z"                           },
    {HTML_URL_QUERY, "a&b=c d+e",                     "a%26b%3Dc%20d%2Be"                    },
    {HTML_URL_QUERY, "\"><script>",                   "%22%3E%3Cscript%3E"                   },
    {HTML_URL_QUERY, "ü",                            "%C3%BC"                               },
};

TEST(test_escape_fits_its_context)
{
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(buf_clear) struct buf out = {0};
        html_escape(cases[i].context, str_from(cases[i].text), &out);
        CHECK_STR(buf_str(&out), str_from(cases[i].want));
    }
}

TEST(test_escape_takes_nul_bytes)
{
    static const char *const wants[] = {
        [HTML_TEXT] = "a\xEF\xBF\xBD"
                      "b",
        [HTML_ATTRIBUTE] = "a\xEF\xBF\xBD"
                           "b",
        [HTML_URL] = "a%00b",
        [HTML_URL_PATH] = "a%00b",
        [HTML_URL_QUERY] = "a%00b",
    };
    for (size_t i = 0; i < COUNT_OF(wants); i++) {
        CLEANUP(buf_clear) struct buf out = {0};
        html_escape((enum html_context)i, STR("a\0b"), &out);
        CHECK_STR(buf_str(&out), str_from(wants[i]));
    }
}

/* Whatever the bytes, nothing comes out that could end a text, a quoted attribute or a URL. */
TEST(test_escape_lets_no_byte_through_that_ends_its_context)
{
    static const char *const never[] = {
        [HTML_TEXT] = "<>",
        [HTML_ATTRIBUTE] = "<>\"'`",
        [HTML_URL] = "<>\"'` \\",
        [HTML_URL_PATH] = "<>\"'` /?#&\\",
        [HTML_URL_QUERY] = "<>\"'` /?#&=+\\",
    };
    for (unsigned first = 0; first < 256; first++)
        for (unsigned second = 0; second < 256; second++)
            for (size_t c = 0; c < COUNT_OF(never); c++) {
                const char text[] = {'x', (char)first, (char)second, 'x'};
                CLEANUP(buf_clear) struct buf out = {0};
                html_escape((enum html_context)c, (struct str){text, sizeof(text)}, &out);
                bool clean = str_utf8(buf_str(&out), NULL);
                for (size_t i = 0; i < out.len; i++)
                    clean = clean && strchr(never[c], out.ptr[i]) == NULL;
                if (!clean)
                    CHECK_STR(buf_str(&out), STR("a clean text"));
            }
}
