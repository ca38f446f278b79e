/* The approved-consumer list: its exact text, and who is on it. */
#include "tests/unit/authz/world.h"

static struct str list(struct world *w, const char *group, struct buf *out)
{
    buf_reset(out);
    access_consumers(&w->image, str_from(group), w->now_ms, 60, out);
    return buf_str(out);
}

TEST(test_consumers_writes_the_agreed_form)
{
    static const struct str some[] = {
        {"GET /{id}",    9 },
        {"DELETE /{id}", 12},
        {"GET /{id}",    9 }
    };
    CLEANUP(world_clear) struct world w;
    CLEANUP(buf_clear) struct buf out = {0};
    world_init(&w);
    for (size_t i = 0; i < SHA256_LEN; i++)
        w.credentials[0].sha256.bytes[i] = (uint8_t)(i * 9);
    w.credentials[1] = w.credentials[0];
    w.credentials[1].sha256.bytes[0] = 0xFF;
    w.credentials[1].app = 1;
    w.credentials[1].not_after_ms = WORLD_NOW + 1;
    w.plans[0].rate_count = 10;
    w.plans[0].rate_period_ms = 1000;
    w.plans[0].burst = 20;
    w.plans[1].operations = some;
    w.plans[1].operation_count = COUNT_OF(some);
    w.grants[1] =
        (struct access_grant){502, 1, 2, 1, ACCESS_APPROVED, WORLD_NOW + 5, WORLD_NOW + 9};
    w.in.grant_count = w.in.credential_count = 2;
    world_build(&w);
    CHECK_STR(
        list(&w, "edge", &out),
        STR("{\"version\":412,\"issued_at\":\"2026-09-21T14:13:20.000Z\",\"ttl_s\":60,\"group\":\"edge\","
            "\"consumers\":["
            "{\"app\":\"app\",\"credentials\":[{\"type\":\"api_key\",\"sha256\":"
            "\"ff09121b242d363f48515a636c757e879099a2abb4bdc6cfd8e1eaf3fc050e17\","
            "\"not_after\":\"2026-09-21T14:13:20.001Z\"}],\"grants\":[{\"api\":\"maps\",\"plan\":\"thin\","
            "\"operations\":[\"DELETE /{id}\",\"GET /{id}\"],\"not_before\":\"2026-09-21T14:13:20.005Z\","
            "\"not_after\":\"2026-09-21T14:13:20.009Z\",\"rate\":null}]},"
            "{\"app\":\"shop\",\"credentials\":[{\"type\":\"api_key\",\"sha256\":"
            "\"0009121b242d363f48515a636c757e879099a2abb4bdc6cfd8e1eaf3fc050e17\",\"not_after\":null}],"
            "\"grants\":[{\"api\":\"pets\",\"plan\":\"gold\",\"operations\":\"all\",\"not_before\":null,"
            "\"not_after\":null,\"rate\":{\"per_s\":10,\"burst\":20}}]}]}"));
}

TEST(test_consumers_leaves_out_who_may_not_call)
{
    for (int number = 0; number < 11; number++) {
        CLEANUP(world_clear) struct world w;
        CLEANUP(buf_clear) struct buf out = {0};
        const char *group = "edge";
        bool listed = false;
        world_init(&w);
        switch (number) {
        case 0:
            group = "other";
            break;
        case 1:
            w.credentials[0].revoked = true;
            break;
        case 2:
            w.credentials[0].not_after_ms = WORLD_NOW;
            break;
        case 3:
            w.grants[0].state = ACCESS_REQUESTED;
            break;
        case 4:
            w.grants[0].state = ACCESS_SUSPENDED;
            break;
        case 5:
            w.grants[0].not_after_ms = WORLD_NOW;
            break;
        case 6:
            w.deployments[0].stage = ACCESS_STAGE_RETIRED;
            break;
        case 7:
            w.deployments[0].stage = ACCESS_STAGE_DRAFT;
            break;
        case 8:
            w.grants[0].app = 1;
            break;
        case 9:
            w.in.grant_count = 0;
            break;
        default:
            listed = true;
            break;
        }
        world_build(&w);
        struct str text = list(&w, group, &out);
        CHECK_I64(str_find(text, STR("\"app\"")) != SIZE_MAX, listed);
        CHECK_I64(str_ends(text, STR("\"consumers\":[]}")), !listed);
        CHECK(str_starts(text, STR("{\"version\":412,")));
    }
}
