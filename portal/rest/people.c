/* Who asks, and the tags of what they see. */
#include "portal/identity.h"
#include "portal/rest/operation.h"

#define TEAMS_AT_ONCE 500

/* The caller's own part in a team; ERR_NOT_FOUND when it has ended meanwhile. */
static bool role_in(const struct http_request *req, struct str team, int *role, struct err *err)
{
    struct catalog_query query = {.team = team, .limit = TEAMS_AT_ONCE};
    struct catalog_list list = {0};
    do {
        if (!catalog_members(VIEW(req), PRINCIPAL(req), &query, req->mem, &list, err))
            return false;
        const struct member *rows = list.rows;
        for (size_t i = 0; i < list.count; i++)
            if (rows[i].user_id == PRINCIPAL(req)->user_id) {
                *role = rows[i].role;
                return true;
            }
        query.cursor = list.next;
    } while (list.next.ptr != NULL);
    return fail(err, ERR_NOT_FOUND, "", "no member of this team");
}

static void write_team(struct json_writer *w, struct str slug, int role)
{
    json_open_object(w);
    json_key_str(w, "slug", slug);
    json_key_str(w, "role", str_from(name_of(&names_member_role, role)));
    json_close_object(w);
}

static bool write_teams(struct json_writer *w, const struct http_request *req, struct err *err)
{
    struct catalog_query query = {.mine = true, .limit = TEAMS_AT_ONCE};
    struct catalog_list list = {0};
    if (PRINCIPAL(req)->user_id == 0) /* the local administrator belongs to none */
        return true;
    do {
        if (!catalog_teams(VIEW(req), PRINCIPAL(req), &query, req->mem, &list, err))
            return false;
        const struct team *rows = list.rows;
        for (size_t i = 0; i < list.count; i++) {
            int role = 0;
            if (role_in(req, rows[i].slug, &role, err))
                write_team(w, rows[i].slug, role);
            else if (err->code != ERR_NOT_FOUND)
                return false;
        }
        query.cursor = list.next;
    } while (list.next.ptr != NULL);
    return true;
}

static struct str via_of(const struct principal *who)
{
    if (who->via == VIA_TOKEN)
        return STR("token");
    return who->via == VIA_UNIX ? STR("unix") : STR("session");
}

bool rest_me(struct rest_call *call, struct err *err)
{
    struct http_request *req = call->req;
    const struct principal *who = PRINCIPAL(req);
    struct user user = {0};
    if (who->user_id != 0 && !catalog_user(VIEW(req), who, &who->name, req->mem, &user, err))
        return false;
    struct json_writer w = rest_json(call->res);
    json_open_object(&w);
    json_key_str(&w, "name", who->name);
    json_key_str(&w, "display_name", user.display_name);
    json_key_str(&w, "role", str_from(name_of(&names_role, (int)who->role)));
    json_key_str(&w, "via", via_of(who));
    json_key_str(&w, "scope",
                 who->via == VIA_TOKEN ? str_from(name_of(&names_scope, (int)who->scope))
                                       : STR_NONE);
    json_key_str(&w, "portal_url", APP(req)->public_url);
    json_key(&w, STR("teams"));
    json_open_array(&w);
    if (!write_teams(&w, req, err))
        return false;
    json_close_array(&w);
    json_close_object(&w);
    if (who->via == VIA_SESSION)
        http_set_header(call->res, "X-CSRF-Token", who->csrf);
    return true;
}

bool rest_password(struct rest_call *call, struct err *err)
{
    struct str current = json_get_str(call->body, "current_password");
    struct str password = json_get_str(call->body, "password");
    if (password.ptr == NULL)
        return fail(err, ERR_INVALID, "/password", "is required");
    if (!identity_change_password(call->req, current, password, call->res, err)) {
        if (err->code == ERR_LIMIT) /* of attempts, not of size */
            call->res->status = 429;
        return false;
    }
    call->res->status = 204;
    return true;
}

bool rest_tags(struct rest_call *call, struct err *err)
{
    struct http_request *req = call->req;
    const struct tag_count *tags = NULL;
    size_t count = 0;
    if (!catalog_tags(VIEW(req), PRINCIPAL(req), req->mem, &tags, &count, err))
        return false;
    struct json_writer w = rest_json(call->res);
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
    json_key_str(&w, "next", STR_NONE);
    json_key_i64(&w, "total", (int64_t)count);
    json_close_object(&w);
    return true;
}
