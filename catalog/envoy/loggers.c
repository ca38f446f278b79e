/* What a gateway writes down about each request: figures by its statistics, lines by choice. */
#include "catalog/envoy/resource.h"

/* What the check said of a refused call, and what it said of any. */
#define OF_REFUSAL(key) "%DYNAMIC_METADATA(" EXT_AUTHZ ":" key ")%"
#define OF_CHECK(header, key)                                            \
    "%COALESCE({\"operators\":[{\"command\":\"REQ\",\"param\":\"" header \
    "\"},{\"command\":\"DYNAMIC_METADATA\",\"param\":\"" EXT_AUTHZ ":" key "\"}]})%"
#define OF_CONSUMER  OF_CHECK(CONSUMER, REFUSED_CONSUMER)
#define OF_OPERATION OF_CHECK(OPERATION, REFUSED_OPERATION)
#define OF_REASON    OF_REFUSAL(REFUSED_REASON)

struct field {
    const char *name, *format;
};

/* The first three also tell histograms apart. reason is a deny code for what the checker refused;
 * empty with an operation for what it allowed, without one where it was not asked or did not answer
 * (stats.c tells the two apart). */
#define HISTOGRAM_TAGS 3
static const struct field tags[] = {
    {"api",      ENVOY_OF_ROUTE("api")    },
    {"version",  ENVOY_OF_ROUTE("version")},
    {"op",       OF_OPERATION             },
    {"consumer", OF_CONSUMER              },
    {"reason",   OF_REASON                },
    {"status",   "%RESPONSE_CODE%"        },
};

/* No header but the request id, no query: neither keys nor what people ask for belong in a log. */
static const struct field line[] = {
    {"api",        ENVOY_OF_ROUTE("api")    },
    {"consumer",   OF_CONSUMER              },
    {"flags",      "%RESPONSE_FLAGS%"       },
    {"method",     "%REQ(:METHOD)%"         },
    {"ms",         "%DURATION%"             },
    {"op",         OF_OPERATION             },
    {"path",       "%PATH(NQ:ORIG_OR_PATH)%"},
    {"reason",     OF_REASON                },
    {"request_id", "%REQ(X-REQUEST-ID)%"    },
    {"status",     "%RESPONSE_CODE%"        },
    {"time",       "%START_TIME%"           },
    {"version",    ENVOY_OF_ROUTE("version")},
};

/* Two digits each, as finer bounds are lost in Envoy's histograms. */
static const uint32_t bounds_ms[] = {
    1,    2,    3,    4,    5,    6,    8,    10,   12,   15,    20,    25,    30,    40,
    50,   65,   80,   100,  120,  150,  200,  250,  300,  400,   500,   650,   800,   1000,
    1200, 1500, 2000, 2500, 3000, 4000, 5000, 6500, 8000, 10000, 15000, 20000, 30000, 60000,
};

static void put_stat(struct json_writer *w, const char *name, size_t tag_count)
{
    envoy_object(w, "stat");
    json_key_str(w, "name", str_from(name));
    envoy_array(w, "tags");
    for (size_t i = 0; i < tag_count; i++) {
        json_open_object(w);
        json_key_str(w, "name", str_from(tags[i].name));
        json_key_str(w, "value_format", str_from(tags[i].format));
        json_close_object(w);
    }
    json_close_array(w);
    json_close_object(w);
}

/* Past these numbers Envoy drops new series: a bound on memory, far above any use. */
static void put_scope(struct json_writer *w)
{
    envoy_object(w, "stats_scope");
    json_key_i64(w, "max_counters", 200000);
    json_key_i64(w, "max_histograms", 20000);
    json_key_str(w, "prefix", STR(STATS_SCOPE));
    json_close_object(w);
}

static void put_figures(struct json_writer *w)
{
    envoy_open_extension(w, "figures", ENVOY_TYPE("extensions.access_loggers.stats.v3.Config"));
    envoy_array(w, "counters");
    json_open_object(w);
    put_stat(w, STATS_REQUESTS, COUNT_OF(tags));
    json_key_i64(w, "value_fixed", 1);
    json_close_object(w);
    json_close_array(w);
    envoy_array(w, "histograms");
    json_open_object(w);
    put_stat(w, STATS_DURATION, HISTOGRAM_TAGS);
    json_key_str(w, "unit", STR("Milliseconds"));
    json_key_str(w, "value_format", STR("%DURATION%"));
    json_close_object(w);
    json_close_array(w);
    put_scope(w);
    envoy_close_extension(w);
}

static void put_request_log(struct json_writer *w)
{
    envoy_open_extension(w, "requests",
                         ENVOY_TYPE("extensions.access_loggers.file.v3.FileAccessLog"));
    envoy_object(w, "log_format");
    envoy_object(w, "json_format");
    for (size_t i = 0; i < COUNT_OF(line); i++)
        json_key_str(w, line[i].name, str_from(line[i].format));
    json_close_object(w);
    json_close_object(w);
    json_key_str(w, "path", STR("/dev/stdout"));
    envoy_close_extension(w);
}

void envoy_put_loggers(struct json_writer *w, const struct envoy_gateway *gateway)
{
    envoy_array(w, "access_log");
    put_figures(w);
    if (gateway->request_log)
        put_request_log(w);
    json_close_array(w);
}

void envoy_put_stats_config(struct json_writer *w)
{
    envoy_object(w, "stats_config");
    envoy_array(w, "histogram_bucket_settings");
    json_open_object(w);
    envoy_array(w, "buckets");
    for (size_t i = 0; i < COUNT_OF(bounds_ms); i++)
        json_put_i64(w, bounds_ms[i]);
    json_close_array(w);
    envoy_object(w, "match");
    json_key_str(w, "prefix", STR(STATS_SCOPE "." STATS_DURATION));
    json_close_object(w);
    json_close_object(w);
    json_close_array(w);
    json_close_object(w);
}
