/* Care of the file while it is being served: for the local administrator, because files are named.
 */
#include "portal/rest/operation.h"

static bool is_local_admin(const struct http_request *req, struct err *err)
{
    const struct principal *who = PRINCIPAL(req);
    if (who->via == VIA_UNIX && who->role == ROLE_ADMIN)
        return true;
    (void)fail(err, ERR_DENIED, "", "only an administrator on the Unix socket may do this");
    return err_hint(err, "run chanceryd backup or chanceryd check on the host itself");
}

bool rest_backup(struct rest_call *call, struct err *err)
{
    struct http_request *req = call->req;
    struct str file = json_get_str(call->body, "file");
    if (!is_local_admin(req, err))
        return false;
    if (file.len == 0 || file.ptr[0] != '/')
        return fail(err, ERR_INVALID, "/file", "must be an absolute path on the server");
    if (!catalog_backup(APP(req)->catalog, str_z(req->mem, file), err))
        return false;
    struct json_writer w = rest_json(call->res);
    json_open_object(&w);
    json_key_str(&w, "file", file);
    json_close_object(&w);
    return true;
}

bool rest_check(struct rest_call *call, struct err *err)
{
    struct http_request *req = call->req;
    struct catalog_report report = {0};
    if (!is_local_admin(req, err) || !catalog_check(VIEW(req), req->mem, &report, err))
        return false;
    struct json_writer w = rest_json(call->res);
    json_open_object(&w);
    json_key_i64(&w, "events", report.events);
    json_key_i64(&w, "files", report.files);
    json_key_i64(&w, "rows", report.rows);
    json_key_str(&w, "problem", report.problem);
    json_close_object(&w);
    return true;
}
