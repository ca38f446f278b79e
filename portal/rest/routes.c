/* Every operation of the contract that rest/ answers, one row each. */
#include "portal/rest/operation.h"

#define G      HTTP_GET
#define P      HTTP_POST
#define U      HTTP_PUT
#define A      HTTP_PATCH
#define D      HTTP_DELETE
#define OPEN   ROUTE_ANYONE
#define SIGNED ROUTE_SIGNED_IN

#define V1      "/v1/"
#define USER    V1 "users/{user}"
#define TEAM    V1 "teams/{team}"
#define API     V1 "apis/{api}"
#define VERSION API "/versions/{version}"
#define APP_    V1 "apps/{app}"
#define SUB     V1 "subscriptions/{subscription}"
#define RULESET V1 "rulesets/{ruleset}"
#define RULE    V1 "gate-rules/{rule}"
#define REVIEW  V1 "reviews/{review}"
#define GATEWAY V1 "gateways/{gateway}"
#define DEPLOY  V1 "deployments/{deployment}"

/* What the rows of the generic handlers have in common. */
#define LISTS(what, fn, known) \
    .run = rest_list, .record = &record_##what, .list = fn, .names = known
#define BELOW(noun, fn, by) .get = fn, .parent = &record_##noun, .filters = by
#define GETS(what, fn)      .run = rest_get, .record = &record_##what, .get = fn
#define MAKES(what, fn, at)                                                             \
    .run = rest_change, .record = &record_##what, .change = fn, .body = REST_MUST_BODY, \
    .location = at, .status = 201
#define PATCHES(what, fn)                                                               \
    .run = rest_change, .record = &record_##what, .change = fn, .body = REST_MUST_BODY, \
    .match = REST_MUST_MATCH, .merge_patch = true
#define MOVES(what, fn, takes)                                                         \
    .run = rest_change, .record = &record_##what, .change = fn, .body = REST_MAY_BODY, \
    .match = REST_MAY_MATCH, .members = takes
#define DROPS(fn) .run = rest_delete, .change = fn, .match = REST_MAY_MATCH, .members = ""
#define NOTHING   .members = ""

/* X(method, role, path, operation id, flags, row) */
#define OPERATIONS(X)                                                                              \
    X(G, SIGNED, V1 "me", "getMe", 0, .run = rest_me)                                              \
    X(G, SIGNED, V1 "users", "listUsers", 0, LISTS(user, catalog_users, NULL))                     \
    X(P, SIGNED, V1 "users", "createUser", 0, MAKES(user, user_create, V1 "users/{name}"))         \
    X(G, SIGNED, USER, "getUser", 0, GETS(user, catalog_user))                                     \
    X(A, SIGNED, USER, "patchUser", 0, PATCHES(user, user_patch))                                  \
    X(U, SIGNED, V1 "me/password", "changePassword", 0, .run = rest_password,                      \
      .body = REST_MUST_BODY, .members = "current_password password")                              \
    X(G, SIGNED, USER "/tokens", "listUserTokens", 0, LISTS(token, catalog_tokens, NULL),          \
      .filters = "user")                                                                           \
    X(P, SIGNED, USER "/tokens", "createUserToken", 0, .run = rest_user_token,                     \
      .body = REST_MUST_BODY, .location = V1 "users/{user}/tokens/{id}", .secret = true)           \
    X(D, SIGNED, USER "/tokens/{token}", "revokeUserToken", 0, .run = rest_change,                 \
      .record = &record_token, .change = token_revoke, NOTHING)                                    \
    X(G, SIGNED, V1 "teams", "listTeams", 0, LISTS(team, catalog_teams, "q mine"))                 \
    X(P, SIGNED, V1 "teams", "createTeam", 0, MAKES(team, team_create, V1 "teams/{slug}"))         \
    X(G, SIGNED, TEAM, "getTeam", 0, GETS(team, catalog_team))                                     \
    X(A, SIGNED, TEAM, "patchTeam", 0, PATCHES(team, team_patch))                                  \
    X(G, SIGNED, TEAM "/members", "listMembers", 0, LISTS(member, catalog_members, NULL),          \
      BELOW(team, catalog_team, "team"))                                                           \
    X(U, SIGNED, TEAM "/members/{user}", "putMember", 0, .run = rest_change,                       \
      .record = &record_member, .change = member_put, .body = REST_MAY_BODY)                       \
    X(D, SIGNED, TEAM "/members/{user}", "deleteMember", 0, DROPS(member_delete))                  \
    X(G, OPEN, V1 "apis", "listApis", 0, LISTS(api, catalog_apis, "q team tag stage"))             \
    X(P, SIGNED, V1 "apis", "createApi", 0, MAKES(api, api_create, V1 "apis/{slug}"))              \
    X(G, OPEN, API, "getApi", 0, GETS(api, catalog_api))                                           \
    X(A, SIGNED, API, "patchApi", 0, PATCHES(api, api_patch))                                      \
    X(D, SIGNED, API, "deleteApi", 0, DROPS(api_delete))                                           \
    X(G, OPEN, V1 "tags", "listTags", 0, .run = rest_tags)                                         \
    X(G, OPEN, API "/compare", "compareRevisions", 0, .run = rest_compare, .names = "from to")     \
    X(G, OPEN, API "/versions", "listVersions", 0, LISTS(version, catalog_versions, NULL),         \
      BELOW(api, catalog_api, "api"))                                                              \
    X(P, SIGNED, API "/versions", "createVersion", 0,                                              \
      MAKES(version, version_create, V1 "apis/{api}/versions/{label}"))                            \
    X(G, OPEN, VERSION, "getVersion", 0, GETS(version, catalog_version))                           \
    X(A, SIGNED, VERSION, "patchVersion", 0, PATCHES(version, version_patch))                      \
    X(D, SIGNED, VERSION, "deleteVersion", 0, DROPS(version_delete))                               \
    X(P, SIGNED, VERSION "/stage", "moveVersion", 0, .run = rest_stage, .record = &record_version, \
      .change = version_stage, .body = REST_MUST_BODY, .match = REST_MAY_MATCH,                    \
      .members = "stage sunset_at successor reason override")                                      \
    X(G, OPEN, VERSION "/document", "getDocument", 0, .run = rest_document, .names = "path")       \
    X(G, OPEN, VERSION "/bundle", "getBundle", 0, .run = rest_bundle)                              \
    X(U, SIGNED, VERSION "/document", "putDocument", HTTP_UPLOAD | HTTP_PARTS, .run = rest_upload, \
      .names = "name")                                                                             \
    X(G, SIGNED, VERSION "/gate", "getGate", 0, .run = rest_gate)                                  \
    X(G, OPEN, VERSION "/revisions", "listRevisions", 0, LISTS(revision, catalog_revisions, NULL), \
      BELOW(version, catalog_version, "api version"))                                              \
    X(G, OPEN, VERSION "/operations", "listOperations", 0,                                         \
      LISTS(operation, catalog_operations, "q tag"),                                               \
      BELOW(version, catalog_version, "api version"))                                              \
    X(G, OPEN, VERSION "/operations/{operation}", "getOperation", 0,                               \
      GETS(operation, catalog_operation))                                                          \
    X(G, OPEN, API "/scores", "listScores", 0, LISTS(assessment, catalog_assessments, "version"),  \
      BELOW(api, catalog_api, "api"))                                                              \
    X(G, OPEN, API "/changelog", "listPublications", 0, .run = rest_changelog,                     \
      .list = catalog_publications, .names = "version", .filters = "api")                          \
    X(G, OPEN, VERSION "/assessment", "getAssessment", 0, GETS(assessment, catalog_assessment))    \
    X(G, OPEN, VERSION "/findings", "listFindings", 0,                                             \
      LISTS(revision_finding, catalog_findings, "revision severity code"),                         \
      BELOW(version, catalog_version, "api version"))                                              \
    X(G, OPEN, VERSION "/changes", "listChanges", 0,                                               \
      LISTS(revision_change, catalog_revision_changes, "revision level"),                          \
      BELOW(version, catalog_version, "api version"))                                              \
    X(P, SIGNED, VERSION "/reviews", "createReview", 0, .run = rest_change,                        \
      .record = &record_review, .change = review_create, .body = REST_MAY_BODY,                    \
      .location = V1 "reviews/{id}", .status = 201)                                                \
    X(P, SIGNED, API "/waivers", "createWaiver", 0,                                                \
      MAKES(waiver, waiver_create, V1 "waivers/{id}"))                                             \
    X(G, SIGNED, V1 "waivers", "listWaivers", 0, LISTS(waiver, catalog_waivers, "api version"))    \
    X(G, SIGNED, V1 "waivers/{waiver}", "getWaiver", 0, GETS(waiver, catalog_waiver))              \
    X(D, SIGNED, V1 "waivers/{waiver}", "revokeWaiver", 0, .run = rest_change,                     \
      .record = &record_waiver, .change = waiver_revoke, NOTHING)                                  \
    X(G, SIGNED, V1 "reviews", "listReviews", 0,                                                   \
      LISTS(review, catalog_reviews, "api version awaiting"))                                      \
    X(G, SIGNED, REVIEW, "getReview", 0, GETS(review, catalog_review))                             \
    X(P, SIGNED, REVIEW "/approve", "approveReview", 0, MOVES(review, review_approve, "reason"))   \
    X(P, SIGNED, REVIEW "/reject", "rejectReview", 0, MOVES(review, review_reject, "reason"))      \
    X(P, SIGNED, REVIEW "/withdraw", "withdrawReview", 0,                                          \
      MOVES(review, review_withdraw, "reason"))                                                    \
    X(G, SIGNED, V1 "rulesets", "listRulesets", 0, LISTS(ruleset, catalog_rulesets, NULL))         \
    X(P, SIGNED, V1 "rulesets", "createRuleset", 0,                                                \
      MAKES(ruleset, ruleset_create, V1 "rulesets/{slug}"))                                        \
    X(G, SIGNED, RULESET, "getRuleset", 0, GETS(ruleset, catalog_ruleset))                         \
    X(A, SIGNED, RULESET, "patchRuleset", 0, PATCHES(ruleset, ruleset_patch))                      \
    X(G, SIGNED, RULESET "/revisions", "listRulesetRevisions", 0,                                  \
      LISTS(ruleset_revision, catalog_ruleset_revisions, NULL),                                    \
      BELOW(ruleset, catalog_ruleset, "ruleset"))                                                  \
    X(G, SIGNED, RULESET "/text", "getRulesetText", 0, .run = rest_ruleset_text,                   \
      .names = "number")                                                                           \
    X(U, SIGNED, RULESET "/text", "putRulesetText", 0, .run = rest_change,                         \
      .record = &record_ruleset_revision, .change = ruleset_put_text, .body = REST_MUST_BODY,      \
      .members = "text")                                                                           \
    X(G, SIGNED, RULESET "/preview", "previewRuleset", 0, .run = rest_ruleset_preview,             \
      .names = "number limit cursor")                                                              \
    X(G, SIGNED, V1 "gate-rules", "listGateRules", 0, LISTS(gate_rule, catalog_gate_rules, NULL))  \
    X(P, SIGNED, V1 "gate-rules", "createGateRule", 0,                                             \
      MAKES(gate_rule, gate_rule_create, V1 "gate-rules/{id}"))                                    \
    X(G, SIGNED, RULE, "getGateRule", 0, GETS(gate_rule, catalog_gate_rule))                       \
    X(A, SIGNED, RULE, "patchGateRule", 0, PATCHES(gate_rule, gate_rule_patch))                    \
    X(D, SIGNED, RULE, "deleteGateRule", 0, DROPS(gate_rule_delete))                               \
    X(G, SIGNED, V1 "plans", "listPlans", 0, LISTS(plan, catalog_plans, "api"))                    \
    X(P, SIGNED, V1 "plans", "createPlan", 0, MAKES(plan, plan_create, V1 "plans/{slug}"))         \
    X(G, SIGNED, V1 "plans/{plan}", "getPlan", 0, GETS(plan, catalog_plan))                        \
    X(A, SIGNED, V1 "plans/{plan}", "patchPlan", 0, PATCHES(plan, plan_patch))                     \
    X(G, SIGNED, V1 "apps", "listApps", 0, LISTS(app, catalog_apps, "q team mine"))                \
    X(P, SIGNED, V1 "apps", "createApp", 0, MAKES(app, app_create, V1 "apps/{slug}"))              \
    X(G, SIGNED, APP_, "getApp", 0, GETS(app, catalog_app))                                        \
    X(A, SIGNED, APP_, "patchApp", 0, PATCHES(app, app_patch))                                     \
    X(G, SIGNED, APP_ "/keys", "listKeys", 0, LISTS(key, catalog_keys, NULL),                      \
      BELOW(app, catalog_app, "app"))                                                              \
    X(P, SIGNED, APP_ "/keys", "createKey", 0, .run = rest_key, .body = REST_MAY_BODY,             \
      .location = V1 "apps/{app}/keys/{id}", .secret = true)                                       \
    X(D, SIGNED, APP_ "/keys/{key}", "revokeKey", 0, .run = rest_change, .record = &record_key,    \
      .change = key_revoke, NOTHING)                                                               \
    X(G, SIGNED, V1 "subscriptions", "listSubscriptions", 0,                                       \
      LISTS(subscription, catalog_subscriptions, "api app state mine awaiting"))                   \
    X(P, SIGNED, V1 "subscriptions", "createSubscription", 0,                                      \
      MAKES(subscription, subscription_create, V1 "subscriptions/{id}"))                           \
    X(G, SIGNED, SUB, "getSubscription", 0, GETS(subscription, catalog_subscription))              \
    X(P, SIGNED, SUB "/approve", "approveSubscription", 0,                                         \
      MOVES(subscription, subscription_approve, "reason not_after"))                               \
    X(P, SIGNED, SUB "/reject", "rejectSubscription", 0,                                           \
      MOVES(subscription, subscription_reject, "reason"))                                          \
    X(P, SIGNED, SUB "/withdraw", "withdrawSubscription", 0,                                       \
      MOVES(subscription, subscription_withdraw, "reason"))                                        \
    X(P, SIGNED, SUB "/suspend", "suspendSubscription", 0,                                         \
      MOVES(subscription, subscription_suspend, "reason"))                                         \
    X(P, SIGNED, SUB "/resume", "resumeSubscription", 0,                                           \
      MOVES(subscription, subscription_resume, "reason"))                                          \
    X(P, SIGNED, SUB "/revoke", "revokeSubscription", 0,                                           \
      MOVES(subscription, subscription_revoke, "reason"))                                          \
    X(G, SIGNED, V1 "groups", "listGroups", 0, LISTS(group, catalog_groups, NULL))                 \
    X(P, SIGNED, V1 "groups", "createGroup", 0, MAKES(group, group_create, V1 "groups/{slug}"))    \
    X(G, SIGNED, V1 "groups/{group}", "getGroup", 0, GETS(group, catalog_group))                   \
    X(A, SIGNED, V1 "groups/{group}", "patchGroup", 0, PATCHES(group, group_patch))                \
    X(G, SIGNED, V1 "gateways", "listGateways", 0, LISTS(gateway, catalog_gateways, "group"))      \
    X(P, SIGNED, V1 "gateways", "createGateway", 0,                                                \
      MAKES(gateway, gateway_create, V1 "gateways/{slug}"))                                        \
    X(G, SIGNED, GATEWAY, "getGateway", 0, GETS(gateway, catalog_gateway))                         \
    X(A, SIGNED, GATEWAY, "patchGateway", 0, PATCHES(gateway, gateway_patch))                      \
    X(D, SIGNED, GATEWAY, "deleteGateway", 0, DROPS(gateway_delete))                               \
    X(P, SIGNED, GATEWAY "/token", "createToken", 0, .run = rest_token, NOTHING, .secret = true)   \
    X(G, SIGNED, V1 "deployments", "listDeployments", 0,                                           \
      LISTS(deployment, catalog_deployments, "api version group"))                                 \
    X(P, SIGNED, V1 "deployments", "createDeployment", 0,                                          \
      MAKES(deployment, deployment_create, V1 "deployments/{id}"))                                 \
    X(G, SIGNED, DEPLOY, "getDeployment", 0, GETS(deployment, catalog_deployment))                 \
    X(A, SIGNED, DEPLOY, "patchDeployment", 0, PATCHES(deployment, deployment_patch))              \
    X(D, SIGNED, DEPLOY, "deleteDeployment", 0, DROPS(deployment_delete))                          \
    X(G, SIGNED, V1 "events", "listEvents", 0, LISTS(event, catalog_events, "subject kind api"))   \
    X(P, SIGNED, V1 "explain", "explain", 0, .run = rest_explain, .body = REST_MUST_BODY,          \
      .members = "api version group method path key app")                                          \
    X(P, SIGNED, V1 "backup", "backupCatalog", 0, .run = rest_backup, .body = REST_MUST_BODY,      \
      .members = "file")                                                                           \
    X(P, SIGNED, V1 "check", "checkCatalog", 0, .run = rest_check, NOTHING)                        \
    X(G, OPEN, V1 "openapi.yaml", "getOpenapi", HTTP_INLINE, .run = rest_contract_text)            \
    X(G, OPEN, "/healthz", "getHealth", HTTP_INLINE, .run = rest_health)                           \
    X(G, OPEN, "/readyz", "getReadiness", 0, .run = rest_ready)

static bool answer(struct http_request *req, struct http_response *res, struct err *err);

#define ROUTE(method, role, path, id, flags, ...) {method, role, path, answer, id, flags},
const struct http_route rest_routes[] = {OPERATIONS(ROUTE)};
const size_t rest_route_count = COUNT_OF(rest_routes);

#define ROW(method, role, path, id, flags, ...) {__VA_ARGS__},
static const struct rest_operation operations[] = {OPERATIONS(ROW)};

/* The server keeps a copy of the route table; the text of the operation's id is shared. */
static bool answer(struct http_request *req, struct http_response *res, struct err *err)
{
    size_t i = 0;
    while (rest_routes[i].operation_id != req->route->operation_id)
        i++;
    return rest_answer(&operations[i], req, res, err);
}
