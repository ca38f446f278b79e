/* A request of an operation: its parameters in their places, its bodies, its server. */
#include "parts.h"

/* Each is compared with all before it. */
#define MOST_PARAMETERS 1000

struct replaced {
    struct str name, text;
};

struct building {
    struct making m;
    struct exchange_request *out;
    bool optional;
    VEC(struct oas_spot) parameters;
    VEC(struct replaced) path;
    VEC(struct exchange_header) headers;
    struct buf query, cookie, made_up;
    bodies bodies;
};

static void building_clear(struct building *b)
{
    buf_clear(&b->query);
    buf_clear(&b->cookie);
    buf_clear(&b->made_up);
}

/* The first reason counts. */
static void miss(struct building *b, struct str what, struct str reason)
{
    if (b->out->missing.ptr == NULL)
        b->out->missing = arena_join(b->m.mem, what, STR(": "), reason);
}

/* --- parameters --------------------------------------------------------------------------------
 */

/* The operation's replace the path item's of the same name and place. */
static void add_parameters(struct building *b, struct oas_spot owner)
{
    struct exchange *x = b->m.x;
    struct oas_spot list = part_at(x, owner, STR("parameters"));
    for (struct oas_spot n = part_first(list); n.node != NULL; n = part_next(n)) {
        struct oas_spot parameter = part_follow(x, n);
        struct str name = part_text(x, parameter, "name"), in = part_text(x, parameter, "in");
        size_t at = 0;
        while (at < b->parameters.len &&
               !(str_eq(part_text(x, b->parameters.ptr[at], "name"), name) &&
                 str_eq(part_text(x, b->parameters.ptr[at], "in"), in)))
            at++;
        if (at < b->parameters.len)
            b->parameters.ptr[at] = parameter;
        else if (name.ptr != NULL && in.ptr != NULL && at < MOST_PARAMETERS)
            vec_push(&b->parameters, b->m.mem, parameter);
    }
}

/* Whoever sends a request says these by itself (OAS 3.x "Parameter Object"). */
static bool is_reserved_header(struct str name)
{
    return str_eq_nocase(name, STR("accept")) || str_eq_nocase(name, STR("content-type")) ||
           str_eq_nocase(name, STR("authorization"));
}

static bool header_safe(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < ' ' && text.ptr[i] != '\t')
            return false;
    return true;
}

/* The value of a parameter: by its content, its schema, or (2.0) by itself as a schema. */
static struct value value_for(struct building *b, struct oas_spot parameter, bool *content)
{
    struct exchange *x = b->m.x;
    struct oas_spot media = part_follow(x, part_first(part_at(x, parameter, STR("content"))));
    struct oas_spot holder = media.node ? media : parameter;
    struct oas_spot schema = {holder.doc, tree_get(holder.doc, holder.node, STR("schema"))};
    values found = {0};
    if (x->version == OAS_2_0)
        schema = parameter;
    *content = media.node != NULL;
    values_of(&b->m, holder, schema, false, &found);
    return found.ptr[0];
}

static bool write_value(struct building *b, struct oas_spot parameter, const struct value *value,
                        bool content, struct buf *out)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct exchange *x = b->m.x;
    struct str in = part_text(x, parameter, "in"), name = part_text(x, parameter, "name");
    bool named = str_eq(in, STR("query")) || str_eq(in, STR("cookie"));
    bool plain = str_eq(in, STR("header"));
    struct written how = {
        .name = name, .reserved = part_true(x, parameter, "allowReserved"), .raw = plain};
    struct tree *doc = NULL;
    if (value->raw.ptr != NULL) {
        buf_add(out, value->raw);
        return true;
    }
    if (content) {
        if (named)
            put_encoded(name, false, out);
        buf_add(out, named ? STR("=") : STR(""));
        if (plain)
            buf_add(out, value->json);
        else
            put_encoded(value->json, how.reserved, out);
        return true;
    }
    const struct style *style = style_of(x, parameter, &how.explode);
    if (!tree_read(value->json, NULL, &mem, &doc, NULL))
        return false;
    style_write(style, &how, doc, tree_root(doc), out);
    return true;
}

static void place(struct building *b, struct str in, struct str name, struct str text)
{
    struct arena *mem = b->m.mem;
    if (str_eq(in, STR("path"))) {
        if (text.len == 0)
            miss(b, name, STR("its value is empty, and would leave a gap in the path"));
        vec_push(&b->path, mem, (struct replaced){name, arena_str(mem, text)});
    } else if (str_eq(in, STR("header"))) {
        if (!header_safe(text))
            miss(b, name, STR("a header cannot carry its value"));
        vec_push(&b->headers, mem, (struct exchange_header){name, arena_str(mem, text)});
    } else if (str_eq(in, STR("cookie"))) {
        buf_add(&b->cookie, b->cookie.len > 0 ? STR("; ") : STR(""));
        buf_add(&b->cookie, text);
    } else {
        buf_add(&b->query, b->query.len > 0 && text.len > 0 ? STR("&") : STR(""));
        buf_add(&b->query, text);
    }
}

static void note_made_up(struct building *b, struct str name)
{
    buf_add(&b->made_up, b->made_up.len > 0 ? STR(", ") : STR(""));
    buf_add(&b->made_up, name);
}

/* 3.2 "querystring": the whole query is one value. */
static void put_querystring(struct building *b, const struct value *value)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct tree *doc = NULL;
    if (value->json.ptr == NULL || !tree_read(value->json, NULL, &mem, &doc, NULL))
        buf_add(&b->query, value->raw);
    else if (tree_kind_of(tree_root(doc)) == TREE_OBJECT)
        put_form(doc, tree_root(doc), &b->query);
    else
        put_encoded(value->json, false, &b->query);
}

static void add_parameter(struct building *b, struct oas_spot parameter)
{
    CLEANUP(buf_clear) struct buf text = {0};
    struct exchange *x = b->m.x;
    struct str in = part_text(x, parameter, "in"), name = part_text(x, parameter, "name");
    bool path = str_eq(in, STR("path")), content = false;
    bool required = path || part_true(x, parameter, "required");
    if (str_eq(in, STR("body")) || str_eq(in, STR("formData")) ||
        (str_eq(in, STR("header")) && is_reserved_header(name)))
        return;
    struct value value = value_for(b, parameter, &content);
    if (!required && !b->optional && !value.given)
        return;
    if (value.json.ptr == NULL && value.raw.ptr == NULL) {
        if (required)
            miss(b, name, value.reason);
        return;
    }
    if (path && !value.given)
        note_made_up(b, name);
    if (str_eq(in, STR("querystring")))
        put_querystring(b, &value);
    else if (write_value(b, parameter, &value, content, &text))
        place(b, in, name, buf_str(&text));
}

/* --- target ------------------------------------------------------------------------------------
 */

static struct str *replacement(struct building *b, struct str name)
{
    for (size_t i = 0; i < b->path.len; i++)
        if (str_eq(b->path.ptr[i].name, name))
            return &b->path.ptr[i].text;
    return NULL;
}

static void write_target(struct building *b, struct str template)
{
    CLEANUP(buf_clear) struct buf out = {0};
    struct str rest = template, part;
    (void)str_split(&rest, '{', &part);
    buf_add(&out, part);
    while (rest.ptr != NULL) {
        struct str name;
        (void)str_split(&rest, '}', &name);
        struct str *text = replacement(b, name);
        if (text == NULL)
            miss(b, name, STR("the path names it, no parameter describes it"));
        else
            buf_add(&out, *text);
        if (rest.ptr == NULL)
            break;
        (void)str_split(&rest, '{', &part);
        buf_add(&out, part);
    }
    if (b->query.len > 0) {
        buf_add(&out, str_find_char(template, '?') == SIZE_MAX ? STR("?") : STR("&"));
        buf_add(&out, buf_str(&b->query));
    }
    b->out->target = arena_str(b->m.mem, buf_str(&out));
}

/* --- server ------------------------------------------------------------------------------------
 */

/* OAS 3.x "Server Object": variables by their defaults. */
static struct str server_url(struct exchange *x, struct oas_spot server, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf out = {0};
    struct oas_spot variables = part_at(x, server, STR("variables"));
    struct str rest = part_text(x, server, "url"), part;
    while (str_split(&rest, '{', &part)) {
        struct str name;
        buf_add(&out, part);
        if (rest.ptr == NULL)
            break;
        (void)str_split(&rest, '}', &name);
        struct oas_spot value = part_at(x, part_at(x, variables, name), STR("default"));
        buf_add(&out, value.node ? tree_text(value.doc, value.node) : STR(""));
    }
    struct str url = buf_str(&out);
    return arena_str(mem, str_ends(url, STR("/")) ? str_sub(url, 0, url.len - 1) : url);
}

static struct str server_2(struct exchange *x, struct arena *mem)
{
    struct oas_spot scheme = part_first(part_at(x, x->root, STR("schemes")));
    struct str host = part_text(x, x->root, "host"), base = part_text(x, x->root, "basePath");
    struct str name = scheme.node ? tree_text(scheme.doc, scheme.node) : STR("https");
    if (str_ends(base, STR("/")))
        base.len--;
    return host.len > 0 ? arena_join(mem, name, STR("://"), host, base) : arena_str(mem, base);
}

static struct str server_of(struct exchange *x, const struct exchange_operation *op,
                            struct arena *mem)
{
    const struct oas_spot owners[] = {op->operation, op->item, x->root};
    if (x->version == OAS_2_0)
        return server_2(x, mem);
    for (size_t i = 0; i < COUNT_OF(owners); i++) {
        struct oas_spot server = part_first(part_at(x, owners[i], STR("servers")));
        if (server.node != NULL)
            return server_url(x, server, mem);
    }
    return STR("");
}

/* --- bodies ------------------------------------------------------------------------------------
 */

static void add_body_3(struct building *b, const struct exchange_operation *op)
{
    struct exchange *x = b->m.x;
    struct oas_spot body = part_at(x, op->operation, STR("requestBody"));
    b->out->body_required = part_true(x, body, "required");
    bodies_of_content(&b->m, part_at(x, body, STR("content")), false, &b->bodies);
}

/* One JSON object of all form fields. */
static struct value form_2(struct building *b)
{
    CLEANUP(buf_clear) struct buf out = {0};
    struct json_writer w = {.out = &out};
    struct value form = {.given = true};
    struct exchange *x = b->m.x;
    json_open_object(&w);
    for (size_t i = 0; i < b->parameters.len; i++) {
        struct oas_spot parameter = b->parameters.ptr[i];
        bool content = false, required = part_true(x, parameter, "required");
        if (!str_eq(part_text(x, parameter, "in"), STR("formData")))
            continue;
        struct value value = value_for(b, parameter, &content);
        if (value.json.ptr == NULL && required)
            form.reason = value.reason;
        if (value.json.ptr == NULL || !(required || b->optional || value.given))
            continue;
        form.given = form.given && value.given;
        json_key(&w, part_text(x, parameter, "name"));
        json_put_raw(&w, value.json);
    }
    json_close_object(&w);
    if (form.reason.ptr == NULL)
        form.json = arena_str(b->m.mem, buf_str(&out));
    return form;
}

static void add_body_2(struct building *b, const struct exchange_operation *op)
{
    struct exchange *x = b->m.x;
    struct oas_spot types = media_types_2(x, op, "consumes"), type = part_first(types), body = {0};
    struct str media_type = type.node ? tree_text(type.doc, type.node) : STR_NONE;
    bool form = false;
    for (size_t i = 0; i < b->parameters.len; i++) {
        struct str in = part_text(x, b->parameters.ptr[i], "in");
        form = form || str_eq(in, STR("formData"));
        if (str_eq(in, STR("body")))
            body = b->parameters.ptr[i];
    }
    if (form) {
        struct exchange_body made;
        struct value value = form_2(b);
        bool multipart = str_eq_nocase(media_essence(media_type), STR("multipart/form-data"));
        body_written(&b->m, &value,
                     multipart ? media_type : STR("application/x-www-form-urlencoded"), &made);
        b->out->body_required = true;
        vec_push(&b->bodies, b->m.mem, made);
    } else if (body.node != NULL) {
        struct oas_spot schema = {body.doc, tree_get(body.doc, body.node, STR("schema"))};
        b->out->body_required = part_true(x, body, "required");
        body_of_schema(&b->m, schema, media_type.ptr ? media_type : STR("application/json"),
                       &b->bodies);
    }
}

static void choose_body(struct building *b)
{
    b->out->bodies = b->bodies.ptr;
    b->out->body_count = b->bodies.len;
    for (size_t i = 0; i < b->bodies.len && b->out->body == NULL; i++)
        if (b->bodies.ptr[i].text.ptr != NULL)
            b->out->body = &b->bodies.ptr[i];
    if (b->out->body == NULL && b->out->body_required)
        miss(b, STR("body"),
             b->bodies.len > 0 ? b->bodies.ptr[0].reason : STR("it has no media type"));
}

/* --- headers -----------------------------------------------------------------------------------
 */

static void accept_type(struct buf *out, struct str media_type)
{
    struct str rest = buf_str(out), part;
    while (str_split(&rest, ',', &part))
        if (str_eq(str_trim(part), media_type))
            return;
    buf_add(out, out->len > 0 ? STR(", ") : STR(""));
    buf_add(out, media_type);
}

/* What the document's answers come in. */
static void add_accept(struct building *b, const struct exchange_operation *op)
{
    CLEANUP(buf_clear) struct buf out = {0};
    struct exchange *x = b->m.x;
    struct oas_spot responses = part_at(x, op->operation, STR("responses"));
    struct oas_spot types = media_types_2(x, op, "produces");
    if (x->version == OAS_2_0)
        for (struct oas_spot n = part_first(types); n.node != NULL; n = part_next(n))
            accept_type(&out, tree_text(n.doc, n.node));
    for (struct oas_spot r = part_first(responses); r.node != NULL; r = part_next(r)) {
        struct oas_spot content = part_at(x, part_follow(x, r), STR("content"));
        for (struct oas_spot n = part_first(content); n.node != NULL; n = part_next(n))
            accept_type(&out, tree_key(n.doc, n.node));
    }
    if (out.len > 0)
        vec_push(&b->headers, b->m.mem,
                 (struct exchange_header){STR("Accept"), arena_str(b->m.mem, buf_str(&out))});
    if (b->cookie.len > 0)
        vec_push(&b->headers, b->m.mem,
                 (struct exchange_header){STR("Cookie"), arena_str(b->m.mem, buf_str(&b->cookie))});
}

/* --- the whole ---------------------------------------------------------------------------------
 */

void exchange_request(struct exchange *x, const struct exchange_operation *operation, bool optional,
                      struct arena *mem, struct exchange_request *out, exchange_notes *notes)
{
    CLEANUP(building_clear)
    struct building b = {
        .m = {x, mem, notes, SCHEMA_REQUEST, !optional},
          .out = out, .optional = optional
    };
    *out = (struct exchange_request){.server = server_of(x, operation, mem)};
    add_parameters(&b, operation->item);
    add_parameters(&b, operation->operation);
    for (size_t i = 0; i < b.parameters.len; i++)
        add_parameter(&b, b.parameters.ptr[i]);
    add_accept(&b, operation);
    if (x->version == OAS_2_0)
        add_body_2(&b, operation);
    else
        add_body_3(&b, operation);
    choose_body(&b);
    write_target(&b, operation->path);
    out->headers = b.headers.ptr;
    out->header_count = b.headers.len;
    if (b.made_up.len > 0)
        out->made_up = arena_str(mem, buf_str(&b.made_up));
    credentials_of(x, operation, mem, out);
}
