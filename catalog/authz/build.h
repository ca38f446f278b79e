/* What the parts of the image builder share while one image is being made. */
#ifndef CHANCERY_AUTHZ_BUILD_H
#define CHANCERY_AUTHZ_BUILD_H

#include "catalog/authz/image.h"

/* Rows in the order of their slugs. */
struct build_order {
    uint32_t *place; /* of each row of the input */
    uint32_t *at;    /* the row of the input at each place */
};

struct builder {
    const struct access_input *in;
    struct arena mem;
    struct image_header header;
    struct buf sections[SECTION_COUNT];
    struct build_order apis, apps, plans;
    struct str *names; /* operation keys, sorted, each once */
    size_t name_count;
};

/** Adds text to the pool. */
struct image_text build_text(struct builder *b, struct str text);
/** Adds one record to a section. */
void build_record(struct builder *b, enum image_section section, const void *record, size_t size);
/** Room for count records behind those that a section has, and counts them in: the caller fills
 * all. NULL when they do not fit, which access_build then tells. */
void *build_room(struct builder *b, enum image_section section, size_t count);
/** Number of records so far. */
uint32_t build_count(const struct builder *b, enum image_section section);
/** Refuses an index outside its list: "/grants/3/plan". */
MUST_USE bool build_index(const char *list, size_t at, const char *field, size_t index,
                          size_t count, struct err *err);

/** keys, key_ends, buckets, app_keys: by hash, and by app. */
MUST_USE bool build_keys(struct builder *b, struct err *err);
/** names: every operation key of deployments and plans. */
void build_names(struct builder *b);
uint32_t build_name_number(const struct builder *b, struct str key);
/** deployments, operations, routers. */
MUST_USE bool build_deployments(struct builder *b, struct err *err);
/** plans, plan_operations. */
MUST_USE bool build_plans(struct builder *b, struct err *err);
/** apps, apis, grants; needs plans and app_keys. */
MUST_USE bool build_grants(struct builder *b, struct err *err);

#endif
