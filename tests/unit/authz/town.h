/* A random catalog that changes step by step, and what a patch must hold for each step. */
#ifndef CHANCERY_TEST_TOWN_H
#define CHANCERY_TEST_TOWN_H

#include "tests/unit/authz/world.h"

enum { TOWN_APPS = 9, TOWN_APIS = 5, TOWN_PLANS = 5, TOWN_KEYS = 60, TOWN_GRANTS = 60 };
enum { TOWN_PLACES = 12, TOWN_OPERATIONS = 6, TOWN_PATHS = 7, TOWN_METHODS = 5, TOWN_GROUPS = 2 };

/** What deployments offer, and what is asked of them. */
extern const struct access_operation town_operations[TOWN_OPERATIONS];
extern const char *const town_groups[TOWN_GROUPS], *const town_paths[TOWN_PATHS],
                                                       *const town_methods[TOWN_METHODS];

struct town_touched {
    bool apps[TOWN_APPS], keys[TOWN_KEYS], plans[TOWN_PLANS], apis[TOWN_APIS], places[TOWN_PLACES];
};
struct town {
    struct arena mem;
    unsigned seed;
    uint64_t version;
    size_t app_count, key_count, grant_count, place_count; /* so far */
    struct str keys[TOWN_KEYS];
    struct access_app apps[TOWN_APPS];
    struct access_api apis[TOWN_APIS];
    struct access_plan plans[TOWN_PLANS];
    struct access_credential credentials[TOWN_KEYS];
    struct access_grant grants[TOWN_GRANTS];
    struct access_deployment places[TOWN_PLACES]; /* ACCESS_STAGE_GONE: no row */
};

void town_init(struct town *t, unsigned seed);
void town_clear(struct town *t);
uint32_t town_pick(struct town *t, size_t count);
/** One random change; adds to touched what it changed. */
void town_change(struct town *t, struct town_touched *touched);
/** Everything as it is now, or (a patch over the image with that checksum) what was touched. */
void town_build(struct town *t, struct buf *out);
void town_patch(struct town *t, const struct town_touched *touched, uint64_t under,
                struct buf *out);
/** A random call, often one that is allowed. */
struct check_request town_call(struct town *t);

#endif
