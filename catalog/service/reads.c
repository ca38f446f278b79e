/* The lists and single rows of every noun; who sees what is part of their statements. */
#include "catalog/service/internal.h"

/* --- the lists -------------------------------------------------------------------------------- */

#define LIST(function, page, count, row, key, ...)                                           \
    bool function(struct view *v, const struct principal *by, const struct catalog_query *q, \
                  struct arena *mem, struct catalog_list *out, struct err *err)              \
    {                                                                                        \
        static const struct list_kind kind = {page, count, &record_##row, key};              \
        return list_page(v, &kind, by, ARGS(__VA_ARGS__), q, mem, out, err);                 \
    }

/* "pet st" becomes "pet"* "st"*: all words, by their beginnings, nothing of FTS5's own language. */
static struct arg words_arg(struct str q, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf out = {.limit_bytes = 4096};
    bool inside = false;
    for (size_t i = 0; i < q.len; i++) {
        unsigned char c = (unsigned char)q.ptr[i];
        bool word =
            (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
        if (word && !inside)
            buf_add_char(&out, '"');
        if (word)
            buf_add_char(&out, (char)c);
        if (!word && inside)
            buf_add(&out, STR("\"* "));
        inside = word;
    }
    if (inside)
        buf_add(&out, STR("\"*"));
    if (out.failed)
        return arg_text(STR("\"-\"")); /* no words at all: nothing is found */
    return out.len ? arg_text(arena_str(mem, buf_str(&out))) : (struct arg){0};
}

static struct arg id_arg(struct str text)
{
    int64_t id = 0;
    return id_parse(text, &id) ? arg_i64(id) : (struct arg){0};
}

LIST(catalog_users, STMT_USERS, STMT_USERS_COUNT, user, "name", {0})
LIST(catalog_teams, STMT_TEAMS, STMT_TEAMS_COUNT, team, "slug", arg_text(q->q), arg_i64(q->mine))
LIST(catalog_members, STMT_MEMBERS, STMT_MEMBERS_COUNT, member, "id", arg_text(q->team))
LIST(catalog_apis, STMT_APIS, STMT_APIS_COUNT, api, "slug", words_arg(q->q, mem), arg_text(q->team),
     arg_text(q->tag), arg_text(q->stage))
LIST(catalog_revisions, STMT_REVISIONS, STMT_REVISIONS_COUNT, revision, "id", arg_text(q->api),
     arg_text(q->version))
LIST(catalog_publications, STMT_PUBLICATIONS, STMT_PUBLICATIONS_COUNT, revision, "published_at",
     arg_text(q->api), arg_text(q->version))
LIST(catalog_operations, STMT_OPERATIONS, STMT_OPERATIONS_COUNT, operation, "position",
     arg_text(q->api), arg_text(q->version), arg_text(q->q), arg_text(q->tag))
LIST(catalog_apps, STMT_APPS, STMT_APPS_COUNT, app, "slug", arg_text(q->q), arg_text(q->team),
     arg_i64(q->mine))
LIST(catalog_keys, STMT_KEYS, STMT_KEYS_COUNT, key, "id", arg_text(q->app))
LIST(catalog_groups, STMT_GROUPS, STMT_GROUPS_COUNT, group, "slug", {0})
LIST(catalog_gateways, STMT_GATEWAYS, STMT_GATEWAYS_COUNT, gateway, "slug", arg_text(q->group))
LIST(catalog_events, STMT_EVENTS, STMT_EVENTS_COUNT, event, "seq", arg_text(q->subject),
     arg_text(q->kind), arg_text(q->api), id_arg(q->subject))

LIST(catalog_assessments, STMT_ASSESSMENTS, STMT_ASSESSMENTS_COUNT, assessment, "revision_id",
     arg_text(q->api), arg_text(q->version), arg_text(q->revision))
LIST(catalog_findings, STMT_FINDINGS, STMT_FINDINGS_COUNT, revision_finding, "position",
     arg_text(q->api), arg_text(q->version), arg_text(q->revision), arg_text(q->severity),
     arg_text(q->code))
LIST(catalog_revision_changes, STMT_CHANGES, STMT_CHANGES_COUNT, revision_change, "position",
     arg_text(q->api), arg_text(q->version), arg_text(q->revision), arg_text(q->level))
LIST(catalog_rulesets, STMT_RULESETS, STMT_RULESETS_COUNT, ruleset, "slug", {0})
LIST(catalog_ruleset_revisions, STMT_RULESET_REVISIONS, STMT_RULESET_REVISIONS_COUNT,
     ruleset_revision, "number", arg_text(q->ruleset))
LIST(catalog_gate_rules, STMT_GATE_RULES, STMT_GATE_RULES_COUNT, gate_rule, "position", {0})
LIST(catalog_waivers, STMT_WAIVERS, STMT_WAIVERS_COUNT, waiver, "id", arg_text(q->api),
     arg_text(q->version))
LIST(catalog_reviews, STMT_REVIEWS, STMT_REVIEWS_COUNT, review, "id", arg_text(q->api),
     arg_text(q->version), arg_i64(q->awaiting))

/* --- lists that show less to some, or something made by the clock -------------------------------
 */

/* clang-format off */
static LIST(list_versions, STMT_VERSIONS, STMT_VERSIONS_COUNT, version, "id", arg_text(q->api))
static LIST(list_subscriptions, STMT_SUBS, STMT_SUBS_COUNT, subscription, "id", arg_text(q->api),
            arg_text(q->app), arg_text(q->state), arg_i64(q->mine), arg_i64(q->awaiting),
            arg_i64(clock_now_ms(v->catalog->config.clock)))
static LIST(list_plans, STMT_PLANS, STMT_PLANS_COUNT, plan, "slug", arg_text(q->api))
static LIST(list_deployments, STMT_DEPLOYMENTS, STMT_DEPLOYMENTS_COUNT, deployment, "id",
            arg_text(q->api), arg_text(q->version), arg_text(q->group))
    /* clang-format on */

    /* What is done to each row before it leaves. */
    typedef bool finish_fn(struct view *v, const struct principal *by, struct arena *mem, void *row,
                           struct err *err);

static bool finish_subscription(struct view *v, const struct principal *by, struct arena *mem,
                                void *row, struct err *err)
{
    UNUSED(by);
    UNUSED(mem);
    UNUSED(err);
    let_expire(row, clock_now_ms(v->catalog->config.clock));
    return true;
}

/* A plan names only the APIs that the reader sees. */
static bool finish_plan(struct view *v, const struct principal *by, struct arena *mem, void *row,
                        struct err *err)
{
    struct plan *plan = row;
    return sees_all(by) || store_bytes(v->store, STMT_PLAN_APIS_SEEN,
                                       ARGS(VIEWER(by), arg_i64(plan->id)), mem, &plan->apis, err);
}

/* Addresses inside the house are for those who deploy. */
static bool finish_deployment(struct view *v, const struct principal *by, struct arena *mem,
                              void *row, struct err *err)
{
    struct deployment *d = row;
    int64_t team_id = 0;
    UNUSED(mem);
    if (!store_number(v->store, STMT_API_TEAM, ARGS(arg_text(d->api)), 0, &team_id, err))
        return false;
    if (!catalog_may(v, by, ACTION_UPSTREAM_READ, team_id))
        d->upstream = STR_NONE;
    return true;
}

/* What does not serve anybody yet is the authors' affair. */
static bool finish_version(struct view *v, const struct principal *by, struct arena *mem, void *row,
                           struct err *err)
{
    struct version *version = row;
    int64_t team_id = 0;
    UNUSED(mem);
    if (version->candidate_id == 0)
        return true;
    if (!store_number(v->store, STMT_API_TEAM, ARGS(arg_text(version->api)), 0, &team_id, err))
        return false;
    if (!catalog_may(v, by, ACTION_GATE_READ, team_id)) {
        version->candidate_id = 0;
        version->candidate = STR_NONE;
    }
    return true;
}

static bool finish_list(struct view *v, const struct principal *by, size_t size, finish_fn *finish,
                        struct arena *mem, struct catalog_list *out, struct err *err)
{
    char *rows = arena_alloc_array(mem, size, out->count);
    if (out->count > 0)
        memcpy(rows, out->rows, out->count * size);
    for (size_t i = 0; i < out->count; i++)
        if (!finish(v, by, mem, rows + i * size, err))
            return false;
    out->rows = rows;
    return true;
}

#define FINISHED_LIST(function, list, row, finish)                                           \
    bool function(struct view *v, const struct principal *by, const struct catalog_query *q, \
                  struct arena *mem, struct catalog_list *out, struct err *err)              \
    {                                                                                        \
        struct catalog_list made = {0};                                                      \
        if (!list(v, by, q, mem, &made, err) ||                                              \
            !finish_list(v, by, sizeof(struct row), finish, mem, &made, err))                \
            return false;                                                                    \
        *out = made;                                                                         \
        return true;                                                                         \
    }

FINISHED_LIST(catalog_versions, list_versions, version, finish_version)
FINISHED_LIST(catalog_subscriptions, list_subscriptions, subscription, finish_subscription)
FINISHED_LIST(catalog_plans, list_plans, plan, finish_plan)
FINISHED_LIST(catalog_deployments, list_deployments, deployment, finish_deployment)

/* --- single rows ------------------------------------------------------------------------------ */

#define GET(function, statement, row, ...)                                                       \
    bool function(struct view *v, const struct principal *by, const struct str *args,            \
                  struct arena *mem, void *out, struct err *err)                                 \
    {                                                                                            \
        return store_one(v->store, statement, &record_##row, ARGS(VIEWER(by), __VA_ARGS__), mem, \
                         out, err);                                                              \
    }
#define UNUSED_ARG ((struct arg){0})

GET(catalog_user, STMT_USER, user, arg_text(args[0]))
GET(catalog_team, STMT_TEAM, team, arg_text(args[0]))
GET(catalog_api, STMT_API, api, arg_text(args[0]))
GET(catalog_revision, STMT_REVISION, revision, arg_text(args[0]), arg_text(args[1]))
GET(catalog_operation, STMT_OPERATION, operation, arg_text(args[0]), arg_text(args[1]), UNUSED_ARG,
    UNUSED_ARG, id_arg(args[2]))
GET(catalog_app, STMT_APP, app, arg_text(args[0]))
GET(catalog_group, STMT_GROUP, group, arg_text(args[0]))
GET(catalog_gateway, STMT_GATEWAY, gateway, arg_text(args[0]))

GET(catalog_assessment, STMT_ASSESSMENT, assessment, arg_text(args[0]), arg_text(args[1]),
    UNUSED_ARG)
GET(catalog_ruleset, STMT_RULESET, ruleset, arg_text(args[0]))
GET(catalog_gate_rule, STMT_GATE_RULE, gate_rule, id_arg(args[0]))
GET(catalog_waiver, STMT_WAIVER, waiver, UNUSED_ARG, UNUSED_ARG, id_arg(args[0]))
GET(catalog_review, STMT_REVIEW, review, UNUSED_ARG, UNUSED_ARG, arg_i64(0), id_arg(args[0]))

#define FINISHED_GET(function, statement, row, finish, ...)                                    \
    bool function(struct view *v, const struct principal *by, const struct str *args,          \
                  struct arena *mem, void *out, struct err *err)                               \
    {                                                                                          \
        struct row found = {0};                                                                \
        if (!store_one(v->store, statement, &record_##row, ARGS(VIEWER(by), __VA_ARGS__), mem, \
                       &found, err) ||                                                         \
            !finish(v, by, mem, &found, err))                                                  \
            return false;                                                                      \
        *(struct row *)out = found;                                                            \
        return true;                                                                           \
    }

FINISHED_GET(catalog_version, STMT_VERSION, version, finish_version, arg_text(args[0]),
             arg_text(args[1]))
FINISHED_GET(catalog_subscription, STMT_SUB, subscription, finish_subscription, id_arg(args[0]))
FINISHED_GET(catalog_plan, STMT_PLAN, plan, finish_plan, UNUSED_ARG, arg_text(args[0]))
FINISHED_GET(catalog_deployment, STMT_DEPLOYMENT, deployment, finish_deployment, UNUSED_ARG,
             UNUSED_ARG, UNUSED_ARG, id_arg(args[0]))

/* --- tags ------------------------------------------------------------------------------------- */

struct tag_list {
    struct arena *mem;
    VEC(struct tag_count) tags;
};

static bool add_tag(void *context, const struct arg *columns, struct err *err)
{
    struct tag_list *list = context;
    UNUSED(err);
    vec_push(&list->tags, list->mem,
             (struct tag_count){arena_str(list->mem, columns[0].text), columns[1].i64});
    return true;
}

bool catalog_tags(struct view *v, const struct principal *by, struct arena *mem,
                  const struct tag_count **out, size_t *count, struct err *err)
{
    struct tag_list list = {.mem = mem};
    if (!store_each(v->store, STMT_API_TAGS, ARGS(VIEWER(by)), add_tag, &list, err))
        return false;
    *out = list.tags.ptr;
    *count = list.tags.len;
    return true;
}
