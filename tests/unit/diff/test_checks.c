/* The table of checks. */
#include "tests/unit/test.h"

#include "catalog/diff/diff.h"

TEST(test_checks_are_sorted_and_found)
{
    CHECK_I64(diff_check_count(), 778 + 7); /* and ours */
    for (size_t i = 0; i < diff_check_count(); i++) {
        CHECK(diff_is_check(str_from(diff_check_id(i))));
        CHECK(i == 0 || strcmp(diff_check_id(i - 1), diff_check_id(i)) < 0);
    }
    CHECK(!diff_is_check(STR("no-such-check")));
}
