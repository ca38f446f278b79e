/* Forms: fields from a table, values back into them, problems beside them. */
#include "portal/web/page.h"

#define AREA_ROWS 4
#define CODE_ROWS 24

static bool was_posted(const struct http_request *req)
{
    return req->method == HTTP_POST;
}

static struct str value_of_field(const struct page *p, const struct form *form,
                                 const struct form_field *f)
{
    if (f->kind == FORM_PASSWORD || f->kind == FORM_FILES)
        return STR("");
    if (was_posted(p->req))
        return http_form(p->req, f->name);
    if (form->row != NULL)
        return record_text(form->record, f->name, form->row, p->req->mem);
    return http_query(p->req, f->name);
}

static bool is_about(const struct err *problem, const struct form_field *f)
{
    return problem != NULL && problem->where[0] == '/' && strcmp(problem->where + 1, f->name) == 0;
}

static void put_option(struct html_data *item, struct str value, struct str text, bool selected)
{
    struct html_data *option = html_add(item, T(options));
    html_text(option, T(value), value);
    html_text(option, T(text), text);
    html_flag(option, T(selected), selected);
}

static void put_options(const struct form *form, const struct form_field *f, struct str value,
                        struct html_data *item)
{
    if (!f->required)
        put_option(item, STR(""), STR("–"), value.len == 0);
    for (size_t i = 0; i < form->option_count; i++) {
        const struct form_options *options = &form->options[i];
        if (strcmp(options->field, f->name) != 0)
            continue;
        for (size_t k = 0; k < options->items.len; k++)
            put_option(item, options->items.ptr[k].value, options->items.ptr[k].text,
                       str_eq(options->items.ptr[k].value, value));
    }
}

static const char *input_type(enum form_kind kind)
{
    switch (kind) {
    case FORM_PASSWORD:
        return "password";
    case FORM_DATE:
        return "date";
    case FORM_FILES:
        return "file";
    case FORM_NUMBER:
        return "number";
    case FORM_TEXT:
    case FORM_LIST:
    case FORM_AREA:
    case FORM_CODE:
    case FORM_FLAG:
    case FORM_SELECT:
        break;
    }
    return "text";
}

static void put_field(const struct page *p, const struct form *form, const struct form_field *f,
                      const struct err *problem)
{
    struct arena *mem = p->req->mem;
    struct html_data *item = html_add(p->data, T(fields));
    struct str value = value_of_field(p, form, f);
    bool bad = is_about(problem, f);
    bool area = f->kind == FORM_AREA || f->kind == FORM_CODE;
    bool select = f->kind == FORM_SELECT || f->kind == FORM_FLAG;
    html_text(item, T(name), str_from(f->name));
    html_text(item, T(label), str_from(f->label));
    html_text(item, T(hint), str_from(f->hint));
    html_text(item, T(value), value.len ? value : STR(""));
    html_text(item, T(type), str_from(input_type(f->kind)));
    html_text(item, T(autocomplete), str_from(f->autocomplete ? f->autocomplete : "off"));
    html_flag(item, T(required), f->required);
    html_flag(item, T(area), area);
    html_flag(item, T(code), f->kind == FORM_CODE);
    html_number(item, T(rows), f->kind == FORM_CODE ? CODE_ROWS : AREA_ROWS);
    html_flag(item, T(select), select);
    html_flag(item, T(file), f->kind == FORM_FILES);
    html_flag(item, T(input), !area && !select && f->kind != FORM_FILES);
    html_text(item, T(error), bad ? web_sentence(mem, str_from(problem->msg)) : STR(""));
    html_text(item, T(described),
              arena_printf(mem, "%s%s%s%s", f->hint ? "hint-" : "", f->hint ? f->name : "",
                           bad ? " error-" : "", bad ? f->name : ""));
    if (select)
        put_options(form, f, value, item);
}

void web_problem(const struct page *p, const struct form_field *fields, size_t count,
                 const struct err *problem)
{
    struct arena *mem = p->req->mem;
    struct str what = str_from(problem->msg);
    for (size_t i = 0; i < count; i++)
        if (is_about(problem, &fields[i]))
            what = arena_printf(mem, "%s: %s", fields[i].label, problem->msg);
    html_text(p->data, T(problem), web_sentence(mem, what));
    html_text(p->data, T(problem_remedy), web_sentence(mem, str_from(problem->hint)));
}

static void put_problem(const struct page *p, const struct form *form, const struct err *problem)
{
    for (size_t i = 0; i < form->count; i++)
        if (is_about(problem, &form->fields[i]))
            html_text(p->data, T(problem_field), str_from(form->fields[i].name));
    web_problem(p, form->fields, form->count, problem);
}

void web_form(const struct page *p, const struct form *form, const struct err *problem)
{
    html_text(p->data, T(action), form->action);
    html_text(p->data, T(submit), str_from(form->submit));
    html_text(p->data, T(cancel), form->cancel);
    html_flag(p->data, T(upload), form->upload);
    html_flag(p->data, T(danger), form->danger);
    html_number(p->data, T(form_etag), was_posted(p->req) ? web_form_etag(p->req) : form->etag);
    for (size_t i = 0; i < form->count; i++)
        put_field(p, form, &form->fields[i], problem);
    if (problem != NULL && problem->code != ERR_NONE)
        put_problem(p, form, problem);
}

bool web_form_page(const struct page *p, const struct form *form, const struct err *problem,
                   enum web_section section)
{
    web_form(p, form, problem);
    html_text(p->data, T(heading), str_from(form->heading));
    html_text(p->data, T(lead), form->lead);
    return web_page(p, &template_form_page, str_from(form->heading), section);
}

/* --- what comes back -----------------------------------------------------------------------------
 */

static struct json *add_item(struct json *to, struct json ***tail, enum json_type type,
                             struct str value, struct arena *mem)
{
    struct json *item = arena_new(mem, struct json);
    item->type = type;
    item->string = value;
    **tail = item;
    *tail = &item->next;
    to->count++;
    return item;
}

static void add_words(struct json *list, struct str value, struct arena *mem)
{
    struct json **tail = &list->child;
    struct str word;
    while (str_split(&value, ',', &word))
        if (str_trim(word).len > 0)
            (void)add_item(list, &tail, JSON_TYPE_STRING, str_trim(word), mem);
}

/* Browsers end lines with CR and LF. */
static struct str plain_lines(struct str text, struct arena *mem)
{
    char *out = arena_alloc(mem, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '\r' || i + 1 == text.len || text.ptr[i + 1] != '\n')
            out[len++] = text.ptr[i];
    return (struct str){out, len};
}

static struct str posted(struct http_request *req, const struct form_field *f)
{
    struct str value = http_form(req, f->name);
    if (f->kind == FORM_CODE)
        return plain_lines(value, req->mem);
    return f->kind == FORM_PASSWORD ? value : str_trim(value);
}

/* What is no number stays a text, which the use case complains of. */
static void set_value(struct json *item, const struct form_field *f, struct str value)
{
    if (f->kind == FORM_NUMBER && str_to_i64(value, &item->integer))
        item->type = JSON_TYPE_INT;
    if (f->kind == FORM_FLAG) {
        item->type = JSON_TYPE_BOOL;
        item->boolean = str_eq(value, STR("true"));
    }
}

static const struct json *body_of(struct http_request *req, const struct form_field *fields,
                                  size_t count, bool patch)
{
    struct json *object = arena_new(req->mem, struct json);
    struct json **tail = &object->child;
    object->type = JSON_TYPE_OBJECT;
    for (size_t i = 0; i < count; i++) {
        const struct form_field *f = &fields[i];
        struct str value = posted(req, f);
        enum json_type type = f->kind == FORM_LIST ? JSON_TYPE_ARRAY : JSON_TYPE_STRING;
        if (f->kind == FORM_FILES || (value.len == 0 && !patch))
            continue;
        if (value.len == 0)
            type = f->required ? JSON_TYPE_STRING : JSON_TYPE_NULL;
        else if (f->kind == FORM_DATE && value.len == sizeof("2026-12-31") - 1)
            value = arena_join(req->mem, value, STR("T23:59:59Z"));
        struct json *item = add_item(object, &tail, type, value, req->mem);
        item->key = str_from(f->name);
        if (type == JSON_TYPE_STRING)
            set_value(item, f, value);
        if (type == JSON_TYPE_ARRAY)
            add_words(item, value, req->mem);
    }
    return object;
}

const struct json *web_form_body(struct http_request *req, const struct form_field *fields,
                                 size_t count)
{
    return body_of(req, fields, count, false);
}

const struct json *web_form_patch(struct http_request *req, const struct form_field *fields,
                                  size_t count)
{
    return body_of(req, fields, count, true);
}

int64_t web_form_etag(const struct http_request *req)
{
    int64_t etag = 0;
    return str_to_i64(http_form(req, "etag"), &etag) ? etag : 0;
}

struct form_options web_form_names(struct arena *mem, const char *field, const struct names *names)
{
    struct form_options options = {.field = field};
    for (int i = 0; i < names->count; i++) {
        struct str name = str_from(name_of(names, i));
        vec_push(&options.items, mem, (struct form_option){name, name});
    }
    return options;
}

bool web_form_again(const struct page *p, const struct err *problem)
{
    switch (problem->code) {
    case ERR_INVALID:
        p->res->status = 422;
        return true;
    case ERR_CONFLICT:
        p->res->status = 409;
        return true;
    case ERR_STALE:
        p->res->status = 412;
        return true;
    case ERR_NONE:
    case ERR_NOT_FOUND:
    case ERR_UNAUTHENTICATED:
    case ERR_DENIED:
    case ERR_LIMIT:
    case ERR_BUSY:
    case ERR_STORE:
    case ERR_IO:
    case ERR_CODE_COUNT:
        break;
    }
    *p->err = *problem;
    return false;
}
