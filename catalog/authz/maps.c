/* Lists as maps for HAProxy and nginx, see enum access_list_form. */
#include "catalog/authz/list.h"
#include "catalog/route/route.h"

/* Longer ones are left out. nginx keeps a word of a map in one hash bucket (512 bytes in our
 * sample) and a word of its configuration in 4 KiB. */
#define WORD_MOST       ((size_t)480)
#define EXPRESSION_MOST ((size_t)3500)

static bool is_nginx(const struct access_list *l)
{
    return l->options.form == ACCESS_LIST_NGINX;
}

static void open_block(struct access_list *l, const char *source, const char *target,
                       const char *fallback)
{
    if (is_nginx(l))
        buf_printf(l->out, "map \"%s\" %s {\ndefault \"%s\";\n", source, target, fallback);
}

static void close_block(struct access_list *l)
{
    if (is_nginx(l))
        buf_add(l->out, STR("}\n"));
}

static void put_line(struct access_list *l, struct str word, struct str value)
{
    if (is_nginx(l))
        buf_printf(l->out, "\"" STR_FMT "\" \"" STR_FMT "\";\n", STR_ARG(word), STR_ARG(value));
    else
        buf_printf(l->out, STR_FMT " " STR_FMT "\n", STR_ARG(word), STR_ARG(value));
}

/* "GET /pets/{petId}" as one word that needs no quotes: GET:/pets/{petId}. */
static void put_operation(struct buf *out, struct str name)
{
    size_t blank = str_find_char(name, ' ');
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (i == blank)
            buf_add_char(out, ':');
        else if (c > ' ' && c < 0x7F && strchr("\"#$%';\\^`|", c) == NULL)
            buf_add_char(out, c);
        else
            buf_printf(out, "%%%02X", (unsigned)(unsigned char)c);
    }
}

/* --- keys ------------------------------------------------------------------------------------- */

static void put_head(struct access_list *l)
{
    buf_printf(l->out, "# " STR_FMT ", version %llu\n", STR_ARG(l->options.group),
               (unsigned long long)l->options.version);
    if (l->options.form == ACCESS_LIST_HAPROXY_OPERATIONS) {
        l->phase = LIST_OPERATIONS;
        return;
    }
    open_block(l, "$chancery_key", "$chancery_app", "");
    l->phase = LIST_APPS;
}

static void begin_grants(struct access_list *l, bool narrow)
{
    close_block(l);
    if (narrow)
        open_block(l, "$chancery_app:$chancery_api:$chancery_operation", "$chancery_narrow_plan",
                   "");
    else
        open_block(l, "$chancery_app:$chancery_api", "$chancery_plan", "");
    list_rewind(l);
    l->narrow = narrow;
    l->phase = LIST_GRANTS;
}

static void put_app(struct access_list *l)
{
    if (!list_next_app(l)) {
        begin_grants(l, false);
    } else if (list_app(l)) {
        l->key[BASE] = l->key[OVER] = 0;
        l->phase = LIST_KEYS;
    }
}

static void put_keys(struct access_list *l)
{
    struct listed_key key;
    char text[KEY_HEX_LEN];
    while (l->out->len < PIECE_BYTES) {
        if (!list_next_key(l, &key)) {
            l->phase = LIST_APPS;
            return;
        }
        list_write_key(&key, text);
        put_line(l, (struct str){text, sizeof(text)}, l->slug);
    }
}

/* --- grants ----------------------------------------------------------------------------------- */

/* An app's grants for one API, in the order in which decide() asks them. */
struct pair {
    const struct image_header *h;
    const struct image_grant *grants;
    uint32_t count;
};

static bool in_force(struct access_list *l, const struct image_header *h,
                     const struct image_grant *g)
{
    if (!list_grant(l, h, g))
        return false;
    if (l->options.now_ms >= g->not_before_ms)
        return true;
    if (l->changes_at_ms > g->not_before_ms)
        l->changes_at_ms = g->not_before_ms;
    return false;
}

static bool plan_names(const struct image_header *where, const struct image_plan *plan,
                       struct str operation)
{
    return plan_covers(where, plan, image_find_text(where, SECTION_names, operation));
}

/* A word stands in a map once: the first grant that covers the operation speaks. */
static bool said_before(struct access_list *l, const struct pair *p, uint32_t grant,
                        struct str operation)
{
    for (uint32_t i = 0; i < grant; i++) {
        const struct image_header *where = p->h;
        const struct image_plan *plan =
            image_plan_now(p->h, l->parts[OVER], p->grants[i].plan, &where);
        if (in_force(l, p->h, &p->grants[i]) && plan_names(where, plan, operation))
            return true;
    }
    return false;
}

static void put_narrow(struct access_list *l, const struct pair *p, uint32_t grant,
                       struct buf *word)
{
    const struct image_header *where = p->h;
    const struct image_plan *plan =
        image_plan_now(p->h, l->parts[OVER], p->grants[grant].plan, &where);
    size_t kept = word->len;
    for (uint32_t i = 0; i < plan->operation_count; i++) {
        uint32_t name = image_plan_operations(where)[plan->operation + i];
        struct str operation = image_str(where, image_names(where)[name]);
        if (said_before(l, p, grant, operation))
            continue;
        buf_add_char(word, ':');
        put_operation(word, operation);
        if (word->len <= WORD_MOST)
            put_line(l, buf_str(word), image_str(where, plan->slug));
        word->len = kept;
    }
}

/* What stands behind a grant with limits would let pass what that one refuses, and what stands
 * behind one for all operations is never asked. */
static void put_pair(struct access_list *l, const struct pair *p)
{
    CLEANUP(buf_clear) struct buf word = {0};
    buf_printf(&word, STR_FMT ":" STR_FMT, STR_ARG(l->slug),
               STR_ARG(image_str(p->h, image_apis(p->h)[p->grants->api].slug)));
    for (uint32_t i = 0; i < p->count; i++) {
        const struct image_header *where = p->h;
        const struct image_plan *plan =
            image_plan_now(p->h, l->parts[OVER], p->grants[i].plan, &where);
        if (!in_force(l, p->h, &p->grants[i]))
            continue;
        if (plan_is_metered(plan))
            return;
        if (!plan->all && l->narrow)
            put_narrow(l, p, i, &word);
        if (plan->all && !l->narrow)
            put_line(l, buf_str(&word), image_str(where, plan->slug));
        if (plan->all)
            return;
    }
}

static void put_grants(struct access_list *l)
{
    const struct image_app *app = NULL;
    if (!list_next_app(l)) {
        if (!l->narrow) {
            begin_grants(l, true);
            return;
        }
        close_block(l);
        open_block(l, "$chancery_deployment:$request_method:$request_uri", "$chancery_operation",
                   "unknown");
        l->phase = is_nginx(l) ? LIST_OPERATIONS : LIST_END;
        return;
    }
    if (!list_app(l))
        return;
    const struct image_header *h = list_app_said(l, &app);
    const struct image_grant *grants = image_grants(h) + app->grant;
    for (uint32_t at = 0, end = 0; at < app->grant_count; at = end) {
        while (end < app->grant_count && grants[end].api == grants[at].api)
            end++;
        put_pair(l, &(struct pair){h, grants + at, end - at});
    }
}

/* --- operations ------------------------------------------------------------------------------- */

/* The lines of one deployment. */
struct place_lines {
    struct access_list *l;
    const struct image_place *place;
    struct router router;
    struct buf prefix, base; /* "^pets/v1:", and the base path's expression */
    struct buf word, value;
};

static void place_lines_clear(struct place_lines *p)
{
    buf_clear(&p->prefix);
    buf_clear(&p->base);
    buf_clear(&p->word);
    buf_clear(&p->value);
}

static void put_expression(struct place_lines *p, const char *method, struct str path,
                           struct str value)
{
    buf_reset(&p->word);
    buf_printf(&p->word, STR_FMT "%s:" STR_FMT STR_FMT "(?:[?]|$)", STR_ARG(buf_str(&p->prefix)),
               method, STR_ARG(buf_str(&p->base)), STR_ARG(path));
    if (p->word.len + value.len <= EXPRESSION_MOST)
        put_line(p->l, buf_str(&p->word), value);
}

/* Of a name that would mean something in an expression the calls are refused. */
static bool is_plain(struct str method)
{
    for (size_t i = 0; i < method.len; i++) {
        char c = method.ptr[i];
        if (!(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') && c != '-' && c != '_')
            return false;
    }
    return true;
}

static void put_method(struct place_lines *p, struct str method, struct str path,
                       uint32_t operation)
{
    const struct image_header *h = p->place->h;
    const struct image_deployment *d = p->place->deployment;
    CLEANUP(arena_clear) struct arena mem = {0};
    if (operation >= d->operation_count || !is_plain(method))
        return;
    uint32_t name = image_operations(h)[d->operation + operation];
    buf_reset(&p->value);
    put_operation(&p->value, image_str(h, image_names(h)[name]));
    put_expression(p, str_z(&mem, method), path, buf_str(&p->value));
}

static void put_template(void *context, struct str path, uint32_t template)
{
    struct place_lines *p = context;
    struct str method = STR_NONE;
    uint32_t get = UINT32_MAX, operation = 0;
    bool head = false;
    for (uint32_t i = 0; route_method(&p->router, template, i, &method, &operation); i++) {
        put_method(p, method, path, operation);
        head = head || str_eq(method, STR("HEAD"));
        get = str_eq(method, STR("GET")) ? operation : get;
    }
    if (!head && get != UINT32_MAX)
        put_method(p, STR("HEAD"), path, get);
    put_expression(p, "[^:]+", path, STR("method"));
}

/* "^pets/v1:", with the dots of the label as they are. */
static void put_prefix(struct place_lines *p)
{
    struct str label = image_str(p->place->h, p->place->deployment->version_label);
    buf_printf(&p->prefix, "%s^" STR_FMT "/", is_nginx(p->l) ? "~" : "", STR_ARG(p->place->api));
    for (size_t i = 0; i < label.len; i++)
        buf_printf(&p->prefix, label.ptr[i] == '.' ? "[%c]" : "%c", label.ptr[i]);
    buf_add_char(&p->prefix, ':');
}

/* Any path, but none with dots: those fold away behind the proxy, and might lead to another API. */
static void put_open(struct place_lines *p)
{
    CLEANUP(buf_clear) struct buf any = {0};
    route_expression_of_any(&any);
    put_expression(p, "[^:]+", buf_str(&any), STR("open"));
}

static void put_place(struct access_list *l, const struct image_place *place)
{
    CLEANUP(place_lines_clear) struct place_lines p = {.l = l, .place = place};
    const struct image_deployment *d = place->deployment;
    struct str base = image_str(place->h, d->base_path);
    p.router.bytes = (struct str){image_routers(place->h) + d->router, d->router_len};
    if (d->stage != ACCESS_STAGE_LIVE && d->stage != ACCESS_STAGE_RETIRED)
        return;
    put_prefix(&p);
    while (base.len > 0 && base.ptr[base.len - 1] == '/')
        base.len--;
    if (d->stage == ACCESS_STAGE_RETIRED)
        put_line(l, buf_str(&p.prefix), STR("retired"));
    else if (!route_expression_of_text(base, &p.base))
        return;
    else if (place->open)
        put_open(&p);
    else
        route_expressions(&p.router, put_template, &p);
}

static void put_operations(struct access_list *l)
{
    struct image_place place;
    int64_t id = image_next_deployment(l->image, &l->walk);
    if (id == 0)
        l->phase = LIST_END;
    else if (image_place(l->image, id, &place) &&
             str_eq(image_str(place.h, place.deployment->group), l->options.group))
        put_place(l, &place);
}

static void put_end(struct access_list *l)
{
    close_block(l);
    l->phase = LIST_DONE;
}

list_step *const map_steps[LIST_DONE] = {
    [LIST_HEAD] = put_head,
    [LIST_APPS] = put_app,
    [LIST_KEYS] = put_keys,
    [LIST_GRANTS] = put_grants,
    [LIST_OPERATIONS] = put_operations,
    [LIST_END] = put_end,
};
