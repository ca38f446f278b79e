/* Envoy's own answers as problem+json (RFC 9457), with codes like the checker's. */
#include "catalog/envoy/resource.h"

/* First hit wins. Texts are ours: Envoy's details name addresses and configuration. */
static const struct reply {
    const char *when; /* an expression over the response; NULL: always */
    const char *code, *title, *detail;
} replies[] = {
    {"response.code_details == 'ext_authz_denied'",  NULL,                   NULL,                       NULL                                     }, /* the checker's own words */
    {"response.code_details == 'ext_authz_error'",   "check_unavailable",    "Access cannot be checked",
     "the access check did not answer, so the call is refused; try again in a moment"                                                             },
    {"response.code == 404",                         "route_unknown",        "Not found",
     "no API is served at this address; compare it with the API's page"                                                                           },
    {"response.code == 400",                         "request_invalid",      "Bad request",
     "the request line, a header or the path is malformed or not accepted"                                                                        },
    {"response.code == 408",                         "request_timeout",      "Request timeout",
     "the request did not arrive completely in time"                                                                                              },
    {"response.code == 413",                         "body_too_large",       "Content too large",
     "the request body is too large"                                                                                                              },
    {"response.code == 431",                         "headers_too_large",    "Header fields too large",
     "the request's headers are too large"                                                                                                        },
    {"response.code == 504",                         "upstream_timeout",     "Gateway timeout",
     "the API's server did not answer in time"                                                                                                    },
    {"response.code == 502 || response.code == 503", "upstream_unavailable", "Service unavailable",
     "the API's server cannot be reached or broke off its answer"                                                                                 },
    {NULL,                                           "gateway_refused",      "Refused by the gateway",   "the gateway could not serve the request"},
};

static void put_problem(struct json_writer *w, const char *key, const struct reply *reply)
{
    envoy_object(w, key);
    json_key_str(w, "content_type", STR("application/problem+json"));
    envoy_object(w, "json_format");
    json_key_str(w, "code", str_from(reply->code));
    json_key_str(w, "detail", str_from(reply->detail));
    json_key_str(w, "request_id", STR("%REQ(X-REQUEST-ID)%"));
    json_key_str(w, "status", STR("%RESPONSE_CODE%"));
    json_key_str(w, "title", str_from(reply->title));
    json_key_str(w, "type", STR("about:blank"));
    json_close_object(w);
    json_close_object(w);
}

static void put_as_it_is(struct json_writer *w, const char *key)
{
    envoy_object(w, key);
    envoy_object(w, "text_format_source");
    json_key_str(w, "inline_string", STR("%LOCAL_REPLY_BODY%"));
    json_close_object(w);
    json_close_object(w);
}

static void put_mapper(struct json_writer *w, const struct reply *reply)
{
    json_open_object(w);
    if (reply->code != NULL)
        put_problem(w, "body_format_override", reply);
    else
        put_as_it_is(w, "body_format_override");
    envoy_object(w, "filter");
    json_key(w, STR("extension_filter"));
    envoy_open_extension(w, "envoy.access_loggers.extension_filters.cel",
                         ENVOY_TYPE("extensions.access_loggers.filters.cel.v3.ExpressionFilter"));
    json_key_str(w, "expression", str_from(reply->when));
    envoy_close_extension(w);
    json_close_object(w);
    json_close_object(w);
}

void envoy_put_local_replies(struct json_writer *w)
{
    const size_t last = COUNT_OF(replies) - 1;
    envoy_object(w, "local_reply_config");
    put_problem(w, "body_format", &replies[last]);
    envoy_array(w, "mappers");
    for (size_t i = 0; i < last; i++)
        put_mapper(w, &replies[i]);
    json_close_array(w);
    json_close_object(w);
}
