/* The event log: who did what, when, why, and what it changed. */
#include "portal/web/handlers.h"

static struct str value_text(const struct json *value, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf out = {0};
    struct json_writer w = {.out = &out};
    if (value == NULL || value->type == JSON_TYPE_NULL)
        return STR("");
    if (value->type == JSON_TYPE_STRING)
        return value->string;
    json_write(&w, value);
    return arena_str(mem, buf_str(&out));
}

static struct json *object_of(struct str text, struct arena *mem)
{
    struct json *object = NULL;
    struct err ignored = {0};
    return text.len > 0 && json_parse(text, mem, &object, &ignored) ? object : NULL;
}

/* Said by the event itself already. */
static bool is_repeated(struct str field)
{
    static const char *const fields[] = {"updated_at", "decided_at", "decided_by", "reason"};
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        if (str_eq(field, str_from(fields[i])))
            return true;
    return false;
}

/* The fields that differ; of what is new or gone nothing is repeated, the line says that much. */
static void add_changes(struct html_data *item, const struct event *e, struct arena *mem)
{
    const struct json *before = object_of(e->before, mem), *after = object_of(e->after, mem);
    if (before == NULL || after == NULL)
        return;
    for (const struct json *now = after->child; now != NULL; now = now->next) {
        struct str is = value_text(now, mem);
        struct str was = value_text(json_get(before, str_z(mem, now->key)), mem);
        if (str_eq(was, is) || is_repeated(now->key))
            continue;
        struct html_data *change = html_add(item, T(changes));
        html_text(change, T(field), now->key);
        html_text(change, T(was), was);
        html_text(change, T(is), is);
    }
}

/* A version's subject is "api/label", a waiver's "api code". */
static struct str page_below_api(const struct event *e, struct arena *mem)
{
    struct str rest = e->subject, api = STR_NONE;
    bool version = str_eq(e->subject_type, STR("version"));
    if (!str_split(&rest, version ? '/' : ' ', &api) || rest.ptr == NULL)
        return STR_NONE;
    return version ? arena_join(mem, STR("/apis/"), api, STR("/versions/"), rest)
                   : arena_join(mem, STR("/apis/"), api, STR("/waivers"));
}

/* Where the subject of an event has a page. */
static struct str page_of(const struct event *e, struct arena *mem)
{
    static const struct {
        const char *type, *folder;
        bool by_id;
    } pages[] = {
        {"api",          "/apis/",     false},
        {"team",         "/teams/",    false},
        {"app",          "/apps/",     false},
        {"ruleset",      "/rulesets/", false},
        {"subscription", "/requests/", true },
        {"review",       "/reviews/",  true },
    };
    for (size_t i = 0; i < COUNT_OF(pages); i++)
        if (str_eq(e->subject_type, str_from(pages[i].type)))
            return arena_join(mem, str_from(pages[i].folder),
                              pages[i].by_id ? id_format(mem, e->subject_id) : e->subject);
    bool below = str_eq(e->subject_type, STR("version")) || str_eq(e->subject_type, STR("waiver"));
    return below ? page_below_api(e, mem) : STR_NONE;
}

bool web_events(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = web_begin(req, res, err);
    struct catalog_list list = {0};
    struct str subject = str_trim(http_query(req, "subject")),
               kind = str_trim(http_query(req, "kind"));
    struct str api = str_trim(http_query(req, "api")), cursor = http_query(req, "cursor");
    const struct catalog_query query = {.subject = subject.len ? subject : STR_NONE,
                                        .kind = kind.len ? kind : STR_NONE,
                                        .api = api.len ? api : STR_NONE,
                                        .cursor = cursor.len ? cursor : STR_NONE};
    if (!catalog_events(VIEW(req), PRINCIPAL(req), &query, req->mem, &list, err))
        return false;
    const struct event *rows = list.rows;
    for (size_t i = 0; i < list.count; i++) {
        struct html_data *item = html_add(p.data, T(events));
        html_row(item, &record_event, &rows[i]);
        html_text(item, T(href), page_of(&rows[i], req->mem));
        add_changes(item, &rows[i], req->mem);
    }
    html_flag(p.data, T(staff), PRINCIPAL(req)->role != ROLE_USER);
    html_text(p.data, T(q_subject), subject);
    html_text(p.data, T(q_kind), kind);
    html_text(p.data, T(q_api), api);
    html_flag(p.data, T(filtered), subject.len || kind.len || api.len);
    web_pager(&p, &list);
    return web_page(&p, &template_events, STR("Event log"), WEB_EVENTS);
}
