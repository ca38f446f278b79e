/* Every operation of the contract that rest/ answers, one row each. */
#include "portal/rest/rest.h"

#define G      HTTP_GET
#define P      HTTP_POST
#define U      HTTP_PUT
#define A      HTTP_PATCH
#define D      HTTP_DELETE
#define OPEN   ROUTE_ANYONE
#define SIGNED ROUTE_SIGNED_IN

#define V1   "/v1/"
#define API  V1 "apis/{api}"
#define VER  API "/versions/{version}"
#define APP_ V1 "apps/{app}"
#define SUB  V1 "subscriptions/{subscription}"
#define GW   V1 "gateways/{gateway}"

#define LISTS(list_fn, what, query, path)                                                 \
    {                                                                                     \
        .record = &record_##what, .list = list_fn, .filters = query, .path_filters = path \
    }
#define GETS(get_fn, what)                      \
    {                                           \
        .record = &record_##what, .get = get_fn \
    }
#define MAKES(fn, what, field)                                \
    {                                                         \
        .record = &record_##what, .change = fn, .name = field \
    }
#define DOES(fn, what)                         \
    {                                          \
        .record = &record_##what, .change = fn \
    }
#define OWN            \
    {                  \
        .record = NULL \
    }

/* X(method, role, path, handler, operation id, flags, row) */
#define OPERATIONS(X)                                                                             \
    X(G, SIGNED, V1 "me", rest_me, "getMe", 0, OWN)                                               \
    X(G, SIGNED, V1 "users", rest_list, "listUsers", 0, LISTS(catalog_users, user, 0, 0))         \
    X(P, SIGNED, V1 "users", rest_create, "createUser", 0, MAKES(user_create, user, "name"))      \
    X(G, SIGNED, V1 "users/{user}", rest_get, "getUser", 0, GETS(catalog_user, user))             \
    X(A, SIGNED, V1 "users/{user}", rest_change, "patchUser", 0, DOES(user_patch, user))          \
    X(G, SIGNED, V1 "teams", rest_list, "listTeams", 0,                                           \
      LISTS(catalog_teams, team, FILTER_Q | FILTER_MINE, 0))                                      \
    X(P, SIGNED, V1 "teams", rest_create, "createTeam", 0, MAKES(team_create, team, "slug"))      \
    X(G, SIGNED, V1 "teams/{team}", rest_get, "getTeam", 0, GETS(catalog_team, team))             \
    X(A, SIGNED, V1 "teams/{team}", rest_change, "patchTeam", 0, DOES(team_patch, team))          \
    X(G, SIGNED, V1 "teams/{team}/members", rest_list, "listMembers", 0,                          \
      LISTS(catalog_members, member, 0, FILTER_TEAM))                                             \
    X(U, SIGNED, V1 "teams/{team}/members/{user}", rest_put, "putMember", 0,                      \
      DOES(member_put, member))                                                                   \
    X(D, SIGNED, V1 "teams/{team}/members/{user}", rest_delete, "deleteMember", 0,                \
      DOES(member_delete, member))                                                                \
    X(G, OPEN, V1 "apis", rest_list, "listApis", 0,                                               \
      LISTS(catalog_apis, api, FILTER_Q | FILTER_TEAM | FILTER_TAG | FILTER_STAGE, 0))            \
    X(P, SIGNED, V1 "apis", rest_create, "createApi", 0, MAKES(api_create, api, "slug"))          \
    X(G, OPEN, API, rest_get, "getApi", 0, GETS(catalog_api, api))                                \
    X(A, SIGNED, API, rest_change, "patchApi", 0, DOES(api_patch, api))                           \
    X(D, SIGNED, API, rest_delete, "deleteApi", 0, DOES(api_delete, api))                         \
    X(G, OPEN, V1 "tags", rest_tags, "listTags", 0, OWN)                                          \
    X(G, OPEN, API "/versions", rest_list, "listVersions", 0,                                     \
      LISTS(catalog_versions, version, 0, FILTER_API))                                            \
    X(P, SIGNED, API "/versions", rest_create, "createVersion", 0,                                \
      MAKES(version_create, version, "label"))                                                    \
    X(G, OPEN, VER, rest_get, "getVersion", 0, GETS(catalog_version, version))                    \
    X(A, SIGNED, VER, rest_change, "patchVersion", 0, DOES(version_patch, version))               \
    X(D, SIGNED, VER, rest_delete, "deleteVersion", 0, DOES(version_delete, version))             \
    X(P, SIGNED, VER "/stage", rest_action, "moveVersion", 0, DOES(version_stage, version))       \
    X(G, OPEN, VER "/document", rest_document_get, "getDocument", 0, OWN)                         \
    X(U, SIGNED, VER "/document", rest_document_put, "putDocument", HTTP_UPLOAD, OWN)             \
    X(G, OPEN, VER "/revisions", rest_list, "listRevisions", 0,                                   \
      LISTS(catalog_revisions, revision, 0, FILTER_API | FILTER_VERSION))                         \
    X(G, OPEN, VER "/operations", rest_list, "listOperations", 0,                                 \
      LISTS(catalog_operations, operation, FILTER_Q | FILTER_TAG, FILTER_API | FILTER_VERSION))   \
    X(G, OPEN, VER "/operations/{operation}", rest_get, "getOperation", 0,                        \
      GETS(catalog_operation, operation))                                                         \
    X(G, OPEN, V1 "plans", rest_list, "listPlans", 0, LISTS(catalog_plans, plan, FILTER_API, 0))  \
    X(P, SIGNED, V1 "plans", rest_create, "createPlan", 0, MAKES(plan_create, plan, "slug"))      \
    X(G, OPEN, V1 "plans/{plan}", rest_get, "getPlan", 0, GETS(catalog_plan, plan))               \
    X(A, SIGNED, V1 "plans/{plan}", rest_change, "patchPlan", 0, DOES(plan_patch, plan))          \
    X(G, SIGNED, V1 "apps", rest_list, "listApps", 0,                                             \
      LISTS(catalog_apps, app, FILTER_Q | FILTER_TEAM | FILTER_MINE, 0))                          \
    X(P, SIGNED, V1 "apps", rest_create, "createApp", 0, MAKES(app_create, app, "slug"))          \
    X(G, SIGNED, APP_, rest_get, "getApp", 0, GETS(catalog_app, app))                             \
    X(A, SIGNED, APP_, rest_change, "patchApp", 0, DOES(app_patch, app))                          \
    X(G, SIGNED, APP_ "/keys", rest_list, "listKeys", 0, LISTS(catalog_keys, key, 0, FILTER_APP)) \
    X(P, SIGNED, APP_ "/keys", rest_key_create, "createKey", 0, OWN)                              \
    X(D, SIGNED, APP_ "/keys/{key}", rest_delete, "revokeKey", 0, DOES(key_revoke, key))          \
    X(G, SIGNED, V1 "subscriptions", rest_list, "listSubscriptions", 0,                           \
      LISTS(catalog_subscriptions, subscription,                                                  \
            FILTER_API | FILTER_APP | FILTER_STATE | FILTER_MINE | FILTER_AWAITING, 0))           \
    X(P, SIGNED, V1 "subscriptions", rest_create, "createSubscription", 0,                        \
      MAKES(subscription_create, subscription, "id"))                                             \
    X(G, SIGNED, SUB, rest_get, "getSubscription", 0, GETS(catalog_subscription, subscription))   \
    X(P, SIGNED, SUB "/approve", rest_action, "approveSubscription", 0,                           \
      DOES(subscription_approve, subscription))                                                   \
    X(P, SIGNED, SUB "/reject", rest_action, "rejectSubscription", 0,                             \
      DOES(subscription_reject, subscription))                                                    \
    X(P, SIGNED, SUB "/withdraw", rest_action, "withdrawSubscription", 0,                         \
      DOES(subscription_withdraw, subscription))                                                  \
    X(P, SIGNED, SUB "/suspend", rest_action, "suspendSubscription", 0,                           \
      DOES(subscription_suspend, subscription))                                                   \
    X(P, SIGNED, SUB "/resume", rest_action, "resumeSubscription", 0,                             \
      DOES(subscription_resume, subscription))                                                    \
    X(P, SIGNED, SUB "/revoke", rest_action, "revokeSubscription", 0,                             \
      DOES(subscription_revoke, subscription))                                                    \
    X(G, SIGNED, V1 "groups", rest_list, "listGroups", 0, LISTS(catalog_groups, group, 0, 0))     \
    X(P, SIGNED, V1 "groups", rest_create, "createGroup", 0, MAKES(group_create, group, "slug"))  \
    X(G, SIGNED, V1 "groups/{group}", rest_get, "getGroup", 0, GETS(catalog_group, group))        \
    X(A, SIGNED, V1 "groups/{group}", rest_change, "patchGroup", 0, DOES(group_patch, group))     \
    X(G, SIGNED, V1 "gateways", rest_list, "listGateways", 0,                                     \
      LISTS(catalog_gateways, gateway, FILTER_GROUP, 0))                                          \
    X(P, SIGNED, V1 "gateways", rest_create, "createGateway", 0,                                  \
      MAKES(gateway_create, gateway, "slug"))                                                     \
    X(G, SIGNED, GW, rest_get, "getGateway", 0, GETS(catalog_gateway, gateway))                   \
    X(A, SIGNED, GW, rest_change, "patchGateway", 0, DOES(gateway_patch, gateway))                \
    X(D, SIGNED, GW, rest_delete, "deleteGateway", 0, DOES(gateway_delete, gateway))              \
    X(P, SIGNED, GW "/token", rest_token_create, "createToken", 0, OWN)                           \
    X(G, OPEN, V1 "deployments", rest_list, "listDeployments", 0,                                 \
      LISTS(catalog_deployments, deployment, FILTER_API | FILTER_VERSION | FILTER_GROUP, 0))      \
    X(P, SIGNED, V1 "deployments", rest_create, "createDeployment", 0,                            \
      MAKES(deployment_create, deployment, "id"))                                                 \
    X(G, OPEN, V1 "deployments/{deployment}", rest_get, "getDeployment", 0,                       \
      GETS(catalog_deployment, deployment))                                                       \
    X(A, SIGNED, V1 "deployments/{deployment}", rest_change, "patchDeployment", 0,                \
      DOES(deployment_patch, deployment))                                                         \
    X(D, SIGNED, V1 "deployments/{deployment}", rest_delete, "deleteDeployment", 0,               \
      DOES(deployment_delete, deployment))                                                        \
    X(G, SIGNED, V1 "events", rest_list, "listEvents", 0,                                         \
      LISTS(catalog_events, event, FILTER_SUBJECT | FILTER_KIND | FILTER_API, 0))                 \
    X(P, SIGNED, V1 "explain", rest_explain, "explain", 0, OWN)                                   \
    X(G, OPEN, V1 "openapi.yaml", rest_contract_get, "getOpenapi", HTTP_INLINE, OWN)              \
    X(G, OPEN, "/healthz", rest_health, "getHealth", HTTP_INLINE, OWN)                            \
    X(G, OPEN, "/readyz", rest_ready, "getReadiness", 0, OWN)

#define ROUTE(method, role, path, handler, id, flags, ...) {method, role, path, handler, id, flags},
const struct http_route rest_routes[] = {OPERATIONS(ROUTE)};
const size_t rest_route_count = COUNT_OF(rest_routes);

#define ROW(method, role, path, handler, id, flags, ...) __VA_ARGS__,
static const struct rest_row rows[] = {OPERATIONS(ROW)};

/* The server keeps a copy of the route table, so the row is found by the operation's id, whose text
 * is shared. */
const struct rest_row *rest_row_of(const struct http_request *req)
{
    size_t i = 0;
    while (rest_routes[i].operation_id != req->route->operation_id)
        i++;
    return &rows[i];
}
