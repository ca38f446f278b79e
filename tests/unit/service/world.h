/* A small organisation in a catalog of its own: two teams, people in every relation to them, an API
 * with a published version, a plan, an app, a group with a gateway and a deployment. */
#ifndef CHANCERY_TEST_WORLD_H
#define CHANCERY_TEST_WORLD_H

#include <stdatomic.h>

#include "catalog/service/service.h"
#include "tests/unit/store/scratch.h"

/* who           account  role      team zoo    team shop */
#define WHO_LIST(X)                              \
    X(ANON, "anonymous", ROLE_USER, "", "")      \
    X(EVE, "eve", ROLE_USER, "", "")             \
    X(MIA, "mia", ROLE_USER, "member", "")       \
    X(MARK, "mark", ROLE_USER, "maintainer", "") \
    X(OLGA, "olga", ROLE_USER, "owner", "")      \
    X(DAVE, "dave", ROLE_USER, "", "owner")      \
    X(OSCAR, "oscar", ROLE_OPERATOR, "", "")     \
    X(ADA, "ada", ROLE_ADMIN, "", "")
#define WHO_ENUM(name, account, role, zoo, shop) name,
enum who { WHO_LIST(WHO_ENUM) WHO_COUNT };

struct world {
    struct scratch scratch;
    struct catalog *catalog;
    struct view *view;
    struct arena mem;
    struct clock clock;
    struct log log;
    _Atomic int64_t now_ms;
    struct principal who[WHO_COUNT];
    struct err err; /* of the last call */
    _Atomic unsigned flags;
    _Atomic int64_t commits;
    int64_t zoo, shop; /* ids of the teams */
};

/** Only people and teams. */
void world_begin(struct world *w);
/** With API pets (internal, v1 published), plan gold, app store of team shop, group edge, gateway
 * gw and a deployment at /pets. */
void world_begin_full(struct world *w);
void world_open(struct world *w);
void world_close(struct world *w);
void world_end(struct world *w);

/** Makes a change; body and arguments may be NULL. Answers its error's code; text is in w->err. */
enum err_code world_change(struct world *w, change_fn *fn, enum who by, const char *body,
                           int64_t if_match, void *out, const char *arg0, const char *arg1);
#define DO(w, fn, by, body, out, arg0, arg1) \
    world_change((w), (fn), (by), (body), IF_MATCH_NONE, (out), (arg0), (arg1))
/** As DO, and it must go well. */
#define MUST(w, fn, by, body, out, arg0, arg1) \
    world_must((w), DO((w), (fn), (by), (body), (out), (arg0), (arg1)), #fn, __LINE__)
void world_must(struct world *w, enum err_code code, const char *what, int line);

/** Uploads a document with one GET operation a path. */
void world_upload(struct world *w, enum who by, const char *api, const char *label,
                  const char *text, struct revision *out);
extern const char world_document[];

/** The id of a fresh request of app store for pets with plan gold, by dave. */
struct str world_ask(struct world *w);

#endif
