/* References: followed once all is walked, and what they lead to walked as what they stand for. */
#include "validate.h"

void reference_add(struct validation *v, const struct tree_node *ref, enum kind kind)
{
    if (v->options.grammar_only)
        return;
    const struct reference made = {walk_doc(v), ref, kind, walk_pointer(v)};
    vec_push(&v->references, v->mem, made);
}

struct oas_spot spot_follow(struct validation *v, const struct tree *doc,
                            const struct tree_node *node)
{
    const struct oas_spot from = {doc, node};
    return oas_follow(v->files, from, NULL);
}

/* What the target is where it stands, as far as that was walked; a Path Item Object may stand for a
 * Callback's member and the like, which the table of kinds cannot tell apart from the outside. */
static const char *name_of(enum kind kind)
{
    return objects[kind] ? objects[kind]->name : "thing";
}

static void tell_lead(struct validation *v, const struct reference *r, struct str text,
                      enum oas_lead lead)
{
    switch (lead) {
    case OAS_LEAD_FOUND:
        return;
    case OAS_LEAD_NOWHERE:
        fault_spot(v, FAULT_BROKEN_REF, r->doc, r->ref, r->pointer,
                   "the reference \"" SHORT_FMT "\" leads nowhere: define what it names",
                   SHORT_ARG(text));
        return;
    case OAS_LEAD_CIRCLE:
        fault_spot(v, FAULT_BROKEN_REF, r->doc, r->ref, r->pointer,
                   "the reference \"" SHORT_FMT "\" leads in a circle: define what it names",
                   SHORT_ARG(text));
        return;
    case OAS_LEAD_OUTSIDE:
        fault_spot(v, FAULT_OUTSIDE_REF, r->doc, r->ref, r->pointer,
                   "the reference \"" SHORT_FMT "\" leads outside and is not followed",
                   SHORT_ARG(text));
        return;
    case OAS_LEAD_UNREADABLE:
        fault_spot(v, v->options.one_file ? FAULT_OUTSIDE_REF : FAULT_BROKEN_REF, r->doc, r->ref,
                   r->pointer,
                   "the file of the reference \"" SHORT_FMT "\" is missing or cannot be read",
                   SHORT_ARG(text));
        return;
    }
}

struct str reference_pointer(struct validation *v, struct str text)
{
    struct str fragment;
    (void)uri_without_fragment(text, &fragment);
    bool pointer = fragment.len > 0 && fragment.ptr[0] == '/';
    return pointer ? percent_decode(fragment, v->mem) : STR("");
}

static void walk_target(struct validation *v, const struct reference *r, struct oas_spot target,
                        struct str text)
{
    struct visited *file = walk_file(v, target.doc);
    enum kind seen = (enum kind)file->kinds[tree_number(target.doc, target.node)];
    if (seen == r->kind)
        return;
    if (seen != KIND_NONE) {
        fault_spot(v, FAULT_REF_KIND, r->doc, r->ref, r->pointer,
                   "the reference \"" SHORT_FMT "\" leads to a %s where a %s belongs",
                   SHORT_ARG(text), name_of(seen), name_of(r->kind));
        return;
    }
    v->at = file;
    v->top = target.node;
    v->base = reference_pointer(v, text);
    v->path.len = 0;
    walk_object(v, r->kind, target.node);
}

static bool is_schema(enum kind kind)
{
    return kind == KIND_SCHEMA || kind == KIND_SCHEMA_2 || kind == KIND_SCHEMA_30 ||
           kind == KIND_SCHEMA_31;
}

/* Each step leads somewhere, and all of them to nothing. Schemas that do are told as endless. */
static bool in_circle(struct validation *v, const struct reference *r, struct oas_spot target)
{
    enum oas_lead lead = OAS_LEAD_FOUND;
    return !is_schema(r->kind) && oas_follow(v->files, target, &lead).node == NULL &&
           lead == OAS_LEAD_CIRCLE;
}

/* References grow while targets are walked. */
void references_follow(struct validation *v)
{
    for (size_t i = 0; i < v->references.len; i++) {
        const struct reference r = v->references.ptr[i];
        struct str text = tree_text(r.doc, r.ref);
        enum oas_lead lead = OAS_LEAD_NOWHERE;
        struct oas_spot target = oas_refer(v->files, r.doc, text, &lead);
        if (target.node != NULL && in_circle(v, &r, target))
            lead = OAS_LEAD_CIRCLE;
        tell_lead(v, &r, text, lead);
        if (target.node != NULL)
            walk_target(v, &r, target, text);
    }
}
