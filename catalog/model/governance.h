/* What governs documents: rulesets, what they and comparisons find, the publish gate, waivers and
 * reviews. Lists only, in the forms of model.h, which makes the enumerations and structs of them.
 */
#ifndef CHANCERY_MODEL_GOVERNANCE_H
#define CHANCERY_MODEL_GOVERNANCE_H

/* --- enumerations ----------------------------------------------------------------------------- */

/* As enum severity of catalog/tree has them. */
#define FOUND_NAMES(X)      \
    X(FOUND_ERROR, "error") \
    X(FOUND_WARN, "warn") X(FOUND_INFO, "info") X(FOUND_HINT, "hint")
#define CHANGE_LEVEL_NAMES(X) X(CHANGE_INFO, "info") X(CHANGE_WARN, "warn") X(CHANGE_ERROR, "error")
/* What a rule of the publish gate looks at, and what its argument says. */
#define CONDITION_NAMES(X)                                                                \
    X(CONDITION_VALIDATION, "validation")   /* least severity of validation's findings */ \
    X(CONDITION_FINDING, "finding")         /* least severity of rulesets' findings */    \
    X(CONDITION_RULE, "rule")               /* code of a finding */                       \
    X(CONDITION_BREAKING, "breaking")       /* least level of changes: error or warn */   \
    X(CONDITION_DESCRIPTION, "description") /* the API has neither summary nor text */    \
    X(CONDITION_OWNER, "owner")             /* the API's team has no owner */             \
    X(CONDITION_REVIEW, "review")           /* nobody has approved these bytes */
#define GATE_ACTION_NAMES(X) X(GATE_ALLOW, "allow") X(GATE_NOTIFY, "notify") X(GATE_BLOCK, "block")
#define REVIEW_STATE_NAMES(X)        \
    X(REVIEW_REQUESTED, "requested") \
    X(REVIEW_APPROVED, "approved")   \
    X(REVIEW_REJECTED, "rejected") X(REVIEW_WITHDRAWN, "withdrawn")

/* --- records ---------------------------------------------------------------------------------- */

/* What is found in a revision: derived, and made again when the rulesets have changed. The base is
 * the revision it was compared with. left_out: findings and changes that were not kept. grade and
 * made_at are absent for revisions that no ruleset has judged. */
#define ASSESSMENT_FIELDS(F)                                                                                                                     \
    F(revision_id, ID, FIELD_HIDDEN, NULL, 0, NULL)                                                                                              \
    F(api, TEXT, FIELD_JOINED, NULL, 0,                                                                                                          \
      "(SELECT a.slug FROM revision r JOIN version v ON v.id = r.version_id JOIN api a ON a.id = v.api_id WHERE r.id = assessment.revision_id)") \
    F(version, TEXT, FIELD_JOINED, NULL, 0,                                                                                                      \
      "(SELECT v.label FROM revision r JOIN version v ON v.id = r.version_id WHERE r.id = assessment.revision_id)")                              \
    F(revision, TEXT, FIELD_JOINED, NULL, 0,                                                                                                     \
      "(SELECT r.sha256 FROM revision r WHERE r.id = assessment.revision_id)")                                                                   \
    F(in_force, BOOL, FIELD_JOINED, NULL, 0,                                                                                                     \
      "EXISTS (SELECT 1 FROM version v WHERE v.revision_id = assessment.revision_id)")                                                           \
    F(uploaded_by, TEXT, FIELD_JOINED, NULL, 0,                                                                                                  \
      "(SELECT r.created_by FROM revision r WHERE r.id = assessment.revision_id)")                                                               \
    F(uploaded_at, TIME, FIELD_JOINED, NULL, 0,                                                                                                  \
      "(SELECT r.created_at FROM revision r WHERE r.id = assessment.revision_id)")                                                               \
    F(rulesets, LIST, FIELD_READ, NULL, 0, NULL)                                                                                                 \
    F(score, INT, FIELD_READ, NULL, 100, NULL)                                                                                                   \
    F(grade, TEXT, FIELD_READ, NULL, 1, NULL)                                                                                                    \
    F(finding_count, INT, FIELD_READ, NULL, 0, NULL)                                                                                             \
    F(error_count, INT, FIELD_READ, NULL, 0, NULL)                                                                                               \
    F(warn_count, INT, FIELD_READ, NULL, 0, NULL)                                                                                                \
    F(info_count, INT, FIELD_READ, NULL, 0, NULL)                                                                                                \
    F(hint_count, INT, FIELD_READ, NULL, 0, NULL)                                                                                                \
    F(base_id, ID, FIELD_HIDDEN, NULL, 0, NULL)                                                                                                  \
    F(base, TEXT, FIELD_JOINED, NULL, 0,                                                                                                         \
      "(SELECT r.sha256 FROM revision r WHERE r.id = assessment.base_id)")                                                                       \
    F(base_version, TEXT, FIELD_JOINED, NULL, 0,                                                                                                 \
      "(SELECT v.label FROM revision r JOIN version v ON v.id = r.version_id WHERE r.id = assessment.base_id)")                                  \
    F(change_count, INT, FIELD_READ, NULL, 0, NULL)                                                                                              \
    F(breaking_count, INT, FIELD_READ, NULL, 0, NULL)                                                                                            \
    F(risky_count, INT, FIELD_READ, NULL, 0, NULL)                                                                                               \
    F(bump, TEXT, FIELD_READ, NULL, 10, NULL)                                                                                                    \
    F(left_out, INT, FIELD_READ, NULL, 0, NULL)                                                                                                  \
    F(made_at, TIME, FIELD_READ, NULL, 0, NULL)

/* source: "validation", or the ruleset. pointer: as place_make has it; line and column are those of
 * the file that it names. */
#define REVISION_FINDING_FIELDS(F)                       \
    F(id, ID, FIELD_HIDDEN, NULL, 0, NULL)               \
    F(revision_id, ID, FIELD_HIDDEN, NULL, 0, NULL)      \
    F(position, INT, FIELD_HIDDEN, NULL, 0, NULL)        \
    F(source, TEXT, FIELD_READ, NULL, 63, NULL)          \
    F(code, TEXT, FIELD_READ, NULL, 0, NULL)             \
    F(severity, ENUM, FIELD_READ, &names_found, 0, NULL) \
    F(pointer, TEXT, FIELD_READ, NULL, 0, NULL)          \
    F(line, INT, FIELD_READ, NULL, 0, NULL)              \
    F(column, INT, FIELD_READ, NULL, 0, NULL)            \
    F(message, TEXT, FIELD_READ, NULL, 0, NULL)

/* What a revision changes of its base. Lines are those of the root document, 0 in other files. */
#define REVISION_CHANGE_FIELDS(F)                            \
    F(id, ID, FIELD_HIDDEN, NULL, 0, NULL)                   \
    F(revision_id, ID, FIELD_HIDDEN, NULL, 0, NULL)          \
    F(position, INT, FIELD_HIDDEN, NULL, 0, NULL)            \
    F(code, TEXT, FIELD_READ, NULL, 0, NULL)                 \
    F(level, ENUM, FIELD_READ, &names_change_level, 0, NULL) \
    F(operation, TEXT, FIELD_READ, NULL, 0, NULL)            \
    F(path, TEXT, FIELD_READ, NULL, 0, NULL)                 \
    F(message, TEXT, FIELD_READ, NULL, 0, NULL)              \
    F(fingerprint, TEXT, FIELD_READ, NULL, 12, NULL)         \
    F(old_line, INT, FIELD_READ, NULL, 0, NULL)              \
    F(line, INT, FIELD_READ, NULL, 0, NULL)

/* number: the revision in force; 0: none. Applies everywhere, or to APIs of the teams and with the
 * tags named. */
#define RULESET_FIELDS(F)                                                                            \
    F(id, ID, FIELD_READ, NULL, 0, NULL)                                                             \
    F(slug, TEXT, FIELD_CREATE | FIELD_REQUIRED | FIELD_SLUG, NULL, 63, NULL)                        \
    F(name, TEXT, FIELD_NEED, NULL, 120, NULL)                                                       \
    F(description, TEXT, FIELD_SET, NULL, 4000, NULL)                                                \
    F(everywhere, BOOL, FIELD_SET, NULL, 0, NULL)                                                    \
    F(teams, LIST, FIELD_SET, NULL, 4000, NULL)                                                      \
    F(tags, LIST, FIELD_SET, NULL, 1000, NULL)                                                       \
    F(number, INT, FIELD_CHANGE, NULL, 1000000, NULL)                                                \
    F(latest, INT, FIELD_JOINED, NULL, 0,                                                            \
      "(SELECT coalesce(max(r.number), 0) FROM ruleset_revision r WHERE r.ruleset_id = ruleset.id)") \
    F(created_at, TIME, FIELD_READ, NULL, 0, NULL)                                                   \
    F(etag, INT, FIELD_HIDDEN, NULL, 0, NULL)

#define RULESET_REVISION_FIELDS(F)                                               \
    F(id, ID, FIELD_HIDDEN, NULL, 0, NULL)                                       \
    F(ruleset_id, ID, FIELD_HIDDEN, NULL, 0, NULL)                               \
    F(ruleset, TEXT, FIELD_JOINED, NULL, 0,                                      \
      "(SELECT s.slug FROM ruleset s WHERE s.id = ruleset_revision.ruleset_id)") \
    F(number, INT, FIELD_READ, NULL, 0, NULL)                                    \
    F(sha256, TEXT, FIELD_READ, NULL, 64, NULL)                                  \
    F(text, TEXT, FIELD_HIDDEN, NULL, 0, NULL)                                   \
    F(created_by, TEXT, FIELD_READ, NULL, 63, NULL)                              \
    F(created_at, TIME, FIELD_READ, NULL, 0, NULL)

/* One row of the publish gate's table: the first that matches decides. team and tag narrow it. */
#define GATE_RULE_FIELDS(F)                                   \
    F(id, ID, FIELD_READ, NULL, 0, NULL)                      \
    F(position, INT, FIELD_NEED, NULL, 10000, NULL)           \
    F(team, TEXT, FIELD_SET | FIELD_SLUG, NULL, 63, NULL)     \
    F(tag, TEXT, FIELD_SET, NULL, 63, NULL)                   \
    F(condition, ENUM, FIELD_NEED, &names_condition, 0, NULL) \
    F(argument, TEXT, FIELD_SET, NULL, 120, NULL)             \
    F(action, ENUM, FIELD_NEED, &names_gate_action, 0, NULL)  \
    F(note, TEXT, FIELD_SET, NULL, 240, NULL)                 \
    F(etag, INT, FIELD_HIDDEN, NULL, 0, NULL)

/* Takes findings of that code out of the gate's judgement, for a time: in one version or all of the
 * API, at one pointer or anywhere. */
#define WAIVER_FIELDS(F)                                                                         \
    F(id, ID, FIELD_READ, NULL, 0, NULL)                                                         \
    F(api_id, ID, FIELD_HIDDEN, NULL, 0, NULL)                                                   \
    F(api, TEXT, FIELD_JOINED, NULL, 0, "(SELECT a.slug FROM api a WHERE a.id = waiver.api_id)") \
    F(version, TEXT, FIELD_CREATE | FIELD_LABEL, NULL, 32, NULL)                                 \
    F(code, TEXT, FIELD_CREATE | FIELD_REQUIRED, NULL, 120, NULL)                                \
    F(pointer, TEXT, FIELD_CREATE, NULL, 1000, NULL)                                             \
    F(reason, TEXT, FIELD_CREATE | FIELD_REQUIRED, NULL, 1000, NULL)                             \
    F(not_after, TIME, FIELD_CREATE | FIELD_REQUIRED, NULL, 0, NULL)                             \
    F(created_by, TEXT, FIELD_READ, NULL, 63, NULL)                                              \
    F(created_at, TIME, FIELD_READ, NULL, 0, NULL)                                               \
    F(revoked_by, TEXT, FIELD_READ, NULL, 63, NULL)                                              \
    F(revoked_at, TIME, FIELD_READ, NULL, 0, NULL)

/* Of one revision: other bytes need another review. */
#define REVIEW_FIELDS(F)                                                                             \
    F(id, ID, FIELD_READ, NULL, 0, NULL)                                                             \
    F(version_id, ID, FIELD_HIDDEN, NULL, 0, NULL)                                                   \
    F(revision_id, ID, FIELD_HIDDEN, NULL, 0, NULL)                                                  \
    F(api, TEXT, FIELD_JOINED, NULL, 0,                                                              \
      "(SELECT a.slug FROM version v JOIN api a ON a.id = v.api_id WHERE v.id = review.version_id)") \
    F(version, TEXT, FIELD_JOINED, NULL, 0,                                                          \
      "(SELECT v.label FROM version v WHERE v.id = review.version_id)")                              \
    F(revision, TEXT, FIELD_JOINED, NULL, 0,                                                         \
      "(SELECT r.sha256 FROM revision r WHERE r.id = review.revision_id)")                           \
    F(state, ENUM, FIELD_READ, &names_review_state, 0, NULL)                                         \
    F(note, TEXT, FIELD_CREATE, NULL, 1000, NULL)                                                    \
    F(requested_by, TEXT, FIELD_READ, NULL, 63, NULL)                                                \
    F(requested_at, TIME, FIELD_READ, NULL, 0, NULL)                                                 \
    F(decided_by, TEXT, FIELD_READ, NULL, 63, NULL)                                                  \
    F(decided_at, TIME, FIELD_READ, NULL, 0, NULL)                                                   \
    F(reason, TEXT, FIELD_READ, NULL, 1000, NULL)                                                    \
    F(etag, INT, FIELD_HIDDEN, NULL, 0, NULL)

#define GOVERNANCE_RECORDS(R)                                                          \
    R(assessment, "assessment", assessment, ASSESSMENT_FIELDS)                         \
    R(revision_finding, "revision finding", revision_finding, REVISION_FINDING_FIELDS) \
    R(revision_change, "revision change", revision_change, REVISION_CHANGE_FIELDS)     \
    R(ruleset, "ruleset", ruleset, RULESET_FIELDS)                                     \
    R(ruleset_revision, "ruleset revision", ruleset_revision, RULESET_REVISION_FIELDS) \
    R(gate_rule, "gate rule", gate_rule, GATE_RULE_FIELDS)                             \
    R(waiver, "waiver", waiver, WAIVER_FIELDS)                                         \
    R(review, "review", review, REVIEW_FIELDS)

#endif
