/* A list of one group's consumers while it is written: what is on it, and which form writes it. */
#ifndef CHANCERY_AUTHZ_LIST_H
#define CHANCERY_AUTHZ_LIST_H

#include "catalog/authz/image.h"

#define PIECE_BYTES ((size_t)32768)

enum { BASE, OVER, PARTS };
enum list_phase {
    LIST_HEAD,
    LIST_APPS, /* for each: LIST_KEYS, and in JSON its grants */
    LIST_KEYS,
    LIST_GRANTS,
    LIST_OPERATIONS,
    LIST_END,
    LIST_DONE,
};

/* Grants, keys and plans are read where they are said: in the image, or in the patch over it. */
struct access_list {
    const struct access_image *image;
    const struct image_header *parts[PARTS]; /* OVER: NULL without a patch */
    struct access_list_options options;
    bool *served[PARTS]; /* by API: live in the group */
    bool *near[PARTS];   /* by API: deployed in the group, or a concern: its apps may be told of */
    struct arena mem;
    struct json_writer w;
    struct buf *out; /* of this piece */
    enum list_phase phase;
    int64_t changes_at_ms;

    uint32_t next[PARTS]; /* apps, when all are looked at */
    size_t next_name;     /* of options.changes, when only those are */
    VEC(struct str) names, removed;
    struct image_walk walk; /* of deployments */
    bool narrow;            /* grants: those of some operations, behind those of all */

    const struct image_app *app[PARTS]; /* the app being looked at, NULL where it is not said */
    struct str slug;
    uint32_t key[PARTS]; /* its next key */
};

/* Writes a little, or goes on to another phase. */
typedef void list_step(struct access_list *l);
extern list_step *const consumers_steps[LIST_DONE];
extern list_step *const map_steps[LIST_DONE];

/** The next app of the image, or of the changes; false at the end. */
bool list_next_app(struct access_list *l);
/** All apps once more. */
void list_rewind(struct access_list *l);
/** Where the app says what it is. */
const struct image_header *list_app_said(const struct access_list *l, const struct image_app **app);
/** Is the app on the list: with a grant and a key? */
bool list_app(struct access_list *l);
bool list_app_near(const struct access_list *l);
bool list_grant(struct access_list *l, const struct image_header *h, const struct image_grant *g);

struct listed_key {
    const struct image_header *h;
    const struct image_app_key *row;
    const struct image_key *key;
    int64_t not_after_ms;
};
/** Keys of both parts in the order of their hashes. */
bool list_next_key(struct access_list *l, struct listed_key *out);
#define KEY_HEX_LEN ((size_t)SHA256_LEN * 2)
/** The key's SHA-256 as KEY_HEX_LEN digits, lower case. */
void list_write_key(const struct listed_key *listed, char *to);

#endif
