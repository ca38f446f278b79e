/* One small catalog that tests bend: app "shop" with a gold grant on "pets", deployed at /pets. */
#ifndef CHANCERY_TEST_WORLD_H
#define CHANCERY_TEST_WORLD_H

#include "catalog/authz/authz.h"
#include "tests/unit/test.h"

#define WORLD_NOW INT64_C(1790000000000)

enum { DEPLOY_PETS = 11, DEPLOY_OPEN = 12, DEPLOY_ROOT = 13 };

struct world {
    struct arena mem;
    struct str key; /* of app 0, credential 0 */
    struct access_api apis[3];
    struct access_deployment deployments[4];
    struct access_app apps[3];
    struct access_credential credentials[4];
    struct access_plan plans[3];
    struct access_grant grants[6];
    struct access_input in;
    struct buf bytes;
    struct access_image image;
    struct limiter *limiter;
    struct check_request request;
    int64_t stale_after_ms, now_ms;
};

/** Allowed as it is: GET /pets/7 by shop. */
void world_init(struct world *w);
void world_clear(struct world *w);
/** Builds and opens the image anew; the limiter stays. */
void world_build(struct world *w);
/** Builds, then decides the world's request. */
struct decision world_decide(struct world *w);
/** Decides another request with the image as it is. */
enum deny_code world_ask(struct world *w, const char *method, const char *path);
void check_code(enum deny_code got, enum deny_code want, const char *what, int line);
#define CHECK_CODE(got, want, what) check_code((got), (want), (what), __LINE__)

#endif
