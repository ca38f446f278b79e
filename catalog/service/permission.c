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
    REL_SELF = 1 << 7, /* is the user it is about */
};
#define STAFF   REL_OPERATOR | REL_ADMIN
#define KEEPERS REL_MAINTAINER | REL_OWNER | STAFF
#define MEMBERS REL_MEMBER | KEEPERS

/* What a token may do needs its owner's relation and the scope of the row; changes by the owner's
 * role need SCOPE_ADMIN, whatever the row says. */
#define NO_TOKEN SCOPE_COUNT

static const struct {
    unsigned may;
    enum token_scope scope;
    bool of_user; /* the object is a user's, not a team's */
    const char *who;
} permissions[ACTION_COUNT] = {
    [ACTION_USER_MANAGE] = {REL_ADMIN,             SCOPE_ADMIN, false, "administrators"                             },
    [ACTION_TEAM_CREATE] = {REL_SIGNED_IN | STAFF, SCOPE_WRITE, false, "people who are signed in"                   },
    [ACTION_TEAM_CHANGE] = {REL_OWNER | STAFF,     SCOPE_WRITE, false,
                            "owners of the team and operators"                                                      },
    [ACTION_API_CREATE] = {KEEPERS,               SCOPE_WRITE, false, "maintainers of the team and operators"      },
    [ACTION_API_CHANGE] = {KEEPERS,               SCOPE_WRITE, false,
                            "maintainers of the API's team and operators"                                           },
    [ACTION_API_PUBLISH] = {KEEPERS,               SCOPE_WRITE, false,
                            "maintainers of the API's team and operators"                                           },
    [ACTION_PLAN_MANAGE] = {STAFF,                 SCOPE_ADMIN, false, "operators"                                  },
    [ACTION_APP_CREATE] = {MEMBERS,               SCOPE_WRITE, false, "members of the team and operators"          },
    [ACTION_APP_CHANGE] = {MEMBERS,               SCOPE_WRITE, false, "members of the app's team and operators"    },
    [ACTION_KEY_MANAGE] = {MEMBERS,               SCOPE_WRITE, false, "members of the app's team and operators"    },
    [ACTION_ACCESS_ASK] = {MEMBERS,               SCOPE_WRITE, false, "members of the app's team and operators"    },
    [ACTION_ACCESS_DECIDE] = {KEEPERS,               SCOPE_WRITE, false,
                            "maintainers of the API's team and operators"                                           },
    [ACTION_ACCESS_WITHDRAW] = {MEMBERS,               SCOPE_WRITE, false,
                            "members of the app's team and operators"                                               },
    [ACTION_GATEWAY_READ] = {STAFF,                 SCOPE_READ,  false, "operators"                                  },
    [ACTION_GATEWAY_MANAGE] = {STAFF,                 SCOPE_ADMIN, false, "operators"                                  },
    [ACTION_DEPLOY] = {KEEPERS,               SCOPE_WRITE, false, "maintainers of the API's team and operators"},
    [ACTION_UPSTREAM_READ] = {KEEPERS,               SCOPE_READ,  false,
                            "maintainers of the API's team and operators"                                           },
    [ACTION_EVENT_READ] = {REL_SIGNED_IN | STAFF, SCOPE_READ,  false, "people who are signed in"                   },
    [ACTION_LIVE_READ] = {STAFF,                 SCOPE_READ,  false, "operators"                                  },
    [ACTION_PASSWORD_CHANGE] = {REL_SELF,              NO_TOKEN,    true,  "the user"                                   },
    [ACTION_TOKEN_CREATE] = {REL_SELF,              NO_TOKEN,    true,  "the user"                                   },
    [ACTION_TOKEN_READ] = {REL_SELF | REL_ADMIN,  SCOPE_READ,  true,  "the user and administrators"                },
    [ACTION_TOKEN_REVOKE] = {REL_SELF | REL_ADMIN,  SCOPE_WRITE, true,
                            "the user and administrators"                                                           },
    [ACTION_POLICY_MANAGE] = {STAFF,                 SCOPE_ADMIN, false, "operators"                                  },
    [ACTION_GATE_READ] = {MEMBERS,               SCOPE_READ,  false, "members of the API's team and operators"    },
    [ACTION_WAIVE] = {STAFF,                 SCOPE_ADMIN, false, "operators"                                  },
    [ACTION_REVIEW_ASK] = {KEEPERS,               SCOPE_WRITE, false,
                            "maintainers of the API's team and operators"                                           },
    [ACTION_REVIEW_DECIDE] = {KEEPERS,               SCOPE_WRITE, false,
                            "maintainers of the API's team and operators"                                           },
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

enum role acting_role(const struct principal *by)
{
    return by->via == VIA_TOKEN && by->scope < SCOPE_ADMIN ? ROLE_USER : by->role;
}

/* The member's role is stored as its name; the statement numbers it like enum member_role. */
static bool relations_of(struct store *s, const struct principal *by, enum action action,
                         int64_t owner_id, unsigned *out, struct err *err)
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
    if (owner_id == 0 || by->user_id == 0)
        return true;
    if (permissions[action].of_user) {
        *out |= owner_id == by->user_id ? REL_SELF : 0;
        return true;
    }
    if (!store_number(s, STMT_MY_ROLE, ARGS(arg_i64(by->user_id), arg_i64(owner_id)), -1, &member,
                      err))
        return false;
    if (member >= 0 && member < MEMBER_ROLE_COUNT)
        *out |= of_member[member];
    return true;
}

/* The relations that are left to a token of that scope. */
static unsigned in_scope(enum action action, enum token_scope scope, unsigned relations)
{
    if (scope < permissions[action].scope)
        return 0;
    bool by_role = scope == SCOPE_ADMIN || permissions[action].scope == SCOPE_READ;
    return by_role ? relations : relations & ~(unsigned)(STAFF);
}

static bool out_of_scope(const struct principal *by, enum action action, unsigned relations,
                         struct err *err)
{
    (void)fail(err, ERR_DENIED, "", "the token's scope \"%s\" does not reach this",
               name_of(&names_scope, (int)by->scope));
    for (int scope = SCOPE_READ; scope < SCOPE_COUNT; scope++)
        if (in_scope(action, (enum token_scope)scope, relations) & permissions[action].may)
            return err_hint(err, "use a token with the scope \"%s\"", name_of(&names_scope, scope));
    return err_hint(err, "sign in with name and password: no token may do this");
}

bool permit(struct store *s, const struct principal *by, enum action action, int64_t owner_id,
            struct err *err)
{
    unsigned relations = 0, may = permissions[action].may;
    if (!relations_of(s, by, action, owner_id, &relations, err))
        return false;
    if ((relations & may) && by->via == VIA_TOKEN &&
        !(in_scope(action, by->scope, relations) & may))
        return out_of_scope(by, action, relations, err);
    if (relations & may)
        return true;
    if (by->via == VIA_NOBODY) {
        (void)fail(err, ERR_UNAUTHENTICATED, "", "nobody is signed in");
        return err_hint(err, "sign in first");
    }
    return fail(err, ERR_DENIED, "", "only %s may do this", permissions[action].who);
}

bool catalog_may(struct view *v, const struct principal *by, enum action action, int64_t owner_id)
{
    struct err err = {0};
    return permit(v->store, by, action, owner_id, &err);
}
