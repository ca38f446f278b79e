/* Every statement of the program. `{api}` stands for the columns of that record, `{api.own}` for
 * the same with nothing in those that other tables are asked for: what they count costs as much as
 * there is to count, and a change needs none of it. Parameters are $1 … $n; in statements that
 * depend on who looks, $1 is the user's id (0: nobody) and $2 is 1 for those who see all. */
#ifndef CHANCERY_STORE_STATEMENTS_H
#define CHANCERY_STORE_STATEMENTS_H

/* The texts are laid out as SQL. */
/* clang-format off */

/* --- who may see what: part of every list, count and single row ------------------------------- */

#define IN_TEAM(team) "EXISTS (SELECT 1 FROM member m WHERE m.user_id = $1 AND m.team_id = " team ")"
#define KEEPS_TEAM(team) \
    "EXISTS (SELECT 1 FROM member m WHERE m.user_id = $1 AND m.role <> 'member' AND m.team_id = " team ")"
#define SEES_API                                                                              \
    "($2 = 1 OR " IN_TEAM("api.team_id")                                                      \
    " OR ((api.visibility = 'public' OR (api.visibility = 'internal' AND $1 <> 0)"            \
    "      OR EXISTS (SELECT 1 FROM api_team w JOIN member m ON m.team_id = w.team_id"        \
    "                 WHERE w.api_id = api.id AND m.user_id = $1))"                           \
    "     AND EXISTS (SELECT 1 FROM version p WHERE p.api_id = api.id AND p.stage <> 'draft')))"
#define SEES_VERSION                       \
    "(version.stage <> 'draft' OR $2 = 1 " \
    "OR " IN_TEAM("(SELECT o.team_id FROM api o WHERE o.id = version.api_id)") ")"
#define SEES_APP "($2 = 1 OR " IN_TEAM("app.team_id") ")"
#define SUB_APP_TEAM "(SELECT a.team_id FROM app a WHERE a.id = subscription.app_id)"
#define SUB_API_TEAM "(SELECT a.team_id FROM api a WHERE a.id = subscription.api_id)"
#define SEES_SUB "($2 = 1 OR " IN_TEAM(SUB_APP_TEAM) " OR " IN_TEAM(SUB_API_TEAM) ")"
#define KNOWS_API "($2 = 1 OR " IN_TEAM("api.team_id") ")"
#define SIGNED_IN "($1 <> 0 OR $2 = 1)"
/* A log belongs to the team of the API or app; what became of a request is the asking team's, too. */
#define SEES_EVENT                                                                            \
    "($2 = 1 OR " IN_TEAM("event.team_id")                                                    \
    " OR (event.subject_type = 'subscription' AND " IN_TEAM(                                  \
        "(SELECT a.team_id FROM subscription s JOIN app a ON a.id = s.app_id"                 \
        " WHERE s.id = event.subject_id)") "))"

/* --- lists: filters that are NULL do not filter ----------------------------------------------- */

#define API_LIST                                                                              \
    " FROM api WHERE " SEES_API                                                               \
    " AND ($3 IS NULL OR api.id IN (SELECT rowid FROM api_search WHERE api_search MATCH $3))" \
    " AND ($4 IS NULL OR api.team_id = (SELECT t.id FROM team t WHERE t.slug = $4))"          \
    " AND ($5 IS NULL OR EXISTS (SELECT 1 FROM json_each(api.tags) j WHERE j.value = $5))"    \
    " AND ($6 IS NULL OR EXISTS (SELECT 1 FROM version WHERE version.api_id = api.id"         \
    "                            AND version.stage = $6 AND " SEES_VERSION "))"
#define USER_LIST " FROM account WHERE ($2 = 1 OR account.id = $1)"
#define TEAM_LIST                                                                     \
    " FROM team WHERE " SIGNED_IN                                                     \
    " AND ($3 IS NULL OR instr(lower(team.slug || ' ' || team.name), lower($3)) > 0)" \
    " AND ($4 = 0 OR " IN_TEAM("team.id") ")"
#define MEMBER_LIST                 \
    " FROM member WHERE " SIGNED_IN \
    " AND member.team_id = (SELECT t.id FROM team t WHERE t.slug = $3)"
#define VERSION_LIST                                                                         \
    " FROM version JOIN api ON api.id = version.api_id WHERE " SEES_API " AND " SEES_VERSION \
    " AND api.slug = $3"
#define REVISION_LIST                                                          \
    " FROM revision JOIN version ON version.id = revision.version_id"          \
    " JOIN api ON api.id = version.api_id WHERE " SEES_API " AND " SEES_VERSION \
    " AND api.slug = $3 AND ($4 IS NULL OR version.label = $4)"                                \
    " AND (revision.id IS NOT version.candidate_id OR " KNOWS_API ")"
/* What a revision that was never in force says concerns its authors only. */
#define SEES_REVISION \
    "(revision.id = version.revision_id OR revision.published_at IS NOT NULL OR " KNOWS_API ")"
#define PUBLICATION_LIST                                                        \
    " FROM revision JOIN version ON version.id = revision.version_id"           \
    " JOIN api ON api.id = version.api_id WHERE " SEES_API " AND " SEES_VERSION \
    " AND api.slug = $3 AND ($4 IS NULL OR version.label = $4)"                 \
    " AND revision.published_at IS NOT NULL"
#define OPERATION_LIST                                                                                          \
    " FROM operation JOIN version ON version.revision_id = operation.revision_id"                               \
    " JOIN api ON api.id = version.api_id WHERE " SEES_API " AND " SEES_VERSION                                 \
    " AND api.slug = $3 AND version.label = $4"                                                                 \
    " AND ($5 IS NULL OR instr(lower(operation.key || ' ' || coalesce(operation.summary, '')), lower($5)) > 0)" \
    " AND ($6 IS NULL OR EXISTS (SELECT 1 FROM json_each(operation.tags) j WHERE j.value = $6))"
/* A plan is seen by those who see one of its APIs. */
#define PLAN_LIST                                                                              \
    " FROM plan WHERE (($2 = 1 AND $3 IS NULL) OR EXISTS (SELECT 1 FROM plan_api p"            \
    " JOIN api ON api.id = p.api_id WHERE p.plan_id = plan.id AND ($3 IS NULL OR api.slug = $3)" \
    " AND " SEES_API "))"
#define APP_LIST                                                                     \
    " FROM app WHERE " SEES_APP                                                      \
    " AND ($3 IS NULL OR instr(lower(app.slug || ' ' || app.name), lower($3)) > 0)"  \
    " AND ($4 IS NULL OR app.team_id = (SELECT t.id FROM team t WHERE t.slug = $4))" \
    " AND ($5 = 0 OR " IN_TEAM("app.team_id") ")"
#define KEY_LIST " FROM api_key JOIN app ON app.id = api_key.app_id WHERE " SEES_APP " AND app.slug = $3"
/* $8 is now: the end of a term is a matter of the clock, not of a change. */
#define SUB_STATE                                                                               \
    "CASE WHEN subscription.state IN ('approved', 'suspended') AND subscription.not_after <= $8" \
    " THEN 'expired' ELSE subscription.state END"
#define SUB_LIST                                                                            \
    " FROM subscription WHERE " SEES_SUB                                                    \
    " AND ($3 IS NULL OR subscription.api_id = (SELECT a.id FROM api a WHERE a.slug = $3))" \
    " AND ($4 IS NULL OR subscription.app_id = (SELECT a.id FROM app a WHERE a.slug = $4))" \
    " AND ($5 IS NULL OR " SUB_STATE " = $5)"                                               \
    " AND ($6 = 0 OR " IN_TEAM(SUB_APP_TEAM) ")"                                            \
    " AND ($7 = 0 OR (subscription.state = 'requested' AND ($2 = 1 OR " KEEPS_TEAM(SUB_API_TEAM) ")))"
#define GROUP_LIST " FROM gateway_group WHERE " SIGNED_IN
#define GATEWAY_LIST               \
    " FROM gateway WHERE $2 = 1 AND" \
    " ($3 IS NULL OR gateway.group_id = (SELECT g.id FROM gateway_group g WHERE g.slug = $3))"
#define DEPLOYMENT_LIST                                                              \
    " FROM deployment JOIN version ON version.id = deployment.version_id"            \
    " JOIN api ON api.id = version.api_id WHERE " SEES_API " AND " SEES_VERSION      \
    " AND ($3 IS NULL OR api.slug = $3) AND ($4 IS NULL OR version.label = $4)"      \
    " AND ($5 IS NULL OR deployment.group_id = (SELECT g.id FROM gateway_group g WHERE g.slug = $5))"
#define EVENT_LIST                                                                               \
    " FROM event WHERE " SEES_EVENT                                                              \
    " AND ($3 IS NULL OR event.subject = $3 OR event.subject_id = $6)"                           \
    " AND ($4 IS NULL OR event.kind = $4)"                                                       \
    " AND ($5 IS NULL OR event.api_id = (SELECT a.id FROM api a WHERE a.slug = $5))"

#define OF_REVISION(table)                                                                \
    " FROM " table " JOIN revision ON revision.id = " table ".revision_id"                \
    " JOIN version ON version.id = revision.version_id JOIN api ON api.id = version.api_id" \
    " WHERE " SEES_API " AND " SEES_VERSION                                               \
    " AND " SEES_REVISION
#define IN_FORCE_OR(sha) "((" sha " IS NULL AND revision.id = version.revision_id) OR revision.sha256 = " sha ")"
#define ASSESSMENT_LIST                                                                  \
    OF_REVISION("assessment") " AND ($3 IS NULL OR api.slug = $3)"                       \
    " AND ($4 IS NULL OR version.label = $4) AND ($5 IS NULL OR revision.sha256 = $5)"
#define FINDING_LIST                                                                    \
    OF_REVISION("revision_finding") " AND api.slug = $3 AND version.label = $4 AND " IN_FORCE_OR("$5") \
    " AND ($6 IS NULL OR revision_finding.severity = $6)"                               \
    " AND ($7 IS NULL OR revision_finding.code = $7)"
#define CHANGE_LIST                                                                    \
    OF_REVISION("revision_change") " AND api.slug = $3 AND version.label = $4 AND " IN_FORCE_OR("$5") \
    " AND ($6 IS NULL OR revision_change.level = $6)"
#define RULESET_LIST " FROM ruleset WHERE " SIGNED_IN
#define RULESET_REVISION_LIST                                                        \
    " FROM ruleset_revision JOIN ruleset ON ruleset.id = ruleset_revision.ruleset_id" \
    " WHERE " SIGNED_IN " AND ruleset.slug = $3"
#define GATE_RULE_LIST " FROM gate_rule WHERE " SIGNED_IN
#define WAIVER_LIST                                                                 \
    " FROM waiver JOIN api ON api.id = waiver.api_id WHERE " SEES_API " AND " KNOWS_API \
    " AND ($3 IS NULL OR api.slug = $3) AND ($4 IS NULL OR waiver.version IS NULL OR waiver.version = $4)"
#define REVIEW_LIST                                                                      \
    " FROM review JOIN version ON version.id = review.version_id"                        \
    " JOIN api ON api.id = version.api_id WHERE " SEES_API " AND " KNOWS_API             \
    " AND ($3 IS NULL OR api.slug = $3) AND ($4 IS NULL OR version.label = $4)"          \
    " AND ($5 = 0 OR (review.state = 'requested' AND ($2 = 1 OR " KEEPS_TEAM("api.team_id") ")"  \
    " AND review.requested_by IS NOT (SELECT u.name FROM account u WHERE u.id = $1)"     \
    " AND NOT EXISTS (SELECT 1 FROM revision r JOIN account u ON u.name = r.created_by"  \
    "                 WHERE r.id = review.revision_id AND u.id = $1)))"

/* $3 is the owner's name, $4 is 1 for those who manage all users. */
#define TOKEN_LIST                                                                 \
    " FROM token JOIN account ON account.id = token.user_id WHERE account.name = $3" \
    " AND (token.user_id = $1 OR ($2 = 1 AND $4 = 1))"

/* A page goes on behind $20 (text) or $21 (number) and has $22 rows at most. */
#define BY_TEXT(column) " AND ($20 IS NULL OR " column " > $20) ORDER BY " column " LIMIT $22"
#define BY_ID(column)   " AND ($21 IS NULL OR " column " > $21) ORDER BY " column " LIMIT $22"
#define NEWEST(column)  " AND ($21 IS NULL OR " column " < $21) ORDER BY " column " DESC LIMIT $22"

#define STATEMENTS(X) \
    X(STMT_USERS, "SELECT {user}" USER_LIST BY_TEXT("account.name")) \
    X(STMT_USERS_COUNT, "SELECT count(*)" USER_LIST) \
    X(STMT_USER, "SELECT {user}" USER_LIST " AND account.name = $3") \
    X(STMT_USER_BY_NAME, "SELECT {user} FROM account WHERE name = $1") \
    X(STMT_USER_BY_UNIX_NAME, "SELECT {user} FROM account WHERE unix_name = $1 AND disabled = 0") \
    X(STMT_USER_BY_ID, "SELECT {user} FROM account WHERE id = $1") \
    X(STMT_TEAMS, "SELECT {team}" TEAM_LIST BY_TEXT("team.slug")) \
    X(STMT_TEAMS_COUNT, "SELECT count(*)" TEAM_LIST) \
    X(STMT_TEAM, "SELECT {team} FROM team WHERE " SIGNED_IN " AND slug = $3") \
    X(STMT_TEAM_ID, "SELECT id FROM team WHERE slug = $1") \
    X(STMT_MEMBERS, "SELECT {member}" MEMBER_LIST BY_ID("member.id")) \
    X(STMT_MEMBERS_COUNT, "SELECT count(*)" MEMBER_LIST) \
    X(STMT_MEMBER, "SELECT {member} FROM member WHERE team_id = $1 AND user_id = $2") \
    X(STMT_MEMBER_OWNERS, "SELECT count(*) FROM member WHERE team_id = $1 AND role = 'owner'") \
    X(STMT_APIS, "SELECT {api}" API_LIST BY_TEXT("api.slug")) \
    X(STMT_APIS_COUNT, "SELECT count(*)" API_LIST) \
    X(STMT_API, "SELECT {api} FROM api WHERE " SEES_API " AND api.slug = $3") \
    X(STMT_API_BY_ID, "SELECT {api} FROM api WHERE api.id = $1") \
    X(STMT_API_OWN, "SELECT {api.own} FROM api WHERE " SEES_API " AND api.slug = $3") \
    X(STMT_API_OWN_BY_ID, "SELECT {api.own} FROM api WHERE api.id = $1") \
    X(STMT_API_TAGS, "SELECT j.value, count(*) FROM api, json_each(api.tags) j WHERE " SEES_API \
                     " GROUP BY j.value ORDER BY 2 DESC, 1 LIMIT 100") \
    X(STMT_API_TEAMS_CLEAR, "DELETE FROM api_team WHERE api_id = $1") \
    X(STMT_API_TEAM_ADD, "INSERT INTO api_team(api_id, team_id) VALUES ($1, $2)") \
    X(STMT_API_PUBLISHED_COUNT, \
      "SELECT count(*) FROM version WHERE api_id = $1 AND published_at IS NOT NULL") \
    X(STMT_API_USES, \
      "SELECT (SELECT count(*) FROM version WHERE api_id = $1) + (SELECT count(*) FROM subscription" \
      " WHERE api_id = $1) + (SELECT count(*) FROM plan_api WHERE api_id = $1)") \
    X(STMT_SEARCH_CLEAR, "DELETE FROM api_search WHERE rowid = $1") \
    X(STMT_SEARCH_ADD, "INSERT INTO api_search(rowid, words) VALUES ($1, $2)") \
    X(STMT_SEARCH_OPERATIONS, \
      "SELECT o.key, o.summary, o.operation_id, o.tags FROM operation o JOIN version v" \
      " ON v.revision_id = o.revision_id WHERE v.api_id = $1 AND v.stage IN ('published', 'deprecated')") \
    X(STMT_VERSIONS, "SELECT {version}" VERSION_LIST NEWEST("version.id")) \
    X(STMT_VERSIONS_COUNT, "SELECT count(*)" VERSION_LIST) \
    X(STMT_VERSION, "SELECT {version}" VERSION_LIST " AND version.label = $4") \
    X(STMT_VERSION_OTHER, "SELECT count(*) FROM version WHERE api_id = $1 AND label = $2 AND id <> $3") \
    X(STMT_VERSION_BY_ID, "SELECT {version} FROM version WHERE id = $1") \
    X(STMT_REVISIONS, "SELECT {revision}" REVISION_LIST NEWEST("revision.id")) \
    X(STMT_REVISIONS_COUNT, "SELECT count(*)" REVISION_LIST) \
    X(STMT_REVISION, "SELECT {revision}" REVISION_LIST " AND revision.id = version.revision_id") \
    X(STMT_PUBLICATIONS, "SELECT {revision}" PUBLICATION_LIST NEWEST("revision.published_at")) \
    X(STMT_PUBLICATIONS_COUNT, "SELECT count(*)" PUBLICATION_LIST) \
    X(STMT_REVISION_PUBLISHED, "UPDATE revision SET published_at = $2 WHERE id = $1") \
    X(STMT_REVISION_NAMED, \
      "SELECT {revision} FROM revision JOIN version ON version.id = revision.version_id" \
      " JOIN api ON api.id = version.api_id WHERE " SEES_API " AND " SEES_VERSION " AND " SEES_REVISION \
      " AND api.slug = $3 AND ((version.label = $4 AND revision.id = version.revision_id)" \
      "  OR (length($4) >= 8 AND substr(revision.sha256, 1, length($4)) = $4))" \
      " ORDER BY version.label <> $4, revision.id DESC LIMIT 1") \
    X(STMT_REVISION_FILES, \
      "SELECT {revision_file} FROM revision_file WHERE revision_id = $1 ORDER BY path") \
    X(STMT_REVISION_BYTES, \
      "SELECT sum(size_bytes) FROM revision_file WHERE revision_id = $1") \
    X(STMT_REVISION_BY_HASH, \
      "SELECT {revision} FROM revision WHERE version_id = $1 AND sha256 = $2") \
    X(STMT_REVISION_FILE, \
      "SELECT {revision_file} FROM revision_file JOIN revision ON revision.id =" \
      " revision_file.revision_id JOIN version ON version.revision_id = revision.id JOIN api ON api.id = version.api_id" \
      " WHERE " SEES_API " AND " SEES_VERSION " AND api.slug = $3 AND version.label = $4" \
      " AND (($5 IS NULL AND revision_file.root = 1) OR revision_file.path = $5)") \
    X(STMT_FILE_PACKED, "SELECT packed FROM file WHERE sha256 = $1") \
    X(STMT_FILE_ADD, \
      "INSERT INTO file(sha256, size_bytes, packed) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING") \
    X(STMT_FILES, "SELECT sha256, size_bytes, packed FROM file ORDER BY sha256") \
    X(STMT_REVISION_FILES_DROP, \
      "DELETE FROM revision_file WHERE revision_id IN (SELECT id FROM revision WHERE version_id = $1)") \
    X(STMT_OPERATIONS_DROP, \
      "DELETE FROM operation WHERE revision_id IN (SELECT id FROM revision WHERE version_id = $1)") \
    X(STMT_FINDINGS_DROP, \
      "DELETE FROM revision_finding WHERE revision_id IN (SELECT id FROM revision WHERE version_id = $1)") \
    X(STMT_CHANGES_DROP, \
      "DELETE FROM revision_change WHERE revision_id IN (SELECT id FROM revision WHERE version_id = $1)") \
    X(STMT_ASSESSMENTS_DROP, \
      "DELETE FROM assessment WHERE revision_id IN (SELECT id FROM revision WHERE version_id = $1)") \
    X(STMT_REVIEWS_DROP, "DELETE FROM review WHERE version_id = $1") \
    X(STMT_REVISIONS_DROP, "DELETE FROM revision WHERE version_id = $1") \
    X(STMT_VERSION_DETACH, "UPDATE version SET revision_id = NULL, candidate_id = NULL WHERE id = $1") \
    X(STMT_ASSESSMENTS, "SELECT {assessment}" ASSESSMENT_LIST NEWEST("assessment.revision_id")) \
    X(STMT_ASSESSMENTS_COUNT, "SELECT count(*)" ASSESSMENT_LIST) \
    X(STMT_ASSESSMENT, "SELECT {assessment}" ASSESSMENT_LIST " AND revision.id = version.revision_id") \
    X(STMT_ASSESSMENT_OF, "SELECT {assessment} FROM assessment WHERE revision_id = $1") \
    X(STMT_ASSESSMENT_BASE, "SELECT base_id FROM assessment WHERE revision_id = $1") \
    X(STMT_ASSESSMENT_CLEAR, "DELETE FROM assessment WHERE revision_id = $1") \
    X(STMT_FINDINGS, "SELECT {revision_finding}" FINDING_LIST BY_ID("revision_finding.position")) \
    X(STMT_FINDINGS_COUNT, "SELECT count(*)" FINDING_LIST) \
    X(STMT_FINDINGS_OF, "SELECT {revision_finding} FROM revision_finding WHERE revision_id = $1 ORDER BY position") \
    X(STMT_FINDINGS_CLEAR, "DELETE FROM revision_finding WHERE revision_id = $1") \
    X(STMT_CHANGES, "SELECT {revision_change}" CHANGE_LIST BY_ID("revision_change.position")) \
    X(STMT_CHANGES_COUNT, "SELECT count(*)" CHANGE_LIST) \
    X(STMT_CHANGES_OF, "SELECT {revision_change} FROM revision_change WHERE revision_id = $1 ORDER BY position") \
    X(STMT_CHANGES_CLEAR, "DELETE FROM revision_change WHERE revision_id = $1") \
    X(STMT_REVISION_BY_ID, "SELECT {revision} FROM revision WHERE id = $1") \
    X(STMT_VERSION_BASE, \
      "SELECT revision_id FROM version WHERE api_id = $1 AND id <> $2 AND revision_id IS NOT NULL" \
      " AND stage IN ('published', 'deprecated') ORDER BY published_at DESC, id DESC LIMIT 1") \
    X(STMT_PUBLISHED, \
      "SELECT {version} FROM version WHERE stage IN ('published', 'deprecated') AND revision_id IS NOT NULL" \
      " AND id > $1 ORDER BY id LIMIT $2") \
    X(STMT_RULESETS, "SELECT {ruleset}" RULESET_LIST BY_TEXT("ruleset.slug")) \
    X(STMT_RULESETS_COUNT, "SELECT count(*)" RULESET_LIST) \
    X(STMT_RULESET, "SELECT {ruleset}" RULESET_LIST " AND ruleset.slug = $3") \
    X(STMT_RULESETS_ALL, "SELECT {ruleset} FROM ruleset ORDER BY slug") \
    X(STMT_RULESET_REVISIONS, "SELECT {ruleset_revision}" RULESET_REVISION_LIST NEWEST("ruleset_revision.number")) \
    X(STMT_RULESET_REVISIONS_COUNT, "SELECT count(*)" RULESET_REVISION_LIST) \
    X(STMT_RULESET_REVISION, \
      "SELECT {ruleset_revision} FROM ruleset_revision WHERE ruleset_id = $1 AND number = $2") \
    X(STMT_GATE_RULES, "SELECT {gate_rule}" GATE_RULE_LIST BY_ID("gate_rule.position")) \
    X(STMT_GATE_RULES_COUNT, "SELECT count(*)" GATE_RULE_LIST) \
    X(STMT_GATE_RULE, "SELECT {gate_rule}" GATE_RULE_LIST " AND gate_rule.id = $3") \
    X(STMT_GATE_RULES_ALL, "SELECT {gate_rule} FROM gate_rule ORDER BY position") \
    X(STMT_WAIVERS, "SELECT {waiver}" WAIVER_LIST NEWEST("waiver.id")) \
    X(STMT_WAIVERS_COUNT, "SELECT count(*)" WAIVER_LIST) \
    X(STMT_WAIVER, "SELECT {waiver}" WAIVER_LIST " AND waiver.id = $5") \
    X(STMT_WAIVERS_LIVE, \
      "SELECT {waiver} FROM waiver WHERE api_id = $1 AND (version IS NULL OR version = $2)" \
      " AND revoked_at IS NULL AND not_after > $3 ORDER BY id") \
    X(STMT_REVIEWS, "SELECT {review}" REVIEW_LIST NEWEST("review.id")) \
    X(STMT_REVIEWS_COUNT, "SELECT count(*)" REVIEW_LIST) \
    X(STMT_REVIEW, "SELECT {review}" REVIEW_LIST " AND review.id = $6") \
    X(STMT_REVIEW_APPROVED, \
      "SELECT count(*) FROM review WHERE revision_id = $1 AND state = 'approved'") \
    X(STMT_OPERATIONS, "SELECT {operation}" OPERATION_LIST BY_ID("operation.position")) \
    X(STMT_OPERATIONS_COUNT, "SELECT count(*)" OPERATION_LIST) \
    X(STMT_OPERATION, "SELECT {operation}" OPERATION_LIST " AND operation.id = $7") \
    X(STMT_UNSERVABLE, \
      "SELECT group_concat(key, ', ') FROM operation WHERE revision_id = $1 AND servable = 0") \
    X(STMT_PLANS, "SELECT {plan}" PLAN_LIST BY_TEXT("plan.slug")) \
    X(STMT_PLANS_COUNT, "SELECT count(*)" PLAN_LIST) \
    X(STMT_PLAN, "SELECT {plan}" PLAN_LIST " AND plan.slug = $4") \
    X(STMT_PLAN_BY_ID, "SELECT {plan} FROM plan WHERE id = $1") \
    X(STMT_PLAN_APIS_SEEN, \
      "SELECT json_group_array(s.slug) FROM (SELECT api.slug FROM plan_api p JOIN api ON api.id = p.api_id" \
      " WHERE p.plan_id = $3 AND " SEES_API " ORDER BY api.slug) s") \
    X(STMT_PLAN_STILL_USED, \
      "SELECT a.slug FROM subscription s JOIN api a ON a.id = s.api_id WHERE s.plan_id = $1" \
      " AND s.state IN ('requested', 'approved', 'suspended') AND (s.not_after IS NULL OR s.not_after > $2)" \
      " AND NOT EXISTS (SELECT 1 FROM plan_api p WHERE p.plan_id = s.plan_id AND p.api_id = s.api_id)" \
      " ORDER BY a.slug LIMIT 1") \
    X(STMT_PLAN_APIS_CLEAR, "DELETE FROM plan_api WHERE plan_id = $1") \
    X(STMT_PLAN_API_ADD, "INSERT INTO plan_api(plan_id, api_id) VALUES ($1, $2)") \
    X(STMT_PLAN_COVERS, "SELECT count(*) FROM plan_api WHERE plan_id = $1 AND api_id = $2") \
    X(STMT_APPS, "SELECT {app}" APP_LIST BY_TEXT("app.slug")) \
    X(STMT_APPS_COUNT, "SELECT count(*)" APP_LIST) \
    X(STMT_APP, "SELECT {app} FROM app WHERE " SEES_APP " AND slug = $3") \
    X(STMT_APP_BY_ID, "SELECT {app} FROM app WHERE id = $1") \
    X(STMT_KEYS, "SELECT {key}" KEY_LIST NEWEST("api_key.id")) \
    X(STMT_KEYS_COUNT, "SELECT count(*)" KEY_LIST) \
    X(STMT_KEY, "SELECT {key}" KEY_LIST " AND api_key.id = $4") \
    X(STMT_SUBS, "SELECT {subscription}" SUB_LIST NEWEST("subscription.id")) \
    X(STMT_SUBS_COUNT, "SELECT count(*)" SUB_LIST) \
    X(STMT_SUB, "SELECT {subscription} FROM subscription WHERE " SEES_SUB " AND id = $3") \
    X(STMT_SUB_OPEN, \
      "SELECT count(*) FROM subscription WHERE app_id = $1 AND api_id = $2 AND plan_id = $3" \
      " AND state IN ('requested', 'approved', 'suspended') AND (not_after IS NULL OR not_after > $4)") \
    X(STMT_GROUPS, "SELECT {group}" GROUP_LIST BY_TEXT("gateway_group.slug")) \
    X(STMT_GROUPS_COUNT, "SELECT count(*)" GROUP_LIST) \
    X(STMT_GROUP, "SELECT {group} FROM gateway_group WHERE " SIGNED_IN " AND slug = $3") \
    X(STMT_GATEWAYS, "SELECT {gateway}" GATEWAY_LIST BY_TEXT("gateway.slug")) \
    X(STMT_GATEWAYS_COUNT, "SELECT count(*)" GATEWAY_LIST) \
    X(STMT_GATEWAY, "SELECT {gateway} FROM gateway WHERE $2 = 1 AND slug = $3") \
    X(STMT_GATEWAY_TABLE, "SELECT {gateway} FROM gateway ORDER BY slug") \
    X(STMT_DEPLOYMENTS, "SELECT {deployment}" DEPLOYMENT_LIST BY_ID("deployment.id")) \
    X(STMT_DEPLOYMENTS_COUNT, "SELECT count(*)" DEPLOYMENT_LIST) \
    X(STMT_DEPLOYMENT, "SELECT {deployment}" DEPLOYMENT_LIST " AND deployment.id = $6") \
    X(STMT_SNAPSHOT, \
      "SELECT d.id, a.slug, v.label, d.host, d.base_path, d.upstream, a.access, d.keep_escaped_slashes," \
      " d.timeout_ms FROM deployment d JOIN version v ON v.id = d.version_id JOIN api a ON a.id = v.api_id" \
      " JOIN gateway_group g ON g.id = d.group_id WHERE g.slug = $1 AND v.stage <> 'draft' ORDER BY d.id") \
    X(STMT_EVENTS, "SELECT {event}" EVENT_LIST NEWEST("event.seq")) \
    X(STMT_EVENTS_COUNT, "SELECT count(*)" EVENT_LIST) \
    X(STMT_EVENT_CHAIN, "SELECT {event} FROM event WHERE seq > $1 ORDER BY seq LIMIT 1000") \
    X(STMT_EVENT_LAST_SEQ, "SELECT max(seq) FROM event") \
    X(STMT_EVENT_LAST_HASH, "SELECT hash FROM event ORDER BY seq DESC LIMIT 1") \
    X(STMT_EVENT_LAST_ID, "SELECT max(subject_id) FROM event") \
    X(STMT_META, "SELECT number FROM meta WHERE name = $1") \
    X(STMT_META_TEXT, "SELECT text FROM meta WHERE name = $1") \
    X(STMT_META_SET, \
      "INSERT INTO meta(name, number, text) VALUES ($1, $2, $3)" \
      " ON CONFLICT(name) DO UPDATE SET number = excluded.number, text = excluded.text") \
    X(STMT_REPLAY, "SELECT route, body_sha256, answer FROM replay WHERE principal = $1 AND key = $2") \
    X(STMT_REPLAY_ADD, \
      "INSERT INTO replay(principal, key, route, body_sha256, answer, at) VALUES ($1, $2, $3, $4, $5, $6)") \
    X(STMT_REPLAYS_OVER, "DELETE FROM replay WHERE at < $1") \
    X(STMT_SESSION_BY_HASH, "SELECT {session} FROM session WHERE id_hash = $1") \
    X(STMT_SESSION_SEEN, "UPDATE session SET seen_at = $2 WHERE id = $1") \
    X(STMT_SESSION_DROP, "DELETE FROM session WHERE id = $1") \
    X(STMT_SESSIONS_DROP, "DELETE FROM session WHERE user_id = $1") \
    X(STMT_SESSIONS_OVER, "DELETE FROM session WHERE expires_at < $1 OR seen_at < $2") \
    X(STMT_TOKENS, "SELECT {token}" TOKEN_LIST NEWEST("token.id")) \
    X(STMT_TOKENS_COUNT, "SELECT count(*)" TOKEN_LIST) \
    X(STMT_TOKEN, "SELECT {token}" TOKEN_LIST " AND token.id = $5") \
    X(STMT_TOKEN_LIVE, \
      "SELECT {token} FROM token WHERE sha256 = $1 AND revoked_at IS NULL AND not_after > $2 AND created_at <= $2" \
      " AND EXISTS (SELECT 1 FROM account a WHERE a.id = token.user_id AND a.disabled = 0)") \
    X(STMT_TOKEN_SEEN, \
      "UPDATE token SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)") \
    X(STMT_SESSIONS_FORGET, "DELETE FROM session") \
    X(STMT_SETUP_FORGET, "DELETE FROM setup_code") \
    X(STMT_HOLDINGS, \
      "SELECT (SELECT at FROM event ORDER BY seq DESC LIMIT 1), (SELECT count(*) FROM account)," \
      " (SELECT count(*) FROM api), (SELECT count(*) FROM app), (SELECT count(*) FROM subscription)") \
    X(STMT_SETUP_ADD, "INSERT INTO setup_code(hash, expires_at) VALUES ($1, $2)") \
    X(STMT_SETUP_KNOWN, "SELECT count(*) FROM setup_code WHERE hash = $1 AND expires_at > $2") \
    X(STMT_SETUP_USE, "DELETE FROM setup_code WHERE hash = $1 AND expires_at > $2") \
    X(STMT_API_TEAM, "SELECT team_id FROM api WHERE slug = $1") \
    X(STMT_MY_ROLE, \
      "SELECT CASE role WHEN 'owner' THEN 2 WHEN 'maintainer' THEN 1 ELSE 0 END FROM member" \
      " WHERE user_id = $1 AND team_id = $2") \
    X(STMT_IMAGE_APIS, "SELECT id, slug, access FROM api ORDER BY id") \
    X(STMT_IMAGE_APPS, "SELECT id, slug FROM app ORDER BY id") \
    X(STMT_IMAGE_PLANS, \
      "SELECT id, slug, rate_count, rate_period_s, burst, quota_count, quota_period, operations" \
      " FROM plan ORDER BY id") \
    X(STMT_IMAGE_KEYS, "SELECT sha256, app_id, not_after, revoked_at FROM api_key") \
    X(STMT_IMAGE_GRANTS, "SELECT id, app_id, api_id, plan_id, state, not_after FROM subscription" \
                         " WHERE state NOT IN ('rejected', 'withdrawn')") \
    X(STMT_IMAGE_DEPLOYMENTS, \
      "SELECT d.id, v.api_id, v.label, g.slug, d.base_path, v.stage, v.revision_id" \
      " FROM deployment d JOIN version v ON v.id = d.version_id JOIN gateway_group g ON g.id = d.group_id" \
      " ORDER BY d.id") \
    X(STMT_IMAGE_OPERATIONS, \
      "SELECT key, method, path FROM operation WHERE revision_id = $1 AND servable = 1" \
      " ORDER BY position") \
    X(STMT_IMAGE_API, "SELECT id, slug, access FROM api WHERE id = $1") \
    X(STMT_IMAGE_APP, "SELECT id, slug FROM app WHERE id = $1") \
    X(STMT_IMAGE_PLAN, \
      "SELECT id, slug, rate_count, rate_period_s, burst, quota_count, quota_period, operations" \
      " FROM plan WHERE id = $1") \
    X(STMT_IMAGE_KEY, "SELECT sha256, app_id, not_after, revoked_at FROM api_key WHERE id = $1") \
    X(STMT_IMAGE_APP_GRANTS, "SELECT id, app_id, api_id, plan_id, state, not_after FROM subscription" \
                             " WHERE app_id = $1 AND state NOT IN ('rejected', 'withdrawn')") \
    X(STMT_IMAGE_DEPLOYMENT, \
      "SELECT d.id, v.api_id, v.label, g.slug, d.base_path, v.stage, v.revision_id" \
      " FROM deployment d JOIN version v ON v.id = d.version_id JOIN gateway_group g ON g.id = d.group_id" \
      " WHERE d.id = $1") \
    X(STMT_IMAGE_VERSION_DEPLOYMENTS, "SELECT id FROM deployment WHERE version_id = $1") \
    X(STMT_EVENT_HASH, "SELECT hash FROM event WHERE seq = $1") \
    X(STMT_ROWS, \
      "SELECT (SELECT count(*) FROM account) + (SELECT count(*) FROM team) + (SELECT count(*) FROM api)" \
      " + (SELECT count(*) FROM version) + (SELECT count(*) FROM plan) + (SELECT count(*) FROM app)" \
      " + (SELECT count(*) FROM api_key) + (SELECT count(*) FROM subscription) + (SELECT count(*) FROM gateway)" \
      " + (SELECT count(*) FROM deployment) + (SELECT count(*) FROM token)")

/* clang-format on */
#endif
