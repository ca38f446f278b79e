/* ext_authz: the question Envoy asks before each request, and what of the answer goes where. */
#include "catalog/envoy/resource.h"

/* Without these three lists nothing passes; Envoy adds method, host and path by itself, and the
 * client's Authorization. */
static const char *const asked_with[] = {
    CREDENTIAL,
    "x-request-id",
    "origin",
    "access-control-request-method",
};
static const char *const to_upstream[] = {CONSUMER, "x-plan", OPERATION};
static const char *const to_refused_client[] = {
    "www-authenticate", "retry-after",      "allow",        "content-type",
    "ratelimit",        "ratelimit-policy", "x-request-id",
};
static const char *const to_allowed_client[] = {"ratelimit", "ratelimit-policy"};
/* Of refusals alone: what an allowed call is, its own headers say, and metadata costs a proxy more
 * than any other part of an answer. */
static const char *const to_metadata[] = {REFUSED_CONSUMER, REFUSED_OPERATION, REFUSED_REASON};

static void put_answer(struct json_writer *w)
{
    envoy_object(w, "authorization_response");
    envoy_put_exact(w, "allowed_client_headers", to_refused_client, COUNT_OF(to_refused_client));
    envoy_put_exact(w, "allowed_client_headers_on_success", to_allowed_client,
                    COUNT_OF(to_allowed_client));
    envoy_put_exact(w, "allowed_upstream_headers", to_upstream, COUNT_OF(to_upstream));
    envoy_put_exact(w, "dynamic_metadata_from_headers", to_metadata, COUNT_OF(to_metadata));
    json_close_object(w);
}

#define TIMEOUT "1s"

/* A check has no body and its answer no effect but one token of a limit, so a connection that the
 * other side has just closed costs a second try, not a refusal. Envoy 1.40 takes max_interval for
 * the time that one try may take, too: anything below the timeout would refuse calls whenever the
 * checker has to wait for a processor. */
static void put_retry(struct json_writer *w)
{
    envoy_object(w, "retry_policy");
    json_key_i64(w, "num_retries", 1);
    envoy_object(w, "retry_back_off");
    json_key_str(w, "base_interval", STR("0.005s"));
    json_key_str(w, "max_interval", STR(TIMEOUT));
    json_close_object(w);
    json_key_str(w, "retry_on", STR("connect-failure,refused-stream,reset"));
    json_close_object(w);
}

/* Which deployment is asked about. It is no header of the call, so a client cannot say it and the
 * upstream does not see it. */
static void put_question(struct json_writer *w)
{
    envoy_object(w, "authorization_request");
    envoy_array(w, "headers_to_add");
    json_open_object(w);
    json_key_str(w, "key", STR(DEPLOYMENT_HEADER));
    json_key_str(w, "value", STR(ENVOY_OF_ROUTE("deployment")));
    json_close_object(w);
    json_close_array(w);
    json_close_object(w);
}

/* A service of its own for each route would name the deployment in its path, but Envoy 1.40 makes
 * such a client, with all its matchers, anew for each request: a third of what a check costs. So
 * there is one for all, whose path names no deployment, and a header says which. */
static void put_service(struct json_writer *w)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    envoy_object(w, "http_service");
    put_question(w);
    put_answer(w);
    json_key_str(w, "path_prefix", arena_join(&mem, STR("/check/"), id_format(&mem, 0)));
    put_retry(w);
    envoy_object(w, "server_uri");
    json_key_str(w, "cluster", STR(CHECK_CLUSTER));
    json_key_str(w, "timeout", STR(TIMEOUT));
    json_key_str(w, "uri", STR("http://" CHECK_CLUSTER));
    json_close_object(w);
    json_close_object(w);
}

void envoy_put_check_filter(struct json_writer *w)
{
    envoy_open_extension(w, EXT_AUTHZ, ENVOY_TYPE("extensions.filters.http.ext_authz.v3.ExtAuthz"));
    envoy_put_exact(w, "allowed_headers", asked_with, COUNT_OF(asked_with));
    json_key_bool(w, "failure_mode_allow", false);
    put_service(w);
    envoy_object(w, "status_on_error");
    json_key_str(w, "code", STR("ServiceUnavailable"));
    json_close_object(w);
    envoy_close_extension(w);
}

void envoy_put_route_unchecked(struct json_writer *w)
{
    envoy_object(w, "typed_per_filter_config");
    envoy_object(w, EXT_AUTHZ);
    json_key_str(w, "@type",
                 STR(ENVOY_TYPE("extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute")));
    json_key_bool(w, "disabled", true);
    json_close_object(w);
    json_close_object(w);
}
