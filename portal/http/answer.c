/* Status codes, problem+json, and answers written past the library. */
#include "portal/http/answer.h"
#include "portal/http/guard.h"

int http_status_of(const struct err *err)
{
    static const int statuses[ERR_CODE_COUNT] = {
        [ERR_NONE] = 500,
        [ERR_INVALID] = 400,
        [ERR_NOT_FOUND] = 404,
        [ERR_CONFLICT] = 409,
        [ERR_STALE] = 412,
        [ERR_DENIED] = 403,
        [ERR_UNAUTHENTICATED] = 401,
        [ERR_LIMIT] = 413,
        [ERR_BUSY] = 503,
        [ERR_STORE] = 500,
        [ERR_IO] = 500,
    };
    if (err->code == ERR_INVALID &&
        err->where[0] == '/') /* a member of a body that was understood as JSON */
        return 422;
    return (size_t)err->code < ERR_CODE_COUNT ? statuses[err->code] : 500;
}

const char *answer_reason(int status)
{
    static const struct {
        int status;
        const char *reason;
    } reasons[] = {
        {200, "OK"                             },
        {400, "Bad Request"                    },
        {401, "Unauthorized"                   },
        {403, "Forbidden"                      },
        {404, "Not Found"                      },
        {405, "Method Not Allowed"             },
        {409, "Conflict"                       },
        {412, "Precondition Failed"            },
        {413, "Content Too Large"              },
        {415, "Unsupported Media Type"         },
        {417, "Expectation Failed"             },
        {421, "Misdirected Request"            },
        {422, "Unprocessable Content"          },
        {428, "Precondition Required"          },
        {429, "Too Many Requests"              },
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"          },
        {501, "Not Implemented"                },
        {503, "Service Unavailable"            },
    };
    for (size_t i = 0; i < COUNT_OF(reasons); i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return status < 400 ? "OK" : "Error";
}

struct str answer_body(const struct http_response *res)
{
    return res->body.ptr != NULL ? res->body : buf_str(&res->owned);
}

bool answer_is_allow(const struct http_config *config, const struct http_response *res)
{
    return config->any != NULL && res->status == 200 && res->stream.next == NULL &&
           res->content_type.len == 0 && answer_body(res).len == 0;
}

struct http_pair *answer_header(struct http_response *res, struct str name)
{
    for (size_t i = 0; i < res->header_count; i++)
        if (str_eq_nocase(res->headers[i].name, name))
            return &res->headers[i];
    return NULL;
}

void answer_drop_stream(struct http_response *res)
{
    struct http_stream stream = res->stream;
    res->stream = (struct http_stream){0};
    if (stream.close != NULL)
        stream.close(stream.context);
}

bool answer_headers_fit(const struct http_response *res)
{
    for (size_t i = 0; i < res->header_count; i++)
        if (!guard_value(res->headers[i].value))
            return false;
    return guard_value(res->content_type);
}

void answer_write(const struct http_response *res, bool with_body, struct buf *out)
{
    struct str body = answer_body(res);
    buf_printf(out, "HTTP/1.1 %d %s\r\nConnection: close\r\nContent-Length: %zu\r\n", res->status,
               answer_reason(res->status), body.len);
    if (res->content_type.len > 0)
        buf_printf(out, "Content-Type: " STR_FMT "\r\n", STR_ARG(res->content_type));
    for (size_t i = 0; i < res->header_count; i++)
        buf_printf(out, STR_FMT ": " STR_FMT "\r\n", STR_ARG(res->headers[i].name),
                   STR_ARG(res->headers[i].value));
    buf_add(out, STR("\r\n"));
    if (with_body)
        buf_add(out, body);
}

/* A place outside the body is named in the sentence; a JSON Pointer goes to errors[]. The texts of
 * our own faults may name files and statements, which are for the log. */
static struct str detail_of(const struct err *err, bool told, struct arena *mem)
{
    bool named = err->where[0] != '\0' && err->where[0] != '/';
    if (!told)
        return STR("the request failed here; the log has the reason under this request id");
    return arena_printf(mem, "%s%s%s%s%s", named ? err->where : "", named ? ": " : "", err->msg,
                        err->hint[0] ? "; " : "", err->hint);
}

static void write_errors(struct json_writer *w, const struct err *err, struct str several,
                         bool told)
{
    json_key(w, STR("errors"));
    if (told && several.ptr != NULL) {
        json_put_raw(w, several);
        return;
    }
    json_open_array(w);
    if (told && err->where[0] == '/') {
        json_open_object(w);
        json_key_str(w, "pointer", str_from(err->where));
        json_key_str(w, "code", str_from(err_code_name(err->code)));
        json_key_str(w, "detail", str_from(err->msg));
        json_close_object(w);
    }
    json_close_array(w);
}

void http_problem(const struct http_request *req, const struct err *err, struct http_response *res)
{
    struct json_writer w = {.out = &res->owned};
    if (res->status < 400)
        res->status = http_status_of(err);
    bool told = res->status < 500 || err->code == ERR_BUSY || err->code == ERR_INVALID;
    buf_reset(&res->owned);
    json_open_object(&w);
    json_key_str(&w, "type", STR("about:blank"));
    json_key_str(&w, "title", str_from(answer_reason(res->status)));
    json_key_i64(&w, "status", res->status);
    json_key_str(&w, "detail", detail_of(err, told, req->mem));
    json_key_str(&w, "code", str_from(err_code_name(err->code)));
    json_key_str(&w, "request_id", req->request_id);
    write_errors(&w, err, res->errors, told);
    json_close_object(&w);
    res->body = STR_NONE;
    res->content_type = STR("application/problem+json");
    if (res->status == 401) /* RFC 9110 §15.5.2, RFC 6750 §3: an error only for who has tried */
        http_set_header(res, "WWW-Authenticate",
                        http_header(req, "authorization").ptr != NULL
                            ? STR("Bearer realm=\"chancery\", error=\"invalid_token\"")
                            : STR("Bearer realm=\"chancery\""));
}
