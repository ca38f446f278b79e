/* Making: combinations of branches, candidates, and the judgement over each. */
#include "maker.h"

#define MOST_VALUES       6000
#define MOST_DEPTH        40
#define MOST_COMBINATIONS 40
/* A required circle is tried again with this many turns: a branch may end it only then. */
#define MOST_TURNS    3
#define MOST_PROBLEMS 5
#define CHECK_STEPS   ((uint64_t)2000000)
/* For all candidates of a value together: some hundred nodes are judged in a hundred steps. */
#define WORK_STEPS (4 * CHECK_STEPS)

bool example_maker_new(struct oas_files *files, struct arena *mem, struct example_maker **out,
                       struct err *err)
{
    struct example_maker *maker = arena_new(mem, struct example_maker);
    maker->files = files;
    if (!oas_version_of(oas_file_at(files, 0)->doc, &maker->version, err))
        return false;
    maker->reference_alone = maker->version <= OAS_3_0;
    maker->set = oas_schema_set(files, mem);
    if (maker->set == NULL) {
        (void)fail(err, ERR_INVALID, "/jsonSchemaDialect", "the dialect is not known");
        return err_hint(err, "leave it out, or name a draft of JSON Schema");
    }
    *out = maker;
    return true;
}

enum oas_version example_version(const struct example_maker *maker)
{
    return maker->version;
}

/* --- trouble -----------------------------------------------------------------------------------
 */

static struct str pointer_to(const struct making *m, struct str below)
{
    CLEANUP(buf_clear) struct buf out = {0};
    for (size_t i = 0; i < m->path.len; i++)
        pointer_add(&out, m->path.ptr[i]);
    buf_add(&out, below);
    return arena_str(m->mem, buf_str(&out));
}

bool no_value(struct making *m, const char *format, ...)
{
    char text[240];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    m->trouble = (struct trouble){pointer_to(m, STR("")), arena_str(m->mem, str_from(text))};
    return false;
}

/* --- judging -----------------------------------------------------------------------------------
 */

/* steps: that may be taken, and that are left then. */
static struct schema_result apply(struct example_maker *maker, struct oas_spot schema,
                                  const struct tree *doc, const struct tree_node *value,
                                  enum schema_direction direction, uint64_t *steps,
                                  struct arena *mem)
{
    const struct schema_options options = {.formats = true,
                                           .direction = direction,
                                           .errors = 100,
                                           .steps = *steps < CHECK_STEPS ? *steps : CHECK_STEPS};
    struct schema_result result = {.verdict = SCHEMA_UNDECIDED};
    struct schema *judge = *steps > 0 ? oas_schema_at(maker->files, maker->set, schema) : NULL;
    if (judge != NULL)
        (void)schema_check(maker->set, judge, doc, value, &options, mem, &result);
    *steps -= result.steps < *steps ? result.steps : *steps;
    return result;
}

static void put_message(const struct schema_error *error, struct buf *out)
{
    schema_message(error, out);
    if (strcmp(error->keyword, "oneOf") == 0 && error->number > 1)
        buf_printf(out, " (%llu match)", (unsigned long long)error->number);
    if (error->name.ptr != NULL && strcmp(error->keyword, "required") != 0)
        buf_printf(out, " (\"%.*s\")", (int)(error->name.len < 60 ? error->name.len : 60),
                   error->name.ptr);
}

/* An error, and what its closest branch lacked: that stands before it. */
static struct example_problem told(const struct tree *doc, const struct schema_error *errors,
                                   size_t at, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf place = {0}, text = {0};
    const struct schema_error *error = &errors[at];
    const struct tree_node *by = error->value ? error->value : error->schema;
    schema_error_pointer(doc, error, &place);
    put_message(error, &text);
    if (at > 0 && errors[at - 1].level > error->level) {
        buf_add(&text, STR("; the nearest: "));
        schema_error_pointer(doc, &errors[at - 1], &text);
        buf_add_char(&text, ' ');
        put_message(&errors[at - 1], &text);
    }
    return (struct example_problem){
        arena_str(mem, buf_str(&place)), arena_str(mem, buf_str(&text)), {error->schema_doc, by}
    };
}

static bool judge_within(struct example_maker *maker, struct oas_spot schema,
                         const struct tree *doc, const struct tree_node *value,
                         enum schema_direction direction, uint64_t *steps, struct arena *mem,
                         example_problems *out)
{
    CLEANUP(arena_clear) struct arena own = {0};
    struct schema_result result = apply(maker, schema, doc, value, direction, steps, &own);
    size_t before = out->len;
    if (result.verdict == SCHEMA_VALID)
        return true;
    for (size_t i = 0; i < result.count && out->len - before < MOST_PROBLEMS; i++)
        if (result.errors[i].level == 0)
            vec_push(out, mem, told(doc, result.errors, i, mem));
    if (out->len == before && result.count > 0) /* so many branches that their end is not told */
        vec_push(out, mem, told(doc, result.errors, 0, mem));
    else if (out->len == before)
        vec_push(out, mem,
                 (struct example_problem){STR(""), STR("the schema takes too many steps to decide"),
                                          schema});
    return false;
}

bool example_judge(struct example_maker *maker, struct oas_spot schema, const struct tree *doc,
                   const struct tree_node *value, enum schema_direction direction,
                   struct arena *mem, example_problems *out)
{
    uint64_t steps = CHECK_STEPS;
    return judge_within(maker, schema, doc, value, direction, &steps, mem, out);
}

static bool judge(struct making *m, struct oas_spot schema, const struct tree *doc)
{
    example_problems found = {0};
    if (judge_within(m->maker, schema, doc, tree_root(doc), m->options.direction, &m->work, m->mem,
                     &found))
        return true;
    if (found.len > 0)
        m->trouble = (struct trouble){pointer_to(m, found.ptr[0].pointer), found.ptr[0].message};
    return false;
}

bool offer(struct making *m, struct tries *tries, struct str json)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct tree *doc = NULL;
    if (!tree_read(json, NULL, &mem, &doc, NULL))
        return no_value(m, "the value is too deep");
    for (size_t i = 0; i < tries->need->count; i++)
        if (!judge(m, tries->need->schemas[i], doc))
            return false;
    tries->out = json;
    if (tries->skip == 0)
        return true;
    tries->skip--;
    return false;
}

/* --- making ------------------------------------------------------------------------------------
 */

/* Without a type the keywords tell which one is meant. */
static unsigned likely_kinds(const struct group *g, unsigned kinds)
{
    static const struct {
        const char *keyword;
        enum tree_kind kind;
    } signs[] = {
        {"properties",           TREE_OBJECT},
        {"required",             TREE_OBJECT},
        {"additionalProperties", TREE_OBJECT},
        {"patternProperties",    TREE_OBJECT},
        {"minProperties",        TREE_OBJECT},
        {"items",                TREE_ARRAY },
        {"prefixItems",          TREE_ARRAY },
        {"contains",             TREE_ARRAY },
        {"minItems",             TREE_ARRAY },
        {"maximum",              TREE_NUMBER},
        {"minimum",              TREE_NUMBER},
        {"multipleOf",           TREE_NUMBER},
    };
    for (size_t i = 0; i < COUNT_OF(signs) && kinds == KINDS_ALL; i++)
        for (size_t part = 0; part < g->parts.len; part++)
            if (part_get(g, part, signs[i].keyword) != NULL)
                return KIND_BIT(signs[i].kind);
    return kinds;
}

static bool make_kind(struct making *m, struct tries *tries, const struct group *g,
                      enum tree_kind kind, bool whole)
{
    switch (kind) {
    case TREE_OBJECT:
        return make_object(m, tries, g);
    case TREE_ARRAY:
        return make_array(m, tries, g);
    case TREE_STRING:
        return make_text(m, tries, g);
    case TREE_NUMBER:
        return make_number(m, tries, g, whole);
    case TREE_BOOL:
        return offer(m, tries, STR("true")) || offer(m, tries, STR("false"));
    case TREE_NULL:
        break;
    }
    return offer(m, tries, STR("null"));
}

/* The rest comes first: null only says that there is nothing. */
static bool make_by_type(struct making *m, struct tries *tries, const struct group *g)
{
    static const enum tree_kind order[] = {TREE_STRING, TREE_OBJECT, TREE_ARRAY,
                                           TREE_NUMBER, TREE_BOOL,   TREE_NULL};
    bool whole = false;
    unsigned all = group_kinds(g, &whole), kinds = likely_kinds(g, all);
    struct trouble first = {0};
    if (kinds == 0)
        return no_value(m, "no type is left when all its schemas are joined");
    for (unsigned pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < COUNT_OF(order); i++) {
            if (!(kinds & KIND_BIT(order[i])))
                continue;
            if (make_kind(m, tries, g, order[i], whole))
                return true;
            if (first.reason.ptr == NULL)
                first = m->trouble;
        }
        kinds = all & ~kinds;
    }
    m->trouble = first;
    return false;
}

static bool make_group(struct making *m, const struct need *need, const struct group *g,
                       struct str *out)
{
    struct tries tries = {.need = need, .skip = need->ordinal};
    size_t open = m->open.len;
    m->trouble = (struct trouble){0};
    if (g->broken)
        return no_value(m, "a reference leads nowhere");
    if (g->nothing)
        return no_value(m, "its schema accepts nothing");
    bool taken = make_given(m, &tries, g);
    if (!taken && g->circle)
        return no_value(m, "its schema asks for itself, again and again");
    for (size_t i = 0; i < g->parts.len && !taken; i++)
        vec_push(&m->open, m->mem, g->parts.ptr[i].node);
    if (!taken)
        (void)make_by_type(m, &tries, g);
    m->open.len = open;
    *out = tries.out;
    return tries.out.ptr != NULL;
}

static bool make_combinations(struct making *m, const struct need *need, struct str *out)
{
    struct trouble first = {0};
    unsigned most = 1;
    for (unsigned choice = 0; choice < most && choice < MOST_COMBINATIONS; choice++) {
        struct group g = {.choice = choice, .choices = 1};
        for (size_t i = 0; i < need->count; i++)
            group_add(m, &g, need->schemas[i]);
        most = g.choices > most ? g.choices : most;
        if (g.choice > 0) /* fewer choices along this way: has been tried */
            continue;
        if (make_group(m, need, &g, out))
            return true;
        if (first.reason.ptr == NULL)
            first = m->trouble;
    }
    m->trouble = first;
    return false;
}

bool make_value(struct making *m, const struct need *need, struct str *out)
{
    if (m->steps == 0)
        return no_value(m, "the schema takes too many tries");
    if (m->depth >= MOST_DEPTH)
        return no_value(m, "the value would be too deep");
    m->steps--;
    m->depth++;
    bool made = make_combinations(m, need, out);
    m->depth--;
    return made;
}

/* --- outside -----------------------------------------------------------------------------------
 */

/* Whether the document itself gives the value as a whole. */
static bool is_given(struct making *m, const struct need *need, struct str json)
{
    struct group g = {.choices = 1};
    struct tries tries = {.need = need};
    group_add(m, &g, need->schemas[0]);
    return make_given(m, &tries, &g) && str_eq(tries.out, json);
}

bool example_make(struct example_maker *maker, struct oas_spot schema,
                  const struct example_options *options, struct arena *mem, struct example *out)
{
    CLEANUP(arena_clear) struct arena scratch = {0};
    const struct need need = {.schemas = &schema, .count = 1};
    struct trouble first = {0};
    struct str json = STR_NONE;
    *out = (struct example){0};
    for (unsigned turns = 1; turns <= MOST_TURNS; turns += 2) {
        struct making m = {.maker = maker,
                           .options = *options,
                           .mem = &scratch,
                           .steps = MOST_VALUES,
                           .work = WORK_STEPS,
                           .repeats = turns};
        if (make_value(&m, &need, &json)) {
            out->given = is_given(&m, &need, json);
            out->json = arena_str(mem, json);
            return true;
        }
        if (first.reason.ptr == NULL)
            first = m.trouble;
    }
    out->pointer = arena_str(mem, first.pointer);
    out->reason = arena_str(mem, first.reason);
    return false;
}
