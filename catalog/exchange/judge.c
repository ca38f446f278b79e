/* An answer beside what the document says of it: status, media type, body. */
#include "parts.h"

#define MOST_PROBLEMS 100

static const char *const check_names[] = {[EXCHANGE_STATUS] = "status",
                                          [EXCHANGE_CONTENT_TYPE] = "content-type",
                                          [EXCHANGE_HEADER] = "header",
                                          [EXCHANGE_BODY] = "body"};

const char *exchange_check_name(enum exchange_check check)
{
    return check_names[check];
}

void problem(struct exchange *x, struct oas_spot by, enum exchange_check check, struct str instance,
             struct arena *mem, exchange_problems *out, const char *format, ...)
{
    char text[400];
    va_list args;
    if (out->len >= MOST_PROBLEMS)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    const struct exchange_problem made = {check, arena_str(mem, str_from(text)), instance,
                                          part_pointer(x, by, mem)};
    vec_push(out, mem, made);
}

struct str header_of(const struct exchange_answer *answer, struct str name)
{
    for (size_t i = 0; i < answer->header_count; i++)
        if (str_eq_nocase(answer->headers[i].name, name))
            return answer->headers[i].value;
    return STR_NONE;
}

/* --- status ------------------------------------------------------------------------------------
 */

/* Itself before its range ("4XX", OAS 3.x) before default. */
static struct oas_spot response_of(struct exchange *x, struct oas_spot responses, int status,
                                   struct arena *mem)
{
    struct str exact = arena_printf(mem, "%d", status);
    struct str names[] = {exact, arena_printf(mem, "%dXX", status / 100), STR("default")};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct oas_spot found = {responses.doc, tree_get(responses.doc, responses.node, names[i])};
        if (found.node != NULL && (i != 1 || x->version != OAS_2_0))
            return part_follow(x, found);
    }
    return (struct oas_spot){0};
}

static struct str listed(struct oas_spot responses, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf out = {0};
    for (struct oas_spot n = part_first(responses); n.node != NULL; n = part_next(n)) {
        struct str status = tree_key(n.doc, n.node);
        if (str_starts(status, STR("x-")))
            continue;
        buf_add(&out, out.len > 0 ? STR(", ") : STR(""));
        buf_add(&out, status);
    }
    return out.len > 0 ? arena_str(mem, buf_str(&out)) : STR("none");
}

/* --- media types -------------------------------------------------------------------------------
 */

struct media {
    struct oas_spot schema;
    bool known, any; /* any: the response has a body at all */
};

static struct media media_3(struct exchange *x, struct oas_spot response, struct str came)
{
    struct oas_spot content = part_at(x, response, STR("content"));
    struct media media = {0};
    unsigned best = 0;
    for (struct oas_spot n = part_first(content); n.node != NULL; n = part_next(n)) {
        unsigned how = media_covers(tree_key(n.doc, n.node), came);
        struct oas_spot own = part_follow(x, n);
        media.any = true;
        if (how <= best)
            continue;
        best = how;
        media.schema = (struct oas_spot){own.doc, tree_get(own.doc, own.node, STR("schema"))};
    }
    media.known = best > 0;
    return media;
}

static struct media media_2(struct exchange *x, const struct exchange_operation *op,
                            struct oas_spot response, struct str came)
{
    struct oas_spot types = media_types_2(x, op, "produces");
    struct media media = {
        .schema = {response.doc, tree_get(response.doc, response.node, STR("schema"))}
    };
    media.any = media.schema.node != NULL;
    media.known = part_first(types).node == NULL; /* nothing is said of it */
    for (struct oas_spot n = part_first(types); n.node != NULL; n = part_next(n))
        media.known = media.known || media_covers(tree_text(n.doc, n.node), came) > 0;
    return media;
}

/* --- body --------------------------------------------------------------------------------------
 */

/* The reader of documents also takes YAML: an answer must be JSON. */
static bool read_json(struct str body, struct arena *mem, struct tree **out, struct err *err)
{
    struct str text = str_trim(body);
    size_t count = 0;
    if (text.len == 0)
        return fail(err, ERR_INVALID, "", "it is empty");
    if (!tree_read(text, NULL, mem, out, err))
        return false;
    enum tree_kind kind = tree_kind_of(tree_root(*out));
    bool container = kind == TREE_OBJECT || kind == TREE_ARRAY;
    const struct finding *findings = tree_findings(*out, &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(findings[i].code, "not-json") == 0 ||
            strcmp(findings[i].code, "duplicate-key") == 0)
            return tree_fail(err, ERR_INVALID, *out, findings[i].offset, STR_FMT,
                             STR_ARG(findings[i].message));
    if (container != (text.ptr[0] == '{' || text.ptr[0] == '[') ||
        (kind == TREE_STRING && text.ptr[0] != '"'))
        return fail(err, ERR_INVALID, "line 1 column 1", "it is something else");
    return true;
}

static void judge_json(struct exchange *x, struct oas_spot schema,
                       const struct exchange_answer *answer, struct arena *mem,
                       exchange_problems *out)
{
    CLEANUP(arena_clear) struct arena own = {0};
    struct tree *doc = NULL;
    struct err err = {0};
    example_problems found = {0};
    if (!read_json(answer->body, &own, &doc, &err)) {
        problem(x, schema, EXCHANGE_BODY, STR(""), mem, out, "the body is no JSON: %s%s%s",
                err.where, err.where[0] ? ": " : "", err.msg);
        return;
    }
    example_judge(x->maker, schema, doc, tree_root(doc), SCHEMA_RESPONSE, mem, &found);
    for (size_t i = 0; i < found.len; i++)
        problem(x, found.ptr[i].by, EXCHANGE_BODY, found.ptr[i].pointer, mem, out, STR_FMT,
                STR_ARG(found.ptr[i].message));
}

static bool no_body_by_status(const struct exchange_operation *op, int status)
{
    return str_eq(op->method, STR("HEAD")) || status == 204 || status == 304 || status < 200;
}

/* RFC 9110 §8.6: no length with 204; its bytes would be taken for the next answer. */
static void judge_absent(struct exchange *x, const struct exchange_operation *op,
                         struct oas_spot response, const struct exchange_answer *answer,
                         struct arena *mem, exchange_problems *out)
{
    struct str length = header_of(answer, STR("content-length"));
    bool announced = answer->status == 204 && length.ptr != NULL && !str_eq(length, STR("0"));
    if (answer->body.len > 0 || announced)
        problem(x, response, EXCHANGE_BODY, STR(""), mem, out,
                "an answer to " STR_FMT " with status %d has no body, this one has",
                STR_ARG(op->method), answer->status);
}

static void judge_body(struct exchange *x, const struct exchange_operation *op,
                       struct oas_spot response, const struct exchange_answer *answer,
                       struct arena *mem, exchange_problems *out)
{
    struct str type = header_of(answer, STR("content-type")), came = str_trim(type);
    struct media media =
        x->version == OAS_2_0 ? media_2(x, op, response, came) : media_3(x, response, came);
    bool bare = no_body_by_status(op, answer->status);
    if (bare)
        judge_absent(x, op, response, answer, mem, out);
    if (bare && (type.ptr == NULL || !media.any))
        return;
    if (!media.any) {
        if (answer->body.len > 0)
            problem(x, response, EXCHANGE_BODY, STR(""), mem, out,
                    "the answer has a body (%zu bytes), the document has none", answer->body.len);
        return;
    }
    if (type.ptr == NULL) {
        problem(x, response, EXCHANGE_CONTENT_TYPE, STR(""), mem, out,
                "the answer has no Content-Type");
        return;
    }
    if (!media.known) {
        problem(x, response, EXCHANGE_CONTENT_TYPE, STR(""), mem, out,
                "the document has no answer as " STR_FMT, STR_ARG(type));
        return;
    }
    if (!bare && media.schema.node != NULL && is_json(came))
        judge_json(x, media.schema, answer, mem, out);
}

void exchange_judge(struct exchange *x, const struct exchange_operation *operation,
                    const struct exchange_answer *answer, struct arena *mem, exchange_problems *out)
{
    struct oas_spot responses = part_at(x, operation->operation, STR("responses"));
    struct oas_spot response = response_of(x, responses, answer->status, mem);
    if (response.node == NULL) {
        struct oas_spot by = responses.node ? responses : operation->operation;
        problem(x, by, EXCHANGE_STATUS, STR(""), mem, out,
                "status %d is not in the document, which has " STR_FMT, answer->status,
                STR_ARG(listed(responses, mem)));
        return;
    }
    judge_headers(x, response, answer, mem, out);
    judge_body(x, operation, response, answer, mem, out);
}
