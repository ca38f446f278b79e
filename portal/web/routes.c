/* The pages' routes. */
#include "portal/web/web.h"

void web_error(struct http_request *req, const struct err *err, struct http_response *res)
{
    http_problem(req, err, res);
}

static bool nothing(struct http_request *req, struct http_response *res, struct err *err)
{
    UNUSED(req);
    UNUSED(res);
    return fail(err, ERR_NOT_FOUND, "", "there is no page here yet");
}
const struct http_route web_routes[] = {
    {HTTP_GET, ROUTE_ANYONE, "/", nothing, NULL, 0}
};
const size_t web_route_count = COUNT_OF(web_routes);
