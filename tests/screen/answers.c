/* What the canned server says. */
#include "tests/screen/fixture.h"

#define API(slug, team, stage, ops, subs)                             \
    "{\"slug\":\"" slug "\",\"team\":\"" team "\",\"stage\":\"" stage \
    "\",\"operation_count\":" ops ",\"subscription_count\":" subs     \
    ",\"visibility\":\"internal\",\"approval\":\"manual\",\"summary\":\"All about " slug "\"}"
#define NUMBERS(rps, r4, r5, calls, p50, p95, p99, reasons)                                        \
    "\"rps\":" rps ",\"rps_4xx\":" r4 ",\"rps_5xx\":" r5 ",\"requests\":" calls ",\"p50_ms\":" p50 \
    ",\"p95_ms\":" p95 ",\"p99_ms\":" p99 ",\"reasons\":[" reasons "]}"
#define OK_REASON(count)     "{\"reason\":\"ok\",\"status\":200,\"count\":" count "}"
#define DENIED_REASON(count) "{\"reason\":\"not_subscribed\",\"status\":403,\"count\":" count "}"
#define REQUEST(id, app, state, at)                                                      \
    "{\"id\":\"" id "\",\"app\":\"" app "\",\"api\":\"parcels\",\"plan\":\"standard\","  \
    "\"team\":\"web\",\"state\":\"" state "\",\"purpose\":\"show parcels in the shop\"," \
    "\"requested_by\":\"alice\",\"requested_at\":\"" at "\"}"
#define LIST(items) "{\"items\":[" items "],\"next\":null}"
#define FIRST_ID    "01abcdefgh001"

static const char me[] = "{\"name\":\"local-admin\",\"portal_url\":\"https://apis.example.com\"}";
static const char apis[] = LIST(API("invoices", "finance", "published", "5", "1") "," API(
    "parcels", "logistics", "published", "7", "2") "," API("rooms", "workplace", "draft", "4",
                                                           "0"));
static const char deployments[] =
    LIST("{\"api\":\"parcels\",\"version\":\"v1\",\"group\":\"edge\",\"base_path\":\"/parcels\","
         "\"upstream\":\"http://parcels:8080\",\"timeout_ms\":15000,"
         "\"created_at\":\"2026-11-01T00:00:00.000Z\"},"
         "{\"api\":\"invoices\",\"version\":\"v2\",\"created_at\":\"2026-11-01T00:00:00.000Z\"},"
         "{\"api\":\"invoices\",\"version\":\"v3\",\"created_at\":\"2026-11-02T00:00:00.000Z\"}");
static const char live_api[] =
    "{\"rows\":["
    "{\"gateway\":null,\"api\":\"parcels\"," NUMBERS(
        "5.1", "0.153", "0", "1204", "0.9", "2.1", "3.8",
        OK_REASON("1204")) ",{\"gateway\":null,\"api\":\"invoices\"," NUMBERS("1042.5", "0",
                                                                              "20.85", "90000",
                                                                              "88", "240", "1900",
                                                                              OK_REASON(
                                                                                  "90000")) "]}";
static const char live_gateway[] =
    "{\"rows\":["
    "{\"gateway\":\"edge-1\",\"state\":\"ok\",\"age_ms\":300,\"sync\":\"in_sync\",\"error\":null," NUMBERS(
        "12.1", "0.3", "0", "4211", "1.2", "3.6", "6",
        OK_REASON(
            "4211")) ","
                     "{\"gateway\":\"edge-2\",\"state\":\"unreachable\",\"age_ms\":34000,\"sync\":\"drift\","
                     "\"error\":\"cannot reach the admin interface: connection refused\"," NUMBERS(
                         "0", "0", "0", "77", "0", "0", "0", "") "]}";
static const char live_nothing[] = "{\"rows\":[]}";
static const char live_operation[] =
    "{\"rows\":["
    "{\"api\":\"parcels\",\"version\":\"v1\",\"operation\":\"GET /parcels/{number}\"," NUMBERS(
        "2.5", "0.25", "0", "9", "1.2", "3.6", "6",
        OK_REASON("5") "," DENIED_REASON(
            "4")) ","
                  "{\"api\":\"parcels\",\"version\":\"v1\",\"operation\":\"\"," NUMBERS(
                      "0.5", "0.5", "0", "3", "null", "null", "null", DENIED_REASON("3")) "]}";
static const char versions[] = LIST(
    "{\"label\":\"v1\",\"stage\":\"published\",\"operation_count\":7,\"spec_version\":\"3.1.0\","
    "\"published_at\":\"2026-11-01T08:00:00.000Z\",\"sunset_at\":null,\"successor\":null}");
static const char versions_invoices[] = LIST(
    "{\"label\":\"v2\",\"stage\":\"deprecated\",\"operation_count\":4,\"spec_version\":\"2.0\","
    "\"published_at\":\"2026-03-02T08:00:00.000Z\",\"sunset_at\":\"2027-01-31T00:00:00.000Z\","
    "\"successor\":\"v3\"},"
    "{\"label\":\"v3\",\"stage\":\"published\",\"operation_count\":5,\"spec_version\":\"2.0\","
    "\"published_at\":\"2026-11-02T08:00:00.000Z\",\"sunset_at\":null,\"successor\":null}");
static const char plans[] =
    LIST("{\"slug\":\"standard\",\"name\":\"Standard\",\"rate_count\":50,\"rate_period_s\":1,"
         "\"burst\":100,\"quota_count\":100000,\"quota_period\":\"month\",\"term_days\":90}");
static const char plan[] =
    "{\"slug\":\"standard\",\"name\":\"Standard\",\"rate_count\":50,\"rate_period_s\":1,"
    "\"burst\":100,\"quota_count\":100000,\"quota_period\":\"month\",\"term_days\":90}";
static const char team[] = "{\"slug\":\"logistics\",\"name\":\"Logistics\","
                           "\"contact\":\"logistics@example.com\",\"on_call\":\"#parcels\"}";
static const char history[] =
    LIST("{\"id\":\"01abcdefgh000\",\"app\":\"shop\",\"api\":\"invoices\",\"plan\":\"standard\","
         "\"team\":\"web\",\"state\":\"rejected\",\"requested_at\":\"2025-11-24T12:00:00.000Z\","
         "\"decided_by\":\"bob\",\"reason\":\"no contract\"}");
#define STATUS(name, sync, error, routes)                                                    \
    "{\"gateway\":\"" name "\",\"group\":\"edge\",\"connected\":true,\"sync\":\"" sync       \
    "\",\"last_poll_at\":\"2026-11-24T12:04:19.000Z\",\"applied_seq\":412,\"applied_at\":"   \
    "\"2026-11-24T11:58:00.000Z\",\"error\":" error ",\"types\":["                           \
    "{\"type\":\"clusters\",\"version\":\"c1\",\"acknowledged\":\"c1\",\"acknowledged_at\":" \
    "\"2026-11-24T11:58:00.000Z\",\"rejected\":null,\"rejected_at\":null}," routes "]}"
static const char status_1[] =
    STATUS("edge-1", "in_sync", "null",
           "{\"type\":\"routes\",\"version\":\"r7\",\"acknowledged\":\"r7\",\"acknowledged_at\":"
           "\"2026-11-24T11:58:00.000Z\",\"rejected\":null,\"rejected_at\":null}");
static const char status_2[] =
    STATUS("edge-2", "rejected", "\"unknown cluster billing_v27 in route billing-v2\"",
           "{\"type\":\"routes\",\"version\":\"r8\",\"acknowledged\":\"r7\",\"acknowledged_at\":"
           "\"2026-11-24T11:50:00.000Z\",\"rejected\":\"r8\",\"rejected_at\":"
           "\"2026-11-24T11:58:40.000Z\"}");
static const char gateway[] =
    "{\"group\":\"edge\",\"listener\":\"127.0.0.1:10000\",\"node_id\":\"edge-1\"}";
static const char operations[] =
    LIST("{\"key\":\"GET /parcels\"},{\"key\":\"GET /parcels/{number}\"}");
static const char receipt[] = "{\"seq\":4,\"gateways\":[{\"gateway\":\"edge-1\",\"group\":\"edge\","
                              "\"enforced\":true,\"ms\":6}]}";
static const char pending[] =
    LIST(REQUEST(FIRST_ID, "shop", "requested", "2026-11-22T08:00:00.000Z") "," REQUEST(
        "01abcdefgh002", "crm", "requested", "2026-11-24T11:23:00.000Z"));
static const char approved[] =
    LIST(REQUEST(FIRST_ID, "shop", "approved", "2026-11-22T08:00:00.000Z"));
static const char one_pending[] =
    REQUEST(FIRST_ID, "shop", "requested", "2026-11-22T08:00:00.000Z");

/* Controls, an operating system command, a right-to-left override, a wide and a combined letter. */
static const char hostile[] =
    LIST(API("evil\\u001b]0;pwn\\u0007\\u009b2J", "rev\\u202eesrever", "published", "1",
             "0") "," API("w\xE5\xAE\xBD"
                          "e\xCC\x81",
                          "tab\\tnew\\nline", "published", "1", "0"));

#define ASKED_FOR(api) "/v1/subscriptions?state=requested&api=" api
#define COMMON                                                                                   \
    {"GET", "/v1/me", 200, me}, {"GET", "/v1/deployments", 200, deployments},                    \
        {"GET", "/v1/live?by=gateway", 200, live_gateway},                                       \
        {"GET", "/v1/live?by=operation&api=rooms", 200, live_nothing},                           \
        {"GET", "/v1/live?by=operation&gateway=edge-2", 200, live_nothing},                      \
        {"GET", "/v1/live?by=operation", 200, live_operation},                                   \
        {"GET", "/v1/apis/parcels/versions/v1/operations", 200, operations},                     \
        {"GET", "/v1/apis/parcels/versions", 200, versions},                                     \
        {"GET", "/v1/apis/invoices/versions/v3/operations", 200, LIST("")},                      \
        {"GET", "/v1/apis/invoices/versions", 200, versions_invoices},                           \
        {"GET", "/v1/apis/rooms/versions", 200, LIST("")},                                       \
        {"GET", "/v1/plans/standard", 200, plan}, {"GET", "/v1/plans?api=rooms", 200, LIST("")}, \
        {"GET", "/v1/plans", 200, plans}, {"GET", "/v1/teams/", 200, team},                      \
        {"GET", "/v1/gateways/edge-1/status", 200, status_1},                                    \
        {"GET", "/v1/gateways/edge-2/status", 200, status_2},                                    \
        {"GET", "/v1/gateways/", 200, gateway}, {"GET", "/v1/subscriptions?app=", 200, history}, \
        {"GET", "/v1/apis/parcels", 200, API("parcels", "logistics", "published", "7", "2")},    \
    {                                                                                            \
        "GET", "/v1/subscriptions/" FIRST_ID "/receipt", 200, receipt                            \
    }
#define END                 \
    {                       \
        NULL, NULL, 0, NULL \
    }

const struct canned_answer answers_pending[] = {
    COMMON,
    {"GET",  "/v1/live?by=api",             200, live_api   },
    {"GET",  "/v1/apis",                    200, apis       },
    {"GET",  "/v1/subscriptions/" FIRST_ID, 200, one_pending},
    {"GET",  ASKED_FOR("parcels"),          200, pending    },
    {"GET",  ASKED_FOR(""),                 200, LIST("")   },
    {"GET",  "/v1/subscriptions",           200, pending    },
    {"POST", "/v1/subscriptions/",          200, one_pending},
    END,
};
const struct canned_answer answers_failing[] = {
    {"GET", "/v1/plans",         500, "{\"title\":\"broken\",\"detail\":\"plans are broken\"}"},
    COMMON,
    {"GET", "/v1/live?by=api",   200, live_api                                                },
    {"GET", "/v1/apis",          200, apis                                                    },
    {"GET", "/v1/subscriptions", 200, pending                                                 },
    END,
};
const struct canned_answer answers_approved[] = {
    COMMON,
    {"GET",  "/v1/live?by=api",    200, live_api   },
    {"GET",  "/v1/apis",           200, apis       },
    {"GET",  "/v1/subscriptions",  200, approved   },
    {"POST", "/v1/subscriptions/", 200, one_pending},
    END,
};
const struct canned_answer answers_refusing[] = {
    {"GET",  "/v1/live?by=operation", 403,
     "{\"title\":\"denied\",\"detail\":\"figures are for operators\"}"        },
    COMMON,
    {"GET",  "/v1/live?by=api",       403,
     "{\"title\":\"denied\",\"detail\":\"figures are for operators\"}"        },
    {"GET",  "/v1/apis",              200, apis                               },
    {"GET",  "/v1/subscriptions",     200, pending                            },
    {"POST", "/v1/subscriptions/",    403,
     "{\"title\":\"denied\",\"detail\":\"only owners of parcels may decide\"}"},
    END,
};
const struct canned_answer answers_long[] = {
    {"GET",        "/v1/live",  200, "{\"rows\":[]}"},
    { "GET", "/v1/apis", 200, LIST(API(LONG_NAME,           "logistics", "published", "1", "0"))},
    END,
};

const struct canned_answer answers_hostile[] = {
    {"GET", "/v1/live", 200, "{\"rows\":[]}"},
    {"GET", "/v1/apis", 200, hostile        },
    END,
};
const struct canned_answer answers_no_figures[] = {
    {"GET", "/v1/live", 200, "{\"rows\":[]}"},
    {"GET", "/v1/apis", 200, apis           },
    END,
};
const struct canned_answer answers_silent[] = {
    {"GET", "/", 0, ""},
    END
};
