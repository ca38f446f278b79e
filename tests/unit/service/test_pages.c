/* service: pages, cursors and limits. */
#include "tests/unit/service/world.h"
#include "tests/unit/test.h"

#define APIS 23

static void make(struct world *w, const char *slug)
{
    struct api api = {0};
    MUST(w, api_create, OLGA,
         arena_printf(&w->mem, "{\"slug\":\"%s\",\"name\":\"N\",\"team\":\"zoo\"}", slug).ptr, &api,
         NULL, NULL);
}

/* Rows come in between pages, before and behind the reader; none of the old ones is lost or twice.
 */
TEST(test_pages_hold_under_inserts)
{
    struct world w;
    bool seen[APIS] = {0};
    struct str cursor = STR_NONE;
    int extra = 0, pages = 0, total_seen = 0;
    world_begin(&w);
    for (int i = 0; i < APIS; i++)
        make(&w, arena_printf(&w.mem, "m%02d", i).ptr);
    do {
        const struct catalog_query query = {.cursor = cursor, .limit = 5};
        struct catalog_list list = {0};
        CHECK_OK(catalog_apis(w.view, &w.who[MIA], &query, &w.mem, &list, &w.err), &w.err);
        CHECK_I64(list.total, APIS + extra);
        const struct api *rows = list.rows;
        for (size_t i = 0; i < list.count; i++) {
            int64_t number = -1;
            if (rows[i].slug.ptr[0] != 'm' || rows[i].slug.len != 3)
                continue;
            CHECK(str_to_i64(str_sub(rows[i].slug, 1, 2), &number));
            CHECK(!seen[number]);
            seen[number] = true;
            total_seen++;
        }
        cursor = list.next;
        pages++;
        make(&w, arena_printf(&w.mem, "a%d", pages).ptr);
        make(&w, arena_printf(&w.mem, "z%d", pages).ptr);
        extra += 2;
    } while (cursor.ptr != NULL && pages < 50);
    CHECK_I64(total_seen, APIS);
    CHECK(pages < 50);
    world_end(&w);
}

TEST(test_newest_first_lists_page_too)
{
    struct world w;
    struct str cursor = STR_NONE;
    int64_t last = INT64_MAX, count = 0;
    world_begin_full(&w);
    do {
        const struct catalog_query query = {.cursor = cursor, .limit = 3};
        struct catalog_list list = {0};
        CHECK_OK(catalog_events(w.view, &w.who[ADA], &query, &w.mem, &list, &w.err), &w.err);
        const struct event *rows = list.rows;
        for (size_t i = 0; i < list.count; i++) {
            CHECK(rows[i].seq < last);
            last = rows[i].seq;
            count++;
        }
        cursor = list.next;
    } while (cursor.ptr != NULL);
    CHECK_I64(last, 1);
    CHECK_I64(count, scratch_number(w.scratch.path, "SELECT count(*) FROM event"));
    world_end(&w);
}

TEST(test_cursors_and_limits_that_are_none_are_refused)
{
    struct world w;
    struct catalog_list list = {0};
    world_begin(&w);
    for (int i = 0; i < 3; i++)
        make(&w, arena_printf(&w.mem, "m%02d", i).ptr);
    const struct catalog_query first = {.limit = 2};
    CHECK_OK(catalog_apis(w.view, &w.who[MIA], &first, &w.mem, &list, &w.err), &w.err);
    char *good = str_z(&w.mem, list.next);
    for (size_t i = 0; i < list.next.len; i++) { /* every single changed digit */
        char was = good[i];
        good[i] = was == '0' ? '1' : '0';
        const struct catalog_query query = {.cursor = str_from(good)};
        CHECK(!catalog_apis(w.view, &w.who[MIA], &query, &w.mem, &list, &w.err));
        CHECK_I64(w.err.code, ERR_INVALID);
        CHECK_STR(str_from(w.err.where), STR("cursor"));
        good[i] = was;
    }
    static const char *const bad[] = {"",       "0",         "zz",
                                      "6d3031", "../../etc", "'; DROP TABLE api; --"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        const struct catalog_query query = {.cursor = str_from(bad[i])};
        CHECK(!catalog_apis(w.view, &w.who[MIA], &query, &w.mem, &list, &w.err));
        CHECK_STR(str_from(w.err.where), STR("cursor"));
    }
    const struct catalog_query text = {.cursor = str_from(good)}; /* of a list with another order */
    CHECK(!catalog_events(w.view, &w.who[ADA], &text, &w.mem, &list, &w.err));
    static const int64_t limits[] = {-1, 501, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        const struct catalog_query query = {.limit = limits[i]};
        CHECK(!catalog_apis(w.view, &w.who[MIA], &query, &w.mem, &list, &w.err));
        CHECK_STR(str_from(w.err.where), STR("limit"));
    }
    world_end(&w);
}
