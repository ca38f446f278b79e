/* Static files: compiled in, plain and compressed, under names that change with their content. */
#include "portal/web/handlers.h"

bool web_file(struct http_request *req, struct http_response *res, struct err *err)
{
    for (size_t i = 0; i < template_file_count; i++) {
        const struct html_file *file = &template_files[i];
        if (!str_eq(req->args[0], str_from(file->name)))
            continue;
        bool packed = file->packed.len > 0 && http_takes_gzip(req);
        res->content_type = str_from(file->media_type);
        res->body = packed ? file->packed : file->bytes;
        http_set_header(res, "Vary", STR("Accept-Encoding"));
        if (packed)
            http_set_header(res, "Content-Encoding", STR("gzip"));
        return true;
    }
    return fail(err, ERR_NOT_FOUND, "", "there is no such file");
}
