/* approve, reject, revoke: one POST, then the receipt. */
#include <time.h>

#include "tui/command/words.h"

#define RECEIPT_MOST_MS  3000
#define RECEIPT_EVERY_MS 50

static struct str body_of(struct arena *mem, struct str reason)
{
    CLEANUP(buf_clear) struct buf body = {0};
    struct json_writer w = {.out = &body};
    json_open_object(&w);
    json_key_str(&w, "reason", reason);
    json_close_object(&w);
    return arena_str(mem, buf_str(&body));
}

struct receipt {
    long long enforced, all, ms;
};

static bool read_receipt(const struct words *words, struct str target, struct receipt *out)
{
    struct client_reply *reply = words_ask(words, "GET", target, STR_NONE, false);
    if (reply == NULL)
        return false;
    const struct json *gateways = json_get(reply->json, "gateways");
    *out = (struct receipt){0};
    for (const struct json *g = gateways ? gateways->child : NULL; g != NULL; g = g->next) {
        long long ms = (long long)json_get_i64(g, "ms", 0);
        out->all++;
        if (!json_get_bool(g, "enforced", false))
            continue;
        out->enforced++;
        out->ms = ms > out->ms ? ms : out->ms;
    }
    client_reply_free(reply);
    return true;
}

/* Waits a little: gateways ask for changes all the time, so that most have it at once. */
static void tell_receipt(const struct words *words, struct str id)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct str target = arena_join(&mem, STR("/v1/subscriptions/"), id, STR("/receipt"));
    struct receipt receipt = {0};
    int64_t end = clock_steady_ms() + RECEIPT_MOST_MS;
    const struct timespec pause = {.tv_nsec = RECEIPT_EVERY_MS * 1000000L};
    do {
        if (!read_receipt(words, target, &receipt))
            return;
        if (receipt.enforced == receipt.all)
            break;
        (void)nanosleep(&pause, NULL);
    } while (clock_steady_ms() < end);
    if (receipt.all == 0)
        printf("no gateway serves it\n");
    else if (receipt.enforced == 0)
        printf("enforced by 0 of %lld gateways so far\n", receipt.all);
    else
        printf("enforced by %lld of %lld gateways after %lld ms\n", receipt.enforced, receipt.all,
               receipt.ms);
}

enum command_exit run_decision(const struct command *self, const struct words *words)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    int64_t number = 0;
    bool approve = strcmp(self->name, "approve") == 0;
    if (!id_parse(words->rest[0], &number)) {
        fprintf(stderr, "chancery: not an id: %d characters, \"chancery requests\" lists them\n",
                ID_TEXT_LEN);
        return COMMAND_USAGE;
    }
    if (!approve && str_trim(words->reason).len == 0) {
        fprintf(stderr, "chancery: a reason is required: --reason TEXT\n");
        return COMMAND_USAGE;
    }
    struct str target =
        arena_join(&mem, STR("/v1/subscriptions/"), words->rest[0], STR("/"), str_from(self->name));
    struct client_reply *reply =
        words_ask(words, "POST", target, body_of(&mem, words->reason), false);
    if (reply == NULL)
        return COMMAND_FAILED;
    client_reply_free(reply);
    printf("%s%s " STR_FMT "\n", self->name,
           approve || strcmp(self->name, "revoke") == 0 ? "d" : "ed", STR_ARG(words->rest[0]));
    if (strcmp(self->name, "reject") != 0)
        tell_receipt(words, words->rest[0]);
    return COMMAND_DONE;
}
