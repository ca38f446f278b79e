/* Operations that are no plain row: documents, secrets, explanations, who am I, health. */
#include "portal/rest/rest.h"

#include "portal/settings.h"

extern const unsigned char rest_contract[];
extern const size_t rest_contract_len;

static void secret_answer(struct http_response *res)
{
    http_set_header(res, "Cache-Control", STR("no-store"));
    res->content_type = STR("application/json");
}

/* --- people
 * ------------------------------------------------------------------------------------------ */

bool rest_me(struct http_request *req, struct http_response *res, struct err *err)
{
    static const char *const ways[] = {[VIA_NOBODY] = "anonymous",
                                       [VIA_SESSION] = "session",
                                       [VIA_UNIX] = "unix",
                                       [VIA_INTERNAL] = "internal"};
    const struct principal *who = PRINCIPAL(req);
    const struct catalog_query mine = {.mine = true, .limit = 500};
    struct catalog_list teams = {0};
    struct user user = {.display_name = STR_NONE};
    if (!catalog_teams(VIEW(req), who, &mine, req->mem, &teams, err))
        return false;
    if (who->user_id != 0 && !catalog_user(VIEW(req), who, &who->name, req->mem, &user, err))
        return false;
    struct json_writer w = {.out = &res->owned};
    json_open_object(&w);
    json_key_str(&w, "name", who->name);
    json_key_str(&w, "display_name", user.display_name);
    json_key_str(&w, "role", str_from(name_of(&names_role, (int)who->role)));
    json_key_str(&w, "via", str_from(ways[who->via]));
    json_key(&w, STR("teams"));
    json_open_array(&w);
    const struct team *rows = teams.rows;
    for (size_t i = 0; i < teams.count; i++)
        json_put_str(&w, rows[i].slug);
    json_close_array(&w);
    json_close_object(&w);
    if (who->via == VIA_SESSION)
        http_set_header(res, "X-CSRF-Token", who->csrf);
    secret_answer(res);
    return true;
}

bool rest_tags(struct http_request *req, struct http_response *res, struct err *err)
{
    const struct tag_count *tags = NULL;
    size_t count = 0;
    if (!catalog_tags(VIEW(req), PRINCIPAL(req), req->mem, &tags, &count, err))
        return false;
    struct json_writer w = {.out = &res->owned};
    json_open_object(&w);
    json_key(&w, STR("items"));
    json_open_array(&w);
    for (size_t i = 0; i < count; i++) {
        json_open_object(&w);
        json_key_str(&w, "tag", tags[i].tag);
        json_key_i64(&w, "count", tags[i].count);
        json_close_object(&w);
    }
    json_close_array(&w);
    json_close_object(&w);
    res->content_type = STR("application/json");
    return true;
}

/* --- secrets, shown once
 * ------------------------------------------------------------------------------ */

bool rest_key_create(struct http_request *req, struct http_response *res, struct err *err)
{
    struct change change = {
        .by = PRINCIPAL(req), .if_match = IF_MATCH_NONE, .args = {req->args[0]}};
    struct new_key made = {0};
    if (!rest_may_change(req, err) || !rest_body(req, false, &change.body, res, err) ||
        !catalog_change(APP(req)->catalog, key_create, &change, req->mem, &made, err))
        return false;
    struct json_writer w = {.out = &res->owned};
    json_open_object(&w);
    json_key(&w, STR("key"));
    record_write(&w, &record_key, &made.key);
    json_key_str(&w, "secret", made.secret);
    json_close_object(&w);
    res->status = 201;
    http_set_header(res, "Location",
                    arena_join(req->mem, req->path, STR("/"), id_format(req->mem, made.key.id)));
    secret_answer(res);
    return true;
}

bool rest_token_create(struct http_request *req, struct http_response *res, struct err *err)
{
    struct change change = {
        .by = PRINCIPAL(req), .if_match = IF_MATCH_NONE, .args = {req->args[0]}};
    struct new_token made = {0};
    if (!rest_may_change(req, err) ||
        !catalog_change(APP(req)->catalog, gateway_token, &change, req->mem, &made, err))
        return false;
    struct json_writer w = {.out = &res->owned};
    json_open_object(&w);
    json_key_str(&w, "token", made.token);
    json_close_object(&w);
    res->status = 201;
    secret_answer(res);
    return true;
}

/* --- documents
 * ----------------------------------------------------------------------------------------- */

static void write_finding(struct json_writer *w, const struct import *import,
                          const struct oas_finding *f)
{
    static const char *const severities[] = {
        [OAS_ERROR] = "error", [OAS_WARN] = "warn", [OAS_INFO] = "info", [OAS_HINT] = "hint"};
    struct oas_place place = oas_place_of(import->document, f->offset);
    json_open_object(w);
    json_key_str(w, "code", str_from(f->code));
    json_key_str(w, "severity", str_from(severities[f->severity]));
    json_key_str(w, "pointer", f->pointer.ptr ? f->pointer : STR(""));
    json_key_i64(w, "line", place.line);
    json_key_i64(w, "column", place.column);
    json_key_str(w, "message", f->message);
    json_close_object(w);
}

static void write_import(const struct import *import, const struct revision *row, struct buf *out)
{
    struct json_writer w = {.out = out};
    json_open_object(&w);
    json_key(&w, STR("revision"));
    record_write(&w, &record_revision, row);
    json_key_i64(&w, "operation_count", row->operation_count);
    json_key(&w, STR("findings"));
    json_open_array(&w);
    for (size_t i = 0; i < import->finding_count; i++)
        write_finding(&w, import, &import->findings[i]);
    json_close_array(&w);
    json_close_object(&w);
}

bool rest_document_put(struct http_request *req, struct http_response *res, struct err *err)
{
    CLEANUP(buf_clear) struct buf bytes = {0};
    struct import import = {0};
    struct revision row = {0};
    const struct change change = {
        .by = PRINCIPAL(req),
        .if_match = IF_MATCH_NONE,
        .args = {req->args[0], req->args[1]},
        .import = &import
    };
    size_t limit = (size_t)APP(req)->settings->upload_limit_bytes;
    if (!rest_may_change(req, err))
        return false;
    if (req->spool_path.len == 0)
        return fail(err, ERR_INVALID, "", "the body is empty");
    if (!file_read(str_z(req->mem, req->spool_path), limit, &bytes, err) ||
        !import_read(buf_str(&bytes), http_query(req, "name"), req->mem, &import, err) ||
        !catalog_change(APP(req)->catalog, revision_add, &change, req->mem, &row, err))
        return false;
    res->status = 201;
    http_set_header(res, "Location", req->path);
    write_import(&import, &row, &res->owned);
    res->content_type = STR("application/json");
    return true;
}

/* Byte-exact, as a download that no browser runs. */
bool rest_document_get(struct http_request *req, struct http_response *res, struct err *err)
{
    struct catalog_file file = {0};
    if (!catalog_document(VIEW(req), PRINCIPAL(req), req->args, http_query(req, "path"), req->mem,
                          &file, err))
        return false;
    struct str etag = arena_join(req->mem, STR("\""), file.file.sha256, STR("\""));
    http_set_header(res, "ETag", etag);
    http_set_header(res, "Cache-Control", STR("private, no-cache"));
    if (http_etag_matches(http_header(req, "if-none-match"), etag)) {
        res->status = 304;
        return true;
    }
    http_set_header(
        res, "Content-Disposition",
        arena_join(req->mem, STR("attachment; filename=\""), file.file.path, STR("\"")));
    res->content_type = file.file.media_type;
    res->body = file.bytes;
    return true;
}

/* --- why was I denied?
 * ---------------------------------------------------------------------------------- */

static bool explain_deployment(struct http_request *req, const struct json *body, int64_t *id,
                               struct err *err)
{
    struct catalog_query query = {
        .api = json_get_str(body, "api"), .version = json_get_str(body, "version"), .limit = 1};
    struct catalog_list found = {0};
    if (query.api.len == 0)
        return fail(err, ERR_INVALID, "/api", "is required");
    if (!catalog_deployments(VIEW(req), PRINCIPAL(req), &query, req->mem, &found, err))
        return false;
    const struct deployment *rows = found.rows;
    *id = found.count ? rows[0].id : 0;
    if (found.count > 0)
        return true;
    (void)fail(err, ERR_NOT_FOUND, "", "the API is not deployed");
    return err_hint(err, "deploy a published version to a group first");
}

static void write_decision(const struct decision *d, struct buf *out)
{
    struct json_writer w = {.out = out};
    const struct {
        const char *name;
        struct str value;
    } texts[] = {
        {"app",       d->app          },
        {"api",       d->api          },
        {"version",   d->version_label},
        {"plan",      d->plan         },
        {"operation", d->operation    }
    };
    json_open_object(&w);
    json_key_bool(&w, "allowed", d->code == DENY_NONE);
    json_key_i64(&w, "status", deny_status(d->code));
    json_key_str(&w, "code", str_from(deny_name(d->code)));
    json_key_str(&w, "reason", str_from(deny_sentence(d->code)));
    json_key_str(&w, "remedy", str_from(deny_remedy(d->code)));
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        json_key_str(&w, texts[i].name, texts[i].value.len ? texts[i].value : STR_NONE);
    json_key_i64(&w, "retry_after_ms", d->retry_after_ms);
    json_close_object(&w);
}

bool rest_explain(struct http_request *req, struct http_response *res, struct err *err)
{
    const struct json *body = NULL;
    struct check_request ask = {.dry_run = true};
    struct decision d;
    struct deployment row = {0};
    if (!rest_body(req, true, &body, res, err) ||
        !explain_deployment(req, body, &ask.deployment, err))
        return false;
    struct str id = id_format(req->mem, ask.deployment), path = json_get_str(body, "path");
    if (!catalog_deployment(VIEW(req), PRINCIPAL(req), &id, req->mem, &row, err))
        return false;
    ask.method = json_get_str(body, "method").len ? json_get_str(body, "method") : STR("GET");
    ask.path =
        arena_join(req->mem, str_eq(row.base_path, STR("/")) ? STR("") : row.base_path, path);
    ask.key = json_get_str(body, "key");
    struct image_reader *images = image_reader_open(APP(req)->catalog);
    decide(image_get(images), NULL, &ask, 0, req->now_ms, &d);
    write_decision(&d, &res->owned);
    image_reader_close(images);
    secret_answer(res);
    return true;
}

/* --- health
 * -----------------------------------------------------------------------------------------------
 */

bool rest_contract_get(struct http_request *req, struct http_response *res, struct err *err)
{
    UNUSED(req);
    UNUSED(err);
    res->content_type = STR("application/yaml");
    res->body = (struct str){(const char *)rest_contract, rest_contract_len};
    return true;
}

bool rest_health(struct http_request *req, struct http_response *res, struct err *err)
{
    UNUSED(req);
    UNUSED(err);
    res->content_type = STR("application/json");
    res->body = STR("{\"status\":\"ok\"}");
    return true;
}

/* Ready: the catalog can be read and there is an image to decide by. */
bool rest_ready(struct http_request *req, struct http_response *res, struct err *err)
{
    const struct catalog_query one = {.limit = 1};
    struct catalog_list list = {0};
    struct image_reader *images = image_reader_open(APP(req)->catalog);
    bool ready = image_get(images) != NULL;
    image_reader_close(images);
    if (!ready)
        return fail(err, ERR_BUSY, "", "there is no access image yet");
    if (!catalog_groups(VIEW(req), &principal_internal, &one, req->mem, &list, err))
        return false;
    res->content_type = STR("application/json");
    res->body = STR("{\"status\":\"ok\"}");
    return true;
}
