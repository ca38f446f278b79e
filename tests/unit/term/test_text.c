/* term: what is done to text before it may reach a terminal, and names of keys. */
#include <locale.h>

#include "tests/unit/test.h"
#include "tui/term/term.h"

/* STR for static tables, with room for NUL bytes. */
#define T(literal)                        \
    {                                     \
        ("" literal), sizeof(literal) - 1 \
    }

TEST(test_plain_text_is_safe_and_measured)
{
    static const struct {
        struct str text, want;
        int cols;
    } cases[] = {
        {T("plain"),                                     T("plain"),                                5},
        {T(""),                                          T(""),                                     0},
        {T("a\033[2Jb"),                                 T("a\xEF\xBF\xBD[2Jb"),                    6},
        {T("a\0b"),
         T("a\xEF\xBF\xBD"
           "b"),
         3                                                                                           },
        {T("a\tb\nc"),                                   T("a b c"),                                5},
        {T("\x7F"),                                      T("\xEF\xBF\xBD"),                         1},
        {T("\xC2\x9B"),                                  T("\xEF\xBF\xBD"),                         1}, /* CSI as a C1 control */
        {T("\xE2\x80\xAE"),                              T("\xEF\xBF\xBD"),                         1}, /* right-to-left override */
        {T("\xE2\x81\xA7"),                              T("\xEF\xBF\xBD"),                         1}, /* an isolate */
        {T("x\xEF\xB8\x8F"),                             T("x\xEF\xBF\xBD"),                        2}, /* variation selector */
        {T("\xE5\xAE\xBD"),                              T("\xE5\xAE\xBD"),                         2}, /* wide */
        {T("e\xCC\x81"),                                 T("e\xCC\x81"),                            1}, /* combining */
        {T("\xCC\x81"),                                  T(""),                                     0}, /* combining with nothing */
        {T("e\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81"), T("e\xCC\x81\xCC\x81\xCC\x81"),            1},
        {T("\xC0\x80"),                                  T("\xEF\xBF\xBD\xEF\xBF\xBD"),             2}, /* overlong */
        {T("\xED\xA0\x80"),                              T("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"), 3}, /* surrogate */
        {T("\xE2\x82"),                                  T("\xEF\xBF\xBD\xEF\xBF\xBD"),             2}, /* cut short */
        {T("\xFF"),                                      T("\xEF\xBF\xBD"),                         1},
    };
    CLEANUP(arena_clear) struct arena mem = {0};
    CHECK(setlocale(LC_ALL, "C.UTF-8") != NULL);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int cols = -1;
        CHECK_STR(term_plain(&mem, cases[i].text, &cols), cases[i].want);
        CHECK_I64(cols, cases[i].cols);
    }
}

TEST(test_keys_have_names)
{
    CHECK_I64(term_key_parse(STR("j")), 'j');
    CHECK_I64(term_key_parse(STR("^F")), 6);
    CHECK_I64(term_key_parse(STR("ENTER")), TERM_KEY_ENTER);
    CHECK_I64(term_key_parse(STR("PGDN")), TERM_KEY_PAGE_DOWN);
    CHECK_I64(term_key_parse(STR("NOKEY")), 0);
    CHECK_I64(term_key_parse(STR("")), 0);
}
