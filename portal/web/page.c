/* Layout, navigation, flash messages. */
#include "portal/web/page.h"
#include "portal/identity.h"

static const struct {
    enum web_section section;
    bool signed_in;
    const char *label, *href;
} navigation[] = {
    {WEB_APIS,     false, "APIs",      "/apis"    },
    {WEB_APPS,     true,  "My apps",   "/apps"    },
    {WEB_REQUESTS, true,  "Requests",  "/requests"},
    {WEB_TEAMS,    true,  "Teams",     "/teams"   },
    {WEB_RULESETS, true,  "Rulesets",  "/rulesets"},
    {WEB_EVENTS,   true,  "Event log", "/events"  },
};

/* Messages after a redirect; the address carries their names only. */
static const struct {
    const char *done, *message;
} messages[] = {
    {"signed-out",       "You are signed out."                                                           },
    {"setup",            "The first administrator is made. Welcome."                                     },
    {"app",              "The app is registered. It needs a key, and access to an API."                  },
    {"revoked-key",      "The key is revoked. Calls with it are refused from now on."                    },
    {"asked",            "Your request is on its way to the API's team."                                 },
    {"granted",          "Access is granted: this API approves requests automatically."                  },
    {"approve",          "Approved. The gateways let the app in now."                                    },
    {"reject",           "Rejected."                                                                     },
    {"withdraw",         "Withdrawn."                                                                    },
    {"suspend",          "Suspended. The gateways refuse the app until access is resumed."               },
    {"resume",           "Resumed. The gateways let the app in again."                                   },
    {"revoke",           "Revoked. The gateways refuse the app from now on."                             },
    {"team",             "The team is made, and you own it."                                             },
    {"member",           "The member is added."                                                          },
    {"removed",          "The member is removed."                                                        },
    {"api",              "The API is registered. Give it a version and upload its document."             },
    {"changed",          "The change is saved."                                                          },
    {"version",          "The version is made, as a draft. Upload its OpenAPI document."                 },
    {"document",         "The document is stored."                                                       },
    {"candidate",
     "The document is stored, and waits: the one in force stays until what stands below is done."        },
    {"published",        "It is published."                                                              },
    {"waived",           "Waived. The gate lets it through until the waiver ends."                       },
    {"revoked-waiver",   "The waiver is revoked."                                                        },
    {"ruleset",          "The ruleset is made. Write its rules."                                         },
    {"ruleset-text",
     "The rules are kept as a new revision. Look at what they would change, then put them in force."     },
    {"ruleset-force",
     "Done. Documents are judged by it from now on, published ones as soon as they are looked at."       },
    {"rule",             "The rule is added."                                                            },
    {"removed-rule",     "The rule is removed."                                                          },
    {"review",           "The review is asked for. A second person of the team, or an operator, decides."},
    {"approved-review",  "Approved. Now it can be published."                                            },
    {"rejected-review",  "Rejected."                                                                     },
    {"withdrawn-review", "Withdrawn."                                                                    },
    {"revoked-token",    "The token is revoked. Programs that use it are refused from now on."           },
    {"password",         "Your password is changed. Everywhere else you are signed out."                 },
    {"stage",            "The version has moved to its new stage."                                       },
};

bool web_signed_in(const struct http_request *req)
{
    return PRINCIPAL(req) != NULL && PRINCIPAL(req)->via != VIA_NOBODY;
}

struct str web_sentence(struct arena *mem, struct str text)
{
    if (text.len == 0)
        return STR("");
    char *copy = str_z(mem, arena_join(mem, text, STR(".")));
    if (copy[0] >= 'a' && copy[0] <= 'z')
        copy[0] = (char)(copy[0] - 'a' + 'A');
    bool ended = strchr(".!?", copy[text.len - 1]) != NULL;
    return (struct str){copy, text.len + !ended};
}

void web_pieces(struct html_data *item, struct str text)
{
    struct str part;
    for (bool code = false; str_split(&text, '`', &part); code = !code) {
        struct html_data *piece = html_add(item, T(pieces));
        html_flag(piece, T(code), code);
        html_text(piece, T(text), part);
    }
}

static void set_flash(struct page *p)
{
    struct str done = http_query(p->req, "done");
    for (size_t i = 0; i < COUNT_OF(messages); i++)
        if (str_eq(done, str_from(messages[i].done)))
            html_text(p->data, T(flash), str_from(messages[i].message));
}

struct page web_begin(struct http_request *req, struct http_response *res, struct err *err)
{
    struct page p = {.req = req, .res = res, .data = html_new(req->mem), .err = err};
    const struct principal *who = PRINCIPAL(req);
    bool asks = req->method == HTTP_GET || req->method == HTTP_HEAD;
    html_text(p.data, T(csrf), identity_form_token(req));
    html_text(p.data, T(here),
              asks && !str_eq(req->path, STR("/sign-in")) ? req->target : STR("/"));
    html_flag(p.data, T(known), who != NULL);
    html_flag(p.data, T(signed_in), web_signed_in(req));
    html_text(p.data, T(viewer), who ? who->name : STR_NONE);
    set_flash(&p);
    return p;
}

void web_crumb(const struct page *p, const char *label, struct str name, struct str href)
{
    struct html_data *crumb = html_add(p->data, T(crumbs));
    html_text(crumb, T(label), label ? str_from(label) : name);
    html_text(crumb, T(href), href);
}

int64_t web_awaiting(struct http_request *req)
{
    const struct catalog_query query = {.awaiting = true};
    return web_count(req, catalog_subscriptions, query) + web_count(req, catalog_reviews, query);
}

static void set_navigation(const struct page *p, enum web_section section)
{
    int64_t awaiting = web_signed_in(p->req) && p->req->worker != NULL ? web_awaiting(p->req) : 0;
    for (size_t i = 0; i < COUNT_OF(navigation); i++) {
        if (navigation[i].signed_in && !web_signed_in(p->req))
            continue;
        struct html_data *item = html_add(p->data, T(navigation));
        html_text(item, T(label), str_from(navigation[i].label));
        int64_t badge = navigation[i].section == WEB_REQUESTS ? awaiting : 0;
        html_text(item, T(href), badge ? STR("/requests/awaiting") : str_from(navigation[i].href));
        html_flag(item, T(current), navigation[i].section == section);
        html_number(item, T(badge), badge);
    }
}

bool web_page(const struct page *p, const struct html_template *content, struct str title,
              enum web_section section)
{
    html_text(p->data, T(title), title);
    html_slot(p->data, T(content), content);
    set_navigation(p, section);
    p->res->content_type = STR("text/html; charset=utf-8");
    p->res->body = STR_NONE;
    buf_reset(&p->res->owned);
    return html_render(&template_layout, p->data, p->req->mem, &p->res->owned, p->err);
}

bool web_redirect(struct http_request *req, struct http_response *res, struct str to,
                  const char *done)
{
    if (done != NULL)
        to = arena_join(req->mem, to,
                        str_find_char(to, '?') == SIZE_MAX ? STR("?done=") : STR("&done="),
                        str_from(done));
    res->status = 303;
    res->content_type = STR_NONE;
    res->body = STR("");
    http_set_header(res, "Location", to);
    return true;
}

/* --- lists ---------------------------------------------------------------------------------------
 */

bool web_list(const struct page *p, catalog_list_fn *list, struct catalog_query query,
              const char *name, const struct record *record, struct catalog_list *out)
{
    if (!list(VIEW(p->req), PRINCIPAL(p->req), &query, p->req->mem, out, p->err))
        return false;
    html_rows(p->data, name, record, out->rows, out->count);
    return true;
}

void web_pager(const struct page *p, const struct catalog_list *list)
{
    struct str cursor = http_query(p->req, "cursor");
    struct str base = web_query_without(p->req, "cursor");
    html_number(p->data, T(total), list->total);
    html_flag(p->data, T(one), list->total == 1);
    html_text(p->data, T(first_page), cursor.len > 0 ? base : STR_NONE);
    html_text(p->data, T(next_page),
              list->next.len > 0 ? arena_join(p->req->mem, base, STR("cursor="), list->next)
                                 : STR_NONE);
}

int64_t web_count(struct http_request *req, catalog_list_fn *list, struct catalog_query query)
{
    struct catalog_list found = {0};
    struct err ignored = {0};
    query.limit = 1;
    return list(VIEW(req), PRINCIPAL(req), &query, req->mem, &found, &ignored) ? found.total : 0;
}
