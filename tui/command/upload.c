/* chancery upload API VERSION FILE: a document becomes a version's next one; what was found in it,
 * what it changes and what the publish gate says is printed. Exit 0 when it is in force (or a
 * draft's), 1 when it waits for the gate or was refused. */
#include "catalog/model/model.h"
#include "tui/command/package.h"
#include "tui/command/words.h"

#define UPLOAD_MOST_MS 900000 /* the server's own limit */
#define SHORT_HASH     12

/* --- asking ------------------------------------------------------------------------------------
 */

static struct str version_target(const struct words *words, struct str rest, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf target = {0};
    buf_add(&target, STR("/v1/apis/"));
    client_add_segment(&target, words->rest[0]);
    buf_add(&target, STR("/versions/"));
    client_add_segment(&target, words->rest[1]);
    buf_add(&target, rest);
    return arena_str(mem, buf_str(&target));
}

static bool make_version(const struct words *words, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf target = {0}, body = {0};
    struct json_writer w = {.out = &body};
    buf_add(&target, STR("/v1/apis/"));
    client_add_segment(&target, words->rest[0]);
    buf_add(&target, STR("/versions"));
    json_open_object(&w);
    json_key_str(&w, "label", words->rest[1]);
    json_close_object(&w);
    struct client_reply *reply = words_ask(words, "POST", arena_str(mem, buf_str(&target)),
                                           arena_str(mem, buf_str(&body)), false);
    bool made = reply != NULL;
    client_reply_free(reply);
    return made;
}

static struct client_reply *send(const struct words *words, const struct package *package,
                                 struct arena *mem)
{
    CLEANUP(buf_clear) struct buf rest = {0};
    buf_add(&rest, STR("/document"));
    if (package->name.len > 0) {
        buf_add(&rest, STR("?name="));
        client_add_segment(&rest, package->name);
    }
    const struct client_ask ask = {
        .method = "PUT",
        .target = version_target(words, buf_str(&rest), mem),
        .body = package->body,
        .content_type = package->content_type,
        .timeout_ms = UPLOAD_MOST_MS,
    };
    struct fetch *f = fetch_new();
    struct client_reply *reply = client_call(f, &words->server, &ask);
    fetch_free(f);
    if (reply->ok)
        return reply;
    if (reply->status == 404 && !words->make)
        (void)err_hint(&reply->err, "--new makes a version of an API that exists");
    command_complain(&reply->err);
    client_reply_free(reply);
    return NULL;
}

/* --- the answer --------------------------------------------------------------------------------
 */

/* A text of the server's, safe on a terminal; name may be absent. */
static struct str member(const struct json *row, const char *name, struct arena *mem)
{
    int cols = 0;
    return term_plain(mem, json_get_str(row, name), &cols);
}

/* A place in the root has its file as it was named; in others, as the document leads there. */
static void print_findings(const struct words *words, const struct package *package,
                           const struct json *findings, struct arena *mem)
{
    int cols = 0;
    for (const struct json *f = findings ? findings->child : NULL; f != NULL; f = f->next) {
        struct str place = json_get_str(f, "pointer");
        struct str file = package_shown(package, place_file(place));
        struct str pointer = term_plain(mem, place_pointer(place), &cols);
        printf(STR_FMT ":%lld:%lld: " STR_FMT ": " STR_FMT "%s" STR_FMT " (" STR_FMT ")\n",
               STR_ARG(term_plain(mem, file.ptr ? file : words->rest[2], &cols)),
               (long long)json_get_i64(f, "line", 0), (long long)json_get_i64(f, "column", 0),
               STR_ARG(member(f, "severity", mem)), STR_ARG(pointer), pointer.len > 0 ? ": " : "",
               STR_ARG(member(f, "message", mem)), STR_ARG(member(f, "code", mem)));
    }
}

/* Once a kind, as `chancery lint` does. */
static void print_remedies(const struct json *remedies, struct arena *mem)
{
    const struct json *r = remedies ? remedies->child : NULL;
    if (r != NULL)
        printf("what to do:\n");
    for (; r != NULL; r = r->next)
        printf("  " STR_FMT "\n    " STR_FMT "\n", STR_ARG(member(r, "code", mem)),
               STR_ARG(member(r, "remedy", mem)));
}

static void print_changes(const struct json *changes, struct arena *mem)
{
    for (const struct json *c = changes ? changes->child : NULL; c != NULL; c = c->next)
        printf("change: " STR_FMT ": " STR_FMT "%s" STR_FMT "%s" STR_FMT " (" STR_FMT ")\n",
               STR_ARG(member(c, "level", mem)), STR_ARG(member(c, "operation", mem)),
               json_get_str(c, "operation").len > 0 ? " " : "", STR_ARG(member(c, "path", mem)),
               json_get_str(c, "path").len > 0 ? ": " : "", STR_ARG(member(c, "message", mem)),
               STR_ARG(member(c, "code", mem)));
}

static void print_gate(const struct json *gate, struct arena *mem)
{
    const struct json *matters = json_get(gate, "matters");
    for (const struct json *m = matters ? matters->child : NULL; m != NULL; m = m->next) {
        if (str_eq(json_get_str(m, "action"), STR("allow")))
            continue;
        printf("gate: " STR_FMT ": " STR_FMT "\n", STR_ARG(member(m, "action", mem)),
               STR_ARG(member(m, "detail", mem)));
        if (json_get_str(m, "remedy").len > 0)
            printf("  " STR_FMT "\n", STR_ARG(member(m, "remedy", mem)));
    }
}

static void print_sum(const struct words *words, const struct json *made, struct arena *mem)
{
    const struct json *revision = json_get(made, "revision");
    int cols = 0;
    printf(STR_FMT " " STR_FMT ": revision " STR_FMT ", operations %lld, findings %lld, "
                   "score %lld, grade " STR_FMT "\n",
           STR_ARG(term_plain(mem, words->rest[0], &cols)),
           STR_ARG(term_plain(mem, words->rest[1], &cols)),
           STR_ARG(str_sub(member(revision, "sha256", mem), 0, SHORT_HASH)),
           (long long)json_get_i64(made, "operation_count", 0),
           (long long)json_get_i64(revision, "finding_count", 0),
           (long long)json_get_i64(made, "score", 0), STR_ARG(member(made, "grade", mem)));
    if (json_get_i64(made, "left_out", 0) > 0)
        printf("%lld findings and changes more were not kept\n",
               (long long)json_get_i64(made, "left_out", 0));
    if (json_get_bool(made, "held", false))
        printf("it is not in force: it waits until the publish gate lets it through\n");
}

static void print_answer(const struct words *words, const struct package *package,
                         const struct json *made)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    if (package->file_count > 1)
        printf("%zu files were sent\n", package->file_count);
    print_findings(words, package, json_get(made, "findings"), &mem);
    print_remedies(json_get(made, "remedies"), &mem);
    print_changes(json_get(made, "changes"), &mem);
    print_gate(json_get(made, "gate"), &mem);
    print_sum(words, made, &mem);
}

enum command_exit run_upload(const struct command *self, const struct words *words)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct package package = {0};
    struct err err = {0};
    (void)self;
    if (!package_make(words->rest[2], &mem, &package, &err)) {
        command_complain(&err);
        return COMMAND_FAILED;
    }
    if (words->make && !make_version(words, &mem))
        return COMMAND_FAILED;
    struct client_reply *reply = send(words, &package, &mem);
    if (reply == NULL)
        return COMMAND_FAILED;
    bool held = json_get_bool(reply->json, "held", false);
    if (words->json)
        print_json(reply->json);
    else
        print_answer(words, &package, reply->json);
    client_reply_free(reply);
    return held ? COMMAND_FAILED : COMMAND_DONE;
}
