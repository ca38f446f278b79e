/* Static files: compiled in, under names that change with their content. */
#include "portal/web/handlers.h"

/* True when the header lists gzip without forbidding it (RFC 9110 §12.5.3). */
static bool takes_gzip(struct str accepted)
{
    struct str item;
    while (str_split(&accepted, ',', &item)) {
        struct str coding, weight = item;
        (void)str_split(&weight, ';', &coding);
        weight = str_trim(weight);
        if (str_eq_nocase(str_trim(coding), STR("gzip")))
            return !str_eq(weight, STR("q=0")) && !str_starts(weight, STR("q=0.0"));
    }
    return false;
}

bool web_file(struct http_request *req, struct http_response *res, struct err *err)
{
    for (size_t i = 0; i < template_file_count; i++) {
        const struct html_file *file = &template_files[i];
        if (!str_eq(req->args[0], str_from(file->name)))
            continue;
        bool packed = file->packed.len > 0 && takes_gzip(http_header(req, "accept-encoding"));
        res->content_type = str_from(file->media_type);
        res->body = packed ? file->packed : file->bytes;
        http_set_header(res, "Vary", STR("Accept-Encoding"));
        if (packed)
            http_set_header(res, "Content-Encoding", STR("gzip"));
        return true;
    }
    return fail(err, ERR_NOT_FOUND, "", "there is no such file");
}
