/* Who may do what: one table, asked by the use cases. */
#include "catalog/service/internal.h"

/* How somebody stands to an object; several at once. */
enum relation {
    REL_ANYONE = 1 << 0,
    REL_SIGNED_IN = 1 << 1,
    REL_MEMBER = 1 << 2, /* of the owning team */
    REL_MAINTAINER = 1 << 3,
    REL_OWNER = 1 << 4,
    REL_OPERATOR = 1 << 5,
    REL_ADMIN = 1 << 6,
};
#define STAFF   REL_OPERATOR | REL_ADMIN
#define KEEPERS REL_MAINTAINER | REL_OWNER | STAFF

static const struct {
    unsigned may;
    const char *who;
} permissions[ACTION_COUNT] = {
    [ACTION_USER_MANAGE] = {REL_ADMIN,             "administrators"                             },
    [ACTION_TEAM_CREATE] = {REL_SIGNED_IN | STAFF, "people who are signed in"                   },
    [ACTION_TEAM_CHANGE] = {REL_OWNER | STAFF,     "owners of the team and operators"           },
    [ACTION_API_CREATE] = {KEEPERS,               "maintainers of the team and operators"      },
    [ACTION_API_CHANGE] = {KEEPERS,               "maintainers of the API's team and operators"},
    [ACTION_API_PUBLISH] = {KEEPERS,               "maintainers of the API's team and operators"},
    [ACTION_PLAN_MANAGE] = {STAFF,                 "operators"                                  },
    [ACTION_APP_CREATE] = {REL_MEMBER | KEEPERS,  "members of the team and operators"          },
    [ACTION_APP_CHANGE] = {REL_MEMBER | KEEPERS,  "members of the app's team and operators"    },
    [ACTION_KEY_MANAGE] = {REL_MEMBER | KEEPERS,  "members of the app's team and operators"    },
    [ACTION_ACCESS_ASK] = {REL_MEMBER | KEEPERS,  "members of the app's team and operators"    },
    [ACTION_ACCESS_DECIDE] = {KEEPERS,               "maintainers of the API's team and operators"},
    [ACTION_ACCESS_WITHDRAW] = {REL_MEMBER | KEEPERS,  "members of the app's team and operators"    },
    [ACTION_GATEWAY_READ] = {STAFF,                 "operators"                                  },
    [ACTION_GATEWAY_MANAGE] = {STAFF,                 "operators"                                  },
    [ACTION_DEPLOY] = {KEEPERS,               "maintainers of the API's team and operators"},
    [ACTION_EVENT_READ] = {REL_SIGNED_IN | STAFF, "people who are signed in"                   },
    [ACTION_LIVE_READ] = {STAFF,                 "operators"                                  },
};

const struct principal principal_anonymous = {
    .name = {"anonymous", 9},
      .via = VIA_NOBODY
};
const struct principal principal_internal = {
    .name = {"chanceryd", 9},
      .role = ROLE_ADMIN, .via = VIA_INTERNAL
};

int64_t sees_all(const struct principal *by)
{
    return by->via != VIA_NOBODY && by->role != ROLE_USER;
}

/* The member's role is stored as its name; the statement numbers it like enum member_role. */
static bool relations_of(struct store *s, const struct principal *by, int64_t team_id,
                         unsigned *out, struct err *err)
{
    static const unsigned of_role[ROLE_COUNT] = {
        [ROLE_USER] = 0, [ROLE_OPERATOR] = REL_OPERATOR, [ROLE_ADMIN] = REL_ADMIN};
    static const unsigned of_member[MEMBER_ROLE_COUNT] = {
        [MEMBER_MEMBER] = REL_MEMBER,
        [MEMBER_MAINTAINER] = REL_MEMBER | REL_MAINTAINER,
        [MEMBER_OWNER] = REL_MEMBER | REL_MAINTAINER | REL_OWNER,
    };
    int64_t member = -1;
    *out = REL_ANYONE;
    if (by->via == VIA_NOBODY)
        return true;
    *out |= REL_SIGNED_IN | of_role[by->role];
    if (team_id == 0 || by->user_id == 0)
        return true;
    if (!store_number(s, STMT_MY_ROLE, ARGS(arg_i64(by->user_id), arg_i64(team_id)), -1, &member,
                      err))
        return false;
    if (member >= 0 && member < MEMBER_ROLE_COUNT)
        *out |= of_member[member];
    return true;
}

bool permit(struct store *s, const struct principal *by, enum action action, int64_t team_id,
            struct err *err)
{
    unsigned relations = 0;
    if (!relations_of(s, by, team_id, &relations, err))
        return false;
    if (relations & permissions[action].may)
        return true;
    if (by->via == VIA_NOBODY) {
        (void)fail(err, ERR_UNAUTHENTICATED, "", "nobody is signed in");
        return err_hint(err, "sign in first");
    }
    return fail(err, ERR_DENIED, "", "only %s may do this", permissions[action].who);
}

bool catalog_may(struct view *v, const struct principal *by, enum action action, int64_t team_id)
{
    struct err err = {0};
    return permit(v->store, by, action, team_id, &err);
}
