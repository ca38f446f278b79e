/* :upload VERSION FILE: a document of this machine becomes the next one of the selected service's
 * version; what was found in it is shown. */
#include "tui/view/ui.h"

#define UPLOAD_MOST_BYTES ((size_t)1 << 30) /* the server's own limit is what counts */
#define UPLOAD_MOST_MS    900000
#define LABEL_MOST        32

static struct str api_of(struct ui *ui)
{
    struct view *v = ui_view(ui);
    if (v->kind == VIEW_SERVICE)
        return buf_str(&v->subject);
    const struct table_row *row = v->kind == VIEW_SERVICES ? table_selected(&v->table) : NULL;
    return row ? row->id : STR_NONE;
}

const char *upload_disabled(struct ui *ui)
{
    if (api_of(ui).len == 0)
        return "nothing is selected";
    return ui->upload.posted ? "the upload before is still under way" : NULL;
}

/* As labels are, so that it needs no escape in an address. */
static bool is_label(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i], low = (char)(c | 0x20);
        if (!(low >= 'a' && low <= 'z') && !(c >= '0' && c <= '9') && strchr("._-", c) == NULL)
            return false;
    }
    return text.len > 0 && text.len <= LABEL_MOST;
}

static struct str last_part(struct str path)
{
    struct str part = path;
    while (str_split(&path, '/', &part))
        continue;
    return part;
}

static void send(struct ui *ui, const char *path, struct str bytes)
{
    CLEANUP(buf_clear) struct buf target = {0};
    struct upload *u = &ui->upload;
    buf_add(&target, STR("/v1/apis/"));
    client_add_segment(&target, u->api);
    buf_add(&target, STR("/versions/"));
    client_add_segment(&target, u->version);
    buf_add(&target, STR("/document?name="));
    client_add_segment(&target, last_part(str_from(path)));
    const struct client_ask ask = {
        .method = "PUT",
        .target = buf_str(&target),
        .body = bytes,
        .content_type = "application/octet-stream",
        .timeout_ms = UPLOAD_MOST_MS,
    };
    u->posted = client_send(ui->client, &ask);
    if (u->posted == 0)
        ui_say(ui, TONE_BAD, "too much is under way: nothing was sent, try again");
    else
        ui_say(ui, TONE_TEXT, "uploading " STR_FMT " " STR_FMT " …", STR_ARG(u->api),
               STR_ARG(u->version));
}

void upload_start(struct ui *ui, struct str argument)
{
    CLEANUP(buf_clear) struct buf bytes = {0};
    struct upload *u = &ui->upload;
    struct str version, path = argument, api = api_of(ui);
    struct err err = {0};
    (void)str_split(&path, ' ', &version);
    path = path.ptr ? str_trim(path) : STR_NONE;
    if (path.len == 0) {
        line_set(&ui->prompt, STR("upload "));
        ui->mode = MODE_COMMAND;
        return;
    }
    if (!is_label(version)) {
        ui_say(ui, TONE_BAD, "\"" STR_FMT "\" is no label of a version", STR_ARG(version));
        return;
    }
    arena_clear(&u->mem);
    *u = (struct upload){0};
    u->api = arena_str(&u->mem, api);
    u->version = arena_str(&u->mem, version);
    const char *file = str_z(&u->mem, path);
    if (file_read(file, UPLOAD_MOST_BYTES, &bytes, &err))
        send(ui, file, buf_str(&bytes));
    else
        ui_say(ui, TONE_BAD, "%s: %s", err.where, err.msg);
}

/* The first thing that the gate asks for; all of them are on the version's page. */
static void tell_held(struct ui *ui, const struct json *made)
{
    const struct json *gate = json_get(made, "gate"), *matters = json_get(gate, "matters");
    const struct json *first = matters ? matters->child : NULL;
    ui_say(ui, TONE_WARN,
           STR_FMT " " STR_FMT " waits for the publish gate (%lld to do): " STR_FMT "; " STR_FMT,
           STR_ARG(ui->upload.api), STR_ARG(ui->upload.version),
           (long long)json_get_i64(gate, "blocks", 0), STR_ARG(json_get_str(first, "detail")),
           STR_ARG(json_get_str(first, "remedy")));
}

static void tell_made(struct ui *ui, const struct json *made)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct upload *u = &ui->upload;
    const struct json *revision = json_get(made, "revision");
    bool held = json_get_bool(made, "held", false);
    int64_t found = json_get_i64(revision, "finding_count", 0);
    struct str subject = arena_join(&mem, u->api, STR(" "), u->version);
    if (held)
        tell_held(ui, made);
    else
        ui_say(ui, TONE_GOOD,
               "uploaded " STR_FMT ": operations %lld, findings %lld, score %lld, grade " STR_FMT,
               STR_ARG(subject), (long long)json_get_i64(made, "operation_count", 0),
               (long long)found, (long long)json_get_i64(made, "score", 0),
               STR_ARG(json_get_str(made, "grade")));
    for (size_t i = 0; i < ui->depth; i++)
        view_refetch(ui->stack[i]);
    if (found > 0 && ui->mode == MODE_VIEW && api_of(ui).len > 0) /* else somebody is busy there */
        ui_push(ui, VIEW_FINDINGS,
                held ? arena_join(&mem, subject, STR(" "), json_get_str(revision, "sha256"))
                     : subject);
}

bool upload_take(struct ui *ui, const struct client_reply *reply)
{
    struct upload *u = &ui->upload;
    if (u->posted == 0 || reply->id != u->posted)
        return false;
    u->posted = 0;
    if (reply->ok)
        tell_made(ui, reply->json);
    else
        ui_say(ui, TONE_BAD, "not uploaded: %s%s%s", reply->err.msg, reply->err.hint[0] ? "; " : "",
               reply->err.hint);
    return true;
}
