/* What the parts of oas_validate share: findings and the walk's state. Only files of this folder
 * and its tests include this. */
#ifndef CHANCERY_OPENAPI_VALIDATE_H
#define CHANCERY_OPENAPI_VALIDATE_H

#include "catalog/base/hash.h"
#include "catalog/schema/schema.h"
#include "grammar.h"
#include "reference.h"

/* --- findings ----------------------------------------------------------------------------------
 */

/* Codes of findings, here once: stable name and severity. Up to FAULT_GRAMMAR_END they are what the
 * grammar of objects says, behind it what the specification asks for besides. */
#define FAULT_CODES(X)                                                        \
    X(FAULT_MISSING, "missing-field", SEVERITY_ERROR)                         \
    X(FAULT_TYPE, "wrong-type", SEVERITY_ERROR)                               \
    X(FAULT_NUMBER, "number-as-text", SEVERITY_ERROR)                         \
    X(FAULT_FIELD, "unknown-field", SEVERITY_ERROR)                           \
    X(FAULT_VALUE, "wrong-value", SEVERITY_ERROR)                             \
    X(FAULT_NAME, "wrong-name", SEVERITY_ERROR)                               \
    X(FAULT_EXCLUSIVE, "exclusive-fields", SEVERITY_ERROR)                    \
    X(FAULT_MISPLACED, "misplaced-field", SEVERITY_ERROR)                     \
    X(FAULT_EMPTY, "empty-value", SEVERITY_ERROR)                             \
    X(FAULT_REPEATED, "repeated-entry", SEVERITY_ERROR)                       \
    X(FAULT_GRAMMAR_END, "", SEVERITY_ERROR)                                  \
    X(FAULT_FORMAT, "wrong-format", SEVERITY_WARN)                            \
    X(FAULT_PATTERN, "wrong-pattern", SEVERITY_WARN)                          \
    X(FAULT_COMPONENT_NAME, "component-name", SEVERITY_ERROR)                 \
    X(FAULT_HEADER_NAME, "header-name", SEVERITY_ERROR)                       \
    X(FAULT_BROKEN_REF, "broken-reference", SEVERITY_ERROR)                   \
    X(FAULT_OUTSIDE_REF, "outside-reference", SEVERITY_INFO)                  \
    X(FAULT_REF_KIND, "reference-kind", SEVERITY_ERROR)                       \
    X(FAULT_REF_SIBLINGS, "ignored-siblings", SEVERITY_WARN)                  \
    X(FAULT_OPERATION_ID, "operation-id-repeated", SEVERITY_ERROR)            \
    X(FAULT_PATH_TWIN, "path-repeated", SEVERITY_ERROR)                       \
    X(FAULT_PATH_FORM, "path-form", SEVERITY_ERROR)                           \
    X(FAULT_PATH_UNDECLARED, "path-parameter-missing", SEVERITY_ERROR)        \
    X(FAULT_PATH_UNUSED, "path-parameter-unused", SEVERITY_ERROR)             \
    X(FAULT_PARAMETER_TWIN, "parameter-repeated", SEVERITY_ERROR)             \
    X(FAULT_BODY_TWIN, "body-repeated", SEVERITY_ERROR)                       \
    X(FAULT_TAG_TWIN, "tag-repeated", SEVERITY_ERROR)                         \
    X(FAULT_TAG_PARENT, "tag-parent", SEVERITY_ERROR)                         \
    X(FAULT_SECURITY, "unknown-security", SEVERITY_WARN)                      \
    X(FAULT_SCOPE, "unknown-scope", SEVERITY_WARN)                            \
    X(FAULT_SCOPES_NOT_EMPTY, "scopes-without-oauth", SEVERITY_ERROR)         \
    X(FAULT_VARIABLE, "server-variable-missing", SEVERITY_ERROR)              \
    X(FAULT_VARIABLE_UNUSED, "server-variable-unused", SEVERITY_WARN)         \
    X(FAULT_VARIABLE_DEFAULT, "server-variable-default", SEVERITY_WARN)       \
    X(FAULT_VARIABLE_DEFAULT_MUST, "server-variable-default", SEVERITY_ERROR) \
    X(FAULT_EXAMPLE, "example-invalid", SEVERITY_WARN)                        \
    X(FAULT_LINK, "link-target", SEVERITY_ERROR)                              \
    X(FAULT_MAPPING, "discriminator-mapping", SEVERITY_ERROR)                 \
    X(FAULT_DISCRIMINATOR, "discriminator-property", SEVERITY_WARN)           \
    X(FAULT_ENDLESS, "endless-schema", SEVERITY_WARN)

#define FAULT_ENUM(name, text, severity) name,
enum fault { FAULT_CODES(FAULT_ENUM) FAULT_COUNT };
#undef FAULT_ENUM

/* --- the walk ----------------------------------------------------------------------------------
 */

struct step {
    const struct tree_node *node;
    uint32_t index; /* in an array */
};

struct reference {
    const struct tree *doc;
    const struct tree_node *ref; /* the text */
    enum kind kind;              /* expected where it leads */
    struct str pointer;          /* made when it was met: the walk moves on */
};

struct example {
    struct oas_spot schema, value;
    struct str pointer;
    enum schema_direction direction;
};

struct named_spot {
    struct str name;
    const struct tree *doc;
    const struct tree_node *node;
    struct str pointer;
};

/** A file being walked: what its nodes are. */
struct visited {
    struct tree *doc;
    uint8_t *kinds;   /* by node number, as expected (public kinds) */
    uint8_t *endless; /* by node number, made when needed: how far the search for circles is */
    const struct item_names **items; /* by node number, made when needed */
};

/** Names of parameters in path that a path item has which others refer to, with what it refers to
 *  itself. */
struct item_names {
    struct text_set shared; /* its own */
    VEC(struct operation_names) operations;
    bool known; /* each parameter was found */
};
struct operation_names {
    struct str field; /* of the path item */
    struct text_set names;
};

/** Names in the template of a path item, and those that its parameters have. */
struct path_names {
    const struct tree_node *item;
    struct text_set template, declared, missing; /* missing: in the one and not the other */
    bool known; /* each parameter was found; else the missing could be any of them */
};

struct validation {
    struct oas_files *files;
    struct arena *mem;
    enum oas_version version;
    struct oas_validate_options options;
    const struct tree_node *root; /* of the root document */
    const struct tree *root_doc;
    struct visited *at;          /* the file of the walk */
    const struct tree_node *top; /* where the walk began */
    struct str base;             /* pointer to it */
    VEC(struct step) path;       /* from there to the value at hand */
    VEC(struct visited *) visited;
    VEC(struct reference) references;
    VEC(struct named_spot) operation_ids;
    VEC(struct named_spot) links; /* operationId of Link Objects */
    VEC(struct example) examples;
    struct path_names path_names; /* of the path item at hand */
};

/** The version as a bit. */
static inline unsigned version_bit(const struct validation *v)
{
    return version_as_bit(v->version);
}

/** Walks a value as an object of that kind. */
void walk_object(struct validation *v, enum kind kind, const struct tree_node *node);
/** Goes down to a member or element (index) and up again. */
void walk_enter(struct validation *v, const struct tree_node *member, uint32_t index);
void walk_leave(struct validation *v);
const struct tree *walk_doc(const struct validation *v);
/** The name of the member that the walk stands in, levels above; absent for elements. */
struct str walk_name(const struct validation *v, size_t levels);
size_t walk_depth(const struct validation *v);
/** The file's table of kinds; made when asked for first. */
struct visited *walk_file(struct validation *v, const struct tree *doc);

/** Judges a field's value by its form. */
void check_field(struct validation *v, const struct field *field, const struct tree_node *value);
/** Whether a list like "form simple" has the word. */
bool has_word(const char *words, struct str text);
/** What a value is, for people: "a number". */
const char *kind_words(const struct tree_node *node);

/** A finding at the value that the walk stands in, at a member of it, or at one that is missing. */
void fault_here(struct validation *v, enum fault fault, const char *format, ...) PRINTF_LIKE(3, 4);
void fault_at(struct validation *v, enum fault fault, const struct tree_node *member,
              const char *format, ...) PRINTF_LIKE(4, 5);
void fault_missing(struct validation *v, const char *name, const char *format, ...)
    PRINTF_LIKE(3, 4);
/** A finding anywhere. */
void fault_spot(struct validation *v, enum fault fault, const struct tree *doc,
                const struct tree_node *node, struct str pointer, const char *format, ...)
    PRINTF_LIKE(6, 7);
/** Pointer to the value that the walk stands in. */
struct str walk_pointer(struct validation *v);
/** Cut for messages. */
#define SHORT_FMT    "%.*s"
#define SHORT_ARG(s) ((int)((s).len < 80 ? (s).len : 80)), ((s).ptr ? (s).ptr : "")

/** The value itself, or what its $ref leads to in the end; node NULL: nowhere. */
struct oas_spot spot_follow(struct validation *v, const struct tree *doc,
                            const struct tree_node *node);

/** Remembers a reference, to be followed when all is walked. */
void reference_add(struct validation *v, const struct tree_node *ref, enum kind kind);
void references_follow(struct validation *v);
/** The pointer to a target, as its reference has it; "" when that names it otherwise. */
struct str reference_pointer(struct validation *v, struct str text);

/* Rules, by object. */
void check_document(struct validation *v, const struct tree_node *node);
void check_license(struct validation *v, const struct tree_node *node);
void check_server(struct validation *v, const struct tree_node *node);
void check_server_variable(struct validation *v, const struct tree_node *node);
void check_paths(struct validation *v, const struct tree_node *node);
void check_path_item(struct validation *v, const struct tree_node *node);
void check_operation(struct validation *v, const struct tree_node *node);
void check_parameter(struct validation *v, const struct tree_node *node);
void check_parameter_2(struct validation *v, const struct tree_node *node);
void check_header(struct validation *v, const struct tree_node *node);
void check_media_type(struct validation *v, const struct tree_node *node);
void check_encoding(struct validation *v, const struct tree_node *node);
void check_responses(struct validation *v, const struct tree_node *node);
void check_example(struct validation *v, const struct tree_node *node);
void check_link(struct validation *v, const struct tree_node *node);
void check_schema(struct validation *v, const struct tree_node *node);
void check_discriminator(struct validation *v, const struct tree_node *node);
void check_xml(struct validation *v, const struct tree_node *node);
void check_scheme_http(struct validation *v, const struct tree_node *node);
void check_requirement(struct validation *v, const struct tree_node *node);
void check_response_2(struct validation *v, const struct tree_node *node);
/** When all is walked: what needs everything. */
void check_operation_ids(struct validation *v);
void check_links(struct validation *v);
void check_endless(struct validation *v);
/** Fields of which at most one may be there. */
void check_exclusive(struct validation *v, const struct tree_node *node, const char *one,
                     const char *other);
/** Parameters of an operation or path item: twins, query and querystring. */
void check_parameter_list(struct validation *v, const struct tree_node *holder);
/** Gathers examples beside a schema, and those of a schema itself; judged in the end. */
void check_examples(struct validation *v, const struct tree_node *holder);
void check_schema_examples(struct validation *v, const struct tree_node *schema);
void examples_judge(struct validation *v);

/** The names in braces, each once: "/a/{b}" has b. */
struct text_set template_names(struct arena *mem, struct str template);
void named_sort(struct named_spot *spots, size_t count);
/** Among sorted ones. */
const struct named_spot *named_find(const struct named_spot *spots, size_t count, struct str name);

#endif
