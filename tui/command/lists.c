/* requests, apis, proxies. */
#include "tui/command/words.h"

static enum command_exit print_list(const struct words *words, struct str target, bool paged,
                                    const struct print_column *columns, size_t count)
{
    struct client_reply *reply = words_ask(words, "GET", target, STR_NONE, paged);
    if (reply == NULL)
        return COMMAND_FAILED;
    const struct json *list = json_get(reply->json, paged ? "items" : "rows");
    if (words->json && list != NULL)
        print_json(list);
    else
        print_table(list ? list->child : NULL, columns, count);
    client_reply_free(reply);
    return COMMAND_DONE;
}

enum command_exit run_requests(const struct command *self, const struct words *words)
{
    static const struct print_column columns[] = {
        {"ID",        "id",           false},
        {"REQUESTED", "requested_at", false},
        {"APP",       "app",          false},
        {"TEAM",      "team",         false},
        {"SERVICE",   "api",          false},
        {"PLAN",      "plan",         false},
        {"STATE",     "state",        false},
    };
    UNUSED(self);
    return print_list(
        words, words->all ? STR("/v1/subscriptions") : STR("/v1/subscriptions?state=requested"),
        true, columns, COUNT_OF(columns));
}

enum command_exit run_apis(const struct command *self, const struct words *words)
{
    static const struct print_column columns[] = {
        {"NAME",  "slug",               false},
        {"OWNER", "team",               false},
        {"STATE", "stage",              false},
        {"OPS",   "operation_count",    true },
        {"SUBS",  "subscription_count", true },
    };
    UNUSED(self);
    return print_list(words, STR("/v1/apis"), true, columns, COUNT_OF(columns));
}

enum command_exit run_proxies(const struct command *self, const struct words *words)
{
    static const struct print_column columns[] = {
        {"PROXY", "gateway",  false},
        {"STATE", "state",    false},
        {"SYNC",  "sync",     false},
        {"RPS",   "rps",      true },
        {"CALLS", "requests", true },
        {"P50",   "p50_ms",   true },
        {"P95",   "p95_ms",   true },
        {"P99",   "p99_ms",   true },
        {"ERROR", "error",    false},
    };
    UNUSED(self);
    return print_list(words, STR("/v1/live?by=gateway"), false, columns, COUNT_OF(columns));
}
