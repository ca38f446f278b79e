/* The field tables, made from the lists in model.h and governance.h. */
#include "catalog/model/model.h"

#define NAMES_TEXT(value, text) text,
#define NAMES_TABLE(variable, LIST)                                  \
    static const char *const variable##_text[] = {LIST(NAMES_TEXT)}; \
    const struct names names_##variable = {variable##_text, COUNT_OF(variable##_text)};

NAMES_TABLE(role, ROLE_NAMES)
NAMES_TABLE(member_role, MEMBER_ROLE_NAMES)
NAMES_TABLE(visibility, VISIBILITY_NAMES)
NAMES_TABLE(api_access, API_ACCESS_NAMES)
NAMES_TABLE(approval, APPROVAL_NAMES)
NAMES_TABLE(stage, STAGE_NAMES)
NAMES_TABLE(sub_state, SUB_STATE_NAMES)
NAMES_TABLE(quota_period, QUOTA_PERIOD_NAMES)
NAMES_TABLE(scope, SCOPE_NAMES)
NAMES_TABLE(found, FOUND_NAMES)
NAMES_TABLE(change_level, CHANGE_LEVEL_NAMES)
NAMES_TABLE(condition, CONDITION_NAMES)
NAMES_TABLE(gate_action, GATE_ACTION_NAMES)
NAMES_TABLE(review_state, REVIEW_STATE_NAMES)

const char *name_of(const struct names *names, int value)
{
    return value >= 0 && value < names->count ? names->name[value] : "";
}

int value_of(const struct names *names, struct str name)
{
    for (int i = 0; i < names->count; i++)
        if (str_eq(name, str_from(names->name[i])))
            return i;
    return -1;
}

/* RECORD names the struct of the table being made, because offsetof wants a type. */
#define FIELD_ROW(member, type, flags, names, most, sql) \
    {#member, FIELD_##type, (flags), offsetof(struct RECORD, member), names, most, sql},

#define RECORD user
static const struct field user_fields[] = {USER_FIELDS(FIELD_ROW)};
#undef RECORD
#define RECORD team
static const struct field team_fields[] = {TEAM_FIELDS(FIELD_ROW)};
#undef RECORD
#define RECORD member
static const struct field member_fields[] = {MEMBER_FIELDS(FIELD_ROW)};
#undef RECORD
#define RECORD api
static const struct field api_fields[] = {API_FIELDS(FIELD_ROW)};
#undef RECORD
#define RECORD version
static const struct field version_fields[] = {VERSION_FIELDS(FIELD_ROW)};
#undef RECORD
#define RECORD revision
static const struct field revision_fields[] = {REVISION_FIELDS(FIELD_ROW)};
#undef RECORD
#define RECORD revision_file
static const struct field revision_file_fields[] = {REVISION_FILE_FIELDS(FIELD_ROW)};
#undef RECORD
#define RECORD operation
static const struct field operation_fields[] = {OPERATION_FIELDS(FIELD_ROW)};
#undef RECORD
#define RECORD plan
static const struct field plan_fields[] = {PLAN_FIELDS(FIELD_ROW)};
#undef RECORD
#define RECORD app
static const struct field app_fields[] = {APP_FIELDS(FIELD_ROW)};
#undef RECORD
#define RECORD key
static const struct field key_fields[] = {KEY_FIELDS(FIELD_ROW)};
#undef RECORD
#define RECORD subscription
static const struct field subscription_fields[] = {SUBSCRIPTION_FIELDS(FIELD_ROW)};
#undef RECORD
#define RECORD group
static const struct field group_fields[] = {GROUP_FIELDS(FIELD_ROW)};
#undef RECORD
#define RECORD gateway
static const struct field gateway_fields[] = {GATEWAY_FIELDS(FIELD_ROW)};
#undef RECORD
#define RECORD deployment
static const struct field deployment_fields[] = {DEPLOYMENT_FIELDS(FIELD_ROW)};
#undef RECORD
#define RECORD event
static const struct field event_fields[] = {EVENT_FIELDS(FIELD_ROW)};
#undef RECORD
#define RECORD session
static const struct field session_fields[] = {SESSION_FIELDS(FIELD_ROW)};
#undef RECORD
#define RECORD token
static const struct field token_fields[] = {TOKEN_FIELDS(FIELD_ROW)};
#undef RECORD
#define RECORD assessment
static const struct field assessment_fields[] = {ASSESSMENT_FIELDS(FIELD_ROW)};
#undef RECORD
#define RECORD revision_finding
static const struct field revision_finding_fields[] = {REVISION_FINDING_FIELDS(FIELD_ROW)};
#undef RECORD
#define RECORD revision_change
static const struct field revision_change_fields[] = {REVISION_CHANGE_FIELDS(FIELD_ROW)};
#undef RECORD
#define RECORD ruleset
static const struct field ruleset_fields[] = {RULESET_FIELDS(FIELD_ROW)};
#undef RECORD
#define RECORD ruleset_revision
static const struct field ruleset_revision_fields[] = {RULESET_REVISION_FIELDS(FIELD_ROW)};
#undef RECORD
#define RECORD gate_rule
static const struct field gate_rule_fields[] = {GATE_RULE_FIELDS(FIELD_ROW)};
#undef RECORD
#define RECORD waiver
static const struct field waiver_fields[] = {WAIVER_FIELDS(FIELD_ROW)};
#undef RECORD
#define RECORD review
static const struct field review_fields[] = {REVIEW_FIELDS(FIELD_ROW)};
#undef RECORD

#define RECORD_TABLE(name, noun, table, FIELDS) \
    const struct record record_##name = {       \
        #name, noun, #table, sizeof(struct name), name##_fields, COUNT_OF(name##_fields)};
RECORDS(RECORD_TABLE)

const struct field *record_field(const struct record *record, struct str name)
{
    for (size_t i = 0; i < record->field_count; i++)
        if (str_eq(name, str_from(record->fields[i].name)))
            return &record->fields[i];
    return NULL;
}

/* --- lifecycle -------------------------------------------------------------------------------- */

#define TO(value) (1U << (value))

bool stage_may_follow(enum stage from, enum stage to)
{
    static const unsigned next[STAGE_COUNT] = {
        [STAGE_DRAFT] = TO(STAGE_PUBLISHED) | TO(STAGE_RETIRED),
        [STAGE_PUBLISHED] = TO(STAGE_DEPRECATED),
        [STAGE_DEPRECATED] = TO(STAGE_PUBLISHED) | TO(STAGE_RETIRED),
        [STAGE_RETIRED] = 0,
    };
    return (next[from] & TO(to)) != 0;
}

bool sub_state_may_follow(enum sub_state from, enum sub_state to)
{
    static const unsigned next[SUB_STATE_COUNT] = {
        [SUB_REQUESTED] = TO(SUB_APPROVED) | TO(SUB_REJECTED) | TO(SUB_WITHDRAWN),
        [SUB_APPROVED] = TO(SUB_SUSPENDED) | TO(SUB_REVOKED) | TO(SUB_EXPIRED),
        [SUB_SUSPENDED] = TO(SUB_APPROVED) | TO(SUB_REVOKED) | TO(SUB_EXPIRED),
        [SUB_EXPIRED] = 0,
        [SUB_REVOKED] = 0,
        [SUB_REJECTED] = 0,
        [SUB_WITHDRAWN] = 0,
    };
    return (next[from] & TO(to)) != 0;
}

/* --- principals ------------------------------------------------------------------------------- */

struct str principal_text(const struct principal *who, struct arena *mem)
{
    static const char *const ways[] = {
        [VIA_NOBODY] = "anonymous", [VIA_SESSION] = "session",   [VIA_UNIX] = "unix",
        [VIA_TOKEN] = "token",      [VIA_INTERNAL] = "internal",
    };
    return arena_printf(mem, STR_FMT " via %s%s" STR_FMT, STR_ARG(who->name), ways[who->via],
                        who->token.len ? " " : "", STR_ARG(who->token));
}
