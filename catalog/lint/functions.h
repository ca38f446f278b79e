/* Functions of rules; functions.c has the table of their names. */
#ifndef CHANCERY_LINT_FUNCTIONS_H
#define CHANCERY_LINT_FUNCTIONS_H

#include "call.h"
#include "catalog/base/hash.h"

#define FUNCTIONS_PLAIN(X)         \
    X(fn_truthy)                   \
    X(fn_falsy)                    \
    X(fn_defined)                  \
    X(fn_undefined)                \
    X(fn_length)                   \
    X(fn_enumeration)              \
    X(fn_pattern)                  \
    X(fn_casing)                   \
    X(fn_alphabetical)             \
    X(fn_or)                       \
    X(fn_xor)                      \
    X(fn_schema)                   \
    X(fn_unreferenced)             \
    X(fn_typed_enum)               \
    X(fn_oas_schema)               \
    X(fn_oas_example)              \
    X(fn_oas_document_schema)      \
    X(fn_oas_success_response)     \
    X(fn_oas_form_data_consumes)   \
    X(fn_oas_operation_id_unique)  \
    X(fn_oas_operation_parameters) \
    X(fn_oas_tag_defined)          \
    X(fn_oas_path_parameters)      \
    X(fn_oas_discriminator)        \
    X(fn_oas_security_defined)     \
    X(fn_oas_unused_component)     \
    X(fn_oas_reference_siblings)   \
    X(fn_oas_server_variables)     \
    X(fn_oas_unique_tags)          \
    X(fn_owasp_check_security)     \
    X(fn_owasp_admin_security)     \
    X(fn_words)                    \
    X(fn_response_of_code)         \
    X(fn_headers)
#define DECLARE(name) void name(struct call *c);
FUNCTIONS_PLAIN(DECLARE)
#undef DECLARE

#define FUNCTIONS_PREPARED(X) \
    X(prepare_length)         \
    X(prepare_enumeration)    \
    X(prepare_pattern)        \
    X(prepare_casing)         \
    X(prepare_alphabetical)   \
    X(prepare_properties)     \
    X(prepare_schema)         \
    X(prepare_unreferenced)   \
    X(prepare_oas_schema)     \
    X(prepare_oas_example)    \
    X(prepare_oas_version)    \
    X(prepare_servers)        \
    X(prepare_check_security) \
    X(prepare_admin_security) \
    X(prepare_words)          \
    X(prepare_code)           \
    X(prepare_codes)          \
    X(prepare_success)        \
    X(prepare_headers)        \
    X(prepare_forbidden)      \
    X(prepare_name_casing)
#define DECLARE(name) bool name(const struct function_site *site, void **options, struct err *err);
FUNCTIONS_PREPARED(DECLARE)
#undef DECLARE

/* --- walking operations ----------------------------------------------------------------------- */

struct operation {
    struct str path, method;
    const struct str *at; /* path of the operation from the root */
    size_t depth;
    struct jsonpath_spot value; /* as the rule sees it */
};
typedef void each_operation(void *context, const struct operation *operation);
/** Each operation of an object of path items, in the document's order: the methods that Spectral
 *  knows; unless that is what is asked for, `query` and additional ones, too, and those of webhooks
 *  and of path items among the components. */
void operations_each(const struct call *c, struct jsonpath_spot paths, each_operation *each,
                     void *context);
/** Those of one path item. */
void operations_of_item(const struct call *c, struct jsonpath_spot item, const struct str *at,
                        size_t depth, each_operation *each, void *context);
/** Reports below an operation. */
void report_operation(struct call *c, const struct operation *op, const struct str *below,
                      size_t count, struct str message);

/** errors.c: the text of a list that a value comes nearest to, as Spectral suggests it. */
struct str nearest_text(struct str value, const struct tree *doc, const struct tree_node *list,
                        size_t count);

#endif
