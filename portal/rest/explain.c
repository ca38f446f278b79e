/* POST /v1/explain: the decision on a call that is not made. */
#include "portal/rest/operation.h"

#define DEPLOYMENTS_MOST 500

static struct str member(const struct rest_call *call, const char *name)
{
    return json_get_str(call->body, name);
}

static bool check_ask(const struct rest_call *call, struct err *err)
{
    static const char *const needed[] = {"api", "version", "method", "path"};
    for (size_t i = 0; i < COUNT_OF(needed); i++)
        if (member(call, needed[i]).len == 0)
            return fail(err, ERR_INVALID, arena_printf(call->req->mem, "/%s", needed[i]).ptr,
                        "is required");
    if (member(call, "path").ptr[0] != '/')
        return fail(err, ERR_INVALID, "/path", "does not begin with a slash");
    if (member(call, "key").ptr != NULL && member(call, "app").ptr != NULL)
        return fail(err, ERR_INVALID, "/app", "give a key or an app, not both");
    return true;
}

/* Who may see neither the version nor the app learns nothing about them. */
static bool may_ask(const struct rest_call *call, struct err *err)
{
    const struct http_request *req = call->req;
    const struct str version_args[] = {member(call, "api"), member(call, "version")};
    const struct str app_args[] = {member(call, "app")};
    struct version version = {0};
    struct app app = {0};
    return catalog_version(VIEW(req), PRINCIPAL(req), version_args, req->mem, &version, err) &&
           (app_args[0].ptr == NULL ||
            catalog_app(VIEW(req), PRINCIPAL(req), app_args, req->mem, &app, err));
}

/* The first deployment of the version, or of the version in that group; zeroed when there is none.
 * Read as the daemon: what a decision says about a deployment, any call would find out. */
static bool find_deployment(const struct rest_call *call, struct deployment *out, struct err *err)
{
    const struct catalog_query query = {.api = member(call, "api"),
                                        .version = member(call, "version"),
                                        .group = member(call, "group"),
                                        .limit = DEPLOYMENTS_MOST};
    struct catalog_list list = {0};
    if (!catalog_deployments(VIEW(call->req), &principal_internal, &query, call->req->mem, &list,
                             err))
        return false;
    if (list.count > 0)
        *out = *(const struct deployment *)list.rows;
    return true;
}

static struct str client_path(const struct rest_call *call, const struct deployment *deployment)
{
    struct str base = deployment->base_path;
    if (str_ends(base, STR("/")))
        base = str_sub(base, 0, base.len - 1);
    return arena_join(call->req->mem, base, member(call, "path"));
}

static void write_id(struct json_writer *w, const char *name, int64_t id, struct arena *mem)
{
    json_key_str(w, name, id ? id_format(mem, id) : STR_NONE);
}

static void write_text(struct json_writer *w, const char *name, struct str text)
{
    json_key_str(w, name, text.len ? text : STR_NONE);
}

static void write_decision(struct rest_call *call, const struct deployment *deployment,
                           const struct decision *d)
{
    struct arena *mem = call->req->mem;
    struct json_writer w = rest_json(call->res);
    json_open_object(&w);
    json_key_bool(&w, "allowed", d->code == DENY_NONE);
    json_key_i64(&w, "status", deny_status(d->code));
    json_key_str(&w, "code", str_from(deny_name(d->code)));
    json_key_str(&w, "sentence",
                 deployment->id
                     ? str_from(deny_sentence(d->code))
                     : STR("the version is deployed to no such group, so no proxy serves it"));
    json_key_str(&w, "remedy",
                 deployment->id ? str_from(deny_remedy(d->code)) : STR("deploy it first"));
    write_id(&w, "deployment", deployment->id, mem);
    write_text(&w, "app", d->app);
    write_text(&w, "plan", d->plan);
    write_text(&w, "operation", d->operation);
    write_id(&w, "subscription", d->subscription, mem);
    write_text(&w, "allow", d->allow);
    json_close_object(&w);
}

bool rest_explain(struct rest_call *call, struct err *err)
{
    struct http_request *req = call->req;
    struct deployment deployment = {0};
    struct decision decision = {0};
    if (!check_ask(call, err) || !may_ask(call, err) || !find_deployment(call, &deployment, err))
        return false;
    const struct check_request ask = {
        .deployment = deployment.id,
        .method = member(call, "method"),
        .path = client_path(call, &deployment),
        .key = member(call, "key"),
        .app = member(call, "app"),
        .dry_run = true,
    };
    /* The decision's texts are the image's: it is kept until they are written. */
    struct image_reader *reader = image_reader_open(APP(req)->catalog);
    decide(image_get(reader), NULL, &ask, 0, req->now_ms, &decision);
    write_decision(call, &deployment, &decision);
    image_reader_close(reader);
    return true;
}
