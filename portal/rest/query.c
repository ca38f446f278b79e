/* Query parameters: each is known, given once, and well-formed; a typo never changes an answer. */
#include "portal/rest/operation.h"

#define LIMIT_MOST 500
#define NAMES_MOST 16

static const struct filter {
    const char *name;
    size_t offset;
    bool flag; /* true or false */
    const struct names *names;
} filters[] = {
#define TEXT(name)                                               \
    {                                                            \
#name, offsetof(struct catalog_query, name), false, NULL \
    }
#define FLAG(name)                                              \
    {                                                           \
#name, offsetof(struct catalog_query, name), true, NULL \
    }
    TEXT(q),
    TEXT(user),
    TEXT(team),
    TEXT(tag),
    TEXT(api),
    TEXT(version),
    TEXT(app),
    TEXT(plan),
    TEXT(group),
    TEXT(subject),
    TEXT(kind),
    TEXT(revision),
    TEXT(code),
    TEXT(ruleset),
    FLAG(mine),
    FLAG(awaiting),
    {"stage",    offsetof(struct catalog_query, stage),    false, &names_stage       },
    {"state",    offsetof(struct catalog_query, state),    false, &names_sub_state   },
    {"severity", offsetof(struct catalog_query, severity), false, &names_found       },
    {"level",    offsetof(struct catalog_query, level),    false, &names_change_level},
#undef TEXT
#undef FLAG
};

static const struct filter *filter_of(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(filters); i++)
        if (str_eq(name, str_from(filters[i].name)))
            return &filters[i];
    return NULL;
}

static bool set_filter(struct catalog_query *query, const struct filter *filter, struct str value,
                       struct err *err)
{
    void *at = (char *)query + filter->offset;
    if (filter->flag) {
        *(bool *)at = str_eq(value, STR("true"));
        return *(bool *)at || str_eq(value, STR("false")) ||
               fail(err, ERR_INVALID, filter->name, "is neither true nor false");
    }
    if (filter->names != NULL && value_of(filter->names, value) < 0)
        return fail(err, ERR_INVALID, filter->name, "\"" STR_FMT "\" is not known", STR_ARG(value));
    *(struct str *)at = value;
    return true;
}

static bool set_limit(struct catalog_query *query, struct str value, struct err *err)
{
    return (str_to_i64(value, &query->limit) && query->limit >= 1 && query->limit <= LIMIT_MOST) ||
           fail(err, ERR_INVALID, "limit", "is no number from 1 to %d", LIMIT_MOST);
}

/* The names an operation takes, as an array. */
static size_t known_names(const struct rest_operation *op, struct arena *mem, const char **out)
{
    struct str rest = str_from(op->names), name;
    size_t count = 0;
    while (count < NAMES_MOST - 2 && str_split(&rest, ' ', &name))
        out[count++] = str_z(mem, name);
    if (op->list != NULL) {
        out[count++] = "limit";
        out[count++] = "cursor";
    }
    return count;
}

static bool unknown(const struct http_pair *pair, const char *const *names, size_t count,
                    struct arena *mem, struct err *err)
{
    const char *near = nearest_name(pair->name, names, count);
    (void)fail(err, ERR_INVALID, str_z(mem, arena_join(mem, STR("query "), pair->name)),
               "is not a parameter of this operation");
    return near ? err_hint(err, "did you mean %s?", near) : false;
}

static bool read_pair(struct rest_call *call, const char *const *names, size_t count,
                      const struct http_pair *pair, struct err *err)
{
    bool known = false;
    for (size_t i = 0; i < count; i++)
        known = known || str_eq(pair->name, str_from(names[i]));
    if (!known)
        return unknown(pair, names, count, call->req->mem, err);
    if (call->op->list == NULL)
        return true;
    if (str_eq(pair->name, STR("limit")))
        return set_limit(&call->query, pair->value, err);
    if (str_eq(pair->name, STR("cursor"))) {
        call->query.cursor = pair->value;
        return true;
    }
    const struct filter *filter = filter_of(pair->name);
    assert(filter != NULL);
    return set_filter(&call->query, filter, pair->value, err);
}

static void read_path(struct rest_call *call)
{
    struct str rest = str_from(call->op->filters), name;
    for (size_t i = 0; i < call->req->arg_count && str_split(&rest, ' ', &name); i++) {
        const struct filter *filter = filter_of(name);
        assert(filter != NULL && !filter->flag);
        *(struct str *)(void *)((char *)&call->query + filter->offset) = call->req->args[i];
    }
}

bool rest_read_query(struct rest_call *call, struct err *err)
{
    const struct http_request *req = call->req;
    const char *names[NAMES_MOST];
    size_t count = known_names(call->op, req->mem, names);
    for (size_t i = 0; i < req->query_count; i++) {
        for (size_t k = 0; k < i; k++)
            if (str_eq(req->query[i].name, req->query[k].name))
                return fail(err, ERR_INVALID, str_z(req->mem, req->query[i].name),
                            "is given twice");
        if (!read_pair(call, names, count, &req->query[i], err))
            return false;
    }
    read_path(call);
    return true;
}
