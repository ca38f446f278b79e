/* For those who watch: does it run, can it answer, and by which contract. */
#include "portal/rest/operation.h"

/* data/openapi.yaml, made by the build. */
extern const unsigned char rest_contract[];
extern const size_t rest_contract_len;
extern const unsigned char rest_contract_packed[];
extern const size_t rest_contract_packed_len;
extern const char rest_contract_sha256[];

static void write_status(struct http_response *res, const char *status)
{
    struct json_writer w = rest_json(res);
    json_open_object(&w);
    json_key_str(&w, "status", str_from(status));
    json_close_object(&w);
}

bool rest_health(struct rest_call *call, struct err *err)
{
    UNUSED(err);
    write_status(call->res, "ok");
    return true;
}

bool rest_ready(struct rest_call *call, struct err *err)
{
    struct http_request *req = call->req;
    const struct catalog_query one = {.limit = 1};
    struct catalog_list list = {0};
    if (!catalog_groups(VIEW(req), &principal_internal, &one, req->mem, &list, err))
        return false;
    struct image_reader *reader = image_reader_open(APP(req)->catalog);
    bool published = image_get(reader) != NULL;
    image_reader_close(reader);
    if (!published)
        return fail(err, ERR_BUSY, "", "the first list of approved consumers is not ready yet");
    write_status(call->res, "ready");
    return true;
}

/* Both forms and the hash are made by the build, so this answers from the event thread. */
bool rest_contract_text(struct rest_call *call, struct err *err)
{
    struct http_request *req = call->req;
    struct str text = {(const char *)rest_contract, rest_contract_len};
    struct str packed = {(const char *)rest_contract_packed, rest_contract_packed_len};
    struct str hash = str_from(rest_contract_sha256);
    bool gzip = http_takes_gzip(req);
    UNUSED(err);
    struct str etag = arena_join(req->mem, gzip ? STR("W/\"") : STR("\""), hash, STR("\""));
    http_set_header(call->res, "ETag", etag);
    http_set_header(call->res, "Vary", STR("Accept-Encoding"));
    if (http_etag_matches(http_header(req, "if-none-match"), etag)) {
        call->res->status = 304;
        return true;
    }
    if (gzip)
        http_set_header(call->res, "Content-Encoding", STR("gzip"));
    call->res->content_type = STR("application/yaml");
    call->res->body = gzip ? packed : text;
    return true;
}
