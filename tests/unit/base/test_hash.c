/* base: hashes of texts, and sets of them. */
#include "catalog/base/hash.h"
#include "tests/unit/test.h"

TEST(test_hashes_tell_texts_and_beginnings_apart)
{
    CHECK(hash_text(1, STR("a")) == hash_text(1, (struct str){"ab", 1}));
    CHECK(hash_text(1, STR("a")) != hash_text(2, STR("a")));
    CHECK(hash_text(1, STR("a")) != hash_text(1, STR("b")));
    CHECK(hash_text(1, STR("")) != hash_text(1, STR("a")));
    CHECK(hash_mix(1, 2) != hash_mix(2, 1));
}

/* Few are compared, many have a table: the same is said of both, and while one becomes the other.
 */
TEST(test_text_sets)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct text_set set = {.mem = &mem};
    CHECK(!text_set_has(&set, STR("0")));
    for (size_t i = 0; i < 2000; i++) {
        struct str text = arena_printf(&mem, "%zu", i);
        CHECK(!text_set_has(&set, text));
        CHECK(text_set_add(&set, text));
        CHECK(!text_set_add(&set, arena_printf(&mem, "%zu", i / 2)));
        CHECK_I64(text_set_find(&set, arena_printf(&mem, "%zu", i / 3)), i / 3);
        CHECK(text_set_find(&set, arena_printf(&mem, "%zu", i + 1)) == SIZE_MAX);
    }
    CHECK_I64(set.texts.len, 2000);
    for (size_t i = 0; i < 2000; i++)
        CHECK_STR(set.texts.ptr[i], arena_printf(&mem, "%zu", i));
    CHECK(text_set_add(&set, STR("")));
    CHECK(text_set_has(&set, STR("")));
}
