/* Values: those that the document gives, each judged by its schema, else one made by it. */
#include "parts.h"

#define MOST_NOTES 500

void tell(struct making *m, struct oas_spot at, const char *format, ...)
{
    char text[400];
    va_list args;
    if (m->notes->len >= MOST_NOTES)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    const struct exchange_note made = {part_pointer(m->x, at, m->mem),
                                       arena_str(m->mem, str_from(text))};
    for (size_t i = 0; i < m->notes->len; i++)
        if (str_eq(m->notes->ptr[i].pointer, made.pointer) &&
            str_eq(m->notes->ptr[i].message, made.message))
            return;
    vec_push(m->notes, m->mem, made);
}

void judge_given(struct making *m, struct oas_spot schema, struct oas_spot value)
{
    example_problems found = {0};
    if (schema.node == NULL ||
        example_judge(m->x->maker, schema, value.doc, value.node, m->direction, m->mem, &found))
        return;
    struct example_problem first = found.ptr[0];
    tell(m, value, "the example does not fit its schema: " STR_FMT "%s" STR_FMT " (" STR_FMT ")",
         STR_ARG(first.pointer), first.pointer.len > 0 ? " " : "", STR_ARG(first.message),
         STR_ARG(part_pointer(m->x, first.by, m->mem)));
}

static void add_given(struct making *m, struct str name, struct oas_spot schema,
                      struct oas_spot value, bool foreign, values *out)
{
    struct value made = {.name = name, .given = true};
    if (foreign && part_is(value, TREE_STRING))
        made.raw = tree_text(value.doc, value.node);
    else if (!example_json(value.doc, value.node, m->mem, &made.json))
        return;
    else
        judge_given(m, schema, value);
    vec_push(out, m->mem, made);
}

static void add_named(struct making *m, struct oas_spot member, struct oas_spot schema,
                      bool foreign, values *out)
{
    struct str name = tree_key(member.doc, member.node);
    struct oas_spot example = part_follow(m->x, member);
    struct oas_spot value = {example.doc, tree_get(example.doc, example.node, STR("value"))};
    struct str serialized = part_text(m->x, example, "serializedValue");
    if (value.node == NULL)
        value.node = tree_get(example.doc, example.node, STR("dataValue"));
    if (serialized.ptr != NULL && m->x->version >= OAS_3_2)
        vec_push(out, m->mem, (struct value){.name = name, .raw = serialized, .given = true});
    else if (value.node != NULL)
        add_given(m, name, schema, value, foreign, out);
    else if (example.node != NULL)
        vec_push(out, m->mem,
                 (struct value){.name = name,
                                .given = true,
                                .reason = STR("the example is kept outside of the document")});
}

void values_of(struct making *m, struct oas_spot holder, struct oas_spot schema, bool foreign,
               values *out)
{
    struct oas_spot examples = part_at(m->x, holder, STR("examples"));
    struct oas_spot example = {holder.doc, tree_get(holder.doc, holder.node, STR("example"))};
    if (example.node == NULL) /* 2.0 */
        example.node = tree_get(holder.doc, holder.node, STR("x-example"));
    if (example.node != NULL)
        add_given(m, STR_NONE, schema, example, foreign, out);
    if (part_is(examples, TREE_OBJECT))
        for (struct oas_spot n = part_first(examples); n.node != NULL; n = part_next(n))
            add_named(m, n, schema, foreign, out);
    for (size_t i = 0; i < out->len; i++)
        if (out->ptr[i].json.ptr != NULL || out->ptr[i].raw.ptr != NULL)
            return;
    if (out->len > 0 && schema.node == NULL)
        return; /* it says why */
    out->len = 0;
    if (schema.node == NULL) {
        vec_push(out, m->mem, (struct value){.reason = STR("there is neither schema nor example")});
        return;
    }
    const struct example_options options = {m->direction, m->required_only};
    struct example made;
    struct value value = {0};
    if (example_make(m->x->maker, schema, &options, m->mem, &made)) {
        value.json = made.json;
        value.given = made.given;
    } else {
        value.reason = arena_join(m->mem, STR("none could be made"),
                                  made.pointer.len > 0 ? STR(" of ") : STR(""), made.pointer,
                                  STR(": "), made.reason);
        tell(m, schema, "no example: " STR_FMT, STR_ARG(value.reason));
    }
    vec_push(out, m->mem, value);
}
