/* The schemas of a document, for the engine that applies them. */
#include "catalog/openapi/openapi.h"
#include "catalog/schema/schema.h"

/* Paths of files are from the root's folder, as references of the root are. */
static const struct tree *load(void *context, struct str uri)
{
    struct oas_files *files = context;
    return oas_refer(files, oas_file_at(files, 0)->doc, uri, NULL).doc;
}

struct schema_set *oas_schema_set(struct oas_files *files, struct arena *mem)
{
    struct schema_settings settings = {
        .loader = {load, files}
    };
    const struct tree *doc = oas_file_at(files, 0)->doc;
    struct str named = tree_text(doc, tree_get(doc, tree_root(doc), STR("jsonSchemaDialect")));
    enum oas_version version = OAS_UNKNOWN;
    if (!oas_version_of(doc, &version, NULL))
        return NULL;
    settings.dialect = version >= OAS_3_1 ? SCHEMA_2020_12 : SCHEMA_OAS_3_0;
    if (version >= OAS_3_1 && named.ptr != NULL && !schema_dialect_named(named, &settings.dialect))
        return NULL;
    return schema_set_new(mem, &settings);
}

struct schema *oas_schema_at(const struct oas_files *files, struct schema_set *set,
                             struct oas_spot spot)
{
    const struct oas_file *file = oas_file_of(files, spot.doc);
    if (!schema_set_add(set, file->path, spot.doc, SCHEMA_HOLDS_SCHEMAS, NULL))
        return NULL;
    return schema_at(set, spot.doc, spot.node);
}
