/* Approve, reject, revoke: the question, one POST, and the receipt that says which gateways enforce
 * it. */
#include "tui/view/ui.h"

#define RECEIPT_EVERY_MS 100
#define RECEIPT_MOST_MS  10000

static const struct {
    const char *verb, *done, *question;
    const char *from; /* the state it starts from */
    bool reason_required;
} kinds[DECISION_COUNT] = {
    [DECIDE_APPROVE] = {"approve", "approved", "Approve", "requested", false},
    [DECIDE_REJECT] = {"reject",  "rejected", "Reject",  "requested", true },
    [DECIDE_REVOKE] = {"revoke",  "revoked",  "Revoke",  "approved",  true },
};

const char *decide_disabled(struct ui *ui, enum decision_kind kind)
{
    const struct json *row = ui_subscription(ui);
    if (row == NULL)
        return "nothing is selected";
    if (!str_eq(json_get_str(row, "state"), str_from(kinds[kind].from)))
        return kind == DECIDE_REVOKE ? "only an approved access can be revoked"
                                     : "only a pending request can be decided";
    return ui->decision.posted ? "the change before is still under way" : NULL;
}

/* --- the question -------------------------------------------------------------------------------
 */

static struct str facts_of(struct arena *mem, const struct json *row)
{
    static const char *const fields[] = {"plan", "team", "requested_by", "purpose"};
    CLEANUP(buf_clear) struct buf b = {0};
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        struct str text = json_get_str(row, fields[i]);
        if (text.len == 0)
            continue;
        buf_printf(&b, "%s%-14s", b.len ? "\n" : "", view_label(mem, fields[i]).ptr);
        for (size_t k = 0; k < text.len; k++) /* one line each, whatever was typed */
            buf_add_char(&b, text.ptr[k] == '\n' ? ' ' : text.ptr[k]);
    }
    return arena_str(mem, buf_str(&b));
}

void decide_ask(struct ui *ui, enum decision_kind kind)
{
    const struct json *row = ui_subscription(ui);
    struct decision *d = &ui->decision;
    if (row == NULL)
        return;
    arena_clear(&d->mem);
    *d = (struct decision){.kind = kind};
    d->id = arena_str(&d->mem, json_get_str(row, "id"));
    d->api = arena_str(&d->mem, json_get_str(row, "api"));
    d->label = arena_join(&d->mem, json_get_str(row, "app"), STR(" > "), d->api);
    dialog_open(&ui->dialog);
    struct arena *mem = &ui->dialog.mem;
    ui->dialog.title =
        arena_join(mem, str_from(kinds[kind].question), STR(" "), d->label, STR("?"));
    ui->dialog.facts = facts_of(mem, row);
    ui->dialog.verb = str_from(kinds[kind].verb);
    ui->dialog.reason_required = kinds[kind].reason_required;
    ui->mode = MODE_DIALOG;
}

static void post(struct ui *ui)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf body = {0};
    struct decision *d = &ui->decision;
    struct json_writer w = {.out = &body};
    struct str reason = str_trim(buf_str(&ui->dialog.reason.text));
    json_open_object(&w);
    json_key_str(&w, "reason", reason.len ? reason : STR_NONE);
    json_close_object(&w);
    const struct client_ask ask = {
        .method = "POST",
        .target = arena_join(&mem, STR("/v1/subscriptions/"), d->id, STR("/"),
                             str_from(kinds[d->kind].verb)),
        .body = buf_str(&body),
    };
    d->posted = client_send(ui->client, &ask);
    if (d->posted == 0)
        ui_say(ui, TONE_BAD, "too much is under way: nothing was changed, try again");
    else
        ui_say(ui, TONE_TEXT, "%s " STR_FMT " …", kinds[d->kind].verb, STR_ARG(d->label));
}

void decide_key(struct ui *ui, struct term_key key)
{
    enum dialog_answer answer = dialog_key(&ui->dialog, key);
    if (answer == DIALOG_OPEN)
        return;
    if (answer == DIALOG_YES)
        post(ui);
    else
        ui_say(ui, TONE_DIM, "nothing was changed");
    dialog_close(&ui->dialog);
    ui->mode = MODE_VIEW;
}

/* --- the receipt --------------------------------------------------------------------------------
 */

static void tell_receipt(struct ui *ui, const struct json *gateways)
{
    const struct decision *d = &ui->decision;
    const char *done = kinds[d->kind].done;
    int64_t enforced = 0, all = 0, most_ms = 0;
    for (const struct json *g = gateways ? gateways->child : NULL; g != NULL; g = g->next) {
        int64_t ms = json_get_i64(g, "ms", 0);
        all++;
        if (!json_get_bool(g, "enforced", false))
            continue;
        enforced++;
        most_ms = ms > most_ms ? ms : most_ms;
    }
    if (all == 0)
        ui_say(ui, TONE_GOOD, "%s " STR_FMT ": no gateway serves it", done, STR_ARG(d->label));
    else if (enforced == 0)
        ui_say(ui, TONE_WARN, "%s " STR_FMT ": enforced by 0 of %lld gateways so far", done,
               STR_ARG(d->label), (long long)all);
    else
        ui_say(ui, enforced == all ? TONE_GOOD : TONE_WARN,
               "%s " STR_FMT ": enforced by %lld of %lld gateways after %lld ms", done,
               STR_ARG(d->label), (long long)enforced, (long long)all, (long long)most_ms);
    ui->decision.following = enforced < all;
}

/* Views show the state before the change until they are asked again. */
static void change_made(struct ui *ui, int64_t now_ms)
{
    struct decision *d = &ui->decision;
    ui_say(ui, TONE_GOOD, "%s " STR_FMT, kinds[d->kind].done, STR_ARG(d->label));
    for (size_t i = 0; i < ui->depth; i++)
        view_refetch(ui->stack[i]);
    d->following = d->kind != DECIDE_REJECT; /* a rejection changes nothing at a gateway */
    d->ask_at_ms = now_ms;
    d->give_up_ms = now_ms + RECEIPT_MOST_MS;
}

bool decide_take(struct ui *ui, struct client_reply *reply, int64_t now_ms)
{
    struct decision *d = &ui->decision;
    if (reply->id == d->posted && d->posted != 0) {
        d->posted = 0;
        if (reply->ok)
            change_made(ui, now_ms);
        else if (reply->reached)
            ui_say(ui, TONE_BAD, "not %s: %s%s%s", kinds[d->kind].done, reply->err.msg,
                   reply->err.hint[0] ? "; " : "", reply->err.hint);
        else
            ui_say(ui, TONE_BAD, "%s; whether " STR_FMT " was %s is not known", reply->err.msg,
                   STR_ARG(d->label), kinds[d->kind].done);
        return true;
    }
    if (reply->id != d->receipt || d->receipt == 0)
        return false;
    d->receipt = 0;
    d->ask_at_ms = now_ms + RECEIPT_EVERY_MS;
    if (reply->ok)
        tell_receipt(ui, json_get(reply->json, "gateways"));
    if (now_ms > d->give_up_ms)
        d->following = false;
    return true;
}

void decide_step(struct ui *ui, int64_t now_ms)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct decision *d = &ui->decision;
    if (!d->following || d->receipt != 0 || d->ask_at_ms > now_ms)
        return;
    const struct client_ask ask = {
        .method = "GET",
        .target = arena_join(&mem, STR("/v1/subscriptions/"), d->id, STR("/receipt")),
    };
    d->receipt = client_send(ui->client, &ask);
    if (d->receipt == 0)
        d->ask_at_ms = now_ms + RECEIPT_EVERY_MS;
}

int64_t decide_due(const struct ui *ui)
{
    const struct decision *d = &ui->decision;
    return d->following && d->receipt == 0 ? d->ask_at_ms : INT64_MAX;
}
