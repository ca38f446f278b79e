/* The meta-schemas of JSON Schema itself, compiled in. */
#include "engine.h"

extern const unsigned char schema_meta[];
extern const size_t schema_meta_len;

struct str meta_schemas(void)
{
    return (struct str){(const char *)schema_meta, schema_meta_len};
}
