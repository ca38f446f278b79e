/* A document of one operation, as the tests of this folder use it. */
#ifndef CHANCERY_TEST_EXCHANGE_RIG_H
#define CHANCERY_TEST_EXCHANGE_RIG_H

#include "catalog/exchange/exchange.h"
#include "tests/unit/test.h"

struct rig {
    struct arena mem;
    struct exchange *x;
    const struct exchange_operation *operation; /* the first */
    exchange_notes notes;
};

static inline void rig_clear(struct rig *rig)
{
    arena_clear(&rig->mem);
}
#define RIG CLEANUP(rig_clear) struct rig

static inline void rig_open(struct rig *rig, const char *yaml)
{
    struct tree *doc = NULL;
    struct err err = {0};
    size_t count = 0;
    CHECK_OK(tree_read(arena_str(&rig->mem, str_from(yaml)), NULL, &rig->mem, &doc, &err) &&
                 exchange_open(oas_files_of(doc, &rig->mem), &rig->mem, &rig->x, &err),
             &err);
    rig->operation = exchange_operations(rig->x, &count);
    CHECK(count > 0);
}

#endif
