/* The walk over a document's objects by the tables of the grammar. */
#include "validate.h"

/* --- where the walk is -------------------------------------------------------------------------
 */

const struct tree *walk_doc(const struct validation *v)
{
    return v->at->doc;
}

void walk_enter(struct validation *v, const struct tree_node *member, uint32_t index)
{
    const struct step step = {member, index};
    vec_push(&v->path, v->mem, step);
}

void walk_leave(struct validation *v)
{
    v->path.len--;
}

size_t walk_depth(const struct validation *v)
{
    return v->path.len;
}

struct str walk_name(const struct validation *v, size_t levels)
{
    if (levels >= v->path.len)
        return STR_NONE;
    return tree_key(walk_doc(v), v->path.ptr[v->path.len - 1 - levels].node);
}

struct visited *walk_file(struct validation *v, const struct tree *doc)
{
    for (size_t i = 0; i < v->visited.len; i++)
        if (v->visited.ptr[i]->doc == doc)
            return v->visited.ptr[i];
    const struct oas_file *file = oas_file_of(v->files, doc);
    assert(file != NULL);
    struct visited *visited = arena_new(v->mem, struct visited);
    visited->doc = file->doc;
    visited->kinds = arena_alloc(v->mem, tree_count(doc));
    vec_push(&v->visited, v->mem, visited);
    return visited;
}

/* --- members -----------------------------------------------------------------------------------
 */

/* The field that was meant, when one is near. */
static const struct field *nearest(const struct object *object, struct str name, unsigned version)
{
    const struct field *best = NULL;
    size_t least = name.len <= 4 ? 2 : 3; /* further off is no slip of the pen */
    for (size_t i = 0; i < object->field_count; i++) {
        size_t off = str_distance(name, str_from(object->fields[i].name));
        if ((object->fields[i].versions & version) && off < least) {
            least = off;
            best = &object->fields[i];
        }
    }
    return best;
}

static const char *version_name(unsigned versions)
{
    if (versions & V30)
        return "3.0";
    if (versions & V31)
        return "3.1";
    return versions & V32 ? "3.2" : "2.0";
}

static void unknown_field(struct validation *v, const struct object *object,
                          const struct tree_node *member)
{
    struct str name = tree_key(walk_doc(v), member);
    const struct field *elsewhere = grammar_field(object, name, V_ALL);
    const struct field *near = nearest(object, name, version_bit(v));
    if (object->naming == NAMING_PATH)
        fault_at(v, FAULT_FIELD, member, "the path \"" SHORT_FMT "\" does not begin with a slash",
                 SHORT_ARG(name));
    else if (object->naming == NAMING_STATUS)
        fault_at(v, FAULT_FIELD, member,
                 "\"" SHORT_FMT "\" is no status: write default, a code such as 404%s",
                 SHORT_ARG(name), v->version == OAS_2_0 ? "" : " or a class such as 4XX");
    else if (elsewhere != NULL)
        fault_at(v, FAULT_FIELD, member,
                 "the %s has \"" SHORT_FMT "\" in OpenAPI %s, not in this version", object->name,
                 SHORT_ARG(name), version_name(elsewhere->versions));
    else if (near != NULL)
        fault_at(v, FAULT_FIELD, member, "the %s has no field \"" SHORT_FMT "\"; is \"%s\" meant?",
                 object->name, SHORT_ARG(name), near->name);
    else
        fault_at(v, FAULT_FIELD, member,
                 "the %s has no field \"" SHORT_FMT "\"; names of one's own begin with x-",
                 object->name, SHORT_ARG(name));
}

static void walk_member(struct validation *v, const struct object *object,
                        const struct tree_node *member)
{
    struct str name = tree_key(walk_doc(v), member);
    const struct field *field = grammar_field(object, name, version_bit(v));
    walk_enter(v, member, 0);
    if (field != NULL)
        check_field(v, field, member);
    else if (!grammar_extension(name) && grammar_names(object, name, v->version))
        walk_object(v, object->member, member);
    walk_leave(v);
    if (field == NULL && !grammar_extension(name) && !grammar_names(object, name, v->version) &&
        !(object->open & version_bit(v)))
        unknown_field(v, object, member);
}

static void check_required(struct validation *v, const struct object *object,
                           const struct tree_node *node)
{
    for (size_t i = 0; i < object->field_count; i++) {
        const struct field *field = &object->fields[i];
        if ((field->flags & REQUIRED) && (field->versions & version_bit(v)) &&
            tree_get(walk_doc(v), node, str_from(field->name)) == NULL)
            fault_missing(v, field->name, "the %s lacks \"%s\": add it", object->name, field->name);
    }
}

/* --- objects -----------------------------------------------------------------------------------
 */

/* True when a Reference Object stands here, good or bad. */
static bool walk_reference(struct validation *v, const struct object *object, enum kind kind,
                           const struct tree_node *node)
{
    const struct tree_node *ref = tree_get(walk_doc(v), node, STR("$ref"));
    if (ref == NULL || !(object->reference & version_bit(v)))
        return false;
    walk_enter(v, ref, 0);
    if (tree_kind_of(ref) != TREE_STRING)
        fault_here(v, FAULT_TYPE, "$ref is %s: write a reference as text", kind_words(ref));
    else
        reference_add(v, ref, kind);
    walk_leave(v);
    for (const struct tree_node *m = tree_first(walk_doc(v), node); m != NULL;
         m = tree_next(walk_doc(v), m)) {
        struct str name = tree_key(walk_doc(v), m);
        bool remark = (version_bit(v) & V31_ON) &&
                      (str_eq(name, STR("summary")) || str_eq(name, STR("description")));
        if (m == ref || remark || grammar_extension(name))
            continue;
        if (v->version == OAS_2_0)
            fault_at(v, FAULT_FIELD, m,
                     "nothing may stand beside $ref here: remove \"" SHORT_FMT "\"",
                     SHORT_ARG(name));
        else
            fault_at(v, FAULT_REF_SIBLINGS, m, "\"" SHORT_FMT "\" beside $ref is ignored",
                     SHORT_ARG(name));
    }
    return true;
}

static bool is_right_kind(struct validation *v, const struct object *object,
                          const struct tree_node *node)
{
    enum tree_kind kind = tree_kind_of(node);
    if (kind == TREE_OBJECT)
        return true;
    if (kind != TREE_BOOL || !(object->boolean & version_bit(v)))
        fault_here(v, FAULT_TYPE, "here is %s where a%s %s belongs", kind_words(node),
                   strchr("AEIOU", object->name[0]) ? "n" : "", object->name);
    return false;
}

void walk_object(struct validation *v, enum kind kind, const struct tree_node *node)
{
    const struct tree *doc = walk_doc(v);
    const struct object *object = objects[kind];
    uint8_t *seen = &v->at->kinds[tree_number(doc, node)];
    if (*seen == kind) /* a YAML alias stands here once more */
        return;
    *seen = (uint8_t)kind;
    if (tree_kind_of(node) == TREE_OBJECT && walk_reference(v, object, kind, node))
        return;
    object = grammar_object(kind, v->version, doc, node);
    if (!is_right_kind(v, object, node))
        return;
    for (const struct tree_node *m = tree_first(doc, node); m != NULL; m = tree_next(doc, m))
        walk_member(v, object, m);
    check_required(v, object, node);
    if (object->check != NULL)
        object->check(v, node);
}

/* --- outside -----------------------------------------------------------------------------------
 */

bool oas_validate(struct oas_files *files, const struct oas_validate_options *options,
                  struct err *err)
{
    CLEANUP(arena_clear) struct arena scratch = {0};
    const struct oas_file *root = oas_file_at(files, 0);
    struct validation v = {.files = files, .mem = &scratch};
    if (options != NULL)
        v.options = *options;
    if (!oas_version_of(root->doc, &v.version, err))
        return false;
    v.root_doc = root->doc;
    v.root = tree_root(root->doc);
    v.base = STR("");
    v.top = v.root;
    v.at = walk_file(&v, root->doc);
    walk_object(&v, KIND_DOCUMENT, v.root);
    if (v.options.grammar_only)
        return true;
    references_follow(&v);
    check_operation_ids(&v);
    check_links(&v);
    check_endless(&v);
    examples_judge(&v);
    return true;
}
